"""Make what the recorded plans do not have: further resources, other actions, module instances."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.recipe_edits import (
    Edit,
    blocks,
    config_modules,
    found,
    known,
    planned_modules,
    planned_resources,
    together,
    unknown,
    without,
)
from tests.support.values_and_marks import Document, marks

PROVIDER = "registry.terraform.io/hashicorp/aws"
DELETED = "delete_because_no_resource_config"
REPLACED = "replace_because_cannot_update"


def another(address: str, called: str, /, **values: Any) -> Edit:
    """A copy of the resource under another name, in which some attributes are different."""

    def edit(plan: Document) -> None:
        copied = f"{address.rpartition('.')[0]}.{called}"
        named = {"address": copied, "name": called}
        plan["resource_changes"] += [copy.deepcopy(each) | named for each in found(plan, address)]
        for module in planned_modules(plan):
            present = [each for each in module["resources"] if each["address"] == address]
            module["resources"] += [copy.deepcopy(each) | named for each in present]
        for module in config_modules(plan):
            present = [each for each in module["resources"] if each["address"] == address]
            module["resources"] += [copy.deepcopy(each) | named for each in present]
        for attribute, value in values.items():
            known(copied, attribute, value)(plan)

    return edit


def added(
    address: str,
    values: Document,
    *,
    refers: Mapping[str, Sequence[str]] | None = None,
    computed: Sequence[str] = ("id",),
) -> Edit:
    """A new resource: known values, references to what is decided at apply, computed attributes."""
    kind, _, name = address.partition(".")
    written = {path: list(references) for path, references in (refers or {}).items()}

    def edit(plan: Document) -> None:
        identity = {"address": address, "mode": "managed", "type": kind, "name": name}
        change = {
            "actions": ["create"],
            "before": None,
            "after": copy.deepcopy(values),
            "after_unknown": dict.fromkeys((*computed, *written), True) | marks(values),
            "before_sensitive": False,
            "after_sensitive": marks(values),
        }
        plan["resource_changes"].append({**identity, "provider_name": PROVIDER, "change": change})
        plan["planned_values"]["root_module"]["resources"].append(
            {**identity, "provider_name": PROVIDER, "schema_version": 0, "values": copy.deepcopy(values)}
        )
        expressions: Document = {each: {"constant_value": value} for each, value in values.items()}
        expressions |= {each: {"references": references} for each, references in written.items()}
        expressions = copy.deepcopy(expressions)
        plan["configuration"]["root_module"]["resources"].append(
            {**identity, "provider_config_key": "aws", "expressions": expressions, "schema_version": 0}
        )

    return edit


def schedule(
    name: str, *refers: str, resource_id: str | None = None, later: bool = False, **limits: str
) -> Edit:
    """A scheduled action of an ECS service, which sets these limits for a time.

    It names what it moves by `resource_id`, or by a reference; `later`: a limit is known after apply.
    """
    values = {
        "name": name,
        "schedule": "cron(0 22 * * ? *)",
        "service_namespace": "ecs",
        "scalable_dimension": "ecs:service:DesiredCount",
        "scalable_target_action": [{"min_capacity": None, "max_capacity": None, **limits}],
        **({"resource_id": resource_id} if resource_id is not None else {}),
    }
    address = f"aws_appautoscaling_scheduled_action.{name}"
    action = added(address, values, refers={"resource_id": refers} if refers else None)
    limit = "scalable_target_action[0].max_capacity"
    return together(action, *([unknown(address, limit)] if later else []))


def subnet(name: str, zone: str) -> Edit:
    """A subnet that the plan makes, in this zone."""
    return added(
        f"aws_subnet.{name}",
        {"availability_zone": zone, "cidr_block": "10.0.8.0/24", "vpc_id": "vpc-4495931aa199c086e"},
        computed=("arn", "id"),
    )


def looked_up_at_apply(name: str, zone: str) -> Edit:
    """A subnet of this zone that is looked up only at apply."""

    def edit(plan: Document) -> None:
        subnet(name, zone)(plan)
        entry = plan["resource_changes"][-1]
        block = plan["configuration"]["root_module"]["resources"][-1]
        for each in (entry, block, plan["planned_values"]["root_module"]["resources"][-1]):
            each |= {"address": f"data.aws_subnet.{name}", "mode": "data"}
        entry |= {"action_reason": "read_because_dependency_pending"}
        entry["change"] |= {"actions": ["read"]}

    return edit


def becomes(address: str, *actions: str) -> Edit:
    """The object exists already, and this happens to it."""

    def edit(plan: Document) -> None:
        (entry,) = found(plan, address)
        change = entry["change"]
        existing = _existing(entry)
        change |= {"actions": list(actions), "before": existing, "before_sensitive": {}}
        if "create" in actions:
            entry["action_reason"] = REPLACED
            return
        if actions in {("delete",), ("forget",)}:
            entry["action_reason"] = DELETED
            _leaves(plan, address, change)
            return
        change |= {"after": copy.deepcopy(existing), "after_unknown": {}}
        if actions == ("update",):
            change["before"] = {**existing, "tags_all": {}}
        for planned in planned_resources(plan, address):
            planned["values"] = copy.deepcopy(existing)

    return edit


def _leaves(plan: Document, address: str, change: Document) -> None:
    """The object is gone from what is planned, and its block if it has no other instance."""
    kept = list(plan["resource_changes"])
    without(address)(plan)
    plan["resource_changes"] = kept
    change |= {"after": None, "after_unknown": {}, "after_sensitive": False}


def _existing(entry: Document) -> Document:
    """The values of an object that exists: what is planned, and names for what AWS chose."""
    change = entry["change"]
    chosen = {name: None for name, mark in change["after_unknown"].items() if mark is True}
    named = {"id": entry["name"], "arn": f"arn:aws:example:eu-west-1:123456789012:{entry['name']}"}
    known_now = {name: value for name, value in named.items() if name in chosen}
    return {**copy.deepcopy(change["after"]), **chosen, **known_now}


def becomes_deposed(address: str) -> Edit:
    """An older object of this address, left by a replacement that failed, is destroyed."""

    def edit(plan: Document) -> None:
        (entry,) = found(plan, address)
        old = copy.deepcopy(entry) | {"deposed": "23af97a9"}
        old["change"] |= {
            "actions": ["delete"],
            "before": _existing(entry),
            "after": None,
            "after_unknown": {},
            "before_sensitive": {},
            "after_sensitive": False,
        }
        plan["resource_changes"].append(old)
        becomes(address, "no-op")(_without_deposed(plan))

    return edit


def _without_deposed(plan: Document) -> Document:
    return {**plan, "resource_changes": [e for e in plan["resource_changes"] if "deposed" not in e]}


def renamed(address: str, previous: str) -> Edit:
    """The object had another address before; a `moved` block says so."""

    def edit(plan: Document) -> None:
        for change in found(plan, address):
            change["previous_address"] = previous

    return edit


def keyed(address: str, attribute: str, values: Mapping[str, Any]) -> Edit:
    """The resource has `for_each`: an instance for each key, told apart by one attribute."""

    def edit(plan: Document) -> None:
        for key, value in values.items():
            another(address, "")(plan)
            _rename(plan, f"{address.rpartition('.')[0]}.", address, key)
            known(f'{address}["{key}"]', attribute, value)(plan)
        (block,) = blocks(plan, address)
        block["for_each_expression"] = {"references": ["var.keys"]}
        block["expressions"][attribute] = {"references": ["each.value"]}
        entries = plan["resource_changes"]
        plan["resource_changes"] = [each for each in entries if each["address"] != address]
        for module in planned_modules(plan):
            module["resources"] = [each for each in module["resources"] if each["address"] != address]

    return edit


def _rename(plan: Document, present: str, address: str, key: str) -> None:
    """Give a fresh copy its key, and take its block away: instances share one."""
    for section in (plan["resource_changes"], *(m["resources"] for m in planned_modules(plan))):
        for entry in section:
            if entry["address"] == present:
                entry |= {"address": f'{address}["{key}"]', "index": key}
                entry["name"] = address.rpartition(".")[2]
    for module in config_modules(plan):
        module["resources"] = [each for each in module["resources"] if each["address"] != present]


def in_modules(call: str, keys: Sequence[str], *, optional: str, only_in: str) -> Edit:
    """The whole root becomes a module that is called for each key.

    Resources of the type `optional` have a `count` that only one of the instances sets to 1.
    """

    def edit(plan: Document) -> None:
        changes, plan["resource_changes"] = plan["resource_changes"], []
        root = plan["planned_values"]["root_module"]
        resources, root["resources"] = root["resources"], []
        root["child_modules"] = []
        for key in keys:
            module = f'module.{call}["{key}"]'
            skipped = "" if key == only_in else optional
            mine = [_inside(each, module, optional) for each in changes if each["type"] != skipped]
            plan["resource_changes"] += [each | {"module_address": module} for each in mine]
            planned = [_inside(each, module, optional) for each in resources if each["type"] != skipped]
            root["child_modules"].append({"address": module, "resources": planned})
        _call(plan, call, keys, optional)

    return edit


def _inside(entry: Document, module: str, optional: str) -> Document:
    counted = entry["type"] == optional
    index: Document = {"index": 0} if counted else {}
    address = f"{module}.{entry['address']}{'[0]' if counted else ''}"
    return copy.deepcopy(entry) | {"address": address} | index


def _call(plan: Document, call: str, keys: Sequence[str], optional: str) -> None:
    root = plan["configuration"]["root_module"]
    module = {"resources": root["resources"], "variables": {"complete": {}}}
    for block in module["resources"]:
        if block["type"] == optional:
            block["count_expression"] = {"references": ["var.complete"]}
    plan["configuration"]["root_module"] = {
        "module_calls": {
            call: {
                "source": f"./modules/{call}",
                "expressions": {"complete": {"references": ["each.value"]}},
                "for_each_expression": {"constant_value": dict.fromkeys(keys, True)},
                "module": module,
            }
        },
        "resources": [],
        "variables": root["variables"],
    }
