"""How does one finding look in a terminal: where it is, what is, what should be, and how to fix it?"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from planspec.evidence import FoundRecord
from planspec.finding import Verdict
from planspec.reports.rows import printable, skip_note, waiver_note

MARKS: Final = {
    "satisfied": ("✓", "green"),
    "violated": ("✗", "bold red"),
    "undetermined": ("?", "bold yellow"),
    "not applicable": ("-", "dim"),
    "waived": ("~", "cyan"),
}
PLAIN_MARKS: Final = {"✓": "+", "✗": "x"}


# A text and how it is shown.
Part = tuple[str, str]


class Fact(NamedTuple):
    """One line about a finding; the line without a label begins the next finding."""

    label: str
    parts: Sequence[Part]

    @property
    def plain(self) -> str:
        """The line without any style."""
        text = "".join(text for text, _ in self.parts)
        return f"      {self.label:<8}{text}" if self.label else text


def safe_text(text: str, style: str = "") -> Text:
    """The text, as one that a terminal shows and does not obey."""
    return Text(printable(text), style=style)


def mark_of(verdict: str, console: Console) -> Part:
    """The sign of a verdict, in signs that the terminal has."""
    sign, style = MARKS[verdict]
    if not console.encoding.lower().startswith("utf"):
        sign = PLAIN_MARKS.get(sign, sign)
    return sign, style


def facts_of(finding: FoundRecord, console: Console, *, numbered: bool) -> Iterator[Fact]:
    """What is told about one finding; `numbered` adds its fingerprint."""
    where = [(f"  {printable(finding.where)}", "cyan")] if finding.where else []
    yield Fact(
        "",
        [("  ", ""), mark_of(finding.verdict, console), (f" {printable(finding.address)}", ""), *where],
    )
    rows = (
        ("is", finding.observed),
        ("should", finding.expected),
        ("fix", finding.remedy),
        acceptance(finding),
        ("finding", finding.fingerprint if numbered else ""),
    )
    yield from (stated(label, text) for label, text in rows if text)
    for other in finding.related:
        yield stated("see", f"{other.address}  {other.where}".rstrip())


def stated(label: str, said: str) -> Fact:
    """One line of plain words."""
    return Fact(label, [(printable(said), "")])


def print_facts(facts: Sequence[Fact], console: Console) -> None:
    """Facts of findings: wrapped under themselves in a terminal, one line each in a pipe.

    In a pipe, which shows no style, all are printed at once: there may be thousands.
    """
    if not console.is_terminal:
        console.file.write("".join(f"{each.plain}\n" for each in facts))
        return
    for label, parts in facts:
        text = Text.assemble(*parts)
        if not label:
            console.print(text, soft_wrap=True)
            continue
        table = Table.grid(padding=0)
        table.add_column(width=14, style="dim")
        table.add_column(overflow="fold")
        table.add_row(f"      {label}", text)
        console.print(table)


def acceptance(finding: FoundRecord) -> tuple[str, str]:
    """Who accepted the finding until when, or why the waiver that is about it covers nothing."""
    if finding.skip is not None:
        label, _, text = skip_note(finding.skip).partition(" ")
    elif finding.waiver is not None:
        waived = finding.verdict == Verdict.WAIVED
        label, _, text = waiver_note(finding.waiver, waived=waived).partition(" ")
    else:
        return ("waived", "")
    return (label.rstrip(":"), text)
