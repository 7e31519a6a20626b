"""`planspec backtest PLANS... --against REV|DIR`: what would change for past plans?"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from planspec.cli import options
from planspec.reports.terminal import console

if TYPE_CHECKING:
    from planspec.testing.backtest.judging import Row, Task


EXAMPLES: Final = (
    ("planspec backtest plans --against v1.0", "which verdicts a new requirement changes"),
)


@click.command(short_help="judge past plans by the old and the new requirements")
@click.argument("plans", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--against",
    required=True,
    metavar="REV|DIR",
    help="The old requirements: a git revision, or a folder with features/ and policies/.",
)
@options.features("The new features: a file or a folder, repeatable. Default: those of planspec.")
@options.steps(
    "Python steps of your own, for both sides: a file or a folder, repeatable. They are code, and run."
)
@options.policies("The new parameters, controls and waivers. Default: those of planspec.")
@click.option(
    "--features-only", is_flag=True, help="Compare the features; the new policies apply to both."
)
@options.jobs()
@click.option(
    "--scheduler",
    default="",
    metavar="ADDRESS|local",
    help="Judge on a Dask cluster: the address of its scheduler, or local for one on this machine.",
)
@click.option(
    "--journal",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Note here what is done; a run that was interrupted goes on from there.",
)
@click.option(
    "--parquet",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write a row for each plan, side and scenario as Parquet.",
)
@click.option(
    "--fail-on-change", is_flag=True, help="Exit code 1 where any plan is newly blocked or passed."
)
def command(
    plans: Sequence[Path],
    against: str,
    features: Sequence[Path],
    steps: Sequence[Path],
    policies: Path,
    *,
    features_only: bool,
    jobs: int | None,
    scheduler: str,
    journal: Path | None,
    parquet: Path | None,
    fail_on_change: bool,
) -> None:
    """Judge past PLANS (files, or folders of them) by the old and by the new requirements.

    A plan that cannot be judged is named with its reason, and never stops the rest. Exit codes: 0
    compared, 1 something changed and --fail-on-change, 2 nothing could be compared.
    """
    from planspec.runner.batch import Catalogue
    from planspec.testing.backtest import comparing, report, tasks, versions
    from planspec.testing.processes import usable_cores

    today = datetime.now(UTC).date()
    new = Catalogue(tuple(features), policies, "", today, tuple(steps))
    if parquet:
        comparing.require_parquet()
    with versions.side(against, today) as past:
        old = past._replace(policies=new.policies if features_only else past.policies, steps=new.steps)
        versions.require_readable(against, old)
        versions.require_readable("the new requirements", new)
        wanted = tasks.tasks(tasks.found(plans), {comparing.OLD: old, comparing.NEW: new})
        rows = _rows(wanted, journal, jobs or usable_cores(), scheduler)
    if parquet:
        comparing.write_parquet(rows, parquet)
    result = comparing.compared(rows)
    report.show(result, against, console())
    changed = any(each.change.startswith("newly") for each in result)
    sys.exit(1 if changed and fail_on_change else 0)


def _rows(wanted: "Sequence[Task]", journal: Path | None, jobs: int, scheduler: str) -> "list[Row]":
    """Judge what the journal does not hold, with a progress bar where somebody looks."""
    from rich.progress import Progress

    from planspec.testing.backtest import pools
    from planspec.testing.backtest.journal import Journal, done, missing

    before = done(journal) if journal else {}
    left = missing(wanted, before)
    keys = {(each.plan, each.sha256, each.digest): each.side for each in wanted}
    rows = [
        row._replace(side=keys[key]) for key, found in before.items() if key in keys for row in found
    ]
    errors = console(stderr=True)
    with (
        Journal(journal) as kept,
        Progress(console=errors, disable=not errors.is_terminal, transient=True) as progress,
    ):
        bar = progress.add_task("plans", total=len(wanted), completed=len(wanted) - len(left))
        for found in pools.run(left, jobs=jobs, scheduler=scheduler):
            kept.add(found)
            rows += found
            progress.advance(bar)
    return rows
