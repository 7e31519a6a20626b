"""What exists before the change, and what after it?

One side of a plan: which objects exist, their values, what refers to what, and in which region each
is. Before the change everything is known; after it the configuration helps to tell.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from planspec.plan import (
    ABSENT,
    UNKNOWN,
    Action,
    Block,
    Known,
    Mode,
    Plan,
    ResourceChange,
    Value,
)
from planspec.references import graph
from planspec.syntax import document

_IDENTITIES = ("id", "arn", "name", "identifier", "family", "allocation_id", "cluster_identifier")
_ARN_REGION = re.compile(r"^arn:[\w-]+:[\w-]*:([a-z]{2}-[a-z]+-\d|[a-z]{2}-[a-z]+-[a-z]+-\d):")
_ZONE = re.compile(r"^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]$")


class View:
    """One side of a plan."""

    def __init__(self, plan: Plan, *, before: bool, region: str = "") -> None:
        self.plan = plan
        self.before = before
        self.default_region = region
        self._of_type: dict[str, list[ResourceChange]] = {}
        for change in plan.changes:
            if change.mode is Mode.MANAGED and self.exists(change):
                self._of_type.setdefault(change.type, []).append(change)
        self._names: dict[str, dict[str, list[ResourceChange]]] = {}
        self._incoming: dict[tuple[str, str, str], dict[str, list[ResourceChange]]] = {}
        self._unresolved: dict[tuple[str, str], list[ResourceChange]] = {}
        self._provider_regions: dict[str, str] = {}
        self._by_value: dict[tuple[str, str], dict[str, list[ResourceChange]]] = {}

    def exists(self, change: ResourceChange) -> bool:
        """Whether the object is there on this side; one that Terraform forgets stays and costs."""
        if self.before or Action.FORGET in change.actions:
            return bool(change.actions & _HAVE_BEFORE) or bool(change.deposed)
        return change.will_exist

    def values(self, change: ResourceChange) -> Value:
        """The values of the object on this side."""
        return change.before if self.before or Action.FORGET in change.actions else change.after

    def all(self, *types: str) -> list[ResourceChange]:
        """The objects of these types on this side."""
        return [change for kind in types for change in self._of_type.get(kind, ())]

    def is_written(self, change: ResourceChange, *path: str | int) -> bool:
        """Whether the source sets the attribute at this path.

        A plan without a configuration, which Terraform does not write, does not tell; there an
        unknown value is taken as the provider's to choose. A block that is not written stands there
        by `dynamic`, and may set anything.
        """
        if not self._has_configuration:
            return False
        if len(path) == 1 or not graph(self.plan).is_written(change, str(path[0])):
            return len(path) > 1 or graph(self.plan).is_written(change, str(path[0]))
        expression = _block(self.plan, change).expression(str(path[0]))
        for step in path[1:]:
            match expression:
                case list() if isinstance(step, int):
                    expression = expression[step] if step < len(expression) else None
                case {"references": _} | {"constant_value": _}:
                    return True
                case dict():
                    expression = expression.get(str(step)) if isinstance(step, str) else expression
                case _:
                    return False
        return expression is not None

    def refers(self, change: ResourceChange, path: tuple[str | int, ...], attribute: str) -> bool:
        """Whether the source writes, at this path, a reference to an attribute of this name."""
        expression: Any = _block(self.plan, change).expression(str(path[0]))
        for step in path[1:]:
            match expression, step:
                case list(), int() if step < len(expression):
                    expression = expression[step]
                case dict(), str():
                    expression = expression.get(step)
                case _:
                    return False
        names = expression.get("references", ()) if isinstance(expression, dict) else ()
        return any(str(each).endswith(f".{attribute}") for each in names)

    @cached_property
    def _has_configuration(self) -> bool:
        root = self.plan.configuration.root_module
        return bool(root.resources or root.module_calls)

    def target(
        self, change: ResourceChange, path: tuple[str | int, ...], *types: str
    ) -> ResourceChange | None:
        """The one object of these types that an attribute names; None if it cannot be told."""
        stated = self.values(change).get(*path).peek()
        for kind in types:
            if isinstance(stated, Known):
                named = self._by_name(kind).get(str(stated.value), [])
                if len(named) == 1:
                    return named[0]
            if not self.before:
                found = graph(self.plan).targets(change, path, kind)
                if found and len(found) == 1:
                    return self.plan.find(found[0])
        return None

    def only(self, change: ResourceChange, attribute: str, kind: str) -> ResourceChange | None:
        """The only object of a type, where a hand-made plan does not say which one is meant."""
        reading = self.values(change).get(attribute).peek()
        bare = reading is UNKNOWN and not self._has_configuration
        there = self.all(kind)
        return there[0] if len(there) == 1 and (bare or reading is ABSENT) else None

    def stating(self, kind: str, attribute: str, value: str) -> list[ResourceChange]:
        """The objects of a type that state this value for an attribute."""
        asked = (kind, attribute)
        if asked not in self._by_value:
            found: dict[str, list[ResourceChange]] = {}
            for change in self.all(kind):
                reading = self.values(change).get(attribute).peek()
                if isinstance(reading, Known):
                    found.setdefault(str(reading.value), []).append(change)
            self._by_value[asked] = found
        return self._by_value[asked].get(value, [])

    def _by_name(self, kind: str) -> dict[str, list[ResourceChange]]:
        if kind not in self._names:
            found: dict[str, list[ResourceChange]] = {}
            for change in self.all(kind):
                values = self.values(change)
                for name in _IDENTITIES:
                    reading = values.get(name).peek()
                    if isinstance(reading, Known) and reading.value != "":
                        entries = found.setdefault(str(reading.value), [])
                        if change not in entries:
                            entries.append(change)
            self._names[kind] = found
        return self._names[kind]

    def referring(self, kind: str, attribute: str, target: ResourceChange) -> list[ResourceChange]:
        """The objects of a type whose attribute names this object."""
        asked = (kind, attribute, target.type)
        if asked not in self._incoming:
            found: dict[str, list[ResourceChange]] = {}
            for change in self.all(kind):
                named = self.target(change, (attribute,), target.type)
                if named is not None:
                    found.setdefault(named.address, []).append(change)
            self._incoming[asked] = found
        return self._incoming[asked].get(target.address, [])

    def unresolved(self, kind: str, attribute: str) -> list[ResourceChange]:
        """The objects of a type of which the plan does not show at all whom they name."""
        asked = (kind, attribute)
        if asked not in self._unresolved:
            self._unresolved[asked] = [
                each
                for each in self.all(kind)
                if self.values(each).get(attribute).peek() is UNKNOWN
                and not any(t.change for t in graph(self.plan).of(each, attribute).targets)
            ]
        return self._unresolved[asked]

    def region(self, change: ResourceChange) -> str:
        """The region of an object; nothing if the plan does not tell.

        Its own `region` (AWS provider 6) first, then the provider's, then what its values show.
        """
        stated = self.values(change).get("region").peek()
        if isinstance(stated, Known) and stated.value:
            return str(stated.value)
        if stated is UNKNOWN and self.is_written(change, "region"):
            return ""
        return self._of_provider(change) or self._shown(change) or self.default_region

    def _of_provider(self, change: ResourceChange) -> str:
        key = _block(self.plan, change).provider_config_key or "aws"
        if key not in self._provider_regions:
            self._provider_regions[key] = self._configured(key)
        return self._provider_regions[key]

    def _configured(self, key: str) -> str:
        providers = self.plan.configuration.provider_config
        for name in (key, key.rpartition(":")[2]):
            if name in providers:
                raw = providers[name].expressions.get("region")
                expression = None if raw is None else document.values(raw)
                return _constant(self.plan, expression)
        return ""

    def _shown(self, change: ResourceChange) -> str:
        values = self.values(change)
        for pattern, name in ((_ZONE, "availability_zone"), (_ARN_REGION, "arn")):
            reading = values.get(name).peek()
            match = pattern.match(str(reading.value)) if isinstance(reading, Known) else None
            if match:
                return match.group(1)
        return ""


_HAVE_BEFORE = frozenset({Action.NO_OP, Action.UPDATE, Action.DELETE, Action.FORGET})


def _block(plan: Plan, change: ResourceChange) -> Block:
    """The block that a resource comes from; an empty one where the plan has none."""
    return graph(plan).unit(change).block or Block()


def _constant(plan: Plan, expression: Any) -> str:
    """What a provider argument says: a text, or a root variable whose value is in the plan."""
    match expression:
        case {"constant_value": str(text)}:
            return text
        case {"references": [str(name)]} if name.startswith("var."):
            variable = plan.variables.get(name.removeprefix("var."))
            reading = variable.peek() if variable is not None else None
            return str(reading.value) if isinstance(reading, Known) else ""
        case _:
            return ""


def actions(change: ResourceChange) -> str:
    """What happens to the object, in one word."""
    if change.replaced:
        return "replace"
    words = {
        Action.CREATE: "create",
        Action.DELETE: "delete",
        Action.UPDATE: "update",
        Action.FORGET: "forget",
    }
    return next((word for action, word in words.items() if action in change.actions), "no change")


def managed(plan: Plan) -> Iterator[ResourceChange]:
    """Every managed object of the plan."""
    changes: Iterable[ResourceChange] = plan.changes
    return (change for change in changes if change.mode is Mode.MANAGED)
