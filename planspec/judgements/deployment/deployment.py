"""Do deployments roll back automatically, and are their health checks right?"""

import re
from collections.abc import Sequence

from planspec.aws import answers_grpc, checked_over_http, invokes_functions, least_tasks
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found, hold, hold_each
from planspec.plan import ABSENT, NULL, UNKNOWN, Known, Plan, ResourceChange, number
from planspec.references import graph

WHOLE = 100
DOUBLE = 200


def roll_back(services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each ECS service has the deployment circuit breaker with rollback enabled.

    Source: Amazon ECS API, DeploymentCircuitBreaker: off by default, and DeploymentConfiguration:
    only for services that ECS itself deploys.
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
    controller = service.after.get("deployment_controller", 0, "type")
    if controller.reading in (NULL, ABSENT, Known("ECS")):
        return None
    verdict = Verdict.UNDETERMINED if controller.reading is UNKNOWN else Verdict.VIOLATED
    return found(service, controller, verdict, "a deployment circuit breaker of ECS that rolls back")


def wait_before_health_checks_count(
    services: Sequence[ResourceChange], *, minimum_seconds: int
) -> Judgement:
    """Judge whether the health check grace period behind a load balancer is at least `minimum_seconds`.

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


def ask_for_health(plan: Plan, groups: Sequence[ResourceChange], *, path: str) -> Judgement:
    """Judge whether each target group with HTTP health checks uses `path` for them.

    Source: Elastic Load Balancing API, CreateTargetGroup, HealthCheckPath: "/" by default.
    """
    asked = [each for each in groups if checked_over_http(each) is not False]
    judgement = judge(
        (group.address for group in asked),
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
            for group in asked
        ),
    )
    return _if_over_http(asked, judgement)


def _if_over_http(groups: Sequence[ResourceChange], judgement: Judgement) -> Judgement:
    """Leave open what is found about a group of which apply decides whether it is asked over HTTP."""
    open_ones = {each.address for each in groups if checked_over_http(each) is None}
    findings = (
        each._replace(verdict=Verdict.UNDETERMINED) if each.address in open_ones else each
        for each in judgement.findings
    )
    return judgement._replace(findings=tuple(findings))


def _protocol(group: ResourceChange) -> Finding | None:
    """A TCP health check has no path; AWS refuses it for a group that is for HTTP."""
    protocol = group.after.get("health_check", 0, "protocol")
    match protocol.reading:
        case Known(value) if str(value).upper() == "TCP":
            return found(group, protocol, Verdict.VIOLATED, "health checks over HTTP")
        case state if state is UNKNOWN:
            return found(group, protocol, Verdict.UNDETERMINED, "health checks over HTTP")
        case _:
            return None


def believe_only_success(groups: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each health check over HTTP accepts only 2xx status codes; gRPC has its own.

    Source: Elastic Load Balancing API, Matcher, HttpCode: "200" by default, and 200 to 399 in a target
    group of a Network Load Balancer.
    """
    over_http = [each for each in groups if checked_over_http(each) is not False]
    asked = [each for each in over_http if not answers_grpc(each)]
    judgement = hold_each(
        asked,
        ("health_check", 0, "matcher"),
        lambda codes: re.fullmatch(r"2\d\d(?:[-,]2\d\d)*", str(codes)) is not None,
        "only codes from 200 to 299",
        remedy='set health_check { matcher = "200" }',
        unset=Verdict.UNDETERMINED,
    )
    return _if_over_http(asked, judgement)


def find_the_dead(groups: Sequence[ResourceChange], *, maximum_seconds: int) -> Judgement:
    """Judge whether each target group detects an unhealthy target within `maximum_seconds`.

    That takes the interval of the health check times the failures that it waits for. Functions need
    no health check. Source: Elastic Load Balancing API, CreateTargetGroup, HealthCheckIntervalSeconds
    and HealthCheckEnabled: off for a function, always on for other targets.
    """
    asked = [
        each for each in groups if not invokes_functions(each) or checked_over_http(each) is not False
    ]
    return judge(
        (group.address for group in asked), (_found_late(group, maximum_seconds) for group in asked)
    )


def _found_late(group: ResourceChange, maximum_seconds: int) -> Finding | None:
    check = group.after.get("health_check", 0)
    expected = f"a dead target is out within {maximum_seconds} seconds"
    if check.get("enabled").reading == Known(False):
        return found(group, check.get("enabled"), Verdict.VIOLATED, expected, remedy="leave enabled out")
    readings = [check.get(name).reading for name in ("interval", "unhealthy_threshold")]
    figures = [number(each.value) for each in readings if isinstance(each, Known)]
    told = [figure for figure in figures if figure is not None]
    seconds = told[0] * told[1] if len(told) == 2 else None
    if seconds is not None and seconds <= maximum_seconds:
        if check.get("enabled").reading is not UNKNOWN:
            return None
        return found(group, check.get("enabled"), Verdict.UNDETERMINED, expected)
    return found(
        group,
        check.get("interval"),
        Verdict.UNDETERMINED if seconds is None else Verdict.VIOLATED,
        expected,
        observed="" if seconds is None else f"takes {seconds:.0f} seconds to find a dead target",
        remedy="shorten interval or unhealthy_threshold of the health check",
    )


def let_go_soon(groups: Sequence[ResourceChange], *, maximum_seconds: int) -> Judgement:
    """Judge whether each target group's deregistration delay is at most `maximum_seconds`.

    Functions have none. Source: Elastic Load Balancing API, TargetGroupAttribute,
    deregistration_delay.timeout_seconds: 300 by default, not supported if the target is a function.
    """
    return hold_each(
        [each for each in groups if not invokes_functions(each)],
        ("deregistration_delay",),
        lambda seconds: 0 < (number(seconds) or 0) <= maximum_seconds,
        f"a deregistration delay of 1 to {maximum_seconds} seconds",
        remedy=f"set deregistration_delay to {maximum_seconds} or less",
    )


def keep_serving(plan: Plan, services: Sequence[ResourceChange], *, minimum_percent: int) -> Judgement:
    """Judge whether each ECS service keeps `minimum_percent` of its tasks and can start another one.

    ECS starts a task only while fewer run than the maximum percent, rounded down; with none stopped
    before, a maximum of 100% or one that makes no whole task stops every deployment. A daemon service is
    not examined: ECS stops its task before it starts the new one. Source: Amazon ECS API,
    DeploymentConfiguration, minimumHealthyPercent, maximumPercent (200 by default).
    """
    asked = [
        each for each in services if each.after.get("scheduling_strategy").reading != Known("DAEMON")
    ]
    return judge(
        (service.address for service in asked),
        (_keeps(service, minimum_percent) or _cannot_start(plan, service) for service in asked),
    )


def _keeps(service: ResourceChange, minimum_percent: int) -> Finding | None:
    return hold(
        service,
        service.after.get("deployment_minimum_healthy_percent"),
        lambda percent: (number(percent) or 0) >= minimum_percent,
        f"at least {minimum_percent} % of the tasks at any time",
        remedy=f"set deployment_minimum_healthy_percent = {minimum_percent}",
        unset=Verdict.UNDETERMINED,
    )


def _cannot_start(plan: Plan, service: ResourceChange) -> Finding | None:
    """Whether the maximum leaves no room for one more task, at the fewest that run."""
    place = service.after.get("deployment_maximum_percent")
    if place.is_left_out:
        return None
    percent = number(place.reading.value) if isinstance(place.reading, Known) else None
    figures = least_tasks(plan, service)
    known = [each.tasks for each in figures or () if each.is_sure and each.tasks is not None]
    complete = figures is not None and all(each.is_sure and each.tasks is not None for each in figures)
    fewest = max(1, min(known)) if known else None
    if percent is not None and percent >= DOUBLE:
        return None
    stuck = percent is not None and (
        percent <= WHOLE or (fewest is not None and fewest * percent // WHOLE <= fewest)
    )
    if percent is not None and not stuck and complete:
        return None
    another = service.after.get("scheduling_strategy").reading is UNKNOWN or service.after.get(
        "deployment_controller", 0, "type"
    ).reading not in (
        NULL,
        ABSENT,
        Known("ECS"),
    )
    tasks = "" if fewest is None or (percent or 0) <= WHOLE else f" with {fewest} tasks"
    return found(
        service,
        place,
        Verdict.VIOLATED if stuck and not another else Verdict.UNDETERMINED,
        "a maximum percent that lets a deployment start a task",
        observed=f"{place.path} is {place.shown}: no deployment can start{tasks}" if stuck else "",
        remedy="set deployment_maximum_percent = 200, or leave it out",
    )


def wait_until_it_runs(services: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each service waits for a steady state during apply.

    Source: AWS provider, aws_ecs_service, wait_for_steady_state: false by default.
    """
    return hold_each(
        services,
        ("wait_for_steady_state",),
        lambda value: value is True,
        "wait_for_steady_state is true",
        remedy="set wait_for_steady_state = true",
    )
