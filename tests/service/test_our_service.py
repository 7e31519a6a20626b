"""Does every requirement that is about our own service apply to it, and is each of them named?

Only here is that asked. The features may hold requirements for other estates, which golden plans prove.
What of our Terraform no requirement asks is held here as well.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from planspec import bundle
from planspec.cli.app import main
from planspec.features import files, read
from planspec.policies import read_controls, read_parameters
from planspec.terraform import Inputs, running, workspace
from tests.support.our_service import REQUIREMENTS
from tests.unit.terraform.test_terraform import needs_terraform

ROOT = Path(__file__).parents[2]
CORRECTED = ROOT / "plans" / "corrected.json"


def test_what_has_to_apply_is_what_applies_to_our_service() -> None:
    chosen = ["check", str(CORRECTED), "--no-checkov", "--source", str(ROOT / "terraform"), "-o", "json"]
    record: dict[str, Any] = json.loads(CliRunner().invoke(main, chosen).stdout)
    assert {each["scenario"] for each in record["scenarios"] if each["examined"]} == REQUIREMENTS


def test_what_only_our_service_wants_lies_apart_and_is_named() -> None:
    frameworks = read_controls(bundle.POLICIES)
    own = {
        each.number for path in files([bundle.FEATURES / "service"]) for each in read(path, frameworks)
    }
    assert own == {"CST-06.1", "DEP-02.1"}
    assert own <= REQUIREMENTS


@pytest.mark.parametrize("change", ["title", "tag"])
def test_a_rule_in_two_files_has_one_title_and_the_same_tags(tmp_path: Path, change: str) -> None:
    shutil.copytree(bundle.FEATURES, tmp_path / "features")
    path = tmp_path / "features" / "service" / "tags.feature"
    text = path.read_text(encoding="utf-8")
    new = {
        "title": text.replace("Cost allocation tags", "Cost centre tags"),
        "tag": text.replace("@severity:low", "@severity:high"),
    }[change]
    assert new != text
    features = str(tmp_path / "features")
    chosen = ["check", str(CORRECTED), "--no-checkov", "--features", features]
    assert CliRunner().invoke(main, chosen).exit_code == 0
    path.write_text(new, encoding="utf-8")
    refused = CliRunner().invoke(main, chosen)
    assert refused.exit_code == 2
    assert "tags.feature:" in refused.stderr
    assert "give both the same title and tags" in refused.stderr
    linted = CliRunner().invoke(main, ["lint", features])
    assert linted.exit_code == 2
    assert "duplicate-number" in linted.stdout


def values_of(address: str) -> dict[str, Any]:
    """The planned values of a resource of our service; a data source's are those that were read."""
    plan = json.loads(CORRECTED.read_bytes())
    held = [plan["planned_values"]["root_module"], plan["prior_state"]["values"]["root_module"]]
    found = [each for module in held for each in module["resources"] if each["address"] == address]
    values: dict[str, Any] = found[0]["values"]
    return values


def test_staging_and_every_production_name_the_subnet_group_alike() -> None:
    """One configuration, no override: what staging tried is what production gets."""
    names = {}
    for plan in ("corrected", "staging", "release", "steady", "upgrade-5-remove", "upgrade"):
        changes = json.loads((ROOT / "plans" / f"{plan}.json").read_bytes())["resource_changes"]
        (group,) = (each for each in changes if each["address"] == "aws_db_subnet_group.main")
        names[plan] = group["change"]["after"]["name"]
    assert names.pop("staging") == "classifier-staging-private"
    assert set(names.values()) == {"classifier-production-private"}


def test_the_database_has_to_show_its_certificate() -> None:
    (container,) = json.loads(values_of("aws_ecs_task_definition.api")["container_definitions"])
    told = {each["name"]: each["value"] for each in container["environment"]}
    assert told["PGSSLMODE"] == "verify-full"
    assert told["PGSSLROOTCERT"].endswith(".pem")


def test_an_image_that_is_not_there_can_be_told_from_a_missing_right() -> None:
    policy = json.loads(values_of("aws_iam_role_policy.task")["policy"])
    bucket = values_of("aws_s3_bucket.images")["bucket"]
    (listing,) = [each for each in policy["Statement"] if "s3:ListBucket" in each["Action"]]
    assert listing["Resource"] == f"arn:aws:s3:::{bucket}"


def test_an_alarm_watches_the_slowest_answers_and_one_the_credits() -> None:
    latency = values_of('aws_cloudwatch_metric_alarm.main["api-latency"]')
    assert (latency["extended_statistic"], latency["statistic"]) == ("p99", None)
    credits_left = values_of('aws_cloudwatch_metric_alarm.main["database-credits"]')
    assert credits_left["metric_name"] == "CPUCreditBalance"
    assert credits_left["comparison_operator"] == "LessThanThreshold"
    assert credits_left["threshold"] > 0


def test_the_reserve_is_one_figure() -> None:
    settings = read_parameters(bundle.POLICIES).capacity
    source = (ROOT / "terraform" / "autoscaling.tf").read_text(encoding="utf-8")
    stated = re.findall(r"connection_reserve = (\d+)", source)
    assert stated == [str(settings.reserved_connections + settings.operations_connections)]


@needs_terraform
def test_the_service_comes_after_the_database_its_parameter_and_its_secret() -> None:
    seed, folder = ROOT / "plans" / "emulator-seed.toml", ROOT / "terraform"
    with running(seed) as endpoint, workspace(folder, Inputs(emulator=endpoint)) as terraform:
        terraform.initialise()
        drawn = terraform.capture("graph").decode()
    edges: dict[str, set[str]] = {}
    for node, other in re.findall(r'"([^"]+)" -> "([^"]+)"', drawn):
        edges.setdefault(node, set()).add(other)
    before: set[str] = set()
    waiting = ["aws_ecs_service.api"]
    while waiting:
        new = edges.get(waiting.pop(), set()) - before
        before |= new
        waiting += new
    assert before >= {
        "aws_db_instance.main",
        "aws_ssm_parameter.database_host",
        "data.aws_secretsmanager_secret.database",
    }
