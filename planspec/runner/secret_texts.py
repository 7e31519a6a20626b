"""Which texts of a plan are secrets?

Terraform's marks are incomplete: a provider copies a marked value elsewhere, a literal in the
configuration carries no mark, and a variable is marked where it is declared. So a secret is every text
that is marked anywhere, stands under the name of a secret, or looks like one, with what it is the
encoding of. Source: Terraform, "Sensitive Data in State" and "JSON Output Format".
"""

import base64
import binascii
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote

from planspec.plan import (
    SECRET_VALUE,
    Configuration,
    Plan,
    Value,
    any_true,
    extend,
    is_secret_name,
    json_document,
    modules,
    or_no_mark,
    part_of,
)
from planspec.syntax import values

# An access key of AWS by itself; a private key is longer.
SHORTEST_KEY: Final = 20
_KEY_LIKE: Final = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[^\s$(){}]{12,}")
# Keys of a block are attributes, which the provider names; those of a map may be anything.
_ATTRIBUTE: Final = re.compile(r"[a-z][a-z_]*")
_CONTAINERS: Final = (dict, list)


def in_plan(plan: Plan) -> Iterator[str]:
    """Yield every secret of a plan."""
    yield from _in_changes(plan)
    for read in plan.prior_state:
        if read.is_data or read.may_be_marked:
            yield from _of_value(read.values)
    for drifted in plan.drift:
        yield from _marked_anywhere(drifted)
    for output in plan.outputs.values():
        yield from _of_value(output)
    declared = plan.configuration.root_module
    for name, value in plan.variables.items():
        written = declared.variable(name)
        if (written is not None and written.sensitive is True) or is_secret_name(name):
            yield from _texts(value.stated)
        else:
            yield from _found(value.stated, False)
    yield from _written(plan.configuration)


def in_broken_plan(plan: Plan) -> Iterator[str]:
    """Yield the secrets of a plan that has a section of another shape than Terraform writes."""
    yield from in_document(plan.late_sections)
    yield from _in_changes(plan)
    for drifted in plan.drift:
        yield from _marked_anywhere(drifted)


def _in_changes(plan: Plan) -> Iterator[str]:
    for change in plan.changes:
        yield from _of_value(change.after)
        yield from _of_value(change.before)


def in_document(tree: Any) -> Iterator[str]:
    """Yield the secrets of a document whose sections may have any shape: by mark, by name, by looks."""
    yield from _marked_anywhere(tree)
    yield from _found(tree, False)
    yield from _constants(_at(tree, "configuration"))
    root = _at(tree, "configuration", "root_module", "variables")
    declared = root if isinstance(root, dict) else {}
    for name, written in declared.items():
        if _at(written, "sensitive") is True or is_secret_name(name):
            yield from _texts(_at(tree, "variables", name, "value"))
            yield from _texts(_at(written, "default"))


def _at(tree: Any, *keys: str) -> Any:
    """The part of a tree under these keys; None where there is none."""
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def _marked_anywhere(tree: Any) -> Iterator[str]:
    """Whatever stands next to its marks, in any section."""
    open_parts = [tree]
    while open_parts:
        part = open_parts.pop()
        if isinstance(part, dict):
            for name, marks in (
                ("before", part.get("before_sensitive")),
                ("after", part.get("after_sensitive")),
                ("values", part.get("sensitive_values")),
                ("value", part.get("sensitive")),
            ):
                yield from _found(part.get(name), marks if any_true(marks or False) else False)
            open_parts += part.values()
        elif isinstance(part, list):
            open_parts += part


def _of_value(value: Value) -> Iterator[str]:
    marks = value.marked
    return _found(value.stated, marks if any_true(marks) else False)


def _texts(tree: Any) -> Iterator[str]:
    """Every text in a tree that is a secret as a whole: keys of maps, numbers and single lines too."""
    open_parts = [tree]
    while open_parts:
        part = open_parts.pop()
        if isinstance(part, str):
            inner = json_document(part)
            if isinstance(inner, dict | list):
                open_parts.append(inner)
            yield from _readings(part, lines=not isinstance(inner, dict | list))
        elif isinstance(part, dict):
            open_parts += part.values()
            yield from (name for name in part if not _ATTRIBUTE.fullmatch(name))
        elif isinstance(part, list):
            open_parts += part
        elif isinstance(part, int | float | Decimal) and not isinstance(part, bool):
            yield from _figures(part)


def _readings(text: str, *, lines: bool) -> Iterator[str]:
    """A text, its lines, and what it is the encoding of."""
    yield text
    if text.strip() != text:
        yield text.strip()
    if "%" in text:
        yield unquote(text)
    yield from _decoded(text)
    if lines and "\n" in text:
        # What is shown of a text of many lines may be one of them, such as a part of a key.
        yield from (line.strip() for line in text.splitlines())


