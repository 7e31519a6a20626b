"""`planspec waive FINDING`: accept a finding, by name, for a time."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import click

from planspec.cli import options

EXAMPLES: Final = (
    (
        (
            "planspec waive OWN-01.1 aws_s3_bucket.old --reason 'gone in March' --owner platform"
            " --approver 'head of platform' --policies policies"
        ),
        "a finding, by its number and address",
    ),
)


@click.command(short_help="write a correct waiver for a finding")
@click.argument("finding")
@click.argument("address", required=False)
@click.option(
    "--evidence",
    type=click.Path(path_type=Path),
    default=Path("evidence.json"),
    show_default=True,
    metavar="FILE",
    help="The record that holds the finding.",
)
@click.option("--reason", required=True, help="Why it is acceptable; an auditor reads it.")
@click.option("--owner", required=True, help="Who brings it in order.")
@click.option("--approver", required=True, help="Who accepts it.")
@click.option("--ticket", default="", help="Where it is followed.")
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Its last day. Default: 90 days from now; parameters.toml holds the longest life.",
)
@click.option("--bind", is_flag=True, help="Accept only the observed value: another one reopens it.")
@options.policies(
    "The folder of waivers.toml. Default: policies/ of the checkout of planspec.", default=None
)
def command(
    finding: str,
    address: str | None,
    *,
    evidence: Path,
    reason: str,
    owner: str,
    approver: str,
    ticket: str,
    expires: datetime | None,
    bind: bool,
    policies: Path | None,
) -> None:
    """Accept FINDING: its fingerprint (eight digits or more), or its number and ADDRESS.

    Reads the record of a run and appends an entry to waivers.toml. What stands there is kept.
    """
    from planspec import bundle
    from planspec.cli import waiver_file
    from planspec.evidence import read
    from planspec.policies import Waiver
    from planspec.reports.rows import printable

    home = policies or waiver_file.home(bundle.POLICIES)
    found = waiver_file.finding(read(evidence), finding, address)
    today = datetime.now(UTC).date()
    waiver = Waiver(
        requirement=found.rule,
        address=found.finding.address,
        reason=reason.strip(),
        owner=owner.strip(),
        approver=approver.strip(),
        ticket=ticket.strip(),
        created=today,
        expires=_last_day(expires, today),
        observed=found.finding.value if bind else "",
    )
    path = waiver_file.add(home, waiver)
    click.echo(f"{path}: {printable(str(waiver))}")


def _last_day(expires: datetime | None, today: date) -> date:
    return expires.date() if expires else today + timedelta(days=90)
