"""`planspec verify EVIDENCE PLAN`: before apply, prove that this plan was judged and passed."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from planspec.cli import options


@click.command()
@click.argument("evidence", type=click.Path(path_type=Path))
@click.argument("plan")
@options.features(
    "Features that must have judged it: a file or a folder, repeatable. Default: planspec's."
)
@options.policies("Policies and waivers that must have applied. Default: those of planspec.")
@options.tags("The selection that must have been judged. Default: every scenario.")
@options.accept_plan("A kind of plan that the check may have accepted; repeatable.")
@click.option("--require-applicable", is_flag=True, help="Refuse a check without --require-applicable.")
@click.option("--require-checkov", is_flag=True, help="Refuse a check without Checkov.")
@click.option(
    "--json-only",
    is_flag=True,
    help="Accept a saved plan of which only the JSON was judged, by comparing its JSON alone.",
)
@click.option(
    "--public-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Refuse a record that the owner of this Ed25519 key (PEM) did not sign.",
)
@click.option(
    "--again",
    is_flag=True,
    help="Also judge the plan again, and refuse a record that says anything else.",
)
@options.source("With --again: the Terraform folder that the check was given.")
def command(
    evidence: Path,
    plan: str,
    features: Sequence[Path],
    policies: Path,
    tags: str,
    *,
    accepted: Sequence[str],
    require_applicable: bool,
    require_checkov: bool,
    json_only: bool,
    public_key: Path | None,
    again: bool,
    source: Path | None,
) -> None:
    """Prove that PLAN is the plan of EVIDENCE, judged by these very requirements, and that it passed.

    EVIDENCE is what `planspec check -o json=FILE` wrote; PLAN is the file that was judged: the saved
    plan that terraform apply gets, byte for byte, or plan JSON. Exit codes: 0 proven, 1 refused,
    2 not readable.
    """
    from planspec.reports.rows import headline, printable
    from planspec.reports.terminal import working
    from planspec.runner.verify import Asked, verify

    asked = Asked(
        features=features,
        policies=policies,
        tags=tags,
        accepted=accepted,
        require_applicable=require_applicable,
        require_checkov=require_checkov,
        json_only=json_only,
        public_key=public_key,
        again=again,
        source=source,
    )
    with working() as show:
        show(f"comparing {printable(plan)} with {printable(str(evidence))}")
        answer = verify(evidence, plan, asked, datetime.now(UTC).date())
    for note in answer.notes:
        click.echo(f"note: {printable(note)}")
    if answer.refused:
        for reason in answer.refused:
            click.echo(f"refused: {printable(reason)}", err=True)
        click.echo("Judge it again: planspec check PLAN -o json=evidence.json", err=True)
        sys.exit(1)
    record = answer.record
    click.echo(f"verified: {printable(plan)} was judged at {record.seal.judged_at} by {record.tool}")
    click.echo(headline(record))
