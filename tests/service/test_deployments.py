"""Does the gate of roll-out.yml let through what comes after the first deployment, and only that?

`plans/steady.json` changes nothing, `plans/release.json` a new image alone. Before the others something
happened in the account: more tasks by autoscaling, changes by hand, a minor version raised by RDS. All
are judged with the very command of the workflow, Checkov alongside. tests/heavy/test_life.py makes them.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from planspec import bundle
from tests.service.test_workflows import ROLL_OUT, read, steps
from tests.support.our_service import ENVIRONMENTS, REQUIREMENTS, ours, policies_of
from tests.support.values_and_marks import Document
from tests.unit.terraform.test_terraform import needs_terraform, recording

ROOT = Path(__file__).parents[2]
LIFE = ("steady", "release", "scaled-out", "drifted", "minor-raised")
# What one plan over the applied service repairs of what somebody changed by hand.
DRIFTED = {
    "aws_db_instance.main",
    "aws_s3_bucket_public_access_block.images",
    "aws_vpc_security_group_ingress_rule.alb_https",
}
GROUP = "aws_security_group.alb"
RULE = "aws_vpc_security_group_ingress_rule.alb_http"
CHECK = "CKV_AWS_260"


def command(plan: Path, folder: Path) -> list[str]:
    """What the workflow runs to judge, on this plan instead, with its reports in a folder."""
    (step,) = [each for each in steps(read(ROLL_OUT), "gate") if each.get("id") == "judge"]
    line = step["run"].replace("\\\n", " ").splitlines()[0]
    words = shlex.split(
        line.replace("$GITHUB_STEP_SUMMARY", str(folder / "summary.md")).replace(
            "$RUNNER_TEMP/policies", "policies"
        )
    )
    assert words[:3] == [".venv/bin/planspec", "check", "terraform/tfplan"]
    rest = [each.replace("json=", f"json={folder}/") for each in words[3:]]
    return [sys.executable, "-m", "planspec", "check", str(plan), *rest]


def judged(plan: Path, folder: Path, *more: str) -> tuple[int, dict[str, Any], str]:
    """The exit code, the record and what is printed."""
    ran = subprocess.run(
        [*command(plan, folder), *more], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode in (0, 1), ran.stderr
    return ran.returncode, json.loads((folder / "evidence.json").read_bytes()), ran.stdout


def failing(record: dict[str, Any]) -> set[tuple[str, str]]:
    """The checks of Checkov that block, with their addresses."""
    found = record["checkov"]["findings"]
    return {(each["observed"], each["address"]) for each in found if each["verdict"] == "violated"}


def blocking(record: dict[str, Any]) -> dict[str, list[str]]:
    """The scenarios that block, with the addresses that they are about."""
    return {
        each["scenario"]: [found["address"] for found in each["findings"]]
        for each in record["scenarios"]
        if each["verdict"] in ("violated", "undetermined")
    }


@pytest.mark.parametrize("name", ["corrected", *LIFE])
def test_the_gate_lets_every_deployment_of_our_service_through(name: str, tmp_path: Path) -> None:
    code, record, shown = judged(ROOT / "plans" / f"{name}.json", tmp_path)
    assert code == 0, shown
    assert blocking(record) == {}
    verdicts = {each["scenario"]: each["verdict"] for each in record["scenarios"]}
    assert {*ours(verdicts).values()} == {"satisfied"}
    assert set(record["inputs"]["have_to_apply"]) == REQUIREMENTS
    accepted = {(each["observed"], each["address"]) for each in record["checkov"]["findings"]}
    assert (CHECK, RULE) in accepted
    assert ((CHECK, GROUP) in accepted) == (name in LIFE)


def test_the_gate_lets_staging_through_within_its_own_budget(tmp_path: Path) -> None:
    policies = policies_of("staging", tmp_path)
    plan = ROOT / "plans" / "staging.json"
    code, record, shown = judged(plan, tmp_path, "--policies", str(policies))
    assert code == 0, shown
    assert blocking(record) == {}
    own, usual = (
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in (ENVIRONMENTS / "staging.limits.toml", bundle.POLICIES / "limits.toml")
    )
    assert own["applicable"] == usual["applicable"]
    budget = json.loads(plan.read_bytes())["variables"]["monthly_budget_usd"]["value"]
    assert own["cost"]["monthly_budget_usd"] == budget < usual["cost"]["monthly_budget_usd"]


def test_a_budget_counts_its_own_environment_only() -> None:
    counted: dict[str, set[str]] = {}
    carried: dict[str, set[str]] = {}
    for name in ("corrected", "staging"):
        plan = json.loads((ROOT / "plans" / f"{name}.json").read_bytes())
        budget = next(of(plan, "aws_budgets_budget.monthly"))
        counted[name] = {value for each in budget["cost_filter"] for value in each["values"]}
        tags = [
            each["values"].get("tags_all") or {}
            for each in plan["planned_values"]["root_module"]["resources"]
        ]
        carried[name] = {f"user:{key}${value}" for each in tags for key, value in each.items()}
    assert counted["corrected"] <= carried["corrected"] - carried["staging"]
    assert counted["staging"] <= carried["staging"] - carried["corrected"]


@pytest.mark.parametrize("name", LIFE[:2])
def test_without_the_waiver_the_rule_and_its_group_are_found(name: str, tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(bundle.POLICIES, policies)
    kept = [
        each
        for each in (policies / "waivers.toml").read_text(encoding="utf-8").split("[[waiver]]")
        if CHECK not in each
    ]
    (policies / "waivers.toml").write_text("[[waiver]]".join(kept), encoding="utf-8")
    code, record, _ = judged(ROOT / "plans" / f"{name}.json", tmp_path, "--policies", str(policies))
    assert code == 1
    assert failing(record) == {(CHECK, RULE), (CHECK, GROUP)}


def from_a_console(address: str, port: int, **more: Any) -> Callable[[Document], None]:
    """Somebody opens a port of a group by hand, and a refresh reads it back."""
    rule = {
        "cidr_blocks": ["0.0.0.0/0"],
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "security_groups": [],
        "self": False,
        "description": "by hand",
        "protocol": "tcp",
        "from_port": port,
        "to_port": port,
        **more,
    }

    def edit(plan: Document) -> None:
        for values in of(plan, address):
            values["ingress"] = [*values["ingress"], rule]

    return edit


def of(plan: Document, address: str) -> Iterator[Document]:
    """The values of a resource, wherever the plan states them."""
    for entry in plan["resource_changes"]:
        if entry["address"] == address:
            yield from (each for each in (entry["change"]["before"], entry["change"]["after"]) if each)
    for section in (plan["planned_values"], plan["prior_state"]["values"]):
        for resource in section["root_module"]["resources"]:
            if resource["address"] == address:
                yield resource["values"]


@pytest.mark.parametrize(
    ("edit", "address", "checks", "ours"),
    [
        (from_a_console(GROUP, 79, to_port=81), GROUP, {CHECK}, True),
        (from_a_console(GROUP, 22), GROUP, {"CKV_AWS_24"}, True),
        (
            from_a_console(GROUP, 0, protocol="-1"),
            GROUP,
            {CHECK, "CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_277"},
            True,
        ),
        (from_a_console("aws_security_group.api", 80), "aws_security_group.api", {CHECK}, True),
        # Nothing accepts IPv6 on port 80, and Checkov reads it as IPv6 alone.
        (
            from_a_console(GROUP, 80, cidr_blocks=[], ipv6_cidr_blocks=["::/0"]),
            GROUP,
            {CHECK},
            False,
        ),
    ],
    ids=["a range", "SSH", "everything", "another group", "IPv6"],
)
def test_a_rule_that_no_resource_makes_is_found_in_its_group(
    edit: Callable[[Document], None], address: str, checks: set[str], ours: bool, tmp_path: Path
) -> None:
    plan = recorded("steady")
    edit(plan)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    code, record, _ = judged(path, tmp_path, "--tags", "@EXP-02")
    assert code == 1
    assert failing(record) == {(each, address) for each in checks}
    assert (blocking(record) == {"EXP-02.1": [address]}) == ours


def recorded(name: str) -> Document:
    """One recorded plan."""
    plan: Document = json.loads((ROOT / "plans" / f"{name}.json").read_bytes())
    return plan


def changes(plan: Document) -> dict[str, Any]:
    """What a plan changes, by address."""
    return {
        each["address"]: each["change"]
        for each in plan["resource_changes"]
        if each["change"]["actions"] != ["no-op"]
    }


@pytest.mark.parametrize("name", ["steady", "scaled-out", "minor-raised"])
def test_what_others_may_change_is_left_alone(name: str) -> None:
    assert changes(recorded(name)) == {}


def test_a_release_changes_the_image_alone() -> None:
    task, found = "aws_ecs_task_definition.api", changes(recorded("release"))
    assert set(found) == {task, "aws_ecs_service.api"}
    before, after = (
        json.loads(found[task][side]["container_definitions"]) for side in ("before", "after")
    )
    assert before[0].pop("image") != after[0].pop("image")
    assert [each["name"] for each in before] == [each["name"] for each in after]


def drift(name: str) -> dict[str, tuple[Document, Document]]:
    """What Terraform tells of the account's changes: each value that differs, before and after."""
    found = {}
    for each in recorded(name)["resource_drift"]:
        before, after = each["change"]["before"], each["change"]["after"] or {}
        differing = [key for key in before if before[key] != after.get(key)]
        found[each["address"]] = (
            {key: before[key] for key in differing},
            {key: after.get(key) for key in differing},
        )
    return found


