"""Is a line that was meant to be a keyword or a step told, and prose left alone?"""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from planspec import bundle, features
from planspec.cli.app import main
from planspec.errors import FeatureError
from planspec.features import Trap
from planspec.policies import catalogue
from tests.support.plans import document, encode, resource

FRAMEWORKS = catalogue.read_controls(bundle.POLICIES)
LOST = "lost-line"
GIVEN = "    Given the Terraform plan\n"
STEPS = f'{GIVEN}    When we examine every planned "aws_vpc"\n    Then every "cidr_block" must be set\n'
LAST = f"  Scenario: The last\n{STEPS}"
OTHER = "    Given I have aws_vpc defined\n    Then it must contain cidr_block\n"


def found(folder: Path, text: str) -> list[Trap]:
    """The lost lines of a feature."""
    path = folder / "own.feature"
    path.write_text(text, encoding="utf-8")
    return [each for each in features.inspect(path, FRAMEWORKS)[1] if each.rule == LOST]


TITLES = [
    ("Scenario No SSH from the world", "Scenario: No SSH from the world"),
    ("scenario: No SSH", "Scenario: No SSH"),
    ("Scenario : No SSH", "Scenario: No SSH"),
    ("SCENARIO: No SSH", "Scenario: No SSH"),
    ("Scenaro: No SSH", "Scenario: No SSH"),
    ("Scenarios: OWN-01.1 No SSH", ""),
    ("Scenario; No SSH", "Scenario: No SSH"),
    ("Scenario - No SSH", "Scenario: No SSH"),
    ("Scenario\N{FULLWIDTH COLON} No SSH", "Scenario: No SSH"),
    ("Sc enario: No SSH", "Scenario: No SSH"),
    ("**Scenario:** No SSH", "Scenario: No SSH"),
    ("Scenario OWN-01.1 No SSH", "Scenario: OWN-01.1 No SSH"),
    ("Scenaro OWN-01.1 No SSH", "Scenario: OWN-01.1 No SSH"),
    ("Senario Outline: No SSH", "Scenario Outline: No SSH"),
    ("Scenario Outlin: No SSH", "Scenario Outline: No SSH"),
    ("ScenarioTemplate: No SSH", "Scenario Template: No SSH"),
    ("Exmple: No SSH", "Example: No SSH"),
    ("Szenario: No SSH", "Scenario: No SSH"),
    ("Rule OWN-01 No SSH", "Rule: OWN-01 No SSH"),
    ("rule: No SSH", "Rule: No SSH"),
    ("Rule : No SSH", "Rule: No SSH"),
    ("Role: OWN-01 No SSH", "Rule: OWN-01 No SSH"),
    ("Background", "Background:"),
    ("Backgroud:", "Background:"),
    ("Feature: Another", ""),
    ("It is done.  Scenario: OWN-01.1 No SSH", "Scenario: OWN-01.1 No SSH"),
    ("Szenario - No SSH", "Scenario: No SSH"),
    ("Regel: No SSH", "Rule: No SSH"),
    ("R\u00e8gle : No SSH", "Rule: No SSH"),
    ("Escenario: No SSH", "Scenario: No SSH"),
    ("Senario No SSH", "Scenario: No SSH"),
    ('"Scenario: No SSH"', '"Scenario: No SSH"'),
    ("OWN-01.1 Scenario: No SSH", "Scenario: OWN-01.1 No SSH"),
    ("OWN-01.1 No SSH", "Scenario: OWN-01.1 No SSH"),
    ("OWN-01.1: No SSH", "Scenario: OWN-01.1 No SSH"),
    ("OWN-01 No SSH", "Rule: OWN-01 No SSH"),
    ("Requirement: OWN-01 No SSH", "Rule: OWN-01 No SSH"),
    ("Rule OWN-01:", "Rule: OWN-01"),
    ("Rule OWN-01\n    no SSH for anybody", "Rule: OWN-01"),
]


@pytest.mark.parametrize("above", ["Feature: F\n", "Feature: F\n\n  Rule: R\n\n"])
@pytest.mark.parametrize("below", [STEPS, OTHER, ""], ids=["ours", "others", "none"])
@pytest.mark.parametrize(("title", "right"), TITLES, ids=[title for title, _ in TITLES])
def test_a_broken_title_is_told_in_its_line(
    tmp_path: Path, title: str, right: str, below: str, above: str
) -> None:
    told = found(tmp_path, f"{above}  {title}\n{below}\n{LAST}")
    assert told, "passed over"
    assert told[0].line == above.count("\n") + 1
    assert right in told[0].text


