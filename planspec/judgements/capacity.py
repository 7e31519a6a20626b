"""Does the database accept the connections that the service can open?

The question behind the outage: in a rolling deployment old and new tasks live together, each process
holds a pool, and the database turns away what goes beyond `max_connections`.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from planspec.catalogue import Capacity
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.attribute import found
from planspec.judgements.demand import Demands, Share
from planspec.judgements.parameter_group import stated
from planspec.plan import Plan, ResourceChange
from planspec.value import Known, Value

BYTES_PER_CONNECTION = 9531392
MOST_CONNECTIONS = 5000
REMEDY = (
    "lower the pool, the processes or the ceiling of the tasks, raise max_connections in the"
    " parameter group, or choose a larger class"
)


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
    plan cannot say, nor of a parameter group that is not in it. Which services use which database
    is told in `demand`. Source: Amazon RDS User Guide, "Quotas and constraints", max_connections.
    """
    demands = Demands(plan, databases, settings)
    return judge(
        (database.address for database in databases),
        (_fits(plan, database, demands.of(database), settings) for database in databases),
    )


def _fits(plan: Plan, database: ResourceChange, share: Share, settings: Capacity) -> Finding | None:
    reserve = settings.reserved_connections + settings.operations_connections
    told = supply(plan, database, settings)
    accepted = told if isinstance(told, Supply) else None
    open_questions = list(share.open_questions)
    if isinstance(told, str):
        open_questions.append(told)
    total = share.surely + reserve
    verdict = _compare(total, share.maybe, accepted, bool(open_questions))
    if verdict is Verdict.SATISFIED:
        return None
    if share.maybe:
        open_questions.append(
            f"{share.maybe} more by services of which the plan does not tell the database"
        )
    how = "; ".join([*share.how, *open_questions])
    accepts = accepted.how if accepted else "an unknown number"
    return found(
        database,
        database.after.get("instance_class"),
        verdict,
        f"at most what it accepts: {accepts}",
        observed=f"up to {total} connections at the peak of a deployment ({how}; {reserve} in reserve)",
        remedy=REMEDY,
    )


def _compare(total: int, maybe: int, supply: Supply | None, open_questions: bool) -> Verdict:
    """More than the upper bound is violated, whatever else is open."""
    if supply is not None and total > supply.at_most:
        return Verdict.VIOLATED
    if supply is None or open_questions or total + maybe > supply.at_least:
        return Verdict.UNDETERMINED
    return Verdict.SATISFIED


def supply(plan: Plan, database: ResourceChange, settings: Capacity) -> Supply | str:
    """Return what the database accepts: by the parameter group, else by the class.

    A text says why it cannot be told.
    """
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
    told = stated(plan, database, "max_connections")
    return _limit(told) if isinstance(told, Value) else told


def _limit(value: Value) -> Supply | str:
    match value.reading:
        case Known(text) if re.fullmatch(r"\d+", str(text)):
            return Supply(int(text), int(text), f"{text} by its parameter group")
        case Known():
            return "max_connections is a formula in its parameter group"
        case _:
            return "max_connections of its parameter group is known after apply"
