"""Outcomes about putting a new version into service: health checks, time and rollback."""

from typing import Final

from planspec.judgements.deployment import deployment
from planspec.vocabulary import forms, subjects
from planspec.vocabulary.model import Outcome

OUTCOMES: Final = (
    Outcome(
        subjects.ECS_SERVICE,
        forms.ENABLED,
        "the deployment circuit breaker with rollback",
        lambda a: deployment.roll_back(a.resources),
        "deployment_circuit_breaker",
        "enable = true, rollback = true",
        "A failed deployment rolls back; rollback by deployment alarms does not count.",
    ),
    Outcome(
        subjects.TARGET_GROUP,
        forms.IS,
        "the health check path",
        lambda a: deployment.ask_for_health(a.plan, a.resources, path=a.texts[0]),
        "health_check.path",
        "the path",
        "Its health checks ask this path over HTTP.",
    ),
    Outcome(
        subjects.TARGET_GROUP,
        "its health check must accept only 2xx status codes",
        "",
        lambda a: deployment.believe_only_success(a.resources),
        "health_check.matcher",
        "200 to 299",
        "Only answers of success are taken for healthy.",
    ),
    Outcome(
        subjects.TARGET_GROUP,
        forms.AT_MOST,
        "the unhealthy target detection time",
        lambda a: deployment.find_the_dead(a.resources, maximum_seconds=a.number),
        "health_check.interval times health_check.unhealthy_threshold",
        "seconds",
        "A target that stops answering is out within this time.",
        unit="seconds",
    ),
    Outcome(
        subjects.ECS_SERVICE,
        forms.AT_LEAST,
        "the health check grace period",
        lambda a: deployment.wait_before_health_checks_count(a.resources, minimum_seconds=a.number),
        "health_check_grace_period_seconds",
        "seconds",
        "Behind a load balancer, new tasks get this time to start.",
        unit="seconds",
    ),
    Outcome(
        subjects.ECS_SERVICE,
        "the minimum healthy percent must be at least <number>% and leave room to start a task",
        "",
        lambda a: deployment.keep_serving(a.plan, a.resources, minimum_percent=a.number),
        "deployment_minimum_healthy_percent, deployment_maximum_percent",
        "a share",
        "So much of its tasks stays while it is deployed, and a new task can start.",
    ),
    Outcome(
        subjects.TARGET_GROUP,
        forms.AT_MOST,
        "the deregistration delay",
        lambda a: deployment.let_go_soon(a.resources, maximum_seconds=a.number),
        "deregistration_delay",
        "seconds, above 0",
        "A target that leaves is deregistered after this time.",
        unit="seconds",
    ),
    Outcome(
        subjects.ECS_SERVICE,
        forms.ENABLED,
        "waiting for steady state",
        lambda a: deployment.wait_until_it_runs(a.resources),
        "wait_for_steady_state",
        "true",
        "An apply ends only when its new tasks run.",
    ),
)
