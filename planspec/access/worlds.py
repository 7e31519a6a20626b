"""What a request can be in one dimension, as far as it makes a difference to the boxes that are asked.

A world is one choice; with it stands which of the hindering boxes match there.
"""

import datetime as dt
import ipaddress
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from planspec.access import keys
from planspec.access.automaton import MOST_SETS, Budget, TooMany, Walk
from planspec.access.boxes import ACTION, CALLER, Bit, Box, Dimension, Key, Limit
from planspec.access.callers import CALLERS
from planspec.access.operators import Condition, Family, Network, holds
from planspec.access.patterns import (
    ANY_ONE,
    ANY_RUN,
    ONE_IN_PART,
    RUN_IN_PART,
    either_case,
)
from planspec.access.policy import ALL, Texts

Choice = str | tuple[str, ...] | None | bool
"""A text; the values of a key, None where it is absent; whether a bit is set."""


class World(NamedTuple):
    """A choice, and the hindering boxes that match it."""

    choice: Choice
    matched: frozenset[int]


class Scope(NamedTuple):
    """What holds for a whole question: how much may be looked at, and what the values of keys are.

    `kinds` tells how any of its boxes compares a key, `sets` the keys that one compares as a set.
    """

    budget: Budget
    kinds: Mapping[str, frozenset[Family]]
    sets: frozenset[str]


def scope(boxes: Iterable[Box], budget: Budget) -> Scope:
    """Return the scope of a question about these boxes."""
    kinds: dict[str, set[Family]] = {}
    sets: set[str] = set()
    for condition in {each for box in boxes for limit in box.limits.values() for each in _of(limit)}:
        kinds.setdefault(condition.key, set()).add(condition.operator.family)
        if condition.operator.quantifier:
            sets.add(condition.key)
    return Scope(budget, {key: frozenset(each) for key, each in kinds.items()}, frozenset(sets))


def _of(limit: Limit | None) -> frozenset[Condition]:
    return limit if isinstance(limit, frozenset) else frozenset()


_ACTIONS: Final = Texts(
    frozenset({(ONE_IN_PART, RUN_IN_PART, ":", ONE_IN_PART, RUN_IN_PART)})
)  # fmt: skip
_SOMETHING: Final = Texts(frozenset({(ANY_ONE, ANY_RUN)}))
_SPARE_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789-"


def worlds(
    dimension: Dimension, wanted: Sequence[Box], hindering: Sequence[Box], scope: Scope
) -> list[World]:
    """Return the worlds of a dimension in which every wanted box matches, the least hindered only."""
    match dimension:
        case Bit():
            found = _of_bit(dimension, wanted, hindering)
        case Key(name):
            found = _of_key(name, wanted, hindering, scope)
        case _:
            found = _of_texts(dimension, wanted, hindering, scope)
    # Where nothing hinders, one is as good as another.
    return least(found if hindering else itertools.islice(found, 1))


def least(found: Iterable[World]) -> list[World]:
    """Keep the worlds whose matched boxes hold no other's: fewer hindrances are always better."""
    kept: list[World] = []
    for each in sorted(found, key=lambda world: len(world.matched)):
        if not any(one.matched <= each.matched for one in kept):
            kept.append(each)
    return kept


def _of_bit(bit: Bit, wanted: Sequence[Box], hindering: Sequence[Box]) -> Iterator[World]:
    for value in (False, True):
        if all(each.limits.get(bit, value) is value for each in wanted):
            agreeing = (n for n, each in enumerate(hindering) if each.limits.get(bit, value) is value)
            yield World(value, frozenset(agreeing))


def _texts_of(box: Box, dimension: Dimension) -> Texts:
    limit = box.limits.get(dimension, ALL)
    return limit if isinstance(limit, Texts) else ALL


def _of_texts(
    dimension: str, wanted: Sequence[Box], hindering: Sequence[Box], scope: Scope
) -> Iterator[World]:
    """Walk the product of the unions that are a limit; the others match everywhere."""
    must = [each for each in (_texts_of(box, dimension) for box in wanted) if each != ALL]
    numbers = [n for n, box in enumerate(hindering) if _texts_of(box, dimension) != ALL]
    free = frozenset(range(len(hindering))) - set(numbers)
    distinct = list(dict.fromkeys(_texts_of(hindering[n], dimension) for n in numbers))
    spare = {"spare": _SPARE_LETTERS} if dimension != CALLER else {}
    universe = {ACTION: _ACTIONS, CALLER: Texts(CALLERS)}.get(dimension)
    walk = Walk([*must, *([universe] if universe else [])], distinct, scope.budget, fewest=True, **spare)
    for kind, text in walk.kinds().items():
        agreeing = {n for n in numbers if distinct.index(_texts_of(hindering[n], dimension)) in kind}
        yield World(text, free | agreeing)


