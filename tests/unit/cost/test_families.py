"""Is each type priced by what is known of it, whatever else is not?

An argument that becomes known only after apply makes of a price a range, or "at least": never another
price, and nothing of what does not hang on it is lost.
"""

from decimal import Decimal
from typing import Any

import pytest

from planspec.cost import PRICED
from planspec.cost.usage import Usage, _Entry
from planspec.estimate import HOURS, Bucket, Component, Estimate
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


ONE = "aws_launch_template.workers"
BY_REFERENCE = {
    "launch_template": [
        {
            "id": {"references": [f"{ONE}.id", ONE]},
            "version": {"references": [f"{ONE}.latest_version", ONE]},
        }
    ]
}
HOUR = Decimal("0.096")
"""An m5.large in us-east-1."""


def fleet(group: Values, template: Values | None = None, *more: Values, **options: Any) -> Estimate:
    """Estimate an autoscaling group that starts from a template whose id apply decides."""
    changed = resource(
        "aws_autoscaling_group.it",
        group | {"launch_template": [{}]},
        expressions=options.pop("expressions", BY_REFERENCE),
    )
    changed["change"]["after_unknown"]["launch_template"] = [{"id": True, "version": True}]
    made = resource(ONE, template or TEMPLATE, unknown=("id", "latest_version"))
    return estimate(changed, made, *more, **options)


def amounts(found: Estimate, key: str) -> tuple[Decimal, Decimal]:
    """The least and the most of a price that all resources take, in units of it."""
    kept = [
        each
        for one in found.resources
        for each in one.after
        if each.price and each.price.key == key and each.quantity is not None
    ]
    least = sum((each.quantity or Decimal(0) for each in kept), Decimal(0))
    most = sum(
        ((each.quantity if each.most is None else each.most) or Decimal(0) for each in kept), Decimal(0)
    )
    return least, most


def unknown_in(found: Estimate) -> str:
    """Everything that is unknown, for a test to look in."""
    return "; ".join(map(str, found.totals().unknown))


SIZES = {"name": "it", "min_size": 1, "max_size": 5, "desired_capacity": 2}


def test_a_group_is_priced_by_its_sizes_and_by_a_template_that_apply_names() -> None:
    found = fleet(SIZES)
    assert not found.totals().unknown
    assert amounts(found, "ec2.linux.m5.large") == (HOURS, 5 * HOURS)
    assert amounts(found, "ebs.gp3") == (Decimal(30), Decimal(150))
    assert amounts(found, "ebs.gp3.iops") == (Decimal(1000), Decimal(5000))


def schedule(name: str, **sizes: int) -> Values:
    """A schedule that sets sizes of the group for a time; -1 leaves one as it is."""
    left = {"min_size": -1, "max_size": -1, "desired_capacity": -1}
    return resource(
        f"aws_autoscaling_schedule.{name}", {"autoscaling_group_name": "it", **left, **sizes}
    )


def test_schedules_move_the_sizes_of_a_group() -> None:
    found = fleet(SIZES, None, schedule("night", min_size=0), schedule("day", max_size=40))
    assert amounts(found, "ec2.linux.m5.large") == (Decimal(0), 40 * HOURS)
    assert amounts(fleet(SIZES, None, schedule("none")), "ec2.linux.m5.large") == (HOURS, 5 * HOURS)


def test_a_schedule_of_which_apply_decides_makes_the_group_at_least() -> None:
    night = resource(
        "aws_autoscaling_schedule.night", {"max_size": 40}, unknown=("autoscaling_group_name",)
    )
    found = fleet(SIZES, None, night)
    assert amounts(found, "ec2.linux.m5.large") == (HOURS, 5 * HOURS)
    assert "which group aws_autoscaling_schedule.night moves" in unknown_in(found)
    later = schedule("night", max_size=40)
    later["change"]["after"].pop("max_size")
    later["change"]["after_unknown"] = {"max_size": True}
    assert "max_size is known after apply" in unknown_in(fleet(SIZES, None, later))


def test_an_unknown_size_leaves_the_others() -> None:
    group = resource("aws_autoscaling_group.it", GROUP | {"max_size": None}, unknown=("max_size",))
    found = estimate(group, resource(ONE, TEMPLATE))
    assert amounts(found, "ec2.linux.m5.large") == (HOURS, 2 * HOURS)
    assert "max_size is known after apply" in unknown_in(found)


