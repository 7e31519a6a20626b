"""Steps about what fits: connections, sizes, ceilings, storage, and who is warned in time."""

from collections.abc import Callable, Sequence

from pytest_bdd import parsers, then

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database
from planspec.judgements.availability import zone_egress
from planspec.judgements.capacity import (
    alarm_limits,
    ceilings,
    connections,
    fargate_sizes,
    parameter_group,
    scaling_rules,
    storage_speed,
)
from planspec.judgements.cost import oversize
from planspec.judgements.exposure import exposure
from planspec.judgements.generic import subjects
from planspec.judgements.observability import database_alarms, logs
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]


@then("each one accepts the connections that all tasks open at the peak of a deployment")
def connections_fit(
    plan: Plan, databases: Sequence[Database], parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every database to the connection budget."""
    uphold(connections.connections_fit(plan, databases, parameters.capacity))


@then("an alarm watches the number of its connections")
def connections_are_watched(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to an alarm on its connections."""
    uphold(database_alarms.connections_are_watched(plan, databases))


@then(parsers.parse("an alarm rings before {percent:d} % of the connections for the service are open"))
def alarm_rings_in_time(
    plan: Plan,
    databases: Sequence[Database],
    percent: int,
    parameters: Parameters,
    uphold: Uphold,
) -> None:
    """Hold the alarm of every database to a threshold within the budget."""
    uphold(logs.warned_in_time(plan, databases, parameters.capacity, percent=percent))


@then("a dashboard shows the number of its connections")
def connections_are_shown(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to a place on a dashboard."""
    uphold(logs.connections_are_shown(plan, databases))


@then(parsers.parse("each one ends a transaction that is idle for {seconds:d} seconds"))
def idle_transactions_end(
    plan: Plan, databases: Sequence[Database], seconds: int, uphold: Uphold
) -> None:
    """Hold every database to taking connections back."""
    uphold(parameter_group.end_idle_transactions(plan, databases, maximum_seconds=seconds))


@then("its storage grows before it is full")
def storage_grows(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to storage that grows by itself."""
    uphold(oversize.storage_grows(databases))


@then("each one has a size that Fargate offers")
def sizes_are_offered(task_definitions: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every task for Fargate to the pairs of processor and memory that there are."""
    uphold(fargate_sizes.are_offered(task_definitions))


@then("its containers ask for no more than the task has")
def containers_fit(task_definitions: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold what containers ask for to the size of their task."""
    uphold(fargate_sizes.containers_fit(task_definitions))


@then("it has a ceiling that its database carries")
def ceilings_are_carried(
    plan: Plan, services: Sequence[ResourceChange], parameters: Parameters, uphold: Uphold
) -> None:
    """Hold the ceiling of every service with a pool to the connections of the database."""
    databases = exposure.databases(plan)
    uphold(ceilings.below_the_budget(plan, services, databases, parameters.capacity))


@then("AWS accepts the operations of its storage at its size")
def storage_is_fast_enough(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold the operations of every database's storage to what its kind takes at its size."""
    uphold(storage_speed.fits_size(plan, databases))


@then("each one on a share or on free room rings while there is room")
def alarms_ring_in_time(examined_alarms: subjects.Alarms, uphold: Uphold) -> None:
    """Hold the threshold of every alarm with an end to before that end."""
    uphold(alarm_limits.ring_in_time(examined_alarms.plan))


@then("NAT gateways, if the plan makes any, stand in each of its zones")
def zones_have_a_way_out(plan: Plan, services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold the NAT gateways of the plan to one for each zone."""
    uphold(zone_egress.a_way_out_in_each_zone(plan, services))


@then(parsers.parse("tasks are added before the present ones are busy to more than {percent:d} %"))
def scale_in_time(scaling_policies: subjects.ScalingPolicies, percent: int, uphold: Uphold) -> None:
    """Hold the target of every policy on a share to a limit that leaves room."""
    uphold(scaling_rules.scale_in_time(scaling_policies.plan, maximum_percent=percent))
