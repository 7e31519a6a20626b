"""How many connections does a database accept?

The parameter group says so, by a number or a formula; else the default of the engine for the memory
of the class. Sources: Amazon RDS User Guide, "Quotas and constraints", max_connections, and
"Specifying DB parameters"; Amazon Aurora User Guide, "Maximum connections to an Aurora MySQL DB
instance" and "to an Aurora PostgreSQL DB instance".
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from planspec.aws import Database, Engine
from planspec.judgements.capacity.engine_parameters import stated
from planspec.plan import Action, Known, Plan, ResourceChange, Value
from planspec.policies import Capacity

BYTES_PER_GIB: Final = 2**30
MEMORY: Final = "DBInstanceClassMemory"
PARAMETER: Final = "max_connections"
NO_POOL: Final = "the connections of its engine are not reckoned"
SOME: Final = "some of its instances leave max_connections to their class"
# What SQL Server takes where `user connections` is 0, its default.
MOST_OF_SQL_SERVER: Final = 32767
SERVERLESS: Final = "db.serverless"


class Supply(NamedTuple):
    """Connections that a database accepts: at least, at most, and where that stands."""

    at_least: int
    at_most: int
    how: str


class Memory(NamedTuple):
    """The memory of a class that counts, in bytes: at least and at most, and its nominal size."""

    at_least: float
    at_most: float
    name: str


# By engine, and whether it is Aurora: the least and the most that its default can be. Of MariaDB it
# depends on the version.
_DEFAULTS: Final[Mapping[tuple[Engine, bool], tuple[str, str]]] = {
    (Engine.POSTGRES, False): (f"LEAST({{{MEMORY}/9531392}},5000)",) * 2,
    (Engine.POSTGRES, True): (f"LEAST({{{MEMORY}/9531392}},5000)",) * 2,
    (Engine.MYSQL, False): (f"{{{MEMORY}/12582880}}",) * 2,
    (Engine.MYSQL, True): (
        f"GREATEST({{log({MEMORY}/805306368)*45}},{{log({MEMORY}/8187281408)*1000}})",
    )
    * 2,
    (Engine.MARIADB, False): (f"LEAST({{{MEMORY}/25165760}},12000)", f"{{{MEMORY}/12582880}}"),
}
# The least that a class of this size has, whatever its family: those for computing have half.
_SIZES: Final[Mapping[str, float]] = {"micro": 1, "small": 2, "medium": 2, "large": 4, "xlarge": 8}
_TERM: Final = re.compile(
    rf"(?P<log>log\()?{MEMORY}(?P<times>\*\d+)?(?P<over>/\d+)?(?(log)\))(?P<by>\*\d+)?"
)
_CALLS: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {
    "LEAST": min,
    "GREATEST": max,
    "SUM": sum,
}


def supply(plan: Plan, database: Database, settings: Capacity) -> Supply | str:
    """Return what the database accepts: by the parameter group, as measured, else by the class.

    A number beyond the default of its class is what it accepts at most; whether the memory carries so
    many is not shown, unless somebody measured it. A text says why it cannot be told.
    """
    if not database.family.relational:
        return NO_POOL
    measured = _measured(database, settings)
    told = _stated_limit(plan, database, settings)
    if isinstance(told, Supply):
        return _carried(told, database, settings, measured)
    return told or measured or _by_class(database, settings)


def _carried(told: Supply, database: Database, settings: Capacity, measured: Supply | None) -> Supply:
    """What the memory of its class surely carries of a stated number."""
    nominal = _nominal(database, settings)
    if nominal is None or told.at_least <= nominal:
        return told
    least = max(nominal, measured.at_least if measured else 0)
    if told.at_least <= least:
        return told
    how = f"{told.how}, while {least} is the default for the memory of its class"
    return Supply(least, told.at_most, how)


def _nominal(database: Database, settings: Capacity) -> int | None:
    """The default for the whole memory of its smallest class; None if nobody can tell that."""
    formulas = _DEFAULTS.get((database.engine, database.is_aurora)) if database.engine else None
    names = [_class(spot.place) for spot in database.spots("instance_class")]
    if formulas is None or not names:
        return None
    sizes = [_least_gib(name, settings) for name in names]
    known = [each for each in sizes if each is not None]
    if len(known) < len(sizes):
        return None
    reckoned = reckon(formulas[1], min(known) * BYTES_PER_GIB)
    return None if reckoned is None else int(reckoned)


def _class(place: Value | None) -> str:
    reading = place.reading if place is not None else None
    return str(reading.value) if isinstance(reading, Known) else ""


def _least_gib(name: str, settings: Capacity) -> float | None:
    """The memory of a class, or the least that any class of its size has."""
    if name in settings.memory_gib:
        return settings.memory_gib[name]
    size = name.rpartition(".")[2]
    several = re.fullmatch(r"(\d+)xlarge", size)
    return float(several[1]) * _SIZES["xlarge"] if several else _SIZES.get(size)


def _measured(database: Database, settings: Capacity) -> Supply | None:
    """What somebody measured, of this database or of its class; of several, the least."""
    for name in ("identifier", "instance_class"):
        spots = [spot.place for spot in database.spots(name)]
        named = [text for text in map(_class, spots) if text]
        measured = [settings.measured_connections.get(text, 0) for text in named]
        if measured and len(measured) == len(spots) and all(measured):
            least = min(measured)
            return Supply(least, least, f"{least} as measured of {named[measured.index(least)]}")
    return None


def _by_class(database: Database, settings: Capacity) -> Supply | str:
    """The default of its engine for the memory of its class."""
    engine = database.engine
    if engine is Engine.SQL_SERVER:
        return _of_sql_server("by default")
    formulas = _DEFAULTS.get((engine, database.is_aurora)) if engine else None
    if formulas is None:
        return f"what {engine} accepts is not reckoned" if engine else "its engine is not known"
    memory = _memory(database, settings)
    if isinstance(memory, str):
        return memory
    return _supplied(formulas, memory, f"by its class {memory.name}")


def _memory(database: Database, settings: Capacity) -> Memory | str:
    if database.is_aurora:
        return "what Aurora accepts by its class is not known; state max_connections"
    return _memory_of(_class(database.get("instance_class")), settings)


def _memory_of(name: str, settings: Capacity) -> Memory | str:
    if not name:
        return "its class is not known"
    if name not in settings.memory_gib:
        return "the class has no entry in policies/parameters.toml"
    whole = settings.memory_gib[name]
    share = settings.usable_memory(whole)
    return Memory(whole * BYTES_PER_GIB * share, whole * BYTES_PER_GIB, name)


def _supplied(formulas: tuple[str, str], memory: Memory, how: str) -> Supply | str:
    least, most = reckon(formulas[0], memory.at_least), reckon(formulas[1], memory.at_most)
    if least is None or most is None:
        return "max_connections is a formula that is not reckoned"
    lower, upper = max(int(least), 0), max(int(most), 0)
    return Supply(lower, upper, f"{lower} to {upper} {how}")


def supply_before(plan: Plan, database: Database, settings: Capacity) -> Supply | None:
    """What an instance accepts until this change of it has taken effect.

    None where nothing changes or that cannot be told. A class waits for the maintenance window, and
    max_connections of PostgreSQL for a restart. Source: Amazon RDS User Guide, "Working with DB
    parameter groups", static parameters.
    """
    head = database.head
    if database.type != "aws_db_instance" or head.actions & {Action.CREATE, Action.DELETE}:
        return None
    formulas = _DEFAULTS.get((database.engine, False)) if database.engine else None
    memory = _memory_of(_class(head.before.get("instance_class")), settings)
    if formulas is None or isinstance(memory, str):
        return None
    named = head.before.get("parameter_group_name").peek()
    if not isinstance(named, Known):
        return None
    group = next((each for each in _groups_before(plan, database) if _is_called(each, named)), None)
    if group is None and not str(named.value).startswith("default."):
        return None
    value = _parameter_before(group) if group else None
    if value is None:
        told = _supplied(formulas, memory, f"by its class {memory.name}")
    elif value.isdigit():
        told = Supply(int(value), int(value), f"{value} by its parameter group")
    else:
        told = _supplied((value, value), memory, f"by a formula, of its class {memory.name}")
    return told if isinstance(told, Supply) else None


def _groups_before(plan: Plan, database: Database) -> Iterator[ResourceChange]:
    kind = database.family.parameter_group
    return (each for each in plan.changes if each.managed and each.type == kind)


def _is_called(group: ResourceChange, name: Known) -> bool:
    return group.before.get("name").peek() == name


def _parameter_before(group: ResourceChange) -> str | None:
    for each in group.before.get("parameter").elements():
        value = each.get("value").peek()
        if each.get("name").peek() == Known(PARAMETER) and isinstance(value, Known):
            return str(value.value)
    return None


def _of_sql_server(how: str) -> Supply:
    return Supply(MOST_OF_SQL_SERVER, MOST_OF_SQL_SERVER, f"{MOST_OF_SQL_SERVER} {how}")


def _stated_limit(plan: Plan, database: Database, settings: Capacity) -> Supply | str | None:
    """What the parameter group states; None if the group leaves it to the class.

    Any instance of a cluster can become the one that writes, so the fewest count.
    """
    of_sql_server = database.engine is Engine.SQL_SERVER
    told = stated(plan, database, "user connections" if of_sql_server else PARAMETER)
    limits = [_limit(each, database, settings) if isinstance(each, Value) else each for each in told]
    known = [each for each in limits if isinstance(each, Supply)]
    if known and len(known) == len(limits):
        return min(known)
    return next((each for each in limits if isinstance(each, str)), SOME if known else None)


def _limit(value: Value, database: Database, settings: Capacity) -> Supply | str:
    match value.reading:
        case Known(text) if re.fullmatch(r"\d+", str(text)):
            if database.engine is Engine.SQL_SERVER and int(text) == 0:
                return _of_sql_server("by its parameter group")
            return Supply(int(text), int(text), f"{text} by its parameter group")
        case Known(text):
            memory = _memory(database, settings)
            if isinstance(memory, str):
                return f"max_connections is a formula in its parameter group, and {memory}"
            return _supplied((str(text),) * 2, memory, f"by a formula, of its class {memory.name}")
        case _:
            return "max_connections of its parameter group is known after apply"


def reckon(formula: str, memory: float) -> float | None:
    """What a formula of RDS is at this memory in bytes; None if it is about something else.

    `log` is that of base 2.
    """
    text = re.sub(r"\s+", "", formula)
    call = re.fullmatch(r"([A-Z]+)\((.*)\)", text)
    if call and call[1] in _CALLS:
        parts = [reckon(each, memory) for each in _parts(call[2])]
        known = [each for each in parts if each is not None]
        return _CALLS[call[1]](known) if known and len(known) == len(parts) else None
    if re.fullmatch(r"\d+", text):
        return float(text)
    term = _TERM.fullmatch(text[1:-1]) if text[:1] == "{" and text[-1:] == "}" else None
    return None if term is None else _term(term, memory)


def _term(term: re.Match[str], memory: float) -> float | None:
    figure = memory
    if term["times"]:
        figure *= int(term["times"][1:])
    if term["over"]:
        if int(term["over"][1:]) == 0:
            return None
        figure /= int(term["over"][1:])
    if term["log"]:
        figure = math.log2(figure) if figure > 0 else 0
    return figure * int(term["by"][1:]) if term["by"] else figure


def _parts(text: str) -> list[str]:
    """The arguments of a call, which may be calls themselves."""
    parts, depth, begin = [], 0, 0
    for place, each in enumerate(text):
        depth += (each in "({") - (each in ")}")
        if each == "," and depth == 0:
            parts.append(text[begin:place])
            begin = place + 1
    return [*parts, text[begin:]]
