"""Golden plans about databases that are clusters: three machines, Aurora, DocumentDB, Neptune."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.golden.changes import there, turns
from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.making import added, becomes
from tests.support.recipe_edits import Edit, known, left_out, together, unknown, without

NOTHING: Final = only("corrected")
BESIDE: Final = only("corrected", "aws_db_instance")
CLUSTER: Final = "aws_rds_cluster.orders"
ONE, TWO = "aws_rds_cluster_instance.one", "aws_rds_cluster_instance.two"
DOCUMENTS, DOCUMENT_ONE = "aws_docdb_cluster.pages", "aws_docdb_cluster_instance.one"
GRAPH, GRAPH_ONE = "aws_neptune_cluster.people", "aws_neptune_cluster_instance.one"
TOPIC: Final = "arn:aws:sns:eu-west-1:123456789012:on-call"
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


def _chosen(zone: str | None) -> Sequence[str]:
    return () if zone else ("availability_zone",)


SEEN: Final[Mapping[str, Any]] = {
    "db_parameter_group_name": "default.aurora-postgresql16",
    "monitoring_interval": 60,
    "performance_insights_enabled": True,
    "publicly_accessible": False,
}


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


def alarm(name: str, metric: str, dimensions: Mapping[str, str], **other: Any) -> Edit:
    """An alarm that tells somebody."""
    values = {
        "actions_enabled": True,
        "alarm_actions": [TOPIC],
        "comparison_operator": "GreaterThanThreshold",
        "dimensions": dict(dimensions),
        "metric_name": metric,
        "namespace": "AWS/RDS",
        "threshold": 80,
        **other,
    }
    return added(f"aws_cloudwatch_metric_alarm.{name}", values, computed=("arn", "id"))


def dashboard(*names: str) -> Edit:
    """A dashboard with the connections of these."""
    rows = [["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", name] for name in names]
    body = json.dumps({"widgets": [{"type": "metric", "properties": {"metrics": rows}}]})
    return added("aws_cloudwatch_dashboard.orders", {"dashboard_body": body})


WHOLE: Final = {"DBClusterIdentifier": "orders"}
FREE: Final = {"comparison_operator": "LessThanThreshold", "threshold": 5368709120}
EVERY_INSTANCE: Final = [{"DBInstanceIdentifier": f"orders-{each}"} for each in ("one", "two")]


def on_each(metric: str) -> Edit:
    """An alarm on each instance of Aurora."""
    return together(*(alarm(f"a{place}", metric, each) for place, each in enumerate(EVERY_INSTANCE)))


def on_the_cluster(number: str, name: str, wrong: Any) -> Scenario:
    """An attribute that every kind of cluster has itself."""
    return (
        Scenario(number, NOTHING)
        .satisfied("three machines", multi_az())
        .satisfied("aurora", aurora())
        .violated("three machines wrong", multi_az(), known(CLUSTER, name, wrong))
        .violated("three machines beside a right instance", multi_az(**{name: wrong}), base=BESIDE)
        .violated("aurora wrong", aurora(), known(CLUSTER, name, wrong))
        .violated(
            "aurora only said on an instance", aurora(**{name: wrong}), known(ONE, name, OF_RDS[name])
        )
        .undetermined("three machines known after apply", multi_az(), unknown(CLUSTER, name))
        .undetermined("aurora without its cluster", instance(ONE, CLUSTER, **SEEN))
    )


def on_instances(number: str, name: str, wrong: Any) -> Scenario:
    """An attribute that each instance of Aurora has."""
    return (
        Scenario(number, NOTHING)
        .satisfied("aurora", aurora())
        .violated("aurora reader wrong", aurora(), known(TWO, name, wrong))
        .violated(
            "aurora said on the cluster only",
            aurora(),
            known(CLUSTER, name, None),
            known(ONE, name, wrong),
        )
        .undetermined("aurora known after apply", aurora(), unknown(TWO, name))
        .undetermined("aurora without instances", aurora(instances=()))
    )


def in_the_group(number: str, name: str, wrong: str) -> Scenario:
    """A parameter of PostgreSQL, of a cluster or of one of its instances."""
    others = {each: wrong if each == name else value for each, value in PARAMETERS.items()}
    listed = [{"apply_method": "immediate", "name": name, "value": wrong}]
    own = added("aws_db_parameter_group.two", {"name": "two", "parameter": listed})
    wrong_group = known("aws_rds_cluster_parameter_group.orders", "parameter", _listed(others))
    return (
        Scenario(number, NOTHING)
        .satisfied("three machines", multi_az())
        .satisfied("aurora", aurora())
        .violated("three machines wrong", multi_az(), wrong_group)
        .violated("aurora wrong", aurora(), wrong_group)
        .violated(
            "aurora reader has its own", aurora(), own, known(TWO, "db_parameter_group_name", "two")
        )
        .undetermined("aurora without its cluster", instance(ONE, CLUSTER, **SEEN))
        .undetermined(
            "a group of clusters elsewhere",
            multi_az(),
            known(CLUSTER, "db_cluster_parameter_group_name", "elsewhere"),
        )
    )


def _listed(stated: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"apply_method": "immediate", "name": each, "value": stated[each]} for each in stated]


def subscription(kind: str = "aws_db_event_subscription", **other: Any) -> Edit:
    """A subscription to the events of clusters."""
    values = {"enabled": True, "event_categories": ["failover", "failure"], "source_ids": ["orders"]}
    return added(f"{kind}.all", values | {"source_type": "db-cluster"} | other)


SCENARIOS = [
    on_the_cluster("ENC-01.1", "storage_encrypted", False)
    .undetermined(
        "a copy of a snapshot",
        multi_az(snapshot_identifier="last"),
        left_out(CLUSTER, "storage_encrypted"),
    )
    .violated("documents wrong", documents(storage_encrypted=False))
    .satisfied("graph", graph())
    .violated("graph wrong", graph(storage_encrypted=False))
    .undetermined("documents without their cluster", instance(DOCUMENT_ONE, DOCUMENTS)),
    on_the_cluster("DUR-01.1", "backup_retention_period", 34)
    .violated("documents wrong", documents(backup_retention_period=1))
    .violated("graph wrong", graph(backup_retention_period=1)),
    on_the_cluster("DUR-02.1", "deletion_protection", False)
    .violated("documents wrong", documents(deletion_protection=None))
    .violated("graph wrong", graph(deletion_protection=False)),
    on_the_cluster("DUR-02.2", "skip_final_snapshot", True).violated(
        "documents wrong", documents(skip_final_snapshot=True)
    ),
    on_the_cluster("DUR-02.3", "delete_automated_backups", True)
    .satisfied("documents by their last snapshot", documents())
    .satisfied("graph by its last snapshot", graph())
    .violated("documents without a last snapshot", documents(skip_final_snapshot=True))
    .violated("graph without a last snapshot", graph(skip_final_snapshot=True)),
    on_the_cluster("CST-06.2", "copy_tags_to_snapshot", False)
    .satisfied("graph", graph())
    .violated("graph wrong", graph(copy_tags_to_snapshot=False)),
    on_the_cluster("SEC-02.1", "manage_master_user_password", None)
    .violated(
        "a plain password",
        multi_az(manage_master_user_password=None, master_password="not-a-real-one"),  # noqa: S106
    )
    .violated(
        "a plain password of the first of a global cluster",
        aurora(
            manage_master_user_password=None,
            master_password="not-a-real-one",  # noqa: S106
            global_cluster_identifier="world",
        ),
    )
    .undetermined(
        "a copy that replicates",
        aurora(manage_master_user_password=None, replication_source_identifier="arn:aws:rds:x"),
    )
    .undetermined(
        "another region of a global cluster",
        aurora(manage_master_user_password=None, global_cluster_identifier="world"),
    )
    .satisfied("graph has none", graph())
    .violated("documents wrong", documents(manage_master_user_password=None)),
    on_the_cluster("OBS-02.3", "enabled_cloudwatch_logs_exports", None)
    .satisfied("graph by its own name", graph(enable_cloudwatch_logs_exports=["audit"]))
    .violated("graph wrong", graph(enable_cloudwatch_logs_exports=None)),
    on_instances("EXP-01.1", "publicly_accessible", True)
    .undetermined("three machines in a group elsewhere", multi_az())
    .satisfied("three machines in private subnets", multi_az(), in_subnets(route="nat_gateway_id"))
    .satisfied("three machines without a route", multi_az(), in_subnets())
    .violated("three machines in public subnets", multi_az(), in_subnets(route="gateway_id"))
    .undetermined(
        "three machines in subnets of the main table",
        multi_az(),
        in_subnets(),
        without("aws_route_table_association.orders"),
    )
    .satisfied("documents have none", documents())
    .violated("graph wrong", graph(), known(GRAPH_ONE, "publicly_accessible", True))
    .satisfied("serverless of the first version", serverless()),
    on_instances("CHG-03.1", "auto_minor_version_upgrade", False)
    .satisfied("three machines by default", multi_az())
    .satisfied("documents take none", documents(), base=BESIDE)
    .satisfied("serverless of the first version takes none", serverless(), base=BESIDE),
    on_instances("CST-02.1", "instance_class", "db.r5.large")
    .satisfied("three machines", multi_az())
    .satisfied(
        "serverless beside one of a size", aurora(), known(TWO, "instance_class", "db.serverless")
    )
    .satisfied("serverless of the first version has none", serverless(), base=BESIDE)
    .violated("three machines of a class for others", multi_az(db_cluster_instance_class="db.m7g.large"))
    .violated("three machines wrong", multi_az(db_cluster_instance_class="db.r5.large")),
    on_instances("CST-09.2", "instance_class", "db.r5.large")
    .satisfied(
        "serverless beside one of a size", aurora(), known(TWO, "instance_class", "db.serverless")
    )
    .satisfied("serverless of the first version has none", serverless(), base=BESIDE)
    .violated("three machines wrong", multi_az(db_cluster_instance_class="db.m5d.large")),
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
    on_instances("OBS-02.2", "monitoring_interval", 0)
    .satisfied("three machines", multi_az())
    .satisfied("documents have none", documents(), base=BESIDE)
    .satisfied("serverless of the first version has none", serverless(), base=BESIDE),
    Scenario("CHG-04.1", NOTHING)
    .satisfied("aurora", aurora())
    .violated("aurora at once", aurora(apply_immediately=True))
    .violated("an instance at once", aurora(), known(TWO, "apply_immediately", True))
    .undetermined("graph known after apply", graph(), unknown(GRAPH, "apply_immediately")),
    Scenario("CHG-01.1", NOTHING)
    .satisfied(
        "instances whose cluster stays",
        aurora(),
        known(ONE, "cluster_identifier", "orders"),
        known(TWO, "cluster_identifier", "orders"),
        becomes(CLUSTER, "no-op"),
        becomes(ONE, "delete", "create"),
        becomes(TWO, "delete"),
    )
    .undetermined(
        "an instance of a cluster elsewhere",
        aurora(),
        known(ONE, "cluster_identifier", "elsewhere"),
        becomes(CLUSTER, "no-op"),
        becomes(ONE, "delete", "create"),
    )
    .violated(
        "an instance goes with its cluster",
        aurora(instances=(ONE,)),
        known(ONE, "cluster_identifier", "orders"),
        becomes(CLUSTER, "delete", "create"),
        becomes(ONE, "delete", "create"),
    ),
    Scenario("CHG-05.1", NOTHING)
    .satisfied("three machines", multi_az())
    .satisfied("aurora", aurora())
    .violated("aurora at its end of life", aurora(engine_version="11.9"))
    .satisfied("documents", documents(engine_version="5.0.0"))
    .satisfied("graph", graph(engine_version="1.4.5.1"))
    .violated("documents at the end of their support", documents(engine_version="3.6.0"))
    .violated("graph of an older line", graph(engine_version="1.3.0.0"))
    .undetermined("documents that do not say it", documents()),
    Scenario("AVA-02.1", NOTHING)
    .satisfied("three machines", multi_az())
    .satisfied("aurora chooses the zones", aurora())
    .satisfied(
        "two zones of documents",
        documents(),
        *(known(DOCUMENT_ONE, "availability_zone", "eu-west-1a"),),
        instance("aws_docdb_cluster_instance.two", DOCUMENTS, "eu-west-1b"),
    )
    .satisfied("serverless of the first version moves by itself", serverless(), base=BESIDE)
    .violated("aurora with one instance", aurora(instances=(ONE,)))
    .violated(
        "aurora in one zone",
        aurora(),
        known(ONE, "availability_zone", "eu-west-1a"),
        known(TWO, "availability_zone", "eu-west-1a"),
    )
    .violated("documents with one instance", documents())
    .violated(
        "the other instance is of another cluster",
        aurora(instances=(ONE,)),
        instance(TWO, "aws_rds_cluster.other", **SEEN),
        added("aws_rds_cluster.other", {**OF_RDS, "engine": "aurora-postgresql"}),
    )
    .undetermined("aurora without instances", aurora(instances=()))
    .undetermined(
        "documents choose the zones at apply",
        documents(),
        instance("aws_docdb_cluster_instance.two", DOCUMENTS),
    )
    .undetermined("engine known after apply", aurora(instances=()), unknown(CLUSTER, "engine")),
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
    Scenario("CAP-07.1", NOTHING)
    .satisfied("three machines", multi_az())
    .satisfied("aurora", aurora())
    .violated("three machines with too many", multi_az(iops=30000))
    .undetermined("three machines known after apply", multi_az(), unknown(CLUSTER, "iops")),
    Scenario("CST-02.2", NOTHING)
    .satisfied("three machines", multi_az(storage_type="gp3"))
    .satisfied("aurora is billed by use", aurora())
    .violated("three machines wrong", multi_az())
    .undetermined(
        "aurora without a charge for requests", aurora(), known(CLUSTER, "storage_type", "aurora-iopt1")
    ),
    Scenario("CST-14.4", NOTHING)
    .satisfied("aurora", aurora())
    .violated("three machines", multi_az())
    .undetermined("three machines known after apply", multi_az(), unknown(CLUSTER, "iops")),
    Scenario("CST-14.3", NOTHING)
    .undetermined("three machines", multi_az())
    .undetermined("aurora", aurora()),
    Scenario("CAP-01.1", NOTHING)
    .undetermined(
        "documents of a service that has no other",
        documents(),
        base=only(
            "corrected", "aws_ecs_service", "aws_ecs_task_definition", "aws_appautoscaling_target"
        ),
    )
    .undetermined("aurora by its class", aurora(), without("aws_rds_cluster_parameter_group.orders")),
    Scenario("CAP-02.1", NOTHING)
    .satisfied("the whole cluster", aurora(), alarm("one", "DatabaseConnections", WHOLE))
    .satisfied("every instance", aurora(), on_each("DatabaseConnections"))
    .satisfied("three machines", multi_az(), alarm("one", "DatabaseConnections", WHOLE))
    .undetermined(
        "perhaps with a third instance",
        aurora(),
        on_each("DatabaseConnections"),
        alarm("three", "DatabaseConnections", {"DBInstanceIdentifier": "orders-three"}),
        instance("aws_rds_cluster_instance.three", "aws_rds_cluster.orders"),
        unknown("aws_rds_cluster_instance.three", "cluster_identifier"),
    )
    .violated("one instance of two", aurora(), alarm("one", "DatabaseConnections", EVERY_INSTANCE[0]))
    .violated(
        "another cluster", aurora(), alarm("one", "DatabaseConnections", {"DBClusterIdentifier": "x"})
    )
    .violated(
        "documents in the space of RDS",
        documents(),
        alarm("one", "DatabaseConnections", {"DBClusterIdentifier": "pages"}),
    )
    .satisfied("graph counts none", aurora(), graph(), alarm("one", "DatabaseConnections", WHOLE)),
    Scenario("CAP-02.2", NOTHING)
    .satisfied("the whole cluster", aurora(), alarm("one", "DatabaseConnections", WHOLE, threshold=308))
    .violated("aurora one too late", aurora(), alarm("one", "DatabaseConnections", WHOLE, threshold=309))
    .satisfied(
        "documents are not reckoned",
        aurora(),
        documents(),
        alarm("one", "DatabaseConnections", WHOLE, threshold=308),
    ),
    Scenario("CAP-02.3", NOTHING)
    .violated("aurora on none", aurora())
    .satisfied("aurora by its own name", aurora(), dashboard("orders"))
    .satisfied("aurora by every instance", aurora(), dashboard("orders-one", "orders-two"))
    .violated("aurora by one instance of two", aurora(), dashboard("orders-one"))
    .undetermined(
        "aurora perhaps with a third instance",
        aurora(),
        dashboard("orders-one", "orders-two", "orders-three"),
        instance("aws_rds_cluster_instance.three", "aws_rds_cluster.orders"),
        unknown("aws_rds_cluster_instance.three", "cluster_identifier"),
    )
    .satisfied("graph counts none", aurora(), graph(), dashboard("orders")),
    Scenario("OBS-04.2", NOTHING)
    .satisfied(
        "aurora",
        aurora(),
        alarm("cpu", "CPUUtilization", WHOLE),
        alarm("disk", "FreeLocalStorage", WHOLE, **FREE),
    )
    .satisfied(
        "graph",
        graph(),
        alarm("cpu", "CPUUtilization", {"DBClusterIdentifier": "people"}, namespace="AWS/Neptune"),
    )
    .violated(
        "aurora by a figure that it does not have",
        aurora(),
        alarm("cpu", "CPUUtilization", WHOLE),
        alarm("disk", "FreeStorageSpace", WHOLE, **FREE),
    )
    .undetermined(
        "threshold of nobody known",
        aurora(),
        alarm("cpu", "CPUUtilization", WHOLE),
        alarm("disk", "FreeLocalStorage", WHOLE, **FREE),
        unknown("aws_cloudwatch_metric_alarm.disk", "actions_enabled"),
    ),
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
    Scenario("CHG-11.2", NOTHING)
    .satisfied("an instance of neptune stays private", graph(), there(GRAPH_ONE))
    .violated(
        "an instance of neptune",
        graph(),
        there(GRAPH_ONE),
        turns(GRAPH_ONE, "publicly_accessible", True),
    ),
    Scenario("CHG-13.1", NOTHING)
    .violated(
        "documents lose it", documents(), there(DOCUMENTS), turns(DOCUMENTS, "storage_encrypted", False)
    )
    .violated("graph loses it", graph(), there(GRAPH), turns(GRAPH, "storage_encrypted", False)),
    Scenario("CHG-13.2", NOTHING)
    .violated(
        "aurora goes with its backups",
        aurora(),
        there(CLUSTER),
        turns(CLUSTER, "delete_automated_backups", True),
    )
    .violated(
        "documents for fewer days",
        documents(),
        there(DOCUMENTS),
        turns(DOCUMENTS, "backup_retention_period", 7),
    )
    .violated("graph unprotected", graph(), there(GRAPH), turns(GRAPH, "deletion_protection", False)),
    in_the_group("ENC-06.1", "rds.force_ssl", "0")
    .satisfied("documents by default", documents())
    .satisfied("graph always", graph())
    .violated(
        "documents without",
        documents(db_cluster_parameter_group_name="orders"),
        group("aws_docdb_cluster_parameter_group", {"tls": "disabled"}),
    )
    .undetermined(
        "documents in a group elsewhere", documents(db_cluster_parameter_group_name="elsewhere")
    )
    .undetermined("documents without their cluster", instance(DOCUMENT_ONE, DOCUMENTS)),
    in_the_group("CAP-03.1", "idle_in_transaction_session_timeout", "60001").satisfied(
        "documents have no such parameter", aurora(), documents()
    ),
    in_the_group("OBS-02.4", "log_statement", "none")
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
]
