"""What does the source say, block by block?

The `configuration` section of a plan: expressions by attribute, module calls and their modules. It
holds no locals, no `dynamic` blocks and no values. Source: Terraform, "JSON Output Format",
configuration representation.
"""

from functools import cached_property
from typing import Any, Final

import msgspec

from planspec.syntax import values

NOTHING: Final = msgspec.Raw(b"null")
# No JSON value is empty.
NO_DEFAULT: Final = msgspec.Raw()


class Provisioner(msgspec.Struct, frozen=True):
    """A provisioner of a resource: its type, such as local-exec, and what is written in it."""

    type: str = ""
    expressions: msgspec.Raw = NOTHING


class Block(msgspec.Struct, frozen=True, dict=True):
    """A resource or a module call: its expressions, and what it is repeated over.

    A module call has the source and the versions that are written for it.
    """

    mode: str = "managed"
    type: str = ""
    name: str = ""
    provider_config_key: str = ""
    expressions: dict[str, msgspec.Raw] = {}
    for_each_expression: msgspec.Raw = NOTHING
    count_expression: msgspec.Raw = NOTHING
    module: "Module | None" = None
    source: str = ""
    version_constraint: str = ""
    depends_on: list[str] = []
    provisioners: list[Provisioner] | None = None

    def expression(self, attribute: str) -> Any:
        """The expression of an attribute or a module input; None if none is written."""
        raw = self.expressions.get(attribute)
        return None if raw is None else values(raw)

    @property
    def repeated(self) -> bool:
        """Whether it surely has `count` or `for_each`; one of constants alone is not in the plan."""
        return self.for_each_expression != NOTHING or self.count_expression != NOTHING

    @cached_property
    def for_each(self) -> Any:
        """The expression that the block is repeated over; None if it is not in the plan."""
        return values(self.for_each_expression)


NO_BLOCK: Final = Block()


class Output(msgspec.Struct, frozen=True, dict=True):
    """An output of a module."""

    expression: msgspec.Raw = NOTHING
    sensitive: bool | None = None

    @cached_property
    def value(self) -> Any:
        """The expression of the output."""
        return values(self.expression)


class Variable(msgspec.Struct, frozen=True, dict=True):
    """A variable of a module: its default, and whether it is declared as sensitive."""

    default: msgspec.Raw = NO_DEFAULT
    sensitive: bool | None = None

    @property
    def has_default(self) -> bool:
        """Whether it need not be given."""
        return self.default != NO_DEFAULT

    @cached_property
    def value(self) -> Any:
        """The default; None also where there is none."""
        return values(self.default) if self.has_default else None


class Module(msgspec.Struct, frozen=True, dict=True):
    """One module as it is written, without instances."""

    resources: list[Block] = []
    module_calls: dict[str, Block] | list[Any] = {}
    outputs: dict[str, Output] = {}
    variables: dict[str, Variable] | list[Any] = {}

    @cached_property
    def blocks(self) -> dict[tuple[str, str, str], Block]:
        """The resource blocks by mode, type and name."""
        return {(block.mode, block.type, block.name): block for block in self.resources}

    @property
    def calls(self) -> dict[str, Block]:
        """The module calls by name. Some programs write no calls at all as an empty list."""
        return self.module_calls if isinstance(self.module_calls, dict) else {}

    def call(self, name: str) -> Block:
        """The module call of this name; an empty one where the plan has none."""
        return self.calls.get(name, NO_BLOCK)

    def variable(self, name: str) -> Variable | None:
        """The variable of this name; None where the plan has none."""
        return self.variables.get(name) if isinstance(self.variables, dict) else None


class ProviderConfiguration(msgspec.Struct, frozen=True):
    """A provider: its name, its source, the versions that will do, its arguments."""

    name: str = ""
    full_name: str = ""
    alias: str = ""
    module_address: str = ""
    version_constraint: str = ""
    expressions: dict[str, msgspec.Raw] = {}


class Configuration(msgspec.Struct, frozen=True):
    """The whole section; an empty one where a plan has none."""

    root_module: Module = Module()
    provider_config: dict[str, ProviderConfiguration] = {}


_decoder = msgspec.json.Decoder(Configuration)


def decode(raw: bytes | msgspec.Raw) -> Configuration:
    """Decode the section. Raises msgspec.ValidationError for another shape."""
    return _decoder.decode(raw)
