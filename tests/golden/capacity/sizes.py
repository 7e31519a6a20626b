"""Golden plans about sizes that exist, ceilings, storage, alarms and ways out."""

from typing import Any, Final

from tests.golden.capacity.connections import GROUP, WHOLE, demand, limit
from tests.golden.recipe import Scenario
from tests.golden.settings import attribute
from tests.support.container_edits import environment
from tests.support.cutting import only
from tests.support.database_clusters import CLUSTER, NOTHING, aurora, documents, multi_az
from tests.support.making import added, another, becomes, schedule, subnet
from tests.support.recipe_edits import (
    Edit,
    known,
    left_out,
    rewritten,
    together,
    unknown,
    unwritten,
    without,
)

DATABASE = "aws_db_instance.main"
DATABASES = only("corrected", DATABASE)
BESIDE: Final = only("corrected", "aws_db_instance")
SERVICE = "aws_ecs_service.api"
TARGET = "aws_appautoscaling_target.api"
MOVED: Final = ("aws_appautoscaling_target.api.resource_id", TARGET)
TASK = "aws_ecs_task_definition.api"
STORAGE_ALARM = 'aws_cloudwatch_metric_alarm.main["database-storage"]'
MEMORY_ALARM = 'aws_cloudwatch_metric_alarm.main["api-memory"]'
SUBNETS = "network_configuration[0].subnets"
IN_TWO_ZONES = together(
    subnet("one", "eu-west-1a"),
    subnet("two", "eu-west-1b"),
    unknown(
        SERVICE, SUBNETS, "aws_subnet.one.id", "aws_subnet.one", "aws_subnet.two.id", "aws_subnet.two"
    ),
)
POLICY = "aws_appautoscaling_policy.cpu"
TRACKING = "target_tracking_scaling_policy_configuration[0]"


def size(cpu: str, memory: str) -> Edit:
    """The task has this processor and memory."""
    return together(known(TASK, "cpu", cpu), known(TASK, "memory", memory))


def asks(**figures: Any) -> Edit:
    """The first container asks for this."""
    return rewritten(TASK, "container_definitions", lambda containers: containers[0].update(figures))


def storage(kind: str, gib: int, iops: int) -> Edit:
    """The storage of the database."""
    return together(
        known(DATABASE, "storage_type", kind),
        known(DATABASE, "allocated_storage", gib),
        known(DATABASE, "iops", iops),
    )


def gateway(name: str, of: str) -> Edit:
    """A NAT gateway in a subnet that the plan makes."""
    refers = {"subnet_id": [f"aws_subnet.{of}.id", f"aws_subnet.{of}"]}
    return added(f"aws_nat_gateway.{name}", {"connectivity_type": "public"}, refers=refers)


