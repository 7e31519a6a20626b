"""`planspec mutate PLAN`: would the requirements notice if the plan got worse?"""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from planspec.cli import options
from planspec.reports.terminal import console

if TYPE_CHECKING:
    from planspec.testing.mutation.judging import Baseline, Outcome
    from planspec.testing.mutation.mutants import Mutant


EXAMPLES: Final = (
    ("planspec mutate plan.json --limit 200", "would the requirements notice a mistake?"),
    ("planspec mutate plan.json --blind", "change what no requirement reads"),
)


@click.command(short_help="change a plan for the worse: does a verdict fall?")
@click.argument("plan")
@options.features()
@options.steps()
@options.policies()
@options.tags()
@click.option("--blind", is_flag=True, help="Change what no scenario reads, instead of what they read.")
@click.option("--limit", default=0, metavar="N", help="Try at most so many, drawn by the seed.")
@click.option("--seed", default=0, metavar="N", help="Draws the same mutants each time. Default: 0.")
@options.jobs()
@click.option(
    "--accepted",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The reviewed file of mutants that may pass. Default: mutants.toml of the policies.",
)
@click.option("--require-applicable", is_flag=True, help="Examining nothing any more counts as noticed.")
@click.option(
    "--min-score",
    default=95.0,
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit code 1 below this share of noticed mutants. Default: 95.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also as JSON.",
)
@options.verbose("Also list accepted mutants with their reasons.")
def command(
    plan: str,
    features: Sequence[Path],
    steps: Sequence[Path],
    policies: Path,
    tags: str,
    *,
    blind: bool,
    limit: int,
    seed: int,
    jobs: int | None,
    accepted: Path | None,
    require_applicable: bool,
    min_score: float,
    output: Path | None,
    verbose: bool,
) -> None:
    """Change PLAN in small realistic ways and see whether a verdict falls.

    A change that no scenario notices is listed: it would pass unnoticed. Exit codes: 0 the score
    is reached, 1 it is not, or a satisfied scenario never falls, 2 the plan was not judged.
    """
    from planspec.runner import load
    from planspec.runner.batch import Catalogue
    from planspec.runner.redaction import leaving
    from planspec.testing.mutation import judging, report, score
    from planspec.testing.mutation.accepted import Reviewed, read_accepted
    from planspec.testing.processes import usable_cores

    file = accepted or policies / "mutants.toml"
    reviewed = read_accepted(file) if accepted or file.is_file() else Reviewed()
    wanted = Catalogue(tuple(features), policies, tags, _today(), tuple(steps))
    given = load.read(plan)
    base, read = judging.baseline(
        given.document, given.plan.name, wanted, require_applicable=require_applicable
    )
    mutants = judging.mutants_of(base, read, blind=blind, limit=limit, seed=seed)
    found = list(_judged(base, mutants, jobs or usable_cores()))
    if not blind:
        more = judging.second_instances(found)
        found += _judged(base, more, jobs or usable_cores())
    result = leaving(score.scored(base, found, reviewed, partial=bool(limit or tags), blind=blind))
    if output:
        score.write(result, output)
    report.show(result, console(), verbose=verbose)
    sys.exit(0 if result.percent >= min_score and (blind or not result.never) else 1)


def _judged(base: "Baseline", mutants: "Sequence[Mutant]", jobs: int) -> "Iterator[Outcome]":
    """Judge the mutants with a progress bar where somebody looks."""
    from rich.progress import track

    from planspec.testing.mutation import judging

    errors = console(stderr=True)
    yield from track(
        judging.outcomes(base, mutants, jobs),
        description="mutants",
        total=len(mutants),
        console=errors,
        disable=not errors.is_terminal,
        transient=True,
    )


def _today() -> date:
    return datetime.now(UTC).date()
