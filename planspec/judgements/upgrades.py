"""Do versions stay supported, and do changes wait for a quiet hour?"""

from collections.abc import Sequence

from planspec.catalogue import Upgrades
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.attribute import found, hold
from planspec.judgements.databases import Database, hold_databases
from planspec.value import Known


def follow_minor_versions(databases: Sequence[Database]) -> Judgement:
    """Judge whether each database takes security fixes by itself.

    Source: Amazon RDS API, CreateDBInstance, AutoMinorVersionUpgrade.
    """
    return hold_databases(
        databases,
        "auto_minor_version_upgrade",
        lambda value: value is True,
        "auto_minor_version_upgrade is true",
        remedy="set auto_minor_version_upgrade = true",
        unset=Verdict.UNDETERMINED,
    )


def wait_for_the_window(databases: Sequence[Database]) -> Judgement:
    """Judge whether changes that restart a database wait for its maintenance window.

    Source: Amazon RDS API, ModifyDBInstance, ApplyImmediately.
    """
    return hold_databases(
        databases,
        "apply_immediately",
        lambda value: value is not True,
        "apply_immediately is false",
        remedy="set apply_immediately = false and a maintenance_window",
        unset=Verdict.UNDETERMINED,
    )


def supported(databases: Sequence[Database], settings: Upgrades) -> Judgement:
    """Judge whether the major version of each database is one that `settings` accepts."""
    return judge(
        (database.address for database in databases),
        (_supported(database, settings) for database in databases),
    )


def _supported(database: Database, settings: Upgrades) -> Finding | None:
    engine = database.get("engine")
    reading = engine.reading
    versions = settings.major_versions.get(str(reading.value)) if isinstance(reading, Known) else None
    if versions is None:
        expected = "an engine of which policies/parameters.toml lists the versions"
        return found(database, engine, Verdict.UNDETERMINED, expected)
    return hold(
        database,
        database.get("engine_version"),
        lambda version: str(version).partition(".")[0] in versions,
        f"a version of {', '.join(versions)}",
        remedy="plan the upgrade to a supported major version",
        unset=Verdict.UNDETERMINED,
    )
