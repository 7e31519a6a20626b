"""Which phrases do the step modules define, and which of them is one text?

The registry is internal to pytest-bdd 9; `registry` lists what is in it.
"""

import difflib
import importlib.util
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import pytest

from planspec import bundle
from planspec.features import blanks
from planspec.features.aliases import old_phrases, renamed
from planspec.features.form import Form
from planspec.features.remedies import remedy

ACTION: Final = "Action"
# How the name of a step module begins: it is loaded from a file, and part of no package.
STEP_FILE: Final = "planspec step file: "
_BLANK = re.compile(r"\(\?P<(\w+)>((?:[^()]|\([^()]*\))*)\)|\{(\w+)(?::[^}]*)?\}")
_FILLED: Final = re.compile(r"<\w+>")
# A blank that takes one of a few words: least|most.
_CHOICE: Final = re.compile(r"[a-z ]+(?:\|[a-z ]+)+")
_QUOTED: Final = re.compile(r'"[^"]*"')
_BOUND: Final = re.compile(r"(?P<start>.* (?:must be|is) at (?:least|most) )(?P<limit>.+)")
# A value without its quotes.
_BARE: Final = re.compile(
    r'(?P<start>.* (?:must (?:not )?(?:be|match|contain)|is|is not) )(?P<value>[^"\s]+)'
)
# What people write around and inside numbers: quotes, commas in thousands.
_NO_DIGIT: Final = re.compile(r"[\"'`\u201c-\u201f]|(?<=\d)[,_'](?=\d{3}(?:\D|$))")
_KEYWORDS: Final = {"Context": "given", ACTION: "when", "Outcome": "then"}


# A blank for a name of the vocabulary: what may stand in it is told to `know`.
_NAMED: Final = re.compile(r'(?<!")<(?:subject|sort|setting|part|amount|place|grant)>')
_named: dict[str, tuple[Form, ...]] = {}


class Meaning(NamedTuple):
    """One phrase that a text is: its function, its pattern, and what stands in its blanks."""

    function: Callable[..., object]
    pattern: str
    blanks: dict[str, object]


def load_steps(path: Path) -> ModuleType:
    """Load a step module by path, under a name that no import statement can write."""
    name = f"{STEP_FILE}{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise pytest.UsageError(f"{path}: no Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def know(kind: str, texts: Iterable[str]) -> None:
    """Take note of the phrases that come of names in blanks; a step module does that when it is loaded.

    A line of a description that reads like one is taken for a step that lost its keyword.
    """
    _named[kind] = tuple(map(Form, dict.fromkeys(texts)))
    for each in (_is_phrase, _is_near, _plain, _beginnings):
        each.cache_clear()


@cache
def load() -> None:
    """Load the step modules that come along."""
    for path in sorted(bundle.STEPS.glob("*.py")):
        load_steps(path)


def meanings(kind: str, text: str) -> list[Meaning]:
    """Return what a step of this kind (Context, Action, Outcome) could mean, each function once."""
    return list(_meanings(kind, text, _count()))


@lru_cache(maxsize=4096)
def _meanings(kind: str, text: str, _: int) -> tuple[Meaning, ...]:
    found = {id(each.step_func): each for each in _contexts(kind) if each.parser.is_matching(text)}
    return tuple(
        Meaning(each.step_func, str(each.parser.name), dict(each.parser.parse_arguments(text) or {}))
        for each in found.values()
    )


def _contexts(kind: str) -> list[Any]:
    from pytest_bdd.steps import step_function_context_registry

    wanted = (None, _KEYWORDS[kind])
    return [each for each in step_function_context_registry.values() if each.type in wanted]


def misread(kind: str, text: str) -> str:
    """Say which blank of a step would swallow more than its phrase takes; "" if none does."""
    for each in meanings(kind, text):
        name, found = blanks.problem(each.pattern, each.blanks, selects=kind == ACTION)
        if found:
            written = str(each.blanks[name])
            return f"{found}; {remedy(text, name, written, lambda line: _is_read(kind, line))}"
    return ""


def _is_read(kind: str, text: str) -> bool:
    """Whether a step is one phrase, and each of its blanks can be read."""
    found = meanings(kind, text)
    selects = kind == ACTION
    return len(found) == 1 and not any(
        blanks.problem(each.pattern, each.blanks, selects=selects)[1] for each in found
    )


def hint(kind: str, text: str) -> str:
    """Say what is wrong with a step that is no phrase, where that is clear; "" elsewhere."""
    if kind == "Outcome" and is_phrase(ACTION, text):
        return f"{'a filter' if text.startswith('we keep ') else 'it'} must come before the Then"
    bare = _BARE.fullmatch(text)
    quoted = f'{bare["start"]}"{bare["value"]}"' if bare else ""
    if quoted and is_phrase(kind, quoted):
        return f"a value must be in quotes: write `{quoted}`"
    found = _BOUND.fullmatch(text)
    if not found:
        return ""
    limit = _NO_DIGIT.sub("", found["limit"])
    right = f"{found['start']}{_written_out(limit)}"
    example = f": write `{right}`" if is_phrase(kind, right) else ", such as 10"
    return f"the limit is a bare number{example}"


