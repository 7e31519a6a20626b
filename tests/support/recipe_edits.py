"""Change a plan so that it stays a plan.

A plan says most things in several sections: `resource_changes`, `planned_values`, `configuration`.
An edit says what shall be true, and is written to each of them as Terraform would write it.
Source: Terraform, "JSON Output Format".

The mutants of `planspec.testing.mutation.plan_edits` change what a plan holds, and are data that goes to
other processes. These are functions that recipes put together, and they also make what the plan does
not have: blocks and lists on the way, references of the source, objects that others refer to.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from planspec.source import without_keys
from tests.support.values_and_marks import Document, at, forget, mark, marks, put, write

Edit = Callable[[Document], None]

LATER = "terraform_data.decided_at_apply"


def together(*edits: Edit) -> Edit:
    """Several edits as one."""

    def edit(plan: Document) -> None:
        for each in edits:
            each(plan)

    return edit


def known(address: str, path: str, value: Any) -> Edit:
    """The source writes this value, and the plan states it.

    Each place gets a copy: a later edit of one plan must change nothing in another.
    """

    def edit(plan: Document) -> None:
        for change in found(plan, address):
            put(change["change"]["after"], path, copy.deepcopy(value))
            mark(change["change"], "after_unknown", path, marks(value))
            mark(change["change"], "after_sensitive", path, marks(value))
        for planned in planned_resources(plan, address):
            put(planned["values"], path, copy.deepcopy(value))
            mark(planned, "sensitive_values", path, marks(value))
        for block in blocks(plan, address):
            write(block["expressions"], path, {"constant_value": copy.deepcopy(value)})

    return edit


def unwritten(address: str, path: str) -> Edit:
    """The plan states what it stated; the source does not write it."""

    def edit(plan: Document) -> None:
        for block in blocks(plan, address):
            block["expressions"].pop(path, None)

    return edit


def unknown(address: str, path: str, *references: str) -> Edit:
    """The value is decided at apply; the source writes a reference (by default to a new object)."""
    written = list(references) or [f"{LATER}.output", LATER]

    def edit(plan: Document) -> None:
        for change in found(plan, address):
            forget(change["change"]["after"], path)
            mark(change["change"], "after_unknown", path, True)
        for planned in planned_resources(plan, address):
            forget(planned["values"], path)
        for block in blocks(plan, address):
            write(block["expressions"], path, {"references": list(written)})
        if not references:
            something_later(plan)

    return edit


def partly_known(address: str, path: str, value: Any, *references: str) -> Edit:
    """A list of two, of which the plan states this one; the other is decided at apply."""

    def edit(plan: Document) -> None:
        unknown(address, path, *references)(plan)
        for change in found(plan, address):
            put(change["change"]["after"], path, [copy.deepcopy(value), None])
            mark(change["change"], "after_unknown", path, [marks(value), True])
        for planned in planned_resources(plan, address):
            put(planned["values"], path, [copy.deepcopy(value), None])

    return edit


def left_out(address: str, path: str, *, computed: bool = False) -> Edit:
    """The source does not write the argument: it is null, an empty block list, or computed."""

    def edit(plan: Document) -> None:
        for change in found(plan, address):
            present = at(change["change"]["after"], path)
            empty: Any = [] if isinstance(present, list) else None
            if computed:
                forget(change["change"]["after"], path)
            else:
                put(change["change"]["after"], path, empty)
            mark(change["change"], "after_unknown", path, True if computed else marks(empty))
            for planned in planned_resources(plan, address):
                forget(planned["values"], path) if computed else put(planned["values"], path, empty)
        for block in blocks(plan, address):
            forget(block["expressions"], path)

    return edit


def rewritten(address: str, path: str, change_it: Callable[[Any], None]) -> Edit:
    """The JSON document in this string is changed; the source calls `jsonencode` as before."""

    def edit(plan: Document) -> None:
        places = [each["change"]["after"] for each in found(plan, address)]
        places += [each["values"] for each in planned_resources(plan, address)]
        for place in places:
            document = json.loads(at(place, path))
            change_it(document)
            put(place, path, json.dumps(document, separators=(",", ":")))

    return edit


def waiting_for(address: str, *depends_on: str, **expressions: Any) -> Edit:
    """The block of a resource names nothing but these: `depends_on`, and references by argument."""

    def edit(plan: Document) -> None:
        for block in blocks(plan, address):
            block["depends_on"] = list(depends_on)
            block["expressions"] = {
                name: {"references": references} for name, references in expressions.items()
            }

    return edit


def without(address: str) -> Edit:
    """The resource is not in the plan; its block neither, unless it has other instances."""

    def edit(plan: Document) -> None:
        gone = list(found(plan, address))
        _drop(plan["resource_changes"], gone)
        for module in planned_modules(plan):
            _drop(module["resources"], list(planned_resources(plan, address)))
        others = {without_keys(each["address"]) for each in plan["resource_changes"]}
        if without_keys(address) not in others:
            for module in config_modules(plan):
                _drop(module["resources"], list(blocks(plan, address)))

    return edit


def _drop(items: list[Document], gone: list[Document]) -> None:
    items[:] = [each for each in items if not any(each is one for one in gone)]


def found(plan: Document, address: str) -> Iterator[Document]:
    """Yield the changes of this address. Raises KeyError if there is none."""
    changes = [each for each in plan["resource_changes"] if each["address"] == address]
    if not changes:
        raise KeyError(f"{address} is not in the plan that the recipe begins with")
    yield from changes


def planned_modules(plan: Document) -> Iterator[Document]:
    """Yield the modules of `planned_values`, the root first."""
    waiting = [plan["planned_values"]["root_module"]]
    while waiting:
        module = waiting.pop()
        waiting += module.get("child_modules", [])
        yield module


def planned_resources(plan: Document, address: str) -> Iterator[Document]:
    """Yield what `planned_values` says about this address; nothing for data sources."""
    for module in planned_modules(plan):
        yield from (each for each in module["resources"] if each["address"] == address)


def config_modules(plan: Document) -> Iterator[Document]:
    """Yield the modules of `configuration`, the root first."""
    waiting = [plan["configuration"]["root_module"]]
    while waiting:
        module = waiting.pop()
        waiting += [call["module"] for call in module.get("module_calls", {}).values()]
        yield module


def blocks(plan: Document, address: str) -> Iterator[Document]:
    """Yield the block of this address. Block addresses are relative to their module."""
    local = re.sub(r"^(module\.\w+\.)+", "", without_keys(address))
    for module in config_modules(plan):
        yield from (each for each in module["resources"] if each["address"] == local)


def something_later(plan: Document) -> None:
    """Add a resource whose output is known after apply, for others to refer to."""
    if any(each["address"] == LATER for each in plan["resource_changes"]):
        return
    kind, _, name = LATER.partition(".")
    identity = {"address": LATER, "mode": "managed", "type": kind, "name": name}
    provider = "terraform.io/builtin/terraform"
    values = {"input": None, "triggers_replace": None}
    plan["resource_changes"].append(
        {
            **identity,
            "provider_name": provider,
            "change": {
                "actions": ["create"],
                "before": None,
                "after": values,
                "after_unknown": {"id": True, "output": True},
                "before_sensitive": False,
                "after_sensitive": {},
            },
        }
    )
    plan["planned_values"]["root_module"]["resources"].append(
        {**identity, "provider_name": provider, "schema_version": 0, "values": values}
    )
    plan["configuration"]["root_module"]["resources"].append(
        {**identity, "provider_config_key": "terraform", "expressions": {}, "schema_version": 0}
    )
