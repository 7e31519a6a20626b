"""What does an auditor open? One page, from the evidence record, that loads nothing from anywhere."""

from planspec.evidence import Evidence
from planspec.reports.html_page import layout


def render(evidence: Evidence) -> bytes:
    """Return the page as HTML in UTF-8; without its script it is a plain page that reads as well."""
    return layout.page(evidence).encode("utf-8", "replace")
