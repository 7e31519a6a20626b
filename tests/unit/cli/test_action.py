"""Do the scripts of the GitHub action do what action.yml says? Run as a runner runs them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[3]
ACTION = YAML(typ="safe").load(ROOT / "action.yml")
TOOLS = Path(sys.executable).parent


class Ran(NamedTuple):
    """What a step left behind."""

    code: int
    printed: str
    outputs: dict[str, str]


def judge(folder: Path, plan: Path, checkout: Path = ROOT, **inputs: str) -> Ran:
    """Run the step that judges, with these inputs; Checkov has tests of its own."""
    taken = dict.fromkeys(("FEATURES", "STEPS", "POLICIES", "SOURCE", "SARIF"), "")
    taken |= {"FAIL_ON": "blocked", **inputs}
    output = folder / "output"
    output.touch()
    environment = {
        **os.environ,
        **taken,
        "PLAN": str(plan),
        "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(folder),
        "GITHUB_OUTPUT": str(output),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
    }
    done = subprocess.run(
        [ROOT / "action/judge.sh"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=checkout,
    )
    lines = output.read_text(encoding="utf-8").splitlines()
    return Ran(done.returncode, done.stdout + done.stderr, dict(line.split("=", 1) for line in lines))


@pytest.fixture
def features(tmp_path: Path) -> str:
    """Two features, one a line, with spaces in their names."""
    paths = [tmp_path / "our own.feature", tmp_path / "theirs.feature"]
    for path, name in zip(paths, ("exposure", "durability"), strict=True):
        shutil.copy(ROOT / f"features/{name}.feature", path)
    return "\n".join(map(str, paths)) + "\n"


def test_a_plan_that_passes(tmp_path: Path, features: str) -> None:
    ran = judge(tmp_path, ROOT / "plans/corrected.json", FEATURES=features)
    assert (ran.code, ran.outputs["verdict"]) == (0, "passed"), ran.printed


def test_a_change_of_what_judges_blocks_where_a_base_is_named(tmp_path: Path, features: str) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "policies", checkout / "policies")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *arguments], cwd=checkout, check=True)
    inputs = {"FEATURES": features, "POLICIES": "policies", "BASE": "refs/heads/main"}
    plan = ROOT / "plans/corrected.json"
    assert judge(tmp_path, plan, checkout, **inputs).outputs["verdict"] == "passed"
    with (checkout / "policies/waivers.toml").open("a", encoding="utf-8") as waivers:
        waivers.write("# one more\n")
    assert judge(tmp_path, plan, checkout, **inputs).outputs["verdict"] == "blocked"
    accepted = {"PLANSPEC_ACCEPT_POLICY_CHANGE": "Ada: agreed", **inputs}
    assert judge(tmp_path, plan, checkout, **accepted).outputs["verdict"] == "passed"
    steps = [each["env"] for each in ACTION["runs"]["steps"] if "BASE" in each.get("env", {})]
    assert [each["BASE"] for each in steps] == ["${{ inputs.base }}"]
    assert "inputs.accept-policy-change" in steps[0]["PLANSPEC_ACCEPT_POLICY_CHANGE"]


def test_a_plan_that_is_blocked_fails_the_step_and_leaves_every_report(
    tmp_path: Path, features: str
) -> None:
    sarif = tmp_path / "planspec.sarif"
    ran = judge(tmp_path, ROOT / "plans/inherited.json", FEATURES=features, SARIF=str(sarif))
    assert (ran.code, ran.outputs["verdict"]) == (1, "blocked"), ran.printed
    counts = json.loads(ran.outputs["counts"])
    record = json.loads(Path(ran.outputs["evidence"]).read_text(encoding="utf-8"))
    assert counts == record["summary"]["scenarios"]
    assert counts["violated"] > 0
    assert Path(ran.outputs["report"]).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert json.loads(sarif.read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert "EXP-01.1" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert "::error" in ran.printed


def test_own_steps_are_loaded_from_each_line(tmp_path: Path) -> None:
    """Two files, one a line, with a space in a name; without them the words are unknown."""
    feature = tmp_path / "own.feature"
    feature.write_text(OWN_FEATURE, encoding="utf-8")
    paths = [tmp_path / "our when.py", tmp_path / "then.py"]
    for path, text in zip(paths, (OWN_WHEN, OWN_THEN), strict=True):
        path.write_text(text, encoding="utf-8")
    listed = "\n".join(map(str, paths)) + "\n"
    ran = judge(tmp_path, ROOT / "plans/corrected.json", FEATURES=str(feature), STEPS=listed)
    assert (ran.code, ran.outputs["verdict"]) == (0, "passed"), ran.printed
    assert judge(tmp_path, ROOT / "plans/corrected.json", FEATURES=str(feature)).code == 2


OWN_FEATURE = """\
Feature: Own

  Own things.

  A pass shows nothing.

  @OWN-01 @severity:high @area:security @nist:SC-7
  Rule: OWN-01 Own

    Scenario: OWN-01.1 Own things should be our own
      Given the Terraform plan
      When we examine our own things
      Then they must be our own
"""
OWN_WHEN = """\
from pytest_bdd import when

