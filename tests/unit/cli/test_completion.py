"""Does a shell complete what a person begins to type? In the real shells, as far as they are there."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from planspec.cli.app import main

ROOT = Path(__file__).parents[3]


def script(shell: str, folder: Path) -> Path:
    """The completion script of a shell, as a file."""
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0, result.output
    path = folder / f"planspec.{shell}"
    path.write_text(result.output, encoding="utf-8")
    return path


def asked(program: str, *arguments: str) -> str:
    """What a shell prints that finds our planspec on its path."""
    found = shutil.which(program)
    if not found:
        pytest.skip(f"{program}: not found on PATH; its completion is not tried")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [found, *arguments],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_bash(folder: Path, *words: str) -> list[str]:
    """What bash offers for the last of these words."""
    quoted = " ".join(map(shlex.quote, words))
    program = (
        f"source '{script('bash', folder)}' 2>/dev/null; COMP_WORDS=({quoted}); "
        f"COMP_CWORD={len(words) - 1}; _planspec_completion planspec; "
        "printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    return asked("bash", "--norc", "-c", program).split("\n")[:-1]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["planspec", "che"], ["check"]),
        (["planspec", "check", "--require-ch"], ["--require-checkov"]),
        (["planspec", "check", "-o", "sa"], ["sarif"]),
        (["planspec", "report", "-o", "oscal=ARCHI"], ["oscal=ARCHITECTURE.md"]),
        (["planspec", "explain", "EXP-01"], ["EXP-01", "EXP-01.1"]),
        (["planspec", "explain", "exp-01."], ["EXP-01.1"]),
        (["planspec", "check", "--tags", "@EXP-01"], ["@EXP-01"]),
        (["planspec", "check", "--tags", "'@EXP-01 or @EXP-02"], ["@EXP-01 or @EXP-02"]),
        (["planspec", "init", "--ci", "gith"], ["github"]),
        (["planspec", "steps", "deletion"], ["deletion protection"]),
        (["planspec", "steps", "rds"], ["RDS DB instance"]),
    ],
)
def test_bash_completes(
    words: list[str], offered: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert in_bash(tmp_path, *words) == offered


def test_bash_completes_numbers_of_the_features_that_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.feature").write_text("Feature: F\n\n  Scenario: OWN-07.1 Ours\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    offered = in_bash(tmp_path, "planspec", "explain", "--features", "own.feature", "")
    assert offered == ["OWN-07", "OWN-07.1"]


def test_fish_completes_with_what_a_format_is_for(tmp_path: Path) -> None:
    path = script("fish", tmp_path)
    offered = asked("fish", "--no-config", "-c", f"source {path}; complete -C 'planspec check -o sa'")
    assert offered.split()[0] == "sarif"
    assert "code scanning" in offered


def test_zsh_takes_the_script(tmp_path: Path) -> None:
    assert "#compdef planspec" in script("zsh", tmp_path).read_text(encoding="utf-8")
    asked("zsh", "-n", str(script("zsh", tmp_path)))
