"""What do the constructs of the language come to: objects, conditions, `for`, `dynamic` blocks?

Each follows the expressions inside it, some of them once for each element of a collection, with
names bound to that element. Source: Terraform, "Expressions" and "dynamic Blocks".
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from planspec import arranging, syntax
from planspec.edges import Grade
from planspec.steps import NOT_FOLLOWED
from planspec.syntax import Expression
from planspec.traced import (
    Keyed,
    Listed,
    Lost,
    Mixed,
    OneOf,
    Repeated,
    Stated,
    Traced,
    lowered,
    opened,
    undecided,
)

Trace = Callable[[Expression], Traced]
"""Follows an expression in one scope."""
Within = Callable[[Mapping[str, Traced]], Trace]
"""The scope of a construct, with more names bound."""
_NOTHING: Final[Mapping[str, Traced]] = {}


def worked_out(expression: Expression, within: Within, exhausted: Callable[[], bool]) -> Traced:
    """What a construct comes to; lost, if this is none. `exhausted` ends a loop that takes too long."""
    match expression:
        case syntax.Mapping(entries):
            trace = within(_NOTHING)
            return arranging.keyed([(trace(key), trace(value)) for key, value in entries])
        case syntax.Choice():
            return _choice(expression, within(_NOTHING))
        case syntax.For():
            return _for(expression, within, exhausted)
        case syntax.Blocks(blocks):
            return _blocks(blocks, within)
        case _:
            return Lost((NOT_FOLLOWED,))


def _choice(choice: syntax.Choice, trace: Trace) -> Traced:
    test = trace(choice.test)
    answer = arranging.answer(test)
    if answer is not None:
        return trace(choice.one if answer else choice.other)
    return OneOf((trace(choice.one), trace(choice.other)), decided=not undecided(test))


def _for(loop: syntax.For, within: Within, exhausted: Callable[[], bool]) -> Traced:
    collection = opened(within(_NOTHING)(loop.collection))
    elements = arranging.bindings(collection, loop.names)
    if elements is None:
        return collection if isinstance(collection, Lost) else Mixed((collection,))
    found: list[tuple[Traced, Traced]] = []
    complete = not isinstance(collection, Listed | Keyed) or collection.complete
    for bound in elements:
        if exhausted():
            return Lost((NOT_FOLLOWED,))
        trace = within(bound)
        answer = arranging.answer(trace(loop.test)) if loop.test else True
        if answer is False:
            continue
        key = trace(loop.key) if loop.key else Stated(None)
        value = trace(loop.value)
        complete = complete and answer is True
        found.append((key, value if answer else lowered(value, Grade.TYPE_ONLY)))
    if loop.key is None:
        ordered = not isinstance(collection, Listed) or collection.ordered
        return Listed(tuple(value for _, value in found), complete, ordered)
    if loop.grouped:
        return Mixed(tuple(value for _, value in found))
    return arranging.keyed(found, complete=complete)


def _blocks(blocks: Sequence[syntax.Body | syntax.Dynamic], within: Within) -> Traced:
    """Nested blocks, those of `dynamic` once for each element that it is repeated over."""
    found: list[Traced] = []
    complete = True
    for block in blocks:
        if isinstance(block, syntax.Body):
            found.append(_body(block, within(_NOTHING)))
            continue
        collection = opened(within(_NOTHING)(block.over))
        elements = arranging.bindings(collection, ("key", "value"))
        if elements is None or not (isinstance(collection, Repeated) or arranging.whole(collection)):
            complete = False
        for bound in elements or [{"key": Lost((NOT_FOLLOWED,)), "value": collection}]:
            value = Keyed(bound) if elements is not None else Lost((NOT_FOLLOWED,))
            found.append(_body(block.content, within({block.iterator: value})))
    return Listed(tuple(found), complete)


def _body(body: syntax.Body, trace: Trace) -> Traced:
    members = {name: trace(argument.expression) for name, argument in body.arguments.items()}
    return Keyed(members, partial=True)
