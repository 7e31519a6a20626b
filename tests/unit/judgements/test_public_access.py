"""May a stranger use what a policy is on, where apply decides a part of it?"""

from typing import Any

import pytest

from planspec.access import Outcome, Partly, Unknown
from planspec.judgements.exposure.public_access import (
    about_something,
    acts_for_strangers,
    any_of_a_kind,
    more_than,
    open_to_strangers,
)

BUCKET = Unknown("aws_s3_bucket.images.arn")
OBJECTS = Partly((BUCKET, "/*"))
OURS = {"AWS": "arn:aws:iam::123456789012:root"}


def statement(
    effect: str = "Allow", principal: Any = "*", resource: Any = "*", **more: Any
) -> dict[str, Any]:
    return {
        "Effect": effect,
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": resource,
        **more,
    }


def policy(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.mark.parametrize(
    ("statements", "outcome"),
    [
        ([statement()], Outcome.MORE),
        ([statement(principal=OURS)], Outcome.NOT_MORE),
        ([statement(resource=Unknown())], Outcome.MORE),
        ([statement(resource=[Unknown()])], Outcome.MORE),
        ([statement(resource=OBJECTS)], Outcome.MORE),
        ([statement(resource=BUCKET), statement("Deny", resource=BUCKET)], Outcome.NOT_MORE),
        ([statement(resource=OBJECTS), statement("Deny", resource=OBJECTS)], Outcome.NOT_MORE),
        ([statement(resource=OBJECTS), statement("Deny", resource="*")], Outcome.NOT_MORE),
        ([statement(resource=OBJECTS), statement("Deny", resource="arn:aws:s3:::other")], Outcome.MORE),
        ([Unknown()], Outcome.UNDETERMINED),
    ],
)
def test_a_policy_is_about_what_it_is_on(statements: list[Any], outcome: Outcome) -> None:
    assert open_to_strangers(policy(*statements)).outcome is outcome


def test_a_denial_of_what_has_another_name_or_none_takes_nothing_for_sure() -> None:
    for denied in (Unknown(), Unknown("aws_s3_bucket.other.arn")):
        shown = policy(statement(resource=OBJECTS), statement("Deny", resource=denied))
        assert open_to_strangers(shown).outcome is not Outcome.NOT_MORE


def test_what_apply_decides_gets_a_name_where_it_is_allowed() -> None:
    shown = policy(
        statement(resource=[Unknown(), BUCKET, OBJECTS, "arn:aws:s3:::known"]),
        statement("Deny", resource=[Unknown(), BUCKET, Unknown("else")]),
        {"Effect": "Allow", "NotResource": Unknown()},
        "no statement",
    )
    first, second, third, fourth = about_something(shown)["Statement"]
    name = "(aws_s3_bucket.images.arn)"
    assert first["Resource"] == ["(known after apply)", name, f"{name}/*", "arn:aws:s3:::known"]
    assert second["Resource"] == [Unknown(), name, Unknown("else")]
    assert (third, fourth) == (shown["Statement"][2], "no statement")


@pytest.mark.parametrize(
    "document", [None, Unknown(), {"Statement": Unknown()}, {"Statement": statement()}]
)
def test_what_lists_no_statements_stays(document: Any) -> None:
    assert about_something(document) == document


@pytest.mark.parametrize(
    "read", [open_to_strangers, acts_for_strangers, lambda each: more_than(policy(), each)]
)
def test_a_policy_that_cannot_be_read_leaves_it_open(read: Any) -> None:
    answer = read({"Statement": [{"Effect": "Perhaps", "Action": "*"}]})
    assert answer.outcome is Outcome.UNDETERMINED
    (doubt,) = answer.doubts
    assert doubt.startswith("its policy cannot be read: Statement[0]")


def test_a_service_acts_for_strangers_unless_a_statement_names_the_account() -> None:
    of_service = statement(principal={"Service": "sns.amazonaws.com"})
    assert acts_for_strangers(policy(of_service)).outcome is Outcome.MORE
    assert acts_for_strangers(policy(of_service), but=[0]).outcome is Outcome.NOT_MORE
    assert (
        acts_for_strangers(policy(statement(principal=OURS), of_service), but=[0]).outcome
        is Outcome.MORE
    )
    denied = statement("Deny", principal={"Service": "sns.amazonaws.com"})
    assert acts_for_strangers(policy(denied, of_service), but=[0]).outcome is Outcome.NOT_MORE


@pytest.mark.parametrize(
    ("statements", "position"),
    [
        ([statement(principal={"Service": "*"})], 0),
        ([statement(principal=OURS), statement(principal={"Federated": ["x", "*"]})], 1),
        ([statement(), statement(principal={"Service": ["*"]})], 1),
        ([statement(principal={"AWS": "*"})], None),
        ([statement("Deny", principal={"Service": "*"})], None),
        ([statement(principal={"Service": "sns.amazonaws.com"})], None),
        (["none"], None),
    ],
)
def test_any_service_is_nobody_by_name(statements: list[Any], position: int | None) -> None:
    assert any_of_a_kind(policy(*statements)) == position


def test_one_statement_needs_no_list() -> None:
    assert any_of_a_kind({"Statement": statement(principal={"Service": "*"})}) == 0
    assert any_of_a_kind(Unknown()) is None