SCENARIOS = [
    attribute(
        *("CAP-04.1", DATABASES, DATABASE, "max_allocated_storage"),
        good={"one more": 401},
        bad={"as much as there is": 400, "switched off": 0},
        unset="violated",
    ).undetermined("size known after apply", unknown(DATABASE, "allocated_storage")),
    Scenario("CAP-04.1", NOTHING)
    .satisfied("aurora", aurora())
    .satisfied("documents", documents())
    .violated(
        "a small instance beside",
        aurora(),
        known("aws_db_instance.main", "max_allocated_storage", 0),
        base=BESIDE,
    )
    .undetermined("three machines cannot say it", multi_az())
    .undetermined("engine known after apply", aurora(instances=()), unknown(CLUSTER, "engine")),
    Scenario("CAP-05.1", only("corrected", TASK))
    .satisfied("half a processor")
    .satisfied("with units", size("1 vCPU", "2 GB"))
    .satisfied("the most of four", size("4096", "30720"))
    .satisfied("the most of all", size("16384", "122880"))
    .violated("too little memory", size("512", "512"))
    .violated("no such processor", size("768", "2048"))
    .violated("more than four can have", size("4096", "31744"))
    .violated("memory between two steps", size("8192", "17408"))
    .violated("left out", left_out(TASK, "memory"))
    .violated("second one", another(TASK, "worker", cpu="256", memory="4096"))
    .undetermined("processor known after apply", unknown(TASK, "cpu"))
    .undetermined("where it runs known after apply", unknown(TASK, "requires_compatibilities")),
    Scenario("CAP-05.2", only("corrected", TASK))
    .satisfied("asks for nothing")
    .satisfied("exactly all of it", asks(cpu=512, memory=1024, memoryReservation=1024))
    .violated("one unit too many", asks(cpu=513))
    .violated("limit above the task", asks(memory=1025))
    .violated("reserves more than there is", asks(memoryReservation=2048))
    .undetermined("containers known after apply", unknown(TASK, "container_definitions"))
    .undetermined("size known after apply", unknown(TASK, "cpu"))
    .undetermined("figure that is no number", asks(memory="all")),
    # 120 connections less 14 in reserve are 106; a task opens 10, twice in a deployment.
    Scenario("CAP-06.1", WHOLE, limit("120"))
    .satisfied("as corrected", base=WHOLE)
    .satisfied("exactly at the ceiling", known(TARGET, "max_capacity", 5))
    .satisfied("share of tasks rounded down", demand(7, 150, 2, 5))
    .violated("one above the ceiling", known(TARGET, "max_capacity", 6))
    .violated("one above, rounded down", demand(8, 150, 2, 5))
    .violated("nothing limits it", without(TARGET))
    .violated(
        "as inherited",
        base=only("inherited", "aws_db_instance", "aws_ecs_service", "aws_ecs_task_definition"),
    )
    .violated("the database carries fewer", limit("60"))
    .satisfied("a ceiling at night within it", schedule("night", *MOVED, max_capacity="5"))
    .violated("a ceiling of forty at night", schedule("night", *MOVED, max_capacity="40"))
    .violated("a floor of forty at night", schedule("night", *MOVED, min_capacity="40"))
    .violated("desired above the ceiling", known(SERVICE, "desired_count", 40))
    .satisfied(
        "more run until autoscaling scales in",
        known(SERVICE, "desired_count", 40),
        becomes(SERVICE, "no-op"),
    )
    .violated("a second target with forty", another(TARGET, "second", max_capacity=40))
    .undetermined("a ceiling at night known after apply", schedule("night", *MOVED, later=True))
    .undetermined(
        "forty for a service of its name in an unknown cluster",
        unknown(SERVICE, "cluster"),
        schedule("night", resource_id="service/live/classifier-production-api", max_capacity="40"),
    )
    .undetermined("forty for an unknown service", schedule("night", "local.scaled", max_capacity="40"))
    .undetermined(
        "a target elsewhere with a schedule",
        without(TARGET),
        schedule("night", f"{SERVICE}.name", SERVICE, max_capacity="5"),
    )
    .undetermined("desired count known after apply", unknown(SERVICE, "desired_count"))
    .undetermined("ceiling known after apply", unknown(TARGET, "max_capacity"))
    .undetermined("limit known after apply", unknown(GROUP, "parameter[0].value"))
    .undetermined("two databases", another(DATABASE, "second", identifier="second"))
    .undetermined("percent known after apply", unknown(SERVICE, "deployment_maximum_percent"))
    .undetermined("pool is no number", environment(TASK, {"DB_POOL_SIZE": "many"})),
    Scenario("CAP-07.1", only("corrected", DATABASE))
    .satisfied("what comes with gp3")
    .satisfied("gp3 from 400 GiB on", storage("gp3", 400, 12000))
    .satisfied("io1 for its size", storage("io1", 400, 3000))
    .satisfied("gp2 has no say", storage("gp2", 20, 0))
    .satisfied(
        "what small gp3 has, read from AWS", storage("gp3", 100, 3000), unwritten(DATABASE, "iops")
    )
    .violated("gp3 below 400 GiB", storage("gp3", 100, 4000))
    .violated("gp3 below 400 GiB with what it has", storage("gp3", 100, 3000))
    .violated("gp3 with too few", storage("gp3", 400, 6000))
    .violated("io1 too small", storage("io1", 50, 1000))
    .violated("io1 with too few", storage("io1", 400, 500))
    .violated("io1 with too many for each", storage("io1", 100, 6000))
    .violated("io1 without any", known(DATABASE, "storage_type", "io1"), left_out(DATABASE, "iops"))
    .undetermined(
        "kind known after apply", unknown(DATABASE, "storage_type"), known(DATABASE, "iops", 3000)
    )
    .undetermined(
        "size known after apply", storage("io1", 400, 3000), unknown(DATABASE, "allocated_storage")
    )
    .undetermined("operations known after apply", storage("io1", 400, 3000), unknown(DATABASE, "iops")),
    Scenario("CAP-07.1", NOTHING)
    .satisfied("three machines", multi_az())
    .satisfied("aurora", aurora())
    .violated("three machines with too many", multi_az(iops=30000))
    .undetermined("three machines known after apply", multi_az(), unknown(CLUSTER, "iops")),
    Scenario("CAP-08.1", only("corrected", DATABASE, STORAGE_ALARM, MEMORY_ALARM))
    .satisfied("as corrected")
    .satisfied("ninety-nine", known(MEMORY_ALARM, "threshold", 99))
    .violated("at a hundred percent", known(MEMORY_ALARM, "threshold", 100))
    .violated("when there is nothing left", known(STORAGE_ALARM, "threshold", 0))
    .satisfied("nearly nothing", known(MEMORY_ALARM, "threshold", 0.5))
    .satisfied("a byte", known(STORAGE_ALARM, "threshold", 0.5))
    .violated("more free than there is", known(STORAGE_ALARM, "threshold", 500 * 2**30))
    .violated("as much free as there is", known(STORAGE_ALARM, "threshold", 400 * 2**30))
    .violated(
        "more free than a database has that it refers to",
        known(STORAGE_ALARM, "threshold", 500 * 2**30),
        unknown(DATABASE, "identifier"),
        unknown(STORAGE_ALARM, "dimensions", f"{DATABASE}.identifier", DATABASE),
    )
    .violated("at nothing", known(MEMORY_ALARM, "threshold", 0))
    .undetermined("size known after apply", unknown(DATABASE, "allocated_storage"))
    .undetermined(
        "figure known after apply",
        known(MEMORY_ALARM, "threshold", 100),
        unknown(MEMORY_ALARM, "metric_name"),
    )
    .undetermined(
        "figure of which service known after apply",
        known(MEMORY_ALARM, "threshold", 100),
        unknown(MEMORY_ALARM, "namespace"),
    )
    .violated("when memory is free", known(MEMORY_ALARM, "comparison_operator", "LessThanThreshold"))
    .undetermined("threshold known after apply", unknown(MEMORY_ALARM, "threshold"))
    .undetermined("direction known after apply", unknown(STORAGE_ALARM, "comparison_operator")),
    Scenario("CAP-09.1", only("corrected", "aws_ecs_service", "data.aws_subnet", "data.aws_subnets"))
    .satisfied("one in each zone", IN_TWO_ZONES, gateway("one", "one"), gateway("two", "two"))
    .violated("one for both", IN_TWO_ZONES, gateway("one", "one"))
    .violated(
        "two in one zone",
        IN_TWO_ZONES,
        subnet("three", "eu-west-1a"),
        gateway("one", "one"),
        gateway("two", "three"),
    )
    .violated(
        "the other zone has a private gateway",
        IN_TWO_ZONES,
        gateway("one", "one"),
        gateway("two", "two"),
        known("aws_nat_gateway.two", "connectivity_type", "private"),
    )
    .undetermined(
        "connectivity of the other gateway known after apply",
        IN_TWO_ZONES,
        gateway("one", "one"),
        gateway("two", "two"),
        unknown("aws_nat_gateway.two", "connectivity_type"),
    )
    .undetermined(
        "gateway in an unknown subnet",
        IN_TWO_ZONES,
        gateway("one", "one"),
        added(
            "aws_nat_gateway.two",
            {"connectivity_type": "public"},
            refers={"subnet_id": ["local.subnet"]},
        ),
    )
    .undetermined(
        "subnets of the service unknown",
        IN_TWO_ZONES,
        gateway("one", "one"),
        unknown(SERVICE, SUBNETS, "local.subnets"),
    ),
    attribute(
        *("CAP-10.1", only("corrected", POLICY), POLICY, f"{TRACKING}.target_value"),
        good={"just so": 80},
        bad={"nearly full": 95, "nothing": 0},
    ).undetermined(
        "metric known after apply",
        together(
            unknown(POLICY, f"{TRACKING}.predefined_metric_specification[0].predefined_metric_type"),
            unknown(POLICY, f"{TRACKING}.target_value"),
        ),
    ),
]
