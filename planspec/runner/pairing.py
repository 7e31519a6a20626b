"""Does every outcome of a scenario judge what the scenario has chosen?

Every When of planspec hands on a selection, every filter ("we keep those ...") leaves less of it, and
every Then judges it. What a subject can be asked stands in `planspec.vocabulary`; whether a step asks
something else is seen here, before anything is judged.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from planspec.features import STEP_FILE, Step
from planspec.features.own_steps import is_own
from planspec.vocabulary import BY_NAME, BY_WHEN, FORMS, of_subject, problem, said, unknown_subject

SELECTION: Final = "selection"


class Phrase(NamedTuple):
    """One phrase: given, when or then, its text with blanks, its function and the fixture it makes.

    `blanks` is what stands in its blanks, where it is the phrase of a step.
    """

    keyword: str
    text: str
    function: Callable[..., Any]
    provides: str
    blanks: Mapping[str, object] = {}

    @property
    def ours(self) -> bool:
        """Whether it is a phrase of planspec, and not of somebody who runs our plugin."""
        return self.function.__module__.startswith(STEP_FILE)

    @property
    def bound(self) -> bool:
        """Whether it must judge what was selected: ours, or a step that --steps names."""
        return self.ours or is_own(self.function)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of what its function takes: blanks and fixtures."""
        return _arguments(self.function)

    @property
    def takes(self) -> bool:
        """Whether it takes what was selected."""
        return SELECTION in self.arguments

    @property
    def chooses(self) -> bool:
        """Whether it hands on a selection of its own."""
        return self.provides == SELECTION and not self.takes

    @property
    def filters(self) -> bool:
        """Whether it takes a selection and hands on what is left of it."""
        return self.provides == SELECTION and self.takes


class Mismatch(NamedTuple):
    """A step that does not judge, or does not filter, what was chosen: its line and what is wrong."""

    line: int
    text: str


Meant = tuple[Step, Phrase]


@lru_cache(maxsize=4096)
def _arguments(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def mismatches(meant: Sequence[Meant]) -> Iterator[Mismatch]:
    """Yield the first step of a scenario that does not go with what was chosen before it."""
    chosen: Step | None = None
    judged = True
    for step, phrase in meant:
        wrong = _wrong(step, phrase, chosen)
        if not wrong and chosen and phrase.chooses and not judged:
            wrong = _replaced(step, chosen)
        if wrong:
            yield Mismatch(step.line, wrong)
            return
        if phrase.chooses:
            chosen, judged = step, False
        elif phrase.takes and not phrase.filters:
            judged = True


def _wrong(step: Step, phrase: Phrase, chosen: Step | None) -> str:
    """What is wrong with one step, after what was chosen; "" if nothing is."""
    if phrase.ours and "subject" in phrase.blanks:
        return "" if step.text in BY_WHEN else unknown_subject(step.text)
    if not (phrase.bound and phrase.takes):
        return ""
    does = "filter" if phrase.filters else "judge"
    if chosen is None:
        return f"{step.quoted()} has nothing to {does}: no When before it chooses anything"
    subject = BY_WHEN.get(chosen.text)
    name = subject.name if subject else ""
    lead = f"{step.quoted()} does not {does} what {chosen.quoted()} (line {chosen.line}) chooses"
    if phrase.text in FORMS:
        told = problem(name, said(phrase.text, phrase.blanks))
        return f"{lead}: {told}" if told else ""
    if subject and subject.whole:
        return f"{lead}: the {name} is one amount, and no resource has it"
    return ""


def goes_with(phrase: Phrase) -> tuple[str, ...]:
    """The Whens that an outcome or a filter goes with; those of the vocabulary for anybody apart."""
    if phrase.text not in FORMS:
        return ()
    return tuple(each.when for each in BY_NAME.values() if phrase.text in _forms(each.name))


@lru_cache(maxsize=512)
def _forms(subject: str) -> frozenset[str]:
    return frozenset(each.form for each in of_subject(subject))


def _replaced(step: Step, chosen: Step) -> str:
    return (
        f"{step.quoted()} replaces what line {chosen.line} chose before it was judged; write a"
        " scenario for each subject, or a Then between them"
    )
