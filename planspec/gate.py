"""How does one plan get judged, from the file to the evidence?

Checkov is started first and works while the features are judged; its answer is collected last.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from planspec import (
    alongside,
    bundle,
    catalogue,
    cost_record,
    coverage,
    evidence,
    features,
    hermetic,
    kinds,
    redaction,
    subject,
)
from planspec.alongside import Alongside
from planspec.coverage_record import CheckovCoverage, Coverage
from planspec.errors import FeatureError, NotJudgeable
from planspec.evidence import Evidence, OverrideRecord, ScannerRecord, ScenarioRecord, SealRecord
from planspec.evidence_file import sealed
from planspec.features import Scenario
from planspec.judged_record import ToolRecord
from planspec.names import names
from planspec.plan import Plan
from planspec.provider_schema import Schemas
from planspec.run import Run, waiver_record
from planspec.source import NO_SOURCE, Source
from planspec.waivers import Waiver

MOST_BESIDE: Final = 3


class Settings(NamedTuple):
    """What `planspec check` was asked to do."""

    features: Sequence[Path] = (bundle.FEATURES,)
    policies: Path = bundle.POLICIES
    tags: str = ""
    located: Source = NO_SOURCE
    checkov: Alongside = Alongside()
    require_applicable: bool = False
    require_used_waivers: bool = False
    overrides: Mapping[str, OverrideRecord] = {}
    accepted: Sequence[str] = ()
    keep_reads: bool = False
    min_coverage: float | None = None
    today: date | None = None
    given: subject.Given | None = None
    schemas: Sequence[Path] = ()
    allow_unknown_type: bool = False


def check(
    plan: Plan,
    text: bytes,
    settings: Settings,
    progress: Callable[[str], None],
    detail: Callable[[int, int], None] = lambda _, __: None,
) -> Evidence:
    """Judge a plan; `text` is its JSON in UTF-8, which Checkov reads.

    `progress` is told each phase, `detail` how many of how many scenarios are judged.
    Raises PlanspecError for whatever keeps the plan from being judged.
    """
    noticed = kinds.notice(plan, settings.accepted)
    known = names(plan)
    known.schemas = Schemas(settings.schemas, allow_unknown=settings.allow_unknown_type)
    policies = catalogue.read_policies(settings.policies)
    every = _read_features(settings, policies.frameworks)
    scenarios = _selected(settings.tags, every)
    now = datetime.now(UTC)
    today = settings.today or now.date()
    with ExitStack() as stack:
        keep_reads = settings.keep_reads or settings.min_coverage is not None
        scan, missing = alongside.start(
            stack, text, settings.checkov, settings.policies, looked=keep_reads
        )
        given = settings.given or subject.given_json(text)
        del text
        run = Run(
            plan=plan,
            policies=policies,
            today=today,
            scenarios={(each.file, each.line, each.name): each for each in scenarios},
            source=settings.located,
            keep_reads=keep_reads,
            folder=settings.policies,
        )
        progress(f"judging {len(scenarios)} scenarios")
        with redaction.guarded(plan):
            judged = _override(hermetic.judge(run, scenarios, detail), settings.overrides)
        _require_judged(judged, settings, plan.name)
        noticed = noticed._replace(notes=(*noticed.notes, *known.notes))
        if scan:
            progress("waiting for Checkov")
        nothing = alongside.Answer(ScannerRecord(missing=missing))
        answer = alongside.collect(scan, run, settings.checkov) if scan else nothing
    scanned = answer.record
    progress("writing the record")
    covered = coverage.coverage(plan, judged, answer.looked, _beside(scanned)) if keep_reads else None
    noticed = _covered(noticed, covered, settings.min_coverage)
    unused = [
        str(each)
        for each in policies.waivers
        if each not in run.used
        and not each.expired(today)
        and _could_apply(each, every, judged, scanned)
    ]
    if settings.require_used_waivers:
        blocking = (f"unused waiver: {each}; take it out of waivers.toml" for each in unused)
        noticed = noticed._replace(blocking=(*noticed.blocking, *blocking))
    record = Evidence(
        tool=ToolRecord(version=version("planspec")),
        judged_on=today,
        summary=evidence.summarise(judged, scanned, noticed.blocking),
        plan=subject.plan_record(plan, given, noticed, judged),
        inputs=subject.inputs_record(
            settings.features,
            settings.policies,
            tags=settings.tags,
            accepted=settings.accepted,
            applicable=settings.require_applicable,
        ),
        frameworks=subject.framework_records(policies.frameworks),
        scenarios=list(evidence.in_order(judged)),
        checkov=scanned,
        waivers=[waiver_record(run, each) for each in policies.waivers],
        waivers_unused=unused,
        resources=subject.resource_records(plan, settings.located),
        coverage=covered,
        cost=cost_record.of_run(run.estimate, whole=settings.keep_reads),
        seal=SealRecord(judged_at=""),
    )
    return sealed(redaction.secrets(plan).masked_record(record), now, cached=answer.cached)


def _beside(scanned: ScannerRecord) -> CheckovCoverage:
    return CheckovCoverage(version=scanned.version, missing=scanned.missing)


def _covered(noticed: kinds.Noticed, covered: Coverage | None, least: float | None) -> kinds.Noticed:
    """A plan of which too little was looked at is blocked, whatever the verdicts say."""
    if covered is None or least is None or covered.percent >= least:
        return noticed
    text = (
        f"the requirements read {covered.percent:g} % of the attributes; at least {least:g} % is asked"
    )
    return noticed._replace(blocking=(*noticed.blocking, text))


def _read_features(
    settings: Settings, frameworks: Mapping[str, catalogue.Framework]
) -> Sequence[Scenario]:
    """Read the features. Raises FeatureError for two scenarios of one number."""
    found = [
        scenario
        for path in features.files(settings.features)
        for scenario in features.read(path, frameworks)
    ]
    first: dict[str, Scenario] = {}
    for scenario in found:
        other = first.setdefault(scenario.number, scenario)
        if features.NUMBER.match(scenario.name) and (other.file, other.line) != (
            scenario.file,
            scenario.line,
        ):
            raise FeatureError(
                f"{scenario.file}:{scenario.line}: {scenario.number} is also the number of"
                f" {other.file}:{other.line}; number each scenario once"
            )
    return found


def _selected(tags: str, found: Sequence[Scenario]) -> Sequence[Scenario]:
    """Keep the scenarios that the tag expression selects; a tag that none of them has is a slip."""
    chosen = [scenario for scenario in found if features.selects(tags, scenario.tags)]
    carried = {f"@{tag}" for scenario in found for tag in scenario.tags}
    strange = [tag for tag in features.tags_in(tags) if tag not in carried]
    if not chosen or strange:
        what = f"no scenario has {', '.join(strange)}" if strange else "selects none"
        raise FeatureError(
            f'--tags "{tags}": {what} of {len(found)} scenarios;'
            ' write tags with @, such as "@EXP-01 or @severity:critical"'
        )
    return chosen


def _require_judged(judged: Sequence[ScenarioRecord], settings: Settings, name: str) -> None:
    """Nothing examined is no pass."""
    empty = [each.scenario for each in judged if not each.examined]
    # A variable is no resource: a run that saw nothing else has not judged what will be built.
    resources = {
        address
        for each in judged
        for address in each.examined
        if not address.startswith(("variable.", "output.", "provider."))
    }
    if not resources:
        raise NotJudgeable(
            f"{name}: none of {len(judged)} scenarios found a resource to examine, so nothing was"
            " judged; name features that fit this plan with --features, or see: planspec steps"
        )
    if settings.require_applicable and empty:
        raise NotJudgeable(
            f"{name}: {', '.join(empty)} examined nothing, and --require-applicable forbids that;"
            " a resource is missing from the plan, or a name in the feature is misspelt"
            f"{_violated_beside(judged)}"
        )


def _violated_beside(judged: Sequence[ScenarioRecord]) -> str:
    """What is violated in a run that ends without a report: the missing resource may be about it."""
    found = [(each.scenario, finding) for each in judged for finding in each.findings]
    told = [f"{number} at {each.where or each.address}" for number, each in found]
    more = [f"{len(told) - MOST_BESIDE} more"] if len(told) > MOST_BESIDE else []
    return f"; found beside that: {', '.join([*told[:MOST_BESIDE], *more])}" if told else ""


def _override(
    judged: Sequence[ScenarioRecord], overrides: Mapping[str, OverrideRecord]
) -> list[ScenarioRecord]:
    """Note who overrides a soft requirement. Raises FeatureError for one that is not soft."""
    soft = {each.scenario for each in judged if each.enforcement == "soft"} - {
        each.scenario for each in judged if each.enforcement != "soft"
    }
    for scenario in overrides:
        if scenario not in soft:
            raise FeatureError(f"--override {scenario}: not a scenario tagged @soft in this run")
    return [
        evidence.overridden(each, overrides[each.scenario])
        if each.scenario in overrides and each.verdict in evidence.BLOCKING
        else each
        for each in judged
    ]


def _could_apply(
    waiver: Waiver,
    every: Sequence[Scenario],
    judged: Sequence[ScenarioRecord],
    scanned: ScannerRecord,
) -> bool:
    """Whether this run judged what the waiver is about, or no run ever can: then it is misspelt."""
    if waiver.requirement.startswith("CKV"):
        return bool(scanned.version)
    known = any(waiver.concerns(each.number) for each in every)
    return not known or any(waiver.concerns(each.scenario) for each in judged)
