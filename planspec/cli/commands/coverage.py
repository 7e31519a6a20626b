"""`planspec coverage PLAN`: which parts of the plan did any requirement, or Checkov, look at?"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from planspec.cli import options
from planspec.reports.terminal import console, working

if TYPE_CHECKING:
    from planspec.evidence import Coverage, ResourceCoverage, Total
    from planspec.plan import Plan
    from planspec.runner.batch import Judge
    from planspec.runner.checkov_findings import Alongside, Wanted

FORMATS = ("console", "json")


EXAMPLES: Final = (
    (
        "planspec coverage plan.json -v",
        "attributes that were not read, and those that only Checkov read",
    ),
    ("planspec coverage plan.json -o json=coverage.json", "each resource, for another program"),
)


@click.command(short_help="show what of a plan the requirements look at")
@click.argument("plan")
@options.features()
@options.steps()
@options.policies()
@options.tags()
@options.source(
    "The Terraform folder that was planned: for locals, and what the plan leaves out. A saved plan"
    " brings its own."
)
@options.checkov("Which runner: Checkov made fast (default), its own command, or none. Same numbers.")
@options.no_checkov()
@options.no_cache()
@options.require_checkov()
@click.option(
    "--min-coverage",
    default=0.0,
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit code 1 where the requirements read a smaller share; what Checkov looks at is not in it.",
)
@click.option(
    "-o",
    "--output",
    default="console",
    metavar="FORMAT[=FILE]",
    help="console or json: the section `coverage` of the evidence; with a file or to standard output.",
)
@options.verbose(
    "Also list attributes that neither planspec nor Checkov read, and those that only Checkov read."
)
def command(
    plan: str,
    features: Sequence[Path],
    steps: Sequence[Path],
    policies: Path,
    tags: str,
    source: Path | None,
    *,
    checkov: "Wanted | None",
    no_checkov: bool,
    no_cache: bool,
    require_checkov: bool,
    min_coverage: float,
    output: str,
    verbose: bool,
) -> None:
    """Show which resources and attributes of PLAN the requirements read, and Checkov beside them.

    An attribute counts if the source writes it. "selected": its resource was examined, but not for
    this attribute; "unseen": no requirement looked; "checkov": a check of Checkov says that it looked;
    "checkov only": and no requirement read it. Exit codes: 0 enough was read, 1 too little, 2 the
    plan was not judged.
    """
    from planspec.cli.progress import no_collecting
    from planspec.runner import load
    from planspec.runner.batch import Catalogue, Judge
    from planspec.runner.checkov_findings import Alongside
    from planspec.runner.redaction import leaving

    name, equals, file = output.partition("=")
    if name not in FORMATS or (equals and (not file or name == "console")):
        raise click.BadParameter(f'"{output}"; write console, json or json=FILE')
    runner = options.runner(checkov, no_checkov=no_checkov, required=require_checkov)
    with no_collecting(), working() as show:
        show("reading the requirements")
        judge = Judge(Catalogue(tuple(features), policies, tags, datetime.now(UTC).date(), tuple(steps)))
        show("judging, Checkov alongside" if runner != "off" else "judging")
        read = load.read(plan, source)
        wanted = Alongside(runner, required=require_checkov, cache=not no_cache)
        found = leaving(_covered(read.plan, read.document, judge, wanted))
    if name == "json":
        _write(found, file)
    else:
        _show(found, min_coverage, verbose=verbose)
        _show_uncompared(read.plan)
    sys.exit(0 if found.percent >= min_coverage else 1)


def _covered(plan: "Plan", document: bytes, judge: "Judge", wanted: "Alongside") -> "Coverage":
    """Judge the plan, and let Checkov read its document at the same time."""
    from planspec.evidence import CheckovCoverage
    from planspec.runner import checkov_findings
    from planspec.runner.coverage import coverage

    with ExitStack() as stack:
        scan, missing = checkov_findings.start(
            stack, document, wanted, judge.wanted.policies, looked=True
        )
        records, run = judge.judge(plan, keep=True)
        if scan is None:
            return coverage(run.plan, records, None, CheckovCoverage(missing=missing))
        result = scan.collect(checkov_findings.SECONDS)
        return coverage(run.plan, records, result.looked, CheckovCoverage(version=result.version))


def _write(found: "Coverage", file: str) -> None:
    from planspec.evidence import pretty, write_all
    from planspec.reports.rows import unobeyed

    data = pretty(found)
    if file:
        write_all([(Path(file), data)])
    else:
        click.echo(unobeyed(data), nl=False)


def _show(found: "Coverage", least: float, *, verbose: bool) -> None:
    from rich.text import Text

    from planspec.reports.rows import printable

    out = console()
    for title, totals in (("type", found.types), ("module", found.modules), ("control", found.controls)):
        if totals:
            out.print(_table(title, totals))
            out.print()
    if verbose:
        for line in (line for each in found.resources for line in _open(each)):
            out.print(Text(printable(line)), soft_wrap=True)
        out.print()
    total = found.total
    text = (
        f"{total.read} of {total.attributes} attributes read ({found.percent:g} %), {total.selected}"
        f" of examined resources not read, {total.unseen} seen by no requirement"
    )
    out.print(Text(text, style="bold"), soft_wrap=True)
    out.print(Text(f"Checkov{_beside(found)}"), soft_wrap=True)
    if found.percent < least:
        out.print(Text(f"too little: at least {least:g} % is asked", style="bold red"), soft_wrap=True)


def _show_uncompared(plan: "Plan") -> None:
    """Name each change that gives access, or may, and that nothing compares; CHG-12 is undetermined."""
    from rich.text import Text

    from planspec.judgements.change.uncompared_access import not_compared
    from planspec.reports.rows import printable

    out = console()
    for finding in not_compared(plan):
        line = printable(f"access not compared: {finding.address}: {finding.observed}")
        out.print(Text(line), soft_wrap=True)


def _beside(found: "Coverage") -> str:
    """What Checkov looked at, in one line, or why nobody knows."""
    checkov, total = found.checkov, found.total
    if not checkov.version:
        return f": {checkov.missing}"
    looked, only = total.checkov or 0, total.checkov_only or 0
    return (
        f" {checkov.version}: {looked} attributes looked at, {only} of them read by no requirement;"
        f" {total.attributes - total.read - only} not looked at;"
        f" {checkov.silent} of {checkov.verdicts} verdicts name no attribute"
    )


def _open(resource: "ResourceCoverage") -> Iterator[str]:
    """The attributes of a resource that no requirement read: one line for each of both kinds."""
    unread = [each.name for each in resource.attributes if each.looked != "read"]
    beside = resource.checkov_read
    nobody = [name for name in unread if name not in beside]
    alone = [f"{name} ({', '.join(beside[name])})" for name in unread if name in beside]
    if nobody:
        yield f"{resource.address}: not read: {', '.join(nobody)}"
    if alone:
        yield f"{resource.address}: Checkov alone: {', '.join(alone)}"


def _table(title: str, totals: "Sequence[Total]") -> object:
    from rich.table import Table

    columns = {"resources": "resources", "attributes": "attributes", "read": "read"}
    if title != "control":
        columns |= {"selected": "selected", "unseen": "unseen"}
    columns["percent"] = "%"
    if totals[0].checkov is not None:
        columns |= {"checkov": "checkov", "checkov_only": "checkov only"}
    table = Table(box=None, pad_edge=False)
    table.add_column(title, overflow="fold")
    for head in columns.values():
        table.add_column(head, justify="right", min_width=max(map(len, head.split())))
    for each in totals:
        table.add_row(each.name, *(f"{getattr(each, name):g}" for name in columns))
    return table
