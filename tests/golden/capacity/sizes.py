"""Golden plans about sizes that exist, ceilings, storage, alarms and ways out."""

import json
from collections.abc import Callable
from typing import Any, Final

from tests.golden.capacity.connections import GROUP, HOST, OLD, WHOLE, WITH_HOST, demand, limit
from tests.golden.recipe import Scenario
from tests.golden.settings import attribute
from tests.support.before_after import there, was
from tests.support.container_edits import environment
from tests.support.cutting import only
from tests.support.database_clusters import CLUSTER, NOTHING, aurora, documents, multi_az
from tests.support.making import added, another, becomes, schedule, subnet
from tests.support.recipe_edits import (
    Edit,
    found,
    known,
    left_out,
    partly_known,
    rewritten,
    together,
    unknown,
    unwritten,
    without,
)
from tests.support.values_and_marks import Document

DATABASE = "aws_db_instance.main"
DATABASES = only("corrected", DATABASE)
PARTS: Final = (
    *("aws_db_instance", "aws_db_parameter_group", "aws_ecs_service", "aws_ecs_task_definition"),
    "aws_appautoscaling_target",
)
RELEASE: Final = only("release", *PARTS)
STEADY: Final = only("steady", *PARTS)
BESIDE: Final = only("corrected", "aws_db_instance")
SERVICE = "aws_ecs_service.api"
LIMIT = "max_connections"
TARGET = "aws_appautoscaling_target.api"
MOVED: Final = ("aws_appautoscaling_target.api.resource_id", TARGET)
TASK = "aws_ecs_task_definition.api"
STORAGE_ALARM = 'aws_cloudwatch_metric_alarm.main["database-storage"]'
MEMORY_ALARM = 'aws_cloudwatch_metric_alarm.main["api-memory"]'
SUBNETS = "network_configuration[0].subnets"
IN_THE_THIRD_ZONE = "subnet-12d0764b4a65c7fbf"
IN_TWO_ZONES = together(
    subnet("one", "eu-west-1a"),
    subnet("two", "eu-west-1b"),
    unknown(
        SERVICE, SUBNETS, "aws_subnet.one.id", "aws_subnet.one", "aws_subnet.two.id", "aws_subnet.two"
    ),
)
MORE = another(TARGET, "night", max_capacity=40)
POLICY = "aws_appautoscaling_policy.cpu"
TRACKING = "target_tracking_scaling_policy_configuration[0]"
OF_A_TABLE: Final = {
    "service_namespace": "dynamodb",
    "resource_id": "table/images",
    "scalable_dimension": "dynamodb:table:ReadCapacityUnits",
    "target_tracking_scaling_policy_configuration": [{"target_value": 95, "disable_scale_in": True}],
}


def size(cpu: str, memory: str) -> Edit:
    """The task has this processor and memory."""
    return together(known(TASK, "cpu", cpu), known(TASK, "memory", memory))


def rewritten_before(rewrite: Callable[[Any], None]) -> Edit:
    """The containers said something else before the change."""

    def edit(plan: Document) -> None:
        for each in found(plan, TASK):
            containers = json.loads(each["change"]["before"]["container_definitions"])
            rewrite(containers)
            each["change"]["before"]["container_definitions"] = json.dumps(containers)

    return edit


def ran(tasks: int, processes: int, pool: int) -> Edit:
    """Before the release so many tasks ran, each with processes that held a pool."""
    named = {"WEB_CONCURRENCY": str(processes), "DB_POOL_SIZE": str(pool)}

    def rewrite(containers: Any) -> None:
        kept = [one for one in containers[0]["environment"] if one["name"] not in named]
        own = [{"name": name, "value": named[name]} for name in named]
        containers[0]["environment"] = [*kept, *own]

    def scaled(plan: Document) -> None:
        """An update that changes nothing is none."""
        for each in (one["change"] for one in found(plan, TARGET)):
            each["before"]["max_capacity"] = tasks
            same = each["before"] == each["after"]
            each["actions"] = ["no-op"] if same else ["update"]

    return together(was(SERVICE, "desired_count", tasks), scaled, rewritten_before(rewrite))


def ran_without_a_pool() -> Edit:
    """Before the release the containers stated no pool."""
    return rewritten_before(lambda containers: containers[0].update(environment=[]))


