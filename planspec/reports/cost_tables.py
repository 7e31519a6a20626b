"""What does the cost section read like in Markdown, and how long are its bars?

Made from the section alone (`cost_record`), for reports, for `planspec cost` and for the pages of
this repository.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from planspec.estimate import Bucket, plural, usd
from planspec.evidence import (
    ComponentRecord,
    CostRecord,
    GroupRecord,
    ResourceCostRecord,
    TotalsRecord,
    said,
)
from planspec.source import without_keys

WIDEST: Final = 24
FULL: Final = "█"
HALF: Final = "▌"
UNKNOWN: Final = "unknown"
DECLARED: Final = "declared in usage.toml"
COUNTED: Final = frozenset(
    {"alarm", "certificate", "dashboard", "key", "metric", "month", "rule", "secret", "zone"}
)


def bar(amount: Decimal, largest: Decimal, width: int = WIDEST) -> str:
    """A bar of blocks, as long as the amount is among the largest; what is not nothing shows."""
    if amount <= 0 or largest <= 0:
        return ""
    halves = max(1, round(amount / largest * width * 2))
    return FULL * (halves // 2) + HALF * (halves % 2)


def largest(groups: Sequence[GroupRecord]) -> Decimal:
    """The longest bar of a chart."""
    amounts = (Decimal(each) for group in groups for each in (group.before_usd, group.after_usd))
    return max(amounts, default=Decimal(0))


def change(cost: CostRecord) -> str:
    """What the change adds or saves in a month; said only as far as both sides are known."""
    amount = Decimal(cost.difference_usd)
    text = f"{'+' if amount >= 0 else '-'}{usd(abs(amount))} USD a month"
    return text if cost.difference_complete else f"{text} as far as it is known"


class Line(NamedTuple):
    """One component of a resource, or of several from one block: how much of it, before and after."""

    name: str
    quantity: str
    before: str
    after: str
    unknown: bool


class Item(NamedTuple):
    """A resource, or the instances of one block that cost alike, with its components."""

    title: str
    action: str
    region: str
    lines: tuple[Line, ...]
    assumptions: tuple[str, ...]


def items(cost: CostRecord) -> list[Item]:
    """What has a figure, or should have one; instances of one block together."""
    alike: dict[tuple[str, str, str, tuple[str, ...]], list[ResourceCostRecord]] = {}
    for each in cost.resources:
        names = tuple(dict.fromkeys(one.name for one in (*paid(each.before), *paid(each.after))))
        if names:
            alike.setdefault((without_keys(each.address), each.action, each.region, names), []).append(
                each
            )
    return [_item(action, region, names, some) for (_, action, region, names), some in alike.items()]


def declared_use(item: Item) -> tuple[str, ...]:
    """What was taken for granted of use: it moves the total, so it is always shown."""
    return tuple(note for note in item.assumptions if DECLARED in note)


def _item(action: str, region: str, names: tuple[str, ...], some: Sequence[ResourceCostRecord]) -> Item:
    first = some[0]
    title = first.address if len(some) == 1 else f"{without_keys(first.address)} ({len(some)})"
    lines = tuple(
        _line(
            name,
            _named(name, [each.before for each in some]),
            _named(name, [each.after for each in some]),
        )
        for name in names
    )
    assumptions = dict.fromkeys(text for each in some for text in each.assumptions)
    return Item(title, action, region, lines, tuple(assumptions))


def _named(name: str, sides: Sequence[Sequence[ComponentRecord]]) -> list[ComponentRecord]:
    return [each for side in sides for each in paid(side) if each.name == name]


def _line(name: str, before: Sequence[ComponentRecord], after: Sequence[ComponentRecord]) -> Line:
    unknown = any(each.unknown for each in (*before, *after))
    return Line(name, quantity(after or before), amount(before), amount(after), unknown)


def amount(components: Sequence[ComponentRecord]) -> str:
    """What components cost together, rounded to cents; a range where it moves."""
    if not components:
        return ""
    if any(each.unknown for each in components):
        return UNKNOWN
    least = sum((Decimal(each.monthly_usd or 0) for each in components), Decimal(0))
    most = sum((Decimal(each.most_monthly_usd or 0) for each in components), Decimal(0))
    return usd(least) if least == most else f"{usd(least)} to {usd(most)}"


def quantity(components: Sequence[ComponentRecord]) -> str:
    """How much of it, in units of a month."""
    known = [each for each in components if each.quantity is not None]
    if not known or len(known) < len(components):
        return ""
    least = sum((Decimal(each.quantity or 0) for each in known), Decimal(0))
    most = sum((Decimal(each.most_quantity or each.quantity or 0) for each in known), Decimal(0))
    figure = _figure(least) if least == most else f"{_figure(least)} to {_figure(most)}"
    unit = known[0].unit
    return f"{figure} {unit}s" if unit in COUNTED and most != 1 else f"{figure} {unit}"


def _figure(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def asks(component: ComponentRecord) -> str:
    """What a component that depends on use costs for each unit."""
    price = component.price
    return f"{component.name} ({price.usd} USD per {price.unit})" if price else component.name


def paid(components: Sequence[ComponentRecord]) -> list[ComponentRecord]:
    """Components that have a figure, or should have one and do not."""
    return [each for each in components if each.monthly_usd is not None or each.unknown]


def left_to_use(cost: CostRecord) -> list[tuple[str, str]]:
    """What depends on use and is not declared: the component with its price, and how many have it."""
    found: dict[str, int] = {}
    for resource in cost.resources:
        for each in resource.after:
            if each.bucket == Bucket.USAGE and each.monthly_usd is None and not each.unknown:
                found[asks(each)] = found.get(asks(each), 0) + 1
    return [(name, plural(number, "resource")) for name, number in sorted(found.items())]


def facts(cost: CostRecord) -> list[str]:
    """What a reader has to know before the figures: prices, dates, hours, what is left out."""
    prices = cost.prices
    used = f", read {prices.oldest} to {prices.newest}" if prices.oldest else ""
    basis = f"On demand, in USD, {cost.hours_per_month} hours a month; no free tier, discount or tax."
    lines = [f"{basis} Prices compiled {prices.compiled}{used}; estimated as of {cost.as_of}."]
    if cost.stale:
        lines.append(f"Warning: {cost.stale}.")
    if prices.low_confidence:
        lines.append(f"Prices of low confidence: {', '.join(prices.low_confidence)}.")
    lines += [f"From an offer file: {each}." for each in prices.overrides]
    lines += [f"Note: {each}." for each in cost.notes]
    return lines


def headline(cost: CostRecord) -> str:
    """The section in one line: what a month costs, and what the change does to it."""
    unknown = len(cost.after.unknown)
    rest = f"; {unknown} unknown" if unknown else ""
    by_use = cost.after.usage_not_declared
    use = f"; {plural(by_use, 'component')} by use not declared" if by_use else ""
    return f"{said(cost.after)} USD a month{rest}; by this change {change(cost)}{use}"


def summary(cost: CostRecord) -> str:
    """The sums and the chart, for a report that has little room."""
    warning = f"Warning: {cost.stale}." if cost.stale else ""
    return "\n\n".join(part for part in (_sums(cost), _chart(cost.groups), warning) if part) + "\n"


def markdown(cost: CostRecord) -> str:
    """The whole section: sums, a bar chart by component, and a table of the resources."""
    parts = [
        _sums(cost),
        _chart(cost.groups),
        _resources(cost),
        _missing(cost),
        "\n".join(f"- {line}" for line in facts(cost)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _sums(cost: CostRecord) -> str:
    rows = [("Before", cost.before), ("After", cost.after)]
    lines = [
        "| | fixed | by scale | by use | total, USD a month |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {name} | {usd(Decimal(each.fixed_usd))} | {_scale(each)}"
        f" | {usd(Decimal(each.usage_usd))} | {said(each)} |"
        for name, each in rows
    ]
    return "\n".join([*lines, "", f"Change: **{change(cost)}**"])


def _scale(totals: TotalsRecord) -> str:
    least, most = Decimal(totals.range_least_usd), Decimal(totals.range_most_usd)
    return usd(least) if least == most else f"{usd(least)} to {usd(most)}"


def _chart(groups: Sequence[GroupRecord]) -> str:
    if not groups:
        return ""
    longest = largest(groups)
    lines = ["| component | before | | after | |", "| --- | ---: | --- | ---: | --- |"]
    for group in groups:
        before, after = Decimal(group.before_usd), Decimal(group.after_usd)
        lines.append(
            f"| {group.label} | {usd(before)} | {bar(before, longest)}"
            f" | {usd(after)} | {bar(after, longest)} |"
        )
    return "\n".join(lines)


def _resources(cost: CostRecord) -> str:
    lines = ["| resource | component | quantity | before | after |", "| --- | --- | --- | ---: | ---: |"]
    lines += [
        f"| `{_cell(item.title)}` | {_cell(line.name)} | {line.quantity} | {line.before}"
        f" | {line.after} |"
        for item in items(cost)
        for line in item.lines
    ]
    return "\n".join(lines) if len(lines) > 2 else ""


def _missing(cost: CostRecord) -> str:
    lines = [f"- unknown: {_cell(each)}" for each in cost.after.unknown]
    lines += [f"- by use, not declared: {name}: {number}" for name, number in left_to_use(cost)]
    lines += [
        f"- taken for granted of `{_cell(item.title)}`: {_cell(note)}"
        for item in items(cost)
        for note in item.assumptions
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    """A text that keeps to its cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("`", "'").replace("<", "&lt;")
