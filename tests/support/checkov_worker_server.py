"""What do both runners of Checkov say about many plans? One process each: the imports count once.

`python -I FILE WORKER fast|stock [CUSTOM CHECKS]`, in Checkov's environment: WORKER is the folder of the
product's own worker. It answers for one plan after the other: it reads the name of a file from each line
and writes a line with all outcomes. The stock runner is Checkov's own, unmodified and in this process.
"""

import gc
import json
import runpy
import sys
import time
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

gc.disable()
# As in the worker: its modules are parts of planspec, of which nothing else is there.
_WORKER = Path(sys.argv[1])
for depth, package in enumerate(("planspec", "planspec.checkov")):
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = [str(_WORKER.parents[1 - depth])]

from checkov.common.graph.checks_infra.base_check import BaseGraphCheck  # noqa: E402
from checkov.runner_filter import RunnerFilter  # noqa: E402
from checkov.terraform.plan_runner import Runner  # noqa: E402

from planspec.checkov.worker import fast  # noqa: E402
from planspec.checkov.worker.scan import Outcome, forget  # noqa: E402
from planspec.checkov.worker.unsupported import Unsupported  # noqa: E402


def serve(runner: str, checks: Path | None) -> None:
    """Answer each line of standard input, a file name, with a line of JSON.

    `runner` is `fast` or `stock`; after a colon may stand a Python file that is run once everything
    is in place, with which the tests break a replacement on purpose.
    """
    sys.dont_write_bytecode = True  # the folder of custom checks is not ours
    kind, _, fault = runner.partition(":")
    if kind == "fast":
        fast.prepared(checks)
    if fault:
        runpy.run_path(fault)
    gc.freeze()
    gc.enable()
    for line in sys.stdin:
        started = time.process_time()
        told = _outcomes(kind, Path(line.rstrip("\n")), checks)
        told["seconds"] = time.process_time() - started
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        gc.collect()


def _told(each: Outcome) -> list[Any]:
    """One outcome; a graph check names its keys in any order."""
    return [each.check, each.address, each.result, sorted(each.keys), each.graph]


def _outcomes(kind: str, plan: Path, checks: Path | None) -> dict[str, Any]:
    try:
        found = fast.outcomes(plan, checks) if kind == "fast" else stock_outcomes(plan, checks)
        return {"outcomes": sorted(_told(each) for each in found)}
    except Unsupported as error:
        return {"unsupported": str(error)}
    except Exception as error:  # noqa: BLE001
        return {"error": type(error).__name__}


def stock_outcomes(path: Path, custom_checks: Path | None = None) -> Iterator[Outcome]:
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


serve(sys.argv[2], Path(sys.argv[3]) if sys.argv[3:] else None)
