"""Is there anything of this name: a resource type, an attribute, a module, a tag?

A name that nothing knows selects nothing, and nothing selected looks like nothing wrong. So each name
in a feature is looked for in the plan and in the schemas of its providers, and a misspelt one is an
error that names the nearest. What the plan itself holds is always known, whatever version a schema has.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Final

from planspec.errors import UnknownName
from planspec.plan import (
    ABSENT,
    EVERY,
    UNKNOWN,
    Mode,
    Plan,
    ResourceChange,
    called,
    enclosing,
    module_pattern,
    modules,
    paths,
)
from planspec.schema.attribute_paths import problem_of
from planspec.schema.provider import Index, Schemas, provider_name
from planspec.syntax import DID_YOU_MEAN, did_you_mean, near_key, near_name

Kind = tuple[Mode, str]
MOST_LOOKED_AT: Final = 50
_OTHER: Final = "; names of another provider, or version: planspec schema DIR"


def names(plan: Plan) -> "Names":
    """The names that this plan and its schemas know."""
    return plan.attached(Names)


class Names:
    """The names that a plan and the schemas of its run know. `notes` say what was not checked."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.schemas = plan.provided(Schemas) or Schemas()
        self._notes: dict[str, None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know about names that were not checked, or not fully."""
        return tuple(self._notes)

    def knows_type(self, mode: Mode, kind: str) -> bool:
        """Whether the plan or a schema has this type."""
        return bool(
            (mode, kind) in self._plan.by_type
            or self.schemas.find(mode, kind)
            or (mode, kind) in self._written
            or (mode is Mode.DATA and kind in self._read)
        )

    def require_type(self, mode: Mode, kind: str) -> None:
        """Raise UnknownName unless the plan or a schema has this type."""
        if self.knows_type(mode, kind):
            self._note_other_provider(mode, kind)
            return
        if self.schemas.allow_unknown:
            self._notes[f'nothing knows the type "{kind}", which --allow-unknown-type lets pass'] = None
            return
        what = "data source" if mode is Mode.DATA else "resource type"
        raise UnknownName(
            f'"{kind}": no {what} of this plan or of a known provider{self._nearest(mode, kind)}'
        )

    def _note_other_provider(self, mode: Mode, kind: str) -> None:
        """Note a type of a provider that the plan has nothing of, where it has some of others."""
        provider = kind.partition("_")[0]
        if self._prefixes and provider not in self._prefixes:
            note = f'the plan has nothing of provider "{provider}", so no requirement about it applies'
            self._notes[note] = None

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        kinds = {kind for _, kind in (*self._plan.by_type, *self._written)} | self._read
        return frozenset(each.partition("_")[0] for each in kinds)

    def _nearest(self, mode: Mode, kind: str) -> str:
        other = Mode.MANAGED if mode is Mode.DATA else Mode.DATA
        if (other, kind) in self._plan.by_type or self.schemas.find(other, kind):
            phrase = "every planned" if other is Mode.MANAGED else "every data source"
            return f'; it is the other kind: we examine {phrase} "{kind}"'
        known = {each for at, each in self._plan.by_type if at is mode} | set(self.schemas.names(mode))
        near = near_name(kind, known)
        if near:
            return f'; {DID_YOU_MEAN} "{near}"?'
        return f"{_OTHER}, or --schema FILE; --allow-unknown-type goes on without"

    @cached_property
    def _written(self) -> frozenset[Kind]:
        """The types in the configuration; a module with count = 0 stands nowhere else."""
        return frozenset(
            (Mode(block.mode), block.type)
            for module in modules(self._plan.configuration.root_module)
            for block in module.resources
            if block.mode in set(Mode)
        )

    @cached_property
    def _read(self) -> frozenset[str]:
        return frozenset(source.type for source in self._plan.data_sources.values())

    def note(self, text: str) -> None:
        """Keep what a reader should know about a name or a value that selects nothing."""
        self._notes[text] = None

    def require_path(
        self,
        kinds: Iterable[Kind],
        resources: Sequence[ResourceChange],
        path: str,
        *,
        anywhere: bool = False,
    ) -> None:
        """Raise UnknownName if no type has such a path, and none of the resources either.

        `anywhere`: it is enough that any type of a known schema has an attribute of this name.
        """
        steps = paths.steps(path)
        problems = []
        for mode, kind in kinds:
            found = self._problem(mode, kind, steps)
            if not found:
                return
            problems.append(found)
        if problems and anywhere and self._is_somewhere(steps):
            return
        if problems and not any(_has(resource, path) for resource in resources[:MOST_LOOKED_AT]):
            told = next((each for each in problems if DID_YOU_MEAN in each), problems[0])
            raise UnknownName(f'"{path}": {told}')

    def _problem(self, mode: Mode, kind: str, steps: Sequence[paths.Step]) -> str:
        """What is wrong with the path for this type; "" if nothing is, or nobody can tell."""
        known = self.schemas.find(mode, kind)
        if not known:
            return self._problem_in_plan(mode, kind, steps)
        if self._is_newer(mode, kind, known, steps):
            return ""
        problems = [problem_of(index, number, kind, steps) for index, number in known]
        version = self.schemas.version_for(kind)
        return f"{problems[0]} ({version})" if all(problems) else ""

    def _is_somewhere(self, steps: Sequence[paths.Step]) -> bool:
        first = next((each for each in steps if isinstance(each, tuple)), ())
        return any(self.schemas.has_attribute(name) for name in first)

    def _is_newer(
        self, mode: Mode, kind: str, known: Sequence[tuple[Index, int]], steps: Sequence[paths.Step]
    ) -> bool:
        """Whether the plan states an attribute that no schema has: it comes from another version."""
        first = steps[0] if steps else EVERY
        if not isinstance(first, tuple) or any(
            name in index.block(number) for index, number in known for name in first
        ):
            return False
        resources = self._plan.by_type.get((mode, kind), ())[:MOST_LOOKED_AT]
        return any(each.values.get(name).peek() is not ABSENT for each in resources for name in first)

    def _problem_in_plan(self, mode: Mode, kind: str, steps: Sequence[paths.Step]) -> str:
        """Without a schema: Terraform writes every attribute, so the plan knows the first name."""
        resources = self._plan.by_type.get((mode, kind), ())
        if not resources or self.schemas.allow_unknown:
            return ""
        provider = provider_name(resources[0].provider) or kind.partition("_")[0]
        note = f'names of provider "{provider}" are checked against this plan alone{_OTHER}'
        self._notes[note] = None
        first = steps[0] if steps else EVERY
        here = {
            name
            for resource in resources[:MOST_LOOKED_AT]
            for values in (resource.after, resource.before)
            for name, _ in values.entries()
        }
        if not here or not isinstance(first, tuple) or here.intersection(first):
            return ""
        return f'no {kind} of this plan has the attribute "{first[0]}"{did_you_mean(first[0], here)}'

    def require_tag(self, resources: Sequence[ResourceChange], path: str) -> None:
        """Raise UnknownName if the path asks for a tag that none of them has, but nearly has.

        A tag that is simply not there is no slip: nobody may have set it yet.
        """
        key = tag_key(path)
        if key is None:
            return
        there: dict[str, None] = {}
        for resource in resources:
            for attribute in ("tags", "tags_all"):
                there |= dict.fromkeys(name for name, _ in resource.values.get(attribute).entries())
            if key in there:
                return
        near = near_key(key, there)
        if near is not None:
            raise UnknownName(
                f'"{path}": no selected resource has the tag "{key}"; did you mean "{near}"?'
                " Capitals count"
            )

    def require_module(self, module: str) -> None:
        """Raise UnknownName unless the configuration calls this module, or the plan has it."""
        pattern = module_pattern(module)
        addresses = {change.module_address for change in self._plan.changes} - {""}
        if any(pattern.match(address) for address in addresses):
            return
        in_source = set(called(self._plan.configuration.root_module))
        if module.removesuffix(".") not in in_source:
            known = in_source | {above for address in addresses for above in enclosing(address)}
            meant = did_you_mean(module, known) or _listed(known)
            raise UnknownName(f'module "{module}": not in this plan{meant}')


def tag_key(path: str) -> str | None:
    """The key that a path such as `tags.Owner` asks for."""
    match paths.steps(path):
        case (("tags",) | ("tags_all",), (str(key),), *_):
            return key
        case _:
            return None


def _listed(known: Collection[str]) -> str:
    some = ", ".join(sorted(known)[:5])
    return (
        f"; it has {some}{' and more' if len(known) > 5 else ''}" if some else ", which has no modules"
    )


def _has(resource: ResourceChange, path: str) -> bool:
    """Whether the plan states something there; what is unknown around a place tells nothing of it."""
    places = paths.select(resource.values, path)
    return any(not place.misnamed and place.peek() not in (ABSENT, UNKNOWN) for place in places)
