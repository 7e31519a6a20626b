"""How many old and new tasks are there while a deployment runs?"""

from typing import Any, Final

import pytest

from planspec.aws.deployments import (
    Mix,
    Peak,
    deploys_now,
    maximum_percent,
    mixed,
    tasks_at_the_change,
    tasks_during_deployment,
)
from tests.support.plans import change, plan, resource

SERVICE: Final = "aws_ecs_service"
ECS: Final = [{"type": "ECS"}]


def service(**values: Any) -> Any:
    """A service that may run half as many tasks again during a deployment."""
    return change(SERVICE, "api", **{"deployment_maximum_percent": 150, **values})


@pytest.mark.parametrize(
    ("values", "percent"),
    [
        ({}, 150),
        ({"deployment_controller": ECS}, 150),
        ({"deployment_controller": [{"type": "CODE_DEPLOY"}]}, 200),
        ({"deployment_controller": [{"type": "EXTERNAL"}]}, None),
        ({"deployment_controller": [{"type": ...}]}, None),
        ({"deployment_configuration": [{"strategy": "ROLLING"}]}, 150),
        ({"deployment_configuration": [{"strategy": None}]}, 150),
        ({"deployment_configuration": [{"strategy": "BLUE_GREEN"}]}, 200),
        ({"deployment_configuration": [{"strategy": "CANARY"}]}, 200),
        ({"deployment_configuration": [{"strategy": ...}]}, None),
        ({"deployment_maximum_percent": ...}, None),
        ({"deployment_maximum_percent": None}, None),
    ],
)
def test_a_deployment_to_the_side_runs_both_sets_in_full(
    values: dict[str, Any], percent: int | None
) -> None:
    assert maximum_percent(service(**values)) == percent


@pytest.mark.parametrize(("steady", "percent", "together"), [(3, 150, 4), (4, 50, 4), (2, ..., None)])
def test_ecs_rounds_the_share_down_and_keeps_the_steady_state(
    steady: int, percent: Any, together: int | None
) -> None:
    assert tasks_during_deployment(service(deployment_maximum_percent=percent), steady) == together


@pytest.mark.parametrize(
    ("mix", "old", "new", "peak"),
    [
        # As many new ones as there is room for, and the old ones still there.
        (Mix(2, 2, 4), 10, 10, Peak(40, 2, 2)),
        (Mix(2, 2, 3), 10, 10, Peak(30, 2, 1)),
        # The new ones open more: as many of them as possible.
        (Mix(4, 3, 4), 1, 10, Peak(31, 1, 3)),
        # They open none: the old ones alone.
        (Mix(4, 4, 6), 10, 0, Peak(40, 4, 2)),
        # More old ones than may run together.
        (Mix(9, 2, 4), 5, 1, Peak(20, 4, 0)),
    ],
)
def test_the_mix_that_opens_the_most_connections(mix: Mix, old: int, new: int, peak: Peak) -> None:
    assert mix.peak(old, new) == peak


def test_together_there_are_never_fewer_than_before_or_after() -> None:
    assert mixed(5, 3, 100) == Mix(5, 3, 5)
    assert mixed(2, 4, 100) == Mix(2, 4, 4)
    assert mixed(2, 3, 150) == Mix(2, 3, 4)
    assert mixed(2, 2, 200) == Mix(2, 2, 4)


@pytest.mark.parametrize(
    ("actions", "before", "after", "starts"),
    [
        (["create"], None, {"task_definition": "api:1"}, False),
        (["update"], {"task_definition": "api:1"}, {"task_definition": "api:1"}, False),
        (["update"], {"task_definition": "api:1"}, {"task_definition": "api:2"}, True),
        (["update"], {"task_definition": "api:1"}, {"task_definition": ...}, True),
        (
            ["update"],
            {"task_definition": "api:1"},
            {"task_definition": "api:1", "force_new_deployment": True},
            True,
        ),
        (
            ["update"],
            {"task_definition": "api:1"},
            {"task_definition": "api:1", "force_new_deployment": False},
            False,
        ),
        # The switch is left on, and nothing else changes: Terraform does not call ECS.
        (
            ["no-op"],
            None,
            {"task_definition": "api:1", "force_new_deployment": True},
            False,
        ),
        (["delete", "create"], {"task_definition": "api:1"}, {"task_definition": "api:1"}, True),
    ],
)
def test_a_change_that_starts_new_tasks_beside_the_old_ones(
    actions: list[str], before: Any, after: dict[str, Any], starts: bool
) -> None:
    assert deploys_now(service(actions=actions, before=before, **after)) is starts


def scaled(before: dict[str, int], after: int, *, schedule: int | None = None) -> Any:
    """A service of names that are known, its target and a schedule, before the change and after it."""
    name: dict[str, Any] = {"name": "api", "cluster": "main", "deployment_maximum_percent": 100}
    of: dict[str, Any] = {
        "resource_id": "service/main/api",
        "service_namespace": "ecs",
        "scalable_dimension": "ecs:service:DesiredCount",
    }
    desired, ceiling = before["desired_count"], before["max_capacity"]
    made = [
        resource(
            *(SERVICE, "api"),
            actions=["update"],
            before={**name, "desired_count": desired},
            **{**name, "desired_count": after},
        ),
        resource(
            *("aws_appautoscaling_target", "api"),
            actions=["no-op"],
            before={**of, "min_capacity": 1, "max_capacity": ceiling},
            **{**of, "min_capacity": 1, "max_capacity": ceiling},
        ),
    ]
    if schedule is not None:
        action = [{"min_capacity": 1, "max_capacity": schedule}]
        made.append(
            resource(
                *("aws_appautoscaling_scheduled_action", "api"),
                actions=["no-op"],
                before={**of, "scalable_target_action": action},
                **{**of, "scalable_target_action": action},
            )
        )
    return plan(*made)


@pytest.mark.parametrize(
    ("before", "after", "schedule", "steady", "mix"),
    [
        ({"desired_count": 5, "max_capacity": 4}, 2, None, 3, Mix(5, 3, 5)),
        ({"desired_count": 1, "max_capacity": 4}, 2, None, 3, Mix(4, 3, 4)),
        ({"desired_count": 1, "max_capacity": 4}, 6, None, 3, Mix(4, 6, 6)),
        ({"desired_count": 1, "max_capacity": 4}, 2, 9, 3, Mix(9, 3, 9)),
    ],
)
def test_old_tasks_are_as_many_as_anything_made_of_them(
    before: dict[str, int], after: int, schedule: int | None, steady: int, mix: Mix
) -> None:
    made = scaled(before, after, schedule=schedule)
    found = made.find(f"{SERVICE}.api")
    assert found is not None
    assert tasks_at_the_change(made, found, steady) == mix


def test_a_deployment_without_a_known_share_is_not_reckoned() -> None:
    made = plan(resource(SERVICE, "api", deployment_maximum_percent=..., desired_count=2))
    found = made.find(f"{SERVICE}.api")
    assert found is not None
    assert tasks_at_the_change(made, found, 2) is None
