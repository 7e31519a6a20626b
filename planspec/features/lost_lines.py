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
_PAIRS: Final = frozenset({("given", "when"), ("given", "then"), ("when", "then"), ("given", "and")})
# A requirement with its number, as a title without its keyword, or with a word that is none.
_HEADING: Final = re.compile(
    rf"(?:(?:requirement|control|policy|check|test|case|rule|scenario)\s*[:-]?\s*)?"
    rf"(?P<number>{REQUIREMENT.pattern}(?:\.\d+)?)[:.)]?\s+(?:[-\u2013\u2014]\s+)?(?P<name>.+)",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(rf"{REQUIREMENT.pattern}(?:\.\d+)?\W*")
_FIRST: Final = re.compile(rf"(?P<number>{REQUIREMENT.pattern}(?:\.\d+)?)\W+(?P<title>.+)")
# Other words for those of our phrases.
_OTHER_WORDS: Final = {
    "must": re.compile(r"\b(?:should|shall|may|(?:has|have|needs?|ought) to)\b"),
    "every": re.compile(r"\b(?:all|each|any)\b"),
    "examine": re.compile(r"\b(?:look at|check|inspect|consider|take|select)\b"),
}


class _Found(NamedTuple):
    """What is wrong with a line, and what to write."""

    what: str
    right: str


def lost(written: str, document: Mapping[str, Any], is_tag: Callable[[str], bool]) -> Iterator[Trap]:
    """Yield a trap for each line of a feature that was meant to be a keyword, a step or tags."""
    known = keywords(document["feature"]["language"])
    for line in lines(written, document):
        found = (
            _title(line, known)
            or _step(line, known)
            or _run_on(line.text, known)
            or _heading(line, known)
            or _tags(line, is_tag)
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
                what = f"is taken for description: {title.keyword} is not allowed here"
                return _Found(what, "move it, or begin the line with another word")
            what = "is taken for description: that is not how Gherkin writes the keyword"
            right = f"{title.keyword}: {title.rest.rstrip(':')}".strip()
            return _Found(what, f'write "{right}"')
    return None


def _heading(line: Line, known: Keywords) -> _Found | None:
    """The number of a requirement, and its name, where a title should be."""
    what = "is taken for description: a title begins with its keyword"
    first = _FIRST.fullmatch(line.text)
    for title in known.titles_in(first["title"]) if first else ():
        if first and title.exact and title.colon:
            return _Found(what, f'write "{title.keyword}: {first["number"]} {title.rest}"')
    found = _HEADING.fullmatch(line.text)
    # A list of several numbers is an index; after a number, a sentence goes on with a small letter.
    listed = _HEADING.match(line.below) and line.told
    if not found or not _is_alone(line) or listed or not found["name"][0].isupper():
        return None
    kind = "scenario" if "." in found["number"] else "rule"
    return _Found(what, f'write "{known.word(kind)}: {found["number"]} {found["name"]}"')


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
        alone = _is_alone(line) or (line.begins and _ALONE.fullmatch(title.rest))
        return below or bool(alone)
    return title.capital and not line.text.endswith(_PROSE) and (below or _is_named(title, line, known))


def _is_named(title: Title, line: Line, known: Keywords) -> bool:
    """Whether a line without a colon or a number is the title of a scenario or a rule."""
    heading = line.begins and line.ends
    if title.kind == "rule" and not title.foreign:
        # "Rule No SSH" right above a scenario, and not "Rule of thumb".
        return heading and title.rest[0].isupper() and known.begins_scenario(line.below)
    slip = line.begins and known.is_slip(line.text.split()[0], title)
    plain = known.is_plain(title) or title.kind not in (*_SCENARIOS, "rule")
    return slip or (heading and title.exact and not plain)


def _is_alone(line: Line) -> bool:
    """Whether the line stands for itself: no sentence ends in it, or goes on below it."""
    goes_on = not line.ends and line.below[:1].islower()
    return line.begins and not goes_on and not line.text.endswith(_PROSE)


def _step(line: Line, known: Keywords) -> _Found | None:
    """A phrase of ours, with or without its keyword, or two steps one below the other."""
    keyword, text = next(_phrases(line, known), ("", ""))
    if not text:
        keyword, text = _begins_two(line, known)
    if not text:
        return None
    what = "is taken for description, and no step"
    if line.place in ("scenario", "background"):
        return _Found(what, f'write "{keyword or "Given, When or Then"} {text}"')
    return _Found(what, 'begin a scenario above it: write "Scenario: <name>"')


def _phrases(line: Line, known: Keywords) -> Iterator[tuple[str, str]]:
    """Each way to read the line as a step: its keyword ("" where it is not clear), and its phrase."""
    # A sentence has a capital at its beginning and a sign at its end; a phrase has neither.
    bare = line.text.rstrip("".join(_PROSE) + " ")
    for keyword, text in known.readings(bare):
        phrase = text[:1].lower() + text[1:]
        said = any(phrases.is_phrase(kind, phrase) for kind in ("Action", "Outcome"))
        inside = keyword or line.place in ("scenario", "background")
        if said or (inside and phrases.is_phrase("Context", phrase)):
            yield keyword, phrase
    if bare != line.text:
        return
    for keyword, text in known.readings(line.text):
        if not keyword:
            continue
        spelt = line.text.startswith(f"{keyword} {text}")
        ours = _in_our_words(text) if spelt else text
        near = phrases.is_near(text, _LIKE if spelt else _ALMOST)
        if near or (ours != text and phrases.is_near(ours, _ALMOST)):
            yield keyword, text
    # Right above a step, what is all but a phrase is one too, whatever its keyword became.
    above_step = line.place in ("scenario", "background") and known.begins_step(line.below)
    if above_step and phrases.is_near(line.text, _LIKE):
        yield "", line.text


def _in_our_words(text: str) -> str:
    """The text with the words that our phrases have for the same."""
    for ours, others in _OTHER_WORDS.items():
        text = others.sub(ours, text)
    return text


def _begins_two(line: Line, known: Keywords) -> tuple[str, str]:
    """The keyword and the rest of a line that, with the one below, is the beginning of some scenario."""
    if line.ends or line.text.endswith(_PROSE) or line.below.endswith(_PROSE):
        return "", ""
    if (known.step_kind(line.text), known.step_kind(line.below)) in _PAIRS:
        return known.split_step(line.text)
    for first, second, word in known.other_kinds(line.text, line.below):
        if (first, second) in _PAIRS:
            return known.word(first), line.text.removeprefix(word)
    return "", ""


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
