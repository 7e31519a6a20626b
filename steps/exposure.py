"""Steps about who can reach the service from outside."""

from collections.abc import Callable, Sequence

from pytest_bdd import then

from planspec import Judgement, Plan, ResourceChange
from planspec.catalogue import Parameters
from planspec.judgements import buckets, exposure

Uphold = Callable[[Judgement], None]


@then("none of them has a public address")
def no_public_database(databases: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every database to having no public address."""
    uphold(exposure.unreachable_from_the_internet(databases))


@then("only load balancers accept traffic from the internet, on their public ports")
def only_load_balancers(plan: Plan, parameters: Parameters, uphold: Uphold) -> None:
    """Hold every ingress rule, however it is written, to coming from inside."""
    uphold(exposure.only_load_balancers_open(plan, parameters.exposure))


@then("none of their tasks has a public address")
def no_public_task(services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold the tasks of every service to private addresses."""
    uphold(exposure.no_public_address(services))


@then("each one speaks TLS or only redirects to it")
def listeners_speak_tls(plan: Plan, listeners: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every listener to HTTPS or TLS, or to a redirect."""
    uphold(exposure.listen_encrypted(plan, listeners))


@then("each one blocks public access in all four ways")
def buckets_are_private(plan: Plan, examined_buckets: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every bucket to its public access block."""
    uphold(buckets.are_private(plan, examined_buckets))
