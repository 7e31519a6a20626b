"""Does one value have a stated relation to a text from a requirement?

Each relation answers yes, no, or None where apply decides. Nothing set is in no relation.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation
from typing import Any

from planspec.errors import FeatureError
from planspec.judgements.generic import ports
from planspec.judgements.generic.magnitudes import Order, names_version, order_to_bound
from planspec.plan import UNKNOWN, Known, Value
from planspec.syntax import RUNS_AWAY, TooLong, matcher, to_text, values

# Comparing must not round; Decimal rounds to 28 digits unless told otherwise.
_EVERY_DIGIT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
Relation = Callable[[Value], bool | None]


def is_set(place: Value) -> bool | None:
    """Whether a value stands there; empty texts, lists and maps do not count."""
    return place.is_set


class OneOf:
    """The relation to texts of which the value is one."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._known = _known(self._is_one, unset=_of_unset(texts))

    def __call__(self, place: Value) -> bool | None:
        """Whether the value is one of the texts."""
        answer = self._known(place)
        return None if answer is False and self.ranges(place) else answer

    def ranges(self, place: Value) -> bool:
        """Whether several ports stand there, of which a text names one."""
        match place.peek():
            case Known(str(value), _) if ports.names_port(place.steps):
                return any(ports.holds(value, text) for text in self.texts)
            case _:
                return False

    def _is_one(self, value: Any) -> bool | None:
        return _any_of(same(value, text) for text in self.texts)


def equals(text: str) -> OneOf:
    """The value is the text: `true` for a boolean, any way of writing the same number, or JSON.

    A switch that nobody set is as the provider or the service has it, which the plan does not say.
    """
    return OneOf((text,))


def one_of(texts: Sequence[str]) -> OneOf:
    """The value is one of the texts; of a switch that nobody set that cannot be told."""
    return OneOf(texts)


def _of_unset(texts: Sequence[str]) -> bool | None:
    return None if any(text.lower() in {"true", "false"} for text in texts) else False


class Bound:
    """The relation to a number or a version that a value must not fall below, or rise above."""

    def __init__(self, limit: str, holds: Callable[[Order], bool | None]) -> None:
        self._limit = limit
        self._holds = holds

    def __call__(self, place: Value) -> bool | None:
        """Whether the value keeps to the bound; a value that is no quantity does not."""

        def keeps(_: Any) -> bool | None:
            found = self._order(place)
            return self._holds(found) if found else False

        return _known(keeps)(place)

    def compares(self, place: Value) -> bool:
        """Whether a number or a version stands there, or what looks like one."""
        return self._order(place) is not None

    def why(self, place: Value) -> str:
        """Why a known value cannot be compared with the bound; "" if it can, or if apply decides it."""
        found = self._order(place)
        return found.why if found and self._holds(found) is None else ""

    def _order(self, place: Value) -> Order | None:
        match place.peek():
            case Known(bool() | list() | dict(), _):
                return None
            case Known(value, False):
                return order_to_bound(value, self._limit, version=names_version(place.steps))
            case _:
                return None


def at_least(limit: str | Decimal | float) -> Bound:
    """The value is a number or a version, or a text that is one, and not below the limit."""
    return Bound(str(limit), lambda found: found.not_less)


def at_most(limit: str | Decimal | float) -> Bound:
    """The value is a number or a version, or a text that is one, and not above the limit."""
    return Bound(str(limit), lambda found: found.not_more)


def of_quantity(side: str, limit: str) -> Relation:
    """At least or at most, for a filter: what is no quantity, or not set, cannot be compared with it.

    To leave it out would pass over it in silence.
    """
    bound = at_least(limit) if side == "least" else at_most(limit)

    def relation(place: Value) -> bool | None:
        match place.reading:
            case Known(value, False):
                quantity = not isinstance(value, bool | list | dict) and bound.compares(place)
                return bound(place) if quantity else None
            case _:
                return None if place.peek() is UNKNOWN or place.is_left_out else bound(place)

    return relation


def matches(pattern: str) -> Relation:
    """The whole value, as a text, matches the regular expression.

    Raises FeatureError if the pattern is no regular expression.
    """
    try:
        compiled = matcher(pattern)
    except re.error as error:
        raise FeatureError(f'"{pattern}" is not a regular expression: {error}') from error
    return _known(
        lambda value: (
            None if isinstance(value, list | dict) else _within_time(compiled.fullmatch, _plain(value))
        )
    )


