"""Which plans are judged, and by which sides?"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from planspec import features
from planspec.errors import PlanspecError
from planspec.evidence import digest, digest_of
from planspec.features import own_steps
from planspec.runner.batch import Catalogue
from planspec.testing.backtest.judging import Task

SUFFIXES: Final = (".json", ".json.gz")


def found(paths: Sequence[Path]) -> list[Path]:
    """Return the plan files: those named, and every JSON file in the folders, at any depth.

    Raises PlanspecError where there is none.
    """
    files = sorted({path.resolve() for each in paths for path in _below(each)})
    if not files:
        raise PlanspecError(f"{', '.join(map(str, paths))}: holds no .json file; name past plans")
    return files


def _below(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    else:
        yield from (each for each in path.rglob("*") if each.name.endswith(SUFFIXES) and each.is_file())


def tasks(files: Sequence[Path], sides: Mapping[str, Catalogue]) -> list[Task]:
    """Return a task for each plan and side. Raises PlanspecError for a side that cannot be read."""
    digests = {name: _digest(side) for name, side in sides.items()}
    made = []
    for file in files:
        try:
            sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        except OSError as error:
            raise PlanspecError(f"{file}: {error.strerror}; name files that can be read") from error
        for name, side in sides.items():
            judged_by = (tuple(map(str, side.features)), str(side.policies), digests[name])
            steps = tuple(map(str, side.steps))
            made.append(Task(str(file), sha256, name, *judged_by, side.today.isoformat(), steps))
    return made


def _digest(side: Catalogue) -> str:
    """What a side is, whatever folder it stands in; a waiver may end from one day to the next."""
    parts = [
        digest((place, path) for path, place in features.placed(side.features).items()).sha256,
        digest((path.name, path) for path in side.policies.glob("*.toml")).sha256,
        side.today.isoformat(),
    ]
    own = own_steps.files(side.steps)
    if own:
        parts.append(digest_of((each.place, each.data) for each in own).sha256)
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()
