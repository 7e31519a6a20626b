"""Which outcome is meant by the words of a step, and what does the selection say to it?"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from planspec.errors import FeatureError
from planspec.finding import Judgement
from planspec.judgements.generic.selections import Selection, as_sure_as, of_configuration
from planspec.plan import Plan
from planspec.syntax import with_article
from planspec.vocabulary.choices import SUBJECTS
from planspec.vocabulary.model import Asked, Inputs, Outcome, Subject
from planspec.vocabulary.outcomes import OUTCOMES
from planspec.vocabulary.subjects import PLANNED

FEW: Final = 4
_NEAR: Final = 0.5
BY_WHEN: Final[Mapping[str, Subject]] = {each.when: each for each in SUBJECTS}
BY_NAME: Final[Mapping[str, Subject]] = {each.name: each for each in SUBJECTS}
FORMS: Final = frozenset(each.form for each in OUTCOMES)
_BY_WORDS: Final = {(each.subject, each.form, each.name): each for each in OUTCOMES}


@dataclass(frozen=True)
class Said:
    """What a step says: its form, what stands in its first blank, its numbers, unit and texts."""

    form: str
    name: str = ""
    numbers: tuple[int, ...] = ()
    unit: str = ""
    texts: tuple[str, ...] = ()


def said(form: str, blanks: Mapping[str, object]) -> Said:
    """Return what stands in the blanks of a step of this form."""
    first = next((str(blanks[each]) for each in _NAMES if each in blanks), "")
    quoted = [str(blanks[each]) for each in _QUOTED if each in blanks]
    if any(each in blanks for each in _LISTS):
        quoted = [part.strip() for each in quoted for part in each.split(",")]
    numbers = tuple(int(str(blanks[each])) for each in ("number", "most") if each in blanks)
    unit = str(blanks.get("unit") or "").strip()
    return Said(form, first, numbers, unit, tuple(quoted))


_NAMES: Final = ("setting", "part", "amount", "place", "grant")
_LISTS: Final = ("values", "metrics", "categories")
_QUOTED: Final = (*_LISTS, "value", "metric")


def selected(when: str, plan: Plan, inputs: Inputs) -> Selection:
    """Choose what a When says. Raises FeatureError for a subject that there is not."""
    subject = BY_WHEN.get(when)
    if subject is None:
        raise FeatureError(unknown_subject(when))
    found = tuple(subject.choose(plan, inputs))
    text = subject.text or subject.name
    if subject.configured:
        chosen = of_configuration(plan, found, text)
        return chosen._replace(subject=subject.name, types=subject.kinds)
    return Selection(plan, found, found, text, subject=subject.name, types=subject.kinds)


def judged(selection: Selection, inputs: Inputs, form: str, **blanks: object) -> Judgement:
    """Judge what was selected, and nothing else, by a step of this form with these blanks.

    A resource that may not belong to the selection violates nothing for sure. Raises FeatureError for
    an outcome that its subject does not have.
    """
    words = said(form, blanks)
    wrong = problem(selection.subject, words)
    if wrong:
        raise FeatureError(f"`{filled(words)}`: {wrong}")
    outcome = _BY_WORDS[selection.subject, words.form, words.name]
    found = outcome.judge(Asked(selection, inputs, words.numbers, words.texts))
    return as_sure_as(selection, found)


def unknown_subject(when: str) -> str:
    """Say that a When names no subject, and which there are."""
    near = _nearest(when, BY_WHEN)
    quoted = when.removeprefix(PLANNED).strip("'\u201c\u201d")
    typed = f' or, for any type of resource, `{PLANNED}"TYPE"`' if "_" in quoted else ""
    return f"unknown subject `{when}`; did you mean {near}{typed}? List them with: planspec steps"


def problem(subject: str, words: Said) -> str:
    """Say why the outcome cannot be asked of the subject; "" where it can."""
    outcome = _BY_WORDS.get((subject, words.form, words.name))
    if outcome is None:
        return _unknown(subject, words)
    shown = shown_of(outcome)
    if "<unit>" in words.form and words.unit.removesuffix("s") != outcome.unit.removesuffix("s"):
        right = f"in {outcome.unit}" if outcome.unit else "without a unit"
        return f"{outcome.name} is stated {right}: `{shown}`"
    if "" in words.texts:
        return f"nothing is between the quotes of `{shown}`"
    if list(words.numbers) != sorted(words.numbers):
        return f"nothing is between {' and '.join(map(str, words.numbers))}: the smaller one comes first"
    strange = [each for each in words.texts if outcome.texts and each not in outcome.texts]
    if strange:
        known = ", ".join(outcome.texts)
        return f'`{shown}` does not know "{strange[0]}"; what it knows: {known}'
    return ""


def _unknown(subject: str, words: Said) -> str:
    """What is wrong with a form or a name that the subject does not have."""
    same = (each.subject for each in OUTCOMES if each[1:3] == (words.form, words.name))
    whens = [BY_NAME[each].when for each in same]
    if subject not in BY_NAME:
        alike = _alike(filled(words), OUTCOMES)
        return f"it goes with {_listed(whens)}" if whens else f"no subject has it; {alike}"
    own = of_subject(subject)
    others = [each for each in own if each.name and each.name == words.name]
    if others:
        return f"{with_article(subject)} has it, and says `{shown_of(others[0])}`"
    where = f"; it goes with {_listed(whens)}" if whens else ""
    return f"{with_article(subject)} has no such outcome{where}; {_alike(filled(words), own)}"


def _alike(tried: str, outcomes: Iterable[Outcome]) -> str:
    told = [shown_of(each) for each in outcomes]
    if not told:
        return 'ask its values: `every "PATH" must be "VALUE"`'
    near = difflib.get_close_matches(tried, told, 1, _NEAR)
    others = [each for each in told if each not in near]
    lead = f"did you mean `{near[0]}`? " if near else ""
    return f'{lead}What goes with it: {_listed(others or told)}, and `every "PATH" must ...`'


def _listed(texts: Sequence[str]) -> str:
    """The first of some texts, and how many more there are."""
    every = list(dict.fromkeys(texts))
    told = ", ".join(f"`{each}`" for each in every[:FEW])
    return f"{told} and {len(every) - FEW} more (see: planspec steps)" if len(every) > FEW else told


def _nearest(text: str, known: Iterable[str]) -> str:
    return f"`{difflib.get_close_matches(text, list(known), 1, 0.0)[0]}`"


def of_subject(subject: str) -> list[Outcome]:
    """The outcomes that a subject has."""
    return [each for each in OUTCOMES if each.subject == subject]


def filled(words: Said) -> str:
    """The form with the name in its first blank."""
    text = words.form
    for blank in _NAMES:
        text = text.replace(f"<{blank}>", words.name)
    return text


def shown_of(outcome: Outcome) -> str:
    """The outcome as a step says it; its other blanks stay."""
    text = filled(Said(outcome.form, outcome.name))
    if "<unit>" in text:
        unit = outcome.unit if outcome.unit in ("", "%") else f" {outcome.unit}"
        text = text.replace(" <unit>", unit)
    return text
