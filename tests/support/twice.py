"""A plan that makes everything twice: once at the root, once more in a module."""

import copy
import json
from pathlib import Path
from typing import Any

from planspec import plan

SECOND = "module.second"


def twice(path: Path, *more: dict[str, Any]) -> plan.Plan:
    """Read a recorded plan, with `more` changes, and put a copy of all of it into a module."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    changes = [*document["resource_changes"], *more]
    root = document["configuration"]["root_module"]
    inside = {key: copy.deepcopy(value) for key, value in root.items() if key != "module_calls"}
    passed = {name: {"references": [f"var.{name}"]} for name in root.get("variables", {})}
    root["module_calls"] = {"second": {"source": "./second", "expressions": passed, "module": inside}}
    document["resource_changes"] = [*changes, *map(_moved, changes)]
    for section in ("planned_values", "prior_state", "relevant_attributes", "resource_drift", "checks"):
        document.pop(section, None)
    return plan.decode(json.dumps(document).encode(), "twice.json")


def _moved(change: dict[str, Any]) -> dict[str, Any]:
    moved = copy.deepcopy(change)
    return {**moved, "address": f"{SECOND}.{change['address']}", "module_address": SECOND}
