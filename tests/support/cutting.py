"""Cut small plans out of the recorded ones: the resources, attributes and variables that matter."""

import copy
import functools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from planspec.source import without_keys
from tests.support.values_and_marks import Document

PLANS = Path(__file__).parents[2] / "plans"

# Of types with very many attributes, only those stay that a requirement reads or a reader asks for.
_COMMON = ("arn", "id", "name")
_TAGS = ("tags", "tags_all")
KEPT: Final = {
    "aws_db_instance": (
        *("allocated_storage", "allow_major_version_upgrade", "apply_immediately"),
        "auto_minor_version_upgrade",
        *("backup_retention_period", "copy_tags_to_snapshot", "db_subnet_group_name"),
        *("delete_automated_backups", "deletion_protection", "enabled_cloudwatch_logs_exports"),
        *("engine", "engine_version", "identifier", "instance_class", "iops"),
        *("manage_master_user_password", "max_allocated_storage", "monitoring_interval", "multi_az"),
        *("parameter_group_name", "password", "performance_insights_enabled"),
        *("publicly_accessible", "skip_final_snapshot", "storage_encrypted", "storage_type"),
        "vpc_security_group_ids",
    ),
    "aws_ecs_service": (
        *("availability_zone_rebalancing", "cluster", "deployment_circuit_breaker"),
        *("deployment_maximum_percent", "desired_count", "propagate_tags"),
        *("deployment_minimum_healthy_percent", "enable_execute_command"),
        *("health_check_grace_period_seconds", "launch_type", "load_balancer"),
        *("network_configuration", "scheduling_strategy", "task_definition"),
        "wait_for_steady_state",
    ),
    "aws_ecs_task_definition": (
        *("container_definitions", "cpu", "execution_role_arn", "family", "memory"),
        *("network_mode", "requires_compatibilities", "runtime_platform", "skip_destroy"),
        "task_role_arn",
    ),
    "aws_iam_role": ("assume_role_policy", "inline_policy", "managed_policy_arns", "path"),
    "aws_kms_key": (
        *("customer_master_key_spec", "deletion_window_in_days", "enable_key_rotation", "key_id"),
        *("key_usage", "policy"),
    ),
    "aws_lb": (
        *("access_logs", "arn_suffix", "drop_invalid_header_fields", "enable_deletion_protection"),
        *("desync_mitigation_mode", "enable_waf_fail_open", "internal", "load_balancer_type"),
        *("security_groups", "subnets"),
    ),
    "aws_lb_listener": ("default_action", "load_balancer_arn", "port", "protocol", "ssl_policy"),
    "aws_s3_bucket": ("bucket", "bucket_prefix", "force_destroy"),
    "aws_wafv2_web_acl": ("default_action", "name", "rule", "scope"),
    "aws_subnet": (
        *("availability_zone", "availability_zone_id", "cidr_block", "map_public_ip_on_launch"),
        "vpc_id",
    ),
}
CONTAINER = (
    *("command", "environment", "environmentFiles", "essential", "healthCheck", "image"),
    *("linuxParameters", "name", "privileged", "readonlyRootFilesystem", "secrets", "user"),
)
_PARTS = {"after", "after_unknown", "after_sensitive", "before", "before_sensitive"} | {
    *("values", "sensitive_values", "expressions")
}


class Cut(NamedTuple):
    """Which part of which recorded plan a recipe begins with."""

    plan: str
    names: tuple[str, ...]
    tags: bool


def only(plan: str, *names: str, tags: bool = False) -> Cut:
    """The resources of a recorded plan that are named: by type, by block or by address.

    Data sources are named with `data.` before. Variables and provider settings stay as far as
    what is kept refers to them; tags stay where a recipe is about them.
    """
    return Cut(plan, names, tags)


