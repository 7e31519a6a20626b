"""What does the test view of a CI system read? JUnit XML.

A suite is a feature, a test is one scenario for one resource. What blocks is a failure; what is
waived, only advisory, overridden or not applicable is skipped, and says so. There is no standard;
the form is the one that Jenkins, GitLab, GitHub's actions and Azure read alike.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

from planspec.evidence import Evidence, FoundRecord, ScenarioRecord
from planspec.finding import Verdict
from planspec.reports.rows import Row, rows, without_commands

# Signs that turn the direction of what follows, so that a reader sees another text.
# Characters that XML 1.0 cannot hold in any form, and the return, which it turns into another one.
_TURNING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_IN_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PLAN: Final = "the plan as a whole"
CHECKOV: Final = "Checkov"


def render(evidence: Evidence) -> bytes:
    """Return the report as XML."""
    found: dict[str, list[Row]] = {}
    for row in rows(evidence):
        found.setdefault(_suite_of(row), []).append(row)
    places = {each.address: each.where for each in evidence.resources}
    features: dict[str, list[ScenarioRecord]] = {}
    for scenario in evidence.scenarios:
        features.setdefault(scenario.feature, []).append(scenario)
    top = ET.Element("testsuites", name=_text(f"planspec {evidence.plan.name}"))
    for feature, scenarios in features.items():
        mine = found.get(feature, [])
        cases = (case for each in scenarios for case in _cases(each, mine, places))
        _suite(top, evidence, feature, cases)
    for name in (PLAN, CHECKOV):
        if found.get(name):
            _suite(top, evidence, name, (_case(row, row.finding.address) for row in found[name]))
    for what in ("tests", "failures", "errors"):
        top.set(what, str(sum(int(suite.get(what, "0")) for suite in top)))
    ET.indent(top)
    written: bytes = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite_of(row: Row) -> str:
    if row.scenario is not None:
        return row.scenario.feature
    return CHECKOV if row.finding.address else PLAN


def _suite(top: ET.Element, evidence: Evidence, name: str, cases: Iterable[ET.Element]) -> None:
    suite = ET.SubElement(top, "testsuite", name=_text(name))
    suite.extend(list(cases))
    counted = {"tests": len(suite), "errors": 0}
    for tag, what in (("failure", "failures"), ("skipped", "skipped")):
        counted[what] = sum(case.find(tag) is not None for case in suite)
    for what, number in counted.items():
        suite.set(what, str(number))
    suite.set("time", "0")
    suite.set("timestamp", evidence.seal.judged_at.removesuffix("Z"))


def _cases(
    scenario: ScenarioRecord, found: Iterable[Row], places: Mapping[str, str]
) -> Iterator[ET.Element]:
    """One case for each resource that was examined; one that is skipped where there was none."""
    mine: dict[str, list[Row]] = {}
    for row in found:
        if row.scenario is scenario:  # of all that the feature found
            mine.setdefault(row.finding.address, []).append(row)
    for address in dict.fromkeys([*scenario.examined, *mine]):
        if address in mine:
            yield from (_case(row, address) for row in mine[address])
        else:
            yield _empty_case(scenario, address, places.get(address, ""))
    if not scenario.examined and not mine:
        case = _empty_case(scenario, PLAN, "")
        ET.SubElement(case, "skipped", message=_text(f"not applicable: {scenario.why_not_applicable}"))
        yield case


def _empty_case(scenario: ScenarioRecord, address: str, where: str) -> ET.Element:
    name = _text(f"{scenario.name} [{address}]")
    case = ET.Element("testcase", classname=_text(address), name=name, time="0")
    file, _, line = where.rpartition(":")
    if file:
        case.set("file", _text(file))
        case.set("line", line)
    _properties(case, scenario, None)
    return case


def _case(row: Row, address: str) -> ET.Element:
    scenario = row.scenario
    name = _text(f"{row.rule} {row.title} [{address}]" if address else f"{row.rule} {row.title}")
    case = ET.Element("testcase", classname=_text(address or PLAN), name=name, time="0")
    if row.file:
        case.set("file", _text(row.file))
        case.set("line", str(row.line))
    _properties(case, scenario, row.finding)
    message, text = _text(row.message), _text("\n".join([row.message, *row.notes]))
    if row.level == "error":
        ET.SubElement(case, "failure", type=row.finding.verdict.value, message=message).text = text
    else:
        ET.SubElement(case, "skipped", message=f"{_why(row)}: {text}")
    return case


def _why(row: Row) -> str:
    """Why a finding does not fail."""
    if row.finding.verdict == Verdict.WAIVED:
        return "waived"
    overridden = bool(row.scenario and row.scenario.override)
    return f"{row.finding.verdict}, {'overridden' if overridden else 'advisory'}"


def _properties(case: ET.Element, scenario: ScenarioRecord | None, finding: FoundRecord | None) -> None:
    said: list[tuple[str, str]] = []
    if scenario:
        said += [("requirement", scenario.requirement), ("enforcement", scenario.enforcement)]
        said += [("severity", scenario.severity)] if scenario.severity else []
        said += [("control", each) for each in scenario.controls]
    if finding:
        said.append(("fingerprint", finding.fingerprint))
    if finding and finding.waiver:
        waiver = finding.waiver
        said += [("waiver", f"{waiver.standing}: {waiver.reason}"), ("approver", waiver.approver)]
        said += [("expires", str(waiver.expires)), ("ticket", waiver.ticket)]
    if said:
        properties = ET.SubElement(case, "properties")
        for name, value in said:
            ET.SubElement(properties, "property", name=name, value=_text(value))


def _text(text: str) -> str:
    return _TURNING.sub(
        lambda sign: f"\\u{ord(sign[0]):04x}", _NOT_IN_XML.sub("�", without_commands(text))
    )
