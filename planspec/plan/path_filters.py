"""Which elements does a filter in a path choose?

`Statement[?(@.Effect == "Allow")]` chooses elements by what stands in them. Where the plan does not tell
it, the element is perhaps one of them, and what it holds cannot satisfy or violate anything for sure.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from planspec.errors import PathError
from planspec.plan.value import ABSENT, NULL, UNKNOWN, Known, Value
from planspec.syntax import RUNS_AWAY, TooLong, matcher

_ORDERS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MATCHES: Final = "=~"
_KNOWN: Final = frozenset({"==", "=", "!=", _MATCHES, *_ORDERS})
_DIGITS: Final = re.compile(r"-?[0-9]{1,18}")
WHY: Final = "the plan does not tell whether the filter of the path chooses {}"


class Comparison(NamedTuple):
    """One comparison of a filter: what is compared, how, and with what; without `how`: is it there."""

    places: Callable[[Value], Sequence[Value]]
    how: str | None
    value: Any


def refuse_comparison(how: str | None, value: Any) -> None:
    """Raise PathError for a comparison that is not known, or a pattern that is none."""
    if how is not None and how not in _KNOWN:
        raise PathError(f'"{how}" in a filter is not known; use ==, !=, <, <=, >, >= and =~')
    try:
        matcher(str(value) if how == _MATCHES else "")
    except re.error as error:
        raise PathError(f'"{value}" in a filter is not a regular expression: {error}') from error


def chosen(elements: Sequence[Value], comparisons: Sequence[Comparison]) -> list[Value]:
    """Return the elements that fit all comparisons, and as doubtful ones those that may."""
    found = []
    for element in elements:
        answers = [_answer(element, each, elements) for each in comparisons]
        if False in answers:
            continue
        found.append(element.doubted(WHY.format(element.path)) if None in answers else element)
    return found


def _answer(element: Value, asked: Comparison, elements: Sequence[Value]) -> bool | None:
    places = asked.places(element)
    if asked.how is None:
        answers = [each.is_set for each in places]
    elif _is_slip(asked, places, elements):
        return None
    else:
        answers = [_compared(each, asked.how, asked.value) for each in places]
    if True in answers:
        return True
    return None if None in answers or element.peek() is UNKNOWN else False


def _is_slip(asked: Comparison, places: Sequence[Value], elements: Sequence[Value]) -> bool:
    """Whether a key that an element lacks is misspelt: it nearly is there, or no element has it."""
    if not places or any(each.peek() is not ABSENT for each in places):
        return False
    if any(each.near_miss for each in places):
        return True
    every = (place for element in elements for place in asked.places(element))
    return all(each.peek() is ABSENT for each in every)


def _compared(place: Value, how: str, value: Any) -> bool | None:
    """Whether a place fits a comparison; None if that cannot be told.

    A number or a switch that nobody set is as the provider has it, which the plan does not say.
    """
    state = place.reading
    if state in (NULL, ABSENT):
        opened = state is NULL and not isinstance(value, str)
        return None if opened else how == "!="
    if not isinstance(state, Known) or state.partly_unknown:
        return None
    match how:
        case "==" | "=":
            return _same(state.value, value)
        case "!=":
            same = _same(state.value, value)
            return None if same is None else not same
        case "=~":
            return _matches(state.value, str(value))
        case _:
            one, two = _number(state.value), _number(value)
            return None if one is None or two is None else _ORDERS[how](one, two)


def _same(stated: Any, written: Any) -> bool | None:
    if isinstance(stated, list | dict):
        return None
    if isinstance(stated, bool) or isinstance(written, bool):
        return str(stated).lower() == str(written).lower()
    one, two = _number(stated), _number(written)
    return one == two if one is not None and two is not None else str(stated) == str(written)


def _matches(stated: Any, pattern: str) -> bool | None:
    """A part that matches may be what was meant: that is no plain no."""
    if isinstance(stated, list | dict):
        return None
    compiled = matcher(pattern)
    text = str(stated)
    try:
        return True if compiled.fullmatch(text) else None if compiled.search(text) else False
    except TooLong as error:
        raise PathError(RUNS_AWAY) from error


def _number(value: Any) -> Decimal | None:
    """A number, or a text of digits; a version is none."""
    if isinstance(value, bool) or (isinstance(value, str) and not _DIGITS.fullmatch(value)):
        return None
    return Decimal(str(value)) if isinstance(value, int | float | Decimal | str) else None
