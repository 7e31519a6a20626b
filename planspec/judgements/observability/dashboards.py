"""Is there something to look at when it breaks?"""

from collections.abc import Mapping, Sequence
from typing import Final

from planspec.aws import Database, Engine
from planspec.finding import Finding, Judgement, Verdict, judge, together
from planspec.judgements.generic.database_settings import hold_databases, hold_switch
from planspec.judgements.generic.expect import found, hold, hold_each
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, number
from planspec.references import graph

INSIGHTS = frozenset({"enabled", "enhanced"})
_OF_MYSQL: Final = frozenset({"audit", "error", "general", "slowquery"})
# The kinds of log in which an engine tells what it does.
LOGS: Final[Mapping[Engine, frozenset[str]]] = {
    Engine.POSTGRES: frozenset({"postgresql"}),
    Engine.MYSQL: _OF_MYSQL,
    Engine.MARIADB: _OF_MYSQL,
    Engine.SQL_SERVER: frozenset({"agent", "error"}),
    Engine.ORACLE: frozenset({"alert", "audit", "listener", "trace"}),
    Engine.DB2: frozenset({"diag.log", "notify.log"}),
    Engine.DOCUMENTS: frozenset({"audit", "profiler"}),
    Engine.GRAPHS: frozenset({"audit", "slowquery"}),
}


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
    """Judge whether each database sends a log of its engine to CloudWatch; one kind is enough.

    Logs of upgrades and of failed sign-ins by IAM alone are none of what the engine does.
    Sources: Amazon RDS API, CreateDBInstance and CreateDBCluster, EnableCloudwatchLogsExports (none by
    default, and the kinds of each engine); the guides of Amazon DocumentDB and Neptune on their logs.
    """
    return together(_exports(database) for database in databases)


def _exports(database: Database) -> Judgement:
    engine = database.engine
    kinds = LOGS.get(engine, frozenset()) if engine else frozenset()
    told = " or ".join(sorted(kinds)) or "a log of its engine"
    judgement = hold_databases(
        [database],
        "enabled_cloudwatch_logs_exports",
        lambda exported: bool(kinds.intersection(exported) if kinds else exported),
        f"logs exported to CloudWatch: {told}",
        remedy=f'set enabled_cloudwatch_logs_exports = ["{min(kinds, default="...")}"]',
    )
    if kinds or judgement.findings:
        return judgement
    expected = "a log of its engine exported to CloudWatch"
    return judge(
        judgement.examined, [found(database, database.get("engine"), Verdict.UNDETERMINED, expected)]
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
