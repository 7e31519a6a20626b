"""What does GitLab show on a merge request?

Source: GitLab, "Code Quality", "Code Quality report format".
"""

from typing import Any, Final

from planspec.evidence import Evidence, pretty
from planspec.reports.rows import Row, rows

SEVERITIES: Final = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor"}


def render(evidence: Evidence) -> bytes:
    """Return the report: every finding that nobody accepted, and the accepted ones as information."""
    found = [_issue(evidence, row) for row in rows(evidence)]
    return pretty(found)


def _issue(evidence: Evidence, row: Row) -> dict[str, Any]:
    return {
        "description": "; ".join([f"{row.rule} {row.title}", row.message, *row.notes]),
        "check_name": row.rule,
        "fingerprint": row.finding.fingerprint,
        "severity": _severity(row),
        "location": {
            "path": _relative(row.file or evidence.plan.name),
            "lines": {"begin": max(row.line, 1)},
        },
    }


def _relative(path: str) -> str:
    """GitLab knows paths from the top of the repository; of any other one the name is left."""
    return path.removeprefix("./") if not path.startswith(("/", "../")) else path.rpartition("/")[2]


def _severity(row: Row) -> str:
    if row.level == "note":
        return "info"
    return SEVERITIES.get(row.severity, "major") if row.level == "error" else "minor"
