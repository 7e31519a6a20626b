"""What happens where an organisation states a limit, states it twice, or does not state it?"""

import json
import re
import shutil
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from planspec import bundle
from planspec.cli import scaffold
from planspec.cli.app import main
from planspec.errors import PolicyError
from planspec.evidence import decode, problems
from planspec.finding import Judgement, Verdict, in_all, not_stated
from planspec.policies import Cost, Need, read_parameters
from planspec.reports import FORMATS, render
from tests.golden.recipe import Recipe
from tests.support.cutting import only
from tests.support.database_clusters import multi_az

ROOT = Path(__file__).parents[3]
CORRECTED = ROOT / "plans" / "corrected.json"
LIMITS = (bundle.POLICIES / "limits.toml").read_text(encoding="utf-8").partition("\n[applicable]")[0]
OF_KEY: dict[str, set[str]] = {
    "cost.largest_task_cpu_units": {"CST-01.1"},
    "cost.largest_task_memory_mib": {"CST-01.1"},
    "cost.database_classes": {"CST-02.1", "CST-14.3"},
    "cost.multi_az_cluster_classes": set(),
    "cost.monthly_budget_usd": {"CST-11.1"},
    "cost.monthly_budget_at_scale_usd": {"CST-08.2", "CST-11.2"},
    "cost.monthly_increase_usd": {"CST-12.1"},
    "need.task_cpu_units": {"CST-14.1"},
    "need.task_memory_mib": {"CST-14.1"},
    "need.requests_per_second": {"CST-14.2"},
    "need.requests_per_second_per_task": {"CST-14.2"},
    "need.fewest_tasks": {"CST-14.2"},
    "need.database_memory_gib": {"CST-14.3"},
    "need.database_iops": {"CST-14.4"},
}
EVERY: set[str] = set().union(*OF_KEY.values())
FEW = "[need]\nfewest_tasks = 2"
TWO_OUTCOMES = """
Feature: Two
  Scenario: A limit that nobody stated, and one that holds
    Given the Terraform plan
    When we examine every planned ECS task definition
    Then the task size must not exceed the approved maximum
    And it must run on Graviton
"""


def run(*arguments: str | Path) -> Result:
    """Run `planspec` in this process."""
    return CliRunner().invoke(main, list(map(str, arguments)))


def policies(folder: Path, limits: str | None = None, more: str = "") -> Path:
    """A folder of policies with these limits, and `more` at the end of its parameters."""
    for name in ("parameters.toml", "controls.toml"):
        shutil.copy(bundle.POLICIES / name, folder / name)
    with (folder / "parameters.toml").open("a", encoding="utf-8") as file:
        file.write(more)
    if limits is not None:
        (folder / "limits.toml").write_text(limits, encoding="utf-8")
    return folder


def without(key: str) -> str:
    """Our limits without one of them."""
    name = key.partition(".")[2]
    text, times = re.subn(rf"^{name} = .*\n", "", LIMITS, flags=re.MULTILINE)
    assert times == 1
    return text


def of_cost(folder: Path, *more: str | Path) -> dict[str, Any]:
    """The scenarios about cost on the corrected plan, by number."""
    chosen: list[str | Path] = [
        "check",
        CORRECTED,
        "--no-checkov",
        "--policies",
        folder,
        "--tags",
        "@area:cost",
    ]
    result = run(*chosen, *more, "-o", "json")
    assert result.exit_code == 0, result.output
    return {each["scenario"]: each for each in json.loads(result.stdout)["scenarios"]}


def not_judged(found: dict[str, Any]) -> set[str]:
    """The scenarios that are not applicable."""
    return {number for number, each in found.items() if each["verdict"] == "not applicable"}


def test_limits_are_read_on_top_of_the_parameters(tmp_path: Path) -> None:
    folder = policies(
        tmp_path, '[cost]\nmonthly_budget_usd = 7\n[capacity.measured_connections]\n"db.x" = 3'
    )
    read = read_parameters(folder)
    assert read.cost.monthly_budget_usd == 7
    assert read.cost.log_level_variables
    assert read.capacity.measured_connections == {"db.x": 3}
    assert read.need == Need()


