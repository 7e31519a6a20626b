"""Which phrases are there, and what is behind a requirement?"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from planspec import features
from planspec.errors import FeatureError
from planspec.features import load, phrases
from planspec.policies import read_controls, read_waivers
from planspec.runner import pairing, registry
from planspec.runner.context import reason_of
from planspec.vocabulary import SUBJECTS, of_subject, shown_of

MOST_NAMED: Final = 3
_CHOICE: Final = re.compile(r"\w+(?:\|\w+)+")
_BLANK: Final = re.compile(r"<(\w+)>")
# What a general phrase says, and other words under which people look for it.
_SEARCHED: Final[Mapping[str, str]] = {
    "it must not allow": "cidr ssh rdp security group public world open 0.0.0.0/0",
    "ingress rule": "cidr ssh rdp security group inbound",
    "egress rule": "cidr security group outbound",
    "there must be none from": "change freeze time window friday weekend maintenance",
    "one of": "allowlist denylist allow list deny list allowed forbidden",
    "must match": "regex regular expression naming convention name pattern prefix",
    "must not match": "regex regular expression naming convention name pattern prefix",
    "there must be at most": "count quota limit maximum",
    "the value of": "compare another attribute variable greater less than above below limit",
    "must have the tags": "label tag",
    "taggable": "label tag",
    "that refers to it": "depends relation belongs companion pair has a",
    "must reference": "depends relation belongs",
    "may appear at most": "unique duplicate distinct",
    "only if variable": "environment workspace condition dev prod",
    "no change may": "drift regression before after decrease increase",
    "module call": "module version source registry",
    "required provider": "provider version constraint",
    "data source": "lookup ami image",
    "must be at least": "minimum version",
    "must be at most": "maximum version limit",
    "with action": "destroy deletion replacement recreate",
}


class Phrase(NamedTuple):
    """One phrase: its keyword, its text with blanks, what it means, and which Whens it goes with."""

    keyword: str
    text: str
    meaning: str
    after: tuple[str, ...] = ()

    @property
    def goes_with(self) -> str:
        """The Whens that may stand before it, as a person says it; "" where any may."""
        told = " or ".join(f"`{each}`" for each in self.after[:MOST_NAMED])
        more = len(self.after) - MOST_NAMED
        return f"{told} or {more} more (see the settings)" if more > 0 else told


def known_phrases() -> Sequence[Phrase]:
    """Return every phrase of the step modules, by keyword and text."""
    load()
    after = {each.text: pairing.goes_with(each) for each in registry.known()}
    return [
        Phrase(keyword.capitalize(), text, meaning, after[text])
        for keyword, text, meaning in registry.phrases()
    ]


def stub() -> str:
    """Return the vocabulary as a Python module, which a language server reads; nobody runs it."""
    told = {
        (each.phrase.keyword.lower(), each.phrase.text): each.phrase.meaning
        for each in rows(())
        if each.title != "Phrases" or not phrases.is_form(each.phrase.text)
    }
    lines = ['"""The phrases of planspec, for an editor. Made by: planspec steps --stubs FILE"""', ""]
    lines += ["from pytest_bdd import given, parsers, then, when"]
    number = 0
    for (keyword, text), meaning in sorted(told.items()):
        for each in _alternatives(text):
            number += 1
            lines += [
                "",
                "",
                f"@{keyword}({_pattern(each)})",
                f"def phrase_{number}():",
                f"    {meaning!r}",
            ]
    return "\n".join([*lines, ""])


def _alternatives(text: str) -> Sequence[str]:
    """A phrase once for each of the words of which it takes one."""
    found = _CHOICE.search(text)
    if found is None:
        return [text]
    words = found[0].split("|")
    parts = [f"{text[: found.start()]}{word}{text[found.end() :]}" for word in words]
    return [each for part in parts for each in _alternatives(part)]


def _pattern(text: str) -> str:
    plain = _BLANK.sub(r"{\1}", text)
    return repr(text) if plain == text else f"parsers.parse({plain!r})"


class Row(NamedTuple):
    """One entry of the vocabulary: a phrase, a subject, or an outcome of a subject.

    `where` says which argument of Terraform it is about, `complies` which values do; `words` are other
    names under which people look for it.
    """

    phrase: Phrase
    where: str = ""
    complies: str = ""
    words: tuple[str, ...] = ()
    title: str = "Phrases"

    def holds(self, wanted: Sequence[str]) -> bool:
        """Whether each of the words stands in it."""
        after = self.phrase.after if self.where or self.complies else ()
        # The meaning counts for a general phrase alone, which no other words lead to.
        alone = not (self.where or self.complies or self.phrase.after)
        meaning = self.phrase.meaning if alone else ""
        general = _searched(self.phrase.text) if alone else ()
        told = (self.phrase.text, meaning, *after, self.where, *self.words, *general)
        return all(_plain(each) in _plain(" ".join(told)) for each in wanted)


def _searched(phrase: str) -> tuple[str, ...]:
    """Return the other words for a phrase."""
    return tuple(words for said, words in _SEARCHED.items() if said in phrase)


def _plain(text: str) -> str:
    return text.lower().replace("-", " ").replace("_", " ")


def subject_rows() -> Sequence[Row]:
    """Return every subject, as the When that chooses it."""
    return [
        Row(Phrase("When", each.when, each.meaning), ", ".join(each.kinds), "", each.words, "Subjects")
        for each in SUBJECTS
    ]


def outcome_rows() -> Sequence[Row]:
    """Return every outcome of every subject, in the words of its step."""
    return [
        Row(
            Phrase("Then", shown_of(each), each.meaning, (subject.when,)),
            f"{subject.kinds[0]}: {each.argument}" if subject.kinds else each.argument,
            each.values,
            (*each.words, *subject.words),
            "Settings of each subject",
        )
        for subject in SUBJECTS
        for each in of_subject(subject.name)
    ]


def rows(wanted: Sequence[str]) -> Sequence[Row]:
    """Return the phrases, then the subjects, then their outcomes; only those with all the words."""
    every = [*map(Row, known_phrases()), *subject_rows(), *outcome_rows()]
    asked = [word for each in wanted for word in each.split()]
    found = [each for each in every if each.holds(asked)]
    # First those that say it themselves.
    found.sort(key=lambda row: bool(asked) and " ".join(asked).lower() not in row.phrase.text.lower())
    # A phrase without blanks is told as a subject or an outcome, with what it is about.
    told = {each.phrase.text for each in found if each.title != "Phrases"}
    return [each for each in found if each.title != "Phrases" or each.phrase.text not in told]


def explanation(requirement: str, paths: Sequence[Path], policies: Path) -> str:
    """Return what there is to know about a requirement or a scenario, as text.

    Raises FeatureError if no scenario belongs to it, with the nearest that there is.
    """
    frameworks = read_controls(policies)
    found = [each for path in features.files(paths) for each in features.read(path, frameworks)]
    mine = [each for each in found if requirement in (each.requirement, each.number)]
    if not mine:
        known = sorted({each.requirement for each in found})
        raise FeatureError(f'no requirement "{requirement}"; there are {", ".join(known)}')
    lines = [mine[0].rule or mine[0].name]
    # One requirement may stand in several features, each of which says why, and what a pass shows.
    told: dict[tuple[str, str, str], features.Scenario] = {}
    for each in mine:
        told.setdefault((each.file, each.about, each.why), each)
    for each in told.values():
        texts = filter(None, (each.about, each.why))
        lines += [f"{each.feature} · {source_of(each)}", "", *"\n\n".join(texts).splitlines(), ""]
    for control in dict.fromkeys(control for each in mine for control in each.controls):
        framework, _, number = control.partition(":")
        known_as = frameworks[framework]
        title = known_as.controls[number].title
        lines.append(f"  {control:<12} {known_as.title} {known_as.version}: {title}")
    for scenario in mine:
        lines += ["", f"  {scenario.name}", *(f"    {each}" for each in scenario.written_steps)]
    lines += _waivers(requirement, policies)
    return "\n".join(lines)


def source_of(scenario: features.Scenario) -> str:
    """Say where a scenario stands."""
    return f"{Path(scenario.file).name}:{scenario.line}"


def _waivers(requirement: str, policies: Path) -> Sequence[str]:
    today = datetime.now(UTC).date()
    found = [
        waiver
        for waiver in read_waivers(policies)
        if waiver.concerns(requirement) or waiver.requirement.startswith(f"{requirement}.")
    ]
    if not found:
        return ["", "  no waivers"]
    return [
        "",
        *(
            f"  {'expired' if each.expired(today) else 'waived'}: {each.address}: {reason_of(each)}"
            for each in found
        ),
    ]
