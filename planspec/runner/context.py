"""What is judged in this run, and what has the present scenario found so far?"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from planspec import bundle
from planspec.cost import of_plan
from planspec.estimate import Estimate
from planspec.evidence import (
    FoundRecord,
    OriginRecord,
    ReadRecord,
    RelatedRecord,
    ScenarioRecord,
    WaiverRecord,
)
from planspec.features import Scenario, limits, rationale
from planspec.features.own_steps import NONE, Own
from planspec.finding import Finding, Judgement, fingerprint_of_value, fingerprints, in_all
from planspec.judgements.generic.selections import Selection, as_sure_as
from planspec.plan import Noting, Plan, Value
from planspec.policies import (
    COVERS,
    Known,
    Policies,
    Waiver,
    applied,
    known,
    read_baseline,
    read_need,
    waive,
)
from planspec.references import documents_of, origin
from planspec.runner.redaction import secrets
from planspec.schema import Schemas
from planspec.source import NO_SOURCE, Source, shown_path

Key = tuple[str, int, str]


class RunContext:
    """The inputs of a run and the judgements of the scenario that is running."""

    def __init__(  # noqa: PLR0913 (all that a run needs, by name)
        self,
        *,
        plan: Plan,
        policies: Policies,
        today: date,
        scenarios: Mapping[Key, Scenario] | None = None,
        source: Source = NO_SOURCE,
        enforce: bool = False,
        keep_reads: bool = False,
        folder: Path = bundle.POLICIES,
        schemas: Schemas | None = None,
        now: datetime | None = None,
        own: Own = NONE,
    ) -> None:
        # The run's own: no other holder of the plan sees its reads, or changes what judges it.
        self.plan = plan.for_run(Noting(wanted=keep_reads), schemas or Schemas())
        self.parameters, self.frameworks, self.waivers = policies
        self.today = today
        self._now = now or datetime.now(UTC)
        # The moment stands in the record where a verdict rests on it, or where somebody stated it.
        self.rests_on_moment = now is not None
        self.folder = folder
        self.own = own
        # What a step of the user's own is asked about while it runs.
        self.asked_of: Selection | None = None
        self.judged_before = 0
        self.scenarios = scenarios or {}
        # Where things stand; references are followed through `plan.source`, which a guess is not.
        self.source = source
        self.enforce = enforce
        self.keep_reads = keep_reads
        # Where reads are kept: the places that each scenario read, by its number.
        self.places: dict[str, dict[tuple[str, str], Value]] = {}
        self.judgements: list[Judgement] = []
        self.used: dict[Waiver, None] = {}
        self.current: Scenario | None = None

    @property
    def moment(self) -> datetime:
        """The moment by which windows of time are judged; who asks for it makes the record keep it."""
        self.rests_on_moment = True
        return self._now

    @cached_property
    def estimate(self) -> Estimate:
        """What the plan costs; made once, and what it reads is noted by no scenario.

        Raises PolicyError for prices or declared use that cannot be read.
        """
        with self.plan.noting.paused():
            return of_plan(self.plan, self.folder, today=self.today)

    def need(self, name: str) -> dict[str, Any]:
        """Return the policy document of this name, in the policies of this run.

        Raises PolicyError where there is none.
        """
        return read_need(self.folder, name)

    def begin(self, file: str, line: int, name: str) -> None:
        """Start a scenario."""
        self.current = self.scenarios.get((file, line, name))
        if self.current is None:
            self.current = Scenario("", file, line, name, "", (), ())
        self.judgements = []
        self.asked_of = None
        self.plan.noting.places.clear()

    def note(self, judgement: Judgement) -> Judgement:
        """Keep a judgement of the running scenario, and return it with its waivers applied."""
        number = self.current.number if self.current else ""
        if self.asked_of is not None:
            judgement = as_sure_as(self.asked_of, judgement)
        waived, used = waive(judgement, number, self.waivers, self.today, secrets(self.plan).masked)
        self.used |= dict.fromkeys(used)
        self.judgements.append(waived)
        return waived


def known_in(plan: Plan, baseline: Path) -> tuple[Known, ...]:
    """Return what a baseline knows of this plan, in which objects may have moved.

    Raises PolicyError for a file that is no baseline.
    """
    moved = {each.address: each.previous_address for each in plan.changes if each.previous_address}
    return known(read_baseline(baseline), moved)


def record(run: RunContext) -> ScenarioRecord:
    """Return the record of the scenario that has just run."""
    scenario = run.current
    if scenario is None:
        raise ValueError("no scenario has begun")
    if run.keep_reads:
        # Rows of an outline share a number, and scenarios without one may share a name.
        run.places.setdefault(scenario.number, {}).update(run.plan.noting.places)
    whole = in_all(run.judgements)
    return ScenarioRecord(
        **written(scenario),
        file=shown_file(scenario.file),
        verdict=whole.verdict,
        reason=whole.reason,
        examined=list(whole.examined),
        findings=found(run, scenario.number, scenario.subject, whole.findings),
        read=_read(run.plan) if run.keep_reads else [],
    )


def written(scenario: Scenario) -> dict[str, Any]:
    """What the record says of a scenario that its feature says, whatever the verdict and the folder."""
    about = [scenario.about, scenario.why]
    return {
        "scenario": scenario.number,
        "name": scenario.name,
        "requirement": scenario.requirement,
        "area": scenario.area,
        "feature": scenario.feature,
        "rule": scenario.rule,
        "line": scenario.line,
        "severity": scenario.severity,
        "enforcement": scenario.enforcement,
        "controls": list(scenario.controls),
        "steps": scenario.written_steps,
        "text": scenario.text,
        "rationale": rationale(about),
        "limits": limits(about),
    }


def shown_file(file: str) -> str:
    """Return the path of a feature without the folders of this machine."""
    path = Path(file)
    if path.is_relative_to(bundle.ROOT):
        return str(path.relative_to(bundle.ROOT))
    return shown_path(path)


def found(
    run: RunContext, requirement: str, subject: str, findings: Sequence[Finding]
) -> list[FoundRecord]:
    """Return the records of findings, with the waivers that are about them."""
    about = applied(findings, requirement, run.waivers, run.today, secrets(run.plan).masked)
    run.used |= dict.fromkeys(about.used)
    return [
        FoundRecord(
            **_parts(run, finding),
            fingerprint=number,
            value=fingerprint_of_value(secrets(run.plan).masked(finding.observed)),
            where=run.source.position(finding.address, finding.place or finding.path),
            waiver=waiver_record(run, waiver, secrets(run.plan).masked(finding.observed))
            if waiver
            else None,
        )
        for (finding, waiver, _), number in zip(about, fingerprints(subject, findings), strict=True)
    ]


def _parts(run: RunContext, finding: Finding) -> dict[str, Any]:
    """What the record of a finding has of the finding itself."""
    parts = {**finding._asdict(), "related": _related(run, finding)}
    del parts["place"]
    return parts


def waiver_record(run: RunContext, waiver: Waiver, observed: str | None = None) -> WaiverRecord:
    """Return the record of a waiver; `observed` is what the finding that it is about says."""
    standing = waiver.standing(run.today, observed)
    return WaiverRecord(
        **{name: getattr(waiver, name) for name in Waiver.__struct_fields__},
        standing=standing,
        known=isinstance(waiver, Known),
        used=waiver in run.used if observed is None else standing in COVERS,
    )


def _related(run: RunContext, finding: Finding) -> list[RelatedRecord]:
    """Other blocks that a reader may have to change, and the documents that they are made of."""
    named = [each for each in finding.related if each != finding.address]
    documents = [
        data for each in (finding.address, *named) for data in documents_of(run.plan, each, finding.path)
    ]
    return [
        RelatedRecord(address=each, where=run.source.position(each))
        for each in dict.fromkeys((*named, *documents))
    ]


def reason_of(waiver: Waiver) -> str:
    """Say who accepted a departure, why and until when."""
    return f"{waiver.reason} (approved by {waiver.approver}, until {waiver.expires})"


def _read(plan: Plan) -> list[ReadRecord]:
    places: dict[tuple[str, str], Any] = dict(plan.noting.places)
    return [
        ReadRecord(address=address, path=path, shown=value.shown, origin=_origin(plan, address, path))
        for (address, path), value in sorted(places.items())
    ]


def _origin(plan: Plan, address: str, path: str) -> OriginRecord | None:
    """Where the value came from; of an object that will be gone nobody asks."""
    change = plan.find(address)
    if change is None:
        return None
    kind, names, where = origin(plan, change, path)
    return OriginRecord(kind=kind, names=list(names), where=where)
