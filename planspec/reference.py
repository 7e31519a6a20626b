"""Which resource instances does an attribute refer to?

Follows the expressions of the plan's `configuration` through module inputs and outputs, `count` and
`for_each`, to resource changes and data sources. What cannot be followed (locals are not in plan
JSON) is said, never guessed. Source: Terraform, "JSON Output Format", expression representation.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from planspec.plan import Mode, Plan, ResourceChange
from planspec.value import UNKNOWN, Known

Key = str | int | None
ModulePath = tuple[tuple[str, Key], ...]

DEEPEST_REFERENCE = 50
_TOKEN = re.compile(r'\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\.(\d+)|\.\*|\[\*\]')
_MODULE = re.compile(r'\.?module\.([\w-]+)(?:\[(?:(\d+)|"((?:[^"\\]|\\.)*)")\])?')
_NO_OBJECT = frozenset({"each", "path", "terraform", "self", "count", "ephemeral"})
# Attributes by which other resources name a resource once it exists.
_IDENTITIES = ("id", "arn", "name", "bucket", "identifier", "family", "cluster_identifier")


class Target(NamedTuple):
    """One object that an expression refers to: a resource change, or data read while planning."""

    address: str
    change: ResourceChange | None


class References(NamedTuple):
    """What one attribute refers to. `followed` is false if part of the expression was lost."""

    targets: tuple[Target, ...] = ()
    followed: bool = True


class _Scope(NamedTuple):
    """Where an expression stands: its module instance, and the `for_each` or `count` around it."""

    module: ModulePath
    key: Key
    block: dict[str, Any]


class ReferenceGraph:
    """References between the resources of one plan; each attribute is resolved once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._root: dict[str, Any] = plan.configuration.get("root_module") or {}
        self._instances: dict[tuple[ModulePath, Mode, str, str], list[ResourceChange]] = {}
        self._module_keys: dict[tuple[ModulePath, str], set[Key]] = {}
        for change in plan.changes:
            if not change.deposed:
                self._place(change)
        self._resolved: dict[tuple[str, tuple[str | int, ...]], References] = {}
        self._incoming: dict[tuple[str, tuple[str | int, ...], str], Incoming] = {}
        self._names: dict[str, dict[str, str]] = {}
        self._blocks: dict[tuple[str, ...], dict[tuple[str, str, str], dict[str, Any]]] = {}

    def _place(self, change: ResourceChange) -> None:
        module = module_path(change.module_address)
        where = (module, change.mode, change.type, change.name)
        self._instances.setdefault(where, []).append(change)
        for depth, (call, key) in enumerate(module):
            self._module_keys.setdefault((module[:depth], call), set()).add(key)

    def of(self, change: ResourceChange, *path: str | int) -> References:
        """Return what the attribute at this path refers to, by its expression."""
        asked = (change.address, path)
        if asked not in self._resolved:
            self._resolved[asked] = self._of(change, path)
        return self._resolved[asked]

    def _of(self, change: ResourceChange, path: Sequence[str | int]) -> References:
        module = module_path(change.module_address)
        block = self._block(module, change)
        if block is None:
            return References(followed=False)
        expression: Any = block.get("expressions", {})
        for step in path:
            expression = _step(expression, step)
        if expression is None:
            return References(followed=False)
        return self._resolve(expression, _Scope(module, change.index_key, block), 0)

    def is_written(self, change: ResourceChange, attribute: str) -> bool:
        """Whether the source may set this attribute: no, only if its block is there without it.

        `dynamic` blocks are not in plan JSON, so an unwritten block can still be set by one; its
        values are then in the plan.
        """
        block = self._block(module_path(change.module_address), change)
        return block is None or attribute in block.get("expressions", {})

    def provider_sets(self, change: ResourceChange, argument: str) -> bool | None:
        """Whether the provider configuration of a resource has this argument; None if unknown."""
        block = self._block(module_path(change.module_address), change) or {}
        providers = self._plan.configuration.get("provider_config", {})
        provider = providers.get(block.get("provider_config_key", ""))
        return None if provider is None else argument in provider.get("expressions", {})

    def _module(self, path: ModulePath) -> dict[str, Any]:
        module = self._root
        for call, _ in path:
            module = module.get("module_calls", {}).get(call, {}).get("module", {})
        return module

    def _block(self, path: ModulePath, change: ResourceChange) -> dict[str, Any] | None:
        calls = tuple(call for call, _ in path)
        if calls not in self._blocks:
            self._blocks[calls] = {
                (block.get("mode", "managed"), block.get("type", ""), block.get("name", "")): block
                for block in self._module(path).get("resources", ())
            }
        return self._blocks[calls].get((change.mode.value, change.type, change.name))

    def _resolve(self, expression: Any, scope: _Scope, depth: int) -> References:
        """Resolve every reference inside one expression, which can be a block or a list of them."""
        if depth > DEEPEST_REFERENCE:
            return References(followed=False)
        if isinstance(expression, list):
            parts = [self._resolve(part, scope, depth + 1) for part in expression]
        elif isinstance(expression, dict) and "references" in expression:
            names = maximal(expression["references"])
            parts = [self._follow(tokens(name), scope, depth + 1) for name in names]
        elif isinstance(expression, dict) and not expression:
            return References(followed=False)
        elif isinstance(expression, dict) and "constant_value" not in expression:
            parts = [self._resolve(part, scope, depth + 1) for part in expression.values()]
        else:
            return References()
        return _together(parts)

    def _follow(self, name: list[str | int], scope: _Scope, depth: int) -> References:
        """Follow one reference by its first word."""
        match name:
            case ["var", str(variable), *_]:
                return self._variable(variable, scope, depth)
            case ["module", str(call), *rest]:
                return self._output(call, rest, scope, depth)
            case ["each", "value", *_]:
                return self._each(scope, depth)
            case ["data", str(kind), str(label), *rest]:
                return self._objects(Mode.DATA, kind, label, rest, scope)
            case [str(word), *_] if word in _NO_OBJECT:
                return References()
            case [str(kind), str(label), *rest] if kind != "local":
                return self._objects(Mode.MANAGED, kind, label, rest, scope)
            case _:
                return References(followed=False)

    def _variable(self, variable: str, scope: _Scope, depth: int) -> References:
        if not scope.module:
            return References()
        parent, (call, key) = scope.module[:-1], scope.module[-1]
        block = self._module(parent).get("module_calls", {}).get(call, {})
        expression = block.get("expressions", {}).get(variable)
        if expression is None:
            return References()
        return self._resolve(expression, _Scope(parent, key, block), depth)

    def _each(self, scope: _Scope, depth: int) -> References:
        """`each.value`: the instance of the same key, where `for_each` is over one resource."""
        expression = scope.block.get("for_each_expression")
        if not isinstance(expression, dict) or "references" not in expression:
            return References(followed=False)
        found = self._resolve(expression, scope, depth)
        same_key = tuple(
            target
            for target in found.targets
            if target.change is None or target.change.index_key == scope.key
        )
        return References(same_key, found.followed and bool(same_key))

    def _output(self, call: str, rest: list[str | int], scope: _Scope, depth: int) -> References:
        keys = self._module_keys.get((scope.module, call), {None})
        if rest and (isinstance(rest[0], int) or rest[0] in keys):
            keys, rest = {rest[0]}, rest[1:]
        elif scope.key in keys:
            keys = {scope.key}
        if not rest:
            return References(followed=False)
        parts = []
        for key in sorted(keys, key=str):
            inner = (*scope.module, (call, key))
            output = self._module(inner).get("outputs", {}).get(str(rest[0]), {})
            parts.append(self._resolve(output.get("expression", {}), _Scope(inner, None, {}), depth))
        return _together(parts)

    def _objects(
        self, mode: Mode, kind: str, label: str, rest: list[str | int], scope: _Scope
    ) -> References:
        """The instances of one block: the one with the key asked for, else the own key, else all."""
        instances = self._instances.get((scope.module, mode, kind, label), [])
        keys = {instance.index_key for instance in instances}
        wanted = rest[0] if rest and rest[0] in keys else scope.key
        if wanted is not None and wanted in keys:
            instances = [each for each in instances if each.index_key == wanted]
        if not instances and mode is Mode.DATA:
            return self._data(kind, label, scope)
        return References(tuple(Target(each.address, each) for each in instances))

    def _data(self, kind: str, label: str, scope: _Scope) -> References:
        local = f"data.{kind}.{label}"
        found = tuple(
            Target(address, None)
            for address in self._plan.data_sources
            if address == local or address.endswith(f".{local}") or f"{local}[" in address
        )
        return References(found, bool(found))

    def incoming(self, kind: str, path: tuple[str | int, ...], target_type: str) -> "Incoming":
        """Return which resources of type `kind` refer, at this path, to which of `target_type`."""
        asked = (kind, path, target_type)
        if asked not in self._incoming:
            self._incoming[asked] = self._join(kind, path, target_type)
        return self._incoming[asked]

    def _join(self, kind: str, path: tuple[str | int, ...], target_type: str) -> "Incoming":
        by_name = self._by_identity(target_type)
        known: dict[str, list[ResourceChange]] = {}
        undecided: list[ResourceChange] = []
        for change in self._plan.remaining(kind):
            addresses = self._targets(change, path, target_type, by_name)
            if addresses is None:
                undecided.append(change)
            for address in addresses or ():
                known.setdefault(address, []).append(change)
        return Incoming(known, tuple(undecided))

    def targets(
        self, change: ResourceChange, path: tuple[str | int, ...], target_type: str
    ) -> tuple[str, ...] | None:
        """Return the addresses of `target_type` that this attribute names; None if it cannot be told."""
        return self._targets(change, path, target_type, self._by_identity(target_type))

    def _targets(
        self,
        change: ResourceChange,
        path: tuple[str | int, ...],
        target_type: str,
        by_name: dict[str, str],
    ) -> tuple[str, ...] | None:
        found = self.of(change, *path)
        addresses = tuple(
            dict.fromkeys(
                target.address
                for target in found.targets
                if target.change is not None and target.change.type == target_type
            )
        )
        if addresses and found.followed:
            return addresses
        elements = change.after.get(*path).elements()
        readings = [element.peek() for element in elements]
        if any(reading is UNKNOWN for reading in readings):
            others = found.followed and found.targets
            return addresses or (() if others else None)
        named = [by_name.get(str(each.value)) for each in readings if isinstance(each, Known)]
        return tuple(dict.fromkeys([*addresses, *(name for name in named if name)]))

    def _by_identity(self, target_type: str) -> dict[str, str]:
        """Known names of the resources of one type, each to its address."""
        if target_type not in self._names:
            self._names[target_type] = {
                str(reading.value): change.address
                for change in self._plan.remaining(target_type)
                for name in _IDENTITIES
                if isinstance(reading := change.after.get(name).peek(), Known)
            }
        return self._names[target_type]


