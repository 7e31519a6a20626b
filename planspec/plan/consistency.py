"""Do the sections of a plan tell one story, as those that Terraform writes do?

`resource_changes` is judged here, Checkov judges what is planned, and people look at either. A plan in
which they contradict each other could pass by the one and be applied as the other says. What hand-made
plans leave out is no contradiction. Source: Terraform, "JSON Output Format".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final

import msgspec

from planspec.errors import BrokenDocument
from planspec.plan import sharing
from planspec.plan.checks_and_actions import deferred
from planspec.plan.resource_change import TRUE, Action, Entry, Mode, output_entries
from planspec.plan.sections import NOT_GIVEN, Document
from planspec.plan.sharing import NULL
from planspec.syntax import SHOW, unescaped, values

_VERSION: Final = re.compile(r"[0-9]{1,6}\.[0-9]{1,6}")
_KEY: Final = re.compile(r'\[(?:(\d{1,18})|"((?:[^"\\]|\\.)*)")\]', re.DOTALL)
_EMPTY: Final = (NULL, msgspec.Raw(b"{}"))
_LONGEST_ADDRESS: Final = 300
_REPLACEMENTS: Final = (["delete", "create"], ["create", "delete"])
_FORGETTING: Final = (["forget"], ["create", "forget"], ["forget", "create"])
_OF_RESOURCES: Final = (*([each.value] for each in Action), *_REPLACEMENTS, *_FORGETTING)
_GOING: Final = (["delete"], ["forget"])
_OF_OUTPUTS: Final = (["no-op"], ["create"], ["update"], ["delete"])
_OF_DRIFT: Final = (["no-op"], ["update"], ["delete"])
# What none of these may lack: there is an object already.
_OF_PRESENT: Final = (["no-op"], ["update"], ["delete"], *_REPLACEMENTS)
_MARKS: Final = ("after_unknown", "before_sensitive", "after_sensitive")
_PREFIX: Final = {Mode.DATA: "data.", Mode.EPHEMERAL: "ephemeral."}
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


class _Actions(msgspec.Struct, frozen=True):
    actions: list[str] = []


class _Drifted(msgspec.Struct, frozen=True):
    address: str = ""
    change: _Actions = _Actions()


_planned: Final = msgspec.json.Decoder(_Planned | None)
_drifted: Final = msgspec.json.Decoder(_Drifted)


def edited(name: str, what: str) -> BrokenDocument:
    """The error that says in which place a plan is not as Terraform writes it."""
    return BrokenDocument(
        f"{name}: {what}; Terraform does not write that, so the plan was edited. Make it again: {SHOW}"
    )


def require_version(version: str, name: str) -> None:
    """Raise BrokenDocument unless the format is a version: two numbers."""
    if not _VERSION.fullmatch(version):
        raise edited(name, f'format_version is "{version[:20]}", which is no version')


def require_entry(entry: Entry, name: str) -> None:
    """Raise BrokenDocument for one resource change that contradicts itself."""
    for problem in chain(_of_address(entry), _of_change(entry)):
        raise edited(f"{name}: {(entry.address or entry.type)[:_LONGEST_ADDRESS]}", problem)


def require_one_story(parts: Document, entries: Sequence[Entry], name: str) -> None:
    """Raise BrokenDocument where the entries, the planned values and the other sections disagree."""
    for problem in chain(_twice(entries), _of_planned(parts, entries), _of_others(parts)):
        raise edited(name, problem)


def _of_address(entry: Entry) -> Iterator[str]:
    """The address is made of the module, the mode, the type, the name and the key of the instance."""
    if entry.provider_name == "":
        yield "its provider has no name"
    if not entry.address or not entry.name:
        return
    module = f"{entry.module_address}." if entry.module_address else ""
    block = f"{module}{_PREFIX.get(Mode(entry.mode), '')}{entry.type}.{entry.name}"
    rest = entry.address.removeprefix(block) if entry.address.startswith(block) else entry.address
    stated = int(entry.index) if isinstance(entry.index, float) else entry.index
    if not _names_instance(rest, stated):
        yield f"its parts say another address: {block} and the index {stated!r}"


def _names_instance(written: str, index: str | int | None) -> bool:
    """Whether this end of an address names the instance with this index."""
    found = _KEY.fullmatch(written)
    if found is None or index is None:
        return written == "" and index is None
    if isinstance(index, int):
        return found[1] is not None and int(found[1]) == index
    # Old versions wrote signs that are not printable in other ways.
    return found[2] is not None and (unescaped(found[2]) == index or not index.isprintable())


def _of_change(entry: Entry) -> Iterator[str]:
    """The actions fit together, the values to them, and the marks to the values."""
    change = entry.change
    actions = change.actions
    if actions not in _OF_RESOURCES:
        yield f"actions {', '.join(actions)} contradict each other"
    for what, raw in (("before", change.before), ("after", change.after)):
        if raw != NULL and memoryview(raw)[:1].tobytes() != b"{":
            yield f"{what} is no object"
    if actions in (["create"], ["read"]) and change.before != NULL:
        yield f"{actions[0]} of an object that is there before"
    # A no-op of nothing, as some programs write it, changes nothing either.
    idle = actions == ["no-op"] and change.after == NULL
    if actions in _OF_PRESENT and change.before == NULL and not idle:
        yield f"{' and '.join(actions)} of an object that is not there before"
    if actions == ["no-op"] and not _same(change.before, change.after):
        yield "no-op, and before and after differ"
    for what in _MARKS:
        yield from _of_marks(getattr(change, what), what)
    unknown = sharing.tree(change.after_unknown)
    for path in _stated(_attributes.decode(change.after), unknown) if unknown else ():
        yield f"after{path} is stated and unknown"


def _of_marks(raw: msgspec.Raw, what: str) -> Iterator[str]:
    text = bytes(raw)
    if not (_is_marks if len(text) <= sharing.LONGEST_SHARED else _is_marks.__wrapped__)(text):
        yield f"{what} is no tree of marks"


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


def _stated(known: Any, unknown: Any, path: str = "") -> Iterator[str]:
    """Where a value stands that apply decides; lists of other lengths than their marks tell nothing.

    The attributes are given as they are written: only what has a mark is decoded.
    """
    if isinstance(known, msgspec.Raw):
        known = values(known) if unknown else None
    if unknown is True and known is not None:
        yield path
    elif isinstance(unknown, dict) and isinstance(known, dict):
        for name, inner in unknown.items():
            if name in known:
                yield from _stated(known[name], inner, f"{path}.{name}")
    elif isinstance(unknown, list) and isinstance(known, list) and len(unknown) == len(known):
        for position, inner in enumerate(unknown):
            yield from _stated(known[position], inner, f"{path}[{position}]")


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
    """What is planned is what the changes lead to, no more and no less."""
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
            yield f"{where} stands in planned_values, and in no resource change"
    yield from _not_planned(present, root)


def _not_planned(present: Mapping[str, Entry], root: _Module) -> Iterator[str]:
    """Objects that a module will have, and that are missing among those that are planned for it.

    Old versions leave out whole modules, so only those that have any are compared.
    """
    modules = [module for module in _modules(root) if module.resources]
    planned = {each.address for module in modules for each in module.resources or ()}
    addresses = {module.address for module in modules}
    for address, entry in present.items():
        managed = entry.mode == Mode.MANAGED and not entry.deposed
        stays = entry.change.after not in _EMPTY and entry.change.actions not in _GOING
        listed = (entry.module_address or "") in addresses
        if managed and stays and listed and address and address not in planned:
            yield f"{address[:_LONGEST_ADDRESS]} is changed, and not in planned_values"


def _of_pair(resource: _Resource, entry: Entry) -> Iterator[str]:
    if (resource.type or entry.type, resource.mode) != (entry.type, entry.mode):
        yield "planned_values and resource_changes name two types"
    told = NULL not in (entry.change.after, resource.values) and entry.change.actions not in _GOING
    if told and not _same(resource.values, entry.change.after):
        yield "planned_values contradict what stands in after"


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
    """Outputs, and what was found to have changed outside Terraform."""
    try:
        yield from _of_outputs(parts.output_changes)
        for drift in map(_drifted.decode, parts.resource_drift or ()):
            if drift.change.actions not in _OF_DRIFT:
                yield f"resource_drift: {drift.address[:_LONGEST_ADDRESS]}: not an update or a deletion"
    except msgspec.ValidationError as error:
        yield f"output_changes or resource_drift: {error}"


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
        if change.after_unknown == TRUE and change.after != NULL:
            yield f"{where}: after is stated and unknown"
