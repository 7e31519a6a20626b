"""`planspec baseline EVIDENCE`: keep what is found today, so that only what is new or other blocks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from planspec.errors import EvidenceError

if TYPE_CHECKING:
    from datetime import date

    from planspec.evidence import Evidence
    from planspec.policies import KnownFinding

DAYS: Final = 180
EXAMPLES: Final = (
    ("planspec check plan.json -o json=evidence.json", "what is found today, in a record"),
    ("planspec baseline evidence.json --approver 'head of platform'", "keep it, for 180 days"),
    ("planspec check plan.json --baseline baseline.json", "from then on: only what is new blocks"),
)


@click.command(short_help="keep today's findings, so that only new ones block")
@click.argument("evidence", type=click.Path(path_type=Path))
@click.option("--approver", required=True, help="Who accepts what is found today.")
@click.option(
    "--reason",
    default="found when planspec was introduced",
    show_default=True,
    help="Why it is acceptable for a time; an auditor reads it.",
)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help=f"The last day of the baseline. Default: {DAYS} days from now.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("baseline.json"),
    show_default=True,
    metavar="FILE",
    help="The file to write; commit it, and let other owners approve its changes.",
)
def command(evidence: Path, *, approver: str, reason: str, until: datetime | None, output: Path) -> None:
    """Keep the findings of EVIDENCE, the record that `planspec check -o json=FILE` wrote.

    A finding is known by requirement, address and value. `check --baseline FILE` shows those that are
    known in one line, and blocks what is new and what has another value. What is gone is dropped.
    What an earlier baseline knew in this record keeps its day.
    """
    from planspec.evidence import read, write_all
    from planspec.policies import Baseline, encode_baseline

    today = datetime.now(UTC).date()
    last = until.date() if until else today + timedelta(days=DAYS)
    if last < today:
        raise click.BadParameter(f"{last} is over", param_hint="--until")
    if not approver.strip() or not reason.strip():
        raise click.BadParameter("write a name and a reason", param_hint="--approver, --reason")
    found = _findings(read(evidence), today, evidence)
    kept = Baseline(until=last, approver=approver.strip(), reason=reason.strip(), findings=found)
    write_all([(output, encode_baseline(kept))])
    many = "finding is" if len(found) == 1 else "findings are"
    click.echo(f"{output}: {len(found)} {many} known until {last}")


def _findings(record: "Evidence", today: "date", path: Path) -> "list[KnownFinding]":
    """What blocks, and what an earlier baseline knew. Raises EvidenceError where that is nothing."""
    from planspec.finding import Verdict
    from planspec.policies import KnownFinding
    from planspec.reports.rows import WHOLE_PLAN, is_known, rows

    found = [
        KnownFinding(
            requirement=row.rule,
            address=row.finding.address,
            value=row.finding.value,
            since=row.finding.waiver.created if known and row.finding.waiver else today,
            observed=row.finding.observed,
        )
        for row in rows(record)
        if (known := is_known(row.finding)) or row.finding.verdict != Verdict.WAIVED
        if row.rule != WHOLE_PLAN
    ]
    if not found:
        raise EvidenceError(f"{path}: found nothing, so there is nothing to keep")
    return found
