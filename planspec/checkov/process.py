"""How does a scan run: in parallel, and without modules of planspec in it?"""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from planspec.checkov.answer import (
    WITHOUT,
    Runner,
    ScanResult,
    Unsupported,
    read_fast,
    read_stock,
    require_outcome,
)
from planspec.checkov.cache import Cache
from planspec.checkov.locate import NEXT, interpreter_of
from planspec.checkov.request import Request
from planspec.errors import ScannerError, require_going_on
from planspec.scratch import private_folder

# Ends Checkov with this process, however that ends.
_TETHER: Final = Path(__file__).with_name("tether.py")
_CANNOT_START: Final = 127
# How often a run that waits looks whether it was told to stop.
_LOOKS_SECONDS: Final = 0.5
_NOT_STARTED: Final = re.compile(rb"\Atether: (.*)")
# The fast runner is started by its path: it runs in Checkov's environment and imports nothing of ours.
_WORKER: Final = Path(__file__).with_name("worker")

_OPTIONS = (
    *("--framework", "terraform_plan"),
    *("--output", "json", "--compact"),
    "--skip-download",
)

# Everything else stays out: keys of Checkov's platform, proxies, and the CKV_... and CHECKOV_...
# variables, each of which can switch a check off.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")

_HOME: Final = "home"
_TEMPORARY: Final = "temporary"

# PyYAML reads the plan for Checkov and refuses these characters, which JSON allows as they are.
_NOT_IN_YAML = re.compile("[\x7f-\x84\x86-\x9f\ufffe\uffff]")


def start(
    plan: bytes,
    checkov: Path,
    custom_checks: Path | None = None,
    *,
    runner: Runner = "fast",
    corrected: bool = False,
    looked: bool = False,
    cache: Cache | None = None,
) -> "Scan":
    """Start Checkov on plan JSON (UTF-8) at once, and return without waiting for it.

    `custom_checks` is a folder of checks that Checkov loads beside its own. `corrected` judges the
    policy of each instance; only the fast runner can. `looked` asks what the checks looked at. `cache`
    holds answers of earlier runs. Raises ScannerError when the program or the folder cannot be used.
    """
    if custom_checks is not None and not custom_checks.is_dir():
        raise ScannerError(f"{custom_checks}: no such folder; expected Checkov's custom checks")
    request = Request(_readable(plan), checkov.absolute(), custom_checks, runner, corrected, looked)
    return Scan(request, cache)


class Scan:
    """A running Checkov. Leaving its `with` block stops it and removes what it worked on."""

    def __init__(self, request: Request, cache: Cache | None = None) -> None:
        self._request = request
        self._cache = cache
        self._process: subprocess.Popen[bytes] | None = None
        self._reason = ""
        self._key = cache.key(request) if cache else ""
        self._known = _known(cache, request, self._key) if cache else None
        with contextlib.ExitStack() as stack:
            self._folder = stack.enter_context(private_folder())
            if self._known is None:
                self._process = self._start()
            self._open = stack.pop_all()

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
        if self._known is not None:
            self.close()
            return self._known
        try:
            result = self._answer(time.monotonic() + timeout)
        except subprocess.TimeoutExpired:
            raise ScannerError(
                f"Checkov: no answer after {timeout:g} s; expected one in less. {WITHOUT}"
            ) from None
        finally:
            self.close()
        require_outcome(result, self._request.plan)
        if self._cache is not None:
            self._cache.put(self._key, result)
        return result

    def close(self) -> None:
        """Stop Checkov if it still runs, and remove its folder; does nothing the second time."""
        if self._process is not None and self._process.poll() is None:
            # Checkov leads a session of its own, so this reaches its helpers too.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._process is not None:
            _let_go(self._process)
        self._open.close()

    def _start(self) -> subprocess.Popen[bytes]:
        """Start the fast runner, or the stock one where that was asked for or nothing else can."""
        folder = self._folder
        for name in (_HOME, _TEMPORARY):
            (folder / name).mkdir(mode=0o700)
        # Some checks look at the plan's path too: a fixed name says nothing to them.
        (folder / "plan.json").touch(mode=0o600)
        (folder / "plan.json").write_bytes(self._request.plan)
        python = interpreter_of(self._request.checkov) if self._request.runner == "fast" else None
        if python is not None:
            return _run(_fast_command(python, self._request), folder)
        if self._request.runner == "fast":
            self._reason = f"{self._request.checkov.name} names no Python to run the fast runner with"
        return self._start_stock()

    def _start_stock(self) -> subprocess.Popen[bytes]:
        if self._request.corrected:
            raise ScannerError(
                f"Checkov: corrections need the fast runner: {self._reason or 'stock was asked for'}."
                " Next: leave out --checkov-corrected"
            )
        self._request = self._request._replace(runner="stock")
        return _run(_stock_command(self._request), self._folder)

    def _answer(self, until: float) -> ScanResult:
        if self._request.runner == "fast":
            code = self._ended(until)
            told = read_fast(self._read("answer.json"), code, self._trouble())
            if not isinstance(told, Unsupported):
                return told
            self._reason = told.reason
            self._process = self._start_stock()
        code = self._ended(until)
        looked = self._request.looked
        result = read_stock(self._read("output.json"), code, self._trouble(), looked=looked)
        return result._replace(reason=self._reason)

    def _ended(self, until: float) -> int:
        """Wait for the end of the process; raises ScannerError where the tether could not start it."""
        if self._process is None:
            raise ValueError("a known answer needs no process")
        code = _waited(self._process, until)
        _let_go(self._process)
        found = _NOT_STARTED.search(self._read("errors.txt")) if code == _CANNOT_START else None
        if found:
            raise ScannerError(
                f"{self._request.checkov}: {os.fsdecode(found[1])}; expected Checkov's program. {NEXT}"
            )
        return code

    def _read(self, name: str) -> bytes:
        path = self._folder / name
        return path.read_bytes() if path.is_file() else b""

    def _trouble(self) -> str:
        """Why Checkov could not even start, if so. Its other errors may quote the plan."""
        lines = self._read("errors.txt").decode("utf-8", "replace").splitlines()
        found = [line for line in lines if re.match(r"(ModuleNotFound|Import)Error: ", line)]
        return f" ({found[-1]})" if found else ""


