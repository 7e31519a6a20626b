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
from planspec.cli.app import main
from planspec.testing.lint.problem import REFUSED, RULES

ROOT = Path(__file__).parents[3]
PLANS = ROOT / "plans"

FEATURE = """@area:reliability
Feature: Own: what we require ourselves

  Data that is lost is lost.

  A pass shows settings. It does not show that a backup can be restored.

  @OWN-01 @severity:high @nist:CP-9
  Rule: OWN-01 Databases keep backups

    Scenario: OWN-01.1 Every database keeps its backups
      Given the Terraform plan
      When we examine every planned RDS DB instance
      Then backup retention must be at least 7 days

    Scenario Outline: OWN-01.2 Every database keeps its backups for <days> days
      Given the Terraform plan
      When we examine every planned RDS DB instance
      Then backup retention must be at least <days> days

      Examples:
        | days |
        | 7    |
"""
STEPS = '''"""Steps about backups."""

from pytest_bdd import parsers, then

from planspec import Selection, Uphold
from planspec.judgements import durability


@then(parsers.parse("our copies must be kept for {days:d} days"))
def keep(selection: Selection, days: int, uphold: Uphold) -> None:
    """Hold every database to its backups."""
    uphold(durability.keep_backups(selection, days))
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
    Given the Terraform plan
    When we examine every planned "aws_db_instance"
    Then {first}

  Scenario: Backups are short
    Given the Terraform plan
    When we examine every planned "aws_db_instance"
    Then {second}
"""
SECOND = """
@then(parsers.parse("our copies must be kept for {days:d} days"))
def keep_again(selection: Selection, days: int, uphold: Uphold) -> None:
    \"\"\"The same words.\"\"\"
    uphold(durability.keep_backups(selection, days))
"""
ASYNC = '''
@then("it waits")
async def waits(selection: Selection, uphold: Uphold) -> None:
    """Waits."""
    uphold(1)
