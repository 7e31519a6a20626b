"""What could a careless change make of a whole resource?

It is dropped, deleted or replaced; a second one stands beside it that nobody looked at; or the same
fact is written with another resource type. Source: the AWS provider's documentation of the types.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from planspec.testing.mutation import plan_edits
from planspec.testing.mutation.plan_edits import Add, Destroy, Document, Drop, Edit, Put, block_of
from planspec.testing.mutation.value_mutants import WORLD

PROVIDER: Final = "registry.terraform.io/hashicorp/aws"
# Attributes by which AWS tells two resources of a type apart.
_NAMES: Final = frozenset({"name", "bucket", "identifier", "family", "alarm_name", "repository"})
EVERYTHING: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    },
    separators=(",", ":"),
)


class Shaped(NamedTuple):
    """A change of a whole resource: the operator, the address, what was and what comes, the edit."""

    operator: str
    address: str
    old: str
    new: str
    edit: Edit


def whole(plan: Document, address: str) -> Iterator[Shaped]:
    """Yield the ways in which one managed resource goes."""
    entry = next(each for each in plan["resource_changes"] if each["address"] == address)
    if entry.get("mode", "managed") != "managed" or entry["change"].get("after") is None:
        return
    actions = "/".join(entry["change"]["actions"])
    if not referred(plan, entry):
        yield Shaped("drop resource", address, "planned", "not planned", Drop(address))
    if "delete" not in entry["change"]["actions"]:
        yield Shaped("replace", address, actions, "delete/create", Destroy(address, again=True))
        if not referred(plan, entry):
            yield Shaped("delete", address, actions, "delete", Destroy(address, again=False))


def referred(plan: Document, entry: Document) -> bool:
    """Whether another block refers to this one, so that Terraform would refuse a plan without it."""
    bare = f"{entry['type']}.{entry['name']}"
    own = block_of(plan, entry["address"])
    return any(
        name == bare or name.startswith((f"{bare}.", f"{bare}["))
        for name in _references(plan.get("configuration", {}), own)
    )


def _references(tree: Any, skipped: Any) -> Iterator[str]:
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if part is skipped:
            continue
        if isinstance(part, dict):
            names = part.get("references")
            if isinstance(names, list):
                yield from (each for each in names if isinstance(each, str))
            waiting += [each for name, each in part.items() if name not in {"references", "depends_on"}]
        elif isinstance(part, list):
            waiting += part


def others(plan: Document) -> Iterator[Shaped]:
    """Yield facts that violate a requirement, written with another resource type than the plan's."""
    for entry in plan["resource_changes"]:
        if entry.get("mode", "managed") != "managed" or entry["change"].get("after") is None:
            continue
        name = entry["name"]
        if entry["type"] == "aws_security_group":
            yield from _open_ports(entry, name)
        elif entry["type"] == "aws_iam_role":
            yield from _every_right(entry, name)
        elif entry["type"] == "aws_s3_bucket":
            yield _public_list(entry, name)


def _open_ports(entry: Document, name: str) -> Iterator[Shaped]:
    common = {"from_port": 5432, "to_port": 5432}
    group = {"security_group_id": entry}
    rule = {"type": "ingress", "protocol": "tcp", "cidr_blocks": [WORLD], **common}
    yield _beside(entry, "aws_security_group_rule", f"{name}_open", rule, group)
    separate = {"ip_protocol": "tcp", "cidr_ipv4": WORLD, **common}
    yield _beside(entry, "aws_vpc_security_group_ingress_rule", f"{name}_open", separate, group)
    inside = {**common, "protocol": "tcp", "cidr_blocks": [WORLD], "ipv6_cidr_blocks": []}
    inside |= {"prefix_list_ids": [], "security_groups": [], "self": False, "description": ""}
    beside = {"name": f"{name}-open", "vpc_id": entry["change"]["after"].get("vpc_id")}
    yield _beside(entry, "aws_security_group", f"{name}_open", beside | {"ingress": [inside]}, {})


