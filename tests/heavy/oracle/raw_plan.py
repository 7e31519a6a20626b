"""A plan as its JSON says it: values, what apply decides, and where references lead.

Nothing of planspec is used here, so that a fault in its reading of plans shows too.
Source: Terraform, "JSON Output Format".
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeAlias

SATISFIED, VIOLATED, UNDETERMINED = "satisfied", "violated", "undetermined"
Verdicts = dict[str, str]


class Unknown:
    """Known after apply."""


UNKNOWN: Final[Unknown] = Unknown()


def merged(value: Any, unknown: Any) -> Any:
    """A value of a plan with UNKNOWN wherever apply decides."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and isinstance(value, dict | None):
        known = value or {}
        names = [*known, *(name for name in unknown if name not in known)]
        both = {name: merged(known.get(name), unknown.get(name)) for name in names}
        return both if value is not None or any(each is not None for each in both.values()) else None
    if isinstance(unknown, list) and isinstance(value, list | None):
        known_items = value or []
        length = max(len(known_items), len(unknown))
        pad = [None] * length
        pairs = zip([*known_items, *pad][:length], [*unknown, *pad][:length], strict=True)
        return [merged(*pair) for pair in pairs]
    return value


def worst(verdicts: Iterable[str]) -> str:
    """Violated if one is, else undetermined if one is, else satisfied."""
    found = set(verdicts)
    return next((each for each in (VIOLATED, UNDETERMINED) if each in found), SATISFIED)


def best(verdicts: Iterable[str]) -> str:
    """Satisfied if one is, else undetermined if one is, else violated."""
    found = set(verdicts)
    return next((each for each in (SATISFIED, UNDETERMINED) if each in found), VIOLATED)


def asked(value: Any, holds: Callable[[Any], bool], null: Any = None) -> str:
    """Whether a value holds; UNKNOWN for null where the provider writes its default into every plan."""
    meant = null if value is None else value
    if meant is UNKNOWN:
        return UNDETERMINED
    return SATISFIED if holds(meant) else VIOLATED


def is_true(value: Any) -> bool:
    """Whether a switch is on, as a boolean or as text."""
    return value in (True, "true")


def is_off(value: Any) -> bool:
    """Whether a switch is off."""
    return not is_true(value)


def items(value: Any) -> list[Any]:
    """The elements of a list or the one value in its place; UNKNOWN stays one element."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def within(value: Any, name: str) -> list[Any]:
    """What the blocks of this name hold; an unknown block holds something unknown."""
    return [UNKNOWN] if value is UNKNOWN else items(value.get(name) if isinstance(value, dict) else None)


def of_blocks(value: Any, *names: str) -> list[Any]:
    """What stands at the end of nested blocks; nothing where a block is not there."""
    found = [value]
    for name in names[:-1]:
        found = [inner for each in found for inner in within(each, name)]
    return [UNKNOWN if each is UNKNOWN else (each or {}).get(names[-1]) for each in found]


class Resource:
    """One entry of `resource_changes`, with UNKNOWN where apply decides."""

    def __init__(self, raw: dict[str, Any], config: dict[str, Any]) -> None:
        self.raw, self.config = raw, config
        self.address: str = raw["address"]
        self.type: str = raw["type"]
        self.module: str = raw.get("module_address") or ""
        self.index = raw.get("index")
        self.name = f"{self.type}.{raw['name']}"
        change = raw["change"]
        self.actions: list[str] = change["actions"]
        self.before: dict[str, Any] = change.get("before") or {}
        self.values: dict[str, Any] = merged(change.get("after"), change.get("after_unknown")) or {}

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def stays(self) -> bool:
        """Whether the object is there after apply, and of this configuration."""
        return self.actions not in (["delete"], ["forget"]) and "deposed" not in self.raw

    @property
    def is_new(self) -> bool:
        """Whether apply makes the object, perhaps in the place of another."""
        return "create" in self.actions

    def told(self, name: str) -> Any:
        """A value; UNKNOWN too where a plan that somebody cut or wrote leaves the argument out."""
        return self.values.get(name, UNKNOWN)

    def written(self, name: str) -> bool:
        """Whether the configuration sets an argument; what nobody wrote is the provider's."""
        return name in self.config.get("expressions", {})

    def block(self, name: str) -> Any:
        """A nested block, or None where nobody wrote it and the provider fills it in at apply."""
        value = self[name]
        return None if value is UNKNOWN and self.config and not self.written(name) else value


