"""Does a policy document that is read at apply say the same as the JSON that it gives?"""

from collections.abc import Sequence
from typing import Any

import pytest

from planspec import Plan
from planspec.aws.iam_statements import Statement, document_at_apply, stated, statements
from planspec.plan import UNKNOWN, Known, Value
from tests.support.plans import block, configuration, constant, plan, refers, resource, value

ROLE_POLICY = "aws_iam_role_policy"
DOCUMENT = "aws_iam_policy_document"
BUCKET = "aws_s3_bucket"


def statement(**parts: Any) -> dict[str, Any]:
    """A block of a policy document as the provider plans it: what is not written is null."""
    names = ("sid", "effect", "actions", "not_actions", "resources", "not_resources")
    blocks = ("principals", "not_principals", "condition")
    return dict.fromkeys(names) | {name: [] for name in blocks} | parts


def holding(*blocks: Any, resources: Any = None, **document: Any) -> Plan:
    """A plan with a role policy that is this document, which is read at apply."""
    values = {"statement": list(blocks), "json": ..., **document}
    read = resource(DOCUMENT, "one", mode="data", actions=("read",), **values)
    written = [{"resources": resources or constant([])}]
    policy = refers(f"data.{DOCUMENT}.one.json", f"data.{DOCUMENT}.one")
    return plan(
        resource(ROLE_POLICY, "one", policy=...),
        resource(BUCKET, "one", arn=...),
        resource(BUCKET, "two", arn=...),
        read,
        configuration=configuration(
            block(ROLE_POLICY, "one", policy=policy),
            block(BUCKET, "one"),
            block(BUCKET, "two"),
            block(DOCUMENT, "one", mode="data", statement=written) | {"address": f"data.{DOCUMENT}.one"},
        ),
    )


def read_from(of: Plan) -> Sequence[Statement]:
    found = statements(of, of.changes[0], ("policy",))
    assert found is not None
    return found


def texts(places: Sequence[Value]) -> list[object]:
    return [each.value if isinstance(each, Known) else each for each in (one.peek() for one in places)]


def as_json(of: Plan) -> Any:
    document = document_at_apply(of, of.changes[0], ("policy",))
    assert document is not None
    reading = document.peek()
    return reading.value if isinstance(reading, Known) else reading


def test_each_part_of_a_statement_is_read() -> None:
    of = holding(
        statement(
            effect="Deny",
            not_actions=["s3:GetObject"],
            not_resources=["arn:aws:s3:::x/*"],
            not_principals=[{"type": "AWS", "identifiers": ["123456789012"]}],
            condition=[{"test": "StringEquals", "variable": "aws:x", "values": ["1"]}],
        ),
        statement(actions=["s3:*"], resources=["*"], principals=[{"type": "*", "identifiers": ["*"]}]),
    )
    first, second = read_from(of)
    assert (first.allows, second.allows) == (False, True)
    assert texts(first.not_actions) == ["s3:GetObject"]
    assert texts(first.not_resources) == ["arn:aws:s3:::x/*"]
    assert texts(first.not_principals) == ["123456789012"]
    assert [(each.operator, each.key, texts(each.values)) for each in first.conditions] == [
        ("StringEquals", "aws:x", ["1"])
    ]
    assert not any(each.perhaps for each in first.conditions)
    assert (texts(second.actions), texts(second.resources)) == (["s3:*"], ["*"])
    assert texts(second.principals) == ["*"]
    assert (*second.not_actions, *second.not_resources, *second.not_principals) == ()


