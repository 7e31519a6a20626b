"""Does a change give a role, or let a policy give, more rights than before?

The rights of a role are all its policies together, wherever they are written, so that a statement
which only moves to another policy gives nothing new.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.owners import Owners, existed
from planspec.judgements.policies import Statement, stated, statements
from planspec.judgements.rights import Right, more, right
from planspec.plan import Plan, ResourceChange
from planspec.reference import graph
from planspec.value import Known, Value

EXPECTED = "no more rights than before"
REMEDY = "leave the policy as it was, or let somebody take the decision by name with --override"
ROLE = "aws_iam_role"
POLICY = "aws_iam_policy"
# Policies that say who may use something: what names the thing, and its type.
RESOURCE_POLICIES: Final[Mapping[str, tuple[str, str]]] = {
    "aws_s3_bucket_policy": ("bucket", "aws_s3_bucket"),
    "aws_sqs_queue_policy": ("queue_url", "aws_sqs_queue"),
    "aws_sns_topic_policy": ("arn", "aws_sns_topic"),
    "aws_kms_key_policy": ("key_id", "aws_kms_key"),
    "aws_ecr_repository_policy": ("repository", "aws_ecr_repository"),
    "aws_secretsmanager_secret_policy": ("secret_arn", "aws_secretsmanager_secret"),
}
# The same, written in the thing itself.
OWN_POLICIES: Final = (
    (ROLE, "assume_role_policy"),
    ("aws_kms_key", "policy"),
    ("aws_sqs_queue", "policy"),
    ("aws_sns_topic", "policy"),
    ("aws_s3_bucket", "policy"),
    ("aws_vpc_endpoint", "policy"),
)
ATTACHMENTS: Final = (("aws_iam_role_policy_attachment", "role"), ("aws_iam_policy_attachment", "roles"))

Path = tuple[str | int, ...]
# What a policy says; None if it cannot be told. What all policies of one owner say, by resource.
Rights = Sequence[Right] | None
Said = list[tuple[ResourceChange, Rights]]
# The owner of rights (an address, a name from elsewhere, or UNTOLD), and the sort of policy.
Key = tuple[str, str]
UNTOLD: Final = ""
RIGHTS: Final = "rights"


def allow_no_more(plan: Plan) -> Judgement:
    """Judge whether no role and no policy of a resource allows more than before.

    What the plan makes is examined and has nothing before it, unless it belongs to something that
    exists. Source: AWS IAM User Guide, "Policy evaluation logic".
    """
    owners = plan.attached(Owners)
    kinds = (ROLE, POLICY, "aws_iam_role_policy", *(each for each, _ in ATTACHMENTS), *RESOURCE_POLICIES)
    examined = [each.address for each in plan.remaining(*kinds)]
    before, after = _collected(Before(plan)), _collected(After(plan))
    findings: list[Finding] = []
    for key in after.keys() | before.keys():
        owner, _ = key
        if owner == UNTOLD:
            findings += [_untold(change) for change, _ in after[key]]
        elif not owners.goes(owner):
            findings += _wider(after.get(key, []), before.get(key, []))
    present = set(examined)
    examined += [each.address for each in findings if each.address not in present]
    return judge(examined, sorted(findings))


class Before:
    """How things stand before the change: everything is known, and named by what it is called."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._owners = plan.attached(Owners)

    def changes(self, kind: str) -> Iterator[ResourceChange]:
        """Yield the objects of a type that are there."""
        return filter(existed, self._plan.resources(kind))

    def values(self, change: ResourceChange) -> Value:
        """Return the values of an object."""
        return change.before

    def is_stated(self, change: ResourceChange, attribute: str) -> bool:
        """Whether the attribute says something; before the change it always does."""
        return change.before.get(attribute).is_set is True

    def is_asked(self, owner: str) -> bool:
        """Whether the rights of this owner are compared: those of a new one are not."""
        return not self._owners.is_new(owner)

    def owners(self, change: ResourceChange, attribute: str, kind: str) -> tuple[str, ...]:
        """Return what the attribute names; "" stands for what cannot be told."""
        return self._owners.before(change, (attribute,), kind)

    def rights(self, change: ResourceChange, path: Path) -> Rights:
        """Return what the policy at the path says; None if that cannot be told."""
        return _texts(stated(change.before.get(*path)))

    def attached(self, change: ResourceChange, path: Path, arn: Value) -> Iterator[Rights]:
        """Yield the rights of the policy of this ARN: what it says, and its name."""
        reading = arn.peek()
        name = str(reading.value) if isinstance(reading, Known) else ""
        own = [each for each in self._owners.existing(name) if each.type == POLICY]
        yield from (self.rights(policy, ("policy",)) for policy in own)
        yield [_managed(name)]


