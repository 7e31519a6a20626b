"""What does the plan change?

The model of a plan JSON document: resource changes with their actions, indexed by type, their values
decoded on first use. Source: Terraform, "JSON Output Format" (format_version 0.1 to 1.x).
"""

import copy
import hashlib
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

import msgspec

from planspec.errors import LONGEST_QUOTE, PlanError, UnknownFormat, quoted
from planspec.plan import checks_and_actions, configuration, consistency
from planspec.plan import prior_state as state
from planspec.plan.checks_and_actions import Check, Deferred, Invocation
from planspec.plan.configuration import Configuration
from planspec.plan.noting import Noting
from planspec.plan.prior_state import StateResource
from planspec.plan.resource_change import Action, Entry, Mode, ResourceChange, output_actions
from planspec.plan.resource_change import outputs as changed_outputs
from planspec.plan.sections import NOT_GIVEN, Document, as_written, own_bytes
from planspec.plan.sharing import NULL
from planspec.plan.value import Value
from planspec.saved import Way
from planspec.source import NO_SOURCE, Source
from planspec.syntax import refuse_duplicate_keys, refuse_duplicate_members, utf8, values

__all__ = ["Action", "Mode", "Plan", "ResourceChange", "decode", "read", "read_bytes"]

STANDARD_INPUT: Final = "-"
LONGEST_ADDRESS: Final = 300
Built = TypeVar("Built")


Completing = Callable[["Plan", ResourceChange], Value]
_decoder = msgspec.json.Decoder(Document)
_entry_decoder = msgspec.json.Decoder(Entry)


_MODES = frozenset(mode.value for mode in Mode)
_ACTIONS = frozenset(action.value for action in Action)


