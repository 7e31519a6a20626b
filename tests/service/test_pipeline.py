"""The pipeline, walked: do the jobs do what their comments and ARCHITECTURE.md promise?

Each shell step runs as it is written, with stand-ins for the cloud (`tests/support/workflow_runs.py`).
The plans are saved by the real Terraform and judged by the real planspec with Checkov.
"""

import contextlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from plans import record
from planspec.terraform import Inputs, starting, workspace
from tests.service.test_workflows import DEPLOY, ROLL_OUT, ROOT, read
from tests.support.workflow_runs import Run

DRIFT = ROOT / ".github/workflows/drift.yml"
NEW, OLD = (f"sha256:{letter * 64}" for letter in "ab")
ENVIRONMENTS = ("staging", "production")
REPOSITORIES = [f"classifier-{each}-api" for each in ENVIRONMENTS]
VARIABLES = {
    "AWS_BUILD_ROLE": "build",
    "AWS_PLAN_KEY": "alias/classifier-plans",
    **{
        f"AWS_{environment.upper()}_{job.upper()}_ROLE": f"{environment}-{job}"
        for environment in ENVIRONMENTS
        for job in ("plan", "gate", "apply", "drift")
    },
}


class Saved(NamedTuple):
    """A folder that was planned, with its providers, and the saved plan."""

    folder: Path
    plans: dict[str, str]


