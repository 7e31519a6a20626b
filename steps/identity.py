"""Steps about what our tasks may do, and whom our policies let in."""

from collections.abc import Callable, Sequence

from pytest_bdd import then, when

from planspec import Judgement, Plan, ResourceChange
from planspec.judgements.exposure import resource_policies
from planspec.judgements.generic import subjects
from planspec.judgements.identity import full_access, role_trust, task_roles
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]


@when("we examine every policy for users and roles", target_fixture="identity_policies")
def examine_identity_policies(plan: Plan) -> subjects.IdentityPolicies:
    """Policies of IAM for users, groups and roles, managed and inline."""
    return subjects.IdentityPolicies(plan)


@when(
    "we examine every policy that says who may use something of ours",
    target_fixture="sharing_policies",
)
def examine_resource_policies(plan: Plan) -> subjects.ResourcePolicies:
    """Policies of resources: of buckets, keys, queues, topics and others."""
    return subjects.ResourcePolicies(plan)


@then("its roles name each action and resource, without wildcards")
def roles_without_wildcards(
    plan: Plan,
    task_definitions: Sequence[ResourceChange],
    parameters: Parameters,
    uphold: Uphold,
) -> None:
    """Hold the policies of task and execution roles to named actions and resources."""
    uphold(task_roles.no_wildcards(plan, task_definitions, parameters.identity))


@then("none of them allows everything")
def nothing_almighty(identity_policies: subjects.IdentityPolicies, uphold: Uphold) -> None:
    """Hold every policy to allowing less than everything."""
    uphold(full_access.allow_not_everything(identity_policies.plan))


@then("each one has a role for the task and another for its execution")
def roles_are_apart(plan: Plan, task_definitions: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every task definition to two roles."""
    uphold(role_trust.apart(plan, task_definitions))


@then("only ECS can take its roles, and only for our account")
def roles_trust_ecs(plan: Plan, task_definitions: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold the trust policies of task and execution roles to ECS in our account."""
    uphold(role_trust.trust_ecs_for_us(plan, task_definitions))


@then("nobody can open a shell in its tasks")
def no_shell(services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every service to having no remote shell."""
    uphold(role_trust.no_shell(services))


@then("each one names who may come, and what for")
def nobody_unknown(sharing_policies: subjects.ResourcePolicies, uphold: Uphold) -> None:
    """Hold every policy of a resource to named principals and actions."""
    uphold(resource_policies.name_who_may(sharing_policies.plan))


@then("each service that it lets in acts for our account")
def services_act_for_us(sharing_policies: subjects.ResourcePolicies, uphold: Uphold) -> None:
    """Hold every service in a policy of a resource to acting for our account."""
    uphold(resource_policies.act_for_us(sharing_policies.plan))
