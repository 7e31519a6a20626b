"""Golden plans about the connection budget and who watches it."""

from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.iam_policies import environment
from tests.support.making import another
from tests.support.recipe_edits import Edit, known, left_out, together, unknown, without

DATABASE = "aws_db_instance.main"
SERVICE = "aws_ecs_service.api"
TARGET = "aws_appautoscaling_target.api"
TASK = "aws_ecs_task_definition.api"
GROUP = "aws_db_parameter_group.main"
ALARM = 'aws_cloudwatch_metric_alarm.main["database-connections"]'

WHOLE = only(
    "corrected",
    "aws_db_instance",
    "aws_db_parameter_group",
    "aws_ecs_service",
    "aws_ecs_task_definition",
    "aws_appautoscaling_target",
)


def demand(tasks: int, percent: int, processes: int, pool: int) -> Edit:
    """So many tasks, so many of them in a deployment, each with processes that hold a pool."""
    steps = (
        known(TARGET, "max_capacity", tasks),
        known(SERVICE, "deployment_maximum_percent", percent),
        environment(TASK, {"WEB_CONCURRENCY": str(processes), "DB_POOL_SIZE": str(pool)}),
    )
    return together(*steps)


def limit(connections: str) -> Edit:
    """The parameter group has this `max_connections` and nothing else."""
    parameter = {"apply_method": "pending-reboot", "name": "max_connections", "value": connections}
    return known(GROUP, "parameter", [parameter])


def of_class(name: str) -> Edit:
    """A database of this class with the parameter group that AWS gives it."""
    return together(
        known(DATABASE, "instance_class", name),
        left_out(DATABASE, "parameter_group_name", computed=True),
        without(GROUP),
    )


