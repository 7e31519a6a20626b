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
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value, select
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
    """What a guard of its own guarded, stays, and is guarded by none of the kind any more."""
    before = [each for each in plan.resources(kind) if existed(each)]
    if not before:
        return
    guarded, untold = _guarded(plan, kind, path)
    owners = plan.attached(Owners)
    for change in before:
        place = change.before.get(path)
        reading = place.reading
        if not isinstance(reading, Known) or str(reading.value) in guarded:
            continue
        owned = owners.existing(str(reading.value))
        if any(each.address in guarded for each in owned):
            continue
        if owned and all(not each.will_exist or each.replaced for each in owned):
            continue
        yield Finding(
            change.address,
            Verdict.UNDETERMINED if untold else Verdict.VIOLATED,
            f"goes, and {place.shown} stays without it",
            f"it stays as long as its {path}",
            path,
        )


def _guarded(plan: Plan, kind: str, path: str) -> tuple[set[str], bool]:
    """What the guards of a kind guard after the change, by name and by address; and if any is untold."""
    found: set[str] = set()
    untold = False
    for change in plan.remaining(kind):
        reading = change.after.get(path).peek()
        if isinstance(reading, Known):
            found.add(str(reading.value))
        elif reading is UNKNOWN:
            references = graph(plan).of(change, path)
            told = references.followed and len(references.targets) == 1
            found |= {target.address for target in references.targets} if told else set()
            untold |= not told
    return found, untold
