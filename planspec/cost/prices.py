"""What does one unit cost, where, and who says so?

Reads `policies/prices/*.json`. A price holds for its key and region only: nothing is scaled from
another region and nothing missing counts as nothing. Rows of the region `global` are products that
AWS sells at one price everywhere, by its own words (`sources.json` says which).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, TypeVar

import msgspec

from planspec.errors import PolicyError
from planspec.estimate import Price
from planspec.policies import is_stated

STALE_DAYS: Final = 180
GLOBAL: Final = "global"
FOLDER: Final = "prices"

Usd = Annotated[str, msgspec.Meta(pattern=r"^\d+(\.\d+)?$")]
Amount = Annotated[str, msgspec.Meta(pattern=r"^\d+$")]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Contents = TypeVar("Contents")


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An object in which every key is known and has its type."""


class PriceList(_Strict, frozen=True):
    """Which product of an AWS Price List offer file a key stands for.

    `usagetype` is written without the prefix of a region; `times` is how many units of the file
    make one of ours.
    """

    offer: Text
    usagetype: Text
    attributes: dict[str, str] = {}
    times: int = 1


class _Quote(_Strict, frozen=True):
    usd: Usd
    as_of: date
    confidence: Literal["high", "medium", "low"]
    source: Text
    sku: str = ""


class Row(_Strict, frozen=True):
    """One key of the catalogue with its prices by region."""

    key: Text
    unit: Text
    bucket: Literal["fixed", "usage"]
    prices: dict[str, _Quote]
    note: str = ""
    up_to: Amount | None = None
    price_list: PriceList | None = None


class _File(_Strict, frozen=True):
    compiled: date
    prices: list[Row]


class _Free(_Strict, frozen=True):
    types: list[Text]
    providers: list[Text]
    why: str = ""


class _Classes(_Strict, frozen=True):
    vcpus: dict[str, int]


class _Support(_Strict, frozen=True):
    versions: dict[str, dict[str, tuple[date, date]]]
    why: str = ""


class Sizes(NamedTuple):
    """Facts beside the prices: processors of classes, and when old versions begin to cost extra."""

    vcpus: Mapping[str, int] = {}
    support: Mapping[str, Mapping[str, tuple[date, date]]] = {}


NO_SIZES: Final = Sizes()


class Override(NamedTuple):
    """A price read from an offer file, which takes the place of the catalogue's."""

    price: Price
    version: str
    sha256: str


class PriceBook:
    """The prices by key and region, what costs nothing, and what sizes consist of."""

    def __init__(
        self,
        rows: Iterable[Row],
        compiled: date,
        free: tuple[Iterable[str], Iterable[str]] = ((), ()),
        sizes: Sizes = NO_SIZES,
        sources: Mapping[str, str] | None = None,
    ) -> None:
        self.rows = {row.key: row for row in rows}
        self.compiled = compiled
        self.free_types = frozenset(free[0])
        self.free_providers = frozenset(free[1])
        self.vcpus = sizes.vcpus
        self._support = sizes.support
        self.sources = dict(sources or {})
        self.overrides: dict[tuple[str, str], Override] = {}
        self._found: dict[tuple[str, str], Price | None] = {}

    def price(self, key: str, region: str) -> Price | None:
        """The price of this key in this region; None if the catalogue does not have it."""
        asked = (key, region)
        if asked in self.overrides:
            return self.overrides[asked].price
        if asked not in self._found:
            self._found[asked] = self._read(key, region)
        return self._found[asked]

    def _read(self, key: str, region: str) -> Price | None:
        row = self.rows.get(key)
        where = region if row and region in row.prices else GLOBAL
        quote = row.prices.get(where) if row else None
        if row is None or quote is None:
            return None
        up_to = Decimal(row.up_to) if row.up_to else None
        told = (quote.as_of, quote.confidence, quote.source, quote.sku)
        return Price(key, where, Decimal(quote.usd), row.unit, *told, up_to)

    def is_free_provider(self, provider: str) -> bool:
        """Whether all of a provider costs nothing; before 0.13 Terraform wrote `provider.null`."""
        if not provider.startswith("provider."):
            return provider in self.free_providers
        name = provider.removeprefix("provider.")
        return any(each.rpartition("/")[2] == name for each in self.free_providers)

    def support_days(self, engine: str, version: str) -> tuple[date, date] | None:
        """From which days on a version costs extra, and more still; None if it does not."""
        known = self._support.get(engine, {})
        parts = version.split(".")
        return next((known[name] for end in (2, 1) if (name := ".".join(parts[:end])) in known), None)

    def told_overrides(self) -> list[str]:
        """Which prices come from offer files, for a report."""
        return [
            f"{each.price.key} in {each.price.region}: {each.price.source}, version {each.version},"
            f" SKU {each.price.sku}, published {each.price.as_of}, sha256 {each.sha256[:12]}"
            for each in self.overrides.values()
        ]

    def override(self, found: Iterable[Override]) -> None:
        """Let prices of offer files take the place of the catalogue's."""
        for each in found:
            self.overrides[each.price.key, each.price.region] = each

    def stale(self, today: date) -> str:
        """A warning if the catalogue is older than 180 days on this day, else nothing."""
        days = (today - self.compiled).days
        if days <= STALE_DAYS:
            return ""
        return (
            f"the price catalogue is {days} days old (compiled {self.compiled}); prices may have moved:"
            " update policies/prices, or name offer files with --price-list"
        )


def read_prices(policies: Path, bundled: Path) -> PriceBook:
    """Read the catalogue of a folder of policies, or the one that planspec carries if it has none.

    Raises PolicyError, which names the file and the key.
    """
    folder = policies / FOLDER
    folder = folder if is_stated(folder, folder=True) else bundled / FOLDER
    rows: dict[str, Row] = {}
    compiled: list[date] = []
    special = {"free.json", "classes.json", "sources.json", "support.json"}
    sources = _read(folder / "sources.json", dict[str, dict[str, str]])
    for path in sorted(each for each in folder.glob("*.json") if each.name not in special):
        file = _read(path, _File)
        compiled.append(file.compiled)
        for row in file.prices:
            _check(path, row, rows, sources)
            rows[row.key] = row
    if not rows:
        raise PolicyError(f"{folder}: holds no prices; copy the folder from planspec's repository")
    free = _read(folder / "free.json", _Free)
    classes = _read(folder / "classes.json", _Classes)
    support = _read(folder / "support.json", _Support)
    told = {name: each.get("what", "") for name, each in sources.items()}
    sizes = Sizes(classes.vcpus, support.versions)
    return PriceBook(rows.values(), min(compiled), (free.types, free.providers), sizes, told)


def _check(path: Path, row: Row, rows: Mapping[str, Row], sources: Mapping[str, object]) -> None:
    """Raise PolicyError for a key that stands twice, or a price whose source nobody explains."""
    if row.key in rows:
        raise PolicyError(f"{path}: {row.key} is a duplicate key; each key must have exactly one row")
    for region, quote in row.prices.items():
        if quote.source not in sources:
            raise PolicyError(
                f"{path}: {row.key} in {region}: the source {quote.source} is not in sources.json"
            )


def _read(path: Path, kind: type[Contents]) -> Contents:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: {error}; see the file in planspec's repository") from error
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror}; copy it from planspec's repository") from error
