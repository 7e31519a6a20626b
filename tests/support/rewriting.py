"""Other ways to write the same plan, or nearly the same: what the laws of plans are about.

Each takes the plan JSON as it was read and gives another document; `plain` gives back the address that
a resource had before.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.support.plans import resource

Document = dict[str, Any]
Rewriting = Callable[[Document], Document]
WRAPPED = "module.wrapped"
SUFFIX = "_renamed"
_OF_A_GROUP = re.compile(r"aws_vpc_security_group_ingress_rule\.of_(\w+)_\d+$")
_ADDED = re.compile(rf'module\.(wrapped|own_\w+)(\["a"\])?\.|{SUFFIX}|\["only"\]|\[0\](?=$|\.)')


def plain(address: str) -> str:
    """The address without what a rewriting added to it."""
    return _OF_A_GROUP.sub(r"aws_security_group.\1", _ADDED.sub("", address))


def _in_module(document: Document, key: str = "") -> Document:
    prefix = f"{WRAPPED}{key}"

    def moved(entry: Document) -> Document:
        inner = entry.get("module_address")
        return entry | {
            "address": f"{prefix}.{entry['address']}",
            "module_address": f"{prefix}.{inner}" if inner else prefix,
        }

    def moved_state(found: Document) -> Document:
        return found | {
            "address": f"{prefix}.{found['address']}" if found.get("address") else prefix,
            "resources": [
                each | {"address": f"{prefix}.{each['address']}"} for each in found.get("resources", [])
            ],
            "child_modules": [moved_state(each) for each in found.get("child_modules", [])],
        }

    root = document["configuration"]["root_module"]
    inputs = {name: {"references": [f"var.{name}"]} for name in root.get("variables", {})}
    call = {"source": "./wrapped", "expressions": inputs, "module": root}
    if key:
        call["for_each_expression"] = {"references": ["var.keys"]}
    values_of_state = document.get("prior_state", {}).get("values", {})
    read = moved_state(values_of_state.get("root_module", {}))
    handed_on = {
        name: {"expression": {"references": [f"{prefix}.{name}", prefix]}}
        for name in root.get("outputs", {})
    }
    outside = {
        "module_calls": {"wrapped": call},
        "variables": root.get("variables", {}),
        "outputs": handed_on,
    }
    return document | {
        "resource_changes": [moved(entry) for entry in document["resource_changes"]],
        "configuration": document["configuration"] | {"root_module": outside},
        "prior_state": {"values": {"root_module": {"child_modules": [read]}}},
    }


def in_module(document: Document) -> Document:
    """The same infrastructure, called as a module from a root that holds nothing else."""
    return _in_module(document)


def in_repeated_module(document: Document) -> Document:
    """The same, and the module is called for each of one key."""
    return _in_module(document, '["a"]')


def with_unrelated(document: Document) -> Document:
    """The same infrastructure beside something that no requirement is about."""
    unrelated = resource("terraform_data", "unrelated", input="x", triggers_replace=None)
    unrelated["provider_name"] = "terraform.io/builtin/terraform"
    return document | {"resource_changes": [unrelated, *document["resource_changes"]]}


def with_no_op(document: Document) -> Document:
    """The same beside something that exists and stays as it is."""
    values: dict[str, Any] = {"input": "x", "triggers_replace": None}
    still = resource("terraform_data", "still", actions=["no-op"], before=values, **values)
    still["provider_name"] = "terraform.io/builtin/terraform"
    return document | {"resource_changes": [*document["resource_changes"], still]}


def backwards(document: Document) -> Document:
    """The same infrastructure, written from the end."""
    return document | {"resource_changes": document["resource_changes"][::-1]}


def keys_backwards(document: Document) -> Document:
    """Every object of the JSON with its keys in the other order."""

    def turned(tree: Any) -> Any:
        if isinstance(tree, dict):
            return {name: turned(tree[name]) for name in reversed(tree)}
        return [turned(each) for each in tree] if isinstance(tree, list) else tree

    turned_over: Document = turned(document)
    return turned_over


def with_less(document: Document) -> Document:
    """Without the sections that repeat what others say, or that are only for people."""
    spare = {"planned_values", "relevant_attributes", "timestamp", "applyable"}
    return {name: each for name, each in document.items() if name not in spare} | {
        "planned_values": {"root_module": {}}
    }


def of_opentofu(document: Document) -> Document:
    """As OpenTofu writes it: another registry, and no marks of completeness."""
    text = json.dumps(document).replace("registry.terraform.io/", "registry.opentofu.org/")
    written: Document = json.loads(text)
    return {name: each for name, each in written.items() if name not in {"applyable", "complete"}}


def documents_rewritten(document: Document) -> Document:
    """Every JSON document in a string is written with spaces, and its keys in the other order."""

    def rewritten(tree: Any) -> Any:
        if isinstance(tree, dict):
            return {name: rewritten(each) for name, each in tree.items()}
        if isinstance(tree, list):
            return [rewritten(each) for each in tree]
        if isinstance(tree, str) and tree[:1] in "[{" and tree[:1]:
            try:
                return json.dumps(keys_backwards({"x": json.loads(tree)})["x"], indent=1)
            except ValueError:
                return tree
        return tree

    changed = [each | {"change": rewritten(each["change"])} for each in document["resource_changes"]]
    return document | {"resource_changes": changed}


def empty_as_null(document: Document) -> Document:
    """Every empty list or map of the values, in no JSON string, is null instead."""

    def emptied(tree: Any) -> Any:
        if isinstance(tree, dict):
            return {name: None if each in ({}, []) else emptied(each) for name, each in tree.items()}
        return [emptied(each) for each in tree] if isinstance(tree, list) else tree

    made = copy.deepcopy(document)
    for entry in made["resource_changes"]:
        for side in ("before", "after"):
            entry["change"][side] = emptied(entry["change"][side])
    return made


def renamed(document: Document) -> Document:
    """Every managed block has another name."""
    return _readdressed(document, lambda kind, name: f"{kind}.{name}{SUFFIX}", name=SUFFIX)


def for_each_of_one(document: Document) -> Document:
    """Every managed resource that is single has `for_each` over one key instead."""
    return _repeated(document, "for_each_expression", "only", '["only"]')


def count_of_one(document: Document) -> Document:
    """Every managed resource that is single has `count = 1` instead."""
    return _repeated(document, "count_expression", 0, "[0]")


def _repeated(document: Document, expression: str, index: str | int, key: str) -> Document:
    single = {
        (each["type"], each["name"])
        for each in document["resource_changes"]
        if each["mode"] == "managed" and "index" not in each and "module_address" not in each
    }
    made = _readdressed(document, lambda kind, name: f"{kind}.{name}{key}", only=single)
    for entry in made["resource_changes"]:
        if (entry["type"], entry["name"]) in single and entry["mode"] == "managed":
            entry["index"] = index
    for block in made["configuration"]["root_module"].get("resources", []):
        if (block["type"], block["name"]) in single and block["mode"] == "managed":
            block[expression] = {"references": ["var.keys"]}
            block["address"] = f"{block['type']}.{block['name']}"
    return made


def _readdressed(
    document: Document,
    address: Callable[[str, str], str],
    *,
    only: set[tuple[str, str]] | None = None,
    name: str = "",
) -> Document:
    """Write every address and reference of some managed blocks of the root module in another way."""
    made = copy.deepcopy(document)
    entries = [each for each in made["resource_changes"] if each["mode"] == "managed"]
    chosen = {(each["type"], each["name"]) for each in entries if "module_address" not in each}
    chosen = chosen if only is None else only
    for entry in entries:
        if (entry["type"], entry["name"]) in chosen:
            entry["address"] = _at(entry["address"], entry, address)
            entry["name"] += name
    root = made["configuration"]["root_module"]
    for block in root.get("resources", []):
        if block["mode"] == "managed" and (block["type"], block["name"]) in chosen:
            block["address"] = _at(block["address"], block, address)
            block["name"] += name
    by_text = {f"{kind}.{block}": address(kind, block) for kind, block in chosen}
    for block in root.get("resources", []):
        if name and "depends_on" in block:
            block["depends_on"] = [*_references(block["depends_on"], by_text)]
    for expression in _expressions(root):
        expression["references"] = list(_references(expression["references"], by_text))
    return made


def _at(text: str, entry: Document, address: Callable[[str, str], str]) -> str:
    old = f"{entry['type']}.{entry['name']}"
    return text.replace(old, address(entry["type"], entry["name"]), 1)


def _references(written: list[str], by_text: dict[str, str]) -> Iterator[str]:
    """The references as Terraform writes them: with the key, then without it."""
    for reference in written:
        kind, _, rest = reference.partition(".")
        block, sign, attribute = re.match(r"([\w-]+)(.?)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
        new = by_text.get(f"{kind}.{block}")
        if new is None or kind in {"var", "local", "data", "module", "each", "count"}:
            yield reference
        else:
            yield f"{new}{sign}{attribute}"
            if not sign and "[" in new:
                yield f"{kind}.{block}"


def _expressions(tree: Any) -> Iterator[Document]:
    if isinstance(tree, dict):
        if isinstance(tree.get("references"), list):
            yield tree
        for each in tree.values():
            yield from _expressions(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from _expressions(each)


def with_a_compliant_one(document: Document) -> Document:
    """The same, and a log group of which there already is one like it."""
    made = copy.deepcopy(document)
    kind = "aws_cloudwatch_log_group"
    entry = next(
        each for each in made["resource_changes"] if each["type"] == kind and "index" not in each
    )
    block = next(
        each
        for each in made["configuration"]["root_module"]["resources"]
        if each["type"] == kind and each["name"] == entry["name"]
    )
    named = {"address": f"{kind}.second", "name": "second"}
    made["resource_changes"].append(copy.deepcopy(entry) | named)
    made["configuration"]["root_module"]["resources"].append(copy.deepcopy(block) | named)
    return made


def ways_in_split(document: Document) -> Document:
    """Every block of a security group is two: one for the lower ports, one for the upper ones."""
    made = copy.deepcopy(document)
    for entry in made["resource_changes"]:
        for side in ("before", "after"):
            values = entry["change"][side]
            if entry["type"] == "aws_security_group" and values and values.get("ingress"):
                values["ingress"] = [half for each in values["ingress"] for half in _halves(each)]
                unknown = entry["change"]["after_unknown"]
                if side == "after" and isinstance(unknown.get("ingress"), list):
                    unknown["ingress"] = [{} for _ in values["ingress"]]
    return made


def _halves(block: Document) -> list[Document]:
    first, last = block["from_port"], block["to_port"]
    if first >= last:
        return [block]
    middle = (first + last) // 2
    return [block | {"to_port": middle}, block | {"from_port": middle + 1}]


def each_in_a_module(document: Document) -> Document:
    """Every managed block of the root is in a module of its own, with inputs and outputs."""
    made = copy.deepcopy(document)
    root = made["configuration"]["root_module"]
    managed = [each for each in root.get("resources", []) if each["mode"] == "managed"]
    homes = {f"{each['type']}.{each['name']}": f"own_{each['type']}_{each['name']}" for each in managed}
    for entry in made["resource_changes"]:
        home = homes.get(f"{entry['type']}.{entry['name']}")
        if entry["mode"] == "managed" and home and "module_address" not in entry:
            entry["address"] = f"module.{home}.{entry['address']}"
            entry["module_address"] = f"module.{home}"
    calls: Document = root.setdefault("module_calls", {})
    for block in managed:
        block_address = f"{block['type']}.{block['name']}"
        calls[homes[block_address]] = {
            "source": "./own",
            "expressions": _handed_in(block, homes),
            "depends_on": _modules_for_blocks(block.pop("depends_on", []), homes),
            "module": {"resources": [block], "outputs": {}, "variables": {}},
        }
    for expression in _expressions(document["configuration"]["root_module"]):
        for reference in expression["references"]:
            _hand_out(calls, homes, reference)
    for output in root.get("outputs", {}).values():
        for expression in _expressions(output):
            expression["references"] = _all_from_outside(expression["references"], homes)
    root["resources"] = [each for each in root.get("resources", []) if each["mode"] != "managed"]
    for block in root["resources"]:
        block["depends_on"] = _modules_for_blocks(block.get("depends_on", []), homes)
        for expression in _expressions(block):
            expression["references"] = _all_from_outside(expression["references"], homes)
    return made


def _block_of(reference: str) -> tuple[str, str, str]:
    """The block that a reference names, the attribute, and what stands between them."""
    found = re.match(r"([\w-]+\.[\w-]+)(\[[^\]]*\])?(?:\.([\w-]+))?", reference)
    return (found[1], found[3] or "", found[2] or "") if found else ("", "", "")


def _handed_in(block: Document, homes: dict[str, str]) -> Document:
    """Let a block use variables of its module; what is handed to them."""
    inputs: Document = {}
    for expression in _expressions(block):
        written = []
        for reference in expression["references"]:
            if reference.split(".")[0] in {"each", "count", "path", "self", "local", "terraform"}:
                written.append(reference)
                continue
            name = f"in_{len(inputs)}"
            inputs[name] = {"references": _from_outside(reference, homes)}
            written.append(f"var.{name}")
        expression["references"] = written
    return inputs


def _all_from_outside(references: list[str], homes: dict[str, str]) -> list[str]:
    """References as the root writes them; the prefixes after each were never written."""
    named = [
        each
        for before, each in zip(["", *references], references, strict=False)
        if not before.startswith(f"{each}.") and not before.startswith(f"{each}[")
    ]
    return [one for each in named for one in _from_outside(each, homes)]


def _from_outside(reference: str, homes: dict[str, str]) -> list[str]:
    """A reference as the root writes it, once every block has a module around it."""
    block, attribute, key = _block_of(reference)
    if block not in homes:
        return [reference]
    output = _output(attribute, key)
    return [f"module.{homes[block]}.{output}", f"module.{homes[block]}"]


def _modules_for_blocks(depends_on: list[str], homes: dict[str, str]) -> list[str]:
    """What `depends_on` of the root names, once every block has a module around it."""
    return [f"module.{homes[each]}" if each in homes else each for each in depends_on]


def _output(attribute: str, key: str) -> str:
    return "out_" + re.sub(r"\W", "_", f"{attribute}{key}")


def _hand_out(calls: Document, homes: dict[str, str], reference: str) -> None:
    block, attribute, key = _block_of(reference)
    if block in homes:
        outputs = calls[homes[block]]["module"]["outputs"]
        inside = f"{block}{key}" + (f".{attribute}" if attribute else "")
        outputs[_output(attribute, key)] = {"expression": {"references": [inside, block]}}


def ways_in_as_resources(document: Document) -> Document:
    """Every range of every block of a security group is a rule resource of its own."""
    made = copy.deepcopy(document)
    blocks = {
        each["name"]: each
        for each in made["configuration"]["root_module"]["resources"]
        if each["type"] == "aws_security_group"
    }
    for entry in [each for each in made["resource_changes"] if each["type"] == "aws_security_group"]:
        change, name = entry["change"], entry["name"]
        ways = [
            (way, side, source)
            for way in (change["after"] or {}).pop("ingress", None) or []
            for side, sources in (("cidr_ipv4", "cidr_blocks"), ("cidr_ipv6", "ipv6_cidr_blocks"))
            for source in way[sources]
        ]
        change["after_unknown"]["ingress"] = True
        blocks[name]["expressions"].pop("ingress", None)
        for number, (way, side, source) in enumerate(ways):
            rule, block = _rule(f"of_{name}_{number}", name, way, {side: source})
            made["resource_changes"].append(rule)
            made["configuration"]["root_module"]["resources"].append(block)
    return made


def _rule(name: str, group: str, way: Document, sides: Document) -> tuple[Document, Document]:
    kind = "aws_vpc_security_group_ingress_rule"
    values: dict[str, Any] = {
        "cidr_ipv4": None,
        "cidr_ipv6": None,
        "description": way["description"],
        "from_port": way["from_port"],
        "ip_protocol": way["protocol"],
        "prefix_list_id": None,
        "referenced_security_group_id": None,
        "security_group_id": ...,
        "tags": None,
        "tags_all": ...,
        "to_port": way["to_port"],
    }
    owner = f"aws_security_group.{group}"
    written = {"security_group_id": {"references": [f"{owner}.id", owner]}}
    block: Document = {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name}
    block |= {"provider_config_key": "aws", "expressions": written}
    return resource(kind, name, **(values | sides)), block
