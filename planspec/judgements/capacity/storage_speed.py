"""Do the operations that a database's storage is asked for fit its size?

Source: Amazon RDS User Guide, "Amazon RDS DB instance storage", limits of each engine. Terraform plans
any pair; AWS refuses the wrong ones while the change is applied. Limits of SQL Server, Oracle and Db2
have been raised since, so that what exceeds those is open.
"""

from collections.abc import Sequence
from typing import Final

from planspec.aws import LIMITS, Database, Engine, included_operations, limits_of, striped_from
from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.database_settings import open_spot
from planspec.judgements.generic.expect import found
from planspec.plan import ABSENT, NULL, UNKNOWN, Known, Plan, ResourceChange, Value, number
from planspec.references import graph

WITHOUT_SPEED: Final = ("gp2", "standard", "aurora", "aurora-iopt1", "")
SETTLED: Final = frozenset({Engine.POSTGRES, Engine.MYSQL, Engine.MARIADB})


def fits_size(plan: Plan, databases: Sequence[Database]) -> Judgement:
    """Judge whether AWS accepts the operations of each database's storage at its size."""
    return judge(
        (database.address for database in databases), (_fits(plan, database) for database in databases)
    )


def _fits(plan: Plan, judged: Database) -> Finding | None:
    """Storage that instances share has no operations to be asked for."""
    expected = "operations that AWS accepts at this size"
    (spot,) = judged.spots("iops")
    if spot.place is None:
        return open_spot(spot, expected, "iops") if spot.why else None
    database = judged.head
    kind, iops = database.after.get("storage_type"), database.after.get("iops")
    size = database.after.get("allocated_storage")
    name = kind.reading
    engine = judged.engine
    stated = _is_asked_for(plan, database, engine)
    if isinstance(name, Known) and str(name.value) not in LIMITS:
        return _of_no_speed(database, str(name.value), stated, expected)
    provisioned = name in (Known("io1"), Known("io2"))
    # What nobody asks for is AWS's to choose: gp3 takes what is included.
    chosen = name in (NULL, ABSENT, Known("gp3")) or (name is UNKNOWN and _nobody_chose(plan, database))
    if chosen and not stated:
        return None
    figures = [_figure(place) for place in (size, iops)]
    if name is UNKNOWN or None in figures:
        absent = provisioned and iops.reading in (NULL, ABSENT)
        verdict = Verdict.VIOLATED if absent else Verdict.UNDETERMINED
        observed = (
            f"{iops.path} is {iops.shown}, {size.path} is {size.shown}, {kind.path} is {kind.shown}"
        )
        return found(database, iops, verdict, expected, observed=observed, remedy=_remedy(name, engine))
    if engine is None:
        observed = f"engine is {judged.get('engine').shown}"
        return found(database, iops, Verdict.UNDETERMINED, expected, observed=observed)
    known = [each for each in figures if each is not None]
    why = _refused(str(name.value) if isinstance(name, Known) else "io1", known[0], known[1], engine)
    if not why:
        return None
    verdict = Verdict.VIOLATED if engine in SETTLED else Verdict.UNDETERMINED
    return found(database, iops, verdict, expected, observed=why, remedy=_remedy(name, engine))


def _of_no_speed(database: ResourceChange, kind: str, stated: bool, expected: str) -> Finding | None:
    """Storage of which nobody can choose the speed, or that nobody knows.

    Source: Amazon RDS API, CreateDBInstance, StorageType and Iops.
    """
    place = database.after.get("storage_type")
    if kind not in WITHOUT_SPEED:
        return found(database, place, Verdict.UNDETERMINED, expected)
    if not stated:
        return None
    observed = f"{kind} takes no iops"
    return found(database, database.after.get("iops"), Verdict.VIOLATED, expected, observed=observed)


def _is_asked_for(plan: Plan, database: ResourceChange, engine: Engine | None) -> bool:
    """Whether somebody wants these operations, and AWS did not choose them.

    What nobody writes is unknown in a plan that makes the database, and later what gp3 includes.
    """
    iops, size = database.after.get("iops"), _figure(database.after.get("allocated_storage"))
    if iops.reading is UNKNOWN:
        return graph(plan).has_block(database) and graph(plan).is_written(database, "iops")
    figure = _figure(iops) or 0
    kind = database.after.get("storage_type").reading
    if kind not in (Known("gp3"), *map(Known, WITHOUT_SPEED)):
        return figure > 0
    if graph(plan).has_block(database):
        return figure > 0 and graph(plan).is_written(database, "iops")
    return figure > 0 and (size is None or figure != included_operations(size, engine))


def _nobody_chose(plan: Plan, database: ResourceChange) -> bool:
    """Whether AWS chooses the kind of storage: then one whose operations nobody asks for.

    Source: Amazon RDS API, CreateDBInstance, StorageType.
    """
    return graph(plan).has_block(database) and not graph(plan).is_written(database, "storage_type")


def _remedy(name: object, engine: Engine | None) -> str:
    if name == Known("gp3") and engine is not Engine.SQL_SERVER:
        gib = striped_from(engine)
        return f"leave iops out below {gib:g} GiB, and take 12,000 to 64,000 from there on"
    return "take a larger volume, other operations, or gp3, which includes 3,000"


def _figure(place: Value) -> float | None:
    reading = place.reading
    return number(reading.value) if isinstance(reading, Known) else None


def _refused(kind: str, size: float, iops: float, engine: Engine) -> str:
    """Why AWS refuses the pair; nothing if it does not."""
    limits = limits_of(kind, engine)
    fixed = kind == "gp3" and size < striped_from(engine)
    if fixed and engine is not Engine.SQL_SERVER:
        return f"{iops:g} operations a second on {size:g} GiB of gp3, where they are fixed at 3,000"
    if size < limits.smallest:
        return f"{size:g} GiB of {kind}, which begins at {limits.smallest:g}"
    if not limits.fewest <= iops <= limits.most:
        return f"{iops:g} operations a second; {kind} takes {limits.fewest:g} to {limits.most:g}"
    if not limits.least_for_each <= iops / size <= limits.most_for_each:
        range_ = f"{limits.least_for_each:g} to {limits.most_for_each:g}"
        return f"{iops / size:g} operations for each GiB; {kind} takes {range_}"
    return ""