def _waited(process: subprocess.Popen[bytes], until: float) -> int:
    """The exit code. Raises subprocess.TimeoutExpired, or Stopped where the run was told to stop."""
    while True:
        require_going_on()
        left = max(until - time.monotonic(), 0)
        try:
            return process.wait(min(left, _LOOKS_SECONDS))
        except subprocess.TimeoutExpired:
            if left <= _LOOKS_SECONDS:
                raise


def _known(cache: Cache, request: Request, key: str) -> ScanResult | None:
    """The answer of an earlier run; one that tells more than is asked answers too."""
    found = cache.get(key)
    if found is None and not request.looked:
        wider = cache.get(cache.key(request._replace(looked=True)))
        found = wider._replace(looked=None) if wider else None
    return found


def _fast_command(python: Path, request: Request) -> list[str]:
    options = {
        "plan": "plan.json",
        "answer": "answer.json",
        "custom_checks": str(request.custom_checks.absolute()) if request.custom_checks else None,
        "corrected": request.corrected,
        "looked": request.looked,
    }
    return [str(python), "-I", str(_WORKER), json.dumps(options)]


def _stock_command(request: Request) -> list[str]:
    command = [str(request.checkov), "--file", "plan.json", *_OPTIONS]
    if not request.looked:
        command.append("--quiet")  # only what failed is printed
    if request.custom_checks is not None:
        command += ["--external-checks-dir", str(request.custom_checks.absolute())]
    return command


def _run(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    """Start a process in a folder that only this user can read."""
    with (folder / "output.json").open("wb") as output, (folder / "errors.txt").open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-I", str(_TETHER), *command],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Close the pipe by which the tether knows that this process is there."""
    if process.stdin is not None:
        process.stdin.close()


def _environment(folder: Path) -> dict[str, str]:
    """The few variables that Checkov gets. A home of its own hides `~/.checkov.yaml`.

    Its parser of HCL unpickles a file whose name anybody can guess from the folder for temporary
    files, so that one is private too. Source: lark, `Lark(cache=True)`.
    """
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return kept | {
        "HOME": str(folder / _HOME),
        "TMPDIR": str(folder / _TEMPORARY),
        "BC_SKIP_MAPPING": "TRUE",
        "LOG_LEVEL": "CRITICAL",
        "PYTHONDONTWRITEBYTECODE": "1",  # custom checks lie in a folder that is not ours
    }


def _readable(plan: bytes) -> bytes:
    """The same JSON, with the characters that YAML refuses written as escapes."""
    if b"\x7f" not in plan and plan.isascii():
        return plan
    try:
        text = plan.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ScannerError(f"plan: {error.reason} at byte {error.start}; expected UTF-8") from error
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()
