"""Which texts of a plan are secrets, and are any of them in unmarked places?

Terraform's marks are incomplete: a provider copies a marked value elsewhere, a literal in the
configuration carries no mark, and a variable is marked where it is declared. So every text that is
marked anywhere, or stands under the name of a secret, is hidden wherever the same text would be
shown. What the configuration states openly as a name, and the words of planspec, are no secret.
Source: Terraform, "Sensitive Data in State" and "JSON Output Format".
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast
from urllib.parse import unquote

import msgspec

import planspec
from planspec.evidence import (
    ControlRecord,
    FrameworkRecord,
    InputsRecord,
    PlanRecord,
    ScenarioRecord,
    SealRecord,
    ToolRecord,
)
from planspec.masking import Mask, matters, shown
from planspec.plan import (
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

# An access key of AWS by itself; a private key is longer.
SHORTEST_KEY: Final = 20
_KEY_LIKE: Final = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[^\s$(){}]{12,}")
# Keys of a block are attributes, which the provider names; those of a map may be anything.
_ATTRIBUTE: Final = re.compile(r"[a-z][a-z_]*")
_LONGEST_WORD: Final = 40
# What comes from the features, the policies and the command line, or is a digest of all.
_NO_PLANS: Final[Mapping[type, frozenset[str]]] = {
    ScenarioRecord: frozenset(
        {"scenario", "requirement", "name", "area", "feature", "rule", "file", "severity"}
        | {"enforcement", "controls", "verdict"}
    ),
    PlanRecord: frozenset({"name", "sha256", "document_sha256", "members"}),
}
_WHOLLY_OURS: Final = (InputsRecord, ToolRecord, FrameworkRecord, ControlRecord, SealRecord)
_DIGESTS: Final = frozenset({"fingerprint", "value"})
_CONTAINERS: Final = (dict, list)
Left = TypeVar("Left")


def secrets(plan: Plan) -> "Secrets":
    """The secrets of this plan; they are looked for once."""
    return plan.attached(Secrets)


class Secrets:
    """The texts of one plan that nothing may show."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    @cached_property
    def mask(self) -> Mask:
        """What finds the secrets in a text."""
        names = frozenset(_names(self._plan))
        return mask_of(_all(self._plan), names)

    @property
    def texts(self) -> tuple[str, ...]:
        """Every secret that can be told from other texts, the longest first."""
        return self.mask.texts

    def hidden_in(self, text: str) -> bool:
        """Whether a secret stands in a text."""
        return self.mask.hidden_in(text)

    def masked(self, text: str) -> str:
        """The text with every secret in it replaced."""
        return self.mask.masked(text)

    def masked_record(self, record: Left) -> Left:
        """What leaves as a record, with every secret in its texts replaced."""
        return cast("Left", _copy(record, lru_cache(None)(self.masked))) if self.texts else record


def leaving(record: Left) -> Left:
    """What a command writes, without a secret of a plan that it has read."""
    return cast("Left", _copy(record, lru_cache(None)(shown)))


def _copy(part: Any, mask: Callable[[str], str]) -> Any:
    if type(part) is str:
        return mask(part)
    if isinstance(part, list):
        return [_copy(each, mask) for each in part]
    if isinstance(part, tuple):
        parts = [_copy(each, mask) for each in part]
        return part._make(parts) if hasattr(part, "_make") else tuple(parts)
    if isinstance(part, dict):
        return {_copy(name, mask): _copy(each, mask) for name, each in part.items()}
    if isinstance(part, msgspec.Struct) and not isinstance(part, _WHOLLY_OURS):
        ours = _NO_PLANS.get(type(part), _DIGESTS)
        names = (name for name in part.__struct_fields__ if name not in ours)
        own = {name: _copy(getattr(part, name), mask) for name in names}
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


def mask_of(texts: Iterator[str], names: frozenset[str] = frozenset()) -> Mask:
    """The mask of those texts that matter and that nothing states openly."""
    candidates = {text for text in texts if matters(text)}
    every_name = "\n".join(sorted(names)) if candidates else ""
    found = {text for text in candidates if not _is_open(text, every_name)}
    return Mask(found, (name for name in names if any(text in name for text in found)))


def mask_of_document(document: bytes) -> Mask:
    """The secrets of a document that could not be read as a plan, as far as it has marks."""
    try:
        tree = msgspec.json.decode(document)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return Mask(())
    return mask_of(_marked_anywhere(tree))


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


def _is_open(text: str, names: str) -> bool:
    """Whether a text stands as a word in a name of the configuration, or among our own words."""
    if len(text) > _LONGEST_WORD:
        return False
    word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(text)}(?![A-Za-z0-9])")
    return any(text in every and word.search(every) for every in (names, _own_words()))


@cache
def _own_words() -> str:
    """The text of this program, whose messages have no word that is not in it."""
    home = Path(planspec.__file__).parent
    files = sorted(path for suffix in ("py", "toml") for path in home.rglob(f"*.{suffix}"))
    return "\n".join(path.read_text("utf-8", "replace") for path in files)


def _names(plan: Plan) -> Iterator[str]:
    """What the configuration states openly as a name: of resources, modules, variables and outputs."""
    for change in plan.changes:
        yield from (change.type, f"{change.type}.{change.name}")
    yield from plan.variables
    yield from plan.outputs
    yield from (each.full_name for each in plan.configuration.provider_config.values())
    for module in _modules(plan.configuration):
        yield from (f"{block.type}.{block.name}" for block in module.resources)
        yield from (name for block in module.resources for name in block.expressions)
        yield from _keys(module.variables)
        yield from (f"module.{name}" for name in _keys(module.module_calls))


def _keys(tree: Any) -> Sequence[str]:
    return tuple(tree) if isinstance(tree, dict) else ()


def _modules(configuration: Configuration) -> Iterator[Module]:
    open_modules: list[Module] = [configuration.root_module]
    while open_modules:
        module = open_modules.pop()
        yield module
        calls = module.module_calls if isinstance(module.module_calls, dict) else {}
        open_modules += [call.module for call in calls.values() if call.module]


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
    for module in _modules(configuration):
        for block in module.resources:
            yield from _constants({name: block.expression(name) for name in block.expressions})
        variables = module.variables if isinstance(module.variables, dict) else {}
        for name, variable in variables.items():
            if variable.sensitive is True or is_secret_name(name):
                yield from _texts(variable.value)
        calls = module.module_calls if isinstance(module.module_calls, dict) else {}
        for call in calls.values():
            yield from _constants({name: call.expression(name) for name in call.expressions})


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
