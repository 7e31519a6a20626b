"""`planspec check PLAN`: judge a plan; the main job."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from planspec.cli import options
from planspec.reports.terminal import working

if TYPE_CHECKING:
    from datetime import datetime

    from planspec.cli.progress import Phases
    from planspec.evidence import Evidence
    from planspec.reports.outputs import Output
    from planspec.runner.check import Settings
    from planspec.runner.checkov_findings import Wanted
    from planspec.runner.load import PlanFile


def _moment(_: click.Context, __: click.Parameter, value: str | None) -> "datetime | None":
    from datetime import UTC, datetime

    if value is None:
        return None
    right = "write it with its zone: 2026-12-04T16:30+01:00 or 2026-12-04T15:30Z"
    try:
        found = datetime.fromisoformat(value)
        # Near the first and the last year a zone leads out of the calendar.
        moment = found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f'"{value}" is not a valid time; {right}') from error
    if found.tzinfo is None:
        raise click.BadParameter(f'"{value}" has no zone; {right}')
    return moment


def _judge(found: "PlanFile", settings: "Settings", phases: "Phases") -> "Evidence":
    """Judge the file, and hold on to nothing of it: the run has a plan of its own, Checkov the text."""
    from planspec.runner import check

    settings = settings._replace(given=found.given, located=found.located)
    plans, documents = [found.plan], [found.document]
    del found
    return check.check(plans.pop(), documents.pop(), settings, phases, phases.detail)


EXAMPLES: Final = (
    ("planspec check tfplan", "a saved plan, with lines of its own source"),
    ("terraform show -json tfplan | planspec check -", "standard input"),
    ("planspec check plan.json --source terraform", "lines, locals and what a plan leaves out"),
    ('planspec check plan.json --tags "@severity:critical"', "the critical requirements only"),
    ("planspec check plan.json --features features --policies policies", "your own requirements"),
    ("planspec check plan.json --features features --steps steps", "and Python steps of your own"),
    ("planspec check plan.json -o console -o html=r.html -o sarif=r.sarif", "three reports at once"),
)


@click.command(short_help="judge a plan: the main job")
@click.argument("plan")
@options.features()
@options.steps()
@options.policies()
@options.tags()
@options.source(
    "The Terraform folder that was planned: for lines, locals, and what the plan leaves out."
    " A saved plan brings its own. Default, for lines only: a folder named like the plan."
)
@click.option(
    "--require-applicable",
    is_flag=True,
    help="A scenario that is not judged, or only in part, is an error.",
)
@options.checkov("Which runner: Checkov made fast (default), its own command, or none. Same verdicts.")
@click.option(
    "--require-used-waivers", is_flag=True, help="A waiver that covers nothing blocks the plan."
)
@options.no_checkov()
@options.no_cache()
@click.option(
    "--checkov-corrected",
    is_flag=True,
    help="Correct Checkov where its verdict is known to be wrong; the report names each correction.",
)
@click.option(
    "--refuse-skip-comments",
    is_flag=True,
    help="A comment checkov:skip=... in the source is shown and covers nothing.",
)
@options.require_checkov()
@click.option(
    "--min-coverage",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Block a plan of whose attributes the requirements read a smaller share.",
)
@options.overrides("Let a violated @soft scenario pass, and record who does so and why.")
@options.accept_plan(
    "Judge a plan of a kind that is refused or blocks, such as incomplete or actions; repeatable."
)
@options.schemas("What terraform providers schema -json printed, or planspec schema wrote; repeatable.")
@options.baseline(
    "Findings that planspec baseline kept are known: shown in one line, and block nothing."
)
@options.allow_unknown_type(
    "Go on where a feature names a resource type that neither the plan nor a schema knows."
)
@click.option(
    "--now",
    callback=_moment,
    metavar="MOMENT",
    help="Judge windows of time, such as a freeze, as of this moment: 2026-12-04T16:30+01:00.",
)
@options.base(
    "Block a plan whose change also changes what judges it (features, policies, waivers, prices, steps,"
    " workflows), compared with this revision, such as origin/main."
)
@options.outputs()
@options.full()
@click.option(
    "--sign",
    type=click.Path(path_type=Path),
    metavar="KEY",
    help="Sign the record with this private Ed25519 key (PEM); planspec verify --public-key compares.",
)
@click.option(
    "--attest",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --sign: also write an in-toto Statement in a DSSE envelope, which cosign can verify.",
)
@options.verbose("As --full, also waived findings in full, fingerprints, and the timing.")
def command(
    plan: str,
    features: Sequence[Path],
    steps: Sequence[Path],
    policies: Path,
    tags: str,
    source: Path | None,
    *,
    require_applicable: bool,
    require_used_waivers: bool,
    checkov: "Wanted | None",
    no_checkov: bool,
    no_cache: bool,
    checkov_corrected: bool,
    refuse_skip_comments: bool,
    require_checkov: bool,
    min_coverage: float | None,
    overrides: dict[str, tuple[str, str]],
    accepted: Sequence[str],
    schemas: Sequence[Path],
    allow_unknown_type: bool,
    baseline: Path | None,
    now: "datetime | None",
    base: str,
    policy_change: tuple[str, str] | None,
    outputs: "Sequence[Output]",
    sign: Path | None,
    full: bool,
    attest: Path | None,
    verbose: bool,
) -> None:
    """Judge PLAN: plan JSON, a saved plan file, gzip of either, or "-" for standard input."""
    from planspec.cli.progress import Phases, no_collecting
    from planspec.evidence import OverrideRecord, attestation, signature, signed
    from planspec.reports.outputs import made, need_whole, write
    from planspec.runner import check, load
    from planspec.runner.checkov_findings import Alongside
    from planspec.source import folder_of

    runner = options.runner(checkov, no_checkov=no_checkov, required=require_checkov)
    if checkov_corrected and runner != "fast":
        raise click.UsageError("--checkov-corrected needs --checkov=fast")
    if policy_change and not base:
        raise click.UsageError("--accept-policy-change is about a difference from --base REV; name it")
    _require_signing(sign, attest, outputs)
    settings = check.Settings(
        features=features,
        steps=steps,
        policies=policies,
        tags=tags,
        checkov=Alongside(
            runner,
            required=require_checkov,
            cache=not no_cache,
            corrected=checkov_corrected,
            refuse_skips=refuse_skip_comments,
        ),
        require_applicable=require_applicable,
        require_used_waivers=require_used_waivers,
        overrides={
            each: OverrideRecord(name=name, reason=reason) for each, (name, reason) in overrides.items()
        },
        accepted=accepted,
        schemas=schemas,
        allow_unknown_type=allow_unknown_type,
        baseline=baseline,
        now=now,
        keep_reads=need_whole(outputs),
        base=base,
        policy_change=OverrideRecord(name=policy_change[0], reason=policy_change[1])
        if policy_change
        else None,
        min_coverage=min_coverage,
    )
    with no_collecting(), working() as show:
        phases = Phases(show)
        phases("reading the plan")
        evidence = _judge(
            load.read(plan, source or folder_of(plan), guessed=source is None), settings, phases
        )
        if sign:
            digest = bytes.fromhex(evidence.seal.sha256)
            evidence = signed(evidence, *signature.sign(sign, digest))
        attested = [(attest, attestation.attested(evidence, sign))] if attest and sign else []
        phases("writing the reports")
        reports = made(evidence, outputs)
    write(evidence, reports, verbose=verbose, full=full, more=attested)
    if verbose:
        click.echo(phases.timing(), err=True)
    sys.exit(1 if evidence.blocks else 0)


def _require_signing(sign: Path | None, attest: Path | None, outputs: "Sequence[Output]") -> None:
    """Raise an error, before anything is judged, for what could not be signed or would be lost."""
    from planspec.evidence import signature

    if attest and not sign:
        raise click.UsageError("--attest signs with a key, so it needs --sign KEY")
    if not sign:
        return
    if not any(each.format == "json" for each in outputs):
        raise click.UsageError("--sign signs the record, so it needs -o json=FILE")
    taken = [each.absolute() for each in (*(output.path for output in outputs), sign) if each]
    if attest and attest.absolute() in taken:
        raise click.UsageError("--attest names a file that is taken; name one for the attestation")
    signature.require_key(sign)
