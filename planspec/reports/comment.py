"""What does a pull request show in one comment, which each run replaces?

The first line is a mark that nobody sees: a run looks for the comment that begins with it, and
changes that one. GitHub refuses a comment of more than 65,536 characters.
"""

from typing import Final

from planspec.evidence import Evidence
from planspec.reports.markdown import document

LIMIT: Final = 65_536 - 1_024
MARK: Final = "<!-- planspec -->"


def render(evidence: Evidence) -> bytes:
    """Return the comment as Markdown."""
    return f"{MARK}\n{document(evidence, LIMIT)}".encode()
