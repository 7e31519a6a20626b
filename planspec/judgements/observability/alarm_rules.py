"""Can an alarm fire, in time, on the metric that it watches?

Source: Amazon CloudWatch API, PutMetricAlarm; Amazon CloudWatch User Guide, "Alarm evaluation" and
"CloudWatch metrics for your Application Load Balancer".
"""

import math
from typing import Final, NamedTuple

from planspec.plan import UNKNOWN, Known, Reading, ResourceChange, Value, number

METRIC_PATH: Final = ("metric_query", 0, "metric", 0)
COUNTS: Final = "HTTPCode_"
# What a figure never exceeds: a share, and the longest idle timeout of an Application Load Balancer,
# after which it answers itself. Source: Elastic Load Balancing API, idle_timeout.timeout_seconds.
LIMITS: Final = {"CPUUtilization": 100.0, "TargetResponseTime": 4000.0}


class Figure(NamedTuple):
    """A metric of CloudWatch, the dimension that names the resource, and when it is bad."""

    namespace: str
    metric: str
    dimension: str
    name: str
    bad_when: str
    types: tuple[str, ...]


def reckons(alarm: ResourceChange) -> bool:
    """Whether the alarm watches what is reckoned from metrics, or may, and not one metric as it is."""
    queries = alarm.after.get("metric_query")
    if queries.is_set is False:
        return False
    alone = len(queries.elements()) == 1 and queries.get(0, "expression").is_set is False
    return not (alone and queries.get(0, "metric").is_set)


def metric_path(alarm: ResourceChange) -> tuple[str | int, ...]:
    """Where the alarm says what its one metric is: in itself, or in its only query."""
    return () if alarm.after.get("metric_query").is_set is False else METRIC_PATH


def metric_of(alarm: ResourceChange, name: str) -> Value:
    """What the alarm says of its one metric: name, namespace, dimensions, period or statistic."""
    inside = {"statistic": "stat"}.get(name, name) if metric_path(alarm) else name
    return alarm.after.get(*metric_path(alarm), inside)


def may_reckon_with(alarm: ResourceChange, figure: Figure, name: Reading) -> bool:
    """Whether an alarm on an expression may be about this figure of the resource with this name."""
    queries = alarm.after.get("metric_query")
    if queries.reading is UNKNOWN or not queries.elements():
        return True
    return any(_may_mean(query, figure, name) for query in queries.elements())


def _may_mean(query: Value, figure: Figure, name: Reading) -> bool:
    text = query.get("expression").peek()
    if text is UNKNOWN or (isinstance(text, Known) and figure.metric in str(text.value)):
        return True
    metric = query.get("metric", 0)
    asked = (("namespace", figure.namespace), ("metric_name", figure.metric))
    if any(metric.get(key).peek() not in (UNKNOWN, Known(value)) for key, value in asked):
        return False
    stated = metric.get("dimensions", figure.dimension).peek()
    return not (isinstance(stated, Known) and isinstance(name, Known) and stated != name)


def rings(alarm: ResourceChange, figure: Figure, *, slowest_seconds: int) -> bool | None:
    """Whether it can ring when the figure is bad, in time, and not always; None if apply decides."""
    if reckons(alarm):
        return None
    answers = (_at_a_figure(alarm, figure), soon_enough(alarm, slowest_seconds))
    if _is_silent_about_nothing(alarm, figure):
        return False
    return False if False in answers else None if None in answers else True


def _is_silent_about_nothing(alarm: ResourceChange, figure: Figure) -> bool:
    """Whether it rings while there are no errors at all, so that errors change nothing.

    The count of errors is missing where there are none.
    """
    missing = alarm.after.get("treat_missing_data").peek()
    return figure.metric.startswith(COUNTS) and missing == Known("breaching")


def _at_a_figure(alarm: ResourceChange, figure: Figure) -> bool | None:
    """Whether the figure can be on the bad side of the threshold, and can be on the good one."""
    place = alarm.after.get("threshold")
    how, reading = alarm.after.get("comparison_operator").reading, place.reading
    if isinstance(how, Known) and figure.bad_when not in str(how.value):
        return False
    most = _most(alarm, figure)
    if most is None or UNKNOWN in (how, reading):
        return None
    threshold = number(reading.value) if isinstance(reading, Known) else None
    if threshold is None or not isinstance(how, Known) or most < 0:
        return False
    inclusive = "OrEqual" in str(how.value)
    if figure.bad_when == "GreaterThan":
        return 0 < threshold <= most if inclusive else 0 <= threshold < most
    return threshold >= 0 if inclusive else threshold > 0


def _most(alarm: ResourceChange, figure: Figure) -> float | None:
    """The most that the figure can be; below 0 if the statistic does not tell it; None if unknown.

    A count of errors is 1 in each sample: only their sum tells how many there are.
    """
    match metric_of(alarm, "statistic").peek():
        case Known(str("SampleCount")):
            return math.inf if figure.metric.startswith(COUNTS) else -1
        case Known(str("Sum")):
            return math.inf
        case state if state is UNKNOWN:
            return None
        case _:
            return 1 if figure.metric.startswith(COUNTS) else LIMITS.get(figure.metric, math.inf)


def soon_enough(alarm: ResourceChange, slowest_seconds: int) -> bool | None:
    """Whether it rings within this time; None if apply decides, or nobody says it.

    An alarm rings after as many periods as datapoints have to be bad; there cannot be more than
    periods that are looked at.
    """
    places = (
        metric_of(alarm, "period"),
        alarm.after.get("evaluation_periods"),
        alarm.after.get("datapoints_to_alarm"),
    )
    period, periods, bad = (place.peek() for place in places)
    if not isinstance(period, Known) or not isinstance(periods, Known) or bad is UNKNOWN:
        return None
    looked_at = number(periods.value) or 0
    stated = number(bad.value) if isinstance(bad, Known) else None
    needed = stated or looked_at
    return needed <= looked_at and (number(period.value) or 0) * needed <= slowest_seconds