'''


def contradiction(first: str, second: str) -> tuple[str, str]:
    """Two scenarios that cannot both hold, in place of the whole feature."""
    return FEATURE, GENERIC.format(first=first, second=second)


def before(text: str, *lines: str) -> tuple[str, str]:
    """These lines right before a text."""
    return text, "\n".join([*lines, text])


def after(text: str, *lines: str) -> tuple[str, str]:
    """These lines right after a text that ends a line."""
    return text, text + "".join(f"{line}\n" for line in lines)


EXAMINE_BUCKETS = "      {} we examine every planned S3 bucket"
KEPT = "      Then backup retention must be at least 7"
DAYS = "at least 7 days\n"
CODE = "from planspec.judgements"
RETENTION = 'every "backup_retention_period" must be'

# In which file which text becomes which, by the rule that finds it.
PLANTED: dict[str, dict[str, list[tuple[str, str]]]] = {
    "own.feature": {
        "no-context": [("its backups\n      Given the Terraform plan\n", "its backups\n")],
        "not-gherkin": [("Feature: Own", "Fature: Own")],
        "lost-line": [
            ("  @OWN-01 @severity:high @nist:CP-9\n  Rule: ", "  Rule "),
            before("  @OWN-01", "  Scenario OWN-01.3 Every database is encrypted"),
            before("      Given the Terraform", "      Gvien the Terraform plan"),
            (
                "      Given the Terraform",
                "      when we examine every alarm\n      Given the Terraform",
            ),
        ],
        "unreadable-blank": [
            (f"{KEPT} days", f'{KEPT} days\n      And every "engine" must not be "a", "b"'),
            (f"{KEPT} days", f'{KEPT} days\n      And every "engine" must not be one of "[a, b]"'),
        ],
        "refused-blank": [
            (f"{KEPT} days", f'{KEPT} days\n      And every "engine" must match "a(b"'),
            (f"{KEPT} days", f'{KEPT} days\n      And every "tags.a/b" must be set'),
            (f"{KEPT} days", f'{KEPT} days\n      And every "tags[1:2]" must be set'),
        ],
        "no-feature": [(FEATURE, "# nothing yet\n")],
        "no-scenario": [(FEATURE[FEATURE.index("  @OWN-01") :], "")],
        "no-outcome": [(f"{KEPT} days\n", ""), (KEPT, "      And 7")],
        "step-after-outcome": [after(DAYS, EXAMINE_BUCKETS.format("When"))],
        "replaced-subject": [before(KEPT, EXAMINE_BUCKETS.format("And"))],
        "wrong-subject": [
            ("Then backup retention must be at least 7 days", "Then Multi-AZZ must be enabled"),
            ("Then backup retention must be at least 7 days", "Then versioning must be enabled"),
            ("every planned RDS DB instance", "every planned RDS DB instances"),
            ("every planned RDS DB instance", "every planned CloudWatch alarm"),
            (f"{KEPT} days", f"{KEPT} hours"),
        ],
        "empty-rule": [before("  @OWN-01", "  Rule: OWN-09 Nobody is let in")],
        "no-examples": [("        | 7    |\n", "")],
        "tagged-examples": [before("      Examples:", "      @advisory")],
        "unfilled-blank": [
            ("at least 7 days", "at least <number> days"),
            ("        | days |", "        | day  |"),
        ],
        "table-below-step": [
            after(DAYS, "        | a | b |"),
            after(DAYS, '        """', "        a", '        """'),
        ],
        "duplicate-name": [
            (
                "OWN-01.2 Every database keeps its backups for <days> days",
                "OWN-01.1 Every database keeps its backups",
            )
        ],
        "duplicate-number": [("OWN-01.2", "OWN-01.1")],
        "undefined-phrase": [
            ("retention must be at least 7 days", "retention must be 7 days"),
            ("examine every planned", "examine each planned"),
            ("Given the Terraform plan", "Given the Teraform plan"),
            ("at least 7 days", "at least seven days"),
            (KEPT, KEPT.replace("must", "should")),
        ],
        "deprecated-phrase": [
            ("Given the Terraform plan", "Given the planned change to our infrastructure"),
            (f"{KEPT} days", "      Then each one keeps its backups for at least 7 days"),
        ],
        "unknown-tag": [
            ("@severity:high", "@severity:hihg"),
            ("@nist:CP-9", "@nist:CP-999"),
            ("@nist:CP-9", "@nits:CP-9"),
            before("    Scenario: OWN-01.1", "    @skip"),
            before("    Scenario: OWN-01.1", "    @xfail"),
            ("@OWN-01 ", "@OWN-1 "),
        ],
        "no-requirement": [("Scenario: OWN-01.1 Every", "Scenario: Every"), ("@OWN-01 ", "")],
        "number-of-another": [("OWN-01.2", "OWN-02.1")],
        "no-severity": [("@severity:high ", "")],
        "no-control": [(" @nist:CP-9", "")],
        "no-rationale": [("  Data that is lost is lost.\n\n", "")],
        "no-limits": [("  A pass shows settings.", "  It shows settings.")],
        "attribute-name": [
            (
                "OWN-01.1 Every database keeps its backups",
                "OWN-01.1 Every backup_retention_period is long",
            ),
            ("Scenario: OWN-01.1 Every database", "Scenario: OWN-01.1 Every rule[0]"),
        ],
        "too-long": [after(DAYS, *[f"{KEPT.replace('Then', 'And')} days"] * 3)],
        "contradiction": [
            contradiction(f"{RETENTION} at least 30", f"{RETENTION} at most 7"),
            contradiction('every "multi_az" must be "true"', 'every "multi_az" must be "false"'),
            contradiction('every "multi_az" must be "true"', 'every "multi_az" must not be "true"'),
            contradiction('every "kms_key_id" must be set', 'every "kms_key_id" must not be set'),
        ],
    },
    "own.py": {
        "step-not-python": [("def keep(", "def keep((")],
        "step-not-usable": [
            ("our copies must be kept for {days:d} days", "there must be at least {days:d}")
        ],
        "step-asserts": [before("    uphold(", "    assert selection")],
        "step-judges-nothing": [("uphold(durability.keep_backups(selection, days))", "print(days)")],
        "step-decides": [
            ("    uphold(", "    if selection:\n        uphold("),
            ("    uphold(", "    for _ in selection:\n        uphold("),
        ],
        "step-without-docstring": [('    """Hold every database to its backups."""\n', "")],
        "step-imports": [
            before(CODE, "from hypothesis import given"),
            before(CODE, "import unittest"),
        ],
        "step-defined-twice": [(STEPS, STEPS + SECOND)],
        "step-is-async": [(STEPS, STEPS + ASYNC)],
        "step-reads-files": [
            before(CODE, "from pathlib import Path"),
            before("    uphold(", "    open('plan.json')"),
        ],
    },
    "waivers.toml": {
        "waiver": [
            ('owner = "platform"\n', ""),
            ("reason =", "raeson ="),
            ("2027-05-01", "2036-05-01"),
        ],
        "waiver-of-nothing": [('"OWN-01"', '"OWN-10"'), ('"OWN-01"', '"CKV-AWS-20"')],
        "waiver-expired": [
            (
                "created = 2026-11-20\nexpires = 2027-05-01",
                "created = 2026-01-01\nexpires = 2026-02-01",
            )
        ],
        "waiver-covers-all": [('"aws_db_instance.*"', '"*"')],
        "waiver-reaches-nothing": [('"aws_db_instance.*"', '"aws_db_instanc.*"')],
        "duplicate-waiver": [(WAIVERS, f"{WAIVERS}\n{WAIVERS}")],
    },
}


class Fault(NamedTuple):
    """One planted fault: in which file, which text becomes which, and the rule that finds it."""

    rule: str
    file: str
    old: str
    new: str


FAULTS = [
    Fault(rule, file, *change)
    for file, by_rule in PLANTED.items()
    for rule, changes in by_rule.items()
    for change in changes
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
    # tests/unit/policies/test_limits.py plants it.
    elsewhere.add("unknown-applicable")
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
    assert fault.rule in rules(result.stdout), result.output
    # Where `check` would judge nothing, the linter ends as it does.
    assert result.exit_code == (2 if fault.rule in REFUSED else 1), result.output
    lines = [line for line in result.stdout.splitlines() if f": {fault.rule}: " in line]
    assert all(file.name in line.split(": ")[0] for line in lines)


def test_our_own_requirements_steps_and_waivers_have_no_problem() -> None:
    result = CliRunner().invoke(main, ["lint", "--plans", str(PLANS)])
    assert (result.exit_code, result.stdout) == (0, ""), result.output


def test_a_phrase_that_no_scenario_uses_is_found(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "FEATURES", house / "own.feature")
    result = CliRunner().invoke(main, ["lint"])
    assert "unused-phrase: no scenario says" in result.stdout
    assert 'no scenario says "<setting> must be at least <number> <unit>"' not in result.stdout


def test_names_in_the_blanks_of_a_phrase_are_for_other_peoples_requirements(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = place(house, "own.feature")
    subject = f"every planned RDS DB instance\n{KEPT} days"
    general = f'every planned "aws_db_instance"\n      Then {RETENTION} at least 7'
    file.write_text(FEATURE.replace(subject, general), encoding="utf-8")
    assert lint(house).exit_code == 0
    monkeypatch.setattr(bundle, "FEATURES", file)
    told = CliRunner().invoke(main, ["lint"]).stdout
    assert "attribute-name" in rules(told)


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

    monkeypatch.setattr("planspec.runner.registry.matching", two)
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
