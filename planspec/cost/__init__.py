"""What a month costs, before and after."""

from planspec.cost.estimator import PRICED, estimate
from planspec.cost.figures import (
    HOURS,
    Band,
    Bucket,
    Component,
    Estimate,
    Quotes,
    ResourceCost,
    Totals,
    Unknown,
    cents,
    plural,
    say,
    total,
    usd,
)
from planspec.cost.groups import bars
from planspec.cost.price_list import read_offer
from planspec.cost.prices import STALE_DAYS, read_prices
from planspec.cost.pricing import of_plan
from planspec.cost.usage import read_usage

__all__ = [
    "HOURS",
    "PRICED",
    "STALE_DAYS",
    "Band",
    "Bucket",
    "Component",
    "Estimate",
    "Quotes",
    "ResourceCost",
    "Totals",
    "Unknown",
    "bars",
    "cents",
    "estimate",
    "of_plan",
    "plural",
    "read_offer",
    "read_prices",
    "read_usage",
    "say",
    "total",
    "usd",
]
