"""Which operations a second go with how much storage on RDS?

Source: Amazon RDS User Guide, "Amazon RDS DB instance storage", limits of each engine. Those of
PostgreSQL, MySQL and MariaDB are the usual ones, which Db2 has too.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from planspec.aws.database_families import Engine


class Limits(NamedTuple):
    """What a kind of storage accepts: sizes in GiB, operations a second, and how many for each GiB."""

    smallest: float
    fewest: float
    most: float
    least_for_each: float
    most_for_each: float


# gp3 below 400 GiB has a fixed number of operations that nobody can raise.
STRIPED_FROM_GIB: Final = 400
# What gp3 includes below that size, and from it on.
INCLUDED_OPERATIONS: Final = (3000, 12000)
LIMITS: Final = {
    "io1": Limits(100, 1000, 256000, 0.5, 50),
    "io2": Limits(100, 1000, 256000, 0.5, 1000),
    "gp3": Limits(20, 12000, 64000, 0, 500),
}
# SQL Server has one disk whatever the size, and Oracle several from 200 GiB on.
_OF_SQL_SERVER: Final = {
    "io1": Limits(20, 1000, 64000, 1, 50),
    "io2": Limits(20, 1000, 64000, 1, 1000),
    "gp3": Limits(20, 3000, 16000, 0, 500),
}
_STRIPED: Final[Mapping[Engine, float]] = {Engine.ORACLE: 200, Engine.SQL_SERVER: float("inf")}


def limits_of(kind: str, engine: Engine | None) -> Limits:
    """What a kind of storage accepts of this engine."""
    return (_OF_SQL_SERVER if engine is Engine.SQL_SERVER else LIMITS)[kind]


def striped_from(engine: Engine | None) -> float:
    """From how many GiB on gp3 has several disks, and so more operations."""
    return _STRIPED.get(engine, STRIPED_FROM_GIB) if engine else STRIPED_FROM_GIB


def included_operations(size: float, engine: Engine | None = None) -> int:
    """The operations a second that come with so many GiB of gp3."""
    return INCLUDED_OPERATIONS[size >= striped_from(engine)]
