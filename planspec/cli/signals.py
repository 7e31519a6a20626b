"""What happens when a run must stop: it cleans up, as it does after Ctrl-C.

A cancelled job gets SIGTERM, a closed terminal sends SIGHUP; by default either ends a process at once,
and a whole plan stays in the folder for temporary files. Source: signal(7).
"""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Final, NoReturn

from planspec.errors import STOPPING, Stopped

_TOLD: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _stop(told: int, __: FrameType | None) -> NoReturn:
    # The next one would break off the cleaning.
    for each in _TOLD:
        signal.signal(each, signal.SIG_IGN)
    STOPPING.set()
    raise KeyboardInterrupt if told == signal.SIGINT else Stopped


@contextlib.contextmanager
def cleaning_up() -> Iterator[None]:
    """Let each of the signals unwind the block; what is ignored, as under nohup, stays so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in _TOLD}
    heard = [each for each, handler in before.items() if handler is not signal.SIG_IGN]
    STOPPING.clear()
    for each in heard:
        signal.signal(each, _stop)
    try:
        yield
    finally:
        for each in heard:
            signal.signal(each, before[each])
