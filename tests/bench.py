"""How long does a check take? Ratios within one run, so that a slow machine measures the same.

    python tests/bench.py [RESOURCES]

Plans the module in `tests/bench_module` once for each size (kept in `.bench/`), then times whole
processes: bare Python, reading the file with `json.load`, and `planspec check --no-checkov`. Prints
medians and what they are in units of the first two.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".bench"
MODULE = ROOT / "tests" / "bench_module"
RESOURCES_PER_COPY = 10
RUNS = 5
PYTHON = sys.executable
LOAD = "import json, sys; json.load(open(sys.argv[1], 'rb'))"
# Processor seconds of the estimate alone: what comes before it is reading.
ESTIMATE = """
import datetime, gc, sys, time
from planspec import bundle, cost, cost_record, plan
gc.disable()
read = plan.read(sys.argv[1])
start = time.process_time()
cost_record.record(cost.of_plan(read, bundle.POLICIES, today=datetime.date(2026, 11, 24)))
print(time.process_time() - start)
"""


def plan_of(resources: int) -> Path:
    """Return a real plan with so many resources; it is made by Terraform the first time."""
    path = KEPT / f"{resources}.json"
    if not path.is_file():
        KEPT.mkdir(exist_ok=True)
        copies = resources // RESOURCES_PER_COPY
        print(f"planning {resources} resources with Terraform ...", flush=True)
        planspec("plan", str(MODULE), "-o", str(path), "--var", f"copies={copies}")
    return path


def planspec(*arguments: str) -> None:
    """Run planspec in a process of its own; a plan that is not judged ends the benchmark."""
    ended = subprocess.run([PYTHON, "-m", "planspec", *arguments], capture_output=True, check=False)
    if ended.returncode not in {0, 1}:
        sys.exit(ended.stderr.decode())


def seconds(command: Sequence[str]) -> float:
    """The median wall time of whole processes, after one run that does not count."""
    spent = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent[1:])


def estimate(plan: Path) -> float:
    """The median processor time that the cost of a plan takes, beyond reading it."""
    command = [PYTHON, "-c", ESTIMATE, str(plan)]
    spent = [
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(RUNS)
    ]
    return statistics.median(spent)


def report(name: str, plan: Path, bare: float) -> float:
    """Time one plan and print its line; returns the seconds of the check beyond bare Python."""
    load = seconds([PYTHON, "-c", LOAD, str(plan)])
    check = seconds([PYTHON, "-m", "planspec", "check", "--no-checkov", str(plan)])
    count = len(json.loads(plan.read_bytes())["resource_changes"])
    print(
        f"{name:<12} {count:>7} changes {plan.stat().st_size / 1e6:>7.1f} MB  check {check:5.2f} s"
        f" = {check / load:6.1f} x json.load = {check / bare:6.1f} x python"
        f"  (beyond python {check - bare:5.2f} s)  cost {estimate(plan):5.2f} s of CPU"
    )
    return check - bare


def main() -> None:
    """Print the table."""
    sizes = [int(size) for size in sys.argv[1:]] or [1_000, 10_000]
    bare = seconds([PYTHON, "-c", "pass"])
    print(f"python -c pass: {bare:.3f} s; planspec --help: ", end="")
    print(f"{seconds([PYTHON, '-m', 'planspec', '--help']) - bare:.3f} s beyond it")
    base = report("corrected", ROOT / "plans" / "corrected.json", bare)
    spent = {size: report(f"{size}", plan_of(size), bare) for size in sizes}
    for size, each in spent.items():
        print(f"{size} resources take {each / base:.2f} times the service's plan")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
