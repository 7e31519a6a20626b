"""Outcomes about redundancy: tasks, Availability Zones, standbys."""

from typing import Final

from planspec.judgements.availability import availability
from planspec.vocabulary import forms, subjects
from planspec.vocabulary.model import Outcome

OUTCOMES: Final = (
    Outcome(
        subjects.ECS_SERVICE,
        forms.AT_LEAST,
        "the minimum task count",
        lambda a: availability.enough_tasks(a.plan, a.resources, minimum_tasks=a.number),
        "desired_count, or min_capacity of its aws_appautoscaling_target and schedules",
        "a number",
        "The minimum of its autoscaling, or its desired count, is not below the limit.",
    ),
    Outcome(
        subjects.ECS_SERVICE,
        forms.ZONES,
        "",
        lambda a: availability.enough_zones(a.plan, a.resources, minimum_zones=a.number),
        "network_configuration.subnets",
        "subnets of so many zones",
        "Its subnets lie in so many Availability Zones, or more.",
        ("Multi-AZ", "redundancy"),
    ),
    Outcome(
        subjects.ECS_SERVICE,
        forms.ENABLED,
        "Availability Zone rebalancing",
        lambda a: availability.return_to_every_zone(a.resources),
        "availability_zone_rebalancing",
        "ENABLED",
        "ECS spreads the tasks over all zones again after one was away.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.ENABLED,
        "Multi-AZ",
        lambda a: availability.standby_in_another_zone(a.databases),
        "multi_az",
        "true; of a cluster, instances in two zones",
        "It has a standby in another Availability Zone.",
        ("standby", "failover", "redundancy"),
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.ZONES,
        "",
        lambda a: availability.databases_in_zones(a.plan, a.databases, minimum_zones=a.number),
        "db_subnet_group_name",
        "subnets of so many zones",
        "Its subnet group lies in so many Availability Zones, or more.",
        ("redundancy",),
    ),
    Outcome(
        subjects.BALANCER,
        forms.ZONES,
        "",
        lambda a: availability.enough_zones(
            a.plan, a.resources, minimum_zones=a.number, path=("subnets",)
        ),
        "subnets",
        "subnets of so many zones",
        "Its subnets lie in so many Availability Zones, or more.",
        ("redundancy",),
    ),
)
