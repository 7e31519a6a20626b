"""What does the fast runner answer for one plan?"""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checkov.terraform.plan_runner import Runner
from checkov.version import version

from planspec.checkov.worker import custom_checks, replacements, scan
from planspec.checkov.worker.looks import Looks
from planspec.checkov.worker.scan import Outcome
from planspec.checkov.worker.unsupported import Unsupported


def answer(plan: Path, checks: Path | None, *, corrected: bool, looked: bool) -> dict[str, Any]:
    """Return the answer that goes to planspec; with what the checks looked at where that is asked.

    Raises Unsupported where only Checkov itself can judge, and BrokenCheck for a custom check that it
    would pass over.
    """
    runner = prepared(checks)
    passed = 0
    failed: dict[tuple[Any, ...], None] = {}
    looks = Looks() if looked else None
    for each in scan.scan(plan, runner, iam_per_address=corrected):
        passed += each.result == "passed"
        if each.result == "failed":
            failed[each.check, each.title, each.address, each.keys] = None
        if looks is not None:
            looks.add(each)
    told = {"version": version, "passed": passed, "failed": list(failed)}
    return told if looks is None else told | {"looked": looks.told()}


def prepared(checks: Path | None) -> Runner:
    """Put the replacements in place and load the checks.

    Raises Unsupported or BrokenCheck.
    """
    replacements.install(version)
    runner = Runner()
    if checks is not None:
        custom_checks.load(checks, runner)
    gc.freeze()
    return runner


def outcomes(plan: Path, checks: Path | None) -> Iterator[Outcome]:
    """Return all outcomes for one more plan, after `prepared`."""
    if not replacements.installed():
        raise Unsupported("the replacements are not in place")
    yield from scan.scan(plan, Runner())
