"""The reports: one module for each format, made from the evidence record alone.

A new format is one module with a function `render(evidence) -> bytes`, and one line here.
"""

import importlib
from collections.abc import Mapping
from typing import Final, NamedTuple

from planspec.evidence import Evidence


class Format(NamedTuple):
    """A format: what it is for, whether it shows what was read, and whether it may share a terminal."""

    about: str
    whole: bool = True
    lines: bool = False


FORMATS: Final[Mapping[str, Format]] = {
    "console": Format("what a person reads in the terminal", whole=False, lines=True),
    "json": Format("the evidence record, from which all others can be made again"),
    "html": Format("one page for an auditor, complete in itself"),
    "junit": Format("JUnit XML, for the test view of a CI system", whole=False),
    "sarif": Format("SARIF 2.1.0, for code scanning, without what was accepted", whole=False),
    "full-sarif": Format("the same with accepted findings, suppressed", whole=False),
    "gitlab": Format("GitLab's code quality report", whole=False),
    "github": Format("annotations on a pull request of GitHub", whole=False, lines=True),
    "summary": Format("Markdown for the summary of a job", whole=False),
    "comment": Format("Markdown for one comment on a pull request, to be updated", whole=False),
    "conftest": Format("text in the shape of conftest", whole=False, lines=True),
    "atlantis": Format("text for Atlantis' custom policy checks", whole=False, lines=True),
    "oscal": Format("OSCAL assessment results"),
}
"""Every format by its name, which is also the name of its module here, with _ for -."""


def render(name: str, evidence: Evidence) -> bytes:
    """Return the report in this format; only its own module is imported."""
    rendered: bytes = importlib.import_module(f"planspec.reports.{name.replace('-', '_')}").render(
        evidence
    )
    return rendered
