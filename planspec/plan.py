"""What does the plan change?

The model of a plan JSON document: resource changes with their actions, indexed by type, their values
decoded on first use. Source: Terraform, "JSON Output Format" (format_version 0.1 to 1.x).
"""

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

import msgspec

from planspec import document
from planspec.errors import BrokenDocument, NotJudgeable, PlanError, UnknownFormat
from planspec.value import Value

STANDARD_INPUT: Final = "-"
Built = TypeVar("Built")


class Action(StrEnum):
    """What Terraform does to one object. A replacement is `delete` and `create` together."""

    NO_OP = "no-op"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    FORGET = "forget"
    OPEN = "open"


class Mode(StrEnum):
    """Whether Terraform manages the object, only reads it, or opens it for one run (OpenTofu)."""

    MANAGED = "managed"
    DATA = "data"
    EPHEMERAL = "ephemeral"


# An empty Raw stands for a key that the document does not have; no JSON value is empty.
NOT_GIVEN: Final = msgspec.Raw()


class _Change(msgspec.Struct, frozen=True):
    actions: list[str] = []
    before: msgspec.Raw = msgspec.Raw(b"null")
    after: msgspec.Raw = msgspec.Raw(b"null")
    after_unknown: msgspec.Raw = msgspec.Raw(b"false")
    before_sensitive: msgspec.Raw = msgspec.Raw(b"false")
    after_sensitive: msgspec.Raw = msgspec.Raw(b"false")
    importing: msgspec.Raw = msgspec.Raw(b"null")


class _Entry(msgspec.Struct, frozen=True):
    """One entry of `resource_changes`; hand-made plans leave most of it out."""

    type: str
    change: _Change = _Change()
    address: str = ""
    name: str = ""
    mode: str = "managed"
    module_address: str | None = None
    provider_name: str | None = None
    index: str | int | float | None = None
    deposed: str | bool | None = None
    previous_address: str | None = None
    action_reason: str | None = None


class _Document(msgspec.Struct, frozen=True):
    format_version: str | None = None
    terraform_version: str = ""
    resource_changes: list[msgspec.Raw] | None = None
    planned_values: msgspec.Raw = NOT_GIVEN
    configuration: msgspec.Raw = NOT_GIVEN
    prior_state: msgspec.Raw = NOT_GIVEN
    variables: dict[str, msgspec.Raw] = {}
    resource_drift: list[msgspec.Raw] = []
    deferred_changes: list[msgspec.Raw] = []
    action_invocations: list[msgspec.Raw] = []
    complete: bool | None = None
    errored: bool | None = None


_decoder = msgspec.json.Decoder(_Document)
_entry_decoder = msgspec.json.Decoder(_Entry)


_MODES = frozenset(mode.value for mode in Mode)
_ACTIONS = frozenset(action.value for action in Action)


class Noting:
    """Which places were read since it was last emptied; the plan's values note each read here."""

    def __init__(self) -> None:
        self.places: dict[tuple[str, str], Value] = {}

    def add(self, address: str, path: str, value: Value) -> None:
        """Note one read."""
        self.places[address, path] = value


class ResourceChange:
    """One resource instance and what the plan does to it."""

    def __init__(self, entry: _Entry, noting: Noting | None = None) -> None:
        self._entry = entry
        self._noting = noting or Noting()
        self.address = entry.address or f"{entry.type}.{entry.name}"
        self.type = entry.type
        self.name = entry.name
        self.index = entry.index
        self.module_address = entry.module_address or ""
        self.provider = entry.provider_name or ""
        self.deposed = entry.deposed
        self.previous_address = entry.previous_address
        self.action_reason = entry.action_reason
        self.mode = Mode(entry.mode)
        self.actions = frozenset(Action(action) for action in entry.change.actions)

    def __repr__(self) -> str:
        return f"<{self.address}: {', '.join(sorted(self.actions))}>"

    @property
    def index_key(self) -> str | int | None:
        """The instance key: a number for `count`, a text for `for_each`, None for a single one."""
        return int(self.index) if isinstance(self.index, float) else self.index

    @property
    def managed(self) -> bool:
        """Whether Terraform manages it, as against a data source."""
        return self.mode is Mode.MANAGED

    @cached_property
    def will_exist(self) -> bool:
        """Whether the object exists, under Terraform's management, once the plan is applied."""
        return not self.deposed and self._entry.change.after != b"null"

    @property
    def destroyed(self) -> bool:
        """Whether the object that exists now is destroyed, by deletion or by replacement."""
        return Action.DELETE in self.actions

    @property
    def replaced(self) -> bool:
        """Whether a new object takes the place of the present one."""
        return Action.CREATE in self.actions and len(self.actions) > 1

    @cached_property
    def after(self) -> Value:
        """The values once the plan is applied; null for an object that will be gone."""
        change = self._entry.change
        return self._root(change.after, change.after_unknown, change.after_sensitive)

    @cached_property
    def before(self) -> Value:
        """The values as Terraform found them; null for an object that is created."""
        change = self._entry.change
        return self._root(change.before, msgspec.Raw(b"false"), change.before_sensitive)

    @property
    def values(self) -> Value:
        """The values to judge: those after the change, or before it for an object that goes."""
        return self.after if self.will_exist else self.before

    def _root(self, known: msgspec.Raw, unknown: msgspec.Raw, sensitive: msgspec.Raw) -> Value:
        marks = document.values(sensitive)
        if isinstance(marks, dict) and "tags" in marks:
            # The provider copies `tags` into `tags_all` and the mark is not copied with them.
            marks = {"tags_all": marks["tags"]} | marks
        noting, address = self._noting, self.address
        return Value(
            document.values(known),
            document.values(unknown),
            marks,
            note=lambda path, value: noting.add(address, path, value),
        )


