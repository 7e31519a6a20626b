"""How long does a check take, and how much memory? Ratios within one run, so that any machine will do.

    python tests/heavy/bench.py [RESOURCES ...]

Plans the module in `tests/heavy/bench_module` once for each size (kept in `.bench/`), then runs whole
processes: bare Python, reading the file with `json.load`, and `planspec check --no-checkov`. Counts
processor seconds, which other work on the machine hardly changes, and the largest memory of each. Ends
with 1 where a limit is passed: growth with an exponent above 1.05, more than four times `json.load`, or
more than three times the file in memory, the last two of the largest plan.
"""

import itertools
import json
import math
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.heavy import access_growth
from tests.heavy.bench_plan import LARGEST_REAL, RESOURCES_PER_COPY, write_repeated

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".bench"
MODULE = ROOT / "tests" / "heavy" / "bench_module"
RUNS: Final = 3
PYTHON: Final = sys.executable
LOAD: Final = "import json, sys; json.load(open(sys.argv[1], 'rb'))"
# Processor seconds of the estimate alone: what comes before it is reading.
ESTIMATE: Final = """
import datetime, gc, sys, time
from planspec import bundle, cost, plan
from planspec.evidence.cost import record
gc.disable()
read = plan.read(sys.argv[1])
start = time.process_time()
record(cost.of_plan(read, bundle.POLICIES, today=datetime.date(2026, 11, 24)))
print(time.process_time() - start)
"""
STEEPEST: Final = 1.05
MOST_LOADS: Final = 4.0
MOST_MEMORY: Final = 3.0


class Cost(NamedTuple):
    """What a process took: processor seconds, and the most memory in megabytes."""

    seconds: float
    megabytes: float


def plan_of(resources: int) -> Path:
    """Return a plan with so many resources; it is made the first time, by Terraform up to a size."""
    path = KEPT / f"{resources}.json"
    if path.is_file():
        return path
    KEPT.mkdir(exist_ok=True)
    if resources > LARGEST_REAL:
        times, rest = divmod(resources, LARGEST_REAL)
        if rest or times > 10:
            sys.exit(f"{resources}: at most 100000, and a multiple of {LARGEST_REAL} beyond it")
        print(
            f"making {resources} resources of the {LARGEST_REAL} that Terraform planned ...", flush=True
        )
        write_repeated(plan_of(LARGEST_REAL), times, path)
        return path
    copies = resources // RESOURCES_PER_COPY
    print(f"planning {resources} resources with Terraform ...", flush=True)
    arguments = ["plan", str(MODULE), "-o", str(path), "--var", f"copies={copies}"]
    ended = subprocess.run([PYTHON, "-m", "planspec", *arguments], capture_output=True, check=False)
    if ended.returncode:
        sys.exit(ended.stderr.decode())
    return path


def cost(command: Sequence[str], *allowed: int) -> Cost:
    """What the cheapest of some runs took. A run that ends otherwise ends the benchmark."""
    found = []
    for _ in range(RUNS):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = process.stderr.read().decode() if process.stderr else ""
        _, status, used = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) not in {0, *allowed}:
            sys.exit(errors or f"{' '.join(command)}: failed")
        found.append(Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
    return Cost(min(each.seconds for each in found), min(each.megabytes for each in found))


def estimate(plan: Path) -> float:
    """The least processor seconds that the cost of a plan takes, beyond reading it."""
    command = [PYTHON, "-c", ESTIMATE, str(plan)]
    runs = (subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(RUNS))
    return min(float(each.stdout) for each in runs)


class Measured(NamedTuple):
    """One plan: its changes and megabytes, and what reading, judging and pricing it took.

    `sourced` is a check with the source beside the plan.
    """

    name: str
    changes: int
    size: float
    load: Cost
    check: Cost
    sourced: Cost
    estimate: float


def measure(name: str, plan: Path, source: Path = MODULE) -> Measured:
    """Run both programs on one plan."""
    load = cost([PYTHON, "-c", LOAD, str(plan)])
    command = [PYTHON, "-m", "planspec", "check", "--no-checkov", str(plan)]
    check, sourced = cost(command, 1), cost([*command, "--source", str(source)], 1)
    changes = len(json.loads(plan.read_bytes())["resource_changes"])
    return Measured(name, changes, plan.stat().st_size / 1024**2, load, check, sourced, estimate(plan))


def line(found: Measured, bare: Cost) -> str:
    """What was measured, as one line of the table."""
    return (
        f"{found.name:<10} {found.changes:>7} changes {found.size:>6.1f} MB"
        f"  check {found.check.seconds:6.2f} s"
        f" = {found.check.seconds / found.load.seconds:5.1f} x json.load"
        f" (beyond python {found.check.seconds - bare.seconds:5.2f} s)"
        f"  with source {found.sourced.seconds:6.2f} s"
        f"  memory {found.check.megabytes:5.0f} MB = {found.check.megabytes / found.size:5.1f} x file"
        f"  cost {found.estimate:5.2f} s"
    )


def main() -> None:
    """Print the table, and end with 1 where a limit is passed."""
    sizes = [int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000]
    bare = cost([PYTHON, "-c", "pass"])
    help_text = cost([PYTHON, "-m", "planspec", "--help"])
    print(f"python -c pass: {bare.seconds:.3f} s; planspec --help: ", end="")
    print(f"{help_text.seconds - bare.seconds:.3f} s beyond it")
    small = measure("corrected", ROOT / "plans" / "corrected.json", ROOT / "terraform")
    print(line(small, bare), flush=True)
    for each in access_growth.table():
        print(f"access: {each}", flush=True)
    table = []
    for size in sizes:
        table.append(measure(str(size), plan_of(size)))
        print(line(table[-1], bare), flush=True)
    sys.exit(0 if all(holds(small, table)) else 1)


def holds(small: Measured, table: Sequence[Measured]) -> Sequence[bool]:
    """Say which limits hold. What every check takes, whatever the plan, is no growth."""
    fixed = small.check.seconds
    answers = []
    for one, other in itertools.pairwise(table):
        if one.changes < LARGEST_REAL:
            continue  # so little is lost in what every check takes
        grown = (other.check.seconds - fixed) / (one.check.seconds - fixed)
        exponent = math.log(grown) / math.log(other.changes / one.changes)
        said = f"from {one.changes} to {other.changes} changes: exponent {exponent:.2f}"
        answers.append(_held(said, exponent, STEEPEST))
    largest = table[-1]
    if largest.changes > LARGEST_REAL:
        loads = largest.check.seconds / largest.load.seconds
        answers.append(_held(f"{largest.changes} changes: {loads:.2f} x json.load", loads, MOST_LOADS))
        files = largest.check.megabytes / largest.size
        answers.append(_held(f"{largest.changes} changes: {files:.2f} x the file", files, MOST_MEMORY))
    return answers


def _held(said: str, measured: float, limit: float) -> bool:
    print(f"{said}, at most {limit}: {'holds' if measured <= limit else 'DOES NOT HOLD'}")
    return measured <= limit


if __name__ == "__main__":
    main()
