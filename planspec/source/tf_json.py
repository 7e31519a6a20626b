"""How is a `.tf.json` file written?

The JSON spelling of Terraform's language: the same blocks and expressions as in HCL, an expression in
a text as `${...}`. Source: Terraform, "JSON Configuration Syntax".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from planspec import syntax
from planspec.errors import BrokenDocument
from planspec.source.expressions import template
from planspec.source.hcl import Written
from planspec.syntax import (
    UNREADABLE,
    Argument,
    Body,
    Dynamic,
    Expression,
    refuse_duplicate_keys,
    values,
)

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:\n]')
# How many labels stand between the word and the body.
_LABELS: Final = {
    "resource": 2,
    "data": 2,
    "module": 1,
    "variable": 1,
    "output": 1,
    "provider": 1,
    "locals": 0,
    "terraform": 0,
}
_NO_TEMPLATES: Final = frozenset({"variable"})
DEEPEST_VALUE: Final = 60

Path = tuple[str | int, ...]


def blocks(text: bytes) -> list[Written]:
    """Return the blocks of a file; none of text that is no JSON object, which Terraform refuses."""
    try:
        refuse_duplicate_keys(text, "source")
        parsed = values(text)
    except (ValueError, RecursionError, BrokenDocument):
        return []
    if not isinstance(parsed, dict):
        return []
    lines = _lines(text.decode())
    return [
        block
        for word, count in _LABELS.items()
        for block in _blocks(word, count, parsed.get(word), lines)
    ]


class _WrittenInJson(Written):
    """A block whose body is there already."""

    def __init__(self, type_: str, labels: tuple[str, ...], body: Body) -> None:
        super().__init__(type_, labels, body.line, None)
        self.__dict__["body"] = body


def _blocks(word: str, count: int, value: Any, lines: Mapping[Path, int]) -> Iterator[Written]:
    waiting: list[tuple[tuple[str, ...], Path, Any]] = [((), (word,), value)]
    while waiting:
        labels, path, held = waiting.pop()
        if isinstance(held, list):
            waiting += [(labels, (*path, place), each) for place, each in enumerate(held)]
        elif isinstance(held, dict) and len(labels) < count:
            waiting += [
                ((*labels, key), (*path, key), each) for key, each in held.items() if key != "//"
            ]
        elif isinstance(held, dict):
            plain = word in _NO_TEMPLATES
            yield _WrittenInJson(word, labels, _body(held, path, lines, plain=plain))


def _body(held: dict[str, Any], path: Path, lines: Mapping[Path, int], *, plain: bool) -> Body:
    line = lines.get(path, 1)
    found: dict[str, Argument] = {}
    for name, value in held.items():
        if name == "dynamic" and isinstance(value, dict):
            for kind, repeated in value.items():
                found[kind] = _dynamic(kind, repeated, (*path, name, kind), lines)
        elif name != "//":
            where = lines.get((*path, name), line)
            found[name] = Argument(where, syntax.Literal(value) if plain else _expression(value))
    return Body(line, found)


def _dynamic(kind: str, value: Any, path: Path, lines: Mapping[Path, int]) -> Argument:
    line = lines.get(path, 1)
    found: list[Body | Dynamic] = []
    for each in value if isinstance(value, list) else [value]:
        match each:
            case {"for_each": over, "content": dict(content)}:
                iterator = each.get("iterator", kind)
                body = _body(content, (*path, "content"), lines, plain=False)
                found.append(Dynamic(line, str(iterator), _expression(over), body))
            case _:
                found.append(Dynamic(line, kind, UNREADABLE, Body(line, {})))
    return Argument(line, syntax.Blocks(tuple(found)))


def _expression(value: Any, depth: int = 0) -> Expression:
    if depth > DEEPEST_VALUE:
        return UNREADABLE
    match value:
        case str():
            return template(value)
        case list():
            return syntax.Sequence(tuple(_expression(each, depth + 1) for each in value))
        case dict():
            return syntax.Mapping(
                tuple((template(key), _expression(each, depth + 1)) for key, each in value.items())
            )
        case _:
            return syntax.Literal(value)


def _lines(text: str) -> dict[Path, int]:
    """On which line each key of valid JSON stands, by the keys and positions that lead to it."""
    found: dict[Path, int] = {}
    path: list[str | int] = []
    line, word = 1, ""
    for sign in _TOKEN.findall(text):
        if sign == "\n":
            line += 1
        elif sign == ":":
            path[-1:] = [values(word.encode())]
            found[tuple(path)] = line
        elif sign in "{[":
            path.append(0)
        elif sign in "}]":
            path.pop()
        elif sign == ",":
            # In a list the next element; in an object the next key takes this place.
            path[-1:] = [path[-1] + 1 if isinstance(path[-1], int) else 0]
        else:
            word = sign
    return found
