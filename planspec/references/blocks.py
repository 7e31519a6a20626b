"""What is written for a block: by the source where it is at hand, else by the plan?

Plan JSON keeps of an expression only the names in it, and says nothing of locals. The source says
all, but it may be that of another plan: an expression of the source counts only where it mentions
what the plan says that it mentions.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from planspec import syntax
from planspec.plan import Block, Module
from planspec.source import ModuleSource, Placed
from planspec.syntax import (
    UNREADABLE,
    Argument,
    Blocks,
    Body,
    Dynamic,
    Expression,
    For,
    Literal,
    Mentions,
    Traversal,
    maximal,
)

DEEPEST_BLOCK: Final = 30


class Unit:
    """One resource block or module call, of which each expression is settled once."""

    def __init__(self, block: Block | None, placed: Placed | None) -> None:
        # A source block that the plan does not know, or that could not be parsed, is no witness.
        self.placed = placed if block is not None and placed is not None and not placed.broken else None
        self.block = block
        self._settled: dict[str, Expression | None] = {}

    def argument(self, name: str) -> Expression | None:
        """The expression of an argument or the nested blocks of one type; None if none is written."""
        if name not in self._settled:
            planned = self.block.expression(name) if self.block else None
            self._settled[name] = _agreed(planned, self.placed.expression(name) if self.placed else None)
        return self._settled[name]

    @property
    def for_each(self) -> Expression | None:
        """What it is repeated over. The plan leaves out a function of constants: `toset(["a"])`."""
        return self._repeat("for_each", self.block.for_each if self.block else None)

    def _repeat(self, name: str, planned: Any) -> Expression | None:
        written = self.placed.expression(name) if self.placed else None
        return _agreed({} if planned is None and written is not None else planned, written)

    def names(self) -> Iterator[str]:
        """The arguments that are written."""
        planned = self.block.expressions if self.block else {}
        yield from planned
        for each in self.placed.arguments if self.placed is not None else ():
            if each not in planned and self.argument(each) is not None:
                yield each

    def as_attribute(self, name: str) -> bool:
        """Whether nested blocks stand for an attribute, so that what is not written in one is null.

        Source: Terraform, "Attributes as Blocks"; plan JSON has one expression for all of them.
        """
        planned = self.block.expression(name) if self.block else None
        return isinstance(planned, dict) and ("references" in planned or "constant_value" in planned)


NO_UNIT: Final = Unit(None, None)


class ModuleUnit:
    """One module as it is written, without instances."""

    def __init__(self, module: Module, source: ModuleSource | None) -> None:
        self.module = module
        self.source = source
        self._units: dict[tuple[str, ...], Unit] = {}
        self._outputs: dict[str, Expression | None] = {}

    def resource(self, mode: str, kind: str, name: str) -> Unit:
        """The block of a resource or a data source."""
        key = (mode, kind, name)
        if key not in self._units:
            placed = self.source.block(*key) if self.source else None
            self._units[key] = Unit(self.module.blocks.get(key), placed)
        return self._units[key]

    def call(self, name: str) -> Unit:
        """The call of a module."""
        key = (name,)
        if key not in self._units:
            block = self.module.calls.get(name)
            self._units[key] = Unit(block, self.source.call(name) if self.source else None)
        return self._units[key]

    def output(self, name: str) -> Expression | None:
        """The expression of an output; None where there is none of this name."""
        if name not in self._outputs:
            output = self.module.outputs.get(name)
            written = self.source.output(name) if self.source else None
            self._outputs[name] = _agreed(output.value, written) if output else None
        return self._outputs[name]

    def local(self, name: str) -> Expression | None:
        """The expression of a local; None where the source is not at hand."""
        return self.source.local(name) if self.source else None

    def declares(self, variable: str) -> bool:
        """Whether the declaration of a variable is at hand."""
        return self.source is not None and self.source.variable(variable) is not None

    def type_of(self, variable: str) -> Expression | None:
        """The type that a variable is declared with; None where the source is not at hand."""
        placed = self.source.variable(variable) if self.source else None
        return placed.expression("type") if placed else None

    def takes_no_null(self, variable: str) -> bool:
        """Whether a null that a variable is given stands for its default."""
        placed = self.source.variable(variable) if self.source else None
        return placed is not None and placed.expression("nullable") not in (None, Literal(True))

    def hides(self, variable: str) -> bool:
        """Whether a variable is declared as sensitive or ephemeral."""
        declared = self.module.variable(variable)
        placed = self.source.variable(variable) if self.source else None
        marks = [placed.expression(name) for name in ("sensitive", "ephemeral")] if placed else []
        plain = (None, Literal(False))
        return bool(declared and declared.sensitive) or any(mark not in plain for mark in marks)


def _agreed(planned: Any, written: Expression | None) -> Expression | None:
    """What the source says, where the plan bears it out; else what the plan says.

    Blocks that are only `dynamic` are not in a plan, so there the source stands alone.
    """
    if planned is None:
        return written if written is not None and _only_dynamic(written) else None
    if written is None or written == UNREADABLE:
        return of_plan(planned)
    surely, maybe = _mentioned(written)
    in_plan = frozenset(syntax.first_words(of_plan(planned)))
    return (
        written
        if surely <= in_plan <= maybe and not _contradicts(planned, written)
        else of_plan(planned)
    )


def _only_dynamic(written: Expression) -> bool:
    return isinstance(written, Blocks) and all(isinstance(each, Dynamic) for each in written.blocks)


def _contradicts(planned: Any, written: Expression) -> bool:
    """Whether both say a value, and not the same."""
    match planned, written:
        case {"constant_value": value, **rest}, Literal(other) if "references" not in rest:
            return str(value) != str(other)
        case _:
            return False


def _mentioned(written: Expression) -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """The names that an expression mentions outside of dynamic blocks, and all of them."""
    surely: set[tuple[str, ...]] = set()
    maybe: set[tuple[str, ...]] = set()
    waiting: list[tuple[Expression, frozenset[str], bool]] = [(written, frozenset(), True)]
    while waiting:
        each, bound, static = waiting.pop()
        match each:
            case Traversal((str(first), *_)) if first not in bound:
                named = set(syntax.first_words(Traversal(each.steps[:3])))
                maybe |= named
                surely |= named if static else set()
            case Blocks(blocks):
                waiting += [held for block in blocks for held in _in_block(block, bound, static)]
                continue
        inner = bound | set(each.names) if isinstance(each, For) else bound
        waiting += [(part, inner, static) for part in syntax.parts(each)]
    return frozenset(surely), frozenset(maybe)


def _in_block(
    block: Body | Dynamic, bound: frozenset[str], static: bool
) -> Iterator[tuple[Expression, frozenset[str], bool]]:
    if isinstance(block, Dynamic):
        yield block.over, bound, False
        bound, static, body = bound | {block.iterator}, False, block.content
    else:
        body = block
    yield from ((argument.expression, bound, static) for argument in body.arguments.values())


def of_plan(planned: Any, depth: int = 0) -> Expression:
    """An expression of the `configuration` section, or nested blocks of such."""
    if depth > DEEPEST_BLOCK:
        return UNREADABLE
    match planned:
        case {"references": names}:
            texts = isinstance(names, list) and all(isinstance(name, str) for name in names)
            return Mentions(tuple(map(tuple, maximal(names)))) if texts else UNREADABLE
        case {"constant_value": str(text)} if "${" in text or "%{" in text:
            return UNREADABLE  # the text of a .tf.json file
        case {"constant_value": value}:
            return Literal(value)
        case list():
            return Blocks(tuple(_block(each, depth) for each in planned if isinstance(each, dict)))
        case dict() if planned:
            return Blocks((_block(planned, depth),))
        case _:
            return UNREADABLE


def _block(planned: Mapping[str, Any], depth: int) -> Body:
    arguments = {name: Argument(0, of_plan(each, depth + 1)) for name, each in planned.items()}
    return Body(0, arguments)
