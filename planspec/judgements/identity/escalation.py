"""Can a task get permissions that it was not given?

Which actions do that is data: `planspec/schema/data/escalations.toml`. An action counts on any resource:
to change the policy of one role, or the code of one function, is enough.
Source: AWS IAM User Guide, "Grant least privilege".
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from planspec.aws import Statement
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.judgements.identity.task_roles import (
    ROLE_ATTRIBUTES,
    Grant,
    grants_of,
    role_elsewhere,
    roles_of,
)
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.policies import Identity
from planspec.schema import Way, escalations, known_actions

LEAST: Final = "no action with which it gets permissions that it was not given"
# So many actions are named in a finding.
SHOWN: Final = 3
REMEDY: Final = "take the action away, or state it in parameters.toml: [identity] escalating_actions"


class _Allowed(NamedTuple):
    """An action that a role may do, and what allows it; `surely` is false where apply decides it."""

    name: str
    grant: Grant
    place: Value
    surely: bool


def no_escalation(plan: Plan, definitions: Sequence[ResourceChange], settings: Identity) -> Judgement:
    """Judge whether no role of a task may give itself, or take from others, rights that it lacks.

    `settings` says which actions are accepted. What a Deny takes from every resource does not count.
    """
    examined = [definition.address for definition in definitions]
    findings: list[Finding] = []
    roles: dict[str, ResourceChange] = {}
    for definition in definitions:
        for attribute in ROLE_ATTRIBUTES:
            named = roles_of(plan, definition, attribute)
            roles |= {role.address: role for role in named}
            if not named and definition.after.get(attribute).is_set is not False:
                findings.append(role_elsewhere(definition, attribute, LEAST))
    for role in roles.values():
        grants = list(grants_of(plan, role, settings))
        examined += [role.address, *(_address(each) for each in grants)]
        findings += _of_role(grants, settings)
    return judge(dict.fromkeys(examined), dict.fromkeys(findings))


def _address(grant: Grant | Finding) -> str:
    return grant.address if isinstance(grant, Finding) else grant.resource.address


def _of_role(grants: Sequence[Grant | Finding], settings: Identity) -> Iterator[Finding]:
    told: list[tuple[Grant, Statement]] = []
    for grant in grants:
        if isinstance(grant, Finding):
            yield grant._replace(expected=LEAST)
        elif grant.statements is None:
            yield found(grant.resource, grant.place, Verdict.UNDETERMINED, LEAST, remedy=REMEDY)
        else:
            told += [(grant, each) for each in grant.statements]
    denied = {name for _, each in told if _denies_everywhere(each) for name in _names(each.actions)}
    accepted = {each.lower() for each in settings.escalating_actions} | denied
    allowed = [each for grant, statement in told for each in _allowed(grant, statement)]
    yield from _escalating([each for each in allowed if each.name not in accepted])


def _escalating(allowed: Sequence[_Allowed]) -> Iterator[Finding]:
    """One finding for each way and each place that opens it."""
    by_name: dict[str, _Allowed] = {}
    for each in sorted(allowed, key=lambda one: not one.surely):
        by_name.setdefault(each.name, each)
    for way in escalations():
        partners = [by_name[each.lower()] for each in way.together_with if each.lower() in by_name]
        if way.together_with and not partners:
            continue
        places: dict[tuple[Value, bool], list[str]] = {}
        for name in (each for each in way.actions if each.lower() in by_name):
            each = by_name[name.lower()]
            sure = each.surely and all(partner.surely for partner in partners)
            places.setdefault((each.place, sure), []).append(name)
        for (place, sure), names in places.items():
            yield _finding(way, by_name[names[0].lower()].grant, place, names, sure=sure)


def _finding(way: Way, grant: Grant, place: Value, names: Sequence[str], *, sure: bool) -> Finding:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    beside = f" together with {way.together_with[0]}" if way.together_with else ""
    return found(
        grant.resource,
        place,
        Verdict.VIOLATED if sure else Verdict.UNDETERMINED,
        LEAST,
        observed=f"allows {', '.join(names[:SHOWN])}{more}{beside}: {way.how}",
        remedy=REMEDY,
    )


def _allowed(grant: Grant, statement: Statement) -> Iterator[_Allowed]:
    if not statement.allows:
        return
    sure = grant.surely and not statement.may_deny and not statement.conditions
    for action in statement.actions:
        match action.reading:
            case Known(text):
                for name in _matching(str(text)):
                    yield _Allowed(name, grant, action, sure)
            case state if state is UNKNOWN:
                yield from (_Allowed(name, grant, action, surely=False) for name in _all_of_them())
    kept = {name for each in statement.not_actions for name in _names([each])}
    for inverted in statement.not_actions[:1]:
        for name in _all_of_them():
            if name not in kept:
                yield _Allowed(name, grant, inverted, sure)


def _all_of_them() -> list[str]:
    ways = escalations()
    return sorted({name.lower() for way in ways for name in (*way.actions, *way.together_with)})


def _names(actions: Sequence[Value]) -> Iterator[str]:
    for action in actions:
        if isinstance(reading := action.reading, Known):
            yield from _matching(str(reading.value))


def _matching(pattern: str) -> Sequence[str]:
    """The actions that a pattern stands for; a name stands for itself."""
    wild = "*" in pattern or "?" in pattern
    return known_actions().matching(pattern) if wild else [pattern.lower()]


def _denies_everywhere(statement: Statement) -> bool:
    surely = statement.effect.peek() == Known("Deny") and not statement.place.perhaps
    everywhere = any(each.reading == Known("*") for each in statement.resources)
    return surely and everywhere and not statement.conditions
