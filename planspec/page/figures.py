"""How are cost and coverage drawn: which bars, how long, and which words beside them?"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from planspec.cost_record import CostRecord, ResourceCostRecord

FULL: Final = 1_000
"""The length of the longest bar."""
MOST_NAMES: Final = 12


class Bar(NamedTuple):
    """One line of a chart: what it costs before and after, and how long its bars are."""

    label: str
    before: str
    after: str
    before_length: int
    after_length: int
    most_length: int


class Share(NamedTuple):
    """One line of the coverage: how many attributes were read, only selected, or seen by nobody."""

    name: str
    resources: int
    attributes: int
    read: int
    selected: int
    unseen: int

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


def shares(coverage: Mapping[str, Any], kind: str) -> list[Share]:
    """The lines of one table of the coverage: of types, modules or controls."""
    return [
        Share(**{name: each[name] for name in Share._fields}) for each in coverage.get(kind, []) if each
    ]


def whole(coverage: Mapping[str, Any]) -> Share:
    """The coverage of everything."""
    return Share(**{name: coverage["total"][name] for name in Share._fields})


def covered(coverage: Mapping[str, Any] | None) -> dict[str, str]:
    """For each address, which of its attributes were read and which nobody looked at."""
    if not coverage:
        return {}
    return {each["address"]: _covered(each["attributes"]) for each in coverage["resources"]}


def _covered(attributes: Sequence[Mapping[str, Any]]) -> str:
    named: dict[str, list[str]] = {"read": [], "selected": [], "unseen": []}
    for each in attributes:
        named[each["looked"]].append(each["name"])
    said = f"{len(named['read'])} of {len(attributes)} attributes read"
    rest = [*named["selected"], *named["unseen"]]
    if not rest:
        return said
    more = f" and {len(rest) - MOST_NAMES} more" if len(rest) > MOST_NAMES else ""
    return f"{said}; not read: {', '.join(sorted(rest)[:MOST_NAMES])}{more}"
