"""How are values arranged: texts, collections, the elements that something is repeated over?"""

from collections.abc import Sequence
from typing import Any

from planspec import syntax
from planspec.address import Key
from planspec.steps import NOT_FOLLOWED, UNNAMED
from planspec.syntax import Expression
from planspec.traced import (
    Instance,
    Keyed,
    Listed,
    Lost,
    Mixed,
    ModuleInstances,
    OneOf,
    Repeated,
    Stated,
    Traced,
    opened,
)


def answer(test: Traced) -> bool | None:
    """What a condition says; None if it is not stated."""
    value = test.value if isinstance(test, Stated) else None
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value)
    return value if isinstance(value, bool) else None


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
        case _:
            return Mixed(parts)


def names_lost(whole: Traced) -> tuple[str, ...]:
    """What is lost of a collection that a block is repeated over."""
    return whole.names if isinstance(whole, Lost) else ("each.value",)


def under(whole: Traced, key: Key) -> Traced:
    """What a collection that a block is repeated over has under one key."""
    match opened(whole):
        case Keyed(members) if key in members:
            return members[str(key)]
        case Listed(items, True) if all(isinstance(each, Stated) for each in items):
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


def bindings(collection: Traced, names: Sequence[str]) -> list[dict[str, Traced]] | None:
    """The names of a `for` bound to each element; None for what is no collection, or cannot be told."""
    match collection:
        case Listed(items, _, ordered):
            keys = [Stated(place) if ordered else each for place, each in enumerate(items)]
            pairs: list[tuple[Traced, Traced]] = list(zip(keys, items, strict=True))
        case Keyed(members):
            pairs = [
                (Lost((NOT_FOLLOWED,)) if key.startswith(UNNAMED) else Stated(key), each)
                for key, each in members.items()
            ]
        case Repeated(by_key):
            pairs = [(Stated(key), Instance(target)) for key, target in by_key.items()]
        case ModuleInstances(keys=keys) if keys != (None,):
            pairs = [(Stated(key), collection._replace(keys=(key,))) for key in keys]
        case _:
            return None
    if len(names) == 1:
        return [{names[0]: each} for _, each in pairs]
    return [{names[0]: key, names[1]: each} for key, each in pairs]


def whole(collection: Traced) -> bool:
    """Whether all the elements of a collection are known to be there."""
    return isinstance(collection, ModuleInstances) or (
        isinstance(collection, Listed | Keyed) and collection.complete
    )


def keyed(entries: Sequence[tuple[Traced, Traced]], *, complete: bool = True) -> Traced:
    """An object of these keys and values; a key that is not stated leaves it incomplete."""
    members: dict[str, Traced] = {}
    for place, (key, value) in enumerate(entries):
        if isinstance(key, Stated) and isinstance(key.value, str | int):
            members[str(key.value)] = value
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