def _written_out(limit: str) -> str:
    """A number in digits alone, whatever its exponent; the text itself if it is none."""
    exponent = re.fullmatch(r"(\d{1,15})[eE]\+?(\d)", limit)
    return exponent[1] + "0" * int(exponent[2]) if exponent else limit


def is_phrase(kind: str, text: str) -> bool:
    """Whether a text is a phrase of this kind."""
    load()
    return _is_phrase(kind, text, _count())


@lru_cache(maxsize=8192)
def _is_phrase(kind: str, text: str, _: int) -> bool:
    if not text.startswith(_beginnings(_count())):
        return False
    return renamed(kind, text) is not None or any(
        parser.is_matching(text)
        for parser in (*(each.parser for each in _contexts(kind)), *_named.get(kind, ()))
        if not _NAMED.search(str(parser.name))
    )


def matches_one(kind: str, text: str) -> bool:
    """Whether a text is a phrase of the version of today, of this kind."""
    return any(
        parser.is_matching(text)
        for parser in (*(each.parser for each in _contexts(kind)), *_named.get(kind, ()))
        if not _NAMED.search(str(parser.name)) or isinstance(parser, Form)
    )


def samples(kind: str) -> frozenset[str]:
    """Texts that are phrases of this kind: each, also of the version before, its blanks filled."""
    patterns = [readable(str(each.parser.name)) for each in _contexts(kind)]
    patterns += [each.name for each in _named.get(kind, ())]
    return frozenset(
        text
        for each in (*patterns, *old_phrases(kind))
        for text in filled(each)
        if renamed(kind, text) or matches_one(kind, text)
    )


def filled(text: str) -> Sequence[str]:
    """A phrase with its blanks filled in, once by a word and once by a number."""
    plain = text.replace("every|some", "every").replace("least|most", "least")
    return tuple(dict.fromkeys(_FILLED.sub(each, plain) for each in ("3", "a", "public access setting")))


def blanks_of(pattern: str) -> frozenset[str]:
    """The names of the blanks of a pattern."""
    return frozenset(each[1] or each[3] for each in _BLANK.finditer(pattern))


def is_form(text: str) -> bool:
    """Whether a phrase has a blank for a name of the vocabulary, which others hold."""
    return bool(_NAMED.search(text))


def forget() -> None:
    """Forget what was worked out from the phrases, because there are others now."""
    for each in (_meanings, _is_phrase, _is_near, _plain, _beginnings):
        each.cache_clear()


def is_near(text: str, least: float) -> bool:
    """Whether a text is like a phrase to this share, whatever stands in its blanks."""
    load()
    return _is_near(_QUOTED.sub('""', text), least, _count())


@lru_cache(maxsize=8192)
def _is_near(bare: str, least: float, _: int) -> bool:
    return bool(difflib.get_close_matches(bare, _plain(_count()), 1, least))


def _count() -> int:
    """How many phrases are known: what is worked out from them holds as long as that is the same."""
    from pytest_bdd.steps import step_function_context_registry

    return len(step_function_context_registry)


@cache
def _plain(_: int) -> frozenset[str]:
    """Every phrase with empty blanks."""
    patterns = [str(each.parser.name) for kind in _KEYWORDS for each in _contexts(kind)]
    patterns += [each.name for known in _named.values() for each in known]
    patterns += [old for kind in _KEYWORDS for old in old_phrases(kind)]
    bare = (_QUOTED.sub('""', readable(each)) for each in patterns)
    return frozenset(each for each in bare if not _NAMED.search(each))


@cache
def _beginnings(_: int) -> tuple[str, ...]:
    """The words with which a phrase begins; a blank begins none but those about values."""
    words = {each.partition(" ")[0] for each in _plain(_count())} - {"every|some"}
    return tuple(sorted(words | {"every", "some"}))


def readable(pattern: str) -> str:
    """Write a step pattern as a person would: blanks in angle brackets, a choice by its words."""
    return _BLANK.sub(_shown, pattern).replace('\\"', '"')


def variants(pattern: str) -> list[str]:
    """Write a step pattern once for each of the words that it has a choice of; `every|some` is one."""
    for blank in _BLANK.finditer(pattern):
        if blank[1] != "quantifier" and _CHOICE.fullmatch(blank[2] or ""):
            made = (
                f"{pattern[: blank.start()]}{each}{pattern[blank.end() :]}"
                for each in blank[2].split("|")
            )
            return [text for each in made for text in variants(each)]
    return [readable(pattern)]


def _shown(blank: re.Match[str]) -> str:
    choice = _CHOICE.fullmatch(blank[2] or "")
    return choice[0] if choice else f"<{blank[1] or blank[3]}>"
