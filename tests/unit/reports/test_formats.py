"""Is each report what its format says, and does it say everything that the record says?"""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
import xmlschema
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif
from trestle.oscal.assessment_results import Model as AssessmentResults

from planspec import bundle, reports
from planspec.checkov import VERSION
from planspec.evidence import Evidence, FoundRecord, OverrideRecord, ScannerRecord
from planspec.finding import Verdict
from planspec.plan import decode
from planspec.reports import comment
from planspec.reports.rows import printable, rows, unobeyed
from planspec.reports.sarif import LEVEL_OF
from planspec.runner.check import Settings, check
from planspec.runner.checkov_findings import Alongside
from planspec.source import of_folder

ROOT = Path(__file__).parents[3]
SCHEMAS = Path(__file__).parent / "schemas"
OWN = """
@severity:low
Feature: Own

  Background:
    Given the Terraform plan

  @advisory
  Scenario: OWN-01.1 Advice
    When we examine every planned "aws_s3_bucket"
    Then every "bucket" must not be set

  @soft
  Scenario: OWN-01.2 Soft
    When we examine every planned "aws_s3_bucket"
    Then every "bucket" must not be set

  Scenario: OWN-01.3 Nothing
    When we examine every planned "aws_sqs_queue"
    Then every "name" must be set

  Scenario: OWN-01.4 Hostile <text>
    When we examine every planned "aws_s3_bucket"
    Then every "bucket" must match "<text>"

    Examples:
      | text                                     |
      | @admin #1 <script src=x>1</script> ]]> |
      | a%0A::error::b, c: d                   |
"""
WAIVER = """
[[waiver]]
requirement = "{requirement}"
address = "{address}"
reason = "moves behind the proxy | this week"
owner = "platform"
approver = "Ada Lovelace"
ticket = "OPS-7"
created = 2026-11-01
expires = {expires}
"""


def judged(folder: Path, plan: str = "inherited", **settings: Any) -> Evidence:
    """Judge a recorded plan by our requirements and the own ones, with waivers of every standing."""
    for path in bundle.POLICIES.glob("*.toml"):
        (folder / path.name).write_bytes(path.read_bytes())
    own = folder / "own.feature"
    own.write_text(OWN, encoding="utf-8")
    waivers = (
        ("EXP-01", "aws_db_instance.*", "2027-01-01"),
        ("ENC-01", "*", "2026-11-02"),
        ("DUR-01", "*", "2026-12-01"),
        ("EXP-05", "nothing.at_all", "2027-01-01"),
    )
    written = (WAIVER.format(requirement=a, address=b, expires=c) for a, b, c in waivers)
    (folder / "waivers.toml").write_text("".join(written), encoding="utf-8")
    text = (ROOT / "plans" / f"{plan}.json").read_bytes()
    chosen = Settings(
        features=(bundle.FEATURES, own),
        policies=folder,
        checkov=Alongside("off"),
        keep_reads=True,
        today=date(2026, 11, 24),
        located=of_folder(ROOT / "plans" / "inherited"),
        overrides={"OWN-01.2": OverrideRecord(name="Ada", reason="next week")},
    )._replace(**settings)
    return check(decode(text, f"plans/{plan}.json"), text, chosen, lambda _: None)


