"""How does pytest-bdd get the features that we have read?

Its own reading differs from Gherkin's: from `[?(@.port <= 22)]` to the end of the next `<value>`, all is
the name of one column to it, one of two outlines of the same title is dropped, and a scenario
that begins with `And` is an error. So it gets each step as we have read it, and reads no file itself.
Source: pytest-bdd 9, `render_string` and `FeatureParser` in parser.py.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence

from pytest_bdd.parser import Feature, ScenarioTemplate
from pytest_bdd.parser import Step as BddStep

from planspec.features import Scenario, Step
from planspec.runner.registry import KEYWORDS


def features_of(scenarios: Sequence[Scenario]) -> dict[str, Feature]:
    """Return a feature for each file, which holds these scenarios of it, each row as one."""
    found: dict[str, Feature] = {}
    for scenario in scenarios:
        feature = found.setdefault(scenario.file, _empty(scenario))
        template = ScenarioTemplate(
            feature, "Scenario", scenario.name, scenario.line, templated=False, description=""
        )
        template.tags = set(scenario.tags)
        for step in steps_of(scenario):
            template.add_step(step)
        feature.scenarios[scenario.name] = template
    return found


def steps_of(scenario: Scenario) -> Iterator[BddStep]:
    """Yield the steps of a scenario as pytest-bdd takes them."""
    return map(_step, scenario.steps)


def _step(step: Step) -> BddStep:
    word = KEYWORDS[step.kind]
    return BddStep(step.text, word, 0, step.line, word.capitalize())


def _empty(scenario: Scenario) -> Feature:
    return Feature(
        scenarios=OrderedDict(),
        filename=scenario.file,
        rel_filename=scenario.file,
        language="en",
        keyword="Feature",
        name=scenario.feature,
        tags=set(),
        background=None,
        line_number=1,
        description="",
    )
