"""What does a person read after a backtest?"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from planspec.reports.rows import printable
from planspec.source import shown_path
from planspec.testing.backtest.comparing import Comparison

MOST_SHOWN: Final = 200
_ORDER: Final = ("newly blocked", "newly passed", "newly not judged", "not judged")
_STYLES: Final = {"newly blocked": "bold red", "newly passed": "green"}


def show(found: Sequence[Comparison], against: str, console: Console) -> None:
    """Print the plans that change, by kind of change, then those not judged; the counts last."""
    counts = Counter(each.change for each in found)
    for kind in _ORDER:
        plans = [each for each in found if each.change == kind]
        if plans:
            console.print(Text(f"{kind}: {len(plans)}", _STYLES.get(kind, "yellow")))
        for each in plans[:MOST_SHOWN]:
            console.print(Text(f"  {_line(each)}"), soft_wrap=True)
        if len(plans) > MOST_SHOWN:
            console.print(Text(f"  and {len(plans) - MOST_SHOWN} more"))
    told = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
    console.print(Text(f"{len(found)} plans against {printable(against)}: {told}", style="bold"))


def _line(each: Comparison) -> str:
    why = each.problem or ", ".join(each.because)
    return printable(f"{shown_path(Path(each.plan))}  {why}")
