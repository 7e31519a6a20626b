"""The coverage section of the evidence record: who looked at which attribute of which resource?

What Checkov's checks looked at stands beside what the requirements read, and never counts for it: it is
in no `read`, no `selected`, no `unseen` and no share.
"""

from typing import Literal

import msgspec

Looks = Literal["read", "selected", "unseen"]
"""What the requirements did: read it, examined its resource without reading it, neither."""


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the section; written as JSON in the order of its fields."""


class AttributeCoverage(_Record, frozen=True, kw_only=True):
    """One attribute of a resource: whether a requirement looked, and which scenarios read it."""

    name: str
    looked: Looks
    scenarios: list[str] = []


class ResourceCoverage(_Record, frozen=True, kw_only=True):
    """One resource instance: the scenarios that examined it, its attributes, and what Checkov did.

    `checkov` is how many of Checkov's checks judged it, null where Checkov did not run. `checkov_read`
    names, of `attributes`, those that its checks say they looked at, each with the checks;
    `checkov_silent` of the checks do not say what they looked at.
    """

    address: str
    type: str
    module: str
    scenarios: list[str]
    attributes: list[AttributeCoverage]
    checkov: int | None = None
    checkov_read: dict[str, list[str]] = {}
    checkov_silent: int = 0


class Total(_Record, frozen=True, kw_only=True):
    """Attributes of a type, of a module, of a control, or of everything.

    `checkov` of the attributes were looked at by a check of Checkov, and `checkov_only` of these were
    read by no requirement. Null where Checkov did not run, and for a control.
    """

    name: str
    resources: int
    attributes: int
    read: int
    selected: int
    unseen: int
    checkov: int | None = None
    checkov_only: int | None = None

    @property
    def percent(self) -> float:
        """The share of attributes that a requirement read."""
        return round(100 * self.read / self.attributes, 1) if self.attributes else 100.0


class CheckovCoverage(_Record, frozen=True, kw_only=True):
    """Checkov as a whole: each check counts once for each resource.

    `missing` says why it did not run; `silent` of the `verdicts` came from checks that do not say what
    they looked at.
    """

    version: str = ""
    missing: str = ""
    verdicts: int = 0
    silent: int = 0


class Coverage(_Record, frozen=True, kw_only=True):
    """The coverage of one plan. `controls` counts the attributes read for each control."""

    total: Total
    percent: float
    types: list[Total]
    modules: list[Total]
    controls: list[Total]
    resources: list[ResourceCoverage]
    checkov: CheckovCoverage = CheckovCoverage()
