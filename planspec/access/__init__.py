"""Which requests do IAM policies allow, and which that others did not? Decided exactly, without AWS."""

from planspec.access.comparison import compare
from planspec.access.documents import read_document
from planspec.access.evaluation import evaluate
from planspec.access.policy import Documents, Policy, read_policy
from planspec.access.requests import (
    ANONYMOUS,
    Answer,
    Outcome,
    Partly,
    Request,
    Unknown,
    Unreadable,
)
from planspec.access.strangers import acting_for_strangers, public
from planspec.access.words import caller, describe

__all__ = [
    "ANONYMOUS",
    "Answer",
    "Documents",
    "Outcome",
    "Partly",
    "Policy",
    "Request",
    "Unknown",
    "Unreadable",
    "acting_for_strangers",
    "caller",
    "compare",
    "describe",
    "evaluate",
    "public",
    "read_document",
    "read_policy",
]
