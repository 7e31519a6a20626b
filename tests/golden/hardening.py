"""Golden plans about containers, images, roles, secrets and keys."""

from typing import Any

from tests.golden.attributes import attribute
from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.iam_policies import environment
from tests.support.recipe_edits import Edit, known, left_out, rewritten, unknown
from tests.support.values_and_marks import Document

TASK = "aws_ecs_task_definition.api"
DATABASE = "aws_db_instance.main"
SERVICE = "aws_ecs_service.api"
REPOSITORY = "aws_ecr_repository.api"
LOGS = "aws_cloudwatch_log_group.api"
TOPIC = "aws_sns_topic.alarms"
KEY = "aws_kms_key.logs"
ROLE = "aws_iam_role.task"
ARN = "arn:aws:iam::123456789012:role/"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
TASKS = only("corrected", TASK)
INHERITED = only("inherited", TASK)
ROLES = only("corrected", TASK, "aws_iam_role.execution", ROLE)
SHARED_ROLE = only("inherited", TASK, "aws_iam_role")
REPOSITORIES = only("corrected", REPOSITORY)


def container(**values: Any) -> Edit:
    """The container has these values; None takes one away."""

    def rewrite(containers: Any) -> None:
        new = containers[0] | values
        containers[0] = {name: value for name, value in new.items() if value is not None}

    return rewritten(TASK, "container_definitions", rewrite)


def containers(number: str) -> Scenario:
    """What all scenarios about containers have in common."""
    return (
        Scenario(number, TASKS)
        .satisfied("as corrected")
        .violated("as inherited", base=INHERITED)
        .undetermined("known after apply", unknown(TASK, "container_definitions"))
    )


def trust(**values: Any) -> Edit:
    """The trust policy of the task's role has these parts; None takes one away."""

    def rewrite(document: Any) -> None:
        statement = document["Statement"][0] | values
        kept = {name: value for name, value in statement.items() if value is not None}
        document["Statement"] = [kept]

    return rewritten(ROLE, "assume_role_policy", rewrite)


def given(name: str, value: Any) -> Edit:
    """The configuration has a variable of this name, and this is given for it."""

    def edit(plan: Document) -> None:
        plan["variables"][name] = {"value": value}
        plan["configuration"]["root_module"]["variables"][name] = {"sensitive": True}

    return edit


SCENARIOS = [
    containers("CON-01.1")
    .violated("a tag", container(image="registry.example.com/api:2026-11-23"))
    .violated("a tag that looks like a digest", container(image=f"registry.example.com/api:{DIGEST}"))
    .violated("half a digest", container(image=f"registry.example.com/api@sha256:{DIGEST[:32]}"))
    .satisfied("tag and digest", container(image=f"registry.example.com/api:1@sha256:{DIGEST}")),
    containers("CON-02.1")
    .satisfied("by name", container(user="api"))
    .violated("root by name", container(user="root"))
    .violated("root by number", container(user="0:0"))
    .violated("nobody named", container(user=None)),
    containers("CON-02.2")
    .violated("switched off", container(readonlyRootFilesystem=False))
    .violated("not said", container(readonlyRootFilesystem=None)),
    containers("CON-02.3")
    .violated("privileged", container(privileged=True))
    .violated("drops one", container(linuxParameters={"capabilities": {"drop": ["NET_RAW"]}}))
    .violated("drops none", container(linuxParameters={"initProcessEnabled": True})),
    containers("CON-03.1")
    .violated("none", container(healthCheck=None))
    .violated("switched off", container(healthCheck={"command": ["NONE"]})),
    containers("CST-07.1")
    .satisfied("nothing said", environment(TASK, {"LOG_LEVEL": None}))
    .violated("in small letters", environment(TASK, {"LOG_LEVEL": "debug"}))
    .violated("even more", environment(TASK, {"LOG_LEVEL": "TRACE"})),
    attribute(
        *("CON-04.1", REPOSITORIES, REPOSITORY, "image_tag_mutability"),
        bad={"tags move": "MUTABLE"},
        unset="violated",
    ),
    attribute(
        *("CON-05.1", REPOSITORIES, REPOSITORY, "image_scanning_configuration[0].scan_on_push"),
        bad={"switched off": False},
        unset="violated",
    ).violated("as inherited", base=only("inherited", REPOSITORY)),
    attribute(
        *("CST-09.1", TASKS, TASK, "runtime_platform[0].cpu_architecture"),
        bad={"on Intel": "X86_64"},
        unset="violated",
    ).violated("as inherited", base=INHERITED),
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
    )
    .violated("every account", trust(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:ecs:*:*:*"}}))
    .violated("everybody", trust(Principal="*"))
    .violated(
        "people too",
        trust(Principal={"Service": "ecs-tasks.amazonaws.com", "AWS": "arn:aws:iam::123456789012:root"}),
    )
    .undetermined("known after apply", unknown(ROLE, "assume_role_policy"))
    .undetermined("a role elsewhere", known(TASK, "task_role_arn", f"{ARN}task")),
    attribute(
        *("IDN-04.1", only("corrected", SERVICE), SERVICE, "enable_execute_command"),
        bad={"a shell": True},
        unset="undetermined",
    ).violated("as inherited", base=only("inherited", SERVICE)),
    attribute(
        *("SEC-02.1", only("corrected", DATABASE), DATABASE, "manage_master_user_password"),
        bad={"switched off": False},
        unset="violated",
    ).violated("as inherited", base=only("inherited", DATABASE)),
    Scenario("SEC-03.1", only("corrected", DATABASE))
    .satisfied("as corrected")
    .satisfied("a name of a secret", given("api_token_name", "classifier/api"))
    .satisfied("nothing given", given("db_password", ""))
    .violated("as inherited", base=only("inherited", DATABASE))
    .violated("a token", given("api_token", "hunter2"))
    .violated("a login in an address", given("broker", "amqps://api:hunter2@mq.example.com"))
    .never_undetermined("Variables are given before anything is planned."),
    Scenario("ENC-04.1", only("corrected", LOGS, KEY))
    .satisfied("as corrected")
    .satisfied("by name", known(LOGS, "kms_key_id", "arn:aws:kms:eu-west-1:123456789012:key/11111111"))
    .violated("left out", left_out(LOGS, "kms_key_id"))
    .violated("empty", known(LOGS, "kms_key_id", ""))
    .violated("as inherited", base=only("inherited", LOGS))
    .undetermined("known after apply", unknown(LOGS, "kms_key_id"))
    .undetermined("through a local", unknown(LOGS, "kms_key_id", "local.key")),
    Scenario("ENC-05.1", only("corrected", TOPIC, KEY))
    .satisfied("as corrected")
    .violated("left out", left_out(TOPIC, "kms_master_key_id"))
    .undetermined("known after apply", unknown(TOPIC, "kms_master_key_id")),
]
