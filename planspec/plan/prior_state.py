"""What did Terraform read while planning?

Data sources that were read while planning are in no resource change; their values are in
`prior_state`. Source: Terraform, "JSON Output Format", state representation.
"""

from collections.abc import Iterator

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
    """One data source as it was read: everything in it is known."""

    def __init__(self, resource: _Resource, module_address: str) -> None:
        self.address = resource.address
        self.type = resource.type
        self.name = resource.name
        index = resource.index
        self.key = int(index) if isinstance(index, float) else index
        self.module_address = module_address
        self.values = Value(
            document.values(resource.values), False, document.values(resource.sensitive_values)
        )


def data_sources(prior_state: bytes | msgspec.Raw) -> dict[str, StateResource]:
    """Return the data sources of a state by address.

    Raises msgspec.ValidationError for another shape.
    """
    return {each.address: each for each in _read(_decoder.decode(prior_state))}


def _read(state: _State) -> Iterator[StateResource]:
    modules = [state.values.root_module] if state.values else []
    while modules:
        module = modules.pop()
        modules += module.child_modules
        for resource in module.resources:
            if resource.mode == "data":
                yield StateResource(resource, module.address)
