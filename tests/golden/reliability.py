"""Golden plans about availability, deployments, backups and changes."""

from collections.abc import Sequence
from typing import Any

from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.making import (
    added,
    another,
    becomes,
    becomes_deposed,
    renamed,
    subnet,
)
from tests.support.recipe_edits import Edit, known, left_out, unknown, without

DATABASE = "aws_db_instance.main"
SERVICE = "aws_ecs_service.api"
TARGET = "aws_appautoscaling_target.api"
GROUP = "aws_lb_target_group.api"
SUBNETS = "network_configuration[0].subnets"

SERVICES = only("corrected", "aws_ecs_service", "aws_appautoscaling_target")
DATABASES = only("corrected", "aws_db_instance")


def destroyed(address: str, by: Sequence[str] = ("delete",), **values: Any) -> tuple[Edit, Edit]:
    """An object of any type exists, and these actions happen to it."""
    return added(address, {"name": "one", **values}), becomes(address, *by)


SCENARIOS = [
    Scenario("AVA-01.1", SERVICES)
    .satisfied("floor of two")
    .satisfied("nothing scales it and it runs two", without(TARGET))
    .satisfied("floor of two, one desired", known(SERVICE, "desired_count", 1))
    .satisfied(
        "scaled by its literal name",
        known(SERVICE, "cluster", "live"),
        known(SERVICE, "desired_count", 1),
        known(TARGET, "resource_id", "service/live/classifier-production-api"),
    )
    .violated(
        "a service of its name in another cluster is scaled",
        known(SERVICE, "cluster", "live"),
        known(SERVICE, "desired_count", 1),
        known(TARGET, "resource_id", "service/test/classifier-production-api"),
    )
    .undetermined(
        "scaled by its literal name, cluster known after apply",
        unknown(SERVICE, "cluster"),
        known(TARGET, "resource_id", "service/live/classifier-production-api"),
    )
    .violated("floor of one", known(TARGET, "min_capacity", 1))
    .violated("floor of none", known(TARGET, "min_capacity", 0))
    .violated("nothing scales it and it runs one", without(TARGET), known(SERVICE, "desired_count", 1))
    .violated(
        "second service runs one",
        another(SERVICE, "worker", name="worker", desired_count=1),
    )
    .undetermined("floor known after apply", unknown(TARGET, "min_capacity"))
    .undetermined("desired count left out", without(TARGET), left_out(SERVICE, "desired_count"))
    .undetermined(
        "target of an unknown service",
        known(SERVICE, "name", "elsewhere"),
        unknown(TARGET, "resource_id", "local.scaled"),
    ),
    Scenario("AVA-01.2", only("corrected", "aws_ecs_service", "data.aws_subnet", "data.aws_subnets"))
    .satisfied("three zones")
    .satisfied(
        "subnets made by this plan",
        subnet("one", "eu-west-1a"),
        subnet("two", "eu-west-1b"),
        unknown(
            SERVICE,
            SUBNETS,
            "aws_subnet.one.id",
            "aws_subnet.one",
            "aws_subnet.two.id",
            "aws_subnet.two",
        ),
    )
    .violated("one subnet", known(SERVICE, SUBNETS, ["subnet-12d0764b4a65c7fbf"]))
    .violated("one subnet of an unknown zone", known(SERVICE, SUBNETS, ["subnet-0123456789abcdef0"]))
    .violated(
        "two subnets in one zone",
        subnet("one", "eu-west-1a"),
        subnet("two", "eu-west-1a"),
        unknown(
            SERVICE,
            SUBNETS,
            "aws_subnet.one.id",
            "aws_subnet.one",
            "aws_subnet.two.id",
            "aws_subnet.two",
        ),
    )
    .undetermined(
        "zones nowhere in the plan", base=only("inherited", "aws_ecs_service", "data.aws_subnets")
    )
    .undetermined("subnets known after apply", unknown(SERVICE, SUBNETS))
    .undetermined(
        "some of two subnets, which a local chooses",
        subnet("one", "eu-west-1a"),
        subnet("two", "eu-west-1b"),
        unknown(SERVICE, SUBNETS, "local.chosen", "aws_subnet.one", "aws_subnet.two"),
    ),
    Scenario("AVA-02.1", DATABASES)
    .satisfied("standby")
    .violated("no standby", known(DATABASE, "multi_az", False))
    .violated("left out", left_out(DATABASE, "multi_az"))
    .violated("as inherited", base=only("inherited", "aws_db_instance"))
    .violated("second database has none", another(DATABASE, "second", multi_az=False))
    .undetermined("known after apply", unknown(DATABASE, "multi_az")),
    Scenario("DEP-01.1", SERVICES)
    .satisfied("breaker rolls back")
    .violated("no breaker", left_out(SERVICE, "deployment_circuit_breaker"))
    .violated("breaker off", known(SERVICE, "deployment_circuit_breaker[0].enable", False))
    .violated(
        "stops without rolling back", known(SERVICE, "deployment_circuit_breaker[0].rollback", False)
    )
    .undetermined(
        "rollback known after apply", unknown(SERVICE, "deployment_circuit_breaker[0].rollback")
    )
    .undetermined("whole block known after apply", unknown(SERVICE, "deployment_circuit_breaker")),
    Scenario("DEP-02.1", only("corrected", "aws_lb_target_group"))
    .satisfied("health")
    .violated("root", known(GROUP, "health_check[0].path", "/"))
    .violated("a longer path", known(GROUP, "health_check[0].path", "/health/deep"))
    .violated("over TCP", known(GROUP, "health_check[0].protocol", "TCP"))
    .violated("null block and none written", left_out(GROUP, "health_check"))
    .undetermined("path known after apply", unknown(GROUP, "health_check[0].path"))
    .undetermined("block computed", left_out(GROUP, "health_check", computed=True)),
    Scenario("DEP-03.1", only("corrected", "aws_ecs_service"))
    .satisfied("a minute")
    .satisfied("exactly 30 seconds", known(SERVICE, "health_check_grace_period_seconds", 30))
    .violated("29 seconds", known(SERVICE, "health_check_grace_period_seconds", 29))
    .violated("none", known(SERVICE, "health_check_grace_period_seconds", 0))
    .violated("left out", left_out(SERVICE, "health_check_grace_period_seconds"))
    .undetermined("known after apply", unknown(SERVICE, "health_check_grace_period_seconds")),
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
    Scenario("DUR-02.1", DATABASES)
    .satisfied("protected")
    .violated("unprotected", known(DATABASE, "deletion_protection", False))
    .violated("left out", left_out(DATABASE, "deletion_protection"))
    .undetermined("known after apply", unknown(DATABASE, "deletion_protection")),
    Scenario("DUR-02.2", DATABASES)
    .satisfied("snapshot")
    .violated("skipped", known(DATABASE, "skip_final_snapshot", True))
    .undetermined("left out", left_out(DATABASE, "skip_final_snapshot"))
    .undetermined("known after apply", unknown(DATABASE, "skip_final_snapshot")),
    Scenario("CHG-01.1", only("corrected", "aws_db_instance", "aws_s3_bucket", "aws_kms_key"))
    .satisfied("everything is new")
    .satisfied("in place", becomes(DATABASE, "update"))
    .satisfied("untouched", becomes(DATABASE, "no-op"))
    .satisfied("a moved database", becomes(DATABASE, "no-op"), renamed(DATABASE, "aws_db_instance.old"))
    .satisfied(
        "a service is replaced",
        becomes(SERVICE, "delete", "create"),
        base=only("corrected", "aws_ecs_service", "aws_s3_bucket"),
    )
    .violated("as upgraded", base=only("upgrade", "aws_db_instance"))
    .violated("a database is destroyed", base=only("destroy", "aws_db_instance"))
    .violated("a bucket is destroyed", becomes("aws_s3_bucket.images", "delete"))
    .violated("replaced, create first", becomes(DATABASE, "create", "delete"))
    .violated("replaced, delete first", becomes("aws_kms_key.data", "delete", "create"))
    .violated("forgotten", becomes(DATABASE, "forget"))
    .violated("replaced and forgotten", becomes(DATABASE, "create", "forget"))
    .violated("a deposed database is destroyed", becomes_deposed(DATABASE))
    .violated("a warehouse is destroyed", *destroyed("aws_redshift_cluster.events"))
    .violated("a snapshot is forgotten", *destroyed("aws_ebs_snapshot.last", by=("forget",)))
    .violated("files are replaced", *destroyed("aws_fsx_lustre_file_system.x", by=("delete", "create")))
    .violated("an archive of messages", *destroyed("aws_cloudwatch_event_archive.orders"))
    .undetermined("an instance without its cluster", *destroyed("aws_rds_cluster_instance.reader"))
    .undetermined("a blob", *destroyed("azurerm_storage_blob.page"))
    .undetermined("a private key is replaced", *destroyed("tls_private_key.ca", by=("delete", "create")))
    .undetermined("an object of a bucket", *destroyed("google_storage_bucket_object.report"))
    .undetermined("an object of S3", *destroyed("aws_s3_object.report"))
    .satisfied("a certificate is issued again", *destroyed("tls_locally_signed_cert.web"))
    .satisfied("a rule of a monitor", *destroyed("azurerm_monitor_metric_alert.cpu"))
    .violated("a workspace of a monitor", *destroyed("azurerm_monitor_workspace.figures"))
    .satisfied("settings of a bucket go", *destroyed("aws_s3_bucket_versioning.images"))
    .satisfied("a key to sign in is replaced", *destroyed("aws_key_pair.ops", by=("create", "delete")))
    .satisfied("a topic keeps nothing", *destroyed("aws_sns_topic.alerts", archive_policy=None))
    .violated(
        "a store beside a harmless one",
        becomes("aws_kms_key.data", "delete"),
        *destroyed("null_resource.x"),
    )
    .undetermined("disks of a machine", *destroyed("aws_instance.old"))
    .undetermined(
        "an archive in a topic",
        *destroyed("aws_sns_topic.orders", archive_policy='{"MessageRetentionPeriod":30}'),
    )
    .undetermined("a type that no list has", *destroyed("acme_thing.one"))
    .undetermined("a new type of a known service", *destroyed("aws_rds_hyper_cluster.one"))
    .undetermined("an unknown one is forgotten", *destroyed("acme_thing.one", by=("forget",)))
    .undetermined(
        "an unknown deposed one", added("acme_thing.one", {}), becomes_deposed("acme_thing.one")
    )
    .undetermined("an unknown one is replaced", *destroyed("acme_thing.one", by=("create", "delete"))),
]
