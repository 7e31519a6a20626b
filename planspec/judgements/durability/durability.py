"""Can lost data be restored, and is it hard to lose?"""

from collections.abc import Sequence

from planspec.aws import Database, existed
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.database_settings import hold_databases, hold_switch
from planspec.judgements.generic.expect import found, hold, is_left_to_aws
from planspec.plan import UNKNOWN, Known, Plan, Reading, ResourceChange, Value, number
from planspec.references import graph

LONGEST_RETENTION_DAYS = 35
REPLICA = "aws_dynamodb_table_replica"
# CreateDBCluster takes StorageEncrypted also of a replica.
CLUSTER_REPLICA = "replication_source_identifier"
KEYED = ("aws_rds_cluster", "aws_docdb_cluster")
# Data about snapshots, and where it says that one is encrypted.
SNAPSHOTS = {"aws_db_snapshot": "encrypted", "aws_db_cluster_snapshot": "storage_encrypted"}
SNAPSHOT_NAMES = (
    *("id", "db_snapshot_identifier", "db_snapshot_arn"),
    *("db_cluster_snapshot_identifier", "db_cluster_snapshot_arn"),
)


def keep_backups(databases: Sequence[Database], *, minimum_days: int) -> Judgement:
    """Judge whether each database keeps its automated backups for `minimum_days` whole days.

    0 switches backups off. A retention that is not set is undetermined: the provider documents 0
    as its default and the AWS API documents 1, and the plan shows neither.
    Raises ValueError unless 1 <= minimum_days <= 35. Source: Amazon RDS API, CreateDBInstance,
    BackupRetentionPeriod.
    """
    if not 1 <= minimum_days <= LONGEST_RETENTION_DAYS:
        raise ValueError(
            f"minimum_days is {minimum_days}; a database keeps backups for"
            f" 1 to {LONGEST_RETENTION_DAYS} days"
        )
    return hold_databases(
        databases,
        "backup_retention_period",
        lambda days: (number(days) or 0) >= minimum_days,
        f"backups for at least {minimum_days} days",
        remedy=f"set backup_retention_period = {minimum_days} or more",
        unset=Verdict.UNDETERMINED,
    )


def protected_from_deletion(databases: Sequence[Database]) -> Judgement:
    """Judge whether each database has deletion protection enabled.

    Source: Amazon RDS API, CreateDBInstance, DeletionProtection: off by default.
    """
    return hold_switch(databases, "deletion_protection", on=True)


def leave_a_final_snapshot(databases: Sequence[Database]) -> Judgement:
    """Judge whether each database leaves a snapshot behind when it is deleted after all.

    Source: Amazon RDS API, DeleteDBInstance, SkipFinalSnapshot; the provider's default is false.
    """
    return hold_switch(
        databases,
        "skip_final_snapshot",
        on=False,
        besides=" and name a final_snapshot_identifier",
        unset=Verdict.UNDETERMINED,
    )


def backups_outlive(databases: Sequence[Database]) -> Judgement:
    """Judge whether the automated backups of each database stay when it is deleted.

    Of a database that makes none, nothing stays. Source: Amazon RDS API, DeleteDBInstance,
    DeleteAutomatedBackups: true by default; CreateDBInstance, BackupRetentionPeriod: 0 disables them.
    """
    judgement = hold_switch(databases, "delete_automated_backups", on=False)
    wrong = {each.address for each in judgement.findings}
    examined = [each for each in databases if each.address in judgement.examined]
    also = (_none_to_keep(each) for each in examined if each.address not in wrong)
    return judgement._replace(findings=(*judgement.findings, *filter(None, also)))


def _none_to_keep(database: Database) -> Finding | None:
    place = database.get("backup_retention_period")
    if place.reading is not UNKNOWN and place.reading != Known(0):
        return None
    verdict = Verdict.UNDETERMINED if place.reading is UNKNOWN else Verdict.VIOLATED
    remedy = "keep automated backups for some days"
    return found(database, place, verdict, "automated backups to retain", remedy=remedy)


def snapshots_are_tagged(databases: Sequence[Database]) -> Judgement:
    """Judge whether snapshots of each database carry its tags.

    Source: Amazon RDS API, CreateDBInstance, CopyTagsToSnapshot: off by default.
    """
    return hold_switch(databases, "copy_tags_to_snapshot", on=True)


def encrypted_at_rest(plan: Plan, databases: Sequence[Database]) -> Judgement:
    """Judge whether each database's storage is encrypted.

    A new one that is restored or a replica is encrypted as its source is, whatever it says itself, so
    that it is undetermined where the source is not in the plan. Sources: Amazon RDS API,
    CreateDBInstance, StorageEncrypted: off by default; RestoreDBInstanceFromDBSnapshot and
    CreateDBInstanceReadReplica, which take no such argument.
    """
    held = hold_switch(
        databases,
        "storage_encrypted",
        on=True,
        besides="; an existing database is copied through a snapshot",
    )
    wrong = {each.address for each in held.findings}
    restored = (_as_its_source(plan, each) for each in databases if each.address not in wrong)
    return held._replace(findings=(*held.findings, *(each for each in restored if each)))


