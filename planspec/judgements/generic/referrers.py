"""Does another resource refer to each one, in whatever argument?"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.selections import Selection
from planspec.plan import ABSENT, NULL, UNKNOWN, Known, Mode, Plan, ResourceChange, Value
from planspec.references import Grade, graph
from planspec.schema import names
from planspec.syntax import to_text, with_article

# By these a resource that stands already is named where no reference is written.
_NAMES = ("id", "arn", "name", "bucket", "identifier")


class _Referrers:
    """Resources of one type that refer to others: surely, perhaps, and to nobody knows what."""

    def __init__(self) -> None:
        self.sure: dict[str, list[ResourceChange]] = defaultdict(list)
        self.perhaps: dict[str, list[ResourceChange]] = defaultdict(list)
        self.to_anything: list[ResourceChange] = []


def have_a_referrer(selection: Selection, kind: str) -> Judgement:
    """Judge whether a resource of that type refers to each one.

    A reference in any argument counts, and so does its ARN as a text. What may refer to it, for all that
    the plan tells, is no pass: undetermined. Raises UnknownName for a type that nothing knows.
    """
    names(selection.plan).require_type(Mode.MANAGED, kind)
    found = _referrers(selection, kind)

    def judged(resource: ResourceChange) -> Finding | None:
        if any(each is not resource for each in found.sure[resource.address]):
            return None
        open_ones = (*found.perhaps[resource.address], *found.to_anything)
        perhaps = [each for each in open_ones if each is not resource]
        unsure = perhaps or resource.address in selection.unsure
        observed = f"no {kind} refers to it"
        return Finding(
            resource.address,
            Verdict.UNDETERMINED if unsure else Verdict.VIOLATED,
            f"{observed} for sure; {perhaps[0].address} may" if perhaps else observed,
            f"{with_article(kind)} that refers to it",
            remedy=f"add {with_article(kind)}, and name the resource in it by reference",
            related=tuple(each.address for each in perhaps[:1]),
        )

    return judge((each.address for each in selection.resources), map(judged, selection.resources))


def _referrers(selection: Selection, kind: str) -> _Referrers:
    """Each argument of each resource of the type is followed once."""
    found = _Referrers()
    chosen = {each.address: each for each in selection.resources}
    named = _by_name(selection.resources)
    for other in selection.plan.remaining(kind):
        for argument in _arguments(selection.plan, other):
            _follow(selection.plan, other, argument, chosen, named, found)
    return found


def _by_name(resources: Sequence[ResourceChange]) -> Mapping[str, list[tuple[str, bool]]]:
    """The resources by each text that names one; the second part tells whether it is an ARN."""
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for each in resources:
        for name in _NAMES:
            match each.after.get(name).peek():
                case Known(str(text), False) if text:
                    found[text].append((each.address, name == "arn"))
    return found


def _arguments(plan: Plan, resource: ResourceChange) -> Sequence[str]:
    """The arguments that are written, and those of which the plan alone tells a value."""
    unit = graph(plan).unit(resource)
    stated = [
        name
        for name, place in resource.after.entries()
        if unit.block is None or isinstance(place.peek(), Known)
    ]
    return tuple(dict.fromkeys((*unit.names(), *stated)))


def _follow(
    plan: Plan,
    other: ResourceChange,
    argument: str,
    chosen: Mapping[str, ResourceChange],
    named: Mapping[str, list[tuple[str, bool]]],
    found: _Referrers,
) -> None:
    """Note to which of the chosen ones an argument refers."""
    place = other.after.get(argument)
    state = place.peek()
    if state in (NULL, ABSENT):
        return  # whatever the expression mentions, it came to nothing
    references = graph(plan).of(other, argument)
    decided = references.followed and not references.choice
    for target in (*references.targets, *references.passed_on):
        if target.address in chosen:
            sure = decided and target.grade >= Grade.SAME_KEY
            sure = sure and _may_come_from(place, chosen[target.address])
            (found.sure if sure else found.perhaps)[target.address].append(other)
    is_open = state is UNKNOWN or (isinstance(state, Known) and state.partly_unknown)
    if is_open and (not references.followed or references.grade is Grade.CANNOT_TELL):
        found.to_anything.append(other)
    # A name may be what is meant, or the same text; an ARN is nothing else.
    for text in _texts(state.value) if isinstance(state, Known) else ():
        for address, is_arn in named.get(text, ()):
            (found.sure if is_arn else found.perhaps)[address].append(other)


def _may_come_from(place: Value, target: ResourceChange) -> bool:
    """Whether the value is open, or holds a text of the target, as words of their own.

    A reference that is only the condition of an expression leaves no text of the target in it.
    """
    match place.peek():
        case Known(value, False):
            texts = (part.peek() for _, part in target.after.entries())
            return any(_is_in(each.value, to_text(value)) for each in texts if isinstance(each, Known))
        case _:
            return True


def _is_in(part: Any, text: str) -> bool:
    if not isinstance(part, str) or not part:
        return False
    return bool(re.search(rf"(?<![^\W_]){re.escape(part)}(?![^\W_])", text, re.IGNORECASE))


def _texts(value: Any) -> Iterator[str]:
    """Every text inside a value."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, list | dict):
            waiting += each.values() if isinstance(each, dict) else each
