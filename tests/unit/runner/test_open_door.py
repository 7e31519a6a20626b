"""Can somebody else's pytest run use our steps over their own features?"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from planspec import bundle
from tests.support.plans import document, encode, resource

PLANS = Path(__file__).parents[3] / "plans"

FEATURE = """@severity:high
Feature: Ours

  Scenario: Buckets are named
    Given the Terraform plan
    When we examine every planned "aws_s3_bucket"
    Then every "bucket" must be set

  Scenario: No database is public
    When we examine every planned RDS DB instance
    Then public accessibility must be disabled

  Scenario: Queues are encrypted
    When we examine every planned "aws_sqs_queue"
    Then every "sqs_managed_sse_enabled" must be "true"
"""


SWALLOWED = FEATURE.replace('must be "true"', 'must not be one of "a", "b"')
STEPS = 'from pytest_bdd import scenarios\n\nscenarios("own.feature")\n'


def pytest_there(
    folder: Path, *arguments: str, feature: str = FEATURE, steps: str = STEPS
) -> "subprocess.CompletedProcess[str]":
    """Run pytest in a foreign repository that names our plugin."""
    (folder / "own.feature").write_text(feature)
    (folder / "conftest.py").write_text('pytest_plugins = ["planspec.plugin"]\n')
    (folder / "test_own.py").write_text(steps)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "code", "counts"),
    [("corrected", 0, "2 passed, 1 skipped"), ("inherited", 1, "1 failed, 1 passed, 1 skipped")],
)
def test_scenarios_fail_skip_and_pass_like_tests(
    tmp_path: Path, name: str, code: int, counts: str
) -> None:
    result = pytest_there(tmp_path, "--plan", str(PLANS / f"{name}.json"))
    assert result.returncode == code, result.stdout
    assert counts in result.stdout
    assert "not applicable: nothing was selected" in result.stdout


def test_the_recipe_of_the_page_works_as_it_is_written(tmp_path: Path) -> None:
    docs = Path(__file__).parents[3] / "docs"
    recipe = (docs / "testing-requirements.md").read_text("utf-8")
    files = dict(re.findall(r"^```python\n# (\S+)\n(.*?)^```$", recipe, re.M | re.S))
    assert set(files) == {"conftest.py", "test_requirements.py"}
    call = re.search(r"^```text\n(pytest .+)\n```$", recipe, re.M)
    assert call
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "own.feature").write_text(FEATURE, encoding="utf-8")
    for plan, code, counts in (
        ("corrected", 0, "2 passed, 1 skipped"), ("inherited", 1, "1 failed, 1 passed, 1 skipped")
    ):  # fmt: skip
        shutil.copy(PLANS / f"{plan}.json", tmp_path / "plan.json")
        result = subprocess.run(
            [sys.executable, "-m", *call[1].split()],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (result.returncode, counts in result.stdout) == (code, True), result.stdout


def test_marks_select_by_severity(tmp_path: Path) -> None:
    plan = ("--plan", str(PLANS / "corrected.json"))
    assert "2 passed" in pytest_there(tmp_path, *plan, "-m", 'severity(level="high")').stdout
    assert pytest_there(tmp_path, *plan, "-m", 'severity(level="low")').returncode == 5


def test_a_plan_that_cannot_be_read_is_a_usage_error_and_no_violation(tmp_path: Path) -> None:
    result = pytest_there(tmp_path, "--plan", "nowhere.json")
    assert result.returncode == 4
    assert "nowhere.json: No such file or directory" in result.stderr


def test_what_a_blank_swallows_fails_there_too(tmp_path: Path) -> None:
    result = pytest_there(tmp_path, "--plan", str(PLANS / "corrected.json"), feature=SWALLOWED)
    assert "2 passed" in result.stdout
    assert 'must not be one of "a, b"' in result.stdout
    assert result.returncode == 1


def test_a_comparison_before_a_blank_is_no_blank_there_either(tmp_path: Path) -> None:
    feature = """Feature: Ours

  Scenario Outline: No SSH from <net>
    Given the Terraform plan
    When we examine every planned "aws_security_group"
    Then every "ingress[?(@.from_port <= 22)].cidr_blocks[*]" must not be "<net>"
    Examples:
      | net        |
      | 0.0.0.0/0  |
      | 10.0.0.0/8 |
"""
    rule = {"from_port": 20, "to_port": 30, "cidr_blocks": ["0.0.0.0/0"]}
    plan = tmp_path / "plan.json"
    plan.write_bytes(encode(document(resource("aws_security_group", "a", ingress=[rule]))))
    result = pytest_there(tmp_path, "--plan", str(plan), feature=feature)
    assert "1 failed, 1 passed" in result.stdout, result.stdout


MONTH = """
    When we estimate what a month will cost
    Then {}
    And {}
"""
DATABASES = """
    When we examine every database that will exist after the change
    Then {}
    And {}
