"""Which step would be refused on any plan, for what is in its blanks?

A pattern, a network, a window of time or a path is understood by the step that takes it. So each
scenario is run over a plan that has no resources: what is refused there is refused on every plan.
Whether a type, an attribute or a variable exists is told by a plan alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from planspec.errors import FeatureError, PathError, PlanspecError, UnknownName
from planspec.features import Scenario, phrases
from planspec.finding import Judgement
from planspec.judgements.generic.selections import Selection
from planspec.plan import decode
from planspec.policies import Framework, Policies, read_parameters
from planspec.runner import registry
from planspec.runner.context import RunContext
from planspec.runner.pairing import SELECTION, Phrase
from planspec.testing.lint.problem import Problem

RULE = "refused-blank"
_NO_RESOURCES = b'{"format_version": "1.2", "resource_changes": [], "configuration": {}}'


class Rehearsal:
    """Scenarios over a plan without resources, by the policies of a folder."""

    def __init__(self, policies: Path, frameworks: dict[str, Framework], today: date) -> None:
        given = Policies(read_parameters(policies), frameworks, ())
        plan = decode(_NO_RESOURCES, "no plan")
        self._run = RunContext(plan=plan, policies=given, today=today, folder=policies)

    def problems(self, scenarios: Sequence[Scenario]) -> Iterator[Problem]:
        """Yield what is refused in the steps of these scenarios, whatever the plan."""
        for scenario in scenarios:
            meant = [registry.meanings(each.kind, each.text) for each in scenario.steps]
            misread = any(phrases.misread(each.kind, each.text) for each in scenario.steps)
            told = misread or registry.mismatches(scenario.steps)
            if not told and all(len(each) == 1 and each[0].ours for each in meant):
                yield from self._of(scenario, [each for (each,) in meant])

    def _of(self, scenario: Scenario, meant: Sequence[Phrase]) -> Iterator[Problem]:
        selection: Selection | None = None
        for step, phrase in zip(scenario.steps, meant, strict=True):
            if phrase.takes and selection is None:
                return
            try:
                made = phrase.function(**self._arguments(phrase, selection))
            except UnknownName:
                continue
            except (FeatureError, PathError) as error:
                yield Problem(scenario.file, step.line, RULE, str(error))
            except PlanspecError:
                continue
            else:
                selection = made if phrase.provides == SELECTION else selection

    def _arguments(self, phrase: Phrase, selection: Selection | None) -> Mapping[str, Any]:
        """What the function of a step takes, as pytest would give it."""
        known = {**self._fixtures, SELECTION: selection, **phrase.blanks}
        return {name: known[name] for name in phrase.arguments if name in known}

    @cached_property
    def _fixtures(self) -> Mapping[str, Any]:
        return {
            "plan": self._run.plan,
            "run": self._run,
            "parameters": self._run.parameters,
            "moment": lambda: self._run.moment,
            "uphold": _uphold,
        }


def _uphold(judgement: Judgement) -> None:
    """Keep nothing: there is nothing to judge."""
