"""What is in a saved plan file, and is it exactly what Terraform or OpenTofu writes?

A zip can be made that two programs read differently: judged as one thing, applied as another. So
nothing is repaired and nothing is searched for: the file has the one shape that `plan -out` writes,
line by line (`docs/saved-plans.md`), or it is refused. The shape does not tell who wrote the file; a
digest does.
"""

from planspec.saved.contents import (
    LARGEST_FILE_BYTES,
    LARGEST_SOURCE_BYTES,
    LOCK_FILE,
    Module,
    SavedPlan,
    read,
)
from planspec.saved.maker import TOFU_SUFFIXES, Maker, maker
from planspec.saved.shape import is_zip
from planspec.saved.way import PlanMode, Way

__all__ = [
    "LARGEST_FILE_BYTES",
    "LARGEST_SOURCE_BYTES",
    "LOCK_FILE",
    "TOFU_SUFFIXES",
    "Maker",
    "Module",
    "PlanMode",
    "SavedPlan",
    "Way",
    "is_zip",
    "maker",
    "read",
]