def test_what_nobody_states_is_none(tmp_path: Path) -> None:
    read = read_parameters(policies(tmp_path))
    assert read.need == Need()
    assert {getattr(read.cost, key.partition(".")[2]) for key in OF_KEY if key.startswith("cost")} == {
        None
    }


def test_limits_in_the_parameters_count_as_before(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    one = policies(tmp_path / "one", more="\n[need]\ndatabase_iops = 5\n")
    assert read_parameters(one).need.database_iops == 5


@pytest.mark.parametrize(
    ("limits", "more", "told"),
    [
        (FEW, f"\n{FEW}\n", r"limits\.toml: need\.fewest_tasks is also"),
        (FEW, f"\n{FEW}\n", r"is also in .*parameters\.toml"),
        ("[waivers]\nlongest_days = 3", "", r"limits\.toml: waivers\.longest_days is also in"),
        ("[cost]\nbudget = 3", "", r"limits\.toml: .*`budget` - at `\$\.cost`"),
        ("[costs]\nx = 3", "", r"limits\.toml: .*`costs`"),
        ("[cost]\nmonthly_budget_usd = 0", "", r"limits\.toml: .*monthly_budget_usd"),
        ("[applicable]\nscenarios = []", "", r"limits\.toml: .*scenarios"),
        ("[cost]\ndatabase_classes = []", "", r"limits\.toml: .*names no class: state one"),
        ("[cost]\nmulti_az_cluster_classes = []", "", r"multi_az_.* names no.*take the key"),
        ("[need]\ndatabase_memory_gib = inf", "", r"limits\.toml: inf .*`\$\.need\.database_mem"),
        ("[need]\ndatabase_memory_gib = nan", "", r"limits\.toml: nan is not a finite number"),
        ("[[a]]\nb = [1, -inf]", "", r"limits\.toml: -inf is not a .* number - at `\$\.a\[0\]\.b\[1\]`"),
        ("", '"db.x" = inf\n', r"parameters\.toml: inf .*`\$\..*db\.x`"),
        (FEW, "\n[needs]\nx = 1\n", r"parameters\.toml: .*`needs`"),
        ("= 1", "", r"limits\.toml: "),
    ],
)  # fmt: skip
def test_a_mistake_in_the_limits_names_its_file_and_key(
    tmp_path: Path, limits: str, more: str, told: str
) -> None:
    with pytest.raises(PolicyError, match=told):
        read_parameters(policies(tmp_path, limits, more))


@pytest.mark.parametrize("name", ["limits.toml", "waivers.toml", "stores.toml", "usage.toml", "prices"])
@pytest.mark.parametrize("linked", [False, True])
def test_what_is_there_and_no_file_is_not_taken_for_nothing_stated(
    tmp_path: Path, name: str, linked: bool
) -> None:
    folder = policies(tmp_path)
    wrong = folder / name
    if linked:
        wrong.symlink_to("nowhere")
    elif name == "prices":
        wrong.touch()
    else:
        wrong.mkdir()
    result = run("check", CORRECTED, "--no-checkov", "--policies", folder)
    assert result.exit_code == 2, result.output
    what = "a link that leads nowhere" if linked else "no folder" if name == "prices" else "no file"
    assert f"{wrong}: is {what}; put the" in result.stderr


def test_the_table_of_keys_is_whole() -> None:
    optional = {f"need.{each}" for each in Need.__struct_fields__} | {
        f"cost.{each}" for each in Cost.__struct_fields__ if not each.endswith(("variables", "levels"))
    }
    assert OF_KEY.keys() == optional


def test_a_limit_that_is_stated_is_judged_by(tmp_path: Path) -> None:
    assert not_judged(of_cost(policies(tmp_path, LIMITS))) == set()


@pytest.mark.parametrize("key", OF_KEY)
def test_a_limit_that_nobody_stated_makes_its_requirements_not_applicable(
    tmp_path: Path, key: str
) -> None:
    found = of_cost(policies(tmp_path, without(key)))
    assert not_judged(found) == OF_KEY[key]
    for number in OF_KEY[key]:
        assert found[number]["examined"] == []
        assert f"{key}" in found[number]["reason"]
        assert found[number]["reason"].endswith("in policies/limits.toml")


HALVES = (
    ("[cost]\nlargest_task_cpu_units = 1", "CST-01.1", "violated", "cost.largest_task_memory_mib"),
    ("[cost]\nlargest_task_memory_mib = 1", "CST-01.1", "violated", "cost.largest_task_cpu_units"),
    ("[cost]\nlargest_task_memory_mib = 1024", "CST-01.1", "not applicable", "largest_task_cpu_units"),
    ("[need]\ntask_cpu_units = 1", "CST-14.1", "violated", "need.task_memory_mib"),
    ("[need]\ntask_memory_mib = 1", "CST-14.1", "not applicable", "need.task_cpu_units"),
    ("[need]\ntask_cpu_units = 300", "CST-14.1", "not applicable", "need.task_memory_mib"),
    ("[need]\nfewest_tasks = 1", "CST-14.2", "undetermined", "need.requests_per_second"),
    ("[need]\nfewest_tasks = 2", "CST-14.2", "not applicable", "need.requests_per_second_per_task"),
    ("[need]\nrequests_per_second = 2", "CST-14.2", "not applicable", "need.fewest_tasks"),
    ("[need]\ndatabase_memory_gib = 2", "CST-14.3", "not applicable", "cost.database_classes"),
)  # fmt: skip


@pytest.mark.parametrize(("limits", "number", "verdict", "missing"), HALVES)
def test_a_half_that_is_stated_is_judged_by_and_nothing_passes_by_it(
    tmp_path: Path, limits: str, number: str, verdict: str, missing: str
) -> None:
    """The task of the corrected plan has 512 units and 1,024 MiB; 2 tasks run at the least."""
    found = judged(policies(tmp_path, limits), number, CORRECTED)
    assert found["verdict"] == verdict
    assert missing in found["reason"]
    stated = re.findall(r"^(\w+) =", limits, re.MULTILINE)
    assert not [each for each in stated if re.search(rf"\.{each}\b", found["reason"])]


SIZES = "[cost]\nmulti_az_cluster_classes = ['db.m6gd.large']\n[need]\ndatabase_memory_gib = 4"


@pytest.mark.parametrize(
    ("number", "kind", "beside", "verdict"),
    [
        ("CST-02.1", "db.m6gd.large", (), "satisfied"),
        ("CST-02.1", "db.r6gd.4xlarge", (), "violated"),
        ("CST-02.1", "db.m6gd.large", ("aws_db_instance.main",), "not applicable"),
        ("CST-02.1", "db.r6gd.4xlarge", ("aws_db_instance.main",), "violated"),
        ("CST-14.3", "db.m6gd.large", (), "undetermined"),  # no price of them is known
    ],
)
def test_classes_of_multi_az_clusters_alone_are_held_to(
    tmp_path: Path, number: str, kind: str, beside: tuple[str, ...], verdict: str
) -> None:
    edit = multi_az(db_cluster_instance_class=kind)
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(Recipe("half", only("corrected", *beside), (edit,)).plan()))
    found = judged(policies(tmp_path, SIZES), number, plan)
    assert found["verdict"] == verdict
    assert ("cost.database_classes" in found["reason"]) is bool(beside)


