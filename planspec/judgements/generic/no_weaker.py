"""Does a change weaken a protection setting, compared with its value before?

What is created has nothing before it: it is examined, and can become neither weaker nor wider.
"""

from collections.abc import Iterator, Mapping, Sequence

from planspec.aws import Owners, existed
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.before_after import (
    Comparison,
    alters,
    doubt,
    falls_in,
    lowers,
    may_lower,
    may_raise,
    raises,
    widens,
)
from planspec.judgements.generic.paths import no_such_attribute
from planspec.judgements.generic.selections import Selection, require_path
from planspec.plan import UNKNOWN, Action, Known, Plan, ResourceChange, Value, select
from planspec.policies import Guards
from planspec.references import graph

# How a requirement says it: the comparison, and what the value must not become.
COMPARISONS: Mapping[str, tuple[Comparison, str]] = {
    "widen": (widens, "wider"),
    "lower": (may_lower, "less"),
    "raise": (may_raise, "more"),
    "alter": (alters, "another"),
}


def hold_change(selection: Selection, how: str, path: str) -> Judgement:
    """Judge whether no change of the selected resources does this to the values at the path.

    `how` is widen, lower, raise or alter. Raises KeyError for another word, and UnknownName for a
    path that nothing knows.
    """
    require_path(selection, path)
    return judge(
        (each.address for each in selection.resources),
        (
            _unless_unsure(selection, each, _compared(each, path, *COMPARISONS[how]))
            for each in selection.resources
        ),
    )


def _unless_unsure(
    selection: Selection, change: ResourceChange, found: Finding | None
) -> Finding | None:
    if found is None or change.address not in selection.unsure:
        return found
    return found._replace(verdict=Verdict.UNDETERMINED)


def _compared(
    change: ResourceChange, path: str, compare: Comparison, becomes: str, *, listed: bool = False
) -> Finding | None:
    """Compare what stands at the path before and after; None where nothing is found.

    A `listed` path may name an attribute that this version of the provider does not have.
    """
    if listed and not existed(change):
        return None
    expected = f"{path} does not become {becomes}"
    after = select(change.after, path)
    missing = None if listed else no_such_attribute(change, path, after)
    if missing is not None:
        return missing._replace(expected=expected)
    if not existed(change):
        return None
    before = select(change.before, path)
    answer = compare(before, after)
    if answer is False:
        return None
    observed = f"{path} was {_shown(before)} and becomes {_shown(after)}"
    ranks = answer is None and becomes in ("less", "more")
    why = doubt(before, after, falls=becomes == "less") if ranks else ""
    observed += f"; {why}" if why else ""
    verdict = Verdict.VIOLATED if answer else Verdict.UNDETERMINED
    return Finding(change.address, verdict, observed, expected, path)


def _shown(places: Sequence[Value]) -> str:
    return ", ".join(dict.fromkeys(place.shown for place in places)) or "nothing"


def guarded(plan: Plan, guards: Guards) -> tuple[ResourceChange, ...]:
    """Return the resources that have one of these guards, or are one, also those that go."""
    listed = (*guards.not_lower, *guards.not_higher, *(each.attribute for each in guards.ranked))
    kinds = dict.fromkeys(each.partition(".")[0] for each in listed)
    own = dict.fromkeys(each.partition(".")[0] for each in guards.stay)
    found = (*plan.remaining(*kinds), *(each for kind in own for each in plan.resources(kind)))
    return tuple({each.address: each for each in found}.values())


def not_weakened(plan: Plan, chosen: Sequence[ResourceChange], guards: Guards) -> Judgement:
    """Judge whether no change weakens a protection setting that `policies/parameters.toml` lists.

    A setting that is a resource of its own must stay as long as what it protects.
    """
    listed = [
        *((name, lowers, "less") for name in guards.not_lower),
        *((name, raises, "more") for name in guards.not_higher),
        *((each.attribute, falls_in(each.from_weak_to_strong), "weaker") for each in guards.ranked),
    ]
    addresses = {each.address for each in chosen}
    examined: list[str] = []
    findings: list[Finding | None] = []
    for name, compare, becomes in listed:
        kind, _, path = name.partition(".")
        for change in plan.remaining(kind):
            if change.address not in addresses:
                continue
            examined.append(change.address)
            findings.append(_compared(change, path, compare, becomes, listed=True))
    gone = [each for name in guards.stay for each in _left_alone(plan, *name.partition(".")[::2])]
    gone = [each for each in gone if each.address in addresses]
    return judge([*examined, *(each.address for each in gone)], [*findings, *gone])


def _left_alone(plan: Plan, kind: str, path: str) -> Iterator[Finding]:
    """What a guard of its own guarded, stays, and is surely guarded by none of the kind any more.

    Two guards of one thing are one setting in AWS: deleting either removes it, and the other, if the
    plan does not touch it, does not set it again. Sources: Amazon S3 API, DeletePublicAccessBlock and
    DeleteBucketOwnershipControls; AWS provider, `aws_s3_bucket_versioning`.
    """
    before = [each for each in plan.resources(kind) if each.will_exist or each.destroyed]
    if not before:
        return
    keepers, untold = _keepers(plan, kind, path)
    owners = plan.attached(Owners)
    for change in before:
        reading = change.before.get(path).reading
        if not isinstance(reading, Known):
            continue
        owned = [each for each in owners.existing(str(reading.value)) if _can_own(each.type, kind)]
        names = {str(reading.value), *(each.address for each in owned)}
        others = [each for name in names for each in keepers.get(name, ())]
        if change in others and not change.creates_first:
            continue
        if owned and all(not each.will_exist or each.replaced for each in owned):
            continue
        yield _gone(change, path, others, untold=untold)


def _gone(
    change: ResourceChange, path: str, others: Sequence[ResourceChange], *, untold: bool
) -> Finding:
    """A guard goes from what it guards: at least at one moment nothing guards it."""
    observed = f"goes, and {change.before.get(path).shown} stays without it"
    set_again = [each.address for each in others if each.actions != {Action.NO_OP}]
    if set_again:
        observed = f"goes, and the order of that and of {set_again[0]} is unknown"
    elif others:
        observed += f": {others[0].address} says the same, and is not applied again"
    return Finding(
        change.address,
        Verdict.UNDETERMINED if set_again or untold else Verdict.VIOLATED,
        observed,
        f"it stays as long as its {path}",
        path,
    )


def _can_own(kind: str, guard: str) -> bool:
    """Whether an object of a kind can be what the guard is about, and not another guard of it.

    The provider names such a guard after it: `aws_s3_bucket`, `aws_s3_bucket_versioning`.
    """
    return guard.startswith(f"{kind}_")


def _keepers(plan: Plan, kind: str, path: str) -> tuple[dict[str, list[ResourceChange]], bool]:
    """The guards of a kind after the change, by name and address of its thing; if any is untold."""
    found: dict[str, list[ResourceChange]] = {}
    untold = False
    for change in plan.remaining(kind):
        reading = change.after.get(path).peek()
        if isinstance(reading, Known):
            found.setdefault(str(reading.value), []).append(change)
        elif reading is UNKNOWN:
            references = graph(plan).of(change, path)
            told = references.followed and len(references.targets) == 1
            for target in references.targets if told else ():
                found.setdefault(target.address, []).append(change)
            untold |= not told
    return found, untold