MIXED: Values = {
    "instances_distribution": [{"on_demand_percentage_above_base_capacity": 100}],
    "launch_template": [
        {
            "launch_template_specification": [{"launch_template_name": "workers", "version": "$Latest"}],
            "override": [{"instance_type": "m5.large"}, {"instance_type": "m5.xlarge"}],
        }
    ],
}


def mixed(**more: Any) -> Estimate:
    """Estimate a group with a policy of several types."""
    policy = {**MIXED, **more}
    group = resource("aws_autoscaling_group.it", SIZES | {"mixed_instances_policy": [policy]})
    return estimate(group, resource(ONE, TEMPLATE | {"block_device_mappings": []}))


def machines_of(found: Estimate) -> tuple[Decimal, Decimal]:
    """What the machines cost an hour, at the least and at the most."""
    one = next(each for each in found.resources[0].after if each.name.startswith("Instances ("))
    assert one.bands
    return one.bands[0].low / HOURS, one.bands[1].high / HOURS


def test_several_types_are_a_range_and_spot_lowers_it() -> None:
    assert machines_of(mixed()) == (HOUR, 5 * 2 * HOUR)
    spot = mixed(instances_distribution=[{"on_demand_percentage_above_base_capacity": 0}])
    assert machines_of(spot) == (HOUR / 10, 5 * 2 * HOUR)


@pytest.mark.parametrize(
    "override",
    [{"weighted_capacity": "2"}, {"instance_requirements": [{"vcpu_count": [{"min": 2}]}]}],
)
def test_an_override_that_is_not_a_type_alone_is_unknown(override: Values) -> None:
    template = {**MIXED["launch_template"][0], "override": [{"instance_type": "m5.large", **override}]}
    assert "an override with" in unknown_in(mixed(launch_template=[template]))


def test_no_type_without_a_price_is_left_out_of_the_range() -> None:
    template = {
        **MIXED["launch_template"][0],
        "override": [{"instance_type": "m5.large"}, {"instance_type": "x9.huge"}],
    }
    assert "no price for ec2.linux.x9.huge" in unknown_in(mixed(launch_template=[template]))


@pytest.mark.parametrize(
    ("stated", "version", "is_known"),
    [
        ({"latest_version": 3, "default_version": 3}, "$Default", True),
        ({"latest_version": 3, "default_version": 3}, "3", True),
        ({"latest_version": 3, "default_version": 1}, "$Latest", True),
        ({"latest_version": 3, "default_version": 1}, "$Default", False),
        ({"latest_version": 3, "default_version": 1, "update_default_version": True}, "$Default", True),
        ({"latest_version": 3, "default_version": 3}, "2", False),
    ],
)
def test_a_template_counts_in_the_version_that_is_meant(
    stated: Values, version: str, is_known: bool
) -> None:
    template = TEMPLATE | stated
    group = GROUP | {"launch_template": [{"name": "workers", "version": version}]}
    found = estimate(
        resource("aws_autoscaling_group.it", group),
        resource(ONE, template, before=template, actions=["no-op"]),
    )
    assert bool(found.totals().unknown) is not is_known


def test_the_default_of_a_template_that_changes_is_not_its_newest() -> None:
    by_default = {
        "launch_template": [
            {
                "id": {"references": [f"{ONE}.id", ONE]},
                "version": {"references": [f"{ONE}.default_version", ONE]},
            }
        ]
    }
    changed = resource(
        "aws_autoscaling_group.it",
        SIZES | {"launch_template": [{"name": "workers"}]},
        expressions=by_default,
    )
    changed["change"]["after_unknown"]["launch_template"] = [{"version": True}]
    template = resource(ONE, TEMPLATE, before=TEMPLATE, unknown=("latest_version",))
    assert "which version of" in unknown_in(estimate(changed, template))


def test_an_instance_takes_from_its_template_what_it_does_not_say_itself() -> None:
    template = [{"name": "workers", "version": "$Latest"}]
    found = estimate(
        resource("aws_instance.it", {"launch_template": template}, unknown=("id",)),
        resource(ONE, TEMPLATE),
    )
    assert amounts(found, "ec2.linux.m5.large") == (HOURS, HOURS)
    own = {"launch_template": template, "instance_type": "t3.micro"}
    found = estimate(resource("aws_instance.it", own), resource(ONE, TEMPLATE))
    assert amounts(found, "ec2.linux.t3.micro") == (HOURS, HOURS)
    assert amounts(found, "ebs.gp3") == (Decimal(30), Decimal(30))
    found = estimate(resource("aws_instance.it", {"launch_template": [{"name": "elsewhere"}]}))
    assert "its launch template is not in this plan" in unknown_in(found)


