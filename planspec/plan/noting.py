"""Which places of a plan were read?"""

from collections.abc import Iterator
from contextlib import contextmanager

from planspec.plan.value import Value


class Noting:
    """Which places were read since it was last emptied; the plan's values note each read here.

    `wanted`: anybody wants to know.
    """

    def __init__(self, *, wanted: bool = True) -> None:
        self.places: dict[tuple[str, str], Value] = {}
        self.wanted = wanted
        self._paused = False

    def add(self, address: str, value: Value) -> None:
        """Note one read, where anybody wants to know."""
        if self.wanted and not self._paused:
            self.places[address, value.path] = value

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Note nothing meanwhile. A value that is decoded then notes its reads afterwards."""
        self._paused, before = True, self._paused
        try:
            yield
        finally:
            self._paused = before
