"""What could a careless change make of providers, variables and outputs?

A provider is bound to no version, a variable takes every value, a secret comes in or goes out.
Source: Terraform, "JSON Output Format", configuration representation, `checks`, `output_changes`.
"""

from collections.abc import Iterator
from typing import Any, Final

from planspec.testing.mutation.json_places import GONE
from planspec.testing.mutation.plan_edits import Document, Written
from planspec.testing.mutation.resource_mutants import Shaped

SECRET: Final = "database_password"  # noqa: S105 (the name of a variable)
_VALUE: Final = "in-the-source"
_ROOT: Final = ("configuration", "root_module")
Places = tuple[tuple[tuple[str, ...], Any], ...]


def of_configuration(plan: Document) -> Iterator[Shaped]:
    """Yield the ways in which what surrounds the resources gets worse."""
    for key, provider in plan.get("configuration", {}).get("provider_config", {}).items():
        if constraint := provider.get("version_constraint"):
            path = ("configuration", "provider_config", key, "version_constraint")
            yield Shaped("unpin", f"provider.{key}", constraint, "(any)", Written(((path, GONE),)))
    checks = plan.get("checks", [])
    for each in checks:
        if each["address"]["kind"] == "var":
            rest = [other for other in checks if other is not each]
            address = f"variable.{each['address']['name']}"
            yield Shaped("drop condition", address, "checked", "any", Written(((("checks",), rest),)))
    variable: Places = ((*_ROOT, "variables", SECRET), {}), (("variables", SECRET), {"value": _VALUE})
    yield Shaped("hand in", f"variable.{SECRET}", "not there", "given", Written(variable))
    yield Shaped("hand out", f"output.{SECRET}", "not there", "a secret", Written(_output()))


def _output() -> Places:
    change = {"actions": ["create"], "before": None, "after": _VALUE, "after_unknown": False}
    change |= {"before_sensitive": False, "after_sensitive": True}
    return (
        ((*_ROOT, "outputs", SECRET), {"sensitive": True, "expression": {"constant_value": _VALUE}}),
        (("output_changes", SECRET), change),
        (("planned_values", "outputs", SECRET), {"sensitive": True, "type": "string", "value": _VALUE}),
    )
