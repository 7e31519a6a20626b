"""Does our own pytest run each step as we have read it, and find what it means once?"""

import importlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from planspec.cli.app import main
from planspec.runner.registry import matching
from tests.support.plans import document, encode, resource

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


OPEN: dict[str, Any] = {
    "name": "a",
    "ingress": [{"from_port": 20, "to_port": 30, "cidr_blocks": ["0.0.0.0/0"]}],
}
# What pytest-bdd alone reads in another way than Gherkin, each violated by a group that is open.
OTHERWISE = {
    "a comparison before the blank": """Feature: F
  Scenario Outline: No SSH from <net>
    Given the Terraform plan
    When we examine every planned "aws_security_group"
    Then every "ingress[?(@.from_port <= 22)].cidr_blocks[*]" must not be "<net>"
    Examples:
      | net       |
      | 0.0.0.0/0 |
""",
    "a comparison before the blank of a title": """Feature: F
  Scenario Outline: Ports < 23 of <name>
    Given the Terraform plan
    When we examine every planned "aws_security_group"
    Then every "name" must not be "<name>"
    Examples:
      | name |
      | a    |
""",
    "And after a background": """Feature: F
  Background:
    Given the Terraform plan
    When we examine every planned "aws_security_group"
  Scenario: S
    And we keep those whose "name" is "a"
    Then every "name" must not be "a"
""",
    "a star": """Feature: F
  Scenario: S
    * the Terraform plan
    When we examine every planned "aws_security_group"
    Then every "name" must not be "a"
""",
    "a byte order mark": """\ufeffFeature: F
  Scenario: S
    Given the Terraform plan
    When we examine every planned "aws_security_group"
    Then every "name" must not be "a"
""",
}


@pytest.mark.parametrize("feature", OTHERWISE.values(), ids=OTHERWISE)
def test_what_is_judged_is_what_was_read(tmp_path: Path, feature: str) -> None:
    plan, written = tmp_path / "plan.json", tmp_path / "own.feature"
    plan.write_bytes(encode(document(resource("aws_security_group", "a", **OPEN))))
    written.write_text(feature, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "--no-checkov", "--features", str(written), str(plan)])
    assert result.exit_code == 1, result.output
    assert "1 scenario: 1 violated" in result.output


@pytest.mark.parametrize(
    ("column", "blank", "told"),
    [
        ("| a.b |", "<a/b>", "<a/b> is filled by no example"),
        ("| net | net |", "<net>", 'two columns are called "net"'),
    ],
)
def test_a_blank_that_keeps_its_brackets_is_refused(
    tmp_path: Path, column: str, blank: str, told: str
) -> None:
    feature = OTHERWISE["a comparison before the blank"]
    feature = feature.replace("| net       |", column).replace('"<net>"', f'"{blank}"')
    feature = feature.replace("| 0.0.0.0/0 |", "| x |" if "." in column else "| x | y |")
    (tmp_path / "own.feature").write_text(feature.replace("from <net>", "from the world"))
    plan = tmp_path / "plan.json"
    plan.write_bytes(encode(document(resource("aws_security_group", "a", **OPEN))))
    chosen = ["--features", str(tmp_path / "own.feature"), str(plan)]
    result = CliRunner().invoke(main, ["check", "--no-checkov", *chosen])
    assert result.exit_code == 2, result.output
    assert told in result.output


def test_two_outlines_of_one_title_are_refused(tmp_path: Path) -> None:
    outline = OTHERWISE["a comparison before the blank"]
    other = outline.removeprefix("Feature: F\n").replace("0.0.0.0/0", "10.0.0.0/8")
    (tmp_path / "own.feature").write_text(outline + other)
    plan = tmp_path / "plan.json"
    plan.write_bytes(encode(document(resource("aws_security_group", "a", **OPEN))))
    chosen = ["--features", str(tmp_path / "own.feature"), str(plan)]
    result = CliRunner().invoke(main, ["check", "--no-checkov", *chosen])
    assert result.exit_code == 2, result.output
    assert "own.feature:9:" in result.output
    assert "is also in line 2" in result.output


GROUPS = 'we examine every planned "aws_security_group"'
RULES = "we examine every ingress rule"
REFUSED = [
    (RULES, 'it must not allow "10.0.0.0/33" on port "22"', '"10.0.0.0/33" is not a network'),
    (RULES, 'it must not allow "internet" on port "ssh"', '"ssh" is not a port'),
    (GROUPS, 'it must not allow "internet" on port "22"', "does not judge an aws_security_group"),
    (GROUPS, 'every "name" must match "a(b"', "is not a regular expression"),
    (GROUPS, "every \"ingress[?(@.a =~ 'a(')].b\" must be set", "is not a regular expression"),
    (GROUPS, 'every "ingress[1:2].b" must be set', "slice is not supported"),
    (
        "we examine every change",
        'there must be none from "Fryday 16:00" to "Monday 08:00" in "UTC"',
        'did you mean "Friday"?',
    ),
]


@pytest.mark.parametrize(("chosen", "outcome", "told"), REFUSED, ids=[each[1] for each in REFUSED])
def test_what_no_plan_can_mend_is_told_with_its_line_by_check_and_lint(
    tmp_path: Path, chosen: str, outcome: str, told: str
) -> None:
    feature, plan = tmp_path / "own.feature", tmp_path / "plan.json"
    steps = f"    Given the Terraform plan\n    When {chosen}\n    Then {outcome}\n"
    feature.write_text(f"Feature: F\n  Scenario: S\n{steps}")
    plan.write_bytes(encode(document(resource("aws_security_group", "a", **OPEN))))
    chosen_by = ["--features", str(feature), str(plan)]
    for words in (["check", "--no-checkov", *chosen_by], ["lint", str(feature)]):
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 2, result.output
        assert "own.feature:5: " in result.output
        assert told in result.output


def test_a_word_of_few_is_told_by_the_nearest_of_them(tmp_path: Path) -> None:
    feature = tmp_path / "own.feature"
    outcome = 'every "max_size" must be more than the value of "min_size"'
    steps = f"    Given the Terraform plan\n    When {GROUPS}\n    Then {outcome}\n"
    feature.write_text(f"Feature: F\n  Scenario: S\n{steps}")
    result = CliRunner().invoke(main, ["lint", str(feature)])
    assert 'must be at most the value of "<other>"' in result.output


def test_an_old_phrase_is_quoted_as_it_is_written(tmp_path: Path) -> None:
    feature, plan = tmp_path / "own.feature", tmp_path / "plan.json"
    steps = f"    Given the Terraform plan\n    When {GROUPS}\n    Then each one expires old images\n"
    feature.write_text(f"Feature: F\n  Scenario: S\n{steps}")
    plan.write_bytes(encode(document(resource("aws_security_group", "a", **OPEN))))
    words = ["check", "--no-checkov", "--features", str(feature), str(plan)]
    result = CliRunner().invoke(main, words)
    assert "`each one expires old images` (today `it must have a lifecycle policy`)" in result.output
