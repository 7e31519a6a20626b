"""What does the plan say about one place in a resource?

A place is known, null, unknown (decided at apply) or absent (no such attribute). Sensitive is a mark
beside it: such a value is judged, never shown. Every read is noted, so that evidence can tell what
was looked at. Source: Terraform, "JSON Output Format", change representation (`after`,
`after_unknown`, `after_sensitive`, which can each be a tree or one boolean at any level).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from planspec.marks import (
    MISSING,
    any_true,
    extend,
    holds_secret,
    json_document,
    names_secret,
    or_no_mark,
    part_of,
    sensitive_part,
    unknown_part,
)
from planspec.misspelt import near_key
from planspec.shown import shorten, to_text

REDACTED: Final = "(sensitive)"


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
Note = Callable[["Value"], None]


class Value:
    """One place inside a resource, reached by its path; total: every step leads to a Value.

    A place knows the one that it was reached from. Its path and its marks are worked out from there
    when somebody asks for them: a judgement of many resources walks many more places than it shows.
    """

    __slots__ = ("_free", "_from", "_known", "_note", "_root", "_step", "_unknown")

    def __init__(
        self,
        known: Any = MISSING,
        unknown: Any = False,
        sensitive: Any = False,
        path: str = "",
        note: Note | None = None,
    ) -> None:
        self._known = known
        self._unknown = unknown
        self._note = note
        # Inside a JSON document every object may have any key.
        self._free = False
        # Where it was reached from, and by which step; None stands for the same place.
        self._from: Value | None = None
        self._step: str | int | None = None
        # Only a place that was reached from nowhere has a path and marks of its own.
        self._root = (path, sensitive)

    def get(self, *steps: str | int) -> "Value":
        """Return the place that the steps (attribute names, list positions) lead to."""
        place = self
        for step in steps:
            place = place._child(step)
        return place

    def _child(self, step: str | int) -> "Value":
        known, unknown = self._known, self._unknown
        if isinstance(known, dict) and isinstance(unknown, dict) and isinstance(step, str):
            # What the rest comes to in the usual case, in a third of the time.
            known, unknown = known.get(step, MISSING), unknown.get(step) or False
        elif unknown is True:
            known = MISSING
        elif known is not None or unknown:
            if isinstance(step, int) and self._out_of_step:
                return self._reach(step, MISSING, True)
            known = part_of(known, step)
            unknown = or_no_mark(unknown_part(unknown, step)) if unknown else False
        return self._reach(step, known, unknown)

    @property
    def _out_of_step(self) -> bool:
        """Whether `after` leaves unknown elements out, as before Terraform 1.3: no position is sure."""
        known, unknown = self._known, self._unknown
        if not isinstance(known, list) or not isinstance(unknown, list):
            return False
        return len(unknown) > len(known) and any_true(unknown)

    def _reach(self, step: str | int | None, known: Any, unknown: Any, *, free: bool = False) -> "Value":
        """The place that one step leads to; the step None stays at this one, with other contents."""
        place = object.__new__(Value)
        place._known = known
        place._unknown = unknown
        place._note = self._note
        place._free = free or self._free
        place._from = self
        place._step = step
        return place

    def under(self, name: str, *, sensitive: bool = False) -> "Value":
        """Return an object that holds this value under a name, and nothing else."""
        known = {} if self._known is MISSING else {name: self._known}
        return Value(known, {name: self._unknown}, {name: sensitive or self._sensitive})

    def noted(self, note: Note) -> "Value":
        """Return the same place, of which each reading is noted."""
        made = Value(self._known, self._unknown, self._sensitive, self.path, note)
        made._free = self._free
        return made

    @property
    def path(self) -> str:
        """The steps from the resource to here, as a person writes them."""
        if self._from is None:
            return self._root[0]
        return self._from.path if self._step is None else extend(self._from.path, self._step)

    @property
    def steps(self) -> tuple[str | int | None, ...]:
        """The steps from the resource to here; None enters the JSON document in a text."""
        return () if self._from is None else (*self._from.steps, self._step)

    @property
    def _sensitive(self) -> Any:
        """The marks at this place: a tree, or one boolean for all of it."""
        if self._from is None:
            return self._root[1]
        marks = self._from._sensitive
        return marks if self._step is None else sensitive_part(marks, self._from._known, self._step)

    @property
    def _secret(self) -> bool:
        """Whether a name on the way here says that a secret stands there."""
        if self._from is None:
            return False
        named = self._step is not None and names_secret(self._from.path, self._step)
        return named or self._from._secret

    @property
    def misnamed(self) -> bool:
        """Whether no block has an attribute of this name: the path is misspelt, or lacks a [*]."""
        if self._from is None:
            return False
        missing = self._known is MISSING and not self._unknown and self._step is not None
        return (missing and self._from._lacks(self._step)) or self._from.misnamed

    @property
    def near_miss(self) -> str | None:
        """The key that was probably meant, where one on the way here is not there but nearly is."""
        place = self
        while place._from is not None and place._from._known is MISSING and not place._from._unknown:
            place = place._from
        if place._from is None or place._known is not MISSING or place._unknown:
            return None
        stated = place._from._known
        return near_key(place._step, stated) if isinstance(stated, dict) else None

    def _lacks(self, step: str | int | None) -> bool:
        """Whether this is a block, which states each of its attributes, or something without any."""
        if self._free or not isinstance(step, str) or self._known in (MISSING, None, "", [], {}):
            return False
        return not isinstance(self._known, dict) or not self.path or self.path.endswith("]")

    @property
    def reading(self) -> Reading:
        """What the plan says here; asking is noted as a read."""
        if self._note is not None:
            self._note(self)
        return self._state()

    def peek(self) -> Reading:
        """What the plan says here, without a note: for joins, which are evidence of nothing."""
        return self._state()

    def _state(self) -> Reading:
        if self._unknown is True:
            return UNKNOWN
        undecided = bool(self._unknown) and any_true(self._unknown)
        if self._known is MISSING:
            return UNKNOWN if undecided else ABSENT
        if self._known is None:
            return UNKNOWN if undecided or self._write_only else NULL
        return Known(self._known, undecided)

    @property
    def _write_only(self) -> bool:
        """Whether the provider takes the value and keeps it nowhere: the plan shows null, marked.

        Source: Terraform 1.11, "Use write-only arguments"; providers name them so that they end in _wo.
        """
        named = isinstance(self._step, str) and self._step.endswith("_wo")
        return named and any_true(self._sensitive)

    @property
    def is_left_out(self) -> bool:
        """Whether this very attribute is null, and not a map or block around it."""
        return self.peek() is NULL and (self._from is None or self._from._known is not None)

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
                    known = self._reach(None, items, False)
                    return (*(known.get(place) for place in range(len(items))), self.undecided())
                return tuple(self.get(place) for place in range(len(items)))
            case Known():
                return (self,)
            case state if state is UNKNOWN:
                return (self.undecided(),)
            case _:
                if self._note is not None:
                    self._note(self)
                return ()

    def undecided(self) -> "Value":
        """Return an element of this place of which nothing can be told."""
        return self._reach("[]", MISSING, True)

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
                parsed = json_document(text)
                unknown = parsed is MISSING
            case Known(dict() | list() as parsed):
                unknown = self._unknown
            case state:
                parsed, unknown = (MISSING, True) if state is UNKNOWN else (None, False)
        return self._reach(None, parsed, unknown, free=True)

    @property
    def holds_document(self) -> bool:
        """Whether this is a string with a JSON object or list in it."""
        return isinstance(self._known, str) and json_document(self._known) is not MISSING

    @property
    def stated(self) -> Any:
        """What the plan states here, as it was decoded; None for nothing. Only for what hides it."""
        return None if self._known is MISSING else self._known

    @property
    def marked(self) -> Any:
        """The marks for secrets at this place: a tree, or one boolean for all of it."""
        return self._sensitive

    @property
    def sensitive(self) -> bool:
        """Whether Terraform marks this place, one around it or inside it, or its name does.

        A switch is no secret, whatever its name says.
        """
        named = self._secret and not isinstance(self._known, bool)
        return named or any_true(self._sensitive)

    @property
    def shown(self) -> str:
        """The value for people: short, and never a sensitive one."""
        match self._state():
            case Known(value):
                hidden = self.sensitive or holds_secret(value, self.path)
                return REDACTED if hidden else shorten(to_text(value))
            case state:
                # A block that nobody wrote has no attributes; only a misspelt name is none at all.
                return f"({(state if state is not ABSENT or self.misnamed else NULL).why})"


def composed(parts: Mapping[str, Value] | Sequence[Value]) -> Value:
    """Return an object or a list of these values, such as a JSON document that apply will write.

    A value that is absent is left out of an object.
    """
    if isinstance(parts, Mapping):
        there = {name: part for name, part in parts.items() if part.peek() is not ABSENT}
        known: Any = {name: part._known for name, part in there.items() if part._known is not MISSING}
        unknown: Any = {name: part._unknown for name, part in there.items()}
        made = Value(known, unknown, {name: part._sensitive for name, part in there.items()})
    else:
        stated = [None if part._known is MISSING else part._known for part in parts]
        marks = [part._sensitive for part in parts]
        made = Value(stated, [part._unknown for part in parts], marks)
    made._free = True  # in a document every object may have any key
    return made
