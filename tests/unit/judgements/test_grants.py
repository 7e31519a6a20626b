"""What does a resource that is a permission allow, as a statement of a policy?"""

from typing import Any, Final

import pytest

from planspec import Plan, ResourceChange
from planspec.access import Unknown
from planspec.judgements.change.grants import (
    as_statement,
    comes_from_ours,
    granted,
    opened,
    principal,
    shared,
)
from planspec.judgements.change.sides import After, Before
from planspec.schema import Grant, Share, access_types
from tests.support.access import turns
from tests.support.plans import block, configuration, plan, refers, resource

OURS: Final = "111111111111"
FUNCTION: Final = "aws_lambda_permission"
TOPIC: Final = f"arn:aws:sns:eu-west-1:{OURS}:jobs"
ORGANIZATION: Final = "arn:aws:organizations::222222222222:organization/o-abc"
UNIT: Final = "arn:aws:organizations::222222222222:ou/o-abc/ou-one"
# A permission that names no version or alias is of the function without one.
UNQUALIFIED: Final = {"StringEquals": {"qualifier": ""}}
ROLE: Final = f"arn:aws:iam::{OURS}:role/app"


def grant_of(kind: str) -> Grant:
    """What the table says of a type."""
    return next(each for each in access_types().grant if each.type == kind)


def one(*described: dict[str, Any], **sections: Any) -> tuple[Plan, ResourceChange]:
    """A plan and its first change."""
    made = plan(*described, **sections)
    return made, made.changes[0]


def allows(kind: str, **values: Any) -> list[dict[str, Any]]:
    """The statements of a resource that will exist, whose attributes are all written."""
    written: dict[str, Any] = {name: refers("var.x") for name in values}
    made, change = one(
        resource(kind, "x", **values), configuration=configuration(block(kind, "x", **written))
    )
    found = granted(After(made), change, grant_of(kind))
    assert (found.change, found.path, found.is_made) == (change, (), True)
    return list(found.document["Statement"])


def allow(who: Any, *does: Any, on: Any = "*", **condition: Any) -> dict[str, Any]:
    """A statement of a policy, with a condition if one is given."""
    made = {"Effect": "Allow", "Action": list(does), "Resource": on, "Principal": who}
    return {**made, "Condition": condition} if condition else made


