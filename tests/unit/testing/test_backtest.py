"""Does a backtest tell which past plans other requirements would block?"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planspec import bundle
from planspec.cli.app import main

ROOT = Path(__file__).parents[3]
PLANS = [ROOT / "plans" / f"{name}.json" for name in ("corrected", "inherited")]

FEATURE = """Feature: Databases

  Scenario: A database keeps backups
    Given the Terraform plan
    When we examine every planned "aws_db_instance"
    Then every "backup_retention_period" must be at least {days}
"""


def requirements(folder: Path, days: int) -> Path:
    """A folder with features and policies of one's own."""
    (folder / "features").mkdir(parents=True)
    (folder / "features" / "own.feature").write_text(FEATURE.format(days=days), encoding="utf-8")
    shutil.copytree(bundle.POLICIES, folder / "policies")
    return folder


def backtest(new: Path, *more: str | Path) -> Result:
    """Run the command with the new requirements of a folder, without other processes."""
    arguments = ["--features", new / "features", "--policies", new / "policies", *more]
    if "--scheduler" not in more:
        arguments += ["--jobs", "1"]
    return CliRunner().invoke(main, ["backtest", *map(str, [*PLANS, *arguments])])


def test_a_plan_that_the_new_requirements_block_is_named_with_the_scenario(tmp_path: Path) -> None:
    old, new = requirements(tmp_path / "old", 1), requirements(tmp_path / "new", 400)
    result = backtest(new, "--against", old)
    assert result.exit_code == 0, result.output
    assert "newly blocked: 1" in result.stdout
    assert "corrected.json  A database keeps backups" in result.stdout
    assert "2 plans against" in " ".join(result.stdout.split())  # a long path breaks the line
    assert backtest(new, "--against", old, "--fail-on-change").exit_code == 1


def test_a_plan_that_the_new_requirements_let_pass_is_named(tmp_path: Path) -> None:
    old, new = requirements(tmp_path / "old", 400), requirements(tmp_path / "new", 1)
    assert "newly passed: 1" in backtest(new, "--against", old).stdout


def test_the_old_requirements_can_be_a_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = requirements(tmp_path / "work", 1)
    monkeypatch.chdir(work)
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.invalid"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "old"]):
        subprocess.run(["git", *command], check=True)
    feature = work / "features" / "own.feature"
    feature.write_text(FEATURE.format(days=400), encoding="utf-8")
    assert "newly blocked: 1" in backtest(work, "--against", "HEAD").stdout
    refused = backtest(work, "--against", "--output=x")
    assert refused.exit_code == 2
    assert "neither a folder nor a revision" in refused.stderr
    assert not (work / "x").exists()


def test_one_bad_plan_never_stops_the_rest(tmp_path: Path) -> None:
    new = requirements(tmp_path / "new", 1)
    bad = tmp_path / "plans" / "bad.json"
    bad.parent.mkdir()
    bad.write_text("{", encoding="utf-8")
    result = CliRunner().invoke(
        main,
        ["backtest", str(bad.parent), str(PLANS[0]), "--against", str(new), "--jobs", "1"],
    )
    assert result.exit_code == 0, result.output
    assert "bad.json" in result.stdout
    assert "1 not judged" in result.stdout


def test_an_interrupted_run_goes_on_from_its_journal(tmp_path: Path) -> None:
    old, new = requirements(tmp_path / "old", 1), requirements(tmp_path / "new", 400)
    journal = tmp_path / "journal.jsonl"
    whole = backtest(new, "--against", old, "--journal", journal).stdout
    lines = journal.read_bytes().splitlines(keepends=True)
    assert len(lines) == len(PLANS) * 2
    journal.write_bytes(b"".join(lines[:2]) + lines[2][:10])
    assert backtest(new, "--against", old, "--journal", journal).stdout == whole
    assert sorted(journal.read_bytes().splitlines(keepends=True)) == sorted(lines)


def test_a_file_that_is_no_journal_is_refused_and_kept(tmp_path: Path) -> None:
    new = requirements(tmp_path / "new", 1)
    other = tmp_path / "notes.txt"
    other.write_text("my notes\nmore\n", encoding="utf-8")
    result = backtest(new, "--against", new, "--journal", other)
    assert result.exit_code == 2
    assert other.read_text(encoding="utf-8") == "my notes\nmore\n"


def test_requirements_that_cannot_be_read_are_said_before_anything_is_judged(tmp_path: Path) -> None:
    old, new = requirements(tmp_path / "old", 1), requirements(tmp_path / "new", 1)
    (old / "policies" / "parameters.toml").write_text("", encoding="utf-8")
    result = backtest(new, "--against", old)
    assert result.exit_code == 2
    assert "--features-only" in result.stderr
    assert backtest(new, "--against", old, "--features-only").exit_code == 0


def test_a_dask_cluster_gives_the_same_table_and_parquet_has_a_row_for_each_verdict(
    tmp_path: Path,
) -> None:
    parquet = pytest.importorskip(
        "pyarrow.parquet", reason='pyarrow: not installed; pip install "planspec[fleet]"'
    )
    old, new = requirements(tmp_path / "old", 1), requirements(tmp_path / "new", 400)
    here, there = tmp_path / "here.parquet", tmp_path / "there.parquet"
    alone = backtest(new, "--against", old, "--parquet", here)
    environment = {"PYTHONWARNINGS": "ignore"}
    arguments = [*PLANS, "--features", new / "features", "--policies", new / "policies"]
    arguments += ["--against", old, "--parquet", there, "--scheduler", "local", "--jobs", "1"]
    cluster = subprocess.run(
        [sys.executable, "-m", "planspec", "backtest", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert cluster.stdout == alone.stdout, cluster.stderr
    first, second = (parquet.read_table(path).to_pylist() for path in (here, there))
    assert first == second
    assert len(first) == len(PLANS) * 2
    assert json.dumps(first[0])
