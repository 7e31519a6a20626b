"""What does a user of the command line see? End to end, on the recorded plans."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from planspec import bundle
from planspec.cli.app import main
from tests.support.our_service import REQUIREMENTS

ROOT = Path(__file__).parents[3]
CORRECTED = ROOT / "plans" / "corrected.json"
INHERITED = ROOT / "plans" / "inherited.json"
SCENARIOS = sum(
    len(re.findall(r"^ +Scenario: ", path.read_text(encoding="utf-8"), re.MULTILINE))
    for path in (ROOT / "features").rglob("*.feature")
)
# What is for other estates is not applicable here.
ALL_OF_OURS = rf"(\d+ not applicable, )?{len(REQUIREMENTS)} satisfied"


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    """Run `planspec` in this process, without Checkov."""
    extra = ["--no-checkov"] if arguments[0] == "check" else []
    return CliRunner().invoke(main, [*map(str, arguments), *extra], input=stdin)


def evidence(*arguments: str | Path) -> dict[str, Any]:
    """The evidence record of a check."""
    result = run("check", *arguments, "-o", "json")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_corrected_plan_holds_every_requirement() -> None:
    result = run("check", CORRECTED, "--require-applicable")
    assert result.exit_code == 0, result.output
    assert re.fullmatch(
        rf"{SCENARIOS} scenarios: {ALL_OF_OURS} · judged \d\d of 78 changes · passed",
        result.stdout.splitlines()[-1],
    )


def test_the_inherited_plan_is_blocked_by_at_least_twenty_findings_that_say_what_and_where() -> None:
    assert run("check", INHERITED).exit_code == 1
    record = evidence(INHERITED)
    findings = [each for scenario in record["scenarios"] for each in scenario["findings"]]
    assert len(findings) >= 20
    for finding in findings:
        assert finding["address"]
        assert finding["observed"]
        assert finding["expected"]
        assert finding["where"], finding["address"]


def test_file_and_line_are_those_of_the_argument_and_else_of_the_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    record = evidence(INHERITED)
    on_arguments = 0
    for scenario in record["scenarios"]:
        for finding in scenario["findings"]:
            file, _, line = finding["where"].partition(":")
            head = (ROOT / file).read_text().splitlines()[int(line) - 1]
            kind, name = re.sub(r"\[.*", "", finding["address"]).split(".")
            plain = kind in {"variable", "output", "provider"}
            block = f'{kind} "{name}"' if plain else f'resource "{kind}" "{name}"'
            words = re.findall(r"[a-z_]\w*", finding["path"])
            on_arguments += head != f"{block} {{"
            assert head == f"{block} {{" or head.split()[0] in words
    assert on_arguments > 30


def test_two_runs_leave_the_same_evidence() -> None:
    first, second = evidence(INHERITED), evidence(INHERITED)
    assert first | {"seal": None} == second | {"seal": None}


def test_evidence_names_no_folder_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert str(ROOT) not in run("check", "plans/inherited.json", "-o", "json").stdout


def test_evidence_tells_what_was_read() -> None:
    scenario = next(each for each in evidence(CORRECTED)["scenarios"] if each["scenario"] == "EXP-01.1")
    assert scenario["read"] == [
        {
            "address": "aws_db_instance.main",
            "path": "publicly_accessible",
            "shown": "false",
            "origin": {"kind": "literal"},
        }
    ]


def test_a_pipe_gets_no_colours() -> None:
    assert "\x1b[" not in run("check", INHERITED).output


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_plan_comes_from_standard_input(packed: bool) -> None:
    data = CORRECTED.read_bytes()
    result = run("check", "-", stdin=gzip.compress(data) if packed else data)
    assert result.exit_code == 0, result.output
    assert "standard input" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere.json"], "nowhere.json: No such file or directory"),
        ([str(ROOT)], "Is a directory"),
        ([str(CORRECTED), "--tags", "@EXP-99"], f"of {SCENARIOS} scenarios"),
        ([str(CORRECTED), "--tags", "@EXP-01 and"], "not a tag expression"),
        ([str(CORRECTED), "--features", "nowhere"], "does not exist"),
        ([str(CORRECTED), "-o", "json=/nowhere/evidence.json"], "/nowhere/evidence.json"),
        ([str(CORRECTED), "-o", "pdf"], "write FORMAT or FORMAT=FILE, one of console"),
        ([str(CORRECTED), "--override", "EXP-01.1"], 'write SCENARIO="NAME: REASON"'),
        ([str(CORRECTED), "--override", "EXP-01.1=A: b"], "not a scenario tagged @soft"),
        ([str(CORRECTED), "--require-checkov"], "exclude each other"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_paragraph(arguments: list[str], says: str) -> None:
    result = run("check", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "Traceback" not in result.output


def test_a_misspelt_command_is_answered_with_the_nearest() -> None:
    result = run("chekc", CORRECTED)
    assert result.exit_code == 2
    assert 'no such command "chekc"; did you mean "check"?' in result.output


def test_nothing_is_left_of_a_report_that_was_not_written(tmp_path: Path) -> None:
    assert run("check", tmp_path / "none.json", "-o", f"json={tmp_path / 'e.json'}").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_evidence_goes_to_a_file_beside_the_console(tmp_path: Path) -> None:
    target = tmp_path / "evidence.json"
    result = run("check", CORRECTED, "-o", f"json={target}", "-o", "console")
    assert result.exit_code == 0
    assert re.search(ALL_OF_OURS, result.stdout)
    assert json.loads(target.read_text())["plan"]["terraform_version"]


def own_feature(folder: Path, text: str) -> Path:
    """Write a feature of a foreign team."""
    path = folder / "own.feature"
    path.write_text(text, encoding="utf-8")
    return path


def scenario(*steps: str, tags: str = "", name: str = "One", before: str = "") -> str:
    """A feature with one scenario."""
    lines = [f"    {step}" for step in steps]
    return "\n".join(["Feature: Ours", before, f"  {tags}", f"  Scenario: {name}", *lines, ""])


BUCKETS = 'When we examine every planned "aws_s3_bucket"'
FORBIDDEN = (BUCKETS, "Then there must be none")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no feature"),
        ("Feature: Empty\n", "holds no scenario"),
        ("Scenario: No feature\n", "begins no feature"),
        (scenario(BUCKETS), '"One" has no Then'),
        (scenario(), '"One" has no Then'),
        (scenario(BUCKETS, "Then there must be none") * 1 + scenario(BUCKETS, "Then there must be none")
         .partition("\n")[2], "is also in line"),
        (scenario(BUCKETS, "Then there must be none", tags="@skip"), "@skip: not a requirement"),
        (scenario(BUCKETS, "Then there must be none", tags="@xfail"), "@xfail: not a requirement"),
        (scenario(BUCKETS, "Then there must be none", tags="@severity:hihg"), "a severity is one of"),
        (scenario(BUCKETS, "Then there must be none", tags="@nist:XX-99"), "nist has no control XX-99"),
        (scenario(BUCKETS, "Then there must be none", tags="@iso:1"), "no tag of the kinds"),
        (scenario(BUCKETS, 'Then evry "acl" must be "private"'), "means nothing to planspec"),
        (scenario("Then the plan is good"), "see: planspec steps"),
        (scenario(BUCKETS, 'Then every "a b[" must be "1"'), "the nearest phrase is"),
        (scenario(BUCKETS, 'Then every "tags" must match "("'), "not a regular expression"),
        (scenario('When we examine every resource with action "explode"', "Then there must be none"),
         'action "explode" does not exist'),
        (scenario("When we examine every planned S3 bucket",
                  "Then encryption at rest must be enabled"), "does not judge what `we examine"),
        (scenario(BUCKETS, "Given the Terraform plan",
                  "Then the Terraform plan"), "means nothing to planspec"),
    ],
)  # fmt: skip
def test_a_feature_that_could_pass_by_doing_nothing_is_refused(
    tmp_path: Path, text: str, says: str
) -> None:
    result = run("check", CORRECTED, "--features", own_feature(tmp_path, text))
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert "Traceback" not in result.output


OUTLINE = """Feature: Ours

  Scenario Outline: Every <kind> has tags
    When we examine every planned "<kind>"
    Then every "tags_all.Owner" must be set

    {tags}
    Examples:
      | kind |
{rows}"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OUTLINE.format(tags="", rows=""), "has no rows"),
        (OUTLINE.format(tags="@skip", rows="      | aws_s3_bucket |\n"), "tag the scenario"),
        (OUTLINE.format(tags="", rows="").split("    \n    Examples")[0], "is filled by no example"),
    ],
)
def test_an_outline_without_rows_or_with_tagged_rows_is_refused(
    tmp_path: Path, text: str, says: str
) -> None:
    result = run("check", CORRECTED, "--features", own_feature(tmp_path, text))
    assert result.exit_code == 2, result.output
    assert re.search(says, result.stderr), result.stderr


