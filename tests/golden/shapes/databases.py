"""Golden plans about what each engine of a database is asked, and about dashboards that show it."""

import json
from collections.abc import Mapping
from typing import Any, Final

from tests.golden.capacity.connections import WHOLE, demand
from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.database_clusters import (
    NOTHING,
    PARAMETERS,
    aurora,
    copied,
    graph,
    instance,
)
from tests.support.making import added
from tests.support.recipe_edits import Edit, known, rewritten, together, unknown, without

DATABASE: Final = "aws_db_instance.main"
GROUP: Final = "aws_db_parameter_group.main"
OPTIONS: Final = "aws_db_option_group.main"
BASE: Final = only("corrected", DATABASE, GROUP)
CLUSTER_GROUP: Final = "aws_rds_cluster_parameter_group.orders"
OURS = "classifier-production-db"
DOTTED = ["AWS/RDS", "DatabaseConnections"]
SEARCHED = '{AWS/RDS,DBInstanceIdentifier} MetricName="DatabaseConnections"'
CLUSTERS = "DBClusterIdentifier"
BOARD = "aws_cloudwatch_dashboard.orders"
DASHBOARD = "aws_cloudwatch_dashboard.main"
SLOW: Final = {"slow_query_log": "1", "long_query_time": "0.5", "log_output": "FILE"}
EVENTS: Final = {"server_audit_logging": "1", "server_audit_events": "CONNECT,QUERY_DDL"}
LOGS: Final = "enabled_cloudwatch_logs_exports"


def runs(engine: str, version: str = "8.0", **parameters: str) -> Edit:
    """The database runs this engine, with these parameters in its group."""
    return together(
        known(DATABASE, "engine", engine),
        known(DATABASE, "engine_version", version),
        stated(GROUP, parameters),
    )


def stated(group: str, parameters: Mapping[str, str]) -> Edit:
    """A group with these parameters and no others."""
    listed = [
        {"apply_method": "immediate", "name": name, "value": parameters[name]} for name in parameters
    ]
    return known(group, "parameter", listed)


def audited(events: str | None = "CONNECT,QUERY_DDL", **other: str) -> Edit:
    """The database has an option that writes these events down."""
    said = {**({} if events is None else {"SERVER_AUDIT_EVENTS": events}), **other}
    settings = [{"name": name, "value": said[name]} for name in said]
    option = {"option_name": "MARIADB_AUDIT_PLUGIN", "option_settings": settings}
    return together(
        added(OPTIONS, {"name": "audited", "option": [option]}, computed=("arn", "id")),
        known(DATABASE, "option_group_name", "audited"),
    )


def aurora_mysql(version: str = "8.0.mysql_aurora.3.08.0", **parameters: str) -> Edit:
    """A cluster of Aurora MySQL with these parameters."""
    return together(
        aurora(engine="aurora-mysql", engine_version=version, enabled_cloudwatch_logs_exports=["error"]),
        stated(CLUSTER_GROUP, parameters),
    )


def reached(tasks: int, pool: int, engine: str, size: str, version: str = "8.0", **stated_: str) -> Edit:
    """So many tasks, all of them twice in a deployment, reach a database of this engine and class."""
    return together(
        demand(tasks, 200, 1, pool),
        runs(engine, version, **stated_),
        known(DATABASE, "instance_class", size),
    )


def dashboard(*names: str, dimension: str = "DBInstanceIdentifier") -> Edit:
    """A dashboard with the connections of these."""
    return board(drawn(*(["AWS/RDS", "DatabaseConnections", dimension, name] for name in names)))


def board(*widgets: Any) -> Edit:
    """A dashboard with these widgets."""
    return added(BOARD, {"dashboard_body": json.dumps({"widgets": list(widgets)})})


def drawn(*rows: Any) -> dict[str, Any]:
    """A widget with these metrics."""
    return {"type": "metric", "properties": {"metrics": list(rows)}}


def says(text: str) -> dict[str, Any]:
    """A widget with text."""
    return {"type": "text", "properties": {"markdown": text}}


def of_database(name: str, metric: str = "DatabaseConnections", **options: Any) -> list[Any]:
    """A row with a metric of one instance."""
    return ["AWS/RDS", metric, "DBInstanceIdentifier", name, *([options] if options else [])]


