"""Does a change give an identity, or let a policy give, more permissions than before?

The permissions of an owner are all its policies together, wherever they are written, so that a statement
which only moves to another policy gives nothing new.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final, TypeVar

from planspec.aws import Owners, existed
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.change.access_lists import listed
from planspec.judgements.change.gained_access import (
    EXPECTED,
    REMEDY,
    Owned,
    gained,
    only_denials,
    untold,
)
from planspec.judgements.change.grants import granted, opened, shared
from planspec.judgements.change.policy_texts import Written
from planspec.judgements.change.principals import boundary, held, roles_of_code
from planspec.judgements.change.sides import UNTOLD, After, Before, about
from planspec.judgements.change.uncompared_access import examined as not_read
from planspec.judgements.change.uncompared_access import not_compared
from planspec.plan import Plan, ResourceChange
from planspec.schema import Inside, access_types

# The owner of permissions (an address, a name from elsewhere, or UNTOLD), and the sort of policy.
Key = tuple[str, str]
TRUST: Final = "assume_role_policy"
POLICY: Final = "policy"
Said = dict[Key, list[Written]]
_Key = TypeVar("_Key")
_SAY_NOTHING: Final = frozenset({"aws_iam_user", "aws_iam_group"})


def givers(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return what gives permissions, or limits them, and will exist; and what gave some, and goes."""
    examined, kinds = frozenset(_examined(plan)), _kinds()
    return tuple(
        each
        for each in plan.changes
        if each.managed and (each.address in examined or (not each.will_exist and each.type in kinds))
    )


def allow_no_more(plan: Plan, left_out: Set[str] = frozenset()) -> Judgement:
    """Judge whether no role, user or group, and no policy of a resource, allows more than before.

    What the plan makes is examined and has nothing before it, unless it belongs to something that
    exists. What gives access in a way that is not compared is undetermined where it changes. Source:
    AWS IAM User Guide, "Policy evaluation logic".
    """
    findings = [*_of_resources(plan), *_of_identities(plan), *_of_code(plan)]
    findings += not_compared(plan)
    examined = [*_examined(plan), *(each.address for each in findings)]
    told = sorted(each for each in dict.fromkeys(_worst(findings)) if each.address not in left_out)
    return judge((each for each in examined if each not in left_out), told)


def _worst(findings: list[Finding]) -> list[Finding]:
    """The findings without those that are open about what is violated anyway."""
    violated = {each.address for each in findings if each.verdict is Verdict.VIOLATED}
    return [
        each for each in findings if each.verdict is Verdict.VIOLATED or each.address not in violated
    ]


def _examined(plan: Plan) -> Iterator[str]:
    """What gives permissions and will exist, apart from the things in which a policy stands."""
    yield from (each.address for each in plan.remaining(*_kinds()))
    yield from not_read(plan)


def _kinds() -> dict[str, None]:
    """The types that give permissions; a user or a group says nothing itself, but for its boundary."""
    table = access_types()
    kinds = dict.fromkeys(each for each in table.identities if each not in _SAY_NOTHING)
    kinds |= dict.fromkeys(each.kind for each in table.document)
    kinds |= dict.fromkeys(each.type for each in table.grant)
    kinds |= dict.fromkeys(each.type for each in table.acl if each.of)
    return kinds


def _of_identities(plan: Plan) -> Iterator[Finding]:
    """What roles, users, groups and customer-managed policies may do now that they could not."""
    owners = plan.attached(Owners)
    before, after = Before(plan), After(plan)
    had, has = held(before), held(after)
    policies = [each for each in {**had, **has} if _is_policy(plan, each)]
    told: set[str] = set()
    for owner in dict.fromkeys((*policies, *had, *has, *_limited(plan))):
        if owner == UNTOLD:
            yield from (untold(each.change) for each in has.get(owner, ()))
        elif not owners.goes(owner):
            identity = plan.find(owner)
            was = had.get(owner, [])
            owned = Owned(plan, owner, was, [*has.get(owner, []), *_perhaps_still(has, UNTOLD, was)])
            if identity is not None and existed(identity):
                owned = owned._replace(limits=(boundary(before, identity), boundary(after, identity)))
            found = [*gained(owned, told)]
            told |= {each.address for each in found if owner in policies}
            yield from found


def _limited(plan: Plan) -> Iterator[str]:
    """The identities that a boundary may limit, also those whose policies are made elsewhere."""
    kinds = (each.type for each in access_types().identity if each.limited)
    return (each.address for each in plan.remaining(*kinds) if existed(each))


def _of_code(plan: Plan) -> Iterator[Finding]:
    """What code may do with its new role that it could not do with the one before."""
    changed = [
        (change, roles)
        for kind, path in sorted(access_types().roles_of_code)
        for change in plan.remaining(kind)
        if existed(change)
        and change.before.get(*path).peek() != change.after.get(*path).peek()
        and (roles := roles_of_code(plan, change, path))
        and roles[0] is not roles[1]
    ]
    if not changed:
        return
    before, after = Before(plan), After(plan)
    had, has = held(before, every=True), held(after, every=True)
    for change, (was, becomes) in changed:
        given = (had.get(was.address, []), has.get(becomes.address, []))
        old, new = ([each._replace(change=change, text=each.origin) for each in some] for some in given)
        limits = (boundary(before, was), boundary(after, becomes))
        yield from gained(Owned(plan, change.address, old, new, limits))


