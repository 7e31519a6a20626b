"""Golden plans about the connection budget and who watches it."""

from typing import Final

from tests.golden.recipe import Scenario
from tests.golden.settings import alarm_address, in_the_cluster_group, in_the_group, parameter
from tests.support.container_edits import environment
from tests.support.cutting import only
from tests.support.database_clusters import (
    NOTHING,
    alarm_on,
    aurora,
    documents,
    graph,
    instance,
    multi_az,
)
from tests.support.making import added, another, schedule
from tests.support.recipe_edits import Edit, known, left_out, together, unknown, without

DATABASE = "aws_db_instance.main"
SERVICE = "aws_ecs_service.api"
TARGET = "aws_appautoscaling_target.api"
MOVED: Final = ("aws_appautoscaling_target.api.resource_id", TARGET)
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
WHOLE_CLUSTER: Final = {"DBClusterIdentifier": "orders"}
EVERY_INSTANCE: Final = [{"DBInstanceIdentifier": f"orders-{each}"} for each in ("one", "two")]
CONNECTIONS = alarm_address("database-connections")


def demand(tasks: int, percent: int, processes: int, pool: int) -> Edit:
    """So many tasks, so many of them in a deployment, each with processes that hold a pool."""
    steps = (
        known(TARGET, "min_capacity", 1),
        known(TARGET, "max_capacity", tasks),
        known(SERVICE, "desired_count", min(tasks, 2)),
        known(SERVICE, "deployment_maximum_percent", percent),
        environment(TASK, {"WEB_CONCURRENCY": str(processes), "DB_POOL_SIZE": str(pool)}),
    )
    return together(*steps)


SHARED = "aws_db_proxy_default_target_group.main"


def proxy(**database: str) -> Edit:
    """A proxy before the database that is named."""
    return together(
        added("aws_db_proxy.main", {"name": "proxy"}),
        added("aws_db_proxy_target.main", {"db_proxy_name": "proxy", **database}),
    )


def share(percent: int) -> Edit:
    """The proxy may take so much of what its database accepts."""
    pool = [{"max_connections_percent": percent}]
    return added(SHARED, {"db_proxy_name": "proxy", "connection_pool_config": pool})


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


def on_each(metric: str) -> Edit:
    """An alarm on each instance of Aurora."""
    return together(*(alarm_on(f"a{place}", metric, each) for place, each in enumerate(EVERY_INSTANCE)))


