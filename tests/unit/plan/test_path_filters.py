"""Which elements does a filter in a path choose, and what if the plan does not tell?"""

import json
from typing import Any

import pytest

from planspec.errors import PathError
from planspec.plan import filtered_by, select, steps
from tests.support.plans import value

POLICY = json.dumps(
    {
        "Statement": [
            {"Effect": "Deny", "Principal": "*"},
            {"Effect": "Allow", "Principal": "me", "Condition": {}},
        ]
    }
)
RULES = [
    {"from": 22, "to": 22, "cidr": ["a"], "open": True, "name": "ssh"},
    {"from": 0, "to": 65535, "cidr": ["b"], "open": False, "name": "all"},
    {"from": 443, "to": 443, "cidr": ["c"], "open": False, "name": "https"},
]


def chosen(described: Any, path: str) -> tuple[list[str], list[str]]:
    """What is surely chosen, and what perhaps is, with the words for it."""
    found = select(value(described), path)
    return (
        [each.shown for each in found if not each.perhaps],
        [each.if_there.shown for each in found if each.perhaps],
    )


@pytest.mark.parametrize(
    ("path", "sure"),
    [
        ("policy.Statement[?(@.Effect == 'Allow')].Principal", ['"me"']),
        ('policy.Statement[?(@.Effect == "Deny")].Principal', ['"*"']),
        ("policy.Statement[?(@.Effect != 'Deny')].Principal", ['"me"']),
        ("rules[?(@.from <= 22 & @.to >= 22)].cidr[*]", ['"a"', '"b"']),
        ("rules[?(@.from <= 22 && @.to >= 22)].cidr[*]", ['"a"', '"b"']),
        ("rules[?(@.from > 22)].name", ['"https"']),
        ("rules[?(@.to < 443)].name", ['"ssh"']),
        ("rules[?(@.open == true)].name", ['"ssh"']),
        ("rules[?(@.name =~ 'h.*')].name", ['"https"']),
        ("rules[?(@.cidr[*] == 'c')].name", ['"https"']),
        ("rules[?(@.from == '22')].name", ['"ssh"']),
        ("rules[?(@.name == 'nothing')].cidr[*]", []),
    ],
)
def test_a_filter_chooses_elements_by_what_stands_in_them(path: str, sure: list[str]) -> None:
    assert chosen({"policy": POLICY, "rules": RULES}, path)[0] == sure


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ([{"from": ..., "name": "x"}], "rules[?(@.from == 22)].name"),
        ([{"from": None, "name": "x"}], "rules[?(@.from == 22)].name"),
        ([{"open": None, "name": "x"}], "rules[?(@.open == true)].name"),
        ([{"from": ["22"], "name": "x"}], "rules[?(@.from == '22')].name"),
        ([{"from": "16.9", "name": "x"}], "rules[?(@.from >= 16)].name"),
        ([{"kind": "a", "name": "x"}], "rules[?(@.kin == 'a')].name"),
        ([{"kind": "a", "name": "x"}], "rules[?(@.other == 'a')].name"),
        ([{"kind": "xay", "name": "x"}], "rules[?(@.kind =~ 'a')].name"),
        ([{"kind": ..., "name": "x"}], "rules[?(@.kind)].name"),
    ],
)
def test_what_the_plan_does_not_tell_is_perhaps_chosen(rules: Any, path: str) -> None:
    assert chosen({"rules": rules}, path) == ([], ['"x"'])
    (place,) = select(value({"rules": rules}), path)
    assert "the filter of the path" in place.shown


def test_a_key_that_some_elements_have_is_no_slip_where_it_lacks() -> None:
    policy = json.dumps({"Statement": [{"Sid": "a", "P": "1"}, {"P": "2"}]})
    assert chosen({"policy": policy}, "policy.Statement[?(@.Sid == 'a')].P") == (['"1"'], [])


def test_an_unknown_list_is_perhaps_anything() -> None:
    (place,) = select(value({"rules": ...}), "rules[?(@.from == 22)].name")
    assert place.perhaps or place.shown == "(known after apply)"


def test_a_path_tells_what_its_filters_ask_about() -> None:
    path = "a.b[?(@.c == 1 & @.d.e == 2)].f"
    assert filtered_by(path) == (
        (("a",), ("b",), "[*]", ("c",)),
        (("a",), ("b",), "[*]", ("d",), ("e",)),
    )
    assert steps(path) == (("a",), ("b",), "[*]", ("f",))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("tags.kubernetes.io/role/elb", "tags['kubernetes.io/role/elb']"),
        ("a[?(@.b = )]", "[?(@.Effect == 'Allow')]"),
        ("a[?(@.b =~ '(')].c", "not a regular expression"),
        ("a/b", "[*]"),
    ],
)
def test_what_is_not_understood_says_what_to_write(path: str, words: str) -> None:
    with pytest.raises(PathError) as caught:
        select(value({"a": [{"b": "x"}]}), path)
    assert words in str(caught.value)
