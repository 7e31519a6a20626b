"""What does the source state that the plan hides?

One element that apply decides makes a whole set unknown in the plan: the "0.0.0.0/0" beside a
reference is then only in the source. Such parts are filled in; everything else stays undecided, and
no default of a provider is invented. Source: Terraform, "JSON Output Format", `after_unknown`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from planspec import syntax
from planspec.plan import Action, Known, ResourceChange, Value, marks
from planspec.references.blocks import Unit
from planspec.references.presence import lost_rest, spread_without_null, what
from planspec.references.resolver import Resolver
from planspec.references.symbolic import (
    NO_OBJECT,
    Encoded,
    Instance,
    Keyed,
    Listed,
    Perhaps,
    Stated,
    Traced,
    opened,
)

DEEPEST: Final = 20
# Data sources of which the provider sets nothing inside a block. Source: AWS provider, data source
# aws_iam_policy_document, "Argument Reference".
_WRITTEN_WHOLE: Final = frozenset({"aws_iam_policy_document"})
# A text that a provider may take for a number or a switch: without its schema nobody knows.
_CONVERTIBLE = re.compile(r"\s*[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*|true|false")


class _OpenMarks(dict[str, Any]):
    """Marks of a block of which the provider may set more than is written: the rest is undecided."""

    def get(self, key: str, default: Any = None) -> Any:
        """The mark of a part; one that is not named is undecided."""
        return super().get(key, True)

    def values(self) -> Any:
        """The marks, with one for all that is not named."""
        return (*super().values(), True)


class _Filled(NamedTuple):
    """A part with its marks. `stated`: the source states something in it."""

    known: Any
    unknown: Any
    stated: bool

    @property
    def is_open(self) -> bool:
        """Whether nothing of it stands among the values."""
        return self.unknown is True or isinstance(self.unknown, marks.Perhaps)


_UNDECIDED: Final = _Filled(None, True, stated=False)


def completed(resolver: Resolver, change: ResourceChange) -> Value:
    """The values of a resource after the change, with what the source states filled in."""
    unknown = change.unknown
    unit = resolver.unit(change)
    if not isinstance(unknown, dict) or unit.placed is None:
        return change.planned
    ignored = ignored_arguments(unit) if Action.CREATE not in change.actions else frozenset()
    open_ones = [name for name in unknown if unit.argument(name) is not None and name not in ignored]
    known = change.known if open_ones and "*" not in ignored else None
    if not isinstance(known, dict):
        return change.planned
    found: dict[str, _Filled] = {}
    for name in open_ones:
        traced = resolver.traced(change, name) or NO_OBJECT
        whole = unit.as_attribute(name) or change.type in _WRITTEN_WHOLE
        filled = _Filler(partial(_where, unit, name)).fill(traced, known.get(name), unknown[name], whole)
        if filled is not None and filled.stated:
            found[name] = filled
    if not found:
        return change.planned
    return change.restated(
        {**known, **{name: each.known for name, each in found.items()}},
        {**unknown, **{name: each.unknown for name, each in found.items()}},
    )


def written_out(traced: Traced) -> tuple[Any, Any] | None:
    """What the source states of an argument that no plan value stands for, with the marks of the rest.

    None where it states nothing. What is not written inside a block is null.
    """
    filled = _Filler(lambda _: "").fill(traced, None, mark=True, whole=True)
    return (filled.known, filled.unknown) if filled is not None and filled.stated else None


def ignored_arguments(unit: Unit) -> frozenset[str]:
    """The arguments whose changes in the source Terraform ignores; "*" for all of them."""
    match unit.placed.expression("lifecycle") if unit.placed else None:
        case syntax.Blocks((syntax.Body(_, arguments), *_)) if "ignore_changes" in arguments:
            listed = arguments["ignore_changes"].expression
        case _:
            return frozenset()
    match listed:
        case syntax.Sequence(items) if all(isinstance(each, syntax.Traversal) for each in items):
            return frozenset(str(each.steps[0]) for each in items if isinstance(each, syntax.Traversal))
        case _:
            return frozenset({"*"})


def _where(unit: Unit, name: str, line: int) -> str:
    """`file:line` of a line in an argument's block, or of the argument."""
    if unit.placed is None:
        return ""
    told = unit.placed.line_of((name,))
    return f"{told.rpartition(':')[0]}:{line}" if line else told