def judged(folder: Path, number: str, plan: Path) -> dict[str, Any]:
    """One scenario on a plan."""
    chosen: list[str | Path] = [
        "--no-checkov",
        "--policies",
        folder,
        "--tags",
        "@area:cost",
        "-o",
        "json",
    ]
    result = run("check", plan, *chosen)
    return next(each for each in json.loads(result.stdout)["scenarios"] if each["scenario"] == number)


def test_without_limits_nothing_is_satisfied_by_want_of_one(tmp_path: Path) -> None:
    found = of_cost(policies(tmp_path))
    assert not_judged(found) == EVERY
    assert found["CST-11.1"]["reason"] == (
        "no monthly budget is stated: cost.monthly_budget_usd in policies/limits.toml"
    )


def test_one_outcome_that_holds_does_not_hide_another_without_a_limit(tmp_path: Path) -> None:
    feature = tmp_path / "two.feature"
    feature.write_text(TWO_OUTCOMES)
    chosen: list[str | Path] = [
        "check",
        "--no-checkov",
        "--features",
        feature,
        "--policies",
        policies(tmp_path),
    ]
    # Alone it has judged nothing.
    assert run(*chosen, CORRECTED).exit_code == 2
    (found,) = json.loads(run(*chosen, ROOT / "plans" / "inherited.json", "-o", "json").stdout)[
        "scenarios"
    ]
    assert found["verdict"] == "violated", "the other outcome still finds what is wrong"
    assert "cost.largest_task_cpu_units" in found["reason"]


