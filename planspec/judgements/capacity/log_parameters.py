"""Which parameters of an engine let its log say who connects, who changes tables, and what is slow?

Source: PostgreSQL, "Error Reporting and Logging"; Amazon RDS User Guide, "RDS for PostgreSQL database
log files"; Amazon DocumentDB Developer Guide, "Cluster parameters reference", "Auditing events",
"Profiling operations" (from 100 ms on); Amazon Neptune User Guide, "Parameters" (slow queries from
5,000 ms on).
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from planspec.finding import Verdict
from planspec.plan import number

CHANGES: Final = frozenset({"ddl", "mod", "all"})
# `ddl` holds who connects as well; the older `enabled` says the same.
AUDITED: Final = frozenset({"enabled", "ddl", "all"})
OF_DOCUMENTS: Final = "aws_docdb_cluster_parameter_group"
OF_GRAPHS: Final = "aws_neptune_cluster_parameter_group"


class Asked(NamedTuple):
    """One parameter, what it is held to, and the verdict where nobody states it."""

    name: str
    accepts: Callable[[object], bool]
    told: str
    unset: Verdict = Verdict.VIOLATED

    @property
    def expected(self) -> str:
        """What a reader is told to expect."""
        return f"{self.name} {self.told} in its parameter group"


def of_logs(group: str, seconds: int) -> list[Asked]:
    """The parameters that databases with groups of this type are held to."""
    within = f"of at most {seconds} seconds"

    def soon(value: object) -> bool:
        milliseconds = number(value)
        return milliseconds is not None and 0 <= milliseconds <= seconds * 1000

    if group == OF_DOCUMENTS:
        return [
            Asked("audit_logs", _audited, "is ddl or all"),
            Asked("profiler", lambda value: value == "enabled", "is enabled"),
            Asked("profiler_threshold_ms", soon, within, Verdict.SATISFIED),
        ]
    if group == OF_GRAPHS:
        return [
            Asked("neptune_enable_audit_log", _on, "is 1"),
            Asked("neptune_enable_slow_query_log", lambda value: value in ("info", "debug"), "is info"),
            Asked("neptune_slow_query_log_threshold", soon, within),
        ]
    return [
        Asked("log_connections", _on, "is 1"),
        Asked("log_disconnections", _on, "is 1"),
        Asked("log_statement", lambda value: value in CHANGES, "is ddl or more"),
        Asked("log_min_duration_statement", soon, within),
    ]


def _on(value: object) -> bool:
    return str(value).lower() in {"1", "on", "true"}


def _audited(value: object) -> bool:
    return any(each.strip() in AUDITED for each in str(value).split(","))