class Plan:
    """A Terraform plan: resource changes by type, and the sections that explain them."""

    def __init__(
        self, parts: Document, changes: Sequence[ResourceChange], noting: Noting, digest: str, name: str
    ) -> None:
        self._parts = parts
        self.name = name
        self.digest = digest
        self.format_version = parts.format_version or ""
        self.terraform_version = parts.terraform_version
        self.made_at = parts.timestamp or ""
        self.noting = noting
        self._attached: dict[Any, Any] = {}
        self._provided: Mapping[type[Any], Any] = {}
        # The source of the plan, where it is at hand: from a saved plan, or a folder that was named.
        self.source: Source = NO_SOURCE
        self._completing: Completing | None = None
        self.changes = tuple(changes)
        self.errored = parts.errored
        self.complete = parts.complete
        self.drifted = len(parts.resource_drift or ())
        # How the plan was made, where the saved plan tells it; JSON does not.
        self.way: Way | None = None
        # Where nothing changes: whether there is something all the same.
        self.holds_managed = False
        self.has_configuration = parts.configuration not in (NOT_GIVEN, NULL)

    def with_source(self, source: Source, completing: "Completing") -> "Plan":
        """Return the plan with its source; `completing` states what only the source says."""
        made = copy.copy(self)
        made.source = source
        made._completing = completing if source is not NO_SOURCE else None
        made._hold(self.noting)
        return made

    def for_run(self, noting: Noting, *provided: object) -> "Plan":
        """Return the plan for one run: reads are noted there, names looked up in what is provided."""
        made = copy.copy(self)
        made._provided = {type(each): each for each in provided}
        made._hold(noting)
        return made

    def _hold(self, noting: Noting) -> None:
        """Let a fresh copy have changes of its own, and nothing that was worked out of the others.

        The sections that are decoded already stay shared.
        """
        completing = partial(self._completing, self) if self._completing else None
        self.noting = noting
        self.changes = tuple(each.held(noting, completing) for each in self.changes)
        self._attached = {}
        for name in ("by_type", "_by_address"):
            self.__dict__.pop(name, None)

    def provided(self, kind: type[Built]) -> Built | None:
        """What the run gave of this kind, beside the plan."""
        found: Built | None = self._provided.get(kind)
        return found

    @cached_property
    def by_type(self) -> dict[tuple[Mode, str], tuple[ResourceChange, ...]]:
        """Resource changes by mode and type, in the order of the plan."""
        found: dict[tuple[Mode, str], list[ResourceChange]] = {}
        for change in self.changes:
            found.setdefault((change.mode, change.type), []).append(change)
        return {key: tuple(changes) for key, changes in found.items()}

    def attached(self, build: Callable[..., Built], *asked: Hashable) -> Built:
        """Return what `build` makes of this plan and what is asked; made once and kept with the plan."""
        key = (build, *asked)
        if key not in self._attached:
            self._attached[key] = build(self, *asked)
        built: Built = self._attached[key]
        return built

    def once(self, build: Callable[..., Built], *asked: Hashable) -> Built:
        """The same, and made again where each who asks has to note what it read."""
        return build(self, *asked) if self.noting.wanted else self.attached(build, *asked)

    def resources(self, *types: str, mode: Mode = Mode.MANAGED) -> tuple[ResourceChange, ...]:
        """Every change of these types, also of objects that will be gone."""
        return tuple(change for kind in types for change in self.by_type.get((mode, kind), ()))

    @cached_property
    def _by_address(self) -> dict[str, ResourceChange]:
        return {change.address: change for change in self.changes if change.will_exist}

    def find(self, address: str) -> ResourceChange | None:
        """The resource or data source at this address, if it exists once the plan is applied."""
        return self._by_address.get(address)

    def remaining(self, *types: str, mode: Mode = Mode.MANAGED) -> tuple[ResourceChange, ...]:
        """The resources of these types that exist once the plan is applied."""
        return tuple(change for change in self.resources(*types, mode=mode) if change.will_exist)

    @cached_property
    def configuration(self) -> Configuration:
        """The `configuration` section: expressions by block; empty where the plan has none."""
        return self._section("configuration", self._parts.configuration, configuration.decode)

    @cached_property
    def variables(self) -> dict[str, Value]:
        """Root variables as they were given: not converted to the type they were declared with."""
        given = values(self._parts.variables)
        names = given if isinstance(given, dict) else {}
        return {name: Value(given, path="var").get(name, "value") for name in names}

    @cached_property
    def outputs(self) -> dict[str, Value]:
        """The outputs of the root module that there are after the change."""
        return self._section("output_changes", self._parts.output_changes, changed_outputs)

    @cached_property
    def output_actions(self) -> dict[str, frozenset[str]]:
        """What happens to each output of the root module, also to those that go."""
        return self._section("output_changes", self._parts.output_changes, output_actions)

    @cached_property
    def checked_variables(self) -> frozenset[str]:
        """The variables of the root module that have a condition (Terraform 1.6 and later)."""
        shown = (each.address.to_display for each in self.checks if each.address.kind == "var")
        return frozenset(each.removeprefix("var.") for each in shown if each.startswith("var."))

    @cached_property
    def prior_state(self) -> tuple[StateResource, ...]:
        """What Terraform read while planning, data sources among it."""
        return self._section("prior_state", self._parts.prior_state, state.resources)

    @cached_property
    def data_sources(self) -> dict[str, StateResource]:
        """Data sources that were read while planning, by address, from `prior_state`."""
        return {each.address: each for each in self.prior_state if each.is_data}

    @cached_property
    def drift(self) -> tuple[Any, ...]:
        """What was changed outside of Terraform, as it is written."""
        return tuple(map(values, self._parts.resource_drift or ()))

    @cached_property
    def deferred(self) -> list[Deferred]:
        """Changes that Terraform puts off to a later plan."""
        return self._section(
            "deferred_changes", self._parts.deferred_changes, checks_and_actions.deferred, b"[]"
        )

    @cached_property
    def action_invocations(self) -> list[Invocation]:
        """Provider actions that will run beside the changes of resources."""
        raw = self._parts.action_invocations
        return self._section("action_invocations", raw, checks_and_actions.invocations, b"[]")

    @cached_property
    def checks(self) -> list[Check]:
        """What the configuration checked about itself while planning."""
        return self._section("checks", self._parts.checks, checks_and_actions.checks, b"[]")

    @property
    def late_sections(self) -> dict[str, Any]:
        """The sections that are decoded late, as they are written: any JSON."""
        return as_written(self._parts)

    def _section(
        self,
        name: str,
        raw: msgspec.Raw,
        decoder: Callable[[msgspec.Raw], Built],
        empty: bytes = b"{}",
    ) -> Built:
        """Decode a section. Raises BrokenDocument for one that Terraform would not write."""
        if raw in (NOT_GIVEN, NULL):
            return decoder(msgspec.Raw(empty))
        refuse_duplicate_keys(bytes(raw), self.name)
        try:
            return decoder(raw)
        except msgspec.ValidationError as error:
            raise consistency.edited(self.name, f"{name}: {error}") from error


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
    text = utf8(data, name)
    try:
        parts = _decoder.decode(text)
        _require_plan(parts, text, name)
        refuse_duplicate_members(text, name)
        refuse_duplicate_keys(bytes(parts.variables), name)
        noting = Noting()
        entries = [_entry(raw, name) for raw in parts.resource_changes or ()]
        consistency.require_one_story(parts, entries, name)
        changes = [ResourceChange(entry, noting) for entry in entries]
        in_state = not entries and consistency.holds_managed(parts)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        _explain(text, name, error)
    found = Plan(own_bytes(parts), changes, noting, hashlib.sha256(data).hexdigest(), name)
    found.holds_managed = in_state
    return found


