"""What a requirement can be about that is spread over several kinds of resources.

Each When of this kind hands on a subject of its own type, and the outcomes that look it up in the plan
take that type. So an outcome cannot be put behind a When that chose something else: `pairing`
refuses it before anything is judged.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from planspec.judgements.generic.selections import Selection
from planspec.plan import Plan


class InPlan(NamedTuple):
    """A subject that the outcome looks up in the plan itself."""

    plan: Plan


class Boundary(InPlan):
    """What decides who reaches our networks, as a whole; two Whens hand on a kind of it."""


class WaysIn(Boundary):
    """What lets traffic into our networks: ingress rules in all their forms."""


class WaysOut(InPlan):
    """What lets traffic out to the internet: egress rules in all their forms."""


class WaysBetween(InPlan):
    """Rules of security groups that are not about the internet."""


class TargetGroups(InPlan):
    """Target groups of load balancers."""


class DataChanges(InPlan):
    """Changes to resources that hold data."""


class ImageRepositories(InPlan):
    """Repositories of container images."""


class Firewalls(InPlan):
    """Web application firewalls."""


class IdentityPolicies(InPlan):
    """Policies for users, groups and roles."""


class ResourcePolicies(InPlan):
    """Policies that say who may use a resource."""


class Rights(InPlan):
    """Every policy that gives rights, as it was and as it will be."""


class DataGuards(InPlan):
    """What guards data, as it was and as it will be: encryption, backups."""


class NetworkGuards(Boundary):
    """What guards networks, as it was and as it will be."""


class Topics(InPlan):
    """Topics of SNS."""


class Alarms(InPlan):
    """Alarms of CloudWatch."""


class OwnKeys(InPlan):
    """Customer managed keys of KMS."""


class Budgets(InPlan):
    """Budgets of AWS."""


class ScalingPolicies(InPlan):
    """Policies of Application Auto Scaling."""


class Clusters(InPlan):
    """Clusters of ECS."""


class Stores(InPlan):
    """Buckets and image repositories."""


class Variables(Selection):
    """The variables of the root module, all of them."""


class Outputs(Selection):
    """The outputs of the root module, all of them."""


class Providers(Selection):
    """The provider configurations, all of them."""


TYPES: Final[Mapping[str, str]] = {
    "databases": "aws_db_instance",
    "services": "aws_ecs_service",
    "task_definitions": "aws_ecs_task_definition",
    "examined_buckets": "aws_s3_bucket",
    "log_groups": "aws_cloudwatch_log_group",
    "listeners": "aws_lb_listener",
    "balancers": "aws_lb",
    "target_groups": "aws_lb_target_group",
    "image_repositories": "aws_ecr_repository",
    "examined_firewalls": "aws_wafv2_web_acl",
    "topics": "aws_sns_topic",
    "examined_alarms": "aws_cloudwatch_metric_alarm",
    "own_keys": "aws_kms_key",
    "budgets": "aws_budgets_budget",
    "scaling_policies": "aws_appautoscaling_policy",
    "clusters": "aws_ecs_cluster",
}
"""The usual resource type of a subject, by the fixture that holds it: who wants to filter, or to ask
for an attribute, writes `we examine every planned "TYPE"`."""