@pytest.fixture(scope="module")
def saved(terraform: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    """The corrected service, planned and saved by the real Terraform."""
    example = [ROOT / "terraform/terraform.tfvars.example"]
    with contextlib.ExitStack() as stack:
        emulator = stack.enter_context(starting(ROOT / "plans/emulator-seed.toml"))
        inputs = Inputs(example, emulator=emulator.endpoint)
        planned = stack.enter_context(workspace(ROOT / "terraform", inputs))
        planned.initialise()
        plans = {}
        for environment in ENVIRONMENTS:
            is_staging = environment == "staging"
            planned.inputs = replace(
                inputs,
                variable_files=[record.STAGING] if is_staging else example,
                variables=record.FIRST_IMAGE if is_staging else (),
            )
            planned.plan()
            folder = tmp_path_factory.mktemp(environment)
            plans[environment] = str(shutil.copy(planned.folder / "planspec.tfplan", folder))
        yield Saved(planned.folder, plans)


def started(folder: Path, **inputs: str) -> Run:
    """A run over a cloud in which everything goes well."""
    run = Run(folder, VARIABLES, {"digest": "", **inputs})
    run.cloud = {
        "digest": NEW,
        "images": {each: {"old": OLD} for each in REPOSITORIES},
        "vulnerabilities": {"LOW": 3},
        "running": NEW,
        "answers": {"/health": "ok", "/upload-url": "{}"},
        "plans": {},
    }
    return run


def inputs_of(environment: str, digest: str) -> dict[str, str]:
    """What deploy.yml hands to roll-out.yml for an environment, with the roles by their names."""
    told = read(DEPLOY)["jobs"][environment]["with"]
    names = {key: re.sub(r"\$\{\{ vars\.(\w+) \}\}", r"\1", text) for key, text in told.items()}
    return {key: VARIABLES.get(name, name) for key, name in names.items()} | {"digest": digest}


def roll_out(run: Run, environment: str) -> bool:
    """Run the jobs of roll-out.yml until one fails; whether all succeeded."""
    run.inputs = inputs_of(environment, NEW)
    return all(run.job(ROLL_OUT, job) for job in read(ROLL_OUT)["jobs"])


@pytest.mark.heavy
def test_what_is_applied_is_what_was_judged_in_staging_and_then_in_production(
    saved: Saved, tmp_path: Path
) -> None:
    run = started(tmp_path)
    run.source = saved.folder
    run.cloud["plans"] = saved.plans
    assert run.job(DEPLOY, "build"), run.log
    assert run.outputs["build"] == {"digest": NEW}
    for environment in ENVIRONMENTS:
        assert roll_out(run, environment), run.log
        assert run.roles["apply"] == f"{environment}-apply"
    assert run.cloud["applied"] == {
        environment: Path(plan).read_bytes().hex() for environment, plan in saved.plans.items()
    }
    assert "blocked" not in run.summary

    # A plan or a record that is exchanged after the gate is not applied.
    del run.cloud["applied"]
    run.inputs = inputs_of("staging", NEW)
    for path in (
        "evidence-staging/evidence.json",
        "tfplan-staging/tfplan.enc",
        "tfplan-staging/tfplan.key",
    ):
        file = tmp_path / "artifacts" / path
        whole = file.read_bytes()
        file.write_bytes(whole[:-1])
        assert not run.job(ROLL_OUT, "apply"), path
        file.write_bytes(whole)
    assert "applied" not in run.cloud


def test_an_image_is_built_once_and_pushed_to_each_environment(tmp_path: Path) -> None:
    run = started(tmp_path)
    assert run.job(DEPLOY, "build"), run.log
    assert [call[1] for call in run.cloud["calls"] if call[0] == "docker"].count("build") == 1
    assert {name: run.cloud["images"][name]["c0ffee"] for name in REPOSITORIES} == dict.fromkeys(
        REPOSITORIES, NEW
    )
    run.cloud["calls"] = []
    assert run.job(DEPLOY, "build"), run.log  # a second run of the commit
    assert not [call for call in run.cloud["calls"] if call[0] == "docker"]


def test_an_image_to_go_back_to_is_not_built(tmp_path: Path) -> None:
    run = started(tmp_path, digest=OLD)
    assert run.job(DEPLOY, "build"), run.log
    assert run.outputs["build"] == {"digest": OLD}
    assert not [call for call in run.cloud["calls"] if call[0] == "docker"]


@pytest.mark.parametrize("digest", [f"sha256:{'c' * 64}", "latest", "sha256:ab"])
def test_an_image_that_is_not_in_both_repositories_is_refused(digest: str, tmp_path: Path) -> None:
    run = started(tmp_path, digest=digest)
    assert not run.job(DEPLOY, "build")
    assert "::error::" in run.log


@pytest.mark.parametrize("severity", ["CRITICAL", "HIGH"])
def test_an_image_with_severe_vulnerabilities_is_refused(severity: str, tmp_path: Path) -> None:
    run = started(tmp_path)
    run.cloud["vulnerabilities"] = {severity: 1}
    assert not run.job(DEPLOY, "build")
    assert "has critical or high vulnerabilities" in run.log


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"running": OLD}, "ECS has rolled the deployment back"),
        ({"answers": {"/upload-url": "{}"}}, "503 /health"),
        ({"answers": {"/health": "ok"}}, "503 /upload-url"),
    ],
    ids=["rolled back", "ill", "no address"],
)
def test_a_release_that_does_not_run_fails_and_says_the_way_back(
    changed: dict[str, object], said: str, tmp_path: Path
) -> None:
    run = started(tmp_path)
    run.cloud |= changed
    run.inputs = {"environment": "staging", "digest": NEW}
    assert not run.job(ROLL_OUT, "apply", first="Wait until the service is stable")
    assert said in run.log
    assert "The deployment to staging failed" in run.summary
    assert "the digest of the image before" in run.summary


def test_nothing_that_differs_is_silence_and_anything_else_an_issue(tmp_path: Path) -> None:
    run = started(tmp_path)
    image = json.dumps([{"name": "api", "image": f"registry.example/api@{OLD}"}])
    task = {"address": "aws_ecs_task_definition.api", "values": {"container_definitions": image}}
    run.cloud["state"] = {"values": {"root_module": {"resources": [task]}}}
    assert run.job(DRIFT, "plan", environment="staging", role="staging-drift"), run.log
    assert "staging is what main says" in run.log
    assert run.roles["plan"] == "staging-drift"

    changes = {"address": "aws_lb.main", "change": {"actions": ["update"], "after": "a secret"}}
    run.cloud["drift"] = {"resource_changes": [changes]}
    assert not run.job(DRIFT, "plan", environment="production", role="production-drift")
    assert run.job(DRIFT, "report"), run.log
    run.cloud["open_issue"] = 7
    assert run.job(DRIFT, "report"), run.log
    (made, body), (added, _) = run.cloud["issues"]
    assert (made, added) == ("create", "comment")
    assert "### production" in body
    assert "update: aws_lb.main" in body
    assert "staging" not in body
    assert "a secret" not in body + run.log