def test_the_json_that_it_gives_has_each_part() -> None:
    assert as_json(
        holding(
            statement(
                effect="Deny",
                not_actions=["s3:GetObject"],
                not_resources=["arn:aws:s3:::x/*"],
                not_principals=[{"type": "AWS", "identifiers": ["123456789012"]}],
                condition=[
                    {"test": "StringEquals", "variable": "aws:x", "values": ["1"]},
                    {"test": "StringEquals", "variable": "aws:x", "values": ["2"]},
                    {"test": "StringLike", "variable": "aws:y", "values": ["3"]},
                ],
            ),
            statement(actions=["s3:*"], resources=["*"]),
            version=None,
        )
    ) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "NotAction": ["s3:GetObject"],
                "NotResource": ["arn:aws:s3:::x/*"],
                "NotPrincipal": {"AWS": ["123456789012"]},
                "Condition": {"StringEquals": {"aws:x": ["1", "2"]}, "StringLike": {"aws:y": ["3"]}},
            },
            {"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"]},
        ],
    }


def test_a_version_that_is_written_stays() -> None:
    assert as_json(holding(version="2008-10-17"))["Version"] == "2008-10-17"


@pytest.mark.parametrize(
    ("principals", "expected"),
    [
        ([("*", ["*"])], ["*"]),
        ([("AWS", ["1"]), ("Service", ["s"])], {"AWS": ["1"], "Service": ["s"]}),
        ([("AWS", ["1"]), ("AWS", ["2"])], {"AWS": ["1", "2"]}),
        ([("AWS", ["1"]), ("*", ["*"])], {"AWS": ["1", "*"]}),
        ([("Service", ["s"]), ("*", ["*"])], {"Service": ["s"], "AWS": ["*"]}),
    ],
)
def test_principals_are_named_by_their_kind(
    principals: list[tuple[str, list[str]]], expected: object
) -> None:
    blocks = [{"type": kind, "identifiers": names} for kind, names in principals]
    (found,) = as_json(holding(statement(actions=["s3:*"], principals=blocks)))["Statement"]
    assert found["Principal"] == expected


@pytest.mark.parametrize(
    "part",
    [
        {"principals": [{"type": ..., "identifiers": ["1"]}]},
        {"condition": [{"test": ..., "variable": "aws:x", "values": ["1"]}]},
        {"condition": [{"test": "StringEquals", "variable": ..., "values": ["1"]}]},
    ],
)
def test_a_part_whose_kind_apply_decides_is_unknown(part: dict[str, Any]) -> None:
    of = holding(statement(actions=["s3:*"], **part))
    document = document_at_apply(of, of.changes[0], ("policy",))
    assert document is not None
    name = "Principal" if "principals" in part else "Condition"
    assert document.get("Statement", 0, name).reading is UNKNOWN


@pytest.mark.parametrize("unknown", ["test", "variable"])
def test_a_condition_of_which_apply_decides_what_it_asks_is_there_perhaps(unknown: str) -> None:
    asked = {"test": "StringEquals", "variable": "aws:x", "values": ["1"]} | {unknown: ...}
    (found,) = read_from(holding(statement(actions=["s3:*"], condition=[asked])))
    assert [each.perhaps for each in found.conditions] == [True]


def test_resources_are_those_of_what_their_expression_names() -> None:
    block_of = statement(actions=["s3:*"], resources=[...])
    (found,) = read_from(holding(block_of, resources=refers(f"{BUCKET}.two.arn", f"{BUCKET}.two")))
    assert found.refers == {f"{BUCKET}.two"}
    (found,) = read_from(holding(block_of, resources=refers("local.buckets", f"{BUCKET}.two.arn")))
    assert found.refers == frozenset()


@pytest.mark.parametrize("name", ["source_policy_documents", "override_policy_documents", "source_json"])
def test_a_document_that_merges_others_is_not_known(name: str) -> None:
    of = holding(statement(actions=["s3:*"]), **{name: ["{}"]})
    assert statements(of, of.changes[0], ("policy",)) is None
    assert document_at_apply(of, of.changes[0], ("policy",)) is None


def test_a_policy_in_a_place_of_its_own_is_read() -> None:
    assert stated(value(...)) is None
    assert stated(value(None)) == ()
    (found,) = stated(value('{"Statement": {"Effect": "Allow", "Action": "s3:*"}}')) or ()
    assert texts(found.actions) == ["s3:*"]
    assert found.allows
