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
    expressions: dict[str, Any] = {key: {"constant_value": value} for key, value in after.items()}
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


def plan_of_example(case: Case) -> Plan:
    """The plan of a published example: so many of a resource, completed where it only names a part."""
    words = case["resource_type"].split()
    attributes = dict(case["attributes"])
    number = int(attributes.pop("count", 1)) if "IPv4" in str(case["components"]) or words[1:2] else 1
    copies = next((int(word[1:]) for word in words if word[:1] == "x" and word[1:].isdigit()), number)
    built = _EXAMPLES.get(words[0], _plain)(words[0], attributes, copies, case)
    blocks = [_written(each) for each in built]
    return decode(json.dumps(_document(built, blocks, case["region"])).encode(), case["case"])


def _plain(kind: str, attributes: dict[str, Any], copies: int, _: Case) -> list[dict[str, Any]]:
    return [_resource(kind, f"{kind}.it[{place}]", attributes, None) for place in range(copies)]


def _balancer(kind: str, attributes: dict[str, Any], copies: int, _: Case) -> list[dict[str, Any]]:
    subnets = [f"subnet-{place}" for place in range(copies)]
    return [_resource(kind, f"{kind}.it", {"internal": False, "subnets": subnets, **attributes}, None)]


def _database(kind: str, attributes: dict[str, Any], copies: int, _: Case) -> list[dict[str, Any]]:
    size, times = [*str(attributes.get("allocated_storage", "")).split(" x"), ""][:2]
    completed = {"engine": "postgres", "instance_class": "db.t4g.micro", **attributes}
    if size:
        completed["allocated_storage"] = int(size)
    return _plain(kind, completed, int(times or copies), {})


def _service(kind: str, attributes: dict[str, Any], _: int, __: Case) -> list[dict[str, Any]]:
    task = {"requires_compatibilities": ["FARGATE"], **attributes.pop("task")}
    service = {"launch_type": "FARGATE", "task_definition": "task", **attributes}
    return [
        _resource(kind, f"{kind}.it", service, None),
        _resource("aws_ecs_task_definition", "aws_ecs_task_definition.task", task, None),
    ]


def _proxy(kind: str, attributes: dict[str, Any], _: int, __: Case) -> list[dict[str, Any]]:
    sizes = {2: "db.t4g.micro", 4: "db.m6g.xlarge", 8: "db.m6g.2xlarge"}
    name = attributes.get("target_class") or sizes[attributes["vcpu"]]
    behind = {"db_proxy_name": "it", "db_instance_identifier": "db", "target_group_name": "default"}
    database = {"identifier": "db", "engine": "postgres", "instance_class": name}
    return [
        _resource(kind, f"{kind}.it", {"name": "it"}, None),
        _resource("aws_db_proxy_target", "aws_db_proxy_target.it", behind, None),
        _resource("aws_db_instance", "aws_db_instance.db", database, None),
    ]


_EXAMPLES = {
    "aws_alb": _balancer,
    "aws_lb": _balancer,
    "aws_db_instance": _database,
    "aws_db_proxy": _proxy,
    "aws_ecs_service": _service,
}


def _written(resource: dict[str, Any]) -> dict[str, Any]:
    return _block(resource, {"resource_type": ""}, [])
