"""Steps about seeing what happens, and hearing of it."""

from collections.abc import Callable, Sequence

from pytest_bdd import parsers, then, when

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database
from planspec.judgements.capacity import parameter_group
from planspec.judgements.durability import bucket_settings
from planspec.judgements.generic import subjects
from planspec.judgements.observability import (
    alarm_actions,
    alarms,
    dashboards,
    database_alarms,
    rds_events,
)

Uphold = Callable[[Judgement], None]


@when("we examine every cluster that will exist after the change", target_fixture="clusters")
def examine_clusters(plan: Plan) -> subjects.Clusters:
    """Clusters of ECS."""
    return subjects.Clusters(plan)


@then("each one gives figures of its tasks")
def clusters_give_figures(clusters: subjects.Clusters, uphold: Uphold) -> None:
    """Hold every cluster to Container Insights."""
    uphold(dashboards.clusters_give_figures(clusters.plan))


@then("each one shows what its queries wait for")
def queries_are_seen(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to Performance Insights."""
    uphold(dashboards.queries_are_seen(databases))


@then(parsers.parse("each one reports on its machine every {seconds:d} seconds or more often"))
def machine_is_seen(databases: Sequence[Database], seconds: int, uphold: Uphold) -> None:
    """Hold every database to enhanced monitoring."""
    uphold(dashboards.machine_is_seen(databases, maximum_seconds=seconds))


@then("its logs are sent where they can be searched")
def logs_leave_the_database(databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to exporting its logs."""
    uphold(dashboards.logs_leave_the_database(databases))


@then(
    parsers.parse(
        "its log says who connects, who changes tables, and what takes longer than {seconds:d} second"
    )
)
def connections_are_written_down(
    plan: Plan, databases: Sequence[Database], seconds: int, uphold: Uphold
) -> None:
    """Hold every database to a log that tells an outage of connections."""
    uphold(parameter_group.write_down_connections(plan, databases, maximum_seconds=seconds))


@then("each one writes down the requests that it gets")
def balancers_log(balancers: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every load balancer to access logs."""
    uphold(dashboards.balancers_log_requests(balancers))


@then("each one that holds no logs has its requests logged")
def buckets_log(plan: Plan, examined_buckets: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every bucket to access logs."""
    uphold(bucket_settings.log_access(plan, examined_buckets))


@then("alarms watch its errors, its latency and its unhealthy targets")
def balancers_are_watched(plan: Plan, balancers: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every load balancer to alarms on what users notice."""
    uphold(alarms.figures_are_watched(plan, balancers, alarms.OF_BALANCERS))


@then("alarms watch its processor and its free storage")
def databases_are_watched(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to alarms on what it runs out of."""
    uphold(database_alarms.figures_are_watched(plan, databases))


@then("an alarm watches how many of its tasks run")
def services_are_watched(plan: Plan, services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every service to an alarm on missing tasks."""
    uphold(alarms.figures_are_watched(plan, services, alarms.OF_SERVICES))


@then("each one is switched on and tells somebody")
def somebody_is_told(examined_alarms: subjects.Alarms, uphold: Uphold) -> None:
    """Hold every alarm to an action."""
    uphold(alarm_actions.somebody_is_told(examined_alarms.plan))


@then("somebody receives what is said there")
def somebody_listens(topics: subjects.Topics, uphold: Uphold) -> None:
    """Hold every topic to a subscriber."""
    uphold(alarm_actions.somebody_listens(topics.plan))


@then("somebody is told when it fails, moves or runs out of room")
def databases_report_events(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to a subscription to its events."""
    uphold(rds_events.databases_report_events(plan, databases))
