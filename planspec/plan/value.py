"""What does the plan say about one place in a resource?

A place is known, null, unknown (decided at apply) or absent (no such attribute). Sensitive is a mark
beside it: such a value is judged, never shown. Every read is noted, so that evidence can tell what
was looked at. Source: Terraform, "JSON Output Format", change representation (`after`,
`after_unknown`, `after_sensitive`, which can each be a tree or one boolean at any level).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from planspec.masking import REDACTED
from planspec.plan.marks import (
    MISSING,
    LooseMarks,
    Perhaps,
    any_true,
    holds_secret,
    json_document,
    marks_of,
)
from planspec.plan.place import Note, Place
from planspec.syntax import Said, shorten, to_text


class Known(NamedTuple):
    """The plan states the value. `partly_unknown`: something inside is decided at apply."""

    value: Any
    partly_unknown: bool = False


class Open(NamedTuple):
    """The plan states no value; `why` says which of the three reasons."""

    why: str


# As `Known(...)` makes one, in half of the time: a judgement of many resources reads each of them.
_known: Final = partial(tuple.__new__, Known)
UNKNOWN: Final = Open("known after apply")
NULL: Final = Open("not set")
ABSENT: Final = Open("no such attribute")

Reading = Known | Open


class Value(Place):
    """A place and what the plan says there; total: every step leads to a Value."""

    __slots__ = ()

    def under(self, name: str, *, sensitive: bool = False) -> "Value":
        """Return an object that holds this value under a name, and nothing else."""
        known = {} if self._known is MISSING else {name: self._known}
        return Value(known, {name: self._unknown}, {name: sensitive or self._sensitive})

    def noted(self, note: Note | None) -> "Value":
        """Return the same place, of which each reading is noted; None notes none."""
        made = Value(self._known, self._unknown, self._sensitive, self.path, note)
        made._free = self._free
        made._doubt = self._doubt
        return made

    @property
    def reading(self) -> Reading:
        """What the plan says here; asking is noted as a read."""
        if self._note is not None:
            self._note(self)
        return self.peek()

    def peek(self) -> Reading:
        """What the plan says here, without a note: for joins, which are evidence of nothing."""
        return self._state_if_there() if self._doubt is None else UNKNOWN

    def _state_if_there(self) -> Reading:
        known, unknown = self._known, self._unknown
        if unknown is True:
            return UNKNOWN
        undecided = bool(unknown) and any_true(unknown)
        if undecided and self._maybe_empty:
            return UNKNOWN
        if known is MISSING:
            return UNKNOWN if undecided else ABSENT
        if known is None:
            return UNKNOWN if undecided or self._write_only else NULL
        return _known((self._surely if undecided else known, undecided))

    @property
    def _maybe_empty(self) -> bool:
        """Whether this is a collection of which each part may be missing."""
        match self._known, self._unknown:
            case list(), LooseMarks() as marks:
                return all(isinstance(mark, Perhaps) for mark in marks)
            case dict() as known, dict() as marks if marks and not known:
                return all(isinstance(mark, Perhaps) for mark in dict.values(marks))
            case _:
                return False

    @property
    def _surely(self) -> Any:
        """The value without the elements that may be missing."""
        if not isinstance(self._unknown, LooseMarks):
            return self._known
        parts = zip(self._known, self._unknown, strict=True)
        return [part for part, mark in parts if not isinstance(mark, Perhaps)]

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
        state = self.reading
        if isinstance(state, Known):
            return state.partly_unknown or state.value not in ("", [], {})
        return None if state is UNKNOWN else False

    def elements(self) -> tuple["Value", ...]:
        """Return the elements of a list; one unknown element stands for all that cannot be told.

        A value that is no list is its own only element; nothing set has no elements. Before
        Terraform 1.3 unknown elements were left out of `after`, so that positions do not match:
        then every stated element is known and one more is unknown. An element that may be missing is
        one of them, and unknown.
        """
        if isinstance(self._unknown, LooseMarks):
            parts = enumerate(zip(self._known, self._unknown, strict=True))
            return tuple(self._reach(at, known, mark) for at, (known, mark) in parts)
        match self._state_if_there():
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
        if self._note is not None:
            self._note(self)
        match self._state_if_there():
            case Known(str(text)):
                parsed = json_document(text)
                unknown = parsed is MISSING
            case Known(dict() | list()):
                parsed, unknown = self._known, self._unknown
            case state:
                parsed, unknown = (MISSING, True) if state is UNKNOWN else (None, False)
        return self._reach(None, parsed, unknown, free=True)

    @property
    def holds_document(self) -> bool:
        """Whether this is a string with a JSON object or list in it."""
        return isinstance(self._known, str) and json_document(self._known) is not MISSING

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
        match self.peek():
            case Known(value):
                hidden = self.sensitive or holds_secret(value, self.path)
                return REDACTED if hidden else shorten(to_text(_as_shown(self._known, self._unknown)))
            case state if state is UNKNOWN and self._in_doubt is not None:
                return f"({self._in_doubt._whether_there})"
            case state:
                # A block that nobody wrote has no attributes; only a misspelt name is none at all.
                return f"({(state if state is not ABSENT or self.misnamed else NULL).why})"

    @property
    def _in_doubt(self) -> "Value | None":
        """The place, around this one or inside it, of which apply decides whether it is there."""
        if self._doubt is None:
            parts = [*self.elements(), *(part for _, part in self.entries())]
            return next((part for part in parts if part._doubt is not None), None)
        place = self
        while place._from is not None and place._from._doubt is self._doubt:
            place = place._from
        return place

    @property
    def _whether_there(self) -> str:
        if self._doubt and self._doubt.why:
            return self._doubt.why
        where = f", {self._doubt.where}" if self._doubt and self._doubt.where else ""
        return f"whether {self.path} exists is known after apply{where}"

    @property
    def _mark(self) -> Any:
        """The mark of this place for what takes it out of its surroundings."""
        if self._doubt is None:
            return self._unknown
        return self._doubt._replace(known=self._known, unknown=self._unknown)


def _as_shown(known: Any, unknown: Any) -> Any:
    """The value, with words for the elements that it has no value for."""
    match known, unknown:
        case list(), list() if len(known) == len(unknown):
            return [_element_shown(*pair) for pair in zip(known, unknown, strict=True)]
        case dict(), dict():
            marks = dict(unknown)
            return {name: _as_shown(part, marks.get(name)) for name, part in known.items()}
        case _:
            return known


def _element_shown(known: Any, mark: Any) -> Any:
    if isinstance(mark, Perhaps):
        return Said("(whether it exists is known after apply)")
    return Said(f"({UNKNOWN.why})") if mark is True else _as_shown(known, mark)


def composed(parts: Mapping[str, Value] | Sequence[Value], *, free: bool = True) -> Value:
    """Return an object or a list of these values, such as a JSON document that apply will write.

    A value that is absent is left out of an object. `free`: any object in it may have any key, as in
    a document.
    """
    if isinstance(parts, Mapping):
        there = {name: part for name, part in parts.items() if part.peek() is not ABSENT}
        known: Any = {
            name: part._known
            for name, part in there.items()
            if part._known is not MISSING and part._doubt is None
        }
        unknown: Any = {name: part._mark for name, part in there.items()}
        made = Value(known, unknown, {name: part._sensitive for name, part in there.items()})
    else:
        open_ones = [part._known is MISSING or part._doubt is not None for part in parts]
        stated = [
            None if is_open else part._known for part, is_open in zip(parts, open_ones, strict=True)
        ]
        made = Value(stated, marks_of(part._mark for part in parts), [part._sensitive for part in parts])
    made._free = free
    return made
