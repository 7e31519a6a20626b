"""Does every row of docs/conformance.md get the right answer from the command line?"""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from planspec import bundle
from planspec.cli.app import main
from tests.conformance import make
from tests.conformance.row import Row
from tests.conformance.rows import FALSE_PASSES, ROWS, WRONG_FAILURES


def test_the_page_is_what_the_rows_make(capsys: pytest.CaptureFixture[str]) -> None:
    assert make.main(["--check"]) == 0, capsys.readouterr().out
    assert len({row.number for row in ROWS}) == len(ROWS)
    assert (len(FALSE_PASSES) >= 35, len(WRONG_FAILURES) >= 12) == (True, True)


def policies(row: Path, folder: Path) -> list[str]:
    """The policies that come along, with the waivers of the row and no others."""
    if not (row / "waivers.toml").is_file():
        return []
    for name in ("parameters.toml", "controls.toml"):
        shutil.copy(bundle.POLICIES / name, folder / name)
    today = dt.datetime.now(dt.UTC).date()
    waivers = (row / "waivers.toml").read_text("utf-8")
    waivers = waivers.replace("2026-01-01", str(today)).replace("2026-06-30", str(today))
    (folder / "waivers.toml").write_text(waivers, "utf-8")
    return ["--policies", str(folder)]


@pytest.mark.parametrize("row", ROWS, ids=[row.number for row in ROWS])
def test_every_row_gets_the_right_answer(row: Row, tmp_path: Path) -> None:
    for name, text in row.files().items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    folder = tmp_path / row.number
    command = ["check", "--no-checkov", "-o", "json", "--features", str(folder)]
    command += [*policies(folder, tmp_path), str(folder / "plan.json")]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == row.exit_code, result.output
    if row.right == "refused":
        assert row.words in result.stderr
        assert result.stdout == ""
        return
    asked = [each for each in json.loads(result.stdout)["scenarios"] if each["name"] == "asked"]
    judged = [each for each in asked if each["file"].endswith("requirement.feature")]
    assert [each["verdict"] for each in judged] == [row.right]
    found = [each["address"] for each in judged[0]["findings"]]
    assert row.found is None or sorted(found) == sorted(row.found)
    assert bool(found) is (row.right != "satisfied")
