"""Golden plans about databases of other services than RDS, DocumentDB and Neptune."""

from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.making import added
from tests.support.recipe_edits import Edit, unknown

NOTHING: Final = only("corrected")
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


SCENARIOS = [
    Scenario("ENC-01.1", NOTHING)
    .satisfied("a warehouse", warehouse())
    .satisfied("DSQL always", sql())
    .violated("a warehouse in plain text", warehouse(encrypted="false"))
    .violated("an older warehouse in plain text", warehouse(encrypted=False))
    .undetermined(
        "a warehouse known after apply", warehouse(), unknown("aws_redshift_cluster.events", "encrypted")
    )
    .undetermined("a warehouse that does not say it", warehouse(encrypted=None))
    .undetermined("Lightsail does not say it", small()),
    Scenario("EXP-01.1", NOTHING)
    .satisfied("a warehouse", warehouse())
    .satisfied("an elastic cluster always", elastic())
    .violated("a public warehouse", warehouse(publicly_accessible=True))
    .violated("a public database of Lightsail", small(publicly_accessible=True))
    .violated(
        "a public workgroup",
        added("aws_redshiftserverless_workgroup.events", {"publicly_accessible": True}),
    )
    .violated("a public graph", added("aws_neptunegraph_graph.people", {"public_connectivity": True}))
    .undetermined("DSQL is on the internet", sql()),
    Scenario("SEC-02.1", NOTHING)
    .satisfied("a warehouse", warehouse())
    .satisfied("an elastic cluster", elastic())
    .satisfied("DSQL has none", sql())
    .violated(
        "an elastic cluster in plain text", elastic(auth_type="PLAIN_TEXT", admin_user_password=SECRET)
    )
    .violated("a warehouse", warehouse(manage_master_password=None, master_password=SECRET))
    .violated("Lightsail", small())
    .violated(
        "a namespace",
        added(
            "aws_redshiftserverless_namespace.events",
            {"admin_user_password": SECRET, "manage_admin_password": None},
        ),
    )
    .violated(
        "a series of figures", added("aws_timestreaminfluxdb_db_instance.x", {"password": SECRET})
    ),
    Scenario("DUR-02.1", NOTHING)
    .satisfied("DSQL", sql())
    .violated("DSQL unprotected", sql(deletion_protection_enabled=False))
    .undetermined("an elastic cluster cannot be protected", elastic())
    .undetermined("a warehouse cannot be protected", warehouse()),
    Scenario("DUR-01.1", NOTHING)
    .satisfied("a warehouse", warehouse())
    .satisfied("an elastic cluster", elastic())
    .violated("a warehouse for a day", warehouse(automated_snapshot_retention_period=1))
    .violated("an elastic cluster for a day", elastic(backup_retention_period=1))
    .undetermined("DSQL keeps none by itself", sql())
    .undetermined("Lightsail", small()),
]
