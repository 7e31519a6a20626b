"""Does the real Terraform, against the emulator, make the plans that planspec judges?"""

import importlib.util
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from planspec.errors import TerraformError
from planspec.terraform import (
    Inputs,
    Progress,
    copy_folder,
    diagnostic_text,
    events,
    executable,
    find_providers,
    plan_directory,
    provider_cache,
    provider_mirror,
    running,
    show_saved_plan,
    workspace,
    write_cli_config,
)

HEXADECIMAL = "0123456789abcdef"
ROOT = Path(__file__).parents[3]
needs_terraform = pytest.mark.usefixtures("terraform")

PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
BUCKET = (
    'variable "name" {\n  type = string\n}\n\nresource "aws_s3_bucket" "b" {\n  bucket = var.name\n}\n'
)
NETWORK = (
    'data "aws_vpc" "main" {\n  default = true\n}\n'
    'output "vpc" {\n  value = data.aws_vpc.main.cidr_block\n}\n'
)


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    """One emulator for all tests in this module."""
    with running() as endpoint:
        yield endpoint


def folder(path: Path, **files: str) -> Path:
    """A Terraform folder; `main="..."` is the text of `main.tf`."""
    path.mkdir(parents=True)
    for name, text in files.items():
        (path / f"{name}.tf").write_text(text, encoding="utf-8")
    return path


def contents(path: Path) -> dict[str, bytes]:
    """Every file in a folder."""
    return {str(each): each.read_bytes() for each in path.rglob("*") if each.is_file()}


def files(path: Path) -> set[str]:
    """The names of the files in a folder, from the folder on."""
    return {each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file()}


def recording() -> ModuleType:
    """The program `plans/record.py`."""
    spec = importlib.util.spec_from_file_location("record", ROOT / "plans" / "record.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@needs_terraform
def test_a_folder_becomes_a_plan_and_stays_as_it_was(tmp_path: Path, emulator: str) -> None:
    source = folder(tmp_path / "infra", main=PROVIDER + BUCKET + NETWORK)
    before = contents(source)
    seen: list[Progress] = []
    output = tmp_path / "plan.json"

    made = plan_directory(
        source, output, Inputs(variables=["name=some-bucket"], emulator=emulator), seen.append
    )

    plan = json.loads(output.read_bytes())
    assert [each["address"] for each in plan["resource_changes"]] == ["aws_s3_bucket.b"]
    assert plan["resource_changes"][0]["change"]["after"]["bucket"] == "some-bucket"
    assert plan["output_changes"]["vpc"]["after"] == "172.31.0.0/16"
    assert made.changes == 1
    assert contents(source) == before
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    assert list(dict.fromkeys(each.phase for each in seen)) == [
        "prepare", "init", "plan", "read", "show",
    ]  # fmt: skip
    assert Progress("plan", "create aws_s3_bucket.b", 1) in seen


@needs_terraform
def test_a_variable_file_and_a_module_outside_the_folder_are_found(
    tmp_path: Path, emulator: str
) -> None:
    folder(tmp_path / "modules" / "bucket", main=BUCKET)
    call = 'module "store" {\n  source = "../modules/bucket"\n  name   = var.name\n}\n'
    source = folder(
        tmp_path / "infra", main=PROVIDER + call, variables='variable "name" {\n  type = string\n}\n'
    )
    values = tmp_path / "values.tfvars"
    values.write_text('name = "from-a-file"\n', encoding="utf-8")
    output = tmp_path / "plan.json"

    plan_directory(source, output, Inputs(variable_files=[values], emulator=emulator))

    change = json.loads(output.read_bytes())["resource_changes"][0]
    assert change["address"] == "module.store.aws_s3_bucket.b"
    assert change["change"]["after"]["bucket"] == "from-a-file"


@needs_terraform
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            PROVIDER + '\nresource "aws_s3_bucket" "b" {\n  colour = "blue"\n}\n',
            'main.tf:6: Unsupported argument: An argument named "colour" is not expected here',
        ),
        (PROVIDER + "\nresource {\n}\n", "main.tf:5: Missing type for resource"),
        (PROVIDER + BUCKET, "main.tf:4: No value for required variable"),
    ],
    ids=["an argument", "a block", "a variable"],
)
def test_a_mistake_is_shown_with_its_line_and_leaves_no_file(
    tmp_path: Path, emulator: str, text: str, message: str
) -> None:
    source = folder(tmp_path / "infra", main=text)
    output = tmp_path / "out" / "plan.json"
    output.parent.mkdir()

    with pytest.raises(TerraformError) as caught:
        plan_directory(source, output, Inputs(emulator=emulator))

    assert str(caught.value).startswith(message)
    assert list(output.parent.iterdir()) == []


