"""`planspec report EVIDENCE`: make reports again from the record of a run."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from planspec.cli import options

if TYPE_CHECKING:
    from planspec.reports.outputs import Output


EXAMPLES: Final = (
    ("planspec report evidence.json", "what the run printed"),
    ("planspec report evidence.json -o html=report.html", "the page, made later"),
)


@click.command(short_help="make reports again from the record of a run")
@click.argument("evidence", type=click.Path(path_type=Path))
@options.outputs()
@options.full()
@options.verbose("As --full, and show waived findings.")
def command(evidence: Path, outputs: "Sequence[Output]", *, full: bool, verbose: bool) -> None:
    """Make reports from EVIDENCE, the record that `planspec check -o json=FILE` wrote.

    Nothing is judged again. The exit code is the one of the run: 0 passed, 1 blocked.
    """
    from planspec.evidence import read
    from planspec.reports.outputs import made, write
    from planspec.reports.terminal import working

    with working() as show:
        show("making the reports")
        record = read(evidence)
        reports = made(record, outputs)
    write(record, reports, verbose=verbose, full=full)
    sys.exit(1 if record.blocks else 0)
