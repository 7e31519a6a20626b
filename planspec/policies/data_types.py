"""Does a resource of this type hold data that Terraform cannot make again?

Reads `policies/stores.toml`, which classifies types by name, and the two lists of `[durability]` in
`parameters.toml`, which come first. A type that no list has is open: nobody has looked at it.
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import msgspec

from planspec import bundle, toml
from planspec.errors import PolicyError
from planspec.policies.optional import is_stated
from planspec.wildcards import expression

FILE: Final = "stores.toml"
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]+$")]
# A pattern begins with a provider: `*` alone would let every store pass.
Pattern = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9-]+(_[A-Za-z0-9_*-]*)?$")]
Text = Annotated[str, msgspec.Meta(min_length=1, pattern=r"\S")]


class Loss(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be lost with a resource; `when` names the attribute that must be set for it."""

    lost: Text
    when: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stores: list[Name]
    harmless: list[Pattern]
    words_of_stores: list[Text]
    harmless_despite_its_name: dict[Pattern, Text]
    depends: dict[Name, Loss]


class Kind(Enum):
    """What is known of a type."""

    STORE = "store"
    HARMLESS = "harmless"
    OPEN = "open"


class Classified(NamedTuple):
    """What is known of a type, and for an open one what may be lost, if somebody has said so."""

    kind: Kind
    loss: Loss | None = None


class DataTypes:
    """The types that hold data and those that do not.

    The more exact entry decides: a name before a pattern, then `own` before what is shipped, then a
    store before what is harmless. A shipped pattern says nothing of a type whose name speaks of a
    store; that takes an entry with a reason.
    """

    def __init__(self, shipped: "_File", own_stores: Iterable[str], own_harmless: Iterable[str]) -> None:
        self.shipped = shipped
        self._own_stores = frozenset(own_stores)
        self._own_harmless = frozenset(own_harmless)
        self._told: dict[str, Classified] = {}

    def of(self, kind: str) -> Classified:
        """Say what is known of this type."""
        if kind not in self._told:
            self._told[kind] = self._by_name(kind) or self._by_pattern(kind)
        return self._told[kind]

    def _by_name(self, kind: str) -> Classified | None:
        shipped = self.shipped
        for kept, names in (
            (Kind.STORE, self._own_stores),
            (Kind.HARMLESS, self._own_harmless),
            (Kind.STORE, self._stores),
        ):
            if kind in names:
                return Classified(kept)
        if kind in shipped.depends:
            return Classified(Kind.OPEN, shipped.depends[kind])
        listed = kind in shipped.harmless_despite_its_name or kind in self._harmless
        return Classified(Kind.HARMLESS) if listed else None

    def _by_pattern(self, kind: str) -> Classified:
        reasoned, plain, own = self._patterns
        if own.fullmatch(kind) or reasoned.fullmatch(kind):
            return Classified(Kind.HARMLESS)
        covered = plain.fullmatch(kind) and not self.speaks_of_a_store(kind)
        return Classified(Kind.HARMLESS if covered else Kind.OPEN)

    def speaks_of_a_store(self, kind: str) -> bool:
        """Whether the name of a type has a word of stores, such as `table`, in it."""
        return self._words.search(kind) is not None

    @cached_property
    def _stores(self) -> frozenset[str]:
        return frozenset(self.shipped.stores)

    @cached_property
    def _harmless(self) -> frozenset[str]:
        return frozenset(self.shipped.harmless)

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
        shipped = self.shipped
        return (
            _any_of(shipped.harmless_despite_its_name),
            _any_of(shipped.harmless),
            _any_of(self._own_harmless),
        )

    @cached_property
    def _words(self) -> re.Pattern[str]:
        words = "|".join(map(re.escape, self.shipped.words_of_stores))
        return re.compile(f"(?:^|_)(?:{words})s?(?:_|$)")


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression for all patterns; `*` stands for any text."""
    return re.compile("|".join(map(expression, sorted(patterns))))


def read_data_types(policies: Path, own_stores: Iterable[str], own_harmless: Iterable[str]) -> DataTypes:
    """Read `stores.toml` of this folder, or the one that comes along where the folder has none.

    Raises PolicyError, which names the file, for a type that is in two lists.
    """
    path = policies / FILE
    if not is_stated(path):
        path = bundle.POLICIES / FILE
    own_stores, own_harmless = tuple(own_stores), tuple(own_harmless)
    _refuse_both(
        policies / "parameters.toml",
        {"data_holding_types": own_stores, "harmless_types": own_harmless},
    )
    try:
        shipped = toml.decode(path.read_bytes(), _File)
    except msgspec.DecodeError as error:
        raise PolicyError(f"{path}: {error}; see the file in planspec's repository") from error
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror}; name a folder with --policies") from error
    names = ("stores", "depends", "harmless", "harmless_despite_its_name")
    _refuse_both(path, {name: tuple(getattr(shipped, name)) for name in names})
    return DataTypes(shipped, own_stores, own_harmless)


def _refuse_both(path: Path, lists: Mapping[str, Iterable[str]]) -> None:
    """Raise PolicyError for a type that stands in two of the lists."""
    seen: dict[str, str] = {}
    for name, types in lists.items():
        for each in types:
            if seen.setdefault(each, name) != name:
                raise PolicyError(f"{path}: {each} is in {seen[each]} and in {name}; keep one of them")
