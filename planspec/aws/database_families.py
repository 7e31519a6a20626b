"""Where are the attributes of each kind of database set?

Attributes go by the names that `aws_db_instance` gives them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

ELSEWHERE: Final = "it is set on the cluster, which is not in this plan"


class Engine(StrEnum):
    """What a database runs, as people call it; each engine has parameters and logs of its own."""

    POSTGRES = "PostgreSQL"
    MYSQL = "MySQL"
    MARIADB = "MariaDB"
    SQL_SERVER = "SQL Server"
    ORACLE = "Oracle"
    DB2 = "Db2"
    DOCUMENTS = "DocumentDB"
    GRAPHS = "Neptune"


_ENGINES: Final[Mapping[str, Engine]] = {
    "postgres": Engine.POSTGRES,
    "aurora-postgresql": Engine.POSTGRES,
    "mysql": Engine.MYSQL,
    "aurora-mysql": Engine.MYSQL,
    "aurora": Engine.MYSQL,
    "mariadb": Engine.MARIADB,
    "docdb": Engine.DOCUMENTS,
    "neptune": Engine.GRAPHS,
}
# The editions are part of these names: oracle-ee-cdb, sqlserver-web, db2-se.
_WITH_EDITIONS: Final[Mapping[str, Engine]] = {
    "sqlserver": Engine.SQL_SERVER,
    "oracle": Engine.ORACLE,
    "db2": Engine.DB2,
}


def engine_named(name: str) -> Engine | None:
    """The engine of this name; None for one that nobody has looked at.

    Source: Amazon RDS API, CreateDBInstance and CreateDBCluster, Engine; "aurora" is Aurora MySQL 1.
    """
    name = name.removeprefix("custom-")
    return _ENGINES.get(name) or _WITH_EDITIONS.get(name.partition("-")[0])


class Said(NamedTuple):
    """An attribute of another kind that says the same: its name, the right values, what they are."""

    attribute: str
    accepted: tuple[object, ...]
    expected: str


class Family(NamedTuple):
    """What databases of one kind call their attributes, and where those stand.

    `given` hold by themselves, as AWS documents; what is in `without` the engine does not have, so that
    nothing is asked of it; of those in `untold` a plan shows nothing, for the reason that is stated. The
    rest stands on the instance or cluster itself.
    """

    called: Mapping[str, str] = {}
    # On the instances of a cluster, with the name that they have there.
    on_instances: Mapping[str, str] = {}
    # Of those, what a cluster can set for all of its instances.
    set_for_all: frozenset[str] = frozenset()
    on_both: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    said: Mapping[str, Said] = {}
    untold: Mapping[str, str] = {}
    # The attributes that make one a copy of something else.
    copied_by: tuple[str, ...] = ()
    is_cluster: bool = True
    # Whether services reach it through pools of connections, and parameters are those of SQL.
    relational: bool = True
    # Whether parameters can also stand in a group of each instance, and come first there.
    instance_groups: bool = False
    # Whether AWS puts its instances into different zones where nobody names the zones.
    spreads: bool = False
    namespace: str = "AWS/RDS"
    connections: str = "DatabaseConnections"
    free_storage: str = "FreeStorageSpace"
    parameter_group: str = "aws_db_parameter_group"
    subnet_group: str = "aws_db_subnet_group"
    subscription: str = "aws_db_event_subscription"
    # Where every database of the kind runs the same one.
    engine: Engine | None = None


_CALLED = {
    "identifier": "cluster_identifier",
    "parameter_group_name": "db_cluster_parameter_group_name",
    "replicate_source_db": "replication_source_identifier",
}
# Where no automated backups stay of a deleted cluster, the last snapshot is what stays.
_LAST_SNAPSHOT = {"delete_automated_backups": "skip_final_snapshot"}
_SHARED_STORAGE = frozenset({"iops", "max_allocated_storage"})
_MACHINES = ("auto_minor_version_upgrade", "instance_class", "publicly_accessible")
_SEEN = ("monitoring_interval", "performance_insights_enabled")
_RESTORED = ("snapshot_identifier", "restore_to_point_in_time")
_BOTH = frozenset({"apply_immediately"})
_OF_CLUSTERS = (
    *("backup_retention_period", "delete_automated_backups", "deletion_protection", "multi_az"),
    *("enabled_cloudwatch_logs_exports", "manage_master_user_password", "skip_final_snapshot"),
)

INSTANCE: Final = Family(is_cluster=False, copied_by=("replicate_source_db", *_RESTORED))

# Three machines in three zones. Source: Amazon RDS User Guide, "Multi-AZ DB cluster deployments";
# Amazon RDS API, CreateDBCluster, AutoMinorVersionUpgrade (on by default; Terraform cannot switch it
# off), PubliclyAccessible.
MULTI_AZ: Final = Family(
    called=_CALLED | {"instance_class": "db_cluster_instance_class"},
    copied_by=("replication_source_identifier", *_RESTORED),
    given=frozenset({"multi_az", "auto_minor_version_upgrade"}),
    untold={
        "publicly_accessible": "aws_rds_cluster cannot say it: AWS makes a Multi-AZ cluster public where"
        " its VPC has an internet gateway",
        "max_allocated_storage": "aws_rds_cluster has no max_allocated_storage",
    },
    parameter_group="aws_rds_cluster_parameter_group",
)

# Source: Amazon Aurora User Guide, "Amazon Aurora storage" and "Parameter groups for Amazon Aurora";
# Amazon RDS API, CreateDBInstance, AvailabilityZone: Aurora chooses an appropriate zone.
AURORA: Final = Family(
    called=_CALLED,
    on_instances={name: name for name in (*_MACHINES, *_SEEN)},
    set_for_all=frozenset(_SEEN),
    on_both=_BOTH,
    given=_SHARED_STORAGE,
    copied_by=("replication_source_identifier", "global_cluster_identifier", *_RESTORED),
    instance_groups=True,
    spreads=True,
    free_storage="FreeLocalStorage",
    parameter_group="aws_rds_cluster_parameter_group",
)

# Source: Amazon Aurora User Guide, "Limitations of Aurora Serverless v1": it has no public address, no
# Performance Insights and no enhanced monitoring; "How Aurora Serverless v1 works": AWS chooses the
# class and the minor version, and makes it anew in another zone when its own is lost.
SERVERLESS_V1: Final = AURORA._replace(
    on_instances={},
    set_for_all=frozenset(),
    on_both=frozenset(),
    given=AURORA.given | {"publicly_accessible"},
    without=frozenset({"auto_minor_version_upgrade", "instance_class", "multi_az", *_SEEN}),
    instance_groups=False,
)

# Multi-AZ or Aurora: apply decides the engine.
EITHER: Final = AURORA._replace(
    given=frozenset(),
    untold=dict.fromkeys((*_SHARED_STORAGE, "multi_az"), "the engine of the cluster is not known"),
)

# Source: Amazon DocumentDB Developer Guide, "What is Amazon DocumentDB?" (in a VPC only), "Backing up
# and restoring" (of a deleted cluster only snapshots stay, so the last one is asked for), "Transactions"
# (they end after a minute); Terraform AWS provider, aws_docdb_cluster_instance,
# auto_minor_version_upgrade (it does nothing).
DOCUMENTS: Final = Family(
    called=_CALLED | _LAST_SNAPSHOT,
    on_instances={
        "copy_tags_to_snapshot": "copy_tags_to_snapshot",
        "instance_class": "instance_class",
        "performance_insights_enabled": "enable_performance_insights",
    },
    on_both=_BOTH,
    given=_SHARED_STORAGE | {"publicly_accessible"},
    without=frozenset({"auto_minor_version_upgrade", "monitoring_interval"}),
    copied_by=("global_cluster_identifier", *_RESTORED),
    relational=False,
    engine=Engine.DOCUMENTS,
    namespace="AWS/DocDB",
    free_storage="FreeLocalStorage",
    parameter_group="aws_docdb_cluster_parameter_group",
    subnet_group="aws_docdb_subnet_group",
    subscription="aws_docdb_event_subscription",
)

# Source: Amazon Neptune User Guide, "Amazon Neptune DB clusters and instances", "Authenticating with
# IAM" (there are no passwords), "Encryption in transit" (HTTPS only), "Backing up and restoring",
# "Monitoring Neptune using CloudWatch" (no figure of connections, no Performance Insights).
GRAPHS: Final = Family(
    called=_CALLED
    | _LAST_SNAPSHOT
    | {
        "db_subnet_group_name": "neptune_subnet_group_name",
        "enabled_cloudwatch_logs_exports": "enable_cloudwatch_logs_exports",
        "parameter_group_name": "neptune_cluster_parameter_group_name",
    },
    on_instances={name: name for name in _MACHINES},
    on_both=_BOTH,
    given=_SHARED_STORAGE | {"manage_master_user_password"},
    without=frozenset(_SEEN),
    copied_by=("replication_source_identifier", "snapshot_identifier"),
    relational=False,
    engine=Engine.GRAPHS,
    namespace="AWS/Neptune",
    connections="",
    free_storage="",
    parameter_group="aws_neptune_cluster_parameter_group",
    subnet_group="aws_neptune_subnet_group",
    subscription="aws_neptune_event_subscription",
)


def alone(family: Family, called: Mapping[str, str], *elsewhere: str) -> Family:
    """An instance of which the cluster is not in the plan, or cannot be told."""
    return family._replace(
        called=called,
        on_instances={},
        set_for_all=frozenset(),
        on_both=frozenset(),
        copied_by=(),
        untold={**dict.fromkeys((*_OF_CLUSTERS, *elsewhere), ELSEWHERE), **family.untold},
        is_cluster=False,
        instance_groups=False,
    )


# By the type of the cluster: that of its instances, and the family of one without its cluster.
INSTANCES: Final = {
    "aws_rds_cluster": (
        "aws_rds_cluster_instance",
        alone(
            AURORA, {"parameter_group_name": "db_parameter_group_name"}, "copy_tags_to_snapshot"
        )._replace(parameter_group="aws_db_parameter_group"),
    ),
    "aws_docdb_cluster": (
        "aws_docdb_cluster_instance",
        alone(
            DOCUMENTS,
            {"performance_insights_enabled": "enable_performance_insights"},
            *("storage_encrypted", "db_subnet_group_name", "vpc_security_group_ids"),
        ),
    ),
    "aws_neptune_cluster": (
        "aws_neptune_cluster_instance",
        alone(GRAPHS, {"db_subnet_group_name": "neptune_subnet_group_name"}),
    ),
}
CLUSTERS: Final = tuple(INSTANCES)
TYPES: Final = ("aws_db_instance", *CLUSTERS, *(instance for instance, _ in INSTANCES.values()))
