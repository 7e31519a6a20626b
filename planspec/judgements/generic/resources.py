"""Does every resource of some kind hold a stated value? The vocabulary for anybody's plan."""

from collections.abc import Callable, Sequence

from planspec.finding import Finding, Judgement, Verdict, best, judge, worst
from planspec.judgements.generic.doubts import doubt
from planspec.judgements.generic.paths import lacks, no_such_attribute, values_at
from planspec.judgements.generic.pseudo_resources import ELSEWHERE
from planspec.judgements.generic.relations import Relation, is_set
from planspec.judgements.generic.selections import Selection, asked_of, require_path
from planspec.plan import NULL, Known, Mode, Plan, ResourceChange, Value
from planspec.references import graph, lost_in
from planspec.schema import names
from planspec.syntax import path_steps, with_article


def hold(
    selection: Selection,
    quantifier: str,
    path: str,
    relation: Relation,
    expected: str,
    *,
    negated: bool = False,
) -> Judgement:
    """Judge whether `every` or `some` value at the path stands in the relation, for each resource.

    Where no value stands at the path, a demand is violated and a prohibition satisfied.
    Raises UnknownName for a path that nothing knows.
    """
    absence = negated and quantifier == "every" and relation is is_set
    require_path(selection, path, absence=absence)

    def judged(resource: ResourceChange) -> Finding | None:
        places = values_at(selection.plan, resource, path)
        missing = no_such_attribute(resource, path, places)
        if missing is not None:
            # Of many types, those without the attribute have it not set.
            absent = absence and selection.kind is None and lacks(resource, path)
            return None if absent else missing._replace(expected=expected)
        asked = asked_of(resource, relation)
        places = _without_idle(places, quantifier, asked, negated)
        verdicts = [_verdict(_answer(asked, place, negated), negated) for place in places]
        if not verdicts:
            absent_is_good = negated and quantifier == "every"
            verdicts = [Verdict.SATISFIED if absent_is_good else Verdict.VIOLATED]
        verdict = (worst if quantifier == "every" else best)(verdicts)
        if verdict is Verdict.SATISFIED:
            return None
        shown = [place for place, each in zip(places, verdicts, strict=False) if each is verdict]
        if not shown:
            return Finding(resource.address, verdict, _nothing_at(path), expected, path)
        why = doubt(relation, shown[0], path) if verdict is Verdict.UNDETERMINED else ""
        if not why and verdict is Verdict.UNDETERMINED and asked is not relation:
            why = ELSEWHERE if shown[0].peek() is NULL else ""
        observed = f"{shown[0].path} is {shown[0].shown}{f'; {why}' if why else ''}"
        return Finding(resource.address, verdict, observed, expected, path)

    return _judge(selection, judged)


def _nothing_at(path: str) -> str:
    """Say that nothing is set at a path, and how to ask only where something does."""
    around, star, _ = path.partition("[*]")
    how = f'; if that is right, first keep those whose "{around}" is set' if star else ""
    return f"nothing is set at {path}{how}"


def _without_idle(
    places: Sequence[Value], quantifier: str, relation: Relation, negated: bool
) -> Sequence[Value]:
    """Leave out what may be missing and would change nothing if it is there.

    Only beside something that surely is there: else the provider may put something in its place.
    """
    idle = Verdict.SATISFIED if quantifier == "every" else Verdict.VIOLATED
    left = [
        place
        for place in places
        if not place.beside_others
        or _verdict(_answer(relation, place.if_there, negated), negated) is not idle
    ]
    # What is demanded of every value must stand somewhere for sure.
    enough = negated or quantifier == "some" or any(not place.perhaps for place in places)
    return left if enough else places