def test_what_a_scenario_found_is_satisfied_only_if_every_outcome_was_judged() -> None:
    held, open_ = Judgement(("a.b",)), not_stated(["a.b"], "nothing is stated", "a.key")
    assert in_all([held]).verdict is Verdict.SATISFIED
    assert in_all([held, open_]).verdict is Verdict.NOT_APPLICABLE
    assert in_all([open_, held]).examined == ()
    assert not_stated([], "nothing is stated", "a.key") == Judgement(()), "nobody has to state it"
    assert str(open_) == "not applicable: nothing is stated: a.key in policies/limits.toml"


@pytest.mark.parametrize(
    "name", sorted({*FORMATS} & {"console", "html", "junit", "markdown", "oscal", "json"})
)
def test_reports_tell_which_limit_is_not_stated(tmp_path: Path, name: str) -> None:
    out = tmp_path / "evidence.json"
    chosen: list[str | Path] = ["--no-checkov", "--policies", policies(tmp_path), "--tags", "@area:cost"]
    assert run("check", CORRECTED, *chosen, "-o", f"json={out}").exit_code == 0
    told = render(name, decode(out.read_bytes(), "evidence")).decode()
    plain = told.replace("\\", "").replace("\u2060", "").replace("&#x5F;", "_")
    assert "no monthly budget is stated: cost.monthly_budget_usd" in plain


def test_what_has_to_apply_is_refused_without_its_limit(tmp_path: Path) -> None:
    folder = policies(tmp_path, without("cost.monthly_budget_usd"))
    chosen: list[str | Path] = [
        "check",
        CORRECTED,
        "--no-checkov",
        "--policies",
        folder,
        "--require-applicable",
    ]
    result = run(*chosen)
    assert result.exit_code == 2
    assert "CST-11.1" in result.stderr
    assert "examined nothing" in result.stderr
    assert "no monthly budget is stated: cost.monthly_budget_usd" in result.stderr


WAIVED = """
[[waiver]]
requirement = "TWO-01.1"
address = "*"
reason = "r"
owner = "o"
approver = "a"
created = {0}
expires = {0}
"""
IN_PART = "TWO-01.1 was judged only in part"
NUMBERED = TWO_OUTCOMES.replace("  Scenario: ", "  @TWO-01 @severity:low\n  Scenario: TWO-01.1 ")


@pytest.mark.parametrize("tag", ["", "@advisory", "@soft"])
def test_an_accepted_finding_hides_no_limit_that_nobody_stated(tmp_path: Path, tag: str) -> None:
    feature = tmp_path / "two.feature"
    feature.write_text(NUMBERED.replace("@severity", f"{tag} @severity"))
    (tmp_path / "policies").mkdir()
    folder = policies(tmp_path / "policies", '[applicable]\nscenarios = ["TWO-01.1"]')
    if not tag:
        (folder / "waivers.toml").write_text(WAIVED.format(datetime.now(UTC).date()))
    by: list[str | Path] = [ROOT / "plans" / "inherited.json", "--no-checkov"]
    by += ["--features", feature, "--policies", folder]
    by += ["--override", "TWO-01.1=me: why"] if tag == "@soft" else []
    record = tmp_path / "record.json"
    assert run("check", *by, "-o", f"json={record}").exit_code == 0
    refused = run("check", *by, "--require-applicable")
    assert refused.exit_code == 2
    assert IN_PART in refused.stderr
    assert "cost.largest_task_cpu_units" in refused.stderr
    made = decode(record.read_bytes(), "record")
    inputs = msgspec.structs.replace(made.inputs, require_applicable=True, have_to_apply=["TWO-01.1"])
    told = problems(msgspec.structs.replace(made, inputs=inputs), made.judged_on)
    assert told == [f"{IN_PART}, which --require-applicable forbids"]


