"""Is the help a manual: examples that parse, exit codes, the environment, every option explained?"""

import shlex
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from planspec.cli import help_texts
from planspec.cli.app import main

CONTEXT = click.Context(main)
COMMANDS = main.list_commands(CONTEXT)


def examples(name: str) -> tuple[tuple[str, str], ...]:
    """The examples of a command."""
    found: tuple[tuple[str, str], ...] = import_module(f"planspec.cli.commands.{name}").EXAMPLES
    return found


CALLS = sorted({line for name in COMMANDS for line, _ in (*help_texts.EXAMPLES, *examples(name))})


def command(name: str) -> click.Command:
    """The command of this name."""
    found = main.get_command(CONTEXT, name)
    assert found
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_line_in_the_list_and_an_example(name: str) -> None:
    short = command(name).short_help
    assert short
    assert len(short) <= 60
    assert short in CliRunner().invoke(main, ["--help"]).output
    assert examples(name)
    assert "Examples:" in CliRunner().invoke(main, [name, "--help"]).output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    silent = [
        each.name for each in command(name).params if isinstance(each, click.Option) and not each.help
    ]
    assert silent == []


def test_an_option_is_the_same_in_every_command() -> None:
    seen: dict[str, dict[tuple[str, bool, str | None], list[str]]] = {}
    for name in COMMANDS:
        for option in command(name).params:
            if isinstance(option, click.Option):
                shape = (repr(option.type.to_info_dict()), option.multiple, option.metavar)
                seen.setdefault(option.opts[-1], {}).setdefault(shape, []).append(name)
    # -o names one file where a command writes one thing, and a format where it can write several.
    del seen["--output"]
    # --seed is what an emulated account begins with, and the number by which mutants are drawn.
    del seen["--seed"]
    assert {option: list(shapes.values()) for option, shapes in seen.items() if len(shapes) > 1} == {}


@pytest.mark.parametrize(
    "name", [each for each in COMMANDS if any(p.name == "policies" for p in command(each).params)]
)
def test_a_folder_of_policies_that_is_not_there_is_refused(name: str) -> None:
    absent = CliRunner().invoke(main, [name, "--policies", "nowhere"])
    assert absent.exit_code == 2
    assert "Directory 'nowhere' does not exist" in absent.output


@pytest.mark.parametrize("line", CALLS)
def test_every_example_is_a_call_that_planspec_takes(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("terraform", "features", "policies", "plans", "infra"):
        Path(folder).mkdir()
    for file in ("prod.tfvars", "seed.toml"):
        Path(file).touch()
    words = shlex.split(line.rpartition("| ")[2].partition(" > ")[0])
    assert words[0] == "planspec"
    command(words[1]).make_context(words[1], words[2:], resilient_parsing=False)


def test_the_help_names_exit_codes_and_environment() -> None:
    output = CliRunner().invoke(main, ["--help"]).output
    for code, said in help_texts.EXIT_CODES.items():
        assert f"{code}  {said}" in output
    for name in help_texts.ENVIRONMENT:
        assert name in output


def test_the_environment_is_the_one_that_the_source_reads() -> None:
    sources = Path(help_texts.__file__).parent.rglob("*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources if path.name != "manual.py")
    for name in help_texts.ENVIRONMENT:
        assert f'"{name}"' in text or name == "NO_COLOR"
