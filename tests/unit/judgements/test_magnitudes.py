"""Are versions compared as versions, numbers as numbers, and is what is neither never passed?"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from planspec import Verdict
from planspec.cli.app import main
from planspec.judgements.generic import before_after, no_weaker, relations, resources, selections
from planspec.judgements.generic.magnitudes import names_version, order
from planspec.testing.lint.requirements import Read, contradictions
from tests.support.plans import document, plan, resource, value

KIND = "aws_thing"
YES, NO, OPEN = True, False, None
VERSIONS = "engine_version"
KEYS = ("1234abcd-12ab-34cd-56ef-1234567890ab", "5678abcd-12ab-34cd-56ef-1234567890ab")


def keeps(name: str, stated: Any, limit: str) -> tuple[bool | None, bool | None]:
    """Whether the value of an attribute is at least, and at most, the limit."""
    place = value({name: stated}).get(name)
    return relations.at_least(limit)(place), relations.at_most(limit)(place)


@pytest.mark.parametrize(
    ("stated", "limit", "least", "most"),
    [
        ("16.9", "16.10", NO, YES),
        ("16.10", "16.9", YES, NO),
        ("16.10", "16.5", YES, NO),
        ("16.10", "16.10", YES, YES),
        ("1.9", "1.29", NO, YES),
        ("1.30", "1.29", YES, NO),
        ("1.29.3", "1.29", YES, NO),
        ("1.29.3", "1.29.3", YES, YES),
        ("1.29.2", "1.29.3", NO, YES),
        ("1.29.10", "1.29.3", YES, NO),
        ("2.0.0", "1.29.3", YES, NO),
        ("8.0.35", "8", YES, NO),
        ("15.00.4073.23", "15.00.4073.9", YES, NO),
        # Fewer fields leave the rest to the service.
        ("16", "16.10", OPEN, OPEN),
        ("16", "16.0", YES, OPEN),
        ("16", "16", YES, YES),
        ("16", "15.4", YES, NO),
        ("1.29", "1.29.3", OPEN, OPEN),
        # Other signs: how they sort is their maker's business.
        ("16.3-R1", "16.2", OPEN, OPEN),
        ("v1.30", "1.29", OPEN, OPEN),
        ("5.7.mysql_aurora.2.11.1", "5.6", OPEN, OPEN),
        ("~> 5.0", "5.0", OPEN, OPEN),
        (" 16.10", "16.9", OPEN, OPEN),
        ("16.10 ", "16.9", OPEN, OPEN),
        ("1.29-eks-1", "1.28", OPEN, OPEN),
        ("1e3", "5", OPEN, OPEN),
        ("0x10", "5", OPEN, OPEN),
        ("1_6", "5", OPEN, OPEN),
        ("\u0661\u0666", "5", OPEN, OPEN),
        ("-1", "5", OPEN, OPEN),
        ("latest", "5", OPEN, OPEN),
        ("", "5", NO, NO),
        # A number has lost its last noughts: this may be 16.10.
        (Decimal("16.1"), "16.9", OPEN, OPEN),
        (Decimal("16.1"), "15.9", YES, NO),
        (16, "16", YES, YES),
        (17, "16.9", YES, NO),
        (True, "1", NO, NO),
    ],
    ids=repr,
)
def test_an_attribute_that_is_named_a_version_is_compared_as_one(
    stated: Any, limit: str, least: bool | None, most: bool | None
) -> None:
    for name in (VERSIONS, "version", "minimumVersion"):
        assert keeps(name, stated, limit) == (least, most)


@pytest.mark.parametrize(
    ("stated", "limit", "least", "most"),
    [
        # A number of the plan is a number, however many digits it has.
        (Decimal("0.5"), "0.25", YES, NO),
        (Decimal("0.25"), "0.5", NO, YES),
        (Decimal("16.9"), "16.10", YES, NO),
        (2, "0.5", YES, NO),
        (-1, "0", NO, YES),
        # A text is one or the other: where both say the same, that is the answer.
        ("512", "256", YES, NO),
        ("100", "20.5", YES, NO),
        ("0.25", "0.50", NO, YES),
        ("0.03", "0.05", NO, YES),
        ("1.30", "1.29", YES, NO),
        ("-5", "-7", YES, NO),
        ("1" * 5001, "7", YES, NO),
        ("0.25", "0.5", OPEN, OPEN),
        ("16.9", "16.10", OPEN, OPEN),
        ("1.9", "1.29", OPEN, OPEN),
        ("100", "100.5", OPEN, OPEN),
        # Two dots are a version, in the value or in the bound.
        ("1.29.10", "1.29.9", YES, NO),
        ("1.29.10", "1.30", NO, YES),
        ("16.9", "16.10.0", NO, YES),
        (16, "16.10.0", OPEN, OPEN),
        ("10.0.0.1", "9", OPEN, OPEN),
        # What begins like one and is none.
        ("30d", "14", OPEN, OPEN),
        ("1e3", "5", OPEN, OPEN),
        (" 512", "256", OPEN, OPEN),
        ("\u0661\u0666", "5", OPEN, OPEN),
        ("v1.29", "1.28", OPEN, OPEN),
        ("16.10.", "16.9", OPEN, OPEN),
        # A number behind a name.
        ("python3.12", "3.9", OPEN, OPEN),
        ("TLS_1_2", "1", OPEN, OPEN),
        ("latest", "5", NO, NO),
        ("NaN", "5", NO, NO),
        ("Infinity", "5", NO, NO),
    ],
    ids=repr,
)
def test_what_could_be_both_is_answered_where_both_agree(
    stated: Any, limit: str, least: bool | None, most: bool | None
) -> None:
    assert keeps("size", stated, limit) == (least, most)


NOT_A_PASS = st.text(st.sampled_from("0123456789.v-~> e_x\u0661abR"), max_size=9)


@given(NOT_A_PASS, st.sampled_from(["5", "1.29", "16.10", "1.29.3"]))
def test_nothing_is_at_once_above_and_below_and_only_plain_digits_pass(text: str, limit: str) -> None:
    for name in (VERSIONS, "size"):
        least, most = keeps(name, text, limit)
        if least or most:
            assert all(part.isascii() and part.isdecimal() for part in text.removeprefix("-").split("."))
        if least is False and most is False:
            assert order(text, limit, version=name == VERSIONS) is None


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=4),
    st.lists(st.integers(0, 40), min_size=1, max_size=4),
)
def test_versions_of_as_many_fields_sort_as_tuples(one: list[int], two: list[int]) -> None:
    two = (two + one)[: len(one)]
    found = order(".".join(map(str, one)), ".".join(map(str, two)), version=True)
    assert found is not None
    assert found.signs == {(one > two) - (one < two)}


@given(st.decimals(-99, 99, places=2), st.decimals(-99, 99, places=3))
def test_numbers_of_the_plan_are_exact(one: Decimal, two: Decimal) -> None:
    assert keeps("size", one, f"{two:f}") == (one >= two, one <= two)


@pytest.mark.parametrize(
    ("steps", "named"),
    [
        (("engine_version",), YES),
        (("nodes", 0, "Version"), YES),
        (("versioning",), NO),
        (("rule", 0, None, "kubernetesVersion"), YES),
        (("version", "size"), NO),
        ((), NO),
    ],
)
def test_a_name_tells_a_version(steps: tuple[str | int | None, ...], *, named: bool) -> None:
    assert names_version(steps) is named


@pytest.mark.parametrize(
    ("name", "before", "after", "lower", "higher"),
    [
        (VERSIONS, "16.10", "16.9", YES, NO),
        (VERSIONS, "16.9", "16.10", NO, YES),
        (VERSIONS, "1.29.3", "1.29.2", YES, NO),
        (VERSIONS, "16.10", "16.10", NO, NO),
        (VERSIONS, "16.3-R1", "16.3-R1", NO, NO),
        (VERSIONS, "16.3-R2", "16.3-R1", OPEN, OPEN),
        (VERSIONS, "5.7.mysql_aurora.2.11.2", "5.7.mysql_aurora.2.11.1", OPEN, OPEN),
        (VERSIONS, "16.10", "16", OPEN, OPEN),
        (VERSIONS, "16", "17.1", NO, YES),
        (VERSIONS, "latest", "16.9", OPEN, OPEN),
        (VERSIONS, None, "16.9", NO, OPEN),
        ("size", "0.5", "0.25", OPEN, OPEN),
        ("size", Decimal("0.5"), Decimal("0.25"), YES, NO),
        ("size", "512", "256", YES, NO),
        ("size", 8, "6", YES, NO),
        ("size", "-5", "-7", YES, NO),
        ("size", "16.10", "16", OPEN, OPEN),
        ("size", "30d", "7d", OPEN, OPEN),
        ("size", "v1.30", "v1.29", OPEN, OPEN),
        ("kms_key_id", KEYS[0], KEYS[1], NO, NO),
    ],
    ids=repr,
)
def test_a_version_does_not_fall_unseen(
    name: str, before: Any, after: Any, lower: bool | None, higher: bool | None
) -> None:
    was, becomes = ([value({name: each}).get(name)] for each in (before, after))
    assert before_after.lowers(was, becomes) is lower
    assert before_after.raises(was, becomes) is higher


OTHER_TEXT = "a text that is not a number, a version or a switch"


@pytest.mark.parametrize(
    ("before", "after", "lower", "higher", "why"),
    [
        ("python3.12", "python3.8", OPEN, OPEN, OTHER_TEXT),
        ("TLS_1_2", "TLS_1_0", OPEN, OPEN, OTHER_TEXT),
        ("10", "low", OPEN, OPEN, OTHER_TEXT),
        ("low", "10", OPEN, OPEN, OTHER_TEXT),
        ("abd", "abc", OPEN, OPEN, OTHER_TEXT),
        ("true", "false", YES, NO, ""),
        (KEYS[0], KEYS[1], OPEN, OPEN, OTHER_TEXT),
        ("abc", "abc", NO, NO, ""),
        ("abc", None, OPEN, OPEN, "it is no longer set"),
        (None, "abc", NO, OPEN, OTHER_TEXT),
        (None, False, NO, NO, ""),
        ([5], [1], OPEN, OPEN, "lists and maps have no rank"),
        ([5, 1], [1, 5], NO, NO, ""),
        ([5], [5, ...], OPEN, OPEN, "lists and maps have no rank"),
        ({"a": 5}, {"a": 1}, OPEN, OPEN, "lists and maps have no rank"),
        (5, None, OPEN, OPEN, "it is no longer set"),
        (True, None, OPEN, NO, "it is no longer set"),
        (5, 1, YES, NO, ""),
        (True, False, YES, NO, ""),
    ],
    ids=repr,
)
def test_what_has_no_rank_and_changes_cannot_be_told(
    before: Any, after: Any, lower: bool | None, higher: bool | None, why: str
) -> None:
    was, becomes = ([value({"x": each}).get("x")] for each in (before, after))
    assert before_after.may_lower(was, becomes) is lower
    assert before_after.may_raise(was, becomes) is higher
    if lower is OPEN:
        assert why in before_after.doubt(was, becomes, falls=True)
    if higher is OPEN:
        assert why in before_after.doubt(was, becomes, falls=False)


@pytest.mark.parametrize("how", ["lower", "raise"])
def test_the_phrase_says_that_a_text_has_no_rank(how: str) -> None:
    entry = resource(KIND, "a", actions=["update"], before={"run": "python3.12"}, run="python3.8")
    (finding,) = no_weaker.hold_change(selections.of_type(plan(entry), KIND), how, "run").findings
    assert finding.verdict is Verdict.UNDETERMINED
    assert OTHER_TEXT in finding.observed


@pytest.mark.parametrize(
    ("one", "two", "version", "why"),
    [
        ("v1", "5", NO, "a text with other signs than digits and dots does not compare"),
        ("5", "v1", YES, "a text with other signs than digits and dots does not compare"),
        (16, "16.10.0", NO, "a number and a version do not compare"),
        ("10.0.0.1", "9", NO, "it is an address"),
        ("0.25", "0.5", NO, "a number and a version would compare differently here"),
        ("16", "16.10", YES, "a version with fewer fields means any of the rest"),
        (16, "16.10", YES, "a version that is written as a number has lost the noughts at its end"),
        ("512", "256", NO, ""),
        (5, "5", NO, ""),
    ],
    ids=repr,
)
def test_each_reason_is_told(one: Any, two: Any, version: bool, why: str) -> None:
    found = order(one, two, version=version)
    assert found is not None
    assert found.why == why


def test_the_finding_says_why_it_cannot_be_told() -> None:
    made = plan(resource(KIND, "a", engine_version="16.3-R1", size="0.25"))
    selected = selections.of_type(made, KIND)
    for path, limit, why in [
        (VERSIONS, "16.2", 'engine_version is "16.3-R1"; a text with other signs than digits and dots'),
        ("size", "0.5", 'size is "0.25"; a number and a version would compare differently here'),
    ]:
        relation = relations.at_least(limit)
        (finding,) = resources.hold(selected, "every", path, relation, "").findings
        assert finding.verdict is Verdict.UNDETERMINED
        assert finding.observed.startswith(why)


def test_a_change_says_why_it_cannot_be_told() -> None:
    before = {VERSIONS: "16.3-R2"}
    entry = resource(KIND, "a", actions=["update"], before=before, engine_version="16.3-R1")
    (finding,) = no_weaker.hold_change(selections.of_type(plan(entry), KIND), "lower", VERSIONS).findings
    assert finding.verdict is Verdict.UNDETERMINED
    assert finding.observed.endswith(
        'becomes "16.3-R1"; a text with other signs than digits and dots does not compare'
    )


FEATURE = """Feature: Versions

  Scenario: One
    Given the Terraform plan
    When we examine every planned "aws_db_instance"
    Then every "engine_version" must be {}
