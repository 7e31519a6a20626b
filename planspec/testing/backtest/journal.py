"""Which plans has an interrupted backtest already judged?

A journal of JSON lines: one line for each plan and side, written when it is done. A plan or a side
that has changed since has another digest, and is judged again.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from planspec.errors import PlanspecError
from planspec.testing.backtest.judging import Row, Task

_line = msgspec.json.Decoder(list[Row])


def done(path: Path) -> dict[tuple[str, str, str], list[Row]]:
    """Return the rows by plan, its digest and the digest of the side; a torn last line is left out.

    Raises PlanspecError for a file that is no journal.
    """
    found: dict[tuple[str, str, str], list[Row]] = {}
    if not path.is_file():
        return found
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, 1):
        try:
            rows = _line.decode(line) if line else []
        except (msgspec.DecodeError, ValueError) as error:
            if number == len(lines):
                break
            raise PlanspecError(f"{path}:{number}: no journal of a backtest; name another") from error
        if rows:
            found[rows[0].plan, rows[0].sha256, rows[0].digest] = rows
    return found


def missing(tasks: Iterable[Task], rows: dict[tuple[str, str, str], list[Row]]) -> Sequence[Task]:
    """The tasks that nobody has done."""
    return [each for each in tasks if (each.plan, each.sha256, each.digest) not in rows]


class Journal:
    """Appends what is done; None keeps none."""

    def __init__(self, path: Path | None) -> None:
        self._file = None
        if path is not None:
            try:
                self._file = path.open("ab")
            except OSError as error:
                raise PlanspecError(f"{path}: {error.strerror}; name a file to write") from error
            if self._file.tell() and not path.read_bytes().endswith(b"\n"):
                self._file.truncate(path.read_bytes().rfind(b"\n") + 1)

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, rows: Sequence[Row]) -> None:
        """Write the rows of one task, at once."""
        if self._file is not None:
            self._file.write(msgspec.json.encode(rows) + b"\n")
            self._file.flush()
