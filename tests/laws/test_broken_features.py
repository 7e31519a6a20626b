"""Does one wrong sign in a feature lead to an error, and never to fewer requirements?

The law: whatever sign of a keyword line or whichever quote of one of our features is broken, the
feature is refused, or it asks exactly what it asked before.
"""

import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planspec import bundle, features
from planspec.features import Scenario, Trap, phrases
from planspec.policies import catalogue
from planspec.runner import registry

FRAMEWORKS = catalogue.read_controls(bundle.POLICIES)
KEYWORDS = (
    "Feature:",
    "Background:",
    "Rule:",
    "Scenario:",
    "Scenario Outline:",
    "Examples:",
    "Example:",
)
STEPS = ("Given ", "When ", "Then ", "And ", "But ", "* ")

# What our own features do not use: untagged titles, outlines, quotes in every kind of blank.
SMALL = """Feature: Small: everything that can be broken

  A rule is not a scenario, and when something is given, nobody knows what comes then.

  Background:
    Given the Terraform plan

  Scenario: The first has nothing before it
    When we examine every planned "aws_instance"
    And we keep those whose "tags['Name']" is "web"
    And we keep those whose "tags.Name" matches "w.*"
    And we keep those whose "tags.Name" contains "w"
    And we keep those in module "module.shop["eu"]"
    Then every "instance_type" must not be one of "m5.24xlarge, p4d.24xlarge"
    And every "instance_type" must not match "m5.*"
    And every "instance_type" must not contain "m5"
    And every "instance_type" must not be "m5.24xlarge"
    And its "subnet_id" must refer to a "aws_subnet"

  Rule: The second is inside a rule

    Background:
      Given the Terraform plan

    Scenario Outline: The types of <kind>
      When we examine every change of "<kind>" with action "delete"
      Then there must be none

      Examples:
        | kind            |
        | aws_db_instance |

    Example: The last
      * the Terraform plan
      When we examine every resource with action "delete"
      Then there must be at most 3
"""
GERMAN = """# language: de
Funktionalität: Klein

  Grundlage:
    Angenommen the Terraform plan

  Szenario: Eins
    Wenn we examine every planned "aws_instance"
    Dann every "instance_type" must not be one of "m5.24xlarge, p4d.24xlarge"

  Regel: Zwei

    Szenario: Drei
      Wenn we examine every planned "aws_vpc"
      Dann there must be at least 1
"""
GERMAN_KEYWORDS = ("Funktionalität:", "Grundlage:", "Szenario:", "Regel:")
GERMAN_STEPS = ("Angenommen ", "Wenn ", "Dann ")

OWN = [path.read_text(encoding="utf-8") for path in features.files([bundle.FEATURES])]
FEATURES = [
    (SMALL, KEYWORDS, STEPS),
    (GERMAN, GERMAN_KEYWORDS, GERMAN_STEPS),
    *((text, KEYWORDS, STEPS) for text in OWN),
]


class Break(NamedTuple):
    """One sign at one place of a text becomes other signs."""

    at: int
    length: int
    new: str

    def of(self, text: str) -> str:
        """The broken text."""
        return text[: self.at] + self.new + text[self.at + self.length :]


def places(text: str, titles: Sequence[str], steps: Sequence[str]) -> Iterator[int]:
    """The place of each sign of a keyword and of its colon or space, and of each quote of a step."""
    begin = 0
    for line in text.splitlines(keepends=True):
        bare = line.lstrip()
        at = begin + len(line) - len(bare)
        keyword = next((each for each in (*titles, *steps) if bare.startswith(each)), "")
        yield from range(at, at + len(keyword))
        if keyword in steps:
            yield from (begin + place for place, sign in enumerate(line) if sign == '"')
        begin += len(line)


def simple_breaks(text: str, at: int) -> Iterator[Break]:
    """The ways in which a hand slips: a sign gone, twice, before the one before it, or in other case."""
    sign, after = text[at], text[at + 1 : at + 2]
    yield Break(at, 1, "")
    yield Break(at, 1, sign * 2)
    yield Break(at, 2, after + sign)
    yield Break(at, 1, sign.swapcase())


def breaks(text: str, at: int) -> Iterator[Break]:
    """Each way to break one sign, also by another one in its place or before it."""
    yield from simple_breaks(text, at)
    for other in ("x", " ", ";", "'", '"', ",", "\u201c", "\N{NO-BREAK SPACE}", "\N{FULLWIDTH COLON}"):
        yield Break(at, 1, other)
        # A sign more within quotes is another value.
        yield from () if text[at] == '"' else (Break(at, 0, other),)


def asked(found: Sequence[Scenario]) -> list[object]:
    """What the scenarios ask: their steps, with what the phrases take from them."""
    return [
        [
            (
                each.kind,
                *(
                    (meaning.function, meaning.blanks)
                    for meaning in phrases.meanings(each.kind, each.text)
                ),
            )
            for each in scenario.steps
        ]
        for scenario in found
    ]


def refused(found: Sequence[Scenario]) -> bool:
    """Whether a step means nothing, or a blank of it cannot be read."""
    steps = {(step.kind, step.text) for scenario in found for step in scenario.steps}
    return any(len(registry.matching(*each)) != 1 or phrases.misread(*each) for each in steps)


@cache
def asked_by(text: str) -> list[object]:
    """What a whole feature asks; nothing in it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        found, traps = read(text, Path(folder))
    assert not traps
    assert not refused(found)
    return asked(found)


def read(text: str, folder: Path) -> tuple[Sequence[Scenario], Sequence[Trap]]:
    """Read a feature as `check` does."""
    path = folder / "own.feature"
    path.write_text(text, encoding="utf-8")
    return features.inspect(path, FRAMEWORKS)


def require_law(text: str, broken: Break, folder: Path) -> None:
    """Break the text; it is refused, or asks what it asked before."""
    after, traps = read(broken.of(text), folder)
    if not traps and not refused(after):
        around = broken.of(text)[max(0, broken.at - 60) : broken.at + 60]
        assert asked(after) == asked_by(text), repr(around)


@pytest.fixture(autouse=True)
def steps() -> None:
    """The phrases of the step modules."""
    phrases.load()


@pytest.mark.parametrize(
    ("text", "titles", "words"),
    FEATURES[:2],
    ids=["English", "German"],
)
def test_no_broken_sign_of_a_small_feature_loses_a_requirement(
    text: str, titles: Sequence[str], words: Sequence[str], tmp_path: Path
) -> None:
    at = list(places(text, titles, words))
    tried = {each.of(text): each for place in at for each in simple_breaks(text, place)}
    assert len(tried) > 300
    for broken in tried.values():
        require_law(text, broken, tmp_path)


@settings(max_examples=10 * settings().max_examples)
@given(st.data())
def test_no_broken_sign_of_our_features_loses_a_requirement(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text, titles, words = data.draw(st.sampled_from(FEATURES))
    at = data.draw(st.sampled_from(list(places(text, titles, words))))
    broken = data.draw(st.sampled_from(list(breaks(text, at))))
    require_law(text, broken, tmp_path_factory.mktemp("broken"))
