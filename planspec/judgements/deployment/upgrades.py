"""Do versions stay supported, and do changes wait for a quiet hour?"""

import re
from collections.abc import Sequence

from planspec.aws import Database
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.database_settings import hold_databases, hold_switch
from planspec.judgements.generic.expect import found, hold
from planspec.plan import Known, Value
from planspec.policies import Upgrades, Withdrawn

_BEGINS = re.compile(r"\d+(?:\.\d+)*")
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


def refuse_major_versions(databases: Sequence[Database]) -> Judgement:
    """Judge whether no database allows major version upgrades.

    Allowed, a typo in `engine_version` upgrades it, and no version can be taken back. Source: Amazon RDS
    API, ModifyDBInstance, AllowMajorVersionUpgrade: off by default.
    """
    return hold_switch(databases, "allow_major_version_upgrade", on=False, unset=Verdict.SATISFIED)


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
    # The editions are part of the name: oracle-ee-cdb, sqlserver-web.
    listed = name if name in settings.major_versions else name.partition("-")[0]
    versions = settings.major_versions.get(listed)
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
    if _is_newer(_text(place), versions):
        return found(
            database,
            place,
            Verdict.UNDETERMINED,
            f"a version of {', '.join(versions)}; of newer ones nothing is listed",
            remedy="put the major version into major_versions of policies/parameters.toml, if AWS"
            " supports it",
        )
    finding = hold(
        database,
        place,
        lambda version: any(f"{version}.".startswith(f"{each}.") for each in versions),
        f"a version of {', '.join(versions)}{_ended(name, _text(place), settings)}",
        remedy="plan the upgrade to a supported major version",
        unset=Verdict.UNDETERMINED,
    )
    return finding or _unheard_of(database, name, place, settings)


def _is_newer(version: str, listed: Sequence[str]) -> bool:
    """Whether its major version is newer than each that is listed, so that nobody has looked at it."""
    most = max(_numbers(each) for each in listed)
    return _numbers(version)[: len(most)] > most


def _numbers(version: str) -> tuple[int, ...]:
    begins = _BEGINS.match(version)
    return tuple(map(int, begins[0].split("."))) if begins else ()


def _ended(engine: str, version: str, settings: Upgrades) -> str:
    """When standard support of this version ends or ended, where that is listed."""
    for each in settings.ends:
        for major, end in each.standard_support.items():
            if each.engine == engine and f"{version}.".startswith(f"{major}."):
                return f"; standard support of {major}: until {end} ({each.source}, {each.as_of})"
    return ""


def _unheard_of(database: Database, engine: str, place: Value, settings: Upgrades) -> Finding | None:
    """A minor version of which nobody knows that RDS has it, such as 16.0, 16.99 or 16.08."""
    minors = next((each for each in settings.minor_versions if each.engine == engine), None)
    version = _text(place)
    if minors is None:
        return None
    majors = [each for each in minors.newest if version.startswith(f"{each}.")]
    major = majors[0] if majors else ".".join(version.split(".")[:-1])
    if not major or version in minors.newest:
        return None
    minor, newest = _WHOLE.match(version[len(major) + 1 :]), minors.newest.get(major)
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


def _text(place: Value) -> str:
    reading = place.reading
    return str(reading.value) if isinstance(reading, Known) else ""


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