@pytest.mark.parametrize(
    ("scenarios", "code", "told"),
    [
        (["CST-12.1", "EXP-01.1"], 0, ""),
        (["CST-11.1", "EXP-01.1"], 2, "CST-11.1 examined nothing"),
        (["EXP-01.1", "EXP-99.1"], 2, "EXP-99.1, which no feature has"),
    ],
)
def test_the_scenarios_that_have_to_apply_can_be_named(
    tmp_path: Path, scenarios: list[str], code: int, told: str
) -> None:
    named = f"\n[applicable]\nscenarios = {json.dumps(scenarios)}\n"
    folder = policies(tmp_path, without("cost.monthly_budget_usd") + named)
    record = tmp_path.parent / f"{tmp_path.name}.json"
    by: list[str | Path] = ["--policies", folder, "--require-applicable"]
    result = run("check", CORRECTED, "--no-checkov", *by, "-o", f"json={record}")
    assert result.exit_code == code, result.output
    assert told in result.stderr
    if code:
        return
    assert json.loads(record.read_bytes())["inputs"]["have_to_apply"] == scenarios
    assert run("verify", record, CORRECTED, *by).exit_code == 0
    assert run("verify", record, CORRECTED, "--again", "--no-checkov", *by).exit_code == 0
    fewer = named.replace('"CST-12.1", ', "")
    policies(tmp_path, without("cost.monthly_budget_usd") + fewer)
    refused = run("verify", record, CORRECTED, *by)
    assert refused.exit_code == 1
    assert "limits.toml" in refused.stderr
    assert "the scenarios that had to apply are not those of limits.toml" in refused.stderr


def test_the_file_that_init_writes_holds_every_key_commented_out_and_explained() -> None:
    text = (Path(scaffold.__file__).parent / "files" / "limits.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text) == {}
    lines = text.splitlines()
    found = {}
    for number, line in enumerate(lines):
        if match := re.match(r"# (\w+) = ", line):
            found[match[1]] = lines[number - 1]
    names = {key.partition(".")[2] for key in OF_KEY} | {"scenarios"}
    assert found.keys() == names
    bare = "\n".join(line.removeprefix("# ") for line in lines if re.match(r"# (\w+ = |\[)", line))
    read = tomllib.loads(bare)
    keys = {f"{table}.{key}" for table in ("cost", "need") for key in read[table]}
    assert keys == OF_KEY.keys()


ELSEWHERE = """
Feature: Elsewhere
  We write down what other estates have.

  A pass shows the names. It does not show the jobs.

  Background:
    Given the Terraform plan

  @OWN-01 @severity:low @nist:CM-8
  Rule: OWN-01 Things have names
    Scenario: OWN-01.1 Every bucket has a name
      When we examine every planned S3 bucket
      Then a lifecycle rule must abort incomplete multipart uploads

    Scenario: OWN-01.2 Every job has a name
      When we examine every planned "aws_glue_job"
      Then every "name" must be set
"""


@pytest.mark.parametrize(
    ("named", "code"), [(None, 1), (["OWN-01.1"], 0), (["OWN-01.1", "OWN-01.2"], 1)]
)
def test_the_linter_asks_recorded_plans_for_what_has_to_apply(
    tmp_path: Path, named: list[str] | None, code: int
) -> None:
    feature = tmp_path / "elsewhere.feature"
    feature.write_text(ELSEWHERE)
    limits = f"[applicable]\nscenarios = {json.dumps(named)}" if named else None
    (tmp_path / "policies").mkdir()
    folder = policies(tmp_path / "policies", limits)
    result = run("lint", feature, "--policies", folder, "--plans", CORRECTED)
    assert result.exit_code == code, result.output
    assert ("vacuous" in result.stdout) is bool(code)
