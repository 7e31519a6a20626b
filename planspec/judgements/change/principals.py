"""What may roles, users and groups do, by all policies that they have together, and what limits them?

A policy stands in a role, beside its owner, or is attached to it; a user has the permissions of its
groups. Source: AWS IAM User Guide, "Managed policies and inline policies", "IAM user groups",
"Permissions boundaries for IAM entities".
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from planspec.judgements.change.policy_texts import Path, Written, by_name, named_policy
from planspec.judgements.change.sides import POLICY, UNTOLD, After, Before
from planspec.plan import Known, Plan, ResourceChange
from planspec.schema import Identity, access_types

_ROLE: Final = "aws_iam_role"
BOUNDARY: Final = "permissions_boundary"
Held = dict[str, list[Written]]


class Boundary(NamedTuple):
    """What limits an identity: its name, and what it lets through, if that is in the plan.

    Without a boundary there is no name, and nothing is limited.
    """

    name: str = ""
    policies: tuple[Written, ...] = ()

    @property
    def is_unread(self) -> bool:
        """Whether there is a boundary whose text is not in the plan."""
        return bool(self.name) and not self.policies


def held(side: Before, *, every: bool = False) -> Held:
    """Return what lets each identity, and each customer-managed policy, do something.

    Those that the plan makes are left out, unless `every` one is asked for.
    """
    found: Held = {}
    for identity in access_types().identity:
        for owner, written in _of_identity(side, identity):
            found.setdefault(owner, []).append(written)
    for user, written in [*_of_members(side, found)]:
        found.setdefault(user, []).append(written)
    for change in side.changes(POLICY):
        found[change.address] = [side.written(change, ("policy",))]
    if every:
        return found
    return {owner: each for owner, each in found.items() if owner == UNTOLD or side.is_asked(owner)}


def roles_of_code(
    plan: Plan, change: ResourceChange, path: Path
) -> tuple[ResourceChange, ResourceChange] | None:
    """Return the role that code ran with and the one that it will; None if the plan lacks either."""
    named = [each.owners(change, path, _ROLE) for each in (Before(plan), After(plan))]
    if [len(each) for each in named] != [1, 1]:
        return None
    roles = {each.address: each for each in plan.resources(_ROLE) if not each.deposed}
    was, becomes = (roles.get(address) for (address,) in named)
    return (was, becomes) if was and becomes else None


def boundary(side: Before, change: ResourceChange) -> Boundary:
    """Return what limits an identity."""
    arn = side.values(change).get(BOUNDARY)
    if arn.is_set is False:
        return Boundary()
    policies = [each for each in side.attached(change, (BOUNDARY,), arn) if _is_read(each)]
    reading = arn.peek()
    name = str(reading.value) if isinstance(reading, Known) else ""
    return Boundary(
        name or " ".join(each.origin.address for each in policies) or arn.shown, (*policies,)
    )


def _is_read(written: Written) -> bool:
    return isinstance(written.document, dict) and not written.means


def _of_identity(side: Before, identity: Identity) -> Iterator[tuple[str, Written]]:
    for change in side.changes(identity.type):
        yield from ((change.address, written) for written in _inside(side, change))
    for change in side.changes(identity.beside.kind):
        for owner in side.owners(change, (identity.beside.named,), identity.type):
            yield owner, side.written(change, identity.beside.path)
    for attached in identity.attached:
        for change in side.changes(attached.kind):
            policies = [
                written
                for arn in side.values(change).get(*attached.path).elements()
                for written in side.attached(change, attached.path, arn)
            ]
            for owner in side.owners(change, (attached.named,), identity.type):
                yield from ((owner, written) for written in policies)


def _inside(side: Before, change: ResourceChange) -> Iterator[Written]:
    """The policies that stand in a role; a user or a group has no such attributes."""
    values = side.values(change)
    if side.is_stated(change, ("inline_policy",)):
        for position, _ in enumerate(values.get("inline_policy").elements()):
            yield side.written(change, ("inline_policy", position, "policy"))
    if side.is_stated(change, ("managed_policy_arns",)):
        for arn in values.get("managed_policy_arns").elements():
            yield from side.attached(change, ("managed_policy_arns",), arn)


def _of_members(side: Before, of_groups: Held) -> Iterator[tuple[str, Written]]:
    for member in access_types().member:
        for change in side.changes(member.type):
            groups = side.owners(change, (member.groups,), "aws_iam_group")
            given = [each for group in groups for each in _of_group(side, change, group, of_groups)]
            for user in side.owners(change, (member.users,), "aws_iam_user"):
                yield from ((user, written) for written in given)


def _of_group(side: Before, change: ResourceChange, group: str, of_groups: Held) -> Iterator[Written]:
    """What a group gives its members: its policies, or its name where none of them is in the plan."""
    if group == UNTOLD:
        yield named_policy(change, (), "")
    elif not of_groups.get(group) and not side.is_new(group):
        yield by_name(change, (), f"the permissions of the group {side.called(group)}")
    else:
        for each in of_groups.get(group, ()):
            yield each._replace(change=change, text=each.origin)
