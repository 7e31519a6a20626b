"""Which resource types does a provider have, and which attributes has each?

A compact index of what `terraform providers schema -json` prints. The one of the AWS provider comes with
planspec; indexes of other providers, or versions, are kept in the user's cache by `planspec schema`.
Equal blocks stand once: an index is a few thousand blocks, and types by the number of theirs.
Source: Terraform, "Providers Schema Representation" (format_version 1.0).
"""

import gzip
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import msgspec

from planspec.errors import PlanspecError

SHIPPED: Final = Path(__file__).with_name("data") / "aws.json.gz"
KINDS: Final = {
    "managed": "resource_schemas",
    "data": "data_source_schemas",
    "ephemeral": "ephemeral_resource_schemas",
}
BLOCK: Final = "b"
SENSITIVE: Final = "s"


class Shape(NamedTuple):
    """What may stand somewhere: collections around a leaf, which is a type's name or a block.

    `around` is read from outside, of list, set and map: ("set",) with a block is a set of objects. A
    leaf that is a number is that block of the index; `dynamic` may hold anything. `flags`: r required,
    o optional, c computed, s sensitive, w write-only, b a nested block.
    """

    around: tuple[str, ...]
    leaf: str | int
    flags: str = ""

    @property
    def inner(self) -> "Shape":
        """What stands in the outermost collection."""
        return self._replace(around=self.around[1:])


class Provider(msgspec.Struct, frozen=True):
    """The types of one provider; each number is the place of its block in the index."""

    version: str = ""
    managed: dict[str, int] = {}
    data: dict[str, int] = {}
    ephemeral: dict[str, int] = {}

    def types(self, mode: str) -> dict[str, int]:
        """The types of this mode: managed, data or ephemeral."""
        found: dict[str, int] = getattr(self, mode)
        return found


class Index(msgspec.Struct, frozen=True, dict=True):
    """The names of some providers, by the address of the provider."""

    planspec_schema_index: Literal[1]
    providers: dict[str, Provider]
    blocks: list[msgspec.Raw]

    @cached_property
    def _read(self) -> dict[int, dict[str, Shape]]:
        return {}

    def block(self, number: int) -> dict[str, Shape]:
        """The attributes and blocks inside a block, by name."""
        if number not in self._read:
            written: dict[str, str] = msgspec.json.decode(self.blocks[number], type=dict[str, str])
            self._read[number] = {name: _shape(text) for name, text in written.items()}
        return self._read[number]


def provider_name(address: str) -> str:
    """The last word of a provider's address, with its namespace where that is not HashiCorp's."""
    *namespaces, name = address.split("/")
    return name if not namespaces or namespaces[-1] == "hashicorp" else f"{namespaces[-1]}/{name}"


def _shape(text: str) -> Shape:
    """Read `oc set #12`: flags, collections from outside, leaf."""
    flags, *around, leaf = text.split(" ")
    return Shape(tuple(around), int(leaf[1:]) if leaf.startswith("#") else leaf, flags.strip("-"))


_decoder = msgspec.json.Decoder(Index)


