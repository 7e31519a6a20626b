"""What does a policy statement allow, and do other statements allow it too?

Statements are compared by what they cover: `s3:*` covers `s3:GetObject`, and a statement covers another
only under the same conditions or fewer. Source: AWS IAM User Guide, "IAM JSON policy elements".
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from planspec.aws import Statement
from planspec.plan import UNKNOWN, VARIABLE_BEGINS, VARIABLE_ENDS, Known, Value, matches

# A part of a statement that apply decides: it may be anything.
ANYTHING = None
_OPEN: Final = "known after apply"
_LEFT_OUT: Final = ("action", "resource", "principal")
_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
# Signs that stand for themselves, as AWS writes them. Source: AWS IAM User Guide, "Policy variables".
_THEMSELVES: Final = {"*": "\ue002", "?": "\ue003", "$": "$"}
_ACCOUNT: Final = re.compile(r"(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?")
_CALLER: Final = re.compile(r"arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):.+")
Parts = tuple[str | None, ...]


class Right(NamedTuple):
    """One statement in texts. A statement that names what it leaves out is compared as a whole."""

    denies: bool
    actions: Parts
    resources: Parts
    principals: Parts
    left_out: tuple[str, ...]
    conditions: frozenset[str]


class One(NamedTuple):
    """One action on one resource for one principal, under conditions; ANYTHING where it is open."""

    action: str | None
    resource: str | None
    principal: str | None
    conditions: frozenset[str]


def right(statement: Statement, *, literal: bool = False) -> Right:
    """Write a statement in texts; without a resource or principal it is about its own.

    `literal`: the policy is of a version without variables, in which `${...}` is a plain text. Source:
    AWS IAM User Guide, "IAM JSON policy elements: Version".
    """
    resources, kept = (
        tuple(_spelled(each, literal) for each in _texts(places))
        for places in (statement.resources, statement.not_resources)
    )
    left_out = [
        *(f"not the action {_lower(each) or _OPEN}" for each in _texts(statement.not_actions)),
        *(f"not the resource {each or _OPEN}" for each in kept),
        *(f"not the principal {each or _OPEN}" for each in _texts(statement.not_principals)),
    ]
    return Right(
        statement.effect.peek() == Known("Deny"),
        tuple(_lower(each) for each in _texts(statement.actions)),
        resources or ("",),
        _texts(statement.principals) or ("",),
        tuple(left_out),
        frozenset(_conditions(statement, literal)),
    )


def _spelled(text: str | None, literal: bool) -> str | None:
    """A text as the present version of policies writes it."""
    return text.replace("${", "${$}{") if text and literal else text


def _lower(text: str | None) -> str | None:
    """Names of actions are the same in any case."""
    return text.lower() if text else text


def _texts(places: Iterable[Value]) -> Parts:
    readings = (place.reading for place in places)
    return tuple(
        str(each.value) if isinstance(each, Known) else ANYTHING
        for each in readings
        if isinstance(each, Known) or each is UNKNOWN
    )


def _conditions(statement: Statement, literal: bool) -> Iterator[str]:
    for condition in statement.conditions:
        written = [_spelled(each, literal) for each in _texts(condition.values)]
        values = sorted(each or f"what {condition.key} is then" for each in written)
        yield f"{condition.operator.lower()} {condition.key.lower()} {values}"


def covered(asked: Right, by: Sequence[Right]) -> bool:
    """Whether others surely allow all that one statement allows."""
    return not _uncovered(asked, [each for each in by if not each.denies])


def _uncovered(asked: Right, by: Sequence[Right]) -> bool:
    """Whether something is asked for that is not covered, or may not be."""
    if asked in by and ANYTHING not in (*asked.actions, *asked.resources, *asked.principals):
        return False
    if asked.left_out:
        return not any(_leaves_out_no_more(each, asked) for each in by)
    return any(_lacks(single, by) is not False for single in _singles(asked))


def _leaves_out_no_more(by: Right, one: Right) -> bool:
    if not by.conditions <= one.conditions:
        return False
    parts = zip(_LEFT_OUT, by[1:4], one[1:4], strict=True)
    return all(_covers_part(by, one, name, has, asked) for name, has, asked in parts)


def _covers_part(by: Right, one: Right, name: str, has: Parts, asked: Parts) -> bool:
    """Whether one part of a statement covers the same part of another, surely."""
    out_by, out_one = (
        {each for each in every.left_out if each.startswith(f"not the {name} ")} for every in (by, one)
    )
    if out_by:
        return bool(out_one) and out_by <= out_one and f"not the {name} {_OPEN}" not in out_by
    if out_one:
        return "*" in has
    return all(_part(has, each) is True for each in asked)


def _singles(one: Right) -> Iterator[One]:
    for action in one.actions:
        for resource in one.resources:
            for principal in one.principals:
                yield One(action, resource, principal, one.conditions)


def _lacks(single: One, by: Sequence[Right]) -> bool | None:
    """Whether no statement covers it; None where what apply decides may be covered or not."""
    answers = [_covers(each, single) for each in by if not each.left_out]
    return False if True in answers else None if None in answers else True


def _covers(right: Right, single: One) -> bool | None:
    if not right.conditions <= single.conditions:
        return False
    answers = [
        _part(right.actions, single.action),
        _part(right.resources, single.resource),
        _part(right.principals, single.principal),
    ]
    return False if False in answers else None if None in answers else True


def _part(parts: Parts, asked: str | None) -> bool | None:
    if "*" in parts or (asked is not ANYTHING and asked in parts):
        return True
    if asked is ANYTHING or ANYTHING in parts:
        return None
    return any(each is not None and _matches(each, asked) for each in parts)


def _matches(pattern: str, asked: str) -> bool:
    account, caller = _ACCOUNT.fullmatch(pattern), _ACCOUNT.fullmatch(asked) or _CALLER.fullmatch(asked)
    if account and caller:
        return account[1] == caller[1]
    return matches(_signs(pattern), _signs(asked))


@lru_cache(maxsize=4096)
def _signs(text: str) -> str:
    """A text in which a variable is something that only the same variable, or `*`, covers."""

    def sign(found: re.Match[str]) -> str:
        name = found[1].replace("*", _THEMSELVES["*"]).replace("?", _THEMSELVES["?"])
        return _THEMSELVES.get(found[1]) or f"{VARIABLE_BEGINS}{name}{VARIABLE_ENDS}"

    return _VARIABLE.sub(sign, text)
