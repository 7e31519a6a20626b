"""Does a change that weakens what judges its plan pass, and is what became weaker told?"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from planspec import bundle
from planspec.evidence import decode, problems
from tests.support.attacks import Promise, attack
from tests.support.judged import CORRECTED, ROOT, forged, run

INHERITED = ROOT / "plans" / "inherited.json"
TODAY = datetime.now(UTC).date()
WAIVER = f"""
[[waiver]]
requirement = "EXP-01"
address = "aws_db_instance.main"
reason = "later"
owner = "mallory"
approver = "mallet"
created = {TODAY}
expires = {TODAY + timedelta(days=30)}
"""
GATE = ("--features", "features", "--policies", "policies")
ACCEPTED = ("--accept-policy-change", "Ada: agreed in OPS-7")


class Repository:
    """A checkout with a gate, on a branch that begins at main."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.record = folder, folder.parent / "evidence.json"
        folder.mkdir()
        for name in ("exposure", "cost"):
            (folder / "features").mkdir(exist_ok=True)
            shutil.copy(bundle.FEATURES / f"{name}.feature", folder / "features")
        shutil.copytree(bundle.POLICIES, folder / "policies")
        self.write(".github/workflows/plan.yml", "on: pull_request\n")
        self.git("init", "-q", "-b", "main")
        self.commit()
        self.git("checkout", "-q", "-b", "change")

    def git(self, *arguments: str) -> None:
        """Run git."""
        who = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
        subprocess.run(["git", *who, *arguments], cwd=self.folder, check=True, capture_output=True)

    def commit(self) -> None:
        """Commit whatever is there."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def write(self, name: str, text: str) -> None:
        """Append to a file, which may be new."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text("utf-8") if path.exists() else "") + text, encoding="utf-8")

    def check(self, *options: str, plan: Path = INHERITED, base: str = "main") -> Result:
        """Judge a plan as the pull request's job does."""
        named = (*GATE, "--base", base, "-o", "console", "-o", f"json={self.record}")
        return run("check", "--no-checkov", plan, *named, *options)

    def verify(self, *options: str, plan: Path = CORRECTED) -> Result:
        """Verify the record as the job that applies does."""
        return run("verify", self.record, plan, *GATE, *options)

    @property
    def guard(self) -> dict[str, Any]:
        """What the record tells of the guard."""
        found: dict[str, Any] = json.loads(self.record.read_text("utf-8"))["guard"]
        return found


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    found = Repository(tmp_path / "checkout")
    monkeypatch.chdir(found.folder)
    return found


def test_a_change_that_leaves_the_gate_alone_passes(repository: Repository) -> None:
    repository.write("main.tf", "# changed\n")
    result = repository.check(plan=CORRECTED)
    assert result.exit_code == 0, result.output
    assert repository.guard["changes"] == []
    assert "what judges the plan is as in main" in repository.record.read_text("utf-8")


def edit(name: str, old: str, new: str) -> Callable[[Repository], None]:
    """Change a file of the gate."""

    def edited(repository: Repository) -> None:
        path = repository.folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edited


def linked(repository: Repository) -> None:
    """Lead the policies elsewhere."""
    (repository.folder / "policies").rename(repository.folder / "elsewhere")
    (repository.folder / "policies").symlink_to("elsewhere")


WEAKENED: dict[str, tuple[Callable[[Repository], object], str, str]] = {
    "a waiver": (
        lambda repo: repo.write("policies/waivers.toml", WAIVER),
        "policies/waivers.toml (waivers changed)",
        "EXP-01.1 aws_db_instance.main: waived, was violated",
    ),
    "a scenario": (
        lambda repo: (repo.folder / "features/cost.feature").unlink(),
        "features/cost.feature (features removed)",
        "CST-02.1 is removed",
    ),
    "the enforcement": (
        edit("features/exposure.feature", "@EXP-01 ", "@EXP-01 @advisory "),
        "features/exposure.feature (features changed)",
        "EXP-01.1 has the enforcement advisory, and had hard",
    ),
    "the severity": (
        edit("features/exposure.feature", "@severity:critical", "@severity:low"),
        "features/exposure.feature (features changed)",
        "EXP-01.1 has the severity low, and had critical",
    ),
    "a limit": (
        edit(
            "policies/parameters.toml", "widest_public_ipv4_prefix = 24", "widest_public_ipv4_prefix = 8"
        ),
        "policies/parameters.toml (policies changed)",
        "exposure.widest_public_ipv4_prefix: lowered from 24 to 8",
    ),
    "a price": (
        lambda repo: repo.write("policies/prices/rds.json", "\n"),
        "policies/prices/rds.json (prices changed)",
        "",
    ),
    "a custom check": (
        lambda repo: repo.write("policies/checkov/more.yaml", "x: y\n"),
        "policies/checkov/more.yaml (custom checks added)",
        "",
    ),
    "the workflow": (
        lambda repo: repo.write(".github/workflows/plan.yml", "# --no-checkov\n"),
        ".github/workflows/plan.yml (workflow changed)",
        "",
    ),
    "who reviews": (
        lambda repo: repo.write(".github/CODEOWNERS", "* @mallory\n"),
        ".github/CODEOWNERS (workflow added)",
        "",
    ),
    "a link": (linked, "policies (policies a link, which is not compared)", ""),
}


