"""Is there anything of this name: a resource type, an attribute, a module, a tag?

A name that nothing knows selects nothing, and nothing selected looks like nothing wrong. So each name
in a feature is looked for in the plan and in the schemas of its providers, and a misspelt one is an
error that names the nearest. What the plan itself holds is always known, whatever version a schema has.
"""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from planspec import query
from planspec.change import Mode, ResourceChange
from planspec.configuration import Module
from planspec.errors import UnknownName
from planspec.marks import near_key
from planspec.plan import Plan
from planspec.provider_schema import Index, Schemas, Shape, provider_name
from planspec.query import ANY_CHILD, ANYWHERE, EVERY
from planspec.value import ABSENT, UNKNOWN

Kind = tuple[Mode, str]
MOST_LOOKED_AT: Final = 50
SHORT: Final = 4
_KEYS: Final = re.compile(r"\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\]")
_CALL: Final = re.compile(r"module\.([\w-]+)(\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\])?(?:\.|\Z)")
_DID_YOU_MEAN: Final = "did you mean"
_OTHER: Final = "; names of another provider, or version: planspec schema DIR"


def names(plan: Plan) -> "Names":
    """The names that this plan and its schemas know."""
    return plan.attached(Names)


class Names:
    """The names that one plan and the schemas at hand know. `notes` say what could not be checked."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.schemas = Schemas()
        self._notes: dict[str, None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know about names that were not checked, or not fully."""
        return tuple(self._notes)

    def require_type(self, mode: Mode, kind: str) -> None:
        """Raise UnknownName unless the plan or a schema has this type."""
        if (mode, kind) in self._plan.by_type or self.schemas.find(mode, kind):
            return
        if (mode, kind) in self._written or (mode is Mode.DATA and kind in self._read):
            return
        if self.schemas.allow_unknown:
            self._notes[f'nothing knows the type "{kind}", which --allow-unknown-type lets pass'] = None
            return
        what = "data source" if mode is Mode.DATA else "resource type"
        raise UnknownName(
            f'"{kind}": no {what} of this plan or of a known provider{self._nearest(mode, kind)}'
        )

    def _nearest(self, mode: Mode, kind: str) -> str:
        other = Mode.MANAGED if mode is Mode.DATA else Mode.DATA
        if (other, kind) in self._plan.by_type or self.schemas.find(other, kind):
            phrase = "every planned" if other is Mode.MANAGED else "every data source"
            return f'; it is the other kind: we examine {phrase} "{kind}"'
        known = {each for at, each in self._plan.by_type if at is mode} | set(self.schemas.names(mode))
        near = nearest(kind, known)
        if near:
            return f'; {_DID_YOU_MEAN} "{near}"?'
        return f"{_OTHER}, or --schema FILE; --allow-unknown-type goes on without"

    @cached_property
    def _written(self) -> frozenset[Kind]:
        """The types in the configuration; a module with count = 0 stands nowhere else."""
        return frozenset(
            (Mode(block.mode), block.type)
            for module in _modules(self._plan.configuration.root_module)
            for block in module.resources
            if block.mode in set(Mode)
        )

    @cached_property
    def _read(self) -> frozenset[str]:
        return frozenset(source.type for source in self._plan.data_sources.values())

    def require_path(
        self, kinds: Iterable[Kind], resources: Sequence[ResourceChange], path: str
    ) -> None:
        """Raise UnknownName if no type has such a path, and none of the resources either."""
        steps = query.steps(path)
        problems = []
        for mode, kind in kinds:
            found = self._problem(mode, kind, steps)
            if not found:
                return
            problems.append(found)
        if problems and not any(_has(resource, path) for resource in resources[:MOST_LOOKED_AT]):
            told = next((each for each in problems if _DID_YOU_MEAN in each), problems[0])
            raise UnknownName(f'"{path}": {told}')

    def _problem(self, mode: Mode, kind: str, steps: Sequence[query.Step]) -> str:
        """What is wrong with the path for this type; "" if nothing is, or nobody can tell."""
        known = self.schemas.find(mode, kind)
        if not known:
            return self._problem_in_plan(mode, kind, steps)
        if self._is_newer(mode, kind, known, steps):
            return ""
        problems = [problem_of(index, number, kind, steps) for index, number in known]
        version = self.schemas.version_for(kind)
        return f"{problems[0]} ({version})" if all(problems) else ""

    def _is_newer(
        self, mode: Mode, kind: str, known: Sequence[tuple[Index, int]], steps: Sequence[query.Step]
    ) -> bool:
        """Whether the plan states an attribute that no schema has: it comes from another version."""
        first = steps[0] if steps else EVERY
        if not isinstance(first, tuple) or any(
            name in index.block(number) for index, number in known for name in first
        ):
            return False
        resources = self._plan.by_type.get((mode, kind), ())[:MOST_LOOKED_AT]
        return any(each.values.get(name).peek() is not ABSENT for each in resources for name in first)

    def _problem_in_plan(self, mode: Mode, kind: str, steps: Sequence[query.Step]) -> str:
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
        return f'no {kind} of this plan has the attribute "{first[0]}"{_meant(first[0], here)}'

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
        called = set(_called(self._plan))
        if module.removesuffix(".") not in called:
            known = called | {above for address in addresses for above in _prefixes(address)}
            meant = _meant(module, known) or _listed(known)
            raise UnknownName(f'module "{module}": not in this plan{meant}')


