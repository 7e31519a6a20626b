"""How does one plan get judged, from the file to the evidence?

Checkov is started first and works while the features are judged; its answer is collected last.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from planspec import bundle, evidence, masking
from planspec.errors import FeatureError
from planspec.evidence import (
    CheckovCoverage,
    Coverage,
    Evidence,
    GuardRecord,
    OptionsRecord,
    OverrideRecord,
    ScannerRecord,
    ScenarioRecord,
    SealRecord,
    of_run,
    sealed,
)
from planspec.features import Scenario, own_steps, require_own_numbers, selected
from planspec.features.selection import read
from planspec.plan import Noticed, Plan, notice
from planspec.policies import Waiver, read_policies
from planspec.runner import (
    checkov_findings,
    coverage,
    isolated_pytest,
    judged_enough,
    policy_guard,
    provenance,
)
from planspec.runner.base_tree import BaseTree, base_tree
from planspec.runner.checkov_findings import Alongside
from planspec.runner.context import RunContext, known_in, waiver_record
from planspec.runner.policy_guard import Gate
from planspec.runner.redaction import guarded, secrets
from planspec.schema import Schemas, names
from planspec.source import NO_SOURCE, Source


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
    given: provenance.Given | None = None
    schemas: Sequence[Path] = ()
    allow_unknown_type: bool = False
    now: datetime | None = None
    steps: Sequence[Path] = ()
    baseline: Path | None = None
    base: str = ""
    policy_change: OverrideRecord | None = None

    @property
    def options(self) -> OptionsRecord:
        """What the record tells of these settings, beside what was judged and by what."""
        return OptionsRecord(
            checkov=self.checkov.runner,
            checkov_corrected=self.checkov.corrected,
            refuse_skip_comments=self.checkov.refuse_skips,
            require_checkov=self.checkov.required,
            require_used_waivers=self.require_used_waivers,
            min_coverage=self.min_coverage,
            allow_unknown_type=self.allow_unknown_type,
        )


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
    noticed = notice(plan, settings.accepted)
    base = base_tree(settings.base) if settings.base else None
    now = datetime.now(UTC)
    run, every = _prepared(plan, settings, settings.today or now.date())
    masking.remember(plan.name, lambda: secrets(run.plan).mask)
    del plan  # what the run decodes of its own need not be held a second time
    with ExitStack() as stack:
        scan, missing = checkov_findings.start(
            stack, text, settings.checkov, settings.policies, looked=run.keep_reads
        )
        given = settings.given or provenance.given_json(text)
        del text
        judged = _judged(run, settings, progress, detail)
        told = judged_enough.require_judged(judged, run.plan, settings.accepted)
        noticed = noticed._replace(notes=(*noticed.notes, *told))
        if settings.require_applicable:
            judged_enough.require_applicable(every, judged, run)
        if scan:
            progress("waiting for Checkov")
        nothing = checkov_findings.Answer(ScannerRecord(missing=missing))
        answer = checkov_findings.collect(scan, run, settings.checkov) if scan else nothing
    guard = _guard(run, judged, base, settings, progress) if base else None
    progress("writing the record")
    outcome = Outcome(run, every, judged, answer, noticed, guard)
    record = _record(outcome, given, settings)
    return sealed(secrets(run.plan).masked_record(record), now, cached=answer.cached)


class Outcome(NamedTuple):
    """What a run came to: what was judged of all that is required, and what the plan itself says."""

    run: RunContext
    every: Sequence[Scenario]
    judged: Sequence[ScenarioRecord]
    answer: checkov_findings.Answer
    noticed: Noticed
    guard: GuardRecord | None = None


def _guard(
    run: RunContext,
    judged: Sequence[ScenarioRecord],
    base: BaseTree,
    settings: Settings,
    progress: Callable[[str], None],
) -> GuardRecord:
    """Compare what judges the plan with the base revision, and note who accepted the difference."""
    gate = Gate(
        settings.features, settings.policies, settings.steps, settings.schemas, settings.baseline
    )

    def by(old: Gate) -> Sequence[ScenarioRecord]:
        progress(f"judging by the requirements of {settings.base}")
        before = settings._replace(
            features=old.features,
            policies=old.policies,
            steps=old.steps,
            schemas=old.schemas,
            baseline=old.baseline,
        )
        other, _ = _prepared(run.plan, before, run.today)
        with guarded(other.plan):
            return isolated_pytest.judge(other, list(other.scenarios.values()))

    found = policy_guard.guarded(gate, base, judged, by)
    if settings.policy_change is None or not found.changes:
        return found
    who = settings.policy_change
    return msgspec.structs.replace(found, accepted_by=who.name, reason=who.reason)


def _prepared(plan: Plan, settings: Settings, today: date) -> tuple[RunContext, Sequence[Scenario]]:
    """Read what the plan is judged by; return the run, and the scenarios that were not asked for too."""
    schemas = Schemas(settings.schemas, allow_unknown=settings.allow_unknown_type)
    policies = read_policies(settings.policies)
    own = own_steps.load(settings.steps)
    with own_steps.in_force(own):
        every = read(settings.features, policies.frameworks)
    require_own_numbers(every)
    judged_enough.require_named_addresses(policies, every, settings.policies)
    held = known_in(plan, settings.baseline) if settings.baseline else ()
    policies = policies._replace(waivers=(*policies.waivers, *held))
    scenarios = selected(settings.tags, every)
    run = RunContext(
        plan=plan,
        policies=policies,
        today=today,
        scenarios={(each.file, each.line, each.name): each for each in scenarios},
        source=settings.located,
        keep_reads=settings.keep_reads or settings.min_coverage is not None,
        folder=settings.policies,
        schemas=schemas,
        now=settings.now,
        own=own,
    )
    return run, every


def _judged(
    run: RunContext,
    settings: Settings,
    progress: Callable[[str], None],
    detail: Callable[[int, int], None],
) -> Sequence[ScenarioRecord]:
    """Judge the scenarios of the run."""
    scenarios = list(run.scenarios.values())
    progress(f"judging {len(scenarios)} scenarios")
    with guarded(run.plan):
        return _override(isolated_pytest.judge(run, scenarios, detail), settings.overrides)


def _record(outcome: Outcome, given: provenance.Given, settings: Settings) -> Evidence:
    """Write down what a run came to."""
    run, judged, scanned = outcome.run, outcome.judged, outcome.answer.record
    looked = outcome.answer.looked
    covered = coverage.coverage(run.plan, judged, looked, _beside(scanned)) if run.keep_reads else None
    unused = judged_enough.unused_waivers(run, outcome.every, judged, scanned)
    noticed = _blocking(outcome.noticed, unused, covered, settings)
    notes = [*names(run.plan).notes, *provenance.own_notes(run.own.files)]
    if outcome.guard:
        noticed = noticed._replace(blocking=(*noticed.blocking, *outcome.guard.blocking))
        notes += outcome.guard.notes
    noticed = noticed._replace(notes=(*noticed.notes, *notes))
    return Evidence(
        tool=provenance.tool_record(),
        judged_on=run.today,
        summary=evidence.summarise(judged, scanned, noticed.blocking),
        plan=provenance.plan_record(run.plan, given, noticed, judged),
        inputs=provenance.inputs_record(_judged_by(run, given, settings)),
        frameworks=provenance.framework_records(run.frameworks),
        scenarios=list(evidence.in_order(judged)),
        checkov=scanned,
        waivers=[waiver_record(run, each) for each in run.waivers],
        waivers_unused=[str(each) for each in unused],
        resources=provenance.resource_records(run.plan, settings.located),
        coverage=covered,
        cost=of_run(run.estimate, whole=settings.keep_reads),
        guard=outcome.guard,
        seal=SealRecord(judged_at=""),
    )


def _judged_by(run: RunContext, given: provenance.Given, settings: Settings) -> provenance.JudgedBy:
    return provenance.JudgedBy(
        features=settings.features,
        policies=settings.policies,
        tags=settings.tags,
        accepted=settings.accepted,
        require_applicable=settings.require_applicable,
        have_to_apply=run.parameters.applicable.scenarios or (),
        moment=run.moment if run.rests_on_moment else None,
        own_steps=run.own.files,
        source=given.source,
        schemas=settings.schemas,
        options=settings.options,
        baseline=settings.baseline,
    )


def _blocking(
    noticed: Noticed, unused: Sequence[Waiver], covered: Coverage | None, settings: Settings
) -> Noticed:
    """Add what blocks the plan beside the verdicts: too little read, a waiver that covers nothing."""
    noticed = _covered(noticed, covered, settings.min_coverage)
    if not settings.require_used_waivers:
        return noticed
    more = (f"unused waiver: {each}; take it out of waivers.toml" for each in unused)
    return noticed._replace(blocking=(*noticed.blocking, *more))


def _beside(scanned: ScannerRecord) -> CheckovCoverage:
    return CheckovCoverage(version=scanned.version, missing=scanned.missing)


def _covered(noticed: Noticed, covered: Coverage | None, least: float | None) -> Noticed:
    """A plan of which too little was looked at is blocked, whatever the verdicts say."""
    if covered is None or least is None or covered.percent >= least:
        return noticed
    text = (
        f"the requirements read {covered.percent:g} % of the attributes; at least {least:g} % is asked"
    )
    return noticed._replace(blocking=(*noticed.blocking, text))


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
