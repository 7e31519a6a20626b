"""What the features require, and whether every word of it can be judged."""

from planspec.features.phrases import STEP_FILE, load, load_steps, readable
from planspec.features.pitfalls import Trap, tag_problem
from planspec.features.prose import as_written, limits, rationale
from planspec.features.reader import files, inspect, placed, read
from planspec.features.scenario import NUMBER, REQUIREMENT, SEVERITIES, Scenario, Step
from planspec.features.selection import other_rules, require_own_numbers, selected

__all__ = [
    "NUMBER",
    "REQUIREMENT",
    "SEVERITIES",
    "STEP_FILE",
    "Scenario",
    "Step",
    "Trap",
    "as_written",
    "files",
    "inspect",
    "limits",
    "load",
    "load_steps",
    "other_rules",
    "placed",
    "rationale",
    "read",
    "readable",
    "require_own_numbers",
    "selected",
    "tag_problem",
]
