"""Does a budget alert in time and about something, and does traffic to S3 take an endpoint?"""

from typing import Any, Final

import pytest

from planspec import Judgement, Verdict
from planspec.judgements.cost import billing_alarms
from tests.support.plans import block, configuration, constant, plan, refers, resource

SATISFIED, VIOLATED = Verdict.SATISFIED, Verdict.VIOLATED
OPEN, NOT_APPLICABLE = Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
BUDGET: Final = "aws_budgets_budget"
SERVICE: Final = "aws_ecs_service"
Parts = dict[str, Any]
MADE: Final = "2026-11-24T10:00:00Z"
IN_TIME: Final[Parts] = {
    "comparison_operator": "GREATER_THAN",
    "threshold": 80,
    "threshold_type": "PERCENTAGE",
    "subscriber_email_addresses": ["ops@example.com"],
}
MONTHLY: Final[Parts] = {
    "budget_type": "COST",
    "time_unit": "MONTHLY",
    "limit_amount": "1000",
    "limit_unit": "USD",
    "time_period_end": "2087-06-15_00:00",
    "notification": [IN_TIME],
}


def budget(name: str = "b", **values: Any) -> Parts:
    """A monthly budget of 1,000 USD that warns at 80 %."""
    return resource(BUDGET, name, **{**MONTHLY, **values})


def warned(*budgets: Parts, made: str = MADE) -> Judgement:
    """What is judged of a service of which these budgets watch the cost."""
    found = plan(resource(SERVICE, "api", name="api"), *budgets, timestamp=made)
    return billing_alarms.watched_by_a_budget(found, found.remaining(SERVICE), percent=80)


def notifies(**values: Any) -> Parts:
    """A budget with another notification; what is None is left out."""
    return budget(notification=[{**IN_TIME, **values}])


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        pytest.param(budget(), SATISFIED, id="in time"),
        pytest.param(budget(limit_amount="0"), VIOLATED, id="of nothing"),
        pytest.param(budget(limit_amount="0.0"), VIOLATED, id="of nothing, with a point"),
        pytest.param(budget(limit_amount="0.01"), SATISFIED, id="of a cent"),
        pytest.param(budget(limit_amount=...), OPEN, id="of what apply decides"),
        pytest.param(budget(budget_type="USAGE"), VIOLATED, id="of use"),
        pytest.param(budget(budget_type=...), OPEN, id="of a type that apply decides"),
        pytest.param(budget(time_unit="ANNUALLY"), VIOLATED, id="of a year"),
        pytest.param(budget(time_unit=...), OPEN, id="of a time that apply decides"),
        pytest.param(budget(notification=[]), VIOLATED, id="that tells no one"),
        pytest.param(budget(notification=...), OPEN, id="that tells whom apply decides"),
        pytest.param(budget(notification=..., budget_type="USAGE"), VIOLATED, id="of use, for anyone"),
        pytest.param(notifies(threshold=81), VIOLATED, id="too late"),
        pytest.param(notifies(threshold=...), OPEN, id="at what apply decides"),
        pytest.param(notifies(comparison_operator="LESS_THAN"), VIOLATED, id="below"),
        pytest.param(notifies(comparison_operator=...), OPEN, id="above or below"),
        pytest.param(notifies(subscriber_email_addresses=[]), VIOLATED, id="for no one"),
        pytest.param(notifies(subscriber_email_addresses=...), SATISFIED, id="for whom apply names"),
        pytest.param(
            notifies(subscriber_email_addresses=None, subscriber_sns_topic_arns=["arn:aws:sns:::t"]),
            SATISFIED,
            id="for a topic",
        ),
        pytest.param(
            notifies(threshold=800, threshold_type="ABSOLUTE_VALUE"), SATISFIED, id="an amount in time"
        ),
        pytest.param(
            notifies(threshold=801, threshold_type="ABSOLUTE_VALUE"), VIOLATED, id="a late amount"
        ),
        # 80 is in time as a share and as an amount; 800 as an amount alone; 900 as neither.
        pytest.param(notifies(threshold=80, threshold_type=...), SATISFIED, id="either way in time"),
        pytest.param(notifies(threshold=800, threshold_type=...), OPEN, id="in time as an amount"),
        pytest.param(notifies(threshold=900, threshold_type=...), VIOLATED, id="either way late"),
        pytest.param(
            budget(limit_amount=None, notification=[{**IN_TIME, "threshold_type": "ABSOLUTE_VALUE"}]),
            OPEN,
            id="an amount of what AWS adjusts",
        ),
        pytest.param(budget(time_period_end=None), SATISFIED, id="without an end"),
        pytest.param(budget(time_period_end="2087-06-15_00:00"), SATISFIED, id="that never ends"),
        pytest.param(budget(time_period_end="2026-11-25_00:00"), SATISFIED, id="that ends tomorrow"),
        pytest.param(budget(time_period_end="2026-11-24_23:00"), VIOLATED, id="that ends today"),
        pytest.param(budget(time_period_end="2025-12-31_00:00"), VIOLATED, id="that has ended"),
        pytest.param(budget(time_period_end="2026-12-01_00:00"), SATISFIED, id="that ends next month"),
        pytest.param(budget(time_period_end=...), OPEN, id="that ends when apply decides"),
        pytest.param(budget(time_period_end="soon"), OPEN, id="that ends at no time"),
    ],
)
def test_a_budget_that_warns(given: Parts, verdict: Verdict) -> None:
    assert warned(given).verdict is verdict


