"""Is a file of the policies there that need not be?"""

from pathlib import Path

from planspec.errors import PolicyError


def is_stated(path: Path, *, folder: bool = False) -> bool:
    """Whether there is this file, or folder; where there is none, nobody states anything by it.

    Raises PolicyError for something else of that name: a link that leads nowhere states nothing either,
    though somebody wanted it to.
    """
    if path.is_dir() if folder else path.is_file():
        return True
    if path.exists() or path.is_symlink():
        wanted = "folder" if folder else "file"
        what = f"no {wanted}" if path.exists() else "a link that leads nowhere"
        raise PolicyError(f"{path}: is {what}; put the {wanted} there, or take away what is there")
    return False
