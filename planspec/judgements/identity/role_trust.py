"""Who can assume a role, and does each role serve one purpose?"""

from collections.abc import Sequence
from typing import Final

from planspec.access import Outcome, describe
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.change.policy_texts import planned
from planspec.judgements.exposure.public_access import acts_for_strangers, more_than
from planspec.judgements.generic.expect import found, hold_each
from planspec.judgements.identity.task_roles import ROLE_ATTRIBUTES, roles_of
from planspec.plan import UNKNOWN, Plan, ResourceChange
from planspec.references import Grade, graph

ECS_TASKS = "ecs-tasks.amazonaws.com"
APART = "a role for the task and another one for its execution"
_ECS_ALONE: Final = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": ECS_TASKS}, "Action": "*"}]
}
TRUSTED = f"trust in {ECS_TASKS} only, on condition that it acts for our account"


def apart(plan: Plan, definitions: Sequence[ResourceChange]) -> Judgement:
    """Judge whether the application does not have the role with which ECS starts its tasks.

    A task without a role of its own may do nothing in AWS, which is apart enough.
    Source: Amazon ECS Developer Guide, "Best practices for IAM roles in Amazon ECS".
    """
    return judge(
        (definition.address for definition in definitions),
        (_shared(plan, definition) for definition in definitions),
    )


def _shared(plan: Plan, definition: ResourceChange) -> Finding | None:
    places = [definition.after.get(attribute) for attribute in ROLE_ATTRIBUTES]
    if any(place.is_set is False for place in places):
        return None
    named = [
        graph(plan).targets(definition, (name,), "aws_iam_role", Grade.SAME_KEY)
        for name in ROLE_ATTRIBUTES
    ]
    readings = [place.reading for place in places]
    if all(named):
        same: bool | None = named[0] == named[1]
    else:
        same = None if UNKNOWN in readings else readings[0] == readings[1]
    if same is False:
        return None
    observed = f"task and execution share {(named[0] or ('a role',))[0]}" if same else ""
    return found(
        definition,
        places[0],
        Verdict.VIOLATED if same else Verdict.UNDETERMINED,
        APART,
        observed=observed,
        remedy="make two roles: one fetches image and secrets, one does the application's work",
    )


def trust_ecs_for_us(plan: Plan, definitions: Sequence[ResourceChange]) -> Judgement:
    """Judge whether task and execution roles trust only ECS tasks in this account.

    Without the condition another customer could make ECS use the role.
    Source: AWS IAM User Guide, "The confused deputy problem"; Amazon ECS Developer Guide, "Amazon
    ECS task IAM role".
    """
    examined = [definition.address for definition in definitions]
    findings: list[Finding] = []
    for definition in definitions:
        for attribute in ROLE_ATTRIBUTES:
            roles = roles_of(plan, definition, attribute)
            examined += [role.address for role in roles]
            findings += [finding for role in roles if (finding := _trust(plan, role))]
            place = definition.after.get(attribute)
            if not roles and place.is_set is not False:
                observed = f"{attribute} names a role that is not in this plan"
                findings.append(
                    found(definition, place, Verdict.UNDETERMINED, TRUSTED, observed=observed)
                )
    return judge(examined, dict.fromkeys(findings))


def _trust(plan: Plan, role: ResourceChange) -> Finding | None:
    document = planned(plan, role, ("assume_role_policy",)).document
    others, strangers = more_than(_ECS_ALONE, document), acts_for_strangers(document)
    outcomes = {others.outcome, strangers.outcome}
    if outcomes == {Outcome.NOT_MORE}:
        return None
    wrong = Outcome.MORE in outcomes
    evidence = ""
    if wrong:
        whom = describe(others) if others.witness else f"{describe(strangers)}, for any account"
        evidence = f": as it is, {whom}"
    return found(
        role,
        role.after.get("assume_role_policy"),
        Verdict.VIOLATED if wrong else Verdict.UNDETERMINED,
        TRUSTED,
        observed="its trust policy lets others, or other accounts, take it"
        if wrong
        else "who can take it is known only after apply",
        remedy=f"trust {ECS_TASKS} where aws:SourceAccount is this account{evidence}",
    )


def no_shell(services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each ECS service has ECS Exec disabled.

    Source: Amazon ECS API, CreateService, enableExecuteCommand.
    """
    return hold_each(
        services,
        ("enable_execute_command",),
        lambda value: value is False,
        "enable_execute_command is false",
        remedy="set enable_execute_command = false; switch it on for a case, with a reason",
        unset=Verdict.UNDETERMINED,
    )
