"""Outcomes about monitoring and notification."""

from typing import Final

from planspec.judgements.capacity import engine_settings
from planspec.judgements.durability import bucket_settings
from planspec.judgements.observability import (
    access_logs,
    alarm_actions,
    alarms,
    dashboard_dimensions,
    dashboards,
    database_alarms,
    rds_events,
    topics,
)
from planspec.vocabulary import forms, subjects
from planspec.vocabulary.model import Outcome

_ALARMS: Final = "aws_cloudwatch_metric_alarm"
_WATCHED: Final = "An alarm that can fire, soon enough, and sends notifications watches each metric."
_TOLD: Final = "one on each metric, with alarm_actions that send a notification"

_DATABASES: Final = (
    Outcome(
        subjects.DB_INSTANCE,
        forms.ENABLED,
        "Performance Insights",
        lambda a: dashboards.queries_are_seen(a.databases),
        "performance_insights_enabled",
        "true",
        "It shows what its queries wait for.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.AT_MOST,
        "the Enhanced Monitoring interval",
        lambda a: dashboards.machine_is_seen(a.databases, maximum_seconds=a.number),
        "monitoring_interval",
        "seconds, above 0",
        "It reports on its machine this often, or more often.",
        unit="seconds",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.ENABLED,
        "log export to CloudWatch Logs",
        lambda a: dashboards.logs_leave_the_database(a.databases),
        "enabled_cloudwatch_logs_exports",
        "one kind of log, or more",
        "Its logs are sent where they can be searched; one kind is enough.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.STATEMENTS,
        "",
        lambda a: engine_settings.write_down_connections(a.plan, a.databases, maximum_seconds=a.number),
        "log_connections, log_disconnections, log_statement, log_min_duration_statement and others",
        "parameters of its engine, in its parameter group",
        "Its log tells who connects, who changes tables, and what takes longer than this.",
        unit="seconds",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.WATCHED,
        "",
        lambda a: database_alarms.are_watched(a.plan, a.databases, a.texts, a.parameters.observability),
        _ALARMS,
        _TOLD,
        _WATCHED,
        texts=database_alarms.METRICS,
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.NOTIFIED,
        "",
        lambda a: rds_events.databases_report_events(a.plan, a.databases, a.texts),
        "aws_db_event_subscription",
        "its event_categories, or all",
        "A subscription passes on its events of these categories; a cluster has fewer of them.",
        texts=tuple(sorted(rds_events.CATEGORIES["db-instance"])),
    ),
)

OUTCOMES: Final = (
    *_DATABASES,
    Outcome(
        subjects.CLUSTER,
        forms.ENABLED,
        "Container Insights",
        lambda a: dashboards.clusters_give_figures(a.plan, a.resources),
        "setting: containerInsights",
        "enabled or enhanced",
        "It publishes metrics of its tasks.",
    ),
    Outcome(
        subjects.BALANCER,
        forms.ENABLED,
        "access logging",
        lambda a: access_logs.balancers_log_requests(a.plan, a.resources),
        "access_logs",
        "enabled = true",
        "It logs the requests that it receives, into a bucket that takes the logs.",
        ("access log",),
    ),
    Outcome(
        subjects.BUCKET,
        forms.ENABLED,
        "access logging",
        lambda a: bucket_settings.log_access(a.plan, a.resources),
        "aws_s3_bucket_logging",
        "one that names it; buckets for logs need none",
        "The requests to it are logged.",
        ("access log", "server access logging"),
    ),
    Outcome(
        subjects.APPLICATION_BALANCER,
        forms.WATCHED,
        "",
        lambda a: alarms.figures_are_watched(
            a.plan, a.resources, alarms.named(a.texts), a.parameters.observability
        ),
        _ALARMS,
        _TOLD,
        _WATCHED,
        texts=tuple(each.metric for each in alarms.OF_BALANCERS),
    ),
    Outcome(
        subjects.ECS_SERVICE,
        forms.WATCHED,
        "",
        lambda a: alarms.figures_are_watched(
            a.plan, a.resources, alarms.named(a.texts), a.parameters.observability
        ),
        _ALARMS,
        _TOLD,
        _WATCHED,
        texts=tuple(each.metric for each in alarms.OF_SERVICES),
    ),
    Outcome(
        subjects.ALARM,
        forms.ENABLED,
        "alarm actions",
        lambda a: alarm_actions.somebody_is_told(a.plan, a.resources),
        "actions_enabled, alarm_actions",
        "switched on, with an action",
        "It is switched on and has an action that CloudWatch can carry out.",
    ),
    Outcome(
        subjects.TOPIC,
        forms.HAS,
        "a subscription",
        lambda a: topics.somebody_listens(a.plan, a.resources),
        "aws_sns_topic_subscription",
        "one that names it",
        "A subscription receives its messages, also those of alarms; its reader is not judged.",
    ),
    Outcome(
        subjects.DASHBOARD,
        forms.SUPPORTED,
        "metric dimensions",
        lambda a: dashboard_dimensions.dimensions_exist(a.plan, a.resources),
        "dashboard_body",
        "the dimensions of each metric of ECS, RDS and Application Load Balancers",
        "No panel is empty because AWS publishes its metric by other dimensions.",
    ),
)