def test_the_end_of_a_budget_without_a_day_of_the_plan() -> None:
    assert warned(budget(time_period_end="2026-11-25_00:00"), made="").verdict is OPEN
    assert warned(budget(time_period_end="2087-06-15_00:00"), made="").verdict is SATISFIED


def test_what_is_said_where_no_budget_warns() -> None:
    (finding,) = warned(budget(time_unit="DAILY"), budget("c", budget_type="USAGE")).findings
    assert (finding.address, finding.path, finding.verdict) == (f"{SERVICE}.api", "name", VIOLATED)
    assert finding.observed == "no monthly cost budget with such a notification could be found"
    assert finding.expected == ("a monthly cost budget with a notification at or below 80% of its limit")
    assert finding.remedy == "add a monthly aws_budgets_budget of type COST with a notification at 80%"
    assert finding.related == (f"{BUDGET}.b",)
    assert warned(budget(time_unit="DAILY"), budget("c")).verdict is SATISFIED


def large(limit: int | None = 1000, **values: Any) -> Judgement:
    """What is judged of the size of a budget."""
    made = plan(budget(**values))
    return billing_alarms.budgets_are_no_larger(made.remaining(BUDGET), limit_usd=limit)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({}, SATISFIED),
        ({"limit_amount": "0"}, SATISFIED),
        ({"limit_amount": "1000.5"}, VIOLATED),
        ({"limit_amount": "some"}, VIOLATED),
        ({"limit_amount": ...}, OPEN),
        ({"limit_amount": None}, OPEN),
        ({"limit_unit": "EUR"}, OPEN),
        ({"limit_unit": ...}, OPEN),
        ({"limit_amount": "2000", "budget_type": ...}, VIOLATED),
        ({"limit_amount": "2000", "time_unit": ...}, VIOLATED),
        ({"limit_amount": "2000", "budget_type": "USAGE"}, NOT_APPLICABLE),
        ({"limit_amount": "2000", "time_unit": "ANNUALLY"}, NOT_APPLICABLE),
    ],
)
def test_the_size_of_a_budget(values: Parts, verdict: Verdict) -> None:
    assert large(**values).verdict is verdict


def test_what_is_said_of_the_size_of_a_budget() -> None:
    (finding,) = large(limit_amount="2000").findings
    assert finding.expected == "a limit of at most 1,000 USD a month"
    assert finding.remedy == "lower limit_amount to what a month may cost"
    reason = "no monthly budget at scale is stated: cost.monthly_budget_at_scale_usd"
    assert large(None) == Judgement((), reason=f"{reason} in policies/limits.toml")
    assert large(None, time_unit="DAILY") == Judgement(())


def counts(*others: Parts, **values: Any) -> Judgement:
    """What is judged of the filters of a budget, beside something with tags."""
    tagged = resource("aws_s3_bucket", "images", tags_all={"Team": "web", "Stage": "live"})
    made = plan(budget(**values, tags_all={}), tagged, *others)
    return billing_alarms.budgets_count_something(made, made.remaining(BUDGET))


def by_tag(*values: Any, name: Any = "TagKeyValue") -> Parts:
    """A filter of a budget."""
    return {"cost_filter": [{"name": name, "values": list(values)}]}


UNTAGGED: Final = resource("aws_s3_bucket", "later", tags_all=...)
PARTLY: Final = resource("aws_s3_bucket", "later", tags_all={"Team": ...})
GOES: Final = resource("aws_s3_bucket", "old", actions=["delete"], before={"tags_all": {"Team": "x"}})


@pytest.mark.parametrize(
    ("others", "values", "verdict"),
    [
        ([], by_tag("user:Team$web"), SATISFIED),
        ([], by_tag("user:Team$shop", "user:Stage$live"), SATISFIED),
        ([], by_tag("user:Team$shop"), VIOLATED),
        ([], by_tag("Team$web"), VIOLATED),
        ([], by_tag(...), OPEN),
        ([], by_tag("user:Team$shop", name=...), OPEN),
        ([], by_tag("eu-west-1", name="Region"), SATISFIED),
        ([UNTAGGED], by_tag("user:Team$shop"), OPEN),
        ([PARTLY], by_tag("user:Team$shop"), OPEN),
        ([GOES], by_tag("user:Team$x"), VIOLATED),
        ([GOES, PARTLY], by_tag("user:Team$shop"), OPEN),
        ([], {"filter_expression": [{"dimensions": [{"key": "REGION"}]}]}, SATISFIED),
        ([], {"filter_expression": [{"tags": [{"key": "Team"}]}]}, OPEN),
        ([], {"filter_expression": [{"and": [{}]}]}, OPEN),
        ([], {"filter_expression": [{"or": [{}]}]}, OPEN),
        ([], {"filter_expression": [{"not": [{}]}]}, OPEN),
        ([], {"filter_expression": [{"tags": ...}]}, OPEN),
        ([], {"filter_expression": [...]}, OPEN),
    ],
)
def test_a_filter_that_fits_something(others: list[Parts], values: Parts, verdict: Verdict) -> None:
    found = counts(*others, **values)
    assert found.verdict is verdict
    for each in found.findings:
        assert each.expected == "a tag that some resource of the plan carries"
        if "cost_filter" in values:
            assert each.path == "cost_filter[0].values"
            assert each.remedy == "write it as user:KEY$VALUE, with a tag of the resources"


