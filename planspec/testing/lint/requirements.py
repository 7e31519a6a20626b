"""What is wrong with the scenarios: their words, numbers, tags and steps?"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from planspec import features
from planspec.features import NUMBER, REQUIREMENT, Scenario, Step, phrases
from planspec.judgements.generic.magnitudes import names_version, order
from planspec.policies import Framework
from planspec.runner import isolated_pytest, registry
from planspec.testing.lint.problem import Problem
from planspec.vocabulary import OUTCOMES

LONGEST: Final = 5
GENERIC: Final = ('"<path>"', '"<kind>"', '"<names>"', "allow no more than")
"""Parts of phrases for anybody's plan, which speak of types, attributes, tags and documents."""
GENERAL: Final = frozenset({"generic", "requests"})
"""The step modules of the phrases for anybody's plan."""

_ATTRIBUTE: Final = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b|\w\[[\d*]+\]|\$\.\w")

DOUBLE: Final = '"'
_IN_A_BLANK: Final = re.compile(r'"[^"]*"')


class Read:
    """The feature files that were read: scenarios by file, and the problems of reading them."""

    def __init__(self, paths: Sequence[Path], frameworks: dict[str, Framework]) -> None:
        self.problems: list[Problem] = []
        self.by_file: dict[Path, Sequence[Scenario]] = {}
        for path in features.files(paths):
            found, traps = features.inspect(path, frameworks)
            self.by_file[path] = found
            self.problems += [Problem(str(path), each.line, each.rule, each.text) for each in traps]

    @property
    def scenarios(self) -> list[Scenario]:
        """Every scenario, file by file."""
        return [each for found in self.by_file.values() for each in found]


def problems(read: Read, *, whole: bool = False) -> Iterator[Problem]:
    """Yield what is wrong with the scenarios that were read.

    `whole`: they are all that planspec brings along, which has a phrase of the subject for each.
    """
    yield from _numbers(read.scenarios)
    for path, found in read.by_file.items():
        numbered = any(NUMBER.match(each.name) for each in found)
        if numbered:
            yield from _descriptions(path, found)
        for scenario in found:
            yield from _words(scenario)
            yield from _names(scenario, whole=whole)
            if numbered:
                yield from _tags(scenario)


