"""Steps about the configuration itself: providers, variables, outputs, and what finds what."""

from collections.abc import Callable, Sequence

from pytest_bdd import then

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database
from planspec.judgements.availability import placement
from planspec.judgements.generic import subjects
from planspec.judgements.secrets import interface
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]


@then("each one is bound to versions that end somewhere")
def providers_are_pinned(selection: subjects.Providers, uphold: Uphold) -> None:
    """Hold every provider to a version constraint with an end."""
    uphold(interface.providers_are_pinned(selection.plan))


@then("each one has a condition that refuses wrong values")
def variables_are_checked(selection: subjects.Variables, uphold: Uphold) -> None:
    """Hold every variable of the root module to a condition."""
    uphold(interface.variables_are_checked(selection.plan))


@then("no output hands out a secret")
def no_secret_outputs(selection: subjects.Outputs, parameters: Parameters, uphold: Uphold) -> None:
    """Hold the outputs to holding no secrets."""
    uphold(interface.not_in_outputs(selection.plan, parameters.secrets))


@then("each one gets the host of its database from the database itself")
def databases_are_found(
    plan: Plan, parameters: Parameters, task_definitions: Sequence[ResourceChange], uphold: Uphold
) -> None:
    """Hold every task definition to a host name that nobody copied."""
    uphold(placement.databases_are_found(plan, task_definitions, parameters.capacity))


@then("its networks give out no public addresses")
def databases_are_private(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold the subnet group of every database to private subnets."""
    uphold(placement.databases_in_private_networks(plan, databases))


@then("the networks of its tasks give out no public addresses")
def tasks_are_private(plan: Plan, services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold the subnets of every service to private ones."""
    uphold(placement.tasks_in_private_networks(plan, services))
