"""What does Checkov add to the evidence: which findings, by which runner, with what left out?"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal, NamedTuple

from planspec import checkov
from planspec.checkov import FailedCheck
from planspec.errors import ScannerError
from planspec.evidence import FoundRecord, ScannerRecord
from planspec.evidence import findings as finding_record
from planspec.finding import Finding, Verdict
from planspec.plan import Plan
from planspec.runner import checkov_corrections, checkov_refreshed, checkov_skips
from planspec.runner.context import RunContext, found

SECONDS: Final = 900.0
Wanted = Literal["fast", "stock", "off"]


class Alongside(NamedTuple):
    """What was asked for about Checkov."""

    runner: Wanted = "fast"
    required: bool = False
    cache: bool = True
    corrected: bool = False
    refuse_skips: bool = False


class Answer(NamedTuple):
    """What Checkov answered.

    `cached` tells whether that was kept from an earlier run, which is no part of the record: two runs
    over the same input have to be the same. `looked` is what its checks looked at, if that was asked.
    """

    record: ScannerRecord
    cached: bool = False
    looked: checkov.Looked | None = None


def start(
    stack: ExitStack, text: bytes, wanted: Alongside, policies: Path, *, looked: bool = False
) -> tuple[checkov.Scan | None, str]:
    """Start Checkov on plan JSON; without one, return why. `policies` may hold checks of its own.

    `looked` asks what the checks looked at. Raises ScannerError where Checkov is required and missing,
    or cannot be used.
    """
    if wanted.runner == "off":
        return None, "switched off with --no-checkov"
    program = checkov.find_checkov()
    if program is None:
        missing = f"not found; install checkov=={checkov.VERSION} in an environment of its own, and name"
        missing += f" its program with {checkov.ENVIRONMENT_VARIABLE}"
        if wanted.required:
            raise ScannerError(f"Checkov: {missing}")
        return None, missing
    checks = policies / "checkov"
    scan = checkov.start(
        text,
        program,
        checks if checks.is_dir() else None,
        runner=wanted.runner,
        corrected=wanted.corrected,
        looked=looked,
        cache=checkov.Cache(checkov.user_folder()) if wanted.cache else None,
    )
    return stack.enter_context(scan), ""


def collect(scan: checkov.Scan, run: RunContext, wanted: Alongside) -> Answer:
    """Wait for Checkov and turn failed checks into findings, with the same waivers.

    Raises ScannerError when there is no answer.
    """
    result = scan.collect(SECONDS)
    findings = [
        record
        for failed in _once(result.failed)
        for record in found(run, failed.check, failed.check, [_finding(failed, run.plan, wanted)])
    ]
    findings = [_skipped(each, run, refused=wanted.refuse_skips) for each in findings]
    findings, settled = checkov_refreshed.settle(run.plan, findings)
    record = ScannerRecord(
        version=result.version,
        runner=result.runner,
        reason=result.reason,
        corrections=_corrections(run.plan, findings) if wanted.corrected else [],
        notes=[*_notes(findings), *settled],
        passed=result.passed,
        findings=findings,
    )
    return Answer(record, result.cached, result.looked)


def _once(failed: Sequence[FailedCheck]) -> Iterator[FailedCheck]:
    """Each check and address once: the fast runner may say twice that it looked at other attributes."""
    known: set[tuple[str, str]] = set()
    for each in failed:
        if (each.check, each.address) not in known:
            known.add((each.check, each.address))
            yield each


def _finding(failed: FailedCheck, plan: Plan, wanted: Alongside) -> Finding:
    """The finding of a failed check; corrected, it is open where apply decides what was looked at."""
    path = (
        checkov_corrections.decided_at_apply(plan, failed.address, failed.keys)
        if wanted.corrected
        else ""
    )
    verdict = Verdict.UNDETERMINED if path else Verdict.VIOLATED
    return Finding(failed.address, verdict, failed.check, failed.title, path)


def _skipped(finding: FoundRecord, run: RunContext, *, refused: bool) -> FoundRecord:
    """The finding with the comment that skips it, if one does and no waiver covers it."""
    if finding.verdict is Verdict.WAIVED:
        return finding
    # Not of a folder that was only guessed: no verdict rests on it.
    comment = checkov_skips.skip(run.plan.source, finding.address, finding.observed, refused=refused)
    return finding_record.skipped(finding, comment) if comment else finding


def _corrections(plan: Plan, findings: Sequence[FoundRecord]) -> list[str]:
    """Where these findings are not Checkov's."""
    undecided = sum(each.verdict is Verdict.UNDETERMINED for each in findings)
    said = [checkov_corrections.POLICIES, checkov_corrections.SKIPS, checkov_corrections.deletions(plan)]
    if undecided:
        said.append(
            f"undetermined, not failed, because the attributes are known after apply: {undecided}"
        )
    return [each for each in said if each]


def _notes(findings: Sequence[FoundRecord]) -> Iterator[str]:
    skipped = [each for each in findings if each.skip]
    if skipped:
        places = ", ".join(dict.fromkeys(each.skip.where for each in skipped if each.skip))
        what = "skipped by a comment, which is not approved and never expires"
        if any(each.skip.refused for each in skipped if each.skip):
            what = "skipped by a comment, which is refused: write a waiver into policies/waivers.toml"
        yield f"{len(skipped)} {what}: {places}"
