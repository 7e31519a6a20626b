"""What becomes of Checkov's findings: skip comments, corrections, and the way it is said."""

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from planspec import bundle
from planspec.cli.app import main
from planspec.evidence import Evidence, FoundRecord, file
from planspec.plan import decode
from planspec.runner import checkov_corrections
from planspec.runner.checkov_skips import skip
from planspec.source import NO_SOURCE, of_folder
from tests.unit.checkov.test_scanner import created, plan_json, planned

FEATURE = """\
Feature: Something is looked at

  Scenario: Buckets are there
    Given the Terraform plan
    When we examine every planned "aws_s3_bucket"
    Then every "bucket" must contain "b"
"""
ROOT = """\
module "one" {
  source = "./own"
}

module "two" {
  # checkov:skip=CKV_AWS_18:logs of this copy go elsewhere
  source   = "./other"
  for_each = toset(["a.b", "c"])
}

resource "aws_s3_bucket" "images" {
  bucket = "images"
  versioning {
    enabled = false /* checkov:skip=CKV_AWS_21,CKV_AWS_144: only copies of what we have */
  }
  #checkov:skip=CKV2_AWS_61
  tags = { text = "# checkov:skip=CKV_AWS_145:in a text, so not a comment" }
}
# checkov:skip=CKV_AWS_18:outside of every block
"""
OWN = """\
resource "aws_s3_bucket" "images" {
  bucket = "own"
}
"""
OTHER = """\
# A line, so that the numbers differ.
resource "aws_s3_bucket" "images" {
  # bridgecrew:skip=CKV_AWS_145:keys are the bucket's own
  bucket = "other"
}
"""
ADDRESSES = (
    "aws_s3_bucket.images",
    "module.one.aws_s3_bucket.images",
    'module.two["a.b"].aws_s3_bucket.images',
    'module.two["c"].aws_s3_bucket.images',
)


@pytest.fixture
def folder(tmp_path: Path, checkov: Path) -> Path:
    """A configuration with two modules, whose buckets have one name."""
    for name, text in (("", ROOT), ("own", OWN), ("other", OTHER)):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "main.tf").write_text(text, encoding="utf-8")
    # The waivers of our own service are about buckets too.
    ours = shutil.ignore_patterns("waivers.toml")
    shutil.copytree(bundle.POLICIES, tmp_path / "policies", ignore=ours)
    (tmp_path / "own.feature").write_text(FEATURE, encoding="utf-8")
    return tmp_path


def bucket(address: str) -> dict[str, Any]:
    """A bucket at an address."""
    return {**planned("aws_s3_bucket.images", {"bucket": "b"}), "address": address}


def plan_of(*addresses: str) -> bytes:
    """A plan that creates buckets; those in modules stand in a module of the plan."""
    document = json.loads(plan_json(*map(bucket, addresses)))
    root = document["planned_values"]["root_module"]
    every = root.pop("resources")
    for each in document["resource_changes"]:
        each["module_address"] = each["address"].removesuffix("aws_s3_bucket.images").rstrip(".")
    root["resources"] = [each for each in every if not each["address"].startswith("module.")]
    root["child_modules"] = [
        {"address": each["address"].removesuffix(".aws_s3_bucket.images"), "resources": [each]}
        for each in every
        if each["address"].startswith("module.")
    ]
    return json.dumps(document).encode()


def run(folder: Path, plan: bytes, *options: str) -> Result:
    """Judge a plan with its source, Checkov alongside."""
    (folder / "plan.json").write_bytes(plan)
    own = ("--features", folder / "own.feature", "--source", folder, "--policies", folder / "policies")
    arguments = ["check", *map(str, own), *options, str(folder / "plan.json")]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code in {0, 1}, result.output
    return result


def judged(folder: Path, plan: bytes, *options: str) -> Evidence:
    """The evidence of such a run."""
    run(folder, plan, "-o", f"json={folder / 'evidence.json'}", *options)
    return file.decode((folder / "evidence.json").read_bytes(), "evidence.json")


def of_check(record: Evidence, check: str) -> dict[str, FoundRecord]:
    """The findings of one check by address."""
    return {each.address: each for each in record.checkov.findings if each.observed == check}


