"""What is there to read in all, in the terminal and in a text file?

Requirements by area, one line each; below them the findings: where, what is, what should be and how
to fix it; a summary line last. Made from the evidence record alone. `brief` is what is read first.
"""

import io
from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from planspec.evidence import Evidence, FoundRecord, ScannerRecord, ScenarioRecord
from planspec.finding import Verdict
from planspec.reports import cost_tables
from planspec.reports.finding_lines import (
    MARKS,
    Fact,
    acceptance,
    facts_of,
    mark_of,
    print_facts,
    safe_text,
    stated,
)
from planspec.reports.rows import headline, is_known, printable, rows, title_of, worst_first

MOST_FINDINGS: Final = 200
WIDTH: Final = 120
AREAS: Final = ("security", "reliability", "cost")


def render(evidence: Evidence) -> bytes:
    """Return the report as plain text for a file."""
    text = io.StringIO()
    show(evidence, Console(file=text, width=WIDTH, no_color=True, highlight=False, emoji=False))
    return text.getvalue().encode()


def show(evidence: Evidence, console: Console, *, verbose: bool = False) -> None:
    """Print the whole report, the worst findings first.

    `verbose` also prints waived findings in full, and fingerprints.
    """
    show_head(evidence, console)
    width = max((len(title_of(scenario)) for scenario in evidence.scenarios), default=0)
    for area in sorted({scenario.area for scenario in evidence.scenarios}, key=_rank):
        inside = [scenario for scenario in evidence.scenarios if scenario.area == area]
        console.print()
        console.print(safe_text(area[:1].upper() + area[1:], "bold"))
        console.print(_lines(inside, console, min(width, console.width - 50)))
    hidden = (Verdict.WAIVED,) if not verbose else ()
    for scenario in worst_first(evidence.scenarios):
        _findings(_title(scenario), scenario.findings, console, hidden)
    show_not_stated(evidence, console)
    if evidence.cost is not None:
        console.print()
        show_cost(evidence, console)
    console.print()
    _scanner(evidence, console, hidden)
    if not verbose:
        show_waived(evidence, console)
    show_waivers(evidence, console)
    console.print()
    show_end(evidence, console)


def show_end(evidence: Evidence, console: Console) -> None:
    """The summary, in one line."""
    style = "bold red" if evidence.blocks else "bold green"
    console.print(headline(evidence), style=style, soft_wrap=not console.is_terminal)


def show_head(evidence: Evidence, console: Console) -> None:
    """What was judged, and what is special about it."""
    plan = evidence.plan
    changes = ", ".join(f"{number} {action}" for action, number in plan.changes.items()) or "no change"
    console.print(
        safe_text(
            f"{evidence.tool} · {plan.name} · Terraform {plan.terraform_version or '?'} · {changes}"
        )
    )
    in_a_pipe = not console.is_terminal  # there a fact stays on one line
    for reason in plan.blocking:
        console.print(safe_text(f"blocks: {reason}", "bold red"), soft_wrap=in_a_pipe)
    for note in plan.notes:
        console.print(safe_text(f"note: {note}", "yellow"), soft_wrap=in_a_pipe)


def show_not_stated(evidence: Evidence, console: Console) -> None:
    """What could not be judged because nobody stated the limit, in one line each."""
    found = [each for each in evidence.scenarios if each.reason]
    if found:
        console.print()
        console.print(Text("Not stated", style="bold"))
    for each in found:
        line = ("  ", mark_of(each.verdict, console), printable(f" {each.scenario}  {each.reason}"))
        console.print(Text.assemble(*line), soft_wrap=True)


def show_cost(evidence: Evidence, console: Console) -> None:
    """What a month costs, in one line; the whole of it is for `planspec cost`."""
    if evidence.cost is None:
        return
    style = "" if evidence.cost.after.complete else "yellow"
    console.print(safe_text(f"Cost: {cost_tables.headline(evidence.cost)}", style), soft_wrap=True)
    if evidence.cost.stale:
        console.print(safe_text(f"warning: {evidence.cost.stale}", "bold red"), soft_wrap=True)


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
        said = safe_text(answer(scenario), MARKS[scenario.verdict][1])
        table.add_row(Text(*mark_of(scenario.verdict, console)), *number, Text(printable(name)), said)
    return table


def answer(scenario: ScenarioRecord) -> str:
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
    print_facts(
        [
            fact
            for each in shown[:MOST_FINDINGS]
            for fact in facts_of(each, console, numbered=not hidden)
        ],
        console,
    )
    if len(shown) > MOST_FINDINGS:
        rest = len(shown) - MOST_FINDINGS
        console.print(f"  and {rest} more; all of them: -o json=FILE", style="yellow")


