"""Plans for tests, written so that a test reads like a sentence.

`...` is a value that apply decides, at any depth; `Sensitive(x)` is a value that Terraform marks. What
comes out is plan JSON as Terraform writes it, decoded by planspec itself.
"""

import json
from collections.abc import Mapping, Sequence
from types import EllipsisType
from typing import Any, NamedTuple

from hypothesis import strategies as st

from planspec import Plan, ResourceChange, Value, decode

Described = Mapping[str, Any]
PROVIDER = "registry.terraform.io/hashicorp/aws"


class Sensitive(NamedTuple):
    """A value that Terraform marks as sensitive."""

    value: Any


def unwrapped(value: Any) -> Any:
    """The value without its mark."""
    return unwrapped(value.value) if isinstance(value, Sensitive) else value


def known(value: Any) -> Any:
    """The tree as `after` holds it: unknown members are left out, unknown elements are null."""
    match unwrapped(value):
        case dict() as members:
            return {name: known(part) for name, part in members.items() if unwrapped(part) is not ...}
        case list() as elements:
            return [None if unwrapped(part) is ... else known(part) for part in elements]
        case plain:
            return plain


def unknown(value: Any) -> Any:
    """The tree as `after_unknown` holds it: known members are left out, known elements are false."""
    match unwrapped(value):
        case EllipsisType():
            return True
        case dict() as members:
            marks = {name: unknown(part) for name, part in members.items()}
            return {name: mark for name, mark in marks.items() if mark is not False}
        case list() as elements:
            return [unknown(part) for part in elements]
        case _:
            return False


def sensitive(value: Any) -> Any:
    """The tree as `after_sensitive` holds it."""
    match value:
        case Sensitive():
            return True
        case dict() as members:
            marks = {name: sensitive(part) for name, part in members.items()}
            return {name: mark for name, mark in marks.items() if mark is not False}
        case list() as elements:
            return [sensitive(part) for part in elements]
        case _:
            return False


def value(described: Any) -> Value:
    """One value as it would stand in a resource, with its unknown and sensitive parts."""
    return Value(known(described), unknown(described), sensitive(described))


def quoted(key: str | float) -> str:
    """An instance key as Terraform writes it into an address."""
    if isinstance(key, int | float):
        return f"[{int(key)}]"
    text = json.dumps(key, ensure_ascii=False)
    return f"[{text.replace('${', '$${').replace('%{', '%%{')}]"


def resource(
    kind: str = "aws_db_instance",
    name: str = "orders",
    /,
    *,
    actions: Sequence[str] = ("create",),
    before: Any = None,
    module: str = "",
    index: str | float | None = None,
    mode: str = "managed",
    deposed: str | None = None,
    **after: Any,
) -> dict[str, Any]:
    """One entry of `resource_changes`; by default an object about to be created.

    An object that goes has no values after the change, and one that stays had the same before; one that
    changes had some values, if no more is said.
    """
    address = f"{kind}.{name}" if mode == "managed" else f"{mode}.{kind}.{name}"
    address += "" if index is None else quoted(index)
    if before is None and not {"create", "read", "open"}.issuperset(actions):
        before = after if list(actions) == ["no-op"] else {}
    gone = set(actions) in ({"delete"}, {"forget"}, {"open"})
    entry: dict[str, Any] = {
        "address": f"{module}.{address}" if module else address,
        "mode": mode,
        "type": kind,
        "name": name,
        "provider_name": PROVIDER,
        "change": {
            "actions": list(actions),
            "before": known(before),
            "after": None if gone else known(after),
            "after_unknown": {} if gone else unknown(after),
            "before_sensitive": sensitive(before),
            "after_sensitive": False if gone else sensitive(after),
        },
    }
    optional = {"module_address": module or None, "index": index, "deposed": deposed}
    return entry | {key: given for key, given in optional.items() if given is not None}


def document(*resources: Described, **sections: Any) -> dict[str, Any]:
    """The plan JSON of these resources; other sections are given by their names."""
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": list(resources),
        **sections,
    }


