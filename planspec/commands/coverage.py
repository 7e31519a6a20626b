"""`planspec coverage PLAN`: which parts of the plan did any requirement look at?"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planspec import options
from planspec.terminal import console

if TYPE_CHECKING:
    from planspec.coverage import Coverage, Total


@click.command()
@click.argument("plan")
@options.features()
@options.policies()
@options.tags()
@click.option(
    "--min-coverage",
    default=0.0,
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit code 1 where the requirements read a smaller share of the attributes.",
)
@options.verbose("Also list each attribute that nobody looked at.")
def command(
    plan: str,
    features: Sequence[Path],
    policies: Path,
    tags: str,
    *,
    min_coverage: float,
    verbose: bool,
) -> None:
    """Show which resources and attributes of PLAN the requirements read.

    An attribute counts if the source writes it. "selected": its resource was examined, but not for
    this attribute; "unseen": nobody looked. Exit codes: 0 enough was read, 1 too little, 2 the plan
    was not judged.
    """
    from planspec import plan_file
    from planspec.coverage import coverage
    from planspec.judge import Catalogue, Judge

    wanted = Catalogue(
        tuple(features),
        policies,
        tags,
        datetime.now(UTC).date(),
    )
    read = plan_file.read(plan).plan
    records, _ = Judge(wanted).judge(read, keep=True)
    found = coverage(read, records)
    _show(found, verbose=verbose)
    sys.exit(0 if found.percent >= min_coverage else 1)


def _show(found: "Coverage", *, verbose: bool) -> None:
    from rich.text import Text

    out = console()
    for title, totals in (("type", found.types), ("module", found.modules), ("control", found.controls)):
        out.print(_table(title, totals))
        out.print()
    if verbose:
        for resource in found.resources:
            names = [each.name for each in resource.attributes if each.looked != "read"]
            if names:
                out.print(Text(f"{resource.address}: {', '.join(names)}"), soft_wrap=True)
        out.print()
    total = found.total
    out.print(
        Text(
            f"{total.read} of {total.attributes} attributes read ({found.percent:g} %), {total.selected}"
            f" of examined resources not read, {total.unseen} seen by nobody",
            style="bold",
        )
    )


def _table(title: str, totals: "Sequence[Total]") -> object:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(title, no_wrap=True)
    names = ["resources", "attributes", "read", "selected", "unseen", "%"]
    for name in names if title != "control" else [*names[:3], "%"]:
        table.add_column(name, justify="right")
    for each in totals:
        counts = [each.resources, each.attributes, each.read, each.selected, each.unseen]
        shown = counts if title != "control" else counts[:3]
        table.add_row(each.name, *map(str, shown), f"{each.percent:g}")
    return table
