"""Which texts of a plan are secrets, and are any of them in unmarked places?

Terraform's marks are incomplete: a provider copies a marked value elsewhere, a literal in the
configuration carries no mark, and a variable is marked where it is declared. So every text that is
marked anywhere, or stands under the name of a secret, is hidden wherever the same text would be
shown. Source: Terraform, "Sensitive Data in State" and "JSON Output Format".
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import Any, Final, TypeVar, cast

import msgspec

from planspec.plan import (
    REDACTED,
    SECRET_VALUE,
    Configuration,
    Module,
    Plan,
    Value,
    any_true,
    extend,
    is_secret_name,
    json_document,
    known_secrets,
    or_no_mark,
    part_of,
)
from planspec.syntax import values

# Shorter texts, such as "admin", stand in too many places that are no secret.
SHORTEST: Final = 8
SHORTEST_MIXED: Final = 6
# An access key of AWS by itself; a private key is longer.
SHORTEST_KEY: Final = 20
_KEY_LIKE: Final = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[^\s$(){}]{12,}")
_FEW: Final = 20
# What comes from the features and the policies, or is a digest or a word of ours.
NO_PLANS: Final = frozenset(
    {"scenario", "requirement", "name", "area", "feature", "rule", "file", "severity", "enforcement"}
    | {"controls", "verdict", "fingerprint", "sha256", "document_sha256", "members", "frameworks"}
    | {"inputs", "tool"}
)
_CONTAINERS: Final = (dict, list)
Record = TypeVar("Record", bound=msgspec.Struct)


def secrets(plan: Plan) -> "Secrets":
    """The secrets of this plan; they are looked for once."""
    return plan.attached(Secrets)


class Secrets:
    """The texts of one plan that nothing may show."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every secret that is long enough to be told from other texts, the longest first."""
        found = {text for text in _all(self._plan) if matters(text)}
        return tuple(sorted(found, key=lambda text: (-len(text), text)))

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        starts: dict[str, list[str]] = {}
        for text in self.texts:
            starts.setdefault(text[:SHORTEST_MIXED], []).append(text)
        return starts

    def inside(self, text: str) -> Iterator[str]:
        """Yield the secrets that stand in a text."""
        if len(self.texts) <= _FEW:
            yield from (secret for secret in self.texts if secret in text)
            return
        for place in range(len(text) - SHORTEST_MIXED + 1):
            for secret in self._by_start.get(text[place : place + SHORTEST_MIXED], ()):
                if text.startswith(secret, place):
                    yield secret

    def hidden_in(self, text: str) -> bool:
        """Whether a secret stands in a text."""
        return any(True for _ in self.inside(text))

    def masked(self, text: str) -> str:
        """The text with every secret in it replaced."""
        for secret in sorted(set(self.inside(text)), key=len, reverse=True):
            text = text.replace(secret, REDACTED)
        return text

    def masked_record(self, record: Record) -> Record:
        """The record with every secret in its texts replaced, but for those that are no plan's."""
        return cast("Record", self._copy(record, {})) if self.texts else record

    def _copy(self, part: Any, known: dict[str, str]) -> Any:
        if isinstance(part, str):
            if part not in known:
                known[part] = self.masked(part)
            return known[part]
        if isinstance(part, list):
            return [self._copy(each, known) for each in part]
        if isinstance(part, dict):
            return {self._copy(name, known): self._copy(each, known) for name, each in part.items()}
        if isinstance(part, msgspec.Struct):
            own = {
                name: self._copy(getattr(part, name), known)
                for name in part.__struct_fields__
                if name not in NO_PLANS
            }
            return msgspec.structs.replace(part, **own)
        return part


@contextmanager
def guarded(plan: Plan) -> Iterator[None]:
    """While this lasts, no value of the plan is shown that has one of its secrets inside."""
    before = known_secrets.set(lambda text: secrets(plan).hidden_in(text))
    try:
        yield
    finally:
        known_secrets.reset(before)


def matters(text: str) -> bool:
    """Whether a text is long enough, and no name of something that everybody may know."""
    if text.startswith("arn:") or text.isspace():
        return False
    mixed = not text.isalpha() and not text.isdigit()
    return len(text) >= SHORTEST or (mixed and len(text) >= SHORTEST_MIXED)


def _all(plan: Plan) -> Iterator[str]:
    for change in plan.changes:
        yield from _of_value(change.after)
        yield from _of_value(change.before)
    for source in plan.data_sources.values():
        yield from _of_value(source.values)
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


def _of_value(value: Value) -> Iterator[str]:
    marks = value.marked
    return _found(value.stated, marks if any_true(marks) else False)


def _texts(tree: Any) -> Iterator[str]:
    """Every text in a tree, and every whole number, which may be a secret too."""
    open_parts = [tree]
    while open_parts:
        part = open_parts.pop()
        if isinstance(part, str):
            yield part
            # What is shown of a text of many lines may be one of them, such as a part of a key.
            yield from (line for line in part.splitlines()[1:] if _KEY_LIKE.fullmatch(line))
            inner = json_document(part)
            open_parts += [inner] if isinstance(inner, dict | list) else []
        elif isinstance(part, dict):
            open_parts += part.values()
        elif isinstance(part, list):
            open_parts += part
        elif isinstance(part, int) and not isinstance(part, bool):
            yield str(part)


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
                yield from _texts(secret)
            open_parts += _members(part, mark)
        elif isinstance(part, list):
            for place, inner in enumerate(part):
                open_parts.append((inner, _mark(mark, part, place) if mark else False))
        elif isinstance(part, str) and _may_hold(part):
            yield from (match[match.lastindex or 0] for match in SECRET_VALUE.finditer(part))
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
    open_modules: list[Module] = [configuration.root_module]
    while open_modules:
        module = open_modules.pop()
        for block in module.resources:
            yield from _constants({name: block.expression(name) for name in block.expressions})
        variables = module.variables if isinstance(module.variables, dict) else {}
        for name, variable in variables.items():
            if variable.sensitive is True or is_secret_name(name):
                yield from _texts(variable.value)
        calls = module.module_calls if isinstance(module.module_calls, dict) else {}
        for call in calls.values():
            yield from _constants({name: call.expression(name) for name in call.expressions})
            if call.module:
                open_modules.append(call.module)


def _constants(expressions: dict[str, Any]) -> Iterator[str]:
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