def carry_out(cut: Cut) -> Document:
    """Make the small plan. Raises KeyError for a name of which the recorded plan has nothing."""
    whole = _recorded(cut.plan)
    changes = [each for each in whole["resource_changes"] if _names(each) & set(cut.names)]
    root = whole["configuration"]["root_module"]
    unkeyed = {without_keys(name) for name in cut.names}
    blocks = [each for each in root["resources"] if _names(each) & unkeyed]
    for name in cut.names:
        if not any(name in _names(each) for each in (*changes, *blocks)):
            raise KeyError(f"plans/{cut.plan}.json has no {name} any more; mend tests/golden/")
    config = {"provider_config": whole["configuration"]["provider_config"]}
    used = set(re.findall(r'"var\.(\w+)', json.dumps([config, blocks])))
    prior = (whole.get("prior_state") or {}).get("values", {}).get("root_module", {})
    small: Document = {
        "format_version": whole["format_version"],
        "timestamp": whole["timestamp"],
        "terraform_version": whole["terraform_version"],
        "variables": _part(whole.get("variables", {}), used),
        "planned_values": {"root_module": {"resources": _among(whole["planned_values"], cut)}},
        "resource_changes": changes,
        "prior_state": {
            "format_version": "1.0",
            "terraform_version": whole["terraform_version"],
            "values": {"root_module": {"resources": _data(prior, cut)}},
        },
        "configuration": {
            **config,
            "root_module": {"resources": blocks, "variables": _declared(root, used)},
        },
        "applyable": True,
        "complete": True,
        "errored": False,
    }
    small = copy.deepcopy(small)
    for resource in (*small["resource_changes"], *_resources(small)):
        _slim(resource, cut.tags)
    return small


def _resources(plan: Document) -> Iterator[Document]:
    """Whatever has attributes, apart from the changes."""
    yield from plan["planned_values"]["root_module"]["resources"]
    yield from plan["prior_state"]["values"]["root_module"]["resources"]
    yield from plan["configuration"]["root_module"]["resources"]


def _slim(resource: Document, tags: bool) -> None:
    """Keep of a large type what `KEPT` names, in every part that has its attributes."""
    parts = resource.get("change", resource)
    for name in _PARTS & parts.keys():
        if isinstance(parts[name], dict):
            parts[name] = _slimmed(parts[name], KEPT.get(resource["type"]), tags)


def _slimmed(values: Document, kept: Sequence[str] | None, tags: bool) -> Document:
    names = {*kept, *_COMMON, *_TAGS} if kept else set(values)
    slim = _part(values, names if tags else names - {*_TAGS, "description", "timeouts"})
    if isinstance(text := slim.get("container_definitions"), str):
        containers = [_part(each, set(CONTAINER)) for each in json.loads(text)]
        slim["container_definitions"] = json.dumps(containers, separators=(",", ":"))
    return slim


@functools.cache
def _recorded(plan: str) -> Document:
    document: Document = json.loads((PLANS / f"{plan}.json").read_text("utf-8"))
    return document


def _names(resource: Document) -> set[str]:
    """The names by which a recipe can mean this resource, or its block."""
    data = "data." if resource["mode"] == "data" else ""
    address = resource["address"]
    return {address, without_keys(address), data + resource["type"]}


def _part(section: Document, names: set[str]) -> Document:
    return {name: value for name, value in section.items() if name in names}


def _declared(root: Document, names: set[str]) -> Document:
    """Variables without their descriptions and conditions."""
    declared = _part(root.get("variables", {}), names)
    return {name: _part(each, {"default", "sensitive"}) for name, each in declared.items()}


def _among(planned: Document, cut: Cut) -> list[Document]:
    resources = planned.get("root_module", {}).get("resources", [])
    return [each for each in resources if _names(each) & set(cut.names)]


def _data(prior: Document, cut: Cut) -> list[Document]:
    return [
        each
        for each in prior.get("resources", [])
        if each["mode"] == "data" and _names(each) & set(cut.names)
    ]
