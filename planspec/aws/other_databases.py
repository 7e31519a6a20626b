"""Which databases are there besides RDS, Aurora, DocumentDB and Neptune, and how are they protected?

Only a few requirements ask them: encryption, the internet, passwords, deletion, backups. Tables of
DynamoDB and Keyspaces are no machines with an address, and are not among them. Sources: Terraform AWS
provider, each type; the guides of each service on encryption, network access, passwords and backups.
"""

from collections.abc import Mapping
from typing import Final

from planspec.aws.database_families import Family, Said
from planspec.aws.databases import Database
from planspec.plan import Plan

UNPROTECTED: Final = "its service has no protection from deletion"
# Names as `aws_db_instance` has them.
ENCRYPTED, PUBLIC, PROTECTED = "storage_encrypted", "publicly_accessible", "deletion_protection"
PASSWORD, BACKUPS = "manage_master_user_password", "backup_retention_period"
ASKED: Final = (ENCRYPTED, PUBLIC, PROTECTED, PASSWORD, BACKUPS)
_YES: Final = (True, "true")


def _no_password(attribute: str) -> Mapping[str, Said]:
    return {PASSWORD: Said(attribute, (), f"no {attribute} in the plan")}


FAMILIES: Final[Mapping[str, Family]] = {
    "aws_docdbelastic_cluster": Family(
        given=frozenset({ENCRYPTED, PUBLIC}),
        said={PASSWORD: Said("auth_type", ("SECRET_ARN",), "auth_type is SECRET_ARN")},
        untold={PROTECTED: UNPROTECTED},
    ),
    "aws_redshift_cluster": Family(
        called={PASSWORD: "manage_master_password", BACKUPS: "automated_snapshot_retention_period"},
        said={ENCRYPTED: Said("encrypted", _YES, "encrypted is true")},
        untold={PROTECTED: UNPROTECTED},
    ),
    "aws_redshiftserverless_namespace": Family(
        called={PASSWORD: "manage_admin_password"},
        given=frozenset({ENCRYPTED}),
        without=frozenset({PUBLIC}),
        untold={PROTECTED: UNPROTECTED, BACKUPS: "its recovery points last for a day"},
    ),
    "aws_redshiftserverless_workgroup": Family(without=frozenset(ASKED) - {PUBLIC}),
    # The machines of Aurora PostgreSQL Limitless Database; the rest stands on its cluster.
    "aws_rds_shard_group": Family(without=frozenset(ASKED) - {PUBLIC}),
    "aws_dsql_cluster": Family(
        called={PROTECTED: "deletion_protection_enabled"},
        given=frozenset({ENCRYPTED, PASSWORD}),
        untold={
            PUBLIC: "its endpoint is on the internet and protected by IAM alone",
            BACKUPS: "it has no automatic backups",
        },
    ),
    "aws_lightsail_database": Family(
        said=_no_password("master_password"),
        untold={
            ENCRYPTED: "aws_lightsail_database does not say it",
            PROTECTED: UNPROTECTED,
            BACKUPS: "Amazon Lightsail keeps backups for seven days",
        },
    ),
    "aws_memorydb_cluster": Family(
        called={BACKUPS: "snapshot_retention_limit"},
        given=frozenset({ENCRYPTED, PUBLIC}),
        without=frozenset({PASSWORD}),
        untold={PROTECTED: UNPROTECTED},
    ),
    "aws_neptunegraph_graph": Family(
        called={PUBLIC: "public_connectivity"},
        given=frozenset({ENCRYPTED, PASSWORD}),
        untold={BACKUPS: "it has no automatic backups"},
    ),
    **dict.fromkeys(
        ("aws_timestreaminfluxdb_db_instance", "aws_timestreaminfluxdb_db_cluster"),
        Family(
            given=frozenset({ENCRYPTED}),
            said=_no_password("password"),
            untold={PROTECTED: UNPROTECTED, BACKUPS: "it has no automatic backups"},
        ),
    ),
}


def other_databases(plan: Plan) -> tuple[Database, ...]:
    """Return the databases of other services that exist once the plan is applied."""
    return tuple(
        Database(each, family) for kind, family in FAMILIES.items() for each in plan.remaining(kind)
    )
