"""Does every outcome of a scenario judge what the scenario has chosen?

A When hands on what it chose as the fixture that it names; a filter ("we keep those ...") takes that and
hands on less; a Then takes it as an argument of its function. Names and types of both are compared
before anything is judged, so that no outcome looks up something else by itself.
Source: pytest-bdd, "target_fixture".
"""

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, get_type_hints

from planspec.features import STEP_FILE, Step
from planspec.judgements.generic.selections import Selection
from planspec.judgements.generic.subjects import TYPES

GENERAL: Final = "selection"
FEW: Final = 3


class Phrase(NamedTuple):
    """One phrase: given, when or then, its text with blanks, its function and the fixture it makes."""

    keyword: str
    text: str
    function: Callable[..., Any]
    provides: str

    @property
    def ours(self) -> bool:
        """Whether it is a phrase of planspec, and not of somebody who runs our plugin."""
        return self.function.__module__.startswith(STEP_FILE)

    @property
    def filters(self) -> bool:
        """Whether it takes a subject and hands on what is left of it."""
        return bool(self.provides) and self.provides in _arguments(self.function)


class Mismatch(NamedTuple):
    """A step that does not judge, or does not filter, what was chosen: its line and what is wrong."""

    line: int
    text: str


Meant = tuple[Step, Phrase]


@lru_cache(maxsize=4096)
def _arguments(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


@lru_cache(maxsize=4096)
def _types(function: Callable[..., Any]) -> dict[str, Any]:
    """The types of the arguments and of what is returned; none where they cannot be told."""
    try:
        return get_type_hints(function)
    except (NameError, TypeError, AttributeError):
        return {}


def subjects(phrases: Iterable[Phrase]) -> frozenset[str]:
    """The fixtures that hold what a When of planspec chose."""
    return frozenset(each.provides for each in phrases if each.ours and each.provides)


def taken(phrase: Phrase, names: frozenset[str]) -> tuple[str, ...]:
    """The subjects that a phrase takes."""
    return tuple(each for each in _arguments(phrase.function) if each in names)


def fits(chosen: Phrase, outcome: Phrase, names: frozenset[str]) -> bool:
    """Whether the outcome, or a filter, takes what this When hands on."""
    if taken(outcome, names) != (chosen.provides,):
        return False
    given, wanted = _types(chosen.function).get("return"), _types(outcome.function).get(chosen.provides)
    if isinstance(given, type) and isinstance(wanted, type):
        return issubclass(given, wanted)
    return True


def mismatches(meant: Sequence[Meant], every: Sequence[Phrase]) -> Iterator[Mismatch]:
    """Yield the steps of one scenario that do not go with what was chosen before them."""
    names = subjects(every)
    chosen: Meant | None = None
    judged = True
    for step, phrase in meant:
        takes = bool(taken(phrase, names))
        if takes and not (chosen and fits(chosen[1], phrase, names)):
            yield Mismatch(step.line, _told(step, phrase, chosen, meant, every))
            return
        if phrase.provides in names:
            if chosen and not judged and not takes:
                yield Mismatch(step.line, _replaced(step, chosen[0]))
                return
            chosen, judged = (step, phrase), False
        elif takes:
            judged = True


def whens(phrase: Phrase, every: Sequence[Phrase]) -> list[Phrase]:
    """The Whens of planspec that hand on what an outcome, or a filter, takes."""
    names = subjects(every)
    chooses = (each for each in every if each.ours and each.provides and not each.filters)
    return [each for each in chooses if fits(each, phrase, names)]


def outcomes(chosen: Phrase, every: Sequence[Phrase]) -> list[Phrase]:
    """The outcomes of planspec that judge what a When, or a filter, hands on."""
    names = subjects(every)
    return [each for each in every if each.ours and each.keyword == "then" and fits(chosen, each, names)]


def _replaced(step: Step, chosen: Step) -> str:
    return (
        f"`{step.text}` replaces what line {chosen.line} chose before it was judged; write a"
        " scenario for each subject, or a Then between them"
    )


def _told(
    step: Step, phrase: Phrase, chosen: Meant | None, meant: Sequence[Meant], every: Sequence[Phrase]
) -> str:
    """The sentence about an outcome, or a filter, that does not take what was chosen."""
    does = "filter" if phrase.filters else "judge"
    partner = _partner(phrase, chosen, every)
    if chosen is None:
        return f"`{step.text}` has nothing to {does}: no When before it chooses anything; {partner}"
    wrong = f"`{step.text}` does not {does} what `{chosen[0].text}` (line {chosen[0].line})"
    base = _base(meant, chosen)
    with_it = _nearest(step.text, [each.text for each in outcomes(chosen[1], every)])
    if chosen[1].filters and fits(base[1], phrase, subjects(every)):
        return (
            f"{wrong} keeps, but all of `{base[0].text}` (line {base[0].line}); take the filter away,"
            f" or write an outcome that goes with it, such as {with_it}"
        )
    named = f"{wrong} {'keeps' if chosen[1].filters else 'chooses'}; {partner}"
    return f"{named}; with `{chosen[0].text}` go {with_it or 'no outcomes'}"


def _base(meant: Sequence[Meant], chosen: Meant) -> Meant:
    """The When whose choice the filters before this one have narrowed."""
    before = meant[: meant.index(chosen) + 1]
    return next((each for each in reversed(before) if each[1].provides and not each[1].filters), chosen)


def _partner(phrase: Phrase, chosen: Meant | None, every: Sequence[Phrase]) -> str:
    """Which When hands on what the outcome takes, the nearest to the one that is written first."""
    about = TYPES.get(chosen[1].provides, "") if chosen else ""
    if about and _types(phrase.function).get(GENERAL) is Selection:
        return f'it goes with `we examine every planned "{about}"`'
    near = _nearest(chosen[0].text if chosen else "", [each.text for each in whens(phrase, every)])
    return f"it goes with {near}" if near else "no phrase of planspec hands on what it takes"


def _nearest(text: str, known: Sequence[str]) -> str:
    """The phrases most like the text, and how many more there are."""
    alike = difflib.get_close_matches(text, known, FEW, 0.0)
    more = len(set(known)) - len(alike)
    told = ", ".join(f"`{each}`" for each in alike)
    return f"{told} and {more} more (see: planspec steps)" if more else told
