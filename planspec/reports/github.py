"""What does GitHub show next to the lines of a pull request?

GitHub shows ten annotations of each kind for a step; the rest is counted.
Source: GitHub, "Workflow commands for GitHub Actions".
"""

from collections.abc import Iterator, Sequence
from typing import Final

from planspec.evidence import Evidence
from planspec.reports.rows import Row, headline, printable, rows

MOST_OF_A_KIND: Final = 10
_COMMANDS: Final = {"error": "error", "warning": "warning"}


def render(evidence: Evidence) -> bytes:
    """Return workflow commands for the findings that nobody accepted, and one for the summary."""
    return "".join(f"{line}\n" for line in _lines(evidence)).encode()


def _lines(evidence: Evidence) -> Iterator[str]:
    found = sorted(rows(evidence), key=lambda row: row.gravity)
    lines = {
        # What has a place comes first: only that is shown beside a line.
        level: [_command(command, row) for row in sorted(found, key=_placeless) if row.level == level]
        for level, command in _COMMANDS.items()
    }
    lines["warning"] = [*_waivers(evidence), *lines["warning"]]
    for mine in lines.values():
        yield from mine[:MOST_OF_A_KIND]
    left = sum(len(mine[MOST_OF_A_KIND:]) for mine in lines.values())
    more = f"; {left} more findings: see the report" if left else ""
    yield f"::notice title=planspec::{_data(headline(evidence) + more)}"


def _placeless(row: Row) -> bool:
    return bool(row.finding.address and not row.file)


def _waivers(evidence: Evidence) -> Iterator[str]:
    """Waivers that somebody has to look at."""
    for waiver in evidence.waivers:
        if waiver.standing in {"expired", "ends soon"}:
            yield f"::warning title=waiver {waiver.standing}::{_data(str(waiver))}"
    for unused in evidence.waivers_unused:
        yield f"::warning title=waiver unused::{_data(unused)}"


def _command(command: str, row: Row) -> str:
    place: Sequence[str] = [f"file={_property(row.file)}", f"line={row.line}"] if row.file else []
    title = f"title={_property(f'{row.rule} {row.title}')}"
    text = "\n".join([row.message, *row.notes])
    return f"::{command} {','.join([*place, title])}::{_data(text)}"


def _data(text: str) -> str:
    lines = "\n".join(map(printable, text.split("\n")))
    return lines.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