def read_index(path: Path) -> Index:
    """Read an index, or what `terraform providers schema -json` printed.

    Raises PlanspecError for a file that is neither.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PlanspecError(f"{path}: {error.strerror}; name a provider schema") from error
    try:
        text = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        if b'"provider_schemas"' in text[:4000]:
            text = indexed(text)
        return _decoder.decode(text)
    except (msgspec.DecodeError, OSError, EOFError, zlib.error, RecursionError, UnicodeError) as error:
        raise PlanspecError(
            f"{path}: no provider schema; write one with"
            " terraform providers schema -json > schema.json, or: planspec schema DIR"
        ) from error


def indexed(schema: bytes, versions: Mapping[str, str] | None = None) -> bytes:
    """Make an index from `terraform providers schema -json`, as JSON.

    `versions` are those of the lock file, by provider. Raises msgspec.DecodeError for another document.
    """
    blocks: dict[tuple[tuple[str, str], ...], int] = {}
    document = msgspec.json.decode(schema, type=_Schema)
    providers = {
        address: {"version": (versions or {}).get(address, "")}
        | {
            mode: {name: _block(each.get("block", {}), blocks) for name, each in part.items()}
            for mode, part in ((mode, getattr(provider, section)) for mode, section in KINDS.items())
        }
        for address, provider in document.provider_schemas.items()
    }
    index = {
        "planspec_schema_index": 1,
        "providers": providers,
        "blocks": [dict(block) for block in blocks],
    }
    return msgspec.json.encode(index)


class _Provider(msgspec.Struct):
    resource_schemas: dict[str, dict[str, Any]] = {}
    data_source_schemas: dict[str, dict[str, Any]] = {}
    ephemeral_resource_schemas: dict[str, dict[str, Any]] = {}


class _Schema(msgspec.Struct):
    provider_schemas: dict[str, _Provider]


def _block(block: Mapping[str, Any], blocks: dict[tuple[tuple[str, str], ...], int]) -> int:
    """The number of a block: equal ones share it."""
    parts = {
        name: f"{_flags(attribute)} {_type_of(attribute, blocks)}"
        for name, attribute in block.get("attributes", {}).items()
    }
    for name, nested in block.get("block_types", {}).items():
        inside = f"#{_block(nested.get('block', {}), blocks)}"
        parts[name] = f"{BLOCK} {_nested(nested, inside)}"
    return blocks.setdefault(tuple(sorted(parts.items())), len(blocks))


def _flags(attribute: Mapping[str, Any]) -> str:
    words = ("required", "optional", "computed", "sensitive", "write_only")
    return "".join(word[0] for word in words if attribute.get(word)) or "-"


def _type_of(attribute: Mapping[str, Any], blocks: dict[tuple[tuple[str, str], ...], int]) -> str:
    nested = attribute.get("nested_type")
    if nested:
        return _nested(nested, f"#{_block({'attributes': nested.get('attributes', {})}, blocks)}")
    return _type(attribute.get("type", "dynamic"), blocks)


def _nested(nested: Mapping[str, Any], inside: str) -> str:
    """A block or object in its collection; `single` and `group` stand in none."""
    mode = nested.get("nesting_mode", "list")
    return f"{mode} {inside}" if mode in {"list", "set", "map"} else inside


def _type(written: Any, blocks: dict[tuple[tuple[str, str], ...], int]) -> str:
    """Terraform writes a type as a name, or as ["list", TYPE], ["object", {name: TYPE}]."""
    match written:
        case str(name):
            return name
        case ["list" | "set" | "map" as kind, inner]:
            return f"{kind} {_type(inner, blocks)}"
        case ["object", dict(members), *_]:
            parts = {name: f"- {_type(inner, blocks)}" for name, inner in members.items()}
            return f"#{blocks.setdefault(tuple(sorted(parts.items())), len(blocks))}"
        case _:
            return "dynamic"


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the user's indexes are kept."""
    home = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "planspec" / "schemas"


class Schemas:
    """The indexes that names are checked against: those named, those in the cache, the shipped one."""

    def __init__(self, files: Sequence[Path] = (), *, allow_unknown: bool = False) -> None:
        """Raises PlanspecError for a named file that is no schema."""
        self._named = [read_index(path) for path in files]
        self.allow_unknown = allow_unknown

    @cached_property
    def indexes(self) -> tuple[Index, ...]:
        """The indexes, the most telling first. Raises PlanspecError for a cached file that is none."""
        return (*self._named, *(read_index(path) for path in self._places()))

    def _places(self) -> Iterator[Path]:
        folder = cache_folder()
        if folder.is_dir():
            yield from sorted(folder.glob("*.json.gz"))
        if SHIPPED.is_file():
            yield SHIPPED

    def find(self, mode: str, kind: str) -> list[tuple[Index, int]]:
        """The indexes that know this type, each with the number of its block.

        Several versions of a provider may be at hand; a plan does not say which one made it.
        """
        return [
            (index, provider.types(mode)[kind])
            for index in self.indexes
            for provider in index.providers.values()
            if kind in provider.types(mode)
        ]

    def names(self, mode: str) -> Iterator[str]:
        """Every type of this mode that an index knows."""
        for index in self.indexes:
            for provider in index.providers.values():
                yield from provider.types(mode)

    def has_attribute(self, name: str) -> bool:
        """Whether any type of any provider has an attribute or a block of this name."""
        return any(
            name in index.block(number) for index in self.indexes for number in range(len(index.blocks))
        )

    def version_for(self, kind: str) -> str:
        """Which provider and version the names of a type were checked against, such as aws 5.100.0."""
        for index in self.indexes:
            for address, provider in index.providers.items():
                if any(kind in provider.types(mode) for mode in KINDS):
                    return f"{provider_name(address)} {provider.version}".rstrip()
        return ""
