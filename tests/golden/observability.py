"""Golden plans about seeing what happens, and hearing of it."""

from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.golden.settings import (
    alarm_address,
    attribute,
    in_the_cluster_group,
    in_the_group,
    on_instances,
    on_the_cluster,
)
from tests.support.cutting import Cut, only
from tests.support.database_clusters import (
    CLUSTER,
    NOTHING,
    TWO,
    alarm_on,
    aurora,
    documents,
    documents_log,
    graph,
    graph_logs,
    multi_az,
    serverless,
)
from tests.support.making import added, another
from tests.support.recipe_edits import Edit, known, left_out, unknown, without

DATABASE = "aws_db_instance.main"
SERVICE = "aws_ecs_service.api"
ECS_CLUSTER = "aws_ecs_cluster.main"
BALANCER = "aws_lb.main"
TOPIC = "aws_sns_topic.alarms"
SUBSCRIPTION = 'aws_sns_topic_subscription.alarms["classifier-oncall@example.com"]'
DATABASES = only("corrected", DATABASE)
CONNECTIONS = alarm_address("database-connections")
ERRORS = alarm_address("api-errors")
GROUP = "aws_db_parameter_group.main"
BESIDE: Final = only("corrected", "aws_db_instance")
DOCUMENTS, DOCUMENT_ONE = "aws_docdb_cluster.pages", "aws_docdb_cluster_instance.one"
WHOLE_CLUSTER: Final = {"DBClusterIdentifier": "orders"}
FREE: Final = {"comparison_operator": "LessThanThreshold", "threshold": 5368709120}
BUCKET = "aws_s3_bucket.images"
LOGGING = "aws_s3_bucket_logging.images"
BALANCERS = only("corrected", BALANCER)
EVENTS = "aws_db_event_subscription.main"


def logged(
    *,
    log_connections: str = "1",
    log_disconnections: str = "1",
    min_duration: str = "1000",
    log_statement: str = "ddl",
) -> Edit:
    """The parameter group states these and nothing else."""
    values = {
        "log_connections": log_connections,
        "log_disconnections": log_disconnections,
        "log_min_duration_statement": min_duration,
        "log_statement": log_statement,
    }
    stated = [
        {"apply_method": "immediate", "name": name, "value": value} for name, value in values.items()
    ]
    return known(GROUP, "parameter", stated)


def watched(number: str, base: Cut, subject: str, *keys: str) -> Scenario:
    """Alarms on figures of one resource; the first stands for all in what is changed."""
    first = alarm_address(keys[0])
    names = (subject, *map(alarm_address, keys))
    scenario = Scenario(number, only("corrected", *names, TOPIC)).satisfied("as corrected")
    for key in keys:
        scenario.violated(f"no alarm {key}", without(alarm_address(key)))
    return (
        scenario.violated("as inherited", base=base)
        .violated("switched off", known(first, "actions_enabled", False))
        .violated("tells nobody", left_out(first, "alarm_actions"))
        .violated("fires the wrong way", known(first, "comparison_operator", "EqualTo"))
        .violated("of another service", known(first, "namespace", "AWS/Other"))
        .undetermined("metric known after apply", unknown(first, "metric_name"))
        .undetermined("namespace known after apply", unknown(first, "namespace"))
        .undetermined("switch known after apply", unknown(first, "actions_enabled"))
    )


def subscription(kind: str = "aws_db_event_subscription", **other: Any) -> Edit:
    """A subscription to the events of clusters."""
    values = {"enabled": True, "event_categories": ["failover", "failure"], "source_ids": ["orders"]}
    return added(f"{kind}.all", values | {"source_type": "db-cluster"} | other)


