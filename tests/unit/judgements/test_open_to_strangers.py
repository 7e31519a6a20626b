"""May a stranger use what a policy is on, by itself or by a service, and what names a thing?"""

from typing import Any, Final

import pytest

from planspec.access import Outcome, Partly, Unknown
from planspec.aws import Condition
from planspec.judgements.exposure.public_access import (
    acts_for_strangers,
    any_of_a_kind,
    more_than,
    open_to_strangers,
)
from planspec.judgements.identity.named_resources import is_named_by, unnamed
from tests.support.plans import value

Statement = dict[str, Any]
MORE, LESS, OPEN = Outcome.MORE, Outcome.NOT_MORE, Outcome.UNDETERMINED
IMAGES: Final = "arn:aws:s3:::images/*"
OURS: Final = "111111111111"
LATER: Final = Unknown("the bucket")
KEYS: Final = Partly((Unknown("the bucket"), "/*"))
LOGS: Final = {"Service": "delivery.logs.amazonaws.com"}


def says(*statements: Any) -> Statement:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def lets(who: Any = "*", on: Any = IMAGES, effect: Any = "Allow", **more: Any) -> Statement:
    """A statement about reading an object."""
    return {"Effect": effect, "Principal": who, "Action": "s3:GetObject", "Resource": on, **more}


@pytest.mark.parametrize(
    ("statements", "outcome"),
    [
        pytest.param([lets()], MORE, id="everybody"),
        pytest.param([lets({"AWS": OURS})], LESS, id="an account"),
        pytest.param([lets(), lets(effect="Deny")], LESS, id="allowed and denied"),
        pytest.param([lets(on=LATER)], MORE, id="on what apply names"),
        pytest.param([lets(on=[IMAGES, LATER])], MORE, id="on one of two"),
        pytest.param([lets(on=KEYS)], MORE, id="on the keys of what apply names"),
        pytest.param([lets(on=LATER), lets(on=LATER, effect="Deny")], LESS, id="the same one denied"),
        pytest.param([lets(on=KEYS), lets(on=KEYS, effect="Deny")], LESS, id="the same keys denied"),
        pytest.param(
            [lets(on=LATER), lets(on=Unknown("another"), effect="Deny")], OPEN, id="another one denied"
        ),
        pytest.param(
            [lets(on=Unknown()), lets(on=Unknown(), effect="Deny")], OPEN, id="one without a name denied"
        ),
        pytest.param([lets(effect=Unknown())], OPEN, id="allowed or denied"),
        pytest.param([lets(on=LATER, effect="Deny")], LESS, id="a denial alone"),
        pytest.param([], LESS, id="nothing"),
    ],
)
def test_a_policy_that_lets_in_strangers(statements: list[Any], outcome: Outcome) -> None:
    assert open_to_strangers(says(*statements)).outcome is outcome


def test_a_single_statement_and_no_document() -> None:
    assert open_to_strangers({"Version": "2012-10-17", "Statement": lets()}).outcome is MORE
    for document in ("text", {"Statement": [{"Effect": "Maybe"}]}, ["x"]):
        answer = open_to_strangers(document)
        assert answer.outcome is OPEN
        assert answer.doubts[0].startswith("its policy cannot be read: ")
        assert answer.doubts[0] != "its policy cannot be read: None"
        assert more_than(says(lets()), document) == answer
        assert acts_for_strangers(document) == answer


def test_a_policy_that_allows_more_than_another() -> None:
    assert more_than(says(lets()), says(lets({"AWS": OURS}))).outcome is LESS
    assert more_than(says(lets({"AWS": OURS})), says(lets())).outcome is MORE


def test_a_service_that_acts_for_strangers() -> None:
    bound = {"Condition": {"StringEquals": {"aws:SourceAccount": OURS}}}
    assert acts_for_strangers(says(lets(LOGS))).outcome is MORE
    assert acts_for_strangers(says(lets(LOGS, LATER))).outcome is MORE
    assert acts_for_strangers(says(lets(LOGS, **bound))).outcome is LESS
    # A statement that names an account in its resources is left out; a denial counts all the same.
    assert acts_for_strangers(says(lets(LOGS)), but={0}).outcome is LESS
    assert acts_for_strangers(says(lets(LOGS, **bound), lets(LOGS)), but={0}).outcome is MORE
    denied = says(lets(LOGS, effect="Deny"), lets(LOGS))
    assert acts_for_strangers(denied, but={0}).outcome is LESS


@pytest.mark.parametrize(
    ("statements", "position"),
    [
        ([lets({"Service": "*"})], 0),
        ([lets({"Federated": ["*"]})], 0),
        ([lets(), lets({"Service": "*"})], 1),
        ([lets({"AWS": "*"}), lets({"AWS": OURS, "Service": ["x.amazonaws.com", "*"]})], 1),
        ([lets({"AWS": "*"})], None),
        ([lets({"Service": "*"}, effect="Deny"), lets({"Service": "*"})], 1),
        ([lets({"Service": "*"}, effect="Deny")], None),
        (["text", lets({"Service": "*"})], 1),
        ([], None),
    ],
)
def test_any_service_or_federated_user(statements: list[Any], position: int | None) -> None:
    assert any_of_a_kind(says(*statements)) == position


