"""Do versions stay supported, and do changes wait for a quiet hour?"""

import re
from collections.abc import Sequence

from planspec.aws import Database
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.database_settings import hold_databases
from planspec.judgements.generic.expect import found, hold
from planspec.plan import Known, Value
from planspec.policies import Upgrades, Withdrawn

_MINOR = re.compile(r"\d+\.\d+(?!\d)")


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
    """Judge whether the version of each database is one that `settings` accepts and RDS still creates.

    A minor version that RDS has withdrawn cannot be created any more, and gets no more fixes.
    """
    return judge(
        (database.address for database in databases),
        (_supported(database, settings) for database in databases),
    )


def _supported(database: Database, settings: Upgrades) -> Finding | None:
    engine = database.get("engine")
    reading = engine.reading
    name = str(reading.value) if isinstance(reading, Known) else ""
    versions = settings.major_versions.get(name)
    if versions is None:
        expected = "an engine of which policies/parameters.toml lists the versions"
        return found(database, engine, Verdict.UNDETERMINED, expected)
    place = database.get("engine_version")
    withdrawn = _withdrawn(name, place, settings)
    if withdrawn:
        return found(
            database,
            place,
            Verdict.VIOLATED,
            f"a version that RDS creates; of this one it makes no new database since"
            f" {withdrawn.no_new_since} ({withdrawn.source})",
            remedy="name the major version alone, so that RDS chooses the minor version",
        )
    return hold(
        database,
        place,
        lambda version: str(version).partition(".")[0] in versions,
        f"a version of {', '.join(versions)}",
        remedy="plan the upgrade to a supported major version",
        unset=Verdict.UNDETERMINED,
    )


def _withdrawn(engine: str, place: Value, settings: Upgrades) -> Withdrawn | None:
    """The notice that withdraws this minor version; 16.8-R2 is a build of 16.8."""
    reading = place.reading
    minor = _MINOR.match(str(reading.value)) if isinstance(reading, Known) else None
    return next(
        (
            notice
            for notice in settings.withdrawn
            if minor and notice.engine == engine and minor[0] in notice.versions
        ),
        None,
    )
