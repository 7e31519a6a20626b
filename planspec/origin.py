"""Where does a value in the plan come from?

A literal of the source, a variable, another resource, or the provider. Follows the same expressions
as the references do. What cannot be followed is said, never guessed.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from planspec import syntax
from planspec.change import ResourceChange
from planspec.plan import Plan
from planspec.reference import ReferenceGraph, graph
from planspec.syntax import Expression
from planspec.value import Known

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class Kind(StrEnum):
    """What a value comes from."""

    LITERAL = "literal"
    VARIABLE = "variable"
    REFERENCE = "reference"
    COMPUTED = "computed"  # a function of constants, or the key of the instance
    PROVIDER = "provider"  # nobody wrote it: a default of the provider, or decided at apply
    UNTOLD = "cannot be told"


class Origin(NamedTuple):
    """What a value comes from; `names` are addresses or names of variables, never values."""

    kind: Kind
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
    steps = tuple(int(at) if at else name for name, at in _STEP.findall(path))
    return _told(graph(plan), change, steps)


def _told(resolver: ReferenceGraph, change: ResourceChange, steps: tuple[str | int, ...]) -> Origin:
    if not steps or not resolver.has_block(change):
        return Origin(Kind.UNTOLD)
    expression = resolver.unit(change).argument(str(steps[0]))
    if expression is None:
        # A `dynamic` block is not in plan JSON; a block in the values may come from one.
        block = isinstance(change.values.get(steps[0], 0).peek(), Known) and len(steps) > 1
        return Origin(Kind.UNTOLD if block else Kind.PROVIDER)
    found = resolver.of(change, *steps)
    if found.targets:
        return Origin(Kind.REFERENCE, tuple(target.address for target in found.targets))
    if not found.followed:
        return Origin(Kind.UNTOLD)
    for step in steps[1:]:
        expression = _inside(expression, step)
    names = tuple(".".join(each) for each in dict.fromkeys(syntax.first_words(expression)))
    variables = tuple(name for name in names if name.startswith("var."))
    if variables:
        return Origin(Kind.VARIABLE, variables)
    return Origin(Kind.LITERAL if isinstance(expression, syntax.Literal) else Kind.COMPUTED)


def _inside(expression: Expression, step: str | int) -> Expression:
    """The part of an expression that one step leads to, where that can be seen; else all of it."""
    match expression:
        case syntax.Blocks(blocks) if isinstance(step, int) and step < len(blocks):
            block = blocks[step]
            return syntax.Blocks((block,))
        case syntax.Blocks((syntax.Body(_, arguments),)) if step in arguments:
            return arguments[str(step)].expression
        case syntax.Sequence(items) if isinstance(step, int) and step < len(items):
            return items[step]
        case syntax.Mapping(entries):
            return next((value for key, value in entries if key == syntax.Literal(step)), expression)
        case _:
            return expression
