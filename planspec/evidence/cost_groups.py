"""Which parts of a bill does a reader see as one kind?

The bars of the chart: tasks, databases, load balancers. By the key of the price, which begins with
the service.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple

from planspec.estimate import ResourceCost


class Bar(NamedTuple):
    """Everything of a kind, in US dollars a month: before, after at the least, after at the most."""

    label: str
    before: Decimal
    after: Decimal
    after_most: Decimal


# Bars of the chart by the beginning of the price's key; the longest that fits counts.
GROUPS: Final = {
    "aurora": "Databases",
    "cloudtrail": "Monitoring",
    "cloudwatch": "Monitoring",
    "dynamodb": "Tables",
    "ebs": "Volumes",
    "ec2": "Instances",
    "ecr": "Storage",
    "efs": "Storage",
    "eks": "Clusters",
    "elasticache": "Caches",
    "elb": "Load balancers",
    "fargate": "Tasks on Fargate",
    "ipv4": "Public IPv4 addresses",
    "kms": "Keys and secrets",
    "lambda": "Functions",
    "nat": "NAT gateways",
    "rds": "Databases",
    "rds.extended_support": "Extended support",
    "rds.iops": "Database storage",
    "rds.storage": "Database storage",
    "rds.throughput": "Database storage",
    "route53": "Names",
    "s3": "Storage",
    "secretsmanager": "Keys and secrets",
    "sns": "Messages",
    "sqs": "Messages",
    "vpce": "Endpoints",
    "waf": "AWS WAF",
}


def group_of(key: str) -> str:
    """The bar that a price belongs to."""
    parts = key.split(".")
    names = (".".join(parts[:length]) for length in (2, 1))
    return next((GROUPS[name] for name in names if name in GROUPS), "Other")


def bars(resources: Iterable[ResourceCost]) -> list[Bar]:
    """Add up by kind, the dearest first. What has no figure, or costs nothing, has no bar."""
    sums: dict[str, list[Decimal]] = {}
    for resource in resources:
        for side, components in enumerate((resource.before, resource.after)):
            for each in components:
                cost, most = each.monthly_cost, each.most_monthly_cost
                if each.price is None or cost is None or most is None:
                    continue
                bar = sums.setdefault(group_of(each.price.key), [Decimal(0)] * 3)
                bar[side] += cost
                bar[2] += most if side else 0
    paid = [Bar(label, *sides) for label, sides in sums.items() if any(sides)]
    return sorted(paid, key=lambda bar: (-max(bar[1:]), bar.label))