def test_every_row_of_an_outline_is_a_scenario(tmp_path: Path) -> None:
    rows = "      | aws_s3_bucket |\n      | aws_db_instance |\n"
    path = own_feature(tmp_path, OUTLINE.format(tags="", rows=rows))
    record = evidence(CORRECTED, "--features", path)
    assert [each["name"] for each in record["scenarios"]] == [
        "Every aws_db_instance has tags",
        "Every aws_s3_bucket has tags",
    ]


def with_bundle(
    folder: Path, assignment: str, *arguments: str | Path
) -> "subprocess.CompletedProcess[str]":
    """Run planspec in a process of its own whose bundle was changed by one assignment."""
    code = (
        "from pathlib import Path; from planspec import bundle;"
        f" bundle.{assignment}; from planspec.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_step_with_two_meanings_is_refused(tmp_path: Path) -> None:
    for path in bundle.STEPS.glob("*.py"):
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "twin.py").write_text(
        "from pytest_bdd import then\n\n\n@then('there must be none')\ndef twin() -> None:\n    pass\n"
    )
    path = own_feature(tmp_path, scenario(*FORBIDDEN))
    result = with_bundle(
        tmp_path, "STEPS = Path('.')", "check", CORRECTED, "--no-checkov", "--features", path
    )
    assert result.returncode == 2
    assert "has 2 meanings" in result.stderr


