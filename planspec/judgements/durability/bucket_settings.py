"""Versioning, lifecycle, CORS, ownership and public access of S3 buckets."""

from collections.abc import Sequence
from typing import Any, Final

from planspec.access import Answer, Outcome, Unknown, describe
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.change.policy_texts import planned
from planspec.judgements.encryption.buckets import (
    ENCRYPTION,
    LIFECYCLE,
    is_enabled_and,
)
from planspec.judgements.exposure.public_access import any_of_a_kind, open_to_strangers
from planspec.judgements.exposure.resource_policies import is_written
from planspec.judgements.generic.bucket_shapes import (
    DIRECTORY,
    GENERAL,
    Setting,
    Shape,
    by_setting,
    settings,
    where_set,
    without_directories,
)
from planspec.judgements.generic.expect import found, hold
from planspec.judgements.generic.log_buckets import LOGGING, log_buckets
from planspec.judgements.generic.selections import of_others
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value, number
from planspec.schema import access_types

CORS: Final = Shape("aws_s3_bucket_cors_configuration", "cors_rule")
OWNERSHIP: Final = Shape("aws_s3_bucket_ownership_controls")
VERSIONING: Final = Shape("aws_s3_bucket_versioning", "versioning")
NOBODY: Final = "no statement that grants public access"


