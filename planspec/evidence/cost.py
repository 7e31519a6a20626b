"""The cost section of the evidence record: an estimate in plain words and decimal strings.

Amounts are texts of US dollars a month, unrounded ("105.850"); `null` is unknown, never nothing.

    cost.before, cost.after    the sums of both sides: fixed, range (least and most), usage; `least` and
                               `most` add them up; `complete` is false where something is `unknown`
    cost.difference_usd        after less before, both at their least; `difference_complete` says
                               whether both sides are whole: only then is it a saving or an increase
    cost.resources[]           one for each priced resource: action, before and after, components; empty
                               in a record that is not whole
    cost.groups[]              the bar chart: label, before_usd, after_usd, after_most_usd
    cost.not_priced[]          types that planspec has no prices for
    cost.stale, cost.prices    how old the catalogue is; when it was compiled, the dates of its prices
"""

from datetime import date
from decimal import Decimal

import msgspec

from planspec.estimate import HOURS, Bucket, Component, Estimate, ResourceCost, Totals, say, usd
from planspec.evidence.cost_groups import bars


class _Record(msgspec.Struct, frozen=True, omit_defaults=False):
    """A part of the section; written as JSON in the order of its fields."""


class PriceRecord(_Record, frozen=True):
    """The price that a component was reckoned with, and where it stands."""

    key: str
    region: str
    usd: str
    unit: str
    as_of: date
    confidence: str
    source: str
    sku: str


class ComponentRecord(_Record, frozen=True):
    """One line of the bill. `bucket` is fixed, range or usage; `unknown` says why there is no figure."""

    name: str
    bucket: str
    quantity: str | None
    most_quantity: str | None
    unit: str
    price: PriceRecord | None
    monthly_usd: str | None
    most_monthly_usd: str | None
    unknown: str


class ResourceCostRecord(_Record, frozen=True):
    """One resource: what happens to it, its sums (as far as they are known), and its components."""

    address: str
    type: str
    region: str
    action: str
    before_usd: str
    after_usd: str
    after_most_usd: str
    difference_usd: str
    complete: bool
    before: list[ComponentRecord]
    after: list[ComponentRecord]
    assumptions: list[str]


class TotalsRecord(_Record, frozen=True):
    """The sums of one side; `said` is the whole of it in one line."""

    fixed_usd: str
    range_least_usd: str
    range_most_usd: str
    usage_usd: str
    least_usd: str
    most_usd: str
    complete: bool
    unknown: list[str]
    usage_not_declared: int
    said: str


class GroupRecord(_Record, frozen=True):
    """One bar of the chart: everything of a kind, before and after."""

    label: str
    before_usd: str
    after_usd: str
    after_most_usd: str


class NotPricedRecord(_Record, frozen=True):
    """Resources of a type without prices."""

    type: str
    before: int
    after: int


class PricesRecord(_Record, frozen=True):
    """Which catalogue was used: compiled when, and from when its prices are that were used."""

    compiled: date
    oldest: date | None
    newest: date | None
    low_confidence: list[str]
    overrides: list[str]


class CostRecord(_Record, frozen=True):
    """What the plan costs, before and after."""

    currency: str
    hours_per_month: str
    as_of: date
    stale: str
    prices: PricesRecord
    before: TotalsRecord
    after: TotalsRecord
    difference_usd: str
    difference_complete: bool
    groups: list[GroupRecord]
    resources: list[ResourceCostRecord]
    not_priced: list[NotPricedRecord]
    free_resources: int
    notes: list[str]


def of_run(found: Estimate, *, whole: bool) -> CostRecord | None:
    """The section of a run; None where nothing costs. The resources only where the record is whole."""
    if not found.resources and not found.not_priced:
        return None
    return record(found, whole=whole)


def record(found: Estimate, *, whole: bool = True) -> CostRecord:
    """Write an estimate down; one that is not `whole` leaves out the resources."""
    before, after = found.totals(before=True), found.totals()
    prices = found.used_prices
    dates = [price.as_of for price in prices]
    low = sorted({price.key for price in prices if price.confidence == "low"})
    return CostRecord(
        currency="USD",
        hours_per_month=str(HOURS),
        as_of=found.today,
        stale=found.stale,
        prices=PricesRecord(
            found.compiled,
            min(dates, default=None),
            max(dates, default=None),
            low,
            list(found.overrides),
        ),
        before=_totals(before),
        after=_totals(after),
        difference_usd=_text(after.least - before.least),
        difference_complete=before.complete and after.complete,
        groups=[GroupRecord(label, *map(_text, sums)) for label, *sums in bars(found.resources)],
        resources=[_resource(each) for each in found.resources] if whole else [],
        not_priced=[
            NotPricedRecord(each.type, len(each.before), len(each.after)) for each in found.not_priced
        ],
        free_resources=found.free,
        notes=list(found.usage_notes),
    )


def _resource(cost: ResourceCost) -> ResourceCostRecord:
    before, after = cost.totals(before=True), cost.totals()
    return ResourceCostRecord(
        cost.address,
        cost.type,
        cost.region,
        cost.action,
        _text(before.least),
        _text(after.least),
        _text(after.most),
        _text(after.least - before.least),
        before.complete and after.complete,
        [_component(each) for each in cost.before],
        [_component(each) for each in cost.after],
        list(cost.assumptions),
    )


def _component(component: Component) -> ComponentRecord:
    price = component.price
    told = price and PriceRecord(
        price.key,
        price.region,
        _text(price.usd),
        price.unit,
        price.as_of,
        price.confidence,
        price.source,
        price.sku,
    )
    return ComponentRecord(
        component.name,
        component.bucket.value,
        _maybe(component.quantity),
        _maybe(component.most) if component.bucket is Bucket.RANGE else None,
        component.unit,
        told,
        _maybe(component.monthly_cost),
        _maybe(component.most_monthly_cost),
        component.unknown,
    )


def _totals(totals: Totals) -> TotalsRecord:
    return TotalsRecord(
        _text(totals.fixed),
        _text(totals.range_least),
        _text(totals.range_most),
        _text(totals.usage),
        _text(totals.least),
        _text(totals.most),
        totals.complete,
        [str(each) for each in totals.unknown],
        totals.usage_open,
        say(totals),
    )


def encode(cost: CostRecord) -> bytes:
    """Write the section as JSON, indented, with a line end."""
    return msgspec.json.format(msgspec.json.encode(cost), indent=2) + b"\n"


def _text(amount: Decimal) -> str:
    return f"{amount:f}"


def _maybe(amount: Decimal | None) -> str | None:
    return None if amount is None else _text(amount)


def said(totals: TotalsRecord) -> str:
    """The sum for people, rounded to cents: "at least" where something is missing."""
    amount = usd(Decimal(totals.least_usd))
    if totals.most_usd != totals.least_usd:
        amount += f" to {usd(Decimal(totals.most_usd))}"
    return amount if totals.complete else f"at least {amount}"
