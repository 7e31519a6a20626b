"""Does a run leave the record that its schema describes, the same each time, and sealed?"""

import json
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from planspec import bundle
from planspec.errors import EvidenceError
from planspec.evidence import DigestRecord, Evidence, file
from planspec.features import as_written
from planspec.finding import Finding, Verdict, fingerprint_of_value, fingerprints
from planspec.plan import decode
from planspec.runner.check import Settings, check
from planspec.runner.checkov_findings import Alongside
from planspec.runner.provenance import given_json
from planspec.source import of_folder
from tests.support import accepted

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "docs" / "evidence.schema.json"
PLANS = ROOT / "plans"


def judged(text: bytes, **settings: Any) -> Evidence:
    """Judge a plan without Checkov, keeping everything that is read."""
    chosen = {"checkov": Alongside("off"), "keep_reads": True, **settings}
    return check(decode(text, "plan.json"), text, Settings(**chosen), lambda _: None)


@pytest.fixture(scope="module")
def inherited() -> Evidence:
    """The record of the service as it was handed over."""
    return judged((PLANS / "inherited.json").read_bytes(), located=of_folder(PLANS / "inherited"))


def findings(record: Evidence) -> dict[str, tuple[str, str]]:
    """What each fingerprint is about."""
    return {
        finding.fingerprint: (scenario.scenario if scenario else "", finding.address)
        for scenario, finding in record.found
    }


@pytest.mark.accepted
def test_the_schema_is_the_one_of_the_structs() -> None:
    accepted.hold(SCHEMA, json.dumps(file.schema(), indent=2) + "\n")


def test_a_record_is_valid_by_its_schema(inherited: Evidence) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(file.encode(inherited))
    jsonschema.validate(document, schema)
    document["scenarios"][0]["verdict"] = "good"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


def test_a_record_is_read_as_it_was_written(inherited: Evidence) -> None:
    assert file.decode(file.encode(inherited), "e.json") == inherited


def test_a_record_of_a_later_minor_format_is_read_and_of_another_major_one_is_not(
    inherited: Evidence,
) -> None:
    document = json.loads(file.encode(inherited)) | {"format_version": "1.9", "later": 1}
    file.decode(json.dumps(document).encode(), "e.json")
    document["format_version"] = "2.0"
    with pytest.raises(EvidenceError, match=r"e\.json: an evidence record of format 2\.0"):
        file.decode(json.dumps(document).encode(), "e.json")


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"format_version": 1}', b'{"format_version": "1.2", "resource_changes": []}'],
)
def test_anything_else_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(EvidenceError, match=r"^e\.json: not"):
        file.decode(data, "e.json")


def test_two_runs_differ_only_in_their_seal(inherited: Evidence) -> None:
    text = (PLANS / "inherited.json").read_bytes()
    files = [*sorted(bundle.FEATURES.glob("*.feature"), reverse=True), bundle.FEATURES]
    again = judged(text, located=of_folder(PLANS / "inherited"), features=files)
    later = file.sealed(again, datetime(2030, 1, 1, tzinfo=UTC))
    first, second = (
        file.encode(msgspec.structs.replace(each, seal=again.seal)) for each in (inherited, later)
    )
    assert first == second
    assert inherited.seal.sha256 != later.seal.sha256


def test_the_seal_is_what_a_person_works_out_with_other_tools(
    inherited: Evidence, tmp_path: Path
) -> None:
    path = tmp_path / "evidence.json"
    path.write_bytes(file.encode(inherited))
    document = json.loads(path.read_bytes())
    document["seal"] = {"judged_at": document["seal"]["judged_at"]}
    plain = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    printed = subprocess.run(["sha256sum"], input=plain.encode(), capture_output=True, check=True)
    assert printed.stdout.decode().split()[0] == inherited.seal.sha256


def test_any_change_of_a_record_breaks_its_seal(inherited: Evidence) -> None:
    text = file.encode(inherited).decode()
    assert file.seal_digest(text.encode(), "e") == inherited.seal.sha256
    for old, new in (
        ('"verdict": "violated"', '"verdict": "satisfied"'),
        (inherited.plan.sha256, "0" * 64),
        ('"judged_at": "2', '"judged_at": "3'),
        ('"format_version": "1.1"', '"format_version": "1.1", "more": true'),
    ):
        assert old in text
        changed = text.replace(old, new, 1).encode()
        assert file.seal_digest(changed, "e") != inherited.seal.sha256


