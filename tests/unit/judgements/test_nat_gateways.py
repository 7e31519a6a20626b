"""Is a plan without a NAT gateway of use not applicable, and never satisfied?"""

import json
from typing import Any

import pytest

from planspec import Verdict, decode
from planspec.judgements.availability.zone_egress import a_way_out_in_each_zone
from planspec.judgements.cost.billing_alarms import images_take_the_endpoint
from tests.golden.cost.spending import NAT, OWN_NETWORK, SERVICES, route
from tests.support.cutting import carry_out
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


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ((), Verdict.NOT_APPLICABLE),
        ((route("gateway_id"),), Verdict.NOT_APPLICABLE),
        ((route("nat_gateway_id"),), Verdict.VIOLATED),
        ((NAT,), Verdict.VIOLATED),
    ],
    ids=["no way out", "the internet alone", "a route to one", "a gateway"],
)
def test_an_endpoint_is_asked_for_where_there_may_be_a_gateway(more: Any, verdict: Verdict) -> None:
    made = carry_out(SERVICES)
    for edit in (*OWN_NETWORK, *more):
        edit(made)
    judged = decode(json.dumps(made).encode(), "it")
    assert images_take_the_endpoint(judged, judged.remaining("aws_ecs_service")).verdict is verdict
