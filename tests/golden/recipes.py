"""Every golden plan, made from the recorded ones.

python -m tests.golden.recipes FOLDER    write them, indented, for whoever wants to look
"""

import importlib
import json
import shutil
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from planspec import Verdict, bundle
from tests.golden.recipe import Recipe, Scenario

HERE: Final = Path(__file__).parent
AREAS: Final = tuple(sorted({path.stem for path in bundle.FEATURES.glob("*.feature")}))


def modules(area: str) -> list[str]:
    """Return the modules with the recipes of an area: one of its name, or those in its folder."""
    paths = [*HERE.glob(f"{area}.py"), *sorted((HERE / area).glob("*.py"))]
    parts = [path.relative_to(HERE).with_suffix("").parts for path in paths]
    return [".".join(("tests", "golden", *each)) for each in parts]


def of_area(area: str) -> list[Scenario]:
    """Return the scenarios with recipes that stand in the modules of an area."""
    return [each for name in modules(area) for each in importlib.import_module(name).SCENARIOS]


# One kind of resource in all the shapes in which it can be written, for requirements of several areas.
SHAPES: Final = "shapes"
# What adversaries tried, of several areas.
DECEITS: Final = "deceits"
ROOMS: Final = (*AREAS, SHAPES, DECEITS)
SCENARIOS: Final[Sequence[Scenario]] = [each for room in ROOMS for each in of_area(room)]
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
        return _data(self.recipe)


@cache
def _data(recipe: Recipe) -> bytes:
    return json.dumps(recipe.plan(), separators=(",", ":")).encode()


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
    told = (each for each in SCENARIOS if each.never_undetermined_because)
    return {each.number: each.never_undetermined_because for each in told}


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
