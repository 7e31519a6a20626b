"""Read and write places inside decoded JSON: values, marks beside them, and expressions.

A place is a path as people write it (`rule[0].status`), and what is missing on the way is made in place.
`planspec.testing.mutation.json_places` gives changed copies of what stands there and refuses the rest.
"""

import re
from typing import Any

Document = dict[str, Any]
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def split(path: str) -> list[str | int]:
    """Split `rule[0].status` into its steps."""
    return [int(number) if number else name for number, name in _STEP.findall(path)]


def at(tree: Any, path: str) -> Any:
    """Return what stands at the path; None where nothing does."""
    for step in split(path):
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def put(tree: Any, path: str, value: Any) -> None:
    """Write a value; blocks and lists on the way are made where they are missing."""
    *way, last = split(path)
    for step, following in zip(way, split(path)[1:], strict=True):
        tree = _enter(tree, step, [] if isinstance(following, int) else {})
    if isinstance(tree, list) and isinstance(last, int) and last == len(tree):
        tree.append(value)
    else:
        tree[last] = value


def _enter(tree: Any, step: str | int, empty: Any) -> Any:
    if isinstance(tree, list) and isinstance(step, int) and step == len(tree):
        tree.append(empty)
    elif isinstance(tree, dict) and tree.get(str(step)) is None:
        tree[step] = empty
    return tree[step]


def forget(tree: Any, path: str) -> None:
    """Take a value away: an attribute goes, an element of a list becomes null."""
    *way, last = split(path)
    for step in way:
        if isinstance(tree, list) and isinstance(step, int) and step >= len(tree):
            return
        tree = tree.get(step) if isinstance(tree, dict) else tree[step]
        if tree is None:
            return
    if isinstance(tree, list):
        tree[int(last)] = None
    else:
        tree.pop(last, None)


def marks(value: Any) -> Any:
    """The marks of a value that nothing is to be said about, shaped as Terraform shapes them."""
    if isinstance(value, dict):
        inner = {name: marks(each) for name, each in value.items()}
        return {name: each for name, each in inner.items() if each is not False}
    if isinstance(value, list):
        return [marks(each) for each in value]
    return False


def mark(holder: dict[str, Any], key: str, path: str, value: Any) -> None:
    """Write a mark into `after_unknown` or its like; False in an object is left out."""
    if not isinstance(holder.get(key), dict):
        holder[key] = {}
    tree: Any = holder[key]
    *way, last = split(path)
    for step, following in zip(way, split(path)[1:], strict=True):
        if tree is True:
            raise ValueError(f"{path}: a part of something unknown; set the whole of it")
        if isinstance(tree, list) and int(step) < len(tree) and tree[int(step)] is False:
            tree[int(step)] = {}
        tree = _enter(tree, step, [] if isinstance(following, int) else {})
    if isinstance(tree, dict) and value is False:
        tree.pop(last, None)
    elif isinstance(tree, list) and last == len(tree):
        tree.append(value)
    else:
        tree[last] = value


def write(expressions: dict[str, Any], path: str, expression: dict[str, Any]) -> None:
    """Write an expression of `configuration`; a part of an expression becomes a part of its list."""
    name, *rest = split(path)
    _write(expressions, str(name), rest, expression)


def _write(block: dict[str, Any], name: str, rest: list[str | int], expression: dict[str, Any]) -> None:
    present = block.get(name)
    if not rest:
        block[name] = expression
    elif present is None or isinstance(present, list):
        position = rest.pop(0) if isinstance(rest[0], int) else 0
        inner = block.setdefault(name, [])
        while len(inner) <= int(position):
            inner.append({})
        if rest:
            _write(inner[int(position)], str(rest[0]), rest[1:], expression)
    elif {"references", "constant_value"} & present.keys() or not present:
        _widen(block, name, expression)
    else:
        rest = rest[1:] if isinstance(rest[0], int) else rest
        _write(present, str(rest[0]), rest[1:], expression)


def _widen(block: dict[str, Any], name: str, expression: dict[str, Any]) -> None:
    """One expression covers the place: it now also refers to what the new part refers to."""
    references = [*block[name].get("references", []), *expression.get("references", [])]
    block[name] = {"references": references} if references else {}
