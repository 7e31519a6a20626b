"""Which files of a folder are features, and which were meant to be?"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from planspec.errors import FeatureError
from planspec.syntax import near_key

_ENDING: Final = ".feature"
# Other tools read these as features, and an editor adds `.txt`.
# Source: Cucumber, "Markdown with Gherkin".
_MEANT: Final = re.compile(r"\.feature\.(?:txt|text|md|markdown|gherkin)|\.(?:gherkin|feat|ftr)")
# What an editor or a hand keeps of an earlier state was put aside.
_ASIDE: Final = re.compile(r"(?:\.(?:bak|old|orig|rej|save|swp|swo|tmp|disabled|off)|~)\d*")
_BARE: Final = re.compile(r"(?:.*[-_ ])?\.?features?")
_BEGINS: Final = re.compile(r"(?:\s*[#@].*\n|\s*\n)*\s*\w[\w ]*:")


def is_feature(path: Path) -> bool:
    """Whether a file is a feature by its name, in whatever capitals.

    Raises FeatureError for a file that was meant to be one, and would be passed over.
    """
    name = path.name.strip().lower()
    ending = Path(name).suffix
    if ending == _ENDING:
        return True
    if not _ASIDE.search(name) and _is_meant(path, name, ending):
        raise FeatureError(f"{path}: would be passed over; a feature ends in {_ENDING}")
    return False


def _is_meant(path: Path, name: str, ending: str) -> bool:
    if near_key(ending, [_ENDING]) or any(map(name.endswith, _endings(name))):
        return True
    return bool(not ending and _BARE.fullmatch(name) and _reads_like_one(path))


def _endings(name: str) -> list[str]:
    return [found[0] for found in _MEANT.finditer(name)]


def _reads_like_one(path: Path) -> bool:
    """Whether a text begins with a title, after its comments and tags."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            return bool(_BEGINS.match(file.read(4096)))
    except (OSError, UnicodeDecodeError):
        return False


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files at any depth, also behind links; a link that leads back is not followed twice."""
    seen: set[Path] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        if Path(place).resolve() in seen:
            folders.clear()
            continue
        seen.add(Path(place).resolve())
        folders.sort()  # which of two links to one folder is followed
        yield from (Path(place, each) for each in names)
