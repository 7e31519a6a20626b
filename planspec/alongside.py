"""What does Checkov add to the evidence: which findings, by which runner, with what left out?"""

from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal, NamedTuple

from planspec import scanner
from planspec.errors import ScannerError
from planspec.evidence import ScannerRecord
from planspec.finding import Finding, Verdict
from planspec.run import Run, found

SECONDS: Final = 900.0
Wanted = Literal["fast", "stock", "off"]


class Alongside(NamedTuple):
    """What was asked for about Checkov."""

    runner: Wanted = "fast"
    required: bool = False
    cache: bool = True


def start(
    stack: ExitStack, text: bytes, wanted: Alongside, policies: Path
) -> tuple[scanner.Scan | None, str]:
    """Start Checkov on plan JSON; without one, return why. `policies` may hold checks of its own.

    Raises ScannerError where Checkov is required and missing, or cannot be used.
    """
    if wanted.runner == "off":
        return None, "switched off with --no-checkov"
    program = scanner.find_checkov()
    if program is None:
        missing = "not found; install checkov==3.3.30 in an environment of its own, or name it with"
        missing += f" {scanner.ENVIRONMENT_VARIABLE}"
        if wanted.required:
            raise ScannerError(f"Checkov: {missing}")
        return None, missing
    checks = policies / "checkov"
    scan = scanner.start(
        text,
        program,
        checks if checks.is_dir() else None,
        runner=wanted.runner,
        cache=scanner.Cache(scanner.user_folder()) if wanted.cache else None,
    )
    return stack.enter_context(scan), ""


def collect(scan: scanner.Scan, run: Run) -> ScannerRecord:
    """Wait for Checkov and turn failed checks into findings, with the same waivers.

    Raises ScannerError when there is no answer.
    """
    result = scan.collect(SECONDS)
    records = [
        record
        for failed in result.failed
        for record in found(
            run,
            failed.check,
            failed.check,
            [Finding(failed.address, Verdict.VIOLATED, failed.check, failed.title)],
        )
    ]
    return ScannerRecord(
        version=result.version,
        runner=result.runner,
        reason=result.reason,
        cached=result.cached,
        passed=result.passed,
        findings=records,
    )
