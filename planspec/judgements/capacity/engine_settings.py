"""Does each database have the settings of its engine: TLS, idle transactions, its log?"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from planspec.aws import Database, Engine
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.capacity.engine_parameters import (
    GROUP,
    Asked,
    Asks,
    groups_of,
    is_on,
    of_idle_transactions,
    of_logs,
    of_tls,
    stated,
)
from planspec.judgements.generic.expect import found, hold
from planspec.plan import ABSENT, NULL, Known, Plan, ResourceChange, Value
from planspec.references import graph

OPTIONS: Final = "aws_db_option_group"
AUDIT: Final = "MARIADB_AUDIT_PLUGIN"
# What the option writes where nobody says it.
USUAL_EVENTS: Final = "CONNECT,QUERY"
# The user of RDS itself may be left out.
OF_RDS: Final = "rdsadmin"


def demand_tls(plan: Plan, databases: Sequence[Database]) -> Judgement:
    """Judge whether each database refuses connections without TLS, by the parameter of its engine.

    Neptune takes no others, and DocumentDB none unless `tls` is disabled; an engine without such a
    parameter, as Oracle, is not asked. Source: Amazon RDS User Guide, "Using SSL/TLS to encrypt a
    connection to a DB instance or cluster"; Amazon DocumentDB Developer Guide, "Managing Amazon
    DocumentDB cluster TLS settings".
    """
    return _by_engine(plan, databases, of_tls, "connections with TLS only")


def end_idle_transactions(
    plan: Plan, databases: Sequence[Database], *, maximum_seconds: int
) -> Judgement:
    """Judge whether each PostgreSQL database ends a transaction idle for `maximum_seconds`.

    0 means never; without the parameter RDS waits for a day. Other engines have no such parameter, and
    are not asked. Source: Amazon RDS User Guide, "Working with parameters on your RDS for PostgreSQL DB
    instance".
    """

    def asks(_: Database, engine: Engine) -> Asks:
        return of_idle_transactions(engine, maximum_seconds)

    expected = f"idle transactions that end within {maximum_seconds} seconds, if it is PostgreSQL"
    return _by_engine(plan, databases, asks, expected)


def write_down_connections(
    plan: Plan, databases: Sequence[Database], *, maximum_seconds: int
) -> Judgement:
    """Judge whether the log of each database says who connects and leaves, and what it cost.

    That is: changes of tables, and what takes longer than `maximum_seconds`. Each engine has its own
    parameters for that, MySQL and MariaDB also an option; see `engine_parameters`.
    """

    def asks(database: Database, engine: Engine) -> Asks:
        return of_logs(database, engine, maximum_seconds)

    expected = "a log of connections, changes of tables and slow statements"
    return _by_engine(plan, databases, asks, expected, _unaudited)


def _by_engine(
    plan: Plan,
    databases: Sequence[Database],
    asks: Callable[[Database, Engine], Asks],
    expected: str,
    besides: Callable[[Plan, Database, Engine], Finding | None] | None = None,
) -> Judgement:
    """Hold each database to the parameters of its engine; one without any of them is not examined.

    An engine that apply decides, or that nobody has looked at, is open.
    """
    examined: list[str] = []
    findings: list[Finding | None] = []
    reasons: dict[str, None] = {}
    for database in databases:
        engine = database.engine
        asked = [] if engine is None else asks(database, engine)
        if isinstance(asked, str):
            reasons[asked] = None
            continue
        examined.append(database.address)
        if engine is None:
            findings.append(engine_unknown(database, expected))
            continue
        findings += (_parameter(plan, database, each) for each in asked)
        if besides is not None:
            findings.append(besides(plan, database, engine))
    if not examined and reasons:
        return Judgement((), reason="; ".join(reasons))
    return judge(examined, findings)


def engine_unknown(database: Database, expected: str) -> Finding:
    """The finding about a database of which nobody can tell what it has to be asked."""
    return found(database, database.get("engine"), Verdict.UNDETERMINED, expected)


def _parameter(plan: Plan, database: Database, asked: Asked) -> Finding | None:
    """Hold one parameter; of a cluster, as each of its instances has it."""
    told = stated(plan, database, *asked.names)
    remedy = f"state {asked.name} in {database.family.parameter_group}"
    related = groups_of(plan, database)
    if asked.unset is Verdict.SATISFIED and told == [None]:
        return None

    def judged(said: Value | str | None) -> Finding | None:
        if isinstance(said, Value):
            finding = hold(database, said, asked.accepts, asked.expected, remedy=remedy)
            return finding and finding._replace(related=related)
        if not said and asked.unset is Verdict.SATISFIED:
            return None
        return found(
            database,
            database.get(GROUP),
            Verdict.UNDETERMINED if said else asked.unset,
            asked.expected,
            observed=said or f"no parameter group of this plan states {asked.name} for it",
            remedy=remedy,
            related=related,
        )

    findings = [each for each in map(judged, told) if each is not None]
    violated = (each for each in findings if each.verdict is Verdict.VIOLATED)
    return next(violated, findings[0] if findings else None)


def _unaudited(plan: Plan, database: Database, engine: Engine) -> Finding | None:
    """MySQL and MariaDB tell who connects by the general log, or by an audit.

    Aurora has parameters for it, an instance an option. Sources: Amazon Aurora User Guide, "Using
    Advanced Auditing with an Amazon Aurora MySQL DB cluster"; Amazon RDS User Guide, "MariaDB Audit
    Plugin support for MySQL" and "Options for MariaDB database engine".
    """
    if engine not in (Engine.MYSQL, Engine.MARIADB):
        return None
    by_group = "server_audit_logging is 1 and server_audit_events has CONNECT and QUERY_DDL"
    by_option = f"an option {AUDIT} with CONNECT and QUERY_DDL"
    answers = [_all_on(stated(plan, database, "general_log"))]
    answers.append(_by_parameters(plan, database) if database.is_aurora else _by_option(plan, database))
    if True in answers:
        return None
    verdict = Verdict.UNDETERMINED if None in answers else Verdict.VIOLATED
    how = by_group if database.is_aurora else by_option
    return found(
        database,
        database.get(GROUP if database.is_aurora else "option_group_name"),
        verdict,
        f"general_log is 1, or {how}",
        observed="no audit of connections and DDL could be found",
        remedy=f"state server_audit_logging and server_audit_events in {database.family.parameter_group}"
        if database.is_aurora
        else f"add the option {AUDIT} to {OPTIONS}",
        related=groups_of(plan, database),
    )


def _all_on(told: Sequence[Value | str | None]) -> bool | None:
    """Whether a switch is on, of a cluster on each instance; None if that cannot be told."""
    states = [_is(each, is_on) for each in told]
    return False if False in states else None if None in states else True


def _is(told: Value | str | None, accepts: Callable[[object], bool]) -> bool | None:
    if not isinstance(told, Value):
        return None if told else False
    match told.reading:
        case Known(value, False):
            return accepts(value)
        case state:
            return False if state in (NULL, ABSENT) else None


def _by_parameters(plan: Plan, database: Database) -> bool | None:
    """Whether Advanced Auditing writes down connections and DDL of everybody."""
    answers = [
        _all_on(stated(plan, database, "server_audit_logging")),
        *(_is(each, _audits) for each in stated(plan, database, "server_audit_events")),
    ]
    for name in ("server_audit_incl_users", "server_audit_excl_users"):
        answers += (
            _is(each, lambda value: str(value) in ("", OF_RDS))
            for each in stated(plan, database, name)
            if each is not None
        )
    return False if False in answers else None if None in answers else True


def _audits(events: object) -> bool:
    """Whether these events hold connections, and changes of tables."""
    said = {each.strip().upper() for each in str(events).split(",")}
    return "CONNECT" in said and bool(said & {"QUERY", "QUERY_DDL"})


def _by_option(plan: Plan, database: Database) -> bool | None:
    """Whether the option of an instance does; a Multi-AZ cluster has no options."""
    if database.type != "aws_db_instance":
        return False
    place = database.get("option_group_name")
    named = graph(plan).targets(database.head, ("option_group_name",), OPTIONS)
    groups = [each for each in map(plan.find, named or ()) if each is not None]
    if len(groups) == 1:
        options = list(_options(groups[0]))
        return True if True in options else None if None in options else False
    written = graph(plan).is_written(database.head, "option_group_name")
    match place.reading:
        case Known(str(name)) if name.startswith("default:"):
            return False
        case state:
            return False if state in (NULL, ABSENT) or not written else None


def _options(group: ResourceChange) -> Iterator[bool | None]:
    """Whether each option is an audit of connections and DDL; None if that cannot be told."""
    for option in group.after.get("option").elements():
        name = option.get("option_name").reading
        if not isinstance(name, Known):
            yield None
        elif name.value == AUDIT:
            yield _audit_of(option)


def _audit_of(option: Value) -> bool | None:
    settings = option.get("option_settings").elements()
    names = [each.get("name").reading for each in settings]
    if not all(isinstance(each, Known) for each in names):
        return None
    said = {
        str(getattr(name, "value", "")): each.get("value")
        for name, each in zip(names, settings, strict=True)
    }
    events = said.get("SERVER_AUDIT_EVENTS")
    answers = [_audits(USUAL_EVENTS) if events is None else _is(events, _audits)]
    if "SERVER_AUDIT_LOGGING" in said:
        answers.append(_is(said["SERVER_AUDIT_LOGGING"], is_on))
    for name in ("SERVER_AUDIT_INCL_USERS", "SERVER_AUDIT_EXCL_USERS"):
        if name in said:
            answers.append(_is(said[name], lambda value: str(value) in ("", OF_RDS)))
    return False if False in answers else None if None in answers else True
