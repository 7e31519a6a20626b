"""Which resources is a requirement about: by type, tags, module, action, or a value that they have?"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planspec.errors import FeatureError
from planspec.judgements.cost.tagging import taggable
from planspec.judgements.generic.paths import values_at
from planspec.judgements.generic.pseudo_resources import data_read
from planspec.judgements.generic.relations import Relation
from planspec.plan import Action, Mode, Plan, ResourceChange, module_pattern
from planspec.schema import names


class Selection(NamedTuple):
    """Resources that a requirement is about.

    `unsure` holds the addresses of which the plan does not tell whether they belong to it;
    `considered` is what was looked through, and `text` says in words what was looked for. `applies`:
    whether anything is asked of it in this plan at all; None if the plan does not tell. `only`: the
    types that a filter has left, also those of which the plan has none.
    """

    plan: Plan
    resources: tuple[ResourceChange, ...]
    considered: tuple[ResourceChange, ...]
    text: str
    unsure: frozenset[str] = frozenset()
    kind: tuple[Mode, str] | None = None
    applies: bool | None = True
    only: tuple[str, ...] = ()

    @property
    def kinds(self) -> Iterable[tuple[Mode, str]]:
        """The types that it is about; also the one that was asked for where the plan has none of it."""
        if self.kind:
            return (self.kind,)
        if self.only:
            return [(Mode.MANAGED, each) for each in self.only]
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
