"""Are Python steps of the user's own judged by, told of, and kept from changing any of ours?"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import planspec
from planspec.cli.app import main
from planspec.features import own_steps, phrases
from planspec.features.own_phrases import OFFERED
from tests.support import accepted
from tests.support.plans import document, encode, resource

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
BLOCKS: Mapping[str, str] = dict(
    re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)[:2]
)
STEPS, FEATURE = BLOCKS["python"], BLOCKS["gherkin"]
HEAD = """from pytest_bdd import given, parsers, step, then, when
import pytest, planspec
from planspec import *


"""
JUDGES = """@then("ours must hold")
def ours(selection, uphold):
    {}
"""
SATISFIED = "uphold(judge((each.address for each in selection.resources), []))"
SCENARIO = """Feature: Own

  Scenario: One
    Given the Terraform plan
    When we examine every planned "aws_subnet"
    Then ours must hold
"""


def plan_of(*ranges: Any) -> bytes:
    """A plan with a subnet for each range."""
    named = zip(("first", "second", "third"), ranges, strict=False)
    return encode(document(*(resource("aws_subnet", name, cidr_block=each) for name, each in named)))


class Folder:
    """A folder with a plan, a feature and own steps."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.steps, self.plan = path / "steps" / "own.py", path / "plan.json"
        self.feature, self.record = path / "features" / "own.feature", path / "evidence.json"
        for each in (self.steps, self.feature):
            each.parent.mkdir()
        self.plan.write_bytes(plan_of("10.0.0.0/20", "10.0.16.0/20"))
        self.write(HEAD + JUDGES.format(SATISFIED), SCENARIO)

    def write(self, steps: str, feature: str = SCENARIO) -> None:
        """Write both files."""
        self.steps.write_text(steps, encoding="utf-8")
        self.feature.write_text(feature, encoding="utf-8")

    def run(self, command: str, *options: object, steps: object = None) -> Result:
        """Run a command over them."""
        named = ["--features", self.feature.parent, "--steps", steps or self.steps.parent]
        return CliRunner().invoke(main, list(map(str, [command, *options, *named])))

    def check(self, *options: object, steps: object = None) -> Result:
        """Judge the plan."""
        self.record.unlink(missing_ok=True)
        out = ("-o", "console", "-o", f"json={self.record}", *options)
        return self.run("check", "--no-checkov", self.plan, *out, steps=steps)

    def verify(self, *options: object) -> Result:
        """Verify its record, with what the options name alone."""
        given = ["verify", self.record, self.plan, "--features", self.feature.parent, *options]
        return CliRunner().invoke(main, list(map(str, given)))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A folder of its own, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)


def refused(result: Result, *told: str) -> None:
    """It ended with 2, one line, and says these texts."""
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert len(result.stderr.splitlines()) == 1
    assert [each for each in told if each not in result.stderr] == [], result.stderr


# The page


@pytest.mark.parametrize(
    ("ranges", "code", "verdict"),
    [
        (("10.0.0.0/20", "10.0.16.0/20"), 0, "satisfied"),
        (("10.0.0.0/20", "10.0.8.0/24"), 1, "violated"),
        (("10.0.0.0/20", ...), 1, "undetermined"),
        (("10.0.0.0/20", "10.0.8.0/24", ...), 1, "violated"),
    ],
)
def test_the_step_of_the_page_judges(
    folder: Folder, ranges: tuple[Any, ...], code: int, verdict: str
) -> None:
    folder.write(STEPS, FEATURE)
    folder.plan.write_bytes(plan_of(*ranges))
    result = folder.check()
    assert result.exit_code == code, result.output
    record = json.loads(folder.record.read_bytes())
    assert [each["verdict"] for each in record["scenarios"]] == [verdict]


@pytest.mark.accepted
def test_the_page_shows_what_the_step_prints(folder: Folder) -> None:
    folder.write(STEPS, FEATURE)
    folder.plan.write_bytes(plan_of("10.0.0.0/20", "10.0.8.0/24"))
    call = "check plan.json --no-checkov --features features --steps steps"
    result = CliRunner().invoke(main, call.split())
    assert result.exit_code == 1, result.output
    assert f"planspec {call}" in PAGE.read_text("utf-8")
    accepted.hold_part(PAGE, "own step", f"```text\n{result.stdout.strip()}\n```")


