"""Are the buckets private, encrypted and used over TLS only, and do they forget what is old?

A bucket's settings are resources of their own. A judgement starts from the bucket, so that a setting
that is missing is found.
"""

from collections.abc import Callable, Sequence, Set
from typing import Any, NamedTuple

from planspec.aws import LOAD_BALANCERS, Condition, Statement, statements
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found, hold
from planspec.plan import UNKNOWN, Action, Known, Plan, ResourceChange, Value
from planspec.references import Grade, graph

BLOCKS = (
    "block_public_acls",
    "block_public_policy",
    "ignore_public_acls",
    "restrict_public_buckets",
)
KMS = frozenset({"aws:kms", "aws:kms:dsse"})
TLS_ONLY = "a policy that denies every request that does not use TLS"


class Inside(NamedTuple):
    """A block of the bucket itself that says the same as a setting of its own.

    Source: AWS provider, "Version 4 Upgrade Guide": since then the provider computes these blocks.
    """

    path: tuple[str | int, ...]
    accepts: Callable[[Any], bool]


def buckets(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return the buckets that exist once the plan is applied."""
    return plan.remaining("aws_s3_bucket")


def are_private(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether all four public access blocks are on for every bucket.

    Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage".
    """
    expected = "all four public access blocks are on"
    remedy = "add aws_s3_bucket_public_access_block with its four arguments true"

    def problem(_: ResourceChange, setting: ResourceChange) -> Finding | None:
        problems = (
            hold(setting, setting.after.get(name), lambda on: on is True, expected, remedy=remedy)
            for name in BLOCKS
        )
        return next((each for each in problems if each), None)

    return by_setting(plan, buckets, "aws_s3_bucket_public_access_block", problem, expected, remedy)


def are_encrypted(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether every bucket encrypts with a key of AWS KMS by default.

    A bucket for access logs of a load balancer may use the keys of S3: the load balancer cannot
    write to any other. Source: Amazon S3 User Guide, "Setting default server-side encryption
    behavior"; Elastic Load Balancing User Guide, "Access logs for your Application Load Balancer".
    """
    kind = "aws_s3_bucket_server_side_encryption_configuration"
    expected = "default encryption with a KMS key"
    remedy = f'add {kind} with sse_algorithm = "aws:kms"'
    for_balancers, complete = log_buckets_of_load_balancers(plan)

    def problem(bucket: ResourceChange, setting: ResourceChange) -> Finding | None:
        accepted = KMS | {"AES256"} if bucket.address in for_balancers else KMS
        place = setting.after.get("rule", 0, "apply_server_side_encryption_by_default", 0)
        algorithm = place.get("sse_algorithm")
        finding = hold(setting, algorithm, lambda name: name in accepted, expected, remedy=remedy)
        if finding is not None and not complete and algorithm.peek() == Known("AES256"):
            # A load balancer may write its logs here; which bucket it names cannot be told.
            return finding._replace(verdict=Verdict.UNDETERMINED)
        return finding

    rule = ("server_side_encryption_configuration", 0, "rule", 0)
    path = (*rule, "apply_server_side_encryption_by_default", 0, "sse_algorithm")
    inside = Inside(path, lambda name: name in KMS)
    return by_setting(plan, buckets, kind, problem, expected, remedy, inside=inside)


def log_buckets_of_load_balancers(plan: Plan) -> tuple[frozenset[str], bool]:
    """Return the buckets that load balancers write their access logs to, and whether all are told."""
    path = ("access_logs", 0, "bucket")
    named = [
        graph(plan).targets(balancer, path, "aws_s3_bucket", Grade.SAME_KEY)
        for balancer in plan.remaining(*LOAD_BALANCERS)
    ]
    return frozenset(address for each in named for address in each or ()), None not in named


def by_setting(
    plan: Plan,
    buckets: Sequence[ResourceChange],
    kind: str,
    problem: Callable[[ResourceChange, ResourceChange], Finding | None],
    expected: str,
    remedy: str,
    *,
    inside: Inside | None = None,
    doubtful: bool = False,
) -> Judgement:
    """Judge each bucket by the resources of one kind that refer to it; none is a finding.

    What the bucket says inside itself counts as such a resource. `doubtful`: a bucket without any
    may be one of which nothing is asked.
    """
    joined = graph(plan).incoming(kind, ("bucket",), "aws_s3_bucket")
    findings: list[Finding | None] = []
    for bucket in buckets:
        settings = joined.to(bucket)
        if settings:
            findings += [
                each._replace(address=bucket.address, related=(one.address,))
                for one in settings
                if (each := problem(bucket, one))
            ]
        elif (said := _says_itself(plan, bucket, inside)) is not True:
            open_question = bool(joined.undecided) or said is None or doubtful
            verdict = Verdict.UNDETERMINED if open_question else Verdict.VIOLATED
            findings.append(
                found(
                    bucket,
                    bucket.after.get("bucket"),
                    verdict,
                    expected,
                    observed=f"no {kind} refers to it{joined.doubt}",
                    remedy=remedy,
                )
            )
    return judge((bucket.address for bucket in buckets), findings)


def _says_itself(plan: Plan, bucket: ResourceChange, inside: Inside | None) -> bool | None:
    """Whether the source writes the block into the bucket, and it is accepted; None if apply decides.

    What the provider computed of a bucket that exists may come from a setting that now goes.
    """
    if inside is None:
        return False
    written = graph(plan).has_block(bucket) and graph(plan).is_written(bucket, str(inside.path[0]))
    match bucket.after.get(*inside.path).reading:
        case Known(value, False):
            return (written or bucket.actions == {Action.CREATE}) and inside.accepts(value)
        case state if state is UNKNOWN or isinstance(state, Known):
            return None if written else False
        case _:
            return False


def demand_tls(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether a policy of each bucket denies requests without TLS to everyone.

    Source: Amazon S3 User Guide, "Security best practices", aws:SecureTransport.
    """

    def problem(bucket: ResourceChange, policy: ResourceChange) -> Finding | None:
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
        "aws_s3_bucket_policy",
        problem,
        TLS_ONLY,
        'add aws_s3_bucket_policy: deny "s3:*" to "*" where aws:SecureTransport is false',
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

    def problem(_: ResourceChange, lifecycle: ResourceChange) -> Finding | None:
        rules = lifecycle.after.get("rule").elements()
        states = [_ages(rule) for rule in rules]
        if True in states:
            return None
        verdict = Verdict.UNDETERMINED if None in states else Verdict.VIOLATED
        return found(
            lifecycle,
            lifecycle.after.get("rule"),
            verdict,
            expected,
            observed="no enabled lifecycle rule that expires or transitions objects could be found",
            remedy="add an expiration or a transition",
        )

    return by_setting(
        plan,
        buckets,
        "aws_s3_bucket_lifecycle_configuration",
        problem,
        expected,
        "add aws_s3_bucket_lifecycle_configuration with an expiration",
    )


def _ages(rule: Value) -> bool | None:
    status = rule.get("status").reading
    ageing = [
        rule.get(*path).is_set
        for path in (
            ("expiration", 0, "days"),
            ("expiration", 0, "date"),
            ("transition",),
        )
    ]
    if status is UNKNOWN:
        return None
    if status != Known("Enabled"):
        return False
    return True if True in ageing else (None if None in ageing else False)
