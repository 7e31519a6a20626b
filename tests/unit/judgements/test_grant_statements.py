"""Which statement of a policy is a permission that no document states?"""

from typing import Any

import pytest

from planspec.access import Unknown
from planspec.judgements.change.grants import as_statement, granted, opened, principal, shared
from planspec.judgements.change.sides import After, Before
from planspec.plan import Known, Value
from planspec.schema import Door, Grant, Share, access_types
from tests.support.plans import block, configuration, plan, refers, resource

OURS = "arn:aws:iam::123456789012:role/app"
ORGANIZATION = "arn:aws:organizations::123456789012:organization/o-1"
UNIT = "arn:aws:organizations::123456789012:ou/o-1/ou-2"


def row(kind: str) -> Grant:
    """The row of the table about a type."""
    return next(each for each in access_types().grant if each.type == kind)


def statements(kind: str, **values: Any) -> Any:
    """What the document of a grant holds after the change."""
    of = plan(resource(kind, "it", **values))
    document = granted(After(of), of.changes[0], row(kind)).document
    return document["Statement"]


def allow(*actions: Any, principal: Any, on: Any = "*", **conditions: Any) -> dict[str, Any]:
    made = {"Effect": "Allow", "Action": list(actions), "Resource": on, "Principal": principal}
    return made | ({"Condition": conditions} if conditions else {})


def test_a_permission_of_lambda_has_each_part() -> None:
    assert statements(
        "aws_lambda_permission",
        function_name="api",
        statement_id="s3",
        action="lambda:InvokeFunction",
        principal="s3.amazonaws.com",
        source_arn="arn:aws:s3:::images",
        source_account="123456789012",
        principal_org_id=None,
        qualifier="live",
        function_url_auth_type=None,
        event_source_token="alexa",  # noqa: S106 (no secret)
    ) == [
        allow(
            "lambda:InvokeFunction",
            principal={"Service": "s3.amazonaws.com"},
            ArnLike={"aws:SourceArn": ["arn:aws:s3:::images"]},
            StringEquals={
                "aws:SourceAccount": ["123456789012"],
                "qualifier": "live",
                "event_source_token": "alexa",
            },
        )
    ]


def test_without_a_part_it_is_bound_to_the_whole() -> None:
    values = {"function_name": "api", "action": "lambda:InvokeFunction", "principal": OURS}
    (made,) = statements("aws_lambda_permission", qualifier=None, **values)
    assert made == allow(
        "lambda:InvokeFunction", principal={"AWS": OURS}, StringEquals={"qualifier": ""}
    )


def test_operations_get_the_service_that_they_leave_out() -> None:
    constraint = {"encryption_context_equals": {"a": "b"}, "encryption_context_subset": None}
    (made,) = statements(
        "aws_kms_grant",
        key_id="key",
        name="n",
        operations=["Decrypt", "Encrypt:x", ...],
        grantee_principal=OURS,
        constraints=[constraint],
    )
    assert made["Action"] == ["kms:Decrypt", "kms:Encrypt-x", Unknown()]
    ((key, bound),) = made["Condition"]["StringEquals"].items()
    assert key == "constraints"
    assert bound == "[{'encryption_context_equals': {'a': 'b'}}]"


