"""Golden plans about running the service: databases, alarms, dashboards, budgets."""

from typing import Any

from tests.golden.attributes import attribute
from tests.golden.capacity import limit
from tests.golden.recipe import Scenario
from tests.support.cutting import Cut, only
from tests.support.making import another
from tests.support.recipe_edits import Edit, known, left_out, rewritten, unknown, unwritten, without

DATABASE = "aws_db_instance.main"
GROUP = "aws_db_parameter_group.main"
SERVICE = "aws_ecs_service.api"
CLUSTER = "aws_ecs_cluster.main"
BALANCER = "aws_lb.main"
TOPIC = "aws_sns_topic.alarms"
SUBSCRIPTION = 'aws_sns_topic_subscription.alarms["classifier-oncall@example.com"]'
DASHBOARD = "aws_cloudwatch_dashboard.main"
BUDGET = "aws_budgets_budget.monthly"
ENDPOINT = "aws_vpc_endpoint.s3"
VERSION = "engine_version"
SWITCH = "auto_minor_version_upgrade"
DATABASES = only("corrected", DATABASE)
SERVICES = only("corrected", SERVICE)
WITH_GROUP = only("corrected", DATABASE, GROUP)


def alarm(key: str) -> str:
    """The address of one of our alarms."""
    return f'aws_cloudwatch_metric_alarm.main["{key}"]'


CONNECTIONS = alarm("database-connections")
ERRORS = alarm("api-errors")


def parameter(name: str, value: str) -> Edit:
    """The parameter group states this and nothing else."""
    return known(GROUP, "parameter", [{"apply_method": "immediate", "name": name, "value": value}])


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


def in_the_group(number: str, name: str, wrong: str) -> Scenario:
    """A parameter of the database's parameter group."""
    return (
        Scenario(number, WITH_GROUP)
        .satisfied("as corrected")
        .violated("another value", parameter(name, wrong))
        .violated("as inherited", base=only("inherited", DATABASE))
        .undetermined("parameters known after apply", unnamed_parameter())
        .undetermined("a group elsewhere", known(DATABASE, "parameter_group_name", "elsewhere"))
    )


def unnamed_parameter() -> Edit:
    """The parameter group has one parameter, of which apply decides the name."""

    def edit(plan: dict[str, Any]) -> None:
        known(GROUP, "parameter", [{"apply_method": "immediate", "name": "", "value": "1"}])(plan)
        unknown(GROUP, "parameter[0].name")(plan)

    return edit


def version(text: str, engine: str = "postgres", *, switch: bool = True) -> tuple[Edit, ...]:
    """The database is of this version, and RDS raises its minor version or does not."""
    return (
        known(DATABASE, VERSION, text),
        known(DATABASE, "engine", engine),
        known(DATABASE, SWITCH, switch),
    )


def watched(number: str, base: Cut, subject: str, *keys: str) -> Scenario:
    """Alarms on figures of one resource; the first stands for all in what is changed."""
    first = alarm(keys[0])
    names = (subject, *map(alarm, keys))
    scenario = Scenario(number, only("corrected", *names, TOPIC)).satisfied("as corrected")
    for key in keys:
        scenario.violated(f"no alarm {key}", without(alarm(key)))
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


