"""What does a program read that knows the text of conftest?

One line for each finding, and the summary line that others look for. A test is a scenario, or a failed
check of Checkov. Source: conftest, `--output stdout`.
"""

from collections.abc import Iterator

from planspec.evidence import Evidence
from planspec.reports.rows import Row, printable, rows

WORDS = {"error": "FAIL", "warning": "WARN", "note": "EXCP"}


def render(evidence: Evidence) -> bytes:
    """Return the report as text."""
    return "".join(f"{line}\n" for line in lines(evidence)).encode()


def lines(evidence: Evidence) -> Iterator[str]:
    """One line for each finding, an empty one, and the summary."""
    for row in rows(evidence):
        line = " - ".join([WORDS[row.level], where(evidence, row), row.rule, said(row)])
        yield printable(line)
    yield ""
    yield ", ".join(f"{number} {what}" for what, number in counts(evidence).items())


def where(evidence: Evidence, row: Row) -> str:
    """The place in the source, or the plan."""
    return row.finding.where or evidence.plan.name


def said(row: Row) -> str:
    """The finding and its notes in one line."""
    return "; ".join([row.message, *row.notes])


def counts(evidence: Evidence) -> dict[str, int]:
    """How many tests there were and how each ended; the worst finding of a test counts."""
    worst: dict[str, str] = {}
    order = list(WORDS)
    for row in rows(evidence):
        test = row.scenario.name if row.scenario else row.rule
        worst[test] = min(worst.get(test, "note"), row.level, key=order.index)
    ended = {level: sum(each == level for each in worst.values()) for level in order}
    passed = sum(each.name not in worst for each in evidence.scenarios)
    return {
        "tests": passed + len(worst),
        "passed": passed,
        "warnings": ended["warning"],
        "failures": ended["error"],
        "exceptions": ended["note"],
    }