class Target(NamedTuple):
    """What a reference leads to: resources of this name in this module, perhaps of one key."""

    module: str
    name: str
    key: Any = None
    keyed: bool = False


STEP: Final = re.compile(r'(?:module\.)?[\w-]+(?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])?')
KEY: Final = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]')


def without_keys(address: str) -> str:
    """An address as configuration names it."""
    return KEY.sub("", address)


class Plan:
    """A plan: what is there after apply, by type, and where references lead."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.root: dict[str, Any] = raw.get("configuration", {}).get("root_module", {})
        every = [
            Resource(each, self._configured(each))
            for each in raw.get("resource_changes", [])
            if each.get("provider_name", "").endswith(("hashicorp/aws", "aws"))
        ]
        self.managed = [each for each in every if each.raw.get("mode") == "managed"]
        self.data = [each for each in every if each.raw.get("mode") == "data"]
        self.there = [each for each in self.managed if each.stays]

    def _module(self, address: str) -> dict[str, Any]:
        module = self.root
        for name in re.findall(r"module\.([\w-]+)", without_keys(address)):
            module = module.get("module_calls", {}).get(name, {}).get("module", {})
        return module

    def _configured(self, raw: dict[str, Any]) -> dict[str, Any]:
        own = ("data." if raw.get("mode") == "data" else "") + f"{raw['type']}.{raw['name']}"
        listed = self._module(raw.get("module_address") or "").get("resources", [])
        return next((each for each in listed if each.get("address") == own), {})

    def of(self, *types: str) -> list[Resource]:
        """The resources of some types that are there after apply."""
        return [each for each in self.there if each.type in types]

    @cached_property
    def everything(self) -> list[Resource]:
        """Managed resources that stay, and data sources that are read at apply."""
        return [*self.there, *self.data]

    def targets(self, module: str, expression: Any, depth: int = 0) -> Iterator[Target | None]:
        """Where the references of an expression lead; None for what the JSON does not follow."""
        if isinstance(expression, list):
            for each in expression:
                yield from self.targets(module, each, depth)
            return
        if not isinstance(expression, dict) or depth > 20:
            return
        if "references" not in expression:
            for name, inner in expression.items():
                if name != "constant_value":
                    yield from self.targets(module, inner, depth)
            return
        references = expression["references"]
        longest = [
            each
            for each in references
            if not any(
                other != each and other.startswith((f"{each}.", f"{each}[")) for other in references
            )
        ]
        for reference in longest:
            yield from self._follow(module, reference, depth)

    def _follow(self, module: str, reference: str, depth: int) -> Iterator[Target | None]:
        parts = STEP.findall(reference)
        head = without_keys(parts[0]) if parts else ""
        if reference.startswith("module."):
            name, output = parts[0], without_keys(parts[1]) if len(parts) > 1 else ""
            inner = f"{module}.{name}" if module else name
            declared = self._module(inner).get("outputs", {}).get(output)
            if declared is None:
                yield None
            else:
                yield from self.targets(inner, declared.get("expression", {}), depth + 1)
        elif head == "var":
            outer, _, called = without_keys(module).rpartition("module.")
            call = self._module(outer.rstrip(".")).get("module_calls", {}).get(called, {})
            given = call.get("expressions", {}).get(without_keys(parts[1]))
            if module and given is not None:
                parent = re.sub(r"\.?module\.[\w-]+(\[[^\]]*\])?$", "", module)
                yield from self.targets(parent, given, depth + 1)
            else:
                yield None
        elif head in ("each", "count", "path", "terraform", "self"):
            return
        elif head == "local":
            yield None
        else:
            data = "data." if head == "data" else ""
            type_, named = parts[1:3] if data else parts[:2]
            key = KEY.search(named)
            yield Target(
                module,
                f"{data}{type_}.{without_keys(named)}",
                None if key is None else (key[1] if key[2] is None else int(key[2])),
                key is not None,
            )

    def reached(self, source: Resource, expression: Any) -> tuple[list[Resource], bool]:
        """The resources that an expression of another refers to, and whether that is all it says."""
        found: list[Resource] = []
        whole = True
        for target in self.targets(source.module, expression):
            if target is None:
                whole = False
                continue
            prefix = target.name.startswith("data.")
            alike = [
                each
                for each in (self.data if prefix else self.managed)
                if each.name == target.name.removeprefix("data.")
                and (each.module == target.module or without_keys(each.module) == target.module)
            ]
            exact = [
                each for each in alike if each.index == (target.key if target.keyed else source.index)
            ]
            found += [each for each in exact or alike if each not in found]
        return found, whole

    def about(
        self, owner: Resource, types: Iterable[str], argument: str, *known_as: str
    ) -> list[tuple[Resource, bool]]:
        """Resources that an argument ties to an owner, and whether that is certain."""
        names = {each for each in (owner[name] for name in ("id", *known_as)) if isinstance(each, str)}
        tied = []
        for each in self.of(*types):
            value = each[argument]
            if isinstance(value, str):
                if value in names:
                    tied.append((each, True))
            elif value is UNKNOWN or each.written(argument):
                found, whole = self.reached(each, each.config.get("expressions", {}).get(argument))
                if owner in found or not found:
                    tied.append((each, found == [owner] and whole))
        return tied


Statements: TypeAlias = list[dict[str, Any]] | Unknown


def statements(plan: Plan, source: Resource, argument: str, value: Any) -> Statements:
    """The statements of a policy: as JSON, or of the data sources that it is made by."""
    if isinstance(value, str):
        try:
            document = json.loads(value)
        except ValueError:
            return []
        return [each for each in items(document.get("Statement")) if isinstance(each, dict)]
    if not isinstance(value, Unknown):
        return []
    expression = source.config.get("expressions", {}).get(argument)
    found, whole = plan.reached(source, expression)
    documents = [each for each in found if each.type == "aws_iam_policy_document"]
    if not whole or len(documents) != 1 or len(found) != 1:
        return UNKNOWN
    return of_document(documents[0])


def of_document(document: Resource) -> Statements:
    """The statements that a data source aws_iam_policy_document will write."""
    merged_ones = [document[each] for each in ("source_policy_documents", "override_policy_documents")]
    stated = items(document["statement"])
    if any(merged_ones) or UNKNOWN in stated:
        return UNKNOWN
    names = ("effect", "condition", "principals", "not_principals")
    if any(UNKNOWN in items(each.get(name)) for each in stated for name in names):
        return UNKNOWN
    return [_of_block(each) for each in stated]


def _of_block(block: dict[str, Any]) -> dict[str, Any]:
    """A statement of a data source as the JSON of the policy says it."""
    conditions: dict[str, dict[str, Any]] = {}
    for each in items(block.get("condition")):
        conditions.setdefault(each.get("test"), {})[each.get("variable")] = each.get("values")
    return {
        "Effect": block.get("effect") or "Allow",
        "Action": block.get("actions"),
        "NotAction": block.get("not_actions"),
        "Resource": block.get("resources"),
        "NotResource": block.get("not_resources"),
        "Principal": {
            each.get("type"): each.get("identifiers") for each in items(block.get("principals"))
        },
        "Condition": conditions,
    }
