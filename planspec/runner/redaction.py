"""Are any of the secrets of a plan in what leaves?

A secret is hidden wherever the same text would be shown, marked there or not. What the configuration
states openly as a name, and the words of planspec, are no secret.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import msgspec

import planspec
from planspec.errors import PlanspecError
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
from planspec.plan import Plan, known_secrets, modules
from planspec.runner.secret_texts import in_broken_plan, in_document, in_plan

_LONGEST_WORD: Final = 40
_WORD: Final = re.compile(r"[A-Za-z0-9]+")
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
        try:
            return mask_of(in_plan(self._plan), frozenset(_names(self._plan)))
        except PlanspecError:  # which a reader of that section gets too; its text is masked by the rest
            return mask_of(in_broken_plan(self._plan))

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
    if not candidates:
        return Mask(())
    places = _Open("\n".join(sorted(names))), _own_words()
    return Mask((text for text in candidates if not any(each.has(text) for each in places)), names)


def mask_of_document(document: bytes) -> Mask:
    """The secrets of a document that could not be read as a plan, as far as it has marks."""
    try:
        tree = msgspec.json.decode(document)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return Mask(())
    return mask_of(in_document(tree))


class _Open:
    """A text that may be shown: the names of a configuration, or our own words."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = frozenset(_WORD.findall(text))

    def has(self, text: str) -> bool:
        """Whether a text stands in it, as one word or several."""
        if len(text) > _LONGEST_WORD or not self._words.issuperset(_WORD.findall(text)):
            return False
        whole = rf"(?<![A-Za-z0-9]){re.escape(text)}(?![A-Za-z0-9])"
        return text in self._text and re.search(whole, self._text) is not None


@cache
def _own_words() -> _Open:
    """The text of this program, whose messages have no word that is not in it."""
    home = Path(planspec.__file__).parent
    files = sorted(path for suffix in ("py", "toml") for path in home.rglob(f"*.{suffix}"))
    return _Open("\n".join(path.read_text("utf-8", "replace") for path in files))


def _names(plan: Plan) -> Iterator[str]:
    """What the configuration states openly as a name: of resources, modules, variables and outputs."""
    for change in plan.changes:
        yield from (change.type, f"{change.type}.{change.name}")
    yield from plan.variables
    yield from plan.outputs
    yield from (each.full_name for each in plan.configuration.provider_config.values())
    for module in modules(plan.configuration.root_module):
        yield from (f"{block.type}.{block.name}" for block in module.resources)
        yield from (name for block in module.resources for name in block.expressions)
        yield from _keys(module.variables)
        yield from (f"module.{name}" for name in _keys(module.module_calls))


def _keys(tree: Any) -> Sequence[str]:
    return tuple(tree) if isinstance(tree, dict) else ()
