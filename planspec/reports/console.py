"""What does a person read in the terminal?

Requirements by area, one line each; below them the findings: where, what is, what should be and how
to mend it; a summary line last. Made from the evidence record alone.
"""

import io
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from planspec.evidence import Evidence, FoundRecord, ScannerRecord, ScenarioRecord
from planspec.finding import Verdict
from planspec.reports import cost_tables
from planspec.reports.rows import headline, printable, rows, skip_note, title_of, waiver_note

MARKS: Final = {
    "satisfied": ("✓", "green"),
    "violated": ("✗", "bold red"),
    "undetermined": ("?", "bold yellow"),
    "not applicable": ("-", "dim"),
    "waived": ("~", "cyan"),
}
PLAIN_MARKS: Final = {"✓": "+", "✗": "x"}
MOST_FINDINGS: Final = 200
WIDTH: Final = 120
AREAS: Final = ("security", "reliability", "cost")


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


def render(evidence: Evidence) -> bytes:
    """Return the report as plain text for a file."""
    text = io.StringIO()
    show(evidence, Console(file=text, width=WIDTH, no_color=True, highlight=False, emoji=False))
    return text.getvalue().encode()


def show(evidence: Evidence, console: Console, *, verbose: bool = False) -> None:
    """Print the whole report; `verbose` also prints waived findings in full, and fingerprints."""
    _head(evidence, console)
    width = max((len(title_of(scenario)) for scenario in evidence.scenarios), default=0)
    for area in sorted({scenario.area for scenario in evidence.scenarios}, key=_rank):
        inside = [scenario for scenario in evidence.scenarios if scenario.area == area]
        console.print()
        console.print(_text(area[:1].upper() + area[1:], "bold"))
        console.print(_lines(inside, console, min(width, console.width - 50)))
    hidden = (Verdict.WAIVED,) if not verbose else ()
    for scenario in sorted(evidence.scenarios, key=lambda each: _rank(each.area)):
        _findings(_title(scenario), scenario.findings, console, hidden)
    _not_stated(evidence, console)
    _cost(evidence, console)
    _scanner(evidence, console, hidden)
    if not verbose:
        _waived(evidence, console)
    _waivers(evidence, console)
    console.print()
    console.print(headline(evidence), style=_style_of_summary(evidence))


def _head(evidence: Evidence, console: Console) -> None:
    plan = evidence.plan
    changes = ", ".join(f"{number} {action}" for action, number in plan.changes.items())
    console.print(
        _text(f"{evidence.tool} · {plan.name} · Terraform {plan.terraform_version or '?'} · {changes}")
    )
    in_a_pipe = not console.is_terminal  # there a fact stays on one line
    for reason in plan.blocking:
        console.print(_text(f"blocks: {reason}", "bold red"), soft_wrap=in_a_pipe)
    for note in plan.notes:
        console.print(_text(f"note: {note}", "yellow"), soft_wrap=in_a_pipe)


def _not_stated(evidence: Evidence, console: Console) -> None:
    """What could not be judged because nobody stated the limit, in one line each."""
    found = [each for each in evidence.scenarios if each.reason]
    if found:
        console.print()
        console.print(Text("Not stated", style="bold"))
    for each in found:
        line = ("  ", _mark(each.verdict, console), printable(f" {each.scenario}  {each.reason}"))
        console.print(Text.assemble(*line), soft_wrap=True)


def _cost(evidence: Evidence, console: Console) -> None:
    """What a month costs, in one line; the whole of it is for `planspec cost`."""
    if evidence.cost is None:
        return
    console.print()
    style = "" if evidence.cost.after.complete else "yellow"
    console.print(_text(f"Cost: {cost_tables.headline(evidence.cost)}", style), soft_wrap=True)
    if evidence.cost.stale:
        console.print(_text(f"warning: {evidence.cost.stale}", "bold red"), soft_wrap=True)


def _text(text: str, style: str = "") -> Text:
    """A text that a terminal shows and does not obey."""
    return Text(printable(text), style=style)


def _mark(verdict: str, console: Console) -> Part:
    mark, style = MARKS[verdict]
    if not console.encoding.lower().startswith("utf"):
        mark = PLAIN_MARKS.get(mark, mark)
    return mark, style


def _rank(area: str) -> tuple[int, str]:
    return (AREAS.index(area) if area in AREAS else len(AREAS), area)


def _lines(scenarios: Sequence[ScenarioRecord], console: Console, width: int) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    numbered = any(title_of(scenario) != scenario.name for scenario in scenarios)
    if numbered:
        table.add_column(no_wrap=True, min_width=8, style="bold")
    table.add_column(overflow="fold", min_width=width)
    table.add_column(no_wrap=True)
    for scenario in scenarios:
        name = title_of(scenario)
        number = [printable(scenario.scenario) if name != scenario.name else ""] if numbered else []
        answer = _text(_answer(scenario), MARKS[scenario.verdict][1])
        table.add_row(Text(*_mark(scenario.verdict, console)), *number, Text(printable(name)), answer)
    return table


def _answer(scenario: ScenarioRecord) -> str:
    """The verdict with its counts: of what was examined, how many were found."""
    examined, found = len(scenario.examined), len({each.address for each in scenario.findings})
    counts = f" {found} of {examined}" if found else f" {examined}" if examined else ""
    weak = f" ({scenario.enforcement})" if scenario.enforcement != "hard" else ""
    return f"{scenario.verdict}{counts}{weak}{', overridden' if scenario.override else ''}"