SCENARIOS = [
    Scenario("OBS-01.1", only("corrected", ECS_CLUSTER))
    .satisfied("as corrected")
    .satisfied("with more", known(ECS_CLUSTER, "setting[0].value", "enhanced"))
    .violated("switched off", known(ECS_CLUSTER, "setting[0].value", "disabled"))
    .violated("as inherited", base=only("inherited", ECS_CLUSTER))
    .undetermined("value known after apply", unknown(ECS_CLUSTER, "setting[0].value"))
    .undetermined("known after apply", unknown(ECS_CLUSTER, "setting")),
    attribute(
        *("OBS-02.1", DATABASES, DATABASE, "performance_insights_enabled"),
        bad={"switched off": False},
        unset="violated",
    ),
    on_instances("OBS-02.1", "performance_insights_enabled", False)
    .satisfied(
        "the cluster sets it for all",
        aurora(performance_insights_enabled=True),
        known(TWO, "performance_insights_enabled", False),
    )
    .undetermined(
        "the cluster may set it for all",
        aurora(),
        known(TWO, "performance_insights_enabled", False),
        unknown(CLUSTER, "performance_insights_enabled"),
    )
    .satisfied("documents by its own name", documents())
    .violated("documents wrong", documents(), known(DOCUMENT_ONE, "enable_performance_insights", False))
    .satisfied("graph has none", graph(), base=BESIDE),
    attribute(
        *("OBS-02.2", DATABASES, DATABASE, "monitoring_interval"),
        good={"every second": 1},
        bad={"switched off": 0, "too seldom": 61},
        unset="violated",
    ),
    on_instances("OBS-02.2", "monitoring_interval", 0)
    .satisfied("three machines", multi_az())
    .satisfied("documents have none", documents(), base=BESIDE)
    .satisfied("serverless of the first version has none", serverless(), base=BESIDE),
    attribute(
        *("OBS-02.3", DATABASES, DATABASE, "enabled_cloudwatch_logs_exports"),
        bad={"none": []},
        unset="violated",
    ).violated("as inherited", base=only("inherited", DATABASE)),
    on_the_cluster("OBS-02.3", "enabled_cloudwatch_logs_exports", None)
    .satisfied("graph by its own name", graph(enable_cloudwatch_logs_exports=["audit"]))
    .violated("graph wrong", graph(enable_cloudwatch_logs_exports=None)),
    in_the_group("OBS-02.4", "log_connections", "1")
    .satisfied(
        "in words, and everything",
        logged(log_connections="on", log_disconnections="true", min_duration="0", log_statement="all"),
    )
    .violated("who leaves is left out", logged(log_disconnections="0"))
    .violated("slow is two seconds", logged(min_duration="2000"))
    .violated("slow is never", logged(min_duration="-1"))
    .violated("tables change in silence", logged(log_statement="none")),
    in_the_cluster_group("OBS-02.4", "log_statement", "none")
    .satisfied("documents by their own parameters", *documents_log())
    .satisfied("graph by its own parameters", *graph_logs())
    .violated("documents that only read", *documents_log(audit_logs="dml_read"))
    .violated("documents that nobody profiles", *documents_log(profiler="disabled"))
    .violated("documents profiled late", *documents_log(profiler_threshold_ms="1001"))
    .violated("documents by default", documents())
    .violated("graph by default", graph())
    .violated(
        "graph with the threshold of the engine", *graph_logs(neptune_slow_query_log_threshold=None)
    )
    .undetermined(
        "documents with a group elsewhere", documents(db_cluster_parameter_group_name="elsewhere")
    ),
    attribute(
        *("OBS-03.1", BALANCERS, BALANCER, "access_logs[0].enabled"),
        bad={"switched off": False},
        unset="violated",
    ).violated("as inherited", base=only("inherited", BALANCER)),
    Scenario("OBS-03.2", only("corrected", "aws_s3_bucket", LOGGING))
    .satisfied("to the bucket for logs")
    .violated("no logging", without(LOGGING))
    .violated("second bucket has none", another(BUCKET, "second", bucket="second"))
    .undetermined("logging of an unknown bucket", unknown(LOGGING, "bucket", "local.bucket")),
    watched(
        *("OBS-04.1", only("inherited", BALANCER), BALANCER),
        *("api-errors", "api-latency", "unhealthy-hosts"),
    )
    .undetermined("which of two load balancers", another(BALANCER, "second", name="second"))
    .satisfied(
        "a network load balancer has other figures",
        another(BALANCER, "second", load_balancer_type="network"),
    ),
    watched(
        *("OBS-04.2", only("inherited", DATABASE), DATABASE, "database-cpu", "database-storage"),
    ).violated(
        "of another database",
        known(alarm_address("database-cpu"), "dimensions", {"DBInstanceIdentifier": "other"}),
    ),
    Scenario("OBS-04.2", NOTHING)
    .satisfied(
        "aurora",
        aurora(),
        alarm_on("cpu", "CPUUtilization", WHOLE_CLUSTER),
        alarm_on("disk", "FreeLocalStorage", WHOLE_CLUSTER, **FREE),
    )
    .satisfied(
        "graph",
        graph(),
        alarm_on("cpu", "CPUUtilization", {"DBClusterIdentifier": "people"}, namespace="AWS/Neptune"),
    )
    .violated(
        "aurora by a figure that it does not have",
        aurora(),
        alarm_on("cpu", "CPUUtilization", WHOLE_CLUSTER),
        alarm_on("disk", "FreeStorageSpace", WHOLE_CLUSTER, **FREE),
    )
    .undetermined(
        "threshold of nobody known",
        aurora(),
        alarm_on("cpu", "CPUUtilization", WHOLE_CLUSTER),
        alarm_on("disk", "FreeLocalStorage", WHOLE_CLUSTER, **FREE),
        unknown("aws_cloudwatch_metric_alarm.disk", "actions_enabled"),
    ),
    watched("OBS-04.3", only("inherited", SERVICE), SERVICE, "running-tasks"),
    Scenario("OBS-05.1", only("corrected", ERRORS, CONNECTIONS, TOPIC))
    .satisfied("as corrected")
    .violated("tells nobody", left_out(ERRORS, "alarm_actions"))
    .violated("switched off", known(ERRORS, "actions_enabled", False))
    .satisfied("topic known after apply", unknown(ERRORS, "alarm_actions", TOPIC))
    .undetermined("switch known after apply", unknown(ERRORS, "actions_enabled"))
    .undetermined("topic behind a local", unknown(ERRORS, "alarm_actions", TOPIC, "local.on"))
    .undetermined("topic behind what another has", unknown(ERRORS, "alarm_actions", TOPIC, CONNECTIONS))
    .undetermined("list of another resource", unknown(ERRORS, "alarm_actions", CONNECTIONS)),
    Scenario("OBS-05.2", only("corrected", TOPIC, "aws_sns_topic_subscription"))
    .satisfied("as corrected")
    .violated("nobody", without(SUBSCRIPTION))
    .violated("second topic has nobody", another(TOPIC, "second", name="second"))
    .undetermined("topic known after apply", unknown(SUBSCRIPTION, "topic_arn")),
    Scenario("OBS-05.3", only("corrected", DATABASE, EVENTS))
    .satisfied("as corrected")
    .satisfied("of every database", left_out(EVENTS, "source_ids"))
    .satisfied("of every kind", left_out(EVENTS, "event_categories"))
    .violated("no subscription", without(EVENTS))
    .violated("switched off", known(EVENTS, "enabled", False))
    .violated("of another database", known(EVENTS, "source_ids", ["other"]))
    .violated("of snapshots", known(EVENTS, "source_type", "db-snapshot"))
    .violated(
        "not of failures", known(EVENTS, "event_categories", ["availability", "failover", "low storage"])
    )
    .violated("as inherited", base=only("inherited", DATABASE))
    .undetermined("categories known after apply", unknown(EVENTS, "event_categories"))
    .undetermined("switch known after apply", unknown(EVENTS, "enabled"))
    .undetermined("database known after apply", unknown(EVENTS, "source_ids", "var.database")),
    Scenario("OBS-05.3", NOTHING)
    .satisfied("aurora", aurora(), subscription())
    .satisfied(
        "documents", documents(), subscription("aws_docdb_event_subscription", source_ids=["pages"])
    )
    .violated("events of instances only", aurora(), subscription(source_type="db-instance"))
    .violated("without failover", aurora(), subscription(event_categories=["failure"]))
    .violated("documents by RDS", documents(), subscription(source_ids=["pages"]))
    .undetermined(
        "known after apply",
        aurora(),
        subscription(),
        unknown("aws_db_event_subscription.all", "source_ids"),
    ),
]
