"""How many processor cores may this process use, and how are they put to use?"""

import contextlib
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process


def usable_cores() -> int:
    """Return the number of cores; a container or taskset may allow fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that end with this one, also where it is killed.

    Each of them holds both ends of the queue that it reads from, so that without this it would wait
    for ever.
    """
    context = get_context("spawn")
    # Its first helper starts where it is made, before anything is asked of it.
    with (
        _safe_path(),
        ProcessPoolExecutor(processes, mp_context=context, initializer=_end_with_parent) as workers,
    ):
        yield workers


@contextlib.contextmanager
def _safe_path() -> Iterator[None]:
    """A new process begins with `python -c`, which would import from the current folder first.

    Only while there are such processes: what this one starts later inherits its environment.
    """
    if "PYTHONSAFEPATH" in os.environ:
        yield
        return
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTHONSAFEPATH"]


def _end_with_parent() -> None:
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
