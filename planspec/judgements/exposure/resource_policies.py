"""To whom do resource-based policies grant access, and for whose account?

Keys, topics, queues, tables, buckets, roles and many others carry a policy that says who may use them;
a permission of Lambda is one statement of it. `schemas/aws_access.toml` lists them all. Source: AWS IAM
User Guide, "Identity-based policies and resource-based policies".
"""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from planspec.access import Outcome, Unknown, describe
from planspec.aws import Statement, statements
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.change.grants import as_statement, comes_from_ours, granted
from planspec.judgements.change.policy_texts import planned
from planspec.judgements.change.sides import After, is_copy
from planspec.judgements.exposure.public_access import (
    acts_for_strangers,
    any_of_a_kind,
    open_to_strangers,
)
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, Reading, ResourceChange, Value
from planspec.references import graph
from planspec.schema import Inside, access_types

_SERVICE: Final = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
_OWN_ACCOUNT: Final = re.compile(r"(arn:aws[a-z-]*:iam::)?\d{12}(:root)?")
# A role is bound to its caller by the session; these services say for whom they act.
_TRUSTED_BY_ROLES: Final = frozenset({"aws_iam_role"})
_IN_A_PATH: Final = re.compile(r":::?[^:]+/(?:.*/)?\d{12}/")
EVERYBODY: Final = "grants public access"
NAMED = "who may use it named one by one, and what each of them may do"
BOUND = "a condition that the service acts for our account"


class Held(NamedTuple):
    """A policy: the resource, where it stands, its statements; None if they cannot be told.

    `document` is the policy as IAM reads it, with marks for what apply decides; `ours`: whoever calls
    does it for a resource of this plan.
    """

    resource: ResourceChange
    place: Value
    statements: tuple[Statement, ...] | None
    document: Any
    ours: bool = False

    def at(self, position: int | None) -> Value:
        """Return where a statement stands, or the policy where that cannot be told."""
        if position is None or not self.statements or position >= len(self.statements):
            return self.place
        return self.statements[position].place


def policies(plan: Plan) -> tuple[Held, ...]:
    """Return the policies that somebody wrote for the resources that exist after the change."""
    return plan.once(_policies)


def _policies(plan: Plan) -> tuple[Held, ...]:
    table = access_types()
    documents = (
        Held(
            resource,
            resource.after.get(*each.path),
            statements(plan, resource, each.path),
            planned(plan, resource, each.path).document,
        )
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
            granted(After(plan), resource, grant).document,
            comes_from_ours(plan, resource, grant),
        )
        for grant in table.grant
        if grant.asked
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
    """Judge whether no resource-based policy grants public access or wildcard actions.

    Source: Amazon S3 User Guide, "The meaning of public".
    """
    held = _chosen(plan, chosen)
    return judge((each.resource.address for each in held), map(_who_may, held))


def act_for_us(plan: Plan, chosen: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each AWS service principal in a policy is limited to this account.

    A service works for every customer of AWS; without the condition another customer could make
    it use our resource. A path that holds the account says it too. Roles are left to
    their own requirement. Source: AWS IAM User Guide, "The confused deputy problem".
    """
    held = [each for each in _chosen(plan, chosen) if each.resource.type not in _TRUSTED_BY_ROLES]
    return judge(
        (each.resource.address for each in held),
        (_for_anybody(each) for each in held if not each.ours),
    )


def _who_may(held: Held) -> Finding | None:
    """Whether everybody may come, or somebody outside the account may do everything."""
    opened, unnamed = open_to_strangers(held.document), any_of_a_kind(held.document)
    if opened.outcome is Outcome.MORE:
        place = held.at(opened.statement)
        return _too_many(held, place, Verdict.VIOLATED, EVERYBODY, f": as it is, {describe(opened)}")
    if unnamed is not None:
        return _too_many(held, held.at(unnamed), Verdict.VIOLATED, EVERYBODY)
    wide = [(each.place, *_does_everything(each)) for each in held.statements or () if each.allows]
    for place, answer, observed in wide:
        if answer:
            return _too_many(held, place, Verdict.VIOLATED, observed)
    if isinstance(held.document, Unknown):
        return found(held.resource, held.place, Verdict.UNDETERMINED, NAMED)
    if opened.outcome is Outcome.UNDETERMINED:
        observed = f"whether it {EVERYBODY} cannot be determined: {', '.join(opened.doubts)}"
        return _too_many(held, held.at(None), Verdict.UNDETERMINED, observed)
    for place, answer, observed in wide:
        if answer is None:
            return _too_many(held, place, Verdict.UNDETERMINED, observed)
    return None


def _too_many(held: Held, place: Value, verdict: Verdict, observed: str, evidence: str = "") -> Finding:
    remedy = f"name the principals, and the actions that each one needs{evidence}"
    return found(held.resource, place, verdict, NAMED, observed=observed, remedy=remedy)


def _does_everything(statement: Statement) -> tuple[bool | None, str]:
    """Whether it allows every action of a service to others than accounts by themselves."""
    readings = [principal.reading for principal in statement.principals]
    if readings and all(_is_own_account(reading) for reading in readings):
        return False, ""
    answer, observed = _every_action(statement)
    unsure = statement.may_deny or statement.place.perhaps or UNKNOWN in readings
    return (None if answer and unsure else answer), observed


def _every_action(statement: Statement) -> tuple[bool | None, str]:
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


def _for_anybody(held: Held) -> Finding | None:
    """Whether a service may act without a word about the account."""
    told = held.statements or ()
    named = {position for position, each in enumerate(told) if _names_the_account(each)}
    answer = acts_for_strangers(held.document, but=named)
    if answer.outcome is Outcome.NOT_MORE:
        return None
    if isinstance(held.document, Unknown):
        return found(held.resource, held.place, Verdict.UNDETERMINED, BOUND)
    sure = answer.outcome is Outcome.MORE
    services = _services(told[answer.statement]) if sure and answer.statement is not None else []
    return found(
        held.resource,
        held.at(answer.statement),
        Verdict.VIOLATED if sure else Verdict.UNDETERMINED,
        BOUND,
        observed=f"lets {', '.join(services) or 'somebody'} act for any account"
        if sure
        else f"whether it lets a service act for any account is unknown: {', '.join(answer.doubts)}",
        remedy="add a condition on aws:SourceAccount or aws:SourceArn",
    )


def _services(statement: Statement) -> list[str]:
    return [
        principal.shown
        for principal in statement.principals
        if isinstance(reading := principal.reading, Known) and _SERVICE.fullmatch(str(reading.value))
    ]


def _names_the_account(statement: Statement) -> bool:
    """Whether each resource is a path with an account in it, where AWS writes for that one only.

    Source: Elastic Load Balancing User Guide, "Access logs": AWSLogs/<account>/.
    """
    readings = [resource.reading for resource in statement.resources]
    paths = [isinstance(each, Known) and _IN_A_PATH.search(f"{each.value}/") for each in readings]
    return bool(paths) and all(paths)
