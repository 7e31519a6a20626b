"""What does the source state that the plan hides?

One element that apply decides makes a whole set unknown in the plan: the "0.0.0.0/0" beside a
reference is then only in the source. Such parts are filled in; everything else stays undecided, and
no default of a provider is invented. Source: Terraform, "JSON Output Format", `after_unknown`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from planspec import syntax
from planspec.change import Action, ResourceChange
from planspec.resolver import Resolver
from planspec.traced import NO_OBJECT, Encoded, Instance, Keyed, Listed, Stated, Traced, opened
from planspec.value import Known, Value
from planspec.written import Unit

DEEPEST: Final = 20
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
        filled = _fill(traced, known.get(name), unknown[name], unit.as_attribute(name))
        if filled is not None and filled.stated:
            found[name] = filled
    if not found:
        return change.planned
    return change.restated(
        {**known, **{name: each.known for name, each in found.items()}},
        {**unknown, **{name: each.unknown for name, each in found.items()}},
    )


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


def _fill(traced: Traced, known: Any, mark: Any, whole: bool, depth: int = 0) -> _Filled | None:
    """What a part of the plan becomes; None for one that stays as it is.

    `whole`: what is not written inside a block is null, and not left to the provider.
    """
    if depth > DEEPEST:
        return None
    if mark is True:
        return _built(traced, whole, depth)
    match opened(traced), known, mark:
        case Keyed(members), dict(), dict():
            return _filled_members(members, known, mark, whole, depth)
        case Listed((only,), True), dict(), dict():
            return _fill(only, known, mark, whole, depth + 1)
        case Listed((only,), True), [dict() as element], [dict() as inner]:
            filled = _fill(only, element, inner, whole, depth + 1)
            return _Filled([filled.known], [filled.unknown], filled.stated) if filled else None
        case _:
            return None


def _filled_members(
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
        for filled in (_fill(members[name], known.get(name), inner, whole, depth + 1),)
        if filled is not None and filled.stated
    }
    if not found:
        return None
    return _Filled(
        {**known, **{name: each.known for name, each in found.items()}},
        {**mark, **{name: each.unknown for name, each in found.items()}},
        stated=True,
    )


def _built(traced: Traced, whole: bool, depth: int) -> _Filled:
    """A part that is in the source alone."""
    if depth > DEEPEST:
        return _UNDECIDED
    match traced:
        case Stated(value, False) if _is_plain(value):
            return _Filled(value, False, stated=value is not None)
        case Encoded(document):
            return _built(document, True, depth + 1)
        case Instance(_, path, False) if path:
            return _of_place(traced.place)
    match opened(traced):
        case Listed(items, complete):
            parts = [_built(each, whole, depth + 1) for each in items]
            parts += [] if complete else [_UNDECIDED]
            return _Filled([each.known for each in parts], [each.unknown for each in parts], _any(parts))
        case Keyed() as block:
            return _built_block(block, whole, depth)
        case _:
            return _UNDECIDED


def _built_block(block: Keyed, whole: bool, depth: int) -> _Filled:
    parts = {name: _built(each, whole, depth + 1) for name, each in block.members.items()}
    marks = {name: each.unknown for name, each in parts.items()}
    closed = block.complete and (whole or not block.partial)
    return _Filled(
        {name: each.known for name, each in parts.items() if each.unknown is not True},
        marks if closed else _OpenMarks(marks),
        _any(parts.values()),
    )


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
