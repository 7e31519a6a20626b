"""Golden plans about a change that takes away encryption or backups."""

from tests.golden.recipe import Scenario
from tests.support.before_after import becomes_gone, there, turns, turns_unknown, was
from tests.support.cutting import only
from tests.support.database_clusters import CLUSTER, NOTHING, aurora, documents, graph
from tests.support.recipe_edits import left_out, together

DATABASE = "aws_db_instance.main"
BUCKET = "aws_s3_bucket.images"
VERSIONING = "aws_s3_bucket_versioning.images"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration.images"
RULE_OF_ENCRYPTION = "rule[0].apply_server_side_encryption_by_default[0].sse_algorithm"
BLOCK = "aws_s3_bucket_public_access_block.images"
OWNERSHIP = "aws_s3_bucket_ownership_controls.images"
BUCKET_THERE = (
    there(BUCKET, id="images"),
    *(there(each, id="images", bucket="images") for each in (BLOCK, OWNERSHIP, VERSIONING, ENCRYPTION)),
)
DATABASE_THERE = there(DATABASE, id="db-1", identifier="main")
DOCUMENTS, DOCUMENT_ONE = "aws_docdb_cluster.pages", "aws_docdb_cluster_instance.one"
GRAPH, GRAPH_ONE = "aws_neptune_cluster.people", "aws_neptune_cluster_instance.one"

SCENARIOS = [
    Scenario("CHG-13.1", only("corrected", BUCKET, ENCRYPTION, DATABASE))
    .satisfied("everything is new")
    .satisfied("stays encrypted", DATABASE_THERE)
    .satisfied("becomes encrypted", DATABASE_THERE, was(DATABASE, "storage_encrypted", False))
    .violated("a plain database", DATABASE_THERE, turns(DATABASE, "storage_encrypted", False))
    .violated(
        "a weaker key",
        *BUCKET_THERE[:1],
        BUCKET_THERE[4],
        was(ENCRYPTION, RULE_OF_ENCRYPTION, "aws:kms"),
        turns(ENCRYPTION, RULE_OF_ENCRYPTION, "AES256"),
    )
    .violated("the rule goes", *BUCKET_THERE[:1], BUCKET_THERE[4], becomes_gone(ENCRYPTION))
    .undetermined(
        "no longer set",
        DATABASE_THERE,
        together(left_out(DATABASE, "storage_encrypted"), was(DATABASE, "storage_encrypted", True)),
    )
    .undetermined("known after apply", DATABASE_THERE, turns_unknown(DATABASE, "storage_encrypted")),
    Scenario("CHG-13.1", NOTHING)
    .violated(
        "documents lose it", documents(), there(DOCUMENTS), turns(DOCUMENTS, "storage_encrypted", False)
    )
    .violated("graph loses it", graph(), there(GRAPH), turns(GRAPH, "storage_encrypted", False)),
    Scenario("CHG-13.2", only("corrected", BUCKET, VERSIONING, DATABASE))
    .satisfied("everything is new")
    .satisfied("more days", DATABASE_THERE, was(DATABASE, "backup_retention_period", 7))
    .violated("fewer days", DATABASE_THERE, turns(DATABASE, "backup_retention_period", 34))
    .violated("unprotected", DATABASE_THERE, turns(DATABASE, "deletion_protection", False))
    .violated("no final snapshot", DATABASE_THERE, turns(DATABASE, "skip_final_snapshot", True))
    .violated(
        "versions suspended",
        *BUCKET_THERE[:1],
        BUCKET_THERE[3],
        turns(VERSIONING, "versioning_configuration[0].status", "Suspended"),
    )
    .violated("versioning goes", *BUCKET_THERE[:1], BUCKET_THERE[3], becomes_gone(VERSIONING))
    .undetermined(
        "known after apply", DATABASE_THERE, turns_unknown(DATABASE, "backup_retention_period")
    ),
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
]
