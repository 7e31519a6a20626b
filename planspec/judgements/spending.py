"""Does somebody hear of the bill before it comes, and does traffic take the cheap way?"""

from collections.abc import Sequence

from planspec.finding import Judgement, Verdict, judge
from planspec.judgements.attribute import found
from planspec.plan import Plan, ResourceChange
from planspec.value import NULL, UNKNOWN, Known

SUBSCRIBERS = ("subscriber_sns_topic_arns", "subscriber_email_addresses")


def watched_by_a_budget(plan: Plan, services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether a budget of the plan tells somebody before a month's money is spent.

    Which costs the budget counts is not judged. Source: AWS Budgets API, NotificationWithSubscribers.
    """
    budgets = plan.remaining("aws_budgets_budget")
    return _each(
        services,
        [(budget, _warns(budget)) for budget in budgets],
        "a budget with a notification",
        "no budget of this plan surely tells somebody",
        "add aws_budgets_budget with a notification at 80 %",
    )


def _warns(budget: ResourceChange) -> bool | None:
    """Subscribers that apply decides are subscribers: somebody wrote them."""
    place = budget.after.get("notification")
    if place.reading is UNKNOWN:
        return None
    told = [block.get(name).is_set for block in place.elements() for name in SUBSCRIBERS]
    return any(each is not False for each in told)


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
