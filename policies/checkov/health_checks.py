"""Written in Python, because a check written as data cannot multiply."""

from typing import Any

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

LONGEST_SECONDS = 120
# What AWS takes where a target group does not say. Source: Elastic Load Balancing, health checks.
INTERVAL, THRESHOLD = 30, 2


class FailingTargetsLeaveInTime(BaseResourceCheck):  # type: ignore[misc]
    """A target that fails gets requests for interval times threshold seconds."""

    def __init__(self) -> None:
        super().__init__(
            name=f"A target that fails is taken out of service within {LONGEST_SECONDS} seconds",
            id="CKV_PLANSPEC_1",
            categories=[CheckCategories.BACKUP_AND_RECOVERY],
            supported_resources=["aws_lb_target_group", "aws_alb_target_group"],
        )

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Checkov wraps each value of `conf` in a list."""
        self.evaluated_keys = ["health_check/[0]/interval", "health_check/[0]/unhealthy_threshold"]
        health = (conf.get("health_check") or [None])[0]
        if not isinstance(health, dict):
            health = {}
        if health.get("enabled") == [False]:
            return CheckResult.FAILED
        try:
            seconds = _number(health, "interval", INTERVAL)
            failures = _number(health, "unhealthy_threshold", THRESHOLD)
        except (TypeError, ValueError):
            return CheckResult.UNKNOWN
        return CheckResult.PASSED if seconds * failures <= LONGEST_SECONDS else CheckResult.FAILED


def _number(health: dict[str, Any], name: str, default: int) -> int:
    value = (health.get(name) or [None])[0]
    return default if value is None else int(value)


check = FailingTargetsLeaveInTime()