# The reserve is 14. MySQL of 1 GiB accepts 59 to 85, MariaDB 29 to 85, SQL Server 32767.
SCENARIOS = [
    Scenario("CAP-01.1", WHOLE)
    .satisfied("MySQL by its class", reached(2, 11, "mysql", "db.t3.micro"))
    .violated("MySQL over its class", reached(4, 9, "mysql", "db.t3.micro"))
    .undetermined("MariaDB by its class", reached(2, 5, "mariadb", "db.t3.micro"))
    .satisfied("SQL Server by default", reached(60, 100, "sqlserver-se", "db.m6g.large"))
    .violated(
        "SQL Server by its own",
        reached(2, 10, "sqlserver-se", "db.m6g.large", **{"user connections": "50"}),
    )
    .satisfied(
        "PostgreSQL by a formula",
        reached(
            2, 16, "postgres", "db.t4g.micro", "16", max_connections="{DBInstanceClassMemory/9531392}"
        ),
    )
    .violated(
        "a formula that leaves none",
        reached(
            1, 1, "postgres", "db.t4g.micro", "16", max_connections="{DBInstanceClassMemory/99999999999}"
        ),
    )
    .violated(
        "the least of several",
        reached(
            *(4, 10, "mysql", "db.m6g.large"),
            max_connections="LEAST({DBInstanceClassMemory/12582880}, 60)",
        ),
        deceit="unit",
    )
    .undetermined(
        "5000 stated on 1 GiB",
        reached(60, 10, "postgres", "db.t4g.micro", "16", max_connections="5000"),
    )
    .undetermined(
        "5000 stated on a class that nobody listed",
        reached(60, 20, "postgres", "db.x9g.medium", "16", max_connections="5000"),
    )
    .satisfied(
        "100 stated on a class that nobody listed",
        reached(4, 10, "postgres", "db.x9g.medium", "16", max_connections="100"),
    ),
    Scenario("CAP-02.3", only("corrected", DATABASE, DASHBOARD))
    .satisfied("as corrected")
    .violated("no dashboard", without(DASHBOARD))
    .violated("of another database", known(DATABASE, "identifier", "classifier"))
    .violated(
        "nothing on it", rewritten(DASHBOARD, "dashboard_body", lambda body: body.update(widgets=[]))
    )
    .undetermined("known after apply", unknown(DASHBOARD, "dashboard_body"))
    .undetermined("database known after apply", unknown(DATABASE, "identifier")),
    Scenario("CAP-02.3", only("corrected", DATABASE))
    .satisfied("as another row", board(drawn(of_database("other"), ["...", OURS])))
    .satisfied("by dots", board(drawn(of_database("x", "CPUUtilization"), [*DOTTED, ".", OURS])))
    .satisfied("in an expression", board(drawn([{"expression": f"SEARCH('{SEARCHED} {OURS}')"}])))
    .violated(
        "text beside another database", board(drawn(of_database("other")), says(OURS)), deceit="shape"
    )
    .violated(
        "another metric of ours",
        board(drawn(of_database("other")), drawn(of_database(OURS, "CPUUtilization"))),
    )
    .violated("hidden", board(drawn(of_database(OURS, visible=False))), deceit="empty")
    .violated("by a name that begins so", board(drawn(of_database(f"{OURS}-old"))), deceit="spelling")
    .violated("in another namespace", board(drawn(["Ours", *of_database(OURS)[1:]])))
    .undetermined("a search for all", board(drawn([{"expression": f"SEARCH('{SEARCHED}')"}])))
    .undetermined("no JSON", added(BOARD, {"dashboard_body": "{"})),
    Scenario("CAP-02.3", NOTHING)
    .violated("aurora on none", aurora())
    .satisfied("aurora by its own name", aurora(), dashboard("orders", dimension=CLUSTERS))
    .satisfied("aurora by every instance", aurora(), dashboard("orders-one", "orders-two"))
    .violated("aurora by the name of an instance", aurora(), dashboard("orders"))
    .violated("aurora by one instance of two", aurora(), dashboard("orders-one"))
    .undetermined(
        "aurora perhaps with a third instance",
        aurora(),
        dashboard("orders-one", "orders-two", "orders-three"),
        instance("aws_rds_cluster_instance.three", "aws_rds_cluster.orders"),
        unknown("aws_rds_cluster_instance.three", "cluster_identifier"),
    )
    .satisfied("graph counts none", aurora(), graph(), dashboard("orders", dimension=CLUSTERS)),
    Scenario("ENC-06.1", BASE)
    .satisfied("MySQL by its own", runs("mysql", require_secure_transport="ON"))
    .satisfied("MariaDB by its own", runs("mariadb", "10.11", require_secure_transport="1"))
    .satisfied("SQL Server", runs("sqlserver-web", "16.00", **{"rds.force_ssl": "1"}))
    .satisfied("Db2 with TLS alone", runs("db2-se", "11.5", db2comm="SSL"))
    .satisfied("Aurora MySQL", aurora_mysql(require_secure_transport="ON"), base=only("corrected"))
    .satisfied("Oracle is not asked", runs("oracle-ee-cdb", "19"), aurora())
    .violated("MySQL with the parameter of PostgreSQL", runs("mysql", **{"rds.force_ssl": "1"}))
    .violated("MySQL off", runs("mysql", "8.4.7", require_secure_transport="OFF"))
    .violated("MariaDB by default", runs("mariadb", "10.11.16"))
    .violated(
        "SQL Server with that of MySQL", runs("sqlserver-ex", "15.00", require_secure_transport="1")
    )
    .violated("Db2 with both", runs("db2-ae", "11.5", db2comm="TCPIP,SSL"))
    .violated("Aurora PostgreSQL 16 by default", aurora(), stated(CLUSTER_GROUP, {}))
    .violated("Aurora MySQL by default", aurora_mysql(), base=only("corrected"))
    .violated(
        "a replica with the group of its source", runs("mysql", require_secure_transport="0"), copied()
    )
    .satisfied(
        "a replica of MySQL with the group of its source",
        runs("mysql", require_secure_transport="1"),
        copied(),
    )
    .undetermined("MySQL 8.4 by default", runs("mysql", "8.4.7"))
    .undetermined("MySQL 8 of no minor", runs("mysql", "8"))
    .undetermined(
        "Aurora PostgreSQL 17 by default", aurora(engine_version="17"), stated(CLUSTER_GROUP, {})
    )
    .undetermined("Db2 by default", runs("db2-se", "11.5"))
    .undetermined("engine known after apply", unknown(DATABASE, "engine"))
    .undetermined("an engine that nobody knows", runs("timescale", **{"rds.force_ssl": "1"}))
    .undetermined(
        "stated twice",
        known(
            GROUP,
            "parameter",
            [{"apply_method": "immediate", "name": "rds.force_ssl", "value": each} for each in "10"],
        ),
    )
    .undetermined(
        "a replica of a database elsewhere",
        copied(engine="postgres", replicate_source_db="elsewhere"),
    ),
    Scenario("CAP-03.1", BASE)
    .satisfied("MySQL has no such parameter", runs("mysql"), aurora())
    .violated("a replica of PostgreSQL", stated(GROUP, {}), copied(), deceit="another one")
    .undetermined("engine known after apply", unknown(DATABASE, "engine")),
    Scenario("OBS-02.3", BASE)
    .satisfied("MySQL", runs("mysql"), known(DATABASE, LOGS, ["slowquery"]))
    .satisfied("SQL Server", runs("sqlserver-se"), known(DATABASE, LOGS, ["agent"]))
    .violated("PostgreSQL by its upgrades alone", known(DATABASE, LOGS, ["upgrade"]), deceit="companion")
    .violated(
        "failed sign-ins by IAM alone", known(DATABASE, LOGS, ["iam-db-auth-error"]), deceit="companion"
    )
    .violated(
        "MySQL by the log of PostgreSQL",
        runs("mysql"),
        known(DATABASE, LOGS, ["postgresql"]),
        deceit="engine",
    )
    .violated("engine unknown and no log", unknown(DATABASE, "engine"), known(DATABASE, LOGS, []))
    .undetermined("engine known after apply", unknown(DATABASE, "engine")),
    Scenario("OBS-02.4", BASE)
    .satisfied("MySQL by the general log", runs("mysql", general_log="1", **SLOW))
    .satisfied("MySQL by an audit", runs("mysql", **SLOW), audited())
    .satisfied("MySQL by the usual events", runs("mysql", **SLOW), audited(None))
    .satisfied("all but RDS itself", runs("mysql", **SLOW), audited(SERVER_AUDIT_EXCL_USERS="rdsadmin"))
    .satisfied(
        "MariaDB by its newer names",
        runs("mariadb", "11.8", general_log="1", log_slow_query="1", log_slow_query_time="1"),
    )
    .satisfied("Aurora MySQL by its audit", aurora_mysql(**SLOW, **EVENTS), base=only("corrected"))
    .satisfied("SQL Server is not asked", runs("sqlserver-se"), aurora())
    .violated("MySQL with the parameters of PostgreSQL", runs("mysql", log_connections="1"))
    .violated("MySQL writes nothing", runs("mysql", general_log="1", **{**SLOW, "log_output": "NONE"}))
    .violated("MySQL slow is two seconds", runs("mysql", **{**SLOW, "long_query_time": "2"}), audited())
    .violated(
        "PostgreSQL that writes panic alone", stated(GROUP, {**PARAMETERS, "log_min_messages": "panic"})
    )
    .violated(
        "MySQL slow with many rows alone",
        runs("mysql", general_log="1", min_examined_row_limit="1000", **SLOW),
    )
    .violated("MySQL audit off", runs("mysql", **SLOW), audited(SERVER_AUDIT_LOGGING="OFF"))
    .violated("MySQL without an audit", runs("mysql", **SLOW))
    .violated("MySQL audit of queries alone", runs("mysql", **SLOW), audited("QUERY"))
    .violated("MySQL audit of one person", runs("mysql", **SLOW), audited(SERVER_AUDIT_INCL_USERS="eve"))
    .violated(
        "Aurora MySQL by events without the switch",
        aurora_mysql(**SLOW, server_audit_events="CONNECT,QUERY"),
        base=only("corrected"),
    )
    .violated(
        "Aurora MySQL without its robots",
        aurora_mysql(**SLOW, **EVENTS, server_audit_excl_users="robot"),
        base=only("corrected"),
    )
    .undetermined(
        "MySQL options elsewhere",
        runs("mysql", **SLOW),
        known(DATABASE, "option_group_name", "elsewhere"),
    )
    .undetermined(
        "MySQL events known after apply",
        runs("mysql", **SLOW),
        audited(),
        unknown(OPTIONS, "option[0].option_settings[0].value"),
    )
    .undetermined("engine known after apply", unknown(DATABASE, "engine")),
]
