"""Where does a value in the plan come from?

A literal of the source, a variable, another resource, or the provider. Follows the same expressions
as the references do. What cannot be followed is said, never guessed.
"""

from typing import Final, NamedTuple

from planspec import syntax
from planspec.finding import OriginKind
from planspec.plan import Known, Plan, ResourceChange, Value
from planspec.references.reference_graph import ReferenceGraph, graph
from planspec.syntax import Expression, ModulePath, path_steps

_LONGEST_CHAIN: Final = 20
# What holds literals without changing them.
_ARRANGING: Final = (
    syntax.Literal,
    syntax.Sequence,
    syntax.Mapping,
    syntax.Blocks,
    syntax.Operation,
    syntax.Template,
)


class Origin(NamedTuple):
    """What a value comes from; `names` are addresses or names of variables, never values."""

    kind: OriginKind
    names: tuple[str, ...] = ()
    # `file:line` where the value is written; empty where the source is not at hand.
    where: str = ""

    def __str__(self) -> str:
        named = f" {', '.join(self.names)}" if self.names else ""
        return f"{self.kind}{named}{f' at {self.where}' if self.where else ''}"


def origin(plan: Plan, change: ResourceChange, path: str) -> Origin:
    """Return where the value at a path comes from; the path is written as `Value.path` is.

    >>> str(origin(plan, change, "rule[0].kms_master_key_id"))  # doctest: +SKIP
    'reference aws_kms_key.data'
    """
    steps = path_steps(path)
    found = _told(graph(plan), change, steps)
    if found.where or found.kind in (OriginKind.PROVIDER, OriginKind.UNTOLD):
        return found
    return found._replace(where=plan.source.position(change.address, path))


def _told(resolver: ReferenceGraph, change: ResourceChange, steps: tuple[str | int, ...]) -> Origin:
    if not steps or not resolver.has_block(change):
        return Origin(OriginKind.UNTOLD)
    expression = resolver.unit(change).argument(str(steps[0]))
    if expression is None:
        # A `dynamic` block is not in plan JSON; a block in the values may come from one.
        block = isinstance(change.values.get(steps[0], 0).peek(), Known) and len(steps) > 1
        return Origin(OriginKind.UNTOLD if block else OriginKind.PROVIDER)
    found = resolver.of(change, *steps)
    if found.targets:
        return Origin(OriginKind.REFERENCE, tuple(target.address for target in found.targets))
    if not found.followed:
        return Origin(OriginKind.UNTOLD)
    for depth, step in enumerate(steps[1:], 2):
        expression = _inside(expression, step, change.values.get(*steps[:depth]))
    return _written(resolver, resolver.path(change.module_address), expression)


def _written(resolver: ReferenceGraph, module: ModulePath, expression: Expression) -> Origin:
    """Where an expression without resources gets its value: followed as long as it is one name."""
    where = ""
    for _ in range(_LONGEST_CHAIN):
        match expression:
            case syntax.Traversal(("local", str(name))) | syntax.Mentions((("local", str(name)),)):
                followed = resolver.module(module).local(name)
                address = f"local.{name}"
                place = resolver.position(module, address, name)
            case syntax.Traversal(("var", str(name))) | syntax.Mentions((("var", str(name)),)) if module:
                followed = resolver.module(module[:-1]).call(module[-1][0]).argument(name)
                place = resolver.position(module[:-1], f"module.{module[-1][0]}", name)
                module = module[:-1] if followed is not None else module
            case _:
                break
        if followed is None:
            break
        expression, where = followed, place
    names = tuple(".".join(each) for each in dict.fromkeys(syntax.first_words(expression)))
    variables = tuple(name for name in names if name.startswith("var."))
    if variables:
        return Origin(OriginKind.VARIABLE, variables, where)
    return Origin(OriginKind.LITERAL if _is_literal(expression) else OriginKind.COMPUTED, (), where)


def _is_literal(expression: Expression) -> bool:
    waiting = [expression]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, _ARRANGING):
            return False
        waiting += syntax.parts(each)
    return True


def _inside(expression: Expression, step: str | int, place: Value) -> Expression:
    """The part of an expression that one step leads to, where that can be seen; else all of it.

    The plan lists a set in an order of its own, so of several elements it may be any.
    """
    match expression:
        case syntax.Blocks(blocks) if isinstance(step, str):
            bodies = [block.content if isinstance(block, syntax.Dynamic) else block for block in blocks]
            found = [body.arguments[step].expression for body in bodies if step in body.arguments]
            return found[0] if len(found) == 1 else syntax.Operation(tuple(found))
        case syntax.Sequence(items) if isinstance(step, int) and items:
            reading = place.peek()
            stated = syntax.Literal(reading.value) if isinstance(reading, Known) else None
            if stated in items:
                return syntax.Literal(None)  # that it is one is all that is asked
            return items[0] if len(items) == 1 else syntax.Operation(items)
        case syntax.Call("jsonencode", (document,)):
            return _inside(document, step, place)
        case syntax.Operation(inner):
            return syntax.Operation(tuple(_inside(each, step, place) for each in inner))
        case syntax.Mapping(entries):
            return next((value for key, value in entries if key == syntax.Literal(step)), expression)
        case _:
            return expression
