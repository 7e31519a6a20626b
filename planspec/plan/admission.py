"""What kind of plan is this, and what does it do besides the changes that are judged?

Each kind has a default: the plan is refused, it blocks, or it is noted; `docs/plan-kinds.md` lists
them, and says which requirements look further. A kind that a person may accept can be named with
`--accept-plan`; it is then noted. Source: Terraform, "JSON Output Format".
"""

from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from planspec.errors import FeatureError, NotJudgeable
from planspec.plan.model import Action, Plan
from planspec.plan.written_blocks import blocks_made, calls_of
from planspec.saved import PlanMode
from planspec.syntax import PLAN_AND_SHOW

# The newest minor number of plan format 1.x whose fields are known here.
KNOWN_MINOR: Final = 2
MOST_NAMED: Final = 3
NOTHING_APPLIED: Final = "nothing-applied"


class Answer(StrEnum):
    """What follows from a kind by default."""

    REFUSE = "refuse"
    BLOCK = "block"
    NOTE = "note"


class Kind(NamedTuple):
    """A kind of plan: its name, the default, and how it is told; "" means that it is not this kind."""

    name: str
    answer: Answer
    told: Callable[[Plan], str]
    acceptable: bool = False


class Noticed(NamedTuple):
    """What was noticed about one plan."""

    blocking: tuple[str, ...]
    notes: tuple[str, ...]


def notice(plan: Plan, accepted: Collection[str] = ()) -> Noticed:
    """Return what blocks the plan and what is noted about it; accepted kinds are noted.

    Raises NotJudgeable where a judgement would say nothing, or only half, and FeatureError for a
    name that is no kind, or none that can be accepted.
    """
    names = [kind.name for kind in KINDS if kind.acceptable]
    for name in accepted:
        if name not in names:
            raise FeatureError(f"--accept-plan {name}: one of {', '.join(names)}")
    blocking: list[str] = []
    notes: list[str] = []
    for kind in KINDS:
        told = kind.told(plan)
        if told and kind.name in accepted:
            notes.append(f"{told} (accepted with --accept-plan {kind.name})")
        elif told and kind.answer is Answer.REFUSE:
            way_out = f", or accept it with --accept-plan {kind.name}" if kind.acceptable else ""
            raise NotJudgeable(f"{plan.name}: {told}{way_out}")
        elif told and kind.answer is Answer.BLOCK:
            blocking.append(f"{told}; accept it with --accept-plan {kind.name}")
        elif told:
            notes.append(told)
    return Noticed(tuple(blocking), tuple(notes))


def named(addresses: Sequence[str]) -> str:
    """Write the first few of many addresses."""
    rest = len(addresses) - MOST_NAMED
    listed = ", ".join(addresses[:MOST_NAMED])
    return f"{listed} and {rest} more" if rest > 0 else listed


def _errored(plan: Plan) -> str:
    return (
        "planning failed (errored: true), so resources are missing from it;"
        " fix the errors that `terraform plan` reports and plan again"
        if plan.errored
        else ""
    )


def _deferred(plan: Plan) -> str:
    addresses = [each.address for each in plan.deferred]
    return (
        f"{_many(addresses, 'change')} deferred to a later plan and not in this one:"
        f" {named(addresses)}; apply what can be applied and plan again"
        if addresses
        else ""
    )


def _incomplete(plan: Plan) -> str:
    if plan.way and plan.way.limited:
        parts = (("-target", plan.way.targets), ("-exclude", plan.way.excluded))
        told = [f"{option} {named(addresses)}" for option, addresses in parts if addresses]
        return (
            f"the plan is limited with {' and '.join(told)}, so requirements across resources cannot be"
            " judged; plan again without it"
        )
    return (
        "the plan is incomplete (-target, -exclude or deferred changes), so requirements across"
        " resources cannot be judged; plan again without -target"
        if plan.complete is False and not plan.deferred
        else ""
    )


def _empty(plan: Plan) -> str:
    """A plan without changes though there should be some: refresh-only, or not the whole of it."""
    if plan.way and plan.way.mode is PlanMode.REFRESH_ONLY:
        what = "a refresh-only plan, which records what was found and changes nothing"
        return f"{what} ({plan.drifted} drifted); plan the configuration itself: {PLAN_AND_SHOW}"
    if plan.changes:
        return ""
    made = list(blocks_made(plan).values())
    signs = (
        (bool(made), f"{_many(made, 'block')} written: {named(made)}"),
        (plan.holds_managed, "resources are in its planned values or its state"),
        (bool(plan.drifted), f"{plan.drifted} drifted"),
        (not plan.has_configuration, "it has no configuration"),
    )
    why = "; ".join(told for found, told in signs if found)
    return (
        f"no resource change to judge, and yet {why}: a refresh-only plan, or a part of one; plan the"
        f" configuration itself: {PLAN_AND_SHOW}"
        if why
        else ""
    )


def _nothing(plan: Plan) -> str:
    empty = not plan.changes and not _empty(plan)
    return "no resource is planned and none changes" if empty else ""


def _unmarked(plan: Plan) -> str:
    """Terraform 1.4 and 1.5 write a plan that failed like any other; before 1.8 none tells -target."""
    missing = [] if _tells_limits(plan) else _without_change(plan)
    return (
        f"{_many(missing, 'block')} written and not planned: {named(missing)}; planning failed, or was"
        f" limited with -target, which Terraform {plan.terraform_version or '?'} does not mark;"
        " plan again without -target and stop where `terraform plan` fails"
        if missing
        else ""
    )


def _unplanned(plan: Plan) -> str:
    missing = _without_change(plan) if _tells_limits(plan) else []
    return f"{_many(missing, 'block')} written and not planned: {named(missing)}" if missing else ""


