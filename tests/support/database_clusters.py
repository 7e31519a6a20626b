"""Databases that are clusters: three machines, Aurora, DocumentDB, Neptune."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.support.cutting import only
from tests.support.making import added
from tests.support.recipe_edits import Edit, together, unknown

NOTHING: Final = only("corrected")
CLUSTER: Final = "aws_rds_cluster.orders"
ONE, TWO = "aws_rds_cluster_instance.one", "aws_rds_cluster_instance.two"
ON_CALL: Final = "arn:aws:sns:eu-west-1:123456789012:on-call"
PARAMETERS: Final = {
    "idle_in_transaction_session_timeout": "60000",
    "log_connections": "1",
    "log_disconnections": "1",
    "log_min_duration_statement": "1000",
    "log_statement": "ddl",
    "max_connections": "400",
    "rds.force_ssl": "1",
}
GUARDED: Final[Mapping[str, Any]] = {
    "apply_immediately": False,
    "backup_retention_period": 35,
    "deletion_protection": True,
    "global_cluster_identifier": None,
    "restore_to_point_in_time": [],
    "skip_final_snapshot": False,
    "snapshot_identifier": None,
    "storage_encrypted": True,
}
OF_RDS: Final[Mapping[str, Any]] = {
    **GUARDED,
    "cluster_identifier": "orders",
    "copy_tags_to_snapshot": True,
    "delete_automated_backups": False,
    "enabled_cloudwatch_logs_exports": ["postgresql"],
    "engine_mode": "provisioned",
    "engine_version": "16",
    "manage_master_user_password": True,
    "master_password": None,
    "replication_source_identifier": None,
}
SEEN: Final[Mapping[str, Any]] = {
    "db_parameter_group_name": "default.aurora-postgresql16",
    "engine": "aurora-postgresql",
    "monitoring_interval": 60,
    "performance_insights_enabled": True,
    "publicly_accessible": False,
}
DOCUMENTS, DOCUMENT_ONE = "aws_docdb_cluster.pages", "aws_docdb_cluster_instance.one"
GRAPH, GRAPH_ONE = "aws_neptune_cluster.people", "aws_neptune_cluster_instance.one"


def refers(address: str, attribute: str) -> list[str]:
    """What the source refers to when it names another resource."""
    return [f"{address}.{attribute}", address]


def group(kind: str, stated: Mapping[str, str]) -> Edit:
    """A parameter group with these parameters."""
    listed = [{"apply_method": "immediate", "name": each, "value": stated[each]} for each in stated]
    return added(f"{kind}.orders", {"name": "orders", "parameter": listed}, computed=("arn", "id"))


def multi_az(**other: Any) -> Edit:
    """A cluster of three machines, with all guards."""
    own = {
        "allocated_storage": 400,
        "db_cluster_instance_class": "db.m6gd.large",
        "db_cluster_parameter_group_name": "orders",
        "engine": "postgres",
        "iops": 12000,
        "monitoring_interval": 60,
        "performance_insights_enabled": True,
        "storage_type": "io1",
    }
    made = added(CLUSTER, {**OF_RDS, **own, **other}, computed=("arn", "id"))
    return together(made, group("aws_rds_cluster_parameter_group", PARAMETERS))


def in_subnets(route: str = "") -> Edit:
    """The cluster stands in a subnet of the plan; one route, if any, leads out by this attribute."""
    out = {"gateway_id": "aws_internet_gateway.orders", "nat_gateway_id": "aws_nat_gateway.orders"}
    said = {"destination_cidr_block": "0.0.0.0/0", "gateway_id": None, "nat_gateway_id": None}
    way = {name: value for name, value in said.items() if name != route}
    table, subnet_ = "aws_route_table.orders", "aws_subnet.orders"
    named = {"db_subnet_group_name": refers("aws_db_subnet_group.orders", "name")}
    edits = [
        added(
            "aws_db_subnet_group.orders", {"name": "in"}, refers={"subnet_ids": refers(subnet_, "id")}
        ),
        added(subnet_, {"cidr_block": "10.0.8.0/24"}, computed=("id",)),
        added(table, {"vpc_id": "vpc-1"}, computed=("id", "route")),
        added(
            "aws_route_table_association.orders",
            {},
            refers={"subnet_id": refers(subnet_, "id"), "route_table_id": refers(table, "id")},
        ),
        unknown(CLUSTER, "db_subnet_group_name", *named["db_subnet_group_name"]),
    ]
    if route:
        edits.append(added(out[route], {}, computed=("id",)))
        own = {"route_table_id": refers(table, "id"), route: refers(out[route], "id")}
        edits.append(added("aws_route.orders", way, refers=own))
    return together(*edits)


def _chosen(zone: str | None) -> Sequence[str]:
    return () if zone else ("availability_zone",)


def instance(address: str, cluster: str, zone: str | None = None, **other: Any) -> Edit:
    """An instance of a cluster."""
    values = {
        "apply_immediately": False,
        "auto_minor_version_upgrade": True,
        "identifier": f"orders-{address.rpartition('.')[2]}",
        "instance_class": "db.m7g.large",
        **other,
    }
    values |= {} if zone is None else {"availability_zone": zone}
    named = {"cluster_identifier": refers(cluster, "id")}
    return added(address, values, refers=named, computed=("arn", "id", *_chosen(zone)))


def aurora(instances: Sequence[str] = (ONE, TWO), **other: Any) -> Edit:
    """A cluster of Aurora with its instances, and all guards."""
    own = {"db_cluster_parameter_group_name": "orders", "engine": "aurora-postgresql", "iops": None}
    computed = ("arn", "id", "storage_type", "monitoring_interval")
    return together(
        added(CLUSTER, {**OF_RDS, **own, **other}, computed=computed),
        group("aws_rds_cluster_parameter_group", PARAMETERS),
        *(instance(each, CLUSTER, **SEEN) for each in instances),
    )


def serverless(**other: Any) -> Edit:
    """A cluster of Aurora Serverless v1."""
    return aurora(instances=(), engine_mode="serverless", **other)


def documents(**other: Any) -> Edit:
    """A cluster of DocumentDB with an instance."""
    own = {"cluster_identifier": "pages", "engine": "docdb", "manage_master_user_password": True}
    made = added(DOCUMENTS, {**GUARDED, **own, **other}, computed=("arn", "id"))
    return together(made, instance(DOCUMENT_ONE, DOCUMENTS, enable_performance_insights=True))


def graph(**other: Any) -> Edit:
    """A cluster of Neptune with an instance."""
    own = {"cluster_identifier": "people", "copy_tags_to_snapshot": True, "engine": "neptune"}
    made = added(GRAPH, {**GUARDED, **own, **other}, computed=("arn", "id"))
    return together(made, instance(GRAPH_ONE, GRAPH, publicly_accessible=False))


def copied(**other: Any) -> Edit:
    """A read replica of the database, beside it."""
    values = {
        "engine": None,
        "engine_version": None,
        "identifier": "copy",
        "instance_class": "db.t4g.medium",
        **other,
    }
    computed = ("arn", "id", *(name for name in ("parameter_group_name",) if name not in other))
    named = {"replicate_source_db": refers("aws_db_instance.main", "identifier")}
    if "replicate_source_db" in other:
        named = {}
    return added("aws_db_instance.copy", values, refers=named, computed=computed)


def documents_log(**other: str) -> tuple[Edit, Edit]:
    """DocumentDB that writes down who connects, and what is slow."""
    stated = {"audit_logs": "ddl, dml_write", "profiler": "enabled", **other}
    made = documents(db_cluster_parameter_group_name="orders")
    return made, group("aws_docdb_cluster_parameter_group", stated)


def graph_logs(**other: str | None) -> tuple[Edit, Edit]:
    """Neptune that writes down who connects, and what is slow."""
    own = {
        "neptune_enable_audit_log": "1",
        "neptune_enable_slow_query_log": "info",
        "neptune_slow_query_log_threshold": "1000",
        **other,
    }
    stated = {name: value for name, value in own.items() if value is not None}
    made = graph(neptune_cluster_parameter_group_name="orders")
    return made, group("aws_neptune_cluster_parameter_group", stated)


def alarm_on(name: str, metric: str, dimensions: Mapping[str, str], **other: Any) -> Edit:
    """An alarm that tells somebody."""
    values = {
        "actions_enabled": True,
        "alarm_actions": [ON_CALL],
        "comparison_operator": "GreaterThanThreshold",
        "dimensions": dict(dimensions),
        "evaluation_periods": 3,
        "metric_name": metric,
        "namespace": "AWS/RDS",
        "period": 60,
        "statistic": "Average",
        "threshold": 80,
        **other,
    }
    return added(f"aws_cloudwatch_metric_alarm.{name}", values, computed=("arn", "id"))


SECRET: Final = "not-a-real-one"  # noqa: S105


def elastic(**other: Any) -> Edit:
    """An elastic cluster of DocumentDB."""
    own = {"auth_type": "SECRET_ARN", "backup_retention_period": 35, "name": "pages"}
    return added("aws_docdbelastic_cluster.pages", own | other)


def warehouse(**other: Any) -> Edit:
    """A warehouse of Redshift, with all guards that it has."""
    own = {
        "automated_snapshot_retention_period": 35,
        "cluster_identifier": "events",
        "encrypted": "true",
        "manage_master_password": True,
        "publicly_accessible": False,
    }
    return added("aws_redshift_cluster.events", own | other)


def sql(**other: Any) -> Edit:
    """A cluster of Aurora DSQL."""
    return added("aws_dsql_cluster.carts", {"deletion_protection_enabled": True, **other})


def small(**other: Any) -> Edit:
    """A database of Lightsail."""
    own = {"publicly_accessible": False, "relational_database_name": "blog", "master_password": SECRET}
    return added("aws_lightsail_database.blog", own | other)
