"""Which types give access, and where they say so?

Reads `schemas/aws_access.toml`, which says what each list is for.
"""

import re
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final

import msgspec

from planspec.schema.provider import SHIPPED
from planspec.syntax import path_steps

TABLE: Final = SHIPPED.with_name("aws_access.toml")
Steps = tuple[str | int, ...]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A table in which every key is known and has its type."""


class Inside(_Strict, frozen=True):
    """A policy document in the thing that it is about; the provider may copy it from `beside`.

    `opens`: what AWS lets everybody do where there is none.
    """

    at: str
    beside: str = ""
    resets: bool = False
    who: bool = True
    default: str = ""
    opens: list[str] = []
    sort: str = "documents"

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


class Holding(Inside, frozen=True):
    """Where a policy of an identity, or its ARN, stands, and what names the identity."""

    named: str = ""


class Identity(_Strict, frozen=True):
    """A type that has permissions; `limited`: a permissions boundary may take some away."""

    type: str
    beside: Holding
    attached: list[Holding]
    limited: bool = False


class Member(_Strict, frozen=True):
    """A type that says which users belong to which groups."""

    type: str
    users: str
    groups: str


class Grant(_Strict, frozen=True):
    """A resource that is one statement: the attributes that are its parts, and what it always says."""

    type: str
    of: str
    owner: str
    nothing: list[str]
    actions: str = ""
    does: list[str] = []
    service: str = ""
    principal: str = ""
    others: list[str] = []
    everybody: dict[str, str] = {}
    whoever: str = ""
    on: str = ""
    part: str = ""
    source: str = ""
    account: str = ""
    organization: str = ""
    bound: dict[str, str] = {}
    asked: bool = False
    sort: str = "grants"

    @cached_property
    def named(self) -> frozenset[str]:
        """The attributes that are parts of the statement, or say nothing; any other one binds it."""
        parts = (self.of, self.part, self.actions, self.principal, self.on, self.source, self.account)
        more = (self.organization, *self.others, *self.everybody, *self.nothing)
        return frozenset((*parts, *more, *(each.partition("[")[0] for each in self.bound)))


class Share(Inside, frozen=True):
    """A list of principals in the thing that they get access to.

    Each element is one, or has it at `named`, and what it may do at `actions`.
    """

    named: str = ""
    does: list[str] = []
    actions: str = ""
    everybody: str = ""
    sort: str = "sharing"

    @property
    def inside(self) -> tuple[str, str]:
        """The attributes of each element."""
        return self.named, self.actions


class Acl(_Strict, frozen=True):
    """An access control list of S3: where its name stands, and where its grants do.

    `names` are the attributes by which a grant names whom it is for, in the order in which they count.
    """

    type: str
    of: str
    owner: str
    canned: str
    grants: str = ""
    grantee: str = ""
    names: list[str] = []
    permission: str = "permissions"
    owned: str = ""
    object: bool = False
    sort: str = "lists"


class Door(Inside, frozen=True):
    """An attribute with which an endpoint asks nobody who he is, if it has the value `open`."""

    open: str = ""
    does: list[str] = []
    sort: str = "doors"

    def is_open(self, value: object) -> bool:
        """Whether the endpoint asks nobody, if this stands there."""
        return isinstance(value, str | bool) and str(value).lower() == self.open


class Attributes(_Strict, frozen=True):
    """Attributes that give access where they get another value, or that limit it, by their sort."""

    gives: dict[str, list[str]]
    limits: dict[str, list[str]]

    @cached_property
    def by_kind(self) -> dict[str, list[tuple[Steps, bool]]]:
        """The paths in each type, and whether what stands there limits access."""
        found: dict[str, list[tuple[Steps, bool]]] = {}
        for names, limits in ((self.gives, False), (self.limits, True)):
            for kind, _, path in (each.partition(".") for each in chain(*names.values())):
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

    copies: list[str]
    sorts: dict[str, str]
    identity: list[Identity]
    member: list[Member]
    managed: dict[str, list[str]]
    document: list[Document]
    inside: list[Inside]
    grant: list[Grant]
    share: list[Share]
    acl: list[Acl]
    door: list[Door]
    beside: dict[str, dict[str, str]]
    limits: dict[str, dict[str, str]]
    attributes: Attributes
    no_access: NoAccess
    left_out: dict[str, list[str]]
    elsewhere: Elsewhere

    @cached_property
    def giving(self) -> dict[str, str]:
        """The types that give something as soon as they are there, with what names their owner."""
        return {kind: of for each in self.beside.values() for kind, of in each.items()}

    @cached_property
    def limiting(self) -> dict[str, str]:
        """The types that only take away, with what names their owner."""
        return {kind: of for each in self.limits.values() for kind, of in each.items()}

    @cached_property
    def roles_of_code(self) -> frozenset[tuple[str, Steps]]:
        """The types that run code, and where they name the role that it runs with."""
        named = (each.partition(".") for each in self.attributes.gives["code"])
        return frozenset((kind, tuple(path_steps(path))) for kind, _, path in named)

    @cached_property
    def doors(self) -> dict[tuple[str, Steps], Door]:
        """The endpoints that may ask nobody, by type and attribute."""
        return {(each.kind, each.path): each for each in self.door}

    @cached_property
    def identities(self) -> tuple[str, ...]:
        """The types that have permissions, or give an identity some, each once."""
        given = [one.kind for each in self.identity for one in (each.beside, *each.attached)]
        members, holders = ([each.type for each in some] for some in (self.member, self.identity))
        return tuple(dict.fromkeys(("aws_iam_role", "aws_iam_policy", *given, *members, *holders)))

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
        grants = [each.type for each in self.grant]
        lists = [each.type for each in self.acl if each.of]
        return frozenset((*grants, *lists, *self.no_access.types))


@lru_cache(maxsize=1)
def access_types() -> AccessTypes:
    """Return the table; it is read once."""
    return msgspec.toml.decode(TABLE.read_bytes(), type=AccessTypes)
