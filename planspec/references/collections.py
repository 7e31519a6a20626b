"""How are values arranged: texts, collections, the elements that something is repeated over?"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from planspec import syntax
from planspec.references.operations import worked_out
from planspec.references.presence import NOT_FOLLOWED, over, what
from planspec.references.symbolic import (
    Instance,
    Keyed,
    Listed,
    Lost,
    Mixed,
    ModuleInstances,
    OneOf,
    Perhaps,
    Repeated,
    Stated,
    Traced,
    opened,
)
from planspec.references.traversal import UNNAMED
from planspec.syntax import Expression, Key


def is_loop(expression: Expression) -> bool:
    """Whether an expression goes through all instances of something."""
    match expression:
        case syntax.For():
            return True
        case syntax.Traversal(words) | syntax.Inside(_, words):
            return syntax.EVERY in words
        case _:
            return False


def arranged(expression: Expression, parts: tuple[Traced, ...]) -> Traced:
    """The collection, or the text, that an expression makes of its parts."""
    match expression:
        case syntax.Sequence():
            return Listed(parts)
        case syntax.Template():
            return _text(parts)
        case syntax.Operation(_, operator):
            return worked_out(operator, parts) or Mixed(parts)
        case _:
            return Mixed(parts)


def names_lost(whole: Traced) -> tuple[str, ...]:
    """What is lost of a collection that a block is repeated over."""
    return whole.names if isinstance(whole, Lost) else ("each.value",)


def under(whole: Traced, key: Key) -> Traced:
    """What a collection that a block is repeated over has under one key."""
    match opened(whole):
        case Keyed(members) if key in members:
            return what(members[str(key)])  # the block has an instance for it
        case Listed(items, True) if all(isinstance(what(each), Stated) for each in items):
            return Stated(key)  # a set: the value is the key
        case Repeated(by_key) if key in by_key:
            return Instance(by_key[key])
        case ModuleInstances(keys=keys) as called if key in keys:
            return called._replace(keys=(key,))
        case OneOf(alternatives, True):
            found = [under(each, key) for each in alternatives]
            left = [each for each in found if not isinstance(each, Lost)]
            return left[0] if len(left) == 1 else Lost(("each.value",))
        case _:
            return Lost(("each.value",))


class Element(NamedTuple):
    """One element of a collection as it is, with its key; the item tells whether it may be missing."""

    item: Traced
    key: Traced

    def bound(self, names: Sequence[str]) -> dict[str, Traced]:
        """The names of a `for` bound to it: to the value, or to the key and the value."""
        value = what(self.item)
        return {names[0]: value} if len(names) == 1 else {names[0]: self.key, names[1]: value}


def elements(collection: Traced) -> list[Element] | None:
    """The elements of a collection; None for what is none, or cannot be told."""
    match collection:
        case Listed(items, _, ordered):
            first = next((at for at, each in enumerate(items) if isinstance(each, Perhaps)), len(items))
            return [
                Element(each, _position(at, first) if ordered else what(each))
                for at, each in enumerate(items)
            ]
        case Keyed(members):
            unnamed = any(key.startswith(UNNAMED) for key in members)
            return [
                Element(members[key], Lost((NOT_FOLLOWED,)) if key.startswith(UNNAMED) else Stated(key))
                for key in (members if unnamed else sorted(members))
            ]
        case ModuleInstances(keys=keys) if keys != (None,):
            return [Element(collection._replace(keys=(key,)), Stated(key)) for key in keys]
        case _:
            return None


def _position(at: int, first: int) -> Traced:
    """The position of an element; those after the first that may be missing can be earlier ones."""
    return Stated(at) if at <= first else Mixed()


def whole(collection: Traced) -> bool:
    """Whether no other elements can be in a collection than those that are known."""
    return isinstance(collection, ModuleInstances | Listed | Keyed) and collection.complete


def keyed(entries: Sequence[tuple[Traced, Traced]], *, complete: bool = True) -> Traced:
    """An object of these keys and values; a key that is not stated leaves it incomplete."""
    members: dict[str, Traced] = {}
    for place, (key, value) in enumerate(entries):
        if isinstance(key, Stated) and isinstance(key.value, str | int):
            name = str(key.value)
            members[name] = over(members[name], value) if name in members else value
        else:
            members[f"{UNNAMED}{place}"] = value
            complete = False
    return Keyed(members, complete)


def _text(parts: tuple[Traced, ...]) -> Traced:
    """A text, stated if all its parts are."""
    if all(isinstance(each, Stated) and isinstance(each.value, str | int) for each in parts):
        stated = [each for each in parts if isinstance(each, Stated)]
        words = [_word(each.value) for each in stated]
        return Stated("".join(words), secret=any(each.secret for each in stated))
    return Mixed(parts, every=True)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