"""


@pytest.mark.parametrize(
    ("bound", "code"),
    [
        ("at least 16.10", 1),
        ("at least 16.10.0", 1),
        ("at least 16.9", 0),
        ("at most 16.10", 0),
        ("at most 16.8", 1),
        ("at least 1.29.3", 0),
        ("at least 16.x", 2),
        ("at least v16.1", 2),
        ("at least 16.", 2),
        ("at least \u0661\u0666", 2),
        ("at least -1.2.3", 2),
    ],
)
def test_a_bound_is_a_number_or_a_version(tmp_path: Path, bound: str, code: int) -> None:
    (tmp_path / "own.feature").write_text(FEATURE.format(bound), encoding="utf-8")
    made = document(resource("aws_db_instance", "a", engine_version="16.9"))
    (tmp_path / "plan.json").write_text(json.dumps(made))
    names = ["--features", str(tmp_path / "own.feature"), str(tmp_path / "plan.json")]
    result = CliRunner().invoke(main, ["check", "--no-checkov", *names])
    assert result.exit_code == code, result.output


@pytest.mark.parametrize(
    ("path", "low", "high", "found"),
    [
        (VERSIONS, "16.10", "16.9", 1),
        (VERSIONS, "16.9", "16.10", 0),
        (VERSIONS, "1.29.3", "1.29.2", 1),
        ("size", "0.5", "0.25", 0),
        ("size", "30", "7", 1),
    ],
)
def test_two_bounds_contradict_each_other_as_they_compare(
    tmp_path: Path, path: str, low: str, high: str, found: int
) -> None:
    feature = FEATURE.replace(VERSIONS, path)
    second = feature.format(f"at most {high}").partition("\n\n")[2].replace("One", "Two")
    (tmp_path / "own.feature").write_text(f"{feature.format(f'at least {low}')}\n{second}")
    assert len(list(contradictions(Read([tmp_path / "own.feature"], {}).scenarios))) == found
