"""Does each recipe of the cookbook pass on the plans it should, and on no other?"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from planspec.cli.app import main
from tests.docs.cookbook_plans import CASES, Planned
from tests.support.plans import encode

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^### ([^\n]+)\n(.*?)^```gherkin\n(.*?)^```\n\nViolated by (.*?)\.\n", re.M | re.S)
RECIPES: Mapping[str, tuple[str, str]] = {
    title: (feature, bad) for title, _, feature, bad in SECTION.findall(PAGE)
}
SATURDAY = "2026-12-05T12:00+01:00"
WEDNESDAY = "2026-12-02T12:00+01:00"
BUDGET = "[cost]\nmonthly_budget_usd = 100\n"


def cases() -> Iterator[object]:
    """Each recipe with each of its plans, and the verdict."""
    for title, case in CASES.items():
        for verdict, plans in (
            ("satisfied", case.good), ("violated", case.bad), ("undetermined", case.open_ones)
        ):  # fmt: skip
            for number, each in enumerate(plans, 1):
                yield pytest.param(title, each, verdict, id=f"{title}: {verdict} {number}")


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Policies with a budget for a month and nothing else of anybody's own."""
    folder = tmp_path_factory.mktemp("cookbook") / "policies"
    shutil.copytree(ROOT / "policies", folder)
    (folder / "limits.toml").write_text(BUDGET, encoding="utf-8")
    (folder / "waivers.toml").write_text("", encoding="utf-8")
    return folder


def judged(
    folder: Path, policies: Path, title: str, planned: Planned, now: str = SATURDAY
) -> tuple[int, set[str]]:
    """The exit code, and the verdicts of the scenarios."""
    feature, plan, record = (folder / name for name in ("own.feature", "plan.json", "record.json"))
    feature.write_text(RECIPES[title][0], encoding="utf-8")
    plan.write_bytes(encode(planned))
    options = ["--features", feature, "--policies", policies, "--now", now, "-o", f"json={record}"]
    result = CliRunner().invoke(main, ["check", "--no-checkov", *map(str, options), str(plan)])
    assert record.exists(), result.output
    scenarios = json.loads(record.read_bytes())["scenarios"]
    return result.exit_code, {each["verdict"] for each in scenarios}


def test_every_recipe_has_its_plans() -> None:
    assert list(RECIPES) == list(CASES) == re.findall("^### (.+)$", PAGE, re.M)
    assert PAGE.count("```gherkin") == len(RECIPES)
    assert all(case.good and case.bad for case in CASES.values())
    assert sum(not case.open_ones for case in CASES.values()) == 7  # where a plan always tells


@pytest.mark.parametrize(("title", "planned", "verdict"), list(cases()))
def test_a_recipe_judges_its_plans(
    tmp_path: Path, policies: Path, title: str, planned: Planned, verdict: str
) -> None:
    code, verdicts = judged(tmp_path, policies, title, planned)
    assert verdict in verdicts
    assert verdicts <= {verdict, "satisfied", "not applicable"}
    assert code == (0 if verdict == "satisfied" else 1)


@pytest.mark.parametrize("title", list(RECIPES))
def test_what_is_said_to_violate_it_stands_in_a_plan_that_does(title: str) -> None:
    bad = json.dumps(CASES[title].bad).replace('\\"', '"')
    quoted = re.findall(r'"([^"]+)"', RECIPES[title][1])
    assert [text for text in quoted if text not in bad] == []


def test_a_freeze_is_over_on_wednesday(tmp_path: Path, policies: Path) -> None:
    title = "A change freeze"
    for planned in CASES[title].bad:
        assert judged(tmp_path, policies, title, planned, WEDNESDAY) == (0, {"satisfied"})


def test_the_linter_has_nothing_to_say(tmp_path: Path) -> None:
    for number, (feature, _) in enumerate(RECIPES.values()):
        (tmp_path / f"r{number}.feature").write_text(feature, encoding="utf-8")
    result = CliRunner().invoke(main, ["lint", str(tmp_path)])
    assert (result.exit_code, result.output) == (0, "no problem found\n"), result.output
