"""What does a run leave behind?

One record: what was judged, by what, and for each scenario what was required, examined, read and
found. Reports are made from this record and from nothing else. Two runs over the same input give the
same record but for the time.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final, Literal

import msgspec

from planspec.errors import PlanspecError
from planspec.finding import Verdict

FORMAT_VERSION: Final = "0.1"
# The order in which a reader meets verdicts: what blocks comes first.
ORDER = ("violated", "undetermined", "waived", "not applicable", "satisfied")
BLOCKING = (Verdict.VIOLATED, Verdict.UNDETERMINED)


class _Record(msgspec.Struct, frozen=True, omit_defaults=False):
    """A part of the evidence; written as JSON in the order of its fields."""


class FoundRecord(_Record, frozen=True):
    """One finding: where, what is, what should be, how to mend it, and who accepted it."""

    address: str
    verdict: str
    observed: str
    expected: str
    path: str = ""
    remedy: str = ""
    where: str = ""
    waiver: str = ""


class ReadRecord(_Record, frozen=True):
    """One place that was read, with its value as it may be shown."""

    address: str
    path: str
    shown: str


class ScenarioRecord(_Record, frozen=True):
    """One scenario and its verdict."""

    scenario: str
    name: str
    requirement: str
    area: str
    feature: str
    rule: str
    file: str
    line: int
    severity: str
    enforcement: str
    controls: list[str]
    steps: list[str]
    verdict: str
    examined: list[str]
    findings: list[FoundRecord]
    read: list[ReadRecord]
    overridden: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the verdict keeps the plan from being applied."""
        return self.verdict in BLOCKING and self.enforcement != "advisory" and not self.overridden


class PlanRecord(_Record, frozen=True):
    """What was judged."""

    name: str
    sha256: str
    format_version: str
    terraform_version: str
    changes: dict[str, int]
    notes: list[str]
    blocking: list[str] = []
    """What the plan says it will do that blocks it, whatever the scenarios say."""
    changes_judged: int = 0
    """How many entries of `resource_changes` some scenario examined, and how many there are."""
    changes_total: int = 0


class ScannerRecord(_Record, frozen=True):
    """What Checkov found on the same plan; `missing` says why it did not run."""

    version: str = ""
    passed: int = 0
    findings: list[FoundRecord] = []
    missing: str = ""

    @property
    def blocks(self) -> bool:
        """Whether a failed check is left that nobody accepted."""
        return any(finding.verdict == Verdict.VIOLATED for finding in self.findings)


class Evidence(_Record, frozen=True):
    """The record of one run."""

    tool: str
    judged_on: date
    plan: PlanRecord
    features_sha256: str
    policies_sha256: str
    scenarios: list[ScenarioRecord]
    checkov: ScannerRecord
    waivers_expired: list[str]
    waivers_unused: list[str]
    format_version: Literal["0.1"] = FORMAT_VERSION

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
        blocks = bool(self.plan.blocking) or self.checkov.blocks
        return blocks or any(scenario.blocks for scenario in self.scenarios)


def overridden(scenario: ScenarioRecord, by: str) -> ScenarioRecord:
    """Return the record with the name and the reason of whoever overrides it."""
    return msgspec.structs.replace(scenario, overridden=by)


def digest(files: Iterable[Path]) -> str:
    """Return the SHA-256 over the names and contents of the files, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(files, key=lambda each: (each.name, str(each))):
        content = path.read_bytes()
        total.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def encode(evidence: Evidence) -> bytes:
    """Write the record as JSON, indented, with a line end."""
    return msgspec.json.format(msgspec.json.encode(evidence), indent=2) + b"\n"


def write(evidence: Evidence, path: Path) -> None:
    """Write the record to a file, whole or not at all, readable by its owner."""
    target = path.resolve()
    part: Path | None = None
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(encode(evidence))  # a pipe or a device, which nothing may replace
            return
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as written:
            part = Path(written.name)
            written.write(encode(evidence))
        part.replace(target)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        raise PlanspecError(f"{path}: {error.strerror}; name a file that can be written") from error


def in_order(scenarios: Iterable[ScenarioRecord]) -> Sequence[ScenarioRecord]:
    """Sort by feature file and line, whatever order they were judged in."""
    return sorted(scenarios, key=lambda each: (each.file, each.line, each.name))
