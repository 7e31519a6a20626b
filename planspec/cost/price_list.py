"""Which prices does an AWS Price List offer file hold?

An organisation's own price list, or a fresher one, takes the place of the catalogue's prices: same
keys, with SKU, publication date and digest kept. Exactly one product must match a key, in the key's
unit; a file that leaves a choice is refused, never guessed at. Source: AWS Price List Bulk API,
offer files (`offers/v1.0/aws/OFFER/current/REGION/index.json`).
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import msgspec

from planspec.cost.prices import GLOBAL, Override, PriceBook, PriceList, Row
from planspec.errors import PolicyError
from planspec.estimate import Price

# How an offer file spells the unit of a key. Source: units of the offers named in policies/prices.
UNITS: Final = {
    "hour": {"Hrs", "hours", "Hours", "hour"},
    "vCPU-hour": {"hours", "vCPU-Hours", "vCPU-hour", "Hrs"},
    "GB-hour": {"hours", "GB-Hours", "GB-hours", "Hrs"},
    "GB-month": {"GB-Mo", "GB-month", "GB-Month"},
    "IOPS-month": {"IOPS-Mo"},
    "MBps-month": {"MBPS-Mo", "MBps-Mo"},
    "LCU-hour": {"LCU-Hrs"},
    "ACU-hour": {"ACU-Hr", "ACU-Hrs"},
    "GB": {"GB", "GigaBytes"},
    "GB-second": {"Lambda-GB-Second"},
    "secret-month": {"Secrets"},
    "million request units": {"ReadRequestUnits", "WriteRequestUnits"},
    "alarm-month": {"Alarms"},
    "metric-month": {"Metrics"},
    "dashboard-month": {"Dashboards"},
    "key-month": {"Keys", "key", "months"},
    "vCPU-month": {"vCPU-Months", "vCPU-Mo"},
    "million requests": {"Requests", "Request", "IOs"},
    "1000 requests": {"Requests", "Request"},
    "10000 requests": {"Requests", "API Requests"},
}
ANY_ENGINE: Final = "Any"
ENGINE: Final = "databaseEngine"


class _Product(msgspec.Struct, frozen=True):
    sku: str
    attributes: dict[str, str] = {}


class _Dimension(msgspec.Struct, frozen=True, rename="camel"):
    unit: str
    price_per_unit: dict[str, str]
    begin_range: str = "0"


class _Term(msgspec.Struct, frozen=True, rename="camel"):
    price_dimensions: dict[str, _Dimension]


class _Terms(msgspec.Struct, frozen=True):
    OnDemand: dict[str, dict[str, _Term]] = {}


class _Offer(msgspec.Struct, frozen=True, rename="camel"):
    offer_code: str
    version: str
    publication_date: str
    products: dict[str, _Product]
    terms: _Terms


def read_offer(path: Path, book: PriceBook) -> list[Override]:
    """Return the prices that this offer file holds for keys of the catalogue.

    Raises PolicyError, which names the file and the key: where the file is no offer file, a key
    has several products, a price is in another unit, or no key of the catalogue is in it.
    """
    try:
        data = path.read_bytes()
        offer = msgspec.json.decode(data, type=_Offer)
        published = date.fromisoformat(offer.publication_date[:10])
    except (msgspec.DecodeError, ValueError) as error:
        raise PolicyError(
            f"{path}: no AWS Price List offer file ({error}); fetch"
            " offers/v1.0/aws/OFFER/current/REGION/index.json whole"
        ) from error
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror}; name an offer file") from error
    digest = hashlib.sha256(data).hexdigest()
    found = [
        Override(price, offer.version, digest)
        for row in book.rows.values()
        if row.price_list is not None and row.price_list.offer.lower() == offer.offer_code.lower()
        for price in _prices(path, offer, row, row.price_list, published)
    ]
    if not found:
        raise PolicyError(f"{path}: the offer {offer.offer_code} holds no price that planspec uses")
    return found


def _prices(path: Path, offer: _Offer, row: Row, wanted: PriceList, published: date) -> Iterator[Price]:
    """The price of one key in each region of the file."""
    by_region: dict[str, list[_Product]] = {}
    name = re.compile(rf"^(?:[A-Z]{{2,4}}\d?-)?{re.escape(wanted.usagetype)}$")
    for product in offer.products.values():
        if name.match(product.attributes.get("usagetype", "")) and _fits(product, wanted):
            region = product.attributes.get("regionCode") or GLOBAL
            by_region.setdefault(region, []).append(product)
    for region, products in by_region.items():
        product = _only(path, row, region, products)
        amount = _amount(path, offer, row, product)
        told = (published, "high", f"price list {offer.offer_code}", product.sku)
        yield Price(row.key, region, amount * wanted.times, row.unit, *told)


def _fits(product: _Product, wanted: PriceList) -> bool:
    return all(product.attributes.get(name) == value for name, value in wanted.attributes.items())


def _only(path: Path, row: Row, region: str, products: Sequence[_Product]) -> _Product:
    """The one product of a key. A row for PostgreSQL itself comes before one for any engine."""
    own = [each for each in products if each.attributes.get(ENGINE) == "PostgreSQL"]
    neutral = [each for each in products if each.attributes.get(ENGINE, ANY_ENGINE) == ANY_ENGINE]
    chosen = own or neutral or list(products)
    if len(chosen) != 1:
        listed = ", ".join(sorted(each.sku for each in chosen))
        raise PolicyError(
            f"{path}: {row.key} in {region} has {len(chosen)} products ({listed}); expected one"
        )
    return chosen[0]


def _amount(path: Path, offer: _Offer, row: Row, product: _Product) -> Decimal:
    """The price of the first tier on demand, in the unit of the key."""
    terms = offer.terms.OnDemand.get(product.sku, {})
    dimensions = [each for term in terms.values() for each in term.price_dimensions.values()]
    first = [each for each in dimensions if Decimal(each.begin_range or "0") == 0]
    where = f"{path}: {row.key} (SKU {product.sku})"
    if len(first) != 1:
        raise PolicyError(f"{where} has {len(first)} first tiers on demand; expected one")
    if first[0].unit not in UNITS.get(row.unit, {row.unit}):
        raise PolicyError(f'{where} is per "{first[0].unit}"; the catalogue counts per {row.unit}')
    try:
        amount = Decimal(first[0].price_per_unit["USD"])
    except (KeyError, InvalidOperation) as error:
        raise PolicyError(f"{where} has no price in USD") from error
    if not amount.is_finite() or amount < 0:
        raise PolicyError(f"{where}: {amount} USD is not a valid price")
    return amount
