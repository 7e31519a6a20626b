"""Does an alarm fire before its limit is reached?

Source: Amazon CloudWatch, metrics of Amazon ECS, Amazon RDS and Application Load Balancers.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.capacity.supply import BYTES_PER_GIB
from planspec.judgements.exposure.exposure import databases
from planspec.judgements.generic.expect import found, hold_each, hold_unless_left_out
from planspec.judgements.observability.alarm_actions import is_silent
from planspec.judgements.observability.alarm_rules import metric_of, metric_path, reckons, soon_enough
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, number
from planspec.policies import Parameters
from planspec.references import graph

FULL_PERCENT: Final = 100
OPERATORS: Final = {
    "GreaterThanThreshold": True,
    "GreaterThanOrEqualToThreshold": True,
    "LessThanThreshold": False,
    "LessThanOrEqualToThreshold": False,
}
# The least of which a share is asked where the plan does not tell the size, in GiB. Source: Amazon RDS
# User Guide, "Amazon RDS DB instance storage" and "Hardware specifications for DB instance classes".
LEAST_GIB: Final = {"FreeStorageSpace": 5.0, "FreeableMemory": 0.5}

REMEDY: Final = "move the threshold to where there is time to act, such as 80 % of the limit"

# Databases with storage of their own, by the dimension that names one.
DIMENSIONS: Final = {"DBInstanceIdentifier": "aws_db_instance", "DBClusterIdentifier": "aws_rds_cluster"}


class Guard(NamedTuple):
    """A metric with an end: full at `limit` percent, or empty at nothing."""

    namespace: str
    metric: str
    fills: bool


GUARDED: Final = {
    (guard.namespace, guard.metric): guard
    for guard in (
        Guard("AWS/ECS", "CPUUtilization", fills=True),
        Guard("AWS/ECS", "MemoryUtilization", fills=True),
        Guard("AWS/RDS", "CPUUtilization", fills=True),
        Guard("AWS/DocDB", "CPUUtilization", fills=True),
        Guard("AWS/Neptune", "CPUUtilization", fills=True),
        Guard("AWS/RDS", "FreeStorageSpace", fills=False),
        Guard("AWS/RDS", "FreeableMemory", fills=False),
    )
}


def ring_in_time(plan: Plan, alarms: Sequence[ResourceChange], settings: Parameters) -> Judgement:
    """Judge whether each alarm on CPU, memory or storage fires while there is headroom, and soon.

    So much of a processor, of memory or of a disk has to be left as the policies say. Alarms on other
    metrics are not examined, nor those that only scale something: they may ring at any load.
    Connections have a requirement of their own.
    """
    watched = [(alarm, _guards(alarm)) for alarm in alarms if not is_silent(plan, alarm)]
    examined = [(alarm, guards) for alarm, guards in watched if guards]
    return judge(
        (alarm.address for alarm, _ in examined),
        (_late_for_any(plan, alarm, guards, settings) for alarm, guards in examined),
    )


def _guards(alarm: ResourceChange) -> list[Guard]:
    """What the alarm may guard: several where apply decides what it looks at."""
    names = ("namespace", "metric_name")
    told = [[metric_of(alarm, name).peek() for name in names]]
    if reckons(alarm):
        queries = alarm.after.get("metric_query").elements()
        told = [[each.get("metric", 0, name).peek() for name in names] for each in queries]
    return [
        guard
        for meant, guard in GUARDED.items()
        if any(
            all(reading in (UNKNOWN, Known(name)) for reading, name in zip(each, meant, strict=True))
            for each in told
        )
    ]


def _late_for_any(
    plan: Plan, alarm: ResourceChange, guards: Sequence[Guard], settings: Parameters
) -> Finding | None:
    """The finding about what it guards; what it only may guard, it violates for no sure."""
    if reckons(alarm):
        place = alarm.after.get("metric_query")
        observed = "it watches what is reckoned from metrics, which is not judged"
        expected = "a threshold with headroom"
        return found(alarm, place, Verdict.UNDETERMINED, expected, observed=observed, remedy=REMEDY)
    findings = [each for guard in guards if (each := _late(plan, alarm, guard, settings))]
    if not findings:
        return None
    sure = len(guards) == 1 and UNKNOWN not in (
        metric_of(alarm, "namespace").peek(),
        metric_of(alarm, "metric_name").peek(),
    )
    if sure:
        return findings[0]
    observed = f"{findings[0].observed}; what it watches is known after apply"
    return findings[0]._replace(verdict=Verdict.UNDETERMINED, observed=observed)


def _late(plan: Plan, alarm: ResourceChange, guard: Guard, settings: Parameters) -> Finding | None:
    """The finding about the direction or the threshold, else about how long the alarm waits."""
    place, operator = alarm.after.get("threshold"), alarm.after.get("comparison_operator")
    reading, how = place.reading, operator.reading
    room = settings.observability.alarm_headroom_percent
    limit = FULL_PERCENT - room
    expected = f"a threshold of at most {limit} %" if guard.fills else f"a threshold at {room} % or more"
    if not isinstance(reading, Known) or not isinstance(how, Known):
        return found(alarm, place, Verdict.UNDETERMINED, expected, remedy=REMEDY)
    if metric_of(alarm, "statistic").peek() in (Known("Sum"), Known("SampleCount")):
        observed = "it compares a sum or a count of samples, not the metric itself"
        return found(alarm, place, Verdict.UNDETERMINED, expected, observed=observed, remedy=REMEDY)
    threshold = number(reading.value)
    right_way = OPERATORS.get(str(how.value)) is guard.fills
    if threshold is None or not right_way:
        observed = f"{place.path} is {place.shown}, {operator.path} is {operator.shown}"
        return found(alarm, place, Verdict.VIOLATED, expected, observed=observed, remedy=REMEDY)
    if not guard.fills:
        return _with_little_left(plan, alarm, guard, threshold, settings) or _slow(alarm, settings)
    if 0 < threshold <= limit:
        return _slow(alarm, settings)
    return found(alarm, place, Verdict.VIOLATED, expected, remedy=REMEDY)


def _with_little_left(
    plan: Plan, alarm: ResourceChange, guard: Guard, threshold: float, settings: Parameters
) -> Finding | None:
    """The finding about an alarm that rings when too little is free, or whatever is."""
    place, room = alarm.after.get("threshold"), settings.observability.alarm_headroom_percent
    size = _size(plan, alarm, guard, settings)
    expected = f"a threshold at {room} % or more of the size of the "
    expected += "disk" if guard.metric == "FreeStorageSpace" else "memory"
    asked = (size or LEAST_GIB[guard.metric]) * BYTES_PER_GIB * room / FULL_PERCENT
    if threshold < asked or (size is not None and threshold >= size * BYTES_PER_GIB):
        expected += "" if size is None else f", and below the {size:g} GiB that there are"
        return found(alarm, place, Verdict.VIOLATED, expected, remedy=REMEDY)
    if size is not None:
        return None
    observed = f"{place.path} is {place.shown}; the size is not known from the plan"
    return found(alarm, place, Verdict.UNDETERMINED, expected, observed=observed, remedy=REMEDY)


def _slow(alarm: ResourceChange, settings: Parameters) -> Finding | None:
    """The finding about an alarm that waits so long that the limit can be reached before."""
    seconds = settings.observability.slowest_alarm_seconds
    answer = soon_enough(alarm, seconds)
    if answer is True:
        return None
    return found(
        alarm,
        metric_of(alarm, "period"),
        Verdict.UNDETERMINED if answer is None else Verdict.VIOLATED,
        f"an alarm that fires within {seconds} seconds",
        remedy="shorten period, evaluation_periods or datapoints_to_alarm",
    )


def _size(plan: Plan, alarm: ResourceChange, guard: Guard, settings: Parameters) -> float | None:
    """The disk or the memory of the database that the alarm is about, in GiB, if the plan tells it."""
    database = _database(plan, alarm)
    if database is None:
        return None
    if guard.metric == "FreeStorageSpace":
        reading = database.after.get("allocated_storage").reading
        return number(reading.value) if isinstance(reading, Known) else None
    name = database.after.get("instance_class").peek()
    return settings.capacity.memory_gib.get(str(name.value)) if isinstance(name, Known) else None


def _database(plan: Plan, alarm: ResourceChange) -> ResourceChange | None:
    """The database that the alarm is about, if it is in the plan."""
    for dimension, kind in DIMENSIONS.items():
        stated = metric_of(alarm, "dimensions").get(dimension).peek()
        if isinstance(stated, Known):
            database = plan.attached(_by_identifier).get((kind, str(stated.value)))
            if database is not None:
                return database
        named = graph(plan).targets(alarm, (*metric_path(alarm), "dimensions"), kind)
        if named and len(named) == 1:
            return plan.find(named[0])
    return None


def _by_identifier(plan: Plan) -> dict[tuple[str, str], ResourceChange]:
    """The databases by their type and the identifier that the plan states."""
    readings = ((each.get("identifier").peek(), each.head) for each in databases(plan))
    return {
        (each.type, str(reading.value)): each for reading, each in readings if isinstance(reading, Known)
    }


SHARES: Final = ("ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization")
TRACKING: Final = ("target_tracking_scaling_policy_configuration", 0)


def _tracking(policies: Sequence[ResourceChange]) -> Sequence[ResourceChange]:
    """The policies that hold a figure of a service at a target."""
    return [
        policy
        for policy in policies
        if policy.after.get("service_namespace").reading in (Known("ecs"), UNKNOWN)
        and policy.after.get("policy_type").reading in (Known("TargetTrackingScaling"), UNKNOWN)
    ]


def scale_in_time(policies: Sequence[ResourceChange], *, maximum_percent: int) -> Judgement:
    """Judge whether tasks are added before the present ones use `maximum_percent` of what they have."""
    metric = (*TRACKING, "predefined_metric_specification", 0, "predefined_metric_type")
    return hold_each(
        [
            policy
            for policy in _tracking(policies)
            if policy.after.get(*metric).reading in (*map(Known, SHARES), UNKNOWN)
        ],
        (*TRACKING, "target_value"),
        lambda target: 0 < (number(target) or 0) <= maximum_percent,
        f"target_value is at most {maximum_percent}",
        remedy=f"lower target_value to {maximum_percent} or less",
    )


def take_tasks_away(policies: Sequence[ResourceChange]) -> Judgement:
    """Judge whether no policy only ever adds tasks."""
    return hold_unless_left_out(
        _tracking(policies),
        (*TRACKING, "disable_scale_in"),
        lambda value: value is False,
        "disable_scale_in is false",
        remedy="leave disable_scale_in out",
    )