@needs_terraform
def test_a_failure_keeps_the_plan_that_was_there(tmp_path: Path, emulator: str) -> None:
    source = folder(tmp_path / "infra", main="nonsense {\n}\n")
    output = tmp_path / "plan.json"
    output.write_text("the old one", encoding="utf-8")

    with pytest.raises(TerraformError):
        plan_directory(source, output, Inputs(emulator=emulator))

    assert output.read_text(encoding="utf-8") == "the old one"


@needs_terraform
def test_a_saved_plan_is_shown_where_its_providers_are(tmp_path: Path, emulator: str) -> None:
    source = folder(tmp_path / "infra", main=PROVIDER + BUCKET)
    with workspace(source, Inputs(variables=["name=b"], emulator=emulator)) as terraform:
        terraform.initialise()
        _, plan = terraform.plan()
        saved = terraform.folder / "planspec.tfplan"
        assert json.loads(show_saved_plan(saved)) == json.loads(plan)
        elsewhere = Path(shutil.copy(saved, tmp_path / "saved.tfplan"))

    with pytest.raises(TerraformError, match=r"expected `\.terraform/` next to the file"):
        show_saved_plan(elsewhere)


@needs_terraform
def test_a_configuration_that_is_missing_is_left_aside_with_a_note(
    tmp_path: Path, emulator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(tmp_path / "gone.tfrc"))
    source = folder(tmp_path / "infra", main='output "one" {\n  value = 1\n}\n')

    made = plan_directory(source, tmp_path / "plan.json", Inputs(emulator=emulator))

    assert made.notes == (
        f"TF_CLI_CONFIG_FILE names {tmp_path / 'gone.tfrc'}, which does not exist; it is left aside",
    )
    assert os.environ["TF_CLI_CONFIG_FILE"] == str(tmp_path / "gone.tfrc")


@needs_terraform
@pytest.mark.parametrize("name", ["inherited", "corrected"])
def test_a_recorded_plan_is_up_to_date(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    # The others need an apply of minutes: `make plans` and CI check them.
    assert recording().main(["--check", name]) == 0, capsys.readouterr().out


def test_terraform_is_missed_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TerraformError, match=r"^terraform: not found on PATH; expected"):
        executable()


def test_a_mirror_is_found_one_level_below_an_add_on_place(tmp_path: Path) -> None:
    mirror = tmp_path / "opt" / "some-mirror"
    (mirror / "registry.terraform.io" / "hashicorp" / "aws").mkdir(parents=True)
    home = {"HOME": str(tmp_path), "XDG_DATA_DIRS": str(tmp_path)}

    assert find_providers(home, (tmp_path / "opt",)).mirror == mirror
    assert find_providers(home, (mirror,)).mirror == mirror
    assert find_providers(home, (tmp_path,)) == provider_mirror.Providers()


def test_a_named_mirror_goes_before_a_found_one_and_must_be_one(tmp_path: Path) -> None:
    for name in ("found", "named"):
        (tmp_path / name / "registry.terraform.io" / "hashicorp" / "aws").mkdir(parents=True)
    named = {"HOME": str(tmp_path), "PLANSPEC_PROVIDER_MIRROR": str(tmp_path / "named")}

    assert find_providers(named, (tmp_path,)).mirror == tmp_path / "named"
    with pytest.raises(TerraformError, match=r"^PLANSPEC_PROVIDER_MIRROR: .* holds no"):
        find_providers(named | {"PLANSPEC_PROVIDER_MIRROR": str(tmp_path)}, ())


def test_what_the_registry_sends_is_kept_for_the_next_plan(tmp_path: Path) -> None:
    kept = provider_cache({"XDG_CACHE_HOME": str(tmp_path)})
    assert Path(kept["TF_PLUGIN_CACHE_DIR"]).is_dir()
    assert provider_cache({"TF_PLUGIN_CACHE_DIR": "mine"}) == {}


