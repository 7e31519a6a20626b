"""Does every resource of some kind hold a stated value? The vocabulary for anybody's plan."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from planspec.errors import FeatureError
from planspec.finding import Finding, Judgement, Verdict, best, judge, worst
from planspec.judgements.cost.tagging import taggable
from planspec.judgements.generic.paths import no_such_attribute, values_at
from planspec.judgements.generic.pseudo_resources import data_read
from planspec.judgements.generic.relations import Relation, doubt
from planspec.plan import NULL, Action, Mode, Plan, ResourceChange, Value, module_pattern
from planspec.references import graph, lost_in
from planspec.schema import names
from planspec.syntax import path_steps


class Selection(NamedTuple):
    """Resources that a requirement is about.

    `unsure` holds the addresses of which the plan does not tell whether they belong to it;
    `considered` is what was looked through, and `text` says in words what was looked for.
    """

    plan: Plan
    resources: tuple[ResourceChange, ...]
    considered: tuple[ResourceChange, ...]
    text: str
    unsure: frozenset[str] = frozenset()
    kind: tuple[Mode, str] | None = None

    @property
    def kinds(self) -> Iterable[tuple[Mode, str]]:
        """The types that it is about; also the one that was asked for where the plan has none of it."""
        if self.kind:
            return (self.kind,)
        return dict.fromkeys((each.mode, each.type) for each in self.considered)


def of_type(plan: Plan, kind: str, *, mode: Mode = Mode.MANAGED) -> Selection:
    """Every resource of this type that exists once the plan is applied.

    A data source counts wherever it is read, while planning or at apply.
    Raises UnknownName for a type that nothing knows.
    """
    names(plan).require_type(mode, kind)
    found = plan.remaining(kind, mode=mode)
    if mode is Mode.DATA:
        read_at_apply = {each.address for each in found}
        found += tuple(each for each in data_read(plan, kind) if each.address not in read_at_apply)
    return Selection(plan, found, found, kind, kind=(mode, kind))


def of_any_type(plan: Plan) -> Selection:
    """Every managed resource that exists once the plan is applied."""
    found = tuple(change for change in plan.changes if change.managed and change.will_exist)
    return Selection(plan, found, found, "resource")


def of_parts(plan: Plan, parts: Sequence[ResourceChange], text: str) -> Selection:
    """What is no resource: variables, outputs or providers of the plan."""
    return Selection(plan, tuple(parts), tuple(parts), text)


def with_tags(plan: Plan) -> Selection:
    """Every managed resource that supports tags."""
    found = taggable(plan)
    return Selection(plan, found, found, "resource that supports tags")


def in_module(selection: Selection, module: str) -> Selection:
    """Those inside a module: `module.shop` means all its instances and what they call.

    Raises UnknownName for a module that is not in the plan.
    """
    names(selection.plan).require_module(module)
    inside = module_pattern(module)
    kept = tuple(each for each in selection.resources if inside.match(each.module_address))
    # A module without any instance was looked through by nobody: that is not applicable.
    there = any(inside.match(each.module_address) for each in selection.plan.changes)
    considered = selection.considered if there else ()
    text = f"{selection.text} in {module}"
    return selection._replace(resources=kept, considered=considered, text=text)


def with_action(plan: Plan, kind: str | None, action: str) -> Selection:
    """Every change that does this; a replacement is a delete and a create.

    Raises FeatureError for an action that Terraform does not have, UnknownName for such a type.
    """
    if kind is not None:
        names(plan).require_type(Mode.MANAGED, kind)
    if action not in {*Action, "replace"}:
        known = ", ".join([*Action, "replace"])
        raise FeatureError(f'action "{action}" does not exist; one of {known}')
    considered = tuple(
        change for change in plan.changes if change.managed and kind in (None, change.type)
    )
    kept = tuple(
        change
        for change in considered
        if (change.replaced if action == "replace" else Action(action) in change.actions)
    )
    text = f"{kind or 'resource'} with action {action}"
    return Selection(plan, kept, considered, text, kind=(Mode.MANAGED, kind) if kind else None)


def keep(selection: Selection, path: str, relation: Relation, *, negated: bool = False) -> Selection:
    """Keep the resources of which some value at the path stands in the relation.

    A resource of which that cannot be told is kept as unsure: nothing violates it for sure, and it
    is satisfied only if it holds anyway. So are all, if none of them has such an attribute: then
    the path is misspelt, and keeping none of them would pass for a selection.

    Raises UnknownName for a path that nothing knows, and for a tag that is there but for a letter.
    """
    known = names(selection.plan)
    known.require_path(selection.kinds, selection.resources, path)
    known.require_tag(selection.resources, path)
    kept: list[ResourceChange] = []
    unsure = set(selection.unsure)
    places = [values_at(selection.plan, resource, path) for resource in selection.resources]
    misspelt = all(place.misnamed for found in places for place in found)
    for resource, found in zip(selection.resources, places, strict=True):
        answers = [None if misspelt else relation(place) for place in found]
        answer = True if True in answers else None if None in answers else False
        if negated and answer is not None:
            answer = not answer
        if answer is not False:
            kept.append(resource)
        if answer is None:
            unsure.add(resource.address)
    return selection._replace(resources=tuple(kept), unsure=frozenset(unsure))


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
    names(selection.plan).require_path(selection.kinds, selection.resources, path)

    def judged(resource: ResourceChange) -> Finding | None:
        places = values_at(selection.plan, resource, path)
        missing = no_such_attribute(resource, path, places)
        if missing is not None:
            return missing._replace(expected=expected)
        places = _without_idle(places, quantifier, relation, negated)
        verdicts = [_verdict(_answer(relation, place, negated), negated) for place in places]
        if not verdicts:
            absent_is_good = negated and quantifier == "every"
            verdicts = [Verdict.SATISFIED if absent_is_good else Verdict.VIOLATED]
        verdict = (worst if quantifier == "every" else best)(verdicts)
        if verdict is Verdict.SATISFIED:
            return None
        shown = [place for place, each in zip(places, verdicts, strict=False) if each is verdict]
        observed = f"{shown[0].path} is {shown[0].shown}" if shown else f"nothing stands at {path}"
        why = doubt(relation, shown[0]) if shown and verdict is Verdict.UNDETERMINED else ""
        return Finding(
            resource.address, verdict, f"{observed}; {why}" if why else observed, expected, path
        )

    return _judge(selection, judged)


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
    known = names(selection.plan)
    known.require_path(selection.kinds, selection.resources, path)
    known.require_type(Mode.MANAGED, target)
    expected = f"a reference to a {target}"

    def judged(resource: ResourceChange) -> Finding | None:
        places = values_at(selection.plan, resource, path)
        missing = no_such_attribute(resource, path, places)
        if missing is not None:
            return missing._replace(expected=expected)
        if not places:
            return _found(resource, Verdict.VIOLATED, f"nothing stands at {path}", expected, path)
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
                else f"what {place.path} refers to cannot be told{where}"
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
    """Judge how many there are. What was looked through counts as examined."""
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
    examined = [each.address for each in selection.considered]
    if verdict is Verdict.SATISFIED:
        return judge(examined or blamed, ())
    observed = f"the plan has {most} {selection.text}"
    addresses = blamed or [f"({selection.text})"]
    return judge(
        [*examined, *addresses],
        (Finding(address, verdict, observed, expected) for address in addresses),
    )


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
    return False if answer is None and not negated and place.peek() is NULL else answer


def _verdict(answer: bool | None, negated: bool) -> Verdict:
    if answer is None:
        return Verdict.UNDETERMINED
    return Verdict.SATISFIED if answer is not negated else Verdict.VIOLATED


def texts(listed: str) -> Sequence[str]:
    """Split "a, b, c" as a requirement writes a list."""
    return [text.strip() for text in listed.split(",")]