def test_a_scenario_is_there_as_it_was_written_with_why_and_what_a_pass_does_not_show(
    inherited: Evidence,
) -> None:
    scenario = next(each for each in inherited.scenarios if each.scenario == "EXP-01.1")
    assert scenario.text.splitlines() == [
        "Scenario: EXP-01.1 RDS DB instances and other AWS databases should not be publicly accessible",
        "  When we examine every planned database",
        "  Then public accessibility must be disabled",
    ]
    assert scenario.rationale.startswith("The internet scans every address all day.")
    assert "does not show" in scenario.limits
    for each in inherited.scenarios:
        assert each.rationale
        assert each.limits.startswith("A pass shows"), each.file
        assert each.text.startswith("Scenario")
        assert "@" not in each.text.splitlines()[-1]


def test_tags_and_comments_of_the_next_part_are_not_part_of_a_scenario() -> None:
    feature = (
        "Feature: F\n\n  @A-01\n  Scenario: one\n    # why\n    Then x\n\n"
        "  # next\n  @B-01\n  Scenario: two\n    Then y\n  # end\n"
    )
    assert as_written(feature, 4) == "Scenario: one\n  # why\n  Then x"
    assert as_written(feature, 10) == "Scenario: two\n  Then y\n# end"


def test_every_finding_has_a_fingerprint_of_its_own(inherited: Evidence) -> None:
    assert len(findings(inherited)) == len(inherited.found) > 50


def test_fingerprints_depend_neither_on_order_nor_on_lines_nor_on_other_resources(
    inherited: Evidence, tmp_path: Path
) -> None:
    plan = json.loads((PLANS / "inherited.json").read_bytes())
    plan["resource_changes"].reverse()
    copy = json.loads(json.dumps(plan["resource_changes"]))
    for entry in copy:
        entry["address"] = f"module.other.{entry['address']}"
        entry["module_address"] = "module.other"
    plan["resource_changes"] = copy + plan["resource_changes"]
    source = tmp_path / "main.tf"
    lines = "\n" * 40 + (PLANS / "inherited" / "database.tf").read_text(encoding="utf-8")
    source.write_text(lines, encoding="utf-8")
    moved = findings(judged(json.dumps(plan).encode(), located=of_folder(tmp_path)))
    here = {number: what for number, what in moved.items() if "module.other" not in what[1]}
    # A requirement across resources may find more, or less, in a plan that holds everything twice.
    same = {number: what for number, what in findings(inherited).items() if number in here}
    assert all(here[number] == what for number, what in same.items())
    assert len(same) >= len(inherited.found) * 0.9


def test_a_position_in_a_list_is_no_part_of_a_fingerprint_and_a_value_is_of_its_own() -> None:
    def found(path: str, observed: str) -> Finding:
        return Finding("a.b", Verdict.VIOLATED, observed, "expected", path)

    first = fingerprints("X-01.1", [found("rule[0].port", "22")])
    assert first == fingerprints("X-01.1", [found("rule[3].port", "23")])
    assert first != fingerprints("X-01.2", [found("rule[0].port", "22")])
    assert fingerprint_of_value("22") != fingerprint_of_value("23")
    two = [found("rule[0].port", "22"), found("rule[1].port", "23")]
    forth, back = fingerprints("X", two), fingerprints("X", two[::-1])
    assert forth == back[::-1]
    assert len(set(forth)) == 2


def test_a_digest_of_files_does_not_depend_on_where_they_lie(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for name in ("a.feature", "b.feature"):
            (tmp_path / folder / name).write_text(name)

    def digest(folder: str) -> DigestRecord:
        return file.digest((each.name, each) for each in (tmp_path / folder).iterdir())

    one, two = digest("one"), digest("two")
    assert one == two
    (tmp_path / "two" / "b.feature").rename(tmp_path / "two" / "c.feature")
    assert digest("two") != one
    assert file.digest([]).sha256 == ""


def test_the_record_names_what_was_judged_and_by_what(inherited: Evidence) -> None:
    assert inherited.plan.changes_judged <= inherited.plan.changes_total == 20
    assert inherited.plan.providers[0].source == "registry.terraform.io/hashicorp/aws"
    assert set(inherited.inputs.features.files) == {
        each.relative_to(bundle.FEATURES).as_posix() for each in bundle.FEATURES.rglob("*.feature")
    }
    assert inherited.inputs.waivers.files.keys() == {"waivers.toml"}
    assert "parameters.toml" in inherited.inputs.policies.files
    assert inherited.judged_on == date.fromisoformat(inherited.seal.judged_at[:10])
    addresses = {each.address for each in inherited.resources}
    strange = {finding.address for _, finding in inherited.found} - addresses
    assert all(each.startswith(("variable.", "output.", "provider.")) for each in strange)


def test_the_lock_file_tells_the_version_of_the_provider() -> None:
    text = (PLANS / "corrected.json").read_bytes()
    record = judged(text, given=None)
    assert record.plan.providers[0].version == ""
    record = judged(text, given=given_json(text, text, ROOT / "terraform"))
    assert record.plan.providers[0].version == "5.100.0"