def _tells_limits(plan: Plan) -> bool:
    """Whether a plan that failed or was limited would say so; a saved plan of 1.6 or later does."""
    return plan.complete is not None or (plan.way is not None and plan.errored is not None)


def _limited(plan: Plan) -> bool:
    return plan.complete is False or bool(plan.way and plan.way.limited)


def _without_change(plan: Plan) -> list[str]:
    """Blocks that surely have an instance, and of which no change says anything."""
    if _limited(plan) or plan.errored or not plan.changes or _destroy(plan):
        return []
    calls = {each: calls_of(each) for each in {change.module_address for change in plan.changes}}
    planned = {(calls[each.module_address], each.type, each.name) for each in plan.changes}
    return [each for block, each in blocks_made(plan).items() if block not in planned]


def _failed_checks(plan: Plan) -> str:
    failed = [each.address.to_display for each in plan.checks if each.status in {"fail", "error"}]
    return f"{_many(failed, 'check')} failing: {named(failed)}" if failed else ""


def _undecided_checks(plan: Plan) -> str:
    known = {"pass", "fail", "error"}
    open_ones = [each.address.to_display for each in plan.checks if each.status not in known]
    return f"{_many(open_ones, 'check')} known after apply: {named(open_ones)}" if open_ones else ""


def _actions(plan: Plan) -> str:
    found = [each.address or each.type for each in plan.action_invocations]
    return (
        f"{_many(found, 'provider action')} run besides the changes, and no requirement examines what"
        f" they do: {named(found)}"
        if found
        else ""
    )


def _destroy(plan: Plan) -> str:
    managed = [change for change in plan.changes if change.managed]
    made_for_it = plan.way is not None and plan.way.mode is PlanMode.DESTROY
    every = made_for_it or (managed and all(change.actions == {Action.DELETE} for change in managed))
    return "a destroy plan: everything in it goes, so little is left to judge" if every else ""


def _unchanged(plan: Plan) -> str:
    still = plan.changes and all(
        change.actions == {Action.NO_OP} and not change.imported and change.previous_address is None
        for change in plan.changes
    )
    return "nothing will change; what is there already is judged" if still else ""


def _forgotten(plan: Plan) -> str:
    return _listed(
        plan,
        lambda each: Action.FORGET in each.actions,
        "dropped from Terraform's management, not destroyed",
    )


def _moved(plan: Plan) -> str:
    return _listed(plan, lambda each: each.previous_address is not None, "moved to another address")


def _imported(plan: Plan) -> str:
    return _listed(plan, lambda each: each.imported, "imported")


def _generated(plan: Plan) -> str:
    what = "configured by generated text alone, in which no reference can be followed"
    return _listed(plan, lambda each: each.generated, what)


def _deposed(plan: Plan) -> str:
    return _listed(plan, lambda each: bool(each.deposed), "left of a replacement that failed")


def _ephemeral(plan: Plan) -> str:
    return _listed(plan, lambda each: Action.OPEN in each.actions, "opened for one run only")


def _listed(plan: Plan, belongs: Callable[..., bool], what: str) -> str:
    found = [change.address for change in plan.changes if belongs(change)]
    return f"{_many(found, 'object')} {what}: {named(found)}" if found else ""


def _drifted(plan: Plan) -> str:
    many = "object was" if plan.drifted == 1 else "objects were"
    return f"{plan.drifted} {many} changed outside Terraform" if plan.drifted else ""


def _newer(plan: Plan) -> str:
    major, _, minor = plan.format_version.partition(".")
    newer = major == "1" and minor.isdecimal() and int(minor) > KNOWN_MINOR
    return (
        f"plan format {plan.format_version} is newer than 1.{KNOWN_MINOR}; what it adds is not judged"
        if newer
        else ""
    )


def _without_configuration(plan: Plan) -> str:
    return "" if plan.has_configuration else "no configuration in it, so no reference can be followed"


def _many(found: Sequence[object], what: str) -> str:
    return f"{len(found)} {what} is" if len(found) == 1 else f"{len(found)} {what}s are"


KINDS: Final = (
    Kind("errored", Answer.REFUSE, _errored),
    Kind("empty", Answer.REFUSE, _empty),
    Kind("deferred", Answer.REFUSE, _deferred, acceptable=True),
    Kind("incomplete", Answer.REFUSE, _incomplete, acceptable=True),
    Kind("unmarked", Answer.REFUSE, _unmarked, acceptable=True),
    Kind("failed-checks", Answer.BLOCK, _failed_checks, acceptable=True),
    Kind("actions", Answer.BLOCK, _actions, acceptable=True),
    Kind("unplanned", Answer.NOTE, _unplanned),
    Kind("undecided-checks", Answer.NOTE, _undecided_checks),
    Kind("destroy", Answer.NOTE, _destroy),
    Kind("nothing", Answer.NOTE, _nothing),
    # Told once everything was judged.
    Kind(NOTHING_APPLIED, Answer.REFUSE, lambda _: "", acceptable=True),
    Kind("unchanged", Answer.NOTE, _unchanged),
    Kind("forgotten", Answer.NOTE, _forgotten),
    Kind("moved", Answer.NOTE, _moved),
    Kind("imported", Answer.NOTE, _imported),
    Kind("generated", Answer.NOTE, _generated),
    Kind("deposed", Answer.NOTE, _deposed),
    Kind("drifted", Answer.NOTE, _drifted),
    Kind("ephemeral", Answer.NOTE, _ephemeral),
    Kind("newer-format", Answer.NOTE, _newer),
    Kind("no-configuration", Answer.NOTE, _without_configuration),
)