def _numbers(scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    first: dict[str, Scenario] = {}
    for scenario in scenarios:
        if not NUMBER.match(scenario.name):
            continue
        other = first.setdefault(scenario.number, scenario)
        if (other.file, other.line) != (scenario.file, scenario.line) and other.name != scenario.name:
            text = f"{scenario.number} is also the number of {Path(other.file).name}:{other.line}"
            yield Problem(scenario.file, scenario.line, "duplicate-number", text)
    for scenario, other in features.other_rules(scenarios):
        text = f'"{scenario.rule}" has other tags or another title in {Path(other.file).name}'
        yield Problem(scenario.file, scenario.line, "duplicate-number", text)


def _descriptions(path: Path, found: Sequence[Scenario]) -> Iterator[Problem]:
    about = next((each.about for each in found), "")
    whole = "\n".join([about, *(each.why for each in found)])
    paragraphs = [each for each in about.split("\n\n") if each.strip()]
    if not any(not each.startswith("A pass ") for each in paragraphs):
        yield Problem(str(path), 1, "no-rationale", "the feature does not say why")
    if not re.search(r"^\s*A pass ", whole, re.MULTILINE):
        text = 'no paragraph begins with "A pass": say what a pass shows and does not show'
        yield Problem(str(path), 1, "no-limits", text)


def _tags(scenario: Scenario) -> Iterator[Problem]:
    place = (scenario.file, scenario.line)
    tagged = [tag for tag in scenario.tags if REQUIREMENT.fullmatch(tag)]
    number = NUMBER.match(scenario.name)
    if not tagged or number is None:
        text = f'"{scenario.name}" has no requirement: tag its rule and number it'
        yield Problem(*place, "no-requirement", text)
    elif number[1] not in tagged:
        yield Problem(*place, "number-of-another", f"{number[0]} is under @{tagged[-1]}")
    if not scenario.severity:
        yield Problem(*place, "no-severity", f'"{scenario.name}" has no @severity:... tag')
    if not scenario.controls:
        yield Problem(*place, "no-control", f'"{scenario.name}" serves no control')


def _words(scenario: Scenario) -> Iterator[Problem]:
    if not any(each.kind == "Context" for each in scenario.steps):
        text = f'"{scenario.name}" has no Given; a misspelt keyword may have lost it'
        yield Problem(scenario.file, scenario.line, "no-context", text)
    plain = [each for each in scenario.steps if each.line > scenario.line]
    if len(plain) > LONGEST:
        text = f'"{scenario.name}" has {len(plain)} steps; at most {LONGEST}'
        yield Problem(scenario.file, scenario.line, "too-long", text)
    for step in scenario.steps:
        if step.written:
            text = f'"{step.written}" is called "{step.text}" now'
            yield Problem(scenario.file, step.line, "deprecated-phrase", text)
        meanings = registry.matching(step.kind, step.text)
        if len(meanings) == 1:
            misread = phrases.misread(step.kind, step.text)
            if misread:
                text = f"{step.quoted(DOUBLE)}: {misread}"
                yield Problem(scenario.file, step.line, "unreadable-blank", text)
            continue
        yield _meaning(scenario, step, meanings)
    for wrong in registry.mismatches(scenario.steps):
        yield Problem(scenario.file, wrong.line, "wrong-subject", wrong.text)


_ARGUMENTS: Final = frozenset(
    word for each in OUTCOMES for word in (each.name or each.form).split() if _ATTRIBUTE.fullmatch(word)
)
"""Arguments and parameters by which the vocabulary itself calls a setting: AWS has no other word."""


def _names(scenario: Scenario, *, whole: bool) -> Iterator[Problem]:
    """Names of attributes in the words; those in the blanks of a general phrase are what it takes."""
    if not any(REQUIREMENT.fullmatch(tag) for tag in scenario.tags):
        return
    lines = [(scenario.line, scenario.name), *((each.line, each.text) for each in scenario.steps)]
    for line, text in lines:
        searched = text if whole else _IN_A_BLANK.sub("", text)
        named = [each[0] for each in _ATTRIBUTE.finditer(searched) if each[0] not in _ARGUMENTS]
        if named:
            told = f'"{named[0]}" is not a word: "{text}"'
            yield Problem(scenario.file, line, "attribute-name", told)


def _meaning(scenario: Scenario, step: Step, meanings: Sequence[Any]) -> Problem:
    line, text = step.line, step.quoted(DOUBLE)
    if meanings:
        names = ", ".join(sorted(each.__name__ for each in meanings))
        told = f"{text} has {len(meanings)} meanings: {names}"
        return Problem(scenario.file, line, "ambiguous-phrase", told)
    told = "; ".join(filter(None, (f"{text} means nothing", isolated_pytest.hint(step.kind, step.text))))
    return Problem(scenario.file, line, "undefined-phrase", told)


def unused_phrases(scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    """Yield the phrases for our own requirements that none of the scenarios uses."""
    used = {
        id(meaning)
        for scenario in scenarios
        for step in scenario.steps
        for meaning in registry.matching(step.kind, step.text)
    }
    for definition in registry.definitions():
        generic = definition.module in GENERAL or any(each in definition.text for each in GENERIC)
        if generic or id(definition.function) in used:
            continue
        yield Problem(
            definition.file, definition.line, "unused-phrase", f'no scenario says "{definition.text}"'
        )


_LIMIT: Final = re.compile(
    r'^(?P<subject>.*"(?P<path>[^"]*)") must be at (?P<side>least|most) (?P<limit>-?[0-9.]+)$'
)
_VALUE: Final = re.compile(r'^(?P<subject>every "[^"]*") must (?P<no>not )?be "(?P<value>[^"]*)"$')
_SET: Final = re.compile(r'^(?P<subject>every "[^"]*") must (?P<no>not )?be set$')


def contradictions(scenarios: Sequence[Scenario]) -> Iterator[Problem]:
    """Yield scenarios of which two cannot hold together: about the same, they demand opposites."""
    demands: dict[tuple[str, ...], list[tuple[Scenario, str]]] = {}
    for scenario in scenarios:
        chosen = tuple(each.text for each in scenario.steps if each.kind != "Outcome")
        for step in scenario.steps:
            if step.kind != "Outcome":
                continue
            for other, text in demands.setdefault(chosen, []):
                if other is not scenario and _contradict(text, step.text):
                    place = f"{Path(other.file).name}:{other.line}"
                    told = f'"{step.text}" cannot hold with "{text}" in {place}'
                    yield Problem(scenario.file, step.line, "contradiction", told)
            demands[chosen].append((scenario, step.text))


def _contradict(one: str, other: str) -> bool:
    """Whether no resource can satisfy both; what is not understood contradicts nothing."""
    for pattern in (_LIMIT, _VALUE, _SET):
        first, second = pattern.match(one), pattern.match(other)
        if first and second and first["subject"] == second["subject"]:
            if pattern is _LIMIT:
                return _apart(first, second)
            if pattern is _VALUE and not first["no"] and not second["no"]:
                return first["value"] != second["value"]
            same = pattern is _SET or first["value"] == second["value"]
            return same and bool(first["no"]) is not bool(second["no"])
    return False


def _apart(first: re.Match[str], second: re.Match[str]) -> bool:
    low, high = (first, second) if first["side"] == "least" else (second, first)
    if low["side"] == high["side"]:
        return False
    named = names_version(re.findall(r"[A-Za-z_]\w*", low["path"]))
    found = order(low["limit"], high["limit"], version=named)
    return found is not None and found.not_more is False
