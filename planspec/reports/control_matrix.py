"""Which control of an outside framework does this run show, how far, and what is missing?"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from planspec.evidence import ControlRecord, Evidence, FrameworkRecord, ScenarioRecord
from planspec.finding import Verdict


class State(StrEnum):
    """What a run says about a control. Nothing here says that a control is met by the organisation."""

    EVIDENCED = "evidenced"
    PARTLY = "evidenced in part"
    CONTRADICTED = "contradicted"
    NOT_FROM_A_PLAN = "not evidenceable from a plan"
    NOT_APPLICABLE = "no applicable resource"
    NOT_ASKED = "no scenario asked"


class Row(NamedTuple):
    """One control, its state, the scenarios that serve it, and what is missing, each in one sentence."""

    framework: FrameworkRecord
    control: ControlRecord
    state: State
    scenarios: Sequence[ScenarioRecord]
    missing: Sequence[str]

    @property
    def tag(self) -> str:
        """The control as tags write it, such as nist:SC-7."""
        return f"{self.framework.prefix}:{self.control.control}"


def matrix(evidence: Evidence) -> list[Row]:
    """Return every control that the policies know, by framework, in the order of the policies."""
    serving: dict[str, list[ScenarioRecord]] = {}
    for scenario in evidence.scenarios:
        for tag in scenario.controls:
            serving.setdefault(tag, []).append(scenario)
    return [
        _row(framework, control, serving.get(f"{framework.prefix}:{control.control}", []))
        for framework in evidence.frameworks
        for control in framework.controls
    ]


def _row(framework: FrameworkRecord, control: ControlRecord, scenarios: Sequence[ScenarioRecord]) -> Row:
    missing = [control.missing] if control.missing else []
    judged = [each for each in scenarios if each.verdict != Verdict.NOT_APPLICABLE]
    if control.shown == "nothing":
        state = State.NOT_FROM_A_PLAN
    elif not scenarios:
        state = State.NOT_ASKED
    elif not judged:
        state = State.NOT_APPLICABLE
    elif any(each.verdict == Verdict.VIOLATED for each in judged):
        state = State.CONTRADICTED
    else:
        missing += [_open(each) for each in judged if each.verdict != Verdict.SATISFIED]
        state = State.PARTLY if missing else State.EVIDENCED
    return Row(framework, control, state, scenarios, missing)


def _open(scenario: ScenarioRecord) -> str:
    """What keeps a scenario from being evidence, though nothing contradicts it."""
    if scenario.verdict == Verdict.WAIVED:
        until = min(str(each.waiver.expires) for each in scenario.findings if each.waiver)
        return f"{scenario.scenario} is waived until {until}"
    return f"{scenario.scenario} is undetermined: the plan cannot say"
