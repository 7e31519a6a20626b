"""Why can Gherkin not read a file, and what has to be written instead?"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Any, Final

from gherkin.dialect import DIALECTS
from gherkin.errors import (
    CompositeParserException,
    NoSuchLanguageException,
    ParserException,
    UnexpectedEOFException,
    UnexpectedTokenException,
)

from planspec.features.keywords import keywords
from planspec.features.pitfalls import Trap
from planspec.syntax import near_name, shorten

RULE: Final = "not-gherkin"
_NAME: Final = "or name a .feature file (planspec init writes one)"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_LANGUAGE: Final = re.compile(r"\s*#\s*language\s*:\s*([a-zA-Z\-_]+)\s*")
_PLACES: Final = {
    "feature": "a file holds one feature; write another file for it",
    "background": "there is one background, above the scenarios",
    "rule": "a rule belongs to a feature, and not to another rule",
}
_NOT_HERE: Final = "is not a step, title, tag or row of a table; a description is right below its title"


def undecodable(written: bytes, error: UnicodeDecodeError) -> Trap:
    """Say of a file that is not text in UTF-8 what to do with it."""
    kind = "is UTF-16" if written.startswith(_UTF_16) else f"is not text in UTF-8 ({error.reason})"
    line = written[: error.start].count(b"\n") + 1
    return Trap(RULE, line, f"{kind}: save it as UTF-8, {_NAME}")


def unreadable(written: str, error: CompositeParserException | ParserException) -> Trap:
    """Say of the first thing that Gherkin does not read in a text what is wrong with it."""
    first: Any = error.errors[0] if isinstance(error, CompositeParserException) else error
    lines = written.split("\n")
    line = int(first.location["line"])
    while line > 1 and not "".join(lines[line - 1 : line]).strip():
        line -= 1
    text = lines[line - 1].strip()
    return Trap(RULE, line, _what(first, lines, text))


def _what(error: ParserException, lines: Sequence[str], text: str) -> str:
    quoted = f'"{shorten(text)}"'
    if isinstance(error, NoSuchLanguageException):
        found = _LANGUAGE.fullmatch(text)
        near = near_name(found[1] if found else "", DIALECTS) or "de"
        return f'{quoted} names no language that Gherkin knows; write one such as "{near}"'
    known = keywords(_language(lines))
    read = lines[: error.location["line"] - 1]
    if not any(known.title_kind(each.strip()) == "feature" for each in read):
        if text.startswith("{"):
            return "is JSON and no feature; a plan is named without --features"
        return f"{quoted} begins no feature: write `Feature: <name>` above its scenarios, {_NAME}"
    if isinstance(error, UnexpectedEOFException):
        if text.startswith("@"):
            return f"nothing is below the tags {quoted}: write a scenario there, or remove them"
        return 'the file ends inside a text: close it with """'
    if not isinstance(error, UnexpectedTokenException):
        return f"{quoted}: {re.sub(r'^[(][0-9:]+[)]: ', '', str(error))}"
    kind = known.title_kind(text)
    word, rest = known.split_at_space(text)
    if word and rest[:1].isspace():
        return f'{quoted}: the sign after "{word}" only looks like a space; write a plain one'
    return f"{quoted} {_NOT_HERE}" if kind not in _PLACES else f"{quoted}: {_PLACES[kind]}"


def _language(lines: Sequence[str]) -> str:
    """The language that a file says it is written in."""
    above = takewhile(lambda each: not each.strip() or each.strip().startswith("#"), lines)
    found = (_LANGUAGE.fullmatch(each) for each in above)
    named = next((each[1] for each in found if each), "en")
    return named if named in DIALECTS else "en"
