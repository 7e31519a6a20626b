"""Steps about putting a new version into service: health checks, time and rollback."""

from collections.abc import Callable, Sequence

from pytest_bdd import parsers, then, when

from planspec import Judgement, Plan, ResourceChange
from planspec.judgements.deployment import deployment
from planspec.judgements.generic import subjects

Uphold = Callable[[Judgement], None]


@when("we examine every target group of a load balancer", target_fixture="target_groups")
def examine_target_groups(plan: Plan) -> subjects.TargetGroups:
    """Target groups of application and network load balancers."""
    return subjects.TargetGroups(plan)


@then("a failed deployment of each one rolls back by itself")
def deployments_roll_back(services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every service to a circuit breaker that rolls back."""
    uphold(deployment.roll_back(services))


@then(parsers.parse('each one asks its targets for "{path}"'))
def targets_are_asked(target_groups: subjects.TargetGroups, path: str, uphold: Uphold) -> None:
    """Hold every target group to the health check that the service offers."""
    uphold(deployment.ask_for_health(target_groups.plan, path=path))


@then("each one believes answers of success only")
def checks_believe_success(target_groups: subjects.TargetGroups, uphold: Uphold) -> None:
    """Hold every target group to codes of the 200s."""
    uphold(deployment.believe_only_success(target_groups.plan))


@then(parsers.parse("each one finds a dead target within {seconds:d} seconds"))
def dead_targets_are_found(target_groups: subjects.TargetGroups, seconds: int, uphold: Uphold) -> None:
    """Hold every target group to a short way from the first failure to the last."""
    uphold(deployment.find_the_dead(target_groups.plan, maximum_seconds=seconds))


@then(
    parsers.parse(
        "each one behind a load balancer gives new tasks at least {seconds:d} seconds to start"
    )
)
def tasks_get_time(services: Sequence[ResourceChange], seconds: int, uphold: Uphold) -> None:
    """Hold every service behind a load balancer to a grace period."""
    uphold(deployment.wait_before_health_checks_count(services, minimum_seconds=seconds))


@then(parsers.parse("each one keeps {percent:d} % of its tasks while it is deployed"))
def tasks_stay(services: Sequence[ResourceChange], percent: int, uphold: Uphold) -> None:
    """Hold every service to healthy tasks during a deployment."""
    uphold(deployment.keep_serving(services, minimum_percent=percent))


@then(parsers.parse("each one lets a target go within {seconds:d} seconds"))
def targets_go_soon(target_groups: subjects.TargetGroups, seconds: int, uphold: Uphold) -> None:
    """Hold every target group to a short deregistration."""
    uphold(deployment.let_go_soon(target_groups.plan, maximum_seconds=seconds))


@then("an apply ends only when its new tasks run")
def apply_waits(services: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every service to waiting for a steady state."""
    uphold(deployment.wait_until_it_runs(services))
