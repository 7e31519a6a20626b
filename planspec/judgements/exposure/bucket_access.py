"""Can a bucket be made public, and do its ACLs grant public access?

Policies of buckets are asked in `durability.bucket_settings`, with all that is beside them.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from planspec.finding import Finding, Judgement, Verdict, judge, together
from planspec.judgements.generic.bucket_shapes import Setting, Shape, by_setting, where_set
from planspec.judgements.generic.expect import found, hold
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

BLOCKS: Final = (
    "block_public_acls",
    "block_public_policy",
    "ignore_public_acls",
    "restrict_public_buckets",
)
ACCESS_BLOCK: Final = Shape("aws_s3_bucket_public_access_block")
OF_THE_ACCOUNT: Final = "aws_s3_account_public_access_block"
# What a list grants stays in AWS when its resource goes.
ACCESS_LIST: Final = Shape("aws_s3_bucket_acl", "acl", resets=False)
GRANTS: Final = Shape("aws_s3_bucket_acl", "grant", resets=False)
_PUBLIC: Final = frozenset({"public-read", "public-read-write", "authenticated-read"})
_GROUPS: Final = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")
_NOBODY: Final = "no grant to everyone, nor to every AWS account"


def are_private(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether all four public access blocks are on for every bucket, or for its account.

    Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage": of bucket and
    account the more restrictive setting counts. "Differences for directory buckets": always on.
    """
    expected = "all four public access blocks are on"
    remedy = "add aws_s3_bucket_public_access_block with its four arguments true"
    accounts = plan.remaining(OF_THE_ACCOUNT)

    def problem(bucket: ResourceChange, setting: Setting) -> Finding | None:
        places = [setting.resource.after.get(name) for name in BLOCKS]
        problems = [
            hold(setting.resource, place, lambda on: on is True, expected, remedy=remedy)
            for name, place in zip(BLOCKS, places, strict=True)
            if _in_account(plan, bucket, accounts, name) is not True
        ]
        finding = next((each for each in problems if each), None)
        doubtful = any(_in_account(plan, bucket, accounts, name) is None for name in BLOCKS)
        return finding._replace(verdict=Verdict.UNDETERMINED) if finding and doubtful else finding

    def judged(bucket: ResourceChange) -> Judgement:
        answers = {_in_account(plan, bucket, accounts, name) for name in BLOCKS}
        if answers == {True}:
            return Judgement((bucket.address,))
        doubtful = False not in answers
        return by_setting(
            *(plan, [bucket], ACCESS_BLOCK, problem, expected, remedy),
            doubtful=doubtful,
            always_of_directories=True,
        )

    return together(map(judged, buckets))


def _in_account(
    plan: Plan, bucket: ResourceChange, accounts: Sequence[ResourceChange], name: str
) -> bool | None:
    """Whether a setting is on for the account of a bucket; None if it may be.

    Another provider may be another account, and so may an account that is named.
    """
    answers: list[bool | None] = [False]
    own = graph(plan).provider_of(bucket)
    for each in accounts:
        state = each.after.get(name).reading
        same = own is not None and graph(plan).provider_of(each) == own
        named = graph(plan).is_written(each, "account_id")
        sure = same and not named and state == Known(True)
        answers.append(True if sure else None if state in (Known(True), UNKNOWN) else False)
    return True if True in answers else None if None in answers else False


def admit_nobody_by_lists(plan: Plan, buckets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether the ACL of no bucket grants public access.

    Source: Amazon S3 User Guide, "Access control list (ACL) overview", canned ACLs
    """

    def problem(_: ResourceChange, setting: Setting) -> Finding | None:
        findings = list(_grants(plan, setting))
        surely = (each for each in findings if each.verdict is Verdict.VIOLATED)
        return next(surely, findings[0] if findings else None)

    parts = [where_set(plan, buckets, shape, problem) for shape in (ACCESS_LIST, GRANTS)]
    every = [finding for each in parts for finding in each.findings]
    return judge((each.address for each in buckets), dict.fromkeys(every))


def _grants(plan: Plan, setting: Setting) -> Iterator[Finding]:
    """What a list, by its name or by its grants, gives to everybody."""
    own, inside = ("access_control_policy", 0, "grant"), ("grant",)
    place = setting.get(own, inside)
    written = graph(plan).is_written(setting.resource, str(place.steps[0]))
    # The provider computes the grants of a list that has a name.
    grants = place.elements() if written or place.peek() is not UNKNOWN else ()
    uris = [each.get("uri") if setting.inside else each.get("grantee", 0, "uri") for each in grants]
    canned = setting.get(("acl",), ("acl",))
    named = canned.peek() is not UNKNOWN or graph(plan).is_written(setting.resource, "acl")
    asked = [(canned, _is_canned(canned) if named else False), *((one, _is_group(one)) for one in uris)]
    for one, opened in asked:
        if opened is not False:
            verdict = Verdict.VIOLATED if opened else Verdict.UNDETERMINED
            yield found(setting.resource, one, verdict, _NOBODY, remedy="take the ACL away")


def _is_canned(place: Value) -> bool | None:
    state = place.reading
    return None if state is UNKNOWN else isinstance(state, Known) and state.value in _PUBLIC


def _is_group(place: Value) -> bool | None:
    state = place.reading
    if state is UNKNOWN:
        return None
    return isinstance(state, Known) and str(state.value).endswith(_GROUPS)
