"""Which findings are waived, until when, and for which value?"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from planspec.finding import Finding, Judgement, Verdict, fingerprint_of_value
from planspec.wildcards import fits

SOON: Final = timedelta(days=14)
"""How long before its last day a waiver warns."""

# Two addresses that have nothing in common but the provider.
_UNRELATED: Final = ("aws_db_instance.q7", "aws_s3_bucket.z3")
Text = Annotated[str, msgspec.Meta(min_length=1, pattern=r"\S")]
Standing = Literal["in force", "ends soon", "expired", "not begun", "reopened"]
COVERS: Final = ("in force", "ends soon")


def _name(text: str) -> str:
    """A name without what the eye does not see: case, spaces, and letters of no width."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in plain if each.isalnum())


class Waiver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An accepted departure: a requirement or Checkov check, an address, and who answers for it.

    `*` in the address stands for any text; everything else is taken literally. `observed` is the
    fingerprint of the value that was accepted: another value is another decision.
    """

    requirement: Text
    address: Text
    reason: Text
    owner: Text
    approver: Text
    created: date
    expires: date
    ticket: str = ""
    observed: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{32})?$")] = ""

    def __str__(self) -> str:
        return f"{self.requirement} for {self.address} (expires {self.expires})"

    def concerns(self, requirement: str) -> bool:
        """Whether it is about this requirement, or about the one that this scenario belongs to."""
        return requirement == self.requirement or requirement.startswith(f"{self.requirement}.")

    def covers(self, requirement: str, address: str) -> bool:
        """Whether it is about this requirement (or one scenario of it) and this address."""
        return self.concerns(requirement) and fits(self.address, address)

    @property
    def approved_by_owner(self) -> bool:
        """Whether owner and approver are one, however the name is spelt."""
        return _name(self.owner) == _name(self.approver)

    @property
    def for_any_address(self) -> bool:
        """Whether it covers resources of any type and name: `*`, `*.*`, `aws_*`."""
        return all(fits(self.address, each) for each in _UNRELATED) or not any(
            each.isalnum() for each in self.address
        )

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return today > self.expires

    def standing(self, today: date, observed: str | None = None) -> Standing:
        """How it stands on this day, for a finding with this observation if there is one."""
        if self.expired(today):
            return "expired"
        if today < self.created:
            return "not begun"
        if observed is not None and self.observed and self.observed != fingerprint_of_value(observed):
            return "reopened"
        return "ends soon" if self.expires - today < SOON else "in force"


class Waived(list[tuple[Finding, Waiver | None, Standing | None]]):
    """The findings of a judgement, each with the waiver that is about it and how that stands."""

    @property
    def used(self) -> tuple[Waiver, ...]:
        """The waivers that cover a finding, each once."""
        found = (waiver for _, waiver, standing in self if standing in COVERS and waiver)
        return tuple(dict.fromkeys(found))


def applied(
    findings: Iterable[Finding],
    requirement: str,
    waivers: Sequence[Waiver],
    today: date,
    shown: Callable[[str], str] = str,
) -> Waived:
    """Return the findings, those that a waiver covers marked as waived.

    A waiver that is expired, not yet begun, or bound to another value covers nothing, and is named
    beside the finding. A finding keeps its text, so that it stays visible. `shown` hides the secrets of
    a text: who writes a waiver sees the address and the observation without them.
    """
    concerned = [each for each in waivers if each.concerns(requirement)]
    found = Waived()
    for finding in findings:
        waiver, standing = _best(finding, requirement, concerned, today, shown)
        waived = finding._replace(verdict=Verdict.WAIVED) if standing in COVERS else finding
        found.append((waived, waiver, standing))
    return found


def _best(
    finding: Finding,
    requirement: str,
    waivers: Sequence[Waiver],
    today: date,
    shown: Callable[[str], str],
) -> tuple[Waiver | None, Standing | None]:
    """The first waiver that covers the finding, else the first that would on another day or value."""
    if not waivers:
        return None, None
    addresses = dict.fromkeys((finding.address, shown(finding.address)))
    observed = shown(finding.observed)
    about = [
        (each, each.standing(today, observed))
        for each in waivers
        if any(each.covers(requirement, address) for address in addresses)
    ]
    covering = [pair for pair in about if pair[1] in COVERS]
    return next(iter([*covering, *about]), (None, None))


def waive(
    judgement: Judgement,
    requirement: str,
    waivers: Sequence[Waiver],
    today: date,
    shown: Callable[[str], str] = str,
) -> tuple[Judgement, tuple[Waiver, ...]]:
    """Return the judgement with covered findings marked as waived, and the waivers that were used."""
    found = applied(judgement.findings, requirement, waivers, today, shown)
    return judgement._replace(findings=tuple(each for each, _, _ in found)), found.used
