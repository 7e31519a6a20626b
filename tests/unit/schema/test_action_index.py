"""The index of IAM's actions: what it says of actions whose documentation is known."""

import pytest

from planspec.schema import escalations, known_actions


@pytest.mark.parametrize(
    ("action", "formats"),
    [
        ("s3:GetObject", "arn:${Partition}:s3:::${BucketName}/${ObjectName}"),
        ("kms:Decrypt", "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}"),
        ("iam:PassRole", "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"),
        ("SQS:SENDMESSAGE", "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"),
    ],
)
def test_an_action_knows_the_format_of_its_resources(action: str, formats: str) -> None:
    assert formats in (known_actions().resources(action) or ())


@pytest.mark.parametrize(
    "action",
    [
        *("ecr:GetAuthorizationToken", "cloudwatch:PutMetricData", "xray:PutTraceSegments"),
        *("ssmmessages:CreateDataChannel", "s3:ListAllMyBuckets", "sts:GetCallerIdentity"),
    ],
)
def test_some_actions_know_no_resource(action: str) -> None:
    assert known_actions().resources(action) == ()


def test_an_action_that_is_not_there_is_unknown() -> None:
    assert known_actions().resources("s3:GetObjekt") is None
    assert known_actions().resources("nothing:Here") is None


def test_a_pattern_stands_for_actions_of_its_service() -> None:
    assert known_actions().matching("iam:Pass*") == ["iam:passrole"]
    assert {"iam:passrole", "s3:getobject"} <= set(known_actions().matching("*"))
    assert known_actions().matching("iam:PassRol?") == ["iam:passrole"]


def test_the_index_knows_what_gives_rights_and_what_has_several_values() -> None:
    index = known_actions()
    assert {"iam:AttachRolePolicy", "s3:PutBucketPolicy"} <= index.gives_rights
    assert {"aws:TagKeys", "kms:ResourceAliases"} <= index.multivalued
    assert sum(map(len, index.actions.values())) > 20_000


def test_every_action_that_escalates_is_one_of_aws() -> None:
    named = [name for way in escalations() for name in (*way.actions, *way.together_with)]
    assert len(named) > 80
    assert [name for name in named if known_actions().resources(name) is None] == []
    assert len({*named}) == len(named)