def _scanner(evidence: Evidence, console: Console, hidden: Sequence[str]) -> None:
    show_scanner_line(evidence, console)
    findings = [each for each in evidence.checkov.findings if each.verdict not in hidden]
    for finding in findings[:MOST_FINDINGS]:
        where = [(f"  {printable(finding.where)}", "cyan")] if finding.where else []
        about = printable(f" {finding.observed}  {finding.address}")
        line = [("  ", ""), mark_of(finding.verdict, console), (about, ""), *where]
        rows = (("should", finding.expected), acceptance(finding))
        facts = [stated(label, text) for label, text in rows if text]
        print_facts([Fact("", line), *facts], console)


def show_scanner_line(evidence: Evidence, console: Console) -> None:
    """What Checkov said, in numbers, and what is to be known about its run."""
    scanner = evidence.checkov
    if scanner.missing:
        console.print(safe_text(f"Checkov: {scanner.missing}", "yellow"))
        return
    failed = [finding for finding in scanner.findings if finding.verdict == Verdict.VIOLATED]
    waived = sum(finding.verdict == Verdict.WAIVED for finding in scanner.findings)
    undecided = len(scanner.findings) - len(failed) - waived
    more = f"{undecided} undetermined, " if undecided else ""
    runner = _runner(scanner, cached=evidence.seal.checkov_cached)
    console.print(
        safe_text(
            f"Checkov {scanner.version} ({runner}): {scanner.passed} passed,"
            f" {len(failed)} failed, {more}{waived} waived",
            "bold red" if scanner.blocks else "",
        )
    )
    for note in (*(f"corrected: {each}" for each in scanner.corrections), *scanner.notes):
        console.print(Text(f"  {printable(note)}", style="yellow"), soft_wrap=True)


def _runner(scanner: ScannerRecord, *, cached: bool) -> str:
    """What gave the answer: fast, or stock and why, or an earlier run."""
    told = f"{scanner.runner}: {scanner.reason}" if scanner.reason else scanner.runner
    return f"{told}, cached" if cached else told


def show_waived(evidence: Evidence, console: Console, *, most: int = MOST_FINDINGS) -> None:
    """What was accepted stays visible, in one line each, `most` of them."""
    waived = (row for row in rows(evidence) if row.finding.verdict == Verdict.WAIVED)
    found = [row for row in waived if not is_known(row.finding)]
    if found:
        console.print()
        console.print(Text("Waived", style="bold"))
    for row in found[:most]:
        about = printable(f" {row.rule}  {row.finding.address}  ")
        who = (printable(acceptance(row.finding)[1]), "dim")
        line = Text.assemble("  ", mark_of(Verdict.WAIVED, console), about, who)
        console.print(line, soft_wrap=True)
    if len(found) > most:
        all_of_them = "--full" if most < MOST_FINDINGS else "-o json=FILE"
        console.print(f"  and {len(found) - most} more: {all_of_them}", style="yellow")


def show_waivers(evidence: Evidence, console: Console, *, unused: bool = True) -> None:
    """Waivers that ended, end soon or cover nothing."""
    said = {"expired": ("EXPIRED waiver", "bold red"), "ends soon": ("waiver ends soon", "yellow")}
    show_known(evidence, console)
    for waiver in evidence.waivers:
        if waiver.standing in said and not waiver.known:
            what, style = said[waiver.standing]
            console.print(Text(f"{what}: {printable(str(waiver))}", style=style), soft_wrap=True)
    if unused:
        show_unused(evidence, console)


def show_known(evidence: Evidence, console: Console) -> None:
    """The baseline, in one line: what is known since when and until when, and what is gone."""
    held = [each for each in evidence.waivers if each.known]
    if not held:
        return
    since, until = min(each.created for each in held), held[0].expires
    still = sum(is_known(row.finding) for row in rows(evidence))
    gone = sum(not each.used for each in held)
    told = f"{still} findings are known since {since}, until {until}"
    if held[0].standing == "expired":
        told = f"EXPIRED baseline: what was known since {since} was accepted until {until}"
    elif gone:
        told += f"; {gone} of {len(held)} were not found again, or have changed: write a new baseline"
    style = "bold red" if held[0].standing == "expired" else "yellow"
    console.print(Text(told, style=style), soft_wrap=True)


def show_unused(evidence: Evidence, console: Console) -> None:
    """Waivers that cover nothing."""
    for unused in evidence.waivers_unused:
        console.print(Text(f"unused waiver: {printable(unused)}", style="yellow"), soft_wrap=True)
