"""What do the few functions come to that only arrange what they are given?

Everything else is worked out from its arguments in a way that is not followed. A function whose
result has another order than its argument gives a collection that cannot be entered by position.
Source: Terraform, "Built-in Functions".
"""

from collections.abc import Callable, Sequence
from typing import Final

from planspec.references import fallbacks
from planspec.references.presence import (
    EMPTY_TEXTS,
    NOT_FOLLOWED,
    as_sure_as,
    exact,
    is_single,
    lost_rest,
    needed,
    or_else,
    over,
    rest,
    some_element,
    spread,
    sure,
    unless_empty,
    what,
)
from planspec.references.symbolic import (
    NOT_THERE,
    NULL_VALUE,
    Encoded,
    Keyed,
    Listed,
    Lost,
    Mixed,
    OneOf,
    Stated,
    Traced,
    hidden,
    undecided,
)

Arguments = Sequence[Traced]
DEEPEST_LIST: Final = 30


def call(name: str, arguments: Arguments) -> Traced:
    """What a function gives."""
    known = _FUNCTIONS.get(name.removeprefix("core::"))
    found = known(arguments) if known and arguments else None
    return Mixed(tuple(arguments)) if found is None else found


def elements(traced: Traced) -> Listed | None:
    """The elements of a collection; None for what is none, or cannot be told."""
    match spread(traced):
        case Listed() as listed:
            return listed
        case Keyed(members, complete):
            return Listed(tuple(members.values()), complete)
        case _:
            return None


def _same(arguments: Arguments) -> Traced:
    return arguments[0]


def _text(arguments: Arguments) -> Traced:
    """One text made of another, in a way that is not followed; there is no error in it."""
    return Mixed(tuple(arguments), every=True)


def _unordered(arguments: Arguments) -> Traced | None:
    match spread(arguments[0]):
        case Listed() as listed:
            return listed._replace(ordered=False)
        case _:
            return None


def _compact(arguments: Arguments) -> Traced | None:
    match spread(arguments[0]):
        case Listed(items) as listed:
            kept = (unless_empty(each, EMPTY_TEXTS) for each in items)
            return listed._replace(items=tuple(each for each in kept if each is not None), ordered=False)
        case _:
            return None


def _concat(arguments: Arguments) -> Traced:
    items: list[Traced] = []
    ordered = True
    for each in map(spread, arguments):
        if not isinstance(each, Listed):
            # What apply decides may be a list of any length.
            items.append(rest(each))
            continue
        items += each.items if each.complete else (*each.items, lost_rest())
        ordered = ordered and each.ordered
    return Listed(tuple(items), ordered=ordered)


def _flatten(arguments: Arguments, depth: int = 0) -> Traced | None:
    outer = spread(arguments[0])
    if not isinstance(outer, Listed) or depth > DEEPEST_LIST:
        return None
    found: list[Traced] = []
    ordered = outer.ordered
    for item in outer.items:
        inner = spread(what(item))
        flat = _flatten([inner], depth + 1) if isinstance(inner, Listed) else None
        if isinstance(flat, Listed):
            found += (as_sure_as(item, each) for each in flat.items)
            found += () if flat.complete else (lost_rest(),)
            ordered = ordered and flat.ordered
        elif is_single(inner):
            found.append(item)
        else:
            # What apply decides may be a list of any length.
            found.append(as_sure_as(item, rest(inner)._replace(decided=True)))
    return Listed(tuple(found), outer.complete, ordered)


def _merge(arguments: Arguments) -> Traced | None:
    found: dict[str, Traced] = {}
    loose = False
    for each in map(spread, arguments):
        if each == NULL_VALUE:
            continue
        if not isinstance(each, Keyed) or not each.complete:
            return None
        for name, value in each.members.items():
            found[name] = over(found[name], value) if name in found else value
        loose = loose or each.loose or each.partial
    return Keyed(found, loose=loose)


def _values(arguments: Arguments) -> Traced | None:
    found = elements(arguments[0])
    return found._replace(ordered=False) if found else None


def _keys(arguments: Arguments) -> Traced | None:
    match spread(arguments[0]):
        case Keyed(members, True):
            return Listed(tuple(as_sure_as(members[key], Stated(key)) for key in sorted(members)))
        case _:
            return None


def _length(arguments: Arguments) -> Traced | None:
    found = spread(arguments[0])
    match found:
        case Keyed(members) if exact(found):
            return Stated(len(members))
        case Listed(items, ordered=True) if exact(found):
            return Stated(len(items))
        case Listed(items) if exact(found) and all(isinstance(each, Stated) for each in items):
            return Stated(len({repr(each) for each in items}))
        case _:
            return None


def _one(arguments: Arguments) -> Traced | None:
    found = elements(arguments[0])
    if found is None:
        return None
    if found.complete and len(found.items) < 2:
        return or_else(found.items[0], NULL_VALUE) if found.items else NULL_VALUE
    missing = () if sure(found.items) and found.items else (NULL_VALUE,)
    more = () if found.complete else (Lost((NOT_FOLLOWED,)),)
    return OneOf((*map(what, found.items), *missing, *more))


def _element(arguments: Arguments) -> Traced | None:
    found = elements(arguments[0])
    if found is None:
        return None
    if not found.items and found.complete:
        return NOT_THERE
    match arguments[1:]:
        case [Stated(int(place))] if exact(found) and found.ordered:
            return found.items[place % len(found.items)]
        case [place]:
            # It starts again at the end, so that any position will do, unless there is no element.
            return some_element(found, decided=not undecided(place))
        case _:
            return None


def _lookup(arguments: Arguments) -> Traced | None:
    match [spread(arguments[0]), *arguments[1:]]:
        case [Keyed(members, True), Stated(str(key)), *default]:
            if key not in members:
                return default[0] if default else NOT_THERE
            return or_else(members[key], default[0]) if default else needed(members[key])
        case _:
            return None


def _zipmap(arguments: Arguments) -> Traced | None:
    match [spread(each) for each in arguments]:
        case [Listed(names, _, True) as left, Listed(values, _, True) as right] if (
            exact(left) and exact(right) and len(names) == len(values)
        ):
            keys = [each.value for each in names if isinstance(each, Stated)]
            return (
                Keyed(dict(zip(map(str, keys), values, strict=True)))
                if len(keys) == len(names)
                else None
            )
        case _:
            return None


_FUNCTIONS: Final[dict[str, Callable[[Arguments], Traced | None]]] = {
    "coalesce": fallbacks.coalesce,
    "coalescelist": fallbacks.coalescelist,
    "compact": _compact,
    "concat": _concat,
    "distinct": _unordered,
    "element": _element,
    "flatten": _flatten,
    "jsonencode": lambda arguments: Encoded(arguments[0]),
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "lower": _text,
    "merge": _merge,
    "nonsensitive": _same,
    "one": _one,
    "reverse": _unordered,
    "sensitive": lambda arguments: hidden(arguments[0]),
    "setunion": lambda arguments: _unordered([_concat(arguments)]),
    "sort": _unordered,
    "tolist": _same,
    "tomap": _same,
    "toset": _unordered,
    "tostring": _text,
    "try": fallbacks.first_without_error,
    "upper": _text,
    "values": _values,
    "zipmap": _zipmap,
}
