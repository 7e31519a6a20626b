"""Which values does a path name?"""

import json
from typing import Any

import pytest

from planspec import ABSENT, NULL, UNKNOWN, Known
from planspec.errors import PathError
from planspec.plan import Reading, compiled, select
from tests.support.plans import value

POLICY = json.dumps({"Statement": [{"Action": ["a", "b"]}, {"Action": "c"}]})
RESOURCE = value(
    {
        "size": 5,
        "nothing": None,
        "later": ...,
        "empty": [],
        "tags": {"Owner": "me", "Cost Centre": "12", "a.b": "dotted"},
        "ingress": [{"ports": [80, ...]}, {"ports": []}, {"ports": None}],
        "policy": POLICY,
        "text": "{no JSON",
    }
)


@pytest.mark.parametrize(
    ("path", "readings"),
    [
        ("size", [Known(5)]),
        ("$.size", [Known(5)]),
        ("nothing", [NULL]),
        ("later", [UNKNOWN]),
        ("later[*].a", [UNKNOWN]),
        ("nowhere", [ABSENT]),
        ("nothing[*]", []),
        ("empty[*].a", []),
        ("tags.Owner", [Known("me")]),
        ('tags."Cost Centre"', [Known("12")]),
        ("tags.'a.b'", [Known("dotted")]),
        ("tags.*", [Known("me"), Known("12"), Known("dotted")]),
        ("ingress[0].ports[0]", [Known(80)]),
        ("ingress[*].ports[*]", [Known(80), UNKNOWN]),
        ("ingress[*].ports", [Known([80, None], True), Known([]), NULL]),
        ("ingress[7].ports", [ABSENT]),
        ("policy.Statement[*].Action[*]", [Known("a"), Known("b"), Known("c")]),
        ("policy.Statement[1].Action", [Known("c")]),
        ("text.a", [ABSENT]),
        ("nowhere[*]", [ABSENT]),
        ("tags[*].Owner", [Known("me")]),
        ("size[*]", [Known(5)]),
    ],
)
def test_a_path_leads_to_places_with_what_the_plan_says_there(
    path: str, readings: list[Reading]
) -> None:
    found = [place.reading for place in select(RESOURCE, path)]
    assert sorted(found, key=repr) == sorted(readings, key=repr)


def test_places_know_their_path() -> None:
    assert [each.path for each in select(RESOURCE, "ingress[*].ports[*]")] == [
        "ingress[0].ports[0]",
        "ingress[0].ports[1]",
    ]


@pytest.mark.parametrize("path", ["", "a..", "a[", "a[1:2]", "a.`len`"])
def test_a_path_that_is_not_understood_is_refused_with_the_right_writing(path: str) -> None:
    with pytest.raises(PathError, match="path ") as caught:
        select(RESOURCE, path)
    assert "[*]" in str(caught.value)


def test_a_path_is_compiled_once() -> None:
    assert compiled("ingress[*].ports") is compiled("ingress[*].ports")


def test_what_lies_too_deep_for_a_search_is_undecided_and_not_empty() -> None:
    deep: Any = {"wanted": 1}
    for _ in range(80):
        deep = [deep]
    assert UNKNOWN in [place.reading for place in select(value({"a": deep}), "$..wanted")]


def test_a_search_finds_a_name_at_every_depth() -> None:
    nested = value({"a": {"wanted": 1, "b": [{"wanted": {"wanted": 2}}]}})
    found = [place.path for place in select(nested, "$..wanted")]
    assert found == ["a.wanted", "a.b[0].wanted", "a.b[0].wanted.wanted"]


def test_a_search_counts_what_is_unknown_since_the_name_may_be_inside() -> None:
    found = [place.reading for place in select(value({"later": ..., "a": {"wanted": 1}}), "$..wanted")]
    assert found == [Known(1), UNKNOWN]


def test_a_search_enters_documents() -> None:
    found = [place.reading for place in select(value({"policy": POLICY}), "$..Action")]
    assert found == [Known(["a", "b"]), Known("c")]
