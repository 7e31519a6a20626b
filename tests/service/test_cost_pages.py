"""Do the pages tell what the inherited and the corrected service cost, as it is estimated now?

The tables stand between marks in README.md and ARCHITECTURE.md and are generated, for the day on
which the catalogue was compiled.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from planspec import bundle, cost, read
from planspec.cost import read_prices
from planspec.estimate import usd
from planspec.evidence import CostRecord
from planspec.evidence import cost as cost_record
from planspec.reports.cost_tables import bar
from tests.support import accepted

ROOT = Path(__file__).parents[2]
DAY = read_prices(bundle.POLICIES, bundle.POLICIES).compiled
WIDTH = 16


def estimated(name: str) -> CostRecord:
    """What a recorded plan costs."""
    plan = read(ROOT / "plans" / f"{name}.json")
    return cost_record.record(cost.of_plan(plan, bundle.POLICIES, today=DAY))


def totals(inherited: CostRecord, corrected: CostRecord) -> str:
    """Both services, and what is saved."""
    lines = [
        "| USD a month | inherited | corrected | saved |",
        "| --- | ---: | ---: | ---: |",
    ]
    for label, before, after in (
        ("at the smallest", inherited.after.least_usd, corrected.after.least_usd),
        ("at the largest scale", inherited.after.most_usd, corrected.after.most_usd),
    ):
        saved = Decimal(before) - Decimal(after)
        share = round(saved / Decimal(before) * 100)
        lines.append(
            f"| {label} | {usd(Decimal(before))} | {usd(Decimal(after))}"
            f" | **{usd(saved)}** ({share} %) |"
        )
    return "\n".join(lines)


def components(inherited: CostRecord, corrected: CostRecord) -> str:
    """Each kind of component of both, the largest difference first."""
    then = {each.label: Decimal(each.after_usd) for each in inherited.groups}
    now = {each.label: Decimal(each.after_usd) for each in corrected.groups}
    nothing = Decimal(0)
    labels = sorted(
        {*then, *now}, key=lambda each: (-abs(then.get(each, nothing) - now.get(each, nothing)), each)
    )
    longest = max((*then.values(), *now.values()))
    lines = [
        "| component | inherited | | corrected | | saved |",
        "| --- | ---: | --- | ---: | --- | ---: |",
    ]
    for label in labels:
        before, after = then.get(label, nothing), now.get(label, nothing)
        lines.append(
            f"| {label} | {usd(before)} | {bar(before, longest, WIDTH)} | {usd(after)}"
            f" | {bar(after, longest, WIDTH)} | {usd(before - after)} |"
        )
    return "\n".join(lines)


def basis() -> str:
    """What the figures rest on."""
    return (
        f"List prices of eu-west-1, 730 hours a month, as of {DAY}; use as planned in"
        " `policies/usage.toml`. Estimated with `planspec cost` from the recorded plans, which is"
        " not a bill."
    )


def made(page: str) -> str:
    """The part of a page that is generated."""
    inherited, corrected = estimated("inherited"), estimated("corrected")
    assert inherited.after.complete
    assert corrected.after.complete
    parts = [totals(inherited, corrected), basis()]
    if page == "ARCHITECTURE.md":
        parts.insert(1, components(inherited, corrected))
    return "\n\n".join(parts)


@pytest.mark.accepted
@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md"])
def test_the_page_tells_what_is_estimated(page: str) -> None:
    accepted.hold_part(ROOT / page, "cost", made(page))
