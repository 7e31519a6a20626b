"""What did the author of a requirement write, word for word?"""

import textwrap
from collections.abc import Sequence
from typing import Final

# What begins the next part of a feature file, besides a tag.
_NEXT: Final = ("Rule:", "Scenario:", "Scenario Outline:", "Scenario Template:", "Example:")
_LIMITS: Final = "A pass "


def as_written(feature: str, line: int) -> str:
    """Return the text of the scenario that begins on this line (from 1), with its own indentation."""
    lines = feature.splitlines()[line - 1 :]
    begins = (number for number, each in enumerate(lines[1:], 1) if each.strip().startswith(_NEXT))
    end = next(begins, len(lines))
    own = lines[:end]
    # What stands right before the next part, its tags and comments, belongs to that one.
    while own and (not own[-1].strip() or (end < len(lines) and own[-1].strip()[0] in "@#")):
        own.pop()
    return textwrap.dedent("\n".join(own))


def rationale(descriptions: Sequence[str]) -> str:
    """Return why something is required: every paragraph but those about what a pass shows."""
    return "\n\n".join(each for each in _paragraphs(descriptions) if not each.startswith(_LIMITS))


def limits(descriptions: Sequence[str]) -> str:
    """Return what a pass shows and does not show: the paragraphs that begin with "A pass"."""
    return "\n\n".join(each for each in _paragraphs(descriptions) if each.startswith(_LIMITS))


def _paragraphs(descriptions: Sequence[str]) -> list[str]:
    """The paragraphs of the descriptions, each as one line."""
    parts = [part for text in descriptions for part in text.split("\n\n")]
    return [" ".join(part.split()) for part in parts if part.strip()]
