"""Databases of other services than RDS, DocumentDB and Neptune."""

from typing import Any, Final

from tests.support.making import added
from tests.support.recipe_edits import Edit

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