def _of_key(key: str, wanted: Sequence[Box], hindering: Sequence[Box], scope: Scope) -> Iterator[World]:
    required = {each for box in wanted for each in _of(box.limits.get(Key(key)))}
    asked = sorted(
        required | {each for box in hindering for each in _of(box.limits.get(Key(key)))}, key=repr
    )
    for choice in _choices(key, asked, scope):
        holding = {each for each in asked if holds(each, choice)}
        if required <= holding:
            agreeing = (n for n, box in enumerate(hindering) if _of(box.limits.get(Key(key))) <= holding)
            yield World(choice, frozenset(agreeing))


def _choices(key: str, asked: Sequence[Condition], scope: Scope) -> Iterable[tuple[str, ...] | None]:
    singles = list(dict.fromkeys(_values(key, asked, scope)))
    several = keys.has_several(key)
    if several is None:
        several = key in scope.sets
    absent: list[tuple[str, ...] | None] = [] if keys.is_always_there(key) else [None]
    if not several:
        return [*absent, *((each,) for each in singles)]
    return [*absent, *_sets(singles, asked)]


def _sets(singles: Sequence[str], asked: Sequence[Condition]) -> list[tuple[str, ...]]:
    """Return one set of values for each way in which the conditions can hold of a set."""
    known: dict[tuple[bool, ...], tuple[str, ...]] = {}
    for each in singles:
        known.setdefault(_answers((each,), asked), (each,))
    alone = list(known.values())
    waiting = list(alone)
    while waiting:
        group = waiting.pop(0)
        for one in alone:
            if one[0] in group:
                continue
            joined = (*group, *one)
            answers = _answers(joined, asked)
            if answers not in known:
                known[answers] = joined
                waiting.append(joined)
        if len(known) > MOST_SETS:
            raise TooMany
    return list(known.values())


def _answers(values: tuple[str, ...], asked: Sequence[Condition]) -> tuple[bool, ...]:
    return tuple(holds(each, values) for each in asked)


def _values(key: str, asked: Sequence[Condition], scope: Scope) -> Iterable[str]:
    families = scope.kinds.get(key, frozenset())
    if Family.YES_OR_NO in families or keys.is_yes_or_no(key):
        return ("true", "false")
    operands = {each for one in asked for each in one.operands}
    if Family.NUMBER in families:
        return _numbers(each for each in operands if isinstance(each, Decimal))
    if Family.MOMENT in families:
        moments = _numbers(each for each in operands if isinstance(each, Decimal))
        return (_moment(Decimal(each)) for each in moments)
    if Family.ADDRESS in families or keys.is_address(key):
        return _addresses(
            each for each in operands if isinstance(each, ipaddress.IPv4Network | ipaddress.IPv6Network)
        )
    return _texts(asked, scope.budget)


def _texts(asked: Sequence[Condition], budget: Budget) -> Iterable[str]:
    unions = list(dict.fromkeys(_union(each) for each in asked if each.operator.family is Family.TEXT))
    # A text without a letter is possible, and the last that anybody wants to read.
    return [*Walk([_SOMETHING], unions, budget, fewest=False).kinds().values(), ""]


def _union(condition: Condition) -> Texts:
    patterns = (each for each in condition.operands if isinstance(each, tuple))
    if condition.operator.test == "folded":
        patterns = (either_case(each) for each in patterns)
    return Texts(frozenset(patterns))


def _numbers(boundaries: Iterable[Decimal]) -> Iterator[str]:
    """Yield each boundary, one number between two, and one beyond each end."""
    ordered = sorted(set(boundaries)) or [Decimal(0)]
    yield from (f"{each:f}" for each in ordered)
    yield from (f"{(low + high) / 2:f}" for low, high in itertools.pairwise(ordered))
    yield from (f"{ordered[0] - 1:f}", f"{ordered[-1] + 1:f}")


def _moment(seconds: Decimal) -> str:
    try:
        at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError:
        return f"{seconds:f}"
    return at.isoformat().replace("+00:00", "Z")


_PUBLIC: Final = ("203.0.113.9", "2001:db8::9")


def _addresses(networks: Iterable[Network]) -> Iterator[str]:
    """Yield the ends of each network, and the addresses beside them."""
    yield from _PUBLIC
    for each in sorted(set(networks), key=lambda one: (one.version, one)):
        for number in (
            int(each.network_address),
            int(each.network_address) - 1,
            int(each.broadcast_address),
            int(each.broadcast_address) + 1,
        ):
            if 0 <= number < 2**each.max_prefixlen:
                yield str(_address(number, each.version))


def _address(number: int, version: int) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.IPv4Address(number) if version == 4 else ipaddress.IPv6Address(number)