def refer(selection: Selection, path: str, target: str) -> Judgement:
    """Judge whether every value at the path refers to a resource of the target type.

    Raises UnknownName for a path or a type that nothing knows.
    """
    require_path(selection, path)
    names(selection.plan).require_type(Mode.MANAGED, target)
    expected = f"a reference to {with_article(target)}"

    def judged(resource: ResourceChange) -> Finding | None:
        places = values_at(selection.plan, resource, path)
        missing = no_such_attribute(resource, path, places)
        if missing is not None:
            return missing._replace(expected=expected)
        if not places:
            return _found(resource, Verdict.VIOLATED, f"nothing is set at {path}", expected, path)
        referred = ((place, _referred(selection.plan, resource, place, target)) for place in places)
        wrong = [(place, found) for place, found in referred if not found]
        if not wrong:
            return None
        place, found = min(wrong, key=lambda each: each[1] is None)
        if found is None:
            where = lost_in(selection.plan, resource, place.path)
            observed = (
                f"{place.path} is {place.shown}"
                if place.perhaps
                else f"what {place.path} refers to cannot be determined{where}"
            )
            return _found(resource, Verdict.UNDETERMINED, observed, expected, place.path)
        observed = f"{place.path} is {place.shown}, which refers to no {target} of this plan"
        return _found(resource, Verdict.VIOLATED, observed, expected, place.path)

    return _judge(selection, judged)


def _found(
    resource: ResourceChange, verdict: Verdict, observed: str, expected: str, path: str
) -> Finding:
    return Finding(resource.address, verdict, observed, expected, path)


def _referred(plan: Plan, resource: ResourceChange, place: Value, target: str) -> tuple[str, ...] | None:
    """The targets; none where the expression surely names something else; None if nobody can tell."""
    if place.perhaps:
        return None
    steps = path_steps(place.path)
    found = graph(plan).targets(resource, steps, target, one_of_them=True)
    written = graph(plan).of(resource, *steps)
    kinds = {each.change.type for each in (*written.targets, *written.passed_on) if each.change}
    elsewhere = not written.lost and written.targets and target not in kinds
    return () if found is None and elsewhere else found


def count(selection: Selection, *, minimum: int = 0, maximum: int | None = None) -> Judgement:
    """Judge how many there are. What was looked through counts as examined.

    None is at most any number, if what was asked for has a name that is known.
    """
    if selection.applies is False or (maximum is not None and not _is_known(selection)):
        return judge((), ())
    surely = [each for each in selection.resources if each.address not in selection.unsure]
    most = len(selection.resources)
    limit = f"at most {maximum}" if maximum is not None else f"at least {minimum}"
    expected = "none" if maximum == 0 else limit
    if maximum is not None:
        verdict = _three(len(surely) > maximum, most <= maximum)
        blamed = [each.address for each in selection.resources]
    else:
        verdict = _three(most < minimum, len(surely) >= minimum)
        blamed = []
    if selection.applies is None and verdict is Verdict.VIOLATED:
        verdict = Verdict.UNDETERMINED
    examined = [each.address for each in selection.considered]
    if verdict is Verdict.SATISFIED:
        none = [f"({selection.text})"] if maximum is not None else []
        return judge(examined or blamed or none, ())
    observed = f"the plan has {most} {selection.text}"
    addresses = blamed or [f"({selection.text})"]
    return judge(
        [*examined, *addresses],
        (Finding(address, verdict, observed, expected) for address in addresses),
    )


def _is_known(selection: Selection) -> bool:
    kind = selection.kind
    return bool(selection.considered) or kind is None or names(selection.plan).knows_type(*kind)


def _three(violated: bool, satisfied: bool) -> Verdict:
    if violated:
        return Verdict.VIOLATED
    return Verdict.SATISFIED if satisfied else Verdict.UNDETERMINED


def _judge(selection: Selection, judged: Callable[[ResourceChange], Finding | None]) -> Judgement:
    """A resource that may not belong to the selection cannot violate for sure."""
    findings: list[Finding] = []
    for resource in selection.resources:
        finding = judged(resource)
        if finding is not None and resource.address in selection.unsure:
            finding = finding._replace(verdict=Verdict.UNDETERMINED)
        if finding is not None:
            findings.append(finding)
    return judge((resource.address for resource in selection.resources), findings)


def _answer(relation: Relation, place: Value, negated: bool) -> bool | None:
    """What is demanded must be written: a switch that nobody set is then a plain no."""
    answer = relation(place)
    empty = place.peek() in (NULL, Known([]))
    return False if answer is None and not negated and empty else answer


def _verdict(answer: bool | None, negated: bool) -> Verdict:
    if answer is None:
        return Verdict.UNDETERMINED
    return Verdict.SATISFIED if answer is not negated else Verdict.VIOLATED


def texts(listed: str) -> Sequence[str]:
    """Split "a, b, c" as a requirement writes a list."""
    return [text.strip() for text in listed.split(",")]