def _every_right(entry: Document, name: str) -> Iterator[Shaped]:
    role = {"role": entry}
    yield _beside(entry, "aws_iam_role_policy", f"{name}_all", {"policy": EVERYTHING}, role)
    yield _beside(entry, "aws_iam_policy", f"{name}_all", {"policy": EVERYTHING}, {})
    administrator = {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    yield _beside(entry, "aws_iam_role_policy_attachment", f"{name}_all", administrator, role)
    inline = {
        "name": f"{name}-all",
        "assume_role_policy": entry["change"]["after"].get("assume_role_policy"),
        "inline_policy": [{"name": "all", "policy": EVERYTHING}],
    }
    yield _beside(entry, "aws_iam_role", f"{name}_all", inline, {})


def _public_list(entry: Document, name: str) -> Shaped:
    public = {"acl": "public-read"}
    return _beside(entry, "aws_s3_bucket_acl", f"{name}_open", public, {"bucket": entry})


def _beside(
    entry: Document, kind: str, name: str, values: Document, refers: dict[str, Document]
) -> Shaped:
    """A new resource of another type; `refers` gives the attributes that name the resource."""
    identity = {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name}
    own = entry["change"]["after"]
    tags = {key: own[key] for key in ("tags", "tags_all") if key in own} if "tags" in own else {}
    if kind in {"aws_security_group_rule", "aws_iam_role_policy", "aws_s3_bucket_acl"}:
        tags = {}
    change = {
        "actions": ["create"],
        "before": None,
        "after": {**copy.deepcopy(tags), **values},
        "after_unknown": {"id": True, **dict.fromkeys(refers, True)},
        "before_sensitive": False,
        "after_sensitive": {},
    }
    expressions: Document = {key: {"constant_value": each} for key, each in values.items()}
    for key, target in refers.items():
        local = f"{target['type']}.{target['name']}"
        expressions[key] = {"references": [f"{local}.id", local]}
    block = {**identity, "provider_config_key": "aws", "expressions": expressions, "schema_version": 0}
    added = {**identity, "provider_name": entry.get("provider_name", PROVIDER), "change": change}
    return Shaped("other type", f"{kind}.{name}", "not planned", "planned", Add(added, block))


class Second(NamedTuple):
    """A copy of one resource with this value, beside it or in a module; the first stays as it is."""

    put: Put
    module: bool


def apply(plan: Document, edit: Edit | Second) -> None:
    """Write an edit into a decoded plan. Raises LookupError where it does not fit."""
    if isinstance(edit, Second):
        _second(plan, edit)
    else:
        plan_edits.apply(plan, edit)


def _second(plan: Document, edit: Second) -> None:
    """What the block of the copy refers to comes into a module through variables."""
    address = edit.put.address
    entry, block = plan_edits.found(plan, address), block_of(plan, address)
    if block is None or "module_address" in entry:
        raise LookupError(f"{address} has no block in the root module to copy")
    kept, written_before = copy.deepcopy(entry), copy.deepcopy(block)
    plan_edits.apply(plan, edit.put)
    name = f"{entry['name']}_second"
    local = f"{entry['type']}.{name}"
    made = copy.deepcopy(plan_edits.found(plan, address)) | {"name": name}
    written = copy.deepcopy(block) | {"name": name, "address": local}
    entry.clear()
    entry.update(kept)
    plan_edits.plan_values(plan, address, kept["change"]["after"])
    block.clear()
    block.update(written_before)
    for key in _NAMES & made["change"]["after"].keys():
        if isinstance(made["change"]["after"][key], str):
            made["change"]["after"][key] += "-second"
    if edit.module:
        made.pop("index", None)
        made |= {"address": f"module.second.{local}", "module_address": "module.second"}
        _call(plan, written)
    else:
        made |= {"address": f'{local}["second"]', "index": "second"}
        plan["configuration"]["root_module"]["resources"].append(written)
        plan_edits.plan_resource(plan, made)
    plan["resource_changes"].append(made)


def _call(plan: Document, block: Document) -> None:
    inputs: Document = {}
    for key in ("for_each_expression", "count_expression"):
        block.pop(key, None)
    block["expressions"] = _through_variables(block.get("expressions", {}), inputs)
    root = plan["configuration"]["root_module"]
    root.setdefault("module_calls", {})["second"] = {
        "source": "./second",
        "expressions": inputs,
        "module": {"resources": [block], "variables": {name: {} for name in inputs}},
    }


def _through_variables(tree: Any, inputs: Document) -> Any:
    if isinstance(tree, list):
        return [_through_variables(each, inputs) for each in tree]
    if isinstance(tree, dict) and isinstance(tree.get("references"), list):
        name = f"input_{len(inputs)}"
        inputs[name] = tree
        return {"references": [f"var.{name}"]}
    if isinstance(tree, dict) and "constant_value" not in tree:
        return {name: _through_variables(each, inputs) for name, each in tree.items()}
    return tree
