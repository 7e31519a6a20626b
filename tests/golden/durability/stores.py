"""Golden plans about data that stays: backups, snapshots, versions, tables and deletion."""

from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.golden.settings import attribute, bucket_setting, on_the_cluster
from tests.support.cutting import only
from tests.support.database_clusters import documents, elastic, graph, small, sql, warehouse
from tests.support.making import added, another, becomes
from tests.support.recipe_edits import Edit, known, left_out, unknown, without

DATABASE = "aws_db_instance.main"
DATABASES = only("corrected", DATABASE)
NOTHING: Final = only("corrected")
BUCKET = "aws_s3_bucket.images"
VERSIONS = "aws_s3_bucket_versioning.images"
REPOSITORY = "aws_ecr_repository.api"
# As the AWS provider had it before version 4.
ON: Final = [{"enabled": True}]
OFF: Final = [{"enabled": False}]
CARTS: Final = "aws_dynamodb_table.carts"
REPLICA: Final = "aws_dynamodb_table_replica.carts"
RECOVERY: Final = [{"enabled": True, "recovery_period_in_days": 35}]
NO_RECOVERY: Final = [{"enabled": False, "recovery_period_in_days": None}]


def table(**other: Any) -> Edit:
    """A table with point-in-time recovery."""
    own = {"name": "carts", "hash_key": "id", "point_in_time_recovery": RECOVERY, "replica": []}
    return added(CARTS, own | other)


def without_the_block(**other: Any) -> Edit:
    """A new table of which nobody writes the block; the provider computes it."""
    own = {"name": "carts", "hash_key": "id", "replica": []}
    return added(CARTS, own | other, computed=("id", "point_in_time_recovery"))


def replica(*, recovery: bool | None, region: str = "eu-central-1") -> dict[str, Any]:
    """A replica as a block of its table."""
    return {"region_name": region, "point_in_time_recovery": recovery}


def alone(**values: Any) -> Edit:
    """A replica with a resource of its own."""
    return added(REPLICA, {"global_table_arn": "arn:aws:dynamodb:eu-west-1:1:table/carts", **values})


