"""Steps about staying up: deployments, spares, backups, capacity and safe changes."""

from collections.abc import Callable, Sequence

from pytest_bdd import parsers, then

from planspec import Judgement, Plan, ResourceChange
from planspec.catalogue import Parameters
from planspec.judgements import (
    availability,
    capacity,
    change,
    deployment,
    durability,
    observability,
)

Uphold = Callable[[Judgement], None]


@then("a failed deployment of each one rolls back by itself")
def deployments_roll_back(services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every service to a circuit breaker that rolls back."""
    uphold(deployment.roll_back(services))


@then(parsers.parse('each one asks its targets for "{path}"'))
def targets_are_asked(plan: Plan, path: str, uphold: Uphold) -> None:
    """Hold every target group to the health check that the service offers."""
    uphold(deployment.ask_for_health(plan, path=path))


@then(
    parsers.parse(
        "each one behind a load balancer gives new tasks at least {seconds:d} seconds to start"
    )
)
def tasks_get_time(services: Sequence[ResourceChange], seconds: int, uphold: Uphold) -> None:
    """Hold every service behind a load balancer to a grace period."""
    uphold(deployment.wait_before_health_checks_count(services, minimum_seconds=seconds))


@then(parsers.parse("each one runs at least {tasks:d} tasks at any time"))
def enough_tasks(plan: Plan, services: Sequence[ResourceChange], tasks: int, uphold: Uphold) -> None:
    """Hold every service to a floor of tasks."""
    uphold(availability.enough_tasks(plan, services, minimum_tasks=tasks))


@then(parsers.parse("each one can run in at least {zones:d} zones"))
def enough_zones(plan: Plan, services: Sequence[ResourceChange], zones: int, uphold: Uphold) -> None:
    """Hold every service to subnets in several zones."""
    uphold(availability.enough_zones(plan, services, minimum_zones=zones))


@then("each one has a standby in another zone")
def databases_have_a_standby(databases: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every database to a standby."""
    uphold(availability.standby_in_another_zone(databases))


@then(parsers.parse("each one keeps its backups for at least {days:d} days"))
def backups_are_kept(databases: Sequence[ResourceChange], days: int, uphold: Uphold) -> None:
    """Hold every database to the stated number of days."""
    uphold(durability.keep_backups(databases, minimum_days=days))


@then("each one is protected from deletion")
def databases_are_protected(databases: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every database to deletion protection."""
    uphold(durability.protected_from_deletion(databases))


@then("each one leaves a snapshot behind when it is deleted")
def databases_leave_a_snapshot(databases: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every database to a final snapshot."""
    uphold(durability.leave_a_final_snapshot(databases))


@then("each one accepts the connections that all tasks open at the peak of a deployment")
def connections_fit(
    plan: Plan, databases: Sequence[ResourceChange], parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every database to the connection budget."""
    uphold(capacity.connections_fit(plan, databases, parameters.capacity))


@then("an alarm watches the number of its connections")
def connections_are_watched(plan: Plan, databases: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every database to an alarm on its connections."""
    uphold(observability.connections_are_watched(plan, databases))


@then("none of them is destroyed, replaced or dropped")
def no_data_is_destroyed(plan: Plan, parameters: Parameters, uphold: Uphold) -> None:
    """Hold the plan to leaving what holds data in place."""
    uphold(change.no_data_is_destroyed(plan, parameters.durability))