"""
BUDGET, INCREASE = (
    "a month costs no more than the budget",
    "the change adds no more to a month than one change may",
)
CLASS, STORAGE = "each one is of an accepted class", "each one is on storage of a fair price"


@pytest.mark.parametrize(
    ("text", "outcomes", "failed"),
    [
        (MONTH, (BUDGET, INCREASE), True),
        (MONTH, (INCREASE, BUDGET), True),
        (DATABASES, (CLASS, STORAGE), True),
        (DATABASES, (STORAGE, CLASS), True),
        (DATABASES, (CLASS, CLASS), False),
        (DATABASES, ("its snapshots carry its tags", CLASS), False),
        (DATABASES, (CLASS, "its snapshots carry its tags"), False),
    ],
)
def test_a_limit_that_nobody_stated_hides_no_violation_beside_it(
    tmp_path: Path, text: str, outcomes: tuple[str, str], failed: bool
) -> None:
    policies = tmp_path / "policies"
    policies.mkdir()
    for name in ("parameters.toml", "controls.toml"):
        shutil.copy(bundle.POLICIES / name, policies)
    (policies / "limits.toml").write_text("[cost]\nmonthly_increase_usd = 1\n")
    feature = "Feature: Two\n\n  Scenario: Both" + text.format(*outcomes)
    name = "inherited" if failed else "corrected"
    chosen = ("--plan", str(PLANS / f"{name}.json"), "--policies", str(policies))
    result = pytest_there(tmp_path, *chosen, feature=feature)
    assert ("1 failed" if failed else "1 skipped") in result.stdout, result.stdout
    assert failed or "cost.database_classes in policies/limits.toml" in result.stdout


def test_a_skip_hides_no_failure_of_their_own_step(tmp_path: Path) -> None:
    steps = STEPS.replace("scenarios", "scenarios, then", 1)
    steps += '\n@then("ours fails")\ndef ours():\n    raise AssertionError("ours")\n'
    feature = "Feature: Two\n\n  Scenario: Both" + DATABASES.format(CLASS, "ours fails")
    policies = tmp_path / "policies"
    shutil.copytree(bundle.POLICIES, policies, ignore=shutil.ignore_patterns("limits.toml"))
    chosen = ("--plan", str(PLANS / "corrected.json"), "--policies", str(policies))
    result = pytest_there(tmp_path, *chosen, feature=feature, steps=steps)
    assert "1 failed" in result.stdout, result.stdout


OLD = FEATURE.replace(
    "we examine every planned RDS DB instance",
    "we examine every database that will exist after the change",
).replace("public accessibility must be disabled", "none of them has a public address")


def test_phrases_of_the_version_before_are_understood_there_too(tmp_path: Path) -> None:
    assert OLD.count("that will exist") == OLD.count("has a public address") == 1
    result = pytest_there(tmp_path, "--plan", str(PLANS / "inherited.json"), feature=OLD)
    assert "1 failed, 1 passed, 1 skipped" in result.stdout, result.stdout


UNLIKE = """Feature: Ours

  Background:
    When we examine every planned "aws_s3_bucket"

  Scenario: Nothing is destroyed
    Then it must not be destroyed, replaced or removed from state

  Scenario: No key is public
    And we keep those whose "bucket" is set
    Then it must not grant administrative privileges
"""


def test_an_outcome_that_judges_something_else_fails_with_a_sentence(tmp_path: Path) -> None:
    feature = UNLIKE.replace("    And we keep", "    When we keep")
    result = pytest_there(tmp_path, "--plan", str(PLANS / "corrected.json"), feature=feature)
    assert result.returncode == 1, result.stdout
    told = "own.feature:7: `it must not be destroyed, replaced or removed from state` does not judge"
    assert told in result.stdout
    assert "it goes with `we examine every change to a stateful resource`" in result.stdout
    assert (
        "own.feature:11: `it must not grant administrative privileges` does not judge" in result.stdout
    )
    assert "2 failed" in result.stdout


def test_a_step_that_means_nothing_is_named_by_pytest_bdd(tmp_path: Path) -> None:
    feature = UNLIKE.replace('When we examine every planned "aws_s3_bucket"', "When we lok")
    feature = feature.replace("    And we keep", "    When we keep")
    result = pytest_there(tmp_path, "--plan", str(PLANS / "corrected.json"), feature=feature)
    assert result.returncode == 1
    assert "Step definition is not found" in result.stdout
    assert "does not judge" not in result.stdout


def test_steps_of_their_own_stand_beside_ours(tmp_path: Path) -> None:
    steps = """
from pytest_bdd import scenarios, then, when

@when("we look at the buckets", target_fixture="their_buckets")
def their_buckets(plan):
    return plan.remaining("aws_s3_bucket")

@then("there are some")
def some(their_buckets):
    assert their_buckets

@then("there are some of ours")
def some_of_ours(selection):
    assert selection.resources

scenarios("own.feature")
"""
    feature = """Feature: Theirs

  Scenario: Theirs
    When we look at the buckets
    Then there are some

  Scenario: Ours and theirs
    When we examine every planned "aws_s3_bucket"
    Then there are some of ours

  Scenario: Of a subject
    When we examine every planned CloudWatch alarm
    Then there are some of ours
"""
    plan = ("--plan", str(PLANS / "corrected.json"))
    result = pytest_there(tmp_path, *plan, feature=feature, steps=steps)
    assert "3 passed" in result.stdout, result.stdout
