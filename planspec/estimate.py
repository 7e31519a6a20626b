"""What does a month cost, part by part?

The shape of an estimate: components with a quantity, a price and a bucket; resources before and after
the change; totals that say what they do not know. Money is US dollars as Decimal, never rounded but
for display. Making one is the job of `planspec.cost`.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

HOURS: Final = Decimal(730)
"""Hours of a month: 8,760 of a year by twelve, as AWS's own calculator reckons."""

CENT: Final = Decimal("0.01")
NOTHING: Final = Decimal(0)


class Read(Protocol):
    """A place of the plan that a figure was read from."""

    @property
    def path(self) -> str:
        """Where it stands in its resource."""

    @property
    def shown(self) -> str:
        """What stands there, as it may be shown."""

    @property
    def reading(self) -> object:
        """Whether it is known, and then what it is."""


class Bucket(StrEnum):
    """What decides a component: the plan alone, autoscaling within its limits, or use."""

    FIXED = "fixed"
    RANGE = "range"
    USAGE = "usage"


class Price(NamedTuple):
    """One price of the catalogue: US dollars for one `unit` in a region, and where it stands."""

    key: str
    region: str
    usd: Decimal
    unit: str
    as_of: date
    confidence: str
    source: str
    sku: str = ""
    up_to: Decimal | None = None


class Band(NamedTuple):
    """Between which two amounts a cost lies, in US dollars a month: prices of Spot move."""

    low: Decimal
    high: Decimal

    def plus(self, other: "Band") -> "Band":
        """Both together."""
        return Band(self.low + other.low, self.high + other.high)


NO_COST: Final = Band(NOTHING, NOTHING)


class Component(NamedTuple):
    """One line of a bill.

    `quantity` counts units of the price in a month. Between `quantity` and `most` autoscaling, or
    growth, decides. `least_share` is the share of the price that is surely paid (Spot). A component
    without a cost says why in `unknown`; one that only depends on use says nothing there.
    """

    name: str
    bucket: Bucket
    unit: str
    quantity: Decimal | None
    price: Price | None
    most: Decimal | None = None
    least_share: Decimal = Decimal(1)
    unknown: str = ""

    @property
    def monthly_cost(self) -> Decimal | None:
        """US dollars a month at the least; None if it is not known."""
        if self.unknown or self.quantity is None or self.price is None:
            return None
        return self.quantity * self.price.usd * self.least_share

    @property
    def most_monthly_cost(self) -> Decimal | None:
        """US dollars a month at the most."""
        if self.unknown or self.quantity is None or self.price is None:
            return None
        return (self.quantity if self.most is None else self.most) * self.price.usd

    @property
    def bands(self) -> "tuple[Band, Band] | None":
        """US dollars a month at the smallest scale and at the largest, each between two prices."""
        if self.unknown or self.quantity is None or self.price is None:
            return None
        small = self.quantity * self.price.usd
        large = (self.quantity if self.most is None else self.most) * self.price.usd
        return Band(small * self.least_share, small), Band(large * self.least_share, large)


class Unknown(NamedTuple):
    """What has no figure: whose, which component, and why."""

    address: str
    component: str
    reason: str

    def __str__(self) -> str:
        return f"{self.address}, {self.component}: {self.reason}"


class Totals(NamedTuple):
    """The sums of one side of the change, in US dollars a month, and what is missing in them."""

    fixed: Decimal = NOTHING
    range_least: Decimal = NOTHING
    range_most: Decimal = NOTHING
    usage: Decimal = NOTHING
    unknown: tuple[Unknown, ...] = ()
    usage_open: int = 0
    small: Band = NO_COST
    large: Band = NO_COST

    @property
    def least(self) -> Decimal:
        """What is surely paid, with everything at its smallest."""
        return self.fixed + self.range_least + self.usage

    @property
    def most(self) -> Decimal:
        """What is paid with everything at its largest, as far as it is known."""
        return self.fixed + self.range_most + self.usage

    @property
    def complete(self) -> bool:
        """Whether every component that does not only depend on use has a figure."""
        return not self.unknown


