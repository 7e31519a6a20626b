"""What happens to one object?

One entry of `resource_changes`: the actions, and the values before and after, decoded on first use.
Source: Terraform, "JSON Output Format", change representation.
"""

import copy
import sys
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

import msgspec

from planspec.plan import sharing
from planspec.plan.noting import Noting
from planspec.plan.sharing import NULL
from planspec.plan.value import Known, Value
from planspec.syntax import document

FALSE: Final = msgspec.Raw(b"false")
TRUE: Final = msgspec.Raw(b"true")


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


class ChangeEntry(msgspec.Struct, frozen=True):
    """The `change` of an entry, its values not yet decoded."""

    actions: list[str] = []
    before: msgspec.Raw = NULL
    after: msgspec.Raw = NULL
    after_unknown: msgspec.Raw = FALSE
    before_sensitive: msgspec.Raw = FALSE
    after_sensitive: msgspec.Raw = FALSE
    importing: msgspec.Raw = NULL
    generated_config: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """One entry of `resource_changes`; hand-made plans leave most of it out."""

    type: str
    change: ChangeEntry = ChangeEntry()
    address: str = ""
    name: str = ""
    mode: str = "managed"
    module_address: str | None = None
    provider_name: str | None = None
    index: str | int | float | None = None
    deposed: str | bool | None = None
    previous_address: str | None = None
    action_reason: str | None = None


class ResourceChange:
    """One resource instance and what the plan does to it.

    A plan can have hundreds of thousands, so a change is small: the texts and trees that many of
    them have are kept once.
    """

    __slots__ = (
        *("_after", "_before", "_change", "_completing", "_lacks_after", "_noting", "_planned"),
        *("_will_exist", "action_reason", "actions", "address", "creates_first", "deposed", "index"),
        *("mode", "module_address", "name", "previous_address", "provider", "type"),
    )

    def __init__(self, entry: Entry, noting: Noting | None = None) -> None:
        self._change = _lean(entry.change)
        self._noting = noting or Noting()
        self.address = entry.address or f"{entry.type}.{entry.name}"
        self.type = sys.intern(entry.type)
        self.name = sys.intern(entry.name)
        self.index = entry.index
        self.module_address = sys.intern(entry.module_address or "")
        self.provider = sys.intern(entry.provider_name or "")
        self.deposed = entry.deposed
        self.previous_address = entry.previous_address
        self.action_reason = entry.action_reason
        self.mode = Mode(entry.mode)
        self.actions = _actions(tuple(entry.change.actions))
        # A replacement that destroys the present object only once the new one is there.
        self.creates_first = entry.change.actions == _CREATES_FIRST
        # Where the source is at hand: makes `after` of `planned`.
        self._completing: Completing | None = None
        self._after: Value | None = None
        self._before: Value | None = None
        self._planned: Value | None = None
        made = self.actions & {Action.CREATE, Action.UPDATE}
        gone = self._change.after == NULL
        self._lacks_after = gone and self.managed and bool(made)
        gone = gone and not self._lacks_after
        self._will_exist = not self.deposed and not gone

    def held(self, noting: Noting, completing: "Completing | None") -> "ResourceChange":
        """The same change for another holder, whose reads are noted apart from those of this one."""
        made = object.__new__(ResourceChange)
        for name in ResourceChange.__slots__:  # a third of the time that `copy.copy` takes
            setattr(made, name, getattr(self, name))
        made._noting, made._completing = noting, completing
        made._after = made._before = None
        if self._planned is not None:
            # What was decoded is kept, as its JSON may be gone by now.
            made._planned = self._planned.noted(made._note if noting.wanted else None)
        return made

    def __repr__(self) -> str:
        return f"<{self.address}: {', '.join(sorted(self.actions))}>"

    @property
    def index_key(self) -> str | int | None:
        """The instance key: a number for `count`, a text for `for_each`, None for a single one."""
        return int(self.index) if isinstance(self.index, float) else self.index

    @property
    def imported(self) -> bool:
        """Whether the plan takes an existing object under Terraform's management."""
        return self._change.importing != NULL

    @property
    def generated(self) -> bool:
        """Whether Terraform wrote its configuration, so that no block stands for it yet."""
        return bool(self._change.generated_config)

    @property
    def managed(self) -> bool:
        """Whether Terraform manages it, as against a data source."""
        return self.mode is Mode.MANAGED

    @property
    def will_exist(self) -> bool:
        """Whether the object exists, under Terraform's management, once the plan is applied.

        Hand-made plans leave `after` out of an object that is created; nothing of it is known.
        """
        return self._will_exist

    @property
    def destroyed(self) -> bool:
        """Whether the object that exists now is destroyed, by deletion or by replacement."""
        return Action.DELETE in self.actions

    @property
    def replaced(self) -> bool:
        """Whether a new object takes the place of the present one."""
        return Action.CREATE in self.actions and len(self.actions) > 1

    @property
    def after(self) -> Value:
        """The values once the plan is applied; null for an object that will be gone.

        Where the source is at hand, it states literals that Terraform hides in unknown collections.
        """
        if self._after is None:
            self._after = self.planned if self._completing is None else self._completing(self)
        return self._after

    @property
    def planned(self) -> Value:
        """The values once the plan is applied, as the plan alone states them."""
        if self._planned is None:
            change = self._change
            unknown = TRUE if self._lacks_after else change.after_unknown
            self._planned = self._root(change.after, unknown, change.after_sensitive)
            if self._completing is None:
                # Decoded once: the JSON would only take memory from now on.
                self._change = _without_after(change)
        return self._planned

    @property
    def known(self) -> Any:
        """`after`, in a copy that may be changed."""
        if self._planned is not None and self._change.after == NULL:
            stated = self._planned.peek()
            return copy.deepcopy(stated.value) if isinstance(stated, Known) else None
        return document.values(self._change.after)

    @property
    def unknown(self) -> Any:
        """`after_unknown`: the marks of what apply decides, which nobody may change."""
        return sharing.tree(self._change.after_unknown)

    def restated(self, known: Any, unknown: Any) -> Value:
        """The values after the change with other parts known; the marks for secrets stay."""
        return self._value(known, unknown, self._change.after_sensitive)

    @property
    def before(self) -> Value:
        """The values as Terraform found them; null for an object that is created."""
        if self._before is None:
            change = self._change
            self._before = self._root(change.before, FALSE, change.before_sensitive)
        return self._before

    @property
    def values(self) -> Value:
        """The values to judge: those after the change, or before it for an object that goes."""
        return self.after if self.will_exist else self.before

    def _root(self, known: msgspec.Raw, unknown: msgspec.Raw, sensitive: msgspec.Raw) -> Value:
        if not self._noting.wanted and known == NULL and unknown == FALSE:
            return _NOTHING
        return self._value(sharing.values(known), sharing.tree(unknown), sensitive)

    def _value(self, known: Any, unknown: Any, sensitive: msgspec.Raw) -> Value:
        note = self._note if self._noting.wanted else None
        return Value(known, unknown, sharing.marks(sensitive), note=note)

    def _note(self, value: Value) -> None:
        self._noting.add(self.address, value)


