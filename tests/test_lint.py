"""Does the linter find what is wrong with requirements, steps and waivers, and nothing else?"""

import ast
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from planspec import bundle
from planspec.cli import main
from planspec.lint.problem import RULES

ROOT = Path(__file__).parents[1]
PLANS = ROOT / "plans"

FEATURE = """@area:reliability
Feature: Own: what we require ourselves

  Data that is lost is lost.

  A pass shows settings. It does not show that a backup can be restored.

  @OWN-01 @severity:high @nist:CP-9
  Rule: OWN-01 Databases keep backups

    Scenario: OWN-01.1 Every database keeps its backups
      Given the planned change to our infrastructure
      When we examine every database that will exist after the change
      Then each one keeps its backups for at least 7 days

    Scenario Outline: OWN-01.2 Every database keeps its backups for <days> days
      Given the planned change to our infrastructure
      When we examine every database that will exist after the change
      Then each one keeps its backups for at least <days> days

      Examples:
        | days |
        | 7    |
"""
STEPS = '''"""Steps about backups."""

from collections.abc import Callable, Sequence

from pytest_bdd import parsers, then

from planspec import Judgement, ResourceChange
from planspec.judgements import durability

Uphold = Callable[[Judgement], None]


@then(parsers.parse("each one is kept for {days:d} days"))
def keep(databases: Sequence[ResourceChange], days: int, uphold: Uphold) -> None:
    """Hold every database to its backups."""
    uphold(durability.keep_backups(databases, days))
'''
WAIVERS = """[[waiver]]
requirement = "OWN-01"
address = "aws_db_instance.*"
reason = "moves to another account this quarter"
owner = "platform"
approver = "head of platform"
created = 2026-11-20
expires = 2027-05-01
"""
GENERIC = """Feature: Buckets

  Scenario: Backups are long
    Given the planned change to our infrastructure
    When we examine every planned "aws_db_instance"
    Then {first}

  Scenario: Backups are short
    Given the planned change to our infrastructure
    When we examine every planned "aws_db_instance"
    Then {second}
"""
SECOND = """
@then(parsers.parse("each one is kept for {days:d} days"))
def keep_again(databases: Sequence[ResourceChange], days: int, uphold: Uphold) -> None:
    \"\"\"The same words.\"\"\"
    uphold(durability.keep_backups(databases, days))
"""
ASYNC = (
    '\n@then(\'it waits\')\nasync def waits(uphold: Uphold) -> None:\n    """Waits."""\n    uphold(1)\n'
)


class Fault(NamedTuple):
    """One planted fault: in which file, which text becomes which, and the rule that finds it."""

    rule: str
    file: str
    old: str
    new: str


def contradiction(first: str, second: str) -> Fault:
    """Two scenarios that cannot both hold."""
    return Fault("contradiction", "own.feature", FEATURE, GENERIC.format(first=first, second=second))


