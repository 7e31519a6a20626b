"""Every scenario, as auditors read it, judges each of its golden plans as the file name says.

`golden/DUR-01.1/violated-34-days.json` is judged by scenario DUR-01.1, which must call it violated.
The recipes beside the plans make them; `make golden` runs the recipes. What a reader is told about
each plan stands in `reports/findings/DUR-01.1.txt`.
"""

import datetime as dt
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_bdd import scenarios

from planspec import Judgement, Verdict, bundle, read
from planspec.plan import admission
from planspec.policies import catalogue
from planspec.runner.context import Run
from tests import findings
from tests.golden import recipes
from tests.golden.consistency import problems
from tests.golden.cutting import PLANS
from tests.golden.recipe import UNREACHABLE

GOLDEN = Path(__file__).parent / "golden"
LARGEST = 30 * 1024
PARAMETERS = catalogue.read_parameters(bundle.POLICIES)
FRAMEWORKS = catalogue.read_controls(bundle.POLICIES)
VERDICTS = (Verdict.SATISFIED, Verdict.VIOLATED, Verdict.UNDETERMINED)

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
        metafunc.parametrize("golden", plans, indirect=True, ids=[path.stem for path in plans])


def golden_plans(number: str) -> list[Path]:
    """Return the golden plans of a scenario. Raises UsageError if a verdict has none."""
    plans = sorted((GOLDEN / number).glob("*.json"))
    covered = {expected(path) for path in plans}
    if (GOLDEN / number / UNREACHABLE).is_file():
        covered.add(Verdict.UNDETERMINED)
    missing = [verdict.value for verdict in VERDICTS if verdict not in covered]
    if missing:
        raise pytest.UsageError(
            f"tests/golden/{number}: no plan that is {' or '.join(missing)}; add a recipe"
        )
    return plans


def expected(golden: Path) -> Verdict:
    """Read the verdict off the file name. Raises UsageError for a name without one."""
    for verdict in VERDICTS:
        if golden.stem.startswith(f"{verdict.value}-"):
            return verdict
    raise pytest.UsageError(f"{golden.name}: a golden plan's name begins with its verdict")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Path | None:
    """The golden plan that a scenario judges; None in tests that judge nothing."""
    path: Path | None = getattr(request, "param", None)
    return path


@pytest.fixture(name="run")
def run_on_golden_plan(golden: Path) -> Run:
    """The golden plan takes the place of the plan under judgement; nothing is waived."""
    plan = read(golden)
    admission.notice(plan)
    return Run(
        plan=plan,
        policies=catalogue.Policies(PARAMETERS, FRAMEWORKS, ()),
        today=dt.date(2026, 1, 1),
    )


@pytest.fixture(autouse=True)
def judged(golden: Path | None) -> Iterator[list[Judgement]]:
    """Expect one judgement from each scenario: a step that forgets to judge fails too."""
    reached: list[Judgement] = []
    yield reached
    assert len(reached) == (golden is not None)


@pytest.fixture
def uphold(golden: Path, run: Run, judged: list[Judgement]) -> Callable[[Judgement], None]:
    """Hold the judgement to the verdict in the file name, instead of enforcing it."""

    def hold(judgement: Judgement) -> None:
        judged.append(run.note(judgement))
        assert judgement.verdict is expected(golden), str(judgement)
        assert_tells_something(judgement)
        assert_tells_what_was_read_before(golden, judgement)

    return hold


def assert_tells_what_was_read_before(golden: Path, judgement: Judgement) -> None:
    """The words of each finding, and where it points, are those that somebody has read."""
    told = findings.text(judgement)
    if os.environ.get("PLANSPEC_REWRITE_FINDINGS"):
        findings.write(golden, told)
    assert told == findings.recorded(golden), f"read it, then: {findings.AGAIN}"


def assert_tells_something(judgement: Judgement) -> None:
    """Whatever is found says of which examined address, what is, and what should be."""
    for finding in judgement.findings:
        assert finding.address in judgement.examined, f"{finding} is about something not examined"
        assert finding.address in str(finding)
        assert finding.observed.strip(), f"{finding.address}: nothing observed"
        assert finding.expected.strip(), f"{finding.address}: nothing expected"
        assert not re.search(r"hunter2|Classifier2023", str(finding)), "a secret is shown"


def test_every_golden_folder_belongs_to_a_scenario() -> None:
    features = "".join(path.read_text("utf-8") for path in bundle.FEATURES.glob("*.feature"))
    numbers = set(re.findall(r"^ *Scenario(?: Outline)?: (\S+)", features, re.MULTILINE))
    folders = {path.name for path in GOLDEN.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == numbers


def test_golden_plans_are_what_the_recipes_make(capsys: pytest.CaptureFixture[str]) -> None:
    assert recipes.main(["--check"]) == 0, capsys.readouterr().out


def test_golden_plans_do_not_depend_on_the_order_of_their_recipes() -> None:
    named = [(f"{each.number}/{one.name}", one) for each in recipes.SCENARIOS for one in each.recipes]
    first = {name: json.dumps(recipe.plan()) for name, recipe in named}
    again = {name: json.dumps(recipe.plan()) for name, recipe in reversed(named)}
    assert {name for name, text in first.items() if again[name] != text} == set()


def test_what_is_told_is_recorded_for_golden_plans_only() -> None:
    made = {str(path.relative_to(GOLDEN).with_suffix("")) for path in GOLDEN.glob("*/*.json")}
    assert set(findings.every()) == made


def test_check_names_what_is_out_of_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(recipes, "GOLDEN", tmp_path)
    recipes.write()
    assert recipes.main(["--check"]) == 0
    (tmp_path / "DUR-01.1" / "violated-34-days.json").write_text("{}\n")
    (tmp_path / "DUR-01.1" / "violated-nobody-knows.json").write_text("{}\n")
    (tmp_path / "DUR-02.1" / "violated-unprotected.json").unlink()
    capsys.readouterr()
    assert recipes.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "tests/golden/DUR-01.1/violated-nobody-knows.json: no recipe makes it. Next: make golden",
        "tests/golden/DUR-01.1/violated-34-days.json: out of date. Next: make golden",
        "tests/golden/DUR-02.1/violated-unprotected.json: missing. Next: make golden",
    ]


def test_a_scenario_without_all_verdicts_is_an_error() -> None:
    with pytest.raises(pytest.UsageError, match="satisfied or violated or undetermined"):
        golden_plans("DUR-99.1")


def test_what_is_never_undetermined_has_no_such_plan_and_says_why() -> None:
    for path in GOLDEN.glob(f"*/{UNREACHABLE}"):
        assert path.read_text("utf-8").strip()
        assert not list(path.parent.glob("undetermined-*.json"))


@pytest.mark.parametrize("folder", sorted({path.parent for path in GOLDEN.glob("*/*.json")}), ids=name)
def test_golden_plans_hold_together_as_terraform_writes_them(folder: Path) -> None:
    told = {path.stem: list(problems(json.loads(path.read_bytes()))) for path in folder.glob("*.json")}
    assert {stem: found for stem, found in told.items() if found} == {}


@pytest.mark.parametrize("path", sorted(PLANS.glob("*.json")), ids=name)
def test_recorded_plans_hold_together_by_the_same_rules(path: Path) -> None:
    assert list(problems(json.loads(path.read_bytes()))) == []


def test_golden_plans_are_small() -> None:
    sizes = {path: path.stat().st_size for path in GOLDEN.glob("*/*.json")}
    assert {path: size for path, size in sizes.items() if size > LARGEST} == {}
