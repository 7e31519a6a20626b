"""What does a person read after a run of mutation?

Each scenario with what it read and what it fell for; below them what would pass unnoticed; the score
last.
"""

from collections import Counter
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from planspec.reports.rows import printable
from planspec.testing.mutation.score import MutantRecord, Score

MOST_SHOWN: Final = 200


def show(score: Score, console: Console, *, verbose: bool = False) -> None:
    """Print the outcome; `verbose` also prints what was accepted, with the reasons."""
    about = "what no scenario reads" if score.blind else "what the scenarios read"
    console.print(Text(f"{printable(score.plan)} · {len(score.mutants)} mutants of {about}"))
    if not score.blind:
        _scenarios(score, console)
    if score.blind:
        _by_type(score, console)
    _listed("would pass unnoticed", "unnoticed", score, console)
    if verbose:
        _listed("accepted", "accepted", score, console)
    for name in score.unused:
        console.print(Text(f"accepted, but no such mutant: {printable(name)}", style="yellow"))
    console.print()
    console.print(Text(_summary(score), style="bold"))


def _scenarios(score: Score, console: Console) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for each in score.scenarios:
        never = each.scenario in score.never
        mark, style = ("✗", "bold red") if never else ("✓", "green") if each.fell else ("-", "dim")
        told = f"fell for {each.fell}; {each.read} are of what it read" if each.fell else each.verdict
        if never:
            told += f"; it falls for none of {each.read} mutants of what it read"
        table.add_row(Text(mark, style), each.scenario, Text(told))
    console.print()
    console.print(table)


def _by_type(score: Score, console: Console) -> None:
    """A blind run leaves many: counted by type and attribute, they can be read."""
    left = Counter(
        (each.address.removeprefix("data.").split(".")[-2], each.path.partition("[")[0])
        for each in score.mutants
        if each.became == "unnoticed"
    )
    console.print()
    for (kind, path), number in sorted(left.items()):
        console.print(Text(f"  {number:>4}  {printable(kind)}  {printable(path)}"))


def _listed(title: str, became: str, score: Score, console: Console) -> None:
    found = [each for each in score.mutants if each.became == became]
    if not found:
        return
    console.print()
    console.print(Text(f"{title}:", style="bold"))
    for each in found[:MOST_SHOWN]:
        _mutant(each, console)
    if len(found) > MOST_SHOWN:
        console.print(Text(f"  and {len(found) - MOST_SHOWN} more; all of them: -o FILE", "yellow"))


def _mutant(mutant: MutantRecord, console: Console) -> None:
    place = f"{mutant.address} {mutant.path}".rstrip()
    console.print(Text(f"  {printable(place)}"), soft_wrap=True)
    change = f"      {mutant.operator}: {mutant.old} -> {mutant.new}"
    console.print(Text(printable(change), "dim"), soft_wrap=True)
    if mutant.reason:
        console.print(Text(f"      {printable(mutant.reason)}"), soft_wrap=True)


def _summary(score: Score) -> str:
    kinds = ("noticed", "unnoticed", "accepted", "impossible")
    counts = ", ".join(f"{score.count(kind)} {kind}" for kind in kinds if score.count(kind))
    return f"{len(score.mutants)} mutants: {counts} · score {score.percent:g} %"