def to_the_side() -> Edit:
    """CodeDeploy makes a second set of tasks."""
    return known(SERVICE, "deployment_controller", [{"type": "CODE_DEPLOY"}])


def at_night(most: int) -> Edit:
    """A scheduled action lets there be so many tasks."""
    name = "service/classifier-production/classifier-production-api"
    capacity = {"max_capacity": most, "min_capacity": 1}
    says = {"resource_id": name, "scalable_target_action": [capacity]}
    return added("aws_appautoscaling_scheduled_action.night", says)


def released(tasks: int, percent: int, pool: int) -> Edit:
    """The release has so many tasks, each with one process and this pool."""
    return demand(tasks, percent, 1, pool)


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


MEMORY_FREE = known(STORAGE_ALARM, "metric_name", "FreeableMemory")


def asked(space: str, metric: str, *expressions: str) -> Edit:
    """The alarm on memory asks for a metric by a query, and for what is reckoned from it."""
    told = {"namespace": space, "metric_name": metric, "period": 60, "stat": "Average"}
    queries = [{"id": "m", "metric": [told], "expression": None, "return_data": not expressions}]
    for each in expressions:
        queries.append({"id": "e", "metric": [], "expression": each, "return_data": True})
    alone = ("namespace", "metric_name", "period", "statistic", "dimensions")
    gone = [left_out(MEMORY_ALARM, name) for name in alone]
    return together(*gone, known(MEMORY_ALARM, "metric_query", queries))


def reckoned(space: str, metric: str) -> Edit:
    """The alarm on memory watches twice this metric."""
    return asked(space, metric, "m * 2")


