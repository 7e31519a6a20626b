"""Does the database accept the connections that the service can open?

The question behind the outage: in a rolling deployment old and new tasks live together, each process
holds a pool, and the database turns away what goes beyond `max_connections`.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from planspec.catalogue import Capacity
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.attribute import found, number
from planspec.judgements.containers import containers, definition_of, environment, services
from planspec.judgements.scaling import tasks_during_deployment
from planspec.plan import Plan, ResourceChange
from planspec.reference import graph
from planspec.value import UNKNOWN, Known, Value

BYTES_PER_CONNECTION = 9531392
MOST_CONNECTIONS = 5000
REMEDY = (
    "lower the pool, the processes or the ceiling of the tasks, raise max_connections in the"
    " parameter group, or choose a larger class"
)


class Demand(NamedTuple):
    """Connections that one service can open at the peak of a deployment."""

    service: ResourceChange
    connections: int | None
    how: str


class Supply(NamedTuple):
    """Connections that a database accepts: at least, at most, and where that stands."""

    at_least: int
    at_most: int
    how: str


def connections_fit(plan: Plan, databases: Sequence[ResourceChange], settings: Capacity) -> Judgement:
    """Judge whether the peak demand and the reserve stay within what each database accepts.

    demand = tasks during a deployment x processes per task x connections per process. Supply is
    `max_connections` of the parameter group, else a range by the memory of the class: the formula
    counts memory that AWS keeps for itself, so it is an upper bound. Between the two bounds the
    plan cannot say, nor of a parameter group that is not in it.
    Source: Amazon RDS User Guide, "Quotas and constraints", max_connections.
    """
    demands = [demand for service in services(plan) if (demand := _demand(plan, service, settings))]
    return judge(
        (database.address for database in databases),
        (_fits(plan, database, demands, settings) for database in databases),
    )


def _fits(
    plan: Plan, database: ResourceChange, demands: Sequence[Demand], settings: Capacity
) -> Finding | None:
    reserve = settings.reserved_connections + settings.operations_connections
    told = _supply(plan, database, settings)
    supply = told if isinstance(told, Supply) else None
    known = [demand.connections for demand in demands if demand.connections is not None]
    total = sum(known) + reserve
    open_questions = [demand.how for demand in demands if demand.connections is None]
    if not demands:
        open_questions.append("no container states the size of its connection pool")
    if isinstance(told, str):
        open_questions.append(told)
    verdict = _compare(total, supply, bool(open_questions))
    if verdict is Verdict.SATISFIED:
        return None
    how = "; ".join([*(demand.how for demand in demands if demand.connections), *open_questions])
    accepts = f"{supply.how}" if supply else "an unknown number"
    return found(
        database,
        database.after.get("instance_class"),
        verdict,
        f"at most what it accepts: {accepts}",
        observed=f"up to {total} connections at the peak of a deployment ({how}; {reserve} in reserve)",
        remedy=REMEDY,
    )


def _compare(total: int, supply: Supply | None, open_questions: bool) -> Verdict:
    """More than the upper bound is violated, whatever else is open."""
    if supply is not None and total > supply.at_most:
        return Verdict.VIOLATED
    if supply is None or open_questions or total > supply.at_least:
        return Verdict.UNDETERMINED
    return Verdict.SATISFIED


def _demand(plan: Plan, service: ResourceChange, settings: Capacity) -> Demand | None:
    """What this service can open; None for one whose containers name no pool."""
    definition = definition_of(plan, service)
    inside = containers(definition) if definition else None
    if inside is None:
        return Demand(service, None, f"the containers of {service.address} are not known")
    pools = [environment(container) for container in inside]
    pools = [pool for pool in pools if _first(pool, settings.pool_variables) is not None]
    if not pools:
        return None
    tasks = tasks_during_deployment(plan, service)
    per_task = [_connections_per_task(pool, settings) for pool in pools]
    if tasks is None or None in per_task:
        return Demand(service, None, f"tasks or pool of {service.address} are not known")
    each = sum(one for one in per_task if one is not None)
    how = f"{service.address}: {tasks} tasks during a deployment x {each} connections"
    return Demand(service, tasks * each, how)


def _connections_per_task(pool: dict[str, Value], settings: Capacity) -> int | None:
    """Processes x (pool + overflow) of one container; None if a figure is not a number."""
    size = _figure(_first(pool, settings.pool_variables))
    overflow = _figure(_first(pool, settings.overflow_variables), default=0)
    processes = _figure(_first(pool, settings.process_variables), default=1)
    if size is None or overflow is None or processes is None:
        return None
    return processes * (size + overflow)


def _first(pool: dict[str, Value], names: Sequence[str]) -> Value | None:
    return next((pool[name] for name in names if name in pool), None)


def _figure(place: Value | None, default: int | None = None) -> int | None:
    if place is None:
        return default
    reading = place.reading
    figure = number(reading.value) if isinstance(reading, Known) else None
    return None if figure is None else int(figure)


def _supply(plan: Plan, database: ResourceChange, settings: Capacity) -> Supply | str:
    """By the parameter group, else by the class; a text says why it cannot be told."""
    return _stated_limit(plan, database) or _by_class(database, settings)


def _by_class(database: ResourceChange, settings: Capacity) -> Supply | str:
    """The default of PostgreSQL; other engines reckon otherwise."""
    match database.after.get("engine").reading:
        case Known(str(engine)) if "postgres" in engine:
            pass
        case _:
            return "its engine is not known to be PostgreSQL"
    match database.after.get("instance_class").reading:
        case Known(str(name)) if name in settings.memory_gib:
            memory = settings.memory_gib[name]
        case Known():
            return "the class has no entry in policies/parameters.toml"
        case _:
            return "its class is not known"
    upper = _connections(memory, 1.0)
    lower = _connections(memory, settings.usable_memory(memory))
    return Supply(lower, upper, f"{lower} to {upper} by its class {name}")


def _connections(memory_gib: float, share: float) -> int:
    return min(int(memory_gib * 2**30 * share / BYTES_PER_CONNECTION), MOST_CONNECTIONS)


def _stated_limit(plan: Plan, database: ResourceChange) -> Supply | str | None:
    """`max_connections` of the parameter group; None if the group leaves it to the class."""
    if database.type != "aws_db_instance":
        return "the parameter groups of a cluster are not looked at"
    path = ("parameter_group_name",)
    named = graph(plan).targets(database, path, "aws_db_parameter_group") or ()
    groups = [each for each in map(plan.find, named) if each is not None]
    if not groups and _group_is_default(plan, database):
        return None
    if len(groups) != 1:
        return "its parameter group is not in this plan"
    parameters = groups[0].after.get("parameter").elements()
    names = [parameter.get("name").reading for parameter in parameters]
    if Known("max_connections") in names:
        return _limit(parameters[names.index(Known("max_connections"))].get("value"))
    return "its parameters are known after apply" if UNKNOWN in names else None


def _group_is_default(plan: Plan, database: ResourceChange) -> bool:
    """Nobody chose a parameter group, or one that AWS makes and nobody can change was chosen."""
    match database.after.get("parameter_group_name").reading:
        case Known(str(name)):
            return name == "" or name.startswith("default.")
        case state if state is UNKNOWN:
            return not graph(plan).is_written(database, "parameter_group_name")
        case _:
            return True


def _limit(value: Value) -> Supply | str:
    match value.reading:
        case Known(text) if re.fullmatch(r"\d+", str(text)):
            return Supply(int(text), int(text), f"{text} by its parameter group")
        case Known():
            return "max_connections is a formula in its parameter group"
        case _:
            return "max_connections of its parameter group is known after apply"
