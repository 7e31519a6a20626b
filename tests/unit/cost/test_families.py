"""Is each type priced by what is known of it, whatever else is not?

An argument that becomes known only after apply makes of a price a range, or "at least": never another
price, and nothing of what does not hang on it is lost.
"""

from decimal import Decimal
from typing import Any

import pytest

from planspec.cost import PRICED
from planspec.cost.usage import Usage, _Entry
from planspec.estimate import Bucket, Component, Estimate
from tests.unit.cost.test_cost import DATABASE, SERVICE, TASK, estimate, resource

Values = dict[str, Any]
TARGET = {
    "resource_id": "service/main/api",
    "service_namespace": "ecs",
    "scalable_dimension": "ecs:service:DesiredCount",
    "min_capacity": 2,
    "max_capacity": 4,
}
TEMPLATE = {
    "name": "workers",
    "instance_type": "m5.large",
    "ebs_optimized": "true",
    "block_device_mappings": [
        {
            "device_name": "/dev/xvda",
            "ebs": [{"volume_size": 30, "volume_type": "gp3", "iops": 4000, "throughput": 200}],
        }
    ],
}
GROUP = {
    "name": "workers",
    "min_size": 1,
    "max_size": 5,
    "desired_capacity": 2,
    "launch_template": [{"name": "workers", "version": "$Latest"}],
}
CLUSTER = {"cluster_identifier": "main", "engine": "aurora-postgresql", "engine_version": "16.4"}
RULE = {"name": "one", "priority": 1, "statement": []}


