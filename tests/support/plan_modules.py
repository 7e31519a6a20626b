"""Blocks and modules, and the plan JSON that Terraform would print for them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Key = int | str | None
Json = dict[str, Any]


@dataclass
class Block:
    """One block of a module: its instances share the expressions and differ in values."""

    kind: str
    name: str
    keys: tuple[Key, ...]
    values: list[Json]
    mode: str = "managed"
    references: dict[str, list[str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The address inside the module."""
        return f"{'data.' if self.mode == 'data' else ''}{self.kind}.{self.name}"


@dataclass
class Module:
    """Blocks, and calls of other modules with their keys."""

    blocks: list[Block] = field(default_factory=list)
    calls: dict[str, tuple[tuple[Key, ...], "Module"]] = field(default_factory=dict)


def with_key(address: str, key: Key) -> str:
    """The address of an instance."""
    return address if key is None else f"{address}[{json.dumps(key)}]"


def document(root: Module) -> bytes:
    """The plan JSON of a root module, on one line."""
    planned = _planned(root, "")
    every = [*instances(root, "")]
    made = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {key: planned[key] for key in planned if key != "address"}},
        "resource_changes": [_change(each) for each in every if each["mode"] == "managed"],
        "configuration": {
            "provider_config": {
                "aws": {"name": "aws", "expressions": {"region": {"constant_value": "us-east-1"}}},
                "aws.west": {
                    "name": "aws",
                    "alias": "west",
                    "expressions": {"access_key": {"constant_value": "AKIAIOSFODNN7EXAMPLE"}},
                },
            },
            "root_module": _configured(root),
        },
    }
    return json.dumps(made).encode()


def instances(module: Module, before: str) -> Iterator[Json]:
    """Every planned instance, with its address."""
    for block in module.blocks:
        for key, values in zip(block.keys, block.values, strict=True):
            yield {
                "address": before + with_key(block.address, key),
                "mode": block.mode,
                "type": block.kind,
                "name": block.name,
                **({} if key is None else {"index": key}),
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "schema_version": 0,
                "values": values,
                "sensitive_values": {},
            }
    for name, (keys, called) in module.calls.items():
        for key in keys:
            yield from instances(called, f"{before}{with_key(f'module.{name}', key)}.")


def _planned(module: Module, before: str) -> Json:
    children = [
        _planned(called, f"{before}{with_key(f'module.{name}', key)}.")
        for name, (keys, called) in module.calls.items()
        for key in keys
    ]
    own = list(instances(Module(module.blocks), before))
    return {
        "resources": own,
        "address": before.rstrip("."),
        **({"child_modules": children} if children else {}),
    }


def _configured(module: Module) -> Json:
    resources = [
        {
            "address": block.address,
            "mode": block.mode,
            "type": block.kind,
            "name": block.name,
            "provider_config_key": "aws",
            "expressions": {
                **{name: {"constant_value": value} for name, value in block.values[0].items()},
                **{name: {"references": names} for name, names in block.references.items()},
            },
        }
        for block in module.blocks
    ]
    calls = {
        name: {"source": f"./{name}", "module": _configured(called)}
        for name, (_, called) in module.calls.items()
    }
    return {"resources": resources, **({"module_calls": calls} if calls else {})}


def _change(planned: Json) -> Json:
    same = ("address", "mode", "type", "name", "index", "provider_name")
    return {
        **{key: planned[key] for key in same if key in planned},
        "change": {
            "actions": ["create"],
            "before": None,
            "after": planned["values"],
            "after_unknown": {},
            "before_sensitive": False,
            "after_sensitive": {},
        },
    }
