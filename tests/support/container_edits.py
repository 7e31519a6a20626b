"""Make containers say something else."""

from collections.abc import Mapping
from typing import Any

from tests.support.recipe_edits import Edit, rewritten

TASK = "aws_ecs_task_definition.api"


def container(**values: Any) -> Edit:
    """The container has these values; None takes one away."""

    def rewrite(containers: Any) -> None:
        new = containers[0] | values
        containers[0] = {name: value for name, value in new.items() if value is not None}

    return rewritten(TASK, "container_definitions", rewrite)


def environment(address: str, variables: Mapping[str, Any]) -> Edit:
    """The first container of the task definition has these variables too; None takes one away."""

    def rewrite(containers: Any) -> None:
        kept = [each for each in containers[0]["environment"] if each["name"] not in variables]
        new = [{"name": name, "value": value} for name, value in variables.items() if value is not None]
        containers[0]["environment"] = kept + new

    return rewritten(address, "container_definitions", rewrite)
