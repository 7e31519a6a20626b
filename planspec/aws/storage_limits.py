"""Which operations a second go with how much storage on RDS?

Source: Amazon RDS User Guide, "Amazon RDS DB instance storage", limits of PostgreSQL, MySQL and
MariaDB.
"""

from typing import Final, NamedTuple


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


def included_operations(size: float) -> int:
    """The operations a second that come with so many GiB of gp3."""
    return INCLUDED_OPERATIONS[size >= STRIPED_FROM_GIB]
