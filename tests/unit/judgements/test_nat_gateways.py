"""Is a plan without a NAT gateway of use not applicable, and never satisfied?"""

from typing import Any

import pytest

from planspec import Verdict
from planspec.judgements.availability.zone_egress import a_way_out_in_each_zone
from tests.support.plans import plan, resource

SUBNETS = [{"subnets": ["subnet-1", "subnet-2"]}]


@pytest.mark.parametrize(
    "gateways",
    [
        [],
        [{"connectivity_type": "private", "subnet_id": "subnet-1"}],
    ],
    ids=["none", "a private one"],
)
def test_without_a_public_gateway_nothing_is_examined(gateways: list[dict[str, Any]]) -> None:
    service = resource("aws_ecs_service", "api", network_configuration=SUBNETS)
    made = [resource("aws_nat_gateway", f"g{at}", **each) for at, each in enumerate(gateways)]
    judged = plan(service, *made)
    judgement = a_way_out_in_each_zone(judged, judged.remaining("aws_ecs_service"))
    assert judgement.verdict is Verdict.NOT_APPLICABLE
    assert judgement.reason == "the plan has no public NAT gateway"


def test_a_plan_without_services_needs_no_reason() -> None:
    assert a_way_out_in_each_zone(plan(), ()).reason == ""