def test_a_launch_configuration_is_followed() -> None:
    old = {
        "name": "old",
        "instance_type": "m5.large",
        "root_block_device": [{"volume_size": 8, "volume_type": "gp2"}],
        "enable_monitoring": False,
    }
    group = resource("aws_autoscaling_group.it", SIZES | {"launch_configuration": "old"})
    found = estimate(group, resource("aws_launch_configuration.old", old))
    assert amounts(found, "ec2.linux.m5.large") == (HOURS, 5 * HOURS)
    assert amounts(found, "ebs.gp2") == (Decimal(8), Decimal(40))
    assert not found.totals().unknown


def test_a_node_group_is_priced_by_its_sizes_and_its_template() -> None:
    size = {"scaling_config": [{"min_size": 1, "max_size": 4, "desired_size": 2}]}
    plain = estimate(resource("aws_eks_node_group.it", size))
    assert amounts(plain, "ec2.linux.t3.medium") == (HOURS, 4 * HOURS)
    assert amounts(plain, "ebs.gp2") == (Decimal(20), Decimal(80))
    template = {"launch_template": [{"name": "workers", "version": "$Latest"}]}
    found = estimate(resource("aws_eks_node_group.it", size | template), resource(ONE, TEMPLATE))
    assert amounts(found, "ec2.linux.m5.large") == (HOURS, 4 * HOURS)
    assert amounts(found, "ebs.gp3") == (Decimal(30), Decimal(120))
    assert amounts(found, "ebs.gp2") == (Decimal(0), Decimal(0))


def test_serverless_v2_moves_between_the_units_of_its_cluster() -> None:
    instance = {
        "cluster_identifier": "main",
        "engine": "aurora-postgresql",
        "instance_class": "db.serverless",
    }
    limits = {"serverlessv2_scaling_configuration": [{"min_capacity": 0.5, "max_capacity": 8}]}
    found = estimate(
        resource("aws_rds_cluster.main", CLUSTER | limits),
        resource("aws_rds_cluster_instance.it", instance),
    )
    assert amounts(found, "aurora.acu") == (HOURS / 2, 8 * HOURS)
    optimised = CLUSTER | limits | {"storage_type": "aurora-iopt1"}
    found = estimate(
        resource("aws_rds_cluster.main", optimised), resource("aws_rds_cluster_instance.it", instance)
    )
    assert amounts(found, "aurora.acu.io_optimized") == (HOURS / 2, 8 * HOURS)
    alone = estimate(resource("aws_rds_cluster_instance.it", instance))
    assert "its cluster is not in this plan" in unknown_in(alone)


def test_hours_that_are_declared_take_the_place_of_the_month() -> None:
    usage = Usage([_Entry("aws_instance.it", "ec2.linux.t3.micro", "off at night", quantity="220")])
    found = estimate(resource("aws_instance.it", {"instance_type": "t3.micro"}), usage=usage)
    assert amounts(found, "ec2.linux.t3.micro") == (Decimal(220), Decimal(220))
    assert any("off at night" in text for text in found.resources[0].assumptions)


def test_replicated_writes_are_use_in_the_region_of_the_replica() -> None:
    table = {"name": "it", "billing_mode": "PAY_PER_REQUEST", "replica": [{"region_name": "eu-west-1"}]}
    found = estimate(resource("aws_dynamodb_table.it", table))
    names = {each.name: each for each in found.resources[0].after}
    assert names["Replicated writes (eu-west-1)"].bucket is Bucket.USAGE
    stored = names["Storage (eu-west-1)"].price
    assert stored
    assert stored.region == "eu-west-1"
    usage = Usage(
        [_Entry("aws_dynamodb_table.it", "dynamodb.on_demand.replicated_write", "x", quantity="3")]
    )
    found = estimate(resource("aws_dynamodb_table.it", table), usage=usage)
    assert "no price for dynamodb.on_demand.replicated_write in eu-west-1" in unknown_in(found)


