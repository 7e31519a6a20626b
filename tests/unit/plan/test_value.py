"""What does the plan say about one place: known, null, unknown or absent, and may it be shown?"""

from decimal import Decimal
from typing import Any

import pytest

from planspec import ABSENT, NULL, UNKNOWN, Known, Value
from planspec.plan import REDACTED, Reading
from planspec.syntax import LONGEST_SHOWN, document
from tests.support.plans import Sensitive, change, value

HIDDEN = "hunter2-and-more"


@pytest.mark.parametrize(
    ("after", "after_unknown", "path", "reading"),
    [
        pytest.param({"a": "x"}, {}, ("a",), Known("x"), id="known string"),
        pytest.param({"a": None}, {}, ("a",), NULL, id="set to null or not set"),
        pytest.param({}, {"a": True}, ("a",), UNKNOWN, id="unknown primitive"),
        pytest.param({}, {"a": True}, ("a", 0, "b"), UNKNOWN, id="unknown whole block, asked inside"),
        pytest.param({}, True, ("a", "b"), UNKNOWN, id="everything unknown"),
        pytest.param(
            {"a": ["a", None]}, {"a": [False, True]}, ("a", 1), UNKNOWN, id="unknown element of a list"
        ),
        pytest.param(
            {"a": ["a", None]}, {"a": [False, True]}, ("a", 0), Known("a"), id="its known neighbour"
        ),
        pytest.param(
            {"a": ["a", None]}, {"a": [False, True]}, ("a",), Known(["a", None], True), id="that list"
        ),
        pytest.param({"a": ["a", None]}, {}, ("a", 1), NULL, id="an element that is null"),
        pytest.param(
            {"a": {"b": "k"}},
            {"a": {"a": True}},
            ("a",),
            Known({"b": "k"}, True),
            id="object with unknown attribute",
        ),
        pytest.param(
            {"a": {"b": "k"}}, {"a": {"a": True}}, ("a", "a"), UNKNOWN, id="the unknown attribute"
        ),
        pytest.param(
            {"a": [{"sse": "aws:kms"}]},
            {"a": [{"key": True}]},
            ("a", 0, "key"),
            UNKNOWN,
            id="in a block",
        ),
        pytest.param(
            {"a": [{"sse": "aws:kms"}]},
            {"a": [{"key": True}]},
            ("a", 0, "sse"),
            Known("aws:kms"),
            id="beside it in the block",
        ),
        pytest.param({"a": []}, {"a": []}, ("a",), Known([]), id="empty block list"),
        pytest.param({"a": []}, {"a": []}, ("a", 0, "b"), ABSENT, id="inside an empty block list"),
        pytest.param(None, {}, ("a",), NULL, id="resource will be gone"),
        pytest.param({"a": None}, {}, ("a", "b", 0), NULL, id="inside null"),
        pytest.param({"b": 1}, {}, ("a",), ABSENT, id="no such attribute"),
        pytest.param({"a": "x"}, {}, ("a", "b"), ABSENT, id="inside a string"),
        pytest.param({"a": "x"}, {"a": True}, ("a",), UNKNOWN, id="a value and unknown at once"),
        pytest.param({"a": {"b": 1}}, {"a": [{"b": True}]}, ("a", "b"), UNKNOWN, id="shapes differ"),
        pytest.param({"a": None}, {"a": [True]}, ("a",), UNKNOWN, id="null with unknown inside"),
        pytest.param({"a": False}, {}, ("a",), Known(False), id="false is a value"),
        pytest.param({"a": ["x"]}, {"a": [True, False]}, ("a", 0), UNKNOWN, id="positions out of step"),
        pytest.param(
            {"a": ["x"]}, {"a": [False, False]}, ("a", 0), Known("x"), id="more marks, none set"
        ),
        pytest.param({"a": {"b": 1}}, {}, ("a", 0, "b"), Known(1), id="single block asked as a list"),
    ],
)
def test_every_shape_of_a_plan_has_one_reading(
    after: Any, after_unknown: Any, path: tuple[str | int, ...], reading: Reading
) -> None:
    assert Value(after, after_unknown).get(*path).reading == reading


