"""What does the source say, block by block?

The `configuration` section of a plan: expressions by attribute, module calls and their modules. It
holds no locals, no `dynamic` blocks and no values. Source: Terraform, "JSON Output Format",
configuration representation.
"""

from functools import cached_property
from typing import Any, Final

import msgspec

from planspec import document

NOTHING: Final = msgspec.Raw(b"null")


class Block(msgspec.Struct, frozen=True, dict=True):
    """A resource or a module call: its expressions, and what it is repeated over."""

    mode: str = "managed"
    type: str = ""
    name: str = ""
    provider_config_key: str = ""
    expressions: dict[str, msgspec.Raw] = {}
    for_each_expression: msgspec.Raw = NOTHING
    count_expression: msgspec.Raw = NOTHING
    module: "Module | None" = None

    def expression(self, attribute: str) -> Any:
        """The expression of an attribute or a module input; None if none is written."""
        raw = self.expressions.get(attribute)
        return None if raw is None else document.values(raw)

    @property
    def repeated(self) -> bool:
        """Whether it surely has `count` or `for_each`; one of constants alone is not in the plan."""
        return self.for_each_expression != NOTHING or self.count_expression != NOTHING

    @cached_property
    def for_each(self) -> Any:
        """The expression that the block is repeated over; None if it is not in the plan."""
        return document.values(self.for_each_expression)


NO_BLOCK: Final = Block()


class Output(msgspec.Struct, frozen=True, dict=True):
    """An output of a module."""

    expression: msgspec.Raw = NOTHING

    @cached_property
    def value(self) -> Any:
        """The expression of the output."""
        return document.values(self.expression)


class Module(msgspec.Struct, frozen=True, dict=True):
    """One module as it is written, without instances."""

    resources: list[Block] = []
    module_calls: dict[str, Block] | list[Any] = {}
    outputs: dict[str, Output] = {}
    variables: dict[str, msgspec.Raw] = {}

    @cached_property
    def blocks(self) -> dict[tuple[str, str, str], Block]:
        """The resource blocks by mode, type and name."""
        return {(block.mode, block.type, block.name): block for block in self.resources}

    def call(self, name: str) -> Block:
        """The module call of this name; an empty one where the plan has none.

        Some programs write no calls at all as an empty list.
        """
        calls = self.module_calls
        return calls.get(name, NO_BLOCK) if isinstance(calls, dict) else NO_BLOCK


class ProviderConfiguration(msgspec.Struct, frozen=True):
    """A provider: its name, the versions that will do, its arguments."""

    name: str = ""
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