def test_a_skip_comment_covers_its_block_in_its_module_and_no_other(folder: Path) -> None:
    record = judged(folder, plan_of(*ADDRESSES))
    root, one, two, three = ADDRESSES
    keys = of_check(record, "CKV_AWS_145")
    assert {address: each.verdict.value for address, each in keys.items()} == {
        root: "violated",
        one: "violated",
        two: "waived",
        three: "waived",
    }
    comment = keys[two].skip
    assert comment is not None
    assert comment.where.endswith("other/main.tf:3")
    assert comment.reason == "keys are the bucket's own"
    assert keys[one].where.endswith("own/main.tf:1")
    assert keys[two].where.endswith("other/main.tf:2")
    logs = of_check(record, "CKV_AWS_18")
    assert {address for address, each in logs.items() if each.skip} == {two, three}


def test_a_number_that_begins_alike_is_another_check(folder: Path) -> None:
    record = judged(folder, plan_of("aws_s3_bucket.images"))
    lifecycle, access = of_check(record, "CKV2_AWS_61"), of_check(record, "CKV2_AWS_6")
    assert lifecycle["aws_s3_bucket.images"].verdict.value == "waived"
    assert access["aws_s3_bucket.images"].verdict.value == "violated"
    for check in ("CKV_AWS_21", "CKV_AWS_144"):
        comment = of_check(record, check)["aws_s3_bucket.images"].skip
        assert comment is not None
        assert comment.reason == "only copies of what we have"
        assert comment.where.endswith("main.tf:14")


def test_refused_comments_are_shown_and_cover_nothing(folder: Path) -> None:
    plan = plan_of(*ADDRESSES)
    refused = judged(folder, plan, "--refuse-skip-comments")
    assert not [each for each in refused.checkov.findings if each.verdict.value == "waived"]
    assert len([each for each in refused.checkov.findings if each.skip and each.skip.refused]) == 7
    shown = run(folder, plan, "--refuse-skip-comments").output
    assert "REFUSED" in shown
    assert "write a waiver into policies/waivers.toml" in shown


def test_a_skipped_check_is_shown_as_a_waiver_without_expiry(folder: Path) -> None:
    shown = run(folder, plan_of(*ADDRESSES), "-v").output
    assert "without expiry" in shown
    assert "keys are the bucket's own" in shown
    assert "7 skipped by a comment, which is not approved and never expires" in shown


def test_without_source_there_are_no_comments(folder: Path) -> None:
    assert skip(NO_SOURCE, ADDRESSES[0], "CKV_AWS_21", refused=False) is None
    found = skip(of_folder(folder), ADDRESSES[0], "CKV_AWS_21", refused=False)
    assert found is not None
    assert found.reason == "only copies of what we have"


def test_the_console_and_the_evidence_say_which_runner_answered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    plan = plan_of(ADDRESSES[0])
    assert "(fast): " in run(folder, plan, "--no-cache").output
    assert "(fast): " in run(folder, plan).output
    assert "(fast, cached): " in run(folder, plan).output
    assert "(fast): " in run(folder, plan, "--no-cache").output
    assert "(stock): " in run(folder, plan, "--checkov=stock", "--no-cache").output
    twice = plan_json(bucket(ADDRESSES[0]), bucket(ADDRESSES[0]))
    record = judged(folder, plan, "--no-cache")
    assert (record.checkov.runner, record.checkov.reason) == ("fast", "")
    # The record tells what Checkov looked at too, which the answers that are kept by now do not.
    asked, first, kept = (judged(folder, plan, *each) for each in (("--no-cache",), (), ()))
    assert not first.seal.checkov_cached
    assert (asked.seal.checkov_cached, kept.seal.checkov_cached) == (False, True)
    timeless = msgspec.structs.replace(asked, seal=kept.seal)
    assert file.encode(timeless) == file.encode(kept), "only the seal may differ"
    document = json.loads(twice)
    document["resource_changes"].pop()
    told = run(folder, json.dumps(document).encode(), "--no-cache").output
    assert "(stock: addresses in the plan are not unique): " in told


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--no-checkov", "--checkov=fast"], "exclude each other"),
        (["--checkov=off", "--require-checkov"], "exclude each other"),
        (["--checkov=stock", "--checkov-corrected"], "needs --checkov=fast"),
        (["--checkov=quick"], "quick"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: list[str], problem: str) -> None:
    plan = str(bundle.ROOT / "plans" / "corrected.json")
    result = CliRunner().invoke(main, ["check", *options, plan])
    assert result.exit_code == 2
    assert problem in result.output