def with_checkov(record: Evidence) -> Evidence:
    """The record as if Checkov had failed one check, and blocked the plan as a whole besides."""
    found = FoundRecord(
        fingerprint="c" * 32,
        value="d" * 32,
        address="aws_lb.main",
        verdict=Verdict.VIOLATED,
        observed="CKV_AWS_150",
        expected="Ensure that Load Balancer has deletion protection enabled",
        where="plans/inherited/ecs.tf:90",
    )
    plan = msgspec.structs.replace(record.plan, blocking=["3 provider actions will run, unjudged"])
    scanned = ScannerRecord(version=VERSION, passed=7, findings=[found])
    return msgspec.structs.replace(record, checkov=scanned, plan=plan)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """A record that holds every kind of finding."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return with_checkov(judged(tmp_path_factory.mktemp("policies")))


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """A record of the corrected plan, with findings that do not block."""
    folder = tmp_path_factory.mktemp("policies")
    own = folder / "advice.feature"
    own.write_text(OWN.partition("  Scenario: OWN-01.3")[0], encoding="utf-8")
    return judged(folder, "corrected", features=(bundle.FEATURES, own))


def text(name: str, record: Evidence) -> str:
    """A report as text."""
    return reports.render(name, record).decode("utf-8")


def large(record: Evidence, times: int) -> Evidence:
    """The record with every finding of Checkov many times."""
    (one,) = record.checkov.findings
    many = [
        msgspec.structs.replace(one, address=f"aws_lb.main[{number}]", fingerprint=f"{number:032x}")
        for number in range(times)
    ]
    scanned = msgspec.structs.replace(record.checkov, findings=many)
    return msgspec.structs.replace(record, checkov=scanned)


def test_the_record_of_these_tests_holds_every_kind_of_finding(record: Evidence) -> None:
    found = rows(record)
    assert {row.level for row in found} == {"error", "warning", "note"}
    assert {row.finding.verdict for row in found} == {
        Verdict.VIOLATED,
        Verdict.UNDETERMINED,
        Verdict.WAIVED,
    }
    standing = {row.finding.waiver.standing for row in found if row.finding.waiver}
    assert standing == {"in force", "ends soon", "expired"}
    assert record.waivers_unused == ["EXP-05 for nothing.at_all (expires 2027-01-01)"]


@pytest.mark.parametrize("name", [*reports.FORMATS])
def test_every_report_is_the_same_from_the_record_read_again(name: str, record: Evidence) -> None:
    again = msgspec.json.decode(reports.render("json", record), type=Evidence)
    assert reports.render(name, again) == reports.render(name, record)


TELLING = [
    "console",
    "json",
    "junit",
    "full-sarif",
    "gitlab",
    "summary",
    "comment",
    "conftest",
    "atlantis",
]


@pytest.mark.parametrize("name", [*TELLING, "oscal"])
def test_waived_and_expired_findings_stay_visible_with_who_accepted_them(
    name: str, record: Evidence
) -> None:
    said = text(name, record)
    assert said.count("Ada Lovelace") >= 2, name
    assert "expired" in said.lower()
    assert "EXP-01.1" in said


@pytest.mark.parametrize("name", [*TELLING, "oscal", "github"])
def test_every_report_says_that_the_plan_as_a_whole_is_blocked(name: str, record: Evidence) -> None:
    nothing = msgspec.structs.replace(
        record, scenarios=record.scenarios[:1], checkov=ScannerRecord(version="3")
    )
    assert "3 provider actions will run" in text(name, nothing)


HOSTILE = "\x1b[31m\x07\r\n::error::|`<b>@x ##[group]a##vso[task.x] \u202eb "
# What the record itself holds to a form.
HELD = {"format_version", "judged_on", "verdict", "kind", "sha256", "document_sha256", "standing"}
HELD |= {"created", "expires", "fingerprint", "value", "enforcement", "judged_at", "severity", "where"}
HELD |= {"runner", "asked", "files", "actions", "cost", "coverage", "observed", "shown", "options"}


def hostile(tree: Any, name: str = "") -> Any:
    """The same document, with control characters and markup before every free text."""
    if name in HELD:
        return tree
    if isinstance(tree, dict):
        return {key: hostile(value, key) for key, value in tree.items()}
    if isinstance(tree, list):
        return [hostile(value, name) for value in tree]
    return HOSTILE + tree if isinstance(tree, str) else tree


@pytest.mark.parametrize("name", reports.FORMATS)
def test_no_report_lets_a_text_of_somebody_else_command_a_terminal_or_a_runner(
    name: str, record: Evidence
) -> None:
    document = hostile(json.loads(reports.render("json", record)))
    said = text(name, msgspec.json.decode(json.dumps(document), type=Evidence))
    assert not {"\x1b", "\x07", "\r"} & set(said)
    if name in {"github", "console", "conftest", "atlantis"}:
        ours = ("::error ", "::warning ", "::notice ") if name == "github" else ()
        assert not [
            line for line in said.splitlines() if line.startswith("::") and not line.startswith(ours)
        ]
    if name != "html":  # which no log shows: it is a file
        assert not re.search(r"##\w*\[", unobeyed(said.encode()).decode().replace("</", ""))
    if name not in {
        "json",
        "sarif",
        "full-sarif",
        "gitlab",
        "oscal",
    }:  # what reads JSON shows it by its own means
        assert "\u202e" not in said


def test_no_command_stands_in_a_text_that_is_printed() -> None:
    for text_, shown in (
        ("##[command]x", r"\x23#[command]x"),
        ("a ##vso[task]", r"a \x23#vso[task]"),
        ("::error::x", r"\x3a:error::x"),
        ("a ::error::x", r"a \x3a:error::x"),
        ("arn:aws:s3:::b ## [x]", "arn:aws:s3:::b ## [x]"),
    ):
        assert printable(text_) == shown
    assert unobeyed(b'["##[x]"]') == b'["\\u0023#[x]"]'


# SARIF


def test_sarif_is_valid_by_the_models_of_its_schema(record: Evidence, passed: Evidence) -> None:
    for each in (record, passed):
        for name in ("sarif", "full-sarif"):
            Sarif(**json.loads(reports.render(name, each)))


def results(record: Evidence, name: str = "full-sarif") -> list[dict[str, Any]]:
    """The results of the SARIF log."""
    log = json.loads(reports.render(name, record))
    found: list[dict[str, Any]] = log["runs"][0]["results"]
    return found


def test_sarif_points_into_the_block_of_every_finding(record: Evidence) -> None:
    """Found here by looking for the block in the files, not by the parser that planspec uses."""
    blocks = {}
    named = ""
    for path in sorted((ROOT / "plans" / "inherited").glob("*.tf")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            head = re.match(r'(\w+) "(\w+)"(?: "(\w+)")? \{', line)
            if head:
                named = f"{head[2]}.{head[3]}" if head[3] else f"{head[1]}.{head[2]}"
                blocks[named] = (f"plans/inherited/{path.name}", number, number)
            elif line.startswith("}") and named:
                blocks[named] = (*blocks[named][:2], number)
                named = ""
    checked = 0
    for result in results(record):
        (place,) = result["locations"]
        if "logicalLocations" not in place:
            assert result["ruleId"] == "PLAN"
            continue
        address = place["logicalLocations"][0]["fullyQualifiedName"]
        physical = place["physicalLocation"]
        file, first, last = blocks[re.sub(r"\[.*", "", address)]
        assert physical["artifactLocation"]["uri"] == file
        assert first <= physical["region"]["startLine"] <= last, result["ruleId"]
        checked += 1
    assert checked == len(record.found) > 100


def test_sarif_keeps_to_what_github_takes(record: Evidence) -> None:
    log = json.loads(reports.render("sarif", large(record, 30_000)))
    (run,) = log["runs"]
    assert len(run["results"]) == 5_000
    assert run["results"][0]["level"] == "error"
    (said,) = [
        each["message"]["text"]
        for each in run["invocations"][0]["toolExecutionNotifications"]
        if "the least grave" in each["message"]["text"]
    ]
    accepted = sum(each.verdict == Verdict.WAIVED for _, each in record.found)
    assert int(said.split()[0]) == len(record.found) - accepted + 30_000 - 5_000
    assert all(len(rule["properties"]["tags"]) <= 10 for rule in run["tool"]["driver"]["rules"])


def test_sarif_fingerprints_are_one_of_a_kind_and_waived_results_are_suppressed(
    record: Evidence,
) -> None:
    found = results(record)
    numbers = Counter(each["partialFingerprints"]["primaryLocationLineHash"] for each in found)
    assert set(numbers.values()) == {1}
    waived = [each for each in found if each["suppressions"]]
    assert {each["properties"]["verdict"] for each in waived} == {"waived"}
    assert all("Ada Lovelace" in each["suppressions"][0]["justification"] for each in waived)
    assert {each["level"] for each in waived} == {"note"}
    indices = {each["ruleId"]: each["ruleIndex"] for each in found}
    rules = json.loads(reports.render("full-sarif", record))["runs"][0]["tool"]["driver"]["rules"]
    assert {rule["id"]: number for number, rule in enumerate(rules)} == indices


def test_what_was_accepted_opens_no_alert(record: Evidence) -> None:
    uploaded, whole = results(record, "sarif"), results(record)
    assert {each["properties"]["verdict"] for each in uploaded} == {"violated", "undetermined"}
    accepted = [each for each in whole if each["suppressions"]]
    assert len(whole) == len(uploaded) + len(accepted) > len(uploaded)
    log = json.loads(reports.render("sarif", record))
    notes = [
        each["message"]["text"]
        for each in log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    ]
    assert f"{len(accepted)} accepted findings are left out; -o full-sarif keeps them" in notes


def test_a_level_follows_from_severity_and_from_what_blocks(record: Evidence) -> None:
    shown = {}
    for scenario, found in record.found:
        if found.verdict != Verdict.WAIVED:
            shown[found.fingerprint] = (
                ("note" if not scenario.blocks else LEVEL_OF[scenario.severity]) if scenario else "error"
            )
    for each in results(record, "sarif"):
        number = each["partialFingerprints"]["planspec/v1"]
        if each["ruleId"] != "PLAN":
            assert each["level"] == shown[number], each["ruleId"]
    assert {each["level"] for each in results(record, "sarif")} == {"error", "warning", "note"}
    rules = json.loads(reports.render("sarif", record))["runs"][0]["tool"]["driver"]["rules"]
    graded = [each for each in rules if "security-severity" in each["properties"]]
    own = [
        each for each in rules if "checkov" not in each["properties"]["tags"] and each["id"] != "PLAN"
    ]
    assert len(graded) >= len(own) - 5 > 50
    assert all("security" in each["properties"]["tags"] for each in rules)


# JUnit


def test_junit_is_valid_by_its_schema(record: Evidence, passed: Evidence) -> None:
    schema = xmlschema.XMLSchema(SCHEMAS / "junit.xsd")
    for each in (record, passed):
        schema.validate(text("junit", each))


def cases(record: Evidence) -> list[ET.Element]:
    """The test cases."""
    return list(ET.fromstring(reports.render("junit", record)).iter("testcase"))  # noqa: S314


def test_junit_fails_what_blocks_and_skips_what_does_not(record: Evidence) -> None:
    found = cases(record)
    failures = [each for each in found if each.find("failure") is not None]
    assert len(failures) == sum(row.level == "error" for row in rows(record))
    skipped = {case.get("name", "")[:8]: case.find("skipped") for case in found}
    said = {name: each.get("message", "") for name, each in skipped.items() if each is not None}
    assert said["OWN-01.1"].startswith("violated, advisory: ")
    assert said["OWN-01.2"].startswith("violated, overridden: ")
    assert said["OWN-01.3"].startswith("not applicable")
    assert said["EXP-01.1"].startswith("waived: ")


def test_junit_begins_well_with_a_scenario_that_is_skipped(record: Evidence) -> None:
    first = [each for each in record.scenarios if each.verdict == Verdict.NOT_APPLICABLE]
    only = msgspec.structs.replace(record, scenarios=first, checkov=ScannerRecord(version="3"))
    schema = xmlschema.XMLSchema(SCHEMAS / "junit.xsd")
    schema.validate(text("junit", only))


def test_junit_holds_no_character_that_xml_forbids(record: Evidence) -> None:
    (one,) = record.checkov.findings
    hostile = msgspec.structs.replace(one, address='aws_x.y["\x00\x1b]]>\ufffe"]')
    scanned = msgspec.structs.replace(record.checkov, findings=[hostile])
    assert cases(msgspec.structs.replace(record, checkov=scanned))


# GitLab, GitHub, Markdown


def test_gitlab_s_report_is_valid_and_each_fingerprint_one_of_a_kind(record: Evidence) -> None:
    schema = json.loads((SCHEMAS / "gitlab-code-quality.json").read_text(encoding="utf-8"))
    issues = json.loads(reports.render("gitlab", record))
    jsonschema.validate(issues, schema)
    assert len({each["fingerprint"] for each in issues}) == len(issues) == len(rows(record))


def test_github_s_annotations_are_few_escaped_and_say_how_many_are_left(record: Evidence) -> None:
    lines = text("github", record).splitlines()
    kinds = Counter(line.split(" ", 1)[0] for line in lines)
    assert kinds == {
        "::error": 10,
        "::warning": 10 if kinds["::warning"] == 10 else kinds["::warning"],
        "::notice": 1,
    }
    assert re.search(r"; \d+ more findings: see the report$", lines[-1])
    place = r"file=[^,:]+,line=\d+,title=[^,:]+|title=PLAN [^,:]+|title=waiver [a-z ]+"
    for line in lines[:-1]:
        assert re.fullmatch(rf"::(error|warning) ({place})::.+", line), line
    assert "::error title=PLAN " in lines[0]
    for standing in ("expired", "ends soon", "unused"):
        assert any(line.startswith(f"::warning title=waiver {standing}::") for line in lines)
    own = msgspec.structs.replace(
        record,
        scenarios=[each for each in record.scenarios if each.requirement == "OWN-01"],
        checkov=ScannerRecord(version="3"),
    )
    said = text("github", own)
    assert "title=OWN-01.4 Hostile a%250A%3A%3Aerror%3A%3Ab%2C c%3A d::" in said
    assert said.count("\n::error::") == 0


@pytest.mark.parametrize("times", [1, 5_000])
def test_a_comment_stays_under_github_s_limit_and_counts_what_is_cut(
    record: Evidence, times: int
) -> None:
    said = text("comment", large(record, times))
    assert len(said) < len(said.encode()) < 65_536
    assert said.startswith(f"{comment.MARK}\n### planspec: ❌ blocked")
    shown = sum(
        line.startswith(("| ❌ | ", "| ❓ | ", "| ⚠️ | ", "| 🟦 | ")) for line in said.splitlines()
    )
    left = re.search(r"^(\d+) more findings are in the full report", said, re.MULTILINE)
    scenarios = sum(each.verdict in {"violated", "undetermined", "waived"} for each in record.scenarios)
    scenarios = scenarios if "<summary>All " in said else 0
    total = len(rows(record)) - 1 + times
    assert shown - scenarios + int(left[1] if left else 0) == total


def test_markdown_of_hostile_text_holds_no_markup_mention_or_link(record: Evidence) -> None:
    said = text("summary", record)
    assert not re.search(r"(?<!\\)<(?!br>|/?details>|/?summary>)", said)
    assert "@admin" not in said
    assert "#1 " not in said
    table = [line for line in said.splitlines() if line.startswith("| ")]
    cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table}
    assert cells == {4, 6}


# conftest and Atlantis


def fails_in_atlantis(said: str) -> bool:
    """Whether any release of Atlantis takes the text for a failure."""
    new = re.search(r'([1-9][0-9]* failure|failures": \[)', said) or said.startswith("FAIL")
    return bool(new) or "fail" in said.lower() or not said.strip()


def test_atlantis_takes_the_text_for_what_it_is(record: Evidence, passed: Evidence) -> None:
    assert re.search(r"[1-9][0-9]* failure", text("atlantis", record))
    assert not passed.blocks
    assert rows(passed)
    assert not fails_in_atlantis(text("atlantis", passed))


def test_conftest_s_summary_counts_tests(record: Evidence, passed: Evidence) -> None:
    for each in (record, passed):
        last = text("conftest", each).splitlines()[-1]
        shape = r"(\d+) tests, (\d+) passed, (\d+) warnings, (\d+) failures, (\d+) exceptions"
        found = re.fullmatch(shape, last)
        assert found, last
        numbers = [int(number) for number in found.groups()]
        assert numbers[0] == sum(numbers[1:])
        assert (numbers[3] > 0) is each.blocks


# OSCAL


def assessed(record: Evidence) -> Any:
    """The result, read by compliance-trestle."""
    model = AssessmentResults(**json.loads(reports.render("oscal", record)))
    (result,) = model.assessment_results.results
    return result


def test_oscal_is_valid_by_compliance_trestle(record: Evidence, passed: Evidence) -> None:
    for each in (record, passed):
        result = assessed(each)
        known = {item.uuid for item in [*result.observations, *(result.risks or []), *result.findings]}
        known |= {item.uuid for item in result.local_definitions.inventory_items}
        for finding in result.findings:
            assert {item.observation_uuid for item in finding.related_observations or []} <= known
            assert {item.risk_uuid for item in finding.related_risks or []} <= known
        for observation in result.observations:
            assert {item.subject_uuid for item in observation.subjects or []} <= known


def states(record: Evidence) -> dict[str, tuple[str, str]]:
    """The state and the OSCAL status of every control."""
    return {
        finding.target.target_id: (
            next(each.value for each in finding.props if each.name == "state"),
            finding.target.status.state.value,
        )
        for finding in assessed(record).findings
    }


def test_oscal_calls_satisfied_only_what_the_plan_shows_as_a_whole(passed: Evidence) -> None:
    found = states(passed)
    assert {state for state, status in found.values() if status == "satisfied"} == {"evidenced"}
    assert all(status == "satisfied" for state, status in found.values() if state == "evidenced")
    assert "evidenced in part" in {state for state, _ in found.values()}


def test_oscal_shows_a_waiver_as_an_approved_deviation_with_its_last_day(record: Evidence) -> None:
    risks = assessed(record).risks
    approved = [each for each in risks if "deviation-approved" in str(each.status)]
    assert approved
    for risk in approved:
        assert risk.deadline
        (entry,) = risk.risk_log.entries
        assert {"owner", "approver", "ticket"} <= {each.name for each in entry.props}
