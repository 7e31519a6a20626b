"""Policy as code over Terraform plan JSON: the public names."""

from planspec.errors import PlanspecError
from planspec.finding import Finding, Judgement, Verdict
from planspec.plan import Action, Mode, Plan, ResourceChange, decode, read
from planspec.value import ABSENT, NULL, UNKNOWN, Known, Value

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
