"""How does a scan run: in parallel, and without modules of planspec in it?"""

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
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
from planspec.errors import ScannerError

# The fast runner is started by its path: it runs in Checkov's environment and imports nothing of ours.
_WORKER: Final = Path(__file__).with_name("worker")

_OPTIONS = (
    *("--framework", "terraform_plan"),
    *("--output", "json", "--compact"),
    "--skip-download",
)

# Everything else stays out: keys of Checkov's platform, proxies, and the CKV_... and CHECKOV_...
# variables, each of which can switch a check off.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")

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
        self._folder = tempfile.TemporaryDirectory(prefix="planspec-")
        try:
            if self._known is None:
                self._process = self._start()
        except BaseException:
            self._folder.cleanup()
            raise

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
        self._folder.cleanup()

    def _start(self) -> subprocess.Popen[bytes]:
        """Start the fast runner, or the stock one where that was asked for or nothing else can."""
        folder = Path(self._folder.name)
        (folder / "home").mkdir()
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
        return _run(_stock_command(self._request), Path(self._folder.name))

    def _answer(self, until: float) -> ScanResult:
        if self._process is None:
            raise ValueError("a known answer needs no process")
        if self._request.runner == "fast":
            code = self._process.wait(until - time.monotonic())
            told = read_fast(self._read("answer.json"), code, self._trouble())
            if not isinstance(told, Unsupported):
                return told
            self._reason = told.reason
            self._process = self._start_stock()
        code = self._process.wait(max(until - time.monotonic(), 0))
        looked = self._request.looked
        result = read_stock(self._read("output.json"), code, self._trouble(), looked=looked)
        return result._replace(reason=self._reason)

    def _read(self, name: str) -> bytes:
        path = Path(self._folder.name, name)
        return path.read_bytes() if path.is_file() else b""

    def _trouble(self) -> str:
        """Why Checkov could not even start, if so. Its other errors may quote the plan."""
        lines = self._read("errors.txt").decode("utf-8", "replace").splitlines()
        found = [line for line in lines if re.match(r"(ModuleNotFound|Import)Error: ", line)]
        return f" ({found[-1]})" if found else ""


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
        try:
            return subprocess.Popen(
                command,
                cwd=folder,
                env=_environment(folder / "home"),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )
        except OSError as error:
            raise ScannerError(
                f"{command[0]}: {error.strerror or error}; expected Checkov's program. {NEXT}"
            ) from error


def _environment(home: Path) -> dict[str, str]:
    """The few variables that Checkov gets. A home of its own hides `~/.checkov.yaml`."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return kept | {
        "HOME": str(home),
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