# The arguments of each type that decide its price, and what else has to be there.
SAMPLES: dict[str, tuple[Values, dict[str, Values]]] = {
    "aws_alb": ({"load_balancer_type": "application", "internal": False, "subnets": ["a", "b"]}, {}),
    "aws_autoscaling_group": (GROUP, {"aws_launch_template.workers": TEMPLATE}),
    "aws_cloudtrail": ({"insight_selector": [{"insight_type": "ApiCallRateInsight"}]}, {}),
    "aws_cloudwatch_composite_alarm": ({"alarm_name": "all"}, {}),
    "aws_cloudwatch_dashboard": ({"dashboard_name": "main"}, {}),
    "aws_cloudwatch_log_group": ({"name": "api"}, {}),
    "aws_cloudwatch_metric_alarm": ({"period": 10, "metric_name": "CPU"}, {}),
    "aws_db_instance": (
        {
            **DATABASE,
            "engine_version": "13.4",
            "iops": 4000,
            "storage_throughput": 200,
            "max_allocated_storage": 100,
            "performance_insights_enabled": True,
            "performance_insights_retention_period": 93,
            "manage_master_user_password": True,
            "publicly_accessible": True,
            "backup_retention_period": 7,
            "monitoring_interval": 60,
        },
        {},
    ),
    "aws_db_proxy": (
        {"name": "front"},
        {
            "aws_db_proxy_target.one": {"db_proxy_name": "front", "db_instance_identifier": "main"},
            "aws_db_instance.main": {**DATABASE, "identifier": "main"},
        },
    ),
    "aws_dynamodb_table": (
        {
            "name": "orders",
            "billing_mode": "PROVISIONED",
            "read_capacity": 5,
            "write_capacity": 7,
            "global_secondary_index": [{"name": "by", "read_capacity": 1, "write_capacity": 1}],
            "point_in_time_recovery": [{"enabled": True}],
            "replica": [],
        },
        {},
    ),
    "aws_ebs_snapshot": ({"volume_id": "vol-1"}, {}),
    "aws_ebs_snapshot_copy": ({"source_snapshot_id": "snap-1"}, {}),
    "aws_ebs_volume": ({"size": 100, "type": "gp3", "iops": 4000, "throughput": 200}, {}),
    "aws_ec2_transit_gateway_peering_attachment": ({"transit_gateway_id": "tgw-1"}, {}),
    "aws_ec2_transit_gateway_vpc_attachment": ({"transit_gateway_id": "tgw-1"}, {}),
    "aws_ecr_repository": ({"name": "api"}, {}),
    "aws_ecs_cluster": (
        {"name": "main", "setting": [{"name": "containerInsights", "value": "enhanced"}]},
        {},
    ),
    "aws_ecs_service": (
        {
            **SERVICE,
            "network_configuration": [{"assign_public_ip": True}],
        },
        {"aws_ecs_task_definition.api": TASK, "aws_appautoscaling_target.api": TARGET},
    ),
    "aws_efs_file_system": ({"creation_token": "x"}, {}),
    "aws_eip": ({"domain": "vpc"}, {}),
    "aws_eks_cluster": (
        {
            "name": "main",
            "version": "1.29",
            "upgrade_policy": [{"support_type": "EXTENDED"}],
            "compute_config": [{"enabled": False}],
        },
        {},
    ),
    "aws_eks_node_group": (
        {
            "instance_types": ["m5.large", "m5.xlarge"],
            "capacity_type": "SPOT",
            "disk_size": 50,
            "scaling_config": [{"min_size": 1, "max_size": 4, "desired_size": 2}],
        },
        {},
    ),
    "aws_elasticache_cluster": (
        {
            "engine": "redis",
            "node_type": "cache.m6g.12xlarge",
            "num_cache_nodes": 2,
            "snapshot_retention_limit": 1,
        },
        {},
    ),
    "aws_elasticache_replication_group": (
        {
            "replication_group_id": "it",
            "engine": "redis",
            "node_type": "cache.m6g.12xlarge",
            "num_node_groups": 2,
            "replicas_per_node_group": 1,
            "snapshot_retention_limit": 1,
        },
        {},
    ),
    "aws_elb": ({"internal": False, "subnets": ["a", "b"]}, {}),
    "aws_flow_log": ({"log_destination_type": "s3"}, {}),
    "aws_globalaccelerator_accelerator": ({"name": "it"}, {}),
    "aws_instance": (
        {
            "instance_type": "t3.micro",
            "tenancy": "default",
            "ebs_optimized": True,
            "monitoring": False,
            "associate_public_ip_address": True,
            "credit_specification": [{"cpu_credits": "unlimited"}],
            "root_block_device": [{"volume_size": 20, "volume_type": "io1", "iops": 200}],
            "ebs_block_device": [{"volume_size": 30, "volume_type": "gp3", "throughput": 200}],
        },
        {},
    ),
    "aws_kms_external_key": ({"enabled": True}, {}),
    "aws_kms_key": ({"enable_key_rotation": True, "customer_master_key_spec": "ECC_NIST_P256"}, {}),
    "aws_kms_replica_key": ({"enabled": True}, {}),
    "aws_lambda_function": ({"architectures": ["arm64"], "ephemeral_storage": [{"size": 1024}]}, {}),
    "aws_lb": (
        {
            "load_balancer_type": "network",
            "internal": False,
            "subnet_mapping": [{"subnet_id": "a", "allocation_id": "eipalloc-1"}, {"subnet_id": "b"}],
        },
        {},
    ),
    "aws_nat_gateway": ({"connectivity_type": "public", "allocation_id": "eipalloc-1"}, {}),
    "aws_networkfirewall_firewall": ({"subnet_mapping": [{"subnet_id": "a"}, {"subnet_id": "b"}]}, {}),
    "aws_rds_cluster": (
        {
            "cluster_identifier": "it",
            "engine": "postgres",
            "db_cluster_instance_class": "db.m6gd.large",
            "storage_type": "gp3",
            "allocated_storage": 100,
            "manage_master_user_password": True,
        },
        {},
    ),
    "aws_rds_cluster_instance": (
        {
            "cluster_identifier": "main",
            "engine": "aurora-postgresql",
            "instance_class": "db.r6g.large",
            "publicly_accessible": True,
        },
        {"aws_rds_cluster.main": CLUSTER},
    ),
    "aws_route53_health_check": (
        {"type": "HTTPS_STR_MATCH", "request_interval": 10, "measure_latency": True},
        {},
    ),
    "aws_route53_record": ({"name": "it"}, {}),
    "aws_route53_resolver_endpoint": ({"ip_address": [{"subnet_id": "a"}, {"subnet_id": "b"}]}, {}),
    "aws_route53_zone": ({"name": "it"}, {}),
    "aws_s3_bucket": (
        {"bucket": "it"},
        {
            "aws_s3_bucket_lifecycle_configuration.it": {
                "bucket": "it",
                "rule": [{"transition": [{"storage_class": "STANDARD_IA"}]}],
            }
        },
    ),
    "aws_secretsmanager_secret": ({"name": "it", "replica": [{"region": "us-west-2"}]}, {}),
    "aws_sns_topic": ({"fifo_topic": True}, {}),
    "aws_sns_topic_subscription": ({"protocol": "https"}, {}),
    "aws_sqs_queue": ({"fifo_queue": True}, {}),
    "aws_ssm_parameter": ({"tier": "Standard"}, {}),
    "aws_vpc_endpoint": ({"vpc_endpoint_type": "Interface", "subnet_ids": ["a", "b"]}, {}),
    "aws_vpn_connection": ({"transit_gateway_id": "tgw-1"}, {}),
    "aws_waf_web_acl": ({"rules": [{"type": "REGULAR"}]}, {}),
    "aws_wafregional_web_acl": ({"rule": [{"type": "REGULAR"}]}, {}),
    "aws_wafv2_rule_group": ({"rule": [RULE]}, {}),
    "aws_wafv2_web_acl": ({"rule": [RULE, RULE]}, {}),
}
# Arguments on which all that is priced of a type hangs; each is named here with a reason in mind.
DECIDES = {
    "aws_autoscaling_group": {"launch_template"},
    "aws_cloudwatch_metric_alarm": {"period"},
    "aws_db_proxy": {"name"},
    "aws_ebs_volume": {"type"},
    "aws_ecs_cluster": {"setting"},
    "aws_ecs_service": {"launch_type", "cluster", "name", "task_definition"},
    "aws_eks_cluster": {"version"},
    "aws_eks_node_group": {"scaling_config"},
    "aws_flow_log": {"log_destination_type"},
    "aws_sns_topic": {"fifo_topic"},
    "aws_sns_topic_subscription": {"protocol"},
    "aws_sqs_queue": {"fifo_queue"},
    "aws_vpc_endpoint": {"vpc_endpoint_type"},
}


