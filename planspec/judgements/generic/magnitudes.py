"""Which of two values is more: as numbers, or as versions?

A plan writes a number as a number, and a version as a text: 16.10 is more than 16.9 as a version, and
less as a number. A text is read as a version where it or the bound has two dots, or where its attribute
is named so (`engine_version`); any other text in both ways. What the readings do not agree on cannot be
told, and neither can a version with other signs than digits and dots: how it sorts is its maker's
business. So nothing passes by the wrong reading.
Source: Terraform, "JSON Output Format", values; Semantic Versioning 2.0.0, 11 (fields are numbers).
"""

import ipaddress
import re
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# Longer fields are no versions; `int` refuses texts of more than 4,300 digits.
_VERSION: Final = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})*")
_BEGINS_LIKE_ONE: Final = re.compile(r"\W*[vV]?\d")
_LESS, _EQUAL, _MORE = frozenset({-1}), frozenset({0}), frozenset({1})
_ANY: Final = _LESS | _EQUAL | _MORE


class Order(NamedTuple):
    """How a value can stand to another: -1 less, 0 equal, 1 more; `why` it cannot be told which."""

    signs: frozenset[int]
    why: str = ""

    @property
    def not_less(self) -> bool | None:
        """Whether it is as much or more; None if that cannot be told."""
        return _among(self.signs, _EQUAL | _MORE)

    @property
    def not_more(self) -> bool | None:
        """Whether it is as much or less; None if that cannot be told."""
        return _among(self.signs, _EQUAL | _LESS)


def _among(signs: frozenset[int], accepted: frozenset[int]) -> bool | None:
    return True if signs <= accepted else False if not signs & accepted else None


def names_version(steps: Sequence[str | int | None]) -> bool:
    """Whether the last name on the way to a place says that a version stands there."""
    name = next((each.lower() for each in reversed(steps) if isinstance(each, str)), "")
    return "version" in name and "versioning" not in name


def is_quantity(value: Any, *, version: bool) -> bool:
    """Whether a value is a number or a version, or a text that looks like one or should be one."""
    if isinstance(value, str):
        return bool(value) and (version or (_looks_like_one(value) and not _is_uuid(value)))
    return isinstance(value, int | Decimal)


def order(value: Any, other: Any, *, version: bool, exact: bool = True) -> Order | None:
    """Compare two values; None where one is neither a number nor a version, nor looks like one.

    `version`: the attribute is named so. `exact`: `other` is a bound, and means no more than it
    says; a version in a plan that names fewer fields leaves the rest to the service.
    """
    if not is_quantity(value, version=version) or not is_quantity(other, version=version):
        return None
    one, two = _plain(value), _plain(other)
    if isinstance(one, str) and one == two:
        return Order(_EQUAL)
    dotted = _dots(one) > 1 or _dots(two) > 1
    if version or (dotted and isinstance(one, str)):
        return _as_versions(one, two, exact=exact, named=version)
    numbers = _as_numbers(one, two)
    if numbers is None:
        return Order(_ANY, _unreadable(one, two))
    if not isinstance(one, str) or not isinstance(two, str) or "-" in one + two:
        return Order(numbers)
    both = numbers | _fields(one, two, exact=exact)
    why = "a number and a version would compare differently here"
    return Order(both, "" if len(both) == 1 else why)


def order_to_bound(value: Any, limit: str, *, version: bool) -> Order | None:
    """Compare a value with a bound; a text with digits and a name before them cannot be compared."""
    found = order(value, limit, version=version)
    if found is None and isinstance(value, str) and any(map(str.isdigit, value)):
        return Order(_ANY, _unreadable(value, limit))
    return found


def _plain(value: Any) -> str | Decimal:
    return value if isinstance(value, str) else Decimal(value)


def _dots(value: str | Decimal) -> int:
    return value.count(".") if isinstance(value, str) and _VERSION.fullmatch(value) else 0


def _as_numbers(one: str | Decimal, two: str | Decimal) -> frozenset[int] | None:
    if not all(isinstance(each, Decimal) or _NUMBER.fullmatch(each) for each in (one, two)):
        return None
    return _sign(Decimal(one), Decimal(two))


def _as_versions(one: str | Decimal, two: str | Decimal, *, exact: bool, named: bool) -> Order:
    # A number has lost the noughts at its end: of 16.10 only 16 is sure.
    written = [str(int(each)) if isinstance(each, Decimal) else each for each in (one, two)]
    if not all(_VERSION.fullmatch(each) for each in written):
        return Order(_ANY, _unreadable(one, two))
    if not named and any(map(_is_address, written)):
        return Order(_ANY, "it is an address")
    signs = _fields(written[0], written[1], exact=exact)
    whole = any(isinstance(each, Decimal) for each in (one, two))
    lost = "a version that is written as a number has lost the noughts at its end"
    return Order(signs, lost if whole else "a version with fewer fields means any of the rest")


def _fields(one: str, two: str, *, exact: bool) -> frozenset[int]:
    """Compare field by field; one that has fewer than the other goes on with anything from nought."""
    if not (_VERSION.fullmatch(one) and _VERSION.fullmatch(two)):
        return _sign(Decimal(one), Decimal(two))
    first, second = ([int(each) for each in text.split(".")] for text in (one, two))
    width = max(len(first), len(second))
    shorter, longer = len(first) < width, len(second) < width and not exact
    shared = min(len(first), len(second))
    if first[:shared] != second[:shared] or not (shorter or longer):
        padded = [[*each, *[0] * (width - len(each))] for each in (first, second)]
        return _sign(padded[0], padded[1])
    rest = (second if shorter else first)[shared:]
    possible = _EQUAL | _MORE if not any(rest) else _ANY
    return possible if shorter else frozenset(-sign for sign in possible)


def _sign(one: Any, two: Any) -> frozenset[int]:
    return _LESS if one < two else _MORE if one > two else _EQUAL


def _unreadable(one: str | Decimal, two: str | Decimal) -> str:
    texts = [each for each in (one, two) if isinstance(each, str) and not _VERSION.fullmatch(each)]
    if not texts:
        return "a number and a version do not compare"
    return "a text with other signs than digits and dots does not compare"


def _looks_like_one(text: str) -> bool:
    return bool(_BEGINS_LIKE_ONE.match(text))


def _is_uuid(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False
