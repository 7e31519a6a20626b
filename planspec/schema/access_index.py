"""Which types give access, and where they say so?

Reads `schemas/aws_access.toml`, which says what each list is for.
"""

import re
from functools import cached_property, lru_cache
from typing import Final

import msgspec

from planspec.schema.provider import SHIPPED
from planspec.syntax import path_steps

TABLE: Final = SHIPPED.with_name("aws_access.toml")
Steps = tuple[str | int, ...]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A table in which every key is known and has its type."""


class Inside(_Strict, frozen=True):
    """A policy document in the thing that it is about; the provider may copy it from `beside`."""

    at: str
    beside: str = ""
    resets: bool = False
    who: bool = True
    default: str = ""

    @cached_property
    def kind(self) -> str:
        """The type of the resource."""
        return self.at.partition(".")[0]

    @cached_property
    def path(self) -> Steps:
        """The steps to the document."""
        return tuple(path_steps(self.at.partition(".")[2]))


class Document(Inside, frozen=True):
    """A policy document in a resource of its own; `of` names the thing that it is about."""

    of: str = ""
    owner: str = ""
    others: list[str] = []

    @property
    def owners(self) -> tuple[str, ...]:
        """The types of what it may be about, the usual one first."""
        return (self.owner, *self.others)

    @cached_property
    def named(self) -> Steps:
        """The steps to what names the thing that it is about."""
        return tuple(path_steps(self.of)) if self.of else ()


class Grant(_Strict, frozen=True):
    """A resource that is one statement: the attributes that are its parts."""

    type: str
    of: str
    owner: str
    actions: str
    principal: str
    nothing: list[str]
    part: str = ""
    source: str = ""
    account: str = ""
    organization: str = ""


class Attributes(_Strict, frozen=True):
    """Attributes that give access where they get another value, or that limit it."""

    gives: list[str]
    limits: list[str]

    @cached_property
    def by_kind(self) -> dict[str, list[tuple[Steps, bool]]]:
        """The paths in each type, and whether what stands there limits access."""
        found: dict[str, list[tuple[Steps, bool]]] = {}
        for names, limits in ((self.gives, False), (self.limits, True)):
            for kind, _, path in (each.partition(".") for each in names):
                found.setdefault(kind, []).append((tuple(path_steps(path)), limits))
        return found


class NoAccess(_Strict, frozen=True):
    """Types whose documents look like policies and give nobody anything."""

    types: list[str]


class Elsewhere(_Strict, frozen=True):
    """What gives access in other providers: regular expressions over types and their attributes."""

    types: list[str]
    attributes: list[str]
    roles: str

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
        return (
            re.compile("|".join(self.types)),
            re.compile("|".join(self.attributes)),
            re.compile(self.roles),
        )

    def gives(self, kind: str) -> bool:
        """Whether a resource of this type is a grant."""
        return bool(self._patterns[0].fullmatch(kind))

    def gives_in(self, kind: str, attribute: str) -> bool:
        """Whether this attribute gives access to what has it."""
        return bool(self._patterns[1].fullmatch(f"{kind}.{attribute}"))

    def is_role(self, attribute: str) -> bool:
        """Whether the attribute of a grant says what may be done, and not by whom or on what."""
        return bool(self._patterns[2].fullmatch(attribute))


class AccessTypes(_Strict, frozen=True):
    """Everything in the file."""

    document: list[Document]
    inside: list[Inside]
    grant: list[Grant]
    beside: dict[str, str]
    limits: dict[str, str]
    attributes: Attributes
    no_access: NoAccess
    elsewhere: Elsewhere

    @cached_property
    def compared(self) -> dict[str, set[str]]:
        """The attributes whose documents are compared, statement by statement, by type."""
        found: dict[str, set[str]] = {}
        for each in (*self.document, *self.inside):
            found.setdefault(each.kind, set()).add(str(each.path[0]))
        return found

    @cached_property
    def known(self) -> frozenset[str]:
        """The types of which every attribute is compared, or gives nobody access."""
        return frozenset((*(each.type for each in self.grant), *self.no_access.types))


@lru_cache(maxsize=1)
def access_types() -> AccessTypes:
    """Return the table; it is read once."""
    return msgspec.toml.decode(TABLE.read_bytes(), type=AccessTypes)