def test_the_plan_tells_that_more_tasks_run_and_leaves_them() -> None:
    before, after = drift("scaled-out")["aws_ecs_service.api"]
    assert set(before) == {"desired_count"}
    assert before["desired_count"] < after["desired_count"]


def test_the_plan_tells_what_was_changed_by_hand_and_undoes_it() -> None:
    assert set(changes(recorded("drifted"))) == DRIFTED
    told = drift("drifted")
    # The rule is told where it is made, and in the group that shows it.
    assert set(told) - {"aws_db_instance.main"} == DRIFTED - {"aws_db_instance.main"} | {GROUP}
    for address, (before, after) in told.items():
        change = changes(recorded("drifted")).get(address)
        if change and change["before"]:
            undone = {key: change["after"][key] for key in before if key in change["after"]}
            assert undone == before
            assert {key: change["before"][key] for key in after} == after


def test_the_plan_tells_the_raised_minor_version() -> None:
    before, after = drift("minor-raised")["aws_db_instance.main"]
    assert int(after["engine_version_actual"].split(".")[1]) == 1 + int(
        before["engine_version_actual"].split(".")[1]
    )


def test_rds_runs_a_minor_version_that_the_plan_does_not_name() -> None:
    plan = recorded("steady")
    for values in of(plan, "aws_db_instance.main"):
        assert values["engine_version"] == "16"
        assert values["engine_version_actual"].startswith("16.")


