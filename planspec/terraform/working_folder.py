"""A copy of a Terraform folder to work in, so that nothing is left behind in the user's.

Modules outside the folder (`source = "../modules/network"`) stay reachable: the copy stands at the
same place in a tree of its own, in which the neighbours of every folder above it are links.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

LOCK_FILE = ".terraform.lock.hcl"
_LEVELS = 4
_LEFT_OUT = (".terraform", ".git", ".terraform.tfstate.lock.info", "*.tfplan")
_STATE = ("*.tfstate", "*.tfstate.*")
# Of `.terraform`: the workspace that is selected, the backend's settings as `terraform init` got
# them on its command line, and the modules that were fetched. Providers are large; they stay.
_CHOICES = ("environment", "terraform.tfstate")
_MODULES = "modules"
_LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'


def copy_folder(folder: Path, tree: Path, *, afresh: bool) -> Path:
    """Copy `folder`, an absolute path, into `tree`; gives the copy.

    With `afresh` the state, the workspace and the backend's settings stay out, as if nothing had
    ever been applied. Saved plans always stay out.
    """
    copy = tree.joinpath(*folder.parts[1:])
    copy.parent.mkdir(parents=True)
    left_out = shutil.ignore_patterns(*_LEFT_OUT, *(_STATE if afresh else ()))
    shutil.copytree(folder, copy, ignore=left_out, ignore_dangling_symlinks=True)
    _copy_choices(folder / ".terraform", copy / ".terraform", () if afresh else _CHOICES)
    for above, shadow in _ancestors(folder, copy):
        for neighbour in _folders(above):
            if not os.path.lexists(shadow / neighbour.name):
                (shadow / neighbour.name).symlink_to(neighbour, target_is_directory=True)
    return copy


def use_local_backend(copy: Path) -> None:
    """Keep the state in the copy, whatever backend the configuration names.

    Terraform reads files that end in `_override.tf` last and lets them win.
    """
    (copy / "planspec_override.tf").write_text(_LOCAL_BACKEND, encoding="utf-8")


def _copy_choices(source: Path, target: Path, files: tuple[str, ...]) -> None:
    target.mkdir()
    if (source / _MODULES).is_dir():
        shutil.copytree(source / _MODULES, target / _MODULES, ignore_dangling_symlinks=True)
    for name in files:
        if (source / name).is_file():
            shutil.copyfile(source / name, target / name)


def _ancestors(folder: Path, copy: Path) -> Iterator[tuple[Path, Path]]:
    """The folders above, with their shadows, up to the repository's root or four levels."""
    above, shadow = folder, copy
    for _ in range(_LEVELS):
        if (above / ".git").exists() or above.parent == above:
            return
        above, shadow = above.parent, shadow.parent
        yield above, shadow


def _folders(folder: Path) -> list[Path]:
    try:
        return [each for each in folder.iterdir() if each.is_dir() and each.name != ".terraform"]
    except OSError:
        return []
