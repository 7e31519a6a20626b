"""Log retention, connection alarms and dashboards."""

from collections.abc import Sequence

from planspec.aws import Database
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.capacity.supply import Supply, supply
from planspec.judgements.generic.expect import found, hold
from planspec.judgements.observability.alarm_rules import Figure
from planspec.judgements.observability.alarms import about, warns
from planspec.judgements.observability.dashboards import Panels, panels_of
from planspec.judgements.observability.database_alarms import (
    OF_CLUSTERS,
    OF_INSTANCES,
    beside,
    connections,
    counted,
    watched,
)
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, number
from planspec.policies import Capacity, Observability, Parameters
from planspec.references import graph

DAYS_OF_DELIVERY = 2
DASHBOARD = "aws_cloudwatch_dashboard"


def keep_logs_for_a_time(
    plan: Plan, groups: Sequence[ResourceChange], *, minimum_days: int, maximum_days: int
) -> Judgement:
    """Judge whether each log group retains its events between `minimum_days` and `maximum_days`.

    0 and no value both mean that logs never expire. In the class DELIVERY they expire after 2 days,
    whatever is written. Sources: Amazon CloudWatch Logs API, PutRetentionPolicy; Amazon CloudWatch Logs
    User Guide, "Log classes".
    """
    expected = f"logs for {minimum_days} to {maximum_days} days"

    def kept(group: ResourceChange) -> Finding | None:
        delivery = group.after.get("log_group_class")
        if minimum_days > DAYS_OF_DELIVERY and delivery.reading == Known("DELIVERY"):
            remedy = "use another class"
            return found(group, delivery, Verdict.VIOLATED, expected, remedy=remedy)
        finding = hold(
            group,
            group.after.get("retention_in_days"),
            lambda days: minimum_days <= (number(days) or 0) <= maximum_days,
            expected,
            remedy=f"set retention_in_days between {minimum_days} and {maximum_days}",
        )
        if finding is None and is_chosen(group):
            return found(group, delivery, Verdict.UNDETERMINED, expected)
        return finding

    def is_chosen(group: ResourceChange) -> bool:
        """Whether apply decides the class; one that nobody writes is STANDARD."""
        unknown = group.after.get("log_group_class").reading is UNKNOWN
        return unknown and graph(plan).is_written(group, "log_group_class")

    return judge((each.address for each in groups), map(kept, groups))


def warned_in_time(
    plan: Plan, databases: Sequence[Database], settings: Parameters, *, percent: int
) -> Judgement:
    """Judge whether an alarm fires before `percent` of the available connections are open.

    What the service may use is what the database accepts at least, less the reserve: that is reckoned
    of databases that are reached by pools of SQL.
    """
    asked = [each for each in counted(databases) if each.family.relational]
    return judge(
        (database.address for database in asked),
        (_in_time(plan, database, settings, percent) for database in asked),
    )


def _most(plan: Plan, database: Database, settings: Capacity, percent: int) -> int | None:
    """So many connections are this share of what the service may use; None if it cannot be told."""
    accepted = supply(plan, database, settings)
    reserve = settings.reserved_connections + settings.operations_connections
    budget = accepted.at_least - reserve if isinstance(accepted, Supply) else None
    return None if budget is None else budget * percent // 100


def _in_time(plan: Plan, database: Database, settings: Parameters, percent: int) -> Finding | None:
    most = _most(plan, database, settings.capacity, percent)
    limit = "a number that cannot be determined" if most is None else f"{most} connections"
    expected = f"an alarm at {percent} % of what the service may use: at most {limit}"
    every = connections(database)

    def rings(plan: Plan, alarm: ResourceChange, figure: Figure) -> bool | None:
        return _rings(plan, alarm, figure, most, settings.observability)

    state = watched(plan, database, every, rings)
    if state is True:
        return None
    pairs = [pair for group in every for pair in group]
    surely = [alarm for subject, figure in pairs for alarm in about(plan, subject, figure)[0]]
    shown = [alarm.after.get("threshold").shown for alarm in surely]
    return found(
        database,
        database.get("identifier"),
        Verdict.UNDETERMINED if state is None else Verdict.VIOLATED,
        expected,
        observed=f"alarms at {', '.join(shown)}"
        if shown
        else "no CloudWatch alarm could be matched to them",
        remedy="lower the threshold of the alarm on DatabaseConnections",
        related=beside(plan, database, every),
    )


def _rings(
    plan: Plan, alarm: ResourceChange, figure: Figure, most: int | None, settings: Observability
) -> bool | None:
    """Whether the alarm warns at this number of connections or before."""
    match alarm.after.get("threshold").reading:
        case Known(value) if most is not None:
            early: bool | None = 0 < (number(value) or 0) <= most
        case Known():
            early = None
        case state:
            early = None if state is UNKNOWN else False
    answers = (early, warns(settings, plan, alarm, figure))
    return False if False in answers else None if None in answers else True


def connections_are_shown(plan: Plan, databases: Sequence[Database]) -> Judgement:
    """Judge whether a widget of a dashboard shows the number of connections of each database.

    A cluster is shown by its own name, or by those of all its instances.
    Source: Amazon CloudWatch API, "Dashboard body structure and syntax", metrics.
    """
    boards = plan.remaining(DASHBOARD)
    bodies = [each.after.get("dashboard_body").reading for each in boards]
    texts = [str(body.value) for body in bodies if isinstance(body, Known)]
    read = [panels_of(text) for text in texts]
    shown = Panels.joined([each for each in read if each is not None])
    unsure = UNKNOWN in bodies or None in read
    asked = counted(databases)
    return judge(
        (database.address for database in asked),
        (_shown(database, shown, boards, unsure=unsure) for database in asked),
    )


def _shown(
    database: Database, panels: Panels, boards: Sequence[ResourceChange], *, unsure: bool
) -> Finding | None:
    place, family = database.get("identifier"), database.family
    dimension, _ = OF_CLUSTERS if family.is_cluster else OF_INSTANCES
    instances = [each.after.get("identifier").reading for each in database.instances]
    metric = (family.namespace, family.connections)
    by_whole = panels.show(metric, dimension, [place.reading])
    by_each = panels.show(metric, OF_INSTANCES[0], instances) if database.complete else False
    if True in (by_whole, by_each):
        return None
    unknown = any(not isinstance(name, Known) for name in (place.reading, *instances))
    perhaps = panels.are_about(metric) and (unknown or not database.complete)
    return found(
        database,
        place,
        Verdict.UNDETERMINED if unsure or perhaps or None in (by_whole, by_each) else Verdict.VIOLATED,
        f"a dashboard with its {family.connections}",
        observed="no dashboard with its connections could be found",
        remedy="add aws_cloudwatch_dashboard with the metric and the database's identifier",
        related=(board.address for board in boards[:1]),
    )
