"""Compare our requirements with Checkov on every recorded plan and the corpus; write the matrix.

    python -m tools.agreement.page [--check]

Needs Checkov's environment, and the corpus where PLANSPEC_CORPUS names it. The page holds counts, and
addresses of our own plans only: the corpus is other people's.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from planspec import bundle, checkov, plan
from planspec.errors import PlanspecError
from planspec.runner.batch import Catalogue, Judge
from tools.agreement import overlaps as agreement
from tools.agreement.overlaps import Compared, Overlaps

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "checkov-agreement.md"
RECORDED = ("inherited", "corrected", "upgrade")
BEGIN, END = "<!-- generated: make agreement -->", "<!-- end -->"


def corpus() -> list[Path]:
    """The plans from public repositories; none where they are not at hand."""
    folder = os.environ.get("PLANSPEC_CORPUS")
    return sorted(Path(folder, "plans").rglob("*.json")) if folder else []


def outcomes(files: Sequence[Path]) -> Iterator[list[list[str]] | None]:
    """What the fast runner says of each plan, from one process; None where it has no answer."""
    program = checkov.find_checkov()
    if program is None:
        raise SystemExit("Checkov: not found. Next: make .venv-checkov/.locked")
    worker = Path(checkov.__file__).with_name("worker")
    server = bundle.ROOT / "tests" / "support" / "checkov_worker_server.py"
    command = [str(program.with_name("python")), "-I", str(server), str(worker), "fast"]
    command.append(str(bundle.POLICIES / "checkov"))
    # Its verdicts can depend on the path of the plan, so every plan gets the same kind of name.
    with tempfile.TemporaryDirectory(prefix="planspec-") as folder:
        names = []
        for number, file in enumerate(files):
            names.append(Path(folder, f"{number}.json"))
            names[-1].write_bytes(file.read_bytes())
        text = "".join(f"{name}\n" for name in names)
        ended = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    for line in ended.stdout.splitlines():
        told = json.loads(line).get("outcomes")
        # Check, address and result; what each one looked at is for the coverage.
        yield None if told is None else [each[:3] for each in told]


def compare(files: Sequence[Path], overlaps: Overlaps) -> list[Compared]:
    """Compare both on every plan that both can judge."""
    judge = Judge(Catalogue((bundle.FEATURES,), bundle.POLICIES, "", date(2026, 1, 1)))
    numbers = frozenset(each.scenario for each in overlaps.overlap)
    found: list[Compared] = []
    for file, theirs in zip(files, outcomes(files), strict=True):
        if theirs is None:
            continue
        try:
            records, _ = judge.judge(plan.read(file), numbers)
        except PlanspecError:
            continue
        found += agreement.compared(str(file), records, theirs, overlaps)
    return found


def recorded() -> list[Path]:
    """Our own plans."""
    return [ROOT / "plans" / f"{name}.json" for name in RECORDED]


def page(ours: Sequence[Compared], others: Sequence[Compared], overlaps: Overlaps) -> str:
    """The generated part of the page."""
    parts = [_table("Our recorded plans: " + ", ".join(RECORDED), ours, overlaps)]
    if others:
        plans = len({each.plan for each in others})
        parts.append(_table(f"{plans} plans of public repositories", others, overlaps))
    reasons = sorted(
        {
            (each.scenario, each.ours, each.checkov, each.kind, each.reason)
            for each in [*ours, *others]
            if each.kind
        }
    )
    rows = [f"| {' | '.join(each)} |" for each in reasons]
    head = ["| scenario | planspec | Checkov | class | reason |", "| --- | --- | --- | --- | --- |"]
    parts.append("\n".join(["### Why they differ", "", *head, *rows]))
    return "\n\n".join(parts)


def _table(title: str, found: Sequence[Compared], overlaps: Overlaps) -> str:
    rows = [f"### {title}", "", "| scenario | checks | resources | same | differ |"]
    rows.append("| --- | --- | ---: | ---: | --- |")
    for each in agreement.lines(found, overlaps):
        told = ", ".join(f"{number} {kind}" for kind, number in each.kinds.items())
        told += f" {each.unexplained} UNEXPLAINED" if each.unexplained else ""
        rows.append(
            f"| {each.scenario} | {', '.join(each.checks)} | {each.compared} | {each.same} | {told} |"
        )
    same = sum(each.same for each in found)
    rows += ["", f"{same} of {len(found)} answers are the same."]
    return "\n".join(rows)


def written(made: str) -> str:
    """The page with its generated part made anew."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{rest.partition(END)[2]}"


def unexplained(found: Iterable[Compared]) -> list[str]:
    """Differences without a reason, by scenario and answers, with a count; no addresses."""
    told: dict[str, int] = {}
    for each in found:
        if each.unexplained:
            key = f"{each.scenario}: planspec {each.ours}, Checkov {each.checkov}"
            told[key] = told.get(key, 0) + 1
    return [f"{key} ({number})" for key, number in sorted(told.items())]


def main() -> None:
    """Write the page, or say what is not explained."""
    overlaps = agreement.read()
    ours, others = compare(recorded(), overlaps), compare(corpus(), overlaps)
    left = unexplained([*ours, *others])
    if left:
        print("\n".join(left))
    if "--check" not in sys.argv:
        PAGE.write_text(written(page(ours, others, overlaps)), encoding="utf-8")
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main()