def test_a_scenario_that_examines_nothing_is_shown_and_can_be_forbidden(tmp_path: Path) -> None:
    text = scenario(BUCKETS, 'Then every "bucket" must be set', name="Buckets")
    text += scenario('When we examine every planned "aws_glue_job"', 'Then every "name" must be set',
                     name="Elsewhere").partition("\n")[2]  # fmt: skip
    path = own_feature(tmp_path, text)
    result = run("check", CORRECTED, "--features", path)
    assert (result.exit_code, "1 not applicable" in result.stdout) == (0, True)
    # With policies that name nothing under [applicable], it is asked of all.
    (tmp_path / "policies").mkdir()
    for name in ("parameters.toml", "controls.toml"):
        shutil.copy(bundle.POLICIES / name, tmp_path / "policies")
    own: list[str | Path] = ["--features", path, "--policies", tmp_path / "policies"]
    refused = run("check", CORRECTED, *own, "--require-applicable")
    assert refused.exit_code == 2
    assert "Elsewhere examined nothing" in refused.stderr


def test_a_run_that_judged_nothing_at_all_is_no_pass(tmp_path: Path) -> None:
    text = scenario('When we examine every planned "aws_glue_job"', 'Then every "name" must be set')
    result = run("check", CORRECTED, "--features", own_feature(tmp_path, text))
    assert result.exit_code == 2
    assert "nothing was judged" in result.stderr


def test_advisory_never_blocks_and_is_shown(tmp_path: Path) -> None:
    path = own_feature(tmp_path, scenario(*FORBIDDEN, tags="@advisory"))
    result = run("check", CORRECTED, "--features", path)
    assert result.exit_code == 0, result.output
    assert "violated 2 of 2 (advisory)" in result.stdout


def test_soft_blocks_unless_a_named_person_overrides_it(tmp_path: Path) -> None:
    path = own_feature(tmp_path, scenario(*FORBIDDEN, tags="@soft"))
    assert run("check", CORRECTED, "--features", path).exit_code == 1
    override = ("--override", "One=Ada Lovelace: the buckets move next week")
    assert run("check", CORRECTED, "--features", path, *override).exit_code == 0
    record = evidence(CORRECTED, "--features", path, *override)
    assert record["scenarios"][0]["override"] == {
        "name": "Ada Lovelace",
        "reason": "the buckets move next week",
    }


WAIVER = """[[waiver]]
requirement = "EXP-01"
address = "aws_db_instance.*"
reason = "moves behind the proxy this week"
owner = "platform"
approver = "Ada Lovelace"
created = 2026-11-01
expires = {expires}
"""


@pytest.mark.parametrize(
    ("expires", "verdict", "code"), [("2027-10-30", "waived", 0), ("2026-11-02", "violated", 1)]
)
def test_a_waiver_covers_until_it_expires(tmp_path: Path, expires: str, verdict: str, code: int) -> None:
    for path in bundle.POLICIES.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "waivers.toml").write_text(WAIVER.format(expires=expires))
    chosen = (INHERITED, "--tags", "@EXP-01", "--policies", tmp_path)
    result = run("check", *chosen)
    assert result.exit_code == code
    assert ("EXPIRED waiver: EXP-01" in result.stdout) is (verdict == "violated")
    assert evidence(*chosen)["scenarios"][0]["verdict"] == verdict


