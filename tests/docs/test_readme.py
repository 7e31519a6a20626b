"""Does the README show what really happens?"""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from planspec.cli.app import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n\$ planspec (.*)\n((?:.*\n)*?)```", README)
FEATURES = re.findall(r"```gherkin\n((?:.*\n)*?)```", README)


@pytest.mark.parametrize(("command", "shown"), CONSOLE)
def test_a_command_prints_what_the_readme_shows(
    command: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.feature").write_text(FEATURES[1], encoding="utf-8")
    (tmp_path / "plans").symlink_to(ROOT / "plans")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, shlex.split(command))
    # That the prices grow old is no fault of the page.
    lines = [line for line in result.output.splitlines() if "the price catalogue is" not in line]
    assert [line.rstrip() for line in lines] == shown.splitlines()


def test_the_requirement_on_the_first_screen_is_in_the_features() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "features").rglob("*.feature")]
    assert any(FEATURES[0] in text for text in texts)


def test_there_are_two_commands_and_two_features_to_check() -> None:
    assert (len(CONSOLE), len(FEATURES)) == (2, 2)
