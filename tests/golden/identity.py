"""Golden plans about what our tasks may do, and whom our policies let in."""

import json
from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.golden.settings import attribute
from tests.support.cutting import only
from tests.support.iam_policies import allow, policy, read_at_apply, statement
from tests.support.making import added, another, becomes, keyed
from tests.support.other_policies import INVOKES, files, new, table
from tests.support.recipe_edits import Edit, known, left_out, rewritten, unknown, unwritten

TASK = "aws_ecs_task_definition.api"
ROLE = "aws_iam_role.task"
POLICY = "aws_iam_role_policy.task"
BUCKET = "aws_s3_bucket.images"
OBJECTS = "arn:aws:s3:::classifier-production-images/*"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
AGENT = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
TO_ROLE = {"role": [f"{ROLE}.name", ROLE]}
ATTACHMENT = "aws_iam_role_policy_attachment.extra"
WIDE = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
TASKS = only("corrected", TASK, ROLE, "aws_iam_role.execution", POLICY, "aws_iam_role_policy.execution")
TASKS_AND_BUCKET = only("corrected", *TASKS.names, BUCKET)
KEY: Final = "aws_kms_key.data"
TOPIC: Final = "aws_sns_topic_policy.alarms"
GIVEN: Final = "aws_iam_role_policy.task"
ROOT: Final = {"AWS": "arn:aws:iam::123456789012:root"}
LOGS: Final = {"Service": "logs.eu-west-1.amazonaws.com"}
OURS: Final = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
BY_ARN: Final = {
    "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:*"}
}
ANY_ARN: Final = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:*:*:*"}}
SHORT_ARN: Final = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:*"}}
EVERYTHING: Final = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
NOTHING: Final = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'
OUTSIDE: Final = {
    "Effect": "Deny",
    "Action": "sns:*",
    "Principal": "*",
    "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-ours"}},
}
NOT_OURS: Final = {
    **OUTSIDE,
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:SourceAccount": "123456789012"}},
}
TLS: Final = {"Bool": {"aws:SecureTransport": "false"}}
REPOSITORIES: Final = {
    "Effect": "Allow",
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": {
        "Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    },
    "Condition": {
        "StringLike": {"token.actions.githubusercontent.com:sub": "repo:*"},
        "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
    },
}
HELD = only("corrected", KEY, TOPIC, ROLE)
RIGHTS = only("corrected", ROLE, GIVEN)
SERVICE = "aws_ecs_service.api"


def read_back(name: str) -> tuple[Edit, ...]:
    """The role reads back a policy that grants everything, which nobody wrote into it."""
    held = [{"name": name, "policy": EVERYTHING}]
    return known(ROLE, "inline_policy", held), unwritten(ROLE, "inline_policy")


