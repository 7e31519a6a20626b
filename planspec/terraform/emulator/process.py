"""Where does AWS come from without an account: an emulator on loopback, in a process of its own.

This module starts and stops the process; `planspec.terraform.emulator.server` is what runs inside it
(moto's server, with what a seed file names already there).
"""

import contextlib
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, cast

from planspec.errors import EmulatorError
from planspec.terraform.emulator.seed import read_seed

DEFAULT_REGION = "eu-west-1"
_READY = "ready "
_PROCESS = (sys.executable, "-m", "planspec.terraform.emulator.server")


@contextlib.contextmanager
def running(
    seed: Path | None = None, *, region: str = DEFAULT_REGION, patience_seconds: float = 60.0
) -> Iterator[str]:
    """Run the emulator while the block runs, and give its endpoint, `http://127.0.0.1:PORT`.

    `seed` is a file that says what exists; see `planspec.terraform.emulator.seed`.

    The process ends when the block ends, for whatever reason, and also when this process dies: it
    watches its standard input, and the other end of that is ours. Raises EmulatorError when it
    does not answer in time.
    """
    with starting(seed, region=region) as emulator:
        yield emulator.endpoint(patience_seconds)


@contextlib.contextmanager
def starting(seed: Path | None = None, *, region: str = DEFAULT_REGION) -> Iterator["Emulator"]:
    """Start the emulator without waiting for it, so that other work can be done meanwhile.

    Raises EmulatorError for a seed file that cannot be read.
    """
    seeded: tuple[str, ...] = ()
    if seed is not None:
        read_seed(seed)  # the process reads it too, but here a wrong key has a message of its own
        seeded = ("--seed", str(seed.resolve()))
    with tempfile.TemporaryFile() as log:
        emulator = Emulator((*_PROCESS, "--region", region, *seeded), log)
        try:
            yield emulator
        finally:
            emulator.stop()


class Emulator:
    """One emulator process. It is started here; `endpoint` waits for it, `stop` ends it."""

    def __init__(self, command: Sequence[str], log: IO[bytes]) -> None:
        """Start `command`, which must print `ready URL` and end when its standard input ends.

        It gets a session of its own, so that Ctrl-C reaches it only through `stop`, after
        Terraform has had its answers. Whatever it writes to standard error goes to `log`.
        """
        self._log = log
        self._endpoint: str | None = None
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=Path(__file__).parents[3],
            start_new_session=True,
        )

    def endpoint(self, patience_seconds: float = 60.0) -> str:
        """Wait until the emulator answers, and give its URL."""
        if self._endpoint is None:
            line = self._first_line(patience_seconds)
            if not line.startswith(_READY):
                raise EmulatorError(self._explain(line, patience_seconds))
            self._endpoint = line.removeprefix(_READY).strip()
        return self._endpoint

    def stop(self) -> None:
        """End the process by its id, and wait until it is gone."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _first_line(self, patience_seconds: float) -> str:
        stdout = cast("IO[bytes]", self._process.stdout)
        deadline = time.monotonic() + patience_seconds
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                return ""
            return stdout.readline().decode("utf-8", "replace")

    def _explain(self, line: str, patience_seconds: float) -> str:
        self._log.seek(0)
        written = (line + self._log.read().decode("utf-8", "replace")).strip().splitlines()
        last = written[-1] if written else f"no answer within {patience_seconds:.0f} s"
        if last.startswith("ModuleNotFoundError"):
            return 'AWS emulator: not installed; run: pip install "planspec[emulator]"'
        return (
            f"AWS emulator: it did not start: {last}; run it on its own: {sys.executable} -m"
            " planspec.terraform.emulator.server"
        )
