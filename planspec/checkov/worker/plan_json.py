"""How does plan JSON become what Checkov's own reader makes of it?

Checkov reads JSON with PyYAML, which takes most of the time of a small plan. Here the `json` module
reads it and gives the same tree: the same extra keys, the same numbers, the same refusal of a key that
stands twice. Lines are those of a plan on one line, which `terraform show -json` writes.
"""

import json
import re
from pathlib import Path
from typing import Any

from planspec.checkov.worker.unsupported import Unsupported

# PyYAML takes a number for text when it has an exponent without a point or without a sign.
_YAML_FLOAT = re.compile(r"-?\d+\.\d*(?:[eE][-+]\d+)?")
# Checkov's reader would open the file that such a text names.
_INCLUDES = "${file("


class _Mark:
    """A place in the text, as PyYAML's nodes carry it."""

    line = 0
    column = 0


class Node(dict[str, Any]):
    """A JSON object with the two marks that Checkov looks for."""

    __slots__ = ()
    start_mark = end_mark = _Mark()


def read(path: Path) -> dict[str, Any] | None:
    """Return the plan, or None for JSON that Checkov takes for no plan.

    Raises Unsupported for what Checkov's reader treats in a way of its own, and ValueError for text
    that is no JSON.
    """
    text = path.read_text(encoding="utf-8")
    if _INCLUDES in text:
        raise Unsupported(f"the plan holds {_INCLUDES}...)")
    template = json.loads(
        text, object_pairs_hook=_object, parse_float=_number, parse_constant=lambda name: name
    )
    if not isinstance(template, dict) or not {"terraform_version", "planned_values"} <= template.keys():
        return None
    return template


def _object(pairs: list[tuple[str, Any]]) -> Node:
    node = Node(pairs)
    if len(node) != len(pairs):
        raise Unsupported("an object of the plan has one key twice")
    node["__file__"] = "plan.json"
    node["__startline__"] = node["__endline__"] = 1
    return node


def _number(text: str) -> float | str:
    return float(text) if _YAML_FLOAT.fullmatch(text) else text