def test_the_linter_finds_nothing_wrong_with_the_page(folder: Folder) -> None:
    folder.write(STEPS, FEATURE)
    result = CliRunner().invoke(main, ["lint", "features", "--steps", "steps"])
    assert (result.exit_code, result.output) == (0, "no problem found\n"), result.output


def test_every_public_name_of_the_page_is_there_and_no_other() -> None:
    text = PAGE.read_text("utf-8").partition("## What is public")[2]
    rows = re.findall(r"^\| (`.+?) \| (.+) \|$", text, re.M)
    named = [name for first, _ in rows for name in re.findall(r"`(\w+)`", first)]
    assert sorted(named) == sorted({*planspec.__all__})
    assert [each for each in named if not hasattr(planspec, each)] == []
    assert sorted(
        re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8").partition("## Own steps are")[0], re.M)
    ) == sorted(OFFERED)
    plan = planspec.decode(plan_of("10.0.0.0/20"), "plan.json")
    held = {
        "Plan": plan,
        "ResourceChange": plan.changes[0],
        "Value": plan.changes[0].after,
        "Selection": planspec.of_type(plan, "aws_subnet"),
    }
    for first, said in rows:
        for name in held.keys() & set(re.findall(r"`(\w+)`", first)):
            parts = re.findall(r"`\.(\w+)", said)
            assert parts
            assert [each for each in parts if not hasattr(held[name], each)] == []


# The record and its readers


def test_the_record_and_the_reports_name_own_steps(folder: Folder) -> None:
    result = folder.check("-o", "html=report.html", "-o", "summary=summary.md")
    assert result.exit_code == 0, result.output
    own = json.loads(folder.record.read_bytes())["inputs"]["own_steps"]
    assert list(own["files"]) == ["own.py"]
    assert "judged with own steps, besides those of planspec: own.py" in result.stdout
    assert own["files"]["own.py"] in Path("report.html").read_text("utf-8")
    assert "own steps" in Path("summary.md").read_text("utf-8")


def test_without_own_steps_the_record_has_none(folder: Folder) -> None:
    folder.feature.write_text(SCENARIO.replace("ours must hold", 'every "cidr_block" must be set'))
    call = ["check", "--no-checkov", "plan.json", "--features", "features", "-o", "json=evidence.json"]
    assert CliRunner().invoke(main, [*call, "--no-own-steps"]).exit_code == 0
    assert json.loads(folder.record.read_bytes())["inputs"]["own_steps"] == {"sha256": "", "files": {}}


def test_a_record_is_verified_only_by_whom_is_told_of_its_own_steps(folder: Folder) -> None:
    assert folder.check().exit_code == 0
    assert folder.verify("--steps", "steps").exit_code == 0
    told = folder.verify("--steps", "steps", "--again", "--no-checkov")
    assert told.exit_code == 0, told.output
    assert "note: judged with own steps: own.py" in told.stdout
    silent = folder.verify()
    assert silent.exit_code == 1
    assert "judged with own steps (own.py), and --steps names none here" in silent.stderr
    with folder.steps.open("a") as file:
        file.write("# changed\n")
    changed = folder.verify("--steps", "steps")
    assert changed.exit_code == 1
    assert "the own steps are not those that the plan was judged by: own.py" in changed.stderr
    assert folder.verify("--steps", "steps", "--no-own-steps").exit_code == 2


def test_verifying_runs_no_own_step_and_judging_again_runs_those_it_names(folder: Folder) -> None:
    folder.write(HEAD + "open('ran', 'a').close()\n" + JUDGES.format(SATISFIED))
    assert folder.check().exit_code == 0
    Path("ran").unlink()
    assert folder.verify("--steps", "steps").exit_code == 0
    assert folder.verify("--again", "--no-checkov").exit_code == 1
    assert not Path("ran").exists()
    assert folder.verify("--steps", "steps", "--again", "--no-checkov").exit_code == 0
    assert Path("ran").exists()


