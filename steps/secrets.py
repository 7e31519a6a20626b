"""Steps about secrets: where they stand, and who gets to see them."""

from collections.abc import Callable, Sequence

from pytest_bdd import then

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database, other_databases
from planspec.judgements.generic import subjects
from planspec.judgements.secrets import interface, secrets
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]


@then("no container has a secret in its plain environment")
def no_plain_secrets(
    task_definitions: Sequence[ResourceChange], parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every container to secrets by reference."""
    uphold(secrets.not_in_plain_environment(task_definitions, parameters.secrets))


@then("its master password is made and kept by RDS")
def master_password_is_managed(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to a managed master password."""
    uphold(secrets.master_password_is_managed((*databases, *other_databases(plan))))


@then("none of them hands a secret to the plan")
def no_secret_variables(selection: subjects.Variables, parameters: Parameters, uphold: Uphold) -> None:
    """Hold the variables to holding no secrets."""
    uphold(secrets.not_in_variables(selection.plan, parameters.secrets))


@then("no output hands out a secret")
def no_secret_outputs(selection: subjects.Outputs, parameters: Parameters, uphold: Uphold) -> None:
    """Hold the outputs to holding no secrets."""
    uphold(interface.not_in_outputs(selection.plan, parameters.secrets))
