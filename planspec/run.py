"""What is judged in this run, and what has the present scenario found so far?"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from planspec import bundle
from planspec.catalogue import Policies, Waiver, waive
from planspec.evidence import FoundRecord, ReadRecord, ScenarioRecord
from planspec.features import Scenario
from planspec.finding import Finding, Judgement, Verdict
from planspec.plan import Plan
from planspec.source import shown_path, without_keys

Key = tuple[str, int, str]


class Run:
    """The inputs of a run and the judgements of the scenario that is running."""

    def __init__(
        self,
        *,
        plan: Plan,
        policies: Policies,
        today: date,
        scenarios: Mapping[Key, Scenario] | None = None,
        positions: Mapping[str, str] | None = None,
        enforce: bool = False,
        keep_reads: bool = False,
    ) -> None:
        self.plan = plan
        self.parameters, self.frameworks, self.waivers = policies
        self.today = today
        self.scenarios = scenarios or {}
        self.positions = positions or {}
        self.enforce = enforce
        self.keep_reads = plan.noting.wanted = keep_reads
        self.judgements: list[Judgement] = []
        self.used: dict[Waiver, None] = {}
        self.current: Scenario | None = None

    def begin(self, file: str, line: int, name: str) -> None:
        """Start a scenario."""
        self.current = self.scenarios.get((file, line, name))
        if self.current is None:
            self.current = Scenario("", file, line, name, "", (), ())
        self.judgements = []
        self.plan.noting.places.clear()

    def note(self, judgement: Judgement) -> Judgement:
        """Keep a judgement of the running scenario, and return it with its waivers applied."""
        number = self.current.number if self.current else ""
        waived, used = waive(judgement, number, self.waivers, self.today)
        self.used |= dict.fromkeys(used)
        self.judgements.append(waived)
        return waived


def record(run: Run) -> ScenarioRecord:
    """Return the record of the scenario that has just run."""
    scenario = run.current
    if scenario is None:
        raise ValueError("no scenario has begun")
    findings = [finding for judgement in run.judgements for finding in judgement.findings]
    examined = dict.fromkeys(address for each in run.judgements for address in each.examined)
    return ScenarioRecord(
        scenario=scenario.number,
        name=scenario.name,
        requirement=scenario.requirement,
        area=scenario.area,
        feature=scenario.feature,
        rule=scenario.rule,
        file=shown_file(scenario.file),
        line=scenario.line,
        severity=scenario.severity,
        enforcement=scenario.enforcement,
        controls=list(scenario.controls),
        steps=[step.text for step in scenario.steps],
        verdict=Judgement(tuple(examined), tuple(findings)).verdict.value,
        examined=list(examined),
        findings=[_found(run, scenario.number, finding) for finding in findings],
        read=_read(run.plan) if run.keep_reads else [],
    )


def shown_file(file: str) -> str:
    """Return the path of a feature without the folders of this machine."""
    path = Path(file)
    if path.is_relative_to(bundle.ROOT):
        return str(path.relative_to(bundle.ROOT))
    return shown_path(path)


def _found(run: Run, number: str, finding: Finding) -> FoundRecord:
    waiver = ""
    if finding.verdict is Verdict.WAIVED:
        waiver = next(
            reason_of(each)
            for each in run.waivers
            if each.in_force(run.today) and each.covers(number, finding.address)
        )
    return FoundRecord(
        **{**finding._asdict(), "verdict": finding.verdict.value},
        where=run.positions.get(without_keys(finding.address), ""),
        waiver=waiver,
    )


def reason_of(waiver: Waiver) -> str:
    """Say who accepted a departure, why and until when."""
    return f"{waiver.reason} (approved by {waiver.approver}, until {waiver.expires})"


def _read(plan: Plan) -> list[ReadRecord]:
    places: dict[tuple[str, str], Any] = plan.noting.places
    return [ReadRecord(address, path, value.shown) for (address, path), value in sorted(places.items())]