SCENARIOS = [
    Scenario("DUR-01.1", DATABASES)
    .satisfied("exactly 35 days")
    .satisfied(
        "a database that goes is not examined",
        another(DATABASE, "old", backup_retention_period=0),
        becomes("aws_db_instance.old", "delete"),
    )
    .violated("34 days", known(DATABASE, "backup_retention_period", 34))
    .violated("switched off", known(DATABASE, "backup_retention_period", 0))
    .violated(
        "replaced with fewer days",
        known(DATABASE, "backup_retention_period", 7),
        base=only("upgrade", "aws_db_instance"),
    )
    .undetermined("left out", left_out(DATABASE, "backup_retention_period"))
    .undetermined("known after apply", unknown(DATABASE, "backup_retention_period"))
    .undetermined(
        "one of two known after apply",
        another(DATABASE, "second"),
        unknown("aws_db_instance.second", "backup_retention_period"),
    ),
    on_the_cluster("DUR-01.1", "backup_retention_period", 34)
    .violated("documents wrong", documents(backup_retention_period=1))
    .violated("graph wrong", graph(backup_retention_period=1)),
    Scenario("DUR-01.1", NOTHING)
    .satisfied("a warehouse", warehouse())
    .satisfied("an elastic cluster", elastic())
    .violated("a warehouse for a day", warehouse(automated_snapshot_retention_period=1))
    .violated("an elastic cluster for a day", elastic(backup_retention_period=1))
    .undetermined("DSQL keeps none by itself", sql())
    .undetermined("Lightsail", small()),
    Scenario("DUR-02.1", DATABASES)
    .satisfied("protected")
    .violated("unprotected", known(DATABASE, "deletion_protection", False))
    .violated("left out", left_out(DATABASE, "deletion_protection"))
    .undetermined("known after apply", unknown(DATABASE, "deletion_protection")),
    on_the_cluster("DUR-02.1", "deletion_protection", False)
    .violated("documents wrong", documents(deletion_protection=None))
    .violated("graph wrong", graph(deletion_protection=False)),
    Scenario("DUR-02.1", NOTHING)
    .satisfied("DSQL", sql())
    .violated("DSQL unprotected", sql(deletion_protection_enabled=False))
    .undetermined("an elastic cluster cannot be protected", elastic())
    .undetermined("a warehouse cannot be protected", warehouse()),
    Scenario("DUR-02.2", DATABASES)
    .satisfied("snapshot")
    .violated("skipped", known(DATABASE, "skip_final_snapshot", True))
    .undetermined("left out", left_out(DATABASE, "skip_final_snapshot"))
    .undetermined("known after apply", unknown(DATABASE, "skip_final_snapshot")),
    on_the_cluster("DUR-02.2", "skip_final_snapshot", True).violated(
        "documents wrong", documents(skip_final_snapshot=True)
    ),
    attribute(
        *("DUR-02.3", DATABASES, DATABASE, "delete_automated_backups"),
        bad={"they go": True},
        unset="violated",
    ),
    on_the_cluster("DUR-02.3", "delete_automated_backups", True)
    .satisfied("documents by their last snapshot", documents())
    .satisfied("graph by its last snapshot", graph())
    .violated("documents without a last snapshot", documents(skip_final_snapshot=True))
    .violated("graph without a last snapshot", graph(skip_final_snapshot=True)),
    bucket_setting("DUR-03.1", VERSIONS, "versioning_configuration[0].status", "Suspended")
    .satisfied("inside the bucket", without(VERSIONS), known(BUCKET, "versioning", ON))
    .violated("off inside the bucket", without(VERSIONS), known(BUCKET, "versioning", OFF)),
    Scenario("DUR-04.1", only("corrected", BUCKET, REPOSITORY))
    .satisfied("both stay")
    .violated("the bucket goes", known(BUCKET, "force_destroy", True))
    .violated("the repository goes", known(REPOSITORY, "force_delete", True))
    .undetermined("left out", left_out(BUCKET, "force_destroy"))
    .undetermined("known after apply", unknown(REPOSITORY, "force_delete")),
    Scenario("DUR-05.1", NOTHING)
    .satisfied("recovery is on", table())
    .satisfied(
        "the period is known after apply",
        table(),
        known(CARTS, "point_in_time_recovery", [{"enabled": True}]),
    )
    .satisfied("a table that changes", table(), becomes(CARTS, "update"))
    .satisfied("on in both regions", table(replica=[replica(recovery=True)]))
    .satisfied("a replica alone", alone(point_in_time_recovery=True))
    .satisfied("restored, and on again", table(restore_source_name="old", restore_to_latest_time=True))
    .violated("recovery is off", table(point_in_time_recovery=NO_RECOVERY))
    .violated("the block is gone", table(point_in_time_recovery=[]), becomes(CARTS, "update"))
    .violated("restored, and off", table(point_in_time_recovery=NO_RECOVERY, restore_source_name="old"))
    .violated(
        "one replica is off",
        table(replica=[replica(recovery=True), replica(recovery=False, region="us-east-1")]),
    )
    .violated("a replica does not say it", table(replica=[replica(recovery=None)]))
    .violated(
        "a second table is off", table(), another(CARTS, "orders", point_in_time_recovery=NO_RECOVERY)
    )
    .violated("a replica alone is off", alone(point_in_time_recovery=False))
    .violated("a replica alone does not say it", alone(point_in_time_recovery=None))
    .violated(
        "off, and a replica known after apply",
        table(point_in_time_recovery=NO_RECOVERY),
        unknown(CARTS, "replica"),
    )
    .violated("nobody writes the block", without_the_block())
    .violated("restored, and nobody writes the block", without_the_block(restore_source_name="old"))
    .violated(
        "replaced, and nobody writes the block",
        without_the_block(),
        becomes(CARTS, "delete", "create"),
    )
    .undetermined("a dynamic block known after apply", table(), unknown(CARTS, "point_in_time_recovery"))
    .undetermined(
        "enabled is known after apply", table(), unknown(CARTS, "point_in_time_recovery[0].enabled")
    )
    .undetermined("replicas are known after apply", table(), unknown(CARTS, "replica"))
    .undetermined(
        "of a replica it is known after apply",
        table(replica=[replica(recovery=True)]),
        unknown(CARTS, "replica[0].point_in_time_recovery"),
    )
    .undetermined(
        "of a replica alone, after apply", alone(), unknown(REPLICA, "point_in_time_recovery")
    ),
]