def test_an_address_that_the_plan_makes_is_counted_once() -> None:
    balancer = resource(
        "aws_lb.it",
        {"load_balancer_type": "network", "internal": False, "subnet_mapping": [{"subnet_id": "a"}]},
        expressions={
            "subnet_mapping": [
                {"allocation_id": {"references": ["aws_eip.it.id", "aws_eip.it"]}, "subnet_id": {}}
            ]
        },
    )
    balancer["change"]["after_unknown"]["subnet_mapping"] = [{"allocation_id": True}]
    found = estimate(balancer, resource("aws_eip.it", {"domain": "vpc"}, unknown=("id",)))
    assert amounts(found, "ipv4.public") == (HOURS, HOURS)


def test_a_region_that_apply_decides_is_not_that_of_the_provider() -> None:
    found = estimate(resource("aws_nat_gateway.it", {}, unknown=("region",)))
    assert "the plan does not tell the region" in unknown_in(found)


@pytest.mark.parametrize("region", ["eu-central-1", "ap-southeast-2", "us-gov-west-1"])
@pytest.mark.parametrize("kind", SAMPLES)
def test_a_region_without_prices_has_none_of_another(kind: str, region: str) -> None:
    values, others = SAMPLES[kind]
    there = [resource(address, each) for address, each in others.items()]
    found = estimate(resource(f"{kind}.it", values), *there, region=region)
    prices = [each.price for each in parts(found, kind) if each.price is not None]
    assert {price.region for price in prices} <= {"global", "us-west-2"}


NIGHT = {
    "resource_id": "table/orders",
    "service_namespace": "dynamodb",
    "scalable_dimension": "dynamodb:table:WriteCapacityUnits",
    "scalable_target_action": [{"min_capacity": "1", "max_capacity": "400"}],
}
WRITES = {
    "resource_id": "table/orders",
    "scalable_dimension": "dynamodb:table:WriteCapacityUnits",
    "min_capacity": 5,
    "max_capacity": 40,
}


def test_schedules_move_the_capacity_of_a_table() -> None:
    table = resource("aws_dynamodb_table.it", SAMPLES["aws_dynamodb_table"][0])
    target = resource("aws_appautoscaling_target.it", WRITES)
    found = estimate(table, target, resource("aws_appautoscaling_scheduled_action.night", NIGHT))
    # The index has one of its own.
    assert amounts(found, "dynamodb.provisioned.wcu") == (2 * HOURS, 401 * HOURS)


def test_schedules_count_before_the_change_too() -> None:
    action = TARGET | {"scalable_target_action": [{"min_capacity": None, "max_capacity": "40"}]}
    was = [
        resource(address, None, before=values)
        for address, values in (
            ("aws_ecs_service.api", SERVICE),
            ("aws_ecs_task_definition.api", TASK),
            ("aws_appautoscaling_target.api", TARGET),
            ("aws_appautoscaling_scheduled_action.night", action),
        )
    ]
    before = estimate(*was).totals(before=True)
    assert before.most == 20 * before.least


def test_a_target_of_which_apply_decides_leaves_the_capacity_open() -> None:
    table = resource("aws_dynamodb_table.it", SAMPLES["aws_dynamodb_table"][0])
    known = {name: value for name, value in WRITES.items() if name != "resource_id"}
    target = resource("aws_appautoscaling_target.it", known, unknown=("resource_id",))
    found = estimate(table, target)
    assert "what aws_appautoscaling_target.it scales is known after apply" in unknown_in(found)


def test_a_multi_az_cluster_has_its_own_prices_and_never_those_of_an_instance() -> None:
    found = priced("aws_rds_cluster")
    assert amounts(found, "rds.storage.gp3.multi_az_cluster") == (Decimal(100), Decimal(100))
    assert "no price for rds.postgres.multi_az_cluster.db.m6gd.large" in unknown_in(found)


@pytest.mark.parametrize(
    ("to", "key"),
    [(None, "cloudwatch.logs.vended"), ("s3", "cloudwatch.logs.vended.s3")],
)
def test_a_flow_log_is_use_by_where_it_goes(to: str | None, key: str) -> None:
    found = estimate(resource("aws_flow_log.it", {"log_destination_type": to} if to else {}))
    assert [each.price.key for each in found.resources[0].after if each.price] == [key]
    assert found.totals().complete


def test_an_alarm_of_which_apply_decides_is_not_the_cheaper_one() -> None:
    alarm = resource("aws_cloudwatch_metric_alarm.it", {"metric_query": [{"id": "m", "metric": [{}]}]})
    alarm["change"]["after_unknown"] = {"metric_query": [{"metric": [{"period": True}]}]}
    assert "known after apply" in unknown_in(estimate(alarm))
