"""Policy as code over Terraform plan JSON: the public names."""

from planspec.errors import PlanspecError
from planspec.finding import Finding, Judgement, Verdict
from planspec.plan import (
    ABSENT,
    NULL,
    UNKNOWN,
    Action,
    Known,
    Mode,
    Plan,
    ResourceChange,
    Value,
    decode,
    read,
)

__all__ = [
    "ABSENT",
    "NULL",
    "UNKNOWN",
    "Action",
    "Finding",
    "Judgement",
    "Known",
    "Mode",
    "Plan",
    "PlanspecError",
    "ResourceChange",
    "Value",
    "Verdict",
    "decode",
    "read",
]
