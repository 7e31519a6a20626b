"""What do both runners say about many plans? One process each, so that the imports count once."""

import gc
import json
import runpy
import sys
import time
from pathlib import Path
from typing import Any

from planspec.checkov.worker import fast, stock
from planspec.checkov.worker.scan import Outcome
from planspec.checkov.worker.unsupported import Unsupported


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
        found = fast.outcomes(plan, checks) if kind == "fast" else stock.scan(plan, checks)
        return {"outcomes": sorted(_told(each) for each in found)}
    except Unsupported as error:
        return {"unsupported": str(error)}
    except Exception as error:  # noqa: BLE001
        return {"error": type(error).__name__}
