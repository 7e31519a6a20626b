"""What do the few functions come to that only arrange what they are given?

Everything else is worked out from its arguments in a way that is not followed. A function whose
result has another order than its argument gives a collection that cannot be entered by position.
Source: Terraform, "Built-in Functions".
"""

from collections.abc import Callable, Sequence
from typing import Final

from planspec.traced import (
    NO_INSTANCE,
    Encoded,
    Instance,
    Keyed,
    Listed,
    Lost,
    Mixed,
    OneOf,
    Repeated,
    Stated,
    Traced,
    hidden,
    opened,
)

Arguments = Sequence[Traced]
# The text of a constant that several lines of this module ask for.
NULLS: Final = (None, "")


def call(name: str, arguments: Arguments) -> Traced:
    """What a function gives."""
    known = _FUNCTIONS.get(name.removeprefix("core::"))
    found = known(arguments) if known and arguments else None
    return Mixed(tuple(arguments)) if found is None else found


def elements(traced: Traced) -> Listed | None:
    """The elements of a collection; None for what is none, or cannot be told."""
    match opened(traced):
        case Listed() as listed:
            return listed
        case Keyed(members, complete):
            return Listed(tuple(members.values()), complete)
        case Repeated(by_key):
            return Listed(tuple(Instance(target) for target in by_key.values()))
        case _:
            return None


def _same(arguments: Arguments) -> Traced:
    return arguments[0]


def _unordered(arguments: Arguments) -> Traced | None:
    match opened(arguments[0]):
        case Listed() as listed:
            return listed._replace(ordered=False)
        case _:
            return None


def _compact(arguments: Arguments) -> Traced | None:
    match opened(arguments[0]):
        case Listed(items) as listed:
            kept = (each for each in items if not (isinstance(each, Stated) and each.value in NULLS))
            return listed._replace(items=tuple(kept), ordered=False)
        case _:
            return None


def _concat(arguments: Arguments) -> Traced | None:
    lists = [opened(each) for each in arguments]
    known = [each for each in lists if isinstance(each, Listed)]
    complete = len(known) == len(lists) and all(each.complete for each in known)
    items = [item for each in known for item in each.items]
    items += [each for each in lists if not isinstance(each, Listed)]
    return Listed(tuple(items), complete, ordered=complete)


def _flatten(arguments: Arguments) -> Traced | None:
    match opened(arguments[0]):
        case Listed(items, complete, ordered):
            found: list[Traced] = []
            for item in items:
                inner = opened(item)
                flat = _flatten([inner]) if isinstance(inner, Listed) else None
                if isinstance(flat, Listed):
                    found += flat.items
                    complete, ordered = complete and flat.complete, ordered and flat.ordered
                else:
                    # What apply decides may be a list of any length.
                    complete = complete and isinstance(inner, Stated | Keyed)
                    found.append(item)
            return Listed(tuple(found), complete, ordered and complete)
        case _:
            return None


def _merge(arguments: Arguments) -> Traced | None:
    found: dict[str, Traced] = {}
    for each in map(opened, arguments):
        if isinstance(each, Stated) and each.value is None:
            continue
        if not isinstance(each, Keyed) or not each.complete:
            return None
        found |= each.members
    return Keyed(found)


def _values(arguments: Arguments) -> Traced | None:
    found = elements(arguments[0])
    return found._replace(ordered=False) if found else None


def _keys(arguments: Arguments) -> Traced | None:
    match opened(arguments[0]):
        case Keyed(members, True):
            return Listed(tuple(Stated(key) for key in sorted(members)))
        case Repeated(by_key):
            return Listed(tuple(Stated(key) for key in sorted(by_key, key=str)))
        case _:
            return None


def _try(arguments: Arguments) -> Traced | None:
    """The first that is there. An instance that is not made is an error, and so the next one counts."""
    left = list(arguments)
    while left and isinstance(left[0], OneOf) and not left[0].alternatives:
        left.pop(0)
    if not left:
        return NO_INSTANCE
    return (
        left[0]
        if isinstance(left[0], Instance | Stated | Listed | Keyed)
        else OneOf(tuple(left), decided=True)
    )


def _coalesce(arguments: Arguments) -> Traced | None:
    left = [each for each in arguments if not (isinstance(each, Stated) and each.value in NULLS)]
    if left and isinstance(left[0], Stated):
        return left[0]
    return OneOf(tuple(left), decided=True)


def _one(arguments: Arguments) -> Traced | None:
    found = elements(arguments[0])
    if found is None:
        return None
    if found.complete and len(found.items) < 2:
        return found.items[0] if found.items else Stated(None)
    return OneOf(found.items)


def _element(arguments: Arguments) -> Traced | None:
    found = elements(arguments[0])
    if found is None or not found.items:
        return None
    match arguments[1:]:
        case [Stated(int(place))] if found.complete and found.ordered:
            return found.items[place % len(found.items)]
        case _:
            return OneOf(found.items)


def _lookup(arguments: Arguments) -> Traced | None:
    match [opened(arguments[0]), *arguments[1:]]:
        case [Keyed(members, True), Stated(str(key)), *default]:
            return members.get(key, default[0] if default else Lost((f"lookup of {key}",)))
        case _:
            return None


def _zipmap(arguments: Arguments) -> Traced | None:
    match [opened(each) for each in arguments]:
        case [Listed(names, True, True), Listed(values, True, True)] if len(names) == len(values):
            keys = [each.value for each in names if isinstance(each, Stated)]
            return (
                Keyed(dict(zip(map(str, keys), values, strict=True)))
                if len(keys) == len(names)
                else None
            )
        case _:
            return None


_FUNCTIONS: Final[dict[str, Callable[[Arguments], Traced | None]]] = {
    "coalesce": _coalesce,
    "coalescelist": lambda arguments: OneOf(tuple(arguments), decided=True),
    "compact": _compact,
    "concat": _concat,
    "distinct": _unordered,
    "element": _element,
    "flatten": _flatten,
    "jsonencode": lambda arguments: Encoded(arguments[0]),
    "keys": _keys,
    "lookup": _lookup,
    "merge": _merge,
    "nonsensitive": _same,
    "one": _one,
    "reverse": _unordered,
    "sensitive": lambda arguments: hidden(arguments[0]),
    "setunion": lambda arguments: _unordered([_concat(arguments) or Mixed()]),
    "sort": _unordered,
    "tolist": _same,
    "tomap": _same,
    "toset": _unordered,
    "try": _try,
    "values": _values,
    "zipmap": _zipmap,
}
