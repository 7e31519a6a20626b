"""Does a budget alert in time, and does traffic to S3 use a gateway endpoint?"""

import re
from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge, not_stated
from planspec.judgements.generic.expect import found, hold
from planspec.plan import NULL, UNKNOWN, Known, Plan, ResourceChange, Value, number
from planspec.references import graph

SUBSCRIBERS = ("subscriber_sns_topic_arns", "subscriber_email_addresses")
# How the provider writes the end of a period: 2087-06-15_00:00.
END = re.compile(r"\d{4}-\d{2}-\d{2}_\d{2}:\d{2}")
NEVER = "2087-06-15_00:00"
WITH_NAT = ("aws_nat_gateway", "aws_ec2_transit_gateway_vpc_attachment")
WAYS_TO_NAT = (
    *("nat_gateway_id", "transit_gateway_id", "core_network_arn"),
    *("network_interface_id", "instance_id"),
)


def watched_by_a_budget(plan: Plan, services: Sequence[ResourceChange], *, percent: int) -> Judgement:
    """Judge whether a monthly cost budget of the plan notifies a subscriber at `percent` of its limit.

    Which costs the budget counts is not judged. Source: AWS Budgets API, Budget, and
    NotificationWithSubscribers.
    """
    budgets = plan.remaining("aws_budgets_budget")
    return _each(
        services,
        [(budget, _warns(plan, budget, percent)) for budget in budgets],
        f"a monthly cost budget with a notification at or below {percent}% of its limit",
        "no monthly cost budget with such a notification could be found",
        "add a monthly aws_budgets_budget of type COST with a notification at 80%",
    )


def _warns(plan: Plan, budget: ResourceChange, percent: int) -> bool | None:
    """Whether a budget is about a month's money, and one of its notifications is in time."""
    monthly = _every((_is_monthly_cost(budget), _has_not_ended(plan, budget), _has_a_limit(budget)))
    place = budget.after.get("notification")
    if place.reading is UNKNOWN:
        return _every((monthly, None))
    in_time = [_notifies(budget, block, percent) for block in place.elements()]
    return _every((monthly, True if True in in_time else None if None in in_time else False))


def _is_monthly_cost(budget: ResourceChange) -> bool | None:
    return _every(
        (
            _is(budget.after.get("budget_type"), "COST"),
            _is(budget.after.get("time_unit"), "MONTHLY"),
        )
    )


def _has_a_limit(budget: ResourceChange) -> bool | None:
    """Whether its limit is more than 0: one of 0 is exceeded by the first cent, and warns of nothing.

    A limit that is not written is planned for each period, or adjusted by AWS.
    """
    limit = budget.after.get("limit_amount").reading
    if limit is UNKNOWN:
        return None
    return not isinstance(limit, Known) or number(limit.value) != 0


def _has_not_ended(plan: Plan, budget: ResourceChange) -> bool | None:
    """Whether the plan was made before the budget ends; of an old plan the day is not known.

    Source: AWS Budgets API, TimePeriod, End: by default 2087-06-15, as the provider writes it too.
    """
    end = budget.after.get("time_period_end").reading
    if end is NULL or end == Known(NEVER):
        return True
    if not isinstance(end, Known) or not END.fullmatch(str(end.value)) or not plan.made_at:
        return None
    # Both begin with the year, the month and the day, in UTC.
    return str(end.value)[:10] > plan.made_at[:10]


def _notifies(budget: ResourceChange, block: Value, percent: int) -> bool | None:
    """Subscribers that are known after apply are subscribers: the configuration names them."""
    subscribed = any(block.get(name).is_set is not False for name in SUBSCRIBERS)
    above = _is(block.get("comparison_operator"), "GREATER_THAN")
    return _every((subscribed, above, _is_within_limit(budget, block, percent)))


