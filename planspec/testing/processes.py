"""How many processor cores may this process use, and how are they put to use?"""

import os
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process


def usable_cores() -> int:
    """Return the number of cores; a container or taskset may allow fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def pool(processes: int) -> ProcessPoolExecutor:
    """Processes that end with this one, also where it is killed.

    Each of them holds both ends of the queue that it reads from, so that without this it would wait
    for ever.
    """
    # A new process begins with `python -c`, which would import from the current folder first.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