SUBNET: Final = "aws_subnet"
ENDPOINT: Final = "aws_vpc_endpoint"
S3: Final[Parts] = {
    "vpc_endpoint_type": "Gateway",
    "service_name": "com.amazonaws.eu-west-1.s3",
    "route_table_ids": ["rtb-1"],
}


def pulls(*parts: Parts, inside: bool = False, written: tuple[Parts, ...] = ()) -> Judgement:
    """What is judged of a service whose subnets the plan makes, or that are somewhere else."""
    subnets = refers(f"{SUBNET}.s.id", f"{SUBNET}.s") if inside else constant(["subnet-1"])
    made = plan(
        resource(
            *(SERVICE, "api"),
            name="api",
            network_configuration=[{"subnets": [...] if inside else ["subnet-1"]}],
        ),
        resource(SUBNET, "s", id=...),
        *parts,
        configuration=configuration(
            block(SERVICE, "api", network_configuration=[{"subnets": subnets}]),
            block(SUBNET, "s"),
            *written,
        ),
    )
    return billing_alarms.images_take_the_endpoint(made, made.remaining(SERVICE))


@pytest.mark.parametrize(
    ("endpoint", "verdict"),
    [
        (S3, SATISFIED),
        (S3 | {"vpc_endpoint_type": None}, SATISFIED),
        (S3 | {"vpc_endpoint_type": "Interface"}, VIOLATED),
        (S3 | {"vpc_endpoint_type": ...}, OPEN),
        (S3 | {"service_name": "com.amazonaws.eu-west-1.dynamodb"}, VIOLATED),
        (S3 | {"service_name": ...}, OPEN),
        (S3 | {"route_table_ids": []}, VIOLATED),
        (S3 | {"route_table_ids": ...}, OPEN),
    ],
)
def test_an_endpoint_for_s3(endpoint: Parts, verdict: Verdict) -> None:
    found = pulls(resource(ENDPOINT, "e", **endpoint))
    assert found.verdict is verdict
    for each in found.findings:
        assert each.observed == "no S3 gateway endpoint with a route table could be found"
        assert each.expected == "a gateway endpoint for S3 with route tables"
        assert each.remedy == "add aws_vpc_endpoint for S3; a gateway endpoint costs nothing"


ROUTED: Final = block("aws_route", "r", nat_gateway_id=refers("var.x"))
UNROUTED: Final = block("aws_route", "r")


@pytest.mark.parametrize(
    ("parts", "written", "examined"),
    [
        pytest.param([], (), False, id="no way out"),
        pytest.param([resource("aws_nat_gateway", "n")], (), True, id="a NAT gateway"),
        pytest.param(
            [resource("aws_ec2_transit_gateway_vpc_attachment", "n")], (), True, id="a transit gateway"
        ),
        pytest.param(
            [resource("aws_route_table", "t", route=[{"gateway_id": "igw-1", "nat_gateway_id": None}])],
            (),
            False,
            id="a table that leads to the internet",
        ),
        pytest.param(
            [resource("aws_route_table", "t", route=[{"nat_gateway_id": "nat-1"}])],
            (),
            True,
            id="a table with a NAT gateway from elsewhere",
        ),
        pytest.param(
            [resource("aws_default_route_table", "t", route=[{"transit_gateway_id": ...}])],
            (),
            True,
            id="the default table with a gateway of apply",
        ),
        pytest.param(
            [resource("aws_route", "r", instance_id="i-1")], (UNROUTED,), True, id="a route to a machine"
        ),
        pytest.param(
            [resource("aws_route", "r", nat_gateway_id=None)], (UNROUTED,), False, id="a route elsewhere"
        ),
        pytest.param(
            [resource("aws_route", "r", nat_gateway_id=...)], (ROUTED,), True, id="a route of apply"
        ),
        pytest.param(
            [resource("aws_route", "r", nat_gateway_id=...)],
            (UNROUTED,),
            False,
            id="a route of which the provider reports the gateway",
        ),
    ],
)
def test_a_network_without_a_nat_gateway_needs_no_endpoint(
    parts: list[Parts], written: tuple[Parts, ...], *, examined: bool
) -> None:
    found = pulls(*parts, inside=True, written=written)
    if examined:
        assert found.verdict is VIOLATED
    else:
        assert found == Judgement((), reason="the plan makes the network, without a NAT gateway")


def test_a_service_in_another_network_may_have_a_nat_gateway() -> None:
    assert pulls().verdict is VIOLATED
    assert pulls(inside=True).verdict is NOT_APPLICABLE
