"""Which phrase of today is meant by one of the version before?

A feature that was written with the old words is read as if it had the new ones, so that its verdicts,
fingerprints and waivers stay. What an old When chose may be two things today: its outcomes decide.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from planspec.features.deprecated import GIVENS, NEEDS, THENS, WHENS
from planspec.features.form import Form
from planspec.features.scenario import OUTCOME, Step

_TABLES: Final[Mapping[str, Mapping[str, str]]] = {"Context": GIVENS, "Action": WHENS, OUTCOME: THENS}
_BLANK: Final = re.compile(r"<(\w+)>")
_FILTER: Final = "we keep "


class Renamed(NamedTuple):
    """An old phrase: its words with blanks, and the step that it is today."""

    old: str
    text: str


@cache
def _forms(kind: str) -> tuple[tuple[Form, str], ...]:
    return tuple((Form(old), new) for old, new in _TABLES.get(kind, {}).items())


@lru_cache(maxsize=4096)
def renamed(kind: str, text: str) -> Renamed | None:
    """Return what a step is called today, if it is an old phrase."""
    for form, new in _forms(kind):
        found = form.parse_arguments(text)
        if found is not None:
            return Renamed(form.name, _filled(new, found))
    return None


def _filled(text: str, blanks: Mapping[str, str]) -> str:
    return _BLANK.sub(lambda blank: blanks[blank[1]], text)


def old_phrases(kind: str) -> Sequence[str]:
    """Return the old phrases of a kind, with their blanks."""
    return tuple(_TABLES.get(kind, ()))


def renamed_phrases() -> Mapping[str, str]:
    """Return every old phrase, with its blanks, and what it is called today."""
    return {old: new for table in _TABLES.values() for old, new in table.items()}


def translated(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps of one scenario in the words of today; what was written is kept beside them.

    Where two outcomes of one old When are about two subjects today, a When is put between them.
    """
    return tuple(_translated(steps))


def _translated(steps: Sequence[Step]) -> Iterator[Step]:
    usual = chosen = ""
    for position, step in enumerate(steps):
        today = renamed(step.kind, step.text)
        if step.kind == "Action" and not step.text.startswith(_FILTER):
            usual = today.text if today else ""
            chosen = (usual and _needed(steps[position + 1 :])) or usual
            yield step._replace(text=chosen, written=step.text) if today else step
            continue
        if today is None:
            yield step
            continue
        wanted = NEEDS.get(today.old, usual) if usual and step.kind == OUTCOME else chosen
        if wanted != chosen:
            chosen = wanted
            yield Step("Action", wanted, step.line, inserted=True)
        yield step._replace(text=today.text, written=step.text)


def _needed(steps: Sequence[Step]) -> str:
    """The When that the first outcome after an old one needs; "" where the usual one will do."""
    for step in steps:
        if step.kind == "Action" and not step.text.startswith(_FILTER):
            return ""
        today = renamed(step.kind, step.text) if step.kind == OUTCOME else None
        if step.kind == OUTCOME:
            return NEEDS.get(today.old, "") if today else ""
    return ""
