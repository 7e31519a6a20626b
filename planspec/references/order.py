"""What does Terraform make before a block: everything that its expressions and `depends_on` name.

Blocks, not instances: Terraform orders by what is written. Followed are `depends_on`, references,
locals, variables and outputs of modules, and what the call of a module waits for.
Source: Terraform, "The depends_on Meta-Argument" and "Resource Graph".
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from planspec.plan import Block, Plan, ResourceChange
from planspec.references.blocks import ModuleUnit
from planspec.references.reference_graph import graph
from planspec.syntax import (
    UNREADABLE,
    Blocks,
    Dynamic,
    Expression,
    For,
    Mentions,
    ModulePath,
    Traversal,
    parts,
    values,
)

Calls = tuple[str, ...]
Words = tuple[str, ...]
# Names that are no block, and keys of instances.
_NO_BLOCK: Final = frozenset({"each", "count", "self", "path", "terraform", "ephemeral"})
_KEY: Final = re.compile(r"\[[^\]]*\]")
# What a call of a module itself waits for, and everything in a module that is depended on as a whole.
_CALL, _ALL = "(call)", "(all)"


class Place(NamedTuple):
    """A block: the calls that lead to its module, and its leading words."""

    calls: Calls
    words: Words


class Earlier(NamedTuple):
    """The blocks that come before another, and the names of which nobody can tell what they are."""

    blocks: frozenset[Place]
    lost: tuple[str, ...]

    def holds(self, change: ResourceChange, plan: Plan) -> bool | None:
        """Whether a resource comes before; None where that cannot be told."""
        return True if place_of(change, plan) in self.blocks else None if self.lost else False


def place_of(change: ResourceChange, plan: Plan) -> Place:
    """The block of a managed resource."""
    return Place(_calls(graph(plan).path(change.module_address)), (change.type, change.name))


def made_before(change: ResourceChange, plan: Plan) -> Earlier:
    """What Terraform makes before a resource."""
    walk = _Walk(plan)
    walk.run(place_of(change, plan))
    return Earlier(frozenset(walk.seen), tuple(walk.lost))


class _Walk:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.seen: set[Place] = set()
        self.lost: dict[str, None] = {}
        self._modules: dict[Calls, ModuleUnit] = {}

    def run(self, first: Place) -> None:
        """Follow everything that a block names, and what that names."""
        begun = {first}
        waiting = [first]
        while waiting:
            for each in self._named(waiting.pop()):
                if each not in begun:
                    begun.add(each)
                    waiting.append(each)
        self.seen = begun - {first}

    def _module(self, calls: Calls) -> ModuleUnit:
        if calls not in self._modules:
            self._modules[calls] = graph(self._plan).module(tuple((call, None) for call in calls))
        return self._modules[calls]

    def _named(self, place: Place) -> Iterator[Place]:
        calls, words = place
        match words:
            case ("local", name):
                yield from self._of_local(calls, name)
            case ("var", name):
                yield from self._of_variable(calls, name)
            case ("module", call, *output):
                yield from self._of_outputs((*calls, call), output)
            case (kind, call) if kind == _ALL:
                yield from self._of_whole_module((*calls, call))
            case (kind, call) if kind == _CALL:
                yield from self._of_block(calls, self._module(calls).module.calls.get(call))
            case _:
                yield from self._of_resource(calls, words)

    def _of_local(self, calls: Calls, name: str) -> Iterator[Place]:
        written = self._module(calls).local(name)
        if written is None:
            self.lost.setdefault(f"local.{name}")
            return
        yield from _written(calls, written)

    def _of_variable(self, calls: Calls, name: str) -> Iterator[Place]:
        """What a module is given; the variables of the root wait for nothing."""
        if calls:
            yield from _mentioned(
                calls[:-1], self._module(calls[:-1]).module.call(calls[-1]).expression(name)
            )

    def _of_outputs(self, calls: Calls, names: Sequence[str]) -> Iterator[Place]:
        """One output of a module, or all where the module itself is named."""
        outputs = self._module(calls).module.outputs
        for name in names or outputs:
            if name in outputs:
                yield from _mentioned(calls, outputs[name].value)
            else:
                self.lost.setdefault(f"module.{'.'.join((*calls, name))}")

    def _of_whole_module(self, calls: Calls) -> Iterator[Place]:
        module = self._module(calls).module
        yield from (Place(calls, _words(each)) for each in module.resources)
        yield from (Place(calls, (_ALL, name)) for name in module.calls)

    def _of_resource(self, calls: Calls, words: Words) -> Iterator[Place]:
        kind = words if words[0] == "data" else ("managed", *words)
        block = self._module(calls).module.blocks.get((kind[0], kind[1], kind[-1]))
        if block is None:
            self.lost.setdefault(".".join(words))
            return
        yield from self._of_block(calls, block)
        yield from self._of_dynamic_blocks(calls, block)
        yield from (Place(calls[:depth], (_CALL, call)) for depth, call in enumerate(calls))

    def _of_block(self, calls: Calls, block: Block | None) -> Iterator[Place]:
        if block is None:
            return
        for name in block.depends_on:
            words = tuple(_KEY.sub("", name).split("."))
            yield Place(calls, (_ALL, words[1])) if words[0] == "module" else Place(calls, words)
        written = [block.for_each_expression, block.count_expression]
        if block.module is None:  # what a call gives to a module counts where the module uses it
            written += block.expressions.values()
        for raw in written:
            yield from _mentioned(calls, values(raw))

    def _of_dynamic_blocks(self, calls: Calls, block: Block) -> Iterator[Place]:
        """What only the source tells: plan JSON has no `dynamic` blocks."""
        unit = self._module(calls).resource(block.mode, block.type, block.name)
        for name in unit.names():
            written = unit.argument(name) if name not in block.expressions else None
            if written is not None:
                yield from _written(calls, written)


def _words(block: Block) -> Words:
    own = (block.type, block.name)
    return ("data", *own) if block.mode == "data" else own


def _calls(path: ModulePath) -> Calls:
    return tuple(call for call, _ in path)


def _mentioned(calls: Calls, written: Any) -> Iterator[Place]:
    """What an expression of plan JSON refers to, in all its blocks."""
    waiting = [written]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            waiting += [
                held for name, held in each.items() if name not in ("references", "constant_value")
            ]
            names = [_KEY.sub("", str(text)) for text in each.get("references") or ()]
            for name in names:
                # A reference is listed with all its beginnings: the module itself is none of its own.
                if not any(other.startswith(f"{name}.") for other in names):
                    yield from _place(calls, tuple(name.split(".")))


def _written(calls: Calls, written: Expression) -> Iterator[Place]:
    """What an expression of the source refers to; the names of its own loops are nothing."""
    inside = [written]
    for each in inside:
        inside += parts(each)
    bound = {name for each in inside for name in _bound(each)}
    for each in inside:
        names = [each.steps] if isinstance(each, Traversal) else []
        names += each.names if isinstance(each, Mentions) else []
        for steps in names:
            words = tuple(step for step in steps if isinstance(step, str))
            if words and words[0] not in bound:
                yield from _place(calls, words)
        if each == UNREADABLE:
            yield Place(calls, ("an unreadable expression",))


def _bound(written: Expression) -> Iterator[str]:
    if isinstance(written, For):
        yield from written.names
    elif isinstance(written, Blocks):
        yield from (each.iterator for each in written.blocks if isinstance(each, Dynamic))


def _place(calls: Calls, words: Words) -> Iterator[Place]:
    """The block that some words name; of a module, the output if one is named."""
    if words and words[0] not in _NO_BLOCK:
        yield Place(calls, words[: 3 if words[0] in ("data", "module") else 2])
