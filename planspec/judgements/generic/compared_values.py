"""Does one value have a stated relation to another value of the same resource, or to a variable?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from planspec.finding import Finding, Judgement, Verdict, best, judge, worst
from planspec.judgements.generic.magnitudes import Order, names_version, order
from planspec.judgements.generic.paths import no_such_attribute, values_at
from planspec.judgements.generic.relations import equals
from planspec.judgements.generic.root_variables import given
from planspec.judgements.generic.selections import Selection
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value, select
from planspec.schema import names
from planspec.syntax import to_text

VARIABLE: Final = "var."
_EACH: Final = "[*]"
Pairs = Sequence[tuple[Value, Sequence[Value]]]


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


_HOLDS: Final[Mapping[str, Callable[[Order], bool | None]]] = {
    "at least": lambda found: found.not_less,
    "at most": lambda found: found.not_more,
    "above": lambda found: _not(found.not_more),
    "below": lambda found: _not(found.not_less),
}


def hold_against(selection: Selection, quantifier: str, path: str, how: str, other: str) -> Judgement:
    """Judge whether `every` or `some` value at the path stands so to each value at the other one.

    `how` is "", "not", "at least", "at most", "above" or "below". Where both paths go through one list,
    the two values are of the same element. Raises UnknownName for a path that nothing knows.
    """
    known = names(selection.plan)
    known.require_path(selection.kinds, selection.resources, path)
    variable = other.removeprefix(VARIABLE) if other.startswith(VARIABLE) else None
    if variable is None:
        known.require_path(selection.kinds, selection.resources, other)
    bound = None if variable is None else given(selection.plan, variable)
    expected = f"{quantifier} {path} is {f'{how} ' if how else ''}the value of {other}"

    def judged(resource: ResourceChange) -> Finding | None:
        if variable is None:
            pairs = tuple(_pairs(selection.plan, resource, path, other))
        else:
            pairs = tuple(
                (each, () if bound is None else (bound,))
                for each in values_at(selection.plan, resource, path)
            )
        missing = _misspelt(resource, path, [place for place, _ in pairs]) or (
            _misspelt(resource, other, [each for _, beside in pairs for each in beside])
            if variable is None
            else None
        )
        if missing is not None:
            return missing._replace(expected=expected)
        return _finding(resource, pairs, quantifier, how, path, other, expected)

    found = []
    for resource in selection.resources:
        finding = judged(resource)
        if finding is not None and resource.address in selection.unsure:
            finding = finding._replace(verdict=Verdict.UNDETERMINED)
        found.append(finding)
    return judge((each.address for each in selection.resources), found)


def _misspelt(resource: ResourceChange, path: str, places: Sequence[Value]) -> Finding | None:
    return no_such_attribute(resource, path, places)


def _pairs(
    plan: Plan, resource: ResourceChange, path: str, other: str
) -> Iterator[tuple[Value, Sequence[Value]]]:
    """Each value at the path, with those at the other path that are compared with it."""
    shared = _shared(path, other)
    if not shared:
        beside = tuple(values_at(plan, resource, other))
        yield from ((each, beside) for each in values_at(plan, resource, path))
        return
    rest, rest_of_other = (each[len(shared) :].lstrip(".") for each in (path, other))
    for element in values_at(plan, resource, shared):
        beside = select(element, rest_of_other) if rest_of_other else (element,)
        yield from ((each, beside) for each in (select(element, rest) if rest else (element,)))


def _shared(path: str, other: str) -> str:
    """The longest beginning of both paths that ends in `[*]`; "" if there is none."""
    ends = [at + len(_EACH) for at in range(len(path)) if path.startswith(_EACH, at)]
    return next((path[:end] for end in reversed(ends) if other.startswith(path[:end])), "")


def _finding(  # noqa: PLR0917 (the parts of one sentence)
    resource: ResourceChange,
    pairs: Pairs,
    quantifier: str,
    how: str,
    path: str,
    other: str,
    expected: str,
) -> Finding | None:
    verdicts = [_verdict(place, beside, how) for place, beside in pairs]
    if not pairs:
        verdict = Verdict.SATISFIED if how == "not" and quantifier == "every" else Verdict.VIOLATED
    else:
        verdict = (worst if quantifier == "every" else best)(verdicts)
    if verdict is Verdict.SATISFIED:
        return None
    shown = [pair for pair, each in zip(pairs, verdicts, strict=True) if each is verdict]
    if not shown:
        return Finding(resource.address, verdict, f"nothing is set at {path}", expected, path)
    place, beside = shown[0]
    against = next((each for each in beside if _answer(place, each, how) is not True), None)
    told = f"{other} is {against.shown}" if against is not None else f"nothing is known of {other}"
    observed = f"{place.path} is {place.shown}, and {told}"
    return Finding(resource.address, verdict, observed, expected, path)


def _verdict(place: Value, beside: Sequence[Value], how: str) -> Verdict:
    """It must stand so to each of the others; to none at all, nobody can tell."""
    answers = [_answer(place, each, how) for each in beside]
    if False in answers:
        return Verdict.VIOLATED
    return Verdict.UNDETERMINED if None in answers or not answers else Verdict.SATISFIED


def _answer(place: Value, other: Value, how: str) -> bool | None:
    match other.reading:
        case Known(value, False):
            pass
        case _:
            return None
    if how in _HOLDS:
        return None if isinstance(value, bool | list | dict) else _ordered(place, value, how)
    answer = equals(value if isinstance(value, str) else to_text(value))(place)
    return _not(answer) if how == "not" else answer


def _ordered(place: Value, other: Any, how: str) -> bool | None:
    """Whether a value is more or less than another one; nothing set is neither."""
    match place.reading:
        case Known(bool() | list() | dict(), _):
            return None  # no number: the path lacks a [*], or names a switch
        case Known(value, False):
            found = order(value, other, version=names_version(place.steps), exact=False)
            return None if found is None else _HOLDS[how](found)
        case state:
            return None if state is UNKNOWN else False
