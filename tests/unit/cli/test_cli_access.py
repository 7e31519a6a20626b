"""`planspec access`: two policies, a plan, and what is neither."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from planspec import bundle
from planspec.cli.app import main
from planspec.syntax import values

PLANS = bundle.ROOT / "plans"


def planspec(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["access", *map(str, arguments)])


def written(folder: Path, name: str, **parts: Any) -> Path:
    """A policy with one statement, in a file."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111111111111:role/a"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::images/*",
        **parts,
    }
    path = folder / name
    path.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}), encoding="utf-8")
    return path


def test_who_gains_is_told_with_a_request_and_its_statement(tmp_path: Path) -> None:
    before, after = written(tmp_path, "before.json"), written(tmp_path, "after.json", Principal="*")
    result = planspec(before, after)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "gained anybody may s3:GetObject on arn:aws:s3:::images/a",
        f"       by statement 1 of {after}",
        "lost   nothing",
    ]


def test_who_loses_blocks_nobody(tmp_path: Path) -> None:
    before, after = written(tmp_path, "before.json", Principal="*"), written(tmp_path, "after.json")
    result = planspec(before, after)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "gained nothing"
    assert "lost   anybody may s3:GetObject" in result.stdout


def test_what_cannot_be_decided_is_no_pass(tmp_path: Path) -> None:
    before = written(tmp_path, "before.json", Resource="arn:aws:s3:::images/${aws:username}/*")
    after = written(tmp_path, "after.json", Resource="arn:aws:s3:::images/a/*")
    result = planspec(before, after, "-o", "json")
    told = values(result.stdout.encode())
    assert (result.exit_code == 0) == (told["gained"]["outcome"] == "not more")
    assert told["gained"]["outcome"] != "not more"


def test_a_plan_is_told_by_its_own_findings() -> None:
    result = planspec(PLANS / "upgrade.json", "--source", bundle.ROOT / "terraform")
    assert result.exit_code in (0, 1)
    assert "access" in result.stdout or "allows" in result.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no object"),
        ("{}", "no Statement in it"),
        ('{"resource_changes": []}', "a plan; expected an IAM policy"),
        ('{"Statement": [{"Effect": "Allow"}]}', "neither Action nor NotAction"),
        ('{"Statement": [], "Statement": []}', "twice"),
    ],
)
def test_what_is_no_policy_is_an_error_that_says_so(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text(text, encoding="utf-8")
    result = planspec(path, path)
    assert result.exit_code == 2
    assert said in result.stderr


def test_three_files_are_too_many(tmp_path: Path) -> None:
    path = written(tmp_path, "a.json")
    result = planspec(path, path, path)
    assert result.exit_code == 2
    assert "planspec access BEFORE AFTER" in result.stderr
