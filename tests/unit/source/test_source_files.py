"""Do only those source files count that the program which made the plan reads?"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from planspec.cli.app import main
from planspec.errors import SourceError
from planspec.saved import Maker
from planspec.saved.maker import maker
from planspec.source import NO_SOURCE, counting, of_folder, of_guessed_folder
from planspec.syntax import Literal
from tests.support.attacks import Promise, attack
from tests.support.plans import PROVIDER, block, configuration, document, refers, resource

POLICY = """resource "aws_s3_bucket" "b" {{
  bucket_prefix = "b"
}}

resource "aws_s3_bucket_policy" "b" {{
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Principal = "{principal}"
      Action    = "s3:GetObject"
      Resource  = aws_s3_bucket.b.arn
    }}]
  }})
}}
"""
OPEN = POLICY.format(principal="*")
CLOSED = POLICY.format(principal="*").replace('"*"', '{ AWS = "arn:aws:iam::123456789012:root" }')


def planned(folder: Path, *, tofu: bool = False, **more: Any) -> Path:
    """Plan JSON of a bucket with a policy that apply decides, by Terraform or OpenTofu."""
    own = document(
        resource("aws_s3_bucket", "b", bucket_prefix="b", id=..., arn=...),
        resource("aws_s3_bucket_policy", "b", bucket=..., policy=...),
        configuration=configuration(
            block("aws_s3_bucket", "b", bucket_prefix={"constant_value": "b"}),
            block(
                "aws_s3_bucket_policy",
                "b",
                bucket=refers("aws_s3_bucket.b.id", "aws_s3_bucket.b"),
                policy=refers("aws_s3_bucket.b.arn", "aws_s3_bucket.b"),
            ),
        ),
        errored=False,
        **({} if tofu else {"complete": True}),
        **more,
    )
    text = json.dumps(own)
    if tofu:
        text = text.replace(PROVIDER, PROVIDER.replace("terraform.io", "opentofu.org"))
    (folder / "p.json").write_text(text, encoding="utf-8")
    return folder / "p.json"


def verdict(folder: Path, plan: Path, files: Mapping[str, str]) -> tuple[int, str]:
    """With these files as its source: 0 and what EXP-05.2 says of the plan, or 2 and the error."""
    source = folder / "source"
    for name, text in files.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    record = folder / "evidence.json"
    given = ["check", "--no-checkov", "--tags", "@EXP-05", "--source", source, plan]
    done = CliRunner().invoke(main, [*map(str, given), "-o", f"json={record}"])
    if done.exit_code == 2:
        return 2, done.stderr
    scenarios = json.loads(record.read_text(encoding="utf-8"))["scenarios"]
    return 0, next(each["verdict"] for each in scenarios if each["scenario"] == "EXP-05.2")


@pytest.mark.parametrize(
    ("tofu", "files", "expected"),
    [
        (False, {"main.tf": OPEN}, (0, "violated")),
        (False, {"main.tf": CLOSED}, (0, "satisfied")),
        (False, {"main.tf": OPEN, "a.tofu": CLOSED}, (0, "violated")),
        (False, {"main.tf": OPEN, "main.tofu": CLOSED}, (0, "violated")),
        (False, {"main.tf": CLOSED, "main.tofu": OPEN}, (0, "satisfied")),
        (False, {"main.tf": OPEN, "a.tofu.json": "{}"}, (0, "violated")),
        (True, {"main.tf": CLOSED, "main.tofu": OPEN}, (0, "violated")),
        (True, {"main.tf": OPEN, "main.tofu": CLOSED}, (0, "satisfied")),
        (True, {"main.tf": OPEN}, (0, "violated")),
        (True, {"main.tofu": OPEN}, (0, "violated")),
    ],
)
@attack(
    "A harmless `.tofu` file in the source folder, next to the file that Terraform reads",
    promise=Promise.EXIT_CODE,
    happens="Not read where Terraform made the plan; an error where the program is not known",
)
def test_each_program_has_its_own_files(
    tmp_path: Path, tofu: bool, files: Mapping[str, str], expected: tuple[int, str]
) -> None:
    assert verdict(tmp_path, planned(tmp_path, tofu=tofu), files) == expected


@pytest.mark.parametrize(
    ("tofu", "files", "places"),
    [
        (False, {"main.tf": OPEN, "a.tf": CLOSED}, ("main.tf:1", "a.tf:1")),
        (False, {"main.tf": OPEN, "z.tf": CLOSED}, ("main.tf:1", "z.tf:1")),
        (True, {"main.tf": OPEN, "a.tofu": CLOSED}, ("main.tf:1", "a.tofu:1")),
        (False, {"main.tf": CLOSED + OPEN}, ("main.tf:1", f"main.tf:{CLOSED.count(chr(10)) + 1}")),
        (False, {"main.tf": OPEN + "locals {\n  a = 1\n}\nlocals {\n  a = 2\n}\n"}, ("local.a",)),
        (False, {"main.tf": OPEN + 'variable "v" {}\n', "v.tf": 'variable "v" {}\n'}, ("variable.v",)),
        (
            False,
            {"main.tf": OPEN, "m.tf.json": '{"output": [{"o": {"value": 1}}, {"o": {"value": 2}}]}'},
            ("output.o",),
        ),
        (
            False,
            {"main.tf": OPEN, "a_override.tf": 'variable "v" {\n  default = 1\n}\n'},
            ("a_override.tf:1",),
        ),
        (
            False,
            {
                "main.tf": OPEN + 'module "m" {\n  source = "./m"\n}\n',
                "m/a.tf": "locals {\n  a = 1\n}\n",
                "m/b.tf": "locals {\n  a = 2\n}\n",
            },
            ("m/a.tf:1", "m/b.tf:1"),
        ),
        (False, {"main.tf": OPEN + 'provider "aws" {}\nprovider "aws" {}\n'}, ("provider.aws",)),
    ],
)
@attack(
    "A second, harmless block of the same name in the source folder",
    promise=Promise.EXIT_CODE,
    happens="Refused with both places, exit code 2; the order decides nothing",
)
def test_of_two_blocks_with_one_name_none_decides(
    tmp_path: Path, tofu: bool, files: Mapping[str, str], places: tuple[str, ...]
) -> None:
    code, said = verdict(tmp_path, planned(tmp_path, tofu=tofu), files)
    assert code == 2
    assert all(each in said for each in places), said
    assert "Terraform refuses such a folder" in said


def test_where_the_program_cannot_be_told_its_own_files_are_refused(tmp_path: Path) -> None:
    plan = planned(tmp_path, tofu=True)
    plan.write_text(plan.read_text().replace("registry.opentofu.org", "registry.terraform.io"))
    code, said = verdict(tmp_path, plan, {"main.tf": OPEN, "a.tofu": CLOSED})
    assert code == 2
    assert "a.tofu: OpenTofu reads this file and Terraform does not" in said
    (tmp_path / "source/a.tofu").unlink()
    assert verdict(tmp_path, plan, {"main.tf": OPEN}) == (0, "violated")


def test_override_files_change_a_block_argument_by_argument(tmp_path: Path) -> None:
    change = 'resource "aws_s3_bucket_policy" "b" {\n  policy = "{}"\n}\n'
    files = {"main.tf": OPEN, "b_override.tf": change}
    assert verdict(tmp_path, planned(tmp_path), files)[0] != 2
    (tmp_path / "source/b_override.tf").unlink()
    assert verdict(tmp_path, planned(tmp_path), {"main.tf": CLOSED, "override.tf": OPEN}) == (
        0,
        "violated",
    )


def test_an_override_of_lifecycle_keeps_what_it_does_not_name(tmp_path: Path) -> None:
    for name, text in {
        "main.tf": 'resource "t" "n" {\n  lifecycle {\n    ignore_changes = [a]\n  }\n}\n',
        "x_override.tf": 'resource "t" "n" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    module = of_folder(tmp_path).module(())
    assert module is not None
    placed = module.placed(("managed", "t", "n"))
    assert placed is not None
    assert "ignore_changes" in repr(placed.arguments["lifecycle"])
    assert "prevent_destroy" in repr(placed.arguments["lifecycle"])


def test_an_argument_that_stands_twice_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "t" "n" {\n  a = 1\n  a = 2\n  b = 3\n}\n', encoding="utf-8"
    )
    module = of_folder(tmp_path).module(())
    placed = module.placed(("managed", "t", "n")) if module else None
    assert placed is not None
    assert not isinstance(placed.expression("a"), Literal)
    assert placed.expression("b") == Literal(3)


def test_providers_are_told_apart_by_their_alias(tmp_path: Path) -> None:
    text = (
        'provider "aws" {\n  alias = "a"\n}\nprovider "aws" {\n}\nprovider "aws" {\n  alias = "b"\n}\n'
    )
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    assert of_folder(tmp_path).position("provider.aws").endswith("main.tf:4")


def test_a_guessed_folder_that_does_not_fit_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text("locals {\n  a = 1\n}\n", encoding="utf-8")
    (tmp_path / "b.tf").write_text("locals {\n  a = 2\n}\n", encoding="utf-8")
    assert of_guessed_folder(tmp_path) is NO_SOURCE
    with pytest.raises(SourceError, match=r"local\.a is declared twice"):
        of_folder(tmp_path)


@pytest.mark.parametrize(
    ("version", "providers", "marked", "expected"),
    [
        ("1.11.4", ["registry.terraform.io/hashicorp/aws"], True, Maker.TERRAFORM),
        ("1.11.4", ["terraform.io/builtin/terraform"], True, Maker.TERRAFORM),
        ("1.11.4", ["registry.opentofu.org/hashicorp/aws"], True, Maker.UNKNOWN),
        ("1.11.0", ["registry.opentofu.org/hashicorp/aws"], False, Maker.OPENTOFU),
        ("1.11.0", ["terraform.io/builtin/terraform"], False, Maker.OPENTOFU),
        ("1.11.0", ["registry.terraform.io/hashicorp/aws"], False, Maker.UNKNOWN),
        ("1.7.0", ["registry.opentofu.org/hashicorp/aws"], False, Maker.TERRAFORM),
        ("1.5.7", ["registry.terraform.io/hashicorp/aws"], False, Maker.TERRAFORM),
        ("", [], True, Maker.UNKNOWN),
    ],
)
def test_the_program_is_told_by_what_it_writes(
    version: str, providers: list[str], marked: bool, expected: Maker
) -> None:
    assert maker(version, providers, marked=marked) is expected


def test_opentofu_replaces_a_file_by_its_base_name_and_its_kind() -> None:
    names = [
        "a.tf",
        "a.tofu",
        "b.tf.json",
        "b.tofu",
        "c.tf.json",
        "c.tofu.json",
        "d.tf",
        ".e.tofu",
        "f.txt",
    ]
    assert counting(names, Maker.OPENTOFU) == ["a.tofu", "b.tf.json", "b.tofu", "c.tofu.json", "d.tf"]
    assert counting(names, Maker.TERRAFORM) == ["a.tf", "b.tf.json", "c.tf.json", "d.tf"]


def listed(*modules: tuple[str, str, str]) -> str:
    """The manifest of `terraform init`: key, source and folder of each module."""
    entries = [{"Key": "", "Source": "", "Dir": "."}]
    entries += [{"Key": key, "Source": source, "Dir": place} for key, source, place in modules]
    return json.dumps({"Modules": entries})


def planned_in_a_module(folder: Path) -> Path:
    """The same plan, with everything in module.m."""
    path = planned(folder)
    plan = json.loads(path.read_text())
    root = plan["configuration"]["root_module"]
    plan["configuration"]["root_module"] = {"module_calls": {"m": {"source": "./mod", "module": root}}}
    for change in plan["resource_changes"]:
        change |= {"address": f"module.m.{change['address']}", "module_address": "module.m"}
    path.write_text(json.dumps(plan))
    return path


VPC = "terraform-aws-modules/vpc/aws"
GITHUB = "git::https://github.com/hashicorp/example.git//sub"
OWN = ".terraform/modules/m"


@pytest.mark.parametrize(
    ("called", "told", "place", "expected"),
    [
        ("./mod", "./mod", "evil", "violated"),
        ("./mod", "./evil", "evil", "violated"),
        ("./evil/../mod", "./mod", "evil", "violated"),
        ("./mod", VPC, OWN, "violated"),
        (VPC, f"registry.terraform.io/{VPC}", OWN, "satisfied"),
        (VPC, f"registry.opentofu.org/{VPC}", OWN, "satisfied"),
        ("github.com/hashicorp/example//sub", GITHUB, f"{OWN}/sub", "satisfied"),
        ("git@github.com:a/b.git", "git::ssh://git@github.com/a/b.git", OWN, "satisfied"),
        ("git::https://host/a.git?ref=v1", "git::https://host/a.git?ref=v1", OWN, "satisfied"),
        (VPC, f"registry.terraform.io/{VPC}", ".terraform\\\\modules\\\\m", "satisfied"),
        (VPC, f"registry.terraform.io/{VPC}", "evil", "undetermined"),
        (VPC, f"registry.terraform.io/{VPC}", ".terraform/modules/../../evil", "undetermined"),
        (VPC, "registry.terraform.io/other/vpc/aws", OWN, "undetermined"),
        (VPC, "./evil", "evil", "undetermined"),
        (VPC, "", OWN, "undetermined"),
        ("git::https://host/a.git?ref=v1", "git::https://host/a.git?ref=v2", OWN, "undetermined"),
    ],
)
def test_the_call_says_where_a_module_is_and_not_the_manifest(
    tmp_path: Path, called: str, told: str, place: str, expected: str
) -> None:
    """Anybody can commit `.terraform/modules/modules.json`."""
    place = place.replace("\\\\", "\\")
    files = {
        "main.tf": f'module "m" {{\n  source = "{called}"\n}}\n',
        "mod/main.tf": OPEN,
        "evil/main.tf": CLOSED,
        f"{OWN}/main.tf": CLOSED,
        f"{OWN}/sub/main.tf": CLOSED,
        ".terraform/modules/modules.json": listed(("m", told, place)),
    }
    assert verdict(tmp_path, planned_in_a_module(tmp_path), files) == (0, expected)


def test_a_source_that_is_no_plain_text_and_a_key_twice_let_no_manifest_decide(tmp_path: Path) -> None:
    call = 'module "m" {\n  source = var.where\n}\nvariable "where" {\n  default = "./mod"\n}\n'
    files = {
        "main.tf": call,
        "mod/main.tf": OPEN,
        f"{OWN}/main.tf": CLOSED,
        ".terraform/modules/modules.json": listed(("m", "./mod", OWN)),
    }
    plan = planned_in_a_module(tmp_path)
    assert verdict(tmp_path, plan, files) == (0, "undetermined")
    files["main.tf"] = f'module "m" {{\n  source = "{VPC}"\n}}\n'
    files[".terraform/modules/modules.json"] = listed(("m", VPC, OWN), ("m", VPC, OWN))
    assert verdict(tmp_path, plan, files) == (0, "undetermined")
