"""Whom do policies let in, wherever they are written?"""

from typing import Any, Final

import pytest

from planspec import Verdict
from planspec.judgements.durability.bucket_settings import admit_nobody_unknown
from planspec.judgements.exposure import resource_policies
from tests.support.access import (
    DOCUMENTS,
    INSIDE,
    NARROW,
    NOT_APPLICABLE,
    PERMISSION,
    SATISFIED,
    TLS,
    UNDETERMINED,
    VIOLATED,
    WIDE,
    allow,
    goes,
    says,
    there,
    turns,
)
from tests.support.plans import block, configuration, plan, refers, resource

BUCKET: Final = {"bucket": "b", "id": "b", "policy": WIDE}
WRITTEN: Final = block("aws_s3_bucket", "x", policy={})
READ_BACK: Final = block("aws_s3_bucket", "x")


@pytest.mark.parametrize(
    ("entries", "written", "verdict"),
    [
        ([resource("aws_s3_bucket", "x", **BUCKET)], WRITTEN, VIOLATED),
        ([resource("aws_s3_bucket", "x", bucket="b", policy=NARROW)], WRITTEN, SATISFIED),
        ([resource("aws_s3_bucket", "x", bucket="b", policy=...)], WRITTEN, UNDETERMINED),
        ([resource("aws_s3_bucket", "x", bucket="b", policy=...)], READ_BACK, SATISFIED),
        # Nobody takes it away: it is what the bucket has.
        ([there("aws_s3_bucket", **BUCKET)], READ_BACK, VIOLATED),
        # What was read back of a resource of its own is how that one stood.
        (
            [
                there("aws_s3_bucket", **BUCKET),
                turns("aws_s3_bucket_policy", {"bucket": "b", "policy": WIDE}, policy=NARROW),
            ],
            READ_BACK,
            SATISFIED,
        ),
        (
            [there("aws_s3_bucket", **BUCKET), goes("aws_s3_bucket_policy", bucket="b", policy=WIDE)],
            READ_BACK,
            SATISFIED,
        ),
        (
            [
                there("aws_s3_bucket", **BUCKET),
                goes("aws_s3_bucket_policy", bucket="other", policy=WIDE),
            ],
            READ_BACK,
            VIOLATED,
        ),
    ],
)
def test_a_policy_in_the_bucket_lets_in_whom_it_lets_in(
    entries: list[dict[str, Any]], written: dict[str, Any], verdict: Verdict
) -> None:
    found = plan(*entries, configuration=configuration(written))
    assert admit_nobody_unknown(found, found.remaining("aws_s3_bucket")).verdict is verdict
    named = resource_policies.name_who_may(found, resource_policies.holders(found)).verdict
    assert named in ({verdict, NOT_APPLICABLE} if verdict is SATISFIED else {verdict})


@pytest.mark.parametrize(
    "each", [each for each in (*DOCUMENTS, *INSIDE) if each.who], ids=lambda each: each.at
)
def test_every_policy_of_a_resource_names_who_may_come(each: Any) -> None:
    name = str(each.path[0])
    for text, verdict in ((WIDE, VIOLATED), (NARROW, SATISFIED), (..., UNDETERMINED)):
        values: dict[str, Any] = {name: text}
        found = plan(resource(each.kind, "x", **values))
        assert resource_policies.name_who_may(found, resource_policies.holders(found)).verdict is verdict


def test_a_permission_of_lambda_names_who_may_come_and_for_whom() -> None:
    def asked(**values: Any) -> tuple[Verdict, Verdict]:
        found = plan(resource("aws_lambda_permission", "p", **PERMISSION | values))
        named = resource_policies.name_who_may(found, resource_policies.holders(found)).verdict
        return named, resource_policies.act_for_us(found, resource_policies.holders(found)).verdict

    assert asked() == (SATISFIED, SATISFIED)
    # A fixed ARN is not public by AWS's definition; that of a bucket may be somebody else's tomorrow.
    assert asked(principal="*", source_account=None) == (SATISFIED, VIOLATED)
    assert asked(principal="*", source_account=None, source_arn=None)[0] is VIOLATED
    assert asked(principal="*", source_account=None, source_arn="arn:aws:s3:::b*")[0] is VIOLATED
    assert (
        asked(principal="*", source_account=None, source_arn=None, principal_org_id="o-1")[0]
        is SATISFIED
    )
    assert asked(source_account=None) == (SATISFIED, VIOLATED)  # an ARN of a bucket names no account
    assert asked(source_account=None, source_arn=None)[1] is VIOLATED
    assert asked(source_account=None, source_arn=...)[1] is UNDETERMINED
    from_api = block(
        "aws_lambda_permission",
        "p",
        source_arn=refers("aws_apigatewayv2_api.a.execution_arn", "aws_apigatewayv2_api.a"),
    )
    values: dict[str, Any] = PERMISSION | {"source_account": None, "source_arn": ...}
    entry = resource("aws_lambda_permission", "p", **values)
    blocks = configuration(from_api, block("aws_apigatewayv2_api", "a"))
    found = plan(entry, resource("aws_apigatewayv2_api", "a", execution_arn=...), configuration=blocks)
    assert resource_policies.act_for_us(found, resource_policies.holders(found)).verdict is SATISFIED


