"""What changes from the old requirements to the new ones, plan by plan?"""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from planspec.errors import PlanspecError
from planspec.evidence import write_all
from planspec.testing.backtest.judging import Row

OLD: Final = "old"
NEW: Final = "new"
_BLOCKING: Final = ("violated", "undetermined")


class Comparison(NamedTuple):
    """One plan on both sides: passed, blocked or not judged; and the scenarios that made it so."""

    plan: str
    old: str
    new: str
    because: tuple[str, ...]
    problem: str = ""

    @property
    def change(self) -> str:
        """What the new requirements change for this plan."""
        if self.old == self.new:
            return "not judged" if self.new == "not judged" else "unchanged"
        return f"newly {self.new}"


def compared(rows: Iterable[Row]) -> list[Comparison]:
    """Compare both sides of every plan, in the order of the plans' names."""
    plans: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        plans.setdefault(row.plan, {OLD: [], NEW: []})[row.side].append(row)
    return [_comparison(name, sides[OLD], sides[NEW]) for name, sides in sorted(plans.items())]


def _comparison(name: str, old: Sequence[Row], new: Sequence[Row]) -> Comparison:
    outcome = _outcome(old), _outcome(new)
    before, after = _blocking(old), _blocking(new)
    because = after - before if outcome[1] == "blocked" else before - after
    problem = next((row.problem for row in (*new, *old) if row.problem), "")
    return Comparison(name, *outcome, tuple(sorted(because)), problem)


def _outcome(rows: Sequence[Row]) -> str:
    if not rows or any(row.problem for row in rows):
        return "not judged"
    if all(row.verdict == "not applicable" for row in rows):
        return "not judged"
    return "blocked" if _blocking(rows) else "passed"


def _blocking(rows: Sequence[Row]) -> set[str]:
    return {row.scenario for row in rows if row.verdict in _BLOCKING and row.enforcement != "advisory"}


def require_parquet() -> None:
    """Raise PlanspecError without pyarrow, before anything is judged."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise PlanspecError(
            '--parquet: pyarrow is not installed; run: pip install "planspec[fleet]"'
        ) from error


def write_parquet(rows: Sequence[Row], path: Path) -> None:
    """Write every row as Parquet, in a fixed order."""
    import pyarrow as pa
    from pyarrow import parquet

    ordered = sorted(rows)
    columns = {name: [getattr(row, name) for row in ordered] for name in Row._fields}
    written = io.BytesIO()
    parquet.write_table(pa.table(columns), written)
    write_all([(path, written.getvalue())])
