"""What does the plan say about one place in a resource?

A place is known, null, unknown (decided at apply) or absent (no such attribute). Sensitive is a mark
beside it: such a value is judged, never shown. Every read is noted, so that evidence can tell what
was looked at. Source: Terraform, "JSON Output Format", change representation (`after`,
`after_unknown`, `after_sensitive`, which can each be a tree or one boolean at any level).
"""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple

from planspec import document

REDACTED: Final = "(sensitive)"
LONGEST_SHOWN = 100

# Attributes that hold secrets in the AWS provider and are not always marked by Terraform.
SECRET_ATTRIBUTES: Final = frozenset(
    {"password", "master_password", "secret_string", "secret_binary", "auth_token", "private_key"}
    | {"secret", "secret_key", "token", "admin_password", "certificate_private_key"}
)


class Known(NamedTuple):
    """The plan states the value. `partly_unknown`: something inside is decided at apply."""

    value: Any
    partly_unknown: bool = False


class Open(NamedTuple):
    """The plan states no value; `why` says which of the three reasons."""

    why: str


UNKNOWN: Final = Open("known after apply")
NULL: Final = Open("not set")
ABSENT: Final = Open("no such attribute")

Reading = Known | Open
Note = Callable[[str, "Value"], None]


def _not_noted(path: str, value: "Value") -> None:
    """Reads are only noted where somebody asks for evidence."""


_MISSING: Final = object()


class Value:
    """One place inside a resource, reached by its path; total: every step leads to a Value."""

    __slots__ = ("_known", "_note", "_secret", "_sensitive", "_unknown", "path")

    def __init__(
        self,
        known: Any = _MISSING,
        unknown: Any = False,
        sensitive: Any = False,
        path: str = "",
        note: Note = _not_noted,
        *,
        secret: bool = False,
    ) -> None:
        self._known = known
        self._unknown = unknown
        self._sensitive = sensitive
        self._secret = secret
        self._note = note
        self.path = path

    def get(self, *steps: str | int) -> "Value":
        """Return the place that the steps (attribute names, list positions) lead to."""
        place = self
        for step in steps:
            place = place._child(step)
        return place

    def _child(self, step: str | int) -> "Value":
        if self._unknown is True:
            known, unknown = _MISSING, True
        elif self._known is None and not self._unknown:
            known, unknown = None, False
        else:
            known, unknown = _part(self._known, step), _part(self._unknown, step)
        return Value(
            known,
            _mark(unknown),
            self._sensitive is True or _mark(_part(self._sensitive, step)),
            _extend(self.path, step),
            self._note,
            secret=self._secret or step in SECRET_ATTRIBUTES or self._is_environment_value(step),
        )

    def _is_environment_value(self, step: str | int) -> bool:
        """The value of an environment variable of a container; its name may be shown."""
        return step == "value" and "environment[" in self.path

    @property
    def reading(self) -> Reading:
        """What the plan says here; asking is noted as a read."""
        self._note(self.path, self)
        return self._state()

    def peek(self) -> Reading:
        """What the plan says here, without a note: for joins, which are evidence of nothing."""
        return self._state()

    def _state(self) -> Reading:
        if self._unknown is True:
            return UNKNOWN
        if self._known is _MISSING:
            return UNKNOWN if _any_true(self._unknown) else ABSENT
        if self._known is None:
            return UNKNOWN if _any_true(self._unknown) else NULL
        return Known(self._known, _any_true(self._unknown))

    @property
    def is_set(self) -> bool | None:
        """Whether a value stands here: None if only apply decides. `""`, `[]` and `{}` are not set.

        After an apply Terraform writes an argument that nobody set as an empty value, so the
        empty ones count as null.
        """
        match self.reading:
            case Known(value, partly):
                return True if partly else value not in ("", [], {})
            case state:
                return None if state is UNKNOWN else False

    def elements(self) -> tuple["Value", ...]:
        """Return the elements of a list; one unknown element stands for all that cannot be told.

        A value that is no list is its own only element; nothing set has no elements. Before
        Terraform 1.3 unknown elements were left out of `after`, so that positions do not match:
        then every stated element is known and one more is unknown.
        """
        match self._state():
            case Known(list(items)):
                unknowns = self._unknown if isinstance(self._unknown, list) else []
                if len(unknowns) > len(items):
                    known = Value(items, False, self._sensitive, self.path, self._note)
                    rest = Value(_MISSING, True, self._sensitive, f"{self.path}[]", self._note)
                    return (*(known.get(place) for place in range(len(items))), rest)
                return tuple(self.get(place) for place in range(len(items)))
            case Known():
                return (self,)
            case state if state is UNKNOWN:
                return (Value(_MISSING, True, self._sensitive, f"{self.path}[]", self._note),)
            case _:
                self._note(self.path, self)
                return ()

    def entries(self) -> Iterator[tuple[str, "Value"]]:
        """Yield the attributes of an object or the keys of a map, also those with unknown value."""
        names = dict.fromkeys(self._known) if isinstance(self._known, dict) else {}
        if isinstance(self._unknown, dict):
            names |= dict.fromkeys(self._unknown)
        for name in names:
            yield name, self.get(name)

    def document(self) -> "Value":
        """Return the JSON document that stands in this string, as a place with values of its own.

        A string that is decided at apply, or that is no JSON object or list, is unknown: nothing
        can be said about what is in it.
        """
        match self.reading:
            case Known(str(text)):
                parsed = _json_document(text)
                unknown = parsed is _MISSING
            case Known(dict() | list() as parsed):
                unknown = self._unknown
            case state:
                parsed, unknown = (_MISSING, True) if state is UNKNOWN else (None, False)
        return Value(parsed, unknown, self._sensitive, self.path, self._note, secret=self._secret)

    @property
    def holds_document(self) -> bool:
        """Whether this is a string with a JSON object or list in it."""
        return isinstance(self._known, str) and _json_document(self._known) is not _MISSING

    @property
    def sensitive(self) -> bool:
        """Whether Terraform marks this place, a place around it or one inside it, or its name does."""
        return self._secret or _any_true(self._sensitive)

    @property
    def shown(self) -> str:
        """The value for people: short, and never a sensitive one."""
        match self._state():
            case Known(value):
                return REDACTED if self.sensitive else shorten(to_text(value))
            case state:
                return f"({state.why})"


