"""How are cost and coverage drawn: which bars, how long, and which words next to them?"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from planspec.evidence import CostRecord, Coverage, ResourceCostRecord, ResourceCoverage, Total

FULL: Final = 1_000
"""The length of the longest bar."""


class Bar(NamedTuple):
    """One line of a chart: what it costs before and after, and how long its bars are."""

    label: str
    before: str
    after: str
    before_length: int
    after_length: int
    most_length: int


class Share(NamedTuple):
    """One line of the coverage: how many attributes were read, only selected, or seen by nobody.

    What Checkov looked at is no part of it: two numbers beside it, None where it did not run.
    """

    name: str
    resources: int
    attributes: int
    read: int
    selected: int
    unseen: int
    checkov: int | None
    checkov_only: int | None

    @property
    def percent(self) -> str:
        """The share that was read."""
        return f"{100 * self.read / self.attributes:.0f} %" if self.attributes else "-"

    @property
    def lengths(self) -> tuple[int, int, int]:
        """The parts of a full bar: read, selected, unseen."""
        whole = self.attributes or 1
        read, selected = round(FULL * self.read / whole), round(FULL * self.selected / whole)
        return read, selected, max(0, FULL - read - selected) if self.attributes else 0


class Covered(NamedTuple):
    """Who looked at which attributes of one resource: one line, and the names by who it was."""

    said: str
    both: str
    requirement: str
    checkov: str
    nobody: str


NOT_COVERED: Final = Covered("", "", "", "", "")


def usd(amount: str) -> str:
    """An amount with two digits; a tenth of a cent and less is no nothing."""
    value = Decimal(amount)
    return f"{value:,.2f}" if abs(value) >= Decimal("0.005") or not value else f"{value.normalize():f}"


def span(least: str, most: str) -> str:
    """An amount, or from where to where it goes."""
    return usd(least) if Decimal(least) == Decimal(most) else f"{usd(least)} to {usd(most)}"


def chart(cost: CostRecord) -> list[Bar]:
    """A line for each kind of component, as long as it is among the most expensive."""
    amounts = [
        Decimal(amount)
        for each in cost.groups
        for amount in (each.before_usd, each.after_usd, each.after_most_usd)
    ]
    largest = max(amounts, default=Decimal(0))

    def length(amount: str) -> int:
        return round(FULL * Decimal(amount) / largest) if largest > 0 else 0

    return [
        Bar(
            each.label,
            usd(each.before_usd),
            span(each.after_usd, each.after_most_usd),
            length(each.before_usd),
            length(each.after_usd),
            length(each.after_most_usd),
        )
        for each in cost.groups
    ]


def dearest(cost: CostRecord) -> Sequence[ResourceCostRecord]:
    """The priced resources, the most expensive first."""
    return sorted(
        cost.resources,
        key=lambda each: (-max(Decimal(each.before_usd), Decimal(each.after_most_usd)), each.address),
    )


def shares(totals: Sequence[Total]) -> list[Share]:
    """The lines of one table of the coverage: of types, modules or controls."""
    return [share(each) for each in totals]


def share(total: Total) -> Share:
    """One line of the coverage."""
    return Share(*(getattr(total, name) for name in Share._fields))


def covered(coverage: Coverage | None) -> dict[str, Covered]:
    """For each address, who looked at which of its attributes."""
    if not coverage:
        return {}
    return {each.address: _covered(each) for each in coverage.resources}


def _covered(resource: ResourceCoverage) -> Covered:
    named: dict[tuple[bool, bool], list[str]] = {}
    for each in resource.attributes:
        looks = (each.looked == "read", each.name in resource.checkov_read)
        named.setdefault(looks, []).append(each.name)
    read = sum(each.looked == "read" for each in resource.attributes)
    said = f"{read} of {len(resource.attributes)} attributes read"
    if resource.checkov is not None:
        said += f"; {resource.checkov} checks of Checkov judged it"
    if resource.checkov_silent:
        said += f", {resource.checkov_silent} without naming an attribute"
    places = ((True, True), (True, False), (False, True), (False, False))
    return Covered(said, *(", ".join(named.get(each, ())) for each in places))
