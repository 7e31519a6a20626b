"""Which resource instances does an expression refer to?

Follows the expressions of the plan's `configuration` through module inputs and outputs, `count` and
`for_each`, to resource changes and data sources. What cannot be followed (locals are not in plan
JSON) is said, never guessed. Source: Terraform, "JSON Output Format", expression representation.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from planspec.address import InstanceKey, Key, ModulePath, Token, maximal, module_path
from planspec.change import Mode, ResourceChange
from planspec.configuration import NO_BLOCK, Block, Module
from planspec.plan import Plan

DEEPEST_REFERENCE = 50
_NO_OBJECT = frozenset({"each", "path", "terraform", "self", "count", "ephemeral"})
_REPEATED = frozenset({"each", "count"})


class Target(NamedTuple):
    """One object that an expression refers to: a resource change, or data read while planning."""

    address: str
    change: ResourceChange | None


class References(NamedTuple):
    """What one attribute refers to. `followed` is false if part of the expression was lost."""

    targets: tuple[Target, ...] = ()
    followed: bool = True


LOST: Final = References(followed=False)


class _Scope(NamedTuple):
    """Where an expression stands: its module instance, and the `for_each` or `count` around it.

    `keyed`: the expression uses its own key, so that one instance of many is meant.
    """

    module: ModulePath
    key: Key
    block: Block
    keyed: bool = False


class Resolver:
    """Resolves expressions of one plan; each attribute, and each module value, once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._root = plan.configuration.root_module
        self._instances: dict[tuple[ModulePath, Mode, str, str], list[Target]] = {}
        self._module_keys: dict[tuple[ModulePath, str], set[Key]] = {}
        for change in plan.changes:
            if not change.deposed:
                self._place(change)
        for read in plan.data_sources.values():
            where = (module_path(read.module_address), Mode.DATA, read.type, read.name)
            self._instances.setdefault(where, []).append(Target(read.address, None))
        self._resolved: dict[tuple[str, tuple[str | int, ...]], References] = {}
        self._values: dict[tuple[str, str, ModulePath], References] = {}

    def _place(self, change: ResourceChange) -> None:
        module = module_path(change.module_address)
        where = (module, change.mode, change.type, change.name)
        self._instances.setdefault(where, []).append(Target(change.address, change))
        for depth, (call, key) in enumerate(module):
            self._module_keys.setdefault((module[:depth], call), set()).add(key)

    def of(self, change: ResourceChange, *path: str | int) -> References:
        """Return what the attribute at this path refers to, by its expression."""
        asked = (change.address, path)
        if asked not in self._resolved:
            self._resolved[asked] = self._of(change, path)
        return self._resolved[asked]

    def _of(self, change: ResourceChange, path: Sequence[str | int]) -> References:
        expression = self.written(change, *path)
        if expression is None:
            return LOST
        block = self._block(change) or NO_BLOCK
        scope = _Scope(module_path(change.module_address), change.index_key, block)
        return self._resolve(expression, scope, 0)

    def has_source(self, change: ResourceChange) -> bool:
        """Whether the plan says how this resource is written."""
        return self._block(change) is not None

    def written(self, change: ResourceChange, *path: str | int) -> Any:
        """The expression at this path; None where none is written, or in a `dynamic` block."""
        block = self._block(change)
        if block is None or not path:
            return None
        expression = block.expression(str(path[0]))
        for step in path[1:]:
            expression = _step(expression, step)
        return expression

    def has_block(self, change: ResourceChange) -> bool:
        """Whether the plan holds the block of this resource, as the source writes it."""
        return self._block(change) is not None

    def is_written(self, change: ResourceChange, attribute: str) -> bool:
        """Whether the source may set this attribute: no, only if its block is there without it.

        `dynamic` blocks are not in plan JSON, so an unwritten block can still be set by one; its
        values are then in the plan.
        """
        block = self._block(change)
        return block is None or attribute in block.expressions

    def provider_sets(self, change: ResourceChange, argument: str) -> bool | None:
        """Whether the provider configuration of a resource has this argument; None if unknown."""
        block = self._block(change) or NO_BLOCK
        provider = self._plan.configuration.provider_config.get(block.provider_config_key)
        return None if provider is None else argument in provider.expressions

    def _block(self, change: ResourceChange) -> Block | None:
        module = self._module(module_path(change.module_address))
        return module.blocks.get((change.mode.value, change.type, change.name))

    def _module(self, path: ModulePath) -> Module:
        module = self._root
        for call, _ in path:
            module = module.call(call).module or Module()
        return module

    def _resolve(self, expression: Any, scope: _Scope, depth: int) -> References:
        """Resolve every reference inside one expression, which can be a block or a list of them."""
        if depth > DEEPEST_REFERENCE:
            return LOST
        match expression:
            case list():
                return _together(self._resolve(part, scope, depth + 1) for part in expression)
            case {"references": [*names]} if all(isinstance(name, str) for name in names):
                references = list(maximal(names))
                keyed = any(each[:1] and each[0] in _REPEATED for each in references)
                scope = scope._replace(keyed=keyed)
                return _together(self._follow(each, scope, depth + 1) for each in references)
            case {"constant_value": _, **others} if "references" not in others:
                return References()
            case dict() if expression and "references" not in expression:
                return _together(self._resolve(part, scope, depth + 1) for part in expression.values())
            case _:
                return LOST

    def _follow(self, name: list[Token], scope: _Scope, depth: int) -> References:
        """Follow one reference by its first word."""
        match name:
            case ["var", str(variable), *_]:
                return self._variable(variable, scope, depth)
            case ["module", str(call), *rest]:
                return self._output(call, rest, scope, depth)
            case ["each", "value", *_]:
                return self._each(scope, depth)
            case ["data", str(kind), str(label), *rest]:
                found = self._objects(Mode.DATA, kind, label, rest, scope)
                return found if found.targets else LOST
            case [str(word), *_] if word in _NO_OBJECT:
                return References()
            case [str(kind), str(label), *rest] if kind != "local":
                return self._objects(Mode.MANAGED, kind, label, rest, scope)
            case _:
                return LOST

    def _once(self, name: str, scope: _Scope, expression: Any, depth: int) -> References:
        """Resolve a module's input or output once; one that leads back to itself is lost.

        Terraform has no cycles; an edited plan can.
        """
        kind, _, label = name.partition(" ")
        asked = (kind, label, scope.module if kind == "output" else (*scope.module, ("", scope.key)))
        if asked not in self._values:
            self._values[asked] = LOST
            self._values[asked] = self._resolve(expression, scope, depth)
        return self._values[asked]

    def _variable(self, variable: str, scope: _Scope, depth: int) -> References:
        if not scope.module:
            return References()
        parent, (call, key) = scope.module[:-1], scope.module[-1]
        block = self._module(parent).call(call)
        expression = block.expression(variable)
        if expression is None:
            return References()
        outer = _Scope(parent, key, block)
        return self._once(f"input {call}.{variable}", outer, expression, depth)

    def _each(self, scope: _Scope, depth: int) -> References:
        """`each.value`: the instance of the same key, where `for_each` is over one resource."""
        match scope.block.for_each:
            case {"references": [*names]} as expression if len(list(maximal(names))) == 1:
                found = self._resolve(expression, scope, depth)
            case _:
                return LOST
        same_key = tuple(
            target
            for target in found.targets
            if target.change is None or target.change.index_key == scope.key
        )
        return References(same_key, found.followed and bool(same_key))

    def _output(self, call: str, rest: list[Token], scope: _Scope, depth: int) -> References:
        keys = self._module_keys.get((scope.module, call), {None})
        if rest and isinstance(rest[0], InstanceKey):
            keys, rest = {rest[0].key}, rest[1:]
        elif scope.keyed and scope.key in keys:
            keys = {scope.key}
        if not rest or not isinstance(rest[0], str):
            return LOST
        label = rest[0]
        return _together(
            self._output_of((*scope.module, (call, key)), label, depth) for key in sorted(keys, key=str)
        )

    def _output_of(self, module: ModulePath, label: str, depth: int) -> References:
        output = self._module(module).outputs.get(label)
        if output is None:
            return LOST
        inner = _Scope(module, None, NO_BLOCK)
        return self._once(f"output {label}", inner, output.value, depth)

    def _objects(
        self, mode: Mode, kind: str, label: str, rest: list[Token], scope: _Scope
    ) -> References:
        """The instances of one block: the one with the key asked for, else the own key, else all.

        A splat and a `for` leave no key in the plan, and neither do `each.key` and `count.index`;
        but those are listed beside the reference.
        """
        instances = self._instances.get((scope.module, mode, kind, label), [])
        wanted = rest[0].key if rest and isinstance(rest[0], InstanceKey) else None
        if wanted is None and scope.keyed and any(_key(each) == scope.key for each in instances):
            wanted = scope.key
        if wanted is not None:
            instances = [each for each in instances if each.change is None or _key(each) == wanted]
        return References(tuple(instances))


def named(expression: Any) -> tuple[list[Token], ...]:
    """The names that one expression mentions, each split into its words."""
    names = expression.get("references") if isinstance(expression, dict) else None
    if not isinstance(names, list):
        return ()
    return tuple(maximal([name for name in names if isinstance(name, str)]))


def _key(target: Target) -> Key:
    return target.change.index_key if target.change else None


def _together(parts: Iterable[References]) -> References:
    found = list(parts)
    targets = dict.fromkeys(target for part in found for target in part.targets)
    return References(tuple(targets), all(part.followed for part in found))


def _step(expression: Any, step: str | int) -> Any:
    """One step into nested block expressions; an expression that covers the step is the answer."""
    if isinstance(expression, list):
        return expression[step] if isinstance(step, int) and step < len(expression) else None
    if isinstance(expression, dict):
        if "references" in expression or "constant_value" in expression:
            return expression
        return expression.get(step) if isinstance(step, str) else expression
    return None
