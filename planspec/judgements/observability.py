"""Can somebody see what happened, and for how long?"""

import re
from collections.abc import Sequence, Set

from planspec.catalogue import Capacity
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.alarms import CONNECTIONS, about, figures_are_watched, neighbours, warns
from planspec.judgements.attribute import found, hold_each, number
from planspec.judgements.capacity import Supply, supply
from planspec.plan import Plan, ResourceChange
from planspec.value import UNKNOWN, Known

DASHBOARD = "aws_cloudwatch_dashboard"
_QUOTED = re.compile(r'"([^"\\]+)"')


def log_groups(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the log groups that exist once the plan is applied."""
    return plan.remaining("aws_cloudwatch_log_group")


def keep_logs_for_a_time(
    groups: Sequence[ResourceChange], *, minimum_days: int, maximum_days: int
) -> Judgement:
    """Judge whether each log group keeps its events for a stated time, neither short nor for ever.

    0 and no value both mean for ever. Source: Amazon CloudWatch Logs API, PutRetentionPolicy.
    """
    return hold_each(
        groups,
        ("retention_in_days",),
        lambda days: minimum_days <= (number(days) or 0) <= maximum_days,
        f"logs for {minimum_days} to {maximum_days} days",
        remedy=f"set retention_in_days between {minimum_days} and {maximum_days}",
    )


def connections_are_watched(plan: Plan, databases: Sequence[ResourceChange]) -> Judgement:
    """Judge whether an alarm watches the number of connections of each database.

    The alarm must fire when there are many, be switched on and have somebody to tell.
    Source: Amazon RDS User Guide, "Amazon CloudWatch metrics for Amazon RDS", DatabaseConnections.
    """
    return figures_are_watched(plan, databases, (CONNECTIONS,))


def warned_in_time(
    plan: Plan, databases: Sequence[ResourceChange], settings: Capacity, *, percent: int
) -> Judgement:
    """Judge whether an alarm rings before `percent` of the connections for the service are open.

    What the service may use is what the database accepts at least, less the reserve.
    """
    return judge(
        (database.address for database in databases),
        (_in_time(plan, database, settings, percent) for database in databases),
    )


def _in_time(plan: Plan, database: ResourceChange, settings: Capacity, percent: int) -> Finding | None:
    surely, maybe = about(plan, database, CONNECTIONS)
    accepted = supply(plan, database, settings)
    reserve = settings.reserved_connections + settings.operations_connections
    budget = accepted.at_least - reserve if isinstance(accepted, Supply) else None
    most = None if budget is None else budget * percent // 100
    answers = [_rings(plan, alarm, most) for alarm in surely]
    if True in answers:
        return None
    open_question = None in answers or any(warns(plan, each, CONNECTIONS) is not False for each in maybe)
    limit = "a number that cannot be told" if most is None else f"{most} connections"
    shown = [alarm.after.get("threshold").shown for alarm in surely]
    return found(
        database,
        database.after.get("identifier"),
        Verdict.UNDETERMINED if open_question else Verdict.VIOLATED,
        f"an alarm at {percent} % of what the service may use: at most {limit}",
        observed=f"alarms at {', '.join(shown)}" if shown else "no alarm surely watches them",
        remedy="lower the threshold of the alarm on DatabaseConnections",
        related=[alarm.address for alarm in surely] or neighbours(plan, database),
    )


def _rings(plan: Plan, alarm: ResourceChange, most: int | None) -> bool | None:
    """Whether the alarm warns at this number of connections or before."""
    match alarm.after.get("threshold").reading:
        case Known(value) if most is not None:
            early: bool | None = 0 < (number(value) or 0) <= most
        case Known():
            early = None
        case state:
            early = None if state is UNKNOWN else False
    answers = (early, warns(plan, alarm, CONNECTIONS))
    return False if False in answers else None if None in answers else True


def connections_are_shown(plan: Plan, databases: Sequence[ResourceChange]) -> Judgement:
    """Judge whether a dashboard shows the number of connections of each database.

    Source: Amazon CloudWatch API, "Dashboard body structure and syntax", metrics.
    """
    boards = plan.remaining(DASHBOARD)
    bodies = [each.after.get("dashboard_body").reading for each in boards]
    texts = [str(body.value) for body in bodies if isinstance(body, Known)]
    named = {name for text in texts if CONNECTIONS.metric in text for name in _QUOTED.findall(text)}
    return judge(
        (database.address for database in databases),
        (_shown(database, named, boards, unsure=UNKNOWN in bodies) for database in databases),
    )


def _shown(
    database: ResourceChange, named: Set[str], boards: Sequence[ResourceChange], *, unsure: bool
) -> Finding | None:
    place = database.after.get("identifier")
    name = place.reading
    if isinstance(name, Known) and str(name.value) in named:
        return None
    open_question = unsure or (named and not isinstance(name, Known))
    return found(
        database,
        place,
        Verdict.UNDETERMINED if open_question else Verdict.VIOLATED,
        f"a dashboard with its {CONNECTIONS.metric}",
        observed="no dashboard surely shows its connections",
        remedy="add aws_cloudwatch_dashboard with the metric and the database's identifier",
        related=(board.address for board in boards[:1]),
    )
