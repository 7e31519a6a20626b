"""Steps that choose what a requirement is about."""

from collections.abc import Sequence

from pytest_bdd import given, when

from planspec import Plan, ResourceChange
from planspec.judgements import balancers as guards
from planspec.judgements import buckets, containers, exposure, observability
from planspec.judgements.databases import Database


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
    return containers.services(plan)


@when(
    "we examine every task definition that will exist after the change",
    target_fixture="task_definitions",
)
def examine_task_definitions(plan: Plan) -> Sequence[ResourceChange]:
    """Task definitions of ECS, whether or not a service of the plan runs them."""
    return containers.task_definitions(plan)


@when("we examine every bucket that will exist after the change", target_fixture="examined_buckets")
def examine_buckets(plan: Plan) -> Sequence[ResourceChange]:
    """Every bucket, also those for logs."""
    return buckets.buckets(plan)


@when("we examine every log group that will exist after the change", target_fixture="log_groups")
def examine_log_groups(plan: Plan) -> Sequence[ResourceChange]:
    """Log groups of CloudWatch."""
    return observability.log_groups(plan)


@when("we examine every listener of a load balancer", target_fixture="listeners")
def examine_listeners(plan: Plan) -> Sequence[ResourceChange]:
    """Listeners of application and network load balancers."""
    return exposure.listeners(plan)


@when("we examine every way into our networks")
@when("we examine every target group of a load balancer")
@when("we examine every change to a resource that holds data")
@when("we examine every image repository that will exist after the change")
@when("we examine every way out of our networks")
@when("we examine every way between our own networks")
@when("we examine every firewall")
@when("we examine every policy for users and roles")
@when("we examine every policy that says who may use something of ours")
@when("we examine every topic for messages")
@when("we examine every alarm")
@when("we examine every key of ours")
@when("we examine every budget")
@when("we examine every policy that scales a service")
@when("we examine every cluster that will exist after the change")
@when("we examine every bucket and image repository that will exist after the change")
def examine_the_plan(plan: Plan) -> None:
    """The outcome looks these up itself: they are spread over several kinds of resources."""


@when("we examine every load balancer that will exist after the change", target_fixture="balancers")
def examine_balancers(plan: Plan) -> Sequence[ResourceChange]:
    """Application and network load balancers."""
    return guards.balancers(plan)
