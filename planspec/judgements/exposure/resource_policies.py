"""To whom do resource-based policies grant access, and for whose account?

Keys, topics, queues, tables, buckets, roles and many others carry a policy that says who may use them;
a permission of Lambda is one statement of it. `schemas/aws_access.toml` lists them all. Source: AWS IAM
User Guide, "Identity-based policies and resource-based policies".
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from planspec.aws import (
    Condition,
    Statement,
    binds,
    holds_for_strangers,
    keeps_strangers_out,
    statements,
)
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.change.grants import as_statement, comes_from_ours
from planspec.judgements.change.iam_rights import covered, right
from planspec.judgements.change.sides import is_copy
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, Reading, ResourceChange, Value
from planspec.references import graph
from planspec.schema import Inside, access_types

_SERVICE: Final = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
_OWN_ACCOUNT: Final = re.compile(r"(arn:aws[a-z-]*:iam::)?\d{12}(:root)?")
# A role is bound to its caller by the session; these services say for whom they act.
_TRUSTED_BY_ROLES: Final = frozenset({"aws_iam_role"})
# Only what has mounted a file system in its network gets past this one. Source: Amazon EFS User Guide,
# "Blocking public access".
_MOUNTED: Final = "elasticfilesystem:accessedviamounttarget"
_IN_A_PATH: Final = re.compile(r":::?[^:]+/(?:.*/)?\d{12}/")
EVERYBODY: Final = "grants public access"
NAMED = "who may use it named one by one, and what each of them may do"
BOUND = "a condition that the service acts for our account"


class Answer(NamedTuple):
    """Whether a statement is wrong (None: apply decides), what it does, and what it should."""

    wrong: bool | None
    observed: str = ""
    expected: str = ""
    remedy: str = ""


class Held(NamedTuple):
    """A policy: the resource, where it stands, its statements; None if they cannot be told.

    `ours`: whoever calls does it for a resource of this plan.
    """

    resource: ResourceChange
    place: Value
    statements: tuple[Statement, ...] | None
    ours: bool = False


def policies(plan: Plan) -> tuple[Held, ...]:
    """Return the policies that somebody wrote for the resources that exist after the change."""
    return plan.once(_policies)


def _policies(plan: Plan) -> tuple[Held, ...]:
    table = access_types()
    documents = (
        Held(resource, resource.after.get(*each.path), statements(plan, resource, each.path))
        for each in sorted((*table.document, *table.inside), key=lambda each: each.at)
        if each.who
        for resource in plan.remaining(each.kind)
        if is_written(plan, resource, each)
    )
    grants = (
        Held(
            resource,
            resource.after.get(grant.principal),
            (as_statement(resource, grant),),
            comes_from_ours(plan, resource, grant),
        )
        for grant in table.grant
        for resource in plan.remaining(grant.type)
    )
    return (*documents, *grants)


def holders(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the resources in which those policies stand."""
    return tuple(dict.fromkeys(each.resource for each in policies(plan)))


def _chosen(plan: Plan, chosen: Sequence[ResourceChange]) -> Sequence[Held]:
    addresses = {each.address for each in chosen}
    return [each for each in policies(plan) if each.resource.address in addresses]


def is_written(plan: Plan, resource: ResourceChange, inside: Inside) -> bool:
    """Whether the policy there is the resource's own: no default, and no copy of one beside it.

    Without a policy of its own a key has the one of AWS, which lets the account decide.
    """
    state = resource.after.get(*inside.path).peek()
    if state is UNKNOWN:
        return graph(plan).is_written(resource, str(inside.path[0]))
    return isinstance(state, Known) and state.value != "" and not is_copy(plan, resource, inside)


def name_who_may(plan: Plan, chosen: Sequence[ResourceChange]) -> Judgement:
    """Judge whether no resource-based policy grants public access or wildcard actions."""
    held = _chosen(plan, chosen)
    return judge(
        (each.resource.address for each in held),
        (finding for each in held for finding in _first(each, _too_many)),
    )


