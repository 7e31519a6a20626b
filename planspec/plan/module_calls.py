"""Which modules does a configuration call, and what do the addresses of their instances look like?"""

import re
from collections.abc import Iterator
from typing import Final

from planspec.errors import UnknownName
from planspec.plan.configuration import Module

_KEYS: Final = re.compile(r"\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\]")
_CALL: Final = re.compile(r"module\.([\w-]+)(\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\])?(?:\.|\Z)")


def module_pattern(module: str) -> re.Pattern[str]:
    """What the addresses of a module's instances look like; a call without a key means all of them.

    Raises UnknownName for a text that is no module address.
    """
    calls = _CALL.findall(module)
    if "".join(f"module.{name}{key}." for name, key in calls) != f"{module.removesuffix('.')}.":
        raise UnknownName(f'module "{module}": write it as Terraform does: "module.{module}"')
    levels = (
        rf"module\.{re.escape(name)}" + (re.escape(key) if key else rf"(?:{_KEYS.pattern})?")
        for name, key in calls
    )
    return re.compile(r"\.".join(levels) + r"(?:[.\[].*)?\Z", re.DOTALL)


def enclosing(address: str) -> Iterator[str]:
    """The module instances that an address leads through, the outermost first."""
    so_far = ""
    for name, key in _CALL.findall(address):
        so_far += f"{'.' if so_far else ''}module.{name}{key}"
        yield so_far


def modules(root: Module) -> Iterator[Module]:
    """Every module of the configuration, the root first; one that is called twice comes twice."""
    open_modules = [root]
    while open_modules:
        module = open_modules.pop()
        yield module
        open_modules += [inner for _, inner in _calls(module)]


def called(root: Module) -> Iterator[str]:
    """The address of every module that is called, without keys."""
    open_modules = [("", root)]
    while open_modules:
        above, module = open_modules.pop()
        for name, inner in _calls(module):
            here = f"{above}.module.{name}" if above else f"module.{name}"
            yield here
            open_modules.append((here, inner))


def _calls(module: Module) -> list[tuple[str, Module]]:
    calls = module.module_calls
    found = calls.items() if isinstance(calls, dict) else ()
    return [(name, call.module or Module()) for name, call in found]