def test_a_rule_without_its_colon_right_above_a_scenario_is_told(tmp_path: Path) -> None:
    for title in ("Rule No SSH from anywhere", "Rule Nobody may do more"):
        (told,) = found(tmp_path, f"Feature: F\n\n  {title}\n\n{LAST}")
        assert f'write "Rule: {title.removeprefix("Rule ")}"' in told.text


LINES = [
    'We examine every planned "aws_vpc"|There must be none',
    'we examine every planned "aws_vpc".|there must be none.',
    'We examine every planned "aws_vpc".|There must be none.',
    "If we look at all security groups|Then there should be none",
    "Wenn wir alles pr\u00fcfen|Dann ist nichts da",
    "Quand on regarde les choses|Alors rien",
    "Angenommen we examine every planned WAF web ACL|Dann there must be none",
    "\u3082\u3057\u4f55\u304b|\u306a\u3089\u3070\u306a\u3044",
]


@pytest.mark.parametrize("title", ["", "    Check: no SSH\n", "    No SSH\n\n"])
@pytest.mark.parametrize("steps", LINES)
def test_steps_in_other_words_or_another_language_are_told(
    tmp_path: Path, steps: str, title: str
) -> None:
    lines = "".join(f"    {each}\n" for each in steps.split("|"))
    assert found(tmp_path, f"Feature: F\n\n{title}{lines}\n{LAST}")


def test_misspelt_keywords_of_the_files_language_are_told(tmp_path: Path) -> None:
    german = STEPS.replace("Given", "Angenommen").replace("When", "Wenn").replace("Then", "Dann")
    lost = "  Scenaro kein SSH\n    Angenomen x\n    Wen wir alles ansehen\n    Dan nichts\n"
    text = f"# language: de\nFunktionalit\u00e4t: F\n\n{lost}\n  Szenario: Zwei\n{german}"
    assert 'write "Szenario: kein SSH"' in found(tmp_path, text)[0].text


def test_the_proposed_keyword_is_the_nearest_of_the_language(tmp_path: Path) -> None:
    french = STEPS.replace("Given", "Soit").replace("When", "Quand").replace("Then", "Alors")
    text = (
        f"# language: fr\nFonctionnalit\u00e9: F\n\n  Scenario : un\n\n  Sc\u00e9nario: deux\n{french}"
    )
    (told,) = found(tmp_path, text)
    assert 'write "Sc\u00e9nario: un"' in told.text


def test_a_broken_title_inside_a_scenario_is_told(tmp_path: Path) -> None:
    text = f"Feature: F\n\n  Scenario: The first\n\n  Scenario The second\n{STEPS}"
    (told,) = found(tmp_path, text)
    assert told.line == 5


def test_a_table_of_examples_that_is_none_is_told(tmp_path: Path) -> None:
    text = f"Feature: F\n\n  Scenario Outline: <a>\n\n  Exampels:\n    | a |\n{STEPS}"
    assert [each.line for each in found(tmp_path, text)] == [5]


@pytest.mark.parametrize(
    "step",
    [
        "when we examine every planned WAF web ACL",
        "Wen we examine every planned WAF web ACL",
        "Whenwe examine every firewall",
        "When: we examine every planned WAF web ACL",
        "- When we examine every planned WAF web ACL",
        "we examine every planned WAF web ACL",
        "Check we examine every planned WAF web ACL",
        "Thn there must be none",
        "gven the Terraform plan",
    ],
)
@pytest.mark.parametrize("place", ["Feature: F\n", "Feature: F\n  Scenario: S\n"])
def test_a_step_in_a_description_is_told(tmp_path: Path, step: str, place: str) -> None:
    rest = LAST if "Scenario" not in place else STEPS
    told = found(tmp_path, f"{place}    {step}\n{rest}")
    assert [each.line for each in told] == [place.count("\n") + 1]


@pytest.mark.parametrize("step", ["When we examine every planned WAF web ACL", "* there must be none"])
def test_a_step_above_the_first_scenario_is_told(tmp_path: Path, step: str) -> None:
    (told,) = found(tmp_path, f"Feature: F\n  {step}\n{LAST}")
    assert "Scenario: <name>" in told.text