HOST = "aws_ssm_parameter.database_host"
WITH_HOST = only(
    "corrected",
    *("aws_db_instance", "aws_db_parameter_group", "aws_ecs_service", "aws_ecs_task_definition"),
    *("aws_appautoscaling_target", HOST),
)
# The database of before, which no task is given the host of; it takes 78 connections.
OLD = another(
    DATABASE, "old", identifier="old", instance_class="db.t4g.micro", parameter_group_name=None
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
        deceit="unit",
    )
    .violated(
        "two services share it",
        demand(4, 200, 2, 5),
        limit("94"),
        another(SERVICE, "worker", name="worker", desired_count=1),
        deceit="another one",
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
    .satisfied("as many at night", demand(1, 100, 1, 10), schedule("night", *MOVED, max_capacity="1"))
    .violated("forty at night", demand(1, 100, 1, 10), schedule("night", *MOVED, max_capacity="40"))
    .violated("forty desired", demand(1, 100, 1, 10), known(SERVICE, "desired_count", 40))
    .undetermined("more at night known after apply", schedule("night", *MOVED, later=True))
    .undetermined("more of an unknown service", schedule("night", "local.scaled", max_capacity="40"))
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
        "limit is a formula of something else", demand(1, 100, 1, 1), limit("{AllocatedStorage/10}")
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
        "an engine that is not reckoned",
        demand(1, 100, 1, 1),
        of_class("db.m6g.large"),
        known(DATABASE, "engine", "oracle-ee"),
    )
    .undetermined("task definition elsewhere", known(SERVICE, "task_definition", "api:7"))
    .undetermined(
        "target of an unknown service",
        known(SERVICE, "name", "elsewhere"),
        unknown(TARGET, "resource_id", "local.scaled"),
    ),
    Scenario("CAP-01.1", WITH_HOST, OLD)
    .undetermined("an old one that no task is given the host of", demand(4, 200, 2, 5))
    .violated("the one whose host it is given", demand(4, 200, 2, 5), limit("93"))
    .undetermined(
        "a host in plain text", demand(4, 200, 2, 5), limit("93"), environment(TASK, {"DB_HOST": "old"})
    )
    .undetermined("a host from elsewhere", demand(4, 200, 2, 5), limit("93"), without(HOST)),
    Scenario("CAP-01.1", NOTHING)
    .undetermined(
        "documents of a service that has no other",
        documents(),
        base=only(
            "corrected", "aws_ecs_service", "aws_ecs_task_definition", "aws_appautoscaling_target"
        ),
    )
    .undetermined("aurora by its class", aurora(), without("aws_rds_cluster_parameter_group.orders"))
    .undetermined(
        "a proxy may take half of aurora", aurora(), proxy(db_cluster_identifier="orders"), share(50)
    )
    .violated("a proxy may take all of aurora", aurora(), proxy(db_cluster_identifier="orders"))
    .undetermined(
        "share of a proxy known after apply",
        aurora(),
        proxy(db_cluster_identifier="orders"),
        share(50),
        unknown(SHARED, "connection_pool_config[0].max_connections_percent"),
    )
    .undetermined(
        "which database a proxy has known after apply",
        aurora(),
        proxy(db_cluster_identifier="orders"),
        unknown("aws_db_proxy_target.main", "db_cluster_identifier", "local.cluster"),
    ),
    Scenario(
        "CAP-02.1", only("corrected", "aws_db_instance", ALARM, "aws_sns_topic", "aws_kms_key.logs")
    )
    .satisfied("watched")
    .satisfied(
        "by reference",
        unknown(DATABASE, "identifier"),
        unknown(ALARM, "dimensions", f"{DATABASE}.identifier", DATABASE),
    )
    .violated("no alarm", without(ALARM))
    .violated("another metric", known(ALARM, "metric_name", "CPUUtilization"))
    .violated("another database", known(ALARM, "dimensions", {"DBInstanceIdentifier": "elsewhere"}))
    .violated("no database", known(ALARM, "dimensions", {}), deceit="empty")
    .violated("nobody is told", known(ALARM, "alarm_actions", []))
    .violated("actions switched off", known(ALARM, "actions_enabled", False))
    .violated("told when there are few", known(ALARM, "comparison_operator", "LessThanThreshold"))
    .violated("second database is not watched", another(DATABASE, "second", identifier="second"))
    .undetermined("metric known after apply", unknown(ALARM, "metric_name"))
    .undetermined("dimensions known after apply", unknown(ALARM, "dimensions", "local.dimensions"))
    .undetermined("switch known after apply", unknown(ALARM, "actions_enabled")),
    Scenario("CAP-02.1", NOTHING)
    .satisfied("the whole cluster", aurora(), alarm_on("one", "DatabaseConnections", WHOLE_CLUSTER))
    .satisfied("every instance", aurora(), on_each("DatabaseConnections"))
    .satisfied("three machines", multi_az(), alarm_on("one", "DatabaseConnections", WHOLE_CLUSTER))
    .undetermined(
        "perhaps with a third instance",
        aurora(),
        on_each("DatabaseConnections"),
        alarm_on("three", "DatabaseConnections", {"DBInstanceIdentifier": "orders-three"}),
        instance("aws_rds_cluster_instance.three", "aws_rds_cluster.orders"),
        unknown("aws_rds_cluster_instance.three", "cluster_identifier"),
    )
    .violated(
        "one instance of two",
        aurora(),
        alarm_on("one", "DatabaseConnections", EVERY_INSTANCE[0]),
        deceit="another one",
    )
    .violated(
        "another cluster", aurora(), alarm_on("one", "DatabaseConnections", {"DBClusterIdentifier": "x"})
    )
    .violated(
        "documents in the space of RDS",
        documents(),
        alarm_on("one", "DatabaseConnections", {"DBClusterIdentifier": "pages"}),
        deceit="engine",
    )
    .satisfied(
        "graph counts none", aurora(), graph(), alarm_on("one", "DatabaseConnections", WHOLE_CLUSTER)
    ),
    Scenario(
        "CAP-02.2",
        only("corrected", DATABASE, GROUP, CONNECTIONS, "aws_sns_topic", "aws_kms_key.logs"),
        limit("120"),
    )
    .satisfied("at 80")
    .satisfied("exactly four fifths of what is left", known(CONNECTIONS, "threshold", 84))
    .violated("one too late", known(CONNECTIONS, "threshold", 85))
    .violated("at none", known(CONNECTIONS, "threshold", 0))
    .violated("a smaller database", limit("100"), deceit="companion")
    .violated("no alarm", without(CONNECTIONS))
    .violated("tells nobody", known(CONNECTIONS, "actions_enabled", False))
    .violated(
        "a week later",
        known(CONNECTIONS, "period", 86400),
        known(CONNECTIONS, "evaluation_periods", 7),
        deceit="unit",
    )
    .violated("when there are few", known(CONNECTIONS, "comparison_operator", "LessThanThreshold"))
    .violated("counts its samples", known(CONNECTIONS, "statistic", "SampleCount"), deceit="unit")
    .undetermined("threshold known after apply", unknown(CONNECTIONS, "threshold"))
    .satisfied("limit is the usual formula", limit("LEAST({DBInstanceClassMemory/9531392},5000)"))
    .undetermined("limit is a formula of something else", limit("{DBInstanceVCPU*60}"))
    .undetermined("metric known after apply", unknown(CONNECTIONS, "metric_name")),
    Scenario("CAP-02.2", NOTHING)
    .satisfied(
        "the whole cluster",
        aurora(),
        alarm_on("one", "DatabaseConnections", WHOLE_CLUSTER, threshold=308),
    )
    .violated(
        "aurora one too late",
        aurora(),
        alarm_on("one", "DatabaseConnections", WHOLE_CLUSTER, threshold=309),
    )
    .satisfied(
        "documents are not reckoned",
        aurora(),
        documents(),
        alarm_on("one", "DatabaseConnections", WHOLE_CLUSTER, threshold=308),
    ),
    in_the_group("CAP-03.1", "idle_in_transaction_session_timeout", "60001")
    .violated("never", parameter("idle_in_transaction_session_timeout", "0"), deceit="unit")
    .violated("left to the default", parameter("log_connections", "1"), deceit="default"),
    in_the_cluster_group("CAP-03.1", "idle_in_transaction_session_timeout", "60001").satisfied(
        "documents have no such parameter", aurora(), documents()
    ),
]