def admit_nobody_unknown(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether no bucket policy grants public access, in the bucket or as a resource of its own.

    Source: Amazon S3 User Guide, "The meaning of public".
    """
    inside = next(each for each in access_types().inside if each.kind == "aws_s3_bucket")
    policies = _settings(plan, buckets, "aws_s3_bucket_policy")
    own = [bucket for bucket in buckets if is_written(plan, bucket, inside)]
    return judge(
        (each.address for each in (*buckets, *policies)),
        (_public(plan, policy) for policy in (*policies, *own)),
    )


def _settings(plan: Plan, buckets: Sequence[ResourceChange], kind: str) -> Sequence[ResourceChange]:
    """The settings of a kind, but those of buckets that nobody asks about."""
    elsewhere = of_others(plan, kind, "bucket", buckets, (GENERAL, DIRECTORY))
    return [each for each in plan.remaining(kind) if each not in elsewhere]


def _public(plan: Plan, policy: ResourceChange) -> Finding | None:
    document = planned(plan, policy, ("policy",)).document
    answer = open_to_strangers(document)
    opened = answer.outcome is Outcome.MORE or any_of_a_kind(document) is not None
    if answer.outcome is Outcome.NOT_MORE and not opened:
        return None
    remedy = "name who may use it; give users pre-signed addresses"
    return found(
        policy,
        policy.after.get("policy"),
        Verdict.VIOLATED if opened else Verdict.UNDETERMINED,
        NOBODY,
        observed="a statement grants public access" if opened else _untold(document, answer),
        remedy=f"{remedy}: as it is, {describe(answer)}" if answer.witness else remedy,
    )


def _untold(document: Any, answer: Answer) -> str:
    """What could not be decided, where the policy is there to be read."""
    if isinstance(document, Unknown):
        return ""
    return f"whether it grants public access cannot be determined: {', '.join(answer.doubts)}"


def trust_named_sites(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether the browsers of only named sites may use a bucket; no rule at all means none.

    Source: Amazon S3 User Guide, "Elements of a CORS configuration", AllowedOrigin.
    """
    every = _all_settings(plan, buckets, CORS)
    findings = (
        hold(
            setting.resource,
            origin,
            lambda name: "*" not in str(name),
            "origins by name, without wildcards",
            remedy="list the addresses of our own sites in allowed_origins",
        )
        for setting in every
        for rule in setting.get(("cors_rule",), (CORS.block,)).elements()
        for origin in rule.get("allowed_origins").elements()
    )
    return judge((*(each.address for each in buckets), *_addresses(every)), findings)


def _all_settings(plan: Plan, buckets: Sequence[ResourceChange], shape: Shape) -> Sequence[Setting]:
    """The settings of these buckets, and those of buckets that the plan does not hold."""
    inside = [
        each
        for bucket in buckets
        for told in (settings(plan, bucket, shape),)
        for each in (*told.surely, *told.perhaps)
        if each.inside
    ]
    return [*map(Setting, _settings(plan, buckets, shape.kind)), *inside]


def _addresses(every: Sequence[Setting]) -> list[str]:
    return [each.resource.address for each in every]


def _one_value(
    plan: Plan,
    buckets: Sequence[ResourceChange],
    shape: Shape,
    path: tuple[str | int, ...],
    wanted: str,
    expected: str,
    *,
    always_of_directories: bool = False,
    inside: tuple[str | int, ...] = (),
) -> Judgement:
    """Hold one text in the setting of every bucket, or a switch inside the bucket."""
    remedy = f"add {shape.kind} with {path[-1]} = {wanted}"

    def problem(_: ResourceChange, setting: Setting) -> Finding | None:
        place = setting.get(path, inside)
        right = setting.inside or wanted
        return hold(setting.resource, place, lambda value: value == right, expected, remedy=remedy)

    return by_setting(
        *(plan, buckets, shape, problem, expected, remedy), always_of_directories=always_of_directories
    )


def ask_for_keys_once(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether every bucket that uses a key of AWS KMS asks for it once, and not for each object.

    Source: Amazon S3 User Guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys": off by
    default, not offered for two layers (aws:kms:dsse), and always on in a directory bucket.
    """
    general = [each for each in buckets if each.type == GENERAL]
    every = _all_settings(plan, general, ENCRYPTION)
    findings = (
        _asks_once(setting.resource, rule)
        for setting in every
        for rule in setting.get(("rule",), (ENCRYPTION.block, 0, "rule")).elements()
    )
    return judge((*(each.address for each in buckets), *_addresses(every)), findings)


def _asks_once(resource: ResourceChange, rule: Value) -> Finding | None:
    algorithm = rule.get("apply_server_side_encryption_by_default", 0, "sse_algorithm").reading
    if algorithm not in (Known("aws:kms"), UNKNOWN):
        return None
    expected, remedy = "bucket_key_enabled is true", "set bucket_key_enabled = true"
    place = rule.get("bucket_key_enabled")
    finding = hold(resource, place, lambda value: value is True, expected, remedy=remedy)
    if finding is not None and algorithm is UNKNOWN:
        return finding._replace(verdict=Verdict.UNDETERMINED)
    return finding


def own_their_objects(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each bucket has ACLs disabled.

    Source: Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs".
    """
    return _one_value(
        *(plan, buckets, OWNERSHIP, ("rule", 0, "object_ownership")),
        "BucketOwnerEnforced",
        "object_ownership is BucketOwnerEnforced",
        always_of_directories=True,
    )


def keep_versions(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each bucket that can have versions has versioning enabled.

    Source: Amazon S3 User Guide, "Retaining multiple versions of objects": off by default.
    """
    path, inside = ("versioning_configuration", 0, "status"), ("versioning", 0, "enabled")

    def judged(general: Sequence[ResourceChange]) -> Judgement:
        expected = "versioning is Enabled"
        return _one_value(plan, general, VERSIONING, path, "Enabled", expected, inside=inside)

    return without_directories(buckets, "versioning", judged)


def keep_old_versions(plan: Plan, buckets: Sequence[ResourceChange], *, minimum_days: int) -> Judgement:
    """Judge whether no lifecycle rule expires noncurrent versions before `minimum_days`.

    A rule for one prefix counts too; without any, versions stay. Directory buckets have none.
    Source: Amazon S3 API, NoncurrentVersionExpiration.
    """
    expected = f"noncurrent versions kept for at least {minimum_days} days"
    remedy = f"set noncurrent_days to {minimum_days} or more"

    def problem(_: ResourceChange, setting: Setting) -> Finding | None:
        findings = [
            _expires_early(setting, rule, minimum_days, expected, remedy)
            for rule in setting.get(("rule",), (LIFECYCLE.block,)).elements()
        ]
        surely = (each for each in findings if each and each.verdict is Verdict.VIOLATED)
        return next(surely, next((each for each in findings if each), None))

    return without_directories(
        buckets, "versioning", lambda general: where_set(plan, general, LIFECYCLE, problem)
    )


def _expires_early(
    setting: Setting, rule: Value, minimum_days: int, expected: str, remedy: str
) -> Finding | None:
    """The finding about one rule, unless it is off or says nothing of noncurrent versions."""
    block = rule.get("noncurrent_version_expiration")
    there = is_enabled_and(rule, [block.is_set])
    if there is False:
        return None
    place = block.get(0, "days" if setting.inside else "noncurrent_days")
    finding = hold(
        *(setting.resource, place, lambda days: (number(days) or 0) >= minimum_days, expected),
        remedy=remedy,
        unset=Verdict.UNDETERMINED,
    )
    if finding is not None and there is None:
        return finding._replace(verdict=Verdict.UNDETERMINED)
    return finding


def log_access(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether every bucket has its requests logged, apart from those that hold the logs.

    Source: Amazon S3 User Guide, "Logging requests with server access logging".
    """
    return without_directories(
        buckets, "server access logging", lambda general: _log_access(plan, general)
    )


def _log_access(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    for_logs, all_told = log_buckets(plan)
    expected, remedy = "requests logged to another bucket", f"add {LOGGING.kind}"
    logged = [bucket for bucket in buckets if bucket.address not in for_logs]

    def problem(_: ResourceChange, setting: Setting) -> Finding | None:
        place = setting.get(("target_bucket",), (LOGGING.block, 0, "target_bucket"))
        block = setting.resource.after.get(LOGGING.block).peek() if setting.inside else None
        if place.is_set is not False and block is not UNKNOWN:
            return None
        verdict = Verdict.UNDETERMINED if block is UNKNOWN else Verdict.VIOLATED
        return found(setting.resource, place, verdict, expected, remedy=remedy)

    return by_setting(plan, logged, LOGGING, problem, expected, remedy, doubtful=not all_told)
