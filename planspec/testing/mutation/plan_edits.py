"""How is a plan changed so that it stays a plan?

A plan says most things in several sections: `resource_changes`, `planned_values` and `configuration`.
An edit is data (it travels to other processes) and is written to each section as Terraform would
write it. Source: Terraform, "JSON Output Format".
"""

import copy
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from planspec.source import without_keys
from planspec.testing.mutation.json_places import GONE, Steps, at, changed, marked, no_marks, write

Document = dict[str, Any]
LATER: Final = "terraform_data.decided_at_apply"
_MODULES = re.compile(r"^(?:module\.[^.\[]+\.)+")


class Put(NamedTuple):
    """The source writes this value, and the plan states it; GONE takes a part of a list away."""

    address: str
    steps: Steps
    value: Any


class Hide(NamedTuple):
    """The value is decided at apply."""

    address: str
    steps: Steps


class Leave(NamedTuple):
    """The source does not write the argument: it is null, or an empty list of blocks."""

    address: str
    steps: Steps


class Drop(NamedTuple):
    """The resource is not in the plan."""

    address: str


class Destroy(NamedTuple):
    """The object exists; the plan deletes it, or with `again` replaces it."""

    address: str
    again: bool


class Add(NamedTuple):
    """Another resource, as `resource_changes` and `configuration` hold it, in the root module."""

    entry: Document
    block: Document


class Written(NamedTuple):
    """What stands at some places of the document afterwards; GONE for nothing."""

    places: tuple[tuple[tuple[str, ...], Any], ...]


class Both(NamedTuple):
    """Several edits as one."""

    edits: tuple[Any, ...]


Edit = Put | Hide | Leave | Drop | Destroy | Add | Written | Both


def apply(plan: Document, edit: Edit) -> None:
    """Write an edit into a decoded plan. Raises LookupError where it does not fit."""
    match edit:
        case Put(address, steps, value):
            _put(plan, address, steps, value)
        case Hide(address, steps):
            _hide(plan, address, steps)
        case Leave(address, steps):
            _leave(plan, address, steps)
        case Drop(address):
            _drop(plan, address)
        case Destroy(address, again):
            _destroy(plan, address, again=again)
        case Add(entry, block):
            add(plan, entry, block)
        case Written(places):
            write(plan, places)
        case Both(edits):
            for each in edits:
                apply(plan, each)


def found(plan: Document, address: str) -> Document:
    """Return the change of this address. Raises LookupError if there is none."""
    for each in plan.get("resource_changes", []):
        if each.get("address") == address and not each.get("deposed"):
            entry: Document = each
            return entry
    raise LookupError(f"{address} is not in the plan")


def block_of(plan: Document, address: str) -> Document | None:
    """Return the block of this address in `configuration`; None if there is none."""
    module = plan.get("configuration", {}).get("root_module", {})
    bare = without_keys(address)
    path = _MODULES.match(bare)
    for call in path[0].split(".")[1::2] if path else []:
        module = module.get("module_calls", {}).get(call, {}).get("module", {})
    local = bare[path.end() :] if path else bare
    return next((each for each in module.get("resources", []) if each["address"] == local), None)


def _put(plan: Document, address: str, steps: Steps, value: Any) -> None:
    change = found(plan, address)["change"]
    before = change["after"]
    change["after"] = changed(before, steps, lambda _: value)
    plain = _outside_documents(steps)
    whole = at(change["after"], plain)
    for marks in ("after_unknown", "after_sensitive"):
        place = plain[:-1] if value is GONE and isinstance(plain[-1], int) else plain
        told = at(change["after"], place)
        change[marks] = marked(_tree(change.get(marks)), change["after"], place, no_marks(told))
    plan_values(plan, address, change["after"])
    # A document that the source puts together stays what it refers to.
    if whole is not GONE and None not in steps:
        _write(plan, address, plain, {"constant_value": whole})


def _hide(plan: Document, address: str, steps: Steps) -> None:
    change = found(plan, address)["change"]
    # A part of a text, and an element of a set of texts, make the whole of it unknown.
    plain = _outside_documents(steps)
    if isinstance(plain[-1], int) and not isinstance(at(change["after"], plain), dict):
        plain = plain[:-1]
    in_list = isinstance(plain[-1], int)
    values = change["after"]
    change["after"] = changed(values, plain, lambda _: None if in_list else GONE)
    change["after_unknown"] = marked(_tree(change.get("after_unknown")), values, plain, True)
    plan_values(plan, address, change["after"])
    _write(plan, address, plain, {"references": [f"{LATER}.output", LATER]})
    _something_later(plan)


def _leave(plan: Document, address: str, steps: Steps) -> None:
    change = found(plan, address)["change"]
    present = at(change["after"], steps)
    in_document = None in steps
    empty: Any = [] if isinstance(present, list) else None
    if in_document or (isinstance(steps[-1], str) and "tags" in str(steps[0]) and len(steps) > 1):
        empty = GONE
    change["after"] = changed(change["after"], steps, lambda _: empty)
    if not in_document:
        kept = False if empty is GONE else no_marks(empty)
        for marks in ("after_unknown", "after_sensitive"):
            change[marks] = marked(_tree(change.get(marks)), change["after"], steps, kept)
        _write(plan, address, steps, None)
    plan_values(plan, address, change["after"])


