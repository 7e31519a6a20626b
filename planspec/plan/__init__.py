"""What the plan states."""

from planspec.masking import REDACTED
from planspec.plan.admission import NOTHING_APPLIED, Noticed, notice
from planspec.plan.configuration import NO_BLOCK, Block, Configuration, Module, ProviderConfiguration
from planspec.plan.marks import (
    MISSING,
    SECRET_VALUE,
    any_true,
    extend,
    is_secret_name,
    json_document,
    known_secrets,
    or_no_mark,
    part_of,
)
from planspec.plan.model import STANDARD_INPUT, Plan, decode, read, read_bytes
from planspec.plan.module_calls import called, enclosing, module_pattern, modules
from planspec.plan.noting import Noting
from planspec.plan.numeric import number
from planspec.plan.paths import (
    ANY_CHILD,
    ANYWHERE,
    EVERY,
    Step,
    compiled,
    filtered_by,
    select,
    steps,
    written,
)
from planspec.plan.prior_state import StateResource
from planspec.plan.ranges import (
    VARIABLE_BEGINS,
    VARIABLE_ENDS,
    Network,
    covered,
    holds,
    matches,
    network,
)
from planspec.plan.resource_change import Action, Entry, Mode, ResourceChange
from planspec.plan.value import ABSENT, NULL, UNKNOWN, Known, Open, Reading, Value, composed

__all__ = [
    "ABSENT",
    "ANYWHERE",
    "ANY_CHILD",
    "EVERY",
    "MISSING",
    "NOTHING_APPLIED",
    "NO_BLOCK",
    "NULL",
    "REDACTED",
    "SECRET_VALUE",
    "STANDARD_INPUT",
    "UNKNOWN",
    "VARIABLE_BEGINS",
    "VARIABLE_ENDS",
    "Action",
    "Block",
    "Configuration",
    "Entry",
    "Known",
    "Mode",
    "Module",
    "Network",
    "Noticed",
    "Noting",
    "Open",
    "Plan",
    "ProviderConfiguration",
    "Reading",
    "ResourceChange",
    "StateResource",
    "Step",
    "Value",
    "any_true",
    "called",
    "compiled",
    "composed",
    "covered",
    "decode",
    "enclosing",
    "extend",
    "filtered_by",
    "holds",
    "is_secret_name",
    "json_document",
    "known_secrets",
    "matches",
    "module_pattern",
    "modules",
    "network",
    "notice",
    "number",
    "or_no_mark",
    "part_of",
    "read",
    "read_bytes",
    "select",
    "steps",
    "written",
]
