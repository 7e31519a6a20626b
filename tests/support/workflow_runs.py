"""Run the jobs of a workflow here: its shell steps as they are, the cloud's commands by stand-ins.

Bash, jq, openssl, sha256sum and planspec are the real ones. `aws`, `docker`, `terraform`, `curl`, `gh`
and `make` are one script, `cloud_commands.py`, which keeps what the cloud knows in a JSON file, and
each call. Actions are not run: artifacts are copied, a sign-in is written down.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

ROOT: Final = Path(__file__).resolve().parents[2]
COMMANDS: Final = Path(__file__).with_name("cloud_commands.py")
CLOUD: Final = ("aws", "curl", "docker", "gh", "make", "terraform")
EXPRESSION: Final = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")

GITHUB: Final = {
    "token": "token",
    "server_url": "https://github.com",
    "repository": "example/classifier",
    "run_id": "42",
}

Values = Mapping[str, Any]


@dataclass
class Run:
    """One run of a workflow: where its files are, and what it was told."""

    folder: Path
    variables: Values
    inputs: Values = field(default_factory=dict)
    # What stands in the folder terraform/ of a checkout.
    source: Path = ROOT / "terraform"
    # What the stand-ins know and are asked; a test writes into it before, and reads it after.
    cloud: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""

    def job(self, workflow: Path, name: str, *, first: str = "", **matrix: Any) -> bool:
        """Run one job, from the step named `first` on; whether it succeeded.

        Its outputs are kept for those that need it.
        """
        document: dict[str, Any] = YAML(typ="safe").load(workflow)
        job = document["jobs"][name]
        steps = _Steps(self, document, job, self._workspace(name), matrix)
        succeeded = steps.run(first)
        self.outputs[name] = {
            key: steps.filled(text) for key, text in (job.get("outputs") or {}).items()
        }
        return succeeded

    def _workspace(self, job: str) -> Path:
        """A checkout of its own, as each job has one."""
        workspace = self.folder / job
        for each in (workspace, self.folder / "temp"):
            if each.exists():
                shutil.rmtree(each)
            each.mkdir(parents=True)
        programs = workspace / ".venv" / "bin"
        programs.mkdir(parents=True)
        (programs / "planspec").symlink_to(Path(sys.executable).parent / "planspec")
        shutil.copytree(self.source, workspace / "terraform", symlinks=True)
        for name in ("policies", "features"):  # copies, because a step may write there
            shutil.copytree(ROOT / name, workspace / name)
        if checkov := os.environ.get("PLANSPEC_CHECKOV"):
            place = workspace / ".venv-checkov" / "bin"
            place.mkdir(parents=True)
            (place / "checkov").symlink_to(checkov)
        return workspace


class _Steps:
    """The steps of one job."""

    def __init__(self, run: Run, workflow: Values, job: Values, workspace: Path, matrix: Values) -> None:
        self.told = run
        self.job, self.workspace, self.matrix = job, workspace, matrix
        self.outputs: dict[str, dict[str, str]] = {}
        self.environment: dict[str, str] = {}
        for each in (workflow.get("env"), job.get("env")):
            self.environment |= {key: self.filled(str(text)) for key, text in (each or {}).items()}

    def run(self, first: str) -> bool:
        """Run them in order, after a failure only those that ask for it."""
        failed = False
        names = [step.get("name") for step in self.job["steps"]]
        for step in self.job["steps"][names.index(first) if first else 0 :]:
            condition = str(step.get("if", ""))
            if failed and "failure()" not in condition and "!cancelled()" not in condition:
                continue
            if not failed and "failure()" in condition:
                continue
            succeeded = self._shell(step) if "run" in step else self._action(step)
            failed = failed or not succeeded
        return not failed

    def filled(self, text: str) -> str:
        """The text with its expressions replaced by their values."""
        return EXPRESSION.sub(lambda found: self._value(found.group(1)), text)

    def _value(self, expression: str) -> str:
        scope: dict[str, Any] = {
            "env": self.environment,
            "github": GITHUB,
            "inputs": self.told.inputs,
            "matrix": self.matrix,
            "needs": {name: {"outputs": each} for name, each in self.told.outputs.items()},
            "steps": {name: {"outputs": each} for name, each in self.outputs.items()},
            "vars": self.told.variables,
        }
        kind, name, *rest = expression.split(".")
        if kind in ("needs", "steps"):  # of a step that failed, GitHub knows no output, and says nothing
            return str(scope[kind].get(name, {"outputs": {}})["outputs"].get(rest[-1], ""))
        return str(scope[kind][name])

    def _action(self, step: Values) -> bool:
        name, told = str(step["uses"]).partition("@")[0], step.get("with") or {}
        told = {key: self.filled(str(text)) for key, text in told.items()}
        artifacts = self.told.folder / "artifacts"
        if name == "aws-actions/configure-aws-credentials":
            self.told.roles[self.workspace.name] = told["role-to-assume"]
        elif name == "actions/upload-artifact":
            return _uploaded(self.workspace / told["path"], artifacts / told["name"])
        elif name == "actions/download-artifact":
            wanted = artifacts.glob(told.get("pattern") or told["name"])
            for each in wanted:
                shutil.copytree(each, self.workspace / told.get("path", "."), dirs_exist_ok=True)
        return True

    def _shell(self, step: Values) -> bool:
        runner = self.told.folder / "runner"
        runner.mkdir(exist_ok=True)
        state = runner / "cloud.json"
        state.write_text(json.dumps(self.told.cloud), encoding="utf-8")
        files = {name: runner / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for each in files.values():
            each.write_text("", encoding="utf-8")
        environment = {
            **self.environment,
            **{key: self.filled(str(text)) for key, text in (step.get("env") or {}).items()},
            **{name: str(path) for name, path in files.items()},
            "GITHUB_RUN_ID": "42",
            "GITHUB_SHA": "c0ffee",
            "RUNNER_TEMP": str(self.told.folder / "temp"),
            "CLOUD": str(state),
            "REAL_TERRAFORM": shutil.which("terraform") or "",
            "PATH": f"{_stand_ins(runner)}{os.pathsep}{os.environ['PATH']}",
            "HOME": os.environ["HOME"],
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.workspace,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.told.log += done.stdout
        self.told.summary += files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        self.told.cloud = json.loads(state.read_text("utf-8"))
        if "id" in step:
            written = files["GITHUB_OUTPUT"].read_text("utf-8").splitlines()
            self.outputs[step["id"]] = dict(line.split("=", 1) for line in written)
        return done.returncode == 0


def _uploaded(path: Path, place: Path) -> bool:
    """Keep a file or a folder as an artifact; whether there was one."""
    if path.is_dir():
        shutil.copytree(path, place, dirs_exist_ok=True)
    elif path.is_file():
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    return path.exists()


def _stand_ins(runner: Path) -> Path:
    """A folder with a program of each name, all of them the one script."""
    folder = runner / "bin"
    folder.mkdir(exist_ok=True)
    for name in CLOUD:
        program = folder / name
        if not program.exists():
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{COMMANDS}" {name} "$@"\n', "utf-8")
            program.chmod(0o755)
    return folder