def _as_its_source(plan: Plan, database: Database) -> Finding | None:
    """A new copy of something of which the plan does not show, or denies, that it is encrypted."""
    way = database.takes_over("storage_encrypted")
    stays = existed(database.head) and not database.head.replaced
    if not way or way == CLUSTER_REPLICA or stays or _names_a_key(plan, database):
        return None
    place = database.head.after.get(way)
    answer = (
        database.source.after.get("storage_encrypted").reading
        if database.source
        else _in_snapshot(plan, place)
    )
    if answer == Known(True):
        return None
    denied = answer == Known(False)
    return found(
        database,
        place,
        Verdict.VIOLATED if denied else Verdict.UNDETERMINED,
        "storage_encrypted is true, and its source is encrypted",
        observed=f"it is encrypted as what {way} names: "
        + ("that is not" if denied else "whether that is, is not in the plan"),
        remedy="look the snapshot up with data.aws_db_snapshot, or copy it with a KMS key",
    )


def _names_a_key(plan: Plan, database: Database) -> bool:
    """Whether a cluster of RDS or DocumentDB gets a KMS key, which encrypts what is restored.

    Source: Amazon RDS API, RestoreDBClusterFromSnapshot and RestoreDBClusterToPointInTime, KmsKeyId.
    """
    key = database.head.after.get("kms_key_id")
    written = graph(plan).is_written(database.head, "kms_key_id")
    return database.type in KEYED and written and key.is_set is not False


def _in_snapshot(plan: Plan, place: Value) -> Reading:
    """What the plan says of the encryption of a snapshot that it looked up under this name."""
    for source in plan.data_sources.values():
        if source.type in SNAPSHOTS:
            names = [source.values.get(each).peek() for each in SNAPSHOT_NAMES]
            if isinstance(place.reading, Known) and place.reading in names:
                return source.values.get(SNAPSHOTS[source.type]).reading
    return UNKNOWN


def keep_their_contents(stores: Sequence[ResourceChange]) -> Judgement:
    """Judge whether no bucket or image repository is deleted together with what is in it.

    Source: AWS provider, aws_s3_bucket, force_destroy, and aws_ecr_repository, force_delete: false
    by default.
    """
    held = [
        (each, "force_delete" if each.type == "aws_ecr_repository" else "force_destroy")
        for each in stores
    ]
    return judge(
        (resource.address for resource, _ in held),
        (
            hold(
                resource,
                resource.after.get(attribute),
                lambda value: value is False,
                f"{attribute} is false",
                remedy=f"set {attribute} = false; empty it on purpose if it has to go",
                unset=Verdict.UNDETERMINED,
            )
            for resource, attribute in held
        ),
    )


def tables(plan: Plan) -> Sequence[ResourceChange]:
    """Tables of DynamoDB that will exist, and replicas that have a resource of their own."""
    return (*plan.remaining("aws_dynamodb_table"), *plan.remaining(REPLICA))


def go_back_in_time(plan: Plan, examined: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each table, and each replica of it, has point-in-time recovery.

    It is off by default, for each region and for a restored table too. The provider computes the block,
    so that a new table of which nobody writes it looks like one that apply decides.
    Source: Amazon DynamoDB Developer Guide, "Point-in-time backups for DynamoDB".
    """
    places = [(table, place) for table in examined for place in _recovery(table)]
    return judge(
        (table.address for table in examined),
        (_can_go_back(plan, table, place) for table, place in places),
    )


def _can_go_back(plan: Plan, table: ResourceChange, place: Value) -> Finding | None:
    expected = "point-in-time recovery"
    if is_left_to_aws(plan, table, place):
        observed = "point_in_time_recovery is not set, and the default of AWS is off"
        remedy = _switch_on(place)
        return found(table, place, Verdict.VIOLATED, expected, observed=observed, remedy=remedy)
    return hold(table, place, lambda value: value is True, expected, remedy=_switch_on(place))


def _recovery(table: ResourceChange) -> Sequence[Value]:
    """Where a table says whether it can go back in time: for its own region, and for each replica."""
    if table.type == REPLICA:
        return (table.after.get("point_in_time_recovery"),)
    replicas = (each.get("point_in_time_recovery") for each in table.after.get("replica").elements())
    return (table.after.get("point_in_time_recovery", 0, "enabled"), *replicas)


def _switch_on(place: Value) -> str:
    if place.path.endswith("enabled"):
        return "write point_in_time_recovery { enabled = true } into the table; without it nothing is on"
    return "set point_in_time_recovery = true for the replica: it does not follow the table"
