"""What does a compliance tool read? OSCAL assessment results.

An observation is one scenario for one resource, with the values that were read; a risk is a finding,
with its waiver as an approved deviation; a finding is a control. OSCAL knows only "satisfied" and "not
satisfied": a control is satisfied here only where the plan shows the whole of it, and the property
`state` says what is true otherwise. Source: NIST, OSCAL 1.1, assessment results model.
"""

import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from planspec.evidence import Evidence, ScenarioRecord, WaiverRecord, pretty
from planspec.finding import Verdict
from planspec.reports.control_matrix import Row as Control
from planspec.reports.control_matrix import State, matrix
from planspec.reports.rows import WHOLE_PLAN, Row, headline, rows

OSCAL_VERSION: Final = "1.1.3"
NAMESPACE: Final = "urn:planspec:evidence"
_UUIDS: Final = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
_NOT_IN_TOKEN: Final = re.compile(r"[^A-Za-z0-9._-]")


def render(evidence: Evidence) -> bytes:
    """Return the assessment results as JSON."""
    return pretty(_document(evidence))


def _document(evidence: Evidence) -> dict[str, Any]:
    at, controls, found = evidence.seal.judged_at, matrix(evidence), rows(evidence)
    asked = [each for each in controls if each.scenarios]
    result = {
        "uuid": _uuid("result", evidence.seal.sha256),
        "title": _line(f"planspec on {evidence.plan.name}"),
        "description": headline(evidence),
        "start": at,
        "end": at,
        "props": _result_properties(evidence),
        "reviewed-controls": {"control-selections": [_selection(asked)]},
        "observations": [*_observations(evidence, found)],
        "risks": [_risk(row) for row in found],
        "findings": [_finding(each, found) for each in controls],
    }
    items = _inventory(evidence)
    if items:
        result["local-definitions"] = {"inventory-items": items}
    plan = _uuid("assessment plan", evidence.inputs.features.sha256)
    return {
        "assessment-results": {
            "uuid": _uuid("assessment", evidence.seal.sha256),
            "metadata": {
                "title": _line(f"Requirements judged on the Terraform plan {evidence.plan.name}"),
                "last-modified": at,
                "version": evidence.seal.sha256[:12],
                "oscal-version": OSCAL_VERSION,
                "props": [_property("tool", str(evidence.tool))],
            },
            "import-ap": {"href": f"#{plan}", "remarks": "The requirements take the place of the plan."},
            "results": [{key: value for key, value in result.items() if value}],
            "back-matter": {"resources": [_features(evidence, plan)]},
        }
    }


def _result_properties(evidence: Evidence) -> list[dict[str, str]]:
    plan = evidence.plan
    return [
        _property("plan-sha256", plan.sha256),
        _property("document-sha256", plan.document_sha256),
        _property("terraform-version", plan.terraform_version or "unknown"),
        _property("verdict", "blocked" if evidence.blocks else "passed"),
        _property("changes-judged", f"{plan.changes_judged} of {plan.changes_total}"),
        *_own_steps(evidence),
        _property("policies-sha256", evidence.inputs.policies.sha256),
        _property("waivers-sha256", evidence.inputs.waivers.sha256 or "no waivers"),
    ]


def _own_steps(evidence: Evidence) -> list[dict[str, str]]:
    """The digest of steps that are not planspec's own, where there were some."""
    number = evidence.inputs.own_steps.sha256
    return [_property("own-steps-sha256", number)] if number else []


def _features(evidence: Evidence, identity: str) -> dict[str, Any]:
    files = evidence.inputs.features.files
    digests = [_property("sha256", f"{number} {name}") for name, number in files.items()]
    return {
        "uuid": identity,
        "title": "The requirements, as feature files",
        "description": f"SHA-256 over all of them: {evidence.inputs.features.sha256}",
        "props": digests,
    }


def _selection(controls: Sequence[Control]) -> dict[str, Any]:
    if not controls:
        return {"description": "No scenario of this run serves a control.", "include-all": {}}
    return {"include-controls": [{"control-id": each} for each in sorted({*map(_control, controls)})]}


def _control(row: Control) -> str:
    """The identifier of a control; only NIST publishes its own as OSCAL."""
    number = _NOT_IN_TOKEN.sub("-", row.control.control).lower()
    return number if row.framework.prefix == "nist" else f"{row.framework.prefix}-{number}"


def _inventory(evidence: Evidence) -> list[dict[str, Any]]:
    """The resources that a scenario examined, or that a finding names."""
    found = {address for each in evidence.scenarios for address in each.examined}
    found |= {finding.address for _, finding in evidence.found}
    actions = {each.address: ", ".join(each.actions) for each in evidence.resources}
    return [
        {
            "uuid": _uuid("resource", address),
            "description": actions.get(address, "not a resource of the plan"),
            "props": [{"name": "asset-id", "value": _line(address)}],
        }
        for address in sorted(found)
    ]