@attack(
    "A pull request weakens what judges it: a waiver, a scenario less, a limit, a workflow, a link",
    promise=Promise.EXIT_CODE,
    happens="Blocked with `--base`, with each file that differs and each verdict that got weaker",
)
@pytest.mark.parametrize("what", WEAKENED)
def test_a_change_that_weakens_what_judges_it_is_blocked(repository: Repository, what: str) -> None:
    weaken, named, weaker = WEAKENED[what]
    weaken(repository)
    result = repository.check(plan=INHERITED)
    assert result.exit_code == 1, result.output
    record = decode(repository.record.read_bytes(), "record")
    assert any(named in each for each in record.plan.blocking), record.plan.blocking
    assert not weaker or any(weaker in each for each in repository.guard["weaker"])
    passing = repository.check(plan=CORRECTED)
    assert passing.exit_code == 1
    assert named in passing.output.replace("\n", "")


def test_what_a_commit_holds_counts_like_what_is_not_committed(repository: Repository) -> None:
    repository.write("policies/waivers.toml", WAIVER)
    repository.commit()
    assert repository.check(plan=CORRECTED).exit_code == 1
    assert repository.check(plan=CORRECTED, base="HEAD").exit_code == 0


@attack(
    "A pull request brings a baseline that knows what it breaks",
    promise=Promise.EXIT_CODE,
    happens="Blocked with `--base`, like any other file that judges the plan",
)
def test_a_baseline_that_the_change_brings_or_widens_blocks(repository: Repository) -> None:
    assert repository.check().exit_code == 1
    kept = run("baseline", repository.record, "--approver", "mallory", "-o", "known.json")
    assert kept.exit_code == 0, kept.output
    known = ("--baseline", "known.json")
    assert run("check", "--no-checkov", INHERITED, *GATE, *known).exit_code == 0
    result = repository.check(*known)
    assert result.exit_code == 1, result.output
    told = {"kind": "baseline", "path": "known.json", "change": "added"}
    assert told in repository.guard["changes"]
    assert any("violated" in each for each in repository.guard["weaker"])
    repository.commit()
    repository.git("branch", "-f", "main")
    assert repository.check(*known).exit_code == 0
    text = (repository.folder / "known.json").read_text("utf-8")
    (repository.folder / "known.json").write_text(text.replace("2027", "2028"), encoding="utf-8")
    assert repository.check(*known).exit_code == 1
    assert [each["change"] for each in repository.guard["changes"]] == ["changed"]


def test_another_ending_of_lines_is_no_difference(repository: Repository) -> None:
    path = repository.folder / "policies" / "waivers.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    repository.check(plan=CORRECTED)
    assert repository.guard["changes"] == []


def test_compiled_python_counts_where_it_may_be_another_program(repository: Repository) -> None:
    repository.write("policies/checkov/__pycache__/health_checks.cpython-311.pyc", "x")
    repository.check(plan=CORRECTED)
    assert [each["change"] for each in repository.guard["changes"]] == ["added"]


OWN_STEP = """from planspec import Finding, Verdict, judge
from pytest_bdd import then


@then("ours must hold")
def ours(selection, uphold):
    found = [each.address for each in selection.resources]
    wrong = [Finding(each, Verdict.VIOLATED, "theirs", "ours") for each in found]
    uphold(judge(found, wrong))
"""
OWN_FEATURE = """Feature: Own

  @OWN-07
  Scenario: Ours
    When we examine every planned "aws_db_instance"
    Then ours must hold
"""


def test_an_own_step_that_is_weakened_is_judged_by_the_one_of_the_base(repository: Repository) -> None:
    repository.git("checkout", "-q", "main")
    repository.write("own/step.py", OWN_STEP)
    repository.write("features/own.feature", OWN_FEATURE)
    repository.commit()
    repository.git("checkout", "-q", "-B", "change")
    result = repository.check("--steps", "own")
    assert result.exit_code == 1, result.output
    assert repository.guard["changes"] == []
    edit("own/step.py", "judge(found, wrong)", "judge(found, [])")(repository)
    assert repository.check("--steps", "own").exit_code == 1
    assert repository.guard["changes"] == [{"kind": "steps", "path": "own/step.py", "change": "changed"}]
    weaker = "Ours aws_db_instance.main: satisfied, was violated"
    assert weaker in repository.guard["weaker"], repository.guard