def _within_time(match: Callable[[str], bool], text: str) -> bool:
    try:
        return match(text)
    except TooLong as error:
        raise FeatureError(RUNS_AWAY) from error


def resembles(pattern: str) -> Relation:
    """As `matches`, but a part that matches may be what was meant: that is no plain no.

    Raises ValueError if the pattern is no regular expression.
    """
    whole = matches(pattern)
    part = matcher(pattern)

    def relation(place: Value) -> bool | None:
        answer = whole(place)
        match place.peek():
            case Known(str(value), _) if answer is False and _within_time(part.search, value):
                return None
            case _:
                return answer

    return relation


def contains(text: str) -> Relation:
    """The text is a part of the value, an element of the list or a key of the map.

    A part that is decided at apply may contain it too, so "no" then becomes None.
    """

    def relation(place: Value) -> bool | None:
        match place.reading:
            case Known(str(value), _):
                return text in value
            case Known([], False) if ports.names_port(place.steps):
                return None
            case Known(list(), _):
                return _any_of(_is_element(element, text) for element in place.elements())
            case Known(dict(), partly):
                there = [not each.perhaps for name, each in place.entries() if name == text]
                return True in there or (None if partly else False)
            case Known(value, _):
                return same(value, text)
            case state:
                return None if state is UNKNOWN or _is_unstated_port(place) else False

    return relation


def _is_unstated_port(place: Value) -> bool:
    return place.is_left_out and ports.names_port(place.steps)


def _is_element(element: Value, text: str) -> bool | None:
    """An element that only has the text inside it may be what was meant: that is no plain no."""
    answer = equals(text)(element)
    match element.peek():
        case Known(str(value), _) if text in value:
            return answer or None
        case _:
            return answer


def _any_of(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return True if True in found else None if None in found else False


def _known(accepts: Callable[[Any], bool | None], *, unset: bool | None = False) -> Relation:
    """Lift a question about a known value: nothing set is `unset`, the rest cannot be told."""

    def relation(place: Value) -> bool | None:
        match place.reading:
            case Known([], False) if ports.names_port(place.steps):
                return None
            case Known(value, False):
                return accepts(value)
            case state if state is UNKNOWN or isinstance(state, Known) or _is_unstated_port(place):
                return None
            case _:
                return unset if place.is_left_out else False

    return relation


def same(value: Any, text: str) -> bool | None:
    """Whether a decoded value is what the text says; lists compare without order.

    A list is not comparable with a plain text: the path lacks a [*], so the answer is None. Nor is a
    plain value with a list in JSON, which asks for one of several in the wrong words.

    Terraform writes sets as lists in an order of its own. A text in the plan is never taken for
    a number: "13.10" is not 13.1.
    """
    if value == text:
        return True
    if not isinstance(value, list | dict) and _document(text) is not None:
        # A text can hold a document too, and is the same however that is written.
        inside = _document(value) if isinstance(value, str) else None
        return None if inside is None else canonical(inside) == canonical(_document(text))
    if isinstance(value, bool):
        return text.lower() == str(value).lower()
    if isinstance(value, int | Decimal):
        return bool(decimal(text) == value)
    if isinstance(value, list | dict):
        written = _document(text)
        return None if written is None else canonical(value) == canonical(written)
    return bool(value == text)


def _document(text: str) -> Any:
    """The list or the object that a text is in JSON; None for any other text."""
    if text.lstrip()[:1] not in ("[", "{"):
        return None
    try:
        return values(text.encode())
    except (ValueError, RecursionError):
        return None


def canonical(value: Any) -> str:
    """Write a value so that equal ones are written alike; `true` is not 1, and 1.0 is."""
    match value:
        case list():
            return f"[{', '.join(sorted(map(canonical, value)))}]"
        case dict():
            members = sorted(f"{key!r}: {canonical(each)}" for key, each in value.items())
            return f"{{{', '.join(members)}}}"
        case bool() | None | str():
            return repr(value)
        case _:
            return str(Decimal(value).normalize(_EVERY_DIGIT))


def decimal(value: Any) -> Decimal | None:
    """Read a number, or a text that is one; None for anything else, also for a boolean."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else to_text(value)
