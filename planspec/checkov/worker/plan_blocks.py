"""Which blocks does the plan hold, in the form of Checkov's definitions?

The blocks themselves are made by Checkov's own functions. What is new is how the configuration of a
resource is found: by an index, where Checkov looks through all of them for each resource.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from checkov.terraform import plan_parser

from planspec.checkov.worker.unsupported import Unsupported

Block = dict[str, Any]
Definition = dict[str, list[Block]]


def definition(template: Mapping[str, Any]) -> Definition:
    """Return the blocks of a plan by kind, in Checkov's order.

    Raises Unsupported when two of them have one address, or one has none.
    """
    changes = plan_parser._get_resource_changes(template=template)
    found: Definition = {
        "provider": plan_parser._get_providers(template=template),
        "resource": [],
        "data": [],
    }
    root = template.get("configuration", {}).get("root_module", {})
    planned = template.get("planned_values", {}).get("root_module", {})
    of_root = _first_by(root.get("resources", []), "type", "name")
    for resource in planned.get("resources", []):
        _add(found, resource, of_root.get((resource["type"], resource["name"])), changes)
    indexes: dict[int, dict[tuple[Any, ...], Any]] = {}
    for module in _modules(planned.get("child_modules", [])):
        address = module.get("address", "")
        configured = plan_parser._get_module_call_resources(
            module_address=address, root_module_conf=root
        )
        # Every instance of a module has the same list, so it is indexed once.
        index = indexes.setdefault(id(configured), {})
        if configured and not index:
            index.update(_first_by(configured, "address"))
        for resource in module.get("resources", []):
            _add(found, resource, index.get((_inside(resource["address"], address),)), changes)
    _require_unique(found)
    return found


def addresses(found: Definition) -> Iterator[Any]:
    """The address of each block."""
    for kind, blocks in found.items():
        for block in blocks:
            ((_, named),) = block.items()
            conf = named if kind == "provider" else next(iter(named.values()))
            yield conf.get(plan_parser.TF_PLAN_RESOURCE_ADDRESS)


def _first_by(configured: list[Any], *keys: str) -> dict[tuple[Any, ...], Any]:
    """The first of equals, which is the one that a search from the start finds."""
    index: dict[tuple[Any, ...], Any] = {}
    for each in configured:
        index.setdefault(tuple(each[key] for key in keys), each)
    return index


def _modules(children: list[Any]) -> Iterator[Any]:
    """Child modules in Checkov's order: what is nested in one comes before it."""
    for child in children:
        yield from _modules(child.get("child_modules", []))
        yield child


def _inside(address: str, module: str) -> str | None:
    """The address of a resource as its module's configuration writes it."""
    block = address.rsplit("[", 1)[0] if address.endswith("]") else address
    if module and block.startswith(f"{module}."):
        return block.removeprefix(f"{module}.")
    return None


def _add(found: Definition, resource: Any, configured: Any, changes: Any) -> None:
    block, kind, prepared = plan_parser._prepare_resource_block(
        resource=resource, conf=configured, resource_changes=changes
    )
    if prepared is True and kind in {"resource", "data"}:
        found[kind].append(block)


def _require_unique(found: Definition) -> None:
    every = list(addresses(found))
    if not all(isinstance(each, str) and each for each in every):
        raise Unsupported("a resource of the plan has no address")
    if len(set(every)) != len(every):
        raise Unsupported("addresses in the plan are not unique")
