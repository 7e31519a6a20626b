"""Is there something to look at when it breaks: metrics, logs, the widgets of a dashboard?

Source: Amazon CloudWatch API, "Dashboard body structure and syntax": a metric is a list of its
namespace, its name and pairs of dimensions; "." repeats what stands above, "..." all that is left out.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Self

from planspec.aws import Database, Engine
from planspec.finding import Finding, Judgement, Verdict, judge, together
from planspec.judgements.generic.database_settings import hold_databases, hold_switch
from planspec.judgements.generic.expect import found, hold
from planspec.plan import UNKNOWN, Known, Plan, Reading, ResourceChange, number
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


class Row(NamedTuple):
    """One metric of a widget: its namespace, its name and its dimensions."""

    namespace: str
    metric: str
    dimensions: frozenset[tuple[str, str]]


class Panels(NamedTuple):
    """What widgets show: metrics, and expressions that name or search for some."""

    rows: tuple[Row, ...]
    expressions: tuple[str, ...]

    @classmethod
    def joined(cls, several: Sequence["Panels"]) -> Self:
        """Those of several dashboards."""
        return cls(
            tuple(row for each in several for row in each.rows),
            tuple(text for each in several for text in each.expressions),
        )

    def are_about(self, metric: tuple[str, str]) -> bool:
        """Whether they show this metric of anything."""
        rows = any((row.namespace, row.metric) == metric for row in self.rows)
        return rows or any(_has(metric[1], each) for each in self.expressions)

    def show(self, metric: tuple[str, str], dimension: str, names: Sequence[Reading]) -> bool | None:
        """Whether they show this metric of all of these; None where an expression may find them."""
        if not names:
            return False
        answers = [self._shows(metric, dimension, each) for each in names]
        return False if False in answers else None if None in answers else True

    def _shows(self, metric: tuple[str, str], dimension: str, name: Reading) -> bool | None:
        if not isinstance(name, Known):
            return False
        pair = (dimension, str(name.value))
        if any((row.namespace, row.metric) == metric and pair in row.dimensions for row in self.rows):
            return True
        searches = [each for each in self.expressions if _has(metric[1], each)]
        if any(_has(str(name.value), each) for each in searches):
            return True
        # One that names no database searches for all of them.
        return None if any("=" not in each.partition(metric[1])[2] for each in searches) else False


def panels_of(body: str) -> Panels | None:
    """What a dashboard shows; None if its body cannot be read."""
    try:
        widgets = json.loads(body)["widgets"]
        drawn = [each for each in widgets if each.get("type", "metric") in ("metric", "explorer")]
        lists = [each.get("properties", {}).get("metrics", []) for each in drawn]
        rows, expressions = [], []
        for each in lists:
            for row, options in _expanded(each):
                if options.get("visible") is False:
                    continue
                if "expression" in options:
                    expressions.append(str(options["expression"]))
                elif len(row) > 1:
                    pairs = frozenset(zip(row[2::2], row[3::2], strict=False))
                    rows.append(Row(row[0], row[1], pairs))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return Panels(tuple(rows), tuple(expressions))


def _expanded(metrics: Sequence[Any]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """The rows of a widget, with what they repeat of the row above, and their options."""
    above: list[str] = []
    for entry in metrics:
        if isinstance(entry, dict):  # of an explorer, which finds its resources by tags
            yield [], {"expression": str(entry.get("metricName", ""))}
            continue
        options = entry[-1] if entry and isinstance(entry[-1], dict) else {}
        row = [str(each) for each in entry if not isinstance(each, dict)]
        if row[:1] == ["..."]:
            row = [*above[: len(above) - len(row) + 1], *row[1:]]
        row = [above[at] if each == "." and at < len(above) else each for at, each in enumerate(row)]
        above = row or above
        yield row, options


def _has(word: str, text: str) -> bool:
    """Whether a word stands in a text, and not as a part of a longer name."""
    return re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w.-])", text) is not None
