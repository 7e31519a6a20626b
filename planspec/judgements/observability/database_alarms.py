"""Which alarms watch a metric of a database?

An instance is named by one dimension. A cluster is named by another, or each of its instances is.
Source: Amazon CloudWatch, dimensions of Amazon RDS, Amazon Aurora, Amazon DocumentDB and Neptune.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from planspec.aws import Database
from planspec.finding import Finding, Judgement, judge, together
from planspec.judgements.observability.alarm_rules import Figure
from planspec.judgements.observability.alarms import (
    Fires,
    Group,
    neighbours,
    not_watched,
    state_of,
    warns,
    watchers,
)
from planspec.plan import Plan
from planspec.policies import Observability

CONNECTIONS: Final = "DatabaseConnections"
METRICS: Final = (CONNECTIONS, "CPUUtilization", "FreeStorageSpace")

OF_INSTANCES = ("DBInstanceIdentifier", "identifier")
OF_CLUSTERS = ("DBClusterIdentifier", "cluster_identifier")


def groups(database: Database, metric: str, bad_when: str) -> list[Group]:
    """The figures of which one group must be watched: those of the whole, or of every instance."""
    family = database.family
    whole = OF_CLUSTERS if family.is_cluster else OF_INSTANCES
    figure = Figure(family.namespace, metric, *whole, bad_when, (database.type,))
    each = figure._replace(dimension=OF_INSTANCES[0], name=OF_INSTANCES[1])
    told: list[Group] = [((database.head, figure),)]
    if database.instances:
        told.append([(one, each._replace(types=(one.type,))) for one in database.instances])
    return told


def connections(database: Database) -> list[Group]:
    """The groups of the number of its connections; none where its engine does not count them."""
    metric = database.family.connections
    return groups(database, metric, "GreaterThan") if metric else []


def watched(plan: Plan, database: Database, every: Sequence[Group], fires: Fires) -> bool | None:
    """Whether the alarms of one group fire; None if apply decides, or what instances there are."""
    whole, *of_instances = (state_of(plan, group, fires) for group in every)
    states = [whole, *(each if database.complete or not each else None for each in of_instances)]
    return True if True in states else None if None in states else False


def beside(plan: Plan, database: Database, every: Sequence[Group]) -> tuple[str, ...]:
    """The alarms about these figures, or one beside which the missing one belongs."""
    about = tuple(address for group in every for address in watchers(plan, group))
    others = [*connections(database), *(group for each in _figures(database) for group in each)]
    figures = [figure for group in others for one, figure in group if one is database.head]
    return about or neighbours(plan, database.head, figures)


def _figures(database: Database) -> Iterator[list[Group]]:
    """What a database runs out of: its processor, and storage that does not grow without end."""
    yield groups(database, "CPUUtilization", "GreaterThan")
    if database.family.free_storage:
        yield groups(database, database.family.free_storage, "LessThan")


def connections_are_watched(plan: Plan, databases: Sequence[Database], fires: Fires) -> Judgement:
    """Judge whether an alarm watches the number of connections of each database.

    The alarm must fire when there are many, and have an enabled action.
    Source: Amazon RDS User Guide, "Amazon CloudWatch metrics for Amazon RDS", DatabaseConnections.
    """
    asked = counted(databases)
    return judge(
        (database.address for database in asked),
        (_held(plan, database, connections(database), fires) for database in asked),
    )


def counted(databases: Sequence[Database]) -> list[Database]:
    """The databases whose engine counts its connections; Neptune has no such figure to ask for."""
    return [each for each in databases if each.family.connections]


def are_watched(
    plan: Plan, databases: Sequence[Database], metrics: Sequence[str], settings: Observability
) -> Judgement:
    """Judge whether alarms that ring in time and tell somebody watch these metrics of each database."""
    fires = partial(warns, settings)
    asked = [each for each in METRICS if each != CONNECTIONS and each in metrics]
    parts = [connections_are_watched(plan, databases, fires)] if CONNECTIONS in metrics else []
    parts += [figures_are_watched(plan, databases, asked, fires)] if asked else []
    return together(parts)


def figures_are_watched(
    plan: Plan, databases: Sequence[Database], metrics: Sequence[str], fires: Fires
) -> Judgement:
    """Judge whether alarms with an action watch the CPU and free storage of each database.

    That is its processor, and the storage that it does not share: of instances of a cluster, the
    local one. Source: Amazon CloudWatch, metrics of Amazon RDS and Amazon Aurora.
    """
    return judge(
        (database.address for database in databases),
        (
            _held(plan, database, each, fires)
            for database in databases
            for each in _figures(database)
            if any(one.metric in (*metrics, _local(metrics)) for _, one in each[0])
        ),
    )


def _local(metrics: Sequence[str]) -> str:
    """Free storage is called so where the instances of a cluster share the rest."""
    return "FreeLocalStorage" if "FreeStorageSpace" in metrics else ""


def _held(plan: Plan, database: Database, every: Sequence[Group], fires: Fires) -> Finding | None:
    state = watched(plan, database, every, fires)
    if state is True:
        return None
    metric = every[0][0][1].metric
    place = database.get("identifier")
    return not_watched(database, place, metric, state, beside(plan, database, every))
