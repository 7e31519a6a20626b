"""Outcomes about what fits: connections, sizes, limits, storage, and alarms before the end."""

from typing import Final

from planspec.judgements.availability import zone_egress
from planspec.judgements.capacity import (
    alarm_limits,
    ceilings,
    connections,
    fargate_sizes,
    parameter_group,
    scaling_rules,
    storage_speed,
)
from planspec.judgements.cost import oversize
from planspec.judgements.exposure import exposure
from planspec.judgements.observability import logs
from planspec.vocabulary import forms, subjects
from planspec.vocabulary.model import Outcome

_CONNECTIONS: Final = ("DatabaseConnections",)

OUTCOMES: Final = (
    Outcome(
        subjects.DB_INSTANCE,
        "max_connections must cover the peak connections of a deployment",
        "",
        lambda a: connections.connections_fit(a.plan, a.databases, a.parameters.capacity),
        "max_connections of its parameter group",
        "what old and new tasks open together",
        "It accepts the connections of all tasks while a deployment runs old and new ones.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.ALARM_AT,
        "",
        lambda a: logs.warned_in_time(a.plan, a.databases, a.parameters.capacity, percent=a.number),
        "threshold of aws_cloudwatch_metric_alarm",
        "a share of what it accepts, less the reserve",
        "An alarm on its connections fires at this share of those for the service, or before.",
        texts=_CONNECTIONS,
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.ON_DASHBOARD,
        "",
        lambda a: logs.connections_are_shown(a.plan, a.databases),
        "dashboard_body of aws_cloudwatch_dashboard",
        "the metric and the identifier",
        "A dashboard shows the metric of this database.",
        texts=_CONNECTIONS,
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.AT_MOST,
        "idle_in_transaction_session_timeout",
        lambda a: parameter_group.end_idle_transactions(a.plan, a.databases, maximum_seconds=a.number),
        "parameter of its aws_db_parameter_group",
        "milliseconds, above 0",
        "It ends a transaction that has been idle for so long; engines without SQL are not asked.",
        ("idle transaction timeout",),
        unit="seconds",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.ENABLED,
        "storage autoscaling",
        lambda a: oversize.storage_grows(a.databases),
        "max_allocated_storage",
        "more than allocated_storage",
        "Its storage grows before it is full.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.SUPPORTED,
        "storage IOPS",
        lambda a: storage_speed.fits_size(a.plan, a.databases),
        "iops, allocated_storage, storage_type",
        "what AWS offers for the size",
        "The provisioned IOPS are possible for its type and size of storage.",
        ("provisioned IOPS",),
    ),
    Outcome(
        subjects.TASK_DEFINITION,
        forms.SUPPORTED,
        "Fargate task size",
        lambda a: fargate_sizes.are_offered(a.resources),
        "cpu, memory",
        "a pair that Fargate offers",
        "Its CPU and memory are a combination that Fargate offers.",
    ),
    Outcome(
        subjects.TASK_DEFINITION,
        "its containers must fit within its task size",
        "",
        lambda a: fargate_sizes.containers_fit(a.resources),
        "container_definitions: cpu, memory, memoryReservation",
        "no more than cpu and memory of the task",
        "Its containers ask for no more CPU and memory than the task has.",
    ),
    Outcome(
        subjects.ECS_SERVICE,
        "its maximum task count must fit within the database connection limit",
        "",
        lambda a: ceilings.below_the_budget(
            a.plan, a.resources, exposure.databases(a.plan), a.parameters.capacity
        ),
        "max_capacity of its aws_appautoscaling_target and schedules, desired_count",
        "tasks whose pools the database accepts",
        "At its largest it opens no more connections than the database of the plan accepts.",
        ("autoscaling",),
    ),
    Outcome(
        subjects.ALARM,
        "its threshold must leave headroom",
        "",
        lambda a: alarm_limits.ring_in_time(a.plan, a.resources),
        "threshold, comparison_operator",
        "below 100 % of a share; above nothing of what is free",
        "It fires before the limit that it watches is reached: CPU, memory, free storage.",
    ),
    Outcome(
        subjects.ECS_SERVICE,
        "NAT gateways must cover each of its Availability Zones",
        "",
        lambda a: zone_egress.a_way_out_in_each_zone(a.plan, a.resources),
        "network_configuration.subnets, and aws_nat_gateway.subnet_id",
        "a gateway in each zone",
        "If the plan makes NAT gateways, there is one in each zone of the service.",
        ("redundancy",),
    ),
    Outcome(
        subjects.TARGET_TRACKING,
        forms.AT_MOST,
        "the utilization target",
        lambda a: scaling_rules.scale_in_time(a.resources, maximum_percent=a.number),
        "target_tracking_scaling_policy_configuration.target_value",
        "a share above 0",
        "Tasks are added before the present ones use more than this of their CPU or memory.",
        ("autoscaling",),
        unit="%",
    ),
)
