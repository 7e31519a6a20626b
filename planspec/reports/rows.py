"""What did a run find, line by line, in the form that most reports need?"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from planspec.evidence import ORDER, Evidence, FoundRecord, ScenarioRecord, SkipRecord, WaiverRecord
from planspec.finding import Verdict, fingerprint_of_value

Level = Literal["error", "warning", "note"]
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "note")
SEVERITIES: Final = ("critical", "high", "medium", "low")
WHOLE_PLAN: Final = "PLAN"
"""What stands for the requirement where the kind of plan blocks, whatever the scenarios say."""


class Row(NamedTuple):
    """One finding with all that a reader is told. `level`: error blocks, note is accepted."""

    rule: str
    title: str
    level: Level
    finding: FoundRecord
    severity: str = ""
    controls: Sequence[str] = ()
    scenario: ScenarioRecord | None = None

    @property
    def gravity(self) -> tuple[int, int]:
        """By what to sort for the gravest first: what blocks, then by severity."""
        rank = SEVERITIES.index(self.severity) if self.severity in SEVERITIES else len(SEVERITIES)
        return (LEVELS.index(self.level), rank)

    @property
    def file(self) -> str:
        """The file of the resource's block; "" where the source was not at hand."""
        return self.finding.where.rpartition(":")[0]

    @property
    def line(self) -> int:
        """The line of the resource's block, from 1; 0 where the source was not at hand."""
        return int(self.finding.where.rpartition(":")[2] or 0)

    @property
    def message(self) -> str:
        """What is and what should be, in one sentence."""
        found = self.finding
        said = f"{found.address}: {found.observed}" if found.address else found.observed
        return f"{said}; expected {found.expected}" if found.expected else said

    @property
    def notes(self) -> list[str]:
        """How to mend it, and who accepted or overrode it."""
        found, own = self.finding, self.scenario
        said = [f"fix: {found.remedy}"] if found.remedy else []
        if found.waiver:
            said.append(waiver_note(found.waiver, waived=found.verdict == Verdict.WAIVED))
        if found.skip:
            said.append(skip_note(found.skip))
        if own and own.override and found.verdict != Verdict.WAIVED:
            said.append(f"overridden by {own.override.name}: {own.override.reason}")
        return said


def waiver_note(waiver: WaiverRecord, *, waived: bool) -> str:
    """Say who accepted a finding until when, or why the waiver that is about it covers nothing."""
    who = f"{waiver.reason} (approved by {waiver.approver}, until {waiver.expires})"
    if waived:
        return f"waived: {who}{'; ends soon' if waiver.standing == 'ends soon' else ''}"
    why = {"reopened": "the value has changed since it was accepted"}.get(waiver.standing)
    return f"waiver {(why or waiver.standing).upper()}, so it covers nothing: {who}"


def skip_note(skip: SkipRecord) -> str:
    """Say which comment skips a check, or that it may not."""
    if skip.refused:
        return f"comment REFUSED, so it covers nothing: {skip.reason} ({skip.where})"
    return f"waived: {skip.reason} (by a comment at {skip.where}, without expiry)"


def rows(evidence: Evidence) -> list[Row]:
    """Return every finding of the record: of the plan as a whole, the scenarios, and Checkov."""
    return [*_of_plan(evidence), *_of_scenarios(evidence), *_of_checkov(evidence)]


def _of_plan(evidence: Evidence) -> Iterator[Row]:
    for reason in evidence.plan.blocking:
        found = FoundRecord(
            fingerprint=fingerprint_of_value(f"{WHOLE_PLAN}\0{reason}"),
            value=fingerprint_of_value(reason),
            address="",
            verdict=Verdict.VIOLATED,
            observed=reason,
            expected="",
        )
        title = "The plan is one that can be judged and applied"
        yield Row(WHOLE_PLAN, title, "error", found, SEVERITIES[0])


def _of_scenarios(evidence: Evidence) -> Iterator[Row]:
    for scenario in evidence.scenarios:
        for finding in scenario.findings:
            waived = finding.verdict == Verdict.WAIVED
            level: Level = "note" if waived else "error" if scenario.blocks else "warning"
            yield Row(
                scenario.scenario,
                title_of(scenario),
                level,
                finding,
                scenario.severity,
                scenario.controls,
                scenario,
            )


def _of_checkov(evidence: Evidence) -> Iterator[Row]:
    for finding in evidence.checkov.findings:
        level: Level = "note" if finding.verdict == Verdict.WAIVED else "error"
        yield Row(finding.observed, finding.expected, level, finding)


def title_of(scenario: ScenarioRecord) -> str:
    """The name without the number that stands before it."""
    return scenario.name.removeprefix(scenario.scenario).strip() or scenario.name


def headline(evidence: Evidence) -> str:
    """Return one line: how many scenarios reached which verdict, and what follows."""
    counts = [f"{evidence.count(each)} {each}" for each in ORDER if evidence.count(each)]
    failed = sum(finding.verdict == Verdict.VIOLATED for finding in evidence.checkov.findings)
    if failed:
        counts.append(f"{failed} failed checks of Checkov")
    number, plan = len(evidence.scenarios), evidence.plan
    many = "scenario" if number == 1 else "scenarios"
    seen = f"judged {plan.changes_judged} of {plan.changes_total} changes"
    end = "blocked" if evidence.blocks else "passed"
    old = " · by prices that are out of date" if evidence.cost and evidence.cost.stale else ""
    return f"{number} {many}: {', '.join(counts)} · {seen} · {end}{old}"


# What a CI system obeys in a log: "##[" and "##vso[" anywhere in a line, "::" where one begins.
# Source: GitHub, "Workflow commands for GitHub Actions"; Azure Pipelines, "Logging commands".
_IN_JSON: Final = re.compile(rb"#(?=#\w*\[)")
_COMMAND: Final = re.compile(r"#(?=#\w*\[)|(?:^|(?<=\s)):(?=:)", re.MULTILINE)


def printable(text: str) -> str:
    """Write what a terminal or a CI system would obey as escapes: an address may hold anything."""
    if not text.isprintable():
        text = "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
    return without_commands(text)


def without_commands(text: str) -> str:
    """Write as escapes what a CI system would obey in any line of a text."""
    return _COMMAND.sub(_escaped, text) if "##" in text or "::" in text else text


def _escaped(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0]):02x}"


def unobeyed(document: bytes) -> bytes:
    """The same JSON document, in which no CI system finds a command; other documents as they are."""
    if not document.startswith((b"{", b"[")):
        return document
    return _IN_JSON.sub(rb"\\u0023", document)