ARN = "arn:aws:iam::123456789012:role/"
ROLES = only("corrected", TASK, "aws_iam_role.execution", ROLE)
SHARED_ROLE = only("inherited", TASK, "aws_iam_role")
ACCOUNT: Final = "123456789012"
READER: Final = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/reader"}
TABLE: Final = "aws_dynamodb_resource_policy.orders"
FILES: Final = "aws_efs_file_system_policy.files"
PERMISSION: Final = "aws_lambda_permission.resize"
TABLE_ARN: Final = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"
BASE = only("corrected", ROLE, GIVEN, BUCKET)
MANAGED: Final = "arn:aws:iam::aws:policy/"
TAGGED: Final = {"StringEquals": {"aws:ResourceTag/team": "ml"}}
ALL_BUT_ONE: Final = {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::payroll"}


def use(**more: Any) -> dict[str, Any]:
    """A statement that lets somebody use a key."""
    return allow(more.pop("actions", "kms:Decrypt"), "*", **more)


def trust(**values: Any) -> Edit:
    """The trust policy of the task's role has these parts; None takes one away."""

    def rewrite(document: Any) -> None:
        statement = document["Statement"][0] | values
        kept = {name: value for name, value in statement.items() if value is not None}
        document["Statement"] = [kept]

    return rewritten(ROLE, "assume_role_policy", rewrite)


STARTS: Final = '{"Statement":{"Effect":"Allow","Action":"lambda:CreateFunction","Resource":"*"}}'
IN_ACCOUNT: Final = f"arn:aws:{{}}:eu-west-1:{ACCOUNT}"
KEYS: Final = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*"
ALIAS: Final = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/app"}}

SCENARIOS = [
    Scenario("IDN-01.1", TASKS)
    .satisfied("named one by one")
    .satisfied("no roles", left_out(TASK, "task_role_arn"), left_out(TASK, "execution_role_arn"))
    .satisfied("the agents policy", added(ATTACHMENT, {"policy_arn": AGENT}, refers=TO_ROLE))
    .satisfied("an action that has no resource", policy(POLICY, allow("xray:PutTraceSegments", "*")))
    .satisfied(
        "actions that know no resource",
        policy(
            POLICY, allow(["ec2:DescribeInstances", "s3:ListAllMyBuckets", "sts:GetCallerIdentity"], "*")
        ),
    )
    .satisfied(
        "wildcards behind a name",
        policy(
            POLICY,
            allow("s3:GetObject", "arn:aws:s3:::classifier-*/*"),
            allow("logs:PutLogEvents", f"{IN_ACCOUNT.format('logs')}:log-group:/app:log-stream:*"),
            allow("ssm:GetParametersByPath", f"{IN_ACCOUNT.format('ssm')}:parameter/app/*"),
            allow(
                "secretsmanager:GetSecretValue",
                f"{IN_ACCOUNT.format('secretsmanager')}:secret:db-??????",
            ),
            allow("dynamodb:Query", f"{IN_ACCOUNT.format('dynamodb')}:table/orders/index/*"),
        ),
    )
    .satisfied("every key with our alias", policy(POLICY, allow("kms:Decrypt", KEYS, Condition=ALIAS)))
    .violated("every key", policy(POLICY, allow("kms:Decrypt", KEYS)))
    .violated(
        "every key with an alias of any name",
        policy(
            POLICY,
            allow(
                "kms:Decrypt", KEYS, Condition={"ForAnyValue:StringLike": {"kms:ResourceAliases": "*"}}
            ),
        ),
    )
    .violated(
        "every key if it has our alias or none",
        policy(
            POLICY,
            allow(
                "kms:Decrypt",
                KEYS,
                Condition={"ForAllValues:StringEquals": {"kms:ResourceAliases": "alias/app"}},
            ),
        ),
        deceit="empty",
    )
    .violated("every object, as an ARN", policy(POLICY, allow("s3:DeleteObject", "arn:aws:s3:::*/*")))
    .violated(
        "every queue of every region",
        policy(POLICY, allow("sqs:SendMessage", "arn:aws:sqs:*:*:*")),
        deceit="spelling",
    )
    .violated(
        "every secret",
        policy(
            POLICY,
            allow("secretsmanager:GetSecretValue", f"{IN_ACCOUNT.format('secretsmanager')}:secret:*"),
        ),
    )
    .violated(
        "every role may be passed",
        policy(POLICY, allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/*")),
    )
    .violated(
        "every role may be passed to one service",
        policy(
            POLICY,
            allow(
                "iam:PassRole",
                f"arn:aws:iam::{ACCOUNT}:role/*",
                Condition={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            ),
        ),
    )
    .violated(
        "a wildcard where the name begins",
        policy(POLICY, allow("ssm:GetParameter", f"{IN_ACCOUNT.format('ssm')}:parameter/*/password")),
    )
    .violated("nearly every bucket", policy(POLICY, allow("s3:GetObject", "arn:aws:s3:::c*/*")))
    .violated(
        "one table in every region",
        policy(POLICY, allow("dynamodb:Query", f"arn:aws:dynamodb:*:{ACCOUNT}:table/orders")),
    )
    .violated("an action that nobody knows", policy(POLICY, allow("brandnew:Do", "*")))
    .satisfied("a wildcard is denied", policy(POLICY, allow("s3:*", "*", Effect="Deny")))
    .satisfied(
        "a wide policy of another role",
        another(ROLE, "other", name="other"),
        added(
            "aws_iam_role_policy.other",
            {"name": "other", "policy": WIDE},
            refers={"role": ["aws_iam_role.other.id", "aws_iam_role.other"]},
        ),
    )
    .satisfied(
        "document read at apply",
        read_at_apply(POLICY, statement(["s3:GetObject"], refers=[f"{BUCKET}.arn", BUCKET])),
        base=TASKS_AND_BUCKET,
    )
    .satisfied(
        "an instance of the role goes",
        keyed(ROLE, "name", {"blue": "blue", "green": "green"}),
        becomes(f'{ROLE}["green"]', "delete"),
        unknown(TASK, "task_role_arn", ROLE, "var.colour"),
    )
    .violated("as inherited", base=only("inherited", TASK, "aws_iam_role", "aws_iam_role_policy"))
    .violated("every action", policy(POLICY, allow("*", OBJECTS)))
    .violated("every action of S3", policy(POLICY, allow(["s3:GetObject", "s3:*"], OBJECTS)))
    .violated("actions by their beginning", policy(POLICY, allow("s3:Get*", OBJECTS)))
    .violated("every resource", policy(POLICY, allow("s3:GetObject", "*")))
    .violated("second resource is every one", policy(POLICY, allow("s3:GetObject", [OBJECTS, "*"])))
    .violated(
        "all but some actions",
        policy(POLICY, {"Effect": "Allow", "NotAction": "iam:*", "Resource": OBJECTS}),
    )
    .violated(
        "all but some resources",
        policy(POLICY, {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": OBJECTS}),
    )
    .violated(
        "second statement is wide", policy(POLICY, allow("s3:GetObject", OBJECTS), allow("s3:*", "*"))
    )
    .violated(
        "a statement that is no list",
        rewritten(POLICY, "policy", lambda it: it.update(Statement=allow("s3:*", OBJECTS))),
    )
    .violated("the agents role is wide", policy("aws_iam_role_policy.execution", allow("ecr:*", "*")))
    .violated("administrator attached", added(ATTACHMENT, {"policy_arn": ADMINISTRATOR}, refers=TO_ROLE))
    .violated(
        "administrator among managed policies", known(ROLE, "managed_policy_arns", [ADMINISTRATOR])
    )
    .violated(
        "administrator attached to several roles",
        added(
            "aws_iam_policy_attachment.extra",
            {"groups": None, "name": "extra", "policy_arn": ADMINISTRATOR, "users": None},
            refers={"roles": [f"{ROLE}.name", ROLE]},
        ),
    )
    .violated(
        "administrator beside a policy of this plan",
        added(
            "aws_iam_policy.own",
            {"name": "own", "policy": WIDE.replace("s3:*", "xray:PutTraceSegments")},
            computed=("arn", "id"),
        ),
        known(ROLE, "managed_policy_arns", ["arn:aws:iam::123456789012:policy/own", ADMINISTRATOR]),
        deceit="another one",
    )
    .violated("inline", known(ROLE, "inline_policy", [{"name": "inline", "policy": WIDE}]))
    .violated(
        "a wide policy of this plan attached",
        added("aws_iam_policy.wide", {"name": "wide", "policy": WIDE}, computed=("arn", "id")),
        added(
            ATTACHMENT,
            {},
            refers=TO_ROLE | {"policy_arn": ["aws_iam_policy.wide.arn", "aws_iam_policy.wide"]},
        ),
    )
    .violated(
        "document read at apply",
        read_at_apply(POLICY, statement(["s3:*"], refers=[f"{BUCKET}.arn", BUCKET])),
        base=TASKS_AND_BUCKET,
    )
    .violated(
        "document read at apply inverts",
        read_at_apply(POLICY, statement([], not_actions=["iam:*"], refers=[f"{BUCKET}.arn", BUCKET])),
        base=TASKS_AND_BUCKET,
    )
    .violated(
        "document read at apply on everything",
        read_at_apply(
            POLICY,
            statement(["s3:GetObject"], resources=["*"]),
            statement(["kms:Decrypt"], refers=["aws_kms_key.data.arn", "aws_kms_key.data"]),
        ),
    )
    .undetermined("policy known after apply", unknown(POLICY, "policy"))
    .undetermined("role known after apply", unknown(TASK, "task_role_arn", "local.role"))
    .undetermined(
        "role elsewhere", known(TASK, "task_role_arn", "arn:aws:iam::123456789012:role/elsewhere")
    )
    .undetermined(
        "a policy elsewhere",
        added(ATTACHMENT, {"policy_arn": "arn:aws:iam::123456789012:policy/wide"}, refers=TO_ROLE),
    )
    .undetermined(
        "attached policy known after apply",
        added(ATTACHMENT, {}, refers=TO_ROLE | {"policy_arn": ["local.policy"]}),
    )
    .undetermined(
        "managed policies known after apply", unknown(ROLE, "managed_policy_arns", "local.policies")
    )
    .undetermined(
        "a wide policy of an unknown role",
        policy(POLICY, allow("*", "*")),
        unknown(POLICY, "role", "local.role"),
    )
    .undetermined(
        "a wide policy of a role that passes through another resource",
        policy(POLICY, allow("*", "*")),
        unknown(POLICY, "role"),
    )
    .undetermined(
        "administrator attached to an unknown role",
        added(ATTACHMENT, {"policy_arn": ADMINISTRATOR}, refers={"role": ["local.role"]}),
    )
    .undetermined(
        "resources known after apply",
        read_at_apply(POLICY, statement(["s3:GetObject"], refers=["local.arn"])),
    )
    .undetermined(
        "document read at apply merges another",
        read_at_apply(POLICY, statement(["s3:GetObject"], resources=[OBJECTS]), merges=WIDE),
    ),
    Scenario("IDN-01.4", TASKS)
    .satisfied("named one by one")
    .satisfied("no roles", left_out(TASK, "task_role_arn"), left_out(TASK, "execution_role_arn"))
    .satisfied("one role may be passed", policy(POLICY, allow("iam:PassRole", f"{ARN}worker")))
    .satisfied("code is started without a role", policy(POLICY, allow("lambda:CreateFunction", "*")))
    .satisfied("a named role is taken", policy(POLICY, allow("sts:AssumeRole", f"{ARN}worker")))
    .satisfied(
        "denied on every resource",
        policy(POLICY, allow("iam:*", "*"), allow("iam:*", "*", Effect="Deny")),
    )
    .violated("as inherited", base=only("inherited", TASK, "aws_iam_role", "aws_iam_role_policy"))
    .violated("its own policy", policy(POLICY, allow("iam:PutRolePolicy", f"{ARN}task")))
    .violated(
        "in another case", policy(POLICY, allow("IAM:putrolepolicy", f"{ARN}task")), deceit="spelling"
    )
    .violated("by the beginning of the name", policy(POLICY, allow("iam:Put*", f"{ARN}task")))
    .violated("all but some", policy(POLICY, {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}))
    .violated(
        "a role passed in one statement, code started in another",
        policy(POLICY, allow("iam:PassRole", f"{ARN}worker"), allow("lambda:CreateFunction", "*")),
    )
    .violated(
        "a role passed by one policy, code started by another",
        policy(POLICY, allow("iam:PassRole", f"{ARN}worker")),
        added("aws_iam_role_policy.second", {"name": "second", "policy": STARTS}, refers=TO_ROLE),
        deceit="shape",
    )
    .violated(
        "a task with a role of its choice",
        policy(POLICY, allow("iam:PassRole", f"{ARN}worker"), allow("ecs:RunTask", "*")),
    )
    .violated("code of a function", policy(POLICY, allow("lambda:UpdateFunctionCode", "*")))
    .violated("the policy of a bucket", policy(POLICY, allow("s3:PutBucketPolicy", OBJECTS)))
    .violated(
        "denied on one resource",
        policy(POLICY, allow("iam:PutRolePolicy", "*"), allow("iam:*", f"{ARN}task", Effect="Deny")),
    )
    .violated(
        "the agents role",
        policy("aws_iam_role_policy.execution", allow("kms:CreateGrant", "*")),
        deceit="another one",
    )
    .undetermined(
        "under a condition",
        policy(POLICY, allow("ecs:ExecuteCommand", "*", Condition=TAGGED)),
    )
    .undetermined("known after apply", unknown(POLICY, "policy"))
    .undetermined("a role of another configuration", unknown(TASK, "task_role_arn", "var.role_arn")),
    Scenario("IDN-01.3", RIGHTS)
    .satisfied("as corrected")
    .satisfied("a service on one resource", policy(GIVEN, allow("s3:*", OBJECTS)))
    .satisfied("some actions on everything", policy(GIVEN, allow("s3:Get*", "*")))
    .satisfied("a service is denied", policy(GIVEN, allow("s3:*", "*", Effect="Deny")))
    .satisfied("what has a tag", policy(GIVEN, allow("ec2:*", "*", Condition=TAGGED)))
    .satisfied("a policy for reading", known(ROLE, "managed_policy_arns", [f"{MANAGED}ReadOnlyAccess"]))
    .violated("a service", policy(GIVEN, allow("dynamodb:*", "*")))
    .violated("a service among others", policy(GIVEN, allow(["s3:GetObject", "SQS:*"], [OBJECTS, "*"])))
    .violated("every bucket", policy(GIVEN, allow("s3:*", ["arn:aws:s3:::*", "arn:aws:s3:::*/*"])))
    .violated("every queue", policy(GIVEN, allow("sqs:**", "arn:aws:sqs:*:*:*")), deceit="spelling")
    .violated("all but one", policy(GIVEN, ALL_BUT_ONE), deceit="shape")
    .violated("under a condition on the caller", policy(GIVEN, allow("s3:*", "*", Condition=OURS)))
    .violated("everything", policy(GIVEN, allow("*", "*")))
    .violated("a policy of AWS", known(ROLE, "managed_policy_arns", [f"{MANAGED}AmazonSQSFullAccess"]))
    .violated(
        "a policy of AWS attached",
        added(ATTACHMENT, {"policy_arn": f"{MANAGED}AWSLambda_FullAccess"}, refers=TO_ROLE),
        deceit="shape",
    )
    .undetermined(
        "resources known after apply", read_at_apply(GIVEN, statement(["s3:*"], refers=[BUCKET]))
    )
    .undetermined("known after apply", unknown(GIVEN, "policy")),
    Scenario("IDN-01.2", RIGHTS)
    .satisfied("as corrected")
    .satisfied("everything is denied", policy(GIVEN, allow("*", "*", Effect="Deny")))
    .violated("every action", policy(GIVEN, allow("*", "*")))
    .violated("every action on IAM", policy(GIVEN, allow(["s3:GetObject", "iam:*"], "*")))
    .violated(
        "all but some actions",
        policy(GIVEN, {"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"}),
        deceit="spelling",
    )
    .violated(
        "a policy that nobody has",
        added("aws_iam_policy.spare", {"name": "spare", "policy": EVERYTHING}),
    )
    .violated(
        "the administrators policy",
        added("aws_iam_role_policy_attachment.all", {"policy_arn": ADMINISTRATOR}, refers=TO_ROLE),
    )
    .violated(
        "attached by the role itself",
        known(ROLE, "managed_policy_arns", [ADMINISTRATOR]),
        deceit="shape",
    )
    .satisfied("read back as it was before", *read_back("images"))
    .undetermined("perhaps read back", *read_back("images"), unknown(GIVEN, "name"), deceit="perhaps")
    .violated("read back, and of no resource", *read_back("by-hand"))
    .violated("inside the role", known(ROLE, "inline_policy", [{"name": "all", "policy": EVERYTHING}]))
    .violated(
        "the second policy inside the role",
        known(
            ROLE,
            "inline_policy",
            [{"name": "none", "policy": NOTHING}, {"name": "all", "policy": EVERYTHING}],
        ),
        deceit="another one",
    )
    .satisfied(
        "a policy inside the role", known(ROLE, "inline_policy", [{"name": "a", "policy": NOTHING}])
    )
    .satisfied(
        "a policy of our own attached",
        added("aws_iam_policy.spare", {"name": "spare", "policy": NOTHING}),
        added(
            "aws_iam_role_policy_attachment.spare",
            {},
            refers=TO_ROLE | {"policy_arn": ["aws_iam_policy.spare.arn", "aws_iam_policy.spare"]},
        ),
    )
    .undetermined(
        "a policy attached that apply decides",
        added(
            "aws_iam_role_policy_attachment.spare", {}, refers=TO_ROLE | {"policy_arn": ["var.policy"]}
        ),
    )
    .undetermined("known after apply", unknown(GIVEN, "policy")),
    Scenario("IDN-02.1", ROLES)
    .satisfied("as corrected")
    .satisfied("none for the task", left_out(TASK, "task_role_arn"))
    .satisfied(
        "elsewhere, two",
        known(TASK, "task_role_arn", f"{ARN}task"),
        known(TASK, "execution_role_arn", f"{ARN}start"),
    )
    .violated("as inherited", base=SHARED_ROLE)
    .violated(
        "the same by reference",
        unknown(TASK, "task_role_arn", "aws_iam_role.execution.arn", "aws_iam_role.execution"),
    )
    .violated(
        "elsewhere, one",
        known(TASK, "task_role_arn", f"{ARN}all"),
        known(TASK, "execution_role_arn", f"{ARN}all"),
    )
    .undetermined("known after apply", unknown(TASK, "task_role_arn")),
    Scenario("IDN-03.1", ROLES)
    .satisfied("as corrected")
    .satisfied(
        "by the source alone",
        trust(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:ecs:eu-west-1:123456789012:*"}}),
    )
    .violated("as inherited", base=SHARED_ROLE)
    .violated("no condition", trust(Condition=None))
    .violated("another condition", trust(Condition={"Bool": {"aws:SecureTransport": "true"}}))
    .violated(
        "any account but one",
        trust(Condition={"StringNotEquals": {"aws:SourceAccount": "123456789012"}}),
    )
    .violated(
        "or none at all",
        trust(Condition={"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}}),
        deceit="empty",
    )
    .violated(
        "every account",
        trust(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:ecs:*:*:*"}}),
        deceit="spelling",
    )
    .violated("everybody", trust(Principal="*"))
    .violated(
        "people too",
        trust(Principal={"Service": "ecs-tasks.amazonaws.com", "AWS": "arn:aws:iam::123456789012:root"}),
        deceit="another one",
    )
    .undetermined("known after apply", unknown(ROLE, "assume_role_policy"))
    .undetermined("a role elsewhere", known(TASK, "task_role_arn", f"{ARN}task")),
    attribute(
        *("IDN-04.1", only("corrected", SERVICE), SERVICE, "enable_execute_command"),
        bad={"a shell": True},
        unset="undetermined",
    ).violated("as inherited", base=only("inherited", SERVICE)),
    Scenario("IDN-05.1", HELD)
    .satisfied("as corrected")
    .satisfied("the account decides", policy(KEY, use(actions="kms:*", Principal=ROOT)))
    .satisfied("everybody of one account", policy(KEY, use(Principal="*", Condition=OURS)))
    .satisfied("no policy of its own", left_out(KEY, "policy"))
    .satisfied(
        "everybody, but two denials leave none outside the organization",
        policy(
            TOPIC,
            use(actions="sns:Publish", Principal="*"),
            {**OUTSIDE, "Resource": "arn:aws:sns:*"},
            {**OUTSIDE, "NotResource": "arn:aws:sns:*"},
        ),
    )
    .violated("everybody", policy(KEY, use(Principal="*")))
    .violated(
        "a denial that a caller escapes without the key",
        policy(
            TOPIC,
            use(actions="sns:Publish", Principal="*"),
            {
                **OUTSIDE,
                "Resource": "*",
                "Condition": {"ForAnyValue:StringNotLike": {"aws:PrincipalOrgPaths": "o-ours/*"}},
            },
        ),
        deceit="empty",
    )
    .violated(
        "a role for every repository",
        known(ROLE, "assume_role_policy", json.dumps({"Statement": [REPOSITORIES]})),
    )
    .undetermined(
        "a key of conditions that nobody knows",
        policy(TOPIC, use(Principal="*", Condition={"StringEquals": {"acme:tenant": "t1"}})),
    )
    .violated("everybody in AWS", policy(TOPIC, use(actions="sns:Publish", Principal={"AWS": "*"})))
    .violated("any service", policy(TOPIC, use(actions="sns:Publish", Principal={"Service": "*"})))
    .violated(
        "all but one",
        policy(KEY, use(NotPrincipal={"AWS": "arn:aws:iam::111111111111:root"})),
    )
    .violated("a service may do everything", policy(KEY, use(actions="kms:*", Principal=LOGS)))
    .violated(
        "a role that everybody takes",
        known(
            ROLE,
            "assume_role_policy",
            '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}]}',
        ),
    )
    .violated(
        "second key for everybody",
        another(KEY, "second"),
        policy("aws_kms_key.second", use(Principal="*")),
        deceit="another one",
    )
    .undetermined("known after apply", unknown(KEY, "policy")),
    Scenario("IDN-05.1", BASE)
    .satisfied("a table names who may come", new(TABLE, resource_arn=TABLE_ARN, policy=table(READER)))
    .violated("a table for everybody", new(TABLE, resource_arn=TABLE_ARN, policy=table("*")))
    .violated("files for everybody", new(FILES, file_system_id="fs-1", policy=files("*")))
    .violated(
        "a function for everybody",
        new(PERMISSION, **INVOKES | {"principal": "*", "source_account": None, "source_arn": None}),
        deceit="shape",
    )
    .satisfied(
        "a function for whoever calls for one bucket",
        new(PERMISSION, **INVOKES | {"principal": "*", "source_account": None}),
    )
    .undetermined(
        "a permission known after apply",
        added(
            PERMISSION,
            {"action": "lambda:InvokeFunction", "function_name": "resize"},
            refers={"principal": ["var.who"]},
        ),
    ),
    Scenario("IDN-05.2", HELD)
    .satisfied("as corrected")
    .satisfied("by what is encrypted", policy(KEY, use(Principal=LOGS, Condition=BY_ARN)))
    .satisfied("no service", policy(KEY, use(Principal=ROOT)))
    .violated("without a condition", policy(KEY, use(Principal=LOGS)))
    .violated(
        "what is encrypted in any account",
        policy(KEY, use(Principal=LOGS, Condition=ANY_ARN)),
        deceit="spelling",
    )
    .violated(
        "a topic for any account",
        policy(TOPIC, use(actions="sns:Publish", Principal={"Service": "budgets.amazonaws.com"})),
    )
    .satisfied(
        "denied to every other account",
        policy(TOPIC, use(actions="sns:Publish", Principal=LOGS), NOT_OURS),
    )
    .violated(
        "denied without TLS only",
        policy(TOPIC, use(actions="sns:Publish", Principal=LOGS), {**NOT_OURS, "Condition": TLS}),
        deceit="overruled",
    )
    .undetermined("an ARN with too few parts", policy(KEY, use(Principal=LOGS, Condition=SHORT_ARN)))
    .undetermined("known after apply", unknown(TOPIC, "policy")),
    Scenario("IDN-05.2", BASE)
    .satisfied("a function for our account", new(PERMISSION, **INVOKES))
    .violated(
        "a function for a bucket of anybody",
        new(PERMISSION, **INVOKES | {"source_account": None}),
        deceit="shape",
    )
    .violated(
        "a function for whoever calls for a bucket of anybody",
        new(PERMISSION, **INVOKES | {"principal": "*", "source_account": None}),
    ),
]
