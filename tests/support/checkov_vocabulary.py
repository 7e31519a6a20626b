"""Which resource types, attributes and values do Checkov's checks speak of? Prints JSON.

Run with Checkov's Python. The proof makes plans from it, so that every check gets something to say:
`types` holds the words of each type, `paths` the places that its checks look at with values that they
know, `connections` the pairs of types that belong together.
"""

import inspect
import json
import sys
import types
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import checkov
from checkov.terraform.checks.data.registry import data_registry
from checkov.terraform.checks.resource.registry import resource_registry

GRAPH_CHECKS = Path(checkov.__path__[0], "terraform", "checks", "graph_checks")


def words_of(code: types.CodeType) -> set[str]:
    """Every text in the code of a check."""
    found: set[str] = set()
    for constant in code.co_consts:
        if isinstance(constant, str):
            found.add(constant)
        elif isinstance(constant, tuple | frozenset):
            found |= {each for each in constant if isinstance(each, str)}
        elif isinstance(constant, types.CodeType):
            found |= words_of(constant)
    return {each for each in found if 0 < len(each) < 40 and "\n" not in each}


def of_python(check: Any) -> tuple[set[str], list[tuple[str, list[Any]]]]:
    """The words of a check, and the place that it looks at with the values that it knows."""
    words: set[str] = set()
    for name, function in inspect.getmembers(type(check), inspect.isfunction):
        if name not in {"__init__", "run"} and function.__module__ == type(check).__module__:
            words |= words_of(function.__code__)
    paths = []
    values: list[Any] = []
    for name in ("get_expected_values", "get_forbidden_values"):
        try:
            values += getattr(check, name)()
        except Exception:  # noqa: BLE001, S112
            continue
    try:
        paths.append((check.get_inspected_key(), [each for each in values if plain(each)]))
    except Exception:  # noqa: BLE001
        paths = []
    return words, paths


def plain(value: Any) -> bool:
    """Whether JSON can hold it."""
    return isinstance(value, str | int | float | bool | None)


def conditions(definition: Any) -> list[dict[str, Any]]:
    """Every condition of a graph check."""
    if isinstance(definition, list):
        return [each for part in definition for each in conditions(part)]
    if isinstance(definition, dict):
        own = [definition] if "cond_type" in definition else []
        return own + [each for part in definition.values() for each in conditions(part)]
    return []


def of_data(path: Path) -> Iterator[tuple[str, tuple[str, list[Any]] | None, list[str]]]:
    """For each type in a graph check: a place with known values, or the types it is connected to."""
    try:
        definition = json.loads(path.read_text(encoding="utf-8"))["definition"]
    except ValueError:
        return
    for each in conditions(definition):
        kinds = each.get("resource_types") or []
        for kind in [kinds] if isinstance(kinds, str) else kinds:
            if each["cond_type"] == "attribute":
                value = each.get("value")
                values = [one for one in (value if isinstance(value, list) else [value]) if plain(one)]
                yield kind, (each.get("attribute", ""), values), []
            elif each["cond_type"] == "connection":
                yield kind, None, each["connected_resource_types"]


def main() -> None:
    """Print the vocabulary."""
    found: dict[str, Any] = defaultdict(lambda: {"words": set(), "paths": []})
    connections = set()
    for registry in (resource_registry, data_registry):
        for kind, check in registry.all_checks():
            words, paths = of_python(check)
            found[kind]["words"] |= words
            found[kind]["paths"] += paths
    for path in sorted(GRAPH_CHECKS.rglob("*.json")):
        for kind, place, others in of_data(path):
            found[kind]["paths"] += [place] if place else []
            connections |= {(kind, other) for other in others}
            for other in others:
                found[other]["paths"] += []
    told = {
        "types": {
            kind: {"words": sorted(each["words"]), "paths": each["paths"]}
            for kind, each in sorted(found.items())
            if kind != "*"
        },
        "data": sorted({kind for kind, _ in data_registry.all_checks()}),
        "connections": sorted(connections),
    }
    json.dump(told, sys.stdout)


main()
