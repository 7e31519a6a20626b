"""Does a month stay within what it may cost, and does a change add no more than it may?

Judged on an estimate, which says what it does not know: a lower bound beyond the limit is violated,
and anything unknown below it is open, never free.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from planspec.estimate import Band, Estimate, Totals, Unknown, usd
from planspec.finding import Finding, Judgement, Verdict, judge, not_stated

MOST_SHOWN = 3
REMEDY = "see what costs most with: planspec cost PLAN; make it smaller, or agree on another limit"


def month_within(estimate: Estimate, *, budget_usd: int | None) -> Judgement:
    """Judge whether a month with everything at its smallest costs no more than its budget."""
    if budget_usd is None:
        return not_stated(_examined(estimate), "no monthly budget is stated", "cost.monthly_budget_usd")
    totals = estimate.totals()
    return _judged(estimate, totals.small, totals.unknown, budget_usd, "a month")


def month_at_scale_within(estimate: Estimate, *, budget_usd: int | None) -> Judgement:
    """Judge whether a month with everything at its largest costs no more than its budget.

    At its largest: tasks at the ceiling of their autoscaling, storage grown to its limit.
    """
    if budget_usd is None:
        return not_stated(
            _examined(estimate),
            "no monthly budget at scale is stated",
            "cost.monthly_budget_at_scale_usd",
        )
    totals = estimate.totals()
    return _judged(estimate, totals.large, totals.unknown, budget_usd, "a month at the largest scale")


def increase_within(estimate: Estimate, *, limit_usd: int | None) -> Judgement:
    """Judge whether the change adds no more to a month than `limit_usd`, everything at its smallest.

    What is unknown before the change leaves the increase open: a missing price is no saving.
    """
    if limit_usd is None:
        return not_stated(
            _examined(estimate),
            "no limit for what a change may add is stated",
            "cost.monthly_increase_usd",
        )
    before, after = estimate.totals(before=True), estimate.totals()
    low = after.small.low - before.small.high
    if not before.complete:
        low = min(low, Decimal(0))
    band = Band(low, after.small.high - before.small.low)
    unknown = (*after.unknown, *before.unknown)
    return _judged(estimate, band, unknown, limit_usd, "what the change adds to a month")


def _judged(
    estimate: Estimate, band: Band, unknown: Sequence[Unknown], limit_usd: int, what: str
) -> Judgement:
    _note_reads(estimate)
    examined = _examined(estimate)
    expected = f"{what} of at most {usd(Decimal(limit_usd))} USD"
    limit = Decimal(limit_usd)
    if not examined:
        return judge((), ())
    if band.low > limit:
        address = _dearest(estimate) or examined[0]
        observed = f"{'at least ' if unknown else ''}{_between(band)} USD: {_parts(estimate)}"
        return judge(examined, [Finding(address, Verdict.VIOLATED, observed, expected, "", REMEDY)])
    known = frozenset(examined)
    findings = [
        _open(each, each.address if each.address in known else examined[0], band, expected)
        for each in unknown
    ]
    if not findings and band.high > limit:
        address = _dearest(estimate) or examined[0]
        observed = f"{_between(band)} USD, by the price of Spot: {_parts(estimate)}"
        findings = [Finding(address, Verdict.UNDETERMINED, observed, expected, "", REMEDY)]
    return judge(examined, findings)


def _open(unknown: Unknown, address: str, band: Band, expected: str) -> Finding:
    observed = f"at least {usd(band.low)} USD; unknown: {unknown.component}: {unknown.reason}"
    remedy = "add the price to policies/prices, name an offer file, or plan with values that are known"
    return Finding(address, Verdict.UNDETERMINED, observed, expected, "", remedy)


def _examined(estimate: Estimate) -> tuple[str, ...]:
    """Everything that costs, or may, on either side."""
    priced = (each.address for each in estimate.resources if each.before or each.after)
    strange = (name for each in estimate.not_priced for name in (*each.before, *each.after))
    return tuple(dict.fromkeys((*priced, *strange)))


def _note_reads(estimate: Estimate) -> None:
    """What the figures rest on was read for the estimate; a judgement by them has read it too."""
    for resource in estimate.resources:
        for place in resource.inputs:
            _ = place.reading


def _dearest(estimate: Estimate) -> str | None:
    costs = [(each.totals().large.high, each.address) for each in estimate.resources if each.after]
    return max(costs, default=(Decimal(0), None), key=lambda each: each[0])[1]


def _parts(estimate: Estimate) -> str:
    """The dearest resources, as a person adds them up."""
    costs: Iterable[tuple[str, Totals]] = (
        (each.address, each.totals()) for each in estimate.resources if each.after
    )
    ordered = sorted(costs, key=lambda each: -each[1].large.high)
    some = [f"{address} {usd(totals.small.low)}" for address, totals in ordered[:MOST_SHOWN]]
    rest = len(ordered) - MOST_SHOWN
    return ", ".join([*some, *([f"and {rest} more"] if rest > 0 else [])])


def _between(band: Band) -> str:
    return usd(band.low) if band.low == band.high else f"{usd(band.low)} to {usd(band.high)}"
