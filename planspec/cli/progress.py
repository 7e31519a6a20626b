"""What is running now, and how long did each part take?"""

import contextlib
import gc
import time
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def no_collecting() -> Iterator[None]:
    """A short run that keeps what it decodes: collecting garbage would cost a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # what is there now is needed to the end; nobody has to look through it again
        gc.enable()


class Phases:
    """Shows the phase that is running, and remembers how long each one took."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._started: list[tuple[str, float]] = []

    def __call__(self, phase: str) -> None:
        """Begin a phase; the one before it has ended."""
        self._show(phase)
        self._started.append((phase, time.perf_counter()))

    def detail(self, done: int, total: int) -> None:
        """Say how far the phase is that is running."""
        self._show(f"{self._started[-1][0]}: {done} of {total}")

    def timing(self) -> str:
        """One line: each phase with its seconds."""
        ends = [*(start for _, start in self._started[1:]), time.perf_counter()]
        spent = (
            f"{phase} {end - start:.2f} s"
            for (phase, start), end in zip(self._started, ends, strict=True)
        )
        whole = ends[-1] - self._started[0][1]
        return f"time: {', '.join(spent)}; {whole:.2f} s in all"
