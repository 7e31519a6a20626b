"""Does a feature in the words of version 0.1.0 say the same as before?"""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from planspec import bundle, plan
from planspec.cli.app import main
from planspec.evidence import ScenarioRecord
from planspec.features import Step, files, read
from planspec.features.aliases import renamed, renamed_phrases, translated
from planspec.features.deprecated import NEEDS, THENS, WHENS
from planspec.policies import read_controls
from planspec.runner import registry
from planspec.runner.batch import Catalogue, Judge
from planspec.runner.isolated_pytest import require_meaning
from planspec.runner.vocabulary import known_phrases

ROOT = Path(__file__).parents[3]
OLD = Path(__file__).with_name("version-0.1.0")
TODAY = date(2026, 11, 30)
PLANS = ("corrected", "inherited", "upgrade-2-cut-over", "destroy")
DATABASES = "we examine every database that will exist after the change"
WAIVER = """[[waiver]]
requirement = "DUR-02.1"
address = "aws_db_instance.*"
reason = "written before the phrases changed"
owner = "a"
approver = "b"
created = 2026-11-01
expires = 2026-12-31
"""


def judged(features: Path, name: str) -> dict[str, ScenarioRecord]:
    """The records of a plan by the scenarios of a folder, by number."""
    catalogue = Catalogue((features,), bundle.POLICIES, "", TODAY)
    records, _ = Judge(catalogue).judge(plan.read(ROOT / "plans" / f"{name}.json"))
    return {each.scenario: each for each in records}


@pytest.mark.parametrize("name", PLANS)
def test_old_features_give_the_same_verdicts_and_fingerprints(name: str) -> None:
    before, now = judged(OLD, name), judged(bundle.FEATURES, name)
    assert len(before) > 130
    assert before.keys() <= now.keys()
    for number, record in before.items():
        assert record.verdict == now[number].verdict, number
        assert record.examined == now[number].examined, number
        found = [[(each.fingerprint, each.value, each.verdict) for each in one.findings]
                 for one in (record, now[number])]  # fmt: skip
        assert found[0] == found[1], number


def test_an_old_feature_is_recorded_as_it_is_written() -> None:
    record = judged(OLD, "corrected")["DUR-02.1"]
    assert record.steps[1:] == [DATABASES, "each one is protected from deletion"]


def test_every_old_step_has_one_meaning_today_and_judges_what_was_chosen() -> None:
    known_phrases()
    frameworks = read_controls(bundle.POLICIES)
    scenarios = [each for path in files([OLD]) for each in read(path, frameworks)]
    for scenario in scenarios:
        require_meaning(scenario)
    used = {step.written for scenario in scenarios for step in scenario.steps}
    assert len(used) > 150


def test_no_old_phrase_is_one_of_today_and_each_leads_to_one_of_today() -> None:
    known_phrases()
    for old, new in renamed_phrases().items():
        kind = "Action" if old in WHENS else "Outcome" if old in THENS else "Context"
        filled = old.replace("<number>", "3").replace("<most>", "9")
        assert registry.matching(kind, filled) == [], old
        today = renamed(kind, filled)
        assert today is not None
        assert today.old == old
        assert len(registry.matching(kind, today.text)) == 1, new


def test_outcomes_of_one_old_when_about_two_subjects_get_a_when_each() -> None:
    steps = [
        Step("Action", DATABASES, 3),
        Step("Outcome", "each one has a standby in another zone", 4),
        Step("Outcome", "each one is protected from deletion", 5),
        Step("Outcome", "its backups stay when it is deleted", 6),
    ]
    texts = [(each.text, each.line, each.inserted) for each in translated(steps)]
    assert texts == [
        ("we examine every planned RDS DB instance", 3, False),
        ("Multi-AZ must be enabled", 4, False),
        (NEEDS["each one is protected from deletion"], 5, True),
        ("deletion protection must be enabled", 5, False),
        ("we examine every planned RDS DB instance", 6, True),
        ("backup retention after deletion must be enabled", 6, False),
    ]
    assert translated(translated(steps)[:2])[0].text == "we examine every planned RDS DB instance"


def test_old_and_new_words_stand_side_by_side(tmp_path: Path) -> None:
    path = tmp_path / "own.feature"
    path.write_text(
        "Feature: Own\n\n  Scenario: One\n    Given the planned change to our infrastructure\n"
        f"    When {DATABASES}\n    Then each one is protected from deletion\n"
        '    And every "engine" must be set\n    And Multi-AZ must be enabled\n'
    )
    corrected = str(ROOT / "plans" / "corrected.json")
    run = CliRunner().invoke(main, ["check", "--no-checkov", "--features", str(path), corrected])
    assert run.exit_code == 2
    assert "own.feature:8: `Multi-AZ must be enabled` does not judge" in run.output
    path.write_text(path.read_text().replace("    And Multi-AZ must be enabled\n", ""))
    run = CliRunner().invoke(main, ["check", "--no-checkov", "--features", str(path), corrected])
    assert run.exit_code == 0, run.output
    assert "1 satisfied" in run.output or "satisfied" in run.output


def test_the_linter_names_the_new_form_and_the_check_stays_green(tmp_path: Path) -> None:
    linted = CliRunner().invoke(main, ["lint", str(OLD / "durability.feature")])
    assert linted.exit_code == 1
    told = 'deprecated-phrase: "each one is protected from deletion" is called "deletion protection must'
    assert told in linted.output
    assert 'called "we examine every planned database" now' in linted.output


def test_a_waiver_written_before_still_covers_what_it_covered(tmp_path: Path) -> None:
    for path in bundle.POLICIES.glob("*"):
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "waivers.toml").write_text(WAIVER)
    plan_file = str(ROOT / "plans" / "inherited.json")
    shown = [
        CliRunner().invoke(
            main,
            ["check", "--no-checkov", "--policies", str(tmp_path), "--features", str(features),
             "--tags", "@DUR-02", "--full", plan_file],
        ).output.count("waived")
        for features in (OLD, bundle.FEATURES)
    ]  # fmt: skip
    assert shown[0] == shown[1] > 0
