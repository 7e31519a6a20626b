"""What can be told from the texts alone, before any search: it is exact, and it decides most changes.

A box that lies in one hindering box is covered. One that sticks out in a single list is covered but for
what sticks out: of a document with one new ARN, one pattern is left of four hundred.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from planspec.access.boxes import CALLER, RESOURCE, TEXTS, Bit, Box, Dimension, Limit
from planspec.access.patterns import Pattern, within
from planspec.access.policy import ALL, Texts

MOST_PIECES: Final = 512


def remaining(box: Box, hindering: Sequence[Box]) -> Box | None:
    """Return what of the box no hindering one covers by itself; None if nothing is left."""
    for other in hindering:
        out = _sticking_out(box, other)
        if not out:
            return None
        if len(out) == 1 and out[0] in TEXTS:
            rest = _rest(box.limits.get(out[0], ALL), other.limits[out[0]])
            if rest is not None:
                box = box.with_limit(out[0], rest)
    return box


def pieces(box: Box) -> Iterator[Box]:
    """Yield the box in pieces of one resource and one caller each, where there are not too many."""
    parts = [box]
    for dimension in (RESOURCE, CALLER):
        limit = box.limits.get(dimension)
        if (
            not isinstance(limit, Texts)
            or limit.left_out
            or len(limit.patterns) * len(parts) > MOST_PIECES
        ):
            continue
        parts = [
            one.with_limit(dimension, Texts(frozenset({each})))
            for one in parts
            for each in sorted(limit.patterns)
        ]
    yield from parts


def _sticking_out(box: Box, other: Box) -> list[Dimension]:
    """Return the dimensions in which the box is not within the other, two at most."""
    out: list[Dimension] = []
    for dimension, limit in other.limits.items():
        if isinstance(dimension, Bit):
            inside = _is_implied(box, dimension, limit is True)
        else:
            inside = _is_within(box.limits.get(dimension), limit)
        if not inside:
            out.append(dimension)
            if len(out) > 1:
                break
    return out


def _is_implied(box: Box, bit: Bit, asked: bool) -> bool:
    """Whether the box says so of the same open pattern, or of one that lies in it, or holds it."""
    if box.limits.get(bit) is asked:
        return True
    said = [each for each in box.limits if isinstance(each, Bit) and box.limits[each] is asked]
    return any(_lies_in(*((each, bit) if asked else (bit, each))) for each in said)


def _lies_in(inner: Bit, outer: Bit) -> bool:
    patterns = isinstance(inner.part, tuple) and isinstance(outer.part, tuple)
    alike = inner.dimension == outer.dimension and inner.dimension in TEXTS
    return patterns and alike and within(inner.part, outer.part)


def _is_within(inner: Limit | None, outer: Limit) -> bool:
    match outer:
        case Texts():
            return _texts_within(inner if isinstance(inner, Texts) else ALL, outer)
        case frozenset():
            return isinstance(inner, frozenset) and outer <= inner
        case _:
            return inner is outer


def _texts_within(inner: Texts, outer: Texts) -> bool:
    if outer in {inner, ALL}:
        return True
    if outer.left_out:
        # Everything but more is within everything but less.
        return inner.left_out and all(_in_some(each, inner.patterns) for each in outer.patterns)
    return not inner.left_out and all(_in_some(each, outer.patterns) for each in inner.patterns)


def _in_some(one: Pattern, others: Iterable[Pattern]) -> bool:
    return one in others or any(within(one, each) for each in others)


def _rest(limit: Limit, other: Limit) -> Texts | None:
    """Return the patterns that stick out; None where the limit is no list of patterns."""
    if not isinstance(limit, Texts) or not isinstance(other, Texts) or limit.left_out or other.left_out:
        return None
    return Texts(frozenset(each for each in limit.patterns if not _in_some(each, other.patterns)))