class After(Before):
    """How things will stand: what apply decides is followed by reference."""

    def changes(self, kind: str) -> Iterator[ResourceChange]:
        """Yield the objects of a type that will exist."""
        return iter(self._plan.remaining(kind))

    def values(self, change: ResourceChange) -> Value:
        """Return the values of an object."""
        return change.after

    def is_stated(self, change: ResourceChange, attribute: str) -> bool:
        """Whether it says something: an attribute that nobody wrote is unknown too."""
        state = change.after.get(attribute).is_set
        return state is True or (state is None and graph(self._plan).is_written(change, attribute))

    def owners(self, change: ResourceChange, attribute: str, kind: str) -> tuple[str, ...]:
        """Return what the attribute will name; "" stands for what cannot be told."""
        return self._owners.after(change, (attribute,), kind) or (UNTOLD,)

    def rights(self, change: ResourceChange, path: Path) -> Rights:
        """Return what the policy at the path will say; None if that cannot be told."""
        return _texts(statements(self._plan, change, path))

    def attached(self, change: ResourceChange, path: Path, arn: Value) -> Iterator[Rights]:
        """Yield the rights of the policy that the ARN will name."""
        reading = arn.reading
        if isinstance(reading, Known):
            name = str(reading.value)
            own = [each.address for each in self._owners.existing(name) if each.type == POLICY]
        else:
            name, own = "", list(graph(self._plan).targets(change, path, POLICY) or ())
        policies = [each for each in map(self._plan.find, own) if each is not None]
        yield from (self.rights(policy, ("policy",)) for policy in policies)
        if not policies:
            yield [_managed(name)] if name else None


def _texts(told: Sequence[Statement] | None) -> Rights:
    return None if told is None else [right(each) for each in told]


def _managed(arn: str) -> Right:
    """The rights of a policy that is not read: all that is known is its name."""
    return Right(False, (arn,), ("",), ("",), (), frozenset())


def _collected(side: Before) -> dict[Key, Said]:
    """What all policies say, by the owner of the rights and the sort of policy."""
    found: dict[Key, Said] = {}
    for owner, sort, change, rights in (*_of_things(side), *_of_roles(side)):
        found.setdefault((owner, sort), []).append((change, rights))
    return found


def _of_things(side: Before) -> Iterator[tuple[str, str, ResourceChange, Rights]]:
    """Policies that say who may use something."""
    for kind, attribute in OWN_POLICIES:
        for change in side.changes(kind):
            if side.is_asked(change.address) and side.is_stated(change, attribute):
                yield change.address, attribute, change, side.rights(change, (attribute,))
    for kind, (named, owned) in RESOURCE_POLICIES.items():
        for change in side.changes(kind):
            for owner in filter(side.is_asked, side.owners(change, named, owned)):
                yield owner, "policy", change, side.rights(change, ("policy",))


def _of_roles(side: Before) -> Iterator[tuple[str, str, ResourceChange, Rights]]:
    """Policies that say what a role may do: in it, beside it, or attached to it."""
    for role in side.changes(ROLE):
        if not side.is_asked(role.address):
            continue
        yield from ((role.address, RIGHTS, role, rights) for rights in _in_role(side, role))
    for change in side.changes("aws_iam_role_policy"):
        for owner in filter(side.is_asked, side.owners(change, "role", ROLE)):
            yield owner, RIGHTS, change, side.rights(change, ("policy",))
    for kind, named in ATTACHMENTS:
        for change in side.changes(kind):
            arn = side.values(change).get("policy_arn")
            for owner in filter(side.is_asked, side.owners(change, named, ROLE)):
                attached = side.attached(change, ("policy_arn",), arn)
                yield from ((owner, RIGHTS, change, rights) for rights in attached)
    for change in side.changes(POLICY):
        if side.is_asked(change.address):
            yield change.address, RIGHTS, change, side.rights(change, ("policy",))


def _in_role(side: Before, role: ResourceChange) -> Iterator[Rights]:
    values = side.values(role)
    if side.is_stated(role, "inline_policy"):
        for position, _ in enumerate(values.get("inline_policy").elements()):
            yield side.rights(role, ("inline_policy", position, "policy"))
    if side.is_stated(role, "managed_policy_arns"):
        for arn in values.get("managed_policy_arns").elements():
            yield from side.attached(role, ("managed_policy_arns",), arn)


def _wider(after: Said, before: Said) -> Iterator[Finding]:
    had = [each for _, rights in before for each in rights or ()]
    allowed = [each for each in had if not each.denies]
    for change, rights in after:
        if rights is None:
            yield _untold(change)
    now = [(change, each) for change, rights in after for each in rights or ()]
    blamed: set[str] = set()
    for change, each in now:
        answer, what = more([each], allowed) if not each.denies else (False, "")
        if answer is not False and change.address not in blamed:
            blamed.add(change.address)
            yield _found(change, what, sure=answer is True)
    if any(rights is None for _, rights in after):
        return
    answer, what = more([each for _, each in now if each.denies], [each for each in had if each.denies])
    if answer is not False:
        change = (after or before)[0][0]
        yield _found(change, what, sure=answer is True)


def _found(change: ResourceChange, what: str, *, sure: bool) -> Finding:
    return Finding(
        change.address,
        Verdict.VIOLATED if sure else Verdict.UNDETERMINED,
        f"{what}, which nothing did before" if what.startswith("allows") else what,
        EXPECTED,
        remedy=REMEDY,
    )


def _untold(change: ResourceChange) -> Finding:
    observed = "what it will allow, or to whom, is decided at apply"
    return Finding(change.address, Verdict.UNDETERMINED, observed, EXPECTED, remedy=REMEDY)
