"""Does a shell or an editor complete what a person begins to type? In the real ones that are there."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


class LanguageServer:
    """The real language server of an editor, asked over its standard input and output."""

    def __init__(self, folder: Path) -> None:
        program = Path(sys.executable).with_name("pytest-bdd-language-server")
        self.folder, self.number = folder, 0
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def tell(self, method: str, params: dict[str, Any], **more: Any) -> None:
        """Send one message. Source: Language Server Protocol, base protocol."""
        assert self.process.stdin
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """Send a request and return what is answered; what else the server says is passed over."""
        assert self.process.stdout
        self.number += 1
        self.tell(method, params, id=self.number)
        while True:
            length = 0
            while (line := self.process.stdout.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            assert length, "the server has ended"
            message = json.loads(self.process.stdout.read(length))
            if message.get("id") == self.number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def completes(self, name: str, line: int) -> list[str]:
        """What the server offers at the end of a line of a file."""
        text = (self.folder / name).read_text(encoding="utf-8")
        document = {"uri": (self.folder / name).as_uri()}
        opened = {**document, "languageId": "cucumber", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": opened})
        place = {"line": line, "character": len(text.splitlines()[line])}
        found = self.ask("textDocument/completion", {"textDocument": document, "position": place})
        return [each["label"] for each in (found["items"] if isinstance(found, dict) else found)]

    def close(self) -> None:
        """End the server."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[LanguageServer]:
    """The server over a folder with the phrases that the page tells to write, and own steps."""
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    call = re.search(r"^planspec (steps --stubs (\S+))$", page, re.M)
    assert call
    name, stubs = "own.py", tmp_path / call[2]
    (tmp_path / name).write_text(OWN_STEP, encoding="utf-8")
    assert CliRunner().invoke(main, ["steps", "--stubs", str(stubs)]).exit_code == 0
    feature = "Feature: Own\n\n  Scenario: One\n    When we examine\n    Then del\n    And every\n"
    (tmp_path / "own.feature").write_text(feature, encoding="utf-8")
    server = LanguageServer(tmp_path)
    folder = {"uri": tmp_path.as_uri(), "name": "own"}
    about: dict[str, Any] = {
        "processId": None,
        "rootUri": folder["uri"],
        "workspaceFolders": [folder],
        "capabilities": {},
    }
    server.ask("initialize", about)
    server.tell("initialized", {})
    yield server
    server.close()


OWN_STEP = """from pytest_bdd import parsers, then


@then(parsers.parse('no two "{path}" may overlap'))
def may_not_overlap(selection, path, uphold):
    uphold(path)
"""


def test_an_editor_completes_our_phrases_and_own_ones(editor: LanguageServer) -> None:
    deadline = time.monotonic() + 30
    # The server reads the folder after it has answered.
    while not (whens := editor.completes("own.feature", 3)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert {"we examine every planned S3 bucket", 'we examine every planned "{kind}"'} <= set(whens)
    thens = set(editor.completes("own.feature", 4))
    assert {"deletion protection must be enabled", 'no two "{path}" may overlap'} <= thens
    assert {'every "{path}" must be set', 'some "{path}" must be set'} <= thens
    assert thens & set(whens) <= {"trace"}  # pytest-bdd brings it into every run of pytest
    assert [each for each in thens if "{setting}" in each or "<" in each] == []


def test_the_language_server_knows_each_step_of_our_features(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "features", tmp_path / "features")
    wrong = "Feature: Own\n\n  Scenario: One\n    Then deletion protection must be enablet\n"
    (tmp_path / "own.feature").write_text(wrong, encoding="utf-8")
    CliRunner().invoke(main, ["steps", "--stubs", str(tmp_path / "phrases.py")])
    program = Path(sys.executable).with_name("pytest-bdd-language-server")
    call = [str(program), "undefined-steps", "--format", "json", str(tmp_path)]
    told = subprocess.run(call, capture_output=True, text=True, check=False)
    found = [each["text"] for each in json.loads(told.stdout)["undefined"]]
    assert found == ["deletion protection must be enablet"]
