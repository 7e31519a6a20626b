"""Which elements of a collection are there for sure, and which may be missing?

A condition that is not decided yet gives one of several collections. They become one, in which what
only some of them have is perhaps there. Source: Terraform, "Conditional Expressions".
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from planspec.references.symbolic import (
    NOT_THERE,
    NULL_VALUE,
    Encoded,
    Failed,
    Instance,
    Keyed,
    Listed,
    Lost,
    Mixed,
    OneOf,
    Perhaps,
    Repeated,
    Stated,
    Traced,
    opened,
    undecided,
)

Collection = Listed | Keyed
EMPTY_TEXTS: Final = (None, "")
NOT_FOLLOWED: Final = "an expression that is not followed"
# Deeper choices inside choices are not gone into, so that a hostile source comes to an end.
DEEPEST: Final = 10
# Attributes of which a provider makes a text that is never empty, whatever the type.
_IDENTITIES: Final = frozenset({"arn", "id"})


def spread(traced: Traced, depth: int = 0) -> Traced:
    """A collection, or one of several, as one collection; anything else as it is.

    A null has no elements.
    """
    found = opened(traced)
    match found:
        case Repeated():
            return _of_instances(found)
        case OneOf((), True):
            return Listed(())  # all the instances of a block that makes none
        case OneOf(alternatives, decided) if depth < DEEPEST:
            options = [spread(each, depth + 1) for each in alternatives if not isinstance(each, Failed)]
            return _joined(options, decided) or found
        case _:
            return found


def spread_without_null(traced: Traced) -> Traced:
    """The same where a null would be no empty collection: it leaves an argument to the provider."""
    match traced:
        case OneOf(alternatives) if NULL_VALUE in alternatives:
            return traced
        case OneOf():
            found = spread(traced)
            return found if isinstance(found, Collection) and found.complete else traced
        case _:
            return opened(traced)


def _of_instances(repeated: Repeated) -> Collection:
    values = {key: Instance(target) for key, target in repeated.by_key.items()}
    if all(isinstance(key, str) for key in values):
        return Keyed({str(key): each for key, each in values.items()}, repeated.complete)
    numbered = sorted(values, key=lambda key: (isinstance(key, str), key or 0))
    return Listed(tuple(values[key] for key in numbered), repeated.complete)


def _joined(options: Sequence[Traced], decided: bool) -> Collection | None:
    """Several collections as one; None where none of them is one, or they are of two kinds."""
    lists = [each for each in options if isinstance(each, Listed)]
    maps = [each for each in options if isinstance(each, Keyed)]
    if bool(lists) == bool(maps):
        return None
    followed = all(isinstance(each, Collection) or each == NULL_VALUE for each in options)
    complete = followed and all(each.complete for each in lists) and all(each.complete for each in maps)
    some_without = len(lists) + len(maps) < len(options)
    if maps:
        maps += [Keyed({})] if some_without else []
        names = dict.fromkeys(name for each in maps for name in each.members)
        rows = {name: [each.members.get(name) for each in maps] for name in names}
        members = {name: _place(row, decided) for name, row in rows.items()}
        partial, loose = any(each.partial for each in maps), any(each.loose for each in maps)
        return Keyed(members, complete, partial, loose)
    lists += [Listed(())] if some_without else []
    if not all(each.ordered for each in lists):
        return Listed(_united(lists, decided), complete, ordered=False)
    width = range(max(len(each.items) for each in lists))
    columns = [[each.items[at] if at < len(each.items) else None for each in lists] for at in width]
    return Listed(tuple(_place(column, decided) for column in columns), complete)


def _united(sets: Sequence[Listed], decided: bool) -> tuple[Traced, ...]:
    """The elements of all the sets; sure is what is surely in each of them."""
    items = {_likeness(what(item)): item for each in sets for item in each.items}
    surely = [{_likeness(item) for item in each.items} for each in sets]
    return tuple(
        what(item) if all(name in each for each in surely) else perhaps(item, decided)
        for name, item in items.items()
    )


def _place(values: Sequence[Traced | None], decided: bool) -> Traced:
    """What stands in one place of several collections; None stands for one without it."""
    there = [each for each in values if each is not None]
    inner = either([what(each) for each in there], decided)
    unsure = [each for each in there if isinstance(each, Perhaps)]
    everywhere = len(there) == len(values)
    if everywhere and not unsure:
        return inner
    meant = (decided or everywhere) and all(each.decided for each in unsure)
    return Perhaps(inner, meant, any(each.many for each in unsure))


def either(values: Sequence[Traced], decided: bool) -> Traced:
    """One of several values, and which is not known; the same one several times is that one."""
    found = {_likeness(each): each for each in values}
    return next(iter(found.values())) if len(found) == 1 else OneOf(tuple(values), decided)


def _likeness(traced: Traced) -> Any:
    """What two values have in common only if they are the same; told without a look inside."""
    match traced:
        case Stated(str() | bool() | int() | None as value, secret):
            return type(value), value, secret
        case Instance(target, path, mentioned):
            return target.address, target.grade, path, mentioned
        case _:
            return id(traced)


def perhaps(traced: Traced, decided: bool, *, many: bool = False, line: int = 0) -> Perhaps:
    """The same, which may be missing."""
    if isinstance(traced, Perhaps):
        decided, many, line = traced.decided and decided, traced.many or many, line or traced.line
    return Perhaps(what(traced), decided, many, line)


def as_sure_as(element: Traced, made: Traced, *, line: int = 0) -> Traced:
    """What is made of an element: it may be missing where the element may, or by itself."""
    if not isinstance(element, Perhaps):
        return made
    return perhaps(made, element.decided, many=element.many, line=line or element.line)


def what(traced: Traced) -> Traced:
    """What an element is if it is there."""
    return traced.inner if isinstance(traced, Perhaps) else traced


def needed(traced: Traced) -> Traced:
    """An element that is asked for by its key or position: if it is missing, that is an error."""
    return OneOf((traced.inner, NOT_THERE), traced.decided) if isinstance(traced, Perhaps) else traced


def some_element(listed: Listed, *, least: int = 1, decided: bool = True) -> Traced:
    """One of the elements, and which is not known.

    It is an error where fewer than `least` are there. `decided`: which is asked for is not decided
    by apply.
    """
    items = tuple(map(what, listed.items))
    missing = (
        () if sum(not isinstance(each, Perhaps) for each in listed.items) >= least else (NOT_THERE,)
    )
    more = () if listed.complete else (Lost((NOT_FOLLOWED,)),)
    decided = decided and all(each.decided for each in listed.items if isinstance(each, Perhaps))
    found = (*items, *more, *missing)
    return found[0] if len(found) == 1 else OneOf(found, decided)


def if_not_empty(listed: Listed) -> Listed:
    """A list as it is if anything is in it: its only element is then there."""
    match listed:
        case Listed((Perhaps(only, _, False),), True):
            return listed._replace(items=(only,))
        case _:
            return listed


def or_else(traced: Traced, other: Traced) -> Traced:
    """An element, or what stands for it where it is missing."""
    return either([traced.inner, other], traced.decided) if isinstance(traced, Perhaps) else traced


def over(first: Traced, second: Traced) -> Traced:
    """The later of two values of one key, if it is there; else the first."""
    if not isinstance(second, Perhaps):
        return second
    return as_sure_as(first, either([second.inner, what(first)], second.decided))


def sure(items: Iterable[Traced]) -> bool:
    """Whether none of these may be missing."""
    return Perhaps not in map(type, items)  # asked for each of many instances of a list of all


def exact(collection: Traced) -> bool:
    """Whether all the elements of a collection are known to be there, and no more are."""
    match collection:
        case Listed(items, complete):
            return complete and sure(items)
        case Keyed(members, complete):
            return complete and sure(members.values())
        case _:
            return False


def unless_empty(item: Traced, nothing: Sequence[Any], depth: int = 0) -> Traced | None:
    """An element that is left out if it is one of these values; None where it surely is."""
    inner = what(item)
    match inner:
        case Stated(value):
            return None if value in nothing else item
        case OneOf((_, *_) as alternatives, decided) if depth < DEEPEST:
            found = [unless_empty(each, nothing, depth + 1) for each in alternatives]
            left = [each for each in found if each is not None]
            if not left:
                return None
            whole = as_sure_as(item, either([what(each) for each in left], decided))
            return whole if len(left) == len(found) and sure(left) else perhaps(whole, decided)
        case Mixed(parts, True) if any(isinstance(each, Stated) and each.value for each in parts):
            return item  # a text with some letters in it
        case Instance(_, path) if _is_identity(path):
            return item
        case Listed() | Keyed() | Encoded() | Failed():
            return item
        case _:
            return perhaps(item, decided=True)


def is_single(traced: Traced, depth: int = 0) -> bool:
    """Whether this is surely one value, and no list of any length."""
    match traced:
        case Stated(value):
            return not isinstance(value, list)
        case Instance(_, path):
            return _is_identity(path)
        case Mixed(_, every):
            return every
        case OneOf((_, *_) as alternatives) if depth < DEEPEST:
            return all(is_single(each, depth + 1) for each in alternatives)
        case _:
            return isinstance(traced, Keyed | Encoded)


def _is_identity(path: Sequence[str | int]) -> bool:
    return not path or (len(path) == 1 and path[0] in _IDENTITIES)


def rest(collection: Traced) -> Perhaps:
    """What may be in a collection of which the elements are not known."""
    return Perhaps(Mixed((collection,)), not undecided(collection), many=True)


def lost_rest() -> Perhaps:
    """What may be in a collection beside the elements that are known."""
    return Perhaps(Lost((NOT_FOLLOWED,)), many=True)
