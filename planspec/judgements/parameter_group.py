"""What does the parameter group of a database state, and what follows from it?"""

from collections.abc import Callable, Sequence

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.attribute import found, hold, number
from planspec.plan import Plan, ResourceChange
from planspec.reference import graph
from planspec.value import UNKNOWN, Known, Value

FIRST_WITH_TLS = 15
CHANGES = frozenset({"ddl", "mod", "all"})


def stated(plan: Plan, database: ResourceChange, name: str) -> Value | str | None:
    """Return the value that the parameter group states for this parameter.

    None: the group, or AWS's own one, leaves it at its default. A text says why it cannot be told.
    """
    if database.type != "aws_db_instance":
        return "the parameter groups of a cluster are not looked at"
    groups = [each for each in map(plan.find, groups_of(plan, database)) if each is not None]
    if not groups and _group_is_default(plan, database):
        return None
    if len(groups) != 1:
        return "its parameter group is not in this plan"
    parameters = groups[0].after.get("parameter").elements()
    names = [parameter.get("name").reading for parameter in parameters]
    if Known(name) in names:
        return parameters[names.index(Known(name))].get("value")
    return "its parameters are known after apply" if UNKNOWN in names else None


def groups_of(plan: Plan, database: ResourceChange) -> tuple[str, ...]:
    """Return the address of the parameter group that a database has; empty if it is not in the plan."""
    return graph(plan).targets(database, ("parameter_group_name",), "aws_db_parameter_group") or ()


def _group_is_default(plan: Plan, database: ResourceChange) -> bool:
    """Nobody chose a parameter group, or one that AWS makes and nobody can change was chosen."""
    match database.after.get("parameter_group_name").reading:
        case Known(str(name)):
            return name == "" or name.startswith("default.")
        case state if state is UNKNOWN:
            return not graph(plan).is_written(database, "parameter_group_name")
        case _:
            return True


def demand_tls(plan: Plan, databases: Sequence[ResourceChange]) -> Judgement:
    """Judge whether each database turns away clients that do not use TLS.

    Before PostgreSQL 15 RDS lets them in unless `rds.force_ssl` is 1; since then the default is 1,
    which a plan does not show. Source: Amazon RDS User Guide, "Using SSL with a PostgreSQL DB instance".
    """

    def unset(database: ResourceChange) -> Verdict:
        version = database.after.get("engine_version").reading
        major = number(str(getattr(version, "value", "")).partition(".")[0])
        old = major is not None and major < FIRST_WITH_TLS
        return Verdict.VIOLATED if old else Verdict.UNDETERMINED

    expected = "rds.force_ssl is 1 in its parameter group"
    return _held(plan, databases, "rds.force_ssl", lambda value: value == "1", expected, unset)


def end_idle_transactions(
    plan: Plan, databases: Sequence[ResourceChange], *, maximum_seconds: int
) -> Judgement:
    """Judge whether each database ends a transaction that has been idle for `maximum_seconds`.

    0 means never; without the parameter RDS waits for a day. Source: Amazon RDS User Guide,
    "Working with parameters on your RDS for PostgreSQL DB instance"; the value is in milliseconds.
    """
    name = "idle_in_transaction_session_timeout"
    expected = f"{name} of at most {maximum_seconds} seconds in its parameter group"

    def short(value: object) -> bool:
        return 0 < (number(value) or 0) <= maximum_seconds * 1000

    return _held(plan, databases, name, short, expected, _violated)


def write_down_connections(
    plan: Plan, databases: Sequence[ResourceChange], *, maximum_seconds: int
) -> Judgement:
    """Judge whether the log of each database says who connects and leaves, and what it cost.

    That is: changes of tables, and what takes longer than `maximum_seconds`. All is off by default.
    Source: PostgreSQL, "Error Reporting and Logging"; Amazon RDS User Guide, "RDS for PostgreSQL
    database log files".
    """
    name = "log_min_duration_statement"
    asked: list[tuple[str, Callable[[object], bool], str]] = [
        (each, _on, f"{each} is 1") for each in ("log_connections", "log_disconnections")
    ]
    within = f"{name} of at most {maximum_seconds} seconds"

    def soon(value: object) -> bool:
        milliseconds = number(value)
        return milliseconds is not None and 0 <= milliseconds <= maximum_seconds * 1000

    asked.append(("log_statement", lambda value: value in CHANGES, "log_statement is ddl or more"))
    asked.append((name, soon, within))
    judged = [
        _held(plan, databases, name, accepts, f"{expected} in its parameter group", _violated)
        for name, accepts, expected in asked
    ]
    findings = [finding for each in judged for finding in each.findings]
    return judge((database.address for database in databases), findings)


def _on(value: object) -> bool:
    return str(value).lower() in {"1", "on", "true"}


def _violated(_: ResourceChange) -> Verdict:
    return Verdict.VIOLATED


def _held(
    plan: Plan,
    databases: Sequence[ResourceChange],
    name: str,
    accepts: Callable[[object], bool],
    expected: str,
    unset: Callable[[ResourceChange], Verdict],
) -> Judgement:
    """Hold one parameter of every database; `unset` judges one that leaves it at the default."""

    def judged(database: ResourceChange) -> Finding | None:
        told = stated(plan, database, name)
        remedy = f"state {name} in aws_db_parameter_group"
        related = groups_of(plan, database)
        if isinstance(told, Value):
            finding = hold(database, told, accepts, expected, remedy=remedy)
            return finding and finding._replace(related=related)
        return found(
            database,
            database.after.get("parameter_group_name"),
            Verdict.UNDETERMINED if told else unset(database),
            expected,
            observed=told or f"no parameter group of this plan states {name} for it",
            remedy=remedy,
            related=related,
        )

    return judge((database.address for database in databases), map(judged, databases))
