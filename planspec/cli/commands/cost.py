"""`planspec cost PLAN`: what the plan costs a month, before and after."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from planspec.cli import options
from planspec.reports.terminal import console

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from planspec.evidence import CostRecord

FORMATS = ("console", "json", "markdown")
MOST_SHOWN = 12


EXAMPLES: Final = (
    ("planspec cost plan.json", "what the plan costs a month"),
    ("planspec cost plan.json -o markdown", "the same as Markdown"),
)


@click.command(short_help="estimate what a plan costs a month, offline")
@click.argument("plan")
@options.policies("Prices and declared use (prices/, usage.toml). Default: those of planspec.")
@click.option(
    "--price-list",
    "price_lists",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="An AWS Price List offer file whose prices come before the catalogue's, repeatable.",
)
@click.option(
    "--region",
    default="",
    metavar="REGION",
    help="The region of resources of which the plan does not tell it.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day to estimate for: extended support depends on it. Default: today.",
)
@click.option(
    "-o",
    "--output",
    default="console",
    metavar="FORMAT[=FILE]",
    help="console, json or markdown; with a file or to standard output.",
)
@options.verbose("Also show what was taken for granted.")
def command(
    plan: str,
    policies: Path,
    price_lists: Sequence[Path],
    region: str,
    as_of: datetime | None,
    output: str,
    *,
    verbose: bool,
) -> None:
    """Estimate what PLAN costs a month: plan JSON, a saved plan, gzip of either, or "-".

    Prices come from a catalogue with dates and sources; nothing is fetched. What the plan or the
    catalogue does not tell is named, and makes the total "at least". Exit codes: 0 estimated, 2 not.
    """
    from datetime import UTC

    from planspec import cost
    from planspec.cli.progress import no_collecting
    from planspec.evidence import cost as cost_record
    from planspec.runner import load
    from planspec.runner.redaction import leaving

    name, equals, file = output.partition("=")
    if name not in FORMATS or (equals and not file):
        raise click.BadParameter(f'"{output}"; write console, json or markdown, or FORMAT=FILE')
    with no_collecting():
        found = cost.of_plan(
            load.read(plan).plan,
            policies,
            today=as_of.date() if as_of else datetime.now(UTC).date(),
            price_lists=price_lists,
            region=region,
        )
        record = leaving(cost_record.record(found))
    if name == "console" and not file:
        _show(record, console(), verbose=verbose)
        return
    data = _rendered(record, name)
    if file:
        from planspec.evidence import write_all

        write_all([(Path(file), data)])
    else:
        from planspec.reports.rows import unobeyed

        click.echo(unobeyed(data), nl=False)


def _rendered(record: "CostRecord", name: str) -> bytes:
    from planspec.evidence import cost as cost_record
    from planspec.reports import cost_tables

    if name == "json":
        return cost_record.encode(record)
    return cost_tables.markdown(record).encode()


def _show(record: "CostRecord", screen: "Console", *, verbose: bool) -> None:
    from rich.text import Text

    from planspec.evidence import said
    from planspec.reports.cost_tables import change, facts

    if any(each.before or each.after for each in record.resources):
        screen.print(_table(record, verbose=verbose))
    if record.groups:
        screen.print()
        screen.print(_chart(record, screen))
    screen.print()
    for label, side in (("before", record.before), ("after", record.after)):
        style = "" if side.complete else "yellow"
        screen.print(Text(f"{label:<8}{said(side)} USD a month", style=style), soft_wrap=True)
    screen.print(Text(f"change  {change(record)}", style="bold"), soft_wrap=True)
    _missing(record, screen)
    screen.print()
    for line in facts(record):
        screen.print(
            Text(line, style="bold red" if line.startswith("Warning") else "dim"), soft_wrap=True
        )


def _table(record: "CostRecord", *, verbose: bool) -> "Table":
    from rich.table import Table
    from rich.text import Text

    from planspec.reports.cost_tables import declared_use, items
    from planspec.reports.rows import printable

    table = Table(box=None, pad_edge=False)
    for name in ("USD a month", "quantity"):
        table.add_column(name, overflow="fold")
    for name in ("before", "after"):
        table.add_column(name, justify="right", no_wrap=True)
    for item in items(record):
        region = f" · {item.region}" if item.region else ""
        table.add_row(Text(f"{printable(item.title)} · {item.action}{region}", style="bold"))
        for line in item.lines:
            style = "yellow" if line.unknown else ""
            told = (Text(line.before, style=style), Text(line.after, style=style))
            table.add_row(Text(f"  {printable(line.name)}"), line.quantity, *told)
        for note in item.assumptions if verbose else declared_use(item):
            table.add_row(Text(f"  · {printable(note)}", style="dim"))
    return table


def _chart(record: "CostRecord", screen: "Console") -> "Table":
    """A bar before and a bar after for each kind of component."""
    from rich.table import Table
    from rich.text import Text

    from planspec.estimate import usd
    from planspec.reports.cost_tables import bar, largest

    longest = largest(record.groups)
    blocks = screen.encoding.lower().startswith("utf")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    had = any(Decimal(each.before_usd) for each in record.groups)
    for group in record.groups:
        rows = [("after", group.after_usd, "cyan")]
        if had:
            rows.insert(0, ("before", group.before_usd, "dim"))
        for place, (when, amount, style) in enumerate(rows):
            drawn = bar(Decimal(amount), longest)
            drawn = drawn if blocks else "#" * len(drawn)
            label = group.label if place == 0 else ""
            table.add_row(label, when, usd(Decimal(amount)), Text(drawn, style=style))
    return table


def _missing(record: "CostRecord", screen: "Console") -> None:
    """What has no figure, in three lists: unknown, by use, without prices."""
    from rich.text import Text

    from planspec.reports.cost_tables import left_to_use
    from planspec.reports.rows import printable

    _listed(screen, "unknown", record.after.unknown, "yellow")
    open_use = [f"{name}: {number}" for name, number in left_to_use(record)]
    _listed(screen, "by use, not declared in usage.toml", open_use, "")
    if record.not_priced:
        kinds = ", ".join(f"{printable(each.type)} ({each.after})" for each in record.not_priced)
        screen.print()
        screen.print(Text(f"not priced: {kinds}", style="yellow"), soft_wrap=True)


def _listed(screen: "Console", title: str, lines: Sequence[str], style: str) -> None:
    from rich.text import Text

    from planspec.reports.rows import printable

    if not lines:
        return
    screen.print()
    screen.print(Text(f"{title}:", style=style))
    for line in lines[:MOST_SHOWN]:
        screen.print(Text(f"  {printable(line)}"), soft_wrap=True)
    if len(lines) > MOST_SHOWN:
        screen.print(f"  and {len(lines) - MOST_SHOWN} more; all of them: -o json")
