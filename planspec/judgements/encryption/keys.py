"""Is it encrypted with a KMS key, and is that key rotated and protected?"""

from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found, hold_each, hold_unless_left_out
from planspec.plan import ABSENT, NULL, UNKNOWN, Known, Plan, ResourceChange, number
from planspec.references import graph

KEYS = ("aws_kms_key", "aws_kms_alias", "aws_kms_replica_key", "aws_kms_external_key")
OWN_KEY = "a key of the key management service"


def have_a_key(plan: Plan, resources: Sequence[ResourceChange], attribute: str) -> Judgement:
    """Judge whether the attribute of each resource names a KMS key.

    A name that is known after apply counts where the source refers to a key.
    """
    return judge(
        (resource.address for resource in resources),
        (_keyed(plan, resource, attribute) for resource in resources),
    )


def are_renewed(keys: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each KMS key has automatic rotation enabled, where AWS supports it.

    Those are symmetric keys for encryption. Source: AWS KMS Developer Guide, "Rotate AWS KMS keys":
    off by default.
    """
    symmetric = [
        key
        for key in keys
        if key.type == "aws_kms_key"
        and _may_be(key, "customer_master_key_spec", "SYMMETRIC_DEFAULT")
        and _may_be(key, "key_usage", "ENCRYPT_DECRYPT")
    ]
    return hold_each(
        symmetric,
        ("enable_key_rotation",),
        lambda value: value is True,
        "enable_key_rotation is true",
        remedy="set enable_key_rotation = true",
    )


def _may_be(key: ResourceChange, attribute: str, value: str) -> bool:
    return key.after.get(attribute).reading in (Known(value), NULL, ABSENT, UNKNOWN)


def can_be_had_back(keys: Sequence[ResourceChange], *, minimum_days: int) -> Judgement:
    """Judge whether the deletion waiting period of each KMS key is at least `minimum_days`.

    Source: AWS KMS API, ScheduleKeyDeletion, PendingWindowInDays: 30 by default.
    """
    return hold_unless_left_out(
        keys,
        ("deletion_window_in_days",),
        lambda days: (number(days) or 0) >= minimum_days,
        f"deletion_window_in_days is at least {minimum_days}",
        remedy=f"set deletion_window_in_days = {minimum_days}: what it encrypts is lost with it",
    )


def _keyed(plan: Plan, resource: ResourceChange, attribute: str) -> Finding | None:
    place = resource.after.get(attribute)
    reading = place.reading
    if isinstance(reading, Known) and reading.value != "":
        return None
    if reading is UNKNOWN and _refers_to_keys(plan, resource, attribute):
        return None
    return found(
        resource,
        place,
        Verdict.UNDETERMINED if reading is UNKNOWN or place.misnamed else Verdict.VIOLATED,
        OWN_KEY,
        remedy=f"set {attribute} to a key whose policy lets the service use it",
    )


def _refers_to_keys(plan: Plan, resource: ResourceChange, attribute: str) -> bool:
    """Whether the source names a key of this plan, and nothing else."""
    found = graph(plan).of(resource, attribute)
    types = {target.change.type for target in found.targets if target.change is not None}
    complete = all(target.change is not None for target in found.targets)
    return bool(types) and complete and found.followed and types <= set(KEYS)
