"""Condition operators, and whether a condition holds of the values that a request gives.

Source: AWS IAM User Guide, "IAM JSON policy elements: Condition operators", "Set operators for
multivalued context keys".
"""

import datetime as dt
import enum
import functools
import ipaddress
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from planspec.access.patterns import EVERYTHING, Pattern, is_open, matches, upper_bound

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Operand = Pattern | Network | Decimal | bool
"""What a condition compares with; an open one is a pattern with an open part."""


class Family(enum.Enum):
    """Kinds of operators: those of one kind can be compared with each other."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"
    ADDRESS = "address"
    YES_OR_NO = "yes or no"
    PRESENCE = "presence"
    UNKNOWN = "unknown"


class Operator(NamedTuple):
    """An operator without its spelling; `test` says how one value is compared."""

    family: Family
    test: str
    negated: bool = False
    if_exists: bool = False
    quantifier: str = ""


class Condition(NamedTuple):
    """One condition of a statement: `operands` are what its values say."""

    operator: Operator
    key: str
    operands: frozenset[Operand]

    @property
    def is_open(self) -> bool:
        """Whether nobody can say for every request if it holds."""
        return self.operator.family is Family.UNKNOWN or any(map(_is_open, self.operands))


_TEXTS: Final = {
    "stringequals": "equal",
    "stringequalsignorecase": "folded",
    "stringlike": "like",
    "arnequals": "arn",
    "arnlike": "arn",
    "binaryequals": "equal",
}
_ORDERS: Final = {
    "equals": "==",
    "lessthan": "<",
    "lessthanequals": "<=",
    "greaterthan": ">",
    "greaterthanequals": ">=",
}
_ORDERED: Final = {"numeric": Family.NUMBER, "date": Family.MOMENT}
_QUANTIFIERS: Final = {"": "", "forallvalues": "all", "foranyvalue": "any"}


def operator(written: str) -> Operator:
    """Read an operator; names have no case."""
    prefix, _, name = written.lower().rpartition(":")
    base = name.removesuffix("ifexists")
    found = _named(base)
    if found is None or prefix not in _QUANTIFIERS:
        return Operator(Family.UNKNOWN, written)
    if found.family is Family.PRESENCE and (prefix or base != name):
        return Operator(Family.UNKNOWN, written)
    return found._replace(if_exists=base != name, quantifier=_QUANTIFIERS[prefix])


def _named(name: str) -> Operator | None:
    if name in {"bool", "null"}:
        return Operator(Family.YES_OR_NO if name == "bool" else Family.PRESENCE, "equal")
    if name in {"ipaddress", "notipaddress"}:
        return Operator(Family.ADDRESS, "in", negated=name.startswith("not"))
    for positive, negated in ((name, False), (name.replace("not", "", 1), True)):
        if positive in _TEXTS:
            return Operator(Family.TEXT, _TEXTS[positive], negated)
        for start, family in _ORDERED.items():
            order = positive.removeprefix(start)
            if order != positive and order in _ORDERS and (not negated or order == "equals"):
                return Operator(family, _ORDERS[order], negated)
    return None


_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


def number(text: str) -> Decimal | None:
    """Return the number that this text is."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def moment(text: str) -> Decimal | None:
    """Return a moment in seconds since 1970: ISO 8601 or already seconds."""
    if (seconds := number(text)) is not None:
        return seconds
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    at = read if read.tzinfo else read.replace(tzinfo=dt.UTC)
    since = at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return Decimal(since.days * 86400 + since.seconds) + Decimal(since.microseconds) / 1_000_000


@functools.lru_cache(maxsize=8192)
def network(text: str) -> Network | None:
    """Return the network, or the one address, that this text is."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def yes_or_no(text: str) -> bool | None:
    """Return what this text says, which has no case."""
    return {"true": True, "false": False}.get(text.lower())


def _is_open(operand: Operand) -> bool:
    return isinstance(operand, tuple) and is_open(operand)


def at_least(condition: Condition) -> Condition | None:
    """Return the condition of the requests for which it holds for sure; None if there are none."""
    return _bounded(condition, grown=condition.operator.negated)


def at_most(condition: Condition) -> Condition | None:
    """Return the condition outside of which it surely fails; None if it may always hold."""
    if condition.operator.family is Family.UNKNOWN:
        return None
    return _bounded(condition, grown=not condition.operator.negated)


def _bounded(condition: Condition, *, grown: bool) -> Condition | None:
    if condition.operator.family is Family.UNKNOWN:
        return None
    kept = frozenset(
        _grown(each, condition.operator) if _is_open(each) else each
        for each in condition.operands
        if grown or not _is_open(each)
    )
    return condition._replace(operands=kept)


def _grown(operand: Operand, asked: Operator) -> Operand:
    return (
        upper_bound(operand)
        if asked.family is Family.TEXT and isinstance(operand, tuple)
        else EVERYTHING
    )


def holds(condition: Condition, values: tuple[str, ...] | None) -> bool:
    """Whether it holds of these values, None being a key that is absent; an open operand as anything."""
    asked = condition.operator
    if asked.family is Family.PRESENCE:
        return any(each in (EVERYTHING, not values) for each in condition.operands)
    if not values:
        return _without(asked)
    results = (agrees(condition, each) is not asked.negated for each in values)
    return any(results) if asked.quantifier == "any" else all(results)


def _without(asked: Operator) -> bool:
    """Whether it holds where the key is absent."""
    if asked.quantifier:
        return asked.quantifier == "all"
    return asked.if_exists or asked.negated


def agrees(condition: Condition, value: str) -> bool:
    """Whether some operand agrees with this one value, before any negation."""
    asked = condition.operator
    if asked.family is Family.ADDRESS:
        return EVERYTHING in condition.operands or _is_in_one(network(value), condition.operands)
    return any(each == EVERYTHING or _agrees(asked, each, value) for each in condition.operands)


def _agrees(asked: Operator, operand: Operand, value: str) -> bool:
    match asked.family:
        case Family.TEXT:
            return isinstance(operand, tuple) and matches(
                operand, value.lower() if asked.test == "folded" else value
            )
        case Family.YES_OR_NO:
            return yes_or_no(value) is operand
        case family:
            given = number(value) if family is Family.NUMBER else moment(value)
            return (
                given is not None
                and isinstance(operand, Decimal)
                and _ordered(asked.test, given, operand)
            )


def _is_in_one(address: Network | None, operands: frozenset[Operand]) -> bool:
    """Whether the address lies in one of the networks: hundreds of them take no longer than one."""
    if address is None:
        return False
    number, bits = int(address.network_address), address.max_prefixlen
    return any(
        version == address.version and length <= address.prefixlen and number >> (bits - length) in begin
        for (version, length), begin in _by_length(operands).items()
    )


@functools.lru_cache(maxsize=1024)
def _by_length(operands: frozenset[Operand]) -> Mapping[tuple[int, int], frozenset[int]]:
    """The fixed beginnings of the networks, by version and by how many bits are fixed."""
    found: dict[tuple[int, int], set[int]] = {}
    for each in operands:
        if isinstance(each, ipaddress.IPv4Network | ipaddress.IPv6Network):
            begin = int(each.network_address) >> (each.max_prefixlen - each.prefixlen)
            found.setdefault((each.version, each.prefixlen), set()).add(begin)
    return {key: frozenset(begin) for key, begin in found.items()}


def _ordered(test: str, given: Decimal, operand: Decimal) -> bool:
    match test:
        case "==":
            return given == operand
        case "<":
            return given < operand
        case "<=":
            return given <= operand
        case ">":
            return given > operand
        case _:
            return given >= operand
