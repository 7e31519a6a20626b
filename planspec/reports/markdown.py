"""How is the record written as Markdown that GitHub, GitLab and others show alike?

Addresses and values come from whoever wrote the change: none of them may become markup, a mention
of a person, or a link.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from planspec.evidence import ORDER, Evidence
from planspec.finding import Verdict
from planspec.reports.cost_tables import headline as headline_of_cost
from planspec.reports.cost_tables import summary
from planspec.reports.rows import Row, headline, printable, rows, title_of

LONGEST_CELL: Final = 400
ROOM_FOR_THE_REST: Final = 200
MARKS: Final = {
    "satisfied": "✅",
    "violated": "❌",
    "undetermined": "❓",
    "waived": "🟦",
    "not applicable": "⬜",
}
LEVELS: Final = {"error": "❌", "warning": "⚠️", "note": "🟦"}
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>|#~!&$])")
# A word joiner, which nobody sees, keeps a mention, an issue and an address from being linked.
_LINKED: Final = re.compile(r"(@|#(?=\d)|://|www(?=\.))")


def plain(text: str) -> str:
    """Write a text so that Markdown shows it as it is, in one line and not too long."""
    line = printable(text.replace("\n", " "))
    line = line if len(line) <= LONGEST_CELL else f"{line[: LONGEST_CELL - 1]}…"
    return _MARKUP.sub(r"\\\1", _LINKED.sub("\\1\u2060", line))


def code(text: str) -> str:
    """Write a text as code, in a table too."""
    line = printable(text.replace("\n", " ")).replace("|", "\\|")
    longest = max((len(each) for each in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest or not line else ""
    return f"{fence}{space}{line}{space}{fence}"


def document(evidence: Evidence, limit: int) -> str:
    """Return the whole report in at most so many bytes; what was cut is counted at the end."""
    head = "\n".join(_head(evidence))
    found = sorted(rows(evidence), key=lambda row: row.gravity)
    tables = [
        ("Findings", [row for row in found if row.level == "error"]),
        ("Reported, not blocking", [row for row in found if row.level == "warning"]),
        ("Waived", [row for row in found if row.level == "note"]),
    ]
    elsewhere = f"\n{len(evidence.scenarios)} scenarios are in the full report.\n"
    cost = _cost(evidence)
    # Findings come before the list of scenarios: where not all fit, it gives them its room.
    tails = (cost + "\n".join(_requirements(evidence)), cost + elsewhere, elsewhere)
    for tail in [each for each in tails if len(each.encode()) <= limit // 2][:2]:
        room = limit - len(head.encode()) - len(tail.encode()) - ROOM_FOR_THE_REST
        body, left = _tables(tables, room)
        if not left:
            break
    cut = f"\n{left} more findings are in the full report.\n" if left else ""
    return f"{head}\n{body}{cut}{tail}"


def _head(evidence: Evidence) -> Iterator[str]:
    plan = evidence.plan
    verdict = "❌ blocked" if evidence.blocks else "✅ passed"
    changes = ", ".join(f"{number} {action}" for action, number in plan.changes.items())
    yield f"### planspec: {verdict}"
    yield ""
    yield f"{plain(headline(evidence))}"
    yield ""
    yield (
        f"Plan {code(plan.name)} · {plain(changes)} · Terraform {plain(plan.terraform_version or '?')}"
        f" · {plain(str(evidence.tool))} · SHA-256 {code(plan.sha256[:16])}"
    )
    yield ""
    for note in [*plan.blocking, *plan.notes]:
        yield f"- {plain(note)}"
    for waiver in evidence.waivers:
        if waiver.standing in {"expired", "ends soon"}:
            yield f"- **waiver {waiver.standing}**: {plain(str(waiver))}"
    for unused in evidence.waivers_unused:
        yield f"- waiver unused: {plain(unused)}"
    if evidence.checkov.missing:
        yield f"- Checkov: {plain(evidence.checkov.missing)}"
    else:
        yield f"- Checkov {plain(evidence.checkov.version)}: {evidence.checkov.passed} passed"


def _tables(tables: Sequence[tuple[str, Sequence[Row]]], room: int) -> tuple[str, int]:
    """The tables as far as there is room, and how many findings were left out."""
    parts: list[str] = []
    left = 0
    for title, found in tables:
        if not found:
            continue
        head = f"\n#### {title} ({len(found)})\n\n| | requirement | found |\n"
        lines = [f"{head}|---|---|---|\n", *map(_line, found)]
        for number, line in enumerate(lines):
            room -= len(line.encode())
            if room < 0:
                left += len(found) - max(number - 1, 0)
                break
            parts.append(line)
    return "".join(parts), left


def _note(label: str, _: str, text: str) -> str:
    """A note begins with a word that says what it is: fix, waived, overridden."""
    return f"**{plain(label.rstrip(':'))}** {plain(text)}"


def _line(row: Row) -> str:
    """One finding in three cells: a comment is narrow."""
    found = row.finding
    resource = [code(each) for each in (found.address, found.where) if each] or ["the plan"]
    expected = [f"**expected** {plain(found.expected)}"] if found.expected else []
    notes = [_note(*note.partition(" ")) for note in row.notes]
    cells = [
        LEVELS[row.level] if found.verdict != Verdict.UNDETERMINED else MARKS["undetermined"],
        "<br>".join([f"**{plain(row.rule)}** {plain(row.title)}", *resource]),
        "<br>".join([plain(found.observed), *expected, *notes]),
    ]
    return f"| {' | '.join(cells)} |\n"


def _cost(evidence: Evidence) -> str:
    """What a month costs, with a bar for each kind of component, before and after."""
    if evidence.cost is None:
        return ""
    return f"\n#### Cost: {plain(headline_of_cost(evidence.cost))}\n\n{summary(evidence.cost)}"


def _requirements(evidence: Evidence) -> Iterator[str]:
    yield ""
    yield f"<details><summary>All {len(evidence.scenarios)} scenarios</summary>"
    yield ""
    yield "| | scenario | verdict | examined | controls |"
    yield "|---|---|---|---|---|"
    for verdict in ORDER:
        for each in evidence.scenarios:
            if each.verdict != verdict:
                continue
            weak = f" ({each.enforcement})" if each.enforcement != "hard" else ""
            name = title_of(each)
            number = f"**{plain(each.scenario)}** " if name != each.name else ""
            controls = plain(", ".join(each.controls))
            why = f": {plain(each.reason)}" if each.reason else ""
            yield (
                f"| {MARKS[verdict]} | {number}{plain(name)} | {verdict}{weak}{why}"
                f" | {len(each.examined)} | {controls} |"
            )
    yield ""
    yield "</details>"
    yield ""
