"""Where is a setting of a bucket set, and does it stay there?

Since version 4 of the AWS provider a setting is a resource of its own; before, it was a block inside the
bucket. The provider still takes such blocks, and reads into them what a bucket has now, whoever set it.
A setting that the plan deletes takes what it set with it. Sources: AWS provider, "Version 4 Upgrade
Guide" and `aws_s3_bucket`; `aws_s3_bucket_versioning`, which suspends versions when it is deleted.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from typing import Final, NamedTuple

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

GENERAL: Final = "aws_s3_bucket"
DIRECTORY: Final = "aws_s3_directory_bucket"
# Stands for every bucket that no reference names.
ANY: Final = ""


class Shape(NamedTuple):
    """The two shapes of a setting: a type of its own, and a block inside the bucket if there is one.

    `resets`: what the type of its own set goes when it is deleted.
    """

    kind: str
    block: str = ""
    resets: bool = True


class Setting(NamedTuple):
    """One place that sets it: a resource of its own, or the bucket itself."""

    resource: ResourceChange
    inside: bool = False

    def get(self, own: Sequence[str | int], inside: Sequence[str | int]) -> Value:
        """The value at the first path in a resource of its own, at the second one in the bucket."""
        return self.resource.after.get(*(inside if self.inside else own))


class Settings(NamedTuple):
    """All places that set one thing of a bucket; `perhaps` are those that may, and why says of what."""

    surely: tuple[Setting, ...]
    perhaps: tuple[Setting, ...] = ()
    # Why it is not told, where it is not: one may belong to it, or goes while another comes.
    doubt: str = ""
    # A setting that the plan takes away, so that what was set before is unset at some moment.
    going: str = ""


Problem = Callable[[ResourceChange, Setting], Finding | None]


def settings(plan: Plan, bucket: ResourceChange, shape: Shape) -> Settings:
    """Return the places that will set this of a bucket."""
    joined = graph(plan).incoming(shape.kind, ("bucket",), bucket.type)
    own = tuple(Setting(each) for each in joined.to(bucket))
    open_ones = _undecided(plan, bucket, shape.kind) + _by_a_name(plan, bucket, shape.kind)
    kept = {each.resource.address for each in own}
    gone = _going(plan, bucket, shape.kind, kept) if shape.resets else ()
    going = next((each.address for each in gone), "")
    inside, unsure = _inside(plan, bucket, shape, beside=bool(own or open_ones or going))
    perhaps = open_ones + ((Setting(bucket, inside=True),) if unsure else ())
    surely = (*own, *([Setting(bucket, inside=True)] if inside else []))
    return Settings(surely, perhaps, joined.doubt if open_ones else "", going)


def by_setting(
    plan: Plan,
    buckets: Sequence[ResourceChange],
    shape: Shape,
    problem: Problem,
    expected: str,
    remedy: str,
    *,
    doubtful: bool = False,
    always_of_directories: bool = False,
) -> Judgement:
    """Judge each bucket by the places that set it; none is a finding.

    Where several do, the one that is applied last counts, which no plan tells. `doubtful`: a bucket
    without any may be one of which nothing is asked. `always_of_directories`: every directory bucket
    has it, and nobody can set it.
    """

    def judged(bucket: ResourceChange) -> Iterator[Finding | None]:
        if bucket.type == DIRECTORY and always_of_directories:
            return
        told = settings(plan, bucket, shape)
        if told.surely:
            yield from _of_those(bucket, told, problem, expected)
            return
        open_question = bool(told.perhaps) or doubtful
        verdict = Verdict.UNDETERMINED if open_question else Verdict.VIOLATED
        name = bucket.after.get("bucket")
        goes = f": {told.going} is deleted, and what it set with it" if told.going else ""
        observed = f"no {shape.kind} refers to it{told.doubt}{goes}"
        yield found(bucket, name, verdict, expected, observed=observed, remedy=remedy)

    return judge((each.address for each in buckets), (one for each in buckets for one in judged(each)))


def without_directories(
    buckets: Sequence[ResourceChange], what: str, judged: Callable[[Sequence[ResourceChange]], Judgement]
) -> Judgement:
    """Judge the buckets that can have a setting; AWS does not offer it for directory buckets.

    Source: Amazon S3 User Guide, "Differences for directory buckets".
    """
    general = [each for each in buckets if each.type != DIRECTORY]
    if buckets and not general:
        return Judgement((), reason=f"AWS does not offer {what} for directory buckets")
    return judged(general)


def where_set(
    plan: Plan, buckets: Sequence[ResourceChange], shape: Shape, problem: Problem
) -> Judgement:
    """Judge each bucket by the places that set it, where nothing is wrong with none."""

    def judged(bucket: ResourceChange) -> Iterator[Finding]:
        told = settings(plan, bucket, shape)
        wrong = list(_wrong(bucket, told, problem))
        maybe = (problem(bucket, each) for each in told.perhaps if not wrong)
        yield from wrong
        yield from (_open(bucket, each) for each in maybe if each)

    return judge((each.address for each in buckets), (one for each in buckets for one in judged(each)))


def _of_those(
    bucket: ResourceChange, told: Settings, problem: Problem, expected: str
) -> Iterator[Finding]:
    """The findings about a bucket that is surely set somewhere."""
    wrong = list(_wrong(bucket, told, problem))
    yield from wrong
    also = next((each for each in told.perhaps if problem(bucket, each)), None)
    why = f"{also.resource.address} may set it too, and otherwise" if also else ""
    if told.going:
        why = f"{told.going} is deleted in the same plan: the order of the two is unknown"
    if why and not wrong:
        yield found(
            *(bucket, bucket.after.get("bucket"), Verdict.UNDETERMINED, expected),
            observed=why,
            remedy="keep one setting for each bucket; say with a moved block that it has another name",
            related=(each.resource.address for each in told.surely if not each.inside),
        )


def _wrong(bucket: ResourceChange, told: Settings, problem: Problem) -> Iterator[Finding]:
    """What is wrong with the places that set it; open where they do not agree."""
    pairs = [(each, problem(bucket, each)) for each in told.surely]
    other = next((each.resource.address for each, finding in pairs if finding is None), "")
    for setting, finding in pairs:
        if finding:
            related = () if setting.inside else (setting.resource.address,)
            named = finding._replace(address=bucket.address, related=related)
            told_twice = f"{finding.observed}, and {other} says otherwise"
            yield _open(bucket, named._replace(observed=told_twice)) if other else named


def _open(bucket: ResourceChange, finding: Finding) -> Finding:
    return finding._replace(address=bucket.address, verdict=Verdict.UNDETERMINED)


def _undecided(plan: Plan, bucket: ResourceChange, kind: str) -> tuple[Setting, ...]:
    """The settings of which it is not told to what they belong, and that may belong to this bucket."""
    told = plan.attached(_told_of_undecided, kind, bucket.type)
    return told.get(bucket.address, told[ANY])


def _told_of_undecided(plan: Plan, kind: str, bucket_type: str) -> dict[str, tuple[Setting, ...]]:
    """Those settings by each bucket that one of them names, and under ANY those of every other one."""
    undecided = graph(plan).incoming(kind, ("bucket",), bucket_type).undecided
    named = [(Setting(each), graph(plan).named(each, ("bucket",), bucket_type)) for each in undecided]
    addresses = [(each, frozenset(it.addresses if it else ())) for each, it in named]
    return {
        bucket: tuple(each for each, others in addresses if not others or bucket in others)
        for bucket in {ANY, *(name for _, names in addresses for name in names)}
    }


def has_open_name(plan: Plan, bucket: ResourceChange) -> bool:
    """Whether apply decides a name that somebody writes; nobody can know one that AWS makes up."""
    name = bucket.after.get("bucket").peek()
    return name is UNKNOWN and graph(plan).is_written(bucket, "bucket")


def _by_a_name(plan: Plan, bucket: ResourceChange, kind: str) -> tuple[Setting, ...]:
    """The settings of a bucket that no block makes, where apply decides how this one is called."""
    return plan.attached(_of_no_block, kind, bucket.type) if has_open_name(plan, bucket) else ()


def _of_no_block(plan: Plan, kind: str, bucket_type: str) -> tuple[Setting, ...]:
    named = ((each, graph(plan).named(each, ("bucket",), bucket_type)) for each in plan.remaining(kind))
    return tuple(Setting(each) for each, to in named if to is not None and not to.addresses)


def _going(plan: Plan, bucket: ResourceChange, kind: str, kept: Set[str]) -> Iterator[ResourceChange]:
    """The settings that are destroyed while the bucket stays; one that is forgotten stays in AWS.

    A replacement that destroys first, and is `kept` for this bucket, sets it again afterwards.
    """
    if not _stays(bucket):
        return
    names = [bucket.before.get(each).peek() for each in ("id", "bucket")]
    for change in plan.resources(kind):
        again = change.address in kept and not (change.creates_first or change.deposed)
        if change.destroyed and not again and change.before.get("bucket").peek() in names:
            yield change


def _inside(plan: Plan, bucket: ResourceChange, shape: Shape, *, beside: bool) -> tuple[bool, bool]:
    """Whether the bucket itself sets it, surely, and whether it may.

    What was read back of a setting beside it is a copy of that one; what nobody writes, and no setting
    of this plan makes, stays as it is.
    """
    if not shape.block or bucket.type != GENERAL:
        return False, False
    place = bucket.after.get(shape.block)
    if place.is_set is False:
        return False, False
    written = graph(plan).is_written(bucket, shape.block)
    has_block = graph(plan).has_block(bucket)
    copy = beside and _stays(bucket) and not (written and has_block)
    if copy or (place.peek() is UNKNOWN and not written):
        return False, False
    surely = isinstance(place.peek(), Known) or has_block
    return surely, not surely


def _stays(bucket: ResourceChange) -> bool:
    """Whether it is the bucket that is there now, and no new one."""
    return isinstance(bucket.before.peek(), Known) and not bucket.destroyed
