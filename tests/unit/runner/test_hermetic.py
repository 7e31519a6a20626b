"""Does our own pytest find what each step means, once, and the same as pytest-bdd would?"""

import importlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from planspec.cli.app import main
from planspec.runner.registry import matching

INHERITED = Path(__file__).parents[3] / "plans/inherited.json"
KEYWORDS = {"given": "Context", "when": "Action", "then": "Outcome"}
CRITICAL = ("--tags", "@severity:critical")


def test_each_text_is_looked_up_once_and_has_its_one_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("pytest_bdd.scenario")
    find: Any = module.find_fixturedefs_for_step
    known: Any = importlib.import_module("pytest_bdd.steps").step_function_context_registry
    asked: Counter[tuple[str, str]] = Counter()

    def counted(step: Any, fixturemanager: Any, node: Any) -> Any:
        found = list(find(step=step, fixturemanager=fixturemanager, node=node))
        asked[step.type, step.name] += 1
        (meaning,) = matching(KEYWORDS[step.type], step.name)
        assert [known[each.func].step_func for each in found] == [meaning]
        return found

    monkeypatch.setattr(module, "find_fixturedefs_for_step", counted)
    result = CliRunner().invoke(main, ["check", "--no-checkov", *CRITICAL, str(INHERITED)])
    assert result.exit_code == 1, result.output
    assert len(asked) > 20
    assert set(asked.values()) == {1}
    assert module.find_fixturedefs_for_step is counted
