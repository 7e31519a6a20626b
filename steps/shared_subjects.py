"""Steps that choose what the requirements of several areas are about."""

from collections.abc import Sequence

from pytest_bdd import given, when

from planspec import Plan, ResourceChange
from planspec.aws import Database, services, task_definitions
from planspec.judgements.encryption import buckets
from planspec.judgements.exposure import exposure, load_balancers
from planspec.judgements.generic import subjects
from planspec.judgements.observability import logs


@given("the planned change to our infrastructure")
def planned_change(plan: Plan) -> None:
    """The plan under judgement; it was read and found fit to be judged before any scenario."""


@when("we examine every database that will exist after the change", target_fixture="databases")
def examine_databases(plan: Plan) -> Sequence[Database]:
    """Databases that the change deletes are not examined; what deletes them is a change."""
    return exposure.databases(plan)


@when("we examine every service that will exist after the change", target_fixture="services")
def examine_services(plan: Plan) -> Sequence[ResourceChange]:
    """Services of ECS."""
    return services(plan)


@when(
    "we examine every task definition that will exist after the change",
    target_fixture="task_definitions",
)
def examine_task_definitions(plan: Plan) -> Sequence[ResourceChange]:
    """Task definitions of ECS, whether or not a service of the plan runs them."""
    return task_definitions(plan)


@when("we examine every bucket that will exist after the change", target_fixture="examined_buckets")
def examine_buckets(plan: Plan) -> Sequence[ResourceChange]:
    """Every bucket, also those for logs."""
    return buckets.buckets(plan)


@when("we examine every log group that will exist after the change", target_fixture="log_groups")
def examine_log_groups(plan: Plan) -> Sequence[ResourceChange]:
    """Log groups of CloudWatch."""
    return logs.log_groups(plan)


@when("we examine every listener of a load balancer", target_fixture="listeners")
def examine_listeners(plan: Plan) -> Sequence[ResourceChange]:
    """Listeners of application and network load balancers."""
    return exposure.listeners(plan)


@when("we examine every way into our networks", target_fixture="boundary")
def examine_ways_in(plan: Plan) -> subjects.WaysIn:
    """Ingress rules in all their forms."""
    return subjects.WaysIn(plan)


@when(
    "we examine every image repository that will exist after the change",
    target_fixture="image_repositories",
)
def examine_image_repositories(plan: Plan) -> subjects.ImageRepositories:
    """Repositories of ECR."""
    return subjects.ImageRepositories(plan)


@when("we examine every topic for messages", target_fixture="topics")
def examine_topics(plan: Plan) -> subjects.Topics:
    """Topics of SNS."""
    return subjects.Topics(plan)


@when("we examine every alarm", target_fixture="examined_alarms")
def examine_alarms(plan: Plan) -> subjects.Alarms:
    """Alarms of CloudWatch."""
    return subjects.Alarms(plan)


@when("we examine every policy that scales a service", target_fixture="scaling_policies")
def examine_scaling_policies(plan: Plan) -> subjects.ScalingPolicies:
    """Policies of Application Auto Scaling."""
    return subjects.ScalingPolicies(plan)


@when("we examine every load balancer that will exist after the change", target_fixture="balancers")
def examine_balancers(plan: Plan) -> Sequence[ResourceChange]:
    """Application and network load balancers."""
    return load_balancers.balancers(plan)
