"""Which statement is a resource that gives one right, such as a permission of Lambda?"""

from collections.abc import Iterator
from typing import Final

from planspec.aws import Condition, Statement
from planspec.judgements.change.iam_rights import ANYTHING, Parts, Right
from planspec.judgements.generic.relations import canonical
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph
from planspec.schema import Grant

# What every resource has, and what says nothing about who may come.
_OF_EVERY_RESOURCE: Final = frozenset({"arn", "id", "region", "tags", "tags_all", "timeouts"})
# An ARN of a bucket names no account, so that one of ours may be somebody else's tomorrow.
_WITHOUT_ACCOUNT: Final = frozenset({"aws_s3_bucket"})


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


def as_right(plan: Plan, change: ResourceChange, values: Value, grant: Grant) -> Right:
    """Return what the grant allows, before the change or after it, to be compared.

    The source is a pattern like the one of a resource, so it stands beside the principal.
    """
    sources: Parts = ("*",)
    if grant.source and values.get(grant.source).is_set is not False:
        sources = _texts(values.get(grant.source))
    who = _texts(values.get(grant.principal))
    principals = [
        ANYTHING if None in (one, source) else f"{one} from {source}"
        for one in who
        for source in sources
    ]
    actions = _texts(values.get(grant.actions)) if grant.actions else ("to connect",)
    part = _texts(values.get(grant.part)) if grant.part and _is_said(plan, change, grant.part) else ()
    return Right(
        False,
        tuple(each.lower() if each else each for each in actions),
        part or ("",),
        tuple(principals) if grant.source else who,
        (),
        frozenset(_conditions(plan, change, values, grant)),
    )


def _conditions(plan: Plan, change: ResourceChange, values: Value, grant: Grant) -> Iterator[str]:
    parts = (grant.of, grant.part, grant.actions, grant.principal, grant.source)
    for name, place in values.entries():
        if name in _OF_EVERY_RESOURCE or name in parts or name in grant.nothing:
            continue
        match place.reading:
            case Known(value) if value not in ("", [], {}):
                yield f"{name} {canonical(value)}"
            case state if state is UNKNOWN and _is_said(plan, change, name):
                yield f"what {name} is then"


def _is_said(plan: Plan, change: ResourceChange, name: str) -> bool:
    """Whether it is more than what the provider will report."""
    return change.after.get(name).peek() is not UNKNOWN or graph(plan).is_written(change, name)


def _texts(place: Value) -> Parts:
    readings = [each.reading for each in place.elements()]
    return tuple(
        str(each.value) if isinstance(each, Known) else ANYTHING
        for each in readings
        if each is UNKNOWN or (isinstance(each, Known) and each.value != "")
    )


def _text(place: Value) -> str:
    reading = place.reading
    return str(reading.value) if isinstance(reading, Known) else ""
