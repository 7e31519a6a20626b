"""Is it encrypted with a customer managed key of KMS, and is that key rotated and protected?"""

from collections.abc import Iterator, Sequence

from planspec.aws import Owners
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found, hold_each, hold_unless_left_out
from planspec.plan import ABSENT, NULL, UNKNOWN, Known, Mode, Plan, ResourceChange, Value, number
from planspec.references import graph

KEYS = ("aws_kms_key", "aws_kms_alias", "aws_kms_replica_key", "aws_kms_external_key")
LOOKED_UP = ("aws_kms_alias", "aws_kms_key")
OWN_KEY = "a customer managed key of KMS"
# How AWS names its own keys. Source: AWS KMS Developer Guide, "AWS managed keys".
OF_AWS = "alias/aws/"
# What cannot encrypt data. Sources: AWS KMS Developer Guide, "Enabling and disabling keys"; AWS KMS API,
# KeySpec and KeyUsage.
SYMMETRIC = "SYMMETRIC_DEFAULT"
ENCRYPTS = "ENCRYPT_DECRYPT"


def have_a_key(plan: Plan, resources: Sequence[ResourceChange], attribute: str) -> Judgement:
    """Judge whether the attribute of each resource names a customer managed KMS key.

    A name that is known after apply counts where the source refers to a key. A key by its ID or ARN
    is one of AWS where the plan looked it up by an alias of AWS.
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
        and _may_be(key, "customer_master_key_spec", SYMMETRIC)
        and _may_be(key, "key_usage", ENCRYPTS)
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


def of_aws(plan: Plan, place: Value) -> bool:
    """Whether this place surely names a key that AWS manages."""
    reading = place.reading
    if not isinstance(reading, Known):
        return False
    name = str(reading.value)
    return OF_AWS in name.lower() or name in plan.attached(_keys_of_aws)


def _keys_of_aws(plan: Plan) -> frozenset[str]:
    """The keys of AWS that the plan looked up: their IDs and ARNs."""
    found = (each.values for each in plan.data_sources.values() if each.type in LOOKED_UP)
    later = (each.after for each in plan.resources(*LOOKED_UP, mode=Mode.DATA))
    return frozenset(name for values in (*found, *later) for name in _names_of_aws(values))


def _names_of_aws(values: Value) -> Iterator[str]:
    """How a key of AWS can be named, if these are values of data about one."""
    if not _is_of_aws(values):
        return
    for name in ("id", "arn", "key_id", "target_key_id", "target_key_arn"):
        reading = values.get(name).peek()
        if isinstance(reading, Known) and reading.value:
            yield str(reading.value)


def _is_of_aws(values: Value) -> bool | None:
    """Whether data is about a key of AWS: by the alias it looks for, or as KMS says."""
    if values.get("key_manager").peek() == Known("AWS"):
        return True
    readings = [values.get(name).peek() for name in ("name", "key_id")]
    if any(isinstance(each, Known) and OF_AWS in str(each.value) for each in readings):
        return True
    return None if UNKNOWN in readings else False


def _keyed(plan: Plan, resource: ResourceChange, attribute: str) -> Finding | None:
    place = resource.after.get(attribute)
    reading = place.reading
    theirs = of_aws(plan, place)
    answers = _what_encrypts(plan, resource, attribute)
    useless = sorted(
        (each for each in answers if not answers[each]), key=lambda key: answers[key] is None
    )
    named = _refers_to_keys(plan, resource, attribute) if reading is UNKNOWN else None
    stated = isinstance(reading, Known) and str(reading.value).strip() != "" and not theirs
    if (named or stated) and not useless:
        return None
    if named or stated:
        return found(
            resource,
            place,
            Verdict.VIOLATED if set(answers.values()) == {False} else Verdict.UNDETERMINED,
            OWN_KEY,
            observed=f"{useless[0]} cannot encrypt: it is disabled, not symmetric, or destroyed"
            if answers[useless[0]] is False
            else f"whether {useless[0]} is enabled, symmetric and for encryption is known after apply",
            remedy="name an enabled symmetric key for encryption",
            related=useless,
        )
    open_question = (reading is UNKNOWN and named is None) or place.misnamed
    return found(
        resource,
        place,
        Verdict.UNDETERMINED if open_question else Verdict.VIOLATED,
        OWN_KEY,
        observed=f"{place.path} is a key that AWS manages" if theirs or named is False else "",
        remedy=f"set {attribute} to a key whose policy lets the service use it",
    )


def _what_encrypts(plan: Plan, resource: ResourceChange, attribute: str) -> dict[str, bool | None]:
    """The keys of this plan that may be named, and whether each can encrypt."""
    reading = resource.after.get(attribute).reading
    targets = graph(plan).of(resource, attribute).targets if reading is UNKNOWN else ()
    keys = [each.change for each in targets if each.change]
    if isinstance(reading, Known) and reading.value:
        keys = [*plan.attached(Owners).existing(str(reading.value))]
    return {each.address: _encrypts(each) if each.type == "aws_kms_key" else True for each in keys}


def _encrypts(key: ResourceChange) -> bool | None:
    """Whether a key encrypts; None if apply decides. One that Terraform only forgets stays as it is."""
    if not key.managed:
        return True
    spec, usage, enabled = (
        key.after.get(name).reading for name in ("customer_master_key_spec", "key_usage", "is_enabled")
    )
    fits = _may_be(key, "customer_master_key_spec", SYMMETRIC) and _may_be(key, "key_usage", ENCRYPTS)
    if (key.destroyed and not key.replaced) or not fits or enabled == Known(False):
        return False
    return None if UNKNOWN in (spec, usage, enabled) else True


def _refers_to_keys(plan: Plan, resource: ResourceChange, attribute: str) -> bool | None:
    """Whether the source names a key of ours, and nothing else; None if it cannot be told.

    Data that is read at apply looks for a key of ours or of AWS, by what it looks for.
    """
    found = graph(plan).of(resource, attribute)
    changes = [target.change for target in found.targets]
    if not changes or not found.followed:
        return None
    read = [plan.data_sources.get(each.address) for each in found.targets if each.change is None]
    looked_up = [each.after for each in changes if each and not each.managed and each.type in LOOKED_UP]
    looked_up += [each.values for each in read if each and each.type in LOOKED_UP]
    keys = [each for each in changes if each and each.managed and each.type in KEYS]
    if len(looked_up) + len(keys) < len(changes):
        return None
    answers = [_is_of_aws(each) for each in looked_up]
    if None in answers or (True in answers and (keys or False in answers)):
        return None
    return True not in answers
