"""Random policies over the small world of the oracle, and changes of them."""

import copy
import random
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from tests.support.access_oracle import ACCOUNTS, KEYS, VARIABLE

Document = dict[str, Any]
Statement = dict[str, Any]
PRINCIPALS: Final = (
    "*",
    *({"AWS": each} for each in (*ACCOUNTS[:2], f"arn:aws:iam::{ACCOUNTS[1]}:root", "*")),
    *({"AWS": f"arn:aws:iam::{ACCOUNTS[0]}:role/{name}"} for name in ("a", "team/b")),
    {"AWS": f"arn:aws:iam::{ACCOUNTS[1]}:user/a"},
    {"AWS": f"arn:aws:sts::{ACCOUNTS[0]}:assumed-role/a/s"},
    {"AWS": [f"arn:aws:iam::{ACCOUNTS[0]}:role/a", f"arn:aws:iam::{ACCOUNTS[0]}:role/b"]},
    {"Service": "x.amazonaws.com"},
    {"Service": ["x.amazonaws.com", "y.amazonaws.com"]},
    {"Federated": "p"},
    {"AWS": ACCOUNTS[1], "Service": "x.amazonaws.com"},
)
LEFT_OUT: Final = (
    {"AWS": ACCOUNTS[0]},
    {"AWS": [f"arn:aws:iam::{ACCOUNTS[0]}:role/a", ACCOUNTS[0]]},
    {"AWS": [f"arn:aws:iam::{ACCOUNTS[0]}:user/a", ACCOUNTS[0], f"arn:aws:iam::{ACCOUNTS[1]}:root"]},
    {"AWS": f"arn:aws:iam::{ACCOUNTS[0]}:role/a"},
    {"Service": "x.amazonaws.com"},
)
_STRINGS: Final = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike")
_FOLDED: Final = ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase")
_ORDERS: Final = (
    "Equals",
    "NotEquals",
    "LessThan",
    "LessThanEquals",
    "GreaterThan",
    "GreaterThanEquals",
)
OPERATORS: Final = {
    "aws:PrincipalTag/t": (*_STRINGS, *_FOLDED),
    "s3:prefix": _STRINGS,
    "aws:SourceArn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike"),
    "aws:SourceIp": ("IpAddress", "NotIpAddress"),
    "s3:max-keys": tuple(f"Numeric{each}" for each in _ORDERS),
    "aws:CurrentTime": tuple(f"Date{each}" for each in _ORDERS),
    "aws:SecureTransport": ("Bool",),
    "aws:MultiFactorAuthPresent": ("Bool",),
    "aws:TagKeys": tuple(
        f"{prefix}:{each}" for prefix in ("ForAllValues", "ForAnyValue") for each in _STRINGS
    ),
}
_NETWORKS: Final = ("10.0.0.0/8", "10.1.0.0/16", "10.1.0.1/32", "2001:db8::/32", "2001:db8:1::/48")
_MOMENTS: Final = ("2026-01-01T00:00:00Z", "2026-01-02", "1767398400", "2026-01-03T02:00:00+02:00")


class Shape(NamedTuple):
    """What random policies may hold."""

    callers: bool = False
    keys: Sequence[str] = ()
    variables: bool = False
    statements: int = 4


def _pattern(pick: random.Random, letters: str = "ab**?", longest: int = 3) -> str:
    return "".join(pick.choice(letters) for _ in range(pick.randint(0, longest)))


def _some(pick: random.Random, make: Callable[[random.Random], str], most: int = 3) -> str | list[str]:
    found = [make(pick) for _ in range(pick.randint(1, most))]
    return found[0] if len(found) == 1 and pick.random() < 0.5 else found


def action(pick: random.Random) -> str:
    """Return a pattern of actions, in any case."""
    if pick.random() < 0.15:
        return "*"
    made = f"{pick.choice('sst')}:{_pattern(pick) or 'a'}"
    return made.upper() if pick.random() < 0.2 else made


def resource(pick: random.Random) -> str:
    """Return a pattern of resources."""
    return "*" if pick.random() < 0.2 else _pattern(pick, longest=4) or "a"


def value(pick: random.Random, key: str, operator: str) -> str:
    """Return a value that a condition on this key may compare with."""
    if key == "aws:SourceIp":
        return pick.choice(_NETWORKS)
    if key == "aws:CurrentTime":
        return pick.choice(_MOMENTS)
    if key == "s3:max-keys":
        return str(pick.randint(0, 5))
    if key in {"aws:SecureTransport", "aws:MultiFactorAuthPresent"}:
        return pick.choice(("true", "false", "True"))
    if key == "aws:SourceArn":
        region, account = pick.choice(["", "e", "*", "?"]), pick.choice(["", "1", "*", "?", "2"])
        return f"arn:aws:s3:{region}:{account}:{_pattern(pick, 'ab*?:', 2)}"
    wild = "Like" in operator
    return _pattern(pick, "ab*?" if wild else "abA*" if "IgnoreCase" in operator else "ab", 2) or "a"