def module_pattern(module: str) -> re.Pattern[str]:
    """What the addresses of a module's instances look like; a call without a key means all of them.

    Raises UnknownName for a text that is no module address.
    """
    calls = _CALL.findall(module)
    if "".join(f"module.{name}{key}." for name, key in calls) != f"{module.removesuffix('.')}.":
        raise UnknownName(f'module "{module}": write it as Terraform does: "module.{module}"')
    levels = (
        rf"module\.{re.escape(name)}" + (re.escape(key) if key else rf"(?:{_KEYS.pattern})?")
        for name, key in calls
    )
    return re.compile(r"\.".join(levels) + r"(?:[.\[].*)?\Z", re.DOTALL)


def problem_of(index: Index, number: int, kind: str, steps: Sequence[query.Step]) -> str:
    """What is wrong with a path into this block of a type; "" if nothing is, or nobody can tell."""
    return _Walk(index, kind).problem(Shape((), number), steps)


class _Walk:
    """A walk along a path through the blocks of one type."""

    def __init__(self, index: Index, kind: str) -> None:
        self._index = index
        self._kind = kind
        self._so_far = ""

    def problem(self, shape: Shape, steps: Sequence[query.Step]) -> str:
        """What is wrong with the path; "" if nothing is, or if it enters a text or a free value."""
        for place, step in enumerate(steps):
            if step == ANY_CHILD:
                return ""
            if step == ANYWHERE:
                return self._nowhere(shape, steps[place + 1 :])
            if not isinstance(step, tuple):
                shape = shape.inner if shape.around else shape
                self._so_far += "[*]" if step == EVERY else f"[{step}]"
                continue
            found = self._enter(shape, step, steps[place:])
            if not isinstance(found, Shape):
                return found
            shape = found
        return ""

    def _enter(self, shape: Shape, asked: tuple[str, ...], rest: Sequence[query.Step]) -> Shape | str:
        """What stands under these names, or what is wrong; "" where nobody can tell."""
        if shape.around[:1] == ("map",):
            return shape.inner
        if shape.around:
            path = query.written([EVERY, *rest])
            return f'{self._so_far} is a {shape.around[0]}; write "{self._so_far}{path}"'
        if not isinstance(shape.leaf, int):
            inside = f"{self._so_far} is a {shape.leaf}, with nothing inside"
            return "" if shape.leaf in {"string", "dynamic"} else inside
        block = self._index.block(shape.leaf)
        known = [name for name in asked if name in block]
        if not known:
            where = f"{self._so_far} of {self._kind}" if self._so_far else self._kind
            return f'{where} has no attribute "{asked[0]}"{_meant(asked[0], block)}'
        self._so_far += f".{known[0]}" if self._so_far else known[0]
        return block[known[0]]

    def _nowhere(self, shape: Shape, rest: Sequence[query.Step]) -> str:
        """A name that stands nowhere below; a text may hold any, so only a near one is a slip."""
        first = rest[0] if rest else EVERY
        below = set(self._names_below(shape)) if isinstance(first, tuple) else set()
        if not isinstance(first, tuple) or below.intersection(first):
            return ""
        meant = _meant(first[0], below)
        return f'{self._kind} has "{first[0]}" nowhere{meant}' if meant else ""

    def _names_below(self, shape: Shape) -> Iterator[str]:
        open_blocks, seen = [shape.leaf], set()
        while open_blocks:
            leaf = open_blocks.pop()
            if isinstance(leaf, int) and leaf not in seen:
                seen.add(leaf)
                yield from self._index.block(leaf)
                open_blocks += [each.leaf for each in self._index.block(leaf).values()]


def tag_key(path: str) -> str | None:
    """The key that a path such as `tags.Owner` asks for."""
    match query.steps(path):
        case (("tags",) | ("tags_all",), (str(key),), *_):
            return key
        case _:
            return None


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that was probably meant."""
    found = difflib.get_close_matches(name, known, 1, 0.75 if len(name) > SHORT else 0.6)
    return found[0] if found else next((each for each in known if each.lower() == name.lower()), None)


def _meant(name: str, known: Collection[str]) -> str:
    near = nearest(name, known)
    return f'; {_DID_YOU_MEAN} "{near}"?' if near else ""


def _listed(known: Collection[str]) -> str:
    some = ", ".join(sorted(known)[:5])
    return (
        f"; it has {some}{' and more' if len(known) > 5 else ''}" if some else ", which has no modules"
    )


def _has(resource: ResourceChange, path: str) -> bool:
    """Whether the plan states something there; what is unknown around a place tells nothing of it."""
    places = query.select(resource.values, path)
    return any(not place.misnamed and place.peek() not in (ABSENT, UNKNOWN) for place in places)


def _prefixes(address: str) -> Iterator[str]:
    """`module.a["x"]` and `module.a["x"].module.b` of `module.a["x"].module.b`."""
    so_far = ""
    for name, key in _CALL.findall(address):
        so_far += f"{'.' if so_far else ''}module.{name}{key}"
        yield so_far


def _modules(root: Module) -> Iterator[Module]:
    open_modules = [root]
    while open_modules:
        module = open_modules.pop()
        yield module
        open_modules += [inner for _, inner in _calls(module)]


def _called(plan: Plan) -> Iterator[str]:
    """Every module of the configuration, without keys."""
    open_modules = [("", plan.configuration.root_module)]
    while open_modules:
        above, module = open_modules.pop()
        for name, inner in _calls(module):
            here = f"{above}.module.{name}" if above else f"module.{name}"
            yield here
            open_modules.append((here, inner))


def _calls(module: Module) -> list[tuple[str, Module]]:
    calls = module.module_calls
    found = calls.items() if isinstance(calls, dict) else ()
    return [(name, call.module or Module()) for name, call in found]