F, S, W = "own.feature", "own.py", "waivers.toml"
FAULTS = [
    # Words of a feature.
    Fault("no-context", F, "      Given the planned", "      Provided the planned"),
    Fault("not-gherkin", F, "Feature: Own", "Fature: Own"),
    Fault("no-feature", F, FEATURE, "# nothing yet\n"),
    Fault("no-scenario", F, FEATURE[FEATURE.index("  @OWN-01") :], ""),
    Fault("no-outcome", F, "      Then each one keeps its backups for at least 7 days\n", ""),
    Fault("no-outcome", F, "Then each one keeps its backups for at least 7", "And 7"),
    Fault(
        "step-after-outcome",
        F,
        "at least 7 days\n",
        "at least 7 days\n      When we examine every bucket that will exist after the change\n",
    ),
    Fault(
        "replaced-subject",
        F,
        "      Then each one keeps its backups for at least 7",
        "      And we examine every bucket that will exist after the change\n"
        "      Then each one keeps its backups for at least 7",
    ),
    Fault("no-examples", F, "        | 7    |\n", ""),
    Fault("tagged-examples", F, "      Examples:", "      @advisory\n      Examples:"),
    Fault("unfilled-blank", F, "at least 7 days", "at least <number> days"),
    Fault("unfilled-blank", F, "        | days |", "        | day  |"),
    Fault("table-below-step", F, "at least 7 days\n", "at least 7 days\n        | a | b |\n"),
    Fault(
        "table-below-step",
        F,
        "at least 7 days\n",
        'at least 7 days\n        """\n        a\n        """\n',
    ),
    Fault(
        "duplicate-name",
        F,
        "OWN-01.2 Every database keeps its backups for <days> days",
        "OWN-01.1 Every database keeps its backups",
    ),
    Fault("duplicate-number", F, "OWN-01.2", "OWN-01.1"),
    Fault("undefined-phrase", F, "keeps its backups for at least 7 days", "keeps its backups 7 days"),
    Fault("undefined-phrase", F, "every database that will exist", "every data base that will exist"),
    Fault("undefined-phrase", F, "Given the planned change", "Given the planed change"),
    Fault("undefined-phrase", F, "for at least 7 days", "for at least seven days"),
    Fault(
        "undefined-phrase",
        F,
        "Then each one keeps its backups for at least 7",
        "Then each keeps its backups for at least 7",
    ),
    Fault("unknown-tag", F, "@severity:high", "@severity:hihg"),
    Fault("unknown-tag", F, "@nist:CP-9", "@nist:CP-999"),
    Fault("unknown-tag", F, "@nist:CP-9", "@nits:CP-9"),
    Fault("unknown-tag", F, "    Scenario: OWN-01.1", "    @skip\n    Scenario: OWN-01.1"),
    Fault("unknown-tag", F, "    Scenario: OWN-01.1", "    @xfail\n    Scenario: OWN-01.1"),
    Fault("unknown-tag", F, "@OWN-01 ", "@OWN-1 "),
    Fault("no-requirement", F, "Scenario: OWN-01.1 Every", "Scenario: Every"),
    Fault("no-requirement", F, "@OWN-01 ", ""),
    Fault("number-of-another", F, "OWN-01.2", "OWN-02.1"),
    Fault("no-severity", F, "@severity:high ", ""),
    Fault("no-control", F, " @nist:CP-9", ""),
    Fault("no-rationale", F, "  Data that is lost is lost.\n\n", ""),
    Fault("no-limits", F, "  A pass shows settings.", "  It shows settings."),
    Fault(
        "attribute-name",
        F,
        "OWN-01.1 Every database keeps its backups",
        "OWN-01.1 Every backup_retention_period is long",
    ),
    Fault(
        "attribute-name",
        F,
        "      When we examine every database that will exist after the change\n"
        "      Then each one keeps its backups for at least 7 days",
        '      When we examine every planned "aws_db_instance"\n'
        '      Then every "backup_retention_period" must be at least 7',
    ),
    Fault(
        "too-long",
        F,
        "at least 7 days\n",
        "at least 7 days\n" + "      And each one keeps its backups for at least 7 days\n" * 3,
    ),
    contradiction(
        'every "backup_retention_period" must be at least 30',
        'every "backup_retention_period" must be at most 7',
    ),
    contradiction('every "multi_az" must be "true"', 'every "multi_az" must be "false"'),
    contradiction('every "multi_az" must be "true"', 'every "multi_az" must not be "true"'),
    contradiction('every "kms_key_id" must be set', 'every "kms_key_id" must not be set'),
    # Step modules.
    Fault("step-not-python", S, "def keep(", "def keep(("),
    Fault("step-asserts", S, "    uphold(", "    assert databases\n    uphold("),
    Fault(
        "step-judges-nothing",
        S,
        "    uphold(durability.keep_backups(databases, days))",
        "    durability.keep_backups(databases, days)",
    ),
    Fault("step-decides", S, "    uphold(", "    if databases:\n        uphold("),
    Fault(
        "step-decides", S, "    uphold(durability", "    for _ in databases:\n        uphold(durability"
    ),
    Fault("step-without-docstring", S, '    """Hold every database to its backups."""\n', ""),
    Fault(
        "step-imports",
        S,
        "from planspec.judgements",
        "from hypothesis import given\nfrom planspec.judgements",
    ),
    Fault(
        "step-imports",
        S,
        "from planspec.judgements",
        "from steps import subjects\nfrom planspec.judgements",
    ),
    Fault("step-defined-twice", S, STEPS, STEPS + SECOND),
    Fault("step-is-async", S, STEPS, STEPS + ASYNC),
    Fault(
        "step-reads-files",
        S,
        "from planspec.judgements",
        "from pathlib import Path\nfrom planspec.judgements",
    ),
    Fault("step-reads-files", S, "    uphold(", "    open('plan.json')\n    uphold("),
    # Waivers.
    Fault("waiver", W, 'owner = "platform"\n', ""),
    Fault("waiver", W, "reason =", "raeson ="),
    Fault("waiver", W, "2027-05-01", "2036-05-01"),
    Fault("waiver-of-nothing", W, '"OWN-01"', '"OWN-10"'),
    Fault("waiver-of-nothing", W, '"OWN-01"', '"CKV-AWS-20"'),
    Fault(
        "waiver-expired",
        W,
        "created = 2026-11-20\nexpires = 2027-05-01",
        "created = 2026-01-01\nexpires = 2026-02-01",
    ),
    Fault("waiver-covers-all", W, '"aws_db_instance.*"', '"*"'),
    Fault("waiver-reaches-nothing", W, '"aws_db_instance.*"', '"aws_db_instanc.*"'),
    Fault("duplicate-waiver", W, WAIVERS, WAIVERS + "\n" + WAIVERS),
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with a feature, a step module and waivers, in which nothing is wrong."""
    policies = tmp_path / "policies"
    policies.mkdir()
    for name in ("parameters.toml", "controls.toml"):
        shutil.copy(bundle.POLICIES / name, policies)
    (tmp_path / "steps").mkdir()
    (tmp_path / "own.feature").write_text(FEATURE, encoding="utf-8")
    (tmp_path / "steps" / "own.py").write_text(STEPS, encoding="utf-8")
    (policies / "waivers.toml").write_text(WAIVERS, encoding="utf-8")
    return tmp_path


def place(house: Path, file: str) -> Path:
    """Where a file of the house stands."""
    return next(each for each in house.rglob(file))


def lint(house: Path, *more: str) -> Result:
    """Lint the house, with the corrected plan as its recorded plan."""
    arguments = ["lint", house / "own.feature", "--policies", house / "policies"]
    arguments += ["--steps", house / "steps", "--plans", PLANS / "corrected.json", *more]
    return CliRunner().invoke(main, [*map(str, arguments)])


def rules(output: str) -> set[str]:
    """The rules that were named in the output of the linter."""
    return {line.split(": ")[1] for line in output.splitlines()}


def named(faults: Iterable[Fault]) -> list[str]:
    """A name for each fault."""
    return [f"{number:02} {fault.rule}" for number, fault in enumerate(faults, 1)]


def test_fifty_faults_are_planted_and_each_rule_is_among_them() -> None:
    assert len(FAULTS) >= 50
    elsewhere = {"ambiguous-phrase", "unused-phrase", "vacuous", "never-satisfied"}
    assert {fault.rule for fault in FAULTS} | elsewhere == RULES.keys()


def test_a_clean_house_has_no_problem(house: Path) -> None:
    result = lint(house)
    assert (result.exit_code, result.stdout) == (0, ""), result.output


@pytest.mark.parametrize("fault", FAULTS, ids=named(FAULTS))
def test_a_planted_fault_is_found(fault: Fault, house: Path) -> None:
    file = place(house, fault.file)
    text = file.read_text(encoding="utf-8")
    assert fault.old in text
    file.write_text(text.replace(fault.old, fault.new, 1), encoding="utf-8")
    result = lint(house)
    assert result.exit_code == 1, result.output
    assert fault.rule in rules(result.stdout), result.output
    lines = [line for line in result.stdout.splitlines() if f": {fault.rule}: " in line]
    assert all(file.name in line.split(": ")[0] for line in lines)


def test_our_own_requirements_steps_and_waivers_have_no_problem() -> None:
    result = CliRunner().invoke(main, ["lint", "--plans", str(PLANS)])
    assert (result.exit_code, result.stdout) == (0, ""), result.output


def test_a_phrase_that_no_scenario_uses_is_found(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "FEATURES", house / "own.feature")
    result = CliRunner().invoke(main, ["lint"])
    assert "unused-phrase: no scenario says" in result.stdout
    assert "keeps its backups for at least" not in result.stdout


def test_a_scenario_that_examines_nothing_anywhere_is_found(house: Path) -> None:
    file = place(house, "own.feature")
    file.write_text(
        GENERIC.format(
            first='every "node_type" must be "dc2.large"', second='every "engine" must be "mysql"'
        ).replace('planned "aws_db_instance"', 'planned "aws_redshift_cluster"', 1),
        encoding="utf-8",
    )
    result = lint(house)
    assert {"vacuous", "never-satisfied"} <= rules(result.stdout)


def test_a_step_with_two_meanings_is_found(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def two(_kind: str, text: str) -> list[object]:
        return [len, ast.parse] if "7 days" in text else [len]

    monkeypatch.setattr("planspec.plugin.matching", two)
    assert "ambiguous-phrase" in rules(lint(house).stdout)


def test_the_problems_are_also_written_as_sarif(house: Path) -> None:
    file = place(house, "own.feature")
    file.write_text(FEATURE.replace("@severity:high ", ""), encoding="utf-8")
    out = house / "lint.sarif"
    assert lint(house, "--sarif", str(out)).exit_code == 1
    (run,) = json.loads(out.read_bytes())["runs"]
    assert {each["ruleId"] for each in run["results"]} == {"no-severity"}
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 11
    assert [each["id"] for each in run["tool"]["driver"]["rules"]] == ["no-severity"]


def test_a_rule_can_be_left_out_and_an_unknown_one_is_refused(house: Path) -> None:
    place(house, "own.feature").write_text(FEATURE.replace("@severity:high ", ""), encoding="utf-8")
    assert lint(house, "--ignore", "no-severity").exit_code == 0
    assert lint(house, "--ignore", "no-severitie").exit_code == 2
    assert "no-severity" in CliRunner().invoke(main, ["lint", "--rules"]).stdout


def test_features_that_are_not_there_are_an_error() -> None:
    result = CliRunner().invoke(main, ["lint", "nowhere"])
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
