"""Does every requirement leave open what apply decides, and only that?

Every golden plan again, each time with some value that apply decides instead: what was violated, or
could not be told, is never satisfied for that; what was satisfied is never violated, because apply
may decide just as it was. PLANSPEC_VEILS says how often (by default 2).
"""

import datetime as dt
import json
import os
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from pytest_bdd import scenarios

from planspec import Judgement, Verdict, bundle, decode
from planspec.plan import admission
from planspec.policies import catalogue
from planspec.runner.context import RunContext
from tests.golden import recipes
from tests.golden.recipes import Golden
from tests.support.plans import encode
from tests.support.recipe_edits import LATER, unknown

PARAMETERS = catalogue.read_parameters(bundle.POLICIES)
FRAMEWORKS = catalogue.read_controls(bundle.POLICIES)
VEILS = int(os.environ.get("PLANSPEC_VEILS", "2"))
DEEPEST = 3

scenarios(str(bundle.FEATURES))


class Veiled(NamedTuple):
    """A golden plan, which try it is, and what apply decides in it."""

    golden: Golden
    number: int

    @property
    def before(self) -> Verdict:
        """The verdict on the plan as it is."""
        return self.golden.verdict

    def plan(self) -> tuple[dict[str, Any], str]:
        """Make the plan; the text names the place."""
        plan = json.loads(self.golden.data)
        chance = random.Random(  # noqa: S311 -- the same plans in every run
            f"{self.golden.name}/{self.number}"
        )
        places = sorted(_places(plan))
        address, path = chance.choice(places) if places else ("", "")
        if address:
            unknown(address, path)(plan)
        return plan, f"{address} {path}"


def _places(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every attribute of what will exist, and what is in its blocks."""
    for entry in plan["resource_changes"]:
        after = entry["change"]["after"]
        if entry["mode"] == "managed" and entry["address"] != LATER and "deposed" not in entry:
            marks = entry["change"]["after_unknown"]
            if "no-op" not in entry["change"]["actions"]:
                yield from ((entry["address"], path) for path in _paths(after or {}, marks, "", 0))


def _paths(value: Any, mark: Any, path: str, depth: int) -> Iterator[str]:
    if mark is True or depth > DEEPEST:
        return
    if path and not path.endswith("]"):
        yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            inner_mark = mark.get(name, False) if isinstance(mark, dict) else False
            if name.isidentifier():
                yield from _paths(inner, inner_mark, f"{path}.{name}".lstrip("."), depth + 1)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        inner_mark = mark[0] if isinstance(mark, list) and mark else False
        yield from _paths(value[0], inner_mark, f"{path}[0]", depth)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each scenario on each of its golden plans, as often as asked."""
    if "_pytest_bdd_example" in metafunc.fixturenames:
        _, _, scenario = (metafunc.function.__doc__ or "").partition(": ")
        plans = recipes.of_scenario(scenario.partition(" ")[0])
        tries = [Veiled(golden, number) for golden in plans for number in range(VEILS)]
        names = [f"{each.golden.recipe.name}-{each.number}" for each in tries]
        metafunc.parametrize("veiled", tries, indirect=True, ids=names)


@pytest.fixture(autouse=True)  # pytest-bdd asks for it late; each scenario must have the parameter
def veiled(request: pytest.FixtureRequest) -> Veiled:
    """The plan that a scenario judges."""
    found: Veiled = request.param
    return found


@pytest.fixture(name="run")
def run_on_veiled_plan(veiled: Veiled) -> RunContext:
    """The changed plan takes the place of the plan under judgement; nothing is waived."""
    plan = decode(encode(veiled.plan()[0]), "plan.json")
    admission.notice(plan)
    return RunContext(
        plan=plan,
        policies=catalogue.Policies(PARAMETERS, FRAMEWORKS, ()),
        today=dt.date(2026, 1, 1),
    )


@pytest.fixture
def uphold(veiled: Veiled, run: RunContext) -> Callable[[Judgement], None]:
    """What was not satisfied does not become so, and what was is not violated for sure."""

    def hold(judgement: Judgement) -> None:
        run.note(judgement)
        told = f"{veiled.plan()[1]} is known after apply: {veiled.before} became {judgement.verdict}"
        if veiled.before is Verdict.SATISFIED:
            assert judgement.verdict is not Verdict.VIOLATED, f"{told}\n{judgement}"
        else:
            assert judgement.verdict not in (Verdict.SATISFIED, Verdict.NOT_APPLICABLE), told

    return hold
