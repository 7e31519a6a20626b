"""What does Checkov say about the same plan?

Checkov runs beside the features, in a process and an environment of its own, because its pins
contradict ours. It gets the plan under a neutral path, no network, and nothing of the caller's
configuration, so that the same plan always gets the same answer.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from planspec import bundle
from planspec.errors import ScannerError

ENVIRONMENT_VARIABLE = "PLANSPEC_CHECKOV"
"""Names Checkov's program; the command line's setting goes first."""

_IN_FOLDER = Path(".venv-checkov", "bin", "checkov")
_NEXT = "Next: make .venv-checkov/.locked, or name another Checkov with PLANSPEC_CHECKOV"
_OPTIONS = (
    *("--framework", "terraform_plan"),
    *("--output", "json", "--quiet", "--compact"),
    "--skip-download",
)

# Everything else stays out: keys of Checkov's platform, proxies, and the CKV_... and CHECKOV_...
# variables, each of which can switch a check off.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")

# PyYAML reads the plan for Checkov and refuses these characters, which JSON allows as they are.
_NOT_IN_YAML = re.compile("[\x7f-\x84\x86-\x9f\ufffe\uffff]")

# Checkov always has something to say about these. Others may have no check at all, so that a
# scan without any outcome is suspicious only where one of these is planned.
_ALWAYS_CHECKED = frozenset(
    {
        "aws_db_instance",
        "aws_ecs_service",
        "aws_ecs_task_definition",
        "aws_instance",
        "aws_lambda_function",
        "aws_lb",
        "aws_s3_bucket",
        "aws_security_group",
    }
)


class FailedCheck(NamedTuple):
    """One check that one resource fails."""

    check: str
    """Checkov's number of the check, such as CKV_AWS_20."""
    title: str
    """What the check asks for, in Checkov's words."""
    address: str
    """Terraform's address of the resource."""


class ScanResult(NamedTuple):
    """What Checkov said about one plan."""

    version: str
    """Checkov's version."""
    passed: int
    """How many checks passed; each check counts once for each resource."""
    failed: tuple[FailedCheck, ...]
    """The failed checks, sorted, each once."""


def find_checkov(setting: str | None = None) -> Path | None:
    """Return Checkov's program, or None where there is none.

    Looked for in this order: the setting, PLANSPEC_CHECKOV, `.venv-checkov` in the current folder
    and beside the requirements, the folder of the running interpreter, PATH. Raises ScannerError
    when one of the first two names something that cannot be run.
    """
    for origin, name in (
        ("checkov", setting),
        (ENVIRONMENT_VARIABLE, os.environ.get(ENVIRONMENT_VARIABLE)),
    ):
        if name:
            return _named(origin, name)
    here = (Path.cwd() / _IN_FOLDER, bundle.ROOT / _IN_FOLDER)
    for program in (*here, Path(sys.executable).with_name("checkov")):
        if _can_run(program):
            return program
    found = shutil.which("checkov")
    return Path(found) if found else None


def start(plan: bytes, checkov: Path, custom_checks: Path | None = None) -> "Scan":
    """Start Checkov on plan JSON (UTF-8) at once, and return without waiting for it.

    `custom_checks` is a folder of YAML checks that Checkov loads beside its own. Raises
    ScannerError when the program or the folder cannot be used.
    """
    if custom_checks is not None and not custom_checks.is_dir():
        raise ScannerError(f"{custom_checks}: no such folder; expected Checkov's custom checks")
    folder = tempfile.TemporaryDirectory(prefix="planspec-")
    try:
        return Scan(_run(plan, checkov.absolute(), custom_checks, Path(folder.name)), folder, plan)
    except BaseException:
        folder.cleanup()
        raise


