"""Which line of a description was meant to be a keyword or a step, and is passed over?

`Scenario No SSH` without its colon, before the first scenario of a feature, is description to Gherkin,
and so are the steps below it: a requirement that nobody judges. Prose is left alone: a line counts
as lost if it reads like a title or a phrase, not because a sentence begins with "When" or "Rule".
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, Final, NamedTuple

from planspec.features import phrases
from planspec.features.described import Line, lines, names
from planspec.features.keywords import Keywords, Title, keywords
from planspec.features.pitfalls import Trap
from planspec.features.scenario import REQUIREMENT

RULE: Final = "lost-line"
_SCENARIOS: Final = frozenset({"scenario", "scenarioOutline"})
_NUMBER: Final = re.compile(rf"\W*{REQUIREMENT.pattern}\b")
# How like a phrase a text is that was meant to be one; the second, after a misspelt keyword.
_LIKE: Final = 0.85
_ALMOST: Final = 0.955
# The end of a sentence, or a place where a sentence goes on.
_PROSE: Final = (".", "!", "?", ",", ";", ":", "…")


class _Found(NamedTuple):
    """What is wrong with a line, and what to write."""

    what: str
    right: str


def lost(written: str, document: Mapping[str, Any], is_tag: Callable[[str], bool]) -> Iterator[Trap]:
    """Yield a trap for each line of a feature that was meant to be a keyword, a step or tags."""
    known = keywords(document["feature"]["language"])
    for line in lines(written, document):
        found = (
            _title(line, known) or _step(line, known) or _run_on(line.text, known) or _tags(line, is_tag)
        )
        if found:
            yield Trap(RULE, line.number, f'"{line.text}" {found.what}; {found.right}')
    for number, name in names(document):
        found = _run_on(name, known)
        if found:
            yield Trap(RULE, number, f'"{name}" {found.what}; {found.right}')


def _title(line: Line, known: Keywords) -> _Found | None:
    """A title that lacks its colon, or is written in another way than Gherkin's."""
    for title in known.titles_in(line.text):
        if _is_meant(title, line, known):
            if title.right:
                what = f"is taken for description: {title.keyword} cannot stand here"
                return _Found(what, "move it, or begin the line with another word")
            what = "is taken for description: that is not how Gherkin writes the keyword"
            return _Found(what, f'write "{f"{title.keyword}: {title.rest}".strip()}"')
    return None


def _is_meant(title: Title, line: Line, known: Keywords) -> bool:
    """Whether the line is a title and no prose."""
    numbered = bool(_NUMBER.match(title.rest))
    if title.kind == "examples":
        return line.below.startswith("|") or (title.colon and numbered)
    if title.kind == "feature":
        return title.exact and title.colon and title.capital
    below = known.begins_step(line.below) and (line.told or title.kind in _SCENARIOS)
    if title.kind == "rule" and not title.exact:
        return numbered and (title.colon or _is_alone(line))
    if title.colon:
        return title.capital or line.begins or numbered or below
    if not title.rest:
        return title.capital or line.begins
    if numbered:
        return below or _is_alone(line)
    if not title.capital or line.text.endswith(_PROSE):
        return False
    heading = line.begins and line.ends and title.kind in _SCENARIOS
    return below or (heading and title.exact and not known.is_plain(title))


def _is_alone(line: Line) -> bool:
    """Whether the line stands for itself: no sentence ends in it, or goes on below it."""
    goes_on = not line.ends and line.below[:1].islower()
    return line.begins and not goes_on and not line.text.endswith(_PROSE)


def _step(line: Line, known: Keywords) -> _Found | None:
    """A phrase of ours, with or without its keyword, or two steps one below the other."""
    keyword, text = next(_phrases(line, known), ("", ""))
    if not text and _begins_two(line, known):
        keyword, text = known.split_step(line.text)
    if not text:
        return None
    what = "is taken for description, and no step"
    if line.place in ("scenario", "background"):
        return _Found(what, f'write "{keyword or "Given, When or Then"} {text}"')
    return _Found(what, 'begin a scenario above it: write "Scenario: <name>"')


def _phrases(line: Line, known: Keywords) -> Iterator[tuple[str, str]]:
    """Each way to read the line as a step: its keyword ("" where it is not clear), and its phrase."""
    for keyword, text in known.readings(line.text):
        said = any(phrases.is_phrase(kind, text) for kind in ("Action", "Outcome"))
        if said or (keyword and phrases.is_phrase("Context", text)):
            yield keyword, text
    for keyword, text in known.readings(line.text):
        spelt = line.text.startswith(f"{keyword} {text}")
        if keyword and phrases.is_near(text, _LIKE if spelt else _ALMOST):
            yield keyword, text


def _begins_two(line: Line, known: Keywords) -> bool:
    """Whether this line and the one below are the beginning and the end of some scenario."""
    if line.ends or line.text.endswith(_PROSE) or line.below.endswith(_PROSE):
        return False
    kinds = known.step_kind(line.text), known.step_kind(line.below)
    return kinds in {("given", "when"), ("given", "then"), ("when", "then"), ("given", "and")}


def _run_on(text: str, known: Keywords) -> _Found | None:
    """A title or a step that begins in the middle of a line: the end of the line before it is lost."""
    steps = (
        f"{keyword} {rest}"
        for keyword, rest in known.steps_inside(text)
        if any(phrases.is_phrase(kind, rest) for kind in ("Action", "Outcome"))
    )
    found = next(chain(known.titles_inside(text, REQUIREMENT.pattern), steps), "")
    return _Found("holds two lines", f'begin a new line before "{found}"') if found else None


def _tags(line: Line, is_tag: Callable[[str], bool]) -> _Found | None:
    """Tags of which one lost its @: the line above a title."""
    words = line.text.split()
    if len(words) > 1 and all(is_tag(each.removeprefix("@")) for each in words):
        right = " ".join(f"@{each.removeprefix('@')}" for each in words)
        return _Found("is taken for description, and no tags", f'write "{right}"')
    return None
