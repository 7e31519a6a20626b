"""Does anything of the folder under review run, while the action's steps and the jobs of init do?

The steps are the real ones; without an index pip finds nothing to install, and ends there.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from ruamel.yaml import YAML

from planspec.cli.scaffold import scaffold
from tests.support import hostile_folder

ROOT = Path(__file__).parents[3]
TOOLS = Path(sys.executable).parent


BESIDE = """
from planspec.testing.processes import pool

if __name__ == "__main__":
    with pool(1) as processes:
        print(processes.submit(len, "ab").result())
"""


class Place(NamedTuple):
    """The folder under review, the runner's own folder, and the marks of what ran."""

    workspace: Path
    runner: Path
    marks: Path

    def run(self, *command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a step there, as a runner does: `.` is on PATH too, as some people have it."""
        environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(TOOLS), os.environ["PATH"], ".", ""]),
            "RUNNER_TEMP": str(self.runner),
            "GITHUB_OUTPUT": str(self.runner / "output"),
            "GITHUB_PATH": str(self.runner / "path"),
            "PIP_NO_INDEX": "1",
            "PIP_RETRIES": "0",
            **more,
        }
        for name in ("PLANSPEC_CHECKOV", "PYTHONSAFEPATH", "PYTHONPATH"):
            environment.pop(name, None)
        return subprocess.run(
            list(map(str, command)),
            env=environment,
            cwd=self.workspace,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def ran(self) -> list[str]:
        """What of the folder was imported or started."""
        return self.marks.read_text(encoding="utf-8").split() if self.marks.exists() else []


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder under review that is as hostile as we can make it."""
    found = Place(tmp_path / "workspace", tmp_path / "runner", tmp_path / "marks")
    found.workspace.mkdir()
    found.runner.mkdir()
    hostile_folder.fill(found.workspace, found.marks)
    return found


def test_the_folder_is_hostile(place: Place) -> None:
    for command in (
        (sys.executable, "-m", "pip", "--version"),
        (sys.executable, "-c", "import json"),
        (sys.executable, "-m", "venv", "x"),
        ("./.venv-checkov/bin/checkov",),
    ):
        before = len(place.ran)
        place.run(*command)
        assert len(place.ran) > before, command


@pytest.mark.parametrize("checkov", [(), ("--require-checkov",)])
def test_a_check_runs_nothing_of_it(place: Place, checkov: tuple[str, ...]) -> None:
    plan = ROOT / "plans/corrected.json"
    feature = ROOT / "features/durability.feature"
    done = place.run(TOOLS / "planspec", "check", plan, "--features", feature, *checkov)
    assert place.ran == []
    # No Checkov was named, and the one in the folder is none.
    assert done.returncode == (2 if checkov else 0), done.stdout + done.stderr


def test_processes_beside_it_import_nothing_of_it(place: Place) -> None:
    script = place.runner / "script.py"
    script.write_text(BESIDE, encoding="utf-8")
    done = place.run(sys.executable, script)
    assert (done.stdout, place.ran) == ("2\n", []), done.stderr


def test_the_step_that_judges_runs_nothing_of_it(place: Place) -> None:
    inputs = {"POLICIES": "", "SOURCE": "", "FAIL_ON": "blocked", "SARIF": ""}
    done = place.run(
        ROOT / "action/judge.sh",
        PLAN=str(ROOT / "plans/corrected.json"),
        FEATURES=str(ROOT / "features/durability.feature"),
        **inputs,
    )
    assert done.returncode == 0, done.stderr
    assert "counts={" in (place.runner / "output").read_text(encoding="utf-8")
    assert place.ran == []


def test_the_step_that_installs_runs_nothing_of_it(place: Place) -> None:
    """Offline pip finds nothing to install and says so; until then everything is as it always is."""
    done = place.run(ROOT / "action/install.sh", PYTHON=sys.executable)
    assert (place.runner / "planspec/bin/python").exists(), done.stderr
    assert "No matching distribution found" in done.stderr
    assert place.ran == []


def _scripts(pipeline: str) -> list[str]:
    """The commands of the job that `planspec init` writes, that start Python or planspec."""
    text = scaffold.FILES.joinpath(f"{pipeline}.yml").read_text(encoding="utf-8")
    text = text.replace("@VERSION@", "1.0").replace("@TERRAFORM@", ".")
    job = YAML(typ="safe").load(text)
    if pipeline == "github":
        found = [each.get("run", "") for each in job["jobs"]["judge"]["steps"]]
    elif pipeline == "gitlab":
        found = list(job["planspec"]["script"])
    else:
        found = [each.get("script", "") for each in job["steps"]]
    lines = "\n".join(found).splitlines()
    return [each for each in lines if re.search(r"\bpython3? .*-m |/python\"? ", each)]


@pytest.mark.parametrize("pipeline", ["github", "gitlab", "azure"])
def test_what_init_writes_installs_without_the_folder(place: Place, pipeline: str) -> None:
    commands = _scripts(pipeline)
    assert len(commands) == 2
    assert all(" -I " in each for each in commands)
    if pipeline == "azure":  # the same commands as GitHub's, in a folder of another name
        return
    for command in commands:
        own = command.replace("/tmp/", "$RUNNER_TEMP/")  # noqa: S108
        done = place.run("bash", "-c", own.strip())
        assert done.returncode == 0 or "No matching distribution found" in done.stderr, done.stderr
    assert place.ran == []


def test_what_init_writes_installs_before_it_signs_in() -> None:
    for pipeline in ("github", "gitlab", "azure"):
        text = scaffold.FILES.joinpath(f"{pipeline}.yml").read_text(encoding="utf-8")
        assert text.index("-m pip install") < text.index("# Sign in here")
        assert text.index("# Sign in here") < text.index("planspec check")
