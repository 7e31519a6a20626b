"""`planspec verify EVIDENCE PLAN`: before apply, prove that this plan was judged and passed."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from planspec.cli import options

EXAMPLES: Final = (
    ("planspec verify evidence.json tfplan", "before terraform apply tfplan"),
    ("planspec verify evidence.json tfplan --public-key planspec.pem", "and signed by us"),
    (
        "planspec verify evidence.json tfplan --public-key planspec.pem --attestation plan.intoto.json",
        "and attested for others",
    ),
)


@click.command(short_help="prove before apply that this very plan was judged")
@click.argument("evidence", type=click.Path(path_type=Path))
@click.argument("plan")
@options.features(
    "Features that must have judged it: a file or a folder, repeatable. Default: planspec's."
)
@options.steps(
    "Own steps that must have judged it: a file or a folder, repeatable. With --again: they run."
)
@options.policies("Policies and waivers that must have applied. Default: those of planspec.")
@options.tags("The selection that must have been judged. Default: every scenario.")
@options.accept_plan("A kind of plan that the check may have accepted; repeatable.")
@click.option("--require-applicable", is_flag=True, help="Refuse a check without --require-applicable.")
@click.option("--require-checkov", is_flag=True, help="Refuse a check without Checkov.")
@click.option(
    "--no-checkov",
    is_flag=True,
    help="With --again: take a record that was made without Checkov; it is asked otherwise.",
)
@click.option(
    "--checkov-corrected",
    is_flag=True,
    help="Refuse a check without --checkov-corrected; one with it is refused otherwise.",
)
@click.option(
    "--refuse-skip-comments",
    is_flag=True,
    help="Refuse a record in which a comment checkov:skip=... covers a finding.",
)
@click.option(
    "--require-used-waivers",
    is_flag=True,
    help="Refuse a record with a waiver that covers nothing.",
)
@click.option(
    "--min-coverage",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Refuse a record of which the requirements read a smaller share of the attributes.",
)
@click.option(
    "--json-only",
    is_flag=True,
    help="Accept a saved plan of which only the JSON was judged, by comparing its JSON alone.",
)
@options.base("Refuse a record that was not compared with this revision, such as origin/main.")
@click.option(
    "--public-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Refuse a record that the owner of this Ed25519 key (PEM) did not sign.",
)
@click.option(
    "--attestation",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --public-key: refuse an attestation of check --attest that is not about this record.",
)
@click.option(
    "--again",
    is_flag=True,
    help="Also judge the plan again, and refuse a record that says anything else.",
)
@options.source(
    "The Terraform folder that the check of plan JSON was given; its files have to be the same."
)
@options.overrides("An override that the check may have been given, in the same words; repeatable.")
@options.schemas("A schema that the check was given; repeatable.")
@options.baseline("The baseline that the check was given; it has to be the same.")
@options.allow_unknown_type("Take a check with --allow-unknown-type; it is refused otherwise.")
def command(
    evidence: Path,
    plan: str,
    features: Sequence[Path],
    steps: Sequence[Path],
    policies: Path,
    tags: str,
    *,
    accepted: Sequence[str],
    require_applicable: bool,
    require_checkov: bool,
    no_checkov: bool,
    checkov_corrected: bool,
    refuse_skip_comments: bool,
    require_used_waivers: bool,
    min_coverage: float | None,
    json_only: bool,
    public_key: Path | None,
    attestation: Path | None,
    again: bool,
    source: Path | None,
    overrides: dict[str, tuple[str, str]],
    schemas: Sequence[Path],
    allow_unknown_type: bool,
    baseline: Path | None,
    base: str,
    policy_change: tuple[str, str] | None,
) -> None:
    """Prove that PLAN is the plan of EVIDENCE, judged by these very requirements, and that it passed.

    EVIDENCE is what `planspec check -o json=FILE` wrote; PLAN is the file that was judged: the saved
    plan that terraform apply gets, byte for byte, or plan JSON. Exit codes: 0 proven, 1 refused,
    2 not readable.
    """
    from planspec.evidence import OverrideRecord
    from planspec.reports.rows import headline, printable
    from planspec.reports.terminal import working
    from planspec.runner.required import Demands
    from planspec.runner.verify import Asked, verify

    if no_checkov and (require_checkov or checkov_corrected):
        raise click.UsageError("--no-checkov excludes --require-checkov and --checkov-corrected")
    if attestation and not public_key:
        raise click.UsageError("--attestation compares a signature, so it needs --public-key FILE")
    if plan == "-" and (again or source):
        raise click.UsageError("--again and --source read the plan more than once; name a file")
    asked = Asked(
        features=features,
        steps=steps,
        schemas=schemas,
        allow_unknown_type=allow_unknown_type,
        baseline=baseline,
        overrides={
            each: OverrideRecord(name=name, reason=reason) for each, (name, reason) in overrides.items()
        },
        policies=policies,
        tags=tags,
        accepted=accepted,
        require_applicable=require_applicable,
        require_checkov=require_checkov,
        json_only=json_only,
        public_key=public_key,
        base=base,
        policy_change=OverrideRecord(name=policy_change[0], reason=policy_change[1])
        if policy_change
        else None,
        attestation=attestation,
        again=again,
        source=source,
        no_checkov=no_checkov,
        demands=Demands(
            corrected=checkov_corrected,
            refuse_skips=refuse_skip_comments,
            require_used_waivers=require_used_waivers,
            min_coverage=min_coverage,
        ),
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
