"""What did Terraform read while planning?

Data sources that were read while planning are in no resource change, and neither are objects that
`-target` left out; their values are in `prior_state`. Source: Terraform, "JSON Output Format", state
representation.
"""

from collections.abc import Iterator
from functools import cached_property

import msgspec

from planspec.plan.value import Value
from planspec.syntax import document


class _Resource(msgspec.Struct, frozen=True):
    address: str = ""
    mode: str = "managed"
    type: str = ""
    name: str = ""
    index: str | int | float | None = None
    values: msgspec.Raw = msgspec.Raw(b"null")
    sensitive_values: msgspec.Raw = msgspec.Raw(b"false")


class _Module(msgspec.Struct, frozen=True):
    address: str = ""
    resources: list[_Resource] = []
    child_modules: list["_Module"] = []


class _Values(msgspec.Struct, frozen=True):
    root_module: _Module = _Module()


class _State(msgspec.Struct, frozen=True):
    values: _Values | None = None


_decoder = msgspec.json.Decoder(_State)


class StateResource:
    """One object as it was read: everything in it is known."""

    def __init__(self, resource: _Resource, module_address: str) -> None:
        self.address = resource.address
        self.type = resource.type
        self.name = resource.name
        index = resource.index
        self.key = int(index) if isinstance(index, float) else index
        self.module_address = module_address
        self.is_data = resource.mode == "data"
        # Told without decoding: most objects have no mark, and a state may have thousands.
        self.may_be_marked = b"true" in bytes(resource.sensitive_values)
        self._resource = resource

    @cached_property
    def values(self) -> Value:
        """The values that the state holds."""
        marks = document.values(self._resource.sensitive_values)
        return Value(document.values(self._resource.values), False, marks)


def resources(prior_state: bytes | msgspec.Raw) -> tuple[StateResource, ...]:
    """Return the resources and data sources of a state.

    Raises msgspec.ValidationError for another shape.
    """
    return tuple(_read(_decoder.decode(prior_state)))


def _read(state: _State) -> Iterator[StateResource]:
    modules = [state.values.root_module] if state.values else []
    while modules:
        module = modules.pop()
        modules += module.child_modules
        yield from (StateResource(resource, module.address) for resource in module.resources)
