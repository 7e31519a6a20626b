"""One vocabulary of areas: features, steps, judgements and recipes go by the same names."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import planspec
from planspec import bundle, features
from planspec.policies import read_controls
from planspec.runner import registry
from tests.golden import recipes

AREAS = sorted(path.stem for path in bundle.FEATURES.glob("*.feature"))
JUDGEMENTS = Path(planspec.__file__).with_name("judgements")
GENERAL = {"generic", "requests", "settings", "subjects"}
"""Step modules of no single area: phrases about any resource, subjects, and settings by name."""


def scenarios(area: str) -> Sequence[features.Scenario]:
    """Read the feature of an area, and what only our service wants of the same letters."""
    frameworks = read_controls(bundle.POLICIES)
    general = features.read(bundle.FEATURES / f"{area}.feature", frameworks)
    letters = general[0].number[:3]
    service = sorted(bundle.FEATURES.glob("service/*.feature"))
    own = [each for path in service for each in features.read(path, frameworks)]
    return [*general, *(each for each in own if each.number.startswith(letters))]


def features_by_phrase() -> Mapping[int, set[str]]:
    """Which features use each step function."""
    found = defaultdict(set)
    for area in AREAS:
        for scenario in scenarios(area):
            for step in scenario.steps:
                for function in registry.matching(step.kind, step.text):
                    found[id(function)].add(area)
    return found


def test_steps_judgements_and_recipes_have_the_areas_of_the_features() -> None:
    assert {path.stem for path in bundle.STEPS.glob("*.py")} <= {*AREAS, *GENERAL}
    outcomes = Path(planspec.__file__).with_name("vocabulary") / "outcomes"
    assert {path.stem for path in outcomes.glob("[a-z]*.py")} == set(AREAS)
    folders = {path.parent.name for path in JUDGEMENTS.glob("*/*.py")}
    assert folders == {*AREAS, "generic"}
    made = {path.relative_to(recipes.HERE).parts[0] for path in recipes.HERE.rglob("*.py")}
    kit = {"recipe.py", "recipes.py", "settings.py", "test_golden_plans.py"}
    assert {name.removesuffix(".py") for name in made - kit} == {*recipes.ROOMS}


@pytest.mark.parametrize("area", AREAS)
def test_the_recipes_of_an_area_are_of_the_scenarios_of_its_feature(area: str) -> None:
    numbers = {each.number for each in scenarios(area)}
    own = {each.number for each in recipes.of_area(area)}
    by_shape = {
        each.number for room in (recipes.SHAPES, recipes.DECEITS) for each in recipes.of_area(room)
    }
    assert own <= numbers <= own | by_shape


def test_a_phrase_stands_in_the_steps_of_the_area_whose_feature_uses_it() -> None:
    features.load()
    used = features_by_phrase()
    found = {
        each.text: (each.module, sorted(used[id(each.function)]))
        for each in registry.definitions()
        if each.module not in GENERAL and id(each.function) in used
    }
    assert len(found) > 30
    assert {text: each for text, each in found.items() if each[0] not in each[1]} == {}
