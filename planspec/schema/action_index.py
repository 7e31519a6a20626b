"""Which actions does AWS know, and what do they act on?

Reads `data/aws_actions.json.gz`, which `make actions` writes from AWS's Service Authorization Reference.
"""

import fnmatch
import gzip
import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final

import msgspec

from planspec.schema.provider import SHIPPED

INDEX: Final = SHIPPED.with_name("aws_actions.json.gz")
ESCALATIONS: Final = SHIPPED.with_name("escalations.toml")


class Actions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """Every action by service, with the places of the ARN formats of its resources in `formats`.

    `gives_rights`: AWS files them under permissions management. `multivalued`: condition keys of which a
    request has several values.
    """

    source: str
    formats: tuple[str, ...]
    actions: Mapping[str, Mapping[str, tuple[int, ...]]]
    gives_rights: frozenset[str]
    multivalued: frozenset[str]

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        return {
            f"{service}:{name}".lower(): tuple(self.formats[place] for place in places)
            for service, each in self.actions.items()
            for name, places in each.items()
        }

    def resources(self, action: str) -> Sequence[str] | None:
        """The ARN formats that an action knows, none if it knows no resource; None if it is unknown."""
        return self._by_name.get(action.lower())

    def matching(self, pattern: str) -> list[str]:
        """The actions, in lower case, that a pattern with `*` and `?` stands for."""
        service = pattern.partition(":")[0].lower()
        expression = re.compile(fnmatch.translate(pattern.lower().replace("[", "[[]")))
        return [
            name
            for name in self._by_name
            if (service == "*" or name.startswith(f"{service}:")) and expression.match(name)
        ]


@lru_cache(maxsize=1)
def known_actions() -> Actions:
    """Read the index, once."""
    return msgspec.json.decode(gzip.decompress(INDEX.read_bytes()), type=Actions)


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"together_with": "with"}):
    """One way to get rights that were not given: which actions do it, and with which others only."""

    how: str
    actions: tuple[str, ...]
    together_with: tuple[str, ...] = ()


class _Ways(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    way: tuple[Way, ...]


@lru_cache(maxsize=1)
def escalations() -> tuple[Way, ...]:
    """Read the ways of `data/escalations.toml`, once."""
    return msgspec.toml.decode(ESCALATIONS.read_bytes(), type=_Ways).way
