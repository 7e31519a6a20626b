"""What does the summary of a job show? Markdown, of which GitHub takes one mebibyte for a step."""

from typing import Final

from planspec.evidence import Evidence
from planspec.reports.markdown import document

LIMIT: Final = 1024 * 1024 - 1024


def render(evidence: Evidence) -> bytes:
    """Return the report as Markdown."""
    return document(evidence, LIMIT).encode()
