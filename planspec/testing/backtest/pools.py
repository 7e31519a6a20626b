"""Where do the tasks of a backtest run: in this process, in a pool, or on a Dask cluster?"""

import importlib
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import ExitStack
from typing import Any, Final

from planspec.errors import PlanspecError
from planspec.testing.backtest.judging import Row, Task, judged
from planspec.testing.processes import pool

LOCAL: Final = "local"
CHUNK: Final = 8


def run(tasks: Sequence[Task], *, jobs: int, scheduler: str) -> Iterator[list[Row]]:
    """Judge all tasks, in any order. `scheduler` is empty, "local" or the address of a cluster."""
    if scheduler:
        yield from _on_dask(tasks, jobs, scheduler)
    elif jobs < 2 or len(tasks) < 2:
        yield from map(judged, tasks)
    else:
        yield from _in_pool(tasks, jobs)


def judged_together(tasks: Sequence[Task]) -> list[list[Row]]:
    """Several tasks as one: what travels costs more than a small plan."""
    return [judged(task) for task in tasks]


def _chunks(tasks: Sequence[Task]) -> list[Sequence[Task]]:
    return [tasks[start : start + CHUNK] for start in range(0, len(tasks), CHUNK)]


def _in_pool(tasks: Sequence[Task], jobs: int) -> Iterator[list[Row]]:
    with pool(jobs) as executor:
        waiting = [executor.submit(judged_together, chunk) for chunk in _chunks(tasks)]
        try:
            for each in as_completed(waiting):
                yield from each.result()
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def _on_dask(tasks: Sequence[Task], jobs: int, scheduler: str) -> Iterator[list[Row]]:
    """The same function on an existing engine. Plans and features must lie where workers see them."""
    try:
        dask: Any = importlib.import_module("distributed")  # it has no types of its own
    except ImportError as error:
        raise PlanspecError(
            '--scheduler: Dask is not installed; run: pip install "planspec[fleet]"'
        ) from error
    with ExitStack() as stack:
        try:
            place = stack.enter_context(_local(dask, jobs)) if scheduler == LOCAL else scheduler
            client = stack.enter_context(dask.Client(place, timeout="20s"))
        except (OSError, ValueError) as error:
            raise PlanspecError(
                f"--scheduler {scheduler}: {error}; name the address of a running Dask scheduler,"
                " or local"
            ) from error
        futures = client.map(judged_together, _chunks(tasks), pure=False)
        for _, found in dask.as_completed(futures, with_results=True):
            yield from found


def _local(dask: Any, jobs: int) -> Any:
    """A cluster on this machine, without a dashboard."""
    return dask.LocalCluster(
        n_workers=jobs, threads_per_worker=1, dashboard_address=None, silence_logs="ERROR"
    )
