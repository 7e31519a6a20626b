"""What does a plan cost? Made from the plan, the price catalogue and the declared use alone.

    plan → view (before, after) → subject (one resource) → one module per family → estimate

`of_plan` reads the catalogue and prices a plan; `estimate` prices it with a catalogue at hand. A figure
that the plan does not state, a price that the catalogue does not have, or a type that nobody priced
makes the total "at least": it is never counted as nothing.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from planspec import bundle
from planspec.cost.estimator import estimate
from planspec.cost.price_list import read_offer
from planspec.cost.prices import FOLDER, PriceBook, read_prices
from planspec.cost.usage import read_usage
from planspec.estimate import Estimate
from planspec.plan import Plan

__all__ = ["estimate", "of_plan"]


@lru_cache(maxsize=4)
def _kept(policies: Path, _: tuple[tuple[str, int], ...]) -> PriceBook:
    """The catalogue of a folder, read again when one of its files changes."""
    return read_prices(policies, bundle.POLICIES)


def of_plan(
    plan: Plan,
    policies: Path = bundle.POLICIES,
    *,
    today: date,
    price_lists: Sequence[Path] = (),
    region: str = "",
) -> Estimate:
    """Return what a plan costs by the prices and the use that a folder of policies states.

    A folder without prices takes those that planspec carries: they are facts, not policy. Offer
    files in `price_lists` come before both. Raises PolicyError, which names the file and the key.
    """
    if price_lists:
        book = read_prices(policies, bundle.POLICIES)
        for path in price_lists:
            book.override(read_offer(path, book))
    else:
        folder = policies / FOLDER
        times = tuple((each.name, each.stat().st_mtime_ns) for each in sorted(folder.glob("*")))
        book = _kept(policies, times)
    usage = read_usage(policies, frozenset(book.rows))
    return estimate(plan, book, today=today, usage=usage, region=region)