@pytest.mark.parametrize(
    ("kind", "values", "statements"),
    [
        pytest.param(
            FUNCTION,
            {"action": "lambda:InvokeFunction", "principal": "sns.amazonaws.com", "source_arn": TOPIC},
            [
                allow(
                    {"Service": "sns.amazonaws.com"},
                    "lambda:InvokeFunction",
                    ArnLike={"aws:SourceArn": [TOPIC]},
                    **UNQUALIFIED,
                )
            ],
            id="a service on behalf of a topic",
        ),
        pytest.param(
            FUNCTION,
            {
                "action": "lambda:InvokeFunction",
                "principal": "s3.amazonaws.com",
                "source_account": OURS,
                "qualifier": "live",
            },
            [
                allow(
                    {"Service": "s3.amazonaws.com"},
                    "lambda:InvokeFunction",
                    StringEquals={"aws:SourceAccount": [OURS], "qualifier": "live"},
                )
            ],
            id="a service on behalf of an account, one version",
        ),
        pytest.param(
            FUNCTION,
            {"action": "lambda:InvokeFunction", "principal": "*", "principal_org_id": "o-abc"},
            [
                allow(
                    "*",
                    "lambda:InvokeFunction",
                    StringEquals={"aws:PrincipalOrgID": ["o-abc"], "qualifier": ""},
                )
            ],
            id="everybody of an organization",
        ),
        pytest.param(
            FUNCTION,
            {
                "action": "lambda:InvokeFunctionUrl",
                "principal": "*",
                "function_url_auth_type": "AWS_IAM",
            },
            [
                allow(
                    "*",
                    "lambda:InvokeFunctionUrl",
                    StringEquals={"qualifier": "", "function_url_auth_type": "AWS_IAM"},
                )
            ],
            id="what has no key binds all the same",
        ),
        pytest.param(
            FUNCTION,
            {"action": "lambda:InvokeFunction", "principal": ...},
            [allow(Unknown(), "lambda:InvokeFunction", **UNQUALIFIED)],
            id="whoever apply names",
        ),
        pytest.param(
            "aws_cloudwatch_event_permission",
            {
                "action": "events:PutEvents",
                "principal": "*",
                "condition": [
                    {"type": "StringEquals", "key": "aws:PrincipalOrgID", "value": "o-abc"},
                ],
            },
            [allow("*", "events:PutEvents", StringEquals={"aws:PrincipalOrgID": "o-abc"})],
            id="a condition in a block",
        ),
        pytest.param(
            "aws_cloudwatch_event_permission",
            {"action": "events:PutEvents", "principal": OURS, "condition": []},
            [allow({"AWS": OURS}, "events:PutEvents")],
            id="an account without a condition",
        ),
        pytest.param(
            "aws_kms_grant",
            {"grantee_principal": ROLE, "operations": ["Encrypt", "Decrypt"]},
            [allow({"AWS": ROLE}, "kms:Encrypt", "kms:Decrypt")],
            id="operations of the service",
        ),
        pytest.param(
            "aws_kms_grant",
            {"grantee_principal": ROLE, "operations": ["Encrypt", ...]},
            [allow({"AWS": ROLE}, "kms:Encrypt", Unknown())],
            id="an operation that apply decides",
        ),
        pytest.param(
            "aws_ami_launch_permission",
            {"account_id": None, "group": "all"},
            [allow("*", "ec2:RunInstances")],
            id="an image for everybody",
        ),
        pytest.param(
            "aws_ami_launch_permission",
            {"account_id": None, "group": ...},
            [allow(Unknown(), "ec2:RunInstances")],
            id="an image for whom apply decides",
        ),
        pytest.param(
            "aws_ami_launch_permission",
            {"organization_arn": ORGANIZATION},
            [allow("*", "ec2:RunInstances", StringEquals={"aws:PrincipalOrgID": "o-abc"})],
            id="an image for an organization",
        ),
        pytest.param(
            "aws_ami_launch_permission",
            {"organizational_unit_arn": UNIT},
            [
                allow(
                    "*",
                    "ec2:RunInstances",
                    **{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abc/*/ou-one/*"}},
                )
            ],
            id="an image for a unit of an organization",
        ),
        pytest.param(
            "aws_ram_resource_association",
            {"resource_arn": TOPIC},
            [allow({"Federated": "whoever has the resource share"}, "use:what-is-shared", on=TOPIC)],
            id="what is shared",
        ),
        pytest.param(
            "aws_lambda_function_url",
            {"authorization_type": "NONE"},
            [allow("*", "lambda:InvokeFunctionUrl", **UNQUALIFIED)],
            id="a URL without authorization",
        ),
        pytest.param(
            "aws_lambda_function_url", {"authorization_type": "AWS_IAM"}, [], id="a URL that asks IAM"
        ),
        pytest.param(
            "aws_eks_access_policy_association",
            {
                "principal_arn": ROLE,
                "policy_arn": "arn:aws:eks::aws:cluster-access-policy/Admin",
                "access_scope": [{"type": "namespace", "namespaces": ["one"]}],
            },
            [
                allow(
                    {"AWS": ROLE},
                    "kubernetes-policy:arn-aws-eks--aws-cluster-access-policy/Admin",
                    StringEquals={"kubernetes:namespace": ["one"]},
                )
            ],
            id="a namespace of a cluster",
        ),
        pytest.param(
            "aws_eks_access_policy_association",
            {
                "principal_arn": ROLE,
                "policy_arn": "view",
                "access_scope": [{"type": "namespace", "namespaces": ["*"]}],
            },
            [
                allow(
                    {"AWS": ROLE},
                    "kubernetes-policy:view",
                    Null={"kubernetes:namespace": "false"},
                )
            ],
            id="any namespace of a cluster",
        ),
        pytest.param(
            "aws_eks_access_entry",
            {"principal_arn": ROLE, "kubernetes_groups": ["ops"]},
            [allow({"AWS": ROLE}, "eks:AccessKubernetesApi", "kubernetes-group:ops")],
            id="a group of Kubernetes",
        ),
    ],
)
def test_a_grant_as_statements(
    kind: str, values: dict[str, Any], statements: list[dict[str, Any]]
) -> None:
    assert allows(kind, **values) == statements


def test_what_the_provider_only_reports_says_nothing() -> None:
    made, change = one(
        resource(
            *("aws_eks_access_entry", "x"), principal_arn=ROLE, kubernetes_groups=..., user_name=...
        ),
        configuration=configuration(block("aws_eks_access_entry", "x", principal_arn=refers("var.x"))),
    )
    found = granted(After(made), change, grant_of("aws_eks_access_entry"))
    assert found.document["Statement"] == [allow({"AWS": ROLE}, "eks:AccessKubernetesApi")]


def test_a_grant_before_the_change() -> None:
    made, change = one(
        turns(
            FUNCTION,
            {"action": "lambda:InvokeFunction", "principal": "sns.amazonaws.com"},
            action="lambda:*",
            principal="*",
        )
    )
    was, will = (granted(side, change, grant_of(FUNCTION)) for side in (Before(made), After(made)))
    assert was.document["Statement"] == [
        allow({"Service": "sns.amazonaws.com"}, "lambda:InvokeFunction", **UNQUALIFIED)
    ]
    assert will.document["Statement"] == [allow("*", "lambda:*", **UNQUALIFIED)]


@pytest.mark.parametrize(
    ("caller", "named"),
    [
        ("*", "*"),
        (Unknown("whom"), Unknown("whom")),
        (OURS, {"AWS": OURS}),
        (ROLE, {"AWS": ROLE}),
        (
            "arn:aws:sts::111111111111:assumed-role/a/b",
            {"AWS": "arn:aws:sts::111111111111:assumed-role/a/b"},
        ),
        ("sns.amazonaws.com", {"Service": "sns.amazonaws.com"}),
        ("ec2.amazonaws.com.cn", {"Service": "ec2.amazonaws.com.cn"}),
        ("accounts.google.com", {"Federated": "accounts.google.com"}),
    ],
)
def test_a_caller_as_a_policy_names_it(caller: Any, named: Any) -> None:
    assert principal(caller) == named


@pytest.mark.parametrize(
    ("share", "values", "statements"),
    [
        pytest.param(
            Share(at="aws_x.accounts", does=["x:Read"], everybody="all"),
            {"accounts": [OURS, "all"]},
            [allow({"AWS": OURS}, "x:Read"), allow("*", "x:Read")],
            id="a list of accounts",
        ),
        pytest.param(
            Share(at="aws_x.accounts", does=["x:Read"], everybody="all"),
            {"accounts": f"{OURS},all"},
            [allow({"AWS": OURS}, "x:Read"), allow("*", "x:Read")],
            id="a list in a text",
        ),
        pytest.param(
            Share(at="aws_x.accounts", does=["x:Read"], everybody="all"),
            {"accounts": [...]},
            [allow(Unknown(), "x:Read")],
            id="whom apply names",
        ),
        pytest.param(
            Share(at="aws_x.to", named="who", actions="may", everybody="*"),
            {"to": [{"who": "*", "may": "x:Get"}, {"who": OURS, "may": ["x:Put", "x:Get"]}]},
            [allow("*", "x:Get"), allow({"AWS": OURS}, "x:Put", "x:Get")],
            id="blocks with actions",
        ),
    ],
)
def test_a_share_as_statements(share: Share, values: Any, statements: Any) -> None:
    made, change = one(resource("aws_x", "x", **values))
    found = shared(After(made), change, share)
    assert (found.change, found.path, found.is_made) == (change, share.path, True)
    assert found.document == {"Statement": statements}


@pytest.mark.parametrize(
    ("kind", "values", "is_open"),
    [
        ("aws_vpclattice_service", {"auth_type": "NONE"}, True),
        ("aws_vpclattice_service", {"auth_type": "AWS_IAM"}, False),
        ("aws_vpclattice_service", {"auth_type": ...}, False),
        ("aws_cognito_identity_pool", {"allow_unauthenticated_identities": True}, True),
        ("aws_cognito_identity_pool", {"allow_unauthenticated_identities": False}, False),
    ],
)
def test_an_endpoint_that_asks_no_one(kind: str, values: Any, *, is_open: bool) -> None:
    door = next(each for each in access_types().door if each.kind == kind)
    made, change = one(resource(kind, "x", **values))
    found = opened(After(made), change, door)
    assert (found.change, found.path, found.is_made) == (change, door.path, True)
    assert found.document == {"Statement": [allow("*", *door.does)] if is_open else []}


def conditions(**values: Any) -> tuple[Any, ...]:
    """A permission of a function as a statement: whom, what, and its conditions."""
    _, change = one(resource(FUNCTION, "x", **values))
    made = as_statement(change, grant_of(FUNCTION))
    assert made.allows
    assert made.effect.stated == "Allow"
    assert (made.not_actions, made.resources, made.not_resources) == ((), (), ())
    whom = [each.stated for each in made.principals]
    does = [each.stated for each in made.actions]
    bound = [
        (each.operator, each.key, [value.stated for value in each.values]) for each in made.conditions
    ]
    assert made.place.stated == values["principal"]
    return whom, does, bound


def test_a_permission_as_a_statement_of_a_policy() -> None:
    both = {"action": "lambda:InvokeFunction", "principal": "sns.amazonaws.com"}
    said = ["sns.amazonaws.com"], ["lambda:InvokeFunction"]
    assert conditions(**both) == (*said, [])
    assert conditions(**both, source_arn=TOPIC, source_account=OURS) == (
        *said,
        [("ArnLike", "aws:SourceArn", [TOPIC]), ("StringEquals", "aws:SourceAccount", [OURS])],
    )
    assert conditions(**both, principal_org_id="o-abc") == (
        *said,
        [("StringEquals", "aws:PrincipalOrgID", ["o-abc"])],
    )
    by_block = {"type": "StringLike", "key": "aws:PrincipalArn", "value": ROLE}
    assert conditions(**both, source_account=OURS, condition=[by_block]) == (
        *said,
        [
            ("StringEquals", "aws:SourceAccount", [OURS]),
            ("StringLike", "aws:PrincipalArn", [ROLE]),
        ],
    )
    assert conditions(**both, condition=[{"type": ..., "key": None, "value": ROLE}]) == (
        *said,
        [("", "", [ROLE])],
    )


def test_a_grant_of_actions_that_the_table_states() -> None:
    _, change = one(resource("aws_ami_launch_permission", "x", account_id=OURS))
    made = as_statement(change, grant_of("aws_ami_launch_permission"))
    assert (made.actions, [each.stated for each in made.principals]) == ((), [OURS])


@pytest.mark.parametrize(
    ("source", "written", "ours"),
    [
        (..., refers("aws_sns_topic.t.arn", "aws_sns_topic.t"), True),
        (..., refers("aws_s3_bucket.b.arn", "aws_s3_bucket.b"), False),
        (
            ...,
            refers("aws_sns_topic.t.arn", "aws_sns_topic.t", "aws_s3_bucket.b.arn", "aws_s3_bucket.b"),
            False,
        ),
        (..., refers("var.topic"), False),
        (..., refers("data.aws_sns_topic.t.arn", "data.aws_sns_topic.t"), False),
        (TOPIC, refers("aws_sns_topic.t.arn", "aws_sns_topic.t"), False),
        (None, refers("aws_sns_topic.t.arn", "aws_sns_topic.t"), False),
    ],
)
def test_a_source_of_this_plan_has_our_account(source: Any, written: Any, *, ours: bool) -> None:
    made, change = one(
        resource(FUNCTION, "x", principal="sns.amazonaws.com", source_arn=source),
        resource("aws_sns_topic", "t", arn=...),
        resource("aws_s3_bucket", "b", arn=...),
        configuration=configuration(
            block(FUNCTION, "x", source_arn=written),
            block("aws_sns_topic", "t"),
            block("aws_s3_bucket", "b"),
        ),
    )
    assert comes_from_ours(made, change, grant_of(FUNCTION)) is ours


def test_a_grant_without_a_source_comes_from_nowhere() -> None:
    made, change = one(resource("aws_kms_grant", "x", grantee_principal=...))
    assert not comes_from_ours(made, change, grant_of("aws_kms_grant"))