CALLED = {
    "ci/plan.sh": "bash ci/judge.sh\n",
    "ci/judge.sh": "planspec check tfplan\n",
    "ci/other.sh": "echo x\n",
    "Makefile": "judge:\n\tplanspec check tfplan\n",
    "gate/action.yml": 'runs:\n  steps:\n    - run: "$GITHUB_ACTION_PATH/run.sh"\n',
    "gate/run.sh": "planspec check tfplan\n",
    "ci/more.yml": "script: planspec check tfplan\n",
}


@pytest.mark.parametrize(
    ("name", "counts"),
    [(name, name != "ci/other.sh") for name in CALLED],
)
def test_a_script_of_the_workflow_that_runs_planspec_counts(
    repository: Repository, name: str, *, counts: bool
) -> None:
    repository.git("checkout", "-q", "main")
    for place, text in CALLED.items():
        repository.write(place, text)
    steps = (
        "run: ./ci/plan.sh && make judge && ci/other.sh\n- uses: ./gate\ninclude:\n  - /ci/more.yml\n"
    )
    repository.write(".github/workflows/plan.yml", steps)
    repository.commit()
    repository.git("checkout", "-q", "-B", "change")
    repository.write(name, "# --no-checkov\n")
    repository.check(plan=CORRECTED)
    told = [(each["path"], each["kind"], each["change"]) for each in repository.guard["changes"]]
    assert told == ([(name, "workflow", "changed")] if counts else [])


def test_a_script_that_stops_running_planspec_counts(repository: Repository) -> None:
    repository.git("checkout", "-q", "main")
    repository.write("ci/judge.sh", "planspec check tfplan\n")
    repository.write(".github/workflows/plan.yml", "run: ci/judge.sh\n")
    repository.commit()
    repository.git("checkout", "-q", "-B", "change")
    (repository.folder / "ci" / "judge.sh").write_text("exit 0\n", encoding="utf-8")
    assert repository.check(plan=CORRECTED).exit_code == 1


