"""How many processor cores may this process use?"""

import os


def usable_cores() -> int:
    """Return the number of cores; a container or taskset may allow fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