def test_a_record_without_own_steps_is_refused_where_some_are_named(folder: Folder) -> None:
    folder.feature.write_text(SCENARIO.replace("ours must hold", 'every "cidr_block" must be set'))
    call = ["check", "--no-checkov", "plan.json", "--features", "features", "-o", "json=evidence.json"]
    assert CliRunner().invoke(main, call).exit_code == 0
    assert folder.verify().exit_code == 0
    assert "judged without --steps, which is named here" in folder.verify("--steps", "steps").stderr


def test_the_place_of_a_file_counts_and_the_folder_around_it_does_not(folder: Folder) -> None:
    first = own_steps.files([folder.steps.parent])
    folder.steps.parent.rename("elsewhere")
    second = own_steps.files([Path("elsewhere")])
    assert [each.place for each in (*first, *second)] == ["own.py", "own.py"]
    (deep := Path("elsewhere/deep")).mkdir()
    Path("elsewhere/own.py").rename(deep / "own.py")
    assert [each.place for each in own_steps.files([Path("elsewhere")])] == ["deep/own.py"]


@pytest.mark.parametrize(
    "command", ["check", "coverage", "mutate", "backtest", "lint", "steps", "verify"]
)
def test_they_can_be_forbidden_everywhere_whatever_comes_first(folder: Folder, command: str) -> None:
    arguments = {"verify": ["evidence.json", "plan.json"], "lint": [], "steps": []}.get(
        command, ["plan.json"]
    )
    for order in (["--no-own-steps", "--steps", "steps"], ["--steps", "steps", "--no-own-steps"]):
        result = CliRunner().invoke(main, [command, *arguments, *order])
        refused(
            result,
            "--steps steps: own steps are code, and --no-own-steps forbids them",
            f"{command} --no",
        )


def test_other_commands_use_them_too(folder: Folder) -> None:
    assert "ours must hold" in CliRunner().invoke(main, ["steps", "--steps", "steps", "ours"]).stdout
    assert CliRunner().invoke(main, ["steps", "ours", "must"]).exit_code == 2
    found = folder.run("coverage", "plan.json", "--no-checkov")
    assert found.exit_code == 0, found.output
    lint = CliRunner().invoke(main, ["lint", "features", "--steps", "steps", "--plans", "plan.json"])
    assert "undefined-phrase" not in lint.output
    assert "undefined-phrase" in CliRunner().invoke(main, ["lint", "features"]).output


def test_mutants_are_judged_by_own_steps_in_other_processes(folder: Folder) -> None:
    folder.write(STEPS, FEATURE)
    result = folder.run("mutate", "plan.json", "--jobs", "2", "--min-score", "0")
    assert result.exit_code in {0, 1}, result.output
    assert "NET-01.1" in result.output or "noticed" in result.output


def test_a_backtest_judges_both_sides_by_them_and_by_every_feature(folder: Folder) -> None:
    old = folder.path / "old"
    (old / "features").mkdir(parents=True)
    (old / "policies").mkdir()
    for name in ("parameters.toml", "controls.toml"):
        (old / "policies" / name).write_text((planspec_policies() / name).read_text("utf-8"), "utf-8")
    (old / "features" / "own.feature").write_text(SCENARIO, encoding="utf-8")
    other = folder.path / "more.feature"
    other.write_text(SCENARIO.replace("Scenario: One", "Scenario: Two"), encoding="utf-8")
    options = (
        "--against",
        old,
        "--jobs",
        "1",
        "--features",
        other,
        "--parquet",
        folder.path / "rows.parquet",
    )
    result = folder.run("backtest", "plan.json", *options)
    assert result.exit_code == 0, result.output
    import pyarrow.parquet

    rows = pyarrow.parquet.read_table(folder.path / "rows.parquet").to_pylist()
    assert {(each["side"], each["scenario"], each["verdict"]) for each in rows} == {
        ("old", "One", "satisfied"), ("new", "One", "satisfied"), ("new", "Two", "satisfied"),
    }  # fmt: skip


