"""Golden plans about seeing what happens, and hearing of it."""

import json
from collections.abc import Sequence
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
    ON_CALL,
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
from tests.support.making import added, another, becomes
from tests.support.recipe_edits import Edit, known, left_out, together, unknown, without

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


BOARD = "aws_cloudwatch_dashboard.main"
OF_CLUSTER = ("AWS/ECS", "CPUUtilization", "ClusterName", "main")
OF_SERVICE = (*OF_CLUSTER, "ServiceName", "api")
BALANCER_OF = ("LoadBalancer", "app/main/1")
TARGETS_OF = ("TargetGroup", "targetgroup/api/1")


def panel(*metric: Any, more: Sequence[Any] = ()) -> Edit:
    """The dashboard shows one metric, and what stands below it in the same widget."""
    widget = {"type": "metric", "properties": {"metrics": [list(metric), *more]}}
    return known(BOARD, "dashboard_body", json.dumps({"widgets": [widget]}))


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
    scenario = Scenario(number, only("corrected", *names, TOPIC, KEY)).satisfied("as corrected")
    for key in keys:
        scenario.violated(f"no alarm {key}", without(alarm_address(key)))
    return (
        unhelpful(scenario, first)
        .violated("as inherited", base=base)
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


LOGS, LOGS_POLICY = "classifier-production-logs", "aws_s3_bucket_policy.logs"
SSE = "aws_s3_bucket_server_side_encryption_configuration"
SSE_ALGORITHM = "rule[0].apply_server_side_encryption_by_default[0].sse_algorithm"
LOGGED = only(
    "corrected",
    BALANCER,
    "aws_s3_bucket.logs",
    LOGS_POLICY,
    f"{SSE}.logs",
    "data.aws_iam_policy_document.logs_bucket",
)
LOGS_PREFIX = "access_logs[0].prefix"
OF_IRELAND = "156460612806"
LATENCY, CPU = alarm_address("api-latency"), alarm_address("database-cpu")
TOPIC_POLICY, KEY = "aws_sns_topic_policy.alarms", "aws_kms_key.logs"
HEARD = only(
    *("corrected", ERRORS, TOPIC, TOPIC_POLICY, KEY, "data.aws_iam_policy_document.alarms_topic"),
)
SCALING = (
    "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:1:autoScalingGroupName/a:policyName/b"
)
ALONE: Final = {"id": "m", "expression": "", "return_data": True}


def logs_policy(**other: Any) -> Edit:
    """The bucket for logs has this statement, and no other."""
    statement = {
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{LOGS}/load-balancer/AWSLogs/123456789012/*",
    }
    return stated_policy(LOGS_POLICY, statement | other)


def inline_logs(action: str) -> Edit:
    """The bucket for logs lets everything be done so by the load balancer, in a policy of its own."""
    policy = of_service("logdelivery.elasticloadbalancing.amazonaws.com", action)
    return stated_policy("aws_s3_bucket.logs", policy)


def stated_policy(address: str, *statements: Any) -> Edit:
    """A policy that is known while planning."""
    return known(address, "policy", json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def of_service(service: str, *actions: str) -> dict[str, Any]:
    """A statement that lets a service of AWS do this, with everything."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": list(actions),
        "Resource": "*",
    }


def from_source(pattern: str) -> dict[str, Any]:
    """A statement that lets CloudWatch publish for what has such an ARN."""
    statement = of_service("cloudwatch.amazonaws.com", "sns:Publish")
    return statement | {"Condition": {"ArnLike": {"aws:SourceArn": pattern}}}


def reckoned(address: str, *queries: dict[str, Any], **metric: Any) -> Edit:
    """The alarm watches these queries, and no metric of its own; the last one is of a metric."""
    one = {"namespace": "AWS/RDS", "metric_name": "CPUUtilization", "period": 60, "stat": "Average"}
    one |= {"dimensions": {"DBInstanceIdentifier": "classifier-production-db"}} | metric
    gone = ("metric_name", "namespace", "period", "statistic", "dimensions")
    asked = [*queries, ALONE | {"metric": [one], "return_data": not queries}]
    return together(*(left_out(address, name) for name in gone), known(address, "metric_query", asked))


def composite(rule: str, **other: Any) -> Edit:
    """A composite alarm with this rule, which tells somebody."""
    values = {
        "alarm_name": "all",
        "alarm_rule": rule,
        "actions_enabled": True,
        "alarm_actions": [ON_CALL],
    }
    return added("aws_cloudwatch_composite_alarm.all", values | {"actions_suppressor": []} | other)


def busy(**other: Any) -> Edit:
    """An alarm on the processor of a cluster, which by itself does nothing."""
    silent = {"alarm_actions": [], "alarm_name": "busy"}
    return alarm_on("cpu", "CPUUtilization", WHOLE_CLUSTER, **(silent | other))


def unhelpful(scenario: Scenario, first: str) -> Scenario:
    """An alarm that is there, and from which nobody learns anything in time."""
    return (
        scenario.violated(
            "seven periods of a day",
            known(first, "period", 86400),
            known(first, "evaluation_periods", 7),
            deceit="unit",
        )
        .satisfied(
            "within an hour",
            known(first, "period", 300),
            known(first, "evaluation_periods", 12),
            left_out(first, "datapoints_to_alarm"),
        )
        .satisfied(
            "three of many datapoints",
            known(first, "evaluation_periods", 100),
            known(first, "datapoints_to_alarm", 3),
        )
        .violated(
            "more datapoints than periods", known(first, "datapoints_to_alarm", 100), deceit="unit"
        )
        .violated("only scales", known(first, "alarm_actions", [SCALING]), deceit="companion")
        .violated(
            "counts samples of another thing",
            known(first, "statistic", "SampleCount"),
            known(first, "metric_name", "Other"),
        )
        .undetermined("period known after apply", unknown(first, "period"))
        .undetermined("threshold known after apply", unknown(first, "threshold"))
        .undetermined(
            "reckoned from what apply decides",
            left_out(first, "metric_name"),
            unknown(first, "metric_query"),
        )
    )


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
    .violated(
        "documents wrong",
        documents(),
        known(DOCUMENT_ONE, "enable_performance_insights", False),
        deceit="engine",
    )
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
    .violated("slow is never", logged(min_duration="-1"), deceit="unit")
    .violated("tables change in silence", logged(log_statement="none")),
    in_the_cluster_group("OBS-02.4", "log_statement", "none")
    .satisfied("documents by their own parameters", *documents_log())
    .satisfied("graph by its own parameters", *graph_logs())
    .violated("documents that only read", *documents_log(audit_logs="dml_read"))
    .violated("documents that nobody profiles", *documents_log(profiler="disabled"))
    .violated("documents profiled late", *documents_log(profiler_threshold_ms="1001"), deceit="engine")
    .violated("documents by default", documents())
    .violated("graph by default", graph())
    .violated(
        "graph with the threshold of the engine",
        *graph_logs(neptune_slow_query_log_threshold=None),
        deceit="default",
    )
    .undetermined(
        "documents with a group elsewhere", documents(db_cluster_parameter_group_name="elsewhere")
    ),
    attribute(
        *("OBS-03.1", BALANCERS, BALANCER, "access_logs[0].enabled"),
        bad={"switched off": False},
        unset="violated",
    )
    .violated("as inherited", base=only("inherited", BALANCER))
    .satisfied(
        "a gateway has none", another(BALANCER, "second", load_balancer_type="gateway", access_logs=[])
    )
    .violated("no bucket", known(BALANCER, "access_logs[0].bucket", "")),
    Scenario("OBS-03.1", LOGGED)
    .satisfied("into a bucket that takes them")
    .satisfied(
        "by the account of the region", logs_policy(Principal={"AWS": f"arn:aws:iam::{OF_IRELAND}:root"})
    )
    .satisfied(
        "of a network load balancer",
        known(BALANCER, "load_balancer_type", "network"),
        logs_policy(Principal={"Service": "delivery.logs.amazonaws.com"}),
    )
    .violated("a bucket without a policy", without(LOGS_POLICY))
    .violated("a policy that only denies", logs_policy(Effect="Deny"))
    .violated("a policy for reading", logs_policy(Action="s3:GetObject"))
    .violated(
        "a policy for another service", logs_policy(Principal={"Service": "cloudtrail.amazonaws.com"})
    )
    .violated(
        "a policy for another folder",
        logs_policy(Resource=f"arn:aws:s3:::{LOGS}/elsewhere/*"),
        deceit="companion",
    )
    .violated("a policy for another bucket", logs_policy(Resource="arn:aws:s3:::other/*"))
    .violated(
        "a network load balancer by the rule of the other kind",
        known(BALANCER, "load_balancer_type", "network"),
        logs_policy(),
        deceit="engine",
    )
    .violated(
        "a bucket with a KMS key", known(f"{SSE}.logs", SSE_ALGORITHM, "aws:kms"), deceit="overruled"
    )
    .violated(
        "a bucket that this plan deletes",
        becomes("aws_s3_bucket.logs", "delete"),
        known(BALANCER, "access_logs[0].bucket", LOGS),
    )
    .satisfied("by everybody", logs_policy(Principal="*"))
    .satisfied("everywhere", logs_policy(Resource="*"), unknown(BALANCER, LOGS_PREFIX, "local.prefix"))
    .satisfied(
        "without a folder",
        known(BALANCER, LOGS_PREFIX, None),
        logs_policy(Resource=f"arn:aws:s3:::{LOGS}/AWSLogs/*"),
    )
    .satisfied("of a kind that apply decides", unknown(BALANCER, "load_balancer_type"))
    .violated(
        "a policy for a folder that is not used",
        known(BALANCER, LOGS_PREFIX, None),
        logs_policy(Resource=f"arn:aws:s3:::{LOGS}/load-balancer/AWSLogs/*"),
        deceit="companion",
    )
    .violated(
        "a policy for everything but the logs",
        logs_policy(Resource=[f"arn:aws:s3:::{LOGS}/x:::y", "arn:aws:s3:::load-balancer/AWSLogs/*"]),
        deceit="spelling",
    )
    .undetermined(
        "one folder of an unknown prefix", logs_policy(), unknown(BALANCER, LOGS_PREFIX, "local.prefix")
    )
    .undetermined("all but some actions", logs_policy(Action=None, NotAction="s3:GetObject"))
    .undetermined("all but some callers", logs_policy(Principal=None, NotPrincipal={"AWS": "*"}))
    .undetermined("all but some objects", logs_policy(Resource=None, NotResource="arn:aws:s3:::x/*"))
    .violated("an inline policy for others", without(LOGS_POLICY), inline_logs("s3:GetObject"))
    .satisfied("an inline policy", without(LOGS_POLICY), inline_logs("s3:PutObject"))
    .undetermined(
        "an inline policy known after apply",
        without(LOGS_POLICY),
        unknown("aws_s3_bucket.logs", "policy", "local.policy"),
    )
    .undetermined(
        "the policy of a bucket that is there is not read",
        without(LOGS_POLICY),
        becomes("aws_s3_bucket.logs", "update"),
        left_out("aws_s3_bucket.logs", "policy", computed=True),
    )
    .undetermined("an account that nobody knows", logs_policy(Principal={"AWS": "123456789012"}))
    .undetermined("policy known after apply", unknown(LOGS_POLICY, "policy", "local.policy")),
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
    )
    .violated(
        "of another database",
        known(alarm_address("database-cpu"), "dimensions", {"DBInstanceIdentifier": "other"}),
    )
    .violated("more than all of a processor", known(CPU, "threshold", 100), deceit="unit")
    .violated(
        "a processor from a hundred and one on",
        known(CPU, "comparison_operator", "GreaterThanOrEqualToThreshold"),
        known(CPU, "threshold", 101),
    )
    .violated("less than no storage", known(alarm_address("database-storage"), "threshold", 0))
    .satisfied("its only query is the metric", reckoned(CPU))
    .violated(
        "its only query is of another database",
        reckoned(CPU, dimensions={"DBInstanceIdentifier": "other"}),
        deceit="shape",
    )
    .violated("its only query takes a week", reckoned(CPU, period=604800))
    .undetermined(
        "an expression of the metric",
        reckoned(CPU, {"id": "e", "expression": "IF(m > 80, 1, 0)", "return_data": True, "metric": []}),
    )
    .violated(
        "an expression of another database",
        reckoned(
            CPU,
            {"id": "e", "expression": "m + 1", "return_data": True, "metric": []},
            dimensions={"DBInstanceIdentifier": "other"},
        ),
    )
    .undetermined(
        "a query in words",
        reckoned(
            CPU,
            {
                "id": "e",
                "expression": 'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/RDS")',
                "return_data": True,
                "metric": [],
            },
            dimensions={"DBInstanceIdentifier": "other"},
        ),
    ),
    Scenario("OBS-04.2", NOTHING, aurora(), alarm_on("disk", "FreeLocalStorage", WHOLE_CLUSTER, **FREE))
    .satisfied("scales and tells", busy(alarm_actions=[SCALING, ON_CALL]))
    .satisfied("a composite alarm tells", busy(), composite('ALARM("busy") OR ALARM(other)'))
    .violated("a composite alarm of others", busy(), composite("ALARM(other)"), deceit="companion")
    .violated("a composite alarm that tells nobody", busy(), composite("ALARM(busy)", alarm_actions=[]))
    .violated(
        "a composite alarm that is switched off", busy(), composite("ALARM(busy)", actions_enabled=False)
    )
    .undetermined("a composite alarm that asks more", busy(), composite("ALARM(busy) AND ALARM(other)"))
    .undetermined(
        "a composite alarm that may be suppressed",
        busy(),
        composite("ALARM(busy)", actions_suppressor=[{"alarm": "upkeep"}]),
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
        deceit="engine",
    )
    .undetermined(
        "threshold of nobody known",
        aurora(),
        alarm_on("cpu", "CPUUtilization", WHOLE_CLUSTER),
        alarm_on("disk", "FreeLocalStorage", WHOLE_CLUSTER, **FREE),
        unknown("aws_cloudwatch_metric_alarm.disk", "actions_enabled"),
    ),
    watched("OBS-04.3", only("inherited", SERVICE), SERVICE, "running-tasks")
    .violated(
        "fewer than no tasks", known(alarm_address("running-tasks"), "threshold", 0), deceit="unit"
    )
    .satisfied(
        "no task at all",
        known(alarm_address("running-tasks"), "threshold", 0),
        known(alarm_address("running-tasks"), "comparison_operator", "LessThanOrEqualToThreshold"),
    ),
    Scenario("OBS-05.1", only("corrected", ERRORS, CONNECTIONS, TOPIC, KEY))
    .satisfied("as corrected")
    .violated("tells nobody", left_out(ERRORS, "alarm_actions"))
    .violated("switched off", known(ERRORS, "actions_enabled", False))
    .satisfied("topic known after apply", unknown(ERRORS, "alarm_actions", TOPIC))
    .undetermined("switch known after apply", unknown(ERRORS, "actions_enabled"))
    .undetermined("topic behind a local", unknown(ERRORS, "alarm_actions", TOPIC, "local.on"))
    .undetermined("topic behind what another has", unknown(ERRORS, "alarm_actions", TOPIC, CONNECTIONS))
    .undetermined("list of another resource", unknown(ERRORS, "alarm_actions", CONNECTIONS)),
    Scenario("OBS-05.1", HEARD)
    .satisfied("its topic and key let it in")
    .satisfied("a topic without a policy of its own", without(TOPIC_POLICY))
    .satisfied("a topic without a key", left_out(TOPIC, "kms_master_key_id"))
    .satisfied("only scales", known(ERRORS, "alarm_actions", [SCALING]))
    .satisfied(
        "a composite alarm acts",
        left_out(ERRORS, "alarm_actions"),
        composite("ALARM(classifier-production-api-errors)"),
    )
    .violated("a key of AWS", known(TOPIC, "kms_master_key_id", "alias/aws/sns"), deceit="companion")
    .violated(
        "a topic policy for others",
        stated_policy(TOPIC_POLICY, of_service("s3.amazonaws.com", "sns:Publish")),
    )
    .violated(
        "a topic policy for reading",
        stated_policy(TOPIC_POLICY, of_service("cloudwatch.amazonaws.com", "sns:Subscribe")),
    )
    .violated(
        "a topic policy for rules of events",
        stated_policy(TOPIC_POLICY, from_source("arn:aws:events:eu-west-1:123456789012:rule/*")),
    )
    .satisfied("a topic policy for each alarm", stated_policy(TOPIC_POLICY, from_source("*")))
    .satisfied(
        "a topic policy for the alarms of a region",
        stated_policy(TOPIC_POLICY, from_source("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*")),
    )
    .satisfied(
        "a topic policy for every service of AWS",
        stated_policy(TOPIC_POLICY, from_source("arn:aws:*:eu-west-1:123456789012:*")),
    )
    .violated(
        "a topic policy for a source that is no ARN",
        stated_policy(TOPIC_POLICY, from_source("cloudwatch")),
        deceit="spelling",
    )
    .violated(
        "a topic policy that denies",
        stated_policy(
            TOPIC_POLICY,
            of_service("cloudwatch.amazonaws.com", "sns:*"),
            {"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": "*"},
        ),
        deceit="overruled",
    )
    .violated("a key policy for others", stated_policy(KEY, of_service("s3.amazonaws.com", "kms:*")))
    .violated(
        "a key policy for half of it",
        stated_policy(KEY, of_service("cloudwatch.amazonaws.com", "kms:Decrypt")),
        deceit="companion",
    )
    .violated("a key with the policy of its account", left_out(KEY, "policy", computed=True))
    .undetermined("topic policy known after apply", unknown(TOPIC_POLICY, "policy", "local.policy"))
    .undetermined("key policy known after apply", unknown(KEY, "policy", "local.policy"))
    .satisfied(
        "one of two topics lets it in",
        known(TOPIC, "kms_master_key_id", "alias/aws/sns"),
        known(ERRORS, "alarm_actions", [ON_CALL, "arn:aws:sns:eu-west-1:123456789012:elsewhere"]),
    ),
    Scenario("OBS-05.2", only("corrected", TOPIC, SUBSCRIPTION, ERRORS))
    .satisfied("of an alarm")
    .violated("a filter of attributes", known(SUBSCRIPTION, "filter_policy", '{"severity": ["high"]}'))
    .satisfied(
        "a filter of what is missing",
        known(SUBSCRIPTION, "filter_policy", '{"severity": [{"exists": false}]}'),
    )
    .satisfied(
        "a filter of alarms",
        known(SUBSCRIPTION, "filter_policy", '{"NewStateValue": ["ALARM"]}'),
        known(SUBSCRIPTION, "filter_policy_scope", "MessageBody"),
    )
    .violated(
        "a filter of good news",
        known(SUBSCRIPTION, "filter_policy", '{"NewStateValue": ["OK"]}'),
        known(SUBSCRIPTION, "filter_policy_scope", "MessageBody"),
        deceit="overruled",
    )
    .undetermined(
        "a filter of the body",
        known(SUBSCRIPTION, "filter_policy", '{"AlarmName": ["x"]}'),
        known(SUBSCRIPTION, "filter_policy_scope", "MessageBody"),
    )
    .undetermined("waits to be confirmed", known(SUBSCRIPTION, "pending_confirmation", True))
    .violated("an address of nobody", known(SUBSCRIPTION, "endpoint", "@example.com"), deceit="empty")
    .violated("no address", known(SUBSCRIPTION, "endpoint", ""))
    .undetermined("a filter known after apply", unknown(SUBSCRIPTION, "filter_policy")),
    Scenario("OBS-05.2", only("corrected", TOPIC, "aws_sns_topic_subscription"))
    .satisfied("as corrected")
    .satisfied(
        "a filter where no alarm publishes",
        known(SUBSCRIPTION, "filter_policy", '{"severity": ["high"]}'),
    )
    .violated("nobody", without(SUBSCRIPTION))
    .violated("second topic has nobody", another(TOPIC, "second", name="second"), deceit="another one")
    .undetermined("topic known after apply", unknown(SUBSCRIPTION, "topic_arn")),
    Scenario("OBS-05.3", only("corrected", DATABASE, EVENTS))
    .satisfied("as corrected")
    .satisfied("of every database", left_out(EVENTS, "source_ids"))
    .satisfied("of every kind", left_out(EVENTS, "event_categories"))
    .violated("no subscription", without(EVENTS))
    .violated("switched off", known(EVENTS, "enabled", False))
    .violated("of another database", known(EVENTS, "source_ids", ["other"]))
    .violated("of snapshots", known(EVENTS, "source_type", "db-snapshot"), deceit="companion")
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
    .violated(
        "events of instances only", aurora(), subscription(source_type="db-instance"), deceit="engine"
    )
    .violated("without failover", aurora(), subscription(event_categories=["failure"]))
    .violated("documents by RDS", documents(), subscription(source_ids=["pages"]), deceit="shape")
    .undetermined(
        "known after apply",
        aurora(),
        subscription(),
        unknown("aws_db_event_subscription.all", "source_ids"),
    ),
    Scenario("OBS-06.1", only("corrected", BOARD, SERVICE))
    .satisfied("as corrected")
    .satisfied("another namespace", panel("AWS/Lambda", "Errors", "FunctionName", "resize"))
    .satisfied(
        "each target group", panel("AWS/ApplicationELB", "HealthyHostCount", *BALANCER_OF, *TARGETS_OF)
    )
    .satisfied("a search", panel({"expression": "SEARCH('{AWS/ECS,ClusterName} CPUUtilization')"}))
    .satisfied(
        "the whole cluster on instances", known(SERVICE, "launch_type", "EC2"), panel(*OF_CLUSTER)
    )
    .violated(
        "tasks of a cluster", panel("ECS/ContainerInsights", "RunningTaskCount", "ClusterName", "main")
    )
    .violated("processor of a cluster", panel(*OF_CLUSTER))
    .violated(
        "hidden behind dots",
        panel(*OF_SERVICE, more=[["...", {"stat": "p99"}], [".", ".", "Service", "api"]]),
        deceit="spelling",
    )
    .violated(
        "health without its targets", panel("AWS/ApplicationELB", "UnHealthyHostCount", *BALANCER_OF)
    )
    .violated(
        "a misspelt database",
        panel("AWS/RDS", "DatabaseConnections", "DBInstance", "orders"),
        deceit="spelling",
    )
    .undetermined("a cluster without services", without(SERVICE), panel(*OF_CLUSTER), deceit="companion")
    .undetermined("services of both kinds", known(SERVICE, "launch_type", None), panel(*OF_CLUSTER))
    .undetermined("no dashboard at all in it", known(BOARD, "dashboard_body", "{}"))
    .undetermined("known after apply", unknown(BOARD, "dashboard_body")),
]