def _is_within_limit(budget: ResourceChange, block: Value, percent: int) -> bool | None:
    """Whether the threshold is at most that share of the limit, as a percentage or as an amount."""
    kind, threshold = block.get("threshold_type").reading, block.get("threshold").reading
    amount = number(threshold.value) if isinstance(threshold, Known) else None
    if amount is None:
        return None
    # A limit that AWS adjusts, or that is planned for each period, is not in `limit_amount`.
    limit = budget.after.get("limit_amount").reading
    stated = number(limit.value) if isinstance(limit, Known) else None
    as_amount = None if stated is None else amount <= stated * percent / 100
    if kind == Known("PERCENTAGE"):
        return amount <= percent
    if kind == Known("ABSOLUTE_VALUE"):
        return as_amount
    as_percentage = amount <= percent
    return as_percentage if as_percentage is as_amount else None


def _is(place: Value, wanted: str) -> bool | None:
    reading = place.reading
    return None if reading is UNKNOWN else reading == Known(wanted)


def _every(answers: Sequence[bool | None]) -> bool | None:
    """Whether each answer is yes; no beats unknown."""
    return False if False in answers else None if None in answers else True


def budgets_are_no_larger(budgets: Sequence[ResourceChange], *, limit_usd: int | None) -> Judgement:
    """Judge whether no budget for a month's cost is larger than `limit_usd`, or it warns too late.

    Source: AWS Budgets API, Budget: BudgetLimit, TimeUnit.
    """
    monthly = [
        budget
        for budget in budgets
        if budget.after.get("budget_type").reading in (Known("COST"), UNKNOWN)
        and budget.after.get("time_unit").reading in (Known("MONTHLY"), UNKNOWN)
    ]
    if limit_usd is None:
        what, key = "no monthly budget at scale is stated", "cost.monthly_budget_at_scale_usd"
        return not_stated(monthly, what, key)
    return judge((each.address for each in monthly), (_too_large(each, limit_usd) for each in monthly))


def _too_large(budget: ResourceChange, limit_usd: int) -> Finding | None:
    expected = f"a limit of at most {limit_usd:,} USD a month"
    place, unit = budget.after.get("limit_amount"), budget.after.get("limit_unit")
    if unit.reading != Known("USD"):
        return found(budget, unit, Verdict.UNDETERMINED, expected)
    return hold(
        budget,
        place,
        lambda amount: (stated := number(amount)) is not None and stated <= limit_usd,
        expected,
        remedy="lower limit_amount to what a month may cost",
        unset=Verdict.UNDETERMINED,
    )


