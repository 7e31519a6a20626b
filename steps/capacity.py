"""Steps about what fits: sizes, ceilings, storage, alarms and ways out."""

from collections.abc import Callable, Sequence

from pytest_bdd import parsers, then

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database
from planspec.judgements.availability import zone_egress
from planspec.judgements.capacity import (
    alarm_limits,
    ceilings,
    fargate_sizes,
    scaling_rules,
    storage_speed,
)
from planspec.judgements.exposure import exposure
from planspec.judgements.generic import subjects
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]


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


@then(parsers.parse("tasks are added before the present ones are busy to more than {percent:d} %"))
def scale_in_time(scaling_policies: subjects.ScalingPolicies, percent: int, uphold: Uphold) -> None:
    """Hold the target of every policy on a share to a limit that leaves room."""
    uphold(scaling_rules.scale_in_time(scaling_policies.plan, maximum_percent=percent))


@then("NAT gateways, if the plan makes any, stand in each of its zones")
def zones_have_a_way_out(plan: Plan, services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold the NAT gateways of the plan to one for each zone."""
    uphold(zone_egress.a_way_out_in_each_zone(plan, services))
