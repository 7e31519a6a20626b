"""What is asked of Checkov?"""

from pathlib import Path
from typing import NamedTuple

from planspec.checkov.answer import Runner


class Request(NamedTuple):
    """What is asked of Checkov."""

    plan: bytes
    """Plan JSON in UTF-8."""
    checkov: Path
    """Checkov's program."""
    custom_checks: Path | None = None
    """A folder of checks that Checkov loads beside its own."""
    runner: Runner = "fast"
    """What answers, if it can."""
    corrected: bool = False
    """Whether each policy is judged for itself, where Checkov judges the first of a name for all."""
    looked: bool = False
    """Whether the answer has to tell what the checks looked at."""
