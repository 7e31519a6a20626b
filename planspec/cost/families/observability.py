"""What do logs, alarms, dashboards and trails cost?

Sources: Amazon CloudWatch pricing ("alarm metrics"; an anomaly alarm counts three metrics for each
one that it watches); AWS CloudTrail pricing.
"""

from decimal import Decimal
from typing import Final

from planspec.cost.resource import PricedResource, Undecided, decimal
from planspec.plan import Known, Value

HIGH_RESOLUTION_BELOW_SECONDS: Final = 60
METRICS_OF_A_BAND: Final = 3


def log_group(subject: PricedResource) -> None:
    """Price what is written to a log group, kept in it and searched."""
    subject.use("Logs written", "cloudwatch.logs.ingest")
    subject.use("Logs kept", "cloudwatch.logs.store")
    subject.use("Logs searched", "cloudwatch.logs.insights")


def metric_alarm(subject: PricedResource) -> None:
    """Price an alarm by the metrics that it watches."""
    try:
        queries = subject.blocks("metric_query")
        metrics = [each for query in queries for each in query.get("metric").elements()]
        band = any(_is_band(query) for query in queries)
        periods = [each.get("period").peek() for each in metrics] if queries else []
        fast = any(isinstance(each, Known) and _below(each.value) for each in periods)
        if not queries:
            fast = _below(subject.quiet(300, "period"))
    except Undecided as undecided:
        subject.unknown("Alarm", str(undecided))
        return
    number = (len(metrics) if queries else 1) * (METRICS_OF_A_BAND if band else 1)
    kind = "high_resolution" if fast else "standard"
    subject.add(f"Alarm ({kind.replace('_', ' ')})", f"cloudwatch.alarm.{kind}", max(number, 1))


def _is_band(query: Value) -> bool:
    reading = query.get("expression").peek()
    return isinstance(reading, Known) and "ANOMALY_DETECTION_BAND" in str(reading.value).upper()


def _below(period: object) -> bool:
    return decimal(period, "period") < HIGH_RESOLUTION_BELOW_SECONDS


def composite_alarm(subject: PricedResource) -> None:
    """Price an alarm made of others."""
    subject.add("Alarm (composite)", "cloudwatch.alarm.composite", 1)


def dashboard(subject: PricedResource) -> None:
    """Price a dashboard, at the list price."""
    subject.assume("list price: the first three dashboards of an account are free")
    subject.add("Dashboard", "cloudwatch.dashboard", Decimal(1))


def trail(subject: PricedResource) -> None:
    """Price the events of a trail."""
    subject.use("Management events, further copies", "cloudtrail.management.extra")
    subject.use("Data events", "cloudtrail.data")
    try:
        insights = bool(subject.blocks("insight_selector"))
    except Undecided:
        insights = True
    if insights:
        subject.use("Insight events", "cloudtrail.insights")
