"""What can the terminal, or the pipe, that we write to show?"""

import contextlib
import io
import select
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from rich.console import Console

PATIENCE: Final = 2.0
"""How many seconds a person waits before being told what is going on."""


def console(*, stderr: bool = False) -> "Console":
    """A console that keeps to NO_COLOR and to what a pipe can show."""
    from rich.console import Console as Whole

    class Console(Whole):
        """A console whose closed pipe is an error like any other."""

        def on_broken_pipe(self) -> NoReturn:
            """Rich would end the run by itself, with the code of a blocked plan."""
            raise BrokenPipeError

    stream = sys.stderr if stderr else sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")  # what a terminal cannot show must not end the run
    found = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if not found.is_terminal:
        found = Console(
            stderr=stderr, highlight=False, emoji=False, markup=False, width=120, no_color=True
        )
    return found


def require_reader() -> None:
    """Raise BrokenPipeError where who reads standard output has gone.

    A large write may end as if all was well: the pipe took a part, and who reads it went meanwhile.
    """
    sys.stdout.flush()
    try:
        asked = select.poll()
        asked.register(sys.stdout.fileno(), 0)
    except (OSError, AttributeError):  # in a test nothing real is behind it
        return
    if any(event & select.POLLERR for _, event in asked.poll(0)):
        raise BrokenPipeError


@contextlib.contextmanager
def working(patience: float = PATIENCE) -> Iterator[Callable[[str], None]]:
    """Show what is going on while it lasts, once it has lasted longer than somebody's patience.

    On standard error, and only on a terminal. Yields the function that tells what is going on.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    status = console(stderr=True).status("")
    timer = threading.Timer(patience, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield status.update
    finally:
        timer.cancel()
        timer.join()
        status.stop()
