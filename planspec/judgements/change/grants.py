"""Which statement of a policy is a permission that no document states, such as one of Lambda?"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from planspec.access import Unknown
from planspec.aws import Condition, Statement
from planspec.judgements.change.policy_texts import Written, plain
from planspec.judgements.change.sides import Before
from planspec.judgements.generic.relations import canonical
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph
from planspec.schema import Door, Grant, Share
from planspec.syntax import path_steps

# What every resource has, and what says nothing about who may come.
_OF_EVERY_RESOURCE: Final = frozenset({"arn", "id", "region", "tags", "tags_all", "timeouts"})
# An ARN of a bucket names no account, so that one of ours may be somebody else's tomorrow.
_WITHOUT_ACCOUNT: Final = frozenset({"aws_s3_bucket"})
_ORGANIZATION: Final = re.compile(r"arn:aws[a-z-]*:organizations::\d+:(organization|ou)/(.+)")
_SERVICE: Final = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
_CONDITION: Final = "condition"
# An operator, a key and its values.
Bound = tuple[str, str, Any]
_CALLER: Final = re.compile(r"\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::.+")


def as_statement(change: ResourceChange, grant: Grant) -> Statement:
    """Return what the grant will allow, as a statement of a policy."""
    values = change.after
    bound = (
        ("ArnLike", "aws:SourceArn", grant.source),
        ("StringEquals", "aws:SourceAccount", grant.account),
        ("StringEquals", "aws:PrincipalOrgID", grant.organization),
    )
    conditions = [
        Condition(operator, key, values.get(name).elements())
        for operator, key, name in bound
        if name and values.get(name).is_set is not False
    ]
    blocks = values.get("condition").elements()
    conditions += [
        Condition(_text(each.get("type")), _text(each.get("key")), each.get("value").elements())
        for each in blocks
    ]
    return Statement(
        values.get(grant.principal),
        Value("Allow"),
        values.get(grant.actions).elements() if grant.actions else (),
        (),
        (),
        (),
        values.get(grant.principal).elements(),
        tuple(conditions),
    )


def comes_from_ours(plan: Plan, change: ResourceChange, grant: Grant) -> bool:
    """Whether the source is a resource of this plan, whose ARN will hold our account."""
    if not grant.source or change.after.get(grant.source).peek() is not UNKNOWN:
        return False
    found = graph(plan).of(change, grant.source)
    changes = [each.change for each in found.targets]
    types = [each.type for each in changes if each is not None and each.managed]
    told = found.followed and bool(types) and len(types) == len(found.targets)
    return told and not _WITHOUT_ACCOUNT.intersection(types)


def granted(side: Before, change: ResourceChange, grant: Grant) -> Written:
    """Return what a grant allows, before the change or after it."""
    values = side.values(change)
    does = [*grant.does, *_actions(side, change, grant)]
    on = plain(values.get(grant.on)) if grant.on else "*"
    bound = list(_bound(side, change, grant))
    statements = [_allow(each, does, on, bound) for each in _callers(side, change, grant) if does]
    return Written(change, (), {"Statement": statements}, is_made=True)


def shared(side: Before, change: ResourceChange, share: Share) -> Written:
    """Return what a list of principals in a thing allows them."""
    statements = []
    for each in side.values(change).get(*share.path).elements():
        who = plain(each.get(share.named) if share.named else each)
        does = [*share.does, *_listed(plain(each.get(share.actions)) if share.actions else [])]
        for name in who.split(",") if isinstance(who, str) else [who]:
            statements.append(_allow("*" if name == share.everybody else name, does, "*", ()))
    return Written(change, share.path, {"Statement": statements}, is_made=True)


def opened(side: Before, change: ResourceChange, door: Door) -> Written:
    """Return what an endpoint lets anybody do: its actions, if it asks nobody who he is."""
    reading = side.values(change).get(*door.path).peek()
    is_open = isinstance(reading, Known) and door.is_open(reading.value)
    statements = [_allow("*", door.does, "*", ())] if is_open else []
    return Written(change, door.path, {"Statement": statements}, is_made=True)


def _allow(caller: Any, does: Sequence[Any], on: Any, bound: Sequence[Bound]) -> dict[str, Any]:
    """The statement for one caller, as a policy names it; an organization stands in a condition.

    Source: AWS IAM User Guide, "AWS JSON policy elements: Principal", "AWS global condition context
    keys".
    """
    found = _ORGANIZATION.fullmatch(caller) if isinstance(caller, str) else None
    if found and found[1] == "organization":
        bound = [*bound, ("StringEquals", "aws:PrincipalOrgID", found[2])]
    elif found:
        organization, _, unit = found[2].partition("/")
        below = f"{organization}/*/{unit}/*"
        bound = [*bound, ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", below)]
    operators: dict[str, Any] = {}
    for operator, key, value in bound:
        operators.setdefault(operator, {})[key] = value
    made = {"Effect": "Allow", "Action": list(does), "Resource": on}
    made["Principal"] = "*" if found else principal(caller)
    return {**made, "Condition": operators} if operators else made


def principal(caller: Any) -> Any:
    """Return the principal of this name as a policy writes it."""
    if not isinstance(caller, str) or caller == "*":
        return caller  # decided later, it can be a service as well
    if _SERVICE.fullmatch(caller):
        return {"Service": caller}
    return {"AWS" if _CALLER.fullmatch(caller) else "Federated": caller}


def _callers(side: Before, change: ResourceChange, grant: Grant) -> Iterator[Any]:
    values = side.values(change)
    if grant.whoever:
        yield grant.whoever
    for name, value in grant.everybody.items():
        if _is_said(side, change, name) and values.get(name).peek() in (Known(value), UNKNOWN):
            yield Unknown() if values.get(name).peek() is UNKNOWN else "*"
    for name in filter(None, (grant.principal, *grant.others)):
        yield from filter(None, map(plain, values.get(name).elements()))


def _actions(side: Before, change: ResourceChange, grant: Grant) -> Iterator[Any]:
    """The actions that an attribute names, with the service that it leaves out."""
    if not grant.actions or not _is_said(side, change, grant.actions):
        return
    for each in map(plain, side.values(change).get(grant.actions).elements()):
        name = f"{grant.service}:{each.replace(':', '-')}" if isinstance(each, str) else each
        yield name if grant.service else each


def _bound(side: Before, change: ResourceChange, grant: Grant) -> Iterator[Bound]:
    """What binds the grant: the conditions that AWS writes, and what it has no key for."""
    values = side.values(change)
    stated = (
        ("ArnLike", "aws:SourceArn", grant.source),
        ("StringEquals", "aws:SourceAccount", grant.account),
        ("StringEquals", "aws:PrincipalOrgID", grant.organization),
        *(("StringEquals", key, name) for name, key in grant.bound.items()),
    )
    for operator, key, name in stated:
        place = values.get(*path_steps(name)) if name else None
        if place is not None and place.is_set is not False:
            values_of = [plain(each) for each in place.elements()]
            yield ("Null", key, "false") if values_of == ["*"] else (operator, key, values_of)
    if grant.part and _is_said(side, change, grant.part):
        yield "StringEquals", grant.part, plain(values.get(grant.part)) or ""
    for each in values.get(_CONDITION).elements() if _CONDITION in dict(values.entries()) else ():
        yield _text(each.get("type")), _text(each.get("key")), plain(each.get("value"))
    for name, place in values.entries():
        is_named = name in _OF_EVERY_RESOURCE or name in grant.named or name == _CONDITION
        if not is_named and place.is_set is not False and _is_said(side, change, name):
            found = plain(place)
            yield "StringEquals", name, canonical(found) if isinstance(found, list | dict) else found


def _is_said(side: Before, change: ResourceChange, name: str) -> bool:
    """Whether it is more than what the provider will report."""
    return side.values(change).get(name).peek() is not UNKNOWN or graph(side.plan).is_written(
        change, name
    )


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def _text(place: Value) -> str:
    reading = place.reading
    return str(reading.value) if isinstance(reading, Known) else ""
