"""Can lost data be restored, and is it hard to lose?"""

from collections.abc import Sequence

from planspec.aws import Database
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.database_settings import hold_databases, hold_switch
from planspec.judgements.generic.expect import found, hold, is_left_to_aws
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value, number

LONGEST_RETENTION_DAYS = 35
REPLICA = "aws_dynamodb_table_replica"


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


def encrypted_at_rest(databases: Sequence[Database]) -> Judgement:
    """Judge whether each database's storage is encrypted.

    Source: Amazon RDS API, CreateDBInstance, StorageEncrypted: off by default.
    """
    return hold_switch(
        databases,
        "storage_encrypted",
        on=True,
        besides="; an existing database is copied through a snapshot",
    )


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
