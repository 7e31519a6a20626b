"""What does a person read first, in the terminal?

The verdict with its counts by severity; the worst findings in full, equal ones together; one line for
each other requirement that is not satisfied; the rest is counted. As much is told in full as `LONGEST`
lines hold, and never nothing. Made from the evidence record alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from planspec.evidence import BLOCKING, Evidence, FoundRecord, ScenarioRecord
from planspec.finding import Verdict
from planspec.reports.console import (
    answer,
    show_cost,
    show_end,
    show_head,
    show_scanner_line,
    show_unused,
    show_waived,
    show_waivers,
)
from planspec.reports.finding_lines import Fact, acceptance, facts_of, mark_of, print_facts, safe_text
from planspec.reports.rows import SEVERITIES, is_known, printable, rows, title_of, worst_first

LONGEST: Final = 120
_MOST_ADDRESSES: Final = 5
_MOST_WAIVED: Final = 5
_MOST_OTHERS: Final = 10
# Sign, severity, number, verdict and counts.
_OTHER_COLUMNS: Final = 46
Block = Sequence[Fact]


def show(evidence: Evidence, console: Console) -> None:
    """Print the short report."""
    show_head(evidence, console)
    left = worst_first([each for each in evidence.scenarios if each.verdict in BLOCKING])
    _verdict(evidence, left, console)
    room = LONGEST - _fixed(evidence, left)
    told, used = _in_full(left, room, console)
    room -= used
    if left[told:]:
        also = "Also not satisfied" if told else "Not satisfied"
        console.print(f"\n{also} (in full: --full)", style="bold")
        console.print(_lines(left[told:], console))
    room -= _others(evidence, room, console)
    console.print()
    room -= _of_waivers(evidence, room, console)
    show_cost(evidence, console)
    _scanner(evidence, console, room)
    show_end(evidence, console)


def _fixed(evidence: Evidence, left: Sequence[ScenarioRecord]) -> int:
    """How many lines there are besides what is told in full: one for each requirement, and the ends."""
    head = 2 + len(evidence.plan.notes) + len(evidence.plan.blocking)
    ending = (each for each in evidence.waivers if each.standing in {"expired", "ends soon"})
    standing = sum(not each.known for each in ending) + any(each.known for each in evidence.waivers)
    tail = 4 + standing + len(evidence.checkov.corrections) + len(evidence.checkov.notes)
    return head + tail + len(left) + (4 if left else 0)


def _others(evidence: Evidence, room: int, console: Console) -> int:
    """Print the requirements that hold, where they are few; return how many lines that took."""
    others = [each for each in evidence.scenarios if each.verdict not in BLOCKING]
    if not others or len(others) > min(_MOST_OTHERS, room - 1):
        return 0
    console.print()
    console.print(_lines(others, console))
    return len(others) + 1


def _verdict(evidence: Evidence, left: Sequence[ScenarioRecord], console: Console) -> None:
    counts = Counter(each.severity or "without severity" for each in left)
    order = [each for each in (*SEVERITIES, "without severity") if counts[each]]
    order += sorted(counts.keys() - set(order))
    told = ", ".join(f"{counts[each]} {each}" for each in order)
    many = "requirement is" if len(left) == 1 else "requirements are"
    said = f"{len(left)} {many} not satisfied: {told}" if left else "no requirement is violated or open"
    verdict = "BLOCKED" if evidence.blocks else "PASSED"
    console.print(safe_text(f"{verdict} · {said}", "bold red" if evidence.blocks else "bold green"))


def _in_full(left: Sequence[ScenarioRecord], room: int, console: Console) -> tuple[int, int]:
    """Print the worst findings, as many as fit but one at least.

    Returns of how many requirements, and how many lines that took beyond the one of each.
    """
    used = 0
    for told, scenario in enumerate(left):
        blocks = list(_blocks(scenario, console))
        more = sum(map(len, blocks)) - (0 if told else 1)  # from the second on with a blank line
        if told and used + more > room:
            return told, used
        console.print()
        fit = _fitting(blocks, room)
        for block in blocks[:fit]:
            print_facts(block, console)
        if blocks[fit:]:
            console.print(f"  and {len(blocks) - fit} more: --full", style="yellow")
        used += more
    return len(left), used


def _fitting(blocks: Sequence[Block], room: int) -> int:
    """How many of the blocks fit, one at least."""
    used = 0
    for count, block in enumerate(blocks):
        used += len(block)
        if count and used > room:
            return count
    return len(blocks)


def _blocks(scenario: ScenarioRecord, console: Console) -> Iterator[Block]:
    """The findings of a scenario, equal ones together; the first with its title."""
    title = [(printable(_title(scenario)), "bold")]
    for together in _equal(scenario.findings):
        head, *rest = _joined(facts_of(together[0], console, numbered=False))
        others = [next(facts_of(each, console, numbered=False)) for each in together[1:_MOST_ADDRESSES]]
        more = len(together) - _MOST_ADDRESSES
        tail = [Fact("", [(f"    and {more} more with the same finding", "")])] if more > 0 else []
        yield [*([Fact("", title)] if title else []), head, *others, *tail, *rest]
        title = []
    if title:  # judged as a whole: no resource is at fault
        why = scenario.reason or f"{scenario.verdict}, without a finding"
        yield [
            Fact("", title),
            Fact("", [("  ", ""), mark_of(scenario.verdict, console), (f" {printable(why)}", "")]),
        ]


def _joined(facts: Iterable[Fact]) -> list[Fact]:
    """The same, in which all other places that matter are in one line."""
    given = list(facts)
    places = [part for each in given if each.label == "see" for part in (*each.parts, (", ", ""))]
    others = [each for each in given if each.label != "see"]
    return [*others, Fact("see", places[:-1])] if places else others


def _equal(findings: Iterable[FoundRecord]) -> list[list[FoundRecord]]:
    """Findings that say the same, of different resources, in the order of the first of each."""
    groups: dict[tuple[str, ...], list[FoundRecord]] = {}
    for each in findings:
        if each.verdict != Verdict.WAIVED:
            seen = "" if not each.related else each.fingerprint
            said = (each.verdict, each.observed, each.expected, each.remedy, seen)
            groups.setdefault(said, []).append(each)
    return list(groups.values())


def _title(scenario: ScenarioRecord) -> str:
    by = scenario.override
    parts = (scenario.name, scenario.severity, answer(scenario))
    said = " · ".join(each for each in parts if each)
    return f"{said} by {by.name}: {by.reason}" if by else said


def _lines(scenarios: Sequence[ScenarioRecord], console: Console) -> Table:
    """One line for each: its sign, severity, number, title and counts; the verdict where it fits."""
    graded = any(each.severity for each in scenarios)
    numbered = any(title_of(each) != each.name for each in scenarios)
    widest = max(len(title_of(each)) for each in scenarios)
    verbose = widest + _OTHER_COLUMNS <= console.width
    table = Table.grid(padding=(0, 1))
    for styled in (None, *[None] * graded, *["bold"] * numbered):
        table.add_column(no_wrap=True, style=styled)
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    for each in scenarios:
        cells = [Text(*mark_of(each.verdict, console))]
        if graded:
            cells.append(safe_text(each.severity))
        if numbered:
            cells.append(safe_text(each.scenario if title_of(each) != each.name else ""))
        said = answer(each) if verbose else answer(each).removeprefix(each.verdict).strip()
        table.add_row(*cells, safe_text(title_of(each)), safe_text(said))
    return table


def _of_waivers(evidence: Evidence, room: int, console: Console) -> int:
    """Print what was accepted, in one line where more does not fit; return how many lines more."""
    accepted = (each.finding for each in rows(evidence) if each.finding.verdict == Verdict.WAIVED)
    waived = sum(not is_known(each) for each in accepted)
    unused = len(evidence.waivers_unused)
    show_waivers(evidence, console, unused=False)
    more = min(waived, _MOST_WAIVED) + unused + 1
    if waived + unused and more <= room:
        show_waived(evidence, console, most=_MOST_WAIVED)
        show_unused(evidence, console)
        return more
    if waived + unused:
        many = f"{waived} findings are waived, {unused} waivers are unused: --full lists them"
        console.print(many, style="yellow")
    return 0


def _scanner(evidence: Evidence, console: Console, room: int) -> None:
    """Checkov in one line, and as many of its findings as fit."""
    show_scanner_line(evidence, console)
    found = [each for each in evidence.checkov.findings if each.verdict != Verdict.WAIVED]
    fit = len(found) if len(found) <= room else max(room - 1, 0)
    for each in found[:fit]:
        where = [(f"  {printable(each.where)}", "cyan")] if each.where else []
        about = printable(f" {each.observed}  {each.address}")
        accepted = acceptance(each)[1]
        said = printable(f"  {each.expected}{f' ({accepted})' if accepted else ''}")
        line = Text.assemble("  ", mark_of(each.verdict, console), about, *where, (said, "dim"))
        console.print(line, soft_wrap=True)
    if len(found) > fit:
        rest = f"and {len(found) - fit} more" if fit else "all of them"
        console.print(f"  {rest}: --full", style="yellow")
