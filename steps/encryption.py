"""Steps about encryption at rest and in transit."""

from collections.abc import Callable, Sequence

from pytest_bdd import parsers, then, when

from planspec import Judgement, Plan, ResourceChange
from planspec.aws import Database, other_databases
from planspec.judgements.capacity import parameter_group
from planspec.judgements.durability import durability
from planspec.judgements.encryption import buckets, keys
from planspec.judgements.exposure import load_balancers
from planspec.judgements.generic import subjects
from planspec.policies import Parameters

Uphold = Callable[[Judgement], None]


@when("we examine every key of ours", target_fixture="own_keys")
def examine_own_keys(plan: Plan) -> subjects.OwnKeys:
    """Customer managed keys of KMS."""
    return subjects.OwnKeys(plan)


@then("each one is encrypted at rest")
def databases_are_encrypted(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to encrypted storage."""
    uphold(durability.encrypted_at_rest((*databases, *other_databases(plan))))


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


@then("each one is encrypted with our own key")
def logs_have_a_key(plan: Plan, log_groups: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every log group to a KMS key."""
    uphold(keys.have_a_key(plan, log_groups, "kms_key_id"))


@then("each topic is encrypted with our own key")
def topics_have_a_key(topics: subjects.Topics, uphold: Uphold) -> None:
    """Hold every topic to a KMS key."""
    uphold(keys.have_a_key(topics.plan, topics.plan.remaining("aws_sns_topic"), "kms_master_key_id"))


@then("each one turns away clients without TLS")
def databases_demand_tls(plan: Plan, databases: Sequence[Database], uphold: Uphold) -> None:
    """Hold every database to clients with TLS."""
    uphold(parameter_group.demand_tls(plan, databases))


@then("each one with TLS offers accepted versions only")
def listeners_present_tls(
    listeners: Sequence[ResourceChange], parameters: Parameters, uphold: Uphold
) -> None:
    """Hold every listener with TLS to the policies in policies/parameters.toml."""
    uphold(load_balancers.present_tls(listeners, parameters.exposure))


@then("AWS renews each one every year")
def keys_are_renewed(own_keys: subjects.OwnKeys, uphold: Uphold) -> None:
    """Hold every key that AWS can renew to renewal."""
    uphold(keys.are_renewed(own_keys.plan))


@then(parsers.parse("each one that is deleted can be had back for {days:d} days"))
def keys_can_be_had_back(own_keys: subjects.OwnKeys, days: int, uphold: Uphold) -> None:
    """Hold every key to a time in which its deletion can be called off."""
    uphold(keys.can_be_had_back(own_keys.plan, minimum_days=days))
