"""Turn a worked cost case into a plan, as Terraform would write it.

The cases are not part of this repository; they lie beside the corpus (`test_corpus`).
"""

import json
from collections.abc import Mapping
from typing import Any

from planspec.plan import Plan, decode

PROVIDER = "registry.terraform.io/hashicorp/aws"
Case = Mapping[str, Any]


def plan_of(case: Case) -> Plan:
    """The plan that creates, or updates, the resource of a case and what it refers to."""
    region = case["region"]
    attributes = dict(case["attributes"])
    kind = case["resource_type"] if case["resource_type"].startswith("aws_") else "aws_instance"
    name = case.get("address") or ""
    address = name if name.startswith(f"{kind}.") else f"{kind}.it"
    resources = []
    if "before" in attributes:
        resources.append(_resource(kind, address, attributes["after"], attributes["before"]))
    else:
        resources.append(
            _resource(kind, address, attributes, None, case.get("unknown_after_apply") or [])
        )
    related = case.get("related") or []
    resources += [_resource(each["type"], each["address"], each["attributes"], None) for each in related]
    blocks = [_block(each, case, related) for each in resources]
    return decode(json.dumps(_document(resources, blocks, region)).encode(), case["case"])


def _resource(
    kind: str, address: str, after: Any, before: Any, unknown: list[str] | None = None
) -> dict[str, Any]:
    label, _, key = address.partition(".")[2].partition("[")
    index = json.loads(key.removesuffix("]")) if key else None
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": label,
        **({"index": index} if key else {}),
        "provider_name": PROVIDER,
        "change": {
            "actions": ["create"] if before is None else ["update"],
            "before": before,
            "after": {**after, **({"family": label} if kind == "aws_ecs_task_definition" else {})},
            "after_unknown": {"id": True, **dict.fromkeys(unknown or [], True)},
        },
    }


def _block(resource: dict[str, Any], case: Case, related: list[dict[str, Any]]) -> dict[str, Any]:
    """What the source says: each attribute that the case states, and its references."""
    after = resource["change"]["after"]
    expressions: dict[str, Any] = {name: {"constant_value": value} for name, value in after.items()}
    if resource["type"] == case["resource_type"]:
        for name, references in (case.get("derived") or {}).get("configuration_references", {}).items():
            expressions[name] = {"references": references}
        for each in related:
            if each["type"] == "aws_ecs_task_definition":
                resource["change"]["after_unknown"]["task_definition"] = True
                expressions["task_definition"] = {
                    "references": [f"{each['address']}.arn", each["address"]]
                }
    return {
        "address": resource["address"].partition("[")[0],
        "mode": "managed",
        "type": resource["type"],
        "name": resource["name"],
        "provider_config_key": "aws",
        "expressions": expressions,
    }


def _document(
    resources: list[dict[str, Any]], blocks: list[dict[str, Any]], region: str
) -> dict[str, Any]:
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": resources,
        "configuration": {
            "provider_config": {
                "aws": {"name": "aws", "expressions": {"region": {"constant_value": region}}}
            },
            "root_module": {"resources": blocks},
        },
    }
