"""Does the configuration set an attribute that no plan ever states?

A provider takes the value of a write-only attribute and keeps it nowhere: a plan shows null, whether or
not somebody set it. What is written for it tells. Sources: Terraform 1.11, "Use write-only arguments";
"Providers Schema Representation", `write_only`.
"""

from typing import Final

from planspec.plan import ABSENT, NULL, Known, Plan, ResourceChange, Value
from planspec.references import graph
from planspec.schema import names
from planspec.syntax import Expression, Literal, Mentions, ModulePath, Template, Traversal

_SUFFIX: Final = "_wo"
_FLAG: Final = "w"
_DEEPEST: Final = 20
# What a reference to one of these gives cannot be told without the source: it may be null.
_OPEN: Final = frozenset({"local", "each", "count", "path", "terraform", "self"})


class Given(Value):
    """A value that is set, and of which nothing else is known."""

    __slots__ = ()

    @property
    def is_set(self) -> bool | None:
        """It is."""
        return True

    @property
    def shown(self) -> str:
        """Never the value."""
        return "(set, and kept nowhere: it is write-only)"


class Open(Value):
    """A write-only value of which the plan does not tell whether it is set."""

    __slots__ = ()

    @property
    def shown(self) -> str:
        """Why it is not known."""
        return "(write-only, so that no plan states it)"


def as_configured(plan: Plan, resource: ResourceChange, place: Value) -> Value:
    """The place as it is, or what the configuration tells of a write-only one."""
    if not resource.will_exist or not _is_write_only(plan, resource, place):
        return place
    answer = _is_set(plan, resource, place)
    made = {True: Given, False: Value, None: Open}[answer]
    return made(None, answer is not False, path=place.path, note=place.note)


def _is_write_only(plan: Plan, resource: ResourceChange, place: Value) -> bool:
    steps = place.steps
    name = steps[-1] if steps else None
    if not isinstance(name, str) or place.stated is not None or place.peek() is ABSENT:
        return False
    return name.endswith(_SUFFIX) or (len(steps) == 1 and _is_flagged(plan, resource, name))


def _is_flagged(plan: Plan, resource: ResourceChange, name: str) -> bool:
    """Whether the schema of the type marks the attribute as write-only."""
    found = names(plan).schemas.find(resource.mode.value, resource.type)
    shapes = (index.block(number).get(name) for index, number in found)
    return any(shape is not None and _FLAG in shape.flags for shape in shapes)


def _is_set(plan: Plan, resource: ResourceChange, place: Value) -> bool | None:
    """Whether the configuration sets it; None where that cannot be told, as inside a block."""
    resolver = graph(plan)
    if len(place.steps) != 1 or not resolver.has_block(resource):
        return None
    written = resolver.unit(resource).argument(str(place.steps[0]))
    if written is None:
        return False
    return _gives(plan, resolver.path(resource.module_address), written)


def _gives(plan: Plan, module: ModulePath, written: Expression, depth: int = 0) -> bool | None:
    """Whether an expression gives a value; None where it may be null."""
    match written:
        case Literal(value):
            return value not in (None, "")
        case Template(parts):
            return any(isinstance(each, Literal) and each.value for each in parts) or None
        case Traversal(("var", str(name))) | Mentions((("var", str(name)),)) if depth < _DEEPEST:
            return _variable(plan, module, name, depth)
        case Traversal((str(first), *_)) | Mentions(((str(first), *_),)):
            return None if first in _OPEN or first == "var" else True
        case _:
            return None


def _variable(plan: Plan, module: ModulePath, name: str, depth: int) -> bool | None:
    """Whether a variable has a value. A switch in an expression chooses; it is no secret itself."""
    resolver = graph(plan)
    declared = resolver.module(module).module.variable(name)
    if not module:
        given = plan.variables.get(name)
        if given is not None:
            state = given.peek()
            if isinstance(state, Known):
                return None if isinstance(state.value, bool) else state.value != ""
            return False if state is NULL else None
    else:
        outer = module[:-1]
        argument = resolver.module(outer).call(module[-1][0]).argument(name)
        if argument is not None:
            return _gives(plan, outer, argument, depth + 1)
    # An ephemeral variable is in no plan; one with a default of null may be left out.
    if declared is not None and declared.has_default:
        return None if declared.value in (None, "") or not module else True
    return True if declared is not None else None
