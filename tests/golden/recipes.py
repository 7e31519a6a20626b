"""Every golden plan, made from the recorded ones.

python -m tests.golden.recipes FOLDER    write them, indented, for whoever wants to look
"""

import importlib
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from planspec import Verdict
from tests.golden.recipe import Recipe, Scenario


def _scenarios() -> Iterator[Scenario]:
    """The scenarios of every module beside this one that has some, so that none is forgotten."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem not in {"__init__", "recipes"}:
            yield from getattr(importlib.import_module(f"tests.golden.{path.stem}"), "SCENARIOS", ())


SCENARIOS: Sequence[Scenario] = list(_scenarios())
VERDICTS = (Verdict.SATISFIED, Verdict.VIOLATED, Verdict.UNDETERMINED)


class Golden(NamedTuple):
    """A golden plan: the scenario that judges it, and the recipe that makes it."""

    number: str
    recipe: Recipe

    @property
    def name(self) -> str:
        """Scenario, verdict and reason: `DUR-01.1/violated-34-days`."""
        return f"{self.number}/{self.recipe.name}"

    @property
    def verdict(self) -> Verdict:
        """The verdict that its name begins with."""
        return next(each for each in VERDICTS if self.recipe.name.startswith(f"{each.value}-"))

    @property
    def data(self) -> bytes:
        """The plan as JSON."""
        return json.dumps(self.recipe.plan(), separators=(",", ":")).encode()


@cache
def every() -> tuple[Golden, ...]:
    """Return every golden plan. Raises ValueError for two of one name: one would never be judged."""
    found = [Golden(each.number, recipe) for each in SCENARIOS for recipe in each.recipes]
    names = [each.name for each in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two recipes make {', '.join(sorted(twice))}")
    return tuple(found)


@cache
def of_scenario(number: str) -> tuple[Golden, ...]:
    """Return the golden plans of a scenario, by name."""
    found = (each for each in every() if each.number == number)
    return tuple(sorted(found, key=lambda each: each.name))


def unreachable() -> dict[str, str]:
    """Return why no plan can leave a scenario open, by its number."""
    reasons = {each.number: each.never_undetermined_because for each in SCENARIOS}
    return {number: reason for number, reason in reasons.items() if reason}


def write(folder: Path) -> int:
    """Write every golden plan, indented, into a folder that is emptied first; return how many."""
    shutil.rmtree(folder, ignore_errors=True)
    for golden in every():
        path = folder / f"{golden.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(golden.recipe.plan(), indent=2) + "\n", "utf-8")
    return len(every())


if __name__ == "__main__":
    print(f"{sys.argv[1]}: {write(Path(sys.argv[1]))} golden plans written")