from planspec import Plan, Selection


@when("we examine our own things", target_fixture="selection")
def we_examine_our_own_things(plan: Plan) -> Selection:
    found = tuple(plan.resources("aws_s3_bucket"))
    return Selection(plan, found, found, "our own things")
"""
OWN_THEN = """\
from pytest_bdd import then

from planspec import Judgement


@then("they must be our own")
def they_must_be_our_own(selection, uphold):
    uphold(Judgement(examined=tuple(each.address for each in selection.resources)))
"""


def test_a_blocked_plan_can_be_let_through_and_is_said_so(tmp_path: Path, features: str) -> None:
    ran = judge(tmp_path, ROOT / "plans/inherited.json", FEATURES=features, FAIL_ON="not-judged")
    assert (ran.code, ran.outputs["verdict"]) == (0, "blocked")
    assert "::warning::planspec: the plan is blocked" in ran.printed


@pytest.mark.parametrize("fail_on", ["blocked", "not-judged"])
def test_what_was_not_judged_always_fails(tmp_path: Path, fail_on: str) -> None:
    ran = judge(tmp_path, tmp_path / "nowhere.json", FAIL_ON=fail_on)
    assert (ran.code, ran.outputs) == (2, {"verdict": "not-judged"})


def test_a_plan_named_like_an_option_is_a_plan(tmp_path: Path) -> None:
    ran = judge(tmp_path, Path("--help"))
    assert (ran.code, ran.outputs["verdict"]) == (2, "not-judged")


def test_a_misspelt_fail_on_fails(tmp_path: Path) -> None:
    ran = judge(tmp_path, ROOT / "plans/corrected.json", FAIL_ON="never")
    assert ran.code == 2
    assert "expected blocked or not-judged" in ran.printed


def test_every_input_reaches_a_script_and_every_output_leaves_one() -> None:
    steps = ACTION["runs"]["steps"]
    given = {value for step in steps for value in step.get("env", {}).values()}
    used = set(re.findall(r"inputs\.([a-z-]+)", str(steps)))
    assert used == set(ACTION["inputs"])
    assert all("${{" not in step["run"] for step in steps)
    judged = (ROOT / "action/judge.sh").read_text(encoding="utf-8")
    for name in ACTION["outputs"]:
        assert f"{name}=" in judged
    assert given


@pytest.mark.parametrize("path", sorted((ROOT / "action").glob("*.sh")), ids=lambda path: path.name)
def test_the_scripts_can_be_run_and_stop_at_a_failure(path: Path) -> None:
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in path.read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", path], check=True)


MARKED = "<!-- planspec -->\nall is well"


@pytest.mark.parametrize("user", ["github-actions[bot]", "deployer", None])
def test_the_comment_is_made_once_and_then_replaced(tmp_path: Path, user: str | None) -> None:
    """`gh` is a script here that keeps comments in a file; another person's comment has the mark too."""
    if shutil.which("jq") is None:
        pytest.skip("jq: not found on PATH; GitHub's runners have it")
    ran = judge(
        tmp_path, ROOT / "plans/inherited.json", FEATURES=str(ROOT / "features/exposure.feature")
    )
    program = tmp_path / "bin" / "gh"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{GH}", encoding="utf-8")
    program.chmod(0o755)
    others = [{"id": 40, "body": MARKED, "user": {"login": "attacker"}}]
    (tmp_path / "comments").write_text(json.dumps(others), encoding="utf-8")
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(program.parent), str(TOOLS), os.environ["PATH"]]),
        "RUNNER_TEMP": str(tmp_path),
        "EVIDENCE": ran.outputs["evidence"],
        "NUMBER": "7",
        "GITHUB_REPOSITORY": "owner/name",
        "USER_OF_TOKEN": user or "",
    }
    for _ in range(2):
        subprocess.run([ROOT / "action/comment.sh"], env=environment, check=True)
    theirs, ours = json.loads((tmp_path / "comments").read_text(encoding="utf-8"))
    assert theirs == others[0]
    assert ours["calls"] == ["POST", "PATCH"]
    assert ours["body"].startswith("<!-- planspec -->")
    assert "EXP-01.1" in ours["body"]


GH = """
import json, os, pathlib, subprocess, sys
asked, user = sys.argv[1:], os.environ["USER_OF_TOKEN"]
folder = pathlib.Path(os.environ["RUNNER_TEMP"])
comments = json.loads((folder / "comments").read_text())
text = (folder / "planspec-comment.md").read_text()
if "graphql" in asked:
    print(user)
    sys.exit(not user)  # where the API fails, whatever it prints is no name
if "--paginate" in asked:
    jq = ["jq", "-r", asked[asked.index("--jq") + 1]]
    sys.exit(subprocess.run(jq, input=json.dumps(comments), text=True).returncode)
if "POST" in asked:
    login = user or "github-actions[bot]"
    comments.append({"id": 41, "body": text, "user": {"login": login}, "calls": ["POST"]})
else:
    number = int(asked[3].rpartition("/")[2])
    found = next(each for each in comments if each["id"] == number)
    found["body"] = text
    found["calls"].append("PATCH")
(folder / "comments").write_text(json.dumps(comments))
"""