@pytest.mark.parametrize(
    ("organization", "who"),
    [
        (ORGANIZATION, {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
        (UNIT, {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*/ou-2/*"}}),
    ],
)
def test_an_organization_stands_in_a_condition(organization: str, who: dict[str, Any]) -> None:
    name = "organization_arn" if organization is ORGANIZATION else "organizational_unit_arn"
    made = statements("aws_ami_launch_permission", image_id="ami-1", **{name: organization})
    assert made == [allow("ec2:RunInstances", principal="*", **who)]


def test_everybody_is_a_word_of_its_own() -> None:
    values: dict[str, Any] = {"image_id": "ami-1", "account_id": None}
    assert statements("aws_ami_launch_permission", group="all", **values) == [
        allow("ec2:RunInstances", principal="*")
    ]
    assert statements("aws_ami_launch_permission", group=None, account_id="1", image_id="ami-1") == [
        allow("ec2:RunInstances", principal={"Federated": "1"})
    ]
    (made,) = statements("aws_lambda_function_url", function_name="api", authorization_type="NONE")
    assert (made["Principal"], made["Action"]) == ("*", ["lambda:InvokeFunctionUrl"])
    assert not statements("aws_lambda_function_url", function_name="api", authorization_type="AWS_IAM")


def test_what_is_shared_is_for_whoever_has_the_share() -> None:
    (made,) = statements(
        "aws_ram_resource_association", resource_share_arn="s", resource_arn="arn:aws:x"
    )
    assert (made["Resource"], made["Action"]) == ("arn:aws:x", ["use:what-is-shared"])
    assert made["Principal"] == {"Federated": "whoever has the resource share"}


def test_a_condition_of_an_event_bus_binds() -> None:
    asked = {"key": "aws:PrincipalOrgID", "type": "StringEquals", "value": "o-1"}
    (made,) = statements(
        "aws_cloudwatch_event_permission",
        event_bus_name="default",
        action="events:PutEvents",
        principal="*",
        condition=[asked],
    )
    assert made == allow("events:PutEvents", principal="*", StringEquals={"aws:PrincipalOrgID": "o-1"})


def test_every_namespace_is_no_bound() -> None:
    scope = {"type": "namespace", "namespaces": ["*"]}
    values = {"cluster_name": "c", "principal_arn": OURS, "policy_arn": "arn:aws:eks::aws:p"}
    (made,) = statements("aws_eks_access_policy_association", access_scope=[scope], **values)
    assert made["Condition"] == {"Null": {"kubernetes:namespace": "false"}}
    scope = {"type": "namespace", "namespaces": ["a", "b"]}
    (made,) = statements("aws_eks_access_policy_association", access_scope=[scope], **values)
    assert made["Condition"] == {"StringEquals": {"kubernetes:namespace": ["a", "b"]}}


def test_what_nobody_wrote_the_provider_reports_later() -> None:
    kind = "aws_lambda_permission"
    values: dict[str, Any] = {
        "function_name": "api",
        "action": "lambda:InvokeFunction",
        "principal": "*",
    }
    written: dict[str, Any] = {name: {"constant_value": each} for name, each in values.items()}

    def conditions(**more: Any) -> Any:
        of = plan(
            resource(kind, "it", qualifier=..., event_source_token=..., **values),
            configuration=configuration(block(kind, "it", **written, **more)),
        )
        (made,) = granted(After(of), of.changes[0], row(kind)).document["Statement"]
        return made.get("Condition")

    assert conditions() is None
    assert conditions(qualifier=refers("local.alias")) == {"StringEquals": {"qualifier": Unknown()}}
    assert conditions(event_source_token=refers("var.token")) == {
        "StringEquals": {"event_source_token": Unknown()}
    }


def test_before_the_change_it_is_what_it_was() -> None:
    kind = "aws_snapshot_create_volume_permission"
    was: dict[str, Any] = {"snapshot_id": "snap-1", "account_id": "123456789012"}
    of = plan(resource(kind, "it", actions=("update",), before=was, **was | {"account_id": ...}))
    before = granted(Before(of), of.changes[0], row(kind)).document["Statement"]
    after = granted(After(of), of.changes[0], row(kind)).document["Statement"]
    assert before == [allow("ec2:CreateVolume", principal={"AWS": "123456789012"})]
    assert after == [allow("ec2:CreateVolume", principal=Unknown())]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("*", "*"),
        ("s3.amazonaws.com", {"Service": "s3.amazonaws.com"}),
        ("s3.amazonaws.com.cn", {"Service": "s3.amazonaws.com.cn"}),
        ("123456789012", {"AWS": "123456789012"}),
        (OURS, {"AWS": OURS}),
        (
            "arn:aws-cn:sts::123456789012:assumed-role/a/b",
            {"AWS": "arn:aws-cn:sts::123456789012:assumed-role/a/b"},
        ),
        ("cognito-identity.example.com", {"Federated": "cognito-identity.example.com"}),
        (Unknown(), Unknown()),
    ],
)
def test_a_principal_is_written_as_iam_writes_it(name: Any, written: Any) -> None:
    assert principal(name) == written


def of_share(share: Share, **values: Any) -> Any:
    of = plan(resource(share.kind, "it", **values))
    return shared(After(of), of.changes[0], share).document["Statement"]


def test_a_list_of_principals_shares_the_thing() -> None:
    share = next(each for each in access_types().share if each.kind == "aws_db_snapshot")
    does = list(share.does)
    assert of_share(share, shared_accounts=["123456789012", "all"]) == [
        allow(*does, principal={"AWS": "123456789012"}),
        allow(*does, principal="*"),
    ]
    assert of_share(share, shared_accounts=[]) == []


@pytest.mark.parametrize("door", access_types().door, ids=lambda each: f"{each.kind}.{each.path}")
def test_a_door_is_open_or_it_is_not(door: Door) -> None:
    def of(value: Any) -> Any:
        values: Any = value
        for step in reversed(door.path):
            values = [values] if isinstance(step, int) else {step: values}
        made = plan(resource(door.kind, "it", **values))
        return opened(After(made), made.changes[0], door).document["Statement"]

    open_ = [each for each in (True, False, "NONE", "OPEN", "API_KEY", "all") if door.is_open(each)]
    assert open_
    for each in (True, False, "NONE", "AWS_IAM", None, ...):
        expected = [allow(*door.does, principal="*")] if each in open_ else []
        assert of(each) == expected, each


def test_a_grant_reads_as_a_statement() -> None:
    kind = "aws_lambda_permission"
    asked = [{"type": "StringEquals", "key": "aws:x", "value": "1"}]
    of = plan(
        resource(
            kind,
            "it",
            action="lambda:InvokeFunction",
            principal="s3.amazonaws.com",
            source_arn="arn:aws:s3:::images",
            source_account="123456789012",
            principal_org_id="o-1",
            condition=asked,
        )
    )
    made = as_statement(of.changes[0], row(kind))

    def told(places: Any) -> list[Any]:
        return [each.peek().value for each in places]

    assert made.allows
    assert told(made.actions) == ["lambda:InvokeFunction"]
    assert told(made.principals) == ["s3.amazonaws.com"]
    assert made.place.path == "principal"
    assert [(each.operator, each.key, told(each.values)) for each in made.conditions] == [
        ("ArnLike", "aws:SourceArn", ["arn:aws:s3:::images"]),
        ("StringEquals", "aws:SourceAccount", ["123456789012"]),
        ("StringEquals", "aws:PrincipalOrgID", ["o-1"]),
        ("StringEquals", "aws:x", ["1"]),
    ]
    assert (made.not_actions, made.resources, made.not_resources, made.not_principals) == ((),) * 4
    assert made.effect.peek() == Known("Allow")


def test_a_grant_without_conditions_has_none() -> None:
    of = plan(resource("aws_lambda_permission", "it", principal="*", action="*", source_arn=None))
    assert as_statement(of.changes[0], row("aws_lambda_permission")).conditions == ()
    assert Value(None).is_set is False
