"""What do topics and queues cost? All of it depends on use.

Sources: Amazon SNS and Amazon SQS pricing.
"""

from typing import Final

from planspec.cost.resource import PricedResource

_DELIVERIES: Final = {
    "http": "sns.http",
    "https": "sns.http",
    "email": "sns.email",
    "email-json": "sns.email",
}


def topic(subject: PricedResource) -> None:
    """Price the messages of a topic."""
    with subject.part("Requests"):
        if subject.quiet(False, "fifo_topic") is True:
            subject.use("Requests (FIFO)", "sns.fifo.requests")
            subject.use("Data published (FIFO)", "sns.fifo.gb")
        else:
            subject.use("Requests", "sns.requests")


def subscription(subject: PricedResource) -> None:
    """Price the deliveries of a subscription; those to queues and functions are free."""
    with subject.part("Deliveries"):
        name = str(subject.quiet("", "protocol"))
        if name in _DELIVERIES:
            subject.use(f"Deliveries ({name})", _DELIVERIES[name])


def queue(subject: PricedResource) -> None:
    """Price the requests of a queue."""
    with subject.part("Requests"):
        fifo = subject.quiet(False, "fifo_queue") is True
        subject.use(f"Requests{' (FIFO)' if fifo else ''}", "sqs.fifo" if fifo else "sqs.standard")
