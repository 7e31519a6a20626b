"""Are the buckets encrypted, used over TLS only, and do they forget what is old?

A bucket's settings are resources of their own. A judgement starts from the bucket, so that a setting
that is missing is found.
"""

from collections.abc import Sequence, Set
from typing import Final

from planspec.aws import Condition, Statement, statements
from planspec.finding import Finding, Judgement, Verdict
from planspec.judgements.generic.bucket_shapes import Setting, Shape, by_setting
from planspec.judgements.generic.expect import found, hold
from planspec.judgements.generic.log_buckets import log_buckets_with_keys_of_s3
from planspec.plan import ABSENT, NULL, UNKNOWN, Known, Plan, ResourceChange, Value

KMS = frozenset({"aws:kms", "aws:kms:dsse"})
TLS_ONLY = "a policy that denies every request that does not use TLS"


ENCRYPTION: Final = Shape(
    "aws_s3_bucket_server_side_encryption_configuration", "server_side_encryption_configuration"
)
POLICY: Final = Shape("aws_s3_bucket_policy", "policy")
LIFECYCLE: Final = Shape("aws_s3_bucket_lifecycle_configuration", "lifecycle_rule")


def are_encrypted(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether every bucket encrypts with a key of AWS KMS by default.

    A bucket that an Application or Classic Load Balancer or S3 writes logs to may use the keys of S3:
    none of them can write to any other. Sources: Amazon S3 User Guide, "Setting default server-side
    encryption behavior" and "Enabling Amazon S3 server access logging"; Elastic Load Balancing User
    Guide, "Access logs for your Application Load Balancer".
    """
    expected = "default encryption with a KMS key"
    remedy = f'add {ENCRYPTION.kind} with sse_algorithm = "aws:kms"'
    path = ("rule", 0, "apply_server_side_encryption_by_default", 0, "sse_algorithm")
    for_logs, complete = log_buckets_with_keys_of_s3(plan)

    def problem(bucket: ResourceChange, setting: Setting) -> Finding | None:
        accepted = KMS | {"AES256"} if bucket.address in for_logs else KMS
        algorithm = setting.get(path, (ENCRYPTION.block, 0, *path))
        finding = hold(
            setting.resource, algorithm, lambda name: name in accepted, expected, remedy=remedy
        )
        if finding is not None and not complete and algorithm.peek() == Known("AES256"):
            # Access logs may be written here; which bucket is named for them cannot be told.
            return finding._replace(verdict=Verdict.UNDETERMINED)
        return finding

    return by_setting(plan, buckets, ENCRYPTION, problem, expected, remedy)


def demand_tls(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether a policy of each bucket denies requests without TLS to everyone.

    Sources: Amazon S3 User Guide, "Security best practices", aws:SecureTransport; "Data protection and
    encryption": a directory bucket is reached over HTTPS only.
    """

    def problem(bucket: ResourceChange, setting: Setting) -> Finding | None:
        policy = setting.resource
        stated = statements(plan, policy, ("policy",))
        answers = [None] if stated is None else [_denies_if_there(each, bucket) for each in stated]
        if True in answers:
            return None
        verdict = Verdict.UNDETERMINED if None in answers else Verdict.VIOLATED
        observed = (
            "what its policy denies is known only after apply"
            if None in answers
            else "no statement of its policy denies requests without TLS to everyone, for all objects"
        )
        return found(
            policy,
            policy.after.get("policy"),
            verdict,
            TLS_ONLY,
            observed=observed,
            remedy='deny "s3:*" to "*" where aws:SecureTransport is false',
        )

    return by_setting(
        plan,
        buckets,
        POLICY,
        problem,
        TLS_ONLY,
        'add aws_s3_bucket_policy: deny "s3:*" to "*" where aws:SecureTransport is false',
        always_of_directories=True,
    )


def _denies_if_there(statement: Statement, bucket: ResourceChange) -> bool | None:
    """Whether a statement denies requests without TLS; None if apply decides that."""
    if not statement.place.perhaps:
        return _denies_plain(statement, bucket)
    return False if _denies_plain(statement.if_there, bucket) is False else None


def _denies_plain(statement: Statement, bucket: ResourceChange) -> bool | None:
    """Whether this statement alone does it."""
    answers = (
        _where_plain(statement.conditions),
        _some((statement.effect,), {"deny"}),
        _some(statement.principals, {"*"}),
        _some(statement.actions, {"*", "s3:*"}),
        _covers(statement, bucket),
    )
    return False if False in answers else None if None in answers else True


def _where_plain(conditions: Sequence[Condition]) -> bool | None:
    """Whether they ask that TLS is not used, and nothing else: more would let some requests through."""
    asked = [_asks_plain(each) for each in conditions]
    surely = [answer for each, answer in zip(conditions, asked, strict=True) if not each.perhaps]
    if False in surely or len(surely) > 1 or all(answer is False for answer in asked):
        return False
    return True if asked == [True] and surely else None


def _asks_plain(condition: Condition) -> bool | None:
    """Whether a condition asks that TLS is not used; None if apply decides what it asks."""
    operator, key = condition.operator.lower(), condition.key.lower()
    if operator not in {"", "bool", "boolifexists"} or key not in {"", "aws:securetransport"}:
        return False
    return _some(condition.values, {"false"}) if operator and key else None


def _some(places: Sequence[Value], accepted: Set[str]) -> bool | None:
    """Whether one of the places holds an accepted word; None if only apply can tell."""
    readings = [place.reading for place in places]
    if any(isinstance(each, Known) and str(each.value).lower() in accepted for each in readings):
        return True
    return None if UNKNOWN in readings else False


def _covers(statement: Statement, bucket: ResourceChange) -> bool | None:
    """Whether the statement is about the bucket and about every object in it: two kinds of ARN."""
    readings = [place.reading for place in statement.resources]
    texts = {str(each.value) for each in readings if isinstance(each, Known)}
    names = {text.rpartition(":::")[2] for text in texts}
    if "*" in names:
        return True
    if UNKNOWN in readings:
        # Plan JSON keeps no text beside an ARN: two of this bucket alone are the bucket and its objects.
        two = readings.count(UNKNOWN) > 1 and statement.refers == {bucket.address}
        return True if two else None
    match bucket.after.get("bucket").reading:
        case Known(str(name)):
            return f"{name}*" in names or {name, f"{name}/*"} <= names
        case _:
            return None


def forget_old_objects(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each bucket has an enabled lifecycle rule that expires or transitions objects.

    A rule about versions that were overwritten leaves every present object for ever.
    Source: Amazon S3 User Guide, "Managing the lifecycle of objects".
    """
    expected = "a lifecycle rule, switched on, that expires or moves old objects"

    def problem(_: ResourceChange, setting: Setting) -> Finding | None:
        place = setting.get(("rule",), (LIFECYCLE.block,))
        states = [_ages(rule) for rule in place.elements()]
        if True in states:
            return None
        verdict = Verdict.UNDETERMINED if None in states else Verdict.VIOLATED
        return found(
            setting.resource,
            place,
            verdict,
            expected,
            observed="no enabled lifecycle rule that expires or transitions objects could be found",
            remedy="add an expiration or a transition",
        )

    return by_setting(
        plan,
        buckets,
        LIFECYCLE,
        problem,
        expected,
        "add aws_s3_bucket_lifecycle_configuration with an expiration",
    )


def give_up_broken_uploads(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each bucket has a lifecycle rule that aborts incomplete multipart uploads.

    Source: Amazon S3 User Guide, "Configuring a bucket lifecycle configuration to delete incomplete
    multipart uploads".
    """
    expected = "an enabled lifecycle rule that aborts incomplete multipart uploads"
    remedy = "add abort_incomplete_multipart_upload { days_after_initiation = 7 }"

    def problem(_: ResourceChange, setting: Setting) -> Finding | None:
        place = setting.get(("rule",), (LIFECYCLE.block,))
        states = [_gives_up(rule) for rule in place.elements()]
        if True in states:
            return None
        verdict = Verdict.UNDETERMINED if None in states else Verdict.VIOLATED
        observed = "no enabled lifecycle rule that aborts incomplete multipart uploads could be found"
        return found(setting.resource, place, verdict, expected, observed=observed, remedy=remedy)

    return by_setting(plan, buckets, LIFECYCLE, problem, expected, remedy)


def _gives_up(rule: Value) -> bool | None:
    places = (
        rule.get("abort_incomplete_multipart_upload", 0, "days_after_initiation"),
        rule.get("abort_incomplete_multipart_upload_days"),
    )
    return is_enabled_and(rule, [is_some_days(each) for each in places])


def _ages(rule: Value) -> bool | None:
    expiration = rule.get("expiration", 0)
    dated = expiration.get("date").is_set, rule.get("transition").is_set
    return is_enabled_and(rule, [is_some_days(expiration.get("days")), *dated])


def is_some_days(place: Value) -> bool | None:
    """Whether days are stated: the provider writes 0 where nobody stated any."""
    return False if place.reading == Known(0) else place.is_set


def is_enabled_and(rule: Value, answers: Sequence[bool | None]) -> bool | None:
    """Whether a lifecycle rule is on and one of the answers is true; None if apply decides that.

    A rule inside the bucket says `enabled`, one of its own `status`.
    """
    switch = rule.get("status").reading
    state = rule.get("enabled").reading if switch in (ABSENT, NULL) else switch
    if state not in (Known("Enabled"), Known(True), UNKNOWN) or not set(answers) - {False}:
        return False
    return True if state is not UNKNOWN and True in answers else None
