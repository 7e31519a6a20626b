"""`planspec lint`: what is wrong with the requirements themselves?"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from planspec.cli import options
from planspec.reports.terminal import console

EXAMPLES: Final = (
    ("planspec lint features --policies policies", "mistakes in your requirements"),
    ("planspec lint features --plans plans", "also scenarios that reach no recorded plan"),
)


@click.command(short_help="look for mistakes in the requirements themselves")
@click.argument("features", nargs=-1, type=click.Path(path_type=Path))
@options.policies()
@options.steps(
    "Python steps of your own, to look at and to use: a file or a folder, repeatable. They are code, and"
    " run."
)
@click.option(
    "--plans",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    metavar="PATH",
    help="Recorded plans, to find scenarios that examine nothing and waivers that reach nothing.",
)
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave a rule out, repeatable.")
@click.option("--rules", "list_rules", is_flag=True, help="List the rules.")
@click.option(
    "--sarif",
    "sarif_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write the problems as SARIF 2.1.0.",
)
def command(
    features: Sequence[Path],
    policies: Path,
    steps: Sequence[Path],
    *,
    plans: Sequence[Path],
    ignore: Sequence[str],
    list_rules: bool,
    sarif_file: Path | None,
) -> None:
    """Look for mistakes in FEATURES (files or folders; default: planspec's own), steps and waivers.

    Exit codes: 0 nothing found, 1 problems found, 2 some of them keep `check` from judging, or nothing
    could be linted.
    """
    from planspec import bundle
    from planspec.testing.backtest.tasks import found as plan_files
    from planspec.testing.lint.linting import Wanted, lint
    from planspec.testing.lint.problem import REFUSED, RULES

    if list_rules:
        for name, text in RULES.items():
            click.echo(f"{name:<24} {text}")
        return
    for name in ignore:
        if name not in RULES:
            raise click.BadParameter(f'"{name}" is not a rule; planspec lint --rules lists them')
    own = not features
    wanted = Wanted(
        features or (bundle.FEATURES,),
        policies,
        steps,
        plan_files(plans) if plans else None,
        own,
        datetime.now(UTC).date(),
    )
    with console(stderr=True).status("reading features") as status:
        problems, notes = lint(wanted, status.update)
    kept = [each for each in problems if each.rule not in ignore]
    for problem in kept:
        click.echo(str(problem))
    for note in notes:
        click.echo(f"note: {note}", err=True)
    if sarif_file:
        _write_sarif(kept, sarif_file)
    told = f"{len(kept)} problems" if len(kept) != 1 else "1 problem"
    click.echo(told if kept else "no problem found", err=True)
    sys.exit(2 if any(each.rule in REFUSED for each in kept) else 1 if kept else 0)


def _write_sarif(problems: Sequence[object], path: Path) -> None:
    import json
    from importlib.metadata import version

    from planspec.evidence import write_all
    from planspec.testing.lint.linting import sarif

    text = json.dumps(sarif(problems, version("planspec")), indent=2)  # type: ignore[arg-type]
    write_all([(path, text.encode() + b"\n")])