def test_a_copy_keeps_what_the_folder_was_set_to_unless_it_starts_afresh(tmp_path: Path) -> None:
    source = folder(tmp_path / "infra", main="")
    folder(source / ".terraform" / "modules" / "network", main="")
    (source / ".terraform" / "environment").write_text("blue", encoding="utf-8")
    for name in ("terraform.tfstate", "saved.tfplan", ".terraform.tfstate.lock.info"):
        (source / name).touch()
    module = ".terraform/modules/network/main.tf"

    kept = copy_folder(source, tmp_path / "kept", afresh=False)
    fresh = copy_folder(source, tmp_path / "fresh", afresh=True)

    assert files(kept) == {"main.tf", module, ".terraform/environment", "terraform.tfstate"}
    assert files(fresh) == {"main.tf", module}


def test_an_existing_configuration_goes_before_everything(tmp_path: Path) -> None:
    config = tmp_path / "cli.tfrc"
    config.touch()
    environment = {"TF_CLI_CONFIG_FILE": str(config), "PLANSPEC_PROVIDER_MIRROR": "nowhere"}
    assert find_providers(environment).cli_config == config


def test_what_a_mirror_holds_is_taken_from_it_and_the_rest_from_the_registry(
    tmp_path: Path,
) -> None:
    (tmp_path / "registry.terraform.io" / "hashicorp" / "aws").mkdir(parents=True)
    write_cli_config(tmp_path, tmp_path / "cli.tfrc")
    text = (tmp_path / "cli.tfrc").read_text(encoding="utf-8")
    assert 'include = ["registry.terraform.io/hashicorp/aws"]' in text
    assert 'exclude = ["registry.terraform.io/hashicorp/aws"]' in text


@pytest.mark.parametrize(
    ("diagnostic", "text"),
    [
        (
            {
                "summary": "Unsupported argument",
                "detail": 'An argument named\n"x" is not expected here.',
                "range": {"filename": "database.tf", "start": {"line": 12}},
            },
            'database.tf:12: Unsupported argument: An argument named "x" is not expected here',
        ),
        ({"summary": "Error", "address": "aws_lb.main"}, "aws_lb.main: Error"),
        ({"summary": "Error acquiring the state lock", "detail": ""}, "Error acquiring the state lock"),
    ],
)
def test_a_diagnostic_is_one_paragraph(diagnostic: dict[str, Any], text: str) -> None:
    assert diagnostic_text(diagnostic) == text


def test_lines_that_are_no_events_are_kept_for_the_error() -> None:
    log = events.Log(events.say_nothing, "plan")
    log.follow([b"flag provided but not defined: -json\n", b'"a string"\n', b"\n"])
    assert log.other[0] == "flag provided but not defined: -json"


@needs_terraform
def test_an_interrupted_plan_leaves_no_process_behind(tmp_path: Path, emulator: str) -> None:
    # Terraform that is interrupted twice ends at once and leaves its providers running.
    source = folder(tmp_path / "infra", main=PROVIDER + NETWORK)
    program = (
        "import sys\nfrom pathlib import Path\nfrom planspec.terraform import Inputs, plan_directory\n"
        "source, output, endpoint = sys.argv[1:]\n"
        "plan_directory(Path(source), Path(output), Inputs(emulator=endpoint),\n"
        "    lambda event: print(event.phase, flush=True))\n"
    )
    command = [sys.executable, "-c", program, str(source), str(tmp_path / "plan.json"), emulator]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    ) as planning:
        assert planning.stdout is not None
        while planning.stdout.readline().strip() != "plan":
            pass
        time.sleep(1)
        os.killpg(planning.pid, signal.SIGINT)

    with pytest.raises(ProcessLookupError):
        os.killpg(planning.pid, 0)
    assert not (tmp_path / "plan.json").exists()


def test_the_emulator_ends_with_its_block() -> None:
    seen = []

    def fail() -> None:
        with running() as endpoint:
            seen.append(emulators(endpoint))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert gone(seen[0])


