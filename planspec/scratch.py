"""Where does a run keep what must not outlive it: private folders, whose leftovers are swept?

A plan holds secrets, and a process may be killed. Each folder has a random name and is for its owner
alone; it holds a file that its process keeps locked, and the kernel releases that lock however the
process ends. A folder that nobody holds is left over, and the next run of the same user removes it.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

PREFIX: Final = "planspec-"
_HELD: Final = ".held"
# Between making a folder and locking it a moment passes, in which it looks like one that is left over.
_NEW_SECONDS: Final = 60.0


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """A temporary folder that only this user can read, for as long as the block runs."""
    sweep_once()
    made = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        with (made / _HELD).open("wb") as held:
            with contextlib.suppress(OSError):  # some network file systems have no locks
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@cache
def sweep_once() -> None:
    """Remove what killed runs of this user have left; a second call does nothing."""
    sweep(Path(tempfile.gettempdir()))


def sweep(temporary: Path) -> None:
    """Remove the folders in there that were made here, and that no process holds any more."""
    with contextlib.suppress(OSError), os.scandir(temporary) as found:
        for entry in found:
            if entry.name.startswith(PREFIX) and _is_left_over(entry):
                shutil.rmtree(entry.path, ignore_errors=True)


def _is_left_over(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder of this user's, no longer new, and no process holds it."""
    try:
        told = entry.stat(follow_symlinks=False)
        if not entry.is_dir(follow_symlinks=False) or told.st_uid != os.getuid():
            return False
        if time.time() - told.st_mtime < _NEW_SECONDS:
            return False
        handle = os.open(Path(entry.path, _HELD), os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