def _observations(evidence: Evidence, found: Sequence[Row]) -> Iterator[dict[str, Any]]:
    at = evidence.seal.judged_at
    named: dict[tuple[str, str], list[Row]] = {}
    for row in found:
        named.setdefault((_asked(row), row.finding.address), []).append(row)
    for scenario in evidence.scenarios:
        shown: dict[str, list[str]] = {}
        for each in scenario.read:
            shown.setdefault(each.address, []).append(f"{each.path} = {each.shown}")
        for address in scenario.examined:
            mine = named.pop((scenario.name, address), [])
            yield _observation(scenario.name, address, mine, shown, at)
        if not scenario.examined:
            yield _observation(scenario.name, "", [], {}, at, scenario.why_not_applicable)
    for (asked, address), mine in named.items():
        yield _observation(asked, address, mine, {}, at)


def _asked(row: Row) -> str:
    """What was asked: the scenario by its whole name, which is one of a kind, or the check."""
    return row.scenario.name if row.scenario else f"{row.rule} {row.title}"


def _observation(
    asked: str, address: str, found: Sequence[Row], shown: dict[str, list[str]], at: str, why: str = ""
) -> dict[str, Any]:
    said = "\n".join(row.message for row in found) or (f"not applicable: {why}" if why else "complies")
    observation: dict[str, Any] = {
        "uuid": _uuid("observation", asked, address),
        "title": _line(asked),
        "description": said,
        "methods": ["TEST"],
        "types": ["finding" if found else "control-objective"],
        "collected": at,
    }
    if address:
        subject = {"subject-uuid": _uuid("resource", address), "type": "inventory-item"}
        observation["subjects"] = [subject | {"title": _line(address)}]
    if shown.get(address):
        observation["relevant-evidence"] = [{"description": each} for each in shown[address]]
    return observation


def _risk(row: Row) -> dict[str, Any]:
    found, waiver = row.finding, row.finding.waiver
    waived = found.verdict == Verdict.WAIVED
    risk: dict[str, Any] = {
        "uuid": _uuid("risk", found.fingerprint),
        "title": _line(f"{row.rule} {row.title}"),
        "description": row.message,
        "statement": _statement(row.scenario) or row.title,
        "props": [_property("verdict", found.verdict), _property("fingerprint", found.fingerprint)],
        "status": "deviation-approved" if waived else "open",
        "related-observations": [{"observation-uuid": _uuid("observation", _asked(row), found.address)}],
    }
    if found.remedy:
        remedy = {"lifecycle": "recommendation", "title": "Remedy", "description": found.remedy}
        risk["remediations"] = [{"uuid": _uuid("remedy", found.fingerprint), **remedy}]
    if waiver:
        risk["risk-log"] = {"entries": [_logged(waiver, found.fingerprint, waived=waived)]}
        if waived:
            risk["deadline"] = f"{waiver.expires}T23:59:59Z"
    return risk


def _logged(waiver: WaiverRecord, fingerprint: str, *, waived: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "uuid": _uuid("waiver", fingerprint, str(waiver.created)),
        "title": _line(f"Waiver, {waiver.standing}"),
        "description": waiver.reason,
        "start": _day(waiver.created),
        "end": _day(waiver.expires),
        "props": [_property("owner", waiver.owner), _property("approver", waiver.approver)],
    }
    if waiver.ticket:
        entry["props"].append(_property("ticket", waiver.ticket))
    if waived:
        entry["status-change"] = "deviation-approved"
    return entry


def _finding(row: Control, found: Sequence[Row]) -> dict[str, Any]:
    scenarios = {each.scenario for each in row.scenarios}
    seen = [
        _uuid("observation", each.name, address)
        for each in row.scenarios
        for address in each.examined or [""]
    ]
    risks = [
        _uuid("risk", each.finding.fingerprint)
        for each in found
        if each.rule in scenarios and each.rule != WHOLE_PLAN
    ]
    finding: dict[str, Any] = {
        "uuid": _uuid("finding", row.tag),
        "title": _line(f"{row.framework.title} {row.control.control}: {row.control.title}"),
        "description": _told(row),
        "props": [_property("state", row.state), _property("framework", row.framework.title)],
        "target": {
            "type": "objective-id",
            "target-id": f"{_control(row)}_obj" if row.framework.prefix == "nist" else _control(row),
            "status": _status(row),
        },
    }
    if seen:
        finding["related-observations"] = [{"observation-uuid": each} for each in seen]
    if risks:
        finding["related-risks"] = [{"risk-uuid": each} for each in dict.fromkeys(risks)]
    return finding


def _told(row: Control) -> str:
    missing = f" Missing: {'; '.join(row.missing)}." if row.missing else ""
    names = ", ".join(each.scenario for each in row.scenarios) or "none"
    return f"{row.state}. Scenarios: {names}.{missing}"


def _status(row: Control) -> dict[str, str]:
    """Only what the plan shows as a whole is satisfied."""
    if row.state is State.EVIDENCED:
        return {"state": "satisfied", "reason": "pass"}
    reason = "fail" if row.state is State.CONTRADICTED else "other"
    return {"state": "not-satisfied", "reason": reason, "remarks": _told(row)}


def _statement(scenario: ScenarioRecord | None) -> str:
    return scenario.rationale if scenario else ""


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": name, "ns": NAMESPACE, "value": _line(value)}


def _line(text: str) -> str:
    """A text in one line, as titles and values of properties have to be."""
    return " ".join(text.split()) or "unnamed"


def _day(day: date) -> str:
    return f"{day}T00:00:00Z"


def _uuid(*parts: str) -> str:
    """An identifier that is the same for the same thing in each report."""
    return str(uuid.uuid5(_UUIDS, "\0".join(parts)))
