"""Does each load balancer log its requests, into a bucket that takes them?

Source: Elastic Load Balancing User Guides, "Access logs for your Application Load Balancer" and "Access
logs for your Network Load Balancer", policy and encryption of the bucket.
"""

import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import Final

from planspec.aws import GATEWAY, NETWORK, Statement, kind_of, statements
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.encryption.buckets import KMS
from planspec.judgements.generic.expect import found, hold
from planspec.plan import Action, Known, Plan, ResourceChange, Value
from planspec.references import Grade, graph

BUCKET: Final = "aws_s3_bucket"
ENCRYPTION: Final = "aws_s3_bucket_server_side_encryption_configuration"
FOR_NETWORK: Final = frozenset({"delivery.logs.amazonaws.com"})
FOR_APPLICATION: Final = frozenset(
    {"logdelivery.elasticloadbalancing.amazonaws.com", "logdelivery.elb.amazonaws.com"}
)
# The accounts of Elastic Load Balancing, one for each of the older regions.
ACCOUNTS: Final = frozenset(
    {"127311923021", "033677994240", "027434742980", "797873946194", "098369216593", "754344448648"}
    | {"589379963580", "718504428378", "383597477331", "600734575887", "114774131450", "783225319266"}
    | {"582318560864", "985666609251", "054676820928", "156460612806", "652711504416", "635631232127"}
    | {"009996457667", "897822967062", "076674570225", "507241528517", "048591011584", "190560391635"}
    | {"638102146993", "037604701340"}
)
_ACCOUNT: Final = re.compile(r"(?<!\d)\d{12}(?!\d)")
EXPECTED: Final = "access_logs enabled"