def test_a_framework_of_ones_own_gives_tags_a_meaning(tmp_path: Path) -> None:
    for path in bundle.POLICIES.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    own = '[house]\ntitle = "House rules"\nversion = "7"\n[house.controls]\n"1" = "Tidy"\n'
    (tmp_path / "controls.toml").write_text(own)
    path = own_feature(tmp_path, scenario(BUCKETS, 'Then every "bucket" must be set', tags="@house:1"))
    chosen = ("check", CORRECTED, "--features", path)
    assert run(*chosen, "--policies", tmp_path).exit_code == 0
    assert run(*chosen).exit_code == 2


def foreign(folder: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run the installed program in a folder of somebody else, as a process of its own."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTEST_ADDOPTS": "--no-such-option",
        "PYTEST_PLUGINS": "no_such_plugin",
        "COLUMNS": "200",
    }
    command = [str(Path(sys.executable).with_name("planspec")), *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_a_hostile_repository_changes_nothing(tmp_path: Path) -> None:
    for name in ("conftest.py", "steps/__init__.py", "planspec/__init__.py", "features/conftest.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("raise RuntimeError('hostile')\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    text = "import pytest\n\n\n@pytest.fixture\ndef uphold():\n    return lambda _: None\n"
    (tmp_path / "features" / "conftest.py").write_text(text)
    (tmp_path / "features" / "own.feature").write_text(scenario(*FORBIDDEN))
    assert foreign(tmp_path, "check", CORRECTED, "--no-checkov").returncode == 0
    result = foreign(tmp_path, "check", CORRECTED, "--no-checkov", "--features", "features")
    assert result.returncode == 1, result.stderr


def test_a_missing_checkov_is_one_line_or_an_error(tmp_path: Path) -> None:
    def outcome(*more: str) -> "subprocess.CompletedProcess[str]":
        chosen = ("check", str(CORRECTED), "--tags", "@EXP-01", *more)
        return with_bundle(tmp_path, "ROOT = Path('.')", *chosen)

    allowed = outcome()
    assert allowed.returncode == 0, allowed.stderr
    assert "Checkov: not found" in allowed.stdout
    assert outcome("--require-checkov").returncode == 2


@pytest.mark.usefixtures("checkov")
def test_checkov_runs_alongside_and_its_failures_are_findings() -> None:
    result = CliRunner().invoke(main, ["check", str(INHERITED), "-o", "json", "--tags", "@EXP-01"])
    record = json.loads(result.stdout)
    assert result.exit_code == 1
    failed = record["checkov"]["findings"]
    assert len(failed) >= 40
    assert all(each["where"] for each in failed if each["address"].startswith("aws_"))


def test_the_vocabulary_is_listed_and_searched() -> None:
    listed = run("steps").stdout
    assert 'When  we examine every planned "<kind>"' in listed
    assert 'every|some "<path>" must be at least <limit>' in listed
    assert "it must have <part>" in listed
    assert (
        listed.index("Phrases\n")
        < listed.index("Subjects\n")
        < listed.index("Settings of each subject\n")
    )
    assert "After: `we examine every planned ECS cluster`" in listed
    assert "Terraform: aws_ecs_cluster: setting: containerInsights; complies: enabled" in listed
    assert run("steps", "unicorns").exit_code == 2


SEARCHES = {
    "deletion protection": "deletion protection must be enabled",
    "Multi-AZ": "Multi-AZ must be enabled",
    "circuit breaker": "the deployment circuit breaker with rollback must be enabled",
    "access log": "access logging must be enabled",
    "rotation": "automatic key rotation must be enabled",
    "Performance Insights": "Performance Insights must be enabled",
    "Container Insights": "Container Insights must be enabled",
    "minor version": "automatic minor version upgrades must be enabled",
    "multipart": "a lifecycle rule must abort incomplete multipart uploads",
    "Graviton": "it must run on Graviton",
    "gateway endpoint": "it must be covered by an S3 gateway endpoint",
    "WAF": "it must have a web ACL",
    "least privilege": "its roles must not allow wildcard actions or all resources",
    "freeze": 'there must be none from "<begin>" to "<end>" in "<zone>"',
    "CIDR": 'it must not allow "<network>" on port "<ports>"',
    "SSH": 'it must not allow "<network>" on port "<ports>"',
    "label": 'it must have the tags "<names>"',
    "quota": "there must be at most <number>",
    "deny list": 'its type|provider must be|not be one of "<values>"',
    "naming convention": 'every|some "<path>" must match "<pattern>"',
    "depends": 'each one must have a "<kind>" that refers to it',
}


@pytest.mark.parametrize("wanted", SEARCHES)
def test_the_words_of_aws_find_what_we_judge(wanted: str) -> None:
    for words in ([wanted], wanted.split(), wanted.upper().split()):
        found = run("steps", *words)
        assert found.exit_code == 0
        assert f"Then  {SEARCHES[wanted]}\n" in found.stdout
        assert "<setting> must be enabled" not in found.stdout


def test_a_type_and_a_synonym_find_what_we_judge() -> None:
    assert "desync mitigation mode" in run("steps", "aws_lb").stdout
    assert "Then  it must run on Graviton\n" in run("steps", "arm64").stdout
    assert "When  we examine every planned WAF web ACL\n" in run("steps", "firewall").stdout


def test_a_requirement_is_explained() -> None:
    text = run("explain", "EXP-01").stdout
    for part in ("EXP-01 Public access to databases", "nist:SC-7", "EXP-01.1", "no waivers"):
        assert part in text
    assert run("explain", "EXP-99").exit_code == 2


def test_a_requirement_of_two_features_is_explained_by_both() -> None:
    text = run("explain", "CST-06").stdout
    for part in (
        ("cost.feature:", "The bill was higher than expected", "The bill is divided by tags"),
        ("tags.feature:", "Our bill is read by service", "A pass shows that the tags are set"),
    ):
        assert all(each in text for each in part), text
    for control in ("nist:CM-8", "CST-06.1", "CST-06.2"):
        assert text.count(f"  {control} ") == 1
    one = run("explain", "CST-06.1").stdout
    assert "tags.feature:" in one
    assert "cost.feature:" not in one


def test_a_waiver_of_one_scenario_is_explained_with_its_requirement(tmp_path: Path) -> None:
    policies = shutil.copytree(ROOT / "policies", tmp_path / "policies")
    fields = 'address = "a.b"\nreason = "because"\nowner = "o"\napprover = "p"'
    days = "created = 2026-11-20\nexpires = 2027-05-01"
    (policies / "waivers.toml").write_text(f'[[waiver]]\nrequirement = "CST-06.1"\n{fields}\n{days}\n')
    for number, told in (("CST-06", True), ("CST-06.1", True), ("CST-06.2", False)):
        text = run("explain", number, "--policies", str(policies)).stdout
        assert ("a.b: because" in text) is told


@pytest.mark.parametrize("command", [[], ["check"], ["plan"], ["steps"], ["explain"]])
def test_every_command_has_help(command: list[str]) -> None:
    result = CliRunner().invoke(main, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage: " in result.output


NEED = """Feature: Need
  Scenario: The task's policy allows no more than it needs
    When we examine every planned IAM policy
    And we keep those whose "name" is "images"
    Then its policy must allow no more than "task"
"""


def test_a_policy_is_held_to_a_document_of_the_policies(tmp_path: Path) -> None:
    (tmp_path / "need.feature").write_text(NEED)
    policies = tmp_path / "policies"
    shutil.copytree(bundle.POLICIES, policies)
    feature = tmp_path / "need.feature"
    arguments: list[str | Path] = [CORRECTED, "--features", feature, "--policies", policies]
    refused = run("check", *arguments)
    assert refused.exit_code == 2
    assert "task.json: no such file; write the IAM policy of what is needed there" in refused.output
    (policies / "needs").mkdir()
    document = {"Version": "2012-10-17", "Statement": []}
    (policies / "needs" / "task.json").write_text(json.dumps(document))
    blocked = run("check", *arguments)
    assert blocked.exit_code == 1
    assert "s3:GetObject" in blocked.output
    assert "which is not needed" in " ".join(blocked.output.split())
    everything = {"Effect": "Allow", "Action": ["s3:*", "kms:*"], "Resource": "*"}
    (policies / "needs" / "task.json").write_text(json.dumps(document | {"Statement": [everything]}))
    assert run("check", *arguments).exit_code == 0
    files = evidence(*arguments)["inputs"]["policies"]["files"]
    assert any("task.json" in name for name in files)
