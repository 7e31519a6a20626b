"""Does an alarm fire before its limit is reached?

Source: Amazon CloudWatch, metrics of Amazon ECS, Amazon RDS and Application Load Balancers.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.capacity.supply import BYTES_PER_GIB
from planspec.judgements.exposure.exposure import databases
from planspec.judgements.generic.expect import found, hold_each, hold_unless_left_out
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, number
from planspec.references import graph

FULL_PERCENT: Final = 100
OPERATORS: Final = {
    "GreaterThanThreshold": True,
    "GreaterThanOrEqualToThreshold": True,
    "LessThanThreshold": False,
    "LessThanOrEqualToThreshold": False,
}


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
        Guard("AWS/RDS", "FreeStorageSpace", fills=False),
        Guard("AWS/RDS", "FreeableMemory", fills=False),
    )
}


def ring_in_time(plan: Plan, alarms: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each alarm on CPU, memory or storage fires before the limit is reached.

    A share of a processor or of memory is watched from below 100 %; free storage and memory from
    above nothing, and free storage below what the database has. Alarms on other metrics are not
    examined; connections have a requirement of their own.
    """
    watched = [(alarm, _guards(alarm)) for alarm in alarms]
    examined = [(alarm, guards) for alarm, guards in watched if guards]
    return judge(
        (alarm.address for alarm, _ in examined),
        (_late_for_any(plan, alarm, guards) for alarm, guards in examined),
    )


def _guards(alarm: ResourceChange) -> list[Guard]:
    """What the alarm may guard: several where apply decides what it looks at."""
    readings = [alarm.after.get(name).peek() for name in ("namespace", "metric_name")]
    return [
        guard
        for names, guard in GUARDED.items()
        if all(reading in (UNKNOWN, Known(name)) for reading, name in zip(readings, names, strict=True))
    ]


def _late_for_any(plan: Plan, alarm: ResourceChange, guards: Sequence[Guard]) -> Finding | None:
    """The finding about what it guards; what it only may guard, it violates for no sure."""
    findings = [each for each in (_late(plan, alarm, guard) for guard in guards) if each is not None]
    if not findings:
        return None
    sure = len(guards) == 1 and UNKNOWN not in (
        alarm.after.get("namespace").peek(),
        alarm.after.get("metric_name").peek(),
    )
    if sure:
        return findings[0]
    observed = f"{findings[0].observed}; what it watches is known after apply"
    return findings[0]._replace(verdict=Verdict.UNDETERMINED, observed=observed)


def _late(plan: Plan, alarm: ResourceChange, guard: Guard) -> Finding | None:
    place, operator = alarm.after.get("threshold"), alarm.after.get("comparison_operator")
    reading, how = place.reading, operator.reading
    expected = f"a threshold below {FULL_PERCENT} %" if guard.fills else "a threshold above nothing"
    remedy = "move the threshold to where there is time to act, such as 80 % of the limit"
    if not isinstance(reading, Known) or not isinstance(how, Known):
        return found(alarm, place, Verdict.UNDETERMINED, expected, remedy=remedy)
    threshold = number(reading.value)
    right_way = OPERATORS.get(str(how.value)) is guard.fills
    if threshold is None or not right_way:
        observed = f"{place.path} is {place.shown}, {operator.path} is {operator.shown}"
        return found(alarm, place, Verdict.VIOLATED, expected, observed=observed, remedy=remedy)
    if guard.fills:
        in_time: bool | None = 0 < threshold < FULL_PERCENT
    else:
        has, told = _gib(plan, alarm) if guard.metric == "FreeStorageSpace" else (None, True)
        if not told:
            observed = f"{place.path} is {place.shown}; the size of the disk is known after apply"
            expected += " and below the size of the disk"
            return found(alarm, place, Verdict.UNDETERMINED, expected, observed=observed, remedy=remedy)
        in_time = threshold > 0 and (has is None or threshold < has * BYTES_PER_GIB)
        expected += "" if has is None else f" and below the {has:g} GiB that there are"
    if in_time:
        return None
    return found(alarm, place, Verdict.VIOLATED, expected, remedy=remedy)


def _gib(plan: Plan, alarm: ResourceChange) -> tuple[float | None, bool]:
    """The storage of the database that the alarm is about, if it is in the plan; and if it is told."""
    database = None
    for dimension, kind in DIMENSIONS.items():
        stated = alarm.after.get("dimensions").get(dimension).peek()
        if database is None and isinstance(stated, Known):
            database = plan.attached(_by_identifier).get((kind, str(stated.value)))
        if database is None:
            named = graph(plan).targets(alarm, ("dimensions",), kind)
            database = plan.find(named[0]) if named and len(named) == 1 else None
    reading = database.after.get("allocated_storage").reading if database else None
    return number(reading.value) if isinstance(reading, Known) else None, reading is not UNKNOWN


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
