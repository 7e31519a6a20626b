"""Is there something to look at when it breaks?"""

from collections.abc import Sequence

from planspec.aws import Database
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.database_settings import hold_databases, hold_switch
from planspec.judgements.generic.expect import found, hold, hold_each
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, number
from planspec.references import graph

INSIGHTS = frozenset({"enabled", "enhanced"})


def clusters_give_figures(plan: Plan, clusters: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each ECS cluster has Container Insights enabled.

    Source: Amazon ECS API, ClusterSetting: off unless the account's default was changed.
    """
    return judge(
        (cluster.address for cluster in clusters), (_insights(plan, cluster) for cluster in clusters)
    )


def _insights(plan: Plan, cluster: ResourceChange) -> Finding | None:
    place = cluster.after.get("setting")
    expected, remedy = "Container Insights", 'add setting { name = "containerInsights" }'
    if place.reading is UNKNOWN and not graph(plan).is_written(cluster, "setting"):
        observed = "no setting switches Container Insights on"
        return found(cluster, place, Verdict.VIOLATED, expected, observed=observed, remedy=remedy)
    settings = place.elements()
    names = [setting.get("name").reading for setting in settings]
    if Known("containerInsights") in names:
        value = settings[names.index(Known("containerInsights"))].get("value")
        return hold(cluster, value, lambda text: text in INSIGHTS, expected, remedy=remedy)
    verdict = Verdict.UNDETERMINED if UNKNOWN in names else Verdict.VIOLATED
    return found(cluster, place, verdict, expected, remedy=remedy)


def queries_are_seen(databases: Sequence[Database]) -> Judgement:
    """Judge whether each database has Performance Insights: what waits, on what, for how long.

    Source: Amazon RDS API, CreateDBInstance, EnablePerformanceInsights: off by default.
    """
    return hold_switch(
        databases,
        "performance_insights_enabled",
        on=True,
        besides="; seven days cost nothing",
    )


def machine_is_seen(databases: Sequence[Database], *, maximum_seconds: int) -> Judgement:
    """Judge whether each database has Enhanced Monitoring at least every `maximum_seconds`.

    Source: Amazon RDS API, CreateDBInstance, MonitoringInterval: 0, the default, is off.
    """
    return hold_databases(
        databases,
        "monitoring_interval",
        lambda seconds: 0 < (number(seconds) or 0) <= maximum_seconds,
        f"enhanced monitoring every {maximum_seconds} seconds or more often",
        remedy=f"set monitoring_interval = {maximum_seconds}, with a monitoring_role_arn",
    )


def logs_leave_the_database(databases: Sequence[Database]) -> Judgement:
    """Judge whether each database sends its logs to CloudWatch.

    Source: Amazon RDS API, CreateDBInstance, EnableCloudwatchLogsExports: none by default.
    """
    return hold_databases(
        databases,
        "enabled_cloudwatch_logs_exports",
        bool,
        "logs exported to CloudWatch",
        remedy='set enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]',
    )


def balancers_log_requests(balancers: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each load balancer has access logging enabled.

    Source: Elastic Load Balancing API, load balancer attributes, access_logs.s3.enabled: off by default.
    """
    return hold_each(
        balancers,
        ("access_logs", 0, "enabled"),
        lambda value: value is True,
        "access_logs enabled",
        remedy="add access_logs { bucket = ..., enabled = true }",
    )
