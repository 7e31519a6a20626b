"""Do the sections of a plan tell one story, as those that Terraform writes do?

`resource_changes` is judged here, Checkov judges what is planned, and people look at either. A plan in
which they contradict each other could pass by the one and be applied as the other says. What hand-made
plans leave out is no contradiction. Source: Terraform, "JSON Output Format".
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

import msgspec

from planspec.errors import BrokenDocument
from planspec.plan import sharing
from planspec.plan.checks_and_actions import deferred
from planspec.plan.resource_change import Action, ChangeEntry, Entry, Mode, output_entries
from planspec.plan.sections import NOT_GIVEN, Document
from planspec.plan.sharing import NULL
from planspec.syntax import SHOW, values

_VERSION: Final = re.compile(r"[0-9]{1,6}\.[0-9]{1,6}")
_EMPTY: Final = (NULL, msgspec.Raw(b"{}"))
_LONGEST_ADDRESS: Final = 300
_REPLACEMENTS: Final = (["delete", "create"], ["create", "delete"])
_FORGETTING: Final = (["forget"], ["create", "forget"], ["forget", "create"])
_OF_RESOURCES: Final = (*([each.value] for each in Action), *_REPLACEMENTS, *_FORGETTING)
_GOING: Final = (["delete"], ["forget"])
_OF_OUTPUTS: Final = (["no-op"], ["create"], ["update"], ["delete"])
_MARKS: Final = ("after_unknown", "before_sensitive", "after_sensitive")
_attributes: Final = msgspec.json.Decoder(dict[str, msgspec.Raw] | None)


class _Resource(msgspec.Struct, frozen=True):
    address: str = ""
    mode: str = "managed"
    type: str = ""
    values: msgspec.Raw = NULL


class _Module(msgspec.Struct, frozen=True):
    address: str = ""
    resources: list[_Resource] | None = None
    child_modules: list["_Module"] | None = None


class _Planned(msgspec.Struct, frozen=True):
    root_module: _Module | None = None


_planned: Final = msgspec.json.Decoder(_Planned | None)


def edited(name: str, what: str) -> BrokenDocument:
    """The error that says in which place a plan is not as Terraform writes it."""
    return BrokenDocument(
        f"{name}: {what}; Terraform does not write that, so the plan was edited. Make it again: {SHOW}"
    )


def require_version(version: str, name: str) -> None:
    """Raise BrokenDocument unless the format is a version: two numbers."""
    if not _VERSION.fullmatch(version):
        raise edited(name, f'format_version is "{version[:20]}", which is not a version')


def require_entry(entry: Entry, name: str) -> None:
    """Raise BrokenDocument for one resource change that contradicts itself."""
    for problem in _of_change(entry):
        raise edited(f"{name}: {(entry.address or entry.type)[:_LONGEST_ADDRESS]}", problem)


def require_one_story(parts: Document, entries: Sequence[Entry], name: str) -> None:
    """Raise BrokenDocument where the entries, the planned values and the other sections disagree."""
    for problem in chain(_twice(entries), _of_planned(parts, entries), _of_others(parts)):
        raise edited(name, problem)


def _of_change(entry: Entry) -> Iterator[str]:
    """The actions fit together, the values to them, and the marks to the values."""
    change = entry.change
    actions = change.actions
    if actions not in _OF_RESOURCES:
        yield f"actions {', '.join(actions)} contradict each other"
    for what, raw in (("before", change.before), ("after", change.after)):
        if raw != NULL and memoryview(raw)[:1].tobytes() != b"{":
            yield f"{what} is not an object"
    if actions == ["no-op"]:
        yield from _of_unchanged(change)
    for what in _MARKS:
        yield from _of_marks(getattr(change, what), what)


def _of_unchanged(change: ChangeEntry) -> Iterator[str]:
    """What stays as it is has the values that it had."""
    if change.before in _EMPTY or change.before == change.after:
        return
    before, after = (_attributes.decode(each) or {} for each in (change.before, change.after))
    for name in before.keys() & after.keys():
        if not _same(before[name], after[name]):
            yield f"no-op, and {name} differs before and after"


def _of_marks(raw: msgspec.Raw, what: str) -> Iterator[str]:
    text = bytes(raw)
    if not (_is_marks if len(text) <= sharing.LONGEST_SHARED else _is_marks.__wrapped__)(text):
        yield f"{what} is not a tree of marks"


@lru_cache(maxsize=4096)
def _is_marks(text: bytes) -> bool:
    tree = values(text)
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict | list):
            waiting += part.values() if isinstance(part, dict) else part
        elif part is not True and part is not False and part is not None:
            return False
    return True


def _same(one: msgspec.Raw, other: msgspec.Raw) -> bool:
    """Whether two values are equal; one of which apply decides everything is left out, or empty."""
    return one == other or (one in _EMPTY and other in _EMPTY) or values(one) == values(other)


def _twice(entries: Sequence[Entry]) -> Iterator[str]:
    """No object has two entries; those that a failed replacement left have a key each."""
    seen = set()
    for entry in entries:
        if not entry.address:
            continue
        key = entry.address, entry.deposed
        if key in seen:
            yield f"{entry.address[:_LONGEST_ADDRESS]} has two entries in resource_changes"
        seen.add(key)


def _of_planned(parts: Document, entries: Sequence[Entry]) -> Iterator[str]:
    """What is planned is what the changes lead to."""
    if not entries or parts.planned_values in (NOT_GIVEN, NULL):
        return
    try:
        root = (_planned.decode(parts.planned_values) or _Planned()).root_module
    except msgspec.ValidationError as error:
        yield f"planned_values: {error}"
        return
    if root is None:
        return
    present = {each.address: each for each in entries if not isinstance(each.deposed, str)}
    put_off = _deferred(parts)
    for resource in (each for module in _modules(root) for each in module.resources or ()):
        address = resource.address
        entry = present.get(address)
        where = address[:_LONGEST_ADDRESS]
        if entry is not None:
            yield from (f"{where}: {each}" for each in _of_pair(resource, entry))
        elif resource.mode == Mode.MANAGED and address not in put_off:
            yield f"{where} is in planned_values, and in no resource change"


def _of_pair(resource: _Resource, entry: Entry) -> Iterator[str]:
    if (resource.type or entry.type, resource.mode) != (entry.type, entry.mode):
        yield "planned_values and resource_changes name two types"
    told = NULL not in (entry.change.after, resource.values) and entry.change.actions not in _GOING
    if told and not _same(resource.values, entry.change.after):
        yield "planned_values contradict after"


def _modules(root: _Module) -> Iterator[_Module]:
    waiting = [root]
    while waiting:
        module = waiting.pop()
        yield module
        waiting += module.child_modules or ()


def _deferred(parts: Document) -> frozenset[str]:
    raw = parts.deferred_changes
    return frozenset() if raw in (NOT_GIVEN, NULL) else frozenset(each.address for each in deferred(raw))


def _of_others(parts: Document) -> Iterator[str]:
    """The outputs."""
    try:
        yield from _of_outputs(parts.output_changes)
    except msgspec.ValidationError as error:
        yield f"output_changes: {error}"


def _of_outputs(raw: msgspec.Raw) -> Iterator[str]:
    for output, change in ({} if raw in (NOT_GIVEN, NULL) else output_entries(raw)).items():
        where = f"output_changes: {output[:_LONGEST_ADDRESS]}"
        if change.actions not in _OF_OUTPUTS:
            yield f"{where}: actions {', '.join(change.actions) or 'missing'}"
        if change.actions == ["delete"] and change.after != NULL:
            yield f"{where}: delete, and after is there"
        if change.actions == ["create"] and change.before != NULL:
            yield f"{where}: create, and before is there"
        for what in _MARKS:
            yield from (f"{where}: {each}" for each in _of_marks(getattr(change, what), what))
