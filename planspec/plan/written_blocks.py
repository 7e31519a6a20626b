"""Which blocks of the configuration have an instance in any case, so that a plan has to tell of them?"""

from collections.abc import Iterator

from planspec.plan.configuration import Module
from planspec.plan.model import Plan
from planspec.syntax import module_path

# The names of the module calls around a block, its type and its name.
Block = tuple[tuple[str, ...], str, str]


def blocks_made(plan: Plan) -> dict[Block, str]:
    """Blocks that surely have an instance, and their addresses without keys."""
    return {block: _written(*block) for block in _surely_made(plan.configuration.root_module)}


def calls_of(module_address: str) -> tuple[str, ...]:
    """The names of the module calls in an address, without keys."""
    return tuple(name for name, _ in module_path(module_address))


def _written(calls: tuple[str, ...], kind: str, name: str) -> str:
    return "".join(f"module.{call}." for call in calls) + f"{kind}.{name}"


def _surely_made(root: Module) -> Iterator[Block]:
    """Managed blocks without `count` or `for_each`, also on the way to them."""
    waiting: list[tuple[tuple[str, ...], Module]] = [((), root)]
    while waiting:
        path, module = waiting.pop()
        for block in module.resources:
            if block.mode == "managed" and not block.repeated:
                yield path, block.type, block.name
        calls = module.module_calls if isinstance(module.module_calls, dict) else {}
        for name, call in calls.items():
            if call.module is not None and not call.repeated:
                waiting.append(((*path, name), call.module))
