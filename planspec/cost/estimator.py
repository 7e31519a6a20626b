"""Price every resource of a plan, before and after the change."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from planspec.cost.families import (
    clusters,
    compute,
    data,
    fargate,
    machines,
    network,
    observability,
    rds,
    security,
    storage,
)
from planspec.cost.prices import PriceBook
from planspec.cost.resource import PricedResource, Undecided
from planspec.cost.two_sides import View, actions, managed
from planspec.cost.usage import Usage
from planspec.estimate import Component, Estimate, NotPriced, ResourceCost
from planspec.plan import Plan, ResourceChange

PRICED: Final[dict[str, Callable[[PricedResource], None]]] = {
    "aws_alb": network.load_balancer,
    "aws_autoscaling_group": compute.autoscaling_group,
    "aws_cloudtrail": observability.trail,
    "aws_cloudwatch_composite_alarm": observability.composite_alarm,
    "aws_cloudwatch_dashboard": observability.dashboard,
    "aws_cloudwatch_log_group": observability.log_group,
    "aws_cloudwatch_metric_alarm": observability.metric_alarm,
    "aws_db_instance": rds.db_instance,
    "aws_db_proxy": rds.db_proxy,
    "aws_dynamodb_table": data.table,
    "aws_ebs_snapshot": storage.snapshot,
    "aws_ebs_snapshot_copy": storage.snapshot,
    "aws_ebs_volume": storage.volume,
    "aws_ec2_transit_gateway_peering_attachment": network.transit_gateway_attachment,
    "aws_ec2_transit_gateway_vpc_attachment": network.transit_gateway_attachment,
    "aws_ecr_repository": storage.image_repository,
    "aws_ecs_cluster": fargate.ecs_cluster,
    "aws_ecs_service": fargate.ecs_service,
    "aws_efs_file_system": storage.file_system,
    "aws_eip": network.elastic_ip,
    "aws_eks_cluster": compute.kubernetes_cluster,
    "aws_eks_node_group": compute.node_group,
    "aws_elasticache_cluster": data.cache_cluster,
    "aws_elasticache_replication_group": data.cache_group,
    "aws_elb": network.classic_load_balancer,
    "aws_flow_log": observability.flow_log,
    "aws_globalaccelerator_accelerator": network.accelerator,
    "aws_instance": machines.instance,
    "aws_kms_external_key": security.key,
    "aws_kms_key": security.key,
    "aws_kms_replica_key": security.key,
    "aws_lambda_function": compute.function,
    "aws_lb": network.load_balancer,
    "aws_nat_gateway": network.nat_gateway,
    "aws_networkfirewall_firewall": network.firewall,
    "aws_rds_cluster": clusters.cluster,
    "aws_rds_cluster_instance": clusters.instance,
    "aws_route53_health_check": network.health_check,
    "aws_route53_record": network.dns_record,
    "aws_route53_resolver_endpoint": network.resolver_endpoint,
    "aws_route53_zone": network.hosted_zone,
    "aws_s3_bucket": storage.bucket,
    "aws_secretsmanager_secret": security.secret,
    "aws_sns_topic": data.topic,
    "aws_sns_topic_subscription": data.subscription,
    "aws_sqs_queue": data.queue,
    "aws_ssm_parameter": security.parameter,
    "aws_vpc_endpoint": network.vpc_endpoint,
    "aws_vpn_connection": network.vpn_connection,
    "aws_waf_web_acl": security.classic_web_acl,
    "aws_wafregional_web_acl": security.classic_web_acl,
    "aws_wafv2_rule_group": security.rule_group,
    "aws_wafv2_web_acl": security.web_acl,
}


_OF_ANOTHER_TYPE: Final = (TypeError, ValueError, ArithmeticError, AttributeError)


def estimate(
    plan: Plan,
    book: PriceBook,
    *,
    today: date,
    usage: Usage | None = None,
    region: str = "",
) -> Estimate:
    """Return what the plan costs a month, before and after the change.

    `today` decides what depends on a date: extended support, and whether the prices are stale.
    `region` is for resources of which the plan does not tell the region, such as where the provider
    takes it from the environment.
    """
    declared = usage or Usage()
    views = (View(plan, before=True, region=region), View(plan, before=False, region=region))
    found: list[ResourceCost] = []
    strange: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    free = 0
    for change in managed(plan):
        if change.type in book.free_types or book.is_free_provider(change.provider):
            free += 1
        elif change.type in PRICED:
            found.append(_price(change, views, book, declared, today))
        else:
            for side, view in enumerate(views):
                if view.exists(change):
                    strange[side].setdefault(change.type, []).append(change.address)
    return Estimate(
        tuple(found),
        tuple(
            NotPriced(kind, tuple(strange[0].get(kind, ())), tuple(strange[1].get(kind, ())))
            for kind in sorted({*strange[0], *strange[1]})
        ),
        free,
        today,
        book.compiled,
        book.stale(today),
        tuple(book.told_overrides()),
        declared.unused(),
        book,
    )


def _price(
    change: ResourceChange, views: Sequence[View], book: PriceBook, usage: Usage, today: date
) -> ResourceCost:
    """Price one resource on both sides; one that does not change costs the same on both."""
    action = actions(change)
    before, after = views
    then = _side(change, before, book, usage, today) if before.exists(change) else None
    now = _side(change, after, book, usage, today) if after.exists(change) else None
    told = now or then
    name = f"{change.address} (deposed)" if change.deposed else change.address
    if told is None:
        return ResourceCost(name, change.type, "", action)
    return ResourceCost(
        name,
        change.type,
        told.region,
        action,
        _components(then),
        _components(now),
        tuple(told.assumptions),
        tuple(now.inputs) if now else (),
    )


def _side(
    change: ResourceChange, view: View, book: PriceBook, usage: Usage, today: date
) -> PricedResource:
    subject = PricedResource(view, change, book, usage, today)
    try:
        PRICED[change.type](subject)
    except Undecided as undecided:
        subject.unknown("the rest", str(undecided))
    except _OF_ANOTHER_TYPE:
        # The provider gives every attribute its type; a plan that was edited may say anything.
        subject.unknown("the rest", "a value is not of the type that the provider gives it")
    return subject


def _components(subject: PricedResource | None) -> tuple[Component, ...]:
    return tuple(subject.components) if subject else ()