def planspec_policies() -> Path:
    """Our own policies."""
    return Path(__file__).parents[3] / "policies"


# What cannot be loaded


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def (:\n", "own.py:1: is not valid Python"),
        ("x = 1\n", "own.py:1: defines no step"),
        ("", "own.py:1: defines no step"),
        ("x = '\0'\n", "own.py:1: is not valid Python"),
        ("\n\nimport nowhere_to_be_found\n", 'own.py:3: cannot import "nowhere_to_be_found"'),
        ("\nraise ValueError('so')\n", "own.py:2: cannot be loaded: ValueError: so"),
        ("\nraise SystemExit(0)\n", "own.py:2: cannot be loaded: SystemExit"),
        ("import pytest\npytest.exit('so', returncode=0)\n", "own.py:2: cannot be loaded: Exit"),
        ("from . import other\n", "own.py:1: imports from its own folder"),
        ("import helpers\n", "own.py:1: imports helpers, which the record would not hold"),
        ("def f():\n    import beside\n", "own.py:2: imports beside, which the record would not hold"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_named_with_its_line(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    Path("helpers.py").touch()
    Path("beside.py").touch()
    monkeypatch.syspath_prepend(str(folder.path))
    folder.write(text)
    refused(folder.check(), told)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere", "--steps nowhere: does not exist"),
        ("features/own.feature", "--steps features/own.feature: is no .py file"),
        ("features", "--steps features: holds no .py file"),
    ],
)
def test_what_holds_no_steps_is_refused(folder: Folder, name: str, told: str) -> None:
    refused(folder.check(steps=name), told)


def test_an_empty_init_file_is_no_mistake(folder: Folder) -> None:
    (folder.steps.parent / "__init__.py").touch()
    assert folder.check().exit_code == 0


def test_the_bytes_that_are_kept_are_those_that_run(folder: Folder) -> None:
    import importlib.util
    import py_compile

    good = folder.steps.read_text()
    folder.steps.write_text(good.replace(SATISFIED, "undefined_name"))
    cached = Path(importlib.util.cache_from_source(str(folder.steps)))
    py_compile.compile(
        str(folder.steps),
        cfile=str(cached),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    folder.steps.write_text(good)
    assert folder.check().exit_code == 0


# What may not stand beside ours


def own(words: str, takes: str = "selection, uphold", *, body: str = SATISFIED, **how: str) -> str:
    """An own step with these words, a Then if nobody says otherwise."""
    keyword, target = how.get("keyword", "then"), how.get("hands_on")
    handed = f", target_fixture={target!r}" if target else ""
    return f"{HEAD}@{keyword}({words}{handed})\ndef ours({takes}):\n    {body}\n"


def beside(*lines: str) -> str:
    """A right step, and these lines below it."""
    return "\n".join([own("'ours must hold'"), "", *lines, ""])


OURS = "is a phrase of planspec"
THEIRS = "is a fixture of planspec"
PARSER = "type('P', (parsers.StepParser,), {'is_matching': print, 'parse_arguments': print})('so')"
AGAIN = "def again(selection, uphold): uphold(1)"
PLANNED = "'we examine every planned S3 bucket'"
WORDS = [
    ("'deletion protection must be enabled'", OURS),
    ("'Deletion protection must be enabled'", OURS),
    ("'our own thing must be enabled'", OURS),
    ("""'every "tags.Owner" must be set'""", OURS),
    ("'there must be none'", OURS),
    ("parsers.parse('{anything}')", "also means"),
    ("parsers.re('.*')", "also means"),
    ("parsers.re('(deletion|other) protection must be (en|dis)abled')", "also means"),
    ("""parsers.parse('every "{path}" must be set')""", OURS),
    ("'none of them has a public address'", OURS),
    ("'there  must be none'", "cannot be seen"),
    ("'there must be\\u200b none'", "cannot be seen"),
    ("'there must be n\\u043ene'", "two alphabets"),
    ("parsers.parse('so {uphold}')", "a blank cannot be called uphold"),
    ("parsers.parse('so {selection}')", "a blank cannot be called selection"),
]
FAULTS = [
    *((own(words), told) for words, told in WORDS),
    (beside("@then('ours must hold')", AGAIN), "also the phrase of ours"),
    (beside("@then(parsers.parse('ours must {so}'))", AGAIN), "also the phrase of ours"),
    (own("'the Terraform plan'", "", keyword="given"), OURS),
    (own(PLANNED, "plan", keyword="when", hands_on="selection"), OURS),
    (own("parsers.parse('we examine {x}')", "plan", keyword="when", hands_on="selection"), "also means"),
    (own("'we look'", "", keyword="step"), "given, when and then at once"),
    (own("'we look'", "plan", keyword="when", hands_on="uphold"), "target_fixture="),
    (own("'we look'", "plan", keyword="when"), "a When chooses what is judged"),
    (own("'we look'", "plan, uphold", keyword="when", hands_on="selection"), "cannot take `uphold`"),
    *(
        (own("'we look'", "", keyword="given", hands_on=each), THEIRS)
        for each in ("plan", "uphold", "run", "request", "selection", "parameters")
    ),
    (own("'so'", hands_on="x"), "hands on nothing"),
    (own("'so'", "selection"), "does not take `uphold`"),
    (own("'so'", "plan, uphold"), "does not take `selection`"),
    (own("'so'", "uphold, selection=None"), "does not take `selection`"),
    (own("'so'", "selection, uphold, run"), "cannot take `run`"),
    (own("'so'", "selection, uphold, request"), "cannot take `request`"),
    (own("'so'", "selection, uphold, monkeypatch"), "cannot take `monkeypatch`"),
    (own("'so'").replace("def ours", "async def ours"), "is async"),
    (own("'so'", body="yield"), "is async or yields"),
    (own(PARSER), "its parser is unknown"),
    (own("parsers.parse('so {x:odd}', extra_types={'odd': lambda text: 1 / 0})"), ""),
    (beside("then('so')(print)"), "is not a function of this file"),
    (beside("then('so')(judge)"), "is not a function of this file"),
    (beside("@pytest.fixture", "def uphold(): return print"), "uphold is a fixture of pytest"),
    (beside("@pytest.fixture(name='plan')", "def x(): return 1"), "x is a fixture of pytest"),
    (beside("@pytest.fixture(autouse=True)", "def x(run): run.judgements = []"), "x is a fixture"),
    (beside("def pytest_runtest_call(item): pass"), "pytest_runtest_call is a hook"),
    (beside("def pytest_bdd_after_step(step): pass"), "pytest_bdd_after_step is a hook"),
    (beside("pytest_plugins = ['x']"), "pytest_plugins is a hook"),
    (
        beside("from pytest_bdd.steps import step_function_context_registry as known", "known.clear()"),
        "takes away phrases",
    ),
]


@pytest.mark.parametrize(("text", "told"), FAULTS, ids=[f"{at}" for at, _ in enumerate(FAULTS)])
def test_nobody_redefines_what_is_ours(folder: Folder, text: str, told: str) -> None:
    count = len(phrases.samples("Outcome"))
    folder.write(text)
    refused(folder.check(), "own.py:", told)
    assert len(phrases.samples("Outcome")) == count


def test_an_old_phrase_of_ours_is_not_taken_over_by_a_pattern(folder: Folder) -> None:
    pattern = "parsers.re('its subnets lie in at least (?:three|30) zones')"
    old = "its subnets lie in at least 30 zones"
    folder.write(own(pattern), SCENARIO.replace("ours must hold", old))
    refused(folder.check(), f'"{old}" is an old phrase of planspec, and one of your own')


def test_what_one_run_loads_the_next_one_does_not_know(folder: Folder) -> None:
    assert folder.check().exit_code == 0
    result = CliRunner().invoke(main, ["check", "--no-checkov", "plan.json", "--features", "features"])
    refused(result, '"ours must hold": means nothing to planspec')


# While a plan is judged

FOUND = "uphold(judge(['aws_subnet.first'], [Finding('aws_subnet.first', {}, '', '')]))"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("1 / 0", "ended with ZeroDivisionError in line 8 (features/own.feature:6)"),
        ("pass", "upholds nothing"),
        ("assert selection is None, uphold", "ended with AssertionError"),
        ("uphold(None)", "uphold takes a Judgement, not NoneType"),
        ("uphold(True)", "uphold takes a Judgement, not bool"),
        ("uphold(Judgement('aws_subnet.first'))", "two tuples"),
        ("uphold(Judgement(()))", "did not examine aws_subnet.first, which was selected"),
        ("uphold(judge(['aws_subnet.first'], []))", "did not examine aws_subnet.second"),
        (
            "uphold(judge(['aws_subnet.first', 'aws_subnet.second', 'aws_subnet.none'], []))",
            'examined "aws_subnet.none", which the plan does not',
        ),
        (FOUND.format("'violatd'"), "violated or undetermined"),
        (FOUND.format("Verdict.WAIVED"), "violated or undetermined"),
        (FOUND.format("Verdict.SATISFIED"), "violated or undetermined"),
        ("raise PlanspecError('so it is')", "so it is"),
        ("of_type(selection.plan, 'aws_subnett')", "aws_subnett"),
    ],
)
def test_an_own_step_that_fails_or_judges_nothing_is_no_pass(
    folder: Folder, body: str, told: str
) -> None:
    folder.write(HEAD + JUDGES.format(body))
    refused(folder.check(), "own.py:6: ours: ", told)
    # Nor beside another outcome that judges.
    folder.write(HEAD + JUDGES.format(body), f'{SCENARIO}    And every "cidr_block" must be set\n')
    refused(folder.check(), "own.py:6: ours: ", told)


