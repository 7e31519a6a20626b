"""Golden plans about deployments: health checks, time and rollback."""

from typing import Any

from tests.golden.recipe import Scenario
from tests.golden.settings import attribute
from tests.support.cutting import only
from tests.support.making import added, another, schedule
from tests.support.recipe_edits import Edit, known, left_out, unknown

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
]
