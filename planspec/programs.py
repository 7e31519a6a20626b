"""Where is a program that is called by its name?"""

import os
import shutil
from pathlib import Path


def on_path(name: str) -> Path | None:
    """A program on PATH, but not by an entry that is empty or relative.

    Such an entry means the current folder, which may be under review; nothing in it is run unasked.
    """
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    absolute = os.pathsep.join(each for each in entries if Path(each).is_absolute())
    found = shutil.which(name, path=absolute) if absolute else None
    return Path(found) if found else None