class Scan:
    """A running Checkov. Leaving its `with` block stops it and removes what it worked on."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        folder: "tempfile.TemporaryDirectory[str]",
        plan: bytes,
    ) -> None:
        self._process = process
        self._folder = folder
        self._plan = plan

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def collect(self, timeout: float) -> ScanResult:
        """Wait for the answer, at most so many seconds, and clean up in any case.

        Raises ScannerError when Checkov takes longer, fails, could not read the plan, or says
        nothing at all about a plan that it must have something to say about.
        """
        try:
            code = self._process.wait(timeout)
            result = _read(_output(self._folder.name).read_bytes(), code, self._trouble())
        except subprocess.TimeoutExpired:
            raise ScannerError(
                f"Checkov: no answer after {timeout:g} s; expected one in less. "
                "Next: run again with --no-checkov to judge without it"
            ) from None
        finally:
            self.close()
        if not (result.passed or result.failed) and _must_be_checked(self._plan):
            raise ScannerError(
                "Checkov: not one check passed or failed; expected outcomes for the resources of "
                f"this plan, so the scan has not happened. {_NEXT}"
            )
        return result

    def close(self) -> None:
        """Stop Checkov if it still runs, and remove its folder; does nothing the second time."""
        if self._process.poll() is None:
            # Checkov leads a session of its own, so this reaches its helpers too.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._folder.cleanup()

    def _trouble(self) -> str:
        """Why Checkov could not even start, if so. Its other errors may quote the plan."""
        lines = _errors(self._folder.name).read_text("utf-8", "replace").splitlines()
        found = [line for line in lines if re.match(r"(ModuleNotFound|Import)Error: ", line)]
        return f" ({found[-1]})" if found else ""


def _named(origin: str, name: str) -> Path:
    """The program that somebody asked for by name or path."""
    program = shutil.which(name)
    if program is None:
        raise ScannerError(f"{origin}: {name} cannot be run; expected the path of Checkov. {_NEXT}")
    return Path(program)


def _can_run(program: Path) -> bool:
    return program.is_file() and os.access(program, os.X_OK)


def _run(
    plan: bytes, checkov: Path, custom_checks: Path | None, folder: Path
) -> subprocess.Popen[bytes]:
    """Start the process in a folder that only this user can read."""
    home = folder / "home"
    home.mkdir()
    # Some checks look at the plan's path too: a fixed name says nothing to them.
    (folder / "plan.json").touch(mode=0o600)
    (folder / "plan.json").write_bytes(_readable(plan))
    command = [str(checkov), "--file", "plan.json", *_OPTIONS]
    if custom_checks is not None:
        command += ["--external-checks-dir", str(custom_checks.absolute())]
    with _output(folder).open("wb") as output, _errors(folder).open("wb") as errors:
        try:
            return subprocess.Popen(
                command,
                cwd=folder,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )
        except OSError as error:
            raise ScannerError(
                f"{checkov}: {error.strerror or error}; expected Checkov's program. {_NEXT}"
            ) from error


def _environment(home: Path) -> dict[str, str]:
    """The few variables that Checkov gets. A home of its own hides `~/.checkov.yaml`."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return kept | {"HOME": str(home), "BC_SKIP_MAPPING": "TRUE", "LOG_LEVEL": "CRITICAL"}


def _readable(plan: bytes) -> bytes:
    """The same JSON, with the characters that YAML refuses written as escapes."""
    if b"\x7f" not in plan and plan.isascii():
        return plan
    try:
        text = plan.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ScannerError(f"plan: {error.reason} at byte {error.start}; expected UTF-8") from error
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def _output(folder: str | Path) -> Path:
    return Path(folder, "output.json")


def _errors(folder: str | Path) -> Path:
    return Path(folder, "errors.txt")


def _read(output: bytes, code: int, trouble: str) -> ScanResult:
    """Turn what Checkov printed into a result; `code` is how it ended."""
    try:
        answer = json.loads(output)
        reports = answer if isinstance(answer, list) else [answer]
        # Without any outcome Checkov prints the bare summary instead of a report.
        summaries = [report.get("summary", report) for report in reports]
        unread = sum(int(summary["parsing_errors"]) for summary in summaries)
        passed = sum(int(summary["passed"]) for summary in summaries)
        version = str(summaries[0]["checkov_version"])
        failed = {_failed(each) for report in reports for each in _failed_checks(report)}
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise ScannerError(
            f"Checkov: ended with exit code {code} and printed no results{trouble}; expected JSON. "
            + _NEXT
        ) from None
    if unread or code not in {0, 1}:
        raise ScannerError(
            f"Checkov: ended with exit code {code} and could not read the plan; expected results. "
            "Next: run again with --no-checkov to judge without it"
        )
    return ScanResult(version, passed, tuple(sorted(failed)))


def _failed_checks(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = report.get("results", {}).get("failed_checks", [])
    return found


def _failed(record: Mapping[str, Any]) -> FailedCheck:
    return FailedCheck(
        str(record["check_id"]),
        str(record["check_name"]),
        str(record["resource_address"] or record["resource"]),
    )


def _must_be_checked(plan: bytes) -> bool:
    """Is a resource planned for which Checkov always has a check?"""
    try:
        pending = [json.loads(plan)["planned_values"]["root_module"]]
    except (KeyError, TypeError, ValueError):
        return False
    while pending:
        module = pending.pop()
        pending += module.get("child_modules", [])
        for resource in module.get("resources", []):
            if resource.get("mode") == "managed" and resource.get("type") in _ALWAYS_CHECKED:
                return True
    return False
