"""Is there a request that every wanted box matches and no hindering one?

The hindering boxes are taken in one at a time: a request is found with those taken so far, and only
boxes that match this very request can say more. Most questions end with one to three of them.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from planspec.access import keys
from planspec.access.automaton import Budget
from planspec.access.boxes import ACTION, CALLER, RESOURCE, TEXTS, Box, Dimension, Key, Limit
from planspec.access.operators import holds
from planspec.access.patterns import matches, surely_apart
from planspec.access.policy import Texts
from planspec.access.requests import Request
from planspec.access.worlds import Choice, Scope, World, least, scope, worlds

_MOST_PAIRS: Final = 256


class Found(NamedTuple):
    """A request, and the choices that make it, bits included."""

    choices: Mapping[Dimension, Choice]

    @property
    def request(self) -> Request:
        """The request without its bits."""
        texts = {name: str(self.choices.get(name) or "") for name in TEXTS}
        context = {
            each.name: choice
            for each, choice in self.choices.items()
            if isinstance(each, Key) and isinstance(choice, tuple)
        }
        return Request(texts[CALLER], texts[ACTION], texts[RESOURCE], dict(sorted(context.items())))


def uncovered(
    wanted: Sequence[Box], hindering: Sequence[Box], budget: Budget | None = None
) -> Found | None:
    """Return a request that all of the wanted match and none of the hindering; None if there is none."""
    if any(_are_apart(wanted, dimension) for dimension in TEXTS):
        return None
    whole = scope([*wanted, *hindering], budget or Budget())
    usual = _usual(hindering)
    used: list[Box] = []
    left = list(hindering)
    while True:
        made = _find(wanted, used, whole)
        if made is None:
            return None
        found = Found({**usual, **made})
        candidates = [each for each in left if _matches(each, found)]
        if not candidates:
            return found
        widest = min(candidates, key=_width)
        used.append(widest)
        left = [each for each in left if each is not widest]


def _are_apart(wanted: Sequence[Box], dimension: str) -> bool:
    """Whether two of the boxes have nothing in common in a dimension, as far as a glance tells."""
    limits = [box.limits.get(dimension) for box in wanted]
    named = [each.patterns for each in limits if isinstance(each, Texts) and not each.left_out]
    return any(
        all(surely_apart(left, right) for left in one for right in other)
        for one, other in itertools.pairwise(named)
        if len(one) * len(other) <= _MOST_PAIRS
    )


def _width(box: Box) -> tuple[int, int]:
    patterns = sum(len(each.patterns) for each in box.limits.values() if isinstance(each, Texts))
    return sum(1 for each in box.limits if not isinstance(each, str)), -patterns


def _find(wanted: Sequence[Box], used: Sequence[Box], whole: Scope) -> dict[Dimension, Choice] | None:
    """Join the dimensions: a set of boxes hinders a request where it does so in each of them."""
    dimensions = _ordered([*wanted, *used])
    sets: dict[frozenset[int], tuple[tuple[Dimension, Choice], ...]] = {frozenset(range(len(used))): ()}
    for dimension in dimensions:
        numbers = sorted(frozenset().union(*sets))
        asked = [used[n] for n in numbers]
        joined: dict[frozenset[int], tuple[tuple[Dimension, Choice], ...]] = {}
        for choice, matched in worlds(dimension, wanted, asked, whole):
            hit = frozenset(numbers[n] for n in matched)
            for before, made in sets.items():
                joined.setdefault(before & hit, (*made, (dimension, choice)))
        kept = least(World(None, each) for each in joined)
        sets = {each.matched: joined[each.matched] for each in kept}
        if not sets:
            return None
    return dict(sets[frozenset()]) if frozenset() in sets else None


def _ordered(boxes: Sequence[Box]) -> list[Dimension]:
    named = {each for box in boxes for each in box.limits}
    rest = sorted((each for each in named if not isinstance(each, str)), key=repr)
    return [ACTION, *(each for each in (CALLER, RESOURCE) if each in named), *rest]


def _usual(boxes: Sequence[Box]) -> dict[Dimension, Choice]:
    """Return the usual values of the keys that every request has."""
    named = {each for box in boxes for each in box.limits if isinstance(each, Key)}
    return {each: (keys.USUAL[each.name],) for each in named if keys.is_always_there(each.name)}


def _matches(box: Box, found: Found) -> bool:
    return all(_agrees(limit, found.choices.get(name)) for name, limit in box.limits.items())


def _agrees(limit: Limit, choice: Choice) -> bool:
    match limit:
        case bool():
            return limit is bool(choice)
        case Texts(patterns, left_out):
            text = str(choice or "")
            return any(matches(each, text) for each in patterns) is not left_out
        case _:
            values = choice if isinstance(choice, tuple) else None
            return all(holds(each, values) for each in limit)
