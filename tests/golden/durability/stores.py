"""Golden plans about data that stays: backups, snapshots, versions and deletion."""

from typing import Final

from tests.golden.recipe import Scenario
from tests.golden.settings import attribute, bucket_setting, on_the_cluster
from tests.support.cutting import only
from tests.support.database_clusters import documents, elastic, graph, small, sql, warehouse
from tests.support.making import another, becomes
from tests.support.recipe_edits import known, left_out, unknown, without

DATABASE = "aws_db_instance.main"
DATABASES = only("corrected", DATABASE)
NOTHING: Final = only("corrected")
BUCKET = "aws_s3_bucket.images"
VERSIONS = "aws_s3_bucket_versioning.images"
REPOSITORY = "aws_ecr_repository.api"
# As the AWS provider had it before version 4.
ON: Final = [{"enabled": True}]
OFF: Final = [{"enabled": False}]

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
]
