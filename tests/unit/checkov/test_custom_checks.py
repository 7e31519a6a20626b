"""Do our own checks of Checkov pass what they should, and fail what they should?"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from planspec import bundle
from planspec import checkov as scanner
from tests.unit.checkov.test_scanner import SECONDS, plan_json, planned

FOLDER = bundle.POLICIES / "checkov"
Values = Mapping[str, Any]

ACTION = ["arn:aws:sns:eu-central-1:123456789012:on-call"]
# For each check: a resource, values that pass, and values that fail, among them "nobody wrote it".
PLANS: Mapping[str, tuple[str, Sequence[Values], Sequence[Values]]] = {
    "CKV2_PLANSPEC_1": (
        "aws_ecs_service.api",
        [{"deployment_circuit_breaker": [{"enable": True, "rollback": True}]}],
        [
            {"deployment_circuit_breaker": [{"enable": True, "rollback": False}]},
            {"deployment_circuit_breaker": [{"enable": False, "rollback": True}]},
            {"deployment_circuit_breaker": []},
            {},
        ],
    ),
    "CKV2_PLANSPEC_2": (
        "aws_cloudwatch_metric_alarm.errors",
        [{"alarm_actions": ACTION, "actions_enabled": True}, {"alarm_actions": ACTION}],
        [
            {"alarm_actions": [], "actions_enabled": True},
            {"alarm_actions": ACTION, "actions_enabled": False},
            {"alarm_actions": None},
            {},
        ],
    ),
    "CKV_PLANSPEC_1": (
        "aws_lb_target_group.api",
        [
            {"health_check": [{"enabled": True, "interval": 10, "unhealthy_threshold": 3}]},
            {"health_check": [{"interval": 60}]},
            {},
        ],
        [
            {"health_check": [{"enabled": True, "interval": 60, "unhealthy_threshold": 3}]},
            {"health_check": [{"unhealthy_threshold": 10}]},
            {"health_check": [{"enabled": False}]},
        ],
    ),
}


def test_every_check_has_good_and_bad_plans() -> None:
    texts = [path.read_text(encoding="utf-8") for path in FOLDER.glob("*.*")]
    numbers = {number for text in texts for number in re.findall(r"CKV2?_PLANSPEC_\d+", text)}
    assert numbers == PLANS.keys()
    assert all(good and bad for _, good, bad in PLANS.values())


@pytest.mark.parametrize("runner", ["fast", "stock"])
def test_good_plans_pass_and_bad_plans_fail(checkov: Path, runner: scanner.Runner) -> None:
    resources, expected = [], set()
    for check, (address, good, bad) in PLANS.items():
        for number, values in enumerate((*good, *bad)):
            resources.append(planned(f"{address}[{number}]", {"name": "x", **values}))
            if number >= len(good):
                expected.add((check, f"{address}[{number}]"))
    with scanner.start(plan_json(*resources), checkov, FOLDER, runner=runner) as running:
        result = running.collect(SECONDS)
    assert result.runner == runner
    failed = {(each.check, each.address) for each in result.failed if each.check in PLANS}
    assert failed == expected


def test_our_own_service_passes_them_all(checkov: Path) -> None:
    plan = (bundle.ROOT / "plans" / "corrected.json").read_bytes()
    with scanner.start(plan, checkov, FOLDER) as running:
        result = running.collect(SECONDS)
    assert not [each for each in result.failed if each.check in PLANS]
    assert not list(FOLDER.rglob("__pycache__")), "nothing is written beside the checks"
