"""Does the staged upgrade lead from the inherited service to ours without losing data?

The real Terraform walks `terraform/upgrade/` against the emulator, once for all tests here. Nearly
all of the time is the provider's: it waits 80 seconds and more after each change of a database, and
nothing that the emulator answers makes that shorter. So every run where Terraform is required goes
through stage 0, and PLANSPEC_WHOLE_UPGRADE=1 goes to the end.
"""

import importlib.util
import json
import os
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from planspec.cli.app import main
from planspec.errors import TerraformError
from planspec.terraform import Emulator, Inputs, starting, workspace
from tests.support.plans import follow_changes

ROOT = Path(__file__).parents[2]
WHOLE = os.environ.get("PLANSPEC_WHOLE_UPGRADE") == "1"
REQUIRED = WHOLE or os.environ.get("PLANSPEC_REQUIRE_TERRAFORM") == "1"
# Stage 0 is planned with the inherited configuration, the others with ours.
BEFORE = ("upgrade-0-scale-in", "upgrade-0-small-pool")
STAGES = (
    "upgrade-1-beside",
    "upgrade-2-cut-over",
    "upgrade-3-version",
    "upgrade-4-standby",
    "upgrade-5-remove",
)
OLD = "aws_db_instance.legacy[0]"
NEW = "aws_db_instance.main"

walks = pytest.mark.skipif(
    not REQUIRED,
    reason="applies for minutes; PLANSPEC_REQUIRE_TERRAFORM=1 asks for it",
)
walks_to_the_end = pytest.mark.skipif(
    not WHOLE,
    reason="applies for a quarter of an hour; PLANSPEC_WHOLE_UPGRADE=1 asks for it",
)


@dataclass
class Walk:
    """What the walk saw: each step's plan, what the next plan would change, what is left."""

    plans: dict[str, bytes]
    judged: dict[str, list[str]]
    again: dict[str, list[str]]
    snapshots: dict[str, bool]
    left: list[str]


