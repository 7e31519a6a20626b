"""How does Gherkin write its keywords, and which words are a misspelt one?

In the language of the feature, and in English: the keywords of another language are slips too.
Source: Cucumber, "Gherkin reference", Spoken languages.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple

from gherkin.dialect import DIALECTS

from planspec.syntax import near_key

_TITLES: Final = ("feature", "background", "rule", "scenario", "scenarioOutline", "examples")
_STEPS: Final = ("given", "when", "then", "and", "but")
# What stands for a colon on other keyboards, and the keys beside it.
_COLONS: Final = ":\uff1a\ufe55\ua789\u2236;="
_COLON: Final = re.compile(rf"(?P<head>[^{_COLONS}]{{1,40}}?)\s*(?P<colon>[{_COLONS}])\s*(?P<rest>.*)")
_MOST_WORDS: Final = 3
_QUOTES: Final = "\"'`*_\u201c\u201d\u2018\u2019\u00ab\u00bb"
# Keywords of other languages that an English sentence may begin with, and those that are a joke.
_WORDS: Final = frozenset({"primer", "reel"})
_OTHERS: Final = [
    dict[str, Any](spoken)
    for name, spoken in DIALECTS.items()
    if not name.startswith("en") and name not in {"em", "tlh"}
]


class Title(NamedTuple):
    """One way to read a line as a title: its keyword as Gherkin writes it, and what follows.

    `exact`: these are its letters; `right`: and Gherkin knows it; `colon`: some colon stands there.
    `foreign`: it is a keyword of a language that is neither English nor that of the file.
    """

    kind: str
    keyword: str
    rest: str
    exact: bool
    right: bool
    colon: bool
    capital: bool
    foreign: bool = False


@cache
def keywords(language: str) -> "Keywords":
    """The keywords of a language, and the English ones."""
    return Keywords(language)


class Keywords:
    """The keywords that a feature may be meant to have."""

    def __init__(self, language: str) -> None:
        self._own: dict[str, Any] = dict(DIALECTS.get(language, DIALECTS["en"]))
        spoken = (self._own, dict[str, Any](DIALECTS["en"]))
        found = [(kind, word) for words in spoken for kind in _TITLES for word in words[kind]]
        lost = [(kind, word) for words in _OTHERS for kind in _TITLES[2:5] for word in words[kind]]
        self._foreign = {letters(word): (kind, word) for kind, word in lost} | dict.fromkeys(_WORDS)
        self._titles = {letters(word): (kind, word) for kind, word in reversed(found)}
        steps = [(kind, word.strip()) for words in spoken for kind in _STEPS for word in words[kind]]
        self._steps: dict[str, str] = {word: kind for kind, word in reversed(steps)}
        self._longest = max(map(len, self._steps))
        self._near_steps = {letters(word): word for word in self._steps if letters(word)}

    def titles_in(self, text: str) -> Iterator[Title]:
        """Yield each way to read a line as a title, the longest first; a slip where none is exact."""
        exact = [self._title(text, *each, exact=True) for each in self._heads(text)]
        slips = [self._title(text, *each, exact=False) for each in self._heads(text)]
        # "Scenario Outlin:" is a slip of two words, not a scenario of that name.
        longer = [each for each in slips if each and each.colon and " " in each.keyword]
        yield from (each for each in (*longer, *(exact if any(exact) else slips)) if each)

    def _heads(self, text: str) -> Iterator[tuple[str, str, str]]:
        """Each beginning of a line that could be a keyword, the colon after it, and the rest."""
        found = _COLON.match(text)
        # A bullet before it makes it an element of a list.
        if found and not re.match(r"\W+\s", text) and len(found["head"].split()) <= _MOST_WORDS:
            yield found["head"], found["colon"], re.sub(r"^[\W_]+\s", "", found["rest"])
        words = text.split()
        for count in range(min(_MOST_WORDS, len(words)), 0, -1):
            rest = text.split(None, count)[count] if len(words) > count else ""
            yield " ".join(words[:count]), "", re.sub(r"^[\W_]+\s", "", rest)

    def _title(self, text: str, head: str, colon: str, rest: str, *, exact: bool) -> Title | None:
        asked = letters(head)
        key = asked if exact else _nearest(asked, tuple(self._titles))
        # The keys beside that of the colon count after a keyword, not after another word.
        found = self._titles.get(key) or (self._foreign.get(key) if exact else None)
        if not found or (not exact and colon and colon in ";="):
            return None
        own = self._own_word(*found)
        first = next((each for each in head if each.isalpha()), "")
        right = text.startswith(f"{own}:")
        rest = rest.rstrip(_QUOTES) if text[0] in _QUOTES else rest
        foreign = key not in self._titles
        return Title(found[0], own, rest, exact, right, bool(colon), not first.islower(), foreign)

    def _own_word(self, kind: str, word: str) -> str:
        """The keyword of the file's language that is most like a word of the same kind."""
        own: list[str] = [each.strip() for each in self._own[kind]]
        like = (SequenceMatcher(None, letters(each), letters(word)).ratio() for each in own)
        return word if word in own else max(zip(like, reversed(range(len(own))), own, strict=True))[2]

    def word(self, kind: str) -> str:
        """The keyword of a kind in the file's language, as our own features have it."""
        spoken = {"scenario": "Scenario", "rule": "Rule"}.get(kind, "")
        own = [each.strip() for each in self._own[kind] if letters(each)]
        return self._own_word(kind, spoken) if spoken else own[0]

    def begins_scenario(self, text: str) -> bool:
        """Whether a line is the title of a scenario, or a tag above one."""
        words = (*self._own["scenario"], *self._own["scenarioOutline"])
        return text.startswith(("@", *(f"{word}:" for word in words)))

    def is_slip(self, word: str, title: Title) -> bool:
        """Whether a word is a slip of a long keyword, and not the same word in the plural."""
        keys = [letters(each) for each in self._titles if len(each) >= 7]
        asked = letters(word)
        plural = any(asked.startswith(each) for each in keys)
        return not plural and not self.is_plain(title) and bool(_nearest(asked, tuple(keys)))

    def is_plain(self, title: Title) -> bool:
        """Whether its keyword is also the word for an example, with which headings begin."""
        return letters(self._own["examples"][0]).startswith(letters(title.keyword))

    def readings(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield each way to read a line as a step: its keyword ("" for another word), and the rest.

        The space between the two may be missing, or stand in the wrong place.
        """
        near = min(self._longest + 3, len(text))
        # Keywords of other languages have more letters.
        further = (found.end() for found in islice(re.finditer(r"\s+", text), _MOST_WORDS))
        for at in (*range(near), *(each for each in further if each >= near)):
            yield self._near_step(text[:at]), text[at:]

    def _near_step(self, word: str) -> str:
        asked = letters(word)
        near = asked if asked in self._near_steps else _nearest(asked, tuple(self._near_steps))
        return self._near_steps[near] if near else ""

    def step_kind(self, text: str) -> str:
        """Which step a line begins like; "" if it begins like none."""
        return next((kind for word, kind in self._steps.items() if text.startswith(f"{word} ")), "")

    def begins_step(self, text: str) -> bool:
        """Whether a line begins like a step that can be the first of a scenario."""
        word = self._near_steps.get(letters(text.partition(" ")[0]), "")
        return self._steps.get(word) in {"given", "when", "then"}

    def other_kinds(self, text: str, below: str) -> Iterator[tuple[str, str, str]]:
        """Yield, for each other language in which both lines are steps, their kinds and the word."""
        for words, kinds in _steps_of_others():
            if text.startswith(words) and below.startswith(words):
                first, second = (
                    next(pair for pair in kinds if line.startswith(pair[1])) for line in (text, below)
                )
                yield first[0], second[0], first[1]

    def split_step(self, text: str) -> tuple[str, str]:
        """The keyword and the rest of a line that begins like a step."""
        word = next(word for word in self._steps if text.startswith(f"{word} "))
        return word, text[len(word) :].strip()

    def title_kind(self, text: str) -> str:
        """Which title a line is, as Gherkin reads it; "" if it is none."""
        words = ((kind, word) for kind in _TITLES for word in self._own[kind])
        return next((kind for kind, word in words if text.startswith(f"{word}:")), "")

    def split_at_space(self, text: str) -> tuple[str, str]:
        """The keyword with which a line begins as a step, and what stands after its last letter."""
        words = (word for word in self._steps if letters(word) and text.startswith(word))
        word = max(words, key=len, default="")
        return word, text[len(word) :]

    def titles_inside(self, text: str, number: str) -> Iterator[str]:
        """Yield the titles inside a line: with a number, or after a gap that ends no sentence."""
        words = "|".join(re.escape(word) for _, word in self._titles.values())
        pattern = rf"(?<=\s)(?:{words}):\s*{number}.*|(?<![.!?:]\s\s)(?<=\s\s)(?:{words}):.*"
        yield from re.findall(pattern, text)

    def steps_inside(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield what could be a step inside a line: its keyword, and all that follows."""
        words = "|".join(re.escape(word) for word in self._steps if letters(word))
        for found in re.finditer(rf"(?<=\s)({words})\s+(?=(\S.*))", text):
            yield found[1], found[2]


@cache
def _steps_of_others() -> Sequence[tuple[tuple[str, ...], Sequence[tuple[str, str]]]]:
    """For each other language, the words of its steps, and each with its kind."""
    pairs = (
        [(kind, word) for kind in _STEPS for word in spoken[kind] if letters(word)] for spoken in _OTHERS
    )
    return [(tuple(word for _, word in each), each) for each in pairs]


@lru_cache(maxsize=4096)
def _nearest(asked: str, known: tuple[str, ...]) -> str:
    """The known word of which the asked one is a slip; "" if it is none."""
    near = [each for each in known if near_key(asked, [each])]
    return max(near, key=lambda each: SequenceMatcher(None, asked, each).ratio(), default="")


@lru_cache(maxsize=8192)
def letters(text: str) -> str:
    """The letters of a text, without its capitals, spaces and signs."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in plain if unicodedata.category(each)[0] in "LM")
