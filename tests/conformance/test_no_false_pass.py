"""Ways to get a bad plan past a requirement that were found by trying: none of them works."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from planspec.cli.app import main
from tests.support.plans import document, encode, resource

OPEN = {"Effect": "Allow", "Action": ["*", "s3:*"], "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [OPEN]})
GROUP = resource("aws_security_group", "g", ingress=[{"cidr_blocks": ["0.0.0.0/0"]}])
ROLE = resource("aws_iam_policy", "p", policy=POLICY, settings={"public": True})
DATABASE = resource("aws_db_instance", "d", module="module.shop", storage_encrypted=False)
CLUSTER = resource("aws_rds_cluster", "c", storage_encrypted=True)


def check(folder: Path, steps: str, *options: str, head: str = "", tags: str = "") -> Result:
    """Judge a plan of the four resources by one scenario."""
    lines = [f"    {step.strip()}" for step in steps.strip().splitlines()]
    feature = "\n".join([head, "Feature: F", f"  {tags}", "  Scenario: s", *lines, ""])
    (folder / "f.feature").write_text(feature, encoding="utf-8")
    (folder / "plan.json").write_bytes(encode(document(GROUP, ROLE, DATABASE, CLUSTER)))
    arguments = ["check", "--no-checkov", "--features", str(folder / "f.feature"), *options]
    return CliRunner().invoke(main, [*arguments, str(folder / "plan.json")])


@pytest.mark.parametrize(
    "outcome",
    [
        'every "ingress[*].cidr_blocks" must not be "0.0.0.0/0"',
        'every "ingress[*].cidr_blocks" must not match "0.0.0.0/0"',
        'every "ingress[*].cidr_blocks" must not be one of "0.0.0.0/0, ::/0"',
        'every "ingress[*].cidr_blcks[*]" must not be "0.0.0.0/0"',
    ],
)
def test_a_path_that_stops_at_a_list_decides_nothing(tmp_path: Path, outcome: str) -> None:
    result = check(tmp_path, f'When we examine every planned "aws_security_group"\nThen {outcome}')
    assert result.exit_code in {1, 2}, result.output


@pytest.mark.parametrize(
    "outcome",
    [
        'every "policy.Statement[*].Action" must not be "*"',
        'every "policy.Statement[*].Action" must not contain "3:*"',
        'every "policy.Statment[*].Action[*]" must not be "*"',
        'every "policy.Statement[*].Actions[*]" must not be "*"',
        'every "settings.publik" must not be "true"',
    ],
)
def test_a_slip_in_a_document_or_map_decides_nothing(tmp_path: Path, outcome: str) -> None:
    result = check(tmp_path, f'When we examine every planned "aws_iam_policy"\nThen {outcome}')
    assert result.exit_code == 1, result.output


def test_a_key_that_is_simply_not_there_is_no_slip(tmp_path: Path) -> None:
    steps = 'When we examine every planned "aws_iam_policy"\nThen every "policy.Statement[*].NotAction[*]" must not be "*"'  # noqa: E501
    assert check(tmp_path, steps).exit_code == 0


DATABASES = 'When we examine every planned "aws_db_instance"'
ENCRYPTED = 'Then every "storage_encrypted" must be "true"'


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        (f'{DATABASES}\nAnd we examine every planned "aws_rds_cluster"\n{ENCRYPTED}', "replaces"),
        (f"{DATABASES}\n{ENCRYPTED}\n{DATABASES}", "comes after the last outcome"),
        (f"{DATABASES}\n{ENCRYPTED}\n| 14 |", "reads a table"),
        (DATABASES.replace("aws_db_instance", "<kind>") + f"\n{ENCRYPTED}", "filled by no example"),
        (f'{DATABASES}\nAnd we keep those in module "shop"\nThen there must be none', "module.shop"),
    ],
)
def test_a_step_that_would_be_lost_is_refused(tmp_path: Path, steps: str, says: str) -> None:
    result = check(tmp_path, steps)
    assert result.exit_code == 2, result.output
    assert says in result.stderr


def test_a_module_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    steps = f'{DATABASES}\nAnd we keep those in module "module.shp"\nThen there must be none'
    refused = check(tmp_path, steps)
    assert refused.exit_code == 2
    assert 'did you mean "module.shop"?' in refused.stderr
    there = steps.replace("module.shp", "module.shop")
    found = check(tmp_path, there)
    assert found.exit_code == 1, found.output


def test_the_nearer_tag_counts(tmp_path: Path) -> None:
    steps = f"{DATABASES}\n{ENCRYPTED}"
    assert check(tmp_path, steps, head="@advisory").exit_code == 0
    assert check(tmp_path, steps, head="@advisory", tags="@hard").exit_code == 1
    assert check(tmp_path, steps, head="@hard", tags="@advisory").exit_code == 0


@pytest.mark.parametrize("who", [":", " : ", "Ada:", ":moved"])
def test_an_override_needs_a_name_and_a_reason(tmp_path: Path, who: str) -> None:
    steps = f"{DATABASES}\n{ENCRYPTED}"
    assert check(tmp_path, steps, "--override", f"s={who}", tags="@soft").exit_code == 2
    assert check(tmp_path, steps, "--override", "s=Ada: moved", tags="@soft").exit_code == 0


def test_every_tag_of_an_expression_must_be_some_scenarios(tmp_path: Path) -> None:
    steps = f"{DATABASES}\n{ENCRYPTED}"
    result = check(tmp_path, steps, "--tags", "@EXP-01 or @EXP-2", tags="@EXP-01")
    assert result.exit_code == 2
    assert "no scenario has @EXP-2" in result.stderr


def test_two_scenarios_of_one_number_are_refused_also_in_two_files(tmp_path: Path) -> None:
    text = "Feature: {0}\n  Scenario: EXP-01.1 {0}\n    {1}\n    {2}\n"
    for name in ("one", "two"):
        written = text.format(name, DATABASES, ENCRYPTED)
        (tmp_path / f"{name}.feature").write_text(written, encoding="utf-8")
    (tmp_path / "plan.json").write_bytes(encode(document(DATABASE)))
    arguments = ["check", "--no-checkov", "--features", str(tmp_path), str(tmp_path / "plan.json")]
    assert "number each scenario once" in CliRunner().invoke(main, arguments).stderr


def test_a_linked_folder_of_features_is_read(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    text = f"Feature: F\n  Scenario: s\n    {DATABASES}\n    {ENCRYPTED}\n"
    (tmp_path / "real" / "a.feature").write_text(text, encoding="utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "linked").symlink_to(tmp_path / "real")
    (tmp_path / "mine" / "back").symlink_to(tmp_path / "mine")
    (tmp_path / "plan.json").write_bytes(encode(document(DATABASE)))
    arguments = ["check", "--no-checkov", "--features", str(tmp_path / "mine")]
    assert CliRunner().invoke(main, [*arguments, str(tmp_path / "plan.json")]).exit_code == 1


@pytest.mark.parametrize("plan", ["", ".", "/"])
def test_what_is_no_file_is_not_judged(plan: str) -> None:
    result = CliRunner().invoke(main, ["check", "--no-checkov", plan])
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)


def test_an_address_cannot_drive_the_terminal(tmp_path: Path) -> None:
    hostile = resource("aws_db_instance", "d", index="\x1b[2J\r\n::error::x", storage_encrypted=False)
    (tmp_path / "plan.json").write_bytes(encode(document(hostile)))
    arguments = ["check", "--no-checkov", "--tags", "@ENC-01", str(tmp_path / "plan.json")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "\x1b" not in result.stdout
    assert not any(line.startswith("::error") for line in result.stdout.splitlines())


@pytest.mark.parametrize(
    ("attribute", "given"),
    [
        ("db_password", "hunter2hunter2"),
        ("settings", {"ApiKey": "hunter2hunter2"}),
        ("connection_string", "postgres://u:hunter2hunter2@h/db"),
        ("document", '{"adminPassword": "hunter2hunter2"}'),
    ],
)
def test_what_is_named_or_written_like_a_secret_is_not_shown(
    tmp_path: Path, attribute: str, given: Any
) -> None:
    (tmp_path / "plan.json").write_bytes(
        encode(document(resource("made_up", "x", **{attribute: given})))
    )
    feature = f'Feature: F\n  Scenario: s\n    When we examine every planned "made_up"\n    Then every "{attribute}" must be "no"\n'  # noqa: E501
    (tmp_path / "f.feature").write_text(feature, encoding="utf-8")
    arguments = ["check", "--no-checkov", "--features", str(tmp_path / "f.feature"), "-o", "json"]
    result = CliRunner().invoke(main, [*arguments, str(tmp_path / "plan.json")])
    assert result.exit_code == 1
    assert "hunter2" not in result.output
