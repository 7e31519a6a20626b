"""Do the sections of a plan tell one story?

What Terraform writes holds together; a plan that a recipe changed must still do so, or the test
would be about a plan that cannot be. Source: Terraform, "JSON Output Format".
"""

from collections.abc import Iterator
from typing import Any

from tests.support.recipe_edits import blocks, config_modules, planned_modules
from tests.support.values_and_marks import Document

GONE = ({"delete"}, {"forget"})


def problems(plan: Document) -> Iterator[str]:
    """Say where two sections contradict each other."""
    entries = plan["resource_changes"]
    planned = {
        each["address"]: each["values"]
        for module in planned_modules(plan)
        for each in module.get("resources", [])
    }
    for entry in entries:
        yield from (f"{entry['address']}: {each}" for each in _of_change(entry["change"]))
        if entry["mode"] == "managed" and "deposed" not in entry:
            yield from _of_managed(plan, entry, planned)
    addresses = {each["address"] for each in entries}
    yield from (f"{each}: planned, and no change" for each in planned.keys() - addresses)
    names = {(each["type"], each["name"]) for each in entries}
    for module in config_modules(plan):
        for block in module.get("resources", []):
            repeated = block.keys() & {"count_expression", "for_each_expression"}  # perhaps of nothing
            if (
                block["mode"] == "managed"
                and not repeated
                and (block["type"], block["name"]) not in names
            ):
                yield f"{block['address']}: written, and no change"


def _of_change(change: Document) -> Iterator[str]:
    """One change in itself."""
    actions, before, after = change["actions"], change["before"], change["after"]
    if (after is None) != (set(actions) in GONE):
        yield f"{actions} and after is {'null' if after is None else 'there'}"
    if (before is None) != (actions in (["create"], ["read"])):
        yield f"{actions} and before is {'null' if before is None else 'there'}"
    if actions == ["no-op"] and before != after:
        yield "nothing is done, and before and after differ"
    if actions == ["update"] and before == after:
        yield "an update that changes nothing"
    yield from _undecided(after, change["after_unknown"], "after")


def _undecided(value: Any, mark: Any, path: str) -> Iterator[str]:
    """A value that is decided at apply is not stated, and marks have the shape of values."""
    if mark is True and value is not None:
        yield f"{path} is stated and unknown"
    elif isinstance(mark, dict) and isinstance(value, dict):
        for name, inner in mark.items():
            yield from _undecided(value.get(name), inner, f"{path}.{name}")
    elif isinstance(mark, list) and isinstance(value, list):
        if len(mark) != len(value):
            yield f"{path} has {len(value)} elements and {len(mark)} marks"
        for position, (inner, each) in enumerate(zip(mark, value, strict=False)):
            yield from _undecided(each, inner, f"{path}[{position}]")


def _of_managed(plan: Document, entry: Document, planned: Document) -> Iterator[str]:
    """A managed object against what is planned and what is written."""
    address, after = entry["address"], entry["change"]["after"]
    written = any(blocks(plan, address))
    if after is None:
        if address in planned:
            yield f"{address}: goes, and is planned"
        return
    if planned.get(address) != after:
        yield f"{address}: planned otherwise than changed"
    if not written:
        yield f"{address}: exists, and no block writes it"
