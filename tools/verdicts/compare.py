"""Compare the verdicts of this checkout with those of another revision, plan by plan.

    python -m tools.verdicts.compare [--base REV] [PLAN ...]

Each side judges by its own features, policies and code: the recorded plans with their source, every
golden plan by its scenario, and the plans that are named. Ends with 1 where anything differs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.golden import recipes

ROOT = Path(__file__).parents[2]
Told = list[list[str]]


class Judged(NamedTuple):
    """A plan to judge: its source, and its only scenario, where there are such."""

    path: str
    source: str | None = None
    number: str | None = None


def wanted(folder: Path, named: Sequence[Path]) -> Iterator[Judged]:
    """Recorded plans, golden plans, and the plans that are named."""
    for path in sorted(ROOT.glob("plans/*.json")):
        source = ROOT / ("plans/inherited" if path.stem == "inherited" else "terraform")
        yield Judged(str(path), str(source))
    recipes.write(folder)
    for golden in recipes.every():
        yield Judged(str(folder / f"{golden.name}.json"), None, golden.number)
    for path in named:
        found = sorted(path.rglob("*.json")) if path.is_dir() else [path]
        yield from (Judged(str(each.absolute())) for each in found)


def started(checkout: Path, listed: Path, output: Path) -> "subprocess.Popen[bytes]":
    """A process in which one checkout judges everything, and writes what it says into a file."""
    program = Path(__file__).with_name("collect.py")
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, str(program), str(checkout), str(listed)]
    with output.open("wb") as file:
        return subprocess.Popen(command, env=environment, stdout=file)


def differences(before: Told, after: Told) -> Iterator[str]:
    """What only one side says, marked as a diff marks it."""
    yield from (f"  - {' | '.join(row)}" for row in before if row not in after)
    yield from (f"  + {' | '.join(row)}" for row in after if row not in before)


def compared(base: Path, plans: Sequence[Judged], listed: Path) -> int:
    """Judge by both at once, print what differs, and return the number of plans with a difference."""
    listed.write_text(json.dumps(plans), "utf-8")
    files = [listed.with_name("before"), listed.with_name("after")]
    sides = [started(*each) for each in zip((base, ROOT), (listed, listed), files, strict=True)]
    failed = [side.wait() for side in sides]
    outputs = [file.read_text("utf-8").splitlines() for file in files]
    if any(failed) or {len(each) for each in outputs} != {len(plans)}:
        raise SystemExit("one side did not judge every plan; its message stands above")
    different = 0
    for judged, before, after in zip(plans, *outputs, strict=True):
        found = list(differences(json.loads(before), json.loads(after)))
        if found:
            different += 1
            print("\n".join([judged.path, *found]))
    return different


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--base", default="HEAD", metavar="REV", help="what to compare with: HEAD")
    parser.add_argument("plans", nargs="*", type=Path, metavar="PLAN", help="further plans or folders")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="planspec-") as folder:
        base = Path(folder, "base")
        git = ("git", "-C", str(ROOT), "worktree")
        subprocess.run([*git, "add", "--quiet", "--detach", str(base), options.base], check=True)
        try:
            plans = list(wanted(Path(folder, "golden"), options.plans))
            different = compared(base, plans, Path(folder, "plans.json"))
        finally:
            subprocess.run([*git, "remove", "--force", str(base)], check=True)
    print(f"{len(plans)} plans, {different} of them judged differently from {options.base}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
