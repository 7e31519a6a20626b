"""`planspec report EVIDENCE`: make reports again from the record of a run."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from planspec import completing


@click.command()
@click.argument("evidence", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    shell_complete=completing.formats,
    metavar="FORMAT[=FILE]",
    help="A report, repeatable: console (the default), json, html, junit, sarif, gitlab, github,"
    " summary, comment, conftest, atlantis, oscal; with a file or to standard output.",
)
@click.option("-v", "--verbose", is_flag=True, help="Also show waived findings.")
def command(evidence: Path, outputs: Sequence[str], *, verbose: bool) -> None:
    """Make reports from EVIDENCE, the record that `planspec check -o json=FILE` wrote.

    Nothing is judged again. The exit code is the one of the run: 0 passed, 1 blocked.
    """
    from planspec import evidence_file
    from planspec.outputs import made, parsed, write
    from planspec.terminal import working

    try:
        asked = parsed(outputs)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="-o") from error
    with working() as show:
        show("making the reports")
        record = evidence_file.read(evidence)
        reports = made(record, asked)
    write(record, reports, verbose=verbose)
    sys.exit(1 if record.blocks else 0)