def test_tags_that_lost_a_sign_are_told(tmp_path: Path) -> None:
    (told,) = found(tmp_path, f"Feature: F\n\n  OWN-01 @severity:high\n{LAST}")
    assert 'write "@OWN-01 @severity:high"' in told.text


def test_the_keywords_are_those_of_the_language(tmp_path: Path) -> None:
    steps = STEPS.replace("Given", "Angenommen").replace("When", "Wenn").replace("Then", "Dann")
    german = "# language: de\nFunktionalität: F\n  {}\n" + steps + "  Szenario: Zwei\n" + steps
    for title in ("Szenario Eins", "Scenario: One", "Senario: Eins", "szenario: Eins"):
        told = found(tmp_path, german.format(title))
        assert told[0].line == 3, title
    assert not found(tmp_path, german.format("Szenario: Eins"))


PROSE = """
    Rule of thumb: three copies on two media.
    Rules: keep it short.
    Role: platform
    Examples: buckets, queues and tables.
    Background information
    Example configuration
    Scenario planning is a method.

    Scenario planning is about what may happen, so that nobody has to think while
    it happens.
    Given that a bucket is public, everybody reads it.
    When a bucket is public,
    then everybody reads it.
    And nobody noticed
    Feature flags are not used.
    Note: when we examine every bucket, we look at all of them.
    The planned change to our infrastructure is judged as a whole.
    In the worst
    scenario: all tasks at once, which
    rule: none was kept. For
    example: a bucket.
    Context: this was found in the audit.
    Rule EXP-01 counts the ways in, as Rule CAP-01 does with connections.

    Rule CAP-01 counts the connections that all tasks open at the
    peak.

    * Rule: one
    - Scenario: a bucket that everybody reads
    Whenever there is one, there must be none.
    every bucket that will exist after the change is examined
    | name | value |

    soft and advisory are words

    EXP-01 counts the ways in, and EXP-02 what they lead to.

    EXP-01 and EXP-02 belong together

    EXP-01 Ways in
    EXP-02 Ways out

    See also: EXP-01, EXP-02

    Scenarios are described in the handbook

    Rule of thumb

    Primer: how a bucket becomes public.
    Do not share keys. Se also the handbook.
    All buckets should be private, and each one should be encrypted.
    Then there are others
    If we look at every bucket, there should be none that is public.
"""
IN_STEPS = ("Given", "When", "And", "*")


@pytest.mark.parametrize("above", ["Feature: F\n", "Feature: F\n  Rule: R\n"])
def test_prose_is_left_alone(tmp_path: Path, above: str) -> None:
    assert not found(tmp_path, f"{above}{PROSE}\n{LAST}")


@pytest.mark.parametrize("title", ["Background:", "Scenario: S"])
def test_prose_above_steps_is_left_alone(tmp_path: Path, title: str) -> None:
    lines = [each for each in PROSE.splitlines() if not each.strip().startswith(IN_STEPS)]
    prose = "\n".join(each for each in lines if not each.strip().startswith(("|", "Examples:")))
    assert not found(tmp_path, f"Feature: F\n  {title}\n{prose}\n{GIVEN}\n{LAST}")


def test_our_own_features_have_no_lost_line() -> None:
    for path in features.files([bundle.FEATURES]):
        assert not features.inspect(path, FRAMEWORKS)[1]


@pytest.mark.parametrize("title", ["Scenario No SSH from the world", "  Scenario SEC-01.1 No SSH"])
def test_check_and_lint_end_with_2_and_say_where(tmp_path: Path, title: str) -> None:
    (tmp_path / "plan.json").write_bytes(
        encode(document(resource("aws_vpc", "v", cidr_block="10.0.0.0/16")))
    )
    feature = tmp_path / "own.feature"
    feature.write_text(f"Feature: F\n  {title}\n{STEPS}\n{LAST}", encoding="utf-8")
    check = ["check", "--no-checkov", "--features", str(feature), str(tmp_path / "plan.json")]
    for arguments in (check, ["lint", str(feature)]):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 2, result.output
        assert f"own.feature:2: {'lost-line: ' if arguments[0] == 'lint' else ''}" in result.output
        assert f'write "{title.strip().replace("Scenario", "Scenario:")}"' in result.output


