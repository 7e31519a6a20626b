"""What does Checkov's own plan runner say? Unmodified and in this process, to compare with."""

from collections.abc import Iterator
from pathlib import Path

from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.runner_filter import RunnerFilter
from checkov.terraform.plan_runner import Runner

from planspec.checkov.worker.scan import Outcome, forget


def scan(path: Path, custom_checks: Path | None = None) -> Iterator[Outcome]:
    """Return the outcomes of Checkov's plan runner for the plan in a file."""
    forget()
    report = Runner().run(
        root_folder=None,
        files=[str(path)],
        external_checks_dir=[str(custom_checks)] if custom_checks else None,
        runner_filter=RunnerFilter(framework=["terraform_plan"], show_progress_bar=False),
    )
    for result, records in (
        ("passed", report.passed_checks),
        ("failed", report.failed_checks),
        ("skipped", report.skipped_checks),
    ):
        for each in records:
            address = each.resource_address or each.resource
            keys = tuple(map(str, each.check_result.get("evaluated_keys", [])))
            graph = each.check_class == BaseGraphCheck.__module__
            yield Outcome(each.check_id, address, result, each.check_name, keys, graph)
