"""How is Terraform started, and never left running?

Terraform is driven through python-terraform; this is the only module that imports it.
"""

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final, Protocol

import python_terraform

from planspec.errors import Stopped

FLAG: Final = python_terraform.IsFlagged
"""An option that has no value."""

_PATIENCE_SECONDS: Final = 10.0
_environment_lock = threading.Lock()


class Process(Protocol):
    """A running command, with both of its outputs."""

    stdout: IO[bytes]
    stderr: IO[bytes]
    returncode: int

    def wait(self) -> int:
        """Wait for its end."""

    def terminate(self) -> None:
        """Ask it to end."""


class Commands:
    """Terraform's commands in one folder, each as a process."""

    def __init__(self, folder: Path, executable: str) -> None:
        self._driven = _Driven(working_dir=str(folder), terraform_bin_path=executable)

    @contextlib.contextmanager
    def started(
        self, environment: Mapping[str, str], command: str, *arguments: str, **options: Any
    ) -> Iterator[tuple[Process, list[bytes]]]:
        """Start a command, keep its standard error apart, and never leave it running."""
        with _replaced_environment(environment):
            process: Process = self._driven.cmd(
                command,
                *arguments,
                no_color=FLAG,
                synchronous=False,
                **options,
            )[0]
        errors: list[bytes] = []
        drain = threading.Thread(target=lambda: errors.extend(process.stderr), daemon=True)
        drain.start()
        try:
            yield process, errors
        except BaseException as error:
            told = isinstance(error, KeyboardInterrupt) and not isinstance(error, Stopped)
            _end(process, told=told)
            raise
        finally:
            process.stdout.close()
            process.wait()
            drain.join()
            process.stderr.close()


def _end(process: Process, *, told: bool) -> None:
    """End Terraform so that it ends its providers: told once, and heard out.

    Ctrl-C reaches it from the terminal as well; told twice it would leave them running.
    """
    if not told:
        process.terminate()
    impatience = threading.Timer(_PATIENCE_SECONDS, process.terminate)
    impatience.start()
    try:
        process.stdout.read()
    finally:
        impatience.cancel()


class _Driven(python_terraform.Terraform):  # type: ignore[misc]
    """python-terraform 0.10.1 passes its own argument `synchronous` on to Terraform; not so here."""

    def generate_cmd_string(self, cmd: str, *args: str, **kwargs: Any) -> list[str]:
        kwargs.pop("synchronous", None)
        command: list[str] = super().generate_cmd_string(cmd, *args, **kwargs)
        return command


@contextlib.contextmanager
def _replaced_environment(environment: Mapping[str, str]) -> Iterator[None]:
    """python-terraform gives its commands `os.environ`, and no choice; it is copied as they start."""
    with _environment_lock:
        before = dict(os.environ)
        os.environ.clear()
        os.environ.update(environment)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
