"""What does code scanning read? SARIF 2.1.0.

Source: OASIS, SARIF 2.1.0; GitHub, "SARIF support for code scanning", which takes 25,000 results of a
run, shows the 5,000 gravest and ten tags of a rule, and knows an alert again by its fingerprint.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from planspec.evidence import Evidence, RelatedRecord, pretty
from planspec.finding import Verdict
from planspec.reports.rows import WHOLE_PLAN, Row, rows

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS: Final = 5_000
MOST_TAGS: Final = 10
ROOT: Final = "%SRCROOT%"
# The numbers by which GitHub sorts security alerts.
SECURITY_SEVERITY: Final = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.5"}

LEVEL_OF: Final = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}


def render(evidence: Evidence, *, accepted: bool = False) -> bytes:
    """Return the log with one run; what GitHub would not take is cut, the gravest kept, and said.

    Findings that are waived or known are left out unless they are asked for, as `accepted`: GitHub
    opens an alert for each result, suppressed or not.
    """
    waived = sum(row.finding.verdict == Verdict.WAIVED for row in rows(evidence))
    found = sorted(
        (row for row in rows(evidence) if accepted or row.finding.verdict != Verdict.WAIVED),
        key=lambda row: row.gravity,
    )
    kept = found[:MOST_RESULTS]
    rules = {row.rule: _rule(row) for row in kept}
    index = {rule: number for number, rule in enumerate(rules)}
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": evidence.tool.name,
                        "semanticVersion": evidence.tool.version,
                        "rules": list(rules.values()),
                    }
                },
                "automationDetails": {"id": f"planspec/{evidence.plan.name}"},
                "originalUriBaseIds": {ROOT: {"description": {"text": "The top of the repository."}}},
                "invocations": [
                    _invocation(evidence, len(found) - len(kept), 0 if accepted else waived)
                ],
                "columnKind": "unicodeCodePoints",
                "results": [_result(evidence, row, index[row.rule]) for row in kept],
                "properties": {
                    "plan_sha256": evidence.plan.sha256,
                    "changes_judged": evidence.plan.changes_judged,
                    "changes_total": evidence.plan.changes_total,
                },
            }
        ],
    }
    return pretty(log)


def _invocation(evidence: Evidence, cut: int, waived: int) -> dict[str, Any]:
    notes = [*evidence.plan.notes]
    if waived:
        notes.append(f"{waived} accepted findings are left out; -o full-sarif keeps them")
    if evidence.cost and evidence.cost.stale:
        notes.append(evidence.cost.stale)
    if cut:
        notes.append(f"{cut} findings are left out, the least grave: GitHub shows {MOST_RESULTS}")
    if evidence.checkov.missing:
        notes.append(f"Checkov: {evidence.checkov.missing}")
    said = [{"level": "note", "message": {"text": note}} for note in notes]
    return {
        # The run did its work, whatever it found; a run that did not leaves no report.
        "executionSuccessful": True,
        "exitCode": int(evidence.blocks),
        "endTimeUtc": evidence.seal.judged_at,
        "toolExecutionNotifications": said,
    }


def _rule(row: Row) -> dict[str, Any]:
    scenario = row.scenario
    level = _level(row)
    rule: dict[str, Any] = {
        "id": row.rule,
        "shortDescription": {"text": row.title},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": _tags(row)},
    }
    if scenario is not None:
        rule["fullDescription"] = {"text": scenario.rationale or row.title}
        text = [scenario.text, scenario.rationale, scenario.limits]
        fenced = [f"```gherkin\n{scenario.text}\n```", scenario.rationale, scenario.limits]
        rule["help"] = {"text": _paragraphs(text), "markdown": _paragraphs(fenced)}
        if scenario.severity:
            rule["properties"]["security-severity"] = SECURITY_SEVERITY[scenario.severity]
    elif row.rule != WHOLE_PLAN:
        rule["help"] = {"text": f"Checkov {row.rule}: {row.title}"}
    return rule


def _level(row: Row) -> str:
    """How GitHub shows it: by severity where it blocks; what does not block is a note."""
    if row.level != "error":
        return "note"
    return LEVEL_OF.get(row.severity, "error")


def _tags(row: Row) -> list[str]:
    own = row.scenario
    # GitHub shows the severity of a rule only where it is about security.
    tags = ["security", own.area, own.requirement, *row.controls] if own else ["security", "checkov"]
    return list(dict.fromkeys(tags))[:MOST_TAGS]


def _paragraphs(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def _result(evidence: Evidence, row: Row, rule: int) -> dict[str, Any]:
    found = row.finding
    fingerprint = found.fingerprint
    result: dict[str, Any] = {
        "ruleId": row.rule,
        "ruleIndex": rule,
        "level": _level(row),
        "message": {"text": "\n".join([row.message, *row.notes])},
        "locations": [_location(evidence, row)],
        # GitHub asks for the second name.
        "partialFingerprints": {"planspec/v1": fingerprint, "primaryLocationLineHash": fingerprint},
        # Empty, and not left out, says that nobody accepted it.
        "suppressions": [_suppression(row)] if found.verdict == Verdict.WAIVED else [],
        "properties": {"verdict": found.verdict.value, "path": found.path, "severity": row.severity},
    }
    related = [_related(each, number) for number, each in enumerate(found.related, 1)]
    if related:
        result["relatedLocations"] = related
    return result


def _related(other: RelatedRecord, number: int) -> dict[str, Any]:
    """Another resource that the finding is about."""
    file, _, line = other.where.rpartition(":")
    place: dict[str, Any] = {"id": number, "message": {"text": other.address}}
    place["logicalLocations"] = [{"fullyQualifiedName": other.address, "kind": "resource"}]
    return place | ({"physicalLocation": _physical(file, int(line))} if file else {})


def _location(evidence: Evidence, row: Row) -> dict[str, Any]:
    """The block of the resource; without the source, the plan."""
    path = row.file or evidence.plan.name
    place: dict[str, Any] = {"physicalLocation": _physical(path, max(row.line, 1))}
    if row.finding.address:
        logical = {"fullyQualifiedName": row.finding.address, "kind": "resource"}
        place["logicalLocations"] = [logical]
    return place


def _physical(path: str, line: int) -> Mapping[str, Any]:
    artifact = {"uri": quote(path.replace("\\", "/").removeprefix("./")), "uriBaseId": ROOT}
    if path.startswith("/"):
        artifact = {"uri": f"file://{quote(path)}"}
    return {"artifactLocation": artifact, "region": {"startLine": line}}


def _suppression(row: Row) -> dict[str, Any]:
    # Without a status it is accepted; the first publication of the schema does not know the word.
    return {
        "kind": "inSource" if row.finding.skip else "external",
        "justification": "; ".join(row.notes),
    }
