"""Does the database accept the connections that the service can open?

The question behind the outage: in a rolling deployment old and new tasks live together, each process
holds a pool, and the database turns away what goes beyond `max_connections`.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from planspec.aws import Database, Demands, Share
from planspec.aws import databases as every_database
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.capacity.parameter_group import groups_of, stated
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.policies import Capacity
from planspec.references import graph

BYTES_PER_CONNECTION = 9531392
BYTES_PER_GIB = 2**30
MOST_CONNECTIONS = 5000
WHOLE = 100
NO_POOL = "the connections of its engine are not reckoned"
SOME = "some of its instances leave max_connections to their class"
REMEDY = (
    "lower the pool, the processes or the maximum number of tasks, raise max_connections in the"
    " parameter group, or choose a larger class"
)


class Supply(NamedTuple):
    """Connections that a database accepts: at least, at most, and where that stands."""

    at_least: int
    at_most: int
    how: str


def connections_fit(plan: Plan, databases: Sequence[Database], settings: Capacity) -> Judgement:
    """Judge whether the peak demand and the reserve stay within what each database accepts.

    demand = tasks during a deployment x processes per task x connections per process. Supply is
    `max_connections` of the parameter group, else a range by the memory of the class: the formula
    counts memory that AWS keeps for itself, so it is an upper bound. Between the two bounds the
    plan cannot say, nor of a parameter group that is not in it. Pools are of SQL: a database without it
    is asked only where the pools of the plan have no other. Which services use which database
    is told in `demand`. Source: Amazon RDS User Guide, "Quotas and constraints", max_connections.
    """
    chosen = {each.address for each in databases}
    # Who uses which database is told of all of them, whichever were chosen.
    every = every_database(plan)
    demands = Demands(plan, every, settings)
    asked = [(each, demands.of(each)) for each in every if each.family.relational]
    if not asked:
        shares = [(each, demands.of(each)) for each in every]
        asked = [(each, share) for each, share in shares if share.surely or share.maybe]
    asked = [(each, share) for each, share in asked if each.address in chosen]
    return judge(
        (database.address for database, _ in asked),
        (_fits(plan, database, share, settings) for database, share in asked),
    )


def _fits(plan: Plan, database: Database, share: Share, settings: Capacity) -> Finding | None:
    reserve = settings.reserved_connections + settings.operations_connections
    told = supply(plan, database, settings)
    accepted = told if isinstance(told, Supply) else None
    open_questions = list(share.open_questions)
    if isinstance(told, str):
        open_questions.append(told)
    proxied = proxy_percent(plan, database)
    if isinstance(proxied, str):
        open_questions.append(proxied)
    percent = proxied if isinstance(proxied, int) else 0
    total = share.surely + reserve
    verdict = _compare(total, share.maybe, accepted, percent, bool(open_questions))
    if verdict is Verdict.SATISFIED:
        return None
    if percent:
        open_questions.append(f"its proxy may take {percent} % of what it accepts")
    if share.maybe:
        open_questions.append(
            f"{share.maybe} more by services of which the plan does not tell the database"
        )
    how = "; ".join([*share.how, *open_questions])
    accepts = accepted.how if accepted else "an unknown number"
    return found(
        database,
        database.get("instance_class"),
        verdict,
        f"at most what it accepts: {accepts}",
        observed=f"up to {total} connections at the peak of a deployment ({how}; {reserve} in reserve)",
        remedy=REMEDY,
        related=(*share.made_by, *groups_of(plan, database)),
    )


def _compare(
    total: int, maybe: int, supply: Supply | None, percent: int, open_questions: bool
) -> Verdict:
    """More than the upper bound is violated, whatever else is open.

    A proxy takes its percentage of what the database accepts; the rest has to do for the others. Who
    uses the proxy is told by the settings alone, so a demand that exceeds only beside it is open.
    """
    if supply is None:
        return Verdict.UNDETERMINED
    least, most = (accepts - accepts * percent // 100 for accepts in (supply.at_least, supply.at_most))
    past_it = total > supply.at_most
    if past_it or (percent and total > most and not maybe):
        certain = not percent or percent == WHOLE
        return Verdict.VIOLATED if certain else Verdict.UNDETERMINED
    return Verdict.UNDETERMINED if open_questions or total + maybe > least else Verdict.SATISFIED


def proxy_percent(plan: Plan, database: Database) -> int | str | None:
    """The share of its connections that the proxies before a database may take; None without one.

    A text says why it cannot be told. Source: Amazon RDS User Guide, "RDS Proxy connection
    considerations": MaxConnectionsPercent is 100 by default.
    """
    path = "db_cluster_identifier" if database.family.is_cluster else "db_instance_identifier"
    joined = graph(plan).incoming("aws_db_proxy_target", (path,), database.type)
    targets = joined.to(database.head)
    if not targets:
        return "the database of a proxy in the plan cannot be determined" if joined.undecided else None
    shares = [_percent(plan, target) for target in targets]
    known = [each for each in shares if each is not None]
    return min(sum(known), WHOLE) if len(known) == len(shares) else "the share of its proxy is not known"


def _percent(plan: Plan, target: ResourceChange) -> int | None:
    """The share of one proxy, by its default target group."""
    proxies = graph(plan).targets(target, ("db_proxy_name",), "aws_db_proxy")
    if not proxies:
        return None
    groups = plan.remaining("aws_db_proxy_default_target_group")
    own = [
        each
        for each in groups
        if graph(plan).targets(each, ("db_proxy_name",), "aws_db_proxy") == proxies
    ]
    if not own:
        return WHOLE
    match own[0].after.get("connection_pool_config", 0, "max_connections_percent").reading:
        case Known(int(percent)):
            return percent
        case state:
            return None if state is UNKNOWN else WHOLE


def supply(plan: Plan, database: Database, settings: Capacity) -> Supply | str:
    """Return what the database accepts: by the parameter group, as measured, else by the class.

    A text says why it cannot be told.
    """
    if not database.family.relational:
        return NO_POOL
    return (
        _stated_limit(plan, database) or _measured(database, settings) or _by_class(database, settings)
    )


def _measured(database: Database, settings: Capacity) -> Supply | None:
    """What somebody measured, of this database or of its class; of several, the least."""
    for name in ("identifier", "instance_class"):
        spots = [spot.place for spot in database.spots(name)]
        readings = [place.reading for place in spots if place is not None]
        named = [str(each.value) for each in readings if isinstance(each, Known)]
        measured = [settings.measured_connections.get(text, 0) for text in named]
        if measured and len(measured) == len(spots) and all(measured):
            least = min(measured)
            return Supply(least, least, f"{least} as measured of {named[measured.index(least)]}")
    return None


def _by_class(database: Database, settings: Capacity) -> Supply | str:
    """The default of PostgreSQL; other engines reckon otherwise, and Aurora keeps other memory back."""
    match database.get("engine").reading:
        case Known(str(engine)) if "postgres" in engine:
            pass
        case _:
            return "its engine is not known to be PostgreSQL"
    if database.is_aurora:
        return "what Aurora accepts by its class is not known; state max_connections"
    match database.get("instance_class").reading:
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
    return min(int(memory_gib * BYTES_PER_GIB * share / BYTES_PER_CONNECTION), MOST_CONNECTIONS)


def _stated_limit(plan: Plan, database: Database) -> Supply | str | None:
    """`max_connections` of the parameter group; None if the group leaves it to the class.

    Any instance of a cluster can become the one that writes, so the fewest count.
    """
    told = stated(plan, database, "max_connections")
    limits = [_limit(each) if isinstance(each, Value) else each for each in told]
    known = [each for each in limits if isinstance(each, Supply)]
    if known and len(known) == len(limits):
        return min(known)
    return next((each for each in limits if isinstance(each, str)), SOME if known else None)


def _limit(value: Value) -> Supply | str:
    match value.reading:
        case Known(text) if re.fullmatch(r"\d+", str(text)):
            return Supply(int(text), int(text), f"{text} by its parameter group")
        case Known():
            return "max_connections is a formula in its parameter group"
        case _:
            return "max_connections of its parameter group is known after apply"
