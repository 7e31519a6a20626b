"""What may roles, users and groups do, by all policies that they have together?

A policy stands in a role, beside its owner, or is attached to it; a user has the rights of its groups.
Source: AWS IAM User Guide, "Managed policies and inline policies", "IAM user groups".
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from planspec.aws import existed
from planspec.finding import Finding, Verdict
from planspec.judgements.change.iam_rights import Right, covered, more
from planspec.judgements.change.sides import POLICY, UNTOLD, After, Before, Rights, Said, managed
from planspec.plan import Known, Plan, ResourceChange, Value

EXPECTED_LIMIT: Final = "the same permissions boundary, or a narrower one"


class Holder(NamedTuple):
    """A type that has rights, and what gives it policies: the type, what names the holder, the ARNs."""

    kind: str
    beside: tuple[str, str]
    attachments: tuple[tuple[str, str, str], ...]


HOLDERS: Final = (
    Holder(
        "aws_iam_role",
        ("aws_iam_role_policy", "role"),
        (
            ("aws_iam_role_policy_attachment", "role", "policy_arn"),
            ("aws_iam_policy_attachment", "roles", "policy_arn"),
            ("aws_iam_role_policy_attachments_exclusive", "role_name", "policy_arns"),
        ),
    ),
    Holder(
        "aws_iam_user",
        ("aws_iam_user_policy", "user"),
        (
            ("aws_iam_user_policy_attachment", "user", "policy_arn"),
            ("aws_iam_policy_attachment", "users", "policy_arn"),
            ("aws_iam_user_policy_attachments_exclusive", "user_name", "policy_arns"),
        ),
    ),
    Holder(
        "aws_iam_group",
        ("aws_iam_group_policy", "group"),
        (
            ("aws_iam_group_policy_attachment", "group", "policy_arn"),
            ("aws_iam_policy_attachment", "groups", "policy_arn"),
            ("aws_iam_group_policy_attachments_exclusive", "group_name", "policy_arns"),
        ),
    ),
)
# Who belongs to a group: the type, what names the users, and what names the groups.
MEMBERSHIPS: Final = (
    ("aws_iam_group_membership", "users", "group"),
    ("aws_iam_user_group_membership", "user", "groups"),
)
LIMITED: Final = ("aws_iam_role", "aws_iam_user")
KINDS: Final = tuple(
    dict.fromkeys(
        (
            *("aws_iam_role", POLICY),
            *(
                kind
                for each in HOLDERS
                for kind in (each.beside[0], *(one for one, _, _ in each.attachments))
            ),
            *(kind for kind, _, _ in MEMBERSHIPS),
            *(each.kind for each in HOLDERS),
        )
    )
)
Held = Iterator[tuple[str, ResourceChange, Rights]]


def held(side: Before) -> Held:
    """Yield what each policy lets its owner do: the owner, the resource that says it, the rights."""
    for holder in HOLDERS:
        yield from _of_holder(side, holder)
    yield from _of_members(side)
    for change in side.changes(POLICY):
        if side.is_asked(change.address):
            yield change.address, change, side.rights(change, ("policy",))


def _of_holder(side: Before, holder: Holder) -> Held:
    for change in side.changes(holder.kind):
        if side.is_asked(change.address):
            yield from ((change.address, change, rights) for rights in _inside(side, change))
    kind, named = holder.beside
    for change in side.changes(kind):
        for owner in filter(side.is_asked, side.owners(change, (named,), holder.kind)):
            yield owner, change, side.rights(change, ("policy",))
    for kind, named, arns in holder.attachments:
        for change in side.changes(kind):
            for owner in filter(side.is_asked, side.owners(change, (named,), holder.kind)):
                for arn in side.values(change).get(arns).elements():
                    attached = side.attached(change, (arns,), arn)
                    yield from ((owner, change, rights) for rights in attached)


def _inside(side: Before, change: ResourceChange) -> Iterator[Rights]:
    """The policies that stand in a role; a user or a group has no such attributes."""
    values = side.values(change)
    if side.is_stated(change, ("inline_policy",)):
        for position, _ in enumerate(values.get("inline_policy").elements()):
            yield side.rights(change, ("inline_policy", position, "policy"))
    if side.is_stated(change, ("managed_policy_arns",)):
        for arn in values.get("managed_policy_arns").elements():
            yield from side.attached(change, ("managed_policy_arns",), arn)


def _of_members(side: Before) -> Held:
    for kind, users, groups in MEMBERSHIPS:
        for change in side.changes(kind):
            named = side.owners(change, (groups,), "aws_iam_group")
            for owner in filter(side.is_asked, side.owners(change, (users,), "aws_iam_user")):
                for group in named:
                    told = [managed(f"what the group {group} may do")]
                    yield owner, change, None if group == UNTOLD else told


def unlimited(plan: Plan, after: dict[str, Said]) -> Iterator[Finding]:
    """Yield a finding for each role and user whose permissions boundary goes or lets more through.

    `after` is what each owner will be allowed to do. A boundary counts where something of that is
    beyond the old one. Source: AWS IAM User Guide, "Permissions boundaries for IAM entities".
    """
    for change in plan.remaining(*LIMITED):
        was = change.before.get("permissions_boundary")
        becomes = change.after.get("permissions_boundary")
        if not existed(change) or was.is_set is not True or was.peek() == becomes.peek():
            continue
        before = _limit(Before(plan), change, was)
        answer = _lets_more(before, _limit(After(plan), change, becomes), after.get(change.address, []))
        if answer is False:
            continue
        what = "goes" if becomes.is_set is False else f"becomes {becomes.shown}"
        untold = "" if answer else ", and what that changes is not in the plan"
        yield Finding(
            change.address,
            Verdict.VIOLATED if answer else Verdict.UNDETERMINED,
            f"its permissions boundary {was.shown} {what}{untold}",
            EXPECTED_LIMIT,
            "permissions_boundary",
        )


def _limit(side: Before, change: ResourceChange, arn: Value) -> Rights:
    """What a boundary lets through; everything where there is none, None where its text is not here."""
    if arn.is_set is False:
        return [Right(False, ("*",), ("*",), ("",), (), frozenset())]
    told = list(side.attached(change, ("permissions_boundary",), arn))
    reading = arn.peek()
    unread = managed(str(reading.value)) if isinstance(reading, Known) else None
    texts = [each for each in told if each is None or unread not in each]
    if not texts or None in texts:
        return None
    return [one for each in texts for one in each or ()]


def _lets_more(before: Rights, after: Rights, held: Said) -> bool | None:
    if before is None or after is None:
        return None
    answer, _ = more(after, before)
    given = [rights for _, rights in held]
    if answer is not False and None not in given and not any(each.denies for each in before):
        allowed = [one for rights in given for one in rights or () if not one.denies]
        if allowed and all(covered(one, before) for one in allowed):
            return False
    return answer
