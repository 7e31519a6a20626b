"""Where does each report go?"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from planspec.errors import PlanspecError
from planspec.evidence import Evidence, write_all
from planspec.reports import rows
from planspec.reports.formats import FORMATS, render
from planspec.reports.terminal import console, require_reader

# GitHub gives each step a file to append to; others may have written to it before.
APPENDED_TO: Final = "GITHUB_STEP_SUMMARY"


class Output(NamedTuple):
    """One report that was asked for; without a path it goes to standard output."""

    format: str
    path: Path | None = None


CONSOLE: Final = Output("console")


def parsed(values: Sequence[str]) -> tuple[Output, ...]:
    """Read FORMAT[=FILE] of each value. Raises ValueError, which says what is wrong with which."""
    found = []
    for value in values:
        name, equals, path = value.partition("=")
        if name not in FORMATS:
            raise ValueError(f'"{value}"; write FORMAT or FORMAT=FILE, one of {", ".join(FORMATS)}')
        if equals and not path:
            raise ValueError(f'"{value}"; name a file after the =')
        found.append(Output(name, Path(path) if path else None))
    printed = [each.format for each in found if each.path is None]
    if len(printed) > 1 and not all(FORMATS[name].lines for name in printed):
        raise ValueError(f"{', '.join(printed)} cannot share standard output; write FORMAT=FILE")
    files = [each.path.absolute() for each in found if each.path]
    if len(set(files)) < len(files):
        raise ValueError("two reports to one file; name a file for each")
    return tuple(found)


def need_whole(outputs: Sequence[Output]) -> bool:
    """Whether any of the reports shows what was read."""
    return any(FORMATS[each.format].whole for each in outputs)


Made = Sequence[tuple[Output, bytes]]


def made(evidence: Evidence, outputs: Sequence[Output]) -> Made:
    """Make every report."""
    return [(each, _made(evidence, each)) for each in outputs or (CONSOLE,)]


def write(
    evidence: Evidence,
    reports: Made,
    *,
    verbose: bool = False,
    full: bool = False,
    more: Sequence[tuple[Path, bytes]] = (),
) -> None:
    """Write the reports that go to files, with further files, all or none, and print the rest.

    What a terminal shows is short unless all is asked for: `full`, or `verbose`.

    Raises PlanspecError for a file that cannot be written.
    """
    write_all([*((each.path, data) for each, data in reports if each.path), *more])
    for each, data in reports:
        if each.path is None:
            _print(evidence, data, verbose=verbose, full=full)
    if any(each.path is None for each, _ in reports):
        require_reader()
    else:
        sys.stderr.write(f"{rows.headline(evidence)}\n")


def _made(evidence: Evidence, output: Output) -> bytes:
    """The report; nothing for the console, which has its width and colours from the terminal."""
    if output == CONSOLE:
        return b""
    data = render(output.format, evidence)
    if output.path is None or str(output.path) != os.environ.get(APPENDED_TO):
        return data
    try:
        return (output.path.read_bytes() if output.path.exists() else b"") + data
    except OSError as error:
        raise PlanspecError(f"{output.path}: {error.strerror}; name a file to write to") from error


def _print(evidence: Evidence, data: bytes, *, verbose: bool, full: bool) -> None:
    if data:
        sys.stdout.flush()
        sys.stdout.buffer.write(rows.unobeyed(data))
        sys.stdout.flush()
        return
    from planspec.reports import brief
    from planspec.reports import console as whole

    if full or verbose:
        whole.show(evidence, console(), verbose=verbose)
    else:
        brief.show(evidence, console())
