"""Does what `planspec init` writes work in a foreign repository, and is all else left alone?"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from planspec.cli.app import main
from planspec.cli.scaffold.scaffold import pipeline_of, terraform_of
from tests.support import plans

ROOT = Path(__file__).parents[3]
TOOLS = Path(sys.executable).parent
SCHEMAS = {
    "github": "vendor.github-workflows",
    "gitlab": "vendor.gitlab-ci",
    "azure": "vendor.azure-pipelines",
}
JOBS = {
    "github": ".github/workflows/planspec.yml",
    "gitlab": "planspec.gitlab-ci.yml",
    "azure": "planspec.azure-pipelines.yml",
}


def run(*arguments: str | Path) -> str:
    """Run planspec; what it prints."""
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    return result.output


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_it_writes_features_policies_a_job_and_a_hook(tmp_path: Path) -> None:
    run("init", tmp_path)
    assert set(contents(tmp_path)) == {
        "features/own.feature",
        "policies/controls.toml",
        "policies/limits.toml",
        "policies/parameters.toml",
        "policies/waivers.toml",
        ".github/workflows/planspec.yml",
        ".pre-commit-config.yaml",
    }


@pytest.mark.parametrize(("owner", "code"), [("platform", 0), (None, 1)])
def test_a_plan_is_judged_by_what_it_wrote(tmp_path: Path, owner: str | None, code: int) -> None:
    run("init", tmp_path)
    tags = {"Owner": owner} if owner else {}
    bucket = plans.resource("aws_s3_bucket", "b", tags=tags, tags_all=tags)
    plan = tmp_path / "plan.json"
    plan.write_bytes(plans.encode(plans.document(bucket)))
    own = ["--features", tmp_path / "features", "--policies", tmp_path / "policies"]
    asked = ["check", "--no-checkov", plan, *own]
    result = CliRunner().invoke(main, list(map(str, asked)))
    assert result.exit_code == code, result.output
    assert "OWN-01.1" in result.output


def test_its_hook_finds_no_mistake_in_what_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("init", tmp_path)
    monkeypatch.chdir(tmp_path)
    (hook,) = YAML(typ="safe").load(Path(".pre-commit-config.yaml"))["repos"][0]["hooks"]
    assert "no problem" in run(*hook["entry"].split()[1:])


def test_nothing_that_is_there_is_changed(tmp_path: Path) -> None:
    own = {
        "features/own.feature": "mine",
        "policies/waivers.toml": "mine",
        ".pre-commit-config.yaml": "mine",
        ".github/workflows/planspec.yml": "mine",
    }
    for name, text in own.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = run("init", tmp_path)
    found = contents(tmp_path)
    assert {name: found[name] for name in own} == {name: text.encode() for name, text in own.items()}
    assert said.count("kept ") == len(own)


def test_a_second_call_changes_nothing(tmp_path: Path) -> None:
    run("init", tmp_path)
    before = contents(tmp_path)
    assert "wrote" not in run("init", tmp_path)
    assert contents(tmp_path) == before


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository/.pre-commit-config.yaml").symlink_to(tmp_path / "elsewhere")
    run("init", tmp_path / "repository")
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_where_a_folder_belongs_is_said_in_one_paragraph(tmp_path: Path) -> None:
    (tmp_path / "features").write_text("", encoding="utf-8")
    result = CliRunner().invoke(main, ["init", str(tmp_path)])
    assert result.exit_code == 2
    assert "features: is not a folder" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("pipeline", sorted(JOBS))
def test_the_job_is_valid_and_runs_this_version(tmp_path: Path, pipeline: str) -> None:
    run("init", tmp_path, "--ci", pipeline, "--terraform", "infra")
    job = tmp_path / JOBS[pipeline]
    text = job.read_text(encoding="utf-8")
    assert "@" not in re.sub(r"@[0-9a-f]{40}\b|@[0-9]\b|UsePythonVersion@0", "", text)
    assert "terraform -chdir=infra plan" in text
    assert f"planspec=={run('--version').split()[1]}" in text
    schema = ["--regex-variant", "python", "--builtin-schema", SCHEMAS[pipeline]]
    subprocess.run([TOOLS / "check-jsonschema", "--quiet", *schema, job], check=True)


def test_the_workflow_has_no_fault_that_zizmor_knows(tmp_path: Path) -> None:
    run("init", tmp_path)
    asked = ("--offline", "--persona", "pedantic", "--quiet")
    workflows = tmp_path / ".github/workflows"
    done = subprocess.run(
        [TOOLS / "zizmor", *asked, workflows], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_options_of_the_jobs_are_those_of_planspec(tmp_path: Path) -> None:
    known = set(re.findall(r"--[a-z-]+", run("check", "--help")))
    formats = set(re.findall(r"[a-z]+", run("report", "--help").split("repeatable:")[1]))
    for pipeline, job in JOBS.items():
        folder = tmp_path / pipeline
        folder.mkdir()
        run("init", folder, "--ci", pipeline)
        (call,) = re.findall(
            r"planspec check (?:.*\\\n)*.*|planspec check (?:.*\n)+?(?=  artifacts)",
            (folder / job).read_text(),
        )
        assert set(re.findall(r"(?<!\S)--[a-z-]+", call)) <= known
        assert set(re.findall(r'--output "?([a-z]+)', call)) <= formats


def test_it_sees_which_ci_system_and_which_root_module_a_repository_has(tmp_path: Path) -> None:
    assert (pipeline_of(tmp_path), terraform_of(tmp_path)) == ("github", ".")
    (tmp_path / ".gitlab-ci.yml").touch()
    for place, text in {"modules/a": "resource", "stacks/prod": 'provider "aws" {'}.items():
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "main.tf").write_text(text, encoding="utf-8")
    assert (pipeline_of(tmp_path), terraform_of(tmp_path)) == ("gitlab", "stacks/prod")
