"""What does a run leave behind?

One record: what was judged, by what, and for each scenario what was required, examined, read and
found, and who accepted what. Reports are made from this record and from nothing else. Two runs over
the same input give the same record but for its seal, which holds the time. The shapes here are the
format: `docs/evidence.schema.json` is generated from them.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Final, Literal

import msgspec

from planspec.evidence.cost import CostRecord
from planspec.evidence.coverage import Coverage
from planspec.evidence.findings import FoundRecord, Place, ReadRecord, WaiverRecord
from planspec.evidence.inputs import (
    FrameworkRecord,
    GuardRecord,
    InputsRecord,
    PlanRecord,
    Sha256,
    ToolRecord,
)
from planspec.finding import Verdict

FORMAT_VERSION: Final = "1.1"
# The order in which a reader meets verdicts: what blocks comes first.
ORDER: Final = (
    Verdict.VIOLATED,
    Verdict.UNDETERMINED,
    Verdict.WAIVED,
    Verdict.NOT_APPLICABLE,
    Verdict.SATISFIED,
)
BLOCKING = (Verdict.VIOLATED, Verdict.UNDETERMINED)


class OverrideRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Who lets a violated @soft scenario pass, and why."""

    name: str
    reason: str


class ScenarioRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario, in its author's words, and its verdict.

    `text` is the Gherkin as written, `rationale` why it is required, `limits` what a pass does not
    show. `reason` says which limit nobody stated, so that it could not be judged by it. `examined` and
    `read` are whole only in a record that was asked for.
    """

    scenario: str
    name: str
    requirement: str
    rule: str
    area: str
    feature: str
    file: str
    line: int
    severity: str
    enforcement: Literal["advisory", "soft", "hard"]
    controls: list[str]
    steps: list[str]
    text: str
    rationale: str
    limits: str
    verdict: Verdict
    reason: str = ""
    override: OverrideRecord | None = None
    findings: list[FoundRecord]
    examined: list[str]
    read: list[ReadRecord]

    @property
    def why_not_applicable(self) -> str:
        """Why nothing was examined; "" where something was."""
        return "" if self.examined else self.reason or "nothing was found to examine"

    @property
    def blocks(self) -> bool:
        """Whether the verdict keeps the plan from being applied."""
        accepted = self.override is not None and self.enforcement == "soft"
        return self.verdict in BLOCKING and self.enforcement != "advisory" and not accepted


class ScannerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What Checkov found on the same plan; `missing` says why it did not run."""

    version: str = ""
    runner: Literal["", "fast", "stock"] = ""
    """`fast` gives the verdicts of `stock`, which is Checkov's own command."""
    reason: str = ""
    """Why the stock runner had to answer where the fast one was asked."""
    corrections: list[str] = []
    """Where these findings differ from Checkov's on purpose; empty: nowhere."""
    notes: list[str] = []
    passed: int = 0
    findings: list[FoundRecord] = []
    missing: str = ""

    @property
    def blocks(self) -> bool:
        """Whether a failed or open check is left that nobody accepted."""
        return any(finding.verdict in BLOCKING for finding in self.findings)


class ResourceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One resource instance of the plan, what happens to it, and where its block stands."""

    address: str
    type: str
    actions: list[str]
    where: Place = ""
    deposed: str = ""


class SummaryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The answer in short; worked out from the rest of the record."""

    verdict: Literal["passed", "blocked"]
    scenarios: dict[str, int]
    findings: dict[str, int]


class SealRecord(msgspec.Struct, frozen=True, kw_only=True):
    """When the run was, the SHA-256 over the record with that time, and a signature if it was asked for.

    The digest is over the record as compact JSON with sorted keys, its seal holding only the time.
    `signature` is Ed25519 over the 32 bytes of the digest, in Base64. `checkov_cached` tells whether
    Checkov's answer was kept from an earlier run.
    """

    judged_at: Annotated[
        str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
    ]
    sha256: Sha256 = ""
    public_key: str = ""
    signature: str = ""
    checkov_cached: bool = False


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one run. `coverage` and `guard` are there where they were asked for.

    `cost` is there where something costs. Their shapes are told in `coverage_record` and `cost_record`.
    """

    format_version: Annotated[str, msgspec.Meta(pattern=r"^1\.\d+$")] = FORMAT_VERSION
    tool: ToolRecord
    judged_on: date
    summary: SummaryRecord
    plan: PlanRecord
    inputs: InputsRecord
    frameworks: list[FrameworkRecord]
    scenarios: list[ScenarioRecord]
    checkov: ScannerRecord
    waivers: list[WaiverRecord]
    waivers_unused: list[str]
    resources: list[ResourceRecord] = []
    cost: CostRecord | None = None
    coverage: Coverage | None = None
    guard: GuardRecord | None = None
    seal: SealRecord

    def count(self, verdict: str) -> int:
        """How many scenarios reached this verdict."""
        return sum(scenario.verdict == verdict for scenario in self.scenarios)

    @property
    def judged(self) -> int:
        """How many scenarios examined at least one resource."""
        return sum(bool(scenario.examined) for scenario in self.scenarios)

    @property
    def blocks(self) -> bool:
        """Whether anything found keeps the plan from being applied."""
        return blocks(self.scenarios, self.checkov, self.plan.blocking)

    @property
    def found(self) -> list[tuple[ScenarioRecord | None, FoundRecord]]:
        """Every finding with its scenario, in the order of the record; Checkov's have none."""
        own = [(each, finding) for each in self.scenarios for finding in each.findings]
        return [*own, *((None, finding) for finding in self.checkov.findings)]


def blocks(scenarios: Iterable[ScenarioRecord], checkov: ScannerRecord, blocking: Sequence[str]) -> bool:
    """Whether anything found, or the kind of plan, keeps it from being applied."""
    return bool(blocking) or checkov.blocks or any(scenario.blocks for scenario in scenarios)


def summarise(
    scenarios: Sequence[ScenarioRecord], checkov: ScannerRecord, blocking: Sequence[str]
) -> SummaryRecord:
    """Count the verdicts of the scenarios, and of all findings."""
    findings = [finding for each in scenarios for finding in each.findings] + checkov.findings
    return SummaryRecord(
        verdict="blocked" if blocks(scenarios, checkov, blocking) else "passed",
        scenarios={each.value: sum(found.verdict == each for found in scenarios) for each in ORDER},
        findings={each.value: sum(found.verdict == each for found in findings) for each in ORDER[:3]},
    )


def overridden(scenario: ScenarioRecord, by: OverrideRecord) -> ScenarioRecord:
    """Return the record with the name and the reason of whoever overrides it."""
    return msgspec.structs.replace(scenario, override=by)


def in_order(scenarios: Iterable[ScenarioRecord]) -> Sequence[ScenarioRecord]:
    """Sort by feature file and line, whatever order they were judged in."""
    return sorted(scenarios, key=lambda each: (each.file, each.line, each.name))
