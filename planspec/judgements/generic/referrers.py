"""Does another resource refer to each one, in whatever argument?"""

from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.selections import Selection
from planspec.plan import ABSENT, NULL, UNKNOWN, Known, Mode, Plan, ResourceChange, Value
from planspec.references import Grade, graph
from planspec.schema import names
from planspec.syntax import to_text

# By these a resource that stands already is named where no reference is written.
_NAMES = ("id", "arn", "name", "bucket", "identifier")


def have_a_referrer(selection: Selection, kind: str) -> Judgement:
    """Judge whether a resource of that type refers to each one.

    A reference in any argument counts, and so does its ARN as a text. What may refer to it, for all that
    the plan tells, is no pass: undetermined. Raises UnknownName for a type that nothing knows.
    """
    plan = selection.plan
    names(plan).require_type(Mode.MANAGED, kind)
    others = plan.remaining(kind)

    def judged(resource: ResourceChange) -> Finding | None:
        answers = [(each, _refers(plan, each, resource)) for each in others if each is not resource]
        if any(answer for _, answer in answers):
            return None
        perhaps = [each for each, answer in answers if answer is None]
        unsure = perhaps or resource.address in selection.unsure
        observed = f"no {kind} refers to it"
        return Finding(
            resource.address,
            Verdict.UNDETERMINED if unsure else Verdict.VIOLATED,
            f"{observed} for sure; {perhaps[0].address} may" if perhaps else observed,
            f"a {kind} that refers to it",
            remedy=f"add a {kind}, and name the resource in it by reference",
            related=tuple(each.address for each in perhaps),
        )

    return judge((each.address for each in selection.resources), map(judged, selection.resources))


def _refers(plan: Plan, other: ResourceChange, target: ResourceChange) -> bool | None:
    """Whether some argument of the other resource refers to the target; None if that cannot be told."""
    answers = [_names(plan, other, name, target) for name in _arguments(plan, other)]
    return True if True in answers else None if None in answers else False


def _arguments(plan: Plan, resource: ResourceChange) -> Sequence[str]:
    """The arguments that are written, and those of which the plan alone tells a value."""
    unit = graph(plan).unit(resource)
    stated = [
        name
        for name, place in resource.after.entries()
        if unit.block is None or isinstance(place.peek(), Known)
    ]
    return tuple(dict.fromkeys((*unit.names(), *stated)))


def _names(plan: Plan, other: ResourceChange, name: str, target: ResourceChange) -> bool | None:
    place = other.after.get(name)
    if _holds_arn(place, target):
        return True
    found = graph(plan).of(other, name)
    meant = [each for each in (*found.targets, *found.passed_on) if each.address == target.address]
    sure = found.followed and not found.choice
    if sure and any(each.grade >= Grade.SAME_KEY for each in meant):
        return True
    if meant:
        return None
    if found.followed and not any(each.grade <= Grade.TYPE_ONLY for each in found.targets):
        return None if _holds_a_name(place, target) else False
    return None if _is_open(place) or _holds_a_name(place, target) else False


def _is_open(place: Value) -> bool:
    """Whether apply decides the value, or a part of it: what it comes to may be the target."""
    match place.peek():
        case Known(_, partly):
            return partly
        case state:
            return state is UNKNOWN


def _holds_arn(place: Value, target: ResourceChange) -> bool:
    """Whether the value is the ARN of the target, or a list that has it."""
    arn = target.after.get("arn").peek()
    return arn not in (NULL, ABSENT, UNKNOWN) and any(each.peek() == arn for each in place.elements())


def _holds_a_name(place: Value, target: ResourceChange) -> bool:
    """Whether the value is a name of the target: that may be what is meant, or the same text."""
    stated = {
        to_text(state.value)
        for name in _NAMES
        if isinstance(state := target.after.get(name).peek(), Known) and state.value not in ("", None)
    }
    match place.peek():
        case Known(value):
            written = to_text(value)
            return any(each == written or f'"{each.strip(chr(34))}"' in written for each in stated)
        case _:
            return False
