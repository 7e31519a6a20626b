"""What does Checkov say about one plan?

The steps are those of Checkov's plan runner, without what does not feed back into a verdict: records,
code lines, copies of each entity for a report that nobody prints.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from checkov.common.checks.base_check import BaseCheck
from checkov.common.graph.graph_builder import CustomAttributes
from checkov.common.models.enums import CheckResult
from checkov.terraform.checks.utils.base_cloudsplaining_iam_scanner import (
    BaseTerraformCloudsplainingIAMScanner,
)
from checkov.terraform.plan_runner import TF_LIFECYCLE_CHECK_IDS, Runner

from planspec.checkov.worker import graph_nodes, plan_blocks, plan_json
from planspec.checkov.worker.graph_views import Views
from planspec.checkov.worker.unsupported import Unsupported

# Some checks look at the plan's path too: this one says nothing to them.
NEUTRAL_PATH = "/plan.json"

_RESULTS = {CheckResult.PASSED: "passed", CheckResult.FAILED: "failed", CheckResult.SKIPPED: "skipped"}


class Outcome(NamedTuple):
    """One check and one resource."""

    check: str
    """Checkov's number of the check."""
    address: str
    """Terraform's address of the resource."""
    result: str
    """`passed`, `failed` or `skipped`; what Checkov cannot tell, it does not report."""
    title: str
    """What the check asks for."""
    keys: tuple[str, ...]
    """The attributes that the check looked at, as far as it says."""
    graph: bool = False
    """Whether the check is written as data: its keys are those of all the resources that it connects."""


def forget() -> None:
    """Drop what Checkov keeps of the plan before: it would decide about this one."""
    BaseTerraformCloudsplainingIAMScanner.policy_document_cache.clear()
    graph_nodes.forget()


def scan(path: Path, runner: Runner, *, iam_per_address: bool = False) -> Iterator[Outcome]:
    """Return the outcomes for the plan in a file; each check and resource may come more than once.

    `iam_per_address` judges the policy of each instance, where Checkov judges the first one of a name
    for all. Raises Unsupported for a plan that only Checkov itself can judge like Checkov.
    """
    forget()
    template = plan_json.read(path)
    if template is None:
        return
    definition = plan_blocks.definition(template)
    manager = runner.graph_manager
    local = manager.build_graph_from_definitions({NEUTRAL_PATH: definition}, render_variables=False)
    graph = manager.save_graph(local)
    _require_distinct(graph)
    views = Views(graph)
    for kind, blocks in definition.items():
        registry = runner.block_type_registries[kind]
        for block in blocks:
            if iam_per_address:
                BaseTerraformCloudsplainingIAMScanner.policy_document_cache.clear()
            yield from _of_block(registry, block, views)
    yield from _of_graph(runner.graph_registry, graph, set(plan_blocks.addresses(definition)))


def _require_distinct(graph: Any) -> None:
    """Two nodes are one if they are the same object: true where each has an address of its own."""
    seen = [
        (vertex[CustomAttributes.BLOCK_TYPE], vertex.get(CustomAttributes.TF_RESOURCE_ADDRESS))
        for _, vertex in graph.nodes()
    ]
    if len(set(seen)) != len(seen):
        raise Unsupported("addresses in the plan are not unique")


def _of_block(registry: Any, block: Any, views: Views) -> Iterator[Outcome]:
    """What the checks written in Python say about one block."""
    kind, name, conf = registry.extract_entity_details(block)
    if not isinstance(conf, dict):
        return
    address = conf[CustomAttributes.TF_RESOURCE_ADDRESS]
    for check in dict.fromkeys(registry.get_checks(kind)):
        if check.id in TF_LIFECYCLE_CHECK_IDS:
            continue
        check.graph = views.of(check, conf)
        try:
            result, keys = _run(check, conf, name, kind)
        except Exception:  # noqa: BLE001, S112
            # A check that fails to run is unknown to Checkov, and that is not reported.
            continue
        if result in _RESULTS:
            yield Outcome(check.id, address, _RESULTS[result], check.name, tuple(map(str, keys)))


def _run(check: Any, conf: Any, name: str, kind: str) -> tuple[Any, list[Any]]:
    """`BaseCheck.run` without its log, which costs more than many a check."""
    file = NEUTRAL_PATH
    if type(check).run is not BaseCheck.run:
        told = check.run(
            scanned_file=file,
            entity_configuration=conf,
            entity_name=name,
            entity_type=kind,
            skip_info={},
        )
        return told["result"], told.get("evaluated_keys", [])
    check.details = []
    check.evaluated_keys = []
    check.entity_path = f"{file}:{kind}:{name}"
    return check.scan_entity_conf(conf, kind), check.get_evaluated_keys()


def _of_graph(registry: Any, graph: Any, known: set[str]) -> Iterator[Outcome]:
    """What the checks written as data say about the graph."""
    registry.load_checks()
    for check in registry.checks:
        try:
            passed, failed, _ = check.run(graph)
            keys = tuple(sorted(map(str, check.get_evaluated_keys())))  # they come in any order
        except Exception:  # noqa: BLE001, S112
            # Checkov runs each check in a thread and never asks how it ended.
            continue
        for vertices, result in ((passed, "passed"), (failed, "failed")):
            for vertex in vertices:
                address = vertex[CustomAttributes.TF_RESOURCE_ADDRESS]
                if address in known:
                    yield Outcome(check.id, address, result, check.name, keys, graph=True)