# 14 connections are in reserve: 9 that the database keeps, 5 for operations. The classes accept by
# their memory: t4g.micro 78 to 112, t3.small 189 to 225, m6g.large 829 to 901, r6g.2xlarge 5000.
SCENARIOS = [
    Scenario("CAP-01.1", WHOLE, limit("120"))
    .satisfied("as corrected", base=WHOLE)
    .satisfied("exactly at the limit", demand(4, 200, 2, 5), limit("94"))
    .satisfied("share of tasks rounded down", demand(3, 150, 1, 10), limit("54"))
    .satisfied("never fewer than in steady state", demand(4, 50, 1, 10), limit("54"))
    .satisfied("case 1, micro", demand(3, 200, 1, 10), of_class("db.t4g.micro"))
    .satisfied("exactly at the lower bound of the class", demand(7, 100, 1, 25), of_class("db.t3.small"))
    .satisfied("case 6, four processes", demand(10, 200, 4, 10), of_class("db.m6g.large"))
    .satisfied(
        "case 8, no class accepts more than 5000", demand(60, 200, 4, 10), of_class("db.r6g.2xlarge")
    )
    .satisfied(
        "nothing scales it",
        without(TARGET),
        known(SERVICE, "desired_count", 4),
        known(SERVICE, "deployment_maximum_percent", 200),
        limit("94"),
    )
    .violated("one over the limit", demand(4, 200, 2, 5), limit("93"))
    .violated("never fewer than in steady state", demand(4, 50, 1, 10), limit("53"))
    .violated("case 3, above the upper bound", demand(6, 200, 1, 10), of_class("db.t4g.micro"))
    .violated("case 4, small", demand(4, 200, 2, 15), of_class("db.t3.small"))
    .violated("one over the upper bound of the class", demand(1, 100, 1, 99), of_class("db.t4g.micro"))
    .violated(
        "case 7, the number wins over the class",
        demand(10, 200, 4, 10),
        known(DATABASE, "instance_class", "db.m6g.large"),
        limit("500"),
    )
    .violated("more than 5000 of any class", demand(63, 200, 4, 10), of_class("db.r6g.2xlarge"))
    .satisfied(
        "overflow of every process, exactly at the limit",
        demand(4, 200, 2, 5),
        environment(TASK, {"DB_MAX_OVERFLOW": "1"}),
        limit("110"),
    )
    .violated(
        "overflow of every process counts",
        demand(4, 200, 2, 5),
        environment(TASK, {"DB_MAX_OVERFLOW": "1"}),
        limit("109"),
    )
    .violated(
        "two services share it",
        demand(4, 200, 2, 5),
        limit("94"),
        another(SERVICE, "worker", name="worker", desired_count=1),
    )
    .violated(
        "over, and another service unknown",
        demand(4, 200, 2, 5),
        limit("93"),
        another(SERVICE, "worker", name="worker"),
        unknown("aws_ecs_service.worker", "task_definition", "local.task"),
    )
    .undetermined("case 2, between the bounds", demand(4, 200, 1, 10), of_class("db.t4g.micro"))
    .undetermined("case 5, into the reserve", demand(6, 200, 1, 15), of_class("db.t3.small"))
    .undetermined(
        "exactly the upper bound of the class", demand(1, 100, 1, 98), of_class("db.t4g.micro")
    )
    .undetermined(
        "one over the lower bound of the class", demand(1, 100, 1, 65), of_class("db.t4g.micro")
    )
    .undetermined("no pool size", environment(TASK, {"DB_POOL_SIZE": None}))
    .undetermined("pool size is no number", environment(TASK, {"DB_POOL_SIZE": "many"}))
    .undetermined("containers known after apply", unknown(TASK, "container_definitions"))
    .undetermined(
        "containers of a second service known after apply",
        without(TARGET),
        of_class("db.m6g.large"),
        another(TASK, "worker"),
        unknown("aws_ecs_task_definition.worker", "container_definitions"),
        another(SERVICE, "worker", name="worker"),
        unknown(
            "aws_ecs_service.worker",
            "task_definition",
            "aws_ecs_task_definition.worker.arn",
            "aws_ecs_task_definition.worker",
        ),
    )
    .undetermined("most tasks known after apply", unknown(TARGET, "max_capacity"))
    .undetermined("percent known after apply", unknown(SERVICE, "deployment_maximum_percent"))
    .undetermined(
        "class known after apply", of_class("db.t4g.micro"), unknown(DATABASE, "instance_class")
    )
    .undetermined("class of unknown memory", of_class("db.x2g.large"))
    .undetermined(
        "limit known after apply",
        demand(1, 100, 1, 1),
        limit("94"),
        unknown(GROUP, "parameter[0].value"),
    )
    .undetermined(
        "limit is a formula", demand(1, 100, 1, 1), limit("{DBInstanceClassMemory/99999999999}")
    )
    .undetermined(
        "parameters known after apply", demand(1, 100, 1, 1), limit("94"), unknown(GROUP, "parameter")
    )
    .undetermined(
        "parameter group elsewhere",
        demand(1, 100, 1, 1),
        of_class("db.m6g.large"),
        known(DATABASE, "parameter_group_name", "few-connections"),
    )
    .undetermined(
        "another engine",
        demand(1, 100, 1, 1),
        of_class("db.m6g.large"),
        known(DATABASE, "engine", "mysql"),
    )
    .undetermined("task definition elsewhere", known(SERVICE, "task_definition", "api:7"))
    .undetermined(
        "target of an unknown service",
        known(SERVICE, "name", "elsewhere"),
        unknown(TARGET, "resource_id", "local.scaled"),
    ),
    Scenario("CAP-02.1", only("corrected", "aws_db_instance", ALARM, "aws_sns_topic"))
    .satisfied("watched")
    .satisfied(
        "by reference",
        unknown(DATABASE, "identifier"),
        unknown(ALARM, "dimensions", f"{DATABASE}.identifier", DATABASE),
    )
    .violated("no alarm", without(ALARM))
    .violated("another metric", known(ALARM, "metric_name", "CPUUtilization"))
    .violated("another database", known(ALARM, "dimensions", {"DBInstanceIdentifier": "elsewhere"}))
    .violated("no database", known(ALARM, "dimensions", {}))
    .violated("nobody is told", known(ALARM, "alarm_actions", []))
    .violated("actions switched off", known(ALARM, "actions_enabled", False))
    .violated("told when there are few", known(ALARM, "comparison_operator", "LessThanThreshold"))
    .violated("second database is not watched", another(DATABASE, "second", identifier="second"))
    .undetermined("metric known after apply", unknown(ALARM, "metric_name"))
    .undetermined("dimensions known after apply", unknown(ALARM, "dimensions", "local.dimensions"))
    .undetermined("switch known after apply", unknown(ALARM, "actions_enabled")),
]
