"""Which Checkov is there, and with which Python does it run?"""

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Final

from planspec.errors import ScannerError
from planspec.programs import on_path

ENVIRONMENT_VARIABLE: Final = "PLANSPEC_CHECKOV"
"""Names Checkov's program; the command line's setting goes first."""

NEXT: Final = "Next: name Checkov's program with PLANSPEC_CHECKOV"
# The first line of the script that pip writes, or its second where the path is long.
_INTERPRETER = re.compile(rb"\A#!(?:/bin/sh\n'''exec' )?\"?(/[^\n\"]*?python[0-9.]*)\"?(?: |\n)")
_HEAD = 1024


def find_checkov(setting: str | None = None) -> Path | None:
    """Return Checkov's program, or None where there is none.

    Looked for in this order: the setting, PLANSPEC_CHECKOV, the folder of the running interpreter,
    PATH. Nothing of the current folder is run unless one of the first two names it: that folder is
    what is under review. Raises ScannerError when one of these names something that cannot be run.
    """
    for origin, name in (
        ("checkov", setting),
        (ENVIRONMENT_VARIABLE, os.environ.get(ENVIRONMENT_VARIABLE)),
    ):
        if name:
            return _named(origin, name)
    beside = Path(sys.executable).with_name("checkov")
    if _can_run(beside):
        return beside
    return on_path("checkov")


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
    found = on_path(name) if Path(name).name == name else shutil.which(name)
    if found is None:
        raise ScannerError(f"{origin}: {name} cannot be run; expected the path of Checkov. {NEXT}")
    return Path(found)


def _can_run(program: Path) -> bool:
    return program.is_file() and os.access(program, os.X_OK)
