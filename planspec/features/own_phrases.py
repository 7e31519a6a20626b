"""Is a step of the user's own valid: does it judge, and is its phrase none of planspec?"""

import inspect
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from planspec.features import phrases
from planspec.features.aliases import renamed

SELECTION: Final = "selection"
OFFERED: Final = ("estimate", "moment", "parameters", "plan", SELECTION, "uphold")
"""The fixtures that a step of the user's own may take."""
_JUDGE_ALONE: Final = frozenset({SELECTION, "uphold"})
_OURS: Final = frozenset({*OFFERED, "run", "request"})
_KINDS: Final = {"given": "Context", "when": "Action", "then": "Outcome"}
_BLANK: Final = re.compile(r"<(\w+)>")


def _text(context: Any) -> str:
    return phrases.readable(str(context.parser.name))


def wrong(context: Any, handed_on: set[str]) -> str:
    """Say why a function is no step; "" if it is one."""
    function, kind, target = context.step_func, context.type, context.target_fixture
    takes = {each.name for each in _required(function)}
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        return "is async or yields, so that it would pass without being run; write a plain function"
    if type(context.parser).__module__ != "pytest_bdd.parsers":
        return "its parser is unknown; write a text, parsers.parse, parsers.cfparse or parsers.re"
    if kind is None:
        return "@step is given, when and then at once; write one of these"
    if kind == "when" and target != SELECTION:
        return 'a When chooses what is judged: target_fixture="selection", and return a Selection'
    if kind == "then" and not takes >= _JUDGE_ALONE:
        missing = " and ".join(f"`{each}`" for each in sorted(_JUDGE_ALONE - takes))
        return f"a Then judges the selection by `uphold`, and this one does not take {missing}"
    return _wrong_target(kind, target) or _wrong_arguments(context, handed_on)


def _wrong_target(kind: str, target: str) -> str:
    if kind == "then" and target:
        return "a Then judges, and hands on nothing; take its target_fixture out"
    if target in _OURS - {SELECTION} or (kind == "given" and target == SELECTION):
        return f'"{target}" is a fixture of planspec; hand on another name'
    if target and (not target.isidentifier() or target.startswith(("_", "pytest"))):
        return f'"{target}" cannot be the name of a fixture'
    return ""


def _wrong_arguments(context: Any, handed_on: set[str]) -> str:
    blanks = {*_BLANK.findall(_text(context)), *phrases.blanks_of(str(context.parser.name))}
    if blanks & {*_OURS, *handed_on}:
        return f"a blank cannot be called {', '.join(sorted(blanks & {*_OURS, *handed_on}))}"
    offered = {"given": {*OFFERED} - _JUDGE_ALONE, "when": {*OFFERED} - {"uphold"}}
    known = {*offered.get(context.type, OFFERED), *handed_on, *blanks}
    for each in _required(context.step_func):
        if each.name not in known:
            told = ", ".join(sorted(known))
            return f"a {context.type.capitalize()} cannot take `{each.name}`; there are {told}"
    return ""


def _required(function: Any) -> Sequence[inspect.Parameter]:
    """The arguments that pytest fills in: those without a default."""
    every = inspect.signature(function).parameters.values()
    never = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [each for each in every if each.kind not in never and each.default is each.empty]


def clash(context: Any, others: Sequence[Any]) -> str:
    """Say which other phrase the words of a step are as well; "" if they are its alone."""
    text, kind = _text(context), _KINDS[context.type]
    odd = _odd(text)
    if odd:
        return f'{odd} in "{text}": it would look like another phrase'
    mine = [each for each in phrases.filled(text) if context.parser.is_matching(each)]
    for each in (text, *mine):
        old = renamed(kind, each)
        if old or phrases.matches_one(kind, each):
            return f'"{text}" is a phrase of planspec and cannot be redefined; use other words'
    found = next((each for each in phrases.samples(kind) if context.parser.is_matching(each)), "")
    if found:
        return f'"{text}" also means "{found}", a phrase of planspec; use other words'
    for other in others:
        theirs = [each for each in phrases.filled(_text(other)) if other.parser.is_matching(each)]
        same = any(other.parser.is_matching(each) for each in mine)
        if other.type == context.type and (
            text == _text(other) or same or any(context.parser.is_matching(each) for each in theirs)
        ):
            function = other.step_func
            return f'"{text}" is also the phrase of {function.__name__}; use other words'
    return ""


def _odd(text: str) -> str:
    """What in a phrase a reader cannot see: hidden signs, spaces, letters of two alphabets in a word."""
    hidden = any(unicodedata.category(each) in {"Cc", "Cf"} for each in text)
    if hidden or text != " ".join(unicodedata.normalize("NFKC", text).split()):
        return "a space or sign that cannot be seen"
    for word in text.split():
        scripts = {unicodedata.name(each, "").partition(" ")[0] for each in word if each.isalpha()}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK"}:
            return "letters of two alphabets in one word"
    return ""
