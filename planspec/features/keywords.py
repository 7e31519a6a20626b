"""How does Gherkin write its keywords, and which words are a slip of one?

In the language of the feature, and in English: the keywords of another language are slips too.
Source: Cucumber, "Gherkin reference", Spoken languages.
"""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from gherkin.dialect import DIALECTS

from planspec.syntax import near_key

_TITLES: Final = ("feature", "background", "rule", "scenario", "scenarioOutline", "examples")
_STEPS: Final = ("given", "when", "then", "and", "but")
# What stands for a colon on other keyboards, and the keys beside it.
_COLONS: Final = ":\uff1a\ufe55\ua789\u2236;="
_COLON: Final = re.compile(rf"(?P<head>[^{_COLONS}]{{1,40}}?)\s*(?P<colon>[{_COLONS}])\s*(?P<rest>.*)")
_MOST_WORDS: Final = 3


class Title(NamedTuple):
    """One way to read a line as a title: its keyword as Gherkin writes it, and what follows.

    `exact`: these are its letters; `right`: and Gherkin knows it; `colon`: some colon stands there.
    """

    kind: str
    keyword: str
    rest: str
    exact: bool
    right: bool
    colon: bool
    capital: bool


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
        if key not in self._titles or (not exact and colon and colon in ";="):
            return None
        kind, word = self._titles[key]
        own = word if word in self._own[kind] else self._own[kind][0]
        first = next((each for each in head if each.isalpha()), "")
        right = text.startswith(f"{own}:")
        return Title(kind, own, rest, exact, right, bool(colon), not first.islower())

    def is_plain(self, title: Title) -> bool:
        """Whether its keyword is also the word for an example, with which headings begin."""
        return letters(self._own["examples"][0]).startswith(letters(title.keyword))

    def readings(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield each way to read a line as a step: its keyword ("" for another word), and the rest.

        The space between the two may be missing, or stand in the wrong place.
        """
        for at in range(min(self._longest + 3, len(text))):
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

    def split_step(self, text: str) -> tuple[str, str]:
        """The keyword and the rest of a line that begins like a step."""
        word = next(word for word in self._steps if text.startswith(f"{word} "))
        return word, text[len(word) :].strip()

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


@lru_cache(maxsize=4096)
def _nearest(asked: str, known: tuple[str, ...]) -> str:
    """The known word of which the asked one is a slip; "" if it is none."""
    near = [each for each in known if near_key(asked, [each])]
    return max(near, key=lambda each: SequenceMatcher(None, asked, each).ratio(), default="")


def letters(text: str) -> str:
    """The letters of a text, without its capitals, spaces and signs."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in plain if unicodedata.category(each)[0] in "LM")