def _drop(plan: Document, address: str) -> None:
    entry = found(plan, address)
    plan["resource_changes"] = [each for each in plan["resource_changes"] if each is not entry]
    for module in _modules(plan.get("planned_values", {}).get("root_module", {}), "child_modules"):
        module["resources"] = [
            each for each in module.get("resources", []) if each.get("address") != address
        ]
    bare = without_keys(address)
    if any(without_keys(each.get("address", "")) == bare for each in plan["resource_changes"]):
        return
    block = block_of(plan, address)
    for module in _written_modules(plan):
        module["resources"] = [each for each in module.get("resources", []) if each is not block]


def _destroy(plan: Document, address: str, *, again: bool) -> None:
    change = found(plan, address)["change"]
    if change.get("before") is None:
        change["before"] = copy.deepcopy(change["after"])
        change["before_sensitive"] = copy.deepcopy(change.get("after_sensitive", False))
    change["actions"] = ["delete", "create"] if again else ["delete"]
    if not again:
        change.update(after=None, after_unknown={}, after_sensitive=False)


def add(plan: Document, entry: Document, block: Document) -> None:
    """Add a resource to the root module, in every section."""
    plan["resource_changes"].append(copy.deepcopy(entry))
    plan_resource(plan, entry)
    module = plan.setdefault("configuration", {}).setdefault("root_module", {})
    module.setdefault("resources", []).append(copy.deepcopy(block))


def plan_resource(plan: Document, entry: Document) -> None:
    """Add a resource of the root module to what is planned."""
    root = plan.setdefault("planned_values", {}).setdefault("root_module", {})
    identity = ("address", "mode", "type", "name", "index", "provider_name")
    root.setdefault("resources", []).append(
        {key: entry[key] for key in identity if key in entry} | {"values": entry["change"]["after"]}
    )


def _something_later(plan: Document) -> None:
    """Add a resource whose output is known after apply, for others to refer to."""
    if any(each.get("address") == LATER for each in plan["resource_changes"]):
        return
    kind, _, name = LATER.partition(".")
    identity = {"address": LATER, "mode": "managed", "type": kind, "name": name}
    change = {
        "actions": ["create"],
        "before": None,
        "after": {"input": None, "triggers_replace": None},
        "after_unknown": {"id": True, "output": True},
        "before_sensitive": False,
        "after_sensitive": {},
    }
    provider = "terraform.io/builtin/terraform"
    add(
        plan,
        {**identity, "provider_name": provider, "change": change},
        {**identity, "provider_config_key": "terraform", "expressions": {}, "schema_version": 0},
    )


def _outside_documents(steps: Steps) -> Steps:
    """The steps as far as the text that holds the document; all of them where there is none."""
    return steps[: list(steps).index(None)] if None in steps else steps


def _tree(marks: Any) -> Any:
    return marks if isinstance(marks, dict) or marks is True else {}


def plan_values(plan: Document, address: str, values: Any) -> None:
    """Write the values of a resource into what is planned."""
    for module in _modules(plan.get("planned_values", {}).get("root_module", {}), "child_modules"):
        for each in module.get("resources", []):
            if each.get("address") == address:
                each["values"] = values


def _modules(root: Document, inner: str) -> Iterator[Document]:
    waiting = [root]
    while waiting:
        module = waiting.pop()
        waiting += module.get(inner, [])
        yield module


def _written_modules(plan: Document) -> Iterator[Document]:
    waiting = [plan.get("configuration", {}).get("root_module", {})]
    while waiting:
        module = waiting.pop()
        waiting += [call.get("module", {}) for call in module.get("module_calls", {}).values()]
        yield module


def _write(plan: Document, address: str, steps: Steps, expression: Document | None) -> None:
    """Write an expression; None takes it away. A block of many instances keeps what it says."""
    if "index" in found(plan, address) or "[" in address:
        return
    block = block_of(plan, address)
    if block is None:
        return
    tree: Any = block.setdefault("expressions", {})
    for step in steps[:-1]:
        inner = at(tree, [step])
        if not isinstance(inner, dict | list) or _is_expression(inner):
            if isinstance(inner, dict) and isinstance(tree, dict):
                _cover(tree, step, expression)
            return
        tree = inner
    last = steps[-1]
    if isinstance(tree, list):
        if expression is None and _fits(tree, last):
            del tree[last]  # type: ignore[arg-type]
    elif expression is None:
        tree.pop(last, None)
    else:
        tree[last] = expression


def _fits(tree: list[Any], step: str | int | None) -> bool:
    return isinstance(step, int) and step < len(tree)


def _is_expression(part: Any) -> bool:
    return isinstance(part, dict) and ("references" in part or "constant_value" in part or not part)


def _cover(tree: Document, step: Any, expression: Document | None) -> None:
    """One expression covers the place: it also refers to what the new part of it refers to."""
    added = (expression or {}).get("references", [])
    kept = tree[step].get("references", [])
    tree[step] = {"references": [*kept, *added]} if kept or added else {}