def test_what_has_mounted_a_file_system_is_not_everybody() -> None:
    mounted = {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}
    for condition, verdict in ((mounted, SATISFIED), (TLS, VIOLATED)):
        policy = says(allow("*", "elasticfilesystem:ClientMount", Condition=condition))
        found = plan(resource("aws_efs_file_system_policy", "p", file_system_id="f", policy=policy))
        assert resource_policies.name_who_may(found, resource_policies.holders(found)).verdict is verdict


def outside(operator: str, key: str, value: Any, **more: Any) -> dict[str, Any]:
    """A Deny for everybody who is not what the condition names."""
    return allow("*", "x:*", Effect="Deny", Condition={operator: {key: value}}, **more)


ORG, PATHS, IP = "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:SourceIp"


@pytest.mark.parametrize(
    ("operator", "key", "value", "verdict"),
    [
        ("StringEquals", ORG, "o-abc", SATISFIED),
        ("ForAllValues:StringEquals", ORG, "o-abc", VIOLATED),
        ("ForAllValues:StringEqualsIfExists", ORG, "o-abc", VIOLATED),
        ("StringEqualsIfExists", ORG, "o-abc", VIOLATED),
        ("StringNotEquals", ORG, "o-abc", VIOLATED),
        ("StringLike", ORG, "o-??????????", VIOLATED),
        ("StringLike", ORG, ["o-abc", "o-?"], VIOLATED),
        ("StringEquals", ORG, "${aws:PrincipalOrgID}", VIOLATED),
        ("Null", ORG, "false", VIOLATED),
        ("Null", ORG, "true", VIOLATED),
        ("FutureOperator", ORG, "o-abc", UNDETERMINED),
        ("IpAddress", IP, "198.51.100.0/24", SATISFIED),
        ("IpAddress", IP, "10.0.0.0/8", SATISFIED),
        ("IpAddress", IP, "16.0.0.0/7", VIOLATED),
        ("IpAddress", IP, ["198.51.100.0/24", "::/0"], VIOLATED),
        ("NotIpAddress", IP, "198.51.100.0/24", VIOLATED),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111111111111:role/app-*", SATISFIED),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/app-111111111111", VIOLATED),
        ("StringEquals", "aws:PrincipalAccount", ["111111111111", "222222222222"], SATISFIED),
        ("StringLike", "aws:PrincipalAccount", "1111111111??", VIOLATED),
        ("ForAnyValue:StringLike", PATHS, "o-abc/r-1/*", SATISFIED),
        ("ForAnyValue:StringLike", PATHS, "o-*/r-1/*", VIOLATED),
        ("ForAllValues:StringLike", PATHS, "o-abc/r-1/*", VIOLATED),
        ("StringEquals", "partner:tenant", "t1", UNDETERMINED),
        ("StringEquals", "aws:PrincipalTag/team", "t1", VIOLATED),
        ("Bool", "aws:SecureTransport", "true", VIOLATED),
    ],
)
def test_only_a_condition_with_fixed_values_keeps_strangers_out(
    operator: str, key: str, value: Any, verdict: Verdict
) -> None:
    values = {"policy": says(allow("*", Condition={operator: {key: value}}))}
    judged = plan(resource("aws_sns_topic_policy", "x", arn="t", **values))
    assert resource_policies.name_who_may(judged, resource_policies.holders(judged)).verdict is verdict
    bucket = resource("aws_s3_bucket_policy", "x", bucket="b", **values)
    assert admit_nobody_unknown(plan(bucket), []).verdict is verdict


@pytest.mark.parametrize(
    ("denies", "verdict"),
    [
        (outside("StringNotEquals", ORG, "o-abc"), SATISFIED),
        (outside("StringNotEqualsIfExists", ORG, "o-abc"), SATISFIED),
        (outside("NotIpAddress", IP, "198.51.100.0/24"), SATISFIED),
        (outside("NotIpAddress", IP, "0.0.0.0/0"), VIOLATED),
        (outside("StringEquals", ORG, "o-abc"), VIOLATED),
        (outside("StringNotLike", ORG, "o-*"), VIOLATED),
        (outside("ForAnyValue:StringNotEquals", ORG, "o-abc"), VIOLATED),
        (outside("StringNotEquals", "partner:tenant", "t1"), UNDETERMINED),
        (outside("StringNotEquals", ORG, "o-abc", Action="x:Put"), VIOLATED),
        (outside("StringNotEquals", ORG, "o-abc", Resource="arn:other"), VIOLATED),
        (outside("StringNotEquals", ORG, "o-abc", Principal={"AWS": "222222222222"}), VIOLATED),
    ],
)
def test_a_deny_for_everybody_else_closes_what_is_allowed(
    denies: dict[str, Any], verdict: Verdict
) -> None:
    values = {"policy": says(allow("*"), denies)}
    judged = plan(resource("aws_sns_topic_policy", "x", arn="t", **values))
    assert resource_policies.name_who_may(judged, resource_policies.holders(judged)).verdict is verdict
    bucket = resource("aws_s3_bucket_policy", "x", bucket="b", **values)
    assert admit_nobody_unknown(plan(bucket), []).verdict is verdict
