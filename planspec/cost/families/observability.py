"""What do logs, alarms, dashboards and trails cost?

Sources: Amazon CloudWatch pricing ("alarm metrics"; an anomaly alarm counts three metrics for each
one that it watches); AWS CloudTrail pricing.
"""

from decimal import Decimal
from typing import Final

from planspec.cost.resource import PricedResource, Undecided, decimal
from planspec.plan import UNKNOWN, Known, Value

HIGH_RESOLUTION_BELOW_SECONDS: Final = 60
METRICS_OF_A_BAND: Final = 3
# Source: Amazon CloudWatch pricing, "vended logs".
_DELIVERED: Final = {
    "cloud-watch-logs": "cloudwatch.logs.vended",
    "s3": "cloudwatch.logs.vended.s3",
    "kinesis-data-firehose": "cloudwatch.logs.vended.firehose",
}


def log_group(subject: PricedResource) -> None:
    """Price what is written to a log group, kept in it and searched."""
    subject.use("Logs written", "cloudwatch.logs.ingest")
    subject.use("Logs kept", "cloudwatch.logs.store")
    subject.use("Logs searched", "cloudwatch.logs.insights")


def flow_log(subject: PricedResource) -> None:
    """Price what a flow log delivers; keeping it is priced where it goes."""
    with subject.part("Logs delivered"):
        to = str(subject.get("cloud-watch-logs", "log_destination_type"))
        key = _DELIVERED.get(to)
        if key is None:
            raise Undecided(f"no price for logs that go to {to}")
        subject.use(f"Logs delivered ({to})", key)


def metric_alarm(subject: PricedResource) -> None:
    """Price an alarm by the metrics that it watches."""
    with subject.part("Alarm"):
        queries = subject.blocks("metric_query")
        metrics = [each for query in queries for each in query.get("metric").elements()]
        band = any("ANOMALY_DETECTION_BAND" in _text(each, "expression").upper() for each in queries)
        fast = any(_below(period) for each in metrics if (period := _text(each, "period")))
        if not queries:
            fast = _below(subject.quiet(300, "period"))
        number = (len(metrics) if queries else 1) * (METRICS_OF_A_BAND if band else 1)
        kind = "high_resolution" if fast else "standard"
        subject.add(f"Alarm ({kind.replace('_', ' ')})", f"cloudwatch.alarm.{kind}", max(number, 1))


def _text(block: Value, name: str) -> str:
    """What stands in a block, or nothing. Raises Undecided if apply decides."""
    reading = block.get(name).peek()
    if reading is UNKNOWN:
        raise Undecided(f"{name} of a metric is known after apply")
    return str(reading.value) if isinstance(reading, Known) else ""


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
    if subject.may_be(bool, [], "insight_selector"):
        subject.use("Insight events", "cloudtrail.insights")
