"""Every scenario, as auditors read it, judges each of its golden plans as the plan's name says.

`DUR-01.1/violated-34-days` is judged by scenario DUR-01.1, which must call it violated. Recipes in
`golden/` make the plans, here in memory; `make golden` writes them for whoever wants to look. What a
reader is told about each plan stands in `tests/findings/DUR.txt`.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from pytest_bdd import scenarios

from planspec import Judgement, Verdict, bundle, decode
from planspec.plan import admission
from planspec.policies import catalogue
from planspec.runner.context import RunContext
from tests.golden import recipes
from tests.golden.recipes import VERDICTS, Golden
from tests.support import accepted, findings
from tests.support.consistency import problems
from tests.support.cutting import PLANS

EXAMPLES = bundle.ROOT / "docs" / "examples"
LARGEST = 30 * 1024
# Scenarios that nobody has tried three times to fool yet. The list may only become shorter.
FEWER: Final = {
    "CHG": "12.1",
    "EXP": "05.2",
    "IDN": "01.1 01.2 01.3 02.1 03.1 04.1 05.1 05.2",
}
PARAMETERS = catalogue.read_parameters(bundle.POLICIES)
FRAMEWORKS = catalogue.read_controls(bundle.POLICIES)

pytestmark = pytest.mark.accepted

scenarios(str(bundle.FEATURES))


def name(path: Path) -> str:
    """The name of a test about one path."""
    return path.name


def number_of(function: Callable[..., object]) -> str:
    """Read the scenario's number where pytest-bdd puts its name: into the docstring."""
    _, _, scenario = (function.__doc__ or "").partition(": ")
    return scenario.partition(" ")[0]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each scenario once for each of its golden plans."""
    if "_pytest_bdd_example" in metafunc.fixturenames:  # a scenario, and no test of this file
        plans = golden_plans(number_of(metafunc.function))
        names = [each.recipe.name for each in plans]
        metafunc.parametrize("golden", plans, indirect=True, ids=names)


def golden_plans(number: str) -> tuple[Golden, ...]:
    """Return the golden plans of a scenario. Raises UsageError if a verdict has none."""
    plans = recipes.of_scenario(number)
    covered = {each.verdict for each in plans}
    if number in recipes.unreachable():
        covered.add(Verdict.UNDETERMINED)
    missing = [verdict.value for verdict in VERDICTS if verdict not in covered]
    if missing:
        raise pytest.UsageError(
            f"tests/golden: no plan of {number} is {' or '.join(missing)}; add a recipe"
        )
    return plans


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden | None:
    """The golden plan that a scenario judges; None in tests that judge nothing."""
    found: Golden | None = getattr(request, "param", None)
    return found


@pytest.fixture(name="run")
def run_on_golden_plan(golden: Golden) -> RunContext:
    """The golden plan takes the place of the plan under judgement; nothing is waived."""
    plan = decode(golden.data, f"{golden.name}.json")
    admission.notice(plan)
    return RunContext(
        plan=plan,
        policies=catalogue.Policies(PARAMETERS, FRAMEWORKS, ()),
        today=dt.date(2026, 1, 1),
    )


@pytest.fixture(autouse=True)
def judged(golden: Golden | None) -> Iterator[list[Judgement]]:
    """Expect one judgement from each scenario: a step that forgets to judge fails too."""
    reached: list[Judgement] = []
    yield reached
    assert len(reached) == (golden is not None)


@pytest.fixture
def uphold(golden: Golden, run: RunContext, judged: list[Judgement]) -> Callable[[Judgement], None]:
    """Hold the judgement to the verdict in the plan's name, instead of enforcing it."""

    def hold(judgement: Judgement) -> None:
        judged.append(run.note(judgement))
        assert judgement.verdict is golden.verdict, str(judgement)
        assert_tells_something(judgement)
        assert_tells_what_was_read_before(golden, judgement)

    return hold


def assert_tells_what_was_read_before(golden: Golden, judgement: Judgement) -> None:
    """The words of each finding, and where it points, are those that somebody has read."""
    told = findings.text(judgement)
    if accepted.ACCEPTING:
        findings.write(golden, told)
    assert told == findings.recorded(golden), accepted.NEXT


