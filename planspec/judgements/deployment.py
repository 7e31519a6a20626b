"""Do deployments end well by themselves?"""

from collections.abc import Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.attribute import found, hold, number
from planspec.plan import Plan, ResourceChange
from planspec.reference import graph


def roll_back(services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether a failed deployment of each service stops and goes back by itself.

    Source: Amazon ECS API, DeploymentCircuitBreaker: off by default.
    """
    return judge((each.address for each in services), (_rolls_back(each) for each in services))


def _rolls_back(service: ResourceChange) -> Finding | None:
    breaker = service.after.get("deployment_circuit_breaker", 0)
    for switch in ("enable", "rollback"):
        finding = hold(
            service,
            breaker.get(switch),
            lambda value: value is True,
            "a deployment circuit breaker that rolls back",
            remedy="add deployment_circuit_breaker { enable = true, rollback = true }",
        )
        if finding is not None:
            return finding
    return None


def wait_before_health_checks_count(
    services: Sequence[ResourceChange], *, minimum_seconds: int
) -> Judgement:
    """Judge whether new tasks behind a load balancer get `minimum_seconds` to start.

    Without a grace period ECS replaces tasks that are still starting.
    Source: Amazon ECS API, Service, healthCheckGracePeriodSeconds: 0 by default.
    """
    behind = [each for each in services if each.after.get("load_balancer").is_set is not False]
    return judge(
        (service.address for service in behind),
        (
            hold(
                service,
                service.after.get("health_check_grace_period_seconds"),
                lambda seconds: (number(seconds) or 0) >= minimum_seconds,
                f"a grace period of at least {minimum_seconds} seconds",
                remedy=f"set health_check_grace_period_seconds = {minimum_seconds} or more",
            )
            for service in behind
        ),
    )


def ask_for_health(plan: Plan, *, path: str) -> Judgement:
    """Judge whether every target group asks its targets for `path`.

    Source: Elastic Load Balancing API, CreateTargetGroup, HealthCheckPath: "/" by default.
    """
    groups = plan.remaining("aws_lb_target_group", "aws_alb_target_group")
    return judge(
        (group.address for group in groups),
        (
            hold(
                group,
                group.after.get("health_check", 0, "path"),
                lambda value: value == path,
                f"health checks of {path}",
                remedy=f'set health_check {{ path = "{path}" }}',
                unset=Verdict.UNDETERMINED
                if graph(plan).is_written(group, "health_check")
                else Verdict.VIOLATED,
            )
            or _protocol(group)
            for group in groups
        ),
    )


def _protocol(group: ResourceChange) -> Finding | None:
    """A TCP health check has no path, so it never asks the service."""
    protocol = group.after.get("health_check", 0, "protocol")
    if str(getattr(protocol.reading, "value", "")).upper() == "TCP":
        return found(group, protocol, Verdict.VIOLATED, "health checks over HTTP")
    return None