def test_any_service_in_a_single_statement() -> None:
    assert any_of_a_kind({"Statement": lets({"Service": "*"})}) == 0
    assert any_of_a_kind("text") is None


@pytest.mark.parametrize(
    ("action", "resource", "named"),
    [
        ("s3:getobject", "*", False),
        ("s3:getobject", "arn:aws:s3:::*", False),
        ("s3:getobject", "arn:aws:s3:::images/*", True),
        ("s3:getobject", "arn:aws:s3:::im*", False),
        ("s3:getobject", "arn:aws:s3:::ima*", True),
        ("s3:getobject", "arn:aws:s3:::i/*", True),
        ("s3:getobject", "arn:aws:s3:::images", True),
        ("iam:passrole", f"arn:aws:iam::{OURS}:role/*", False),
        ("iam:passrole", f"arn:aws:iam::{OURS}:role/app", True),
        ("iam:passrole", f"arn:aws:iam::{OURS}:role/app-*", True),
        ("iam:passrole", f"arn:aws:iam::{OURS}:*", False),
        ("iam:passrole", f"arn:aws:iam::{OURS}:ro*", False),
        ("iam:passrole", "arn:aws:iam::*:role/app", False),
        ("sqs:sendmessage", f"arn:aws:sqs:*:{OURS}:jobs", False),
        ("sqs:sendmessage", f"arn:aws:sqs:eu-west-1:{OURS}:jobs", True),
        ("sqs:sendmessage", f"arn:aws:sqs:eu-*:{OURS}:jobs", True),
        ("sqs:sendmessage", f"arn:aws:*:eu-west-1:{OURS}:jobs", False),
        ("sqs:sendmessage", "jobs", True),
        ("sqs:sendmessage", "jobs*", False),
        # What nobody knows could name a thing.
        ("none:such", f"arn:aws:none:eu-west-1:{OURS}:thing/*", False),
        ("none:such", f"arn:aws:none:eu-west-1:{OURS}:thing/one*", True),
        ("none:such", f"arn:aws:none:eu-west-1:{OURS}:on*", False),
        # What cannot be limited to a resource names none, and need not.
        ("ec2:describeinstances", "*", True),
    ],
)
def test_a_pattern_that_names_a_thing(action: str, resource: str, *, named: bool) -> None:
    assert unnamed([action], resource) == ([] if named else [action])


def condition(operator: str, key: str, *values: Any, perhaps: bool = False) -> Condition:
    """A condition of a statement."""
    return Condition(operator, key, tuple(map(value, values)), perhaps)


@pytest.mark.parametrize(
    ("given", "actions", "answer"),
    [
        (condition("StringEquals", "aws:ResourceTag/app", "api"), ["s3:getobject"], True),
        (condition("ForAnyValue:StringLike", "kms:ResourceAliases", "alias/api"), ["kms:decrypt"], True),
        (condition("ForAllValues:StringLike", "kms:ResourceAliases", "alias/a"), ["kms:decrypt"], False),
        (condition("StringNotEquals", "aws:ResourceTag/app", "api"), ["s3:getobject"], False),
        (condition("StringEqualsIfExists", "aws:ResourceTag/app", "api"), ["s3:getobject"], False),
        (condition("StringEquals", "aws:SourceAccount", "1"), ["s3:getobject"], False),
        (condition("StringLike", "aws:ResourceTag/app", "a*"), ["s3:getobject"], False),
        (condition("StringLike", "aws:ResourceTag/app", "a?"), ["s3:getobject"], False),
        (condition("StringEquals", "aws:ResourceTag/a", "${aws:username}"), ["s3:getobject"], False),
        (condition("StringEquals", "aws:ResourceTag/app", ...), ["s3:getobject"], None),
        (condition("StringEquals", "aws:ResourceTag/app", "a", ...), ["s3:getobject"], None),
        (condition("StringEquals", "aws:ResourceTag/app", "a", "b*"), ["s3:getobject"], False),
        (condition("StringEquals", "aws:ResourceTag/app"), ["s3:getobject"], False),
        (condition("StringEquals", "aws:ResourceTag/app", "a", perhaps=True), ["s3:getobject"], None),
        (condition("", "", "a", perhaps=True), ["s3:getobject"], None),
        (condition("StringEquals", "", "a", perhaps=True), ["s3:getobject"], None),
        (condition("StringLike", "s3:prefix", "images/"), ["s3:ListBucket"], True),
        (condition("StringLike", "s3:prefix", "images/"), ["s3:listbucket", "s3:getobject"], False),
    ],
)
def test_a_condition_that_names_a_thing(
    given: Condition, actions: list[str], answer: bool | None
) -> None:
    assert is_named_by(given, actions) is answer
