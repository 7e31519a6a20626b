"""What the HCL files say that the plan does not."""

from planspec.source.files import counting
from planspec.source.module import ModuleSource, Placed
from planspec.source.source import (
    NO_SOURCE,
    Source,
    folder_of,
    of_folder,
    of_guessed_folder,
    of_saved,
    of_zip,
    shown_path,
    shown_prefix,
    without_keys,
)

__all__ = [
    "NO_SOURCE",
    "ModuleSource",
    "Placed",
    "Source",
    "counting",
    "folder_of",
    "of_folder",
    "of_guessed_folder",
    "of_saved",
    "of_zip",
    "shown_path",
    "shown_prefix",
    "without_keys",
]
