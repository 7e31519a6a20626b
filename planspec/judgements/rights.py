"""What does a policy statement allow, and do other statements allow it too?

Statements are compared by what they cover: `s3:*` covers `s3:GetObject`, and a statement covers another
only under the same conditions or fewer. Source: AWS IAM User Guide, "IAM JSON policy elements".
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from planspec.judgements.comparing import matches
from planspec.judgements.policies import Statement
from planspec.value import UNKNOWN, Known, Value

# A part of a statement that apply decides: it may be anything.
ANYTHING = None
Parts = tuple[str | None, ...]


class Right(NamedTuple):
    """One statement in texts. A statement that names what it leaves out is compared as a whole."""

    denies: bool
    actions: Parts
    resources: Parts
    principals: Parts
    left_out: Parts
    conditions: frozenset[str]


class One(NamedTuple):
    """One action on one resource for one principal, under conditions; ANYTHING where it is open."""

    action: str | None
    resource: str | None
    principal: str | None
    conditions: frozenset[str]


def right(statement: Statement) -> Right:
    """Write a statement in texts; without a resource or principal it is about its own."""
    left_out = [
        *(f"not the action {_lower(each)}" for each in _texts(statement.not_actions)),
        *(f"not the resource {each}" for each in _texts(statement.not_resources)),
    ]
    return Right(
        statement.effect.peek() == Known("Deny"),
        tuple(_lower(each) for each in _texts(statement.actions)),
        _texts(statement.resources) or ("",),
        _texts(statement.principals) or ("",),
        tuple(left_out),
        frozenset(_conditions(statement)),
    )


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


def _conditions(statement: Statement) -> Iterator[str]:
    for condition in statement.conditions:
        values = sorted(each or f"what {condition.key} is then" for each in _texts(condition.values))
        yield f"{condition.operator.lower()} {condition.key.lower()} {values}"


def more(after: Sequence[Right], before: Sequence[Right]) -> tuple[bool | None, str]:
    """Whether more is allowed than before, and what; None where apply decides.

    A statement that denied something and is gone, or denies less, allows more.
    """
    allowed = _first(
        _uncovered([each for each in after if not each.denies], [b for b in before if not b.denies])
    )
    denied = _first(_uncovered([b for b in before if b.denies], [each for each in after if each.denies]))
    if allowed[0] is not False and (allowed[0] or denied[0] is False):
        return allowed[0], f"allows {allowed[1]}"
    return denied[0], f"no longer denies {denied[1]}"


def _first(found: Iterable[tuple[bool | None, str]]) -> tuple[bool | None, str]:
    """The first that is sure, else the first that is open."""
    unsure: tuple[bool | None, str] = (False, "")
    for answer, what in found:
        if answer:
            return answer, what
        unsure = unsure if unsure[1] else (answer, what)
    return unsure


def _uncovered(asked: Sequence[Right], by: Sequence[Right]) -> Iterator[tuple[bool | None, str]]:
    """What is asked for and not covered: for sure, or as far as can be told."""
    for one in asked:
        if one in by and ANYTHING not in (*one.actions, *one.resources, *one.principals):
            continue
        if one.left_out:
            yield _inverted(one, by)
            continue
        for single in _singles(one):
            answer = _lacks(single, by)
            if answer is not False:
                yield answer, _shown(single)


def _inverted(one: Right, by: Sequence[Right]) -> tuple[bool | None, str]:
    """A statement about everything but something is covered by an equal one, or by everything."""
    every = any(
        "*" in each.actions and "*" in each.resources and each.conditions <= one.conditions
        for each in by
        if not each.left_out
    )
    unsure = ANYTHING in one.left_out
    what = f"everything, but {', '.join(str(each) for each in one.left_out)}"
    return (False, "") if every else (None if unsure else True, what)


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
    return any(each is not None and matches(each, asked) for each in parts)


def _shown(single: One) -> str:
    parts = [single.action or "an action that apply decides"]
    if single.resource != "":
        parts.append(f"on {single.resource or 'something that apply decides'}")
    if single.principal != "":
        parts.append(f"to {single.principal or 'somebody that apply decides'}")
    return " ".join(parts)