@pytest.mark.parametrize(
    ("after", "marks", "path", "hidden"),
    [
        pytest.param({"a": "x"}, {}, ("a",), False, id="no mark"),
        pytest.param({"a": "x"}, False, ("a",), False, id="no marks at all"),
        pytest.param({"a": "x"}, None, ("a",), False, id="null instead of marks"),
        pytest.param({"a": "x"}, {"a": True}, ("a",), True, id="marked"),
        pytest.param({"a": {"b": "x"}}, {"a": True}, ("a", "b"), True, id="marked around it"),
        pytest.param({"a": {"b": "x"}}, True, ("a", "b"), True, id="everything marked"),
        pytest.param({"a": {"b": "x"}}, {"a": {"b": True}}, ("a",), True, id="marked inside it"),
        pytest.param({"a": ["a", "x"]}, {"a": [False, True]}, ("a", 1), True, id="element of a list"),
        pytest.param({"a": ["a", "x"]}, {"a": [False, True]}, ("a", 0), False, id="its neighbour"),
        pytest.param({"a": ["a", "x"]}, {"a": True}, ("a", 0), True, id="element of a set"),
        pytest.param({"a": ["a", "x"]}, {"a": [True]}, ("a", 1), True, id="fewer marks than elements"),
        pytest.param({"a": ["x"]}, {"a": {"b": True}}, ("a", 0), True, id="marks of another shape"),
    ],
)
def test_a_mark_on_a_place_around_it_or_inside_it_hides_the_value(
    after: Any, marks: Any, path: tuple[str | int, ...], *, hidden: bool
) -> None:
    place = Value(after, False, marks).get(*path)
    assert place.sensitive is hidden
    assert (place.shown == REDACTED) is hidden


@pytest.mark.parametrize(
    ("given", "is_set"),
    [
        ("x", True),
        (0, True),
        (False, True),
        ("", False),
        ([], False),
        ({}, False),
        (None, False),
        (..., None),
        ({"a": ...}, True),
    ],
)
def test_empty_counts_as_not_set_and_unknown_as_undecided(given: Any, *, is_set: bool | None) -> None:
    assert value({"a": given}).get("a").is_set is is_set


def test_a_write_only_argument_is_null_in_the_plan_and_yet_not_unset() -> None:
    given = Value({"password_wo": None, "other_wo": None}, {}, {"password_wo": True})
    assert given.get("password_wo").reading is UNKNOWN
    assert given.get("password_wo").is_set is None
    assert given.get("other_wo").reading is NULL


def test_only_the_attribute_itself_can_be_left_out() -> None:
    given = Value({"a": None, "tags": None, "set": 1})
    assert given.get("a").is_left_out
    assert not given.get("tags", "Owner").is_left_out
    assert not given.get("set").is_left_out


def test_elements_of_a_list_are_its_places() -> None:
    elements = value({"a": ["x", ...]}).get("a").elements()
    assert [each.reading for each in elements] == [Known("x"), UNKNOWN]
    assert [each.path for each in elements] == ["a[0]", "a[1]"]


def test_a_set_that_is_unknown_as_a_whole_has_one_unknown_element() -> None:
    assert [each.reading for each in value({"a": ...}).get("a").elements()] == [UNKNOWN]


def test_unknown_elements_that_old_plans_leave_out_count_as_one_more() -> None:
    old = Value({"a": ["x"]}, {"a": [True, False]})
    assert [each.reading for each in old.get("a").elements()] == [Known("x"), UNKNOWN]


def test_marks_of_an_old_list_hide_every_element_because_positions_do_not_match() -> None:
    old = Value({"a": [HIDDEN]}, {"a": [True, False]}, {"a": [False, True]})
    assert HIDDEN not in [each.shown for each in old.get("a").elements()]


def test_a_secret_name_hides_the_elements_of_an_old_list_too() -> None:
    old = Value({"password": [HIDDEN]}, {"password": [True, False]})
    assert old.get("password").elements()[0].shown == REDACTED


@pytest.mark.parametrize("given", [None, []])
def test_nothing_set_has_no_elements(given: Any) -> None:
    assert value({"a": given}).get("a").elements() == ()


def test_a_value_that_is_no_list_is_its_only_element() -> None:
    (only,) = value({"a": "x"}).get("a").elements()
    assert only.reading == Known("x")


def test_entries_of_a_map_include_those_that_apply_decides() -> None:
    entries = dict(value({"a": {"b": "x", "c": ...}}).get("a").entries())
    assert {name: each.reading for name, each in entries.items()} == {"b": Known("x"), "c": UNKNOWN}


def test_a_tag_marked_in_tags_is_hidden_in_tags_all_too() -> None:
    copied = change(tags={"Token": Sensitive(HIDDEN), "A": "b"}, tags_all={"Token": HIDDEN, "A": "b"})
    assert copied.after.get("tags_all", "Token").shown == REDACTED
    assert copied.after.get("tags_all").shown == REDACTED
    assert copied.after.get("tags_all", "A").shown == '"b"'


def test_tags_marked_as_a_whole_are_hidden_in_tags_all_too() -> None:
    copied = change(tags=Sensitive({"Token": HIDDEN}), tags_all={"Token": HIDDEN})
    assert copied.after.get("tags_all", "Token").shown == REDACTED


@pytest.mark.parametrize("name", ["password", "secret_string", "auth_token", "master_password"])
def test_a_secret_name_hides_a_value_without_a_mark(name: str) -> None:
    assert value({name: HIDDEN}).get(name).shown == REDACTED
    assert value({"a": [{name: HIDDEN}]}).get("a").shown == REDACTED


