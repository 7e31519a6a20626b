"""Subjects of requirements, what can be asked of each, and how a step is looked up among them."""

from planspec.vocabulary.choices import SUBJECTS
from planspec.vocabulary.lookup import (
    BY_NAME,
    BY_WHEN,
    FORMS,
    Said,
    judged,
    of_subject,
    problem,
    said,
    selected,
    shown_of,
    unknown_subject,
)
from planspec.vocabulary.model import Inputs, Outcome, Subject
from planspec.vocabulary.outcomes import OUTCOMES

__all__ = [
    "BY_NAME",
    "BY_WHEN",
    "FORMS",
    "OUTCOMES",
    "SUBJECTS",
    "Inputs",
    "Outcome",
    "Said",
    "Subject",
    "judged",
    "of_subject",
    "problem",
    "said",
    "selected",
    "shown_of",
    "unknown_subject",
]
