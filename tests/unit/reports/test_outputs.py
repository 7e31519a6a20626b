"""Does each report go where it was asked for, or nothing anywhere?"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planspec.cli.app import main
from planspec.reports.outputs import parsed

ROOT = Path(__file__).parents[3]
INHERITED = str(ROOT / "plans" / "inherited.json")


def run(*arguments: str) -> Result:
    """Run `planspec` in this process."""
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """The record of the service as it was handed over."""
    path = tmp_path / "evidence.json"
    run("check", "--no-checkov", INHERITED, "-o", f"json={path}")
    return path


def test_a_record_reports_what_its_run_reported(record: Path) -> None:
    printed = run("check", "--no-checkov", INHERITED)
    again = run("report", str(record))
    assert (again.stdout, again.exit_code) == (printed.stdout, printed.exit_code)
    assert again.exit_code == 1


def test_reports_in_files_leave_one_line_in_the_terminal(record: Path, tmp_path: Path) -> None:
    found = run("report", str(record), "-o", f"console={tmp_path / 'report.txt'}")
    assert found.stdout == ""
    assert found.stderr.endswith("blocked\n")
    written = (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert written.splitlines()[-1] == found.stderr.strip()


def test_a_file_that_cannot_be_written_keeps_every_other_from_being_written(
    record: Path, tmp_path: Path
) -> None:
    written = tmp_path / "first.json"
    found = run("report", str(record), "-o", f"json={written}", "-o", "console=/nowhere/report.txt")
    assert found.exit_code == 2
    assert "/nowhere/report.txt: No such file or directory" in found.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["evidence.json"]


def test_a_new_report_is_for_its_owner_and_one_that_is_replaced_keeps_its_permissions(
    record: Path, tmp_path: Path
) -> None:
    shared, own = tmp_path / "shared.sarif", tmp_path / "own.sarif"
    shared.touch()
    shared.chmod(0o644)
    run("report", str(record), "-o", f"sarif={shared}", "-o", f"junit={own}")
    assert [each.stat().st_mode & 0o777 for each in (shared, own)] == [0o644, 0o600]
    assert shared.stat().st_size


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (["pdf"], '"pdf"; write FORMAT or FORMAT=FILE, one of console, json'),
        (["json="], '"json="; name a file after the ='),
        (["console", "json"], "console, json cannot share standard output"),
        (["json=a", "console=a"], "two reports to one file"),
    ],
)
def test_what_cannot_be_asked_for_is_said(values: list[str], says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("=", "\\=")):
        parsed(values)


def test_what_other_steps_wrote_to_a_job_s_summary_stays(
    record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run("report", str(record), "-o", f"console={summary}")
    written = summary.read_text(encoding="utf-8")
    assert written.startswith("before\nplanspec ")


def test_a_file_that_is_no_record_is_one_paragraph(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"format_version": "1.2"}))
    found = run("report", str(path))
    assert found.exit_code == 2
    assert "not an evidence record; make one with: planspec check PLAN" in found.stderr