def test_the_emulator_ends_when_its_parent_is_killed() -> None:
    program = (
        "import time\nfrom planspec.terraform.emulator.process import running\n"
        "with running() as url:\n    print(url, flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as parent:
        assert parent.stdout is not None
        process = emulators(parent.stdout.readline().strip())
        os.kill(parent.pid, signal.SIGKILL)
    assert gone(process)


def test_the_same_surroundings_have_the_same_identifiers_in_every_run() -> None:
    record = recording()
    plans = [json.loads(path.read_bytes()) for path in (ROOT / "plans").glob("*.json")]
    vpcs = {
        each["values"]["id"]
        for plan in plans
        for each in plan["prior_state"]["values"]["root_module"]["resources"]
        if each["address"] == "data.aws_vpc.main"
    }
    assert len(vpcs) == 1
    assert record.derived("a", "0a1b-2c3d", "x") == "xxxx-xxxx"
    assert record.derived("a", "0" * 17, "0123456789abcdef") != record.derived(
        "b", "0" * 17, "0123456789abcdef"
    )


@pytest.mark.parametrize("path", sorted((ROOT / "plans").glob("*.json")), ids=lambda each: each.stem)
def test_a_recorded_plan_does_not_depend_on_what_the_emulator_drew(path: Path) -> None:
    """Other identifiers in other orders are recorded as the same bytes."""
    record, recorded = recording(), path.read_bytes()
    assert record.steady(recorded) == recorded
    groups = set(re.findall(r"\bsg-([0-9a-f]{17})\b", recorded.decode()))
    other = recorded.decode()
    for each in groups & {*record.replacements(json.loads(recorded))}:
        other = other.replace(each, each.translate(str.maketrans(HEXADECIMAL, HEXADECIMAL[::-1])))
    assert record.steady(other.encode()) == recorded


def test_the_upgrade_replaces_the_database_and_nothing_else_that_holds_data() -> None:
    # An unencrypted database cannot be encrypted in place. This plan is the evidence for it, and
    # must be judged as a loss of data; everything else that it replaces holds none.
    plan = json.loads((ROOT / "plans" / "upgrade.json").read_bytes())
    changes = {each["address"]: each["change"]["actions"] for each in plan["resource_changes"]}
    assert {address for address, actions in changes.items() if "delete" in actions} == {
        "aws_db_instance.main",
        "aws_db_subnet_group.main",
        "aws_ecs_task_definition.api",
        "aws_iam_role.ecs",
        "aws_iam_role_policy.ecs",
        "aws_security_group.alb",
        "aws_security_group.api",
        "aws_security_group.database",
    }
    assert changes["aws_s3_bucket.images"] == ["update"]
    assert "update" in changes["aws_ecr_repository.api"]


@pytest.mark.parametrize("name", ["inherited", "corrected"])
def test_everything_that_is_judged_inside_a_document_is_known(name: str) -> None:
    plan = json.loads((ROOT / "plans" / f"{name}.json").read_bytes())
    documents = {
        "aws_ecs_task_definition": "container_definitions",
        "aws_iam_role": "assume_role_policy",
        "aws_iam_role_policy": "policy",
        "aws_kms_key": "policy",
        "aws_s3_bucket_policy": "policy",
        "aws_sns_topic_policy": "policy",
    }
    for each in plan["resource_changes"]:
        if path := documents.get(each["type"]):
            assert json.loads(each["change"]["after"][path]), each["address"]


def test_an_outdated_plan_is_named_with_its_first_difference() -> None:
    differences = recording().differences
    recorded = {"resource_changes": [{"address": "a.b", "change": {"after": {"size": 1}}}]}
    now = {"resource_changes": [{"address": "a.b", "change": {"after": {"size": 2}}}]}
    assert list(differences(recorded, now, "")) == [
        "first at resource_changes[a.b].change.after.size: recorded 1, planned 2"
    ]


def emulators(endpoint: str) -> str:
    """The endpoint, once it was seen to be open."""
    assert not gone(endpoint, patience_seconds=0)
    return endpoint


def gone(endpoint: str, patience_seconds: float = 5) -> bool:
    """Whether nobody answers at an endpoint any more."""
    import socket

    host, _, port = endpoint.removeprefix("http://").partition(":")
    deadline = time.monotonic() + patience_seconds
    while True:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((host, int(port))) != 0:
                return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)
