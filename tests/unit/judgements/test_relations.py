"""Does one value have a stated relation to a text from a requirement?"""

from typing import Any

import pytest

from planspec.errors import FeatureError
from planspec.judgements.generic import relations
from planspec.judgements.generic.relations import Relation
from planspec.plan import Value
from planspec.syntax import document
from tests.support.plans import value

UNDECIDED = [..., [..., "x"], {"a": ...}]
RELATIONS = {
    "equals": relations.equals("7"),
    "one of": relations.one_of(["7", "8"]),
    "at least": relations.at_least(7),
    "at most": relations.at_most(7),
    "matches": relations.matches("7"),
}


@pytest.mark.parametrize("relation", RELATIONS.values(), ids=RELATIONS)
@pytest.mark.parametrize("given", UNDECIDED, ids=["unknown", "element", "attribute"])
def test_what_apply_decides_stands_in_no_relation_yet(relation: Relation, given: Any) -> None:
    assert relation(value(given)) is None


@pytest.mark.parametrize(
    "relation", [*RELATIONS.values(), relations.contains("7")], ids=[*RELATIONS, "contains"]
)
def test_nothing_set_stands_in_no_relation(relation: Relation) -> None:
    assert relation(value(None)) is False
    assert relation(Value()) is False


@pytest.mark.parametrize(
    ("written", "text", "answer"),
    [
        pytest.param('"x"', "x", True, id="text"),
        pytest.param('"x"', "X", False, id="text in other case"),
        pytest.param('"x "', "x", False, id="text with space"),
        pytest.param("true", "true", True, id="boolean"),
        pytest.param("true", "True", True, id="boolean in capitals"),
        pytest.param("true", "1", False, id="boolean and 1"),
        pytest.param("1", "true", False, id="1 and boolean"),
        pytest.param('"true"', "true", True, id="boolean as text"),
        pytest.param("5", "5.0", True, id="number written otherwise"),
        pytest.param("5", "five", False, id="number and word"),
        pytest.param("13.10", "13.1", True, id="number with a nought"),
        pytest.param('"13.10"', "13.1", False, id="version as text"),
        pytest.param('"13.10"', "13.10", True, id="same version"),
        pytest.param("9007199254740993", "9007199254740993", True, id="above 2^53"),
        pytest.param("9007199254740993", "9007199254740992", False, id="its neighbour"),
        pytest.param("1" * 5001, "1" * 5001, True, id="5001 digits"),
        pytest.param("1" * 5001, "1" * 5000 + "2", False, id="last of 5001 digits"),
        pytest.param("0." + "3" * 155, "0.3333333333", False, id="a third is not rounded"),
        pytest.param("5", "Infinity", False, id="infinity"),
        pytest.param("[1,2]", "[2, 1]", True, id="lists without order"),
        pytest.param("[1,2,2]", "[2, 1, 1]", False, id="lists with how often"),
        pytest.param('[1,"a",null]', '[null, 1.0, "a"]', True, id="mixed list"),
        pytest.param("[true]", "[1]", False, id="boolean is not 1 in a list"),
        pytest.param('["1"]', "[1]", False, id="text is not a number in a list"),
        pytest.param('{"a":[1,{"b":2}]}', '{"a": [{"b": 2}, 1]}', True, id="object"),
        pytest.param('{"a":1}', '{"a": 1, "b": 2}', False, id="larger object"),
        pytest.param("[1]", "not JSON", None, id="list and word"),
        pytest.param("[1]", "[" * 5000, None, id="list and too deep a text"),
        pytest.param("[9007199254740993]", "[9007199254740992]", False, id="large number in a list"),
        pytest.param("[0." + "3" * 60 + "]", "[0." + "3" * 59 + "]", False, id="digits in a list"),
    ],
)
def test_equal_is_what_the_plan_and_the_requirement_write_alike(
    written: str, text: str, *, answer: bool | None
) -> None:
    assert relations.equals(text)(Value(document.values(written.encode()))) is answer
    # A list beside a plain text is no plain no: the path lacks a [*].
    beside = None if written[0] in "[{" and not answer else answer
    assert relations.one_of(["nothing", text])(Value(document.values(written.encode()))) is beside


@pytest.mark.parametrize(
    ("written", "least", "most"),
    [
        ("7", True, True),
        ("6", False, True),
        ("8", True, False),
        ("6.999999999999999999999999", False, True),
        ("7.000000000000000000000001", True, False),
        ('"7"', True, True),
        ('"seven"', False, False),
        ('"NaN"', False, False),
        ("true", False, False),
        ("[7]", False, False),
        ("1" * 5001, True, False),
    ],
    ids=range(11),
)
def test_limits_hold_exactly_and_only_for_numbers(written: str, *, least: bool, most: bool) -> None:
    given = Value(document.values(written.encode()))
    assert relations.at_least(7)(given) is least
    assert relations.at_most(7)(given) is most


@pytest.mark.parametrize(
    ("given", "pattern", "answer"),
    [
        ("aws:kms", "aws:.*", True),
        ("xaws:kms", "aws:.*", False),
        ("two\nlines", "two.lines", False),
        (5, r"\d", True),
        (True, "true", True),
        ("", "", True),
    ],
)
def test_a_pattern_matches_the_whole_value(given: Any, pattern: str, *, answer: bool) -> None:
    assert relations.matches(pattern)(value(given)) is answer


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(FeatureError, match="not a regular expression"):
        relations.matches("(")


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        pytest.param("a 7 b", True, id="part of a text"),
        pytest.param("", False, id="empty text"),
        pytest.param([7], True, id="element"),
        pytest.param(["77"], None, id="part of an element, so the path may lack a [*]"),
        pytest.param([...], None, id="unknown element"),
        pytest.param(["7", ...], True, id="element beside an unknown one"),
        pytest.param(["8", ...], None, id="another beside an unknown one"),
        pytest.param({"7": 1}, True, id="key"),
        pytest.param({"7": ...}, True, id="key with unknown value"),
        pytest.param({"8": ...}, None, id="other key with unknown value"),
        pytest.param({"8": "7"}, False, id="value of a map"),
        pytest.param(7, True, id="the value itself"),
        pytest.param(77, False, id="no part of a number"),
        pytest.param(..., None, id="unknown"),
    ],
)
def test_containing_is_part_of_a_text_element_of_a_list_or_key_of_a_map(
    given: Any, *, answer: bool | None
) -> None:
    assert relations.contains("7")(value(given)) is answer


def test_being_set_is_a_relation_too() -> None:
    assert relations.is_set(value("x")) is True
    assert relations.is_set(value("")) is False
    assert relations.is_set(value(...)) is None


@pytest.mark.parametrize(
    "relation", [relations.equals("false"), relations.one_of(["no", "True"])], ids=["equals", "one of"]
)
def test_a_switch_that_nobody_set_is_as_the_provider_has_it_which_the_plan_does_not_say(
    relation: Relation,
) -> None:
    assert relation(value({"open": None}).get("open")) is None
    assert relation(value({"tags": None}).get("tags", "open")) is False
    assert relation(value({"tags": {}}).get("tags", "open")) is False


@pytest.mark.parametrize(
    ("given", "answer"),
    [("vate", True), ("private", None), ("public", False), (..., None), (None, False)],
)
def test_a_pattern_that_matches_a_part_may_be_what_was_meant(given: Any, *, answer: bool | None) -> None:
    assert relations.resembles("vate")(value(given)) is answer
