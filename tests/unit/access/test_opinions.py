"""Does cloudsplaining, which others wrote, think the same of policies as planspec?

Its opinions are kept in opinions.json (`make opinions`). What differs stands here with its reason; what
differs without a reason fails.
"""

import json
import tomllib
from pathlib import Path
from typing import Final

import pytest

from planspec import Plan, Verdict
from planspec.judgements.identity.escalation import no_escalation
from planspec.judgements.identity.named_resources import unnamed
from planspec.policies import Identity
from tests.support.plans import block, configuration, constant, plan, refers, resource

HERE = Path(__file__).parent
POLICIES: Final[dict[str, dict[str, list[str]]]] = {
    each["name"]: each["allow"]
    for each in tomllib.loads((HERE / "opinions.toml").read_text("utf-8"))["policy"]
}
OPINIONS: Final = json.loads((HERE / "opinions.json").read_text("utf-8"))["of"]
STRICTER: Final = {
    "everything of one bucket": "s3:* holds s3:PutBucketPolicy, which opens the bucket to others",
    "manage group membership": "iam:AddUserToGroup counts on any group; theirs counts it on all alone",
    "rotate its own keys": "iam:CreateAccessKey counts on any user; theirs counts it on all alone",
}
# It counts what changes something, and leaves out what only reads.
READS: Final = {
    "an agent of ECS with stars": ["ecr:BatchGetImage"],
    "a new stack with a role": ["cloudformation:DescribeStacks"],
    "an endpoint of Glue with a role": ["glue:GetDevEndpoint"],
}


def with_task(allowed: dict[str, list[str]]) -> Plan:
    """A task whose role has this policy."""
    statements = [
        {"Effect": "Allow", "Action": actions, "Resource": where} for where, actions in allowed.items()
    ]
    role = ("aws_iam_role", "task")
    return plan(
        resource("aws_ecs_task_definition", "api", task_role_arn=..., execution_role_arn=None),
        resource(*role, name="task", arn=..., id=..., inline_policy=[], managed_policy_arns=[]),
        resource(
            *("aws_iam_role_policy", "task"),
            role="task",
            policy=json.dumps({"Version": "2012-10-17", "Statement": statements}),
        ),
        configuration=configuration(
            block(
                *("aws_ecs_task_definition", "api"),
                task_role_arn=refers("aws_iam_role.task.arn", "aws_iam_role.task"),
            ),
            block(*role, name=constant("task")),
            block("aws_iam_role_policy", "task", role=constant("task")),
        ),
    )


@pytest.mark.parametrize("name", POLICIES)
def test_what_gives_more_rights_is_the_same_or_stricter(name: str) -> None:
    of = with_task(POLICIES[name])
    judged = no_escalation(of, of.resources("aws_ecs_task_definition"), Identity(managed_policies=[]))
    ours = judged.verdict is Verdict.VIOLATED
    theirs = bool(OPINIONS[name]["escalates by"])
    assert ours == (theirs or name in STRICTER), judged


@pytest.mark.parametrize("name", POLICIES)
def test_what_could_name_a_resource_is_the_same(name: str) -> None:
    exact = [each for each in POLICIES[name].get("*", []) if "*" not in each]
    theirs = OPINIONS[name]["could name a resource"]
    assert sorted(unnamed(exact, "*")) == sorted([*theirs, *READS.get(name, [])])


def test_each_policy_has_an_opinion() -> None:
    assert sorted(OPINIONS) == sorted(POLICIES)
    assert any(each["escalates by"] for each in OPINIONS.values())
