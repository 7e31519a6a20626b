"""What can the terminal, or the pipe, that we write to show?"""

import io
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def console(*, stderr: bool = False) -> "Console":
    """A console that keeps to NO_COLOR and to what a pipe can show."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")  # what a terminal cannot show must not end the run
    found = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if not found.is_terminal:
        found = Console(
            stderr=stderr, highlight=False, emoji=False, markup=False, width=120, no_color=True
        )
    return found
