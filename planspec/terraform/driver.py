"""How does a Terraform folder become a plan: by the real Terraform, in a copy of the folder.

Nothing is left behind in the user's folder. Terraform is started in `commands`, folders are prepared
in `working_folder`, events are read in `events`, providers are found in `provider_mirror`.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planspec.errors import TerraformError
from planspec.programs import on_path
from planspec.scratch import private_folder
from planspec.terraform.commands import FLAG, Commands
from planspec.terraform.events import Log, Progress, Report, say_nothing, unboxed
from planspec.terraform.provider_mirror import find_providers, terraform_environment
from planspec.terraform.working_folder import LOCK_FILE, copy_folder, use_local_backend

EMULATED_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
_PLAN = "planspec.tfplan"
_STATE = "terraform.tfstate"
_JSON = {"json": FLAG}
_INIT = {**_JSON, "input": False}


@dataclass(frozen=True)
class Inputs:
    """What a plan is made with, beside the folder.

    `variables` are NAME=VALUE as on Terraform's command line, and win over `variable_files`.
    `emulator` is an endpoint's URL, or a function that waits for it: then AWS is there, with test
    credentials and a local backend. It is asked after `init`, which needs no AWS.
    `state` is a state file to plan over, for a local backend. `destroy` plans the end of everything.
    """

    variable_files: Sequence[Path] = ()
    variables: Sequence[str] = ()
    emulator: str | Callable[[], str] | None = None
    state: Path | None = None
    destroy: bool = False

    def options(self) -> dict[str, Any]:
        """The options of `terraform plan` for these inputs."""
        options: dict[str, Any] = {
            "var_file": [str(path.resolve()) for path in self.variable_files],
            "var": list(self.variables),
        }
        return options | ({"destroy": FLAG} if self.destroy else {})


@dataclass(frozen=True)
class MadePlan:
    """A plan that was written to `output`: how many changes it has, and what the user should know."""

    output: Path
    changes: int
    notes: tuple[str, ...] = field(default=())


def plan_directory(
    directory: Path,
    output: Path,
    inputs: Inputs = Inputs(),
    report: Report = say_nothing,
) -> MadePlan:
    """Plan the root module in `directory`, and write what `terraform show -json` says to `output`.

    The file appears whole or not at all, readable by its owner only, because a plan shows every
    secret that went into it. Raises TerraformError with one paragraph per diagnostic.
    """
    with workspace(directory, inputs, report) as terraform:
        terraform.initialise()
        changes, plan = terraform.plan()
        write_whole(output, plan)
    return MadePlan(output, changes, tuple(terraform.notes))


def show_saved_plan(plan_file: Path) -> bytes:
    """What `terraform show -json` says about a saved plan file.

    Terraform needs the providers of the plan for that, so it runs where `.terraform` is: in the
    file's folder, else in the current one. Raises TerraformError where there is none and it is needed.
    """
    file = plan_file.resolve()
    folder = next((each for each in (file.parent, Path.cwd()) if (each / ".terraform").is_dir()), None)
    with private_folder() as scratch:
        # A plan of built-in resources needs no provider, so that `terraform init` makes no folder.
        terraform = Terraform(folder or scratch, Inputs(), say_nothing, scratch)
        try:
            return terraform.capture("show", str(file), json=FLAG)
        except TerraformError as error:
            if folder is not None or on_path("terraform") is None:
                raise
            raise TerraformError(
                f"{plan_file}: a saved plan, which only Terraform can read, and it needs its providers; "
                "expected `.terraform/` next to the file or in the current folder. "
                f"Next: cd into the Terraform folder and run terraform show -json {file} > plan.json"
            ) from error


def executable() -> str:
    """The path of Terraform. Raises TerraformError when PATH has none."""
    found = on_path("terraform")
    if found is None:
        raise TerraformError(
            "terraform: not found on PATH; expected Terraform 1.9 or newer to make or to show a plan. "
            "Next: install it (https://developer.hashicorp.com/terraform/install), or make the plan "
            "elsewhere with terraform show -json PLANFILE > plan.json and run planspec check plan.json"
        )
    return str(found)


@contextlib.contextmanager
def workspace(
    directory: Path, inputs: Inputs = Inputs(), report: Report = say_nothing
) -> Iterator["Terraform"]:
    """A temporary copy of `directory` to run Terraform in, for as long as the block runs."""
    if not directory.is_dir():
        raise TerraformError(f"{directory}: no such folder; expected a Terraform root module")
    with private_folder() as temporary:
        scratch = temporary.resolve()
        report(Progress("prepare", f"copying {directory}"))
        copy = copy_folder(directory.resolve(), scratch / "tree", afresh=bool(inputs.emulator))
        if inputs.emulator:
            use_local_backend(copy)
        if inputs.state:
            shutil.copyfile(inputs.state, copy / _STATE)
        yield Terraform(copy, inputs, report, scratch)


class Terraform:
    """Terraform's commands in one folder. Each raises TerraformError with what Terraform said."""

    def __init__(self, folder: Path, inputs: Inputs, report: Report, scratch: Path) -> None:
        """`scratch` is a temporary folder, for the generated command line configuration."""
        self.folder = folder
        self.inputs = inputs
        self.report = report
        self._terraform = Commands(folder, executable())
        providers = find_providers()
        self.notes = list(providers.notes)
        self._environment = terraform_environment(os.environ, providers, scratch, bool(inputs.emulator))

    def initialise(self) -> None:
        """`terraform init`: with the committed lock file as it is, else as far as it can be kept."""
        self.report(Progress("init", "terraform init"))
        if not (self.folder / LOCK_FILE).is_file():
            self._run("init", **_INIT)
            return
        try:
            self._run("init", **_INIT, lockfile="readonly")
        except TerraformError as error:
            if "lock" not in str(error) and "dependency" not in str(error):
                raise
            self._run("init", **_INIT)
            self.notes.append(f"{LOCK_FILE} has no checksums for this machine; they were added")

    def plan(self) -> tuple[int, bytes]:
        """`terraform plan` and `terraform show`: the number of changes, and the plan as JSON."""
        self.report(Progress("plan", "terraform plan"))
        self._reach_aws()
        log = self._run("plan", out=_PLAN, input=False, **_JSON, **self.inputs.options())
        self.report(Progress("show", "terraform show"))
        return log.counts.get("plan", 0), self.capture("show", _PLAN, **_JSON)

    def apply(self) -> Path:
        """`terraform apply` of the plan made last, and a refresh; gives the state file in the copy.

        Without the refresh the next plan would report as drift what AWS filled in by itself.
        """
        self.report(Progress("apply", "terraform apply"))
        self._run("apply", _PLAN, input=False, **_JSON)
        self._run("refresh", input=False, **_JSON, **self.inputs.options())
        return self.folder / _STATE

    def capture(self, command: str, *arguments: str, **options: Any) -> bytes:
        """Run a command and give all of its output."""
        with self._terraform.started(self._environment, command, *arguments, **options) as (
            process,
            errors,
        ):
            output = process.stdout.read()
        if process.returncode:
            raise TerraformError(f"terraform {command}: {unboxed(b''.join(errors)) or 'failed'}")
        return output

    def _reach_aws(self) -> None:
        if emulator := self.inputs.emulator:
            endpoint = emulator if isinstance(emulator, str) else emulator()
            self._environment |= {**EMULATED_CREDENTIALS, "AWS_ENDPOINT_URL": endpoint}

    def _run(self, command: str, *arguments: str, **options: Any) -> Log:
        log = Log(self.report, command)
        with self._terraform.started(self._environment, command, *arguments, **options) as (
            process,
            errors,
        ):
            log.follow(process.stdout)
        if process.returncode or log.errors:
            raise TerraformError(log.complaint(b"".join(errors)))
        return log


def write_whole(output: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all, for its owner only."""
    handle, name = tempfile.mkstemp(dir=output.resolve().parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(output)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