def test_a_refresh_reads_back_what_other_resources_and_aws_itself_set() -> None:
    """What a first plan never shows, so that the emulator has to answer it as AWS does."""
    found = {
        each["address"]: each["values"]
        for each in recorded("steady")["prior_state"]["values"]["root_module"]["resources"]
    }
    ports = {(each["from_port"], each["to_port"]) for each in found[GROUP]["ingress"]}
    rules = (found[f"aws_vpc_security_group_ingress_rule.{name}"] for name in ("alb_http", "alb_https"))
    assert ports == {(each["from_port"], each["to_port"]) for each in rules}
    for name in ("images", "logs"):
        inside = json.loads(found[f"aws_s3_bucket.{name}"]["policy"])
        assert inside == json.loads(found[f"aws_s3_bucket_policy.{name}"]["policy"])
    database = found["aws_db_instance.main"]
    assert (database["iops"], database["storage_throughput"]) in ((3000, 125), (12000, 500))
    assert database["license_model"] == "postgresql-license"
    assert database["option_group_name"] == "default:postgres-16"
    assert database["database_insights_mode"] == "standard"


@needs_terraform
@pytest.mark.skipif(
    os.environ.get("PLANSPEC_REQUIRE_TERRAFORM") != "1",
    reason="applies for minutes; PLANSPEC_REQUIRE_TERRAFORM=1 asks for it",
)
def test_what_is_recorded_of_them_is_what_terraform_plans_now(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert recording().main(["--check", *LIFE[:2]]) == 0, capsys.readouterr().out
