"""What do topics and queues cost? All of it depends on use.

Sources: Amazon SNS and Amazon SQS pricing.
"""

from typing import Final

from planspec.cost.resource import PricedResource, Undecided

_DELIVERIES: Final = {
    "http": "sns.http",
    "https": "sns.http",
    "email": "sns.email",
    "email-json": "sns.email",
}


def topic(subject: PricedResource) -> None:
    """Price the messages of a topic."""
    if _on(subject, "fifo_topic"):
        subject.use("Requests (FIFO)", "sns.fifo.requests")
        subject.use("Data published (FIFO)", "sns.fifo.gb")
    else:
        subject.use("Requests", "sns.requests")


def subscription(subject: PricedResource) -> None:
    """Price the deliveries of a subscription; those to queues and functions are free."""
    try:
        name = str(subject.quiet("", "protocol"))
    except Undecided:
        name = ""
    if name in _DELIVERIES:
        subject.use(f"Deliveries ({name})", _DELIVERIES[name])


def queue(subject: PricedResource) -> None:
    """Price the requests of a queue."""
    fifo = _on(subject, "fifo_queue")
    subject.use(f"Requests{' (FIFO)' if fifo else ''}", "sqs.fifo" if fifo else "sqs.standard")


def _on(subject: PricedResource, attribute: str) -> bool:
    try:
        return subject.quiet(False, attribute) is True
    except Undecided:
        return False