def _decoded(text: str) -> Iterator[str]:
    """What a text in Base64 says, if that is text again."""
    if len(text) < SHORTEST_KEY // 2:
        return
    try:
        plain = base64.b64decode(text.encode("ascii"), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return
    if plain.isprintable():
        yield plain


def _figures(number: float | Decimal) -> Iterator[str]:
    """The ways in which a number is written."""
    yield str(number)
    exact = Decimal(str(number))
    if exact.is_finite() and abs(exact.adjusted()) <= SHORTEST_KEY:
        yield from (format(exact, "f"), format(exact.normalize(), "f"))


def _texts_by_name(secret: Any) -> Iterator[str]:
    """The texts under the name of a secret; of a script, such as user data, not each line is one."""
    if not _is_script(secret):
        yield from _texts(secret)
        return
    yield secret
    yield from (line for line in secret.splitlines() if _KEY_LIKE.fullmatch(line))


def _is_script(secret: Any) -> bool:
    return isinstance(secret, str) and "\n" in secret and "PRIVATE KEY" not in secret


def _found(known: Any, marks: Any) -> Iterator[str]:
    """The secrets in a tree: by mark, by name, and by what they look like.

    What a container gets as its environment is hidden there; elsewhere it is a secret only if its
    name says so.
    """
    open_parts = [(known, marks)]
    while open_parts:
        part, mark = open_parts.pop()
        if mark is True:
            yield from _texts(part)
        elif isinstance(part, dict):
            for secret in _named(part):
                yield from _texts_by_name(secret)
            open_parts += _members(part, mark)
        elif isinstance(part, list):
            for place, inner in enumerate(part):
                open_parts.append((inner, _mark(mark, part, place) if mark else False))
        elif isinstance(part, str) and _may_hold(part):
            for match in SECRET_VALUE.finditer(part):
                yield from _readings(match[match.lastindex or 0], lines=False)
            inner = json_document(part)
            if isinstance(inner, dict | list):
                open_parts.append((inner, False))


def _named(part: dict[str, Any]) -> Iterator[Any]:
    """What stands under the name of a secret, or beside it: {"name": "TOKEN", "value": ...}."""
    yield from (part[name] for name in _secret_names(tuple(part)) if _plain(part[name]))
    if "value" in part and isinstance(part.get("name"), str) and is_secret_name(part["name"]):
        yield part["value"]


def _members(part: dict[str, Any], mark: Any) -> list[tuple[Any, Any]]:
    """The parts that may have a secret inside, with their marks."""
    if mark:
        return [(inner, _mark(mark, part, name)) for name, inner in part.items()]
    return [
        (inner, False)
        for inner in part.values()
        if inner and (_may_hold(inner) if isinstance(inner, str) else isinstance(inner, _CONTAINERS))
    ]


@lru_cache(maxsize=4096)
def _secret_names(names: tuple[str, ...]) -> frozenset[str]:
    """Those of the names that say that their value is a secret; all resources of a type ask the same."""
    return frozenset(name for name in names if is_secret_name(name))


def _plain(part: Any) -> bool:
    """A text, or a list of them; an object under such a name is one about the secret."""
    return isinstance(part, str) or (
        isinstance(part, list) and all(isinstance(each, str) for each in part)
    )


def _may_hold(text: str) -> bool:
    """Whether a text may have a secret inside: a document, a URL, settings or a key."""
    if text[:1] in {"{", "["} or "=" in text or "://" in text:
        return True
    return len(text) >= SHORTEST_KEY and ("AKIA" in text or "ASIA" in text or "-----BEGIN" in text)


def _mark(marks: Any, known: Any, step: str | int) -> Any:
    """The marks of one part; those of another shape may be about each of them."""
    if not isinstance(marks, dict | list):
        return marks is True
    if type(marks) is not type(known) or (isinstance(marks, list) and len(marks) != len(known)):
        return any_true(marks)
    return or_no_mark(part_of(marks, step))


def _written(configuration: Configuration) -> Iterator[str]:
    """The secrets among the literals of the source: by the name of the argument or the variable."""
    for provider in configuration.provider_config.values():
        yield from _constants({name: values(raw) for name, raw in provider.expressions.items()})
    for module in modules(configuration.root_module):
        for block in module.resources:
            yield from _constants({name: block.expression(name) for name in block.expressions})
            for provisioner in block.provisioners or ():
                yield from _constants(values(provisioner.expressions))
        variables = module.variables if isinstance(module.variables, dict) else {}
        for name, variable in variables.items():
            if variable.sensitive is True or is_secret_name(name):
                yield from _texts(variable.value)
        calls = module.module_calls if isinstance(module.module_calls, dict) else {}
        for call in calls.values():
            yield from _constants({name: call.expression(name) for name in call.expressions})


def _constants(expressions: Any) -> Iterator[str]:
    """The constants under the names of secrets, in nested blocks too."""
    open_parts: list[tuple[Any, str]] = [(expressions, "")]
    while open_parts:
        part, where = open_parts.pop()
        if isinstance(part, list):
            open_parts += [(inner, extend(where, place)) for place, inner in enumerate(part)]
        elif isinstance(part, dict) and "constant_value" in part:
            *_, name = where.rpartition(".")
            yield from (
                _texts(part["constant_value"])
                if is_secret_name(name)
                else _found(part["constant_value"], False)
            )
        elif isinstance(part, dict):
            open_parts += [(inner, extend(where, name)) for name, inner in part.items()]
