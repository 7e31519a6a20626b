"""Which instances does a block have in this plan?

Source: Terraform, "JSON Output Format": instances are in `resource_changes`, data that was read while
planning is in `prior_state`, and what has `count = 0` is nowhere.
"""

from collections.abc import Mapping
from typing import Final

from planspec.plan import Mode, Plan, ResourceChange
from planspec.references.edges import Target
from planspec.syntax import Key, ModulePath, module_path

_NONE: Final[Mapping[Key, Target]] = {}
Where = tuple[ModulePath, str, str, str]


class Instances:
    """The instances of every block of one plan, and of every module, by their keys."""

    def __init__(self, plan: Plan) -> None:
        # Of changes that are put off or left out, nobody knows how many there will be.
        self.complete = plan.complete is not False and not plan.deferred
        self._by_block: dict[Where, dict[Key, Target]] = {}
        self._of_module: dict[tuple[ModulePath, str], dict[Key, None]] = {}
        self._paths: dict[str, ModulePath] = {}
        leaving: list[ResourceChange] = []
        for change in plan.changes:
            if change.will_exist or change.mode is not Mode.MANAGED:
                self._place(change)
            elif not change.deposed:
                leaving.append(change)
        for read in plan.data_sources.values():
            where = (self.path(read.module_address), "data", read.type, read.name)
            self._by_block.setdefault(where, {}).setdefault(read.key, Target(read.address, None))
        # What goes is what a reference meant only where nothing of its block stays.
        staying = set(self._by_block)
        for change in leaving:
            if self._where(change) not in staying:
                self._place(change)

    def path(self, module_address: str) -> ModulePath:
        """The calls and keys of a module address; each address is read once."""
        if module_address not in self._paths:
            self._paths[module_address] = module_path(module_address)
        return self._paths[module_address]

    def _where(self, change: ResourceChange) -> Where:
        return self.path(change.module_address), change.mode.value, change.type, change.name

    def _place(self, change: ResourceChange) -> None:
        if change.deposed:
            return
        where = self._where(change)
        target = Target(change.address, change)
        self._by_block.setdefault(where, {}).setdefault(change.index_key, target)
        for depth, (call, key) in enumerate(where[0]):
            self._of_module.setdefault((where[0][:depth], call), {})[key] = None

    def of(self, module: ModulePath, mode: str, kind: str, name: str) -> Mapping[Key, Target]:
        """The instances of a block in one module instance, by key; a single one has the key None."""
        return self._by_block.get((module, mode, kind, name), _NONE)

    def keys_of(self, parent: ModulePath, call: str) -> tuple[Key, ...]:
        """The keys of a module that is called; one without any resource counts as a single one."""
        return tuple(self._of_module.get((parent, call), {None: None}))
