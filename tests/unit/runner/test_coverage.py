"""Does coverage tell what was read, what was only selected, and what nobody looked at?"""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from planspec import bundle, plan
from planspec.checkov import Looked
from planspec.cli.app import main
from planspec.evidence import CheckovCoverage, Coverage, ResourceCoverage
from planspec.runner.batch import Catalogue, Judge
from planspec.runner.coverage import coverage
from tests.support.plans import document, encode, resource

ROOT = Path(__file__).parents[3]
CORRECTED = ROOT / "plans" / "corrected.json"
FEATURE = """Feature: Databases

  Scenario: No database is public
    Given the Terraform plan
    When we examine every planned "aws_db_instance"
    Then every "publicly_accessible" must be "false"
"""


@pytest.fixture
def covered(tmp_path: Path) -> Coverage:
    """The coverage of the corrected plan by one scenario about one attribute."""
    feature = tmp_path / "own.feature"
    feature.write_text(FEATURE, encoding="utf-8")
    read = plan.read(CORRECTED)
    wanted = Catalogue((feature,), bundle.POLICIES, "", date(2026, 6, 1))
    looked = Looked(
        (("CKV_1", ("multi_az", "publicly_accessible", "not_there")), ("CKV_2", ())),
        {"aws_db_instance.main": (0, 1), "aws_s3_bucket.images": (1,)},
    )
    beside = CheckovCoverage(version="3")
    return coverage(read, Judge(wanted).judge(read, keep=True)[0], looked, beside)


def of(found: Coverage, address: str) -> ResourceCoverage:
    """The coverage of one resource."""
    return next(each for each in found.resources if each.address == address)


def test_what_was_read_is_told_from_what_was_only_selected(covered: Coverage) -> None:
    database = of(covered, "aws_db_instance.main")
    looked = {each.name: (each.looked, each.scenarios) for each in database.attributes}
    assert looked["publicly_accessible"] == ("read", ["No database is public"])
    assert looked["multi_az"] == ("selected", [])


def test_what_checkov_looked_at_is_counted_beside_it(covered: Coverage) -> None:
    database = of(covered, "aws_db_instance.main")
    assert (database.checkov, database.checkov_silent) == (2, 1)
    assert database.checkov_read == {"multi_az": ["CKV_1"], "publicly_accessible": ["CKV_1"]}
    assert (covered.total.checkov, covered.total.checkov_only) == (2, 1)
    assert covered.checkov == CheckovCoverage(version="3", verdicts=3, silent=2)


def test_checkov_reads_nothing_for_a_requirement(covered: Coverage) -> None:
    looked = {each.name: each.looked for each in of(covered, "aws_db_instance.main").attributes}
    assert looked["multi_az"] == "selected"
    assert covered.total.read == 1


def test_what_nobody_looked_at_is_unseen(covered: Coverage) -> None:
    bucket = of(covered, "aws_s3_bucket.images")
    assert bucket.scenarios == []
    assert {each.looked for each in bucket.attributes} == {"unseen"}
    assert (bucket.checkov, bucket.checkov_read, bucket.checkov_silent) == (1, {}, 1)


def test_an_attribute_that_the_source_does_not_write_does_not_count(covered: Coverage) -> None:
    names = {each.name for each in of(covered, "aws_db_instance.main").attributes}
    assert "arn" not in names
    assert "restore_to_point_in_time" not in names


def test_totals_add_up(covered: Coverage) -> None:
    total = covered.total
    assert (total.read, total.attributes) == (1, total.read + total.selected + total.unseen)
    for totals in (covered.types, covered.modules):
        assert sum(each.attributes for each in totals) == total.attributes
        assert sum(each.read for each in totals) == 1
    assert total.resources == len(covered.resources)


def test_the_catalogue_reads_at_least_half_of_what_the_service_writes() -> None:
    result = CliRunner().invoke(main, ["coverage", str(CORRECTED), "--min-coverage", "50"])
    assert result.exit_code == 0, result.output
    assert "attributes read (" in result.stdout
    assert CliRunner().invoke(main, ["coverage", str(CORRECTED), "--min-coverage", "99"]).exit_code == 1


def test_a_check_that_asks_for_more_coverage_blocks_and_says_so(tmp_path: Path) -> None:
    out = tmp_path / "evidence.json"
    arguments = ["check", str(CORRECTED), "--no-checkov", "--tags", "@EXP-01", "-o", "console"]
    arguments += ["-o", f"json={out}", "--min-coverage", "50"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1, result.output
    assert "blocks: the requirements read 0.2 % of the attributes" in result.output
    record = json.loads(out.read_bytes())
    assert record["summary"]["verdict"] == "blocked"
    assert record["coverage"]["percent"] < 50


def test_a_change_of_access_that_nothing_compares_is_named(tmp_path: Path) -> None:
    values = {"group_id": "g", "member_id": "m"}
    joins = resource("aws_identitystore_group_membership", "x", **values)
    file = tmp_path / "plan.json"
    file.write_bytes(encode(document(joins)))
    result = CliRunner().invoke(main, ["coverage", "--no-checkov", str(file)])
    assert "access not compared: aws_identitystore_group_membership.x: it comes" in result.output
    assert (
        "access not compared"
        not in CliRunner().invoke(main, ["coverage", "--no-checkov", str(CORRECTED)]).output
    )