def open_plan(*references: str) -> bytes:
    """A database whose key only apply decides; the configuration says by what somebody named it."""
    values = {
        "identifier": "main",
        "performance_insights_enabled": True,
        "instance_class": "db.t3.micro",
    }
    resource = planned("aws_db_instance.main", values)
    change = created(resource)
    change["change"]["after_unknown"] = {"performance_insights_kms_key_id": True, "arn": True}
    expressions: dict[str, Any] = {"performance_insights_enabled": {"constant_value": True}}
    if references:
        expressions["performance_insights_kms_key_id"] = {"references": list(references)}
    configured = {
        "address": "aws_db_instance.main",
        "mode": "managed",
        "type": "aws_db_instance",
        "name": "main",
        "provider_config_key": "aws",
        "expressions": expressions,
    }
    document = json.loads(plan_json(resource, bucket(ADDRESSES[0])))
    document["resource_changes"][0] = change
    gone = created({**resource, "address": "aws_db_instance.old", "name": "old"})
    gone["change"] |= {"actions": ["delete"], "before": values, "after": None}
    document["resource_changes"].append(gone)
    document["variables"] = {"key": {}}
    document["configuration"] = {
        "root_module": {"resources": [configured], "variables": {"key": {}}},
    }
    return json.dumps(document).encode()


def test_corrections_are_off_by_default_and_each_is_named(folder: Path) -> None:
    plan = open_plan("var.key")
    plain = judged(folder, plan)
    assert plain.checkov.corrections == []
    assert of_check(plain, "CKV_AWS_354")["aws_db_instance.main"].verdict.value == "violated"
    corrected = judged(folder, plan, "--checkov-corrected")
    said = " ".join(corrected.checkov.corrections)
    assert checkov_corrections.POLICIES in said
    assert checkov_corrections.SKIPS in said
    assert "Checkov does not judge what will be deleted: aws_db_instance.old" in said
    assert "because the attributes are known after apply: 1" in said
    found = of_check(corrected, "CKV_AWS_354")["aws_db_instance.main"]
    assert (found.verdict.value, found.path) == ("undetermined", "performance_insights_kms_key_id")
    assert corrected.checkov.blocks
    shown = run(folder, plan, "--checkov-corrected").output
    assert "1 undetermined" in shown
    assert f"corrected: {checkov_corrections.POLICIES}" in shown


def test_what_nobody_wrote_is_no_open_question(folder: Path) -> None:
    record = judged(folder, open_plan(), "--checkov-corrected")
    assert of_check(record, "CKV_AWS_354")["aws_db_instance.main"].verdict.value == "violated"


def test_what_checkov_judges_by_its_reference_is_no_open_question() -> None:
    plan = decode((bundle.ROOT / "plans" / "inherited.json").read_bytes(), "inherited.json")
    roles = ["execution_role_arn", "task_role_arn"]
    assert checkov_corrections.decided_at_apply(plan, "aws_ecs_task_definition.api", roles) == ""
    other = decode(open_plan("aws_kms_key.k.arn", "aws_kms_key.k", "var.key"), "plan.json")
    key = ["performance_insights_kms_key_id"]
    assert checkov_corrections.decided_at_apply(other, "aws_db_instance.main", key) == ""


def test_a_check_is_open_only_if_all_that_it_looked_at_is(folder: Path) -> None:
    plan = decode(open_plan("var.key"), "plan.json")
    where = "aws_db_instance.main"
    key = "performance_insights_kms_key_id"
    assert checkov_corrections.decided_at_apply(plan, where, [key]) == key
    assert checkov_corrections.decided_at_apply(plan, where, [key, "instance_class"]) == ""
    assert checkov_corrections.decided_at_apply(plan, where, [key, "resource_type"]) == ""
    assert checkov_corrections.decided_at_apply(plan, where, ["arn"]) == ""
    assert checkov_corrections.decided_at_apply(plan, where, []) == ""
    assert checkov_corrections.decided_at_apply(plan, "aws_db_instance.none", [key]) == ""
