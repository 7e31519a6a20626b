"""Do versions stay supported, and do changes wait for a quiet hour?"""

import re
from collections.abc import Sequence

from planspec.aws import Database
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.database_settings import hold_databases, hold_switch
from planspec.judgements.generic.expect import found, hold
from planspec.plan import Known, Value
from planspec.policies import Upgrades, Withdrawn

_MINOR = re.compile(r"\d+\.\d+(?!\d)")
# 16.8-R2 and 11.22-rds.20250220 are builds; 16.08 and 16.8.1 are none.
_WHOLE = re.compile(r"(?:0|[1-9]\d*)(?=$|-)")


def follow_minor_versions(databases: Sequence[Database]) -> Judgement:
    """Judge whether each database has automatic minor version upgrades enabled.

    Source: Amazon RDS API, CreateDBInstance, AutoMinorVersionUpgrade: on by default.
    """
    return hold_switch(
        databases,
        "auto_minor_version_upgrade",
        on=True,
        unset=Verdict.SATISFIED,
    )


def wait_for_the_window(databases: Sequence[Database]) -> Judgement:
    """Judge whether no database applies changes immediately.

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
    finding = hold(
        database,
        place,
        lambda version: any(f"{version}.".startswith(f"{each}.") for each in versions),
        f"a version of {', '.join(versions)}",
        remedy="plan the upgrade to a supported major version",
        unset=Verdict.UNDETERMINED,
    )
    return finding or _unheard_of(database, name, place, settings)


def _unheard_of(database: Database, engine: str, place: Value, settings: Upgrades) -> Finding | None:
    """A minor version of which nobody knows that RDS has it, such as 16.0, 16.99 or 16.08."""
    minors = next((each for each in settings.minor_versions if each.engine == engine), None)
    reading = place.reading
    version = str(reading.value) if isinstance(reading, Known) else ""
    major, dot, rest = version.partition(".")
    if minors is None or not dot:
        return None
    minor, newest = _WHOLE.match(rest), minors.newest.get(major)
    if minor and newest is not None and minors.first.get(major, 0) <= int(minor[0]) <= newest:
        return None
    known = f"{major}.{minors.first.get(major, 0)} to {major}.{newest}" if newest else "none of it"
    return found(
        database,
        place,
        Verdict.UNDETERMINED,
        f"a minor version that RDS is known to have: {known} on {minors.as_of} ({minors.source})",
        remedy="name the major version alone, or put the newest minor version into minor_versions of"
        " policies/parameters.toml",
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