SCENARIOS = [
    attribute(
        *("DUR-02.3", DATABASES, DATABASE, "delete_automated_backups"),
        bad={"they go": True},
        unset="violated",
    ),
    attribute(
        *("CST-06.2", DATABASES, DATABASE, "copy_tags_to_snapshot"),
        bad={"switched off": False},
        unset="violated",
    ),
    attribute(
        *("CHG-03.1", DATABASES, DATABASE, "auto_minor_version_upgrade"),
        bad={"switched off": False},
        unset="satisfied",
    ),
    attribute(
        *("CHG-05.1", DATABASES, DATABASE, "engine_version"),
        good={"major only": "17"},
        bad={
            "at its end of life": "13.15",
            "a minor that RDS withdrew": "16.8",
            "a build of a minor that RDS withdrew": "17.4-R2",
        },
        unset="undetermined",
    )
    .satisfied("a minor that RDS still creates", known(DATABASE, "engine_version", "16.13"))
    .satisfied("the newest major version", known(DATABASE, "engine_version", "18.1"))
    .satisfied("a build of the newest minor", known(DATABASE, "engine_version", "16.13-R1"))
    .undetermined("a minor before the first", known(DATABASE, "engine_version", "16.0"))
    .undetermined("a minor that nobody has heard of", known(DATABASE, "engine_version", "16.99"))
    .undetermined("a minor of no form", known(DATABASE, "engine_version", "16.08"))
    .undetermined("three parts", known(DATABASE, "engine_version", "16.13.1"))
    .undetermined("an engine of which nothing is listed", known(DATABASE, "engine", "mysql")),
    Scenario("CHG-03.2", DATABASES)
    .satisfied("as corrected")
    .satisfied("a minor that nobody raises", *version("16.13", switch=False))
    .satisfied("the line of another engine", *version("8.4", "mysql"))
    .satisfied("nobody names a version", left_out(DATABASE, VERSION, computed=True))
    .satisfied("the plan shows what runs", *version("16.13"), unwritten(DATABASE, VERSION))
    .violated("a minor", *version("16.13"))
    .violated("a minor of another engine", *version("8.4.7", "mysql"))
    .violated("a minor of an edition", *version("19.0.0.0.ru-2026-01.rur-2026-01.r1", "oracle-se2"))
    .violated("the switch left to its default", *version("16.13"), left_out(DATABASE, SWITCH))
    .undetermined("switch known after apply", *version("16.13"), unknown(DATABASE, SWITCH))
    .undetermined("engine known after apply", *version("16.13"), unknown(DATABASE, "engine"))
    .undetermined("version known after apply", unknown(DATABASE, VERSION))
    .undetermined("an engine of which nothing is listed", *version("1.2", "of-tomorrow")),
    attribute(
        *("CHG-04.1", DATABASES, DATABASE, "apply_immediately"),
        bad={"at once": True},
        unset="undetermined",
    ),
    attribute(
        *("OBS-02.1", DATABASES, DATABASE, "performance_insights_enabled"),
        bad={"switched off": False},
        unset="violated",
    ),
    attribute(
        *("OBS-02.2", DATABASES, DATABASE, "monitoring_interval"),
        good={"every second": 1},
        bad={"switched off": 0, "too seldom": 61},
        unset="violated",
    ),
    attribute(
        *("OBS-02.3", DATABASES, DATABASE, "enabled_cloudwatch_logs_exports"),
        bad={"none": []},
        unset="violated",
    ).violated("as inherited", base=only("inherited", DATABASE)),
    attribute(
        *("CAP-04.1", DATABASES, DATABASE, "max_allocated_storage"),
        good={"one more": 401},
        bad={"as much as there is": 400, "switched off": 0},
        unset="violated",
    ).undetermined("size known after apply", unknown(DATABASE, "allocated_storage")),
    attribute(
        *("DEP-04.1", SERVICES, SERVICE, "deployment_minimum_healthy_percent"),
        bad={"one may go": 99, "all may go": 0},
        unset="undetermined",
    ),
    attribute(
        *("DEP-06.1", SERVICES, SERVICE, "wait_for_steady_state"),
        bad={"does not wait": False},
        unset="violated",
    ),
    in_the_group("ENC-06.1", "rds.force_ssl", "0").undetermined(
        "left to the default of a new version", parameter("log_connections", "1")
    ),
    in_the_group("CAP-03.1", "idle_in_transaction_session_timeout", "60001")
    .violated("never", parameter("idle_in_transaction_session_timeout", "0"))
    .violated("left to the default", parameter("log_connections", "1")),
    in_the_group("OBS-02.4", "log_connections", "1")
    .satisfied(
        "in words, and everything",
        logged(log_connections="on", log_disconnections="true", min_duration="0", log_statement="all"),
    )
    .violated("who leaves is left out", logged(log_disconnections="0"))
    .violated("slow is two seconds", logged(min_duration="2000"))
    .violated("slow is never", logged(min_duration="-1"))
    .violated("tables change in silence", logged(log_statement="none")),
    Scenario("CAP-02.2", only("corrected", DATABASE, GROUP, CONNECTIONS, "aws_sns_topic"), limit("120"))
    .satisfied("at 80")
    .satisfied("exactly four fifths of what is left", known(CONNECTIONS, "threshold", 84))
    .violated("one too late", known(CONNECTIONS, "threshold", 85))
    .violated("at none", known(CONNECTIONS, "threshold", 0))
    .violated("a smaller database", limit("100"))
    .violated("no alarm", without(CONNECTIONS))
    .violated("tells nobody", known(CONNECTIONS, "actions_enabled", False))
    .undetermined("threshold known after apply", unknown(CONNECTIONS, "threshold"))
    .undetermined("limit is a formula", limit("LEAST({DBInstanceClassMemory/9531392},5000)"))
    .undetermined("metric known after apply", unknown(CONNECTIONS, "metric_name")),
    Scenario("CAP-02.3", only("corrected", DATABASE, DASHBOARD))
    .satisfied("as corrected")
    .violated("no dashboard", without(DASHBOARD))
    .violated("of another database", known(DATABASE, "identifier", "classifier"))
    .violated(
        "nothing on it", rewritten(DASHBOARD, "dashboard_body", lambda body: body.update(widgets=[]))
    )
    .undetermined("known after apply", unknown(DASHBOARD, "dashboard_body"))
    .undetermined("database known after apply", unknown(DATABASE, "identifier")),
    Scenario("OBS-01.1", only("corrected", CLUSTER))
    .satisfied("as corrected")
    .satisfied("with more", known(CLUSTER, "setting[0].value", "enhanced"))
    .violated("switched off", known(CLUSTER, "setting[0].value", "disabled"))
    .violated("as inherited", base=only("inherited", CLUSTER))
    .undetermined("value known after apply", unknown(CLUSTER, "setting[0].value"))
    .undetermined("known after apply", unknown(CLUSTER, "setting")),
    watched(
        *("OBS-04.1", only("inherited", BALANCER), BALANCER),
        *("api-errors", "api-latency", "unhealthy-hosts"),
    ).undetermined("which of two load balancers", another(BALANCER, "second", name="second")),
    watched(
        *("OBS-04.2", only("inherited", DATABASE), DATABASE, "database-cpu", "database-storage"),
    ).violated(
        "of another database",
        known(alarm("database-cpu"), "dimensions", {"DBInstanceIdentifier": "other"}),
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
    Scenario("CST-08.1", only("corrected", SERVICE, BUDGET))
    .satisfied("as corrected")
    .satisfied(
        "by mail", known(BUDGET, "notification[0].subscriber_email_addresses", ["us@example.com"])
    )
    .violated("no budget", without(BUDGET))
    .violated("nobody is told", left_out(BUDGET, "notification"))
    .violated(
        "told when twice as much is spent",
        known(BUDGET, "notification[0].threshold", 200),
        known(BUDGET, "notification[1].threshold", 200),
    )
    .violated(
        "told while little is spent",
        known(BUDGET, "notification[0].comparison_operator", "LESS_THAN"),
        known(BUDGET, "notification[1].comparison_operator", "LESS_THAN"),
    )
    .violated("as inherited", base=only("inherited", SERVICE))
    .undetermined("known after apply", unknown(BUDGET, "notification")),
    Scenario("CST-10.1", only("corrected", SERVICE, ENDPOINT))
    .satisfied("as corrected")
    .violated("no endpoint", without(ENDPOINT))
    .violated("of another kind", known(ENDPOINT, "vpc_endpoint_type", "Interface"))
    .violated("for another service", known(ENDPOINT, "service_name", "com.amazonaws.eu-west-1.ecr.api"))
    .violated("in no route table", known(ENDPOINT, "route_table_ids", []))
    .violated("as inherited", base=only("inherited", SERVICE))
    .undetermined("service known after apply", unknown(ENDPOINT, "service_name"))
    .undetermined("route tables known after apply", unknown(ENDPOINT, "route_table_ids")),
]
