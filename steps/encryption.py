"""Steps about encryption at rest and in transit."""

from collections.abc import Callable, Sequence

from pytest_bdd import then

from planspec import Judgement, Plan, ResourceChange
from planspec.judgements import buckets, durability

Uphold = Callable[[Judgement], None]


@then("each one is encrypted at rest")
def databases_are_encrypted(databases: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every database to encrypted storage."""
    uphold(durability.encrypted_at_rest(databases))


@then("each one is encrypted with a key of the key management service")
def buckets_are_encrypted(
    plan: Plan, examined_buckets: Sequence[ResourceChange], uphold: Uphold
) -> None:
    """Hold every bucket to default encryption with a KMS key."""
    uphold(buckets.are_encrypted(plan, examined_buckets))


@then("each one refuses requests without TLS")
def buckets_demand_tls(plan: Plan, examined_buckets: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every bucket to a policy that denies plain HTTP."""
    uphold(buckets.demand_tls(plan, examined_buckets))