def test_a_submodule_is_no_place_for_a_base(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = ["-c", "protocol.file.allow=always"]
    repository.git("clone", "-q", str(repository.folder), str(tmp_path / "other"))
    repository.git(*allowed, "submodule", "add", "-q", str(tmp_path / "other"), "infra")
    monkeypatch.chdir(repository.folder / "infra")
    result = repository.check(plan=CORRECTED, base="refs/remotes/origin/main")
    assert result.exit_code == 2
    assert "in a submodule" in result.stderr


def test_another_folder_than_the_base_has_is_a_difference(repository: Repository) -> None:
    shutil.copytree(repository.folder / "policies", repository.folder / "mine")
    result = repository.check("--policies", "mine", plan=CORRECTED)
    assert result.exit_code == 1
    assert "the base has no mine" in repository.guard["weaker"][0]


def test_a_named_person_accepts_it_and_the_record_keeps_who(repository: Repository) -> None:
    repository.write("policies/waivers.toml", WAIVER)
    result = repository.check(*ACCEPTED, plan=CORRECTED)
    assert result.exit_code == 0, result.output
    assert (repository.guard["accepted_by"], repository.guard["reason"]) == ("Ada", "agreed in OPS-7")
    text = repository.record.read_text("utf-8")
    assert "policy change accepted by Ada: agreed in OPS-7" in text
    assert "may come from the change itself" not in text
    assert "accepted by Ada, who is not named here" in repository.verify().stderr
    assert repository.verify(*ACCEPTED, "--base", "main").exit_code == 0
    assert repository.verify(*ACCEPTED, "--base", "change~0").exit_code == 0


def test_an_acceptance_that_the_change_may_have_written_is_told(repository: Repository) -> None:
    repository.write(".github/workflows/plan.yml", "# --accept-policy-change\n")
    assert repository.check(*ACCEPTED, plan=CORRECTED).exit_code == 0
    assert "may come from the change itself" in repository.record.read_text("utf-8")


def test_an_acceptance_by_the_environment_counts_only_with_a_name_and_a_reason(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("policies/waivers.toml", WAIVER)
    monkeypatch.setenv("PLANSPEC_ACCEPT_POLICY_CHANGE", "Ada: agreed")
    assert repository.check(plan=CORRECTED).exit_code == 0
    for text in ("Ada", "Ada:", ": agreed", "true"):
        monkeypatch.setenv("PLANSPEC_ACCEPT_POLICY_CHANGE", text)
        assert repository.check(plan=CORRECTED).exit_code == 2
    monkeypatch.setenv("PLANSPEC_ACCEPT_POLICY_CHANGE", "")
    assert repository.check(plan=CORRECTED).exit_code == 1


def test_verify_demands_the_comparison(repository: Repository) -> None:
    assert repository.check(plan=CORRECTED).exit_code == 0
    assert repository.verify("--base", "main").exit_code == 0
    run("check", "--no-checkov", CORRECTED, *GATE, "-o", f"json={repository.record}")
    assert "compared with no base" in repository.verify("--base", "main").stderr


def test_a_forged_guard_does_not_verify(repository: Repository) -> None:
    repository.write("policies/waivers.toml", WAIVER)
    repository.check(plan=CORRECTED)
    forged(repository, lambda record: record["plan"].update(blocking=[]))
    record = decode(repository.record.read_bytes(), "record")
    assert any(
        "policy change that no one accepted" in each for each in problems(record, record.judged_on)
    )
    forged(repository, lambda record: record["guard"].update(changes=[], weaker=[]))
    assert "does not tell what differs from main" in repository.verify("--base", "main").stderr


@pytest.mark.parametrize(
    ("base", "next_command"),
    [
        ("origin/main", "git fetch --depth=1 origin +main:refs/remotes/origin/main"),
        ("refs/remotes/origin/x", "git fetch --depth=1 origin +x:refs/remotes/origin/x"),
        ("0123456789", "git fetch --unshallow origin"),
        ("--upload-pack=x", "git fetch --unshallow origin"),
    ],
)
def test_a_base_that_git_does_not_know_ends_with_the_next_command(
    repository: Repository, base: str, next_command: str
) -> None:
    result = repository.check(base=base)
    assert result.exit_code == 2
    assert next_command in result.stderr


def test_a_shallow_clone_is_told(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("main.tf", "x")
    repository.commit()
    clone = ["git", "clone", "-q", "--depth=1", f"file://{repository.folder}", str(tmp_path / "clone")]
    subprocess.run(clone, check=True, capture_output=True)
    monkeypatch.chdir(tmp_path / "clone")
    result = repository.check(base="origin/main")
    assert result.exit_code == 2
    assert "the clone is shallow; next: git fetch --depth=1 origin +main:" in result.stderr


def test_outside_of_a_repository_there_is_no_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("check", "--no-checkov", CORRECTED, "--base", "main")
    assert result.exit_code == 2
    assert "not in a git repository" in result.stderr


@attack(
    "A tag named like the base branch, which leads to the change itself",
    promise=Promise.EXIT_CODE,
    happens="Refused, exit code 2: the name means two revisions",
)
def test_a_name_that_means_two_revisions_is_refused(repository: Repository) -> None:
    repository.write("policies/waivers.toml", WAIVER)
    repository.commit()
    repository.git("update-ref", "refs/remotes/origin/main", "main")
    repository.git("tag", "origin/main")
    result = repository.check(base="origin/main")
    assert result.exit_code == 2
    assert "means refs/tags/origin/main and refs/remotes/origin/main" in result.stderr
    assert repository.check(plan=CORRECTED, base="refs/remotes/origin/main").exit_code == 1


@attack(
    "A repository whose settings name programs for git to run, and a replaced base commit",
    promise=Promise.HOSTILE_FOLDER,
    happens="None runs, and the replacement does not count",
)
def test_git_runs_no_program_that_the_repository_names(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof, program = tmp_path / "ran", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {proof}\n", encoding="utf-8")
    program.chmod(0o755)
    names = ("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "filter.x.smudge")
    for name in (*names, "pager.ls-tree", "core.editor", "credential.helper", "alias.ls-tree"):
        repository.git("config", name, str(program))
    (repository.folder / ".gitattributes").write_text("* filter=x export-ignore\n", encoding="utf-8")
    for hook in ("post-checkout", "pre-commit", "reference-transaction", "post-index-change"):
        (repository.folder / ".git" / "hooks" / hook).symlink_to(program)
    repository.write("policies/waivers.toml", WAIVER)
    plumbing = ["git", "-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false"]
    tree = subprocess.run(
        [*plumbing, "-c", "filter.x.smudge=cat", "stash", "create"],
        cwd=repository.folder,
        check=False,
        capture_output=True,
        env=os.environ
        | {"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x", "GIT_COMMITTER_NAME": "x"}
        | {"GIT_COMMITTER_EMAIL": "x"},
    )
    subprocess.run(
        [*plumbing, "replace", "main", tree.stdout.decode().strip()],
        cwd=repository.folder,
        check=False,
        capture_output=True,
    )
    proof.unlink(missing_ok=True)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(program))
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    assert repository.check(plan=CORRECTED).exit_code == 1
    assert not proof.exists()


def test_an_acceptance_without_a_base_is_a_mistake(repository: Repository) -> None:
    result = run("check", "--no-checkov", CORRECTED, *GATE, *ACCEPTED)
    assert result.exit_code == 2
    assert "--base REV" in result.stderr
