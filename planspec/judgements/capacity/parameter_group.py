"""What does the parameter group of a database state, and what follows from it?"""

from collections.abc import Callable, Sequence

from planspec.aws import ELSEWHERE, Database
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.capacity.log_parameters import of_logs
from planspec.judgements.generic.expect import found, hold
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value, number
from planspec.references import graph

FIRST_WITH_TLS = 15
GROUP = "parameter_group_name"


def stated(plan: Plan, database: Database, name: str) -> list[Value | str | None]:
    """Return what the parameter group states for this parameter; of a cluster, for each instance.

    None: the group, or AWS's own one, leaves it at its default. A text says why it cannot be told.
    A parameter in a group of an instance comes before the same one of its cluster.
    Source: Amazon Aurora User Guide, "Parameter groups for Amazon Aurora DB clusters".
    """
    whole = _stated(plan, database.head, database.called(GROUP), database.family.parameter_group, name)
    if database.lacks_cluster and whole is None:
        return [ELSEWHERE]
    if not database.family.instance_groups:
        return [whole]
    own = [
        _stated(plan, each, "db_parameter_group_name", "aws_db_parameter_group", name)
        for each in database.instances
    ]
    return [whole if each is None else each for each in own] or [whole]


def _stated(plan: Plan, holder: ResourceChange, path: str, kind: str, name: str) -> Value | str | None:
    named = graph(plan).targets(holder, (path,), kind) or ()
    groups = [each for each in map(plan.find, named) if each is not None]
    if not groups and _group_is_default(plan, holder, path):
        return None
    if len(groups) != 1:
        return "its parameter group is not in this plan"
    parameters = groups[0].after.get("parameter").elements()
    names = [parameter.get("name").reading for parameter in parameters]
    if Known(name) in names:
        return parameters[names.index(Known(name))].get("value")
    return "its parameters are known after apply" if UNKNOWN in names else None


def groups_of(plan: Plan, database: Database) -> tuple[str, ...]:
    """Return the address of the parameter group that a database has; empty if it is not in the plan."""
    kind = database.family.parameter_group
    return graph(plan).targets(database.head, (database.called(GROUP),), kind) or ()


def _group_is_default(plan: Plan, holder: ResourceChange, path: str) -> bool:
    """Nobody chose a parameter group, or one that AWS makes and nobody can change was chosen."""
    match holder.after.get(path).reading:
        case Known(str(name)):
            return name == "" or name.startswith("default.")
        case state if state is UNKNOWN:
            return not graph(plan).is_written(holder, path)
        case _:
            return True


def demand_tls(plan: Plan, databases: Sequence[Database]) -> Judgement:
    """Judge whether each database refuses connections without TLS.

    Before PostgreSQL 15 RDS lets them in unless `rds.force_ssl` is 1; since then the default is 1,
    which a plan does not show. DocumentDB lets them in where `tls` is disabled; it is enabled by
    default. Source: Amazon RDS User Guide, "Using SSL with a PostgreSQL DB instance"; Amazon
    DocumentDB Developer Guide, "Managing Amazon DocumentDB cluster TLS settings".
    """
    return judge(
        (database.address for database in databases),
        (_tls(plan, database) for database in databases if database.family.tls),
    )


def _tls(plan: Plan, database: Database) -> Finding | None:
    name = database.family.tls
    if name != "tls":
        expected = f"{name} is 1 in its parameter group"
        return _parameter(
            plan, database, name, lambda value: value == "1", expected, _by_version(database)
        )
    if stated(plan, database, name) == [None]:
        return None
    expected = "tls is not disabled in its parameter group"
    return _parameter(
        plan, database, name, lambda value: value != "disabled", expected, Verdict.VIOLATED
    )


def _by_version(database: Database) -> Verdict:
    version = database.get("engine_version").reading
    major = number(str(getattr(version, "value", "")).partition(".")[0])
    old = major is not None and major < FIRST_WITH_TLS
    return Verdict.VIOLATED if old else Verdict.UNDETERMINED


def end_idle_transactions(
    plan: Plan, databases: Sequence[Database], *, maximum_seconds: int
) -> Judgement:
    """Judge whether each database ends a transaction that has been idle for `maximum_seconds`.

    0 means never; without the parameter RDS waits for a day. Engines without SQL have
    no such parameter. Source: Amazon RDS User Guide, "Working with parameters on your RDS for PostgreSQL
    DB instance"; the value is in milliseconds.
    """
    name = "idle_in_transaction_session_timeout"
    expected = f"{name} of at most {maximum_seconds} seconds in its parameter group"

    def short(value: object) -> bool:
        return 0 < (number(value) or 0) <= maximum_seconds * 1000

    asked = [each for each in databases if each.family.relational]
    return judge(
        (database.address for database in asked),
        (_parameter(plan, each, name, short, expected, Verdict.VIOLATED) for each in asked),
    )


def write_down_connections(
    plan: Plan, databases: Sequence[Database], *, maximum_seconds: int
) -> Judgement:
    """Judge whether the log of each database says who connects and leaves, and what it cost.

    That is: changes of tables, and what takes longer than `maximum_seconds`. Each engine has its own
    parameters for that; see `log_parameters`.
    """
    findings = (
        _parameter(plan, each, asked.name, asked.accepts, asked.expected, asked.unset)
        for each in databases
        for asked in of_logs(each.family.parameter_group, maximum_seconds)
    )
    return judge((database.address for database in databases), findings)


def _parameter(
    plan: Plan,
    database: Database,
    name: str,
    accepts: Callable[[object], bool],
    expected: str,
    unset: Verdict,
) -> Finding | None:
    """Hold one parameter; of a cluster, as each of its instances has it."""
    remedy = f"state {name} in {database.family.parameter_group}"
    related = groups_of(plan, database)

    def judged(told: Value | str | None) -> Finding | None:
        if isinstance(told, Value):
            finding = hold(database, told, accepts, expected, remedy=remedy)
            return finding and finding._replace(related=related)
        if not told and unset is Verdict.SATISFIED:
            return None
        return found(
            database,
            database.get(GROUP),
            Verdict.UNDETERMINED if told else unset,
            expected,
            observed=told or f"no parameter group of this plan states {name} for it",
            remedy=remedy,
            related=related,
        )

    findings = [each for each in map(judged, stated(plan, database, name)) if each is not None]
    violated = (each for each in findings if each.verdict is Verdict.VIOLATED)
    return next(violated, findings[0] if findings else None)