class Plan:
    """A Terraform plan: resource changes by type, and the sections that explain them."""

    def __init__(self, parts: _Document, entries: Sequence[_Entry], digest: str, name: str) -> None:
        self._parts = parts
        self.name = name
        self.digest = digest
        self.format_version = parts.format_version or ""
        self.terraform_version = parts.terraform_version
        self.noting = Noting()
        self._attached: dict[Any, Any] = {}
        self.changes = tuple(ResourceChange(entry, self.noting) for entry in entries)
        self.deferred = len(parts.deferred_changes)
        self.action_invocations = len(parts.action_invocations)
        self.drifted = len(parts.resource_drift)

    @cached_property
    def by_type(self) -> dict[tuple[Mode, str], tuple[ResourceChange, ...]]:
        """Resource changes by mode and type, in the order of the plan."""
        found: dict[tuple[Mode, str], list[ResourceChange]] = {}
        for change in self.changes:
            found.setdefault((change.mode, change.type), []).append(change)
        return {key: tuple(changes) for key, changes in found.items()}

    def attached(self, build: Callable[["Plan"], Built]) -> Built:
        """Return what `build` makes of this plan; it is made once and kept as long as the plan."""
        if build not in self._attached:
            self._attached[build] = build(self)
        built: Built = self._attached[build]
        return built

    def resources(self, *types: str, mode: Mode = Mode.MANAGED) -> tuple[ResourceChange, ...]:
        """Every change of these types, also of objects that will be gone."""
        return tuple(change for kind in types for change in self.by_type.get((mode, kind), ()))

    def remaining(self, *types: str, mode: Mode = Mode.MANAGED) -> tuple[ResourceChange, ...]:
        """The resources of these types that exist once the plan is applied."""
        return tuple(change for change in self.resources(*types, mode=mode) if change.will_exist)

    @cached_property
    def configuration(self) -> dict[str, Any]:
        """The `configuration` section: expressions by block; empty where the plan has none."""
        return self._section(self._parts.configuration)

    @cached_property
    def variables(self) -> dict[str, Value]:
        """Root variables as they were given: not converted to the type they were declared with."""
        return {
            name: Value(document.values(raw), path=f"var.{name}").get("value")
            for name, raw in self._parts.variables.items()
        }

    @cached_property
    def data_sources(self) -> dict[str, "StateResource"]:
        """Data sources that were read while planning, by address, from `prior_state`."""
        return {
            resource.address: resource
            for resource in _state_resources(self._section(self._parts.prior_state))
            if resource.mode is Mode.DATA
        }

    def _section(self, raw: msgspec.Raw) -> dict[str, Any]:
        if raw == NOT_GIVEN:
            return {}
        document.refuse_duplicate_keys(bytes(raw), self.name)
        section = document.values(raw)
        return section if isinstance(section, dict) else {}

    def require_judgeable(self) -> None:
        """Raise NotJudgeable where a judgement would say nothing, or only half.

        Source: plan JSON `errored` (Terraform 1.6) and `complete` (1.8): the resources that
        failed, and all that depend on them, are missing from the file.
        """
        if self._parts.errored:
            raise NotJudgeable(
                f"{self.name}: planning failed (errored: true), so resources are missing from it;"
                " mend what `terraform plan` reports and plan again"
            )
        if self.deferred or self._parts.complete is False:
            raise NotJudgeable(
                f"{self.name}: the plan is incomplete (-target, or {self.deferred} deferred"
                " changes), so requirements across resources cannot be judged;"
                " plan again without -target"
            )
        if not self.changes:
            raise NotJudgeable(
                f"{self.name}: no resource change to judge (an empty, outputs-only or"
                f" refresh-only plan; {self.drifted} drifted); plan the configuration itself:"
                f" {document.PLAN_AND_SHOW}"
            )


