"""What does another program read? The evidence record itself."""

from planspec.evidence import Evidence, encode


def render(evidence: Evidence) -> bytes:
    """Return the record as JSON."""
    return encode(evidence)
