"""What in a feature would be passed over in silence, or means nothing?

pytest-bdd runs what it understands. Each trap here is an error before anything is judged; the linter
lists all of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from planspec.features.scenario import ENFORCEMENTS, OUTCOME, REQUIREMENT, SEVERITIES, Scenario
from planspec.policies import Framework

# <name>, but not the (?<name>...) of a regular expression, <.*> or what stands between two comparisons.
_UNFILLED: Final = re.compile(r"(?<![?P])<[^\s<>=/@\[(\\^][^<>\"@=\[\]()\\^*+]*>")

DOUBLE: Final = '"'
_CHOOSES: Final = ("we examine ", "we compare ", "we estimate ")

OF_THE_FILE: Final = frozenset({"no-feature", "no-scenario"})
"""Rules about a file as a whole: their line says nothing."""


class Trap(NamedTuple):
    """One trap: the rule that it breaks, the line (from 1), and what is wrong."""

    rule: str
    line: int
    text: str


def traps(scenarios: Sequence[Scenario], frameworks: Mapping[str, Framework]) -> Iterator[Trap]:
    """Yield the traps of one feature file, in the order of its scenarios."""
    if not scenarios:
        yield Trap("no-scenario", 1, "holds no scenario; nothing would be judged")
    names: dict[str, int] = {}
    for scenario in scenarios:
        if not any(step.kind == OUTCOME for step in scenario.steps):
            text = f'"{scenario.name}" has no Then; it would judge nothing'
            yield Trap("no-outcome", scenario.line, text)
        else:
            yield from _lost_steps(scenario)
        if scenario.name in names:
            text = (
                f'"{scenario.name}" is also in line {names[scenario.name]}; pytest-bdd'
                " would run only one of the two. Number the scenarios; name the rows of an outline"
            )
            yield Trap("duplicate-name", scenario.line, text)
        names[scenario.name] = scenario.line
        for tag in scenario.tags:
            problem = tag_problem(tag, frameworks)
            if problem:
                yield Trap("unknown-tag", scenario.line, f"@{tag}: {problem}")


def _lost_steps(scenario: Scenario) -> Iterator[Trap]:
    """A blank that no example filled, a subject that is replaced, an ending that judges nothing."""
    unfilled = _UNFILLED.search("\n".join([scenario.name, *(step.text for step in scenario.steps)]))
    if unfilled:
        yield Trap("unfilled-blank", scenario.line, f"{unfilled[0]} is filled by no example")
    if scenario.steps[-1].kind != OUTCOME:
        text = f"{scenario.steps[-1].quoted(DOUBLE)} comes after the last outcome"
        yield Trap("step-after-outcome", scenario.line, text)
    chosen = False
    for step in scenario.steps:
        chooses = step.kind == "Action" and step.text.startswith(_CHOOSES)
        if chooses and chosen:
            text = (
                f"{step.quoted(DOUBLE)} replaces what was chosen before it was judged; write a"
                " scenario for each subject, or a Then between them"
            )
            yield Trap("replaced-subject", scenario.line, text)
        chosen = step.kind != OUTCOME and (chosen or chooses)


def tag_problem(tag: str, frameworks: Mapping[str, Framework]) -> str | None:
    """Say what is wrong with a tag; None for a requirement, severity, area, control or enforcement."""
    kind, colon, value = tag.partition(":")
    if REQUIREMENT.fullmatch(tag) or tag in ENFORCEMENTS or (kind == "area" and value):
        return None
    if kind == "severity":
        return None if value in SEVERITIES else f"a severity is one of {', '.join(SEVERITIES)}"
    if kind in frameworks and colon:
        control = frameworks[kind].controls.get(value)
        if control is None:
            return f"{kind} has no control {value} in policies/controls.toml"
        told = f"policies/controls.toml says that a plan shows nothing of it: {control.missing}"
        return told if control.shown == "nothing" else None
    known_kinds = ", ".join(["severity", "area", *frameworks])
    return (
        "not a requirement (EXP-01), not @advisory or @soft, and no tag of the kinds"
        f" {known_kinds}; nothing may switch a requirement off"
    )