def act_for_us(plan: Plan, chosen: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each AWS service principal in a policy is limited to this account.

    A service works for every customer of AWS; without the condition another customer could make
    it use our resource. A path that holds the account says it too. Roles are left to
    their own requirement. Source: AWS IAM User Guide, "The confused deputy problem".
    """
    held = [each for each in _chosen(plan, chosen) if each.resource.type not in _TRUSTED_BY_ROLES]
    return judge(
        (each.resource.address for each in held),
        (finding for each in held if not each.ours for finding in _first(each, _for_anybody)),
    )


def _first(held: Held, asked: Callable[[Statement], Answer]) -> Iterator[Finding]:
    """The worst finding about one policy: a sure one, else one that apply decides."""
    if held.statements is None:
        yield found(held.resource, held.place, Verdict.UNDETERMINED, NAMED)
        return
    answers = [
        (each, _kept_out(asked(each), each, held.statements)) for each in held.statements if each.allows
    ]
    wrong = [(each, answer) for each, answer in answers if answer.wrong is not False]
    if not wrong:
        return
    sure = [(each, answer) for each, answer in wrong if answer.wrong and not each.may_deny]
    statement, answer = (sure or wrong)[0]
    yield found(
        held.resource,
        statement.place,
        Verdict.VIOLATED if sure else Verdict.UNDETERMINED,
        answer.expected,
        observed=answer.observed if sure else _if_so(statement, asked, answer),
        remedy=answer.remedy,
    )


def _if_so(statement: Statement, asked: Callable[[Statement], Answer], answer: Answer) -> str:
    """What a statement does that may not be there, or of which apply decides the effect."""
    if statement.place.perhaps:
        does = asked(statement.if_there)
        if does.wrong:
            return f"whether there is a statement is known after apply: if there is, it {does.observed}"
    if statement.may_deny and answer.wrong:
        return (
            "whether a statement allows or denies is known after apply: if it allows, it"
            f" {answer.observed}"
        )
    if statement.may_deny and statement.place.peek() is UNKNOWN:
        return "its statements, and whether they allow or deny, are known after apply"
    return answer.observed


def _too_many(statement: Statement) -> Answer:
    """Whether everybody may come, or somebody outside the account may do everything."""
    bound = [
        (_is_mounted(each) and not each.perhaps) or keeps_strangers_out(each)
        for each in statement.conditions
    ]
    inverted = [each.is_set for each in statement.not_principals]
    readings = [principal.reading for principal in statement.principals]
    wrong: bool | None = False
    observed = "its principals are known after apply"
    if Known("*") in readings or True in inverted:
        wrong, observed = True not in bound, EVERYBODY
        if wrong and None in bound:
            wrong, observed = None, "its principal is *, and its conditions are known after apply"
    elif UNKNOWN in readings or None in inverted:
        wrong = None
    elif not all(_is_own_account(reading) for reading in readings):
        wrong, observed = _does_everything(statement)
    return Answer(wrong, observed, NAMED, "name the principals, and the actions that each one needs")


def _kept_out(answer: Answer, statement: Statement, all_statements: Sequence[Statement]) -> Answer:
    """The answer about a statement, where another denies it to everybody whom it does not name."""
    if answer.observed != EVERYBODY:
        return answer
    closed = [denied_to_strangers(statement, each) for each in all_statements]
    if True in closed:
        return Answer(False)
    return answer._replace(wrong=None) if None in closed else answer


def denied_to_strangers(allowed: Statement, denying: Statement) -> bool | None:
    """Whether a Deny for everybody, but those whom it names, covers all that a statement allows."""
    denied = right(denying)._replace(denies=False, conditions=frozenset())
    if denying.effect.peek() != Known("Deny") or denied.principals != ("*",) or denied.left_out:
        return False
    if not covered(right(allowed), [denied]):
        return False
    answers = [holds_for_strangers(each) for each in denying.conditions]
    return False if False in answers else None if None in answers else True


def _is_mounted(condition: Condition) -> bool:
    """Whether only those come who have the file system mounted."""
    values = [
        str(each.value).lower() for each in map(_reading, condition.values) if isinstance(each, Known)
    ]
    return (
        condition.key.lower() == _MOUNTED and condition.operator.lower() == "bool" and values == ["true"]
    )


def _reading(value: Value) -> Reading:
    return value.reading


def _does_everything(statement: Statement) -> tuple[bool | None, str]:
    inverted = [each.is_set for each in statement.not_actions]
    if True in inverted:
        return True, "allows every action except those that it names"
    for action in statement.actions:
        match action.reading:
            case Known(str(text)) if text == "*" or text.endswith(":*"):
                return True, f"allows {action.shown}"
    unknown = None in inverted or any(action.reading is UNKNOWN for action in statement.actions)
    return (None if unknown else False), "its actions are known after apply"


def _is_own_account(reading: Reading) -> bool:
    return isinstance(reading, Known) and bool(_OWN_ACCOUNT.fullmatch(str(reading.value)))


def _for_anybody(statement: Statement) -> Answer:
    """Whether a service may act without a word about the account."""
    services = [
        principal.shown
        for principal in statement.principals
        if isinstance(reading := principal.reading, Known) and _SERVICE.fullmatch(str(reading.value))
    ]
    unknown = any(principal.reading is UNKNOWN for principal in statement.principals)
    bound = [_of_us(condition) for condition in statement.conditions]
    if True in bound or not (services or unknown) or _names_the_account(statement):
        return Answer(False)
    wrong = None if None in bound or not services else True
    observed = f"lets {', '.join(services) or 'somebody'} act for any account"
    return Answer(wrong, observed, BOUND, "add a condition on aws:SourceAccount or aws:SourceArn")


def _of_us(condition: Condition) -> bool | None:
    """Whether a condition binds to an account; what is encrypted can be named by its ARN too."""
    if condition.key.lower().startswith("kms:encryptioncontext:"):
        condition = condition._replace(key="aws:SourceArn")
    return binds(condition)


def _names_the_account(statement: Statement) -> bool:
    """Whether each resource is a path with an account in it, where AWS writes for that one only.

    Source: Elastic Load Balancing User Guide, "Access logs": AWSLogs/<account>/.
    """
    readings = [resource.reading for resource in statement.resources]
    paths = [isinstance(each, Known) and _IN_A_PATH.search(f"{each.value}/") for each in readings]
    return bool(paths) and all(paths)