def test_a_feature_in_other_capitals_is_read_and_a_misspelt_one_refused(tmp_path: Path) -> None:
    for name in ("a.feature", "b.Feature", "c.FEATURE", "notes.md", "d.feature.bak"):
        (tmp_path / name).write_text(f"Feature: F\n{LAST}", encoding="utf-8")
    assert [each.name for each in features.files([tmp_path])] == ["a.feature", "b.Feature", "c.FEATURE"]
    (tmp_path / "e.featrue").write_text("", encoding="utf-8")
    with pytest.raises(FeatureError, match=r"e\.featrue: would be passed over"):
        features.files([tmp_path])


@pytest.mark.parametrize(
    "name",
    ["e.feature.txt", "e.Feature.TXT", "e.gherkin", "e.feature.md", "e.feat", "e.features", "feature",
     ".feature", "e-feature", "e.featur"],
)  # fmt: skip
def test_what_was_meant_to_be_a_feature_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.feature").write_text(f"Feature: F\n{LAST}", encoding="utf-8")
    (tmp_path / name).write_text(f"@soft\n# why\nFeature: F\n{LAST}", encoding="utf-8")
    with pytest.raises(FeatureError, match=rf"{re.escape(name)}: would be passed over"):
        features.files([tmp_path])


@pytest.mark.parametrize(
    "name",
    ["e.feature.bak", "e.feature~", "e.feature.txt.bak", ".e.feature.swp", "README.md", "my-feature.txt",
     "features.toml", "toggle-feature", "feature"],
)  # fmt: skip
def test_what_is_no_feature_is_passed_over(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.feature").write_text(f"Feature: F\n{LAST}", encoding="utf-8")
    (tmp_path / name).write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    assert [each.name for each in features.files([tmp_path])] == ["a.feature"]


@pytest.mark.parametrize("inside", ["", "\n    Nobody is let in.\n", f"    Background:\n{GIVEN}"])
def test_a_rule_without_a_scenario_is_refused(tmp_path: Path, inside: str) -> None:
    path = tmp_path / "own.feature"
    path.write_text(f"Feature: F\n\n{LAST}\n  Rule: OWN-01 No SSH\n{inside}", encoding="utf-8")
    found = features.inspect(path, FRAMEWORKS)[1]
    assert [each.rule for each in found] == ["empty-rule"]
    assert path.read_text(encoding="utf-8").splitlines()[found[0].line - 1] == "  Rule: OWN-01 No SSH"


OUTLINE = f"Feature: F\n\n  Scenario Outline: S\n{STEPS.replace('aws_vpc', '<k>')}\n"


@pytest.mark.parametrize("above", ["", "    Examples: A\n      | k |\n      | aws_vpc |\n"])
@pytest.mark.parametrize("table", ["", "      | k |\n"])
def test_examples_without_a_row_are_refused_in_their_line(
    tmp_path: Path, above: str, table: str
) -> None:
    path = tmp_path / "own.feature"
    path.write_text(f"{OUTLINE}{above}    Examples: B\n{table}", encoding="utf-8")
    found = [each for each in features.inspect(path, FRAMEWORKS)[1] if each.rule == "no-examples"]
    assert [each.line for each in found] == [(OUTLINE + above).count("\n") + 1]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("k", True),
        ("aws_security_group", True),
        ("k |", True),
        ("Types that hold data", False),
        ("Production.", False),
    ],
)
def test_a_row_without_bars_is_told(tmp_path: Path, row: str, told: bool) -> None:
    text = f"{OUTLINE}    Examples: A\n      {row}\n      | k |\n      | aws_vpc |\n"
    assert bool(found(tmp_path, text)) is told


@pytest.mark.parametrize("below", ["      | a |\n", '      """\n      a\n      """\n'])
@pytest.mark.parametrize("title", ["Scenario: S", "Background:"])
def test_what_no_step_reads_is_refused_in_its_own_line(tmp_path: Path, title: str, below: str) -> None:
    path = tmp_path / "own.feature"
    path.write_text(f"Feature: F\n  {title}\n{GIVEN}{below}{LAST}", encoding="utf-8")
    traps = features.inspect(path, FRAMEWORKS)[1]
    assert ("table-below-step", 4) in {(each.rule, each.line) for each in traps}
    assert LOST not in {each.rule for each in traps}
