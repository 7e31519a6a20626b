"""Statements as boxes: a product of limits, one in each dimension of a request.

An open part becomes a bit of its own, which the same text has the same before and after: "within its
bounds it may match or not" is then two boxes without open parts, one for sure and one with the bit.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from planspec.access import keys
from planspec.access.operators import Condition, Family, at_least, at_most
from planspec.access.patterns import Pattern, is_open, upper_bound
from planspec.access.policy import ALL, Statement, Texts


class Bit(NamedTuple):
    """What decides whether an open part matches a request; the same in every statement."""

    dimension: str
    part: object


class Key(NamedTuple):
    """The dimension of one condition key."""

    name: str


Dimension = str | Key | Bit
Limit = Texts | frozenset[Condition] | bool
ACTION: Final = "action"
CALLER: Final = "caller"
RESOURCE: Final = "resource"
TEXTS: Final = (ACTION, CALLER, RESOURCE)
_MOST_BITS: Final = 4


class Box(NamedTuple):
    """The requests that a statement matches, where `limits` says nothing it matches all."""

    limits: Mapping[Dimension, Limit]
    statement: Statement

    @property
    def form(self) -> frozenset[tuple[Dimension, Limit]]:
        """What it means, whoever wrote it."""
        return frozenset(self.limits.items())

    def with_limit(self, dimension: Dimension, limit: Limit) -> "Box":
        """Return the box with another limit in one dimension."""
        return self._replace(limits={**self.limits, dimension: limit})


_Choice = tuple[tuple[Dimension, Limit], ...]
Doubtful = Callable[[Condition], bool]


def boxes(statement: Statement, doubtful: Doubtful) -> list[Box]:
    """Return the boxes that together are the statement; `doubtful` tells conditions that are open."""
    choices = [
        list(_of_texts(dimension, texts))
        for dimension, texts in zip(
            TEXTS, (statement.actions, statement.callers, statement.resources), strict=True
        )
        if texts != ALL
    ]
    choices.append([tuple((Bit("statement", each), True) for each in sorted(statement.perhaps))])
    by_key = sorted(statement.conditions, key=lambda each: each.key)
    for key, conditions in itertools.groupby(by_key, key=lambda each: each.key):
        choices.append(list(_of_key(key, list(conditions), doubtful)))
    return [Box(dict(itertools.chain(*each)), statement) for each in itertools.product(*choices)]


def _of_texts(dimension: str, texts: Texts) -> Iterator[_Choice]:
    opened = sorted(each for each in texts.patterns if is_open(each))
    sure = texts.patterns - set(opened)
    if not texts.left_out:
        if sure or not opened:
            yield ((dimension, Texts(sure)),)
        for each in opened:
            yield (dimension, Texts(frozenset({upper_bound(each)}))), (Bit(dimension, each), True)
        return
    for outside, undecided in _splits(opened):
        patterns = sure | {upper_bound(each) for each in outside}
        bits = tuple((Bit(dimension, each), False) for each in undecided)
        yield ((dimension, Texts(patterns, left_out=True)), *bits)


def _splits(opened: list[Pattern]) -> Iterator[tuple[list[Pattern], list[Pattern]]]:
    """Yield who is outside of its bounds and who is left to its bit; all or none where they are many."""
    if len(opened) > _MOST_BITS:
        yield from ((opened, []), ([], opened))
        return
    for picked in itertools.product((True, False), repeat=len(opened)):
        pairs = list(zip(opened, picked, strict=True))
        yield [each for each, out in pairs if out], [each for each, out in pairs if not out]


def _of_key(key: str, conditions: list[Condition], doubtful: Doubtful) -> Iterator[_Choice]:
    """Yield the limits of one key: for sure, and what may be, where some condition is open."""
    opened = [each for each in conditions if each.is_open or doubtful(each)]
    sure = frozenset(conditions) - set(opened)
    least = [None if doubtful(each) else at_least(each) for each in opened]
    most = [None if doubtful(each) else at_most(each) for each in opened]
    if all(each is not None for each in least):
        yield _limit(key, sure | {each for each in least if each is not None})
    if opened:
        bits = tuple((Bit("condition", each), True) for each in opened)
        yield *_limit(key, sure | {each for each in most if each is not None}), *bits


def _limit(key: str, conditions: frozenset[Condition]) -> _Choice:
    return ((Key(key), conditions),) if conditions else ()


def mixed(statements: Iterable[Statement]) -> Doubtful:
    """Return which conditions cannot be compared with the others on their key.

    A key of which some ask for a number and others for a text; a key with several values of which one
    asks as if there were one.
    """
    families: dict[str, set[Family]] = {}
    sets: set[str] = set()
    for condition in {each for one in statements for each in one.conditions}:
        families.setdefault(condition.key, set()).add(condition.operator.family)
        if condition.operator.quantifier:
            sets.add(condition.key)
    several = {key for key in families if _has_several(key, sets)}
    confused = {key for key, found in families.items() if not _is_one_kind(found)}

    def doubtful(condition: Condition) -> bool:
        asked = condition.operator
        if asked.family is Family.PRESENCE:
            return False
        plainly = condition.key in several and not asked.quantifier
        return plainly or condition.key in confused

    return doubtful


def _has_several(key: str, sets: set[str]) -> bool:
    known = keys.has_several(key)
    return key in sets if known is None else known


def _is_one_kind(found: set[Family]) -> bool:
    kinds = found - {Family.PRESENCE, Family.UNKNOWN}
    return len(kinds) <= 1 or kinds == {Family.TEXT, Family.YES_OR_NO}


def for_sure(wanted: Iterable[Box]) -> list[Box]:
    """Return the boxes that match whatever the open parts are."""
    return [each for each in wanted if not any(isinstance(name, Bit) for name in each.limits)]


def at_worst(hindering: Iterable[Box]) -> list[Box]:
    """Return the boxes with every open part as wide as it may be."""
    return [
        each._replace(limits={k: v for k, v in each.limits.items() if not isinstance(k, Bit)})
        for each in hindering
    ]