def to_text(value: Any) -> str:
    """Write a decoded JSON value for people: texts quoted, numbers as they stood in the plan."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value, ensure_ascii=False, default=float)


def shorten(text: str) -> str:
    """Cut a long text, and say so with three dots."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_SHOWN else f"{one_line[: LONGEST_SHOWN - 1]}…"


def _part(tree: Any, step: str | int) -> Any:
    """One step into a tree; a tree that is one boolean has no parts."""
    if isinstance(tree, dict):
        return tree.get(step, _MISSING) if isinstance(step, str) else _only(tree, step)
    if isinstance(tree, list) and isinstance(step, int) and -len(tree) <= step < len(tree):
        return tree[step]
    return _MISSING


def _mark(tree: Any) -> Any:
    """A mark that is missing is no mark."""
    return False if tree is _MISSING or tree is None else tree


def _only(tree: dict[str, Any], step: int) -> Any:
    """A block that the provider allows once is an object; position 0 of it is the block itself."""
    return tree if step == 0 else _MISSING


def _extend(path: str, step: str | int) -> str:
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if path else step


def _any_true(tree: Any) -> bool:
    if isinstance(tree, dict):
        return any(_any_true(part) for part in tree.values())
    if isinstance(tree, list):
        return any(_any_true(part) for part in tree)
    return tree is True


def _json_document(text: str) -> Any:
    if text.lstrip()[:1] not in ("{", "["):
        return _MISSING
    try:
        return document.values(text.encode())
    except ValueError:
        return _MISSING
