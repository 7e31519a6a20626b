"""What a month costs, before and after."""

from planspec.cost.estimator import PRICED, estimate
from planspec.cost.price_list import read_offer
from planspec.cost.prices import STALE_DAYS, read_prices
from planspec.cost.pricing import of_plan
from planspec.cost.usage import read_usage

__all__ = [
    "PRICED",
    "STALE_DAYS",
    "estimate",
    "of_plan",
    "read_offer",
    "read_prices",
    "read_usage",
]
