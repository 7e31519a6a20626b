"""What does an operator make of values that are stated?

Only what decides whether something is there: logic, and the comparison of numbers, texts and null.
Source: Terraform, "Arithmetic and Logical Operators".
"""

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from planspec.references.symbolic import Encoded, Keyed, Listed, Stated, Traced

_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def answer(test: Traced) -> bool | None:
    """What a condition says; None if it is not stated."""
    value = test.value if isinstance(test, Stated) else None
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value)
    return value if isinstance(value, bool) else None


def worked_out(name: str, operands: Sequence[Traced]) -> Traced | None:
    """The value of an operation; None if it is not worked out."""
    match name, operands:
        case "!", [only]:
            given = answer(only)
            found = None if given is None else not given
        case "&&" | "||", [first, second]:
            found = _logic(name == "||", answer(first), answer(second))
        case "==" | "!=", [first, second]:
            same = _same(first, second)
            found = same if same is None or name == "==" else not same
        case _, [Stated(int() | Decimal() as first), Stated(int() | Decimal() as second)] if (
            name in _ORDER and not isinstance(first, bool) and not isinstance(second, bool)
        ):
            found = _ORDER[name](first, second)
        case _:
            found = None
    secret = any(isinstance(each, Stated) and each.secret for each in operands)
    return None if found is None else Stated(found, secret)


def _logic(decides: bool, first: bool | None, second: bool | None) -> bool | None:
    """`decides` is the operand that decides alone: true for "or", false for "and"."""
    if decides in (first, second):
        return decides
    return None if None in (first, second) else not decides


def _same(first: Traced, second: Traced) -> bool | None:
    """Whether two values are equal; values of two types never are."""
    if Stated(None) in (first, second):
        other = second if first == Stated(None) else first
        stated = isinstance(other, Stated | Listed | Keyed | Encoded)
        return other == Stated(None) if stated else None
    if not (isinstance(first, Stated) and isinstance(second, Stated)):
        return None
    kinds = _kind(first.value), _kind(second.value)
    if None in kinds:
        return None
    return bool(first.value == second.value) if kinds[0] == kinds[1] else False


def _kind(value: Any) -> str | None:
    match value:
        case bool():
            return "bool"
        case int() | Decimal():
            return "number"
        case str():
            return "string"
        case _:
            return None
