"""What does Atlantis read as a custom policy check?

It takes our text for a failure if a line begins with FAIL or counts failures, older releases at any
"fail" in it, and empty text too. So the word stands in it only when the plan is blocked.
Source: Atlantis, `server/events/project_command_runner.go`.
"""

from collections.abc import Iterator

from planspec.evidence import Evidence
from planspec.reports.conftest import WORDS, counts, lines, where
from planspec.reports.rows import printable, rows


def render(evidence: Evidence) -> bytes:
    """Return the report as text."""
    found = lines(evidence) if evidence.blocks else _passed(evidence)
    return "".join(f"{line}\n" for line in found).encode()


def _passed(evidence: Evidence) -> Iterator[str]:
    """Without free text: a title may hold the word."""
    for row in rows(evidence):
        place = where(evidence, row)
        place = place if "fail" not in place.lower() else "plan"
        yield printable(f"{WORDS[row.level]} - {place} - {row.rule}")
    numbers = {what: number for what, number in counts(evidence).items() if what != "failures"}
    yield ", ".join(f"{number} {what}" for what, number in numbers.items())
    plan = evidence.plan
    yield f"planspec: passed, judged {plan.changes_judged} of {plan.changes_total} changes"
