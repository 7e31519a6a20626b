"""Steps about what our tasks may do, and about their secrets."""

from collections.abc import Callable, Sequence

from pytest_bdd import then

from planspec import Judgement, Plan, ResourceChange
from planspec.catalogue import Parameters
from planspec.judgements import identity, secrets

Uphold = Callable[[Judgement], None]


@then("its roles name each action and resource, without wildcards")
def roles_without_wildcards(
    plan: Plan,
    task_definitions: Sequence[ResourceChange],
    parameters: Parameters,
    uphold: Uphold,
) -> None:
    """Hold the policies of task and execution roles to named actions and resources."""
    uphold(identity.no_wildcards(plan, task_definitions, parameters.identity))


@then("no container has a secret in its plain environment")
def no_plain_secrets(
    task_definitions: Sequence[ResourceChange], parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every container to secrets by reference."""
    uphold(secrets.not_in_plain_environment(task_definitions, parameters.secrets))
