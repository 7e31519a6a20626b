"""Outcomes about what tasks may do, and to whom policies grant access."""

from collections.abc import Callable, Sequence
from typing import Final

from planspec.finding import Judgement
from planspec.judgements.exposure import resource_policies
from planspec.judgements.identity import escalation, full_access, role_trust, stated_need, task_roles
from planspec.judgements.identity.stated_need import Need
from planspec.plan import Plan, ResourceChange
from planspec.vocabulary import forms, subjects
from planspec.vocabulary.model import Outcome

_LEAST: Final = ("least privilege",)
_GIVEN: Final = "policy, inline_policy, managed_policy_arns, policy_arn"


def _needed(
    subject: str, hold: Callable[[Plan, Sequence[ResourceChange], Need], Judgement], argument: str
) -> Outcome:
    return Outcome(
        subject,
        forms.NEEDED,
        "",
        lambda a: hold(a.plan, a.resources, Need(a.texts[0], a.inputs.need(a.texts[0]))),
        argument,
        "no more than policies/needs/NAME.json",
        "It allows no request that the named document does not allow.",
        _LEAST,
    )


OUTCOMES: Final = (
    Outcome(
        subjects.TASK_DEFINITION,
        "its roles must not allow wildcard actions or all resources",
        "",
        lambda a: task_roles.no_wildcards(a.plan, a.resources, a.parameters.identity),
        "policies of task_role_arn and execution_role_arn",
        "named actions and resources",
        "Its roles name each action, and do not cover every resource.",
        _LEAST,
    ),
    Outcome(
        subjects.TASK_DEFINITION,
        "its roles must not allow privilege escalation",
        "",
        lambda a: escalation.no_escalation(a.plan, a.resources, a.parameters.identity),
        "policies of task_role_arn and execution_role_arn",
        "no action that gives further permissions",
        "Its roles can neither change permissions nor run code with those of another.",
        _LEAST,
    ),
    Outcome(
        subjects.IAM_POLICY,
        forms.GRANTS,
        "administrative privileges",
        lambda a: full_access.allow_not_everything(a.plan, a.resources),
        _GIVEN,
        "neither *, iam:*, NotAction nor AdministratorAccess",
        "It does not allow everything, attached or not.",
        _LEAST,
    ),
    Outcome(
        subjects.IAM_POLICY,
        forms.GRANTS,
        "full access to an AWS service",
        lambda a: full_access.allow_no_whole_service(a.plan, a.resources),
        _GIVEN,
        "neither SERVICE:* on all resources nor a FullAccess policy of AWS",
        "It does not allow every action of a service on all resources.",
        _LEAST,
    ),
    _needed(subjects.IAM_POLICY, stated_need.identities_need, _GIVEN),
    _needed(subjects.RESOURCE_POLICY, stated_need.resources_need, "policy"),
    Outcome(
        subjects.TASK_DEFINITION,
        forms.HAS,
        "separate task and execution roles",
        lambda a: role_trust.apart(a.plan, a.resources),
        "task_role_arn, execution_role_arn",
        "two roles",
        "The role for the task is another than that for its execution.",
        _LEAST,
    ),
    Outcome(
        subjects.TASK_DEFINITION,
        "its roles must trust only ECS tasks in this account",
        "",
        lambda a: role_trust.trust_ecs_for_us(a.plan, a.resources),
        "assume_role_policy of its roles",
        "ecs-tasks.amazonaws.com, with aws:SourceAccount",
        "Only ECS can assume its roles, and only for this account.",
        ("trust policy",),
    ),
    Outcome(
        subjects.ECS_SERVICE,
        forms.DISABLED,
        "ECS Exec",
        lambda a: role_trust.no_shell(a.resources),
        "enable_execute_command",
        "false",
        "No one can open a shell in its tasks.",
    ),
    Outcome(
        subjects.RESOURCE_POLICY,
        forms.GRANTS,
        "public access or wildcard actions",
        lambda a: resource_policies.name_who_may(a.plan, a.resources),
        "policy",
        "principals and actions by name",
        "It names who may use the resource, and what for.",
        _LEAST,
    ),
    Outcome(
        subjects.RESOURCE_POLICY,
        "it must limit AWS service principals to this account",
        "",
        lambda a: resource_policies.act_for_us(a.plan, a.resources),
        "policy",
        "a condition on aws:SourceAccount or aws:SourceArn",
        "Each AWS service that it trusts acts for this account.",
        ("confused deputy",),
    ),
)