class _Filler:
    """Fills in one argument. `where` tells the position of a line in its block; 0 is the argument."""

    def __init__(self, where: Callable[[int], str]) -> None:
        self._where = where

    def fill(self, traced: Traced, known: Any, mark: Any, whole: bool, depth: int = 0) -> _Filled | None:
        """What a part of the plan becomes; None for one that stays as it is.

        `whole`: what is not written inside a block is null, and not left to the provider.
        """
        if depth > DEEPEST:
            return None
        if mark is True:
            return self._built(traced, whole, depth)
        # What the plan states is there, whatever the source says of it.
        match opened(traced), known, mark:
            case Keyed(members), dict(), dict():
                return self._filled_members(members, known, mark, whole, depth)
            case Listed((only,), True), dict(), dict():
                return self.fill(what(only), known, mark, whole, depth + 1)
            case Listed() as listed, list(), list() if len(known) == len(mark):
                return self._filled_elements(listed, known, mark, whole, depth)
            case _:
                return None

    def _filled_elements(
        self, listed: Listed, known: list[Any], mark: list[Any], whole: bool, depth: int
    ) -> _Filled | None:
        """Elements that the plan has; it also has one for a `dynamic` block that may make none."""
        unsure = [each for each in listed.items if isinstance(each, Perhaps) and not each.decided]
        stands_for = [
            next((each for each in unsure if _is_placeholder(each.inner, inner)), None) for inner in mark
        ]
        only = listed.items[0] if len(listed.items) == len(known) == 1 and listed.complete else None
        found = []
        for element, inner, item in zip(known, mark, stands_for, strict=True):
            meant = item or only
            filled = self.fill(what(meant), element, inner, whole, depth + 1) if meant else None
            part = filled or _Filled(element, inner, stated=item is not None)
            found.append(self._in_doubt(part, item, None in stands_for) if item else part)
        if not _any(found):
            return None
        return _Filled(
            [each.known for each in found], marks.marks_of(each.unknown for each in found), stated=True
        )

    def _filled_members(
        self,
        members: Mapping[str, Traced],
        known: dict[str, Any],
        mark: dict[str, Any],
        whole: bool,
        depth: int,
    ) -> _Filled | None:
        found = {
            name: filled
            for name, inner in mark.items()
            if inner is not False and name in members
            for filled in (self.fill(what(members[name]), known.get(name), inner, whole, depth + 1),)
            if filled is not None and filled.stated
        }
        if not found:
            return None
        return _Filled(
            {**known, **{name: each.known for name, each in found.items()}},
            {**mark, **{name: each.unknown for name, each in found.items()}},
            stated=True,
        )

    def _built(self, traced: Traced, whole: bool, depth: int) -> _Filled:
        """A part that is in the source alone."""
        if depth > DEEPEST:
            return _UNDECIDED
        match traced:
            case Stated(value, False) if _is_plain(value):
                return _Filled(value, False, stated=value is not None)
            case Encoded(document):
                return self._built(document, True, depth + 1)
            case Instance(_, path, False) if path:
                return _of_place(traced.place)
        match spread_without_null(traced):
            case Listed() as listed:
                return self._built_list(listed, whole, depth)
            case Keyed() as block:
                return self._built_block(block, whole, depth)
            case _:
                return _UNDECIDED

    def _built_list(self, listed: Listed, whole: bool, depth: int) -> _Filled:
        items = listed.items if listed.complete else (*listed.items, lost_rest())
        beside = not all(isinstance(each, Perhaps) for each in items)
        parts = [self._part(each, whole, depth, beside) for each in items]
        unknown = marks.marks_of(each.unknown for each in parts)
        return _Filled([None if each.is_open else each.known for each in parts], unknown, _any(parts))

    def _part(self, traced: Traced, whole: bool, depth: int, beside: bool) -> _Filled:
        """An element or a member, which may be missing."""
        filled = self._built(what(traced), whole, depth + 1)
        return self._in_doubt(filled, traced, beside) if isinstance(traced, Perhaps) else filled

    def _in_doubt(self, filled: _Filled, item: Perhaps, beside: bool) -> _Filled:
        where = self._where(item.line)
        mark = marks.Perhaps(filled.known, filled.unknown, item.many, beside, where)
        return _Filled(None, mark, filled.stated)

    def _built_block(self, block: Keyed, whole: bool, depth: int) -> _Filled:
        beside = not all(isinstance(each, Perhaps) for each in block.members.values())
        parts = {name: self._part(each, whole, depth, beside) for name, each in block.members.items()}
        unknown = {name: each.unknown for name, each in parts.items()}
        closed = block.complete and (whole or not block.partial)
        return _Filled(
            {name: each.known for name, each in parts.items() if not each.is_open},
            unknown if closed else _OpenMarks(unknown),
            _any(parts.values()),
        )


def _is_placeholder(block: Traced, mark: Any) -> bool:
    """Whether the plan knows nothing of what a block writes: it may stand for no block at all.

    Terraform gives a `dynamic` block over an unknown collection to the provider as one block of
    which each argument is unknown. Source: HCL, package dynblock, "Expand", unknown for_each values.
    """
    if not isinstance(block, Keyed) or not block.partial or not isinstance(mark, dict):
        return False
    arguments = (name for name, each in block.members.items() if not _is_block(each))
    return all(mark.get(name) is True for name in arguments)


def _is_block(traced: Traced) -> bool:
    items = traced.items if isinstance(traced, Listed) else ()
    return any(isinstance(inner, Keyed) and inner.partial for inner in map(what, items))


def _any(parts: Iterable[_Filled]) -> bool:
    return any(each.stated for each in parts)


def _is_plain(value: Any) -> bool:
    """Whether the provider takes the value as it is written."""
    if isinstance(value, str):
        return _CONVERTIBLE.fullmatch(value) is None
    return not isinstance(value, list | dict)


def _of_place(place: Value | None) -> _Filled:
    """What another resource has there, unless it is a secret."""
    reading = place.peek() if place is not None else None
    if place is None or place.sensitive or not isinstance(reading, Known) or reading.partly_unknown:
        return _UNDECIDED
    plain = isinstance(reading.value, str) and _is_plain(reading.value)
    return _Filled(reading.value, False, stated=True) if plain else _UNDECIDED
