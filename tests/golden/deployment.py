"""Golden plans about deployments: health checks, time and rollback."""

from typing import Any

from tests.golden.recipe import Scenario
from tests.golden.settings import attribute
from tests.support.container_edits import container
from tests.support.cutting import only
from tests.support.making import added, another, keyed, schedule
from tests.support.recipe_edits import Edit, known, left_out, together, unknown, waiting_for

SERVICE = "aws_ecs_service.api"
TARGET = "aws_appautoscaling_target.api"
MOVED = (f"{TARGET}.resource_id", TARGET)
MAXIMUM = "deployment_maximum_percent"
GROUP = "aws_lb_target_group.api"
SCALED_SERVICES = only("corrected", "aws_ecs_service", "aws_appautoscaling_target")
GROUPS = only("corrected", GROUP)
SERVICES = only("corrected", SERVICE)

SECOND = "aws_lb_target_group.second"
CHECK = {
    "enabled": True,
    "healthy_threshold": 3,
    "interval": 10,
    "matcher": "",
    "path": "",
    "protocol": "TCP",
    "unhealthy_threshold": 2,
}


def group(protocol: str | None, check: dict[str, Any] | None = None, **other: Any) -> Edit:
    """A second target group, for another protocol; its checks differ from those over TCP in `check`."""
    values = {"deregistration_delay": "60", "health_check": [CHECK | (check or {})], "target_type": "ip"}
    return added(SECOND, values | {"protocol": protocol} | other)


TASK = "aws_ecs_task_definition.api"
HOST = "aws_ssm_parameter.database_host"
PASSWORD, VALUE = "aws_secretsmanager_secret.app", "aws_secretsmanager_secret_version.app"
RUNS_IT = {"task_definition": [f"{TASK}.arn", TASK]}
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf:password::"
# Nothing but the task definition comes before the service.
ALONE = together(waiting_for(TASK), waiting_for(HOST), waiting_for(SERVICE, **RUNS_IT))


def reading(source: str, *references: str) -> Edit:
    """The container reads one secret, and the service names nothing but its task definition."""
    told = {"container_definitions": list(references)} if references else {}
    return together(
        container(secrets=[{"name": "DB_PASSWORD", "valueFrom": source}]),
        waiting_for(TASK, **told),
        waiting_for(SERVICE, **RUNS_IT),
    )


SECRET = together(
    added(PASSWORD, {"name": "app"}),
    added(VALUE, {}, refers={"secret_id": [f"{PASSWORD}.id", PASSWORD]}),
    waiting_for(PASSWORD),
    waiting_for(VALUE, secret_id=[f"{PASSWORD}.id", PASSWORD]),
)

