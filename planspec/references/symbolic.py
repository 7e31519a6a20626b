"""What does an expression come to, as far as it can be followed?

The result of following an expression symbolically: values that are stated, places in instances that
apply decides, collections of both, and what is lost. Nothing is guessed.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from planspec.plan import UNKNOWN, Known, Value
from planspec.references.edges import Grade, Target, at_most
from planspec.syntax import Key, ModulePath


class Stated(NamedTuple):
    """A value that the source or the plan states. `secret`: never to be shown or filled in.

    `loose`: a collection, as for `Keyed`.
    """

    value: Any
    secret: bool = False
    loose: bool = False


class Listed(NamedTuple):
    """A list, or a set if it is not ordered. If it is not complete, more elements may be in it."""

    items: tuple["Traced", ...]
    complete: bool = True
    ordered: bool = True


class Keyed(NamedTuple):
    """An object or a map. If it is not complete, more keys may be in it.

    `partial`: a nested block, of which the provider may set more than is written. `loose`: its type may
    give an attribute that is not here a default; elsewhere it is an error to ask for one.
    """

    members: Mapping[str, "Traced"]
    complete: bool = True
    partial: bool = False
    loose: bool = False


class Perhaps(NamedTuple):
    """An element, member or block that may be missing; `inner` is what it is if it is there.

    It stands only right inside a Listed or a Keyed: what stands nowhere else is either a value or an
    error. `decided`: no condition that apply decides stands before it, so that what it refers to is
    meant all the same. `many`: there may be several of its kind. `line`: of its `dynamic` block.
    """

    inner: "Traced"
    decided: bool = False
    many: bool = False
    line: int = 0


class Encoded(NamedTuple):
    """The JSON text of something."""

    inner: "Traced"


class Instance(NamedTuple):
    """One instance (without a path), or a place in it.

    `mentioned`: an expression that plan JSON keeps only the names of; the value is made of it, in a
    way that is not known.
    """

    target: Target
    path: tuple[str | int, ...] = ()
    mentioned: bool = False

    @property
    def place(self) -> Value | None:
        """What the plan says there; None for data that was read while planning."""
        return self.target.change.planned.get(*self.path) if self.target.change else None


class Repeated(NamedTuple):
    """A block with `count` or `for_each`: its instances; more may come in a later plan."""

    by_key: Mapping[Key, Target]
    complete: bool = True


class ModuleInstances(NamedTuple):
    """A module that is called: the instances of it that are meant; more may come in a later plan."""

    parent: ModulePath
    call: str
    keys: tuple[Key, ...]
    grade: Grade = Grade.EXACT
    complete: bool = True


class OneOf(NamedTuple):
    """One of these, and which is not known. `decided`: not by anything that apply decides."""

    alternatives: tuple["Traced", ...]
    decided: bool = False


class Mixed(NamedTuple):
    """Worked out from these. `every`: from each of them surely, such as a text with names in it."""

    parts: tuple["Traced", ...] = ()
    every: bool = False


class Lost(NamedTuple):
    """What could not be followed, by name."""

    names: tuple[str, ...]


class Failed(NamedTuple):
    """What Terraform stops at with an error, so that nothing is ever made of it, unless in `try`."""

    why: str


Traced: TypeAlias = (
    Stated
    | Listed
    | Keyed
    | Perhaps
    | Encoded
    | Instance
    | Repeated
    | ModuleInstances
    | OneOf
    | Mixed
    | Lost
    | Failed
)
# Worked out from nothing that is in a plan: `path.module`, a root variable that was not given.
NO_OBJECT: Final = Mixed()
NULL_VALUE: Final = Stated(None)
# The object that a block with `count = 0` does not make.
NO_INSTANCE: Final = OneOf((), decided=True)
NOT_THERE: Final = Failed("an element that is not there")


def parts(traced: Traced) -> tuple[Traced, ...]:
    """What is right inside."""
    match traced:
        case Listed(inner) | OneOf(inner) | Mixed(inner):
            return inner
        case Keyed(members):
            return tuple(members.values())
        case Encoded(whole) | Perhaps(whole):
            return (whole,)
        case _:
            return ()


def everything(traced: Traced) -> Iterator[Traced]:
    """Yield it and all that is inside it."""
    waiting = [traced]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += reversed(parts(each))


def mapped(traced: Traced, change: Callable[[Traced], Traced]) -> Traced:
    """The same with everything right inside it changed."""
    match traced:
        case Listed(items):
            return traced._replace(items=tuple(map(change, items)))
        case Keyed(members):
            return traced._replace(members={key: change(each) for key, each in members.items()})
        case Encoded(inner) | Perhaps(inner):
            return traced._replace(inner=change(inner))
        case OneOf(alternatives):
            return traced._replace(alternatives=tuple(map(change, alternatives)))
        case Mixed(inner_parts):
            return traced._replace(parts=tuple(map(change, inner_parts)))
        case _:
            return traced


def replaced(traced: Traced, one: Traced, other: Traced) -> Traced:
    """The same with one value exchanged, wherever it is what is meant, or may be."""
    if isinstance(traced, OneOf):
        return mapped(traced, lambda each: replaced(each, one, other))
    return other if traced == one else traced


def lowered(traced: Traced, grade: Grade) -> Traced:
    """The same with every object at most of this grade."""
    match traced:
        case Instance(target):
            return traced._replace(target=at_most(target, grade))
        case Repeated(by_key):
            return traced._replace(by_key={key: at_most(each, grade) for key, each in by_key.items()})
        case ModuleInstances():
            return traced._replace(grade=min(grade, traced.grade))
        case _:
            return mapped(traced, lambda each: lowered(each, grade))


def hidden(traced: Traced) -> Traced:
    """The same with every stated value marked as secret."""
    return traced._replace(secret=True) if isinstance(traced, Stated) else mapped(traced, hidden)


def mentioned(traced: Traced) -> Traced:
    """The same where only the names in an expression are known, and not what is made of them."""
    match traced:
        case Stated() | Failed():
            return NO_OBJECT
        case Listed() | Keyed() | Encoded():
            return Mixed(tuple(mentioned(each) for each in parts(traced)))
        case Instance():
            return traced._replace(mentioned=True)
        case _:
            return mapped(traced, mentioned)


def undecided(traced: Traced) -> bool:
    """Whether apply decides something of it, or it is lost, so that a test on it has no answer yet."""
    for each in everything(traced):
        if isinstance(each, Lost) or (isinstance(each, Instance) and _open(each)):
            return True
        if isinstance(each, Perhaps | OneOf) and not each.decided:
            return True
    return False


def _open(instance: Instance) -> bool:
    place = instance.place
    if place is None or not instance.path:
        return False
    reading = place.peek()
    return reading is UNKNOWN or (isinstance(reading, Known) and reading.partly_unknown)


def opened(traced: Traced) -> Traced:
    """A collection that is stated as a whole, or stands as one in an instance, as its parts."""
    match traced:
        case Stated(list(items)):
            return Listed(tuple(_part(each, traced) for each in items))
        case Stated(dict(members), _, loose):
            return Keyed({key: _part(each, traced) for key, each in members.items()}, loose=loose)
        case Instance(_, path, False) if path and traced.place is not None:
            return _opened_place(traced, traced.place)
        case OneOf((only,), _):
            return opened(only)
        case _:
            return traced


def _part(value: Any, whole: Stated) -> Stated:
    return whole._replace(value=value, loose=whole.loose and isinstance(value, list | dict))


def _opened_place(traced: Instance, place: Value) -> Traced:
    match place.peek():
        case Known(list(items), partly):
            found = (Instance(traced.target, (*traced.path, at)) for at in range(len(items)))
            return Listed(tuple(found), complete=not partly)
        case Known(dict(), _):
            inner = {key: Instance(traced.target, (*traced.path, key)) for key, _ in place.entries()}
            return Keyed(inner)
        case _:
            return traced
