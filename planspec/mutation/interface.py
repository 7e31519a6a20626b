"""What could a careless change make of providers, variables and outputs?

A provider is bound to no version, a variable takes every value, a secret comes in or goes out.
Source: Terraform, "JSON Output Format", configuration representation, `checks`, `output_changes`.
"""

import copy
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from planspec.mutation.edits import Document
from planspec.mutation.trees import GONE

SECRET: Final = "database_password"  # noqa: S105 (the name of a variable)
_VALUE: Final = "in-the-source"
_ROOT: Final = ("configuration", "root_module")


Places = tuple[tuple[tuple[str, ...], Any], ...]


class Written(NamedTuple):
    """What stands at some places of the document afterwards; GONE for nothing."""

    places: Places


class Changed(NamedTuple):
    """A change: the operator, the address of the block, what was and what comes, the edit."""

    operator: str
    address: str
    old: str
    new: str
    edit: Written


def of_configuration(plan: Document) -> Iterator[Changed]:
    """Yield the ways in which what surrounds the resources gets worse."""
    for key, provider in plan.get("configuration", {}).get("provider_config", {}).items():
        if constraint := provider.get("version_constraint"):
            path = ("configuration", "provider_config", key, "version_constraint")
            yield Changed("unpin", f"provider.{key}", constraint, "(any)", Written(((path, GONE),)))
    checks = plan.get("checks", [])
    for each in checks:
        if each["address"]["kind"] == "var":
            rest = [other for other in checks if other is not each]
            address = f"variable.{each['address']['name']}"
            yield Changed("drop condition", address, "checked", "any", Written(((("checks",), rest),)))
    variable: Places = ((*_ROOT, "variables", SECRET), {}), (("variables", SECRET), {"value": _VALUE})
    yield Changed("hand in", f"variable.{SECRET}", "not there", "given", Written(variable))
    yield Changed("hand out", f"output.{SECRET}", "not there", "a secret", Written(_output()))


def _output() -> Places:
    change = {"actions": ["create"], "before": None, "after": _VALUE, "after_unknown": False}
    change |= {"before_sensitive": False, "after_sensitive": True}
    return (
        ((*_ROOT, "outputs", SECRET), {"sensitive": True, "expression": {"constant_value": _VALUE}}),
        (("output_changes", SECRET), change),
        (("planned_values", "outputs", SECRET), {"sensitive": True, "type": "string", "value": _VALUE}),
    )


def write(plan: Document, edit: Written) -> None:
    """Write an edit into a decoded plan."""
    for (*path, last), value in edit.places:
        place = plan
        for step in path:
            place = place.setdefault(step, {})
        if value is GONE:
            place.pop(last, None)
        else:
            place[last] = copy.deepcopy(value)
