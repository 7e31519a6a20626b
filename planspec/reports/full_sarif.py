"""SARIF with what was accepted too: suppressed results, for readers that know what that means."""

from planspec.evidence import Evidence
from planspec.reports import sarif


def render(evidence: Evidence) -> bytes:
    """Return the log with every finding; those that are waived or known have a suppression."""
    return sarif.render(evidence, accepted=True)