def priced(kind: str, *, unknown: tuple[str, ...] = (), usage: Usage | None = None) -> Estimate:
    """Estimate the sample of a type, of which some arguments are known after apply."""
    values, others = SAMPLES[kind]
    known = {name: value for name, value in values.items() if name not in unknown}
    others_there = [resource(address, each) for address, each in others.items()]
    changed = resource(f"{kind}.it", known, unknown=unknown)
    return estimate(changed, *others_there, usage=usage)


def parts(found: Estimate, kind: str) -> tuple[Component, ...]:
    """The components of the sample itself."""
    return next(each.after for each in found.resources if each.address == f"{kind}.it")


def declared(found: Estimate, kind: str) -> Usage:
    """One of everything that depends on use is declared."""
    keys = {each.price.key for each in parts(found, kind) if each.bucket is Bucket.USAGE and each.price}
    return Usage([_Entry(f"{kind}.it", key, "it is", quantity="1") for key in sorted(keys)])


def bands(found: Estimate, kind: str) -> tuple[Decimal, Decimal]:
    """What the sample costs at the least and at the most, but for what depends on use."""
    each = [one.bands for one in parts(found, kind) if one.bucket is not Bucket.USAGE]
    known = [one for one in each if one is not None]
    return sum((low.low for low, _ in known), Decimal(0)), sum(
        (high.high for _, high in known), Decimal(0)
    )


ARGUMENTS = [(kind, name) for kind, (values, _) in SAMPLES.items() for name in values]


def test_each_priced_type_has_a_sample() -> None:
    assert SAMPLES.keys() == PRICED.keys()


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_sample_that_is_known_is_priced_as_far_as_there_are_prices(kind: str) -> None:
    missing = [each for each in parts(priced(kind), kind) if each.unknown]
    assert all("no price for" in each.unknown or "image decides" in each.unknown for each in missing)


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS)
def test_an_unknown_argument_never_gives_another_price(kind: str, argument: str) -> None:
    known = priced(kind)
    usage = declared(known, kind)
    known = priced(kind, usage=usage)
    found = priced(kind, unknown=(argument,), usage=declared(priced(kind), kind))
    before = {each.price.key: each for each in parts(known, kind) if each.price and not each.unknown}
    for each in parts(found, kind):
        if each.price is None or each.unknown or each.quantity is None:
            continue
        assert each.price.key in before, f"{each.name} is priced as {each.price.key}"
    sums, were = bands(found, kind), bands(known, kind)
    assert sums[0] <= were[0]
    assert any(each.unknown for each in parts(found, kind)) or sums[1] >= were[1]


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS)
def test_an_unknown_argument_does_not_throw_away_what_is_known(kind: str, argument: str) -> None:
    found = parts(priced(kind, unknown=(argument,)), kind)
    kept = [each for each in found if each.price and not each.unknown]
    had = [each for each in parts(priced(kind), kind) if each.price and not each.unknown]
    assert bool(kept) is (bool(had) and argument not in DECIDES.get(kind, ()))


@pytest.mark.parametrize(
    ("kind", "argument", "keys"),
    [
        ("aws_lambda_function", "ephemeral_storage", {"lambda.requests", "lambda.duration.arm"}),
        ("aws_instance", "monitoring", {"ec2.linux.t3.micro", "ipv4.public", "ebs.io1", "ebs.gp3"}),
        ("aws_instance", "root_block_device", {"ec2.linux.t3.micro", "ebs.gp3"}),
        (
            "aws_db_instance",
            "max_allocated_storage",
            {"rds.storage.gp3.single_az", "rds.iops.gp3.single_az"},
        ),
        ("aws_db_instance", "iops", {"rds.storage.gp3.single_az", "rds.throughput.gp3.single_az"}),
        ("aws_dynamodb_table", "read_capacity", {"dynamodb.provisioned.wcu"}),
        ("aws_eks_node_group", "disk_size", {"ec2.linux.m5.xlarge"}),
        ("aws_lb", "load_balancer_type", {"ipv4.public"}),
    ],
)
def test_what_does_not_hang_on_it_stays(kind: str, argument: str, keys: set[str]) -> None:
    found = parts(priced(kind, unknown=(argument,)), kind)
    assert keys <= {each.price.key for each in found if each.price and not each.unknown}