def _title(scenario: ScenarioRecord) -> str:
    kind = f" · {scenario.severity}" if scenario.severity else ""
    title = f"{scenario.name}{kind} · {', '.join(scenario.controls)}".rstrip(" ·")
    by = scenario.override
    lines = [title, f"  overridden by {by.name}: {by.reason}"] if by else [title]
    return "\n".join(map(printable, lines))


def _findings(
    title: str, findings: Sequence[FoundRecord], console: Console, hidden: Sequence[str]
) -> None:
    shown = [finding for finding in findings if finding.verdict not in hidden]
    if not shown:
        return
    console.print()
    for line in title.split("\n"):
        console.print(Text(line, style="bold"))
    _print_facts(
        [fact for each in shown[:MOST_FINDINGS] for fact in _facts(each, console, numbered=not hidden)],
        console,
    )
    if len(shown) > MOST_FINDINGS:
        rest = len(shown) - MOST_FINDINGS
        console.print(f"  and {rest} more; all of them: -o json=FILE", style="yellow")


def _facts(finding: FoundRecord, console: Console, *, numbered: bool) -> Iterator[Fact]:
    where = [(f"  {printable(finding.where)}", "cyan")] if finding.where else []
    yield Fact(
        "", [("  ", ""), _mark(finding.verdict, console), (f" {printable(finding.address)}", ""), *where]
    )
    rows = (
        ("is", finding.observed),
        ("should", finding.expected),
        ("fix", finding.remedy),
        _waiver(finding),
        ("finding", finding.fingerprint if numbered else ""),
    )
    yield from (_fact(label, text) for label, text in rows if text)
    for other in finding.related:
        yield _fact("see", f"{other.address}  {other.where}".rstrip())


def _fact(label: str, text: str) -> Fact:
    return Fact(label, [(printable(text), "")])


def _print_facts(facts: Sequence[Fact], console: Console) -> None:
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


def _scanner(evidence: Evidence, console: Console, hidden: Sequence[str]) -> None:
    scanner = evidence.checkov
    console.print()
    if scanner.missing:
        console.print(_text(f"Checkov: {scanner.missing}", "yellow"))
        return
    failed = [finding for finding in scanner.findings if finding.verdict == Verdict.VIOLATED]
    waived = sum(finding.verdict == Verdict.WAIVED for finding in scanner.findings)
    undecided = len(scanner.findings) - len(failed) - waived
    more = f"{undecided} undetermined, " if undecided else ""
    runner = _runner(scanner, cached=evidence.seal.checkov_cached)
    console.print(
        _text(
            f"Checkov {scanner.version} ({runner}): {scanner.passed} passed,"
            f" {len(failed)} failed, {more}{waived} waived",
            "bold red" if scanner.blocks else "",
        )
    )
    for note in (*(f"corrected: {each}" for each in scanner.corrections), *scanner.notes):
        console.print(Text(f"  {printable(note)}", style="yellow"), soft_wrap=True)
    for finding in [each for each in scanner.findings if each.verdict not in hidden][:MOST_FINDINGS]:
        where = [(f"  {printable(finding.where)}", "cyan")] if finding.where else []
        about = printable(f" {finding.observed}  {finding.address}")
        line = [("  ", ""), _mark(finding.verdict, console), (about, ""), *where]
        rows = (("should", finding.expected), _waiver(finding))
        facts = [_fact(label, text) for label, text in rows if text]
        _print_facts([Fact("", line), *facts], console)


def _runner(scanner: ScannerRecord, *, cached: bool) -> str:
    """What gave the answer: fast, or stock and why, or an earlier run."""
    told = f"{scanner.runner}: {scanner.reason}" if scanner.reason else scanner.runner
    return f"{told}, cached" if cached else told


def _waiver(finding: FoundRecord) -> tuple[str, str]:
    """Who accepted the finding until when, or why the waiver that is about it covers nothing."""
    if finding.skip is not None:
        label, _, text = skip_note(finding.skip).partition(" ")
    elif finding.waiver is not None:
        waived = finding.verdict == Verdict.WAIVED
        label, _, text = waiver_note(finding.waiver, waived=waived).partition(" ")
    else:
        return ("waived", "")
    return (label.rstrip(":"), text)


def _waived(evidence: Evidence, console: Console) -> None:
    """What was accepted stays visible, in one line each."""
    found = [row for row in rows(evidence) if row.finding.verdict == Verdict.WAIVED]
    if found:
        console.print()
        console.print(Text("Waived", style="bold"))
    for row in found[:MOST_FINDINGS]:
        about = printable(f" {row.rule}  {row.finding.address}  ")
        who = (printable(_waiver(row.finding)[1]), "dim")
        line = Text.assemble("  ", _mark(Verdict.WAIVED, console), about, who)
        console.print(line, soft_wrap=True)
    if len(found) > MOST_FINDINGS:
        console.print(f"  and {len(found) - MOST_FINDINGS} more: -o json=FILE", style="yellow")


def _waivers(evidence: Evidence, console: Console) -> None:
    said = {"expired": ("EXPIRED waiver", "bold red"), "ends soon": ("waiver ends soon", "yellow")}
    for waiver in evidence.waivers:
        if waiver.standing in said:
            what, style = said[waiver.standing]
            console.print(Text(f"{what}: {printable(str(waiver))}", style=style), soft_wrap=True)
    for unused in evidence.waivers_unused:
        console.print(Text(f"unused waiver: {printable(unused)}", style="yellow"), soft_wrap=True)


def _style_of_summary(evidence: Evidence) -> str:
    return "bold red" if evidence.blocks else "bold green"