def balancers_log_requests(plan: Plan, balancers: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each load balancer has access logging enabled, into a bucket that takes the logs.

    A bucket that is not in this plan is taken to be right. Gateway Load Balancers have no such logs.
    Source: Elastic Load Balancing API, load balancer attributes, access_logs.s3.enabled: off by default.
    """
    asked = [each for each in balancers if kind_of(each) != GATEWAY]
    return judge((each.address for each in asked), (_unlogged(plan, each) for each in asked))


def _unlogged(plan: Plan, balancer: ResourceChange) -> Finding | None:
    block = balancer.after.get("access_logs", 0)
    finding = hold(
        balancer,
        block.get("enabled"),
        lambda value: value is True,
        EXPECTED,
        remedy="add access_logs { bucket = ..., enabled = true }",
    )
    if finding is not None:
        return finding
    path = ("access_logs", 0, "bucket")
    followed = graph(plan).targets(balancer, path, BUCKET, Grade.SAME_KEY)
    named = followed or ()
    bucket = plan.find(named[0]) if len(named) == 1 else None
    answer, why = _is_gone(plan, balancer) if bucket is None else _takes(plan, balancer, bucket)
    if answer is True and bucket is None and (followed is None or named) and plan.remaining(BUCKET):
        answer, why = None, "which bucket of the plan it is, if any, is known after apply"
    if answer is True:
        return None
    return found(
        balancer,
        block.get("bucket"),
        Verdict.UNDETERMINED if answer is None else Verdict.VIOLATED,
        "a bucket that takes the logs",
        observed=why,
        remedy="let the log delivery of Elastic Load Balancing write to the bucket, in its policy",
        related=named,
    )


def _is_gone(plan: Plan, balancer: ResourceChange) -> tuple[bool, str]:
    """Whether the bucket may be there: it is named, and this plan does not delete it."""
    name = balancer.after.get("access_logs", 0, "bucket")
    if name.is_set is False:
        return False, "access_logs names no bucket"
    gone = [each for each in plan.resources(BUCKET) if not each.will_exist]
    told = name.peek()
    deleted = isinstance(told, Known) and any(each.before.get("bucket").peek() == told for each in gone)
    return not deleted, "the plan deletes the bucket of access_logs"


def _takes(plan: Plan, balancer: ResourceChange, bucket: ResourceChange) -> tuple[bool | None, str]:
    """Whether a bucket of the plan takes the logs of a load balancer, and why not."""
    kind = kind_of(balancer)
    settings = graph(plan).incoming(ENCRYPTION, ("bucket",), BUCKET).to(bucket)
    path = ("rule", 0, "apply_server_side_encryption_by_default", 0, "sse_algorithm")
    algorithms = [each.after.get(*path).peek() for each in settings]
    if kind not in (NETWORK, None) and any(
        isinstance(each, Known) and each.value in KMS for each in algorithms
    ):
        return False, f"{bucket.address} is encrypted with a KMS key; only SSE-S3 takes these logs"
    joined = graph(plan).incoming("aws_s3_bucket_policy", ("bucket",), BUCKET)
    holder = next(iter(joined.to(bucket)), bucket)
    if holder is bucket and not joined.undecided and _has_no_policy(plan, bucket):
        return False, f"{bucket.address} has no policy that lets the load balancer write to it"
    stated = statements(plan, holder, ("policy",))
    if stated is None or (holder is bucket and joined.undecided):
        return None, f"the policy of {bucket.address} is known after apply"
    answers = [_lets(each, balancer, bucket) for each in stated if each.allows]
    answer = True if True in answers else None if None in answers else False
    how = "cannot be shown to let" if answer is None else "does not let"
    return answer, f"the policy of {bucket.address} {how} the load balancer write to it"


def _has_no_policy(plan: Plan, bucket: ResourceChange) -> bool:
    """Whether the bucket surely has no policy: none is read of it, or it is new and none is written."""
    place = bucket.after.get("policy")
    if place.is_set is not None:
        return place.is_set is False
    return bucket.actions == {Action.CREATE} and not graph(plan).is_written(bucket, "policy")


def _lets(statement: Statement, balancer: ResourceChange, bucket: ResourceChange) -> bool | None:
    """Whether a statement lets the load balancer write its logs."""
    if statement.not_actions or statement.not_principals or statement.not_resources:
        return None
    there = statement.if_there
    answers = [
        _some(there.principals, lambda name: _delivers(name, kind_of(balancer))),
        _some(there.actions, lambda pattern: fnmatchcase("s3:putobject", pattern.lower())),
        _is_where(there, balancer, bucket),
    ]
    if False in answers:
        return False
    return None if None in answers or statement.place.perhaps or statement.may_deny else True


def _some(places: Sequence[Value], accepts: Callable[[str], bool | None]) -> bool | None:
    readings = [each.peek() for each in places]
    answers = [accepts(str(each.value)) if isinstance(each, Known) else None for each in readings]
    return True if True in answers else None if None in answers else False


def _delivers(name: str, kind: str | None) -> bool | None:
    """Whether this principal writes the logs; None for an account of which that is not known."""
    services = {NETWORK: FOR_NETWORK, None: FOR_NETWORK | FOR_APPLICATION}.get(kind, FOR_APPLICATION)
    if name == "*" or name in services:
        return True
    account = _ACCOUNT.search(name)
    if kind == NETWORK or account is None:
        return False
    return True if account.group() in ACCOUNTS else None


def _is_where(statement: Statement, balancer: ResourceChange, bucket: ResourceChange) -> bool | None:
    """Whether the statement is about the place in the bucket where the logs are written."""
    name, prefix = bucket.after.get("bucket").peek(), balancer.after.get("access_logs", 0, "prefix")
    if bucket.address in statement.refers:
        return True
    if not isinstance(name, Known) or prefix.is_set is None:
        return True if any(each.peek() == Known("*") for each in statement.resources) else None
    told = prefix.peek()
    folder = f"{told.value}/" if isinstance(told, Known) and told.value else ""
    written = f"{name.value}/{folder}AWSLogs/*/elasticloadbalancing/log.gz"

    def covers(pattern: str) -> bool:
        return fnmatchcase(written, _ACCOUNT.sub("*", pattern.rpartition(":::")[2] or pattern))

    return _some(statement.resources, covers)
