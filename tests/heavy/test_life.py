"""Does the gate judge rightly what a service meets in its life, each plan made by Terraform then?

The corrected service is applied on the emulator and goes on: every plan of `LIFE`, what comes after a
release and after a repair, what somebody adds by hand, the end. Each is judged by the very command of
deploy.yml, and so is every stage of the upgrade, which tests/service/test_upgrade.py walks.
"""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from plans import account, record
from planspec.terraform import Emulator, Inputs, Terraform, starting, workspace
from tests.service.test_deployments import DRIFTED, ROOT, blocking, command, failing, judged
from tests.service.test_upgrade import OPEN
from tests.support.our_service import policies_of

walks = pytest.mark.skipif(
    os.environ.get("PLANSPEC_WHOLE_LIFE") != "1",
    reason="applies for a quarter of an hour; PLANSPEC_WHOLE_LIFE=1 asks for it",
)
GROUP = "aws_security_group.database"
# What the recorded plans of a life do; what is not here changes nothing.
CHANGES = {"release": {"aws_ecs_task_definition.api", "aws_ecs_service.api"}, "drifted": DRIFTED}


@dataclass
class Walk:
    """Each step's plan, and its exit code with what blocked. How long it took is said beside."""

    folder: Path
    plans: dict[str, dict[str, Any]] = field(default_factory=dict)
    recorded: dict[str, bytes] = field(default_factory=dict)
    verdicts: dict[str, tuple[int, set[str], set[str]]] = field(default_factory=dict)

    def planned(self, name: str, terraform: Terraform) -> Path:
        """Plan, and return the file."""
        with record.timed(name):
            _, plan = terraform.plan()
        self.plans[name], self.recorded[name] = json.loads(plan), record.steady(plan)
        path = self.folder / f"{name}.json"
        path.write_bytes(plan)
        return path

    def step(self, name: str, terraform: Terraform, *more: str) -> None:
        """Plan, and judge the plan as deploy.yml does, with `more` arguments."""
        path = self.planned(name, terraform)
        code, evidence, _ = judged(path, self.folder, *more)
        self.verdicts[name] = code, set(blocking(evidence)), {each for each, _ in failing(evidence)}


@pytest.fixture(scope="module")
def walk(terraform: Path, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """Live the whole life once."""
    seen = Walk(tmp_path_factory.mktemp("life"))
    with starting(record.SEED) as emulator:
        inputs = Inputs([record.CORRECTED / record.EXAMPLE], emulator=emulator.endpoint)
        with workspace(record.CORRECTED, inputs) as made:
            made.initialise()
            made.inputs = replace(inputs, variable_files=[record.STAGING], variables=record.FIRST_IMAGE)
            seen.step("staging", made, "--policies", str(policies_of("staging", seen.folder)))
            made.inputs = inputs
            seen.step("corrected", made)
            with record.timed("corrected, applied"):
                made.apply()
            for name, moment in record.LIFE.items():
                made.inputs = replace(inputs, variables=moment.variables)
                with moment.happening(emulator):
                    seen.step(name, made)
            go_on(seen, made, inputs, emulator)
    return seen


def go_on(seen: Walk, made: Terraform, inputs: Inputs, emulator: Emulator) -> None:
    """What comes after a release and after a repair, what is added by hand, and the end."""
    released = made.inputs = replace(inputs, variables=record.LIFE["release"].variables)
    with record.timed("release, applied"):
        made.plan()
        made.apply()
    seen.step("released", made)
    with account.changed_by_hand(emulator):
        with record.timed("drifted, applied"):
            made.plan()
            made.apply()
        seen.step("repaired", made)
    with account.opened_by_hand(emulator):
        seen.step("opened", made)
    made.inputs = replace(released, destroy=True)
    # What has to apply is gone, so that nothing is judged; what is found all the same is said.
    ended = subprocess.run(
        command(seen.planned("end", made), seen.folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    seen.verdicts["end"] = ended.returncode, set(re.findall(r"CHG-01\.1", ended.stderr)), set()


def changed(plan: dict[str, Any]) -> set[str]:
    """The addresses that a plan changes."""
    kept = (["no-op"], ["read"])
    return {
        each["address"] for each in plan["resource_changes"] if each["change"]["actions"] not in kept
    }


@walks
@pytest.mark.parametrize("name", ["corrected", *record.LIFE, "released", "repaired"])
def test_the_gate_lets_it_through(walk: Walk, name: str) -> None:
    assert walk.verdicts[name] == (0, set(), set())


@walks
@pytest.mark.parametrize("name", [*record.LIFE, "released", "repaired"])
def test_it_changes_what_it_is_for_and_nothing_else(walk: Walk, name: str) -> None:
    assert changed(walk.plans[name]) == CHANGES.get(name, set())


@walks
@pytest.mark.parametrize("name", ["staging", "corrected", *record.LIFE])
def test_what_is_recorded_is_what_was_planned(
    walk: Walk, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert record.compare(name, walk.recorded[name]), capsys.readouterr().out


@walks
def test_a_rule_that_no_plan_undoes_is_refused_until_somebody_takes_it_back(walk: Walk) -> None:
    """A rule beside those of Terraform is nobody's, so that no plan takes it away."""
    assert changed(walk.plans["opened"]) == set()
    code, blocked, _ = walk.verdicts["opened"]
    assert code == 1
    assert "EXP-02.1" in blocked
    assert GROUP in {each["address"] for each in walk.plans["opened"]["resource_drift"]}


@walks
def test_the_end_of_everything_is_refused(walk: Walk) -> None:
    code, blocked, _ = walk.verdicts["end"]
    assert code == 2
    assert "CHG-01.1" in blocked


# Stage 0 is planned with the inherited service, which has not all that the gate asks about.
STAGES = {each.name: each for each in record.STAGES if each.name in OPEN}


@pytest.mark.parametrize("name", STAGES)
def test_the_gate_refuses_a_stage_for_what_it_leaves_open(name: str, tmp_path: Path) -> None:
    """Somebody walks the upgrade with the commands of its files; the pipeline takes over behind it."""
    stage, folder = STAGES[name], tmp_path / "terraform"
    shutil.copytree(stage.folder, folder)
    for file in stage.files:
        shutil.copy(record.CORRECTED / "upgrade" / file, folder)
    code, evidence, _ = judged(record.HERE / f"{name}.json", tmp_path, "--source", str(folder))
    assert code == 1
    assert set(blocking(evidence)) == OPEN[name]
