"""How much will be used, by whose word?

Reads `policies/usage.toml`. Nothing is guessed: what nobody declared stays open, with its price per
unit. Load balancer capacity units are reckoned from what a person knows: connections, bytes, rules.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import msgspec

from planspec import toml
from planspec.errors import PolicyError
from planspec.estimate import HOURS
from planspec.policies import is_stated
from planspec.wildcards import expression

FILE: Final = "usage.toml"
# One capacity unit of an application load balancer. Source: Elastic Load Balancing pricing.
NEW_CONNECTIONS_PER_SECOND: Final = 25
ACTIVE_CONNECTIONS_PER_MINUTE: Final = 3000
GB_PER_HOUR: Final = 1
RULES_PER_SECOND: Final = 1000

Text = Annotated[str, msgspec.Meta(min_length=1, pattern=r"\S")]
Number = Annotated[str, msgspec.Meta(pattern=r"^\d+(\.\d+)?$")]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table in which every key is known and has its type."""


class CapacityUnits(_Strict, frozen=True):
    """What goes through a load balancer, on average over the month; the largest of the four counts."""

    new_connections_per_second: Number = "0"
    active_connections_per_minute: Number = "0"
    gb_per_hour: Number = "0"
    rule_evaluations_per_second: Number = "0"

    def dimensions(self) -> dict[str, Decimal]:
        """Capacity units by dimension."""
        return {
            "new connections": Decimal(self.new_connections_per_second) / NEW_CONNECTIONS_PER_SECOND,
            "active connections": Decimal(self.active_connections_per_minute)
            / ACTIVE_CONNECTIONS_PER_MINUTE,
            "processed bytes": Decimal(self.gb_per_hour) / GB_PER_HOUR,
            "rule evaluations": Decimal(self.rule_evaluations_per_second) / RULES_PER_SECOND,
        }


class _Entry(_Strict, frozen=True):
    address: Text
    price: Text
    why: Text
    quantity: Number | None = None
    capacity_units: CapacityUnits | None = None


class _File(_Strict, frozen=True):
    usage: list[_Entry] = []


class Declared(NamedTuple):
    """A declared quantity of a month, in units of the price, and where it comes from."""

    quantity: Decimal
    why: str


class Usage:
    """What is declared; knows which of it was asked for."""

    def __init__(self, entries: Sequence[_Entry] = (), name: str = FILE) -> None:
        self._entries = entries
        self._used: set[int] = set()
        self.name = name

    def declared(self, address: str, key: str) -> Declared | None:
        """What is declared for this price of this resource; the first entry that fits counts."""
        for position, entry in enumerate(self._entries):
            if entry.price == key and _pattern(entry.address).fullmatch(address):
                self._used.add(position)
                return _declared(entry)
        return None

    def unused(self) -> tuple[str, ...]:
        """Entries that fit no resource of the plan: perhaps misspelt, perhaps of another service."""
        return tuple(
            f"{self.name}: {entry.price} for {entry.address} fits no resource of this plan"
            for position, entry in enumerate(self._entries)
            if position not in self._used
        )


def _declared(entry: _Entry) -> Declared:
    if entry.capacity_units is None:
        return Declared(Decimal(entry.quantity or "0"), entry.why)
    name, most = max(entry.capacity_units.dimensions().items(), key=lambda each: each[1])
    return Declared(
        (most * HOURS).normalize() + 0, f"{entry.why}; {most.normalize():f} units by its {name}"
    )


@lru_cache
def _pattern(address: str) -> re.Pattern[str]:
    """`*` for any text, everything else as it is."""
    return re.compile(expression(address), re.DOTALL)


def read_usage(policies: Path, known_keys: Sequence[str] | frozenset[str]) -> Usage:
    """Read `usage.toml`; a folder without the file declares nothing.

    Raises PolicyError for a price that the catalogue does not have, and for an entry with two
    quantities or none.
    """
    path = policies / FILE
    if not is_stated(path):
        return Usage()
    try:
        entries = toml.decode(path.read_bytes(), _File).usage
    except msgspec.DecodeError as error:
        raise PolicyError(f"{path}: {error}; see the file in planspec's repository") from error
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror}; name a folder with --policies") from error
    for entry in entries:
        if entry.price not in known_keys:
            raise PolicyError(
                f"{path}: {entry.price} is not a key of the catalogue; see policies/prices"
            )
        if (entry.quantity is None) == (entry.capacity_units is None):
            raise PolicyError(
                f"{path}: {entry.price} for {entry.address} has two quantities or none;"
                " write quantity, or capacity_units"
            )
    return Usage(entries, str(path.name))
