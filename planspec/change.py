"""What happens to one object?

One entry of `resource_changes`: the actions, and the values before and after, decoded on first use.
Source: Terraform, "JSON Output Format", change representation.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

import msgspec

from planspec import document
from planspec.value import Value

NULL: Final = msgspec.Raw(b"null")


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
    after_unknown: msgspec.Raw = msgspec.Raw(b"false")
    before_sensitive: msgspec.Raw = msgspec.Raw(b"false")
    after_sensitive: msgspec.Raw = msgspec.Raw(b"false")
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


class Noting:
    """Which places were read since it was last emptied; the plan's values note each read here."""

    def __init__(self) -> None:
        self.places: dict[tuple[str, str], Value] = {}
        self.wanted = True

    def add(self, address: str, value: Value) -> None:
        """Note one read, where anybody wants to know."""
        if self.wanted:
            self.places[address, value.path] = value


class ResourceChange:
    """One resource instance and what the plan does to it."""

    def __init__(self, entry: Entry, noting: Noting | None = None) -> None:
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
        # Set where the source is at hand: makes `after` of `planned`.
        self.completing: Callable[[ResourceChange], Value] | None = None

    def __repr__(self) -> str:
        return f"<{self.address}: {', '.join(sorted(self.actions))}>"

    @property
    def index_key(self) -> str | int | None:
        """The instance key: a number for `count`, a text for `for_each`, None for a single one."""
        return int(self.index) if isinstance(self.index, float) else self.index

    @property
    def imported(self) -> bool:
        """Whether the plan takes an existing object under Terraform's management."""
        return self._entry.change.importing != NULL

    @property
    def generated(self) -> bool:
        """Whether Terraform wrote its configuration, so that no block stands for it yet."""
        return bool(self._entry.change.generated_config)

    @property
    def managed(self) -> bool:
        """Whether Terraform manages it, as against a data source."""
        return self.mode is Mode.MANAGED

    @cached_property
    def will_exist(self) -> bool:
        """Whether the object exists, under Terraform's management, once the plan is applied.

        Hand-made plans leave `after` out of an object that is created; nothing of it is known.
        """
        return not self.deposed and (self._entry.change.after != NULL or self._lacks_after)

    @property
    def _lacks_after(self) -> bool:
        made = self.actions & {Action.CREATE, Action.UPDATE}
        return self.managed and bool(made) and self._entry.change.after == NULL

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
        """The values once the plan is applied; null for an object that will be gone.

        Where the source is at hand, it states literals that Terraform hides in unknown collections.
        """
        return self.planned if self.completing is None else self.completing(self)

    @cached_property
    def planned(self) -> Value:
        """The values once the plan is applied, as the plan alone states them."""
        change = self._entry.change
        unknown = msgspec.Raw(b"true") if self._lacks_after else change.after_unknown
        return self._root(change.after, unknown, change.after_sensitive)

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
        noting, address = self._noting, self.address
        return Value(
            document.values(known),
            document.values(unknown),
            _with_copied_tags(document.values(sensitive)),
            note=lambda value: noting.add(address, value),
        )


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
        for name, each in _outputs.decode(raw).items()
        if each.actions != [Action.DELETE]
    }


_outputs = msgspec.json.Decoder(dict[str, ChangeEntry])


def _with_copied_tags(marks: Any) -> Any:
    """The provider copies `tags` into `tags_all`, and Terraform does not copy the mark with them."""
    if not isinstance(marks, dict) or "tags" not in marks:
        return marks
    return marks | {"tags_all": _either(marks["tags"], marks.get("tags_all", False))}


def _either(one: Any, other: Any) -> Any:
    """Two trees of marks as one."""
    if isinstance(one, dict) and isinstance(other, dict):
        return other | {key: _either(mark, other.get(key, False)) for key, mark in one.items()}
    return True if True in (one, other) else one or other
