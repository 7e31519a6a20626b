"""Does the staged upgrade lead from the inherited service to ours without losing data?

The real Terraform walks `terraform/upgrade/` against the emulator, once for all tests here. Nearly
all of the time is the provider's: it waits 80 seconds and more after each change of a database, and
nothing that the emulator answers makes that shorter. So every run where Terraform is required goes
as far as the first stage, and PLANSPEC_WHOLE_UPGRADE=1 goes to the end.
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
from planspec.terraform import Emulator, Inputs, starting

ROOT = Path(__file__).parents[2]
WHOLE = os.environ.get("PLANSPEC_WHOLE_UPGRADE") == "1"
REQUIRED = WHOLE or os.environ.get("PLANSPEC_REQUIRE_TERRAFORM") == "1"
STAGES = ("upgrade-1-beside", "upgrade-2-cut-over", "upgrade-3-remove")
KEPT = ("subnet_group_override.tf",)
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
    """Apply the inherited service and the first stage, or every stage, and destroy everything."""
    record, seen = recording(), Walk({}, {}, {}, {}, [])
    with starting(record.SEED) as emulator:
        state = record.Recorder(emulator, tmp_path_factory.mktemp("state")).state()
        for stage in record.STAGES if WHOLE else record.STAGES[:1]:
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
    with record.staged(record.Stage("corrected", KEPT, ()), state, emulator) as terraform:
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
    with record.staged(record.Stage("destroy", KEPT, ()), state, emulator) as terraform:
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
        # On purpose, and last: the old database goes, after a final snapshot.
        ("upgrade-3-remove", ("violated", [OLD])),
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
# Six tasks of 60 connections each run beside new ones: stop them first.
_OLD_TASKS_BESIDE_NEW_ONES = {"CAP-01.1", "CAP-06.1"}
OPEN = {
    "upgrade": {"CHG-01.1"} | _OLD_TASKS_BESIDE_NEW_ONES | _TLS_FOR_THE_FIRST_TIME,
    # Two tasks at most, so that they never shrink; the alarm waits for the new limit of connections.
    "upgrade-1-beside": _STATE_OF_THE_OLD_DATABASE
    | _ITS_PRICE
    | _OLD_TASKS_BESIDE_NEW_ONES
    | _TLS_FOR_THE_FIRST_TIME
    | {"CAP-02.2", "CST-05.1"},
    # Nothing watches the old database or tells of it any more, and the plan does not say whose tasks
    # use which.
    "upgrade-2-cut-over": _STATE_OF_THE_OLD_DATABASE
    | _ITS_PRICE
    | {"CAP-01.1", "CAP-02.1", "CAP-02.2", "CAP-02.3", "CAP-06.1", "OBS-04.2", "OBS-05.3"},
    "upgrade-3-remove": {"CHG-01.1"},
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
    first, second, third = (actions((ROOT / "plans" / f"{name}.json").read_bytes()) for name in STAGES)
    assert first[NEW] == ["update"]
    assert OLD not in first
    assert (second[OLD], second[NEW]) == (["update"], ["create"])
    assert (third[OLD], third[NEW]) == (["delete"], ["no-op"])
    assert {address for address, done in third.items() if "delete" in done} == {
        OLD,
        "aws_db_subnet_group.legacy[0]",
    }


def test_the_new_database_is_restored_from_the_encrypted_copy() -> None:
    plan = json.loads((ROOT / "plans" / "upgrade-2-cut-over.json").read_bytes())
    after = {each["address"]: each["change"]["after"] for each in plan["resource_changes"]}
    assert after[NEW]["snapshot_identifier"] == "classifier-production-encrypted"
    assert after[NEW]["storage_encrypted"] is True
    assert after[OLD]["deletion_protection"] is True
    assert after[OLD]["skip_final_snapshot"] is False


@walks
@pytest.mark.parametrize(
    "name", [STAGES[0], *(pytest.param(each, marks=walks_to_the_end) for each in STAGES[1:])]
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
        # What opens is judged while it opens; the old database is released to be removed.
        expected = OPEN.get(name, OPEN["upgrade-2-cut-over"] | {"DUR-02.1"})
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
