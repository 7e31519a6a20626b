"""Which versions of an engine RDS has, what their parameter groups are of, and what a gp3 disk can do.

The versions are `[upgrades]` of policies/parameters.toml, as the judgements have them.
"""

import re
from datetime import UTC, datetime
from functools import cache
from typing import Final, NamedTuple

from planspec import bundle
from planspec.policies import Upgrades, read_parameters

_NUMBERS = re.compile(r"\d+(?:\.\d+)*")
# How many numbers of a version make its major one, and with it the family of its parameter groups.
_OF_THE_MAJOR: Final = {"postgres": 1, "mysql": 2, "mariadb": 2}


class Gp3(NamedTuple):
    """From which size in GiB on the performance of a gp3 disk can be chosen, and between what."""

    from_gib: int
    least_operations: int
    least_throughput: int
    most_operations: int = 64000
    most_throughput: int = 4000


# Amazon RDS User Guide, "Amazon RDS DB instance storage", table of gp3 storage; throughput in MiB/s.
GP3: Final = {engine: Gp3(400, 12000, 500) for engine in ("postgres", "mysql", "mariadb")}
# What every gp3 disk has that is smaller.
GP3_BASELINE: Final = (3000, 125)


@cache
def _upgrades() -> Upgrades:
    return read_parameters(bundle.POLICIES).upgrades


def newest_minors(engine: str) -> dict[str, str]:
    """The newest minor version of each major one of an engine; empty where nothing is listed."""
    found = (each for each in _upgrades().minor_versions if each.engine == engine)
    return {major: f"{major}.{minor}" for each in found for major, minor in each.newest.items()}


def is_offered(engine: str, version: str) -> bool:
    """Whether RDS makes a new database of this version; of a major one that is not listed it does."""
    plain = version.partition("-")[0]
    for notice in _upgrades().withdrawn:
        past = notice.no_new_since <= datetime.now(tz=UTC).date()
        if notice.engine == engine and past and plain in notice.versions:
            return False
    for known in _upgrades().minor_versions:
        major, _, minor = plain.rpartition(".")
        if known.engine == engine and major in known.newest:
            return known.first.get(major, 0) <= int(minor) <= known.newest[major]
    return True


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, to compare."""
    begins = _NUMBERS.match(version)
    return tuple(map(int, begins[0].split("."))) if begins else ()


def major(engine: str, version: str) -> tuple[int, ...]:
    """The numbers that make the major version."""
    return numbers(version)[: _OF_THE_MAJOR.get(engine, 1)]


def family(engine: str, version: str) -> str | None:
    """The family of parameter groups for a version, such as postgres16; None for other engines."""
    if engine not in _OF_THE_MAJOR or not version:
        return None
    return engine + ".".join(map(str, major(engine, version)))
