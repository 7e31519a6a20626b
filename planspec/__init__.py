"""Policy as code over Terraform plan JSON: the public names."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from planspec.errors import PlanspecError
from planspec.finding import Finding, Judgement, Verdict, judge
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

if TYPE_CHECKING:
    from planspec.judgements.generic.selections import Selection, of_any_type, of_type, with_action

Uphold = Callable[[Judgement], None]
"""What the fixture `uphold` is: it takes the judgement of a Then."""
_FOR_STEPS = frozenset({"Selection", "of_any_type", "of_type", "with_action"})


def __getattr__(name: str) -> Any:
    """Import what steps need when it is asked for: the command line does without most of the time."""
    if name in _FOR_STEPS:
        from planspec.judgements.generic import selections

        return getattr(selections, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


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
    "Selection",
    "Uphold",
    "Value",
    "Verdict",
    "decode",
    "judge",
    "of_any_type",
    "of_type",
    "read",
    "with_action",
]
