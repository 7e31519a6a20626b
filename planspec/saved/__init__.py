"""What is in a saved plan file, and is it exactly what Terraform or OpenTofu writes?

A zip can be made that two programs read differently: judged as one thing, applied as another. So
nothing is repaired and nothing is searched for: the file has the one shape that `plan -out` writes,
line by line (`docs/saved-plans.md`), or it is refused. The shape does not tell who wrote the file; a
digest does.
"""

from planspec.saved.contents import LOCK_FILE, Module, SavedPlan, read

__all__ = ["LOCK_FILE", "Module", "SavedPlan", "is_zip", "read"]

_MAGIC = b"PK\x03\x04"
_END = b"PK\x05\x06"
_LONGEST_END = 22 + 65_535


def is_zip(data: bytes) -> bool:
    """Whether any program may take these bytes for a zip; JSON cannot hold what marks its end."""
    return data.startswith(_MAGIC) or _END in data[-_LONGEST_END:]
