"""Which of several is meant, where the first may be an error or empty: `try` and `coalesce`?

Where apply decides that, it decides which of them is meant, and so what is referred to. Source:
Terraform, "Built-in Functions", try, coalesce, coalescelist.
"""

from collections.abc import Callable, Iterator, Sequence

from planspec.plan import UNKNOWN, Known
from planspec.references.presence import (
    EMPTY_TEXTS,
    either,
    if_not_empty,
    spread,
    unless_empty,
    what,
)
from planspec.references.symbolic import (
    NO_INSTANCE,
    NOT_THERE,
    Failed,
    Instance,
    Listed,
    Lost,
    Mixed,
    OneOf,
    Perhaps,
    Stated,
    Traced,
    everything,
    undecided,
)


def first_without_error(arguments: Sequence[Traced]) -> Traced:
    """The first that is there. An instance that is not made is an error, and so the next one counts.

    Where apply decides whether the first is an error, it decides which of them is meant.
    """
    left = list(arguments)
    while left and _surely_fails(left[0]):
        left.pop(0)
    found: list[Traced] = []
    decided = True
    for each in left:
        found.append(each)
        risks = list(_risks(each))
        decided = decided and all(risks)
        if not risks:
            break
    return either(found, decided) if found else NO_INSTANCE


def _surely_fails(traced: Traced) -> bool:
    return isinstance(traced, Failed) or (isinstance(traced, OneOf) and not traced.alternatives)


def _risks(traced: Traced) -> Iterator[bool]:
    """What in it may turn out to be an error: for each, whether apply has no part in that."""
    for each in everything(traced):
        match each:
            case Instance(_, path):
                place = each.place
                if len(path) > 1 and place is not None and not isinstance(place.peek(), Known):
                    yield place.peek() is not UNKNOWN
            case OneOf(alternatives, False) if not alternatives or any(map(_may_fail, alternatives)):
                yield False
            case OneOf(()):
                yield True
            case Mixed(_, False):
                yield not undecided(each)
            case Lost() | Failed():
                yield True


def _may_fail(traced: Traced) -> bool:
    return next(_risks(traced), None) is not None


def _first_filled(arguments: Sequence[Traced], kept: Callable[[Traced], Traced | None]) -> Traced:
    """The first argument with something in it. `kept`: what is left of one; None for an empty one."""
    found: list[Traced] = []
    decided = True
    for each in arguments:
        left = kept(each)
        if left is None:
            continue
        found.append(what(left))
        if not isinstance(left, Perhaps):
            return either(found, decided)
        decided = decided and left.decided and not undecided(left)
    return OneOf((*found, NOT_THERE), decided) if found else NOT_THERE


def coalesce(arguments: Sequence[Traced]) -> Traced:
    """The first that is neither null nor an empty text."""
    return _first_filled(arguments, lambda each: unless_empty(each, EMPTY_TEXTS))


def coalescelist(arguments: Sequence[Traced]) -> Traced:
    """The first list with an element in it."""
    return _first_filled(arguments, _filled)


def _filled(argument: Traced) -> Traced | None:
    """A list, which may be empty; None for one that surely is."""
    match spread(argument):
        case Listed((), True) | Stated(None):
            return None
        case Listed(items) as listed if any(not isinstance(each, Perhaps) for each in items):
            return listed
        case Listed(items, complete) as listed:
            decided = complete and all(each.decided for each in items if isinstance(each, Perhaps))
            return Perhaps(if_not_empty(listed), decided)
        case found:
            return Perhaps(found, decided=True)
