"""Golden plans about roles and secrets."""

from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.iam_policies import allow, environment, policy, read_at_apply, statement
from tests.support.making import added, another, becomes, keyed
from tests.support.recipe_edits import known, left_out, rewritten, unknown

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

SCENARIOS = [
    Scenario("IDN-01.1", TASKS)
    .satisfied("named one by one")
    .satisfied("no roles", left_out(TASK, "task_role_arn"), left_out(TASK, "execution_role_arn"))
    .satisfied("the agents policy", added(ATTACHMENT, {"policy_arn": AGENT}, refers=TO_ROLE))
    .satisfied("an action that has no resource", policy(POLICY, allow("xray:PutTraceSegments", "*")))
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
    Scenario("SEC-01.1", only("corrected", TASK))
    .satisfied("by reference")
    .satisfied("no environment", environment(TASK, {}))
    .satisfied(
        "names of secrets",
        environment(
            TASK,
            {"DB_SECRET_ARN": "arn:aws:example", "TOKEN_TTL": "60", "DB_PASSWORD_FILE": "/run/password"},
        ),
    )
    .satisfied(
        "words that only look like it",
        environment(TASK, {"BYPASS": "1", "SECRETARY": "Ann", "TOKENIZER": "bpe"}),
    )
    .satisfied("an empty secret", environment(TASK, {"DB_PASSWORD": ""}))
    .satisfied("a URL without a login", environment(TASK, {"API_URL": "https://example.com:8443/a@b"}))
    .violated("as inherited", base=only("inherited", TASK))
    .violated("a password", environment(TASK, {"DB_PASSWORD": "hunter2"}))
    .violated("in mixed case", environment(TASK, {"dbPassword": "hunter2"}))
    .violated("in mixed case after initials", environment(TASK, {"DBPassword": "hunter2"}))
    .violated("in small letters", environment(TASK, {"db-password": "hunter2"}))
    .violated("as PostgreSQL calls it", environment(TASK, {"PGPASSWORD": "hunter2"}))
    .violated("a number", environment(TASK, {"DB_PASSWORD": 12345}))
    .violated(
        "a URL with login", environment(TASK, {"DATABASE_URL": "postgres://app:hunter2@db:5432/app"})
    )
    .violated("a URL with a password only", environment(TASK, {"CACHE": "redis://:hunter2@cache:6379"}))
    .violated("an access key", environment(TASK, {"KEY_ID": "AKIAIOSFODNN7EXAMPLE"}))
    .violated(
        "a word and a harmless word with a login",
        environment(TASK, {"TOKEN_FILE": "https://a:hunter2@example.com"}),
    )
    .undetermined("containers known after apply", unknown(TASK, "container_definitions"))
    .undetermined("containers are no JSON", known(TASK, "container_definitions", "not JSON")),
]
