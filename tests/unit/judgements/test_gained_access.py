"""Does a whole plan allow more than before, by what its policies say on both sides?"""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from planspec import Verdict
from planspec.judgements.change import wider_permissions
from tests.support.access import goes, judged, says, there, turns
from tests.support.plans import plan, resource

MORE, LESS, OPEN = Verdict.VIOLATED, Verdict.SATISFIED, Verdict.UNDETERMINED
IMAGES: Final = "arn:aws:s3:::images/*"
HOMES: Final = "arn:aws:s3:::homes/${aws:username}/*"
APP: Final = "arn:aws:iam::111111111111:role/app"
OIDC: Final = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
SUB: Final = "token.actions.githubusercontent.com:sub"
ROLE: Final = there("aws_iam_role", "r", name="r", id="r", arn="arn:aws:iam::111111111111:role/r")


def get(on: Any = IMAGES, **more: Any) -> dict[str, Any]:
    """A statement of an identity that lets it read something."""
    return may("s3:GetObject", on, **more)


def may(does: Any, on: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement of an identity."""
    return {"Effect": "Allow", "Action": does, "Resource": on, **more}


def deny(does: Any, on: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement that denies."""
    return may(does, on, **more) | {"Effect": "Deny"}


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    """A condition with one value or several."""
    return {"Condition": {operator: {key: values[0] if len(values) == 1 else list(values)}}}


def lets(who: Any, does: str = "s3:GetObject", **more: Any) -> dict[str, Any]:
    """A statement of a resource: whom it lets do something."""
    principal = {"AWS": who} if isinstance(who, list) or (who != "*" and isinstance(who, str)) else who
    return {**may(does, IMAGES), "Principal": principal, **more}


def all_but(*who: str) -> dict[str, Any]:
    """A denial for everybody who is not named."""
    return {"Effect": "Deny", "NotPrincipal": {"AWS": list(who)}, "Action": "s3:*", "Resource": IMAGES}


def trusts(who: dict[str, Any], does: str = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    """A statement of a trust policy."""
    return {"Effect": "Allow", "Action": does, "Principal": who, **more}


TAGS: Final = when("ForAllValues:StringEquals", "aws:TagKeys", "app", "env")["Condition"]
ANY_TAG: Final = {"ForAnyValue:StringEquals": {"aws:TagKeys": ["app"]}, **TAGS}

IDENTITIES: Final = {
    "a statement in two": (
        [may(["s3:GetObject", "s3:PutObject"], IMAGES)],
        [get(), may("s3:PutObject", IMAGES)],
        LESS,
    ),
    "two statements in one, in another case": (
        [get(), may("s3:PutObject", IMAGES)],
        [may(["s3:PutObject", "S3:getobject"], [IMAGES, IMAGES])],
        LESS,
    ),
    "names below a wildcard": (
        [may("s3:Get*", IMAGES)],
        [may(["s3:GetObject", "s3:GetObjectAcl"], "arn:aws:s3:::images/2026/*")],
        LESS,
    ),
    "a wildcard over two names": (
        [may(["s3:GetObject", "s3:GetObjectAcl"], IMAGES)],
        [may("s3:GetObject*", IMAGES)],
        MORE,
    ),
    "any text where one sign was": ([get("arn:aws:s3:::x/a?c")], [get("arn:aws:s3:::x/a*c")], MORE),
    "any Region": (
        [may("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111111111111:jobs")],
        [may("sqs:SendMessage", "arn:aws:sqs:*:111111111111:jobs")],
        MORE,
    ),
    "a wildcard goes past slashes": (
        [may("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111111111111:table/o*")],
        [may("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111111111111:table/o/index/*")],
        LESS,
    ),
    "one action for each of two resources": (
        [may("s3:*", ["arn:aws:s3:::images", IMAGES])],
        [get(), may("s3:ListBucket", "arn:aws:s3:::images")],
        LESS,
    ),
    "less than everything": ([may("*")], [may(["s3:*", "ec2:*"])], LESS),
    "one more action is left out": (
        [{"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}],
        [{"Effect": "Allow", "NotAction": ["iam:*", "kms:*"], "Resource": "*"}],
        LESS,
    ),
    "one action less is left out": (
        [{"Effect": "Allow", "NotAction": ["iam:*", "kms:*"], "Resource": "*"}],
        [{"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}],
        MORE,
    ),
    "one more resource is left out": (
        [{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::a/*"}],
        [{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": ["arn:aws:s3:::a/*", IMAGES]}],
        LESS,
    ),
    "what was left out": (
        [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
        [may("iam:Get*")],
        MORE,
    ),
    "a denial goes": ([may("s3:*"), deny("s3:DeleteObject")], [may("s3:*")], MORE),
    "a denial of nothing goes": ([may("s3:Get*"), deny("s3:DeleteObject")], [may("s3:Get*")], LESS),
    "a denial hides what comes": (
        [may("s3:Get*", IMAGES)],
        [
            may("s3:*", IMAGES),
            {"Effect": "Deny", "NotAction": "s3:Get*", "Resource": IMAGES},
        ],
        LESS,
    ),
    "a list of one value": (
        [may("s3:*"), deny("s3:*", **when("Bool", "aws:SecureTransport", "false"))],
        [may("s3:*"), deny("s3:*", Condition={"Bool": {"aws:SecureTransport": ["false"]}})],
        LESS,
    ),
    "one more Region is not denied": (
        [may("s3:*"), deny("s3:*", **when("StringNotEquals", "aws:RequestedRegion", "eu-west-1"))],
        [
            may("s3:*"),
            deny("s3:*", **when("StringNotEquals", "aws:RequestedRegion", "eu-west-1", "eu-west-2")),
        ],
        MORE,
    ),
    "networks inside the network": (
        [get(**when("IpAddress", "aws:SourceIp", "10.0.0.0/8"))],
        [get(**when("IpAddress", "aws:SourceIp", "10.1.0.0/16", "10.2.0.0/16"))],
        LESS,
    ),
    "a network twice as large": (
        [get(**when("IpAddress", "aws:SourceIp", "10.0.0.0/16"))],
        [get(**when("IpAddress", "aws:SourceIp", "10.0.0.0/15"))],
        MORE,
    ),
    "also without the tag": (
        [get(**when("StringEquals", "aws:PrincipalTag/team", "web"))],
        [get(**when("StringEqualsIfExists", "aws:PrincipalTag/team", "web"))],
        MORE,
    ),
    "one value of a pattern": (
        [get(**when("StringLike", "s3:prefix", "a/*"))],
        [get(**when("StringEquals", "s3:prefix", "a/b"))],
        LESS,
    ),
    "a star becomes a wildcard": (
        [get(**when("StringEquals", "s3:prefix", "a/*"))],
        [get(**when("StringLike", "s3:prefix", "a/*"))],
        MORE,
    ),
    "one of two conditions goes": (
        [get(Condition={"StringEquals": {"aws:RequestTag/a": "1", "aws:RequestTag/b": "2"}})],
        [get(**when("StringEquals", "aws:RequestTag/a", "1"))],
        MORE,
    ),
    "the key in another case": (
        [get(**when("StringEquals", "AWS:requesttag/a", "1"))],
        [get(**when("StringEquals", "aws:RequestTag/a", "1"))],
        LESS,
    ),
    "no tag is asked for any more": (
        [may("ec2:CreateTags", Condition=ANY_TAG)],
        [may("ec2:CreateTags", Condition=TAGS)],
        MORE,
    ),
    "fewer tags": (
        [may("ec2:CreateTags", Condition=TAGS)],
        [may("ec2:CreateTags", **when("ForAllValues:StringEquals", "aws:TagKeys", "app"))],
        LESS,
    ),
    "without a second factor": (
        [may("sts:AssumeRole", **when("Bool", "aws:MultiFactorAuthPresent", "true"))],
        [may("sts:AssumeRole", **when("BoolIfExists", "aws:MultiFactorAuthPresent", "true"))],
        MORE,
    ),
    "a limit for a key that had to be there": (
        [may("sts:AssumeRole", **when("Null", "aws:MultiFactorAuthAge", "false"))],
        [may("sts:AssumeRole", **when("NumericLessThan", "aws:MultiFactorAuthAge", "600"))],
        LESS,
    ),
    "until a later date": (
        [get(**when("DateLessThan", "aws:CurrentTime", "2026-12-31T00:00:00Z"))],
        [get(**when("DateLessThan", "aws:CurrentTime", "2027-06-30T00:00:00Z"))],
        MORE,
    ),
    "one ARN of a pattern": (
        [may("sns:Publish", **when("ArnLike", "aws:SourceArn", "arn:aws:s3:*:*:up*"))],
        [may("sns:Publish", **when("ArnEquals", "aws:SourceArn", "arn:aws:s3:::uploads"))],
        LESS,
    ),
    "an operator that nobody knows": (
        [get(**when("StringResembles", "aws:x", "1"))],
        [get(**when("StringResembles", "aws:x", "1", "2"))],
        OPEN,
    ),
    "one more condition, whatever it means": (
        [get()],
        [get(**when("StringResembles", "aws:x", "1"))],
        LESS,
    ),
    "the same variable": ([get(HOMES)], [may(["s3:GetObject"], [HOMES])], LESS),
    "everybody's folder": ([get(HOMES)], [get("arn:aws:s3:::homes/*")], MORE),
    "the folder by another variable": (
        [get(HOMES)],
        [get("arn:aws:s3:::homes/${aws:userid}/*")],
        MORE,
    ),
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_the_policy_of_a_role(name: str) -> None:
    before, after, verdict = IDENTITIES[name]
    policy = {"role": "r", "name": "p", "id": "r:p", "policy": says(*before)}
    assert judged(ROLE, turns("aws_iam_role_policy", policy, policy=says(*after))) is verdict


def test_a_text_becomes_a_variable_with_another_version() -> None:
    policy = {"role": "r", "name": "p", "policy": says(get(HOMES), version="2008-10-17")}
    assert judged(ROLE, turns("aws_iam_role_policy", policy, policy=says(get(HOMES)))) is MORE


ORG: Final = "aws:PrincipalOrgID"
RESOURCES: Final = {
    "everybody": ([lets(APP)], [lets("*")], MORE),
    "everybody, written otherwise": ([lets("*")], [lets({"AWS": "*"})], LESS),
    "an account by its number or its root": (
        [lets("111111111111")],
        [lets("arn:aws:iam::111111111111:root")],
        LESS,
    ),
    "a role and a user of the account": (
        [lets("111111111111")],
        [lets([APP, "arn:aws:iam::111111111111:user/team/u"])],
        LESS,
    ),
    "the account of the role": ([lets(APP)], [lets("111111111111")], MORE),
    "every session of a role": (
        [lets("arn:aws:sts::111111111111:assumed-role/app/one")],
        [lets(APP)],
        MORE,
    ),
    "a service": ([lets(APP)], [lets({"Service": "cloudfront.amazonaws.com"})], MORE),
    "a principal each": ([lets([APP, f"{APP}2"])], [lets(f"{APP}2"), lets(APP)], LESS),
    "one more is not denied": (
        [lets("*", "s3:*"), all_but(APP, "111111111111")],
        [
            lets("*", "s3:*"),
            all_but(APP, "111111111111", "arn:aws:iam::222222222222:role/x", "222222222222"),
        ],
        MORE,
    ),
    "also without the organization": (
        [lets("*", **when("StringEquals", ORG, "o-1"))],
        [lets("*", **when("StringEqualsIfExists", ORG, "o-1"))],
        MORE,
    ),
    "one account of the organization": (
        [lets("*", **when("StringEquals", ORG, "o-1"))],
        [lets("333333333333", **when("StringEquals", ORG, "o-1"))],
        LESS,
    ),
    "a bucket of any account": (
        [
            lets(
                {"Service": "s3.amazonaws.com"},
                Condition={
                    "StringEquals": {"aws:SourceAccount": "111111111111"},
                    "ArnLike": {"aws:SourceArn": "arn:aws:s3:::uploads"},
                },
            )
        ],
        [
            lets(
                {"Service": "s3.amazonaws.com"},
                **when("ArnLike", "aws:SourceArn", "arn:aws:s3:::uploads"),
            )
        ],
        MORE,
    ),
}


@pytest.mark.parametrize("name", RESOURCES)
def test_the_policy_of_a_bucket(name: str) -> None:
    before, after, verdict = RESOURCES[name]
    policy = {"bucket": "images", "policy": says(*before)}
    assert judged(turns("aws_s3_bucket_policy", policy, policy=says(*after))) is verdict


def test_the_policy_of_a_bucket_goes() -> None:
    assert judged(ROLE, goes("aws_s3_bucket_policy", bucket="images", policy=says(lets("*")))) is LESS


TRUST: Final = {
    "one more service": (
        [trusts({"Service": "ecs-tasks.amazonaws.com"})],
        [trusts({"Service": ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"]})],
    ),
    "every branch": (
        [trusts({"Federated": OIDC}, **when("StringEquals", SUB, "repo:o/r:ref:refs/heads/main"))],
        [trusts({"Federated": OIDC}, **when("StringLike", SUB, "repo:o/r:*"))],
    ),
    "without the external id": (
        [trusts({"AWS": "222222222222"}, **when("StringEquals", "sts:ExternalId", "k"))],
        [trusts({"AWS": "222222222222"})],
    ),
}


@pytest.mark.parametrize("name", TRUST)
def test_who_takes_a_role(name: str) -> None:
    before, after = TRUST[name]
    role = {"name": "r", "id": "r", "assume_role_policy": says(*before)}
    assert judged(turns("aws_iam_role", role, assume_role_policy=says(*after))) is MORE
    role["assume_role_policy"] = says(*after)
    assert judged(turns("aws_iam_role", role, assume_role_policy=says(*before))) is LESS


S3: Final = may("s3:*")
LIMITS: Final = {
    "it goes": ([may("*")], [may("*")], [S3], None, MORE),
    "it lets through what nothing allows": (
        [may("s3:Get*")],
        [may("s3:Get*")],
        [S3],
        [may(["s3:*", "sqs:*"])],
        LESS,
    ),
    "a policy allows what it holds back": (
        [may("s3:Get*")],
        [may(["s3:Get*", "iam:*"])],
        [S3],
        [S3],
        LESS,
    ),
    "it denies nothing any more": (
        [S3],
        [S3],
        [may("*"), deny("s3:Delete*")],
        [may("*")],
        MORE,
    ),
    "it comes": ([may("*")], [may("*")], None, [S3], LESS),
}
LIMIT: Final = "arn:aws:iam::111111111111:policy/limit"


@pytest.mark.parametrize("name", LIMITS)
def test_the_boundary_of_a_role(name: str) -> None:
    before, after, limit_before, limit_after, verdict = LIMITS[name]
    role = {"name": "r", "id": "r", "permissions_boundary": LIMIT if limit_before else None}
    policy = {"role": "r", "name": "p", "policy": says(*before)}
    limits = [limit_before or limit_after or [], limit_after or limit_before or []]
    document = {"name": "limit", "arn": LIMIT, "policy": says(*limits[0])}
    found = wider_permissions.allow_no_more(
        plan(
            turns("aws_iam_role", role, permissions_boundary=LIMIT if limit_after else None),
            turns("aws_iam_role_policy", policy, policy=says(*after)),
            turns("aws_iam_policy", document, policy=says(*limits[1])),
        )
    )
    # A policy that widens is told by itself too: somebody may attach it.
    of_policy = {each.address for each in found.findings} == {"aws_iam_policy.x"}
    assert found.verdict is verdict or (of_policy and verdict is LESS)
    assert of_policy == (name == "it lets through what nothing allows")


OUTSIDE: Final = "arn:aws:iam::aws:policy/PowerUserAccess"


@pytest.mark.parametrize(
    ("was", "becomes", "verdict"),
    [
        (OUTSIDE, OUTSIDE, LESS),
        (None, OUTSIDE, LESS),
        (OUTSIDE, None, OPEN),
        (OUTSIDE, f"{OUTSIDE}2", OPEN),
    ],
)
def test_a_boundary_whose_text_is_not_in_the_plan(
    was: str | None, becomes: str | None, verdict: Verdict
) -> None:
    role = turns(
        "aws_iam_role", {"name": "r", "permissions_boundary": was}, permissions_boundary=becomes
    )
    policy = there("aws_iam_role_policy", role="r", name="p", policy=says(S3))
    found = wider_permissions.allow_no_more(plan(role, policy))
    assert found.verdict is verdict
    if verdict is OPEN:
        (finding,) = found.findings
        assert finding.path == "permissions_boundary"


def told(*described: dict[str, Any]) -> Iterator[str]:
    """What the findings say."""
    for each in wider_permissions.allow_no_more(plan(*described)).findings:
        yield f"{each.address}: {each.observed}"


def test_a_finding_names_who_may_do_what_and_the_statement_everybody_first() -> None:
    had = {"bucket": "images", "policy": says(lets(APP))}
    has = says(
        lets(APP),
        {**lets({"Service": "logs.amazonaws.com"}), "Sid": "Logs"},
        lets(["222222222222", "*"]),
    )
    (only,) = told(turns("aws_s3_bucket_policy", had, policy=has))
    assert only.startswith(
        "aws_s3_bucket_policy.x: after the change anybody may s3:GetObject on arn:aws:s3:::images/"
    )
    assert "(Statement[2]), which no one could before; account 222222222222 may s3:GetObject" in only
    assert "; the service logs.amazonaws.com may s3:GetObject on " in only
    assert "(Statement[1], Logs), which it could not before" in only


def test_a_policy_that_widens_is_told_once_and_not_at_each_role_that_has_it() -> None:
    policy = {"name": "p", "arn": "arn:aws:iam::111111111111:policy/p", "policy": says(get())}
    attached = there("aws_iam_role_policy_attachment", role="r", policy_arn=policy["arn"])
    (only,) = told(ROLE, attached, turns("aws_iam_policy", policy, policy=says(may("s3:*", IMAGES))))
    assert only.startswith("aws_iam_policy.x: after the change whoever has the policy may s3:")
    fresh = resource("aws_iam_role_policy_attachment", "x", role="r", policy_arn=policy["arn"])
    (only,) = told(ROLE, fresh, there("aws_iam_policy", **policy))
    assert only.startswith("aws_iam_role_policy_attachment.x: after the change role r may s3:GetObject")


def test_what_a_group_may_do_counts_for_its_users() -> None:
    user = there("aws_iam_user", "u", name="u", id="u")
    group = there("aws_iam_group", "g", name="g", id="g")
    allowed = there("aws_iam_group_policy", group="g", name="p", policy=says(get()))
    joins = resource("aws_iam_user_group_membership", "m", user="u", groups=["g"])
    has = there("aws_iam_user_policy", user="u", name="p", policy=says(may("s3:*")))
    assert judged(user, group, allowed, joins) is MORE
    assert judged(user, group, allowed, joins, has) is LESS
    assert judged(user, joins) is MORE


ADMIN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
UNREAD: Final = "arn:aws:iam::aws:policy/job-function/Billing"


def has(arn: str) -> dict[str, Any]:
    """A policy that the role has, and keeps."""
    return there("aws_iam_role_policy_attachment", "old", role="r", policy_arn=arn)


def gets(arn: str) -> dict[str, Any]:
    """A policy that the role gets."""
    return resource("aws_iam_role_policy_attachment", "new", role="r", policy_arn=arn)


def test_what_a_policy_of_aws_allows_counts_where_its_text_is_known() -> None:
    more = resource("aws_iam_role_policy", "new", role="r", policy=says(get()))
    assert judged(ROLE, has(ADMIN), more) is LESS
    assert judged(ROLE, has(UNREAD), more) is OPEN
    assert judged(ROLE, has(ADMIN), gets(UNREAD)) is LESS
    assert judged(ROLE, has(UNREAD), gets(ADMIN)) is MORE
    assert judged(ROLE, gets(UNREAD)) is MORE
    assert judged(ROLE, has(UNREAD)) is LESS


def test_code_that_gets_another_role_may_do_no_more_than_with_the_old_one() -> None:
    def role(name: str) -> dict[str, Any]:
        arn = f"arn:aws:iam::111111111111:role/{name}"
        return there("aws_iam_role", name, name=name, id=name, arn=arn)

    def policy(name: str, *statements: dict[str, Any]) -> dict[str, Any]:
        return there("aws_iam_role_policy", name, role=name, name=name, policy=says(*statements))

    def moves(was: str, becomes: str) -> dict[str, Any]:
        arn = "arn:aws:iam::111111111111:role/"
        return turns("aws_lambda_function", {"role": arn + was}, role=arn + becomes)

    both = (role("a"), role("b"), policy("a", may("s3:*")), policy("b", get()))
    assert judged(moves("a", "b"), *both) is LESS
    (only,) = told(moves("b", "a"), *both)
    assert only.startswith(
        "aws_lambda_function.x: after the change the code of aws_lambda_function.x may "
    )
    assert judged(moves("a", "elsewhere"), *both) is OPEN


@pytest.mark.parametrize(
    ("kind", "before", "after", "verdict"),
    [
        ("aws_lambda_function_url", {"function_name": "f"}, {"authorization_type": "AWS_IAM"}, LESS),
        ("aws_lambda_function_url", {"function_name": "f"}, {"authorization_type": "NONE"}, MORE),
        ("aws_lambda_function_url", {"function_name": "f"}, {"authorization_type": ...}, OPEN),
        ("aws_ami_launch_permission", {"image_id": "i"}, {"group": "all"}, MORE),
        ("aws_ami_launch_permission", {"image_id": "i"}, {"group": ...}, OPEN),
        ("aws_s3_bucket_acl", {"bucket": "b"}, {"acl": "private"}, LESS),
        ("aws_s3_bucket_acl", {"bucket": "b"}, {"acl": "authenticated-read"}, MORE),
        ("aws_s3_bucket_acl", {"bucket": "b"}, {"acl": "bucket-owner-full-control"}, LESS),
        ("aws_s3_bucket_acl", {"bucket": "b"}, {"acl": "a-new-one"}, OPEN),
        ("aws_s3_bucket_acl", {"bucket": "b"}, {"acl": ...}, OPEN),
        ("aws_s3_bucket_acl", {"bucket": "b"}, {"access_control_policy": ...}, OPEN),
        (
            "aws_s3_bucket_acl",
            {"bucket": "b", "acl": "public-read"},
            {"acl": "authenticated-read"},
            LESS,
        ),
        ("aws_ssm_document", {"name": "d"}, {"permissions": {"account_ids": "1,2"}}, MORE),
        (
            "aws_ssm_document",
            {"permissions": {"type": "Share", "account_ids": "111111111111,222222222222"}},
            {"permissions": {"type": "Share", "account_ids": "222222222222"}},
            Verdict.NOT_APPLICABLE,
        ),
        (
            "aws_ssm_document",
            {"permissions": {"type": "Share", "account_ids": "111111111111"}},
            {"permissions": {"type": "Share", "account_ids": "All"}},
            MORE,
        ),
        ("aws_ssm_document", {"name": "d"}, {"permissions": ...}, OPEN),
        (
            "aws_quicksight_dashboard",
            {
                "permissions": [
                    {"principal": "arn:aws:quicksight::1:user/a", "actions": ["quicksight:A"]}
                ]
            },
            {
                "permissions": [
                    {"principal": "arn:aws:quicksight::1:user/b", "actions": ["quicksight:A"]}
                ]
            },
            MORE,
        ),
        (
            "aws_eks_access_entry",
            {"cluster_name": "c", "principal_arn": APP},
            {"kubernetes_groups": ["a"]},
            MORE,
        ),
        ("aws_iot_policy", {"policy": says(get())}, {"policy": says(get(), get("*"))}, OPEN),
    ],
)
def test_what_no_document_states(
    kind: str, before: dict[str, Any], after: dict[str, Any], verdict: Verdict
) -> None:
    assert judged(turns(kind, before, **after)) is verdict


def test_a_share_gives_what_it_is_joined_to_and_those_who_join_it() -> None:
    share = there(
        "aws_ram_resource_share", "s", arn="arn:aws:ram:eu-west-1:111111111111:resource-share/s"
    )
    on = {"resource_share_arn": share["change"]["before"]["arn"]}
    (joins,) = told(share, resource("aws_ram_principal_association", "p", principal=APP, **on))
    assert "may use what is shared on aws_ram_resource_share.s" in joins
    subnet = "arn:aws:ec2:eu-west-1:111111111111:subnet/subnet-1"
    (gives,) = told(share, resource("aws_ram_resource_association", "r", resource_arn=subnet, **on))
    assert f"whoever has the resource share may use what is shared on {subnet}" in gives
