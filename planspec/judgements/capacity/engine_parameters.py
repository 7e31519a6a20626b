"""Which parameters does each engine have, and what does the parameter group of a database state?

They are about TLS, idle transactions and the log. A text in place of parameters says why nothing is
asked of an engine: it has no such setting. Sources:
PostgreSQL, "Error Reporting and Logging"; Amazon RDS User Guide, "RDS for PostgreSQL database log
files", "Overview of RDS for MySQL database logs", "Using SSL with a Microsoft SQL Server DB instance",
"Encrypting client connections with SSL/TLS to MySQL DB instances" and "to MariaDB DB instances",
"Oracle Secure Sockets Layer", "Using SSL/TLS with an Amazon RDS for Db2 DB instance"; Amazon Aurora
User Guide, "Using Advanced Auditing with an Amazon Aurora MySQL DB cluster"; Amazon DocumentDB
Developer Guide, "Cluster parameters reference", "Auditing events", "Profiling operations" (from 100 ms
on); Amazon Neptune User Guide, "Parameters" (slow queries from 5,000 ms on), "Encryption in transit".
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from planspec.aws import ELSEWHERE, Database, Engine
from planspec.finding import Verdict
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value, number
from planspec.references import graph

GROUP: Final = "parameter_group_name"
OF_ITS_SOURCE: Final = "its parameter group is that of what it copies"
CHANGES: Final = frozenset({"ddl", "mod", "all"})
# What `tls` of DocumentDB can be, but disabled.
DEMANDED: Final = frozenset({"enabled", "fips-140-3", "tls1.2+", "tls1.3+"})
# `ddl` holds who connects as well; the older `enabled` says the same.
AUDITED: Final = frozenset({"enabled", "ddl", "all"})


class Asked(NamedTuple):
    """One parameter, what it is held to, and the verdict where nobody states it.

    Of several names one is enough: a newer version of the engine calls it otherwise.
    """

    names: tuple[str, ...]
    accepts: Callable[[object], bool]
    told: str
    unset: Verdict = Verdict.VIOLATED

    @property
    def name(self) -> str:
        """What a reader is told to state."""
        return self.names[0]

    @property
    def expected(self) -> str:
        """What a reader is told to expect."""
        return f"{self.name} {self.told} in its parameter group"


Asks = list[Asked] | str

# From these versions on TLS is, or may be, demanded by default, which a plan does not show. Source:
# Amazon RDS User Guide, "Using SSL with a PostgreSQL DB instance"; Amazon Aurora User Guide,
# "Security with Amazon Aurora PostgreSQL"; the parameters of MySQL 8.4 and MariaDB 11.8 were not seen.
_TLS_BY_DEFAULT: Final[Mapping[tuple[Engine, bool], tuple[int, ...]]] = {
    (Engine.POSTGRES, False): (15,),
    (Engine.POSTGRES, True): (17,),
    (Engine.MYSQL, False): (8, 4),
    (Engine.MYSQL, True): (8, 4),
    (Engine.MARIADB, False): (11, 8),
}


def of_tls(database: Database, engine: Engine) -> Asks:
    """The parameter by which an engine refuses connections without TLS; none where it always does."""
    match engine:
        case Engine.POSTGRES | Engine.SQL_SERVER:
            name = "rds.force_ssl"
        case Engine.MYSQL | Engine.MARIADB:
            name = "require_secure_transport"
        case Engine.DOCUMENTS:
            on = "is not disabled"
            return [Asked(("tls",), lambda value: value in DEMANDED, on, Verdict.SATISFIED)]
        case Engine.GRAPHS:
            return []
        case Engine.ORACLE:
            return "Oracle has no parameter for it: its options encrypt connections of their own"
        case Engine.DB2:
            alone = "is SSL, without TCPIP"
            return [Asked(("db2comm", "DB2COMM"), _tls_alone, alone, Verdict.UNDETERMINED)]
    return [Asked((name,), is_on, "is 1", _without_tls(database, engine))]


def _without_tls(database: Database, engine: Engine) -> Verdict:
    """What it means that nobody states it: by the version, of which older ones let such clients in."""
    since = _TLS_BY_DEFAULT.get((engine, database.is_aurora))
    if since is None:
        return Verdict.VIOLATED
    version = _version(database)
    # "8" alone can be 8.0 or 8.4.
    surely_older = bool(version) and version < since and since[: len(version)] != version
    return Verdict.VIOLATED if surely_older else Verdict.UNDETERMINED


def _version(database: Database) -> tuple[int, ...]:
    """The numbers with which a version begins: 8, 0 of 8.0.mysql_aurora.3.05.2."""
    reading = database.get("engine_version").reading
    text = str(reading.value) if isinstance(reading, Known) else ""
    begins = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(map(int, begins[0].split("."))) if begins else ()


def of_idle_transactions(engine: Engine, seconds: int) -> Asks:
    """The parameter by which PostgreSQL ends a transaction; the value is in milliseconds."""
    name = "idle_in_transaction_session_timeout"
    if engine is not Engine.POSTGRES:
        return f"{name} is a parameter of PostgreSQL, and {engine} has none of its kind"

    def short(value: object) -> bool:
        return 0 < (number(value) or 0) <= seconds * 1000

    return [Asked((name,), short, f"of at most {seconds} seconds")]


def of_logs(database: Database, engine: Engine, seconds: int) -> Asks:
    """The parameters by which the log of an engine says who connects and what is slow."""
    within = f"of at most {seconds} seconds"
    soon = _at_most(seconds * 1000)
    match engine:
        case Engine.POSTGRES:
            return [
                Asked(("log_connections",), is_on, "is 1"),
                Asked(("log_disconnections",), is_on, "is 1"),
                Asked(("log_statement",), lambda value: value in CHANGES, "is ddl or more"),
                Asked(("log_min_duration_statement",), soon, within),
                Asked(("log_min_messages",), _not_silent, "below fatal", Verdict.SATISFIED),
            ]
        case Engine.MYSQL | Engine.MARIADB:
            return _of_mysql(_at_most(seconds), within)
        case Engine.DOCUMENTS:
            return [
                Asked(("audit_logs",), _audited, "is ddl or all"),
                Asked(("profiler",), lambda value: value == "enabled", "is enabled"),
                Asked(("profiler_threshold_ms",), soon, within, Verdict.SATISFIED),
            ]
        case Engine.GRAPHS:
            slow = ("neptune_slow_query_log_threshold",)
            return [
                Asked(("neptune_enable_audit_log",), is_on, "is 1"),
                Asked(
                    ("neptune_enable_slow_query_log",),
                    lambda value: value in ("info", "debug"),
                    "is info",
                ),
                Asked(slow, soon, within),
            ]
        case _:
            return f"{engine} states in SQL what it audits, and not in parameters"


def _of_mysql(soon: Callable[[object], bool], within: str) -> list[Asked]:
    """What is slow; who connects is told by the general log or by an audit, see `audits`."""
    return [
        Asked(("slow_query_log", "log_slow_query"), is_on, "is 1"),
        Asked(("long_query_time", "log_slow_query_time"), soon, within),
        Asked(("min_examined_row_limit",), _at_most(0), "is 0", Verdict.SATISFIED),
        Asked(("log_output",), _kept, "is FILE or TABLE", Verdict.SATISFIED),
    ]


def _at_most(limit: int) -> Callable[[object], bool]:
    def accepts(value: object) -> bool:
        figure = number(value)
        return figure is not None and 0 <= figure <= limit

    return accepts


def is_on(value: object) -> bool:
    """Whether a switch of an engine is on, in each way to write it."""
    return str(value).lower() in {"1", "on", "true"}


def _tls_alone(value: object) -> bool:
    return str(value).strip().upper() == "SSL"


def _not_silent(value: object) -> bool:
    """Whether messages of level LOG are written, which stands between error and fatal."""
    return str(value).lower() not in ("fatal", "panic")


def _kept(value: object) -> bool:
    written = {each.strip().upper() for each in str(value).split(",")}
    return bool(written) and written <= {"FILE", "TABLE"}


def _audited(value: object) -> bool:
    return any(each.strip() in AUDITED for each in str(value).split(","))


def stated(plan: Plan, database: Database, *names: str) -> list[Value | str | None]:
    """Return what the parameter group states for this parameter; of a cluster, for each instance.

    Of several names, the first that is stated counts.
    None: the group, or AWS's own one, leaves it at its default. A text says why it cannot be told.
    A parameter in a group of an instance comes before the same one of its cluster. A read replica
    without a group has that of its source. Sources: Amazon Aurora User Guide, "Parameter groups for
    Amazon Aurora DB clusters"; Amazon RDS API, CreateDBInstanceReadReplica, DBParameterGroupName.
    """
    kind, path = database.family.parameter_group, database.called(GROUP)
    head = database.head
    if database.copies_its_group and _group_is_default(plan, head, path):
        if database.source is None:
            return [OF_ITS_SOURCE]
        head = database.source
    whole = _stated(plan, head, path, kind, names)
    if database.lacks_cluster and whole is None:
        return [ELSEWHERE]
    if not database.family.instance_groups:
        return [whole]
    own = [
        _stated(plan, each, "db_parameter_group_name", "aws_db_parameter_group", names)
        for each in database.instances
    ]
    return [whole if each is None else each for each in own] or [whole]


def _stated(
    plan: Plan, holder: ResourceChange, path: str, kind: str, names: Sequence[str]
) -> Value | str | None:
    named = graph(plan).targets(holder, (path,), kind) or ()
    groups = [each for each in map(plan.find, named) if each is not None]
    if not groups and _group_is_default(plan, holder, path):
        return None
    if len(groups) != 1:
        return "its parameter group is not in this plan"
    parameters = groups[0].after.get("parameter").elements()
    told = [parameter.get("name").reading for parameter in parameters]
    for name in names:
        values = [
            each.get("value") for each, said in zip(parameters, told, strict=True) if said == Known(name)
        ]
        if len({str(value.peek()) for value in values}) > 1:
            return f"its parameter group states {name} twice"
        if values:
            return values[0]
    return "its parameters are known after apply" if UNKNOWN in told else None


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
