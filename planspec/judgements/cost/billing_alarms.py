"""Does somebody hear of the bill before it comes, and does traffic take the cheap way?"""

from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge, not_stated
from planspec.judgements.generic.expect import found, hold
from planspec.plan import NULL, UNKNOWN, Known, Plan, ResourceChange, Value, number

SUBSCRIBERS = ("subscriber_sns_topic_arns", "subscriber_email_addresses")


def watched_by_a_budget(plan: Plan, services: Sequence[ResourceChange], *, percent: int) -> Judgement:
    """Judge whether a budget of the plan tells somebody at `percent` of its limit, or before.

    Which costs the budget counts is not judged. Source: AWS Budgets API, NotificationWithSubscribers.
    """
    budgets = plan.remaining("aws_budgets_budget")
    return _each(
        services,
        [(budget, _warns(budget, percent)) for budget in budgets],
        "a budget with a notification",
        "no budget of this plan surely tells somebody",
        "add aws_budgets_budget with a notification at 80 %",
    )


def _warns(budget: ResourceChange, percent: int) -> bool | None:
    """Subscribers that apply decides are subscribers: somebody wrote them."""
    place = budget.after.get("notification")
    if place.reading is UNKNOWN:
        return None
    told = [
        block.get(name).is_set
        for block in place.elements()
        if _in_time(block, percent)
        for name in SUBSCRIBERS
    ]
    return any(each is not False for each in told)


def _in_time(block: Value, percent: int) -> bool:
    """Whether a notification comes before the money is spent; one in money is taken for it."""
    operator, kind = block.get("comparison_operator").reading, block.get("threshold_type").reading
    threshold = block.get("threshold").reading
    late = isinstance(threshold, Known) and (number(threshold.value) or 0) > percent
    return operator in (Known("GREATER_THAN"), UNKNOWN) and not (kind == Known("PERCENTAGE") and late)


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
        lambda amount: (number(amount) or limit_usd + 1) <= limit_usd,
        expected,
        remedy="lower limit_amount to what a month may cost",
        unset=Verdict.UNDETERMINED,
    )


def budgets_count_something(plan: Plan, budgets: Sequence[ResourceChange]) -> Judgement:
    """Judge whether every budget that is limited to a tag names one that some resource carries.

    A filter that fits nothing makes a budget that never warns. Source: AWS Budgets API, CostFilters:
    `user:KEY$VALUE` for TagKeyValue.
    """
    findings = (
        _counts_nothing(plan, budget, each)
        for budget in budgets
        for each in budget.after.get("cost_filter").elements()
    )
    return judge((budget.address for budget in budgets), findings)


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
    """Judge whether a gateway endpoint takes traffic to S3 past the NAT gateway.

    Layers of images come from S3 too. Which route tables it stands in is not judged.
    Source: Amazon VPC, AWS PrivateLink, "Gateway endpoints for Amazon S3".
    """
    endpoints = plan.remaining("aws_vpc_endpoint")
    return _each(
        services,
        [(endpoint, _serves_s3(endpoint)) for endpoint in endpoints],
        "a gateway endpoint for S3 with route tables",
        "no gateway endpoint for S3 surely exists",
        "add aws_vpc_endpoint for S3; a gateway endpoint costs nothing",
    )


def _serves_s3(endpoint: ResourceChange) -> bool | None:
    kind = endpoint.after.get("vpc_endpoint_type").reading
    name = endpoint.after.get("service_name").reading
    tables = endpoint.after.get("route_table_ids").is_set
    serves = str(name.value).endswith(".s3") if isinstance(name, Known) else None
    gateway = True if kind in (Known("Gateway"), NULL) else None if kind is UNKNOWN else False
    answers = (serves, gateway, tables)
    return False if False in answers else None if None in answers else True


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
