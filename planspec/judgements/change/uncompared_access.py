"""Which changes give access in a way that is not compared, so that a reviewer has to look at them?

The types are those of `schemas/aws_access.toml`. Of every other type, whoever makes it, an IAM policy
document that changes is found by its shape. Source: AWS IAM User Guide, "IAM JSON policy elements".
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any, Final

from planspec.aws import Owners, existed
from planspec.finding import Finding, Verdict
from planspec.judgements.change.principals import roles_of_code
from planspec.judgements.generic.relations import canonical
from planspec.plan import (
    MISSING,
    UNKNOWN,
    Action,
    Known,
    Mode,
    Plan,
    ResourceChange,
    Value,
    json_document,
)
from planspec.references import graph
from planspec.schema import access_types

EXPECTED: Final = "access that does not change, or that a reviewer has approved"
REMEDY: Final = "look at it, then take the decision by name with --override, or write a waiver"
# Attributes that say nothing about access.
_HARMLESS: Final = frozenset({"arn", "description", "id", "region", "tags", "tags_all", "timeouts"})
# Values that limit nothing, and give nothing.
_NOTHING: Final[Sequence[object]] = ("", [], {}, None, False, "NONE")
# How a document that denies something is written by `canonical`.
_DENIES: Final = "ffect': 'Deny'"
# Names of types that are about something else, to which they give access.
_ABOUT_ANOTHER: Final = re.compile(
    r"polic|permission|grant|access|authoriz|share|sharing|attachment|assignment|membership|principal|trust"
)
# Names of attributes in which a policy document stands, as far as nobody knows the type.
_DOCUMENTS: Final = re.compile(
    r"(access_|resource_|key_|assume_role_|inline_|bucket_|topic_|queue_|repository_|iam_)?polic(y|ies)"
    r"|(access_|assume_role_|resource_)?policy_(document|text|json)"
)


def examined(plan: Plan) -> Iterator[str]:
    """Yield the resources that give access, or limit it, and will exist."""
    table = access_types()
    yield from (each.address for each in plan.remaining(*table.giving, *table.limiting))
    kinds = {kind for mode, kind in plan.by_type if mode is Mode.MANAGED and table.elsewhere.gives(kind)}
    yield from (
        each.address
        for each in (plan.changes if kinds else ())
        if each.managed and each.will_exist and not each.deposed and each.type in kinds
    )


def not_compared(plan: Plan) -> Iterator[Finding]:
    """Yield a finding for each change that gives access, or may, in a way that is not compared."""
    for change in plan.changes:
        if change.managed and not change.deposed and change.actions != {Action.NO_OP}:
            asked = _asked(change.type)
            why = asked(plan, change) if asked else ""
            if why:
                observed = f"{why}; how {change.type} gives access is not compared"
                verdict = Verdict.UNDETERMINED
                yield Finding(change.address, verdict, observed, EXPECTED, remedy=REMEDY)


@lru_cache(maxsize=4096)
def _asked(kind: str) -> Callable[[Plan, ResourceChange], str] | None:
    """What tells why a change to this type has to be looked at; None where it is compared."""
    table = access_types()
    if kind in table.giving:
        return partial(_beside, of=table.giving[kind])
    if kind in table.limiting:
        return partial(_limit, of=table.limiting[kind])
    if kind in table.identities or kind in table.known:
        return None
    if table.elsewhere.gives(kind):
        return _elsewhere
    return _anything if _is_about_another(kind) else _in_what_stays


@lru_cache(maxsize=4096)
def _is_about_another(kind: str) -> bool:
    return bool(_ABOUT_ANOTHER.search(kind))


def _in_what_stays(plan: Plan, change: ResourceChange) -> str:
    return _anything(plan, change) if existed(change) and change.will_exist else ""


def _anything(plan: Plan, change: ResourceChange) -> str:
    """An attribute that gives access, or a policy document, in a type that is on no list."""
    return _attributes(plan, change) or _attributes_elsewhere(plan, change) or _documents(plan, change)


def _beside(plan: Plan, change: ResourceChange, of: str) -> str:
    """A grant gives something where it comes or changes, and takes it away where it goes."""
    if not change.will_exist:
        return ""
    if existed(change):
        return _difference(plan, change)
    return "" if of and _is_about_new(plan, change, (of,)) else "it comes"


def _elsewhere(plan: Plan, change: ResourceChange) -> str:
    """A grant of another provider: about something new, where who gets it or what it is on is new."""
    if not change.will_exist:
        return _documents(plan, change)
    if existed(change):
        return _difference(plan, change)
    is_role = access_types().elsewhere.is_role
    named = [name for name, _ in change.after.entries() if not is_role(name)]
    return "" if named and _is_about_new(plan, change, named) else "it comes"


def _attributes_elsewhere(plan: Plan, change: ResourceChange) -> str:
    """An attribute of what exists that gives access, in a type of another provider."""
    if not existed(change) or not change.will_exist:
        return ""
    for name, place in change.after.entries():
        given = place.peek() is UNKNOWN or place.stated not in (*_NOTHING, "private")
        gives = given and access_types().elsewhere.gives_in(change.type, name)
        if (
            gives
            and _differs(plan, change, (name,), place)
            and not _only_fewer(change.before.get(name).stated, place.stated)
        ):
            return f"{name} changes"
    return ""


def _limit(plan: Plan, change: ResourceChange, of: str) -> str:
    """A limit gives something where it goes or changes, and takes it away where it comes."""
    if not existed(change):
        return ""
    if change.will_exist:
        return _difference(plan, change)
    return "" if of and _owner_goes(plan, change, (of,)) else "it goes"


def _difference(plan: Plan, change: ResourceChange) -> str:
    for name, place in change.after.entries():
        if name not in _HARMLESS and _differs(plan, change, (name,), place):
            return f"{name} changes"
    return ""


def _differs(plan: Plan, change: ResourceChange, path: Sequence[str | int], after: Value) -> bool:
    """Whether a value becomes another; one that the provider only reports is none that anybody set."""
    reading = after.reading
    if reading is UNKNOWN or (isinstance(reading, Known) and reading.partly_unknown):
        return graph(plan).is_written(change, str(path[0]))
    was, becomes = (_normal(each.stated) for each in (change.before.get(*path), after))
    return canonical(was) != canonical(becomes)


def _normal(value: Any) -> Any:
    """A value in which nothing set is null, and a document is what it says."""
    if isinstance(value, str):
        parsed = json_document(value)
        return value or None if parsed is MISSING else parsed
    return None if value in ("", [], {}) else value


def _attributes(plan: Plan, change: ResourceChange) -> str:
    """An attribute of what exists that gives access to it."""
    if not existed(change) or not change.will_exist:
        return ""
    table = access_types()
    for path, limits in table.attributes.by_kind.get(change.type, ()):
        if (change.type, path) in table.roles_of_code and roles_of_code(plan, change, path):
            continue
        if _gives(plan, change, path, limits=limits):
            return f"{change.after.get(*path).path} changes"
    return ""


def _gives(plan: Plan, change: ResourceChange, path: Sequence[str | int], *, limits: bool) -> bool:
    before, after = change.before.get(*path), change.after.get(*path)
    door = access_types().doors.get((change.type, tuple(path)))
    if not _differs(plan, change, path, after) or (door and door.is_open(after.stated)):
        return False
    if limits:
        return before.stated not in _NOTHING
    given = after.peek() is UNKNOWN or after.stated not in (*_NOTHING, "private")
    return given and not _only_fewer(before.stated, after.stated)


def _only_fewer(before: Any, after: Any) -> bool:
    """Whether a list only loses names."""
    lists = isinstance(before, list) and isinstance(after, list)
    return lists and all(isinstance(each, str) and each in before for each in after)


def _documents(plan: Plan, change: ResourceChange) -> str:
    """A policy document, found by its shape, in an attribute that is not compared."""
    if not _is_about_another(change.type) and not (existed(change) and change.will_exist):
        return ""
    compared = access_types().compared.get(change.type, set())
    had, has = (Counter(_found(each.stated, compared)) for each in (change.before, change.after))
    if not change.will_exist:
        gone = [name for name, text in had if _DENIES in text]
        return f"{gone[0]} goes" if gone and not _owner_goes(plan, change, ()) else ""
    unknown = [*_unknown(plan, change, compared, had)]
    changed = [*(has - had), *(each for each in had - has if _DENIES in each[1])]
    names = [*unknown, *(name for name, _ in changed)]
    if not names:
        return ""
    if existed(change):
        return f"{names[0]} changes"
    return "" if _is_about_new(plan, change, ()) else f"{names[0]} comes"


def _unknown(
    plan: Plan, change: ResourceChange, compared: set[str], had: Counter[tuple[str, str]]
) -> Iterator[str]:
    """The attributes in which a document stood, or should by their name, and apply decides."""
    held = {name for name, _ in had}
    for name, place in change.after.entries():
        if name in compared or not (name in held or document_names(name)):
            continue
        reading = place.peek()
        undecided = reading is UNKNOWN or (isinstance(reading, Known) and reading.partly_unknown)
        if undecided and graph(plan).is_written(change, name):
            yield name


def _found(values: Any, compared: set[str]) -> Iterator[tuple[str, str]]:
    """The policy documents among the values: the attribute, and what it says."""
    members = values.items() if isinstance(values, dict) else ()
    for name, value in members:
        if name not in compared:
            yield from ((name, text) for text in _inside(value))


def _inside(value: Any) -> Iterator[str]:
    if isinstance(value, str) and "tatement" in value:
        parsed = json_document(value)
        value = None if parsed is MISSING else parsed
    if isinstance(value, dict):
        if _is_policy(value):
            yield canonical(value)
            return
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _inside(each)


def _is_policy(value: dict[str, Any]) -> bool:
    """Whether it is a document of IAM: statements that allow or deny."""
    statements = value.get("Statement", value.get("statement"))
    listed = statements if isinstance(statements, list) else [statements]
    return bool(listed) and all(
        isinstance(each, dict) and ("Effect" in each or "effect" in each) for each in listed
    )


def _is_about_new(plan: Plan, change: ResourceChange, named: Sequence[str]) -> bool:
    """Whether what the attributes name is made by this plan; any attribute, where none is given."""
    names = named or [name for name, _ in change.after.entries()]
    referred = [
        target.change
        for name in names
        for target in graph(plan).of(change, name).targets
        if target.change is not None and target.change.managed
    ]
    stated = [
        made
        for name in names
        for made in plan.attached(Owners).made(change.after.get(name))
        if made is not change
    ]
    found = [*referred, *stated]
    return bool(found) and not any(existed(each) for each in found)


def _owner_goes(plan: Plan, change: ResourceChange, named: Sequence[str]) -> bool:
    """Whether what the attributes name goes too."""
    owners = plan.attached(Owners)
    names = named or [name for name, _ in change.before.entries() if name not in {"arn", "id"}]
    readings = [change.before.get(name).peek() for name in names]
    found = [
        each
        for reading in readings
        if isinstance(reading, Known) and isinstance(reading.value, str)
        for each in owners.existing(reading.value)
        if each is not change
    ]
    return bool(found) and all(not each.will_exist for each in found)


def document_names(name: str) -> bool:
    """Whether an attribute of this name holds a policy document, as far as a name can say it."""
    return bool(_DOCUMENTS.fullmatch(name))
