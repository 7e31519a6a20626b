"""Does the database accept the connections that the service can open?

The question behind the outage: in a rolling deployment old and new tasks live together, each process
holds a pool, and the database turns away what goes beyond `max_connections`.
"""

from collections.abc import Sequence

from planspec.aws import Database, Demands, Share
from planspec.aws import databases as every_database
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.capacity.engine_parameters import groups_of
from planspec.judgements.capacity.supply import Supply, supply, supply_before
from planspec.judgements.generic.expect import found
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange
from planspec.policies import Capacity
from planspec.references import graph

WHOLE = 100
REMEDY = (
    "lower the pool, the processes or the maximum number of tasks, raise max_connections in the"
    " parameter group, or choose a larger class"
)
PRESENT = "present tasks"
SCALE_IN = "; or scale the present tasks in before this change"


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
    if accepted and (until := _until_it_is_changed(plan, database, share, settings, total)):
        open_questions.append(until)
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
        remedy=REMEDY + (SCALE_IN if any(PRESENT in each for each in share.how) else ""),
        related=(*share.made_by, *groups_of(plan, database)),
    )


def _until_it_is_changed(
    plan: Plan, database: Database, share: Share, settings: Capacity, total: int
) -> str:
    """What it accepts until this change has taken effect, where tasks start now and that is too few."""
    until = supply_before(plan, database, settings) if share.deploys else None
    if until is None or total + share.maybe <= until.at_least:
        return ""
    return f"until the change of the database has taken effect it accepts {until.how}"


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
