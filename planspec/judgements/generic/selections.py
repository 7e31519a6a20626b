"""Which resources is a requirement about: by type, tags, module, action, or a value that they have?"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planspec.errors import FeatureError, UnknownName
from planspec.finding import Judgement, Verdict
from planspec.judgements.cost.tagging import taggable
from planspec.judgements.generic.configuration_parts import whole
from planspec.judgements.generic.paths import lacks, values_at
from planspec.judgements.generic.pseudo_resources import Part, data_read
from planspec.judgements.generic.relations import OneOf, Relation, is_set
from planspec.plan import (
    ANYWHERE,
    Action,
    Known,
    Mode,
    Plan,
    ResourceChange,
    Value,
    filtered_by,
    module_pattern,
    steps,
    written,
)
from planspec.references import graph
from planspec.schema import names
from planspec.syntax import DID_YOU_MEAN, did_you_mean


class Selection(NamedTuple):
    """Resources that a requirement is about.

    `unsure` holds the addresses of which the plan does not tell whether they belong to it;
    `considered` is what was looked through, and `text` says in words what was looked for. `applies`:
    whether anything is asked of it in this plan at all; None if the plan does not tell. `subject` is
    the name by which the vocabulary knows it, "" for one that was chosen by type or action, and
    `types` are those of a subject of which the plan may have none. `only`: the types that a
    filter has left, also those of which the plan has none.
    """

    plan: Plan
    resources: tuple[ResourceChange, ...]
    considered: tuple[ResourceChange, ...]
    text: str
    unsure: frozenset[str] = frozenset()
    kind: tuple[Mode, str] | None = None
    applies: bool | None = True
    only: tuple[str, ...] = ()
    subject: str = ""
    types: tuple[str, ...] = ()

    @property
    def left_out(self) -> frozenset[str]:
        """The addresses that a filter took away."""
        kept = {each.address for each in self.resources}
        return frozenset(each.address for each in self.considered if each.address not in kept)

    @property
    def kinds(self) -> Iterable[tuple[Mode, str]]:
        """The types that it is about; also the one that was asked for where the plan has none of it."""
        if self.kind:
            return (self.kind,)
        if self.only:
            return [(Mode.MANAGED, each) for each in self.only]
        told = dict.fromkeys((each.mode, each.type) for each in self.considered)
        return told or [(Mode.MANAGED, each) for each in self.types]


def of_others(
    plan: Plan,
    kind: str,
    attribute: str,
    chosen: Sequence[ResourceChange],
    targets: Sequence[str],
) -> Sequence[ResourceChange]:
    """Return the resources of a kind that belong to something that was not chosen, and to nothing else.

    `targets` are the types of what is chosen, which the attribute names.
    """
    names_of_chosen = {each.address for each in chosen}
    others = [each for each in plan.remaining(*targets) if each.address not in names_of_chosen]
    if not others:
        return ()
    joins = [(target, graph(plan).incoming(kind, (attribute,), target)) for target in targets]

    def belonging(owners: Iterable[ResourceChange]) -> list[ResourceChange]:
        return [
            each
            for one in owners
            for target, join in joins
            if target == one.type
            for each in join.to(one)
        ]

    ours = belonging(chosen)
    return [each for each in belonging(others) if each not in ours]


def as_sure_as(selection: Selection, judgement: Judgement) -> Judgement:
    """Return a judgement of what was selected: what may not belong to it violates nothing for sure.

    A finding may name something else, such as the policy of a bucket: whose it is, is not told then.
    """
    if not selection.unsure:
        return judgement
    surely = {each.address for each in selection.resources} - selection.unsure
    findings = (
        each if each.address in surely else each._replace(verdict=Verdict.UNDETERMINED)
        for each in judgement.findings
    )
    return judgement._replace(findings=tuple(findings))


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
    """What is no resource: variables or outputs of the plan."""
    return Selection(plan, tuple(parts), tuple(parts), text)


def of_configuration(plan: Plan, parts: Sequence[ResourceChange], text: str) -> Selection:
    """Parts that only the configuration tells of. Where a plan does not hold it, there may be any."""
    if plan.has_configuration:
        return Selection(plan, tuple(parts), tuple(parts) or (whole(plan),), text)
    unknown = whole(plan)
    return Selection(plan, (unknown,), (unknown,), text, frozenset({unknown.address}))


def require_path(selection: Selection, path: str, *, absence: bool = False) -> None:
    """Raise UnknownName for a path that none of what was looked through has, also inside its filters.

    `absence`: it must not be set, so that it is enough if any type at all can have it.
    """
    asked = [path, *(f"$.{written(each).removeprefix('.')}" for each in filtered_by(path))]
    about = selection.resources or selection.considered
    parts = [each for each in about if isinstance(each, Part)]
    whole_of_parts = parts and len(parts) == len(about)
    for each in asked:
        if whole_of_parts:
            problems = [part.problem(each) for part in parts]
            if all(problems):
                raise UnknownName(f'"{path}": {problems[0]}')
        else:
            known = names(selection.plan)
            anywhere = absence and (selection.kind is None or ANYWHERE in steps(each))
            known.require_path(selection.kinds, selection.resources, each, anywhere=anywhere)


def asked_of(resource: ResourceChange, relation: Relation) -> Relation:
    """The relation for one resource: what nobody wrote for a provider may be set elsewhere."""
    if not isinstance(resource, Part) or relation is is_set:
        return relation
    return lambda place: None if resource.set_elsewhere(place) else relation(place)


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
    require_path(selection, path)
    names(selection.plan).require_tag(selection.resources, path)
    kept: list[ResourceChange] = []
    unsure = set(selection.unsure)
    places = [values_at(selection.plan, resource, path) for resource in selection.resources]
    misspelt = all(place.misnamed for found in places for place in found)
    for resource, found in zip(selection.resources, places, strict=True):
        asked = asked_of(resource, relation)
        # A key of a text, or of a list without its [*], tells nothing; another type just lacks the name.
        inside = misspelt or not lacks(resource, path)
        answers = [None if inside and place.misnamed else asked(place) for place in found]
        answer = True if True in answers else None if None in answers else False
        if negated and answer is not None:
            answer = not answer
        if answer is not False:
            kept.append(resource)
        if answer is None:
            unsure.add(resource.address)
    if not kept and isinstance(relation, OneOf):
        _tell_near_value(selection, path, relation.texts[0], places)
    return selection._replace(resources=tuple(kept), unsure=frozenset(unsure))


def _tell_near_value(
    selection: Selection, path: str, text: str, places: Sequence[Sequence[Value]]
) -> None:
    """Say that a value is there in other capitals; of a name that is nearly there, raise UnknownName."""
    states = [place.peek() for found in places for place in found]
    there = [each.value for each in states if isinstance(each, Known)]
    texts = [each for each in there if isinstance(each, str)]
    if path in {"name", "address"} and all(isinstance(each, Part) for each in selection.considered):
        ends = [each for each in texts if each.endswith(f".{text}")]
        near = f'; {DID_YOU_MEAN} "{ends[0]}"?' if ends else did_you_mean(text, texts)
        if near:
            raise UnknownName(f'"{path}" is "{text}": there is no such {selection.text}{near}')
    other = next((each for each in texts if each.lower() == text.lower()), None)
    if other is not None:
        names(selection.plan).note(f'no {path} is "{text}"; there is "{other}". Capitals count')