@pytest.mark.parametrize(
    "body", ["pytest.skip('so')", "pytest.xfail('so')", "pytest.exit('so', 0)", "raise SystemExit(0)"]
)
def test_pytests_ways_out_are_no_pass(folder: Folder, body: str) -> None:
    folder.write(HEAD + JUDGES.format(body), f'{SCENARIO}    And every "cidr_block" must be set\n')
    assert folder.check().exit_code == 2
    assert not folder.record.exists()


def test_the_text_of_an_error_is_not_shown(folder: Folder) -> None:
    folder.write(
        HEAD + JUDGES.format("raise ValueError(selection.resources[0].after.get('cidr_block').shown)")
    )
    result = folder.check()
    refused(result, "ended with ValueError")
    assert "10.0.0.0" not in result.output


def test_what_was_not_selected_is_judged_by_nothing(folder: Folder) -> None:
    folder.write(
        HEAD + JUDGES.format("uphold(Judgement(('aws_subnet.first',)))"),
        SCENARIO.replace("aws_subnet", "aws_vpc"),
    )
    refused(folder.check(), "examined aws_subnet.first, and nothing was selected")


def test_what_only_perhaps_belongs_to_the_selection_violates_nothing_for_sure(folder: Folder) -> None:
    every = "e.address for e in selection.resources"
    found = "Finding(e.address, Verdict.VIOLATED, 'x', 'y') for e in selection.resources"
    body = f"uphold(judge([{every}], [{found}]))"
    scenario = SCENARIO.replace(
        "    Then", '    And we keep those whose "cidr_block" is "10.0.0.0/20"\n    Then'
    )
    for ranges, verdict in ((("10.0.0.0/20",), "violated"), ((...,), "undetermined")):
        folder.plan.write_bytes(plan_of(*ranges))
        folder.write(HEAD + JUDGES.format(body), scenario)
        assert folder.check().exit_code == 1
        assert json.loads(folder.record.read_bytes())["scenarios"][0]["verdict"] == verdict


