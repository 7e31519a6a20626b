"""Derive the golden plans from the recorded ones.

python tests/golden/recipes.py            write them, and remove those without a recipe
python tests/golden/recipes.py --check    say what is out of date; exit 1 if anything is
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent
if str(GOLDEN.parents[1]) not in sys.path:
    sys.path.insert(0, str(GOLDEN.parents[1]))  # run as a file, Python looks beside it only

from tests.golden import (  # noqa: E402
    access,
    buckets,
    capacity,
    changes,
    clusters,
    configuration,
    cost,
    exposure,
    hardening,
    identity,
    letting_in,
    money,
    operations,
    overlooked,
    reliability,
    sizes,
    traffic,
)
from tests.golden.recipe import Scenario  # noqa: E402

AREAS = (
    reliability,
    changes,
    capacity,
    exposure,
    buckets,
    identity,
    letting_in,
    cost,
    hardening,
    traffic,
    operations,
    configuration,
    money,
    sizes,
    overlooked,
    access,
    clusters,
)
SCENARIOS: Sequence[Scenario] = [scenario for area in AREAS for scenario in area.SCENARIOS]


def files() -> dict[str, str]:
    """Make every golden plan: path below this folder, and text.

    Raises ValueError for a path of two recipes, of which one would never be judged.
    """
    made: dict[str, str] = {}
    for scenario in SCENARIOS:
        files = scenario.files()
        if twice := made.keys() & files.keys():
            raise ValueError(f"two recipes make {', '.join(sorted(twice))}")
        made |= files
    return made


def recorded() -> Iterator[Path]:
    """Yield the files that are there, recipes left out."""
    for folder in GOLDEN.iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            yield from sorted(folder.iterdir())


def out_of_date() -> list[str]:
    """Say which files are missing, different or without a recipe."""
    made = files()
    present = {str(path.relative_to(GOLDEN)): path for path in recorded()}
    problems = [f"{name}: no recipe makes it" for name in sorted(present.keys() - made.keys())]
    for name, text in made.items():
        if name not in present:
            problems.append(f"{name}: missing")
        elif present[name].read_text("utf-8") != text:
            problems.append(f"{name}: out of date")
    return problems


def write() -> None:
    """Write every golden plan, and remove what no recipe makes."""
    made = files()
    for path in list(recorded()):
        if str(path.relative_to(GOLDEN)) not in made:
            path.unlink()
    for name, text in made.items():
        path = GOLDEN / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    for folder in GOLDEN.iterdir():
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    print(f"tests/golden: {len(made)} golden plans of {len(SCENARIOS)} scenarios written")


def main(arguments: Sequence[str]) -> int:
    """Write or check; the exit code is 1 if something is out of date."""
    if list(arguments) not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    if not arguments:
        write()
        return 0
    problems = out_of_date()
    for problem in problems:
        print(f"tests/golden/{problem}. Next: make golden")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
