"""Does a change give a role, or let a policy give, more permissions than before?

The rights of an owner are all its policies together, wherever they are written, so that a statement
which only moves to another policy gives nothing new.
"""

from collections.abc import Iterator, Set
from typing import Final

from planspec.aws import Owners
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.change.grants import as_right
from planspec.judgements.change.iam_rights import more
from planspec.judgements.change.principals import KINDS, held, unlimited
from planspec.judgements.change.sides import UNTOLD, After, Before, Rights, Said, about
from planspec.judgements.change.uncompared_access import examined as not_read
from planspec.judgements.change.uncompared_access import not_compared
from planspec.plan import Known, Plan, ResourceChange
from planspec.schema import Inside, access_types

EXPECTED = "no more permissions than before"
REMEDY = "leave the policy as it was, or approve the change by name with --override"

# The owner of rights (an address, a name from elsewhere, or UNTOLD), and the sort of policy.
Key = tuple[str, str]
RIGHTS: Final = "rights"
TRUST: Final = "assume_role_policy"


def givers(plan: Plan) -> tuple[ResourceChange, ...]:
    """Return what gives rights, or limits them, and will exist; and what gave some, and goes."""
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
    owners = plan.attached(Owners)
    before, after = _collected(Before(plan)), _collected(After(plan))
    findings: list[Finding] = []
    for key in after.keys() | before.keys():
        owner, _ = key
        if owner == UNTOLD:
            findings += [_untold(change) for change, _ in after.get(key, ())]
        elif not owners.goes(owner):
            findings += _wider(after.get(key, []), before.get(key, []))
            findings += _reset(after.get(key, []), before.get(key, []))
    may = {owner: said for (owner, sort), said in after.items() if sort == RIGHTS}
    findings += [each._replace(remedy=REMEDY) for each in unlimited(plan, may)]
    findings += not_compared(plan)
    examined = [*_examined(plan), *(each.address for each in findings)]
    told = sorted(each for each in dict.fromkeys(findings) if each.address not in left_out)
    return judge((each for each in examined if each not in left_out), told)


def _examined(plan: Plan) -> Iterator[str]:
    """What gives rights and will exist, apart from the things in which a policy stands."""
    yield from (each.address for each in plan.remaining(*_kinds()))
    yield from not_read(plan)


def _kinds() -> dict[str, None]:
    """The types that give rights; a user or a group says nothing itself, but for its boundary."""
    table = access_types()
    kinds = dict.fromkeys(each for each in KINDS if each not in {"aws_iam_user", "aws_iam_group"})
    kinds |= dict.fromkeys(each.kind for each in table.document)
    kinds |= dict.fromkeys(each.type for each in table.grant)
    return kinds


def _collected(side: Before) -> dict[Key, Said]:
    """What all policies say, by the owner of the rights and the sort of policy."""
    found: dict[Key, Said] = {}
    for owner, sort, change, rights in (*_inside(side), *_beside(side), *_granted(side)):
        found.setdefault((owner, sort), []).append((change, rights))
    for owner, change, rights in held(side):
        found.setdefault((owner, RIGHTS), []).append((change, rights))
    return found


Told = Iterator[tuple[str, str, ResourceChange, Rights]]


def _inside(side: Before) -> Told:
    """Policies in the thing that they are about."""
    for inside in access_types().inside:
        sort = TRUST if inside.path == (TRUST,) else "policy"
        for change in side.changes(inside.kind):
            asked = side.is_asked(change.address) and side.is_stated(change, inside.path)
            if asked and not side.is_copy(change, inside):
                yield change.address, sort, change, side.rights(change, inside.path)


def _beside(side: Before) -> Told:
    """Policies in a resource of their own."""
    for document in access_types().document:
        for change in side.changes(document.kind):
            owners = about(side, change, document.named, document.owners)
            for owner in filter(side.is_asked, owners):
                yield owner, "policy", change, side.rights(change, document.path)


def _granted(side: Before) -> Told:
    """Resources that are one statement each."""
    for grant in access_types().grant:
        for change in side.changes(grant.type):
            owners = about(side, change, (grant.of,), (grant.owner,))
            for owner in filter(side.is_asked, owners):
                right = as_right(side.plan, change, side.values(change), grant)
                yield owner, "policy", change, [right]


def _wider(after: Said, before: Said) -> Iterator[Finding]:
    had = [each for _, rights in before for each in rights or ()]
    allowed = [each for each in had if not each.denies]
    for change, rights in after:
        if rights is None:
            yield _untold(change)
    now = [(change, each) for change, rights in after for each in rights or ()]
    by_change: dict[str, tuple[ResourceChange, bool | None, str]] = {}
    for change, each in now:
        answer, what = more([each], allowed) if not each.denies else (False, "")
        known = by_change.get(change.address)
        if answer is not False and (known is None or (answer and not known[1])):
            by_change[change.address] = (change, answer, what)
    yield from (_found(change, what, sure=answer is True) for change, answer, what in by_change.values())
    if any(rights is None for _, rights in after):
        return
    answer, what = more([each for _, each in now if each.denies], [each for each in had if each.denies])
    if answer is not False:
        change = (after or before)[0][0]
        yield _found(change, what, sure=answer is True)


def _reset(after: Said, before: Said) -> Iterator[Finding]:
    """A policy that goes, in whose place AWS puts one that is not in the plan."""
    resetting = [each for each in (*access_types().document, *access_types().inside) if each.resets]
    gone = [
        change
        for change, _ in before
        for each in resetting
        if change.type == each.kind and not _is_default(change, each)
    ]
    if gone and not after:
        observed = "its policy goes, and what AWS allows then is not in the plan"
        yield Finding(gone[0].address, Verdict.UNDETERMINED, observed, EXPECTED, remedy=REMEDY)


def _is_default(change: ResourceChange, inside: Inside) -> bool:
    """Whether the policy that goes is the very one that AWS puts there."""
    stated = change.before.get(*inside.path).document().get("Id").peek()
    return bool(inside.default) and stated == Known(inside.default)


def _found(change: ResourceChange, what: str, *, sure: bool) -> Finding:
    return Finding(
        change.address,
        Verdict.VIOLATED if sure else Verdict.UNDETERMINED,
        f"{what}, which nothing did before" if what.startswith("allows") else what,
        EXPECTED,
        remedy=REMEDY,
    )


def _untold(change: ResourceChange) -> Finding:
    observed = "what it allows, or to whom, is known after apply"
    return Finding(change.address, Verdict.UNDETERMINED, observed, EXPECTED, remedy=REMEDY)