def assert_tells_something(judgement: Judgement) -> None:
    """Whatever is found says of which examined address, what is, and what should be."""
    for finding in judgement.findings:
        assert finding.address in judgement.examined, f"{finding} is about something not examined"
        assert finding.address in str(finding)
        assert finding.observed.strip(), f"{finding.address}: nothing observed"
        assert finding.expected.strip(), f"{finding.address}: nothing expected"
        assert not re.search(r"hunter2|Classifier2023", str(finding)), "a secret is shown"


def test_every_golden_plan_belongs_to_a_scenario() -> None:
    features = "".join(path.read_text("utf-8") for path in bundle.FEATURES.rglob("*.feature"))
    numbers = set(re.findall(r"^ *Scenario(?: Outline)?: (\S+)", features, re.MULTILINE))
    assert {each.number for each in recipes.SCENARIOS} == numbers


def tried_three_times(number: str) -> bool:
    """Tell whether three plans of a scenario are an adversary's tries, of two kinds at least."""
    deceits = [each.recipe.deceit for each in recipes.of_scenario(number) if each.recipe.deceit]
    return len(deceits) >= 3 and len(set(deceits)) >= 2


def test_an_adversary_has_tried_three_times_to_fool_each_scenario() -> None:
    numbers = {each.number for each in recipes.SCENARIOS}
    fewer = {f"{area}-{each}" for area, those in FEWER.items() for each in those.split()}
    assert {number for number in numbers if not tried_three_times(number)} == fewer


@pytest.mark.long
def test_golden_plans_do_not_depend_on_the_order_of_their_recipes() -> None:
    plans = recipes.every()
    first = {each.name: json.dumps(each.recipe.plan()) for each in plans}
    again = {each.name: json.dumps(each.recipe.plan()) for each in reversed(plans)}
    assert {name for name, text in first.items() if again[name] != text} == set()


def test_what_is_told_is_recorded_for_golden_plans_only() -> None:
    if accepted.ACCEPTING:
        findings.forget_others()
    assert set(findings.every()) == {each.name for each in recipes.every()}


@pytest.mark.long
def test_golden_plans_can_be_looked_at(tmp_path: Path) -> None:
    number = recipes.write(tmp_path / "plans")
    written = sorted(tmp_path.glob("plans/*/*.json"))
    assert len(written) == number
    (first,) = (each for each in recipes.every() if each.name == "DUR-01.1/violated-34-days")
    path = tmp_path / "plans" / f"{first.name}.json"
    assert json.loads(path.read_bytes()) == json.loads(first.data)


def test_the_examples_for_users_are_golden_plans() -> None:
    plans = {each.name: each for each in recipes.every()}
    examples = sorted(EXAMPLES.glob("*/*.json"))
    assert len(examples) == 6
    page = bundle.ROOT.joinpath("docs", "testing-requirements.md").read_text("utf-8")
    for path in examples:
        name = f"{path.parent.name}/{path.stem}"
        text = json.dumps(plans[name].recipe.plan(), indent=2) + "\n"
        accepted.hold(path, text)
        assert name in page


def test_a_scenario_without_all_verdicts_is_an_error() -> None:
    with pytest.raises(pytest.UsageError, match="satisfied or violated or undetermined"):
        golden_plans("DUR-99.1")


def test_what_is_never_undetermined_has_no_such_plan_and_says_why() -> None:
    for number, reason in recipes.unreachable().items():
        assert reason.strip()
        assert Verdict.UNDETERMINED not in {each.verdict for each in recipes.of_scenario(number)}


@pytest.mark.parametrize("number", sorted({each.number for each in recipes.SCENARIOS}))
def test_golden_plans_hold_together_as_terraform_writes_them(number: str) -> None:
    plans = recipes.of_scenario(number)
    told = {each.name: list(problems(json.loads(each.data))) for each in plans}
    assert {name: found for name, found in told.items() if found} == {}


@pytest.mark.parametrize("path", sorted(PLANS.glob("*.json")), ids=name)
def test_recorded_plans_hold_together_by_the_same_rules(path: Path) -> None:
    assert list(problems(json.loads(path.read_bytes()))) == []


def test_golden_plans_are_small() -> None:
    sizes = {each.name: len(each.data) for each in recipes.every()}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