def _is_policy(plan: Plan, owner: str) -> bool:
    found = plan.find(owner)
    return found is not None and found.type == "aws_iam_policy"


def _of_resources(plan: Plan) -> Iterator[Finding]:
    """Whom resources let do something now that they could not."""
    owners = plan.attached(Owners)
    had, has = _collected(Before(plan)), _collected(After(plan))
    for key in {**has, **had}:
        owner, sort = key
        if owner == UNTOLD:
            yield from (untold(each.change) for each in has.get(key, ()))
        elif not owners.goes(owner):
            before = had.get(key, [])
            after = [*has.get(key, []), *_perhaps_still(has, (UNTOLD, sort), before)]
            after += _defaults(after, before)
            in_union = sort != TRUST and not _is_limit(before)
            yield from gained(Owned(plan, owner, before, after, is_resource=in_union))
            yield from _reset(after, before)


def _perhaps_still(
    has: Mapping[_Key, Sequence[Written]], untold_key: _Key, before: Sequence[Written]
) -> list[Written]:
    """What policies that had the owner, and of which apply decides whose they will be, may still deny.

    That they may give somebody more is told of each of them.
    """
    addresses = {each.change.address for each in before}
    open_ones = has.get(untold_key, ())
    return [only_denials(each) for each in open_ones if each.change.address in addresses]


def _is_limit(before: list[Written]) -> bool:
    """Whether the policies say what passes through something, which needs a permission beside it."""
    rows = (*access_types().document, *access_types().inside)
    limits = {each.kind for each in rows if each.sort == "limits"}
    return any(each.change.type in limits for each in before)


def _collected(side: Before) -> Said:
    """What all policies say, by the owner of the permissions and the sort of policy."""
    found: Said = {}
    for owner, sort, written in (*_inside(side), *_beside(side), *_granted(side)):
        found.setdefault((owner, sort), []).append(written)
    return found


Told = Iterator[tuple[str, str, Written]]


def _inside(side: Before) -> Told:
    """Policies, lists and doors in the thing that they are about."""
    table = access_types()
    for inside in table.inside:
        sort = TRUST if inside.path == (TRUST,) else POLICY
        for change in side.changes(inside.kind):
            asked = side.is_asked(change.address) and side.is_stated(change, inside.path)
            if asked and not side.is_copy(change, inside):
                yield change.address, sort, side.written(change, inside.path)
    for share in table.share:
        for change in filter(side.is_old, side.changes(share.kind)):
            if side.is_stated(change, share.path):
                yield change.address, POLICY, shared(side, change, share)
    for door in table.door:
        for change in filter(side.is_old, side.changes(door.kind)):
            yield change.address, POLICY, opened(side, change, door)


def _beside(side: Before) -> Told:
    """Policies in a resource of their own."""
    for document in access_types().document:
        for change in side.changes(document.kind):
            owners = about(side, change, document.named, document.owners)
            for owner in filter(side.is_asked, owners):
                yield owner, POLICY, side.written(change, document.path)


def _granted(side: Before) -> Told:
    """Resources that are one statement each, and access control lists."""
    table = access_types()
    for grant in table.grant:
        for change in side.changes(grant.type):
            owners = about(side, change, (grant.of,) if grant.of else (), (grant.owner,))
            for owner in filter(side.is_asked, owners):
                yield owner, POLICY, granted(side, change, grant)
    for acl in table.acl:
        for change in side.changes(acl.type):
            owners = about(side, change, (acl.of,), (acl.owner,)) if acl.of else (change.address,)
            for owner in filter(side.is_asked, owners):
                yield owner, POLICY, listed(side, change, acl)


def _defaults(after: list[Written], before: list[Written]) -> Iterator[Written]:
    """The policy of AWS that stands where a policy goes, as far as it is known."""
    for written, each in _gone(after, before):
        if each.opens:
            statement = {"Effect": "Allow", "Principal": "*", "Action": each.opens, "Resource": "*"}
            yield Written(written.change, (), {"Statement": [statement]}, is_made=True)


def _reset(after: list[Written], before: list[Written]) -> Iterator[Finding]:
    """A policy that goes, in whose place AWS puts one that is not in the plan."""
    gone = [
        written.change
        for written, each in _gone(after, before)
        if not each.opens and not _is_default(written, each)
    ]
    if gone:
        observed = "its policy goes, and what AWS allows then is not in the plan"
        yield Finding(gone[0].address, Verdict.UNDETERMINED, observed, EXPECTED, remedy=REMEDY)


def _gone(after: list[Written], before: list[Written]) -> Iterator[tuple[Written, Inside]]:
    """The policies that go without another in their place, where AWS has a default."""
    rows = (*access_types().document, *access_types().inside)
    resetting = {(each.kind, each.path): each for each in rows if each.resets}
    found = [(each, resetting.get((each.change.type, each.path))) for each in before]
    if all(each.is_made for each in after):
        yield from ((written, row) for written, row in found if row is not None)


def _is_default(written: Written, inside: Inside) -> bool:
    """Whether the policy that goes is the very one that AWS puts there."""
    stated = written.document.get("Id") if isinstance(written.document, dict) else None
    return bool(inside.default) and stated == inside.default
