"""Does the source name a minor version that RDS upgrades automatically?

Terraform then plans the way back at every apply, and RDS refuses it: a minor version cannot be lowered.
Source: Amazon RDS User Guide, "Upgrading a DB instance engine version".
"""

from collections.abc import Iterator, Sequence
from typing import Final

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph, ignored_arguments

VERSION: Final = "engine_version"
SWITCH: Final = "auto_minor_version_upgrade"
# The types of clusters with automatic upgrades, and of their instances. Amazon DocumentDB has none:
# Terraform AWS provider, aws_docdb_cluster_instance, auto_minor_version_upgrade.
INSTANCES: Final = {
    "aws_rds_cluster": "aws_rds_cluster_instance",
    "aws_neptune_cluster": "aws_neptune_cluster_instance",
}
CLUSTERS: Final = {instance: cluster for cluster, instance in INSTANCES.items()}
EXPECTED: Final = "no minor version in the source while automatic minor version upgrades are on"
# How many parts of an engine's version name what stays: "16" of 16.13, "8.4" of 8.4.7, "19.0.0.0" of
# 19.0.0.0.ru-2026-01.rur-2026-01.r1. Source: Amazon RDS API, CreateDBInstance, EngineVersion; Amazon
# RDS and Aurora User Guides, the versions of each engine.
_PARTS_THAT_STAY: Final = {
    "postgres": 1,
    "aurora-postgresql": 1,
    "mysql": 2,
    "mariadb": 2,
    "aurora-mysql": 2,
    "oracle": 4,
    "sqlserver": 2,
    "db2": 2,
}


def leave_minor_versions_to_rds(plan: Plan, resources: Sequence[ResourceChange]) -> Judgement:
    """Judge whether no database names a minor version while RDS may raise it.

    `resources` are databases alone, clusters and their instances. What the source does not write is not
    pinned: the plan then shows what runs. Automatic upgrades are on unless `auto_minor_version_upgrade`
    is false (Amazon RDS API, CreateDBInstance).
    """
    return judge(
        (each.address for each in resources),
        (_pinned(plan, each) for each in resources if "docdb" not in each.type),
    )


def _pinned(plan: Plan, database: ResourceChange) -> Finding | None:
    switches = list(_switches(plan, database))
    if switches and all(each.reading == Known(False) for each in switches):
        return None
    holder = _holder(plan, database)
    if holder is None:
        return None
    place = holder.after.get(VERSION)
    if not isinstance(place.reading, Known) and place.reading is not UNKNOWN:
        return None
    stays = _what_stays(holder.after.get("engine"), place)
    if stays and stays == _text(place):
        return None
    on = any(_is_on(database, each) for each in switches)
    return found(
        database,
        place,
        Verdict.VIOLATED if stays and on else Verdict.UNDETERMINED,
        EXPECTED,
        observed=_observed(database, holder, place, switches),
        remedy=f'write engine_version = "{stays}", so that RDS chooses the rest'
        if stays
        else "write the major version alone, so that RDS chooses the minor version",
        related=() if holder is database else (holder.address,),
    )


def _is_on(database: ResourceChange, switch: Value) -> bool:
    """Whether upgrades are surely automatic: also where nobody sets it, the default of RDS.

    A plan that lacks the attribute says nothing, but of a cluster: older providers have it on
    instances alone, and RDS raises a Multi-AZ cluster as well.
    """
    if switch.misnamed:
        return database.type in INSTANCES
    return switch.reading is not UNKNOWN and switch.reading != Known(False)


def _switches(plan: Plan, database: ResourceChange) -> Iterator[Value]:
    """Where it is said whether upgrades are automatic: of an Aurora cluster, at its instances."""
    own = database.after.get(SWITCH)
    engine = database.after.get("engine").reading
    other = isinstance(engine, Known) and not str(engine.value).startswith(("aurora", "neptune"))
    if database.type not in INSTANCES or other or isinstance(own.reading, Known):
        yield own
        return
    instance = INSTANCES[database.type]
    members = graph(plan).incoming(instance, ("cluster_identifier",), database.type)
    yield from (each.after.get(SWITCH) for each in members.to(database))


def _holder(plan: Plan, database: ResourceChange) -> ResourceChange | None:
    """The resource that names the version; None where none does, or where Terraform ignores it.

    An instance of a cluster that names none, or that of its cluster, has its cluster's.
    """
    if not graph(plan).is_written(database, VERSION) or _is_its_clusters(plan, database):
        kind = CLUSTERS.get(database.type, "")
        named = (graph(plan).targets(database, ("cluster_identifier",), kind) or ()) if kind else ()
        cluster = plan.find(named[0]) if len(named) == 1 else None
        return _holder(plan, cluster) if cluster else None
    return None if VERSION in ignored_arguments(graph(plan).unit(database)) else database


def _is_its_clusters(plan: Plan, database: ResourceChange) -> bool:
    """Whether the version of an instance refers to a cluster, and so to that cluster's."""
    target = graph(plan).of(database, VERSION).single if database.type in CLUSTERS else None
    return target is not None and target.change is not None and target.change.type in INSTANCES


def _what_stays(engine: Value, version: Value) -> str:
    """The part of a version that no minor upgrade changes; empty where that cannot be told."""
    parts = _text(version).split(".")
    if len(parts) == 1:
        return parts[0]
    # The editions are part of the name: oracle-ee-cdb, sqlserver-web, db2-se.
    name = _text(engine)
    stays = _PARTS_THAT_STAY.get(name) or _PARTS_THAT_STAY.get(name.partition("-")[0])
    return ".".join(parts[:stays]) if stays else ""


def _text(value: Value) -> str:
    reading = value.reading
    return str(reading.value) if isinstance(reading, Known) else ""


def _observed(
    database: ResourceChange, holder: ResourceChange, place: Value, switches: Sequence[Value]
) -> str:
    whose = "" if holder is database else f" of {holder.address}"
    engine = holder.after.get("engine")
    unlisted = not _what_stays(engine, place) and bool(_text(place))
    of_engine = f" of the engine {engine.shown}" if unlisted else ""
    switch = next((each for each in switches if each.reading != Known(False)), None)
    said = f"{SWITCH} is {switch.shown}" if switch else "none of its instances is in the plan"
    return f"{place.path}{whose} is {place.shown}{of_engine}, and {said}"
