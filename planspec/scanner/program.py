"""Which Checkov is there, and with which Python does it run?"""

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Final

from planspec import bundle
from planspec.errors import ScannerError

ENVIRONMENT_VARIABLE: Final = "PLANSPEC_CHECKOV"
"""Names Checkov's program; the command line's setting goes first."""

NEXT: Final = "Next: make .venv-checkov/.locked, or name another Checkov with PLANSPEC_CHECKOV"
_IN_FOLDER = Path(".venv-checkov", "bin", "checkov")
# The first line of the script that pip writes, or its second where the path is long.
_INTERPRETER = re.compile(rb"\A#!(?:/bin/sh\n'''exec' )?\"?(/[^\n\"]*?python[0-9.]*)\"?(?: |\n)")
_HEAD = 1024


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


def interpreter_of(program: Path) -> Path | None:
    """Return the Python that runs the program, as its first line says; None for other programs."""
    try:
        with program.open("rb") as file:
            found = _INTERPRETER.match(file.read(_HEAD))
    except OSError:
        return None
    path = Path(os.fsdecode(found[1])) if found else None
    return path if path and _can_run(path) else None


def _named(origin: str, name: str) -> Path:
    """The program that somebody asked for by name or path."""
    program = shutil.which(name)
    if program is None:
        raise ScannerError(f"{origin}: {name} cannot be run; expected the path of Checkov. {NEXT}")
    return Path(program)


def _can_run(program: Path) -> bool:
    return program.is_file() and os.access(program, os.X_OK)