def test_environment_values_of_a_container_are_hidden_and_their_names_shown() -> None:
    text = f'[{{"name":"api","environment":[{{"name":"MODE","value":"{HIDDEN}"}}]}}]'
    containers = value({"container_definitions": text}).get("container_definitions")
    variable = containers.document().get(0, "environment", 0)
    assert variable.get("name").shown == '"MODE"'
    assert variable.get("value").shown == REDACTED
    assert HIDDEN not in containers.shown
    assert HIDDEN not in containers.document().shown


def test_environment_variables_of_a_function_are_hidden() -> None:
    place = value({"environment": [{"variables": {"MODE": HIDDEN}}]})
    assert place.get("environment", 0, "variables", "MODE").shown == REDACTED
    assert place.get("environment").shown == REDACTED


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        pytest.param('{"Statement":[]}', Known([]), id="valid"),
        pytest.param('  {"Statement":{"Effect":"Allow"}}', Known({"Effect": "Allow"}), id="one object"),
        pytest.param("...", UNKNOWN, id="not JSON"),
        pytest.param('{"Statement"', UNKNOWN, id="cut off"),
        pytest.param('{"Statement":NaN}', UNKNOWN, id="NaN"),
        pytest.param('{"Statement":' + "[" * 100_000, UNKNOWN, id="nested too deeply"),
        pytest.param('{"Version":"1"}', ABSENT, id="key that the document lacks"),
        pytest.param(..., UNKNOWN, id="unknown"),
        pytest.param(None, NULL, id="not set"),
    ],
)
def test_a_document_in_a_string_is_read_or_undecided(text: Any, reading: Reading) -> None:
    assert value({"policy": text}).get("policy").document().get("Statement").reading == reading


def test_a_document_in_a_marked_string_is_marked() -> None:
    text = Sensitive(f'{{"Sid":"{HIDDEN}"}}')
    assert value({"policy": text}).get("policy").document().get("Sid").shown == REDACTED


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("9007199254740993", "9007199254740993"),
        ("18446744073709551616", "18446744073709551616"),
        ("13.10", "13.10"),
        ("[13.10]", "[13.10]"),
        ('"13.10"', '"13.10"'),
        ("0." + "3" * 60, "0." + "3" * 60),
        ("1e-7", "0.0000001"),
        ("true", "true"),
        ('{"a":["ä"]}', '{"a": ["ä"]}'),
    ],
)
def test_values_are_shown_digit_by_digit_as_the_plan_states_them(written: str, shown: str) -> None:
    assert Value(document.values(written.encode())).shown == shown


def test_a_long_value_is_shown_cut_and_in_one_line() -> None:
    shown = Value("first\nsecond " + "x" * 500).shown
    assert len(shown) == LONGEST_SHOWN
    assert shown.endswith("…")
    assert "\n" not in shown


def test_a_number_of_five_thousand_digits_is_shown_short() -> None:
    assert len(Value(Decimal("7" * 5001)).shown) == LONGEST_SHOWN


def test_a_broken_surrogate_can_be_shown() -> None:
    assert Value("\ud800").shown.encode()


@pytest.mark.parametrize(
    ("path", "misnamed"),
    [
        pytest.param(("ingress", 0, "cidr_blok"), True, id="misspelt in a block"),
        pytest.param(("rule", "port"), True, id="a list entered without position"),
        pytest.param(("sizze",), True, id="misspelt in the resource"),
        pytest.param(("text", "Statement"), True, id="a text that holds no document"),
        pytest.param(("ingress", 0, "cidr_blocks"), False, id="stated"),
        pytest.param(("ingress", 0, "self"), False, id="unknown"),
        pytest.param(("tags", "Owner"), False, id="a map has any key"),
        pytest.param(("policy", "Condition"), False, id="a document has any key"),
        pytest.param(("egress", 0, "cidr_blok"), False, id="no block to look into"),
    ],
)
def test_only_a_name_that_no_block_has_is_misnamed(
    path: tuple[str | int, ...], *, misnamed: bool
) -> None:
    root = value(
        {
            "ingress": [{"cidr_blocks": [], "self": ...}],
            "egress": [],
            "rule": [{"port": 1}],
            "tags": {"A": "b"},
            "policy": "{}",
            "text": "x",
        }
    )
    place = root.get(path[0])
    place = place.document() if place.holds_document else place
    assert place.get(*path[1:]).misnamed is misnamed


def test_reads_are_noted_and_peeks_are_not() -> None:
    noted: list[str] = []
    root = Value({"a": 1, "b": 2}, note=lambda place: noted.append(place.path))
    assert root.get("a").reading == root.get("a").peek()
    assert root.get("b").peek() == Known(2)
    assert noted == ["a"]