def recording() -> ModuleType:
    """The program `plans/record.py`."""
    spec = importlib.util.spec_from_file_location("record", ROOT / "plans" / "record.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def walk(terraform: Path, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """Apply the inherited service and stage 0, or every stage, and destroy everything."""
    record, seen = recording(), Walk({}, {}, {}, {}, [])
    with starting(record.SEED) as emulator:
        state = record.Recorder(emulator, tmp_path_factory.mktemp("state")).state()
        for stage in record.STAGES if WHOLE else record.STAGES[: len(BEFORE)]:
            with record.staged(stage, state, emulator) as staged:
                seen.plans[stage.name] = staged.plan()[1]
                staged.apply()
                again = staged.plan()[1]
                seen.again[stage.name] = changed(again)
                seen.judged[stage.name] = judged(again, staged.folder)
        if WHOLE:
            finish(record, emulator, state, seen)
    return seen


def finish(record: ModuleType, emulator: Emulator, state: Path, seen: Walk) -> None:
    """Plan without the files of the legacy, look at the snapshots, and destroy everything."""
    with record.staged(record.Stage("corrected", (), ()), state, emulator) as terraform:
        seen.plans["corrected"] = plan = terraform.plan()[1]
        seen.judged["corrected"] = judged(plan, terraform.folder)
    rds = record.client("rds", emulator)
    for snapshot in rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]:
        seen.snapshots[snapshot["DBSnapshotIdentifier"]] = snapshot["Encrypted"]
    seen.left = destroyed(record, emulator, state, seen)


def destroyed(record: ModuleType, emulator: Emulator, state: Path, seen: Walk) -> list[str]:
    """Destroy everything, with the protections off; gives what the state still holds."""
    record.client("rds", emulator).modify_db_instance(
        DBInstanceIdentifier="classifier-production-db", DeletionProtection=False
    )
    balancers = record.client("elbv2", emulator)
    balancers.modify_load_balancer_attributes(
        LoadBalancerArn=balancers.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"],
        Attributes=[{"Key": "deletion_protection.enabled", "Value": "false"}],
    )
    # A balancer that gets access logs leaves a test file in their bucket, here as in AWS, and each look
    # at the other bucket is written down there until that is switched off. The emulator
    # takes every condition for fulfilled, so that the policy against plain HTTP forbids everything.
    s3, logs = record.client("s3", emulator), "classifier-production-logs"
    s3.put_bucket_logging(Bucket="classifier-production-images", BucketLoggingStatus={})
    s3.delete_bucket_policy(Bucket=logs)
    for version in s3.list_object_versions(Bucket=logs).get("Versions", []):
        s3.delete_object(Bucket=logs, Key=version["Key"], VersionId=version["VersionId"])
    with record.staged(record.Stage("destroy", (), ()), state, emulator) as terraform:
        values = terraform.inputs.variable_files
        terraform.inputs = Inputs(values, emulator=emulator.endpoint, destroy=True)
        seen.judged["destroy"] = judged(terraform.plan()[1], terraform.folder)
        terraform.inputs = Inputs(values, emulator=emulator.endpoint)
        terraform.apply()
    left = json.loads(state.read_bytes())["resources"]
    return [each["type"] for each in left if each["mode"] == "managed"]


def judged(plan: bytes, folder: Path) -> list[str]:
    """The scenarios that block a plan as it was made on the way."""
    path = folder / "planned.json"
    path.write_bytes(plan)
    arguments = ["check", str(path), "--no-checkov", "-o", "json"]
    evidence = json.loads(CliRunner().invoke(main, arguments).stdout)
    path.unlink()
    blocking = ("violated", "undetermined")
    return [each["scenario"] for each in evidence["scenarios"] if each["verdict"] in blocking]


def changed(plan: bytes) -> list[str]:
    """The addresses that a plan changes."""
    return [
        each["address"]
        for each in json.loads(plan)["resource_changes"]
        if each["change"]["actions"] not in (["no-op"], ["read"])
    ]


def actions(plan: bytes) -> dict[str, list[str]]:
    """What a plan does to each address."""
    return {each["address"]: each["change"]["actions"] for each in json.loads(plan)["resource_changes"]}


def verdict(plan: Path) -> tuple[str, list[str]]:
    """The verdict of CHG-01.1 on a plan, and the addresses of its findings."""
    arguments = ["check", str(plan), "--tags", "@CHG-01", "--no-checkov", "-o", "json"]
    evidence: dict[str, Any] = json.loads(CliRunner().invoke(main, arguments).stdout)
    (scenario,) = evidence["scenarios"]
    return scenario["verdict"], [each["address"] for each in scenario["findings"]]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("upgrade", ("violated", [NEW])),
        ("upgrade-1-beside", ("satisfied", [])),
        ("upgrade-2-cut-over", ("satisfied", [])),
        ("upgrade-3-version", ("satisfied", [])),
        ("upgrade-4-standby", ("satisfied", [])),
        # On purpose, and last: the old database goes, after a final snapshot.
        ("upgrade-5-remove", ("violated", [OLD])),
    ],
)
def test_only_the_last_stage_gives_up_data_and_planspec_says_so(
    name: str, expected: tuple[str, list[str]]
) -> None:
    assert verdict(ROOT / "plans" / f"{name}.json") == expected


# What each plan leaves open, and why that is accepted for the time of the stage.
_STATE_OF_THE_OLD_DATABASE = {
    *("AVA-02.1", "CAP-03.1", "CAP-04.1", "CHG-03.1", "CHG-04.1", "CHG-05.1", "CST-02.1", "CST-02.2"),
    *(
        "CST-09.2",
        "CST-14.3",
        "CST-14.4",
        "ENC-01.1",
        "ENC-06.1",
        "EXP-10.1",
        "OBS-02.1",
        "OBS-02.4",
        "SEC-02.1",
    ),
}
_ITS_PRICE = {"CST-11.1", "CST-11.2"}
_TLS_FOR_THE_FIRST_TIME = {"CHG-11.1"}  # port 443 of the load balancer opens
# Six tasks of 60 connections each run beside new ones: stage 0 scales them in first.
_OLD_TASKS_BESIDE_NEW_ONES = {"CAP-01.1", "CAP-06.1"}
# Nothing watches the old database or tells of it any more, nor does the plan say that no task uses it.
_TWO_DATABASES = (
    _STATE_OF_THE_OLD_DATABASE
    | _ITS_PRICE
    | {"CAP-01.1", "CAP-02.1", "CAP-02.2", "CAP-02.3", "OBS-04.2", "OBS-05.3"}
)
OPEN = {
    "upgrade": {"CHG-01.1"} | _OLD_TASKS_BESIDE_NEW_ONES | _TLS_FOR_THE_FIRST_TIME,
    "upgrade-1-beside": _STATE_OF_THE_OLD_DATABASE | _ITS_PRICE,
    "upgrade-2-cut-over": _TWO_DATABASES,
    # The one stage in which a major version may change, and at once.
    "upgrade-3-version": _TWO_DATABASES | {"CHG-14.1"},
    "upgrade-4-standby": _TWO_DATABASES,
    "upgrade-5-remove": {"CHG-01.1"},
    "corrected": set(),
}


@pytest.mark.parametrize("name", OPEN)
def test_each_plan_of_the_upgrade_leaves_open_what_it_must_and_nothing_else(name: str) -> None:
    arguments = ["check", str(ROOT / "plans" / f"{name}.json"), "--no-checkov", "-o", "json"]
    evidence = json.loads(CliRunner().invoke(main, arguments).stdout)
    blocking = ("violated", "undetermined")
    found = {each["scenario"] for each in evidence["scenarios"] if each["verdict"] in blocking}
    assert found == OPEN[name]


def test_each_stage_does_to_the_databases_what_it_is_for() -> None:
    first, second, third, fourth, last = (
        actions((ROOT / "plans" / f"{name}.json").read_bytes()) for name in STAGES
    )
    assert first[NEW] == ["update"]
    assert OLD not in first
    assert (second[OLD], second[NEW]) == (["update"], ["create"])
    assert third[NEW] == fourth[NEW] == ["update"]
    assert (last[OLD], last[NEW]) == (["delete"], ["no-op"])
    assert {address for address, done in last.items() if "delete" in done} == {
        OLD,
        "aws_db_subnet_group.legacy[0]",
    }


def databases(name: str) -> dict[str, dict[str, Any]]:
    """The databases after a stage, by their addresses."""
    plan = json.loads((ROOT / "plans" / f"{name}.json").read_bytes())
    changes = [each for each in plan["resource_changes"] if each["type"] == "aws_db_instance"]
    return {each["address"]: each["change"]["after"] for each in changes if each["change"]["after"]}


def test_a_stage_changes_one_thing_of_the_new_database() -> None:
    told = [
        (each["engine_version"].partition(".")[0], each["multi_az"], each["storage_encrypted"])
        for each in (databases(name)[NEW] for name in STAGES)
    ]
    assert told == [
        ("13", False, False),
        ("13", False, True),
        ("16", False, True),
        ("16", True, True),
        ("16", True, True),
    ]


def test_a_restored_database_has_a_parameter_group_of_its_version() -> None:
    for name in STAGES:
        for address, values in databases(name).items():
            group = values.get("parameter_group_name")
            major = values["engine_version"].partition(".")[0]
            assert group is None or group.endswith(f"postgres{major}"), f"{name}: {address}"


def connections(plan: Path | dict[str, Any], folder: Path) -> dict[str, list[str]]:
    """What the connection requirements say to a plan, by verdict."""
    if isinstance(plan, dict):
        text, plan = json.dumps(plan), folder / "plan.json"
        plan.write_text(text, encoding="utf-8")
    chosen = ["check", str(plan), "--tags", "@CAP-01 or @CAP-06", "--no-checkov", "-o", "json"]
    found: dict[str, list[str]] = {}
    for each in json.loads(CliRunner().invoke(main, chosen).stdout)["scenarios"]:
        found.setdefault(each["verdict"], []).append(each["scenario"])
    return found


def test_no_stage_before_the_cut_over_opens_more_connections_than_there_are(tmp_path: Path) -> None:
    for name in BEFORE:  # the inherited service has no autoscaling that could have a ceiling
        told = connections(ROOT / "plans" / f"{name}.json", tmp_path)
        assert told == {"satisfied": ["CAP-01.1"], "violated": ["CAP-06.1"]}, name
    told = connections(ROOT / "plans" / "upgrade-1-beside.json", tmp_path)
    assert told == {"satisfied": ["CAP-01.1", "CAP-06.1"]}


@pytest.mark.parametrize("undone", ["scale-in", "small-pool", "both"])
def test_without_stage_0_the_first_stage_repeats_the_outage(undone: str, tmp_path: Path) -> None:
    plan = json.loads((ROOT / "plans" / "upgrade-1-beside.json").read_bytes())
    inherited = json.loads((ROOT / "plans" / "inherited.json").read_bytes())
    before, old = (
        {each["address"]: each["change"] for each in document["resource_changes"]}
        for document in (plan, inherited)
    )
    if undone != "small-pool":
        service = before["aws_ecs_service.api"]
        service["before"]["desired_count"] = service["after"]["desired_count"] = 6
    if undone != "scale-in":
        task = "aws_ecs_task_definition.api"
        pool = old[task]["after"]["container_definitions"]
        before[task]["before"]["container_definitions"] = pool
    told = connections(follow_changes(plan), tmp_path)
    assert "CAP-01.1" not in told.get("satisfied", [])
    assert "CAP-01.1" in told.get("violated", []) or undone == "small-pool"


def test_old_tasks_keep_their_way_and_their_rights_until_the_cut_over() -> None:
    """Old groups stay attached beside the new ones, closed to the internet, and go in stage 2."""
    plan = json.loads((ROOT / "plans" / "upgrade-1-beside.json").read_bytes())
    groups = {f"aws_security_group.{name}_before" for name in ("alb", "api", "database")}
    kept = {*groups, "aws_iam_role.ecs", "aws_iam_role_policy.ecs"}
    changes = {each["address"]: each["change"] for each in plan["resource_changes"]}
    assert [changes[each]["actions"] for each in kept] == [["update"]] * len(kept)
    for each in groups:
        ingress = changes[each]["after"]["ingress"]
        assert [rule for rule in ingress if "0.0.0.0/0" in rule["cidr_blocks"]] == []
    blocks = {
        f"{each['type']}.{each['name']}": each.get("expressions", {})
        for each in plan["configuration"]["root_module"]["resources"]
    }
    for address, argument, own in (
        ("aws_lb.main", "security_groups", "alb"),
        ("aws_db_instance.main", "vpc_security_group_ids", "database"),
    ):
        attached = set(blocks[address][argument]["references"])
        assert attached >= {f"aws_security_group.{own}", f"aws_security_group.{own}_before"}
    second = actions((ROOT / "plans" / "upgrade-2-cut-over.json").read_bytes())
    assert {each for each, done in second.items() if done == ["delete"]} == kept


def test_the_new_database_is_restored_from_the_encrypted_copy() -> None:
    plan = json.loads((ROOT / "plans" / "upgrade-2-cut-over.json").read_bytes())
    after = {each["address"]: each["change"]["after"] for each in plan["resource_changes"]}
    assert after[NEW]["snapshot_identifier"] == "classifier-production-encrypted"
    assert after[NEW]["storage_encrypted"] is True
    assert after[OLD]["deletion_protection"] is True
    assert after[OLD]["skip_final_snapshot"] is False


# Stage 2 as it was written at first: the override, and what it needs of the configuration beside it.
AS_IT_WAS = {
    "2-cut-over_override.tf": """
resource "aws_db_instance" "main" {
  snapshot_identifier = var.database_snapshot
}
""",
    "main.tf": """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "database_snapshot" {}

resource "aws_db_parameter_group" "main" {
  name   = "cut-over-postgres16"
  family = "postgres16"
}

resource "aws_db_instance" "main" {
  identifier                  = "cut-over"
  engine                      = "postgres"
  engine_version              = "16"
  allow_major_version_upgrade = true
  instance_class              = "db.t4g.medium"
  parameter_group_name        = aws_db_parameter_group.main.name
  skip_final_snapshot         = true
}
""",
}


def test_the_second_stage_as_it_was_is_refused(terraform: Path, tmp_path: Path) -> None:
    """A snapshot of PostgreSQL 13 is restored as 13, and takes no group of PostgreSQL 16."""
    for name, text in AS_IT_WAS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    record = recording()
    with starting() as emulator:
        rds = record.client("rds", emulator)
        rds.create_db_instance(
            DBInstanceIdentifier="old",
            DBInstanceClass="db.t3.micro",
            Engine="postgres",
            EngineVersion="13.15",
            AllocatedStorage=20,
            MasterUsername="postgres",
            MasterUserPassword="emulated-password",
        )
        rds.create_db_snapshot(DBInstanceIdentifier="old", DBSnapshotIdentifier="old-copy")
        inputs = Inputs(variables=["database_snapshot=old-copy"], emulator=emulator.endpoint)
        with workspace(tmp_path, inputs) as made:
            made.initialise()
            made.plan()
            with pytest.raises(TerraformError) as told:
                made.apply()
    assert "InvalidParameterCombination" in str(told.value)
    assert "Use a parameter group with DBParameterGroupFamily postgres13" in str(told.value)


@walks
@pytest.mark.parametrize(
    "name",
    [*BEFORE, *(pytest.param(each, marks=walks_to_the_end) for each in STAGES)],
)
def test_a_recorded_stage_is_what_terraform_plans_now(
    walk: Walk, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    record = recording()
    assert record.compare(name, record.steady(walk.plans[name])), capsys.readouterr().out


@walks
def test_after_each_stage_nothing_is_left_to_change(walk: Walk) -> None:
    assert [each for each in walk.again.items() if each[1]] == []


@walks
def test_what_a_stage_leaves_open_is_what_stays_open_after_it(walk: Walk) -> None:
    for name, found in walk.judged.items():
        if name == "destroy":
            assert "CHG-01.1" in found
            continue
        if name in BEFORE:
            assert "CAP-01.1" not in found
            continue
        # What opens is judged while it opens; the old database is released to be removed.
        expected = OPEN.get(name, _TWO_DATABASES | {"DUR-02.1"})
        assert set(found) <= expected, name


@walks_to_the_end
def test_after_the_last_stage_the_service_is_ours_without_the_legacy(walk: Walk) -> None:
    assert changed(walk.plans["corrected"]) == []


@walks_to_the_end
def test_the_old_database_left_a_last_snapshot_and_the_copy_is_encrypted(walk: Walk) -> None:
    assert walk.snapshots == {
        "classifier-production-cut-over": False,
        "classifier-production-encrypted": True,
        "classifier-production-db-legacy-final": False,
    }


@walks_to_the_end
def test_everything_can_be_destroyed_once_the_protections_are_off(walk: Walk) -> None:
    assert walk.left == []