WHEN = """@when({words}, target_fixture="selection")
def chosen({takes}):
    {body}


"""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return plan.changes", "returns no Selection, but tuple"),
        ("return None", "returns no Selection, but NoneType"),
        ("return of_type(decode(DATA, 'other'), 'aws_subnet')", "a Selection of another plan"),
    ],
)
def test_an_own_when_chooses_from_this_plan(folder: Folder, body: str, told: str) -> None:
    data = f"DATA = {plan_of('10.0.0.0/20')!r}\n\n\n"
    when = WHEN.format(words="'we choose subnets'", takes="plan", body=body)
    scenario = SCENARIO.replace('we examine every planned "aws_subnet"', "we choose subnets")
    folder.write(HEAD + data + when + JUDGES.format(SATISFIED), scenario)
    refused(folder.check(), "own.py:", "chosen: ", told)


def test_own_and_our_phrases_mix(folder: Folder) -> None:
    when = WHEN.format(
        words="'we choose subnets'", takes="plan", body="return of_type(plan, 'aws_subnet')"
    )
    keep = WHEN.format(
        words="'we keep the first'",
        takes="selection",
        body="return selection._replace(resources=selection.resources[:1])",
    ).replace("chosen", "kept")
    outcomes = '    And there must be at most 1\n    And every "cidr_block" must be "10.0.0.0/20"\n'
    scenario = SCENARIO.replace(
        'we examine every planned "aws_subnet"', "we choose subnets\n    And we keep the first"
    )
    folder.write(HEAD + when + keep + JUDGES.format(SATISFIED), scenario + outcomes)
    result = folder.check()
    assert result.exit_code == 0, result.output