SCENARIOS = [
    Scenario("DEP-01.1", SCALED_SERVICES)
    .satisfied("breaker rolls back")
    .violated("no breaker", left_out(SERVICE, "deployment_circuit_breaker"))
    .violated("breaker off", known(SERVICE, "deployment_circuit_breaker[0].enable", False))
    .violated(
        "stops without rolling back", known(SERVICE, "deployment_circuit_breaker[0].rollback", False)
    )
    .undetermined(
        "rollback known after apply", unknown(SERVICE, "deployment_circuit_breaker[0].rollback")
    )
    .undetermined("whole block known after apply", unknown(SERVICE, "deployment_circuit_breaker")),
    Scenario("DEP-02.1", only("corrected", "aws_lb_target_group"))
    .satisfied("health")
    .violated("root", known(GROUP, "health_check[0].path", "/"))
    .violated("a longer path", known(GROUP, "health_check[0].path", "/health/deep"))
    .violated("over TCP", known(GROUP, "health_check[0].protocol", "TCP"))
    .satisfied("TCP asked over TCP", group("TCP"))
    .satisfied("UDP asked over TCP", group("UDP"))
    .satisfied("GENEVE asked over TCP", group("GENEVE"))
    .violated("TCP asked over HTTP", group("TCP", {"protocol": "HTTP", "path": "/"}), deceit="engine")
    .satisfied("functions that nobody asks", group(None, {"enabled": False}, target_type="lambda"))
    .violated(
        "functions asked elsewhere", group(None, {"path": "/"}, target_type="lambda"), deceit="engine"
    )
    .undetermined("protocol of its traffic known after apply", group("TCP"), unknown(SECOND, "protocol"))
    .violated("null block and none written", left_out(GROUP, "health_check"), deceit="default")
    .undetermined("path known after apply", unknown(GROUP, "health_check[0].path"))
    .undetermined("block computed", left_out(GROUP, "health_check", computed=True)),
    attribute(
        *("DEP-02.2", GROUPS, GROUP, "health_check[0].matcher"),
        good={"every success": "200-299", "two of them": "200,204"},
        bad={"not found": "200-499", "moved": "200,301"},
        unset="undetermined",
        computed=True,
    )
    .satisfied("TLS asked over TCP", group("TLS"))
    .violated("TLS asked over HTTP", group("TLS", {"protocol": "HTTPS", "matcher": "200-399"}))
    .violated(
        "load balancers as targets",
        group("TCP", {"protocol": "HTTP", "matcher": "200-399"}, target_type="alb"),
        deceit="engine",
    )
    .satisfied(
        "gRPC has codes of its own",
        group("HTTP", {"protocol": "HTTP", "matcher": "0"}, protocol_version="GRPC"),
    )
    .undetermined(
        "protocol of the check known after apply",
        group("TCP"),
        unknown(SECOND, "health_check[0].protocol"),
    ),
    attribute(
        *("DEP-02.3", GROUPS, GROUP, "health_check[0].interval"),
        good={"exactly a minute": 20},
        bad={"over a minute": 21},
        unset="undetermined",
        computed=True,
    )
    .violated("as inherited", base=only("inherited", GROUP))
    .violated("TCP found late", group("TCP", {"interval": 31}))
    .violated("no check at all", known(GROUP, "health_check[0].enabled", False), deceit="empty")
    .satisfied(
        "functions that nobody asks",
        group(None, {"enabled": False, "interval": 300}, target_type="lambda"),
    )
    .violated("functions found late", group(None, {"interval": 300}, target_type="lambda")),
    Scenario("DEP-03.1", only("corrected", "aws_ecs_service"))
    .satisfied("a minute")
    .satisfied("exactly 30 seconds", known(SERVICE, "health_check_grace_period_seconds", 30))
    .violated("29 seconds", known(SERVICE, "health_check_grace_period_seconds", 29))
    .violated("none", known(SERVICE, "health_check_grace_period_seconds", 0))
    .violated("left out", left_out(SERVICE, "health_check_grace_period_seconds"))
    .undetermined("known after apply", unknown(SERVICE, "health_check_grace_period_seconds")),
    attribute(
        *("DEP-04.1", SERVICES, SERVICE, "deployment_minimum_healthy_percent"),
        bad={"one may go": 99, "all may go": 0},
        unset="undetermined",
    ),
    Scenario("DEP-04.1", SCALED_SERVICES)
    .satisfied("a whole task more", known(SERVICE, MAXIMUM, 150))
    .satisfied("by AWS's default", left_out(SERVICE, MAXIMUM))
    .satisfied(
        "twice as many at one task", known(TARGET, "min_capacity", 1), known(SERVICE, MAXIMUM, 200)
    )
    .satisfied(
        "a daemon beside it, whose task always stops first",
        another(
            SERVICE, "agent", name="agent", scheduling_strategy="DAEMON", deployment_maximum_percent=100
        ),
    )
    .violated("no more than all", known(SERVICE, MAXIMUM, 100))
    .violated("fewer than all", known(SERVICE, MAXIMUM, 50))
    .violated("no whole task more", known(SERVICE, MAXIMUM, 149), deceit="unit")
    .violated(
        "no whole task more at night",
        known(SERVICE, MAXIMUM, 150),
        schedule("night", *MOVED, min_capacity="1"),
        deceit="overruled",
    )
    .violated(
        "no more than all, fewest known after apply",
        known(SERVICE, MAXIMUM, 100),
        unknown(TARGET, "min_capacity"),
    )
    .undetermined("maximum known after apply", unknown(SERVICE, MAXIMUM))
    .undetermined(
        "half more of an unknown number", known(SERVICE, MAXIMUM, 150), unknown(TARGET, "min_capacity")
    )
    .undetermined(
        "perhaps a daemon", unknown(SERVICE, "scheduling_strategy"), known(SERVICE, MAXIMUM, 100)
    )
    .undetermined(
        "deployed by CodeDeploy",
        known(SERVICE, MAXIMUM, 100),
        known(SERVICE, "deployment_controller", [{"type": "CODE_DEPLOY"}]),
    ),
    attribute(
        *("DEP-05.1", GROUPS, GROUP, "deregistration_delay"),
        good={"exactly two minutes": "120"},
        bad={"over two minutes": "121", "at once": "0"},
        unset="violated",
    )
    .satisfied("functions have none", group(None, target_type="lambda", deregistration_delay="300"))
    .violated("packets are kept long", group("GENEVE", deregistration_delay="300")),
    attribute(
        *("DEP-06.1", SERVICES, SERVICE, "wait_for_steady_state"),
        bad={"does not wait": False},
        unset="violated",
    ),
    Scenario("DEP-07.1", only("corrected", SERVICE, TASK, HOST), waiting_for(HOST))
    .satisfied("as corrected")
    .satisfied("waits for it alone", ALONE, waiting_for(SERVICE, HOST, **RUNS_IT))
    .satisfied(
        "takes its name from it", ALONE, waiting_for(TASK, container_definitions=[f"{HOST}.arn", HOST])
    )
    .satisfied("reads nothing of the plan", ALONE, container(secrets=[]))
    .satisfied("reads a parameter elsewhere", reading("/shared/host"))
    .violated("built from names", ALONE)
    .undetermined("perhaps what is read", ALONE, unknown(HOST, "name"))
    .violated("waits for the cluster only", ALONE, waiting_for(SERVICE, TASK, **RUNS_IT))
    .violated(
        "read by its log driver",
        ALONE,
        container(
            secrets=[],
            logConfiguration={
                "logDriver": "splunk",
                "secretOptions": [
                    {"name": "token", "valueFrom": "/classifier-production/database/host"}
                ],
            },
        ),
        deceit="shape",
    )
    .violated("a secret by its name", SECRET, reading(ARN), waiting_for(HOST))
    .violated(
        "a secret without its value",
        SECRET,
        reading(ARN, f"{PASSWORD}.arn", PASSWORD),
        deceit="companion",
    )
    .satisfied(
        "a secret and its value",
        SECRET,
        reading(ARN, f"{PASSWORD}.arn", PASSWORD),
        waiting_for(SERVICE, VALUE, **RUNS_IT),
    )
    .undetermined(
        "through a local",
        ALONE,
        waiting_for(SERVICE, triggers=["local.order"], **RUNS_IT),
        deceit="perhaps",
    )
    .undetermined("containers known after apply", ALONE, unknown(TASK, "container_definitions")),
    attribute(
        *("DEP-08.1", only("corrected", TASK), TASK, "skip_destroy"),
        bad={"deregistered": False},
        unset="violated",
    )
    .violated("null", known(TASK, "skip_destroy", None), deceit="empty")
    .violated("a text", known(TASK, "skip_destroy", "false"), deceit="spelling")
    .violated(
        "one key of two", keyed(TASK, "skip_destroy", {"x": True, "y": False}), deceit="another one"
    ),
]