Completing = Callable[[ResourceChange], Value]


def outputs(raw: bytes | msgspec.Raw) -> dict[str, Value]:
    """Return the outputs that there are after the change, from `output_changes`.

    Raises msgspec.ValidationError for another shape.
    """
    return {
        name: Value(
            document.values(each.after),
            document.values(each.after_unknown),
            document.values(each.after_sensitive),
            path=f"output.{name}",
        )
        for name, each in output_entries(raw).items()
        if each.actions != [Action.DELETE]
    }


def output_actions(raw: bytes | msgspec.Raw) -> dict[str, frozenset[str]]:
    """Return what happens to each output of the root module.

    Raises msgspec.ValidationError for another shape.
    """
    return {name: frozenset(each.actions) for name, each in output_entries(raw).items()}


def output_entries(raw: bytes | msgspec.Raw) -> dict[str, ChangeEntry]:
    """Return `output_changes`, its values not yet decoded.

    Raises msgspec.ValidationError for another shape.
    """
    return _outputs.decode(raw)


_outputs = msgspec.json.Decoder(dict[str, ChangeEntry])


def _lean(change: ChangeEntry) -> ChangeEntry:
    """The same change, in which equal marks are one object: all resources of a type have the same."""
    return ChangeEntry(
        _NO_ACTIONS,
        sharing.own(change.before),
        sharing.own(change.after),
        sharing.shared(change.after_unknown),
        sharing.shared(change.before_sensitive),
        sharing.shared(change.after_sensitive),
        sharing.own(change.importing),
        change.generated_config,
    )


def _without_after(change: ChangeEntry) -> ChangeEntry:
    """What is left once `after` is decoded: mostly the same for all resources of a type."""
    if change.before != NULL or change.importing != NULL or change.generated_config is not None:
        return msgspec.structs.replace(change, after=NULL)
    marks = (change.after_unknown, change.before_sensitive, change.after_sensitive)
    return _marks_alone(*map(bytes, marks))


@lru_cache(maxsize=4096)
def _marks_alone(unknown: bytes, before: bytes, after: bytes) -> ChangeEntry:
    raw = (msgspec.Raw(unknown), msgspec.Raw(before), msgspec.Raw(after))
    return ChangeEntry(_NO_ACTIONS, NULL, NULL, *raw)


@lru_cache(maxsize=64)
def _actions(written: tuple[str, ...]) -> frozenset[Action]:
    return frozenset(Action(action) for action in written)


_NOTHING: Final = Value(None)
_NO_ACTIONS: Final[list[str]] = []
_CREATES_FIRST: Final = ["create", "delete"]