def graph(plan: Plan) -> ReferenceGraph:
    """Return the reference graph of this plan, built once and kept with it."""
    built: ReferenceGraph = plan.attached(ReferenceGraph)
    return built


class Incoming(NamedTuple):
    """Resources that refer to a target, by the target's address, and those that might."""

    known: dict[str, list[ResourceChange]]
    undecided: tuple[ResourceChange, ...]

    def to(self, target: ResourceChange) -> tuple[ResourceChange, ...]:
        """Return the resources that surely refer to this target."""
        return tuple(self.known.get(target.address, ()))


def _together(parts: Sequence[References]) -> References:
    targets = dict.fromkeys(target for part in parts for target in part.targets)
    return References(tuple(targets), all(part.followed for part in parts))


def _step(expression: Any, step: str | int) -> Any:
    """One step into nested block expressions; an expression that covers the step is the answer."""
    if isinstance(expression, list):
        return expression[step] if isinstance(step, int) and step < len(expression) else None
    if isinstance(expression, dict):
        if "references" in expression or "constant_value" in expression:
            return expression
        return expression.get(step) if isinstance(step, str) else expression
    return None


def module_path(module_address: str) -> ModulePath:
    """Split `module.shop["eu"].module.api[0]` into call names with their instance keys."""
    path: list[tuple[str, Key]] = []
    position = 0
    while found := _MODULE.match(module_address, position):
        call, count, key = found.groups()
        path.append((call, int(count) if count else None if key is None else _unescape(key)))
        position = found.end()
    return tuple(path)


def tokens(reference: str) -> list[str | int]:
    """Split a reference or an address; keys may hold dots, brackets and escaped quotes."""
    found: list[str | int] = []
    for match in _TOKEN.finditer(reference):
        word, count, key, old_count = match.groups()
        if word is not None:
            found.append(word)
        elif count is not None or old_count is not None:
            found.append(int(count or old_count))
        elif key is not None:
            found.append(_unescape(key))
    return found


def _unescape(key: str) -> str:
    plain = re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], key)
    return plain.replace("$${", "${").replace("%%{", "%{")


def maximal(references: Sequence[str]) -> Iterator[str]:
    """Yield the references as they were written: each is followed by its own prefixes, left out."""
    last: list[str | int] = []
    for reference in references:
        split = tokens(reference)
        if last[: len(split)] != split:
            yield reference
            last = split
