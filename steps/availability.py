"""Steps about staying up: enough tasks, zones and standbys."""

from collections.abc import Callable, Sequence

from pytest_bdd import parsers, then

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database
from planspec.judgements.availability import availability

Uphold = Callable[[Judgement], None]


@then(parsers.parse("each one runs at least {tasks:d} tasks at any time"))
def enough_tasks(plan: Plan, services: Sequence[ResourceChange], tasks: int, uphold: Uphold) -> None:
    """Hold every service to a floor of tasks."""
    uphold(availability.enough_tasks(plan, services, minimum_tasks=tasks))


@then(parsers.parse("each one can run in at least {zones:d} zones"))
def enough_zones(plan: Plan, services: Sequence[ResourceChange], zones: int, uphold: Uphold) -> None:
    """Hold every service to subnets in several zones."""
    uphold(availability.enough_zones(plan, services, minimum_zones=zones))


@then("its tasks return to every zone after one was away")
def tasks_return(services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every service to being spread again."""
    uphold(availability.return_to_every_zone(services))


@then("each one has a standby in another zone")
def databases_have_a_standby(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to a standby."""
    uphold(availability.standby_in_another_zone(databases))


@then(parsers.parse("each one stands in at least {zones:d} zones"))
def balancers_in_zones(
    plan: Plan, balancers: Sequence[ResourceChange], zones: int, uphold: Uphold
) -> None:
    """Hold every load balancer to subnets in several zones."""
    uphold(availability.enough_zones(plan, balancers, minimum_zones=zones, path=("subnets",)))


@then(parsers.parse("its subnets lie in at least {zones:d} zones"))
def databases_in_zones(plan: Plan, databases: Sequence[Database], zones: int, uphold: Uphold) -> None:
    """Hold the subnet group of every database to several zones."""
    uphold(availability.databases_in_zones(plan, databases, minimum_zones=zones))