def follow_changes(plan_document: dict[str, Any]) -> dict[str, Any]:
    """Let the values that are planned be those after the changes, which were edited."""
    after = {each["address"]: each["change"]["after"] for each in plan_document["resource_changes"]}
    waiting = [plan_document["planned_values"]["root_module"]]
    while waiting:
        module = waiting.pop()
        waiting += module.get("child_modules", [])
        module["resources"] = [
            {**each, "values": after[each["address"]]}
            for each in module.get("resources", [])
            if each["address"] in after
        ]
    return plan_document


def encode(plan_document: Described) -> bytes:
    """Write plan JSON as Terraform does: one line of UTF-8."""
    return json.dumps(plan_document, ensure_ascii=False, separators=(",", ":")).encode()


def plan(*resources: Described, **sections: Any) -> Plan:
    """The plan of these resources, read back from its JSON."""
    return decode(encode(document(*resources, **sections)), "plan.json")


def change(*args: str, **attributes: Any) -> ResourceChange:
    """One resource change, read back from the JSON of its plan."""
    return plan(resource(*args, **attributes)).changes[0]


def refers(*references: str) -> dict[str, Any]:
    """An expression with references, each followed by its prefixes as Terraform writes them."""
    return {"references": list(references)}


def constant(given: Any) -> dict[str, Any]:
    """An expression without references."""
    return {"constant_value": given}


def block(kind: str, name: str, /, *, mode: str = "managed", **expressions: Any) -> dict[str, Any]:
    """A resource block of the configuration; `for_each` and `count` are what it is repeated over."""
    repeated = {
        f"{word}_expression": expressions.pop(word)
        for word in ("for_each", "count")
        if word in expressions
    }
    return {
        "address": f"{kind}.{name}",
        "mode": mode,
        "type": kind,
        "name": name,
        "provider_config_key": "aws",
        "expressions": expressions,
        **repeated,
    }


def module(
    *blocks: Described, calls: Described | None = None, outputs: Described | None = None
) -> dict[str, Any]:
    """A module of the configuration; outputs are given as expressions."""
    written = {name: {"expression": expression} for name, expression in (outputs or {}).items()}
    return {"resources": list(blocks), "module_calls": dict(calls or {}), "outputs": written}


def call(called: Described, /, *, for_each: Any = None, **inputs: Any) -> dict[str, Any]:
    """A module call of the configuration."""
    repeated = {} if for_each is None else {"for_each_expression": for_each}
    return {"source": "./called", "expressions": inputs, "module": dict(called), **repeated}


def configuration(*blocks: Described, **root: Any) -> dict[str, Any]:
    """The configuration whose root module holds these blocks."""
    providers = root.pop("provider_config", {"aws": {"name": "aws"}})
    return {"provider_config": providers, "root_module": module(*blocks, **root)}


names = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
keys = st.none() | st.integers(0, 3) | st.text(st.characters(codec="utf-8"), max_size=4)
texts = st.text(st.characters(codec="utf-8"), max_size=8)
members = st.sampled_from(["a", "Owner"]) | texts
scalars = st.none() | st.booleans() | st.integers() | texts
known_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(members, inner, max_size=3),
    max_leaves=8,
)
# As a provider writes them: scalars, lists, maps, blocks; any part decided at apply or marked.
values = st.recursive(
    scalars | st.just(...),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(members, inner, max_size=3)
        | st.builds(Sensitive, inner)
    ),
    max_leaves=8,
)


@st.composite
def resources(draw: st.DrawFn, kind: str = "aws_thing") -> dict[str, Any]:
    """A resource of this type with some attributes, in some module, about to be changed somehow."""
    actions = draw(
        st.sampled_from(
            [("create",), ("update",), ("no-op",), ("delete",), ("delete", "create"), ("forget",)]
        )
    )
    attributes: dict[str, Any] = draw(st.dictionaries(st.sampled_from(ATTRIBUTES), values, max_size=4))
    return resource(
        kind,
        draw(names),
        actions=actions,
        index=draw(keys),
        module=draw(st.sampled_from(["", "module.shop", 'module.shop["eu"].module.api[0]'])),
        before=None if actions == ("create",) else attributes,
        **attributes,
    )


ATTRIBUTES = ("size", "name_prefix", "tags", "rule", "policy", "enabled")
several_resources = st.lists(resources(), max_size=5, unique_by=lambda entry: str(entry["address"]))