def budgets_count_something(plan: Plan, budgets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether every budget that is limited to a tag names one that some resource carries.

    A filter that fits nothing makes a budget that never warns. An expression that may be about tags is
    left open. Source: AWS Budgets API, CostFilters: `user:KEY$VALUE` for TagKeyValue; FilterExpression.
    """
    findings = [
        _counts_nothing(plan, budget, each)
        for budget in budgets
        for each in budget.after.get("cost_filter").elements()
    ]
    return judge((budget.address for budget in budgets), [*findings, *map(_by_expression, budgets)])


def _by_expression(budget: ResourceChange) -> Finding | None:
    """The finding about an expression that is not about dimensions or categories alone."""
    for each in budget.after.get("filter_expression").elements():
        parts = [each.get(name) for name in ("and", "or", "not", "tags")]
        if each.reading is UNKNOWN or any(part.is_set is not False for part in parts):
            expected = "a tag that some resource of the plan carries"
            return found(budget, each, Verdict.UNDETERMINED, expected)
    return None


def _counts_nothing(plan: Plan, budget: ResourceChange, cost_filter: Value) -> Finding | None:
    """The finding about one filter; those that are not about tags say nothing."""
    if cost_filter.get("name").reading not in (Known("TagKeyValue"), UNKNOWN):
        return None
    place = cost_filter.get("values")
    carried, complete = plan.attached(_tags)
    values = [each.reading for each in place.elements()]
    if any(isinstance(each, Known) and each.value in carried for each in values):
        return None
    sure = complete and UNKNOWN not in (*values, cost_filter.get("name").reading)
    return found(
        budget,
        place,
        Verdict.VIOLATED if sure else Verdict.UNDETERMINED,
        "a tag that some resource of the plan carries",
        remedy="write it as user:KEY$VALUE, with a tag of the resources",
    )


def _tags(plan: Plan) -> tuple[frozenset[str], bool]:
    """Every tag that a resource carries, as a budget names it, and whether all of them are known."""
    found_, complete = set(), True
    for change in plan.changes:
        if not (change.managed and change.will_exist):
            continue
        tags = change.after.get("tags_all")
        complete = complete and tags.peek() is not UNKNOWN
        for name, value in tags.entries():
            reading = value.reading
            complete = complete and reading is not UNKNOWN
            if isinstance(reading, Known):
                found_.add(f"user:{name}${reading.value}")
    return frozenset(found_), complete


def images_take_the_endpoint(plan: Plan, services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether the plan has an S3 gateway endpoint for the services that a NAT gateway may serve.

    Layers of images come from S3 too. Which route tables it is in is not judged. A service whose subnets
    the plan makes, without a NAT gateway or another network that may have one, is not examined.
    Source: Amazon VPC, AWS PrivateLink, "Gateway endpoints for Amazon S3".
    """
    endpoints = plan.remaining("aws_vpc_endpoint")
    asked = (
        services if _may_have_nat(plan) else [each for each in services if not _is_inside(plan, each)]
    )
    if not asked and services:
        return Judgement((), reason="the plan makes the network, without a NAT gateway")
    return _each(
        asked,
        [(endpoint, _serves_s3(endpoint)) for endpoint in endpoints],
        "a gateway endpoint for S3 with route tables",
        "no S3 gateway endpoint with a route table could be found",
        "add aws_vpc_endpoint for S3; a gateway endpoint costs nothing",
    )


def _may_have_nat(plan: Plan) -> bool:
    """Whether traffic may take a NAT gateway: one of the plan, or one in another network."""
    if plan.remaining(*WITH_NAT) or any(each.type == WITH_NAT[0] for each in plan.data_sources.values()):
        return True
    tables = plan.remaining("aws_route_table", "aws_default_route_table")
    inline = (route for table in tables for route in table.after.get("route").elements())
    if any(route.get(name).is_set is not False for route in inline for name in WAYS_TO_NAT):
        return True
    return any(
        _leads(plan, route, name) for route in plan.remaining("aws_route") for name in WAYS_TO_NAT
    )


def _leads(plan: Plan, route: ResourceChange, name: str) -> bool:
    """Whether a route goes this way; the provider computes what nobody writes."""
    is_set = route.after.get(name).is_set
    return graph(plan).is_written(route, name) if is_set is None else is_set


def _is_inside(plan: Plan, service: ResourceChange) -> bool:
    """Whether all subnets of a service are made by the plan."""
    made = graph(plan).of(service, "network_configuration", 0, "subnets").each
    return bool(made) and all(
        each.change is not None and each.change.type == "aws_subnet" for each in made
    )


def _serves_s3(endpoint: ResourceChange) -> bool | None:
    kind = endpoint.after.get("vpc_endpoint_type").reading
    name = endpoint.after.get("service_name").reading
    tables = endpoint.after.get("route_table_ids").is_set
    serves = str(name.value).endswith(".s3") if isinstance(name, Known) else None
    gateway = True if kind in (Known("Gateway"), NULL) else None if kind is UNKNOWN else False
    return _every((serves, gateway, tables))


def _each(
    services: Sequence[ResourceChange],
    asked: Sequence[tuple[ResourceChange, bool | None]],
    expected: str,
    observed: str,
    remedy: str,
) -> Judgement:
    """What the plan as a whole must have, asked for each service that needs it."""
    answers = [answer for _, answer in asked]
    lacking = () if True in answers else services
    verdict = Verdict.UNDETERMINED if None in answers else Verdict.VIOLATED
    return judge(
        (service.address for service in services),
        (
            found(
                *(service, service.after.get("name"), verdict, expected),
                observed=observed,
                remedy=remedy,
                related=(each.address for each, _ in asked[:1]),
            )
            for service in lacking
        ),
    )
