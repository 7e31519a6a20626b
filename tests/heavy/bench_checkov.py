"""How much faster is Checkov with the fast runner? Ratios of CPU seconds within one run.

    python -m tests.heavy.bench_checkov [--stock-up-to RESOURCES] [RESOURCES ...]

Whole processes, as planspec starts them: Checkov's own command, the fast runner, and the whole gate with
the features beside it and nothing known from before. Checkov's own command takes minutes for 10,000
resources; `--stock-up-to` leaves it out above a size. Exits with 1 when a promise is not kept.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from planspec import bundle
from planspec.checkov import Request, find_checkov, interpreter_of
from planspec.checkov.process import _environment, _fast_command, _stock_command
from tests.heavy.bench import plan_of

RUNS = 3
PROMISED = {100: 2.5, 10_000: 20.0}
"""How many times faster, by the number of resources."""
GATE_SECONDS = 10.0


class Cost(NamedTuple):
    """What one process took."""

    cpu: float
    wall: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.cpu:7.2f} CPU s {self.wall:7.2f} s {self.megabytes:6.0f} MB"


def cost(command: Sequence[str], folder: Path, environment: dict[str, str]) -> Cost:
    """Run a process to its end; what its own children take is counted too."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        sys.exit(f"{command[0]} ended with exit code {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss / 1024)


def median(run: Callable[[], Cost], runs: int) -> Cost:
    """The median of each figure, after one run that does not count where there are several."""
    every = [run() for _ in range(runs + 1 if runs > 1 else 1)][-runs:]
    return Cost(*(statistics.median(figures) for figures in zip(*every, strict=True)))


def measure(size: int, stock_up_to: int) -> bool:
    """Print the lines of one size; whether the promises are kept."""
    plan = plan_of(size)
    checkov = find_checkov()
    python = interpreter_of(checkov) if checkov else None
    if checkov is None or python is None:
        sys.exit("Checkov: not found. Next: make .venv-checkov/.locked")
    request = Request(b"", checkov.absolute(), bundle.POLICIES / "checkov")
    with tempfile.TemporaryDirectory(prefix="planspec-") as name:
        folder = Path(name)
        shutil.copy(plan, folder / "plan.json")
        own = _environment(folder)
        fast = median(lambda: cost(_fast_command(python, request), folder, own), RUNS)
        click.echo(f"{size:>6} resources  fast  {fast}")
        check = [sys.executable, "-m", "planspec", "check", "--no-cache", str(plan)]
        gate = median(lambda: cost(check, bundle.ROOT, dict(os.environ)), RUNS)
        click.echo(f"{'':>6}            gate  {gate}")
        # The CPU seconds of both halves together: whoever shares the machine does not change them.
        kept = size < max(PROMISED) or gate.cpu <= GATE_SECONDS
        if size > stock_up_to:
            return kept
        runs = RUNS if size < max(PROMISED) else 1
        stock = median(lambda: cost(_stock_command(request), folder, own), runs)
    ratio = stock.cpu / fast.cpu
    click.echo(
        f"{'':>6}            stock {stock}\n"
        f"{'':>6}            fast takes 1/{ratio:.1f} of the CPU seconds,"
        f" 1/{stock.wall / fast.wall:.1f} of the time,"
        f" 1/{stock.megabytes / fast.megabytes:.1f} of the memory"
    )
    return kept and ratio >= PROMISED.get(size, 1.0)


@click.command()
@click.argument("sizes", type=int, nargs=-1)
@click.option("--stock-up-to", type=int, default=10_000, help="The largest plan for stock Checkov.")
def main(sizes: Sequence[int], stock_up_to: int) -> None:
    """Print the table."""
    kept = [measure(size, stock_up_to) for size in sizes or (100, 1_000, 10_000)]
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