def test_a_filter_adds_nothing(folder: Folder) -> None:
    body = "return selection._replace(resources=of_any_type(selection.plan).resources)"
    keep = WHEN.format(words="'we keep more'", takes="selection", body=body)
    first = '    And we keep those whose "cidr_block" is "10.0.0.0/20"\n    And we keep more\n    Then'
    folder.write(HEAD + keep + JUDGES.format(SATISFIED), SCENARIO.replace("    Then", first))
    refused(folder.check(), "chosen: is a filter, and adds aws_subnet.second to what was selected")


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (("Then ours must hold",), "`ours must hold` has nothing to judge: no When before it chooses"),
        (("When we keep the first", "Then ours must hold"), "has nothing to filter"),
        (
            ("When we estimate the monthly cost", "Then ours must hold"),
            "is one amount, and no resource has it",
        ),
        (
            ("When we choose subnets", "Then deletion protection must be enabled"),
            "does not judge what `we choose subnets`",
        ),
        (
            (
                "When we choose subnets",
                'When we examine every planned "aws_subnet"',
                "Then ours must hold",
            ),
            "replaces what line",
        ),
    ],
)
def test_a_pair_that_does_not_fit_is_refused(folder: Folder, steps: tuple[str, ...], told: str) -> None:
    when = WHEN.format(
        words="'we choose subnets'", takes="plan", body="return of_type(plan, 'aws_subnet')"
    )
    keep = WHEN.format(words="'we keep the first'", takes="selection", body="return selection").replace(
        "chosen", "kept"
    )
    scenario = "\n    ".join(["Feature: Own\n\n  Scenario: One", *steps, ""])
    folder.write(HEAD + when + keep + JUDGES.format(SATISFIED), scenario)
    refused(folder.check(), told)


def test_a_given_hands_on_what_is_its_own(folder: Folder) -> None:
    words = "@given('our ranges', target_fixture='ranges')"
    given = f"{words}\ndef ranges(parameters):\n    return ['10.0.0.0/20']\n\n\n"
    body = "assert ranges == ['10.0.0.0/20']\n    " + SATISFIED
    folder.write(
        HEAD
        + given
        + JUDGES.format(body).replace("(selection", "(ranges, moment, estimate, plan, selection"),
        SCENARIO.replace("the Terraform plan", "our ranges"),
    )
    result = folder.check()
    assert result.exit_code == 0, result.output


def test_linting_names_what_check_would_refuse(folder: Folder) -> None:
    folder.write(own("'there must be none'"))
    result = CliRunner().invoke(main, ["lint", "features", "--steps", "steps"])
    assert result.exit_code == 2
    assert "steps/own.py:6: step-not-usable: ours: " in result.stdout


def test_no_own_module_is_left_where_an_import_finds_it(folder: Folder) -> None:
    assert folder.check().exit_code == 0
    assert "own" not in sys.modules
