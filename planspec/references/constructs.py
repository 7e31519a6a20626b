"""What do the constructs of the language come to: objects, conditions, `for`, `dynamic` blocks?

Each follows the expressions inside it, some of them once for each element of a collection, with
names bound to that element. Source: Terraform, "Expressions" and "dynamic Blocks".
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from planspec import syntax
from planspec.references import collections
from planspec.references.operations import answer
from planspec.references.presence import (
    EMPTY_TEXTS,
    NOT_FOLLOWED,
    as_sure_as,
    either,
    perhaps,
    spread,
    unless_empty,
    what,
)
from planspec.references.symbolic import Keyed, Listed, Lost, Mixed, Perhaps, Stated, Traced, undecided
from planspec.syntax import Expression

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
            return collections.keyed([(trace(key), trace(value)) for key, value in entries])
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
    told = answer(test)
    if told is not None:
        return trace(choice.one if told else choice.other)
    return either((trace(choice.one), trace(choice.other)), decided=not undecided(test))


def _for(loop: syntax.For, within: Within, exhausted: Callable[[], bool]) -> Traced:
    collection = spread(within(_NOTHING)(loop.collection))
    elements = collections.elements(collection)
    if elements is None:
        return collection if isinstance(collection, Lost) else Mixed((collection,))
    found: list[tuple[Traced, Traced]] = []
    for each in elements:
        if exhausted():
            return Lost((NOT_FOLLOWED,))
        kept = _not_empty(loop, each)
        if kept is None:
            continue
        trace = within(kept.bound(loop.names))
        told = answer(trace(loop.test)) if loop.test and kept is each else True
        if told is False:
            continue
        key = trace(loop.key) if loop.key else Stated(None)
        value = as_sure_as(kept.item, trace(loop.value))
        found.append((key, value if told else perhaps(value, decided=False)))
    complete = collections.whole(collection)
    if loop.key is None:
        ordered = not isinstance(collection, Listed) or collection.ordered
        return Listed(tuple(value for _, value in found), complete, ordered)
    if loop.grouped:
        return Mixed(tuple(what(value) for _, value in found))
    return collections.keyed(found, complete=complete)


def _not_empty(loop: syntax.For, element: collections.Element) -> collections.Element | None:
    """What is left of an element by a test that it is not null, or not an empty text; else all of it."""
    match loop.test:
        case syntax.Operation((syntax.Traversal((str(name),)), syntax.Literal(empty)), "!="):
            pass
        case _:
            return element
    if name != loop.names[-1] or empty not in EMPTY_TEXTS:
        return element
    item = unless_empty(element.item, (empty,))
    if isinstance(item, Perhaps) and undecided(item.inner):
        item = item._replace(decided=False)
    return None if item is None else element._replace(item=item)


def _blocks(blocks: Sequence[syntax.Body | syntax.Dynamic], within: Within) -> Traced:
    """Nested blocks, those of `dynamic` once for each element that it is repeated over."""
    found: list[Traced] = []
    for block in blocks:
        if isinstance(block, syntax.Body):
            found.append(_body(block, within(_NOTHING)))
        else:
            found += _repeated(block, within)
    return Listed(tuple(found))


def _repeated(block: syntax.Dynamic, within: Within) -> Iterator[Traced]:
    collection = spread(within(_NOTHING)(block.over))
    elements = collections.elements(collection)
    for each in elements or ():
        trace = within({block.iterator: Keyed(each.bound(("key", "value")))})
        yield as_sure_as(each.item, _body(block.content, trace), line=block.line)
    if elements is None or not collections.whole(collection):
        # Any number of blocks, of which the content tells only what is the same in all.
        trace = within({block.iterator: Lost((NOT_FOLLOWED,))})
        inner = _body(block.content, trace)
        yield perhaps(inner, not undecided(collection), many=True, line=block.line)


def _body(body: syntax.Body, trace: Trace) -> Traced:
    members = {name: trace(argument.expression) for name, argument in body.arguments.items()}
    return Keyed(members, partial=True)
