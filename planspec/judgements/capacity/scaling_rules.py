"""Do the rules that scale a service add tasks in time, and take them away again?

Source: Application Auto Scaling API, TargetTrackingScalingPolicyConfiguration: TargetValue,
DisableScaleIn (off by default).
"""

from collections.abc import Sequence
from typing import Final

from planspec.finding import Judgement
from planspec.judgements.generic.expect import hold_each, hold_unless_left_out
from planspec.plan import UNKNOWN, Known, ResourceChange, number

SHARES: Final = ("ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization")
TRACKING: Final = ("target_tracking_scaling_policy_configuration", 0)


def _tracking(policies: Sequence[ResourceChange]) -> Sequence[ResourceChange]:
    """The policies that hold a figure of a service at a target."""
    return [
        policy
        for policy in policies
        if policy.after.get("service_namespace").reading in (Known("ecs"), UNKNOWN)
        and policy.after.get("policy_type").reading in (Known("TargetTrackingScaling"), UNKNOWN)
    ]


def scale_in_time(policies: Sequence[ResourceChange], *, maximum_percent: int) -> Judgement:
    """Judge whether tasks are added before the present ones use `maximum_percent` of what they have."""
    metric = (*TRACKING, "predefined_metric_specification", 0, "predefined_metric_type")
    return hold_each(
        [
            policy
            for policy in _tracking(policies)
            if policy.after.get(*metric).reading in (*map(Known, SHARES), UNKNOWN)
        ],
        (*TRACKING, "target_value"),
        lambda target: 0 < (number(target) or 0) <= maximum_percent,
        f"target_value is at most {maximum_percent}",
        remedy=f"lower target_value to {maximum_percent} or less",
    )


def take_tasks_away(policies: Sequence[ResourceChange]) -> Judgement:
    """Judge whether no policy only ever adds tasks."""
    return hold_unless_left_out(
        _tracking(policies),
        (*TRACKING, "disable_scale_in"),
        lambda value: value is False,
        "disable_scale_in is false",
        remedy="leave disable_scale_in out",
    )