class ResourceCost(NamedTuple):
    """What one resource costs before and after the change, and what was taken for granted."""

    address: str
    type: str
    region: str
    action: str
    before: tuple[Component, ...] = ()
    after: tuple[Component, ...] = ()
    assumptions: tuple[str, ...] = ()
    inputs: tuple[Read, ...] = ()

    def totals(self, *, before: bool = False) -> Totals:
        """The sums of this resource on one side."""
        return total([(self.address, self.before if before else self.after)])


class NotPriced(NamedTuple):
    """Resources of a type that planspec has no prices for: their addresses on each side."""

    type: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class Quotes(Protocol):
    """Whoever knows what one unit costs: the catalogue."""

    def price(self, key: str, region: str) -> Price | None:
        """The price of a key in a region; None if nobody has told it."""


class Estimate(NamedTuple):
    """The whole estimate of one plan, and which prices it was made with."""

    resources: tuple[ResourceCost, ...]
    not_priced: tuple[NotPriced, ...]
    free: int
    today: date
    compiled: date
    stale: str
    overrides: tuple[str, ...] = ()
    usage_notes: tuple[str, ...] = ()
    quotes: Quotes | None = None

    def totals(self, *, before: bool = False) -> Totals:
        """The sums of one side; a type without prices is unknown, never nothing."""
        costs = ((each.address, each.before if before else each.after) for each in self.resources)
        sums = total(costs)
        missing = tuple(
            Unknown(
                some[0], "everything", f"no prices for {each.type} ({plural(len(some), 'resource')})"
            )
            for each in self.not_priced
            if (some := each.before if before else each.after)
        )
        return sums._replace(unknown=(*sums.unknown, *missing))

    @property
    def difference(self) -> Decimal:
        """What the change adds to a month, in US dollars, at the least of both sides."""
        return self.totals().least - self.totals(before=True).least

    @property
    def used_prices(self) -> tuple[Price, ...]:
        """The prices that the figures rest on, each once."""
        found = {
            (component.price.key, component.price.region): component.price
            for resource in self.resources
            for component in (*resource.before, *resource.after)
            if component.price is not None and component.monthly_cost is not None
        }
        return tuple(found.values())


def total(costs: Iterable[tuple[str, Sequence[Component]]]) -> Totals:
    """Add up components, each list with the address that it belongs to."""
    fixed = least = most = usage = NOTHING
    unknown: list[Unknown] = []
    usage_open = 0
    small = large = NO_COST
    for address, components in costs:
        for component in components:
            bands = component.bands
            if bands is None:
                if component.unknown:
                    unknown.append(Unknown(address, component.name, component.unknown))
                else:
                    usage_open += 1
                continue
            small, large = small.plus(bands[0]), large.plus(bands[1])
            if component.bucket is Bucket.USAGE:
                usage += bands[0].low
            elif component.bucket is Bucket.RANGE:
                least, most = least + bands[0].low, most + bands[1].high
            else:
                fixed += bands[0].low
    return Totals(fixed, least, most, usage, tuple(unknown), usage_open, small, large)


def cents(amount: Decimal) -> Decimal:
    """Round to cents, half up: for display only."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def usd(amount: Decimal) -> str:
    """Write an amount for people."""
    return f"{cents(amount):,}"


def plural(number: int, word: str) -> str:
    """Write how many of something there are."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def say(totals: Totals) -> str:
    """Write one side in a line: "at least" where something is missing, a range where it moves."""
    amount = f"{usd(totals.least)}"
    if totals.most != totals.least:
        amount += f" to {usd(totals.most)}"
    if totals.complete:
        return f"{amount} USD a month"
    some = "; ".join(map(str, totals.unknown[:2]))
    rest = len(totals.unknown) - 2
    more = f"; and {rest} more" if rest > 0 else ""
    return f"at least {amount} USD a month; unknown: {some}{more}"
