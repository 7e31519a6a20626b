"""Can somebody see what happened, and for how long?"""

from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.attribute import found, hold_each, number
from planspec.judgements.exposure import DATABASES
from planspec.plan import Plan, ResourceChange
from planspec.reference import graph
from planspec.value import UNKNOWN, Known


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
    alarms = _AlarmsByDatabase(plan)
    return judge(
        (database.address for database in databases),
        (_watched(database, alarms) for database in databases),
    )


class _AlarmsByDatabase:
    """Alarms on connections, by the identifier or the address of the database that they watch."""

    def __init__(self, plan: Plan) -> None:
        self._by_name: dict[str, list[ResourceChange]] = {}
        self._by_address: dict[str, list[ResourceChange]] = {}
        self._untold: list[ResourceChange] = []
        for alarm in plan.remaining("aws_cloudwatch_metric_alarm"):
            if alarm.after.get("metric_name").reading in (Known("DatabaseConnections"), UNKNOWN):
                self._place(plan, alarm)

    def _place(self, plan: Plan, alarm: ResourceChange) -> None:
        dimension = alarm.after.get("dimensions", "DBInstanceIdentifier").reading
        if isinstance(dimension, Known):
            self._by_name.setdefault(str(dimension.value), []).append(alarm)
        elif dimension is UNKNOWN:
            for kind in DATABASES:
                named = graph(plan).targets(alarm, ("dimensions",), kind)
                for address in named or ():
                    self._by_address.setdefault(address, []).append(alarm)
                if named is None and alarm not in self._untold:
                    self._untold.append(alarm)

    def about(self, database: ResourceChange) -> tuple[list[ResourceChange], list[ResourceChange]]:
        """The alarms that are surely about this database, and those that may be."""
        surely = list(self._by_address.get(database.address, ()))
        identifier = database.after.get("identifier").reading
        if isinstance(identifier, Known):
            return surely + self._by_name.get(str(identifier.value), []), self._untold
        # An alarm that states a name may mean a database whose name apply decides.
        return surely, [*self._untold, *(each for named in self._by_name.values() for each in named)]


def _watched(database: ResourceChange, alarms: _AlarmsByDatabase) -> Finding | None:
    surely, maybe = alarms.about(database)
    states = [_warns(alarm) for alarm in surely]
    if True in states:
        return None
    open_question = None in states or any(_warns(alarm) is not False for alarm in maybe)
    return found(
        database,
        database.after.get("identifier"),
        Verdict.UNDETERMINED if open_question else Verdict.VIOLATED,
        "an alarm on DatabaseConnections that tells somebody",
        observed="no alarm surely watches its number of connections",
        remedy="add an aws_cloudwatch_metric_alarm on DatabaseConnections with alarm_actions",
    )


def _warns(alarm: ResourceChange) -> bool | None:
    """Whether this alarm is about connections, fires when there are many, and tells somebody."""
    metric = alarm.after.get("metric_name").reading
    answers = (None if metric is UNKNOWN else True, _fires_on_many(alarm), _tells(alarm))
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