def condition(pick: random.Random, keys: Sequence[str]) -> Document:
    """Return a block of one or two conditions."""
    block: Document = {}
    for _ in range(pick.choice((1, 1, 1, 2, 2, 3))):
        key = pick.choice(list(keys))
        if pick.random() < 0.1:
            block.setdefault("Null", {})[key] = pick.choice(("true", "false"))
            continue
        operator = pick.choice(OPERATORS[key])
        values = _some(pick, lambda one, k=key, o=operator: value(one, k, o))  # type: ignore[misc]
        if pick.random() < 0.25:
            operator += "IfExists"
        block.setdefault(operator, {})[key.upper() if pick.random() < 0.1 else key] = values
    return block


def statement(pick: random.Random, shape: Shape, effect: str | None = None) -> Statement:
    """Return one random statement."""
    made: Statement = {"Effect": effect or pick.choice(("Allow", "Allow", "Deny"))}
    made["NotAction" if pick.random() < 0.12 else "Action"] = _some(pick, action)
    made["NotResource" if pick.random() < 0.12 else "Resource"] = _some(pick, resource)
    if shape.variables and pick.random() < 0.6:
        name = "NotResource" if "NotResource" in made else "Resource"
        made[name] = [_pattern(pick, longest=1) + VARIABLE + _pattern(pick, longest=1)]
    if shape.callers:
        if pick.random() < 0.15:
            made["NotPrincipal"] = copy.deepcopy(pick.choice(LEFT_OUT))
        else:
            made["Principal"] = copy.deepcopy(pick.choice(PRINCIPALS))
    if shape.keys and pick.random() < 0.7:
        made["Condition"] = condition(pick, shape.keys)
    return made


def document(pick: random.Random, shape: Shape) -> Document:
    """Return a random policy of a few statements."""
    made = [statement(pick, shape) for _ in range(pick.randint(1, shape.statements))]
    version = "2008-10-17" if shape.variables and pick.random() < 0.3 else "2012-10-17"
    return {"Version": version, "Statement": made}


def changed(pick: random.Random, before: Document, shape: Shape) -> Document:
    """Return the policy after one to three small changes, as a reviewer sees them."""
    after = copy.deepcopy(before)
    statements = after["Statement"]
    for _ in range(pick.randint(1, 3)):
        _change(pick, statements, shape)
    if shape.variables and pick.random() < 0.2:
        after["Version"] = "2008-10-17" if after["Version"] == "2012-10-17" else "2012-10-17"
    return after


def _change(pick: random.Random, statements: list[Statement], shape: Shape) -> None:
    change = pick.randrange(7)
    if change in {0, 5} or not statements:
        statements.append(statement(pick, shape, "Deny" if change == 5 else None))
        return
    at = pick.randrange(len(statements))
    if change == 1:
        del statements[at]
    elif change == 2:
        _change_list(pick, statements[at])
    elif change == 3 and shape.keys:
        statements[at]["Condition"] = condition(pick, shape.keys)
    elif change == 4:
        _change_operator(pick, statements[at])
    else:
        fresh = statement(pick, shape)
        element = pick.choice(("Resource", "Action", "Principal"))
        if element in fresh and element in statements[at]:
            statements[at][element] = fresh[element]


def _change_list(pick: random.Random, one: Statement) -> None:
    element = pick.choice(
        [each for each in ("Action", "Resource", "NotAction", "NotResource") if each in one]
    )
    listed = one[element] if isinstance(one[element], list) else [one[element]]
    make = action if "Action" in element else resource
    if len(listed) > 1 and pick.random() < 0.5:
        listed.remove(pick.choice(listed))
    else:
        listed.append(make(pick))
    one[element] = listed


def _change_operator(pick: random.Random, one: Statement) -> None:
    block = one.get("Condition", {})
    if not block:
        return
    operator = pick.choice(sorted(block))
    keys = block.pop(operator)
    if operator == "Null":
        return
    if operator.endswith("IfExists"):
        block[operator.removesuffix("IfExists")] = keys
    elif operator.startswith("ForA"):
        start, _, name = operator.partition(":")
        block[f"{'ForAnyValue' if start == 'ForAllValues' else 'ForAllValues'}:{name}"] = keys
    else:
        block[f"{operator}IfExists"] = keys


def shape(pick: random.Random) -> Shape:
    """Return what one pair may hold: callers in half of them, conditions in more than half."""
    keys = pick.sample(sorted(KEYS), pick.randint(1, 2)) if pick.random() < 0.6 else ()
    return Shape(pick.random() < 0.4, keys, pick.random() < 0.1, pick.choice((1, 2, 3, 4)))
