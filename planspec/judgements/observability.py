"""Can somebody see what happened, and for how long?"""

from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.attribute import found, hold_each, number
from planspec.plan import Plan, ResourceChange
from planspec.reference import graph
from planspec.value import UNKNOWN, Known, Value


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
    alarms = [
        alarm
        for alarm in plan.remaining("aws_cloudwatch_metric_alarm")
        if alarm.after.get("metric_name").reading in (Known("DatabaseConnections"), UNKNOWN)
    ]
    return judge(
        (database.address for database in databases),
        (_watched(plan, database, alarms) for database in databases),
    )


def _watched(plan: Plan, database: ResourceChange, alarms: Sequence[ResourceChange]) -> Finding | None:
    states = [_watches(plan, alarm, database) for alarm in alarms]
    if True in states:
        return None
    return found(
        database,
        database.after.get("identifier"),
        Verdict.UNDETERMINED if None in states else Verdict.VIOLATED,
        "an alarm on DatabaseConnections that tells somebody",
        observed="no alarm surely watches its number of connections",
        remedy="add an aws_cloudwatch_metric_alarm on DatabaseConnections with alarm_actions",
    )


def _watches(plan: Plan, alarm: ResourceChange, database: ResourceChange) -> bool | None:
    """Whether this alarm is about this database, and tells somebody."""
    metric = alarm.after.get("metric_name").reading
    answers = (
        None if metric is UNKNOWN else True,
        _fires_on_many(alarm),
        _tells(alarm),
        _is_about(plan, alarm, database),
    )
    return False if False in answers else None if None in answers else True


def _fires_on_many(alarm: ResourceChange) -> bool | None:
    match alarm.after.get("comparison_operator").reading:
        case Known(str(operator)):
            return "GreaterThan" in operator
        case state:
            return None if state is UNKNOWN else False


def _tells(alarm: ResourceChange) -> bool | None:
    """Actions that are decided at apply are actions: the provider has none of its own.

    Source: Amazon CloudWatch API, PutMetricAlarm, ActionsEnabled: true by default.
    """
    enabled = alarm.after.get("actions_enabled").reading
    if enabled is UNKNOWN:
        return None
    return enabled != Known(False) and alarm.after.get("alarm_actions").is_set is not False


def _is_about(plan: Plan, alarm: ResourceChange, database: ResourceChange) -> bool | None:
    dimension: Value = alarm.after.get("dimensions", "DBInstanceIdentifier")
    identifier = database.after.get("identifier").reading
    match dimension.reading:
        case Known(value) if isinstance(identifier, Known):
            return bool(value == identifier.value)
        case state if state is UNKNOWN or isinstance(state, Known):
            named = graph(plan).targets(alarm, ("dimensions",), database.type)
            return None if named is None else database.address in named
        case _:
            return False
