"""Which sections does a plan JSON document have, each as it is written?

Source: Terraform, "JSON Output Format", plan representation.
"""

from typing import Any, Final

import msgspec

from planspec.syntax import values

# An empty Raw stands for a key that the document does not have; no JSON value is empty.
NOT_GIVEN: Final = msgspec.Raw()


class Document(msgspec.Struct, frozen=True):
    """A plan, its sections not yet decoded."""

    format_version: str | None = None
    terraform_version: str = ""
    timestamp: str | None = None
    resource_changes: list[msgspec.Raw] | None = None
    planned_values: msgspec.Raw = NOT_GIVEN
    configuration: msgspec.Raw = NOT_GIVEN
    prior_state: msgspec.Raw = NOT_GIVEN
    variables: msgspec.Raw = msgspec.Raw(b"{}")
    output_changes: msgspec.Raw = NOT_GIVEN
    resource_drift: list[msgspec.Raw] | None = []
    deferred_changes: msgspec.Raw = NOT_GIVEN
    action_invocations: msgspec.Raw = NOT_GIVEN
    checks: msgspec.Raw = NOT_GIVEN
    complete: bool | None = None
    errored: bool | None = None


def own_bytes(parts: Document) -> Document:
    """The sections that are read later, in bytes of their own, so that the document can go."""
    raw = {name: getattr(parts, name) for name in parts.__struct_fields__}
    own = {name: msgspec.Raw(bytes(part)) for name, part in raw.items() if isinstance(part, msgspec.Raw)}
    drift = [msgspec.Raw(bytes(part)) for part in parts.resource_drift or ()]
    gone = {"resource_changes": None, "planned_values": NOT_GIVEN, "resource_drift": drift}
    return msgspec.structs.replace(parts, **own | gone)


def as_written(parts: Document) -> dict[str, Any]:
    """The sections that are read later, whatever JSON they hold."""
    raw = {name: getattr(parts, name) for name in parts.__struct_fields__}
    given = {name: part for name, part in raw.items() if isinstance(part, msgspec.Raw)}
    return {name: values(part) for name, part in given.items() if part != NOT_GIVEN}