class StateResource:
    """One object of `prior_state`: everything in it is known."""

    def __init__(self, entry: dict[str, Any]) -> None:
        self.address = str(entry.get("address", ""))
        self.type = str(entry.get("type", ""))
        self.mode = Mode(entry.get("mode", "managed"))
        self.values = Value(entry.get("values"), False, entry.get("sensitive_values", False))


def _state_resources(prior_state: dict[str, Any]) -> Iterator[StateResource]:
    modules = [(prior_state.get("values") or {}).get("root_module") or {}]
    while modules:
        module = modules.pop()
        modules += module.get("child_modules", [])
        yield from map(StateResource, module.get("resources", []))


def read(source: Path | str) -> Plan:
    """Read the plan at this path; "-" is standard input. Raises PlanError, which names the file."""
    name = "standard input" if str(source) == STANDARD_INPUT else str(source)
    return decode(read_bytes(source), name)


def read_bytes(source: Path | str) -> bytes:
    """Read the bytes of a plan file, or of standard input. Raises PlanError if there is none."""
    if str(source) == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise PlanError(f"{source}: {error.strerror}; give the path of a plan JSON file") from error


def decode(data: bytes, name: str) -> Plan:
    """Decode what `terraform show -json PLANFILE` printed; `name` is used in messages.

    Raises PlanError: NotAPlan, BrokenDocument or UnknownFormat.
    """
    text = document.utf8(data, name)
    try:
        parts = _decoder.decode(text)
        _require_plan(parts, text, name)
        document.refuse_duplicate_members(text, name)
        entries = [_entry(raw, name) for raw in parts.resource_changes or ()]
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        _explain(text, name, error)
    return Plan(parts, entries, hashlib.sha256(data).hexdigest(), name)


def _explain(text: bytes, name: str, error: Exception) -> NoReturn:
    """Raise the error that fits: another kind of document, a wrong type inside, or no JSON."""
    try:
        parsed = msgspec.json.decode(text, type=msgspec.Raw)
        is_plan = b'"format_version"' in bytes(parsed)[:2000] and bytes(parsed)[:1] == b"{"
    except (msgspec.DecodeError, RecursionError, ValueError):
        document.explain_undecodable(text, name, error)
    if is_plan and isinstance(error, msgspec.ValidationError):
        raise BrokenDocument(
            f"{name}: {error}; Terraform does not write that, so the plan was edited."
            f" Make it again: {document.SHOW}"
        ) from error
    document.explain_other_document(text, name)


def _require_plan(parts: _Document, text: bytes, name: str) -> None:
    """Raise NotAPlan or UnknownFormat unless this is a plan of a format that we know."""
    optional = (parts.planned_values, parts.configuration)
    has_sections = parts.resource_changes is not None or any(part != NOT_GIVEN for part in optional)
    if parts.format_version is None or not has_sections:
        document.explain_other_document(text, name)
    major = parts.format_version.partition(".")[0]
    if major not in {"0", "1"}:
        raise UnknownFormat(
            f"{name}: plan format {parts.format_version}; planspec knows 0.x and 1.x."
            " Make the plan with a Terraform of the 1.x series, or update planspec"
        )


def _entry(raw: msgspec.Raw, name: str) -> _Entry:
    """Decode one entry and refuse a mode or an action whose meaning is not known."""
    document.refuse_duplicate_keys(bytes(raw), name)
    entry = _entry_decoder.decode(raw)
    where = f"{name}: {entry.address or entry.type}"
    if entry.mode not in _MODES:
        raise UnknownFormat(f'{where}: mode "{entry.mode}" is not known; update planspec')
    for action in entry.change.actions:
        if action not in _ACTIONS:
            raise UnknownFormat(
                f'{where}: action "{action}" is not known, so it cannot be judged; update planspec'
            )
    return entry