def gateways(*zones: str) -> Edit:
    """NAT gateways in the public subnets of these zones, which exist."""

    def edit(plan: Document) -> None:
        for each in plan["prior_state"]["values"]["root_module"]["resources"]:
            zone = each["values"].get("availability_zone")
            if each["address"].startswith("data.aws_subnet.public[") and zone in zones:
                values = {"connectivity_type": "public", "subnet_id": each["values"]["id"]}
                added(f"aws_nat_gateway.{zone[-1]}", values)(plan)

    return edit


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
    .violated(
        "a floor of forty at night", schedule("night", *MOVED, min_capacity="40"), deceit="overruled"
    )
    .violated("desired above the ceiling", known(SERVICE, "desired_count", 40), deceit="before")
    .satisfied(
        "more run until autoscaling scales in",
        known(SERVICE, "desired_count", 40),
        becomes(SERVICE, "no-op"),
    )
    .violated(
        "a second target with forty", another(TARGET, "second", max_capacity=40), deceit="overruled"
    )
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
    .violated("more at night", at_night(40))
    .undetermined("ceiling known after apply", unknown(TARGET, "max_capacity"))
    .undetermined("limit known after apply", unknown(GROUP, "parameter[0].value"))
    .undetermined("two databases", another(DATABASE, "second", identifier="second"))
    .undetermined("what is scaled known after apply", unknown(TARGET, "resource_id"))
    .satisfied("all that the database accepts", limit("94"))
    .violated("one fewer than that", limit("93"))
    .undetermined("percent known after apply", unknown(SERVICE, "deployment_maximum_percent"))
    .undetermined("pool is no number", environment(TASK, {"DB_POOL_SIZE": "many"})),
    Scenario("CAP-06.1", WITH_HOST, OLD)
    .satisfied("the database whose host it is given", demand(4, 200, 2, 5))
    .violated("too many for that one", demand(4, 200, 2, 5), limit("93"))
    .undetermined("a host from elsewhere", demand(4, 200, 2, 5), without(HOST)),
    Scenario("CAP-06.1", RELEASE)
    .satisfied("old and new tasks of a release", released(2, 200, 20), ran(2, 1, 20))
    .violated("old tasks hold more", released(2, 200, 10), ran(2, 1, 60))
    .violated("new tasks hold more", released(2, 200, 50), ran(2, 1, 10))
    .undetermined("old task definition elsewhere", was(SERVICE, "task_definition", "arn:elsewhere")),
    # 120 connections, 14 of them in reserve.
    Scenario("CAP-01.1", RELEASE)
    .satisfied("the same release again", released(2, 200, 26), ran(2, 1, 26))
    .satisfied("fewer old than new tasks", released(3, 100, 26), ran(1, 1, 26))
    .satisfied("many tasks before and no deployment", there(SERVICE, desired_count=40), base=STEADY)
    .violated("old tasks hold more than new ones", released(2, 200, 10), ran(2, 4, 15))
    .violated("more old tasks than the new ceiling", released(2, 200, 10), ran(11, 1, 10))
    .violated("old tasks alone, never two at a time", released(2, 100, 1), ran(2, 1, 54))
    .violated("old tasks to the side of new ones", released(2, 100, 30), ran(2, 1, 30), to_the_side())
    .violated("a second target has more", limit("94"), demand(4, 200, 2, 5), MORE, base=WHOLE)
    .violated("more at night", limit("94"), demand(4, 200, 2, 5), at_night(40), base=WHOLE)
    .satisfied("fewer at night", limit("94"), demand(4, 200, 2, 5), at_night(2), base=WHOLE)
    .undetermined("old tasks without a pool", ran_without_a_pool())
    .undetermined("a pool without a limit", environment(TASK, {"DB_POOL_SIZE": "0"}), base=WHOLE)
    .undetermined("overflow without a limit", environment(TASK, {"DB_MAX_OVERFLOW": "-1"}), base=WHOLE)
    .undetermined("a task on each machine", known(SERVICE, "scheduling_strategy", "DAEMON"), base=WHOLE)
    .violated(
        "desired count beyond the ceiling",
        demand(2, 200, 1, 10),
        known(SERVICE, "desired_count", 6),
        base=WHOLE,
    )
    .undetermined("old task definition elsewhere", was(SERVICE, "task_definition", "arn:elsewhere"))
    .undetermined(
        "the limit is raised at the same time",
        limit("120"),
        was(GROUP, "parameter", [{"apply_method": "pending-reboot", "name": LIMIT, "value": "60"}]),
    )
    .undetermined(
        "a larger class waits for its window",
        left_out(DATABASE, "parameter_group_name", computed=True),
        was(DATABASE, "parameter_group_name", "default.postgres16"),
        was(DATABASE, "instance_class", "db.t4g.micro"),
    ),
    Scenario("CAP-07.1", only("corrected", DATABASE))
    .satisfied("what comes with gp3")
    .satisfied("gp3 from 400 GiB on", storage("gp3", 400, 12000))
    .satisfied("io1 for its size", storage("io1", 400, 3000))
    .satisfied("gp2 has no say", storage("gp2", 20, 0))
    .satisfied(
        "what small gp3 has, read from AWS", storage("gp3", 100, 3000), unwritten(DATABASE, "iops")
    )
    .satisfied(
        "Oracle from 200 GiB on", known(DATABASE, "engine", "oracle-ee"), storage("gp3", 250, 12000)
    )
    .satisfied(
        "SQL Server on one disk", known(DATABASE, "engine", "sqlserver-se"), storage("gp3", 100, 8000)
    )
    .undetermined(
        "SQL Server beyond", known(DATABASE, "engine", "sqlserver-se"), storage("gp3", 100, 20000)
    )
    .undetermined("engine known after apply", unknown(DATABASE, "engine"), storage("gp3", 400, 12000))
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
    .undetermined("operations known after apply", storage("io1", 400, 3000), unknown(DATABASE, "iops"))
    .undetermined(
        "operations of gp3 known after apply", storage("gp3", 400, 12000), unknown(DATABASE, "iops")
    )
    .satisfied("the most of io1 for each", storage("io1", 1000, 50000))
    .satisfied("the most of io1", storage("io1", 6000, 256000))
    .violated("more than the most of io1", storage("io1", 6000, 256001))
    .satisfied("many of io2 for each", storage("io2", 100, 60000))
    .violated("io2 without any", known(DATABASE, "storage_type", "io2"), left_out(DATABASE, "iops"))
    .satisfied("gp3 asked for none", storage("gp3", 100, 0))
    .satisfied(
        "kind left out and none asked for",
        left_out(DATABASE, "storage_type"),
        known(DATABASE, "iops", 0),
    )
    .satisfied(
        "AWS chooses the kind",
        left_out(DATABASE, "iops"),
        unknown(DATABASE, "storage_type"),
        unwritten(DATABASE, "storage_type"),
    )
    .undetermined(
        "kind known after apply and none asked for",
        left_out(DATABASE, "iops"),
        unknown(DATABASE, "storage_type"),
    ),
    Scenario("CAP-07.1", NOTHING)
    .satisfied("three machines", multi_az())
    .satisfied("aurora", aurora())
    .violated("three machines with too many", multi_az(iops=30000))
    .undetermined(
        "engine of a cluster known after apply", aurora(instances=()), unknown(CLUSTER, "engine")
    )
    .undetermined("three machines known after apply", multi_az(), unknown(CLUSTER, "iops")),
    Scenario("CAP-08.1", only("corrected", DATABASE, STORAGE_ALARM, MEMORY_ALARM))
    .satisfied("as corrected")
    .satisfied("ninety-five", known(MEMORY_ALARM, "threshold", 95))
    .violated("ninety-nine", known(MEMORY_ALARM, "threshold", 99))
    .violated("a day later", known(MEMORY_ALARM, "period", 86400))
    .undetermined("period known after apply", unknown(MEMORY_ALARM, "period"))
    .undetermined(
        "a database elsewhere", known(STORAGE_ALARM, "dimensions", {"DBInstanceIdentifier": "other"})
    )
    .satisfied(
        "one that scales in may ring at any load",
        known(MEMORY_ALARM, "comparison_operator", "LessThanThreshold"),
        known(
            MEMORY_ALARM,
            "alarm_actions",
            ["arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:1:x"],
        ),
    )
    .violated("at a hundred percent", known(MEMORY_ALARM, "threshold", 100))
    .violated("when there is nothing left", known(STORAGE_ALARM, "threshold", 0))
    .satisfied("nearly nothing", known(MEMORY_ALARM, "threshold", 0.5))
    .violated("a byte", known(STORAGE_ALARM, "threshold", 1), deceit="unit")
    .violated(
        "a byte of a disk elsewhere",
        known(STORAGE_ALARM, "threshold", 1),
        known(STORAGE_ALARM, "dimensions", {"DBInstanceIdentifier": "other"}),
    )
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
    .satisfied("a gibibyte of memory", MEMORY_FREE, known(STORAGE_ALARM, "threshold", 2**30))
    .violated("a megabyte of memory", MEMORY_FREE, known(STORAGE_ALARM, "threshold", 2**20))
    .violated("four percent of the disk", known(STORAGE_ALARM, "threshold", 16 * 2**30))
    .undetermined(
        "memory of a class known after apply",
        MEMORY_FREE,
        known(STORAGE_ALARM, "threshold", 2**30),
        unknown(DATABASE, "instance_class"),
    )
    .undetermined("reckoned from memory", reckoned("AWS/ECS", "MemoryUtilization"))
    .satisfied("one reckoned from requests has no limit", reckoned("AWS/ApplicationELB", "RequestCount"))
    .undetermined(
        "one in a query of which the metric is known after apply",
        known(MEMORY_ALARM, "threshold", 100),
        asked("AWS/ECS", "MemoryUtilization"),
        unknown(MEMORY_ALARM, "metric_query[0].metric[0].metric_name"),
    )
    .violated(
        "when memory is free",
        known(MEMORY_ALARM, "comparison_operator", "LessThanThreshold"),
        deceit="spelling",
    )
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
    .satisfied("one in each zone that exists", gateways("eu-west-1a", "eu-west-1b", "eu-west-1c"))
    .violated("one in a network that exists", gateways("eu-west-1a"))
    .violated(
        "none beside the subnet that exists",
        subnet("one", "eu-west-1b"),
        gateway("one", "one"),
        partly_known(SERVICE, SUBNETS, IN_THE_THIRD_ZONE, "aws_subnet.one.id", "aws_subnet.one"),
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
        good={"just so": 80, "one percent": 1},
        bad={"nearly full": 95, "nothing": 0},
    )
    .satisfied("a table may be nearly full", another(POLICY, "table", **OF_A_TABLE))
    .undetermined(
        "metric known after apply",
        together(
            unknown(POLICY, f"{TRACKING}.predefined_metric_specification[0].predefined_metric_type"),
            unknown(POLICY, f"{TRACKING}.target_value"),
        ),
    ),
]
