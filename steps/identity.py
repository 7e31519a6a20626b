"""Steps about what our tasks may do, and about their secrets."""

from collections.abc import Callable, Sequence

from pytest_bdd import then

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database, other_databases
from planspec.judgements.exposure import resource_policies
from planspec.judgements.generic import subjects
from planspec.judgements.identity import full_access, role_trust, task_roles
from planspec.judgements.secrets import secrets
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]


@then("its roles name each action and resource, without wildcards")
def roles_without_wildcards(
    plan: Plan,
    task_definitions: Sequence[ResourceChange],
    parameters: Parameters,
    uphold: Uphold,
) -> None:
    """Hold the policies of task and execution roles to named actions and resources."""
    uphold(task_roles.no_wildcards(plan, task_definitions, parameters.identity))


@then("no container has a secret in its plain environment")
def no_plain_secrets(
    task_definitions: Sequence[ResourceChange], parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every container to secrets by reference."""
    uphold(secrets.not_in_plain_environment(task_definitions, parameters.secrets))


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


@then("its master password is made and kept by RDS")
def master_password_is_managed(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to a managed master password."""
    uphold(secrets.master_password_is_managed((*databases, *other_databases(plan))))


@then("none of them hands a secret to the plan")
def no_secret_variables(selection: subjects.Variables, parameters: Parameters, uphold: Uphold) -> None:
    """Hold the variables to holding no secrets."""
    uphold(secrets.not_in_variables(selection.plan, parameters.secrets))


@then("none of them allows everything")
def nothing_almighty(identity_policies: subjects.IdentityPolicies, uphold: Uphold) -> None:
    """Hold every policy to allowing less than everything."""
    uphold(full_access.allow_not_everything(identity_policies.plan))


@then("each one names who may come, and what for")
def nobody_unknown(sharing_policies: subjects.ResourcePolicies, uphold: Uphold) -> None:
    """Hold every policy of a resource to named principals and actions."""
    uphold(resource_policies.name_who_may(sharing_policies.plan))


@then("each service that it lets in acts for our account")
def services_act_for_us(sharing_policies: subjects.ResourcePolicies, uphold: Uphold) -> None:
    """Hold every service in a policy of a resource to acting for our account."""
    uphold(resource_policies.act_for_us(sharing_policies.plan))
