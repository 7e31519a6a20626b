"""Does the gate of roll-out.yml let through what comes after the first deployment, and only that?

`plans/steady.json` changes nothing, `plans/release.json` a new image alone; both are judged with the
very command of the workflow, Checkov alongside.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from planspec import bundle
from tests.service.test_workflows import ROLL_OUT, read, steps
from tests.support.our_service import REQUIREMENTS, ours
from tests.support.values_and_marks import Document
from tests.unit.terraform.test_terraform import needs_terraform, recording

ROOT = Path(__file__).parents[2]
LIFE = ("steady", "release")
GROUP = "aws_security_group.alb"
RULE = "aws_vpc_security_group_ingress_rule.alb_http"
CHECK = "CKV_AWS_260"


def command(plan: Path, folder: Path) -> list[str]:
    """What the workflow runs to judge, on this plan instead, with its reports in a folder."""
    (step,) = [each for each in steps(read(ROLL_OUT), "gate") if each.get("id") == "judge"]
    line = step["run"].replace("\\\n", " ").splitlines()[0]
    words = shlex.split(
        line.replace("$GITHUB_STEP_SUMMARY", str(folder / "summary.md")).replace("$POLICIES", "policies")
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


@pytest.mark.parametrize("name", LIFE)
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
    plan = json.loads((ROOT / "plans" / "steady.json").read_bytes())
    edit(plan)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    code, record, _ = judged(path, tmp_path, "--tags", "@EXP-02")
    assert code == 1
    assert failing(record) == {(each, address) for each in checks}
    assert (blocking(record) == {"EXP-02.1": [address]}) == ours


def test_nothing_changes_in_one_and_only_the_image_in_the_other() -> None:
    changes = {
        name: {
            each["address"]: each["change"]
            for each in json.loads((ROOT / "plans" / f"{name}.json").read_bytes())["resource_changes"]
            if each["change"]["actions"] != ["no-op"]
        }
        for name in LIFE
    }
    assert changes["steady"] == {}
    task = "aws_ecs_task_definition.api"
    assert set(changes["release"]) == {task, "aws_ecs_service.api"}
    before, after = (
        json.loads(changes["release"][task][side]["container_definitions"])
        for side in ("before", "after")
    )
    assert before[0].pop("image") != after[0].pop("image")
    assert [each["name"] for each in before] == [each["name"] for each in after]


def test_rds_runs_a_minor_version_that_the_plan_does_not_name() -> None:
    plan = json.loads((ROOT / "plans" / "steady.json").read_bytes())
    for values in of(plan, "aws_db_instance.main"):
        assert values["engine_version"] == "16"
        assert values["engine_version_actual"].startswith("16.")


@needs_terraform
@pytest.mark.skipif(
    os.environ.get("PLANSPEC_REQUIRE_TERRAFORM") != "1",
    reason="applies for minutes; PLANSPEC_REQUIRE_TERRAFORM=1 asks for it",
)
def test_what_is_recorded_of_them_is_what_terraform_plans_now(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert recording().main(["--check", *LIFE]) == 0, capsys.readouterr().out