def _explain(text: bytes, name: str, error: Exception) -> NoReturn:
    """Raise the error that fits: another kind of document, a wrong type inside, or no JSON."""
    from planspec.syntax import explain_other_document, explain_undecodable

    try:
        parsed = msgspec.json.decode(text, type=msgspec.Raw)
        is_plan = b'"format_version"' in bytes(parsed)[:2000] and bytes(parsed)[:1] == b"{"
    except (msgspec.DecodeError, RecursionError, ValueError):
        explain_undecodable(text, name, error)
    if is_plan and isinstance(error, msgspec.ValidationError):
        raise consistency.edited(name, str(error)) from error
    explain_other_document(text, name)


def _require_plan(parts: Document, text: bytes, name: str) -> None:
    """Raise NotAPlan or UnknownFormat unless this is a plan of a format that we know."""
    optional = (parts.planned_values, parts.configuration)
    has_sections = parts.resource_changes is not None or any(part != NOT_GIVEN for part in optional)
    if parts.format_version is None or not has_sections:
        from planspec.syntax import explain_other_document

        explain_other_document(text, name)
    consistency.require_version(parts.format_version, name)
    major = parts.format_version.partition(".")[0]
    if major not in {"0", "1"}:
        raise UnknownFormat(
            f"{name}: plan format {parts.format_version[:LONGEST_QUOTE]}; planspec knows 0.x and 1.x."
            " Make the plan with a Terraform of the 1.x series, or update planspec"
        )


def _entry(raw: msgspec.Raw, name: str) -> Entry:
    """Decode one entry and refuse a mode or an action whose meaning is not known."""
    refuse_duplicate_keys(bytes(raw), name)
    entry = _entry_decoder.decode(raw)
    where = f"{name}: {(entry.address or entry.type)[:LONGEST_ADDRESS]}"
    if entry.mode not in _MODES:
        raise UnknownFormat(f"{where}: mode {quoted(entry.mode)} is not known; update planspec")
    if not entry.change.actions:
        raise consistency.edited(where, 'no action in "change"')
    for action in entry.change.actions:
        if action not in _ACTIONS:
            raise UnknownFormat(
                f"{where}: action {quoted(action)} is not known, so it cannot be judged; update planspec"
            )
    consistency.require_entry(entry, name)
    return entry
