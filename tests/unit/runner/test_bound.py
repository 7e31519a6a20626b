"""Does a record bind everything that a verdict rests on, and does `planspec verify` compare it?"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
import msgspec
import pytest

from planspec import bundle
from planspec.cli.app import main
from planspec.evidence import Evidence, InputsRecord, OptionsRecord, decode, seal_digest
from planspec.runner import check, provenance, rejudge
from planspec.runner.check import Settings
from tests.support.attacks import Promise, attack
from tests.support.judged import CORRECTED, ROOT, Judged, edit, forged, run

# Where the record holds each option of `planspec check` that can change a verdict.
BOUND: Final = {
    "plan": "plan.sha256",
    "features": "inputs.features",
    "steps": "inputs.own_steps",
    "no_own_steps": "inputs.own_steps",
    "policies": "inputs.policies",
    "tags": "inputs.tags",
    "source": "inputs.source",
    "require_applicable": "inputs.require_applicable",
    "checkov": "inputs.options.checkov",
    "no_checkov": "inputs.options.checkov",
    "checkov_corrected": "inputs.options.checkov_corrected",
    "refuse_skip_comments": "inputs.options.refuse_skip_comments",
    "require_checkov": "inputs.options.require_checkov",
    "require_used_waivers": "inputs.options.require_used_waivers",
    "min_coverage": "inputs.options.min_coverage",
    "allow_unknown_type": "inputs.options.allow_unknown_type",
    "schemas": "inputs.schemas",
    "baseline": "inputs.baseline",
    "accepted": "inputs.accepted",
    "overrides": "scenarios",
    "now": "inputs.moment",
    "base": "guard",
    "policy_change": "guard",
}
NO_VERDICT: Final = {
    "no_cache": "an answer of Checkov is kept under a digest of all that it depends on",
    "outputs": "which reports are written, after everything is judged",
    "sign": "adds a signature to the record",
    "full": "shows all of the same",
    "attest": "writes a signed statement about the record",
    "verbose": "shows more of the same",
    "help": "judges nothing",
}
# What a verifier need not be able to name again, and why.
NOT_ASKED_OF_VERIFY: Final = {
    "no_cache",
    "outputs",
    "sign",
    "full",
    "attest",  # verify takes what it wrote, as --attestation
    "verbose",
    "checkov",  # both runners give the same verdicts
    "now",  # the record's moment, if it is near the time of the seal
}


def parameters(command: str) -> dict[str, click.Parameter]:
    """The arguments and options of a command, by the names that its function gets."""
    found = main.get_command(click.Context(main), command)
    assert found is not None
    return {str(each.name): each for each in found.params}


def test_every_option_of_check_is_in_the_record_or_changes_no_verdict() -> None:
    names = set(parameters("check")) | {"help"}
    assert names == BOUND.keys() | NO_VERDICT.keys()
    assert not BOUND.keys() & NO_VERDICT.keys()
    for place in BOUND.values():
        kind: Any = Evidence
        for part in place.split("."):
            kind = {each.name: each.type for each in msgspec.structs.fields(kind)}[part]


def test_verify_can_ask_for_every_option_of_check() -> None:
    missing = set(parameters("check")) - set(parameters("verify"))
    assert missing == NOT_ASKED_OF_VERIFY & set(parameters("check"))


def test_every_field_of_the_inputs_is_of_an_option() -> None:
    told = {each.encode_name for each in msgspec.structs.fields(InputsRecord)}
    of_options = {each.encode_name for each in msgspec.structs.fields(OptionsRecord)}
    held = {place.partition(".")[2] for place in BOUND.values() if place.startswith("inputs.")}
    beside = {"options", "steps", "waivers", "have_to_apply"}
    assert told == {each for each in held if "." not in each} | beside
    assert of_options == {each.partition(".")[2] for each in held if "." in each}


def test_judging_again_compares_every_part_of_a_record_but_those_with_a_reason() -> None:
    """A new part of the record is compared unless somebody writes it down as free."""
    free = {"seal", "inputs", "guard"}, {"name", "notes"}, {"runner", "reason", "notes"}
    assert tuple(rejudge.FREE.values()) == free


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """The corrected plan, judged once for all tests that change something afterwards."""
    found = Judged(tmp_path_factory.mktemp("judged"))
    result = found.check()
    assert result.exit_code == 0, result.output
    return found


@pytest.fixture
def judged(first: Judged, tmp_path: Path) -> Judged:
    """The same with a record and files of its own."""
    found = Judged(tmp_path)
    shutil.copyfile(first.record, found.record)
    return found


def move(path: Path, folder: Path) -> None:
    """Move a file into another folder, its name and content the same."""
    folder.mkdir(parents=True)
    path.rename(folder / path.name)


@attack(
    "Custom checks, features or policies are moved into another folder, where they judge nothing, their"
    " names and contents unchanged",
    promise=Promise.VERIFY,
    happens="Refused: files count by their place and content; the place is named",
)
@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("policies/checkov/deployments.yaml", "policies/aside", "the policies are not those"),
        ("policies/parameters.toml", "policies/aside", "parameters.toml"),
        ("policies/waivers.toml", "policies/aside", "the waivers are not those"),
        ("features/cost.feature", "features/aside", "aside/cost.feature"),
    ],
)
def test_a_file_that_was_moved_is_another_file(
    judged: Judged, before: str, after: str, says: str
) -> None:
    folder = judged.record.parent
    move(folder / before, folder / after)
    if before == "policies/parameters.toml":
        shutil.copy(folder / after / "parameters.toml", folder / before)
        says = "aside/parameters.toml"
    refused = judged.verify()
    assert refused.exit_code == 1, refused.output
    assert says in refused.stderr


def test_checks_behind_a_link_are_bound_too(judged: Judged, tmp_path: Path) -> None:
    """Checkov follows a link to a folder of checks."""
    judged.policies.joinpath("checkov").rename(tmp_path / "elsewhere")
    judged.policies.joinpath("checkov").symlink_to(tmp_path / "elsewhere")
    assert judged.verify().exit_code == 0
    check = tmp_path / "elsewhere" / "deployments.yaml"
    check.write_text(check.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert "checkov/deployments.yaml" in judged.verify().stderr


def test_a_link_to_checks_is_bound_by_its_own_place(tmp_path: Path) -> None:
    """A folder that has two places counts at both, so that neither can be taken away."""
    judged = Judged(tmp_path, CORRECTED, "--tags", "@EXP-01")
    judged.policies.joinpath("checkov").rename(judged.policies / "a")
    for link in ("b", "checkov"):
        judged.policies.joinpath(link).symlink_to(judged.policies / "a")
    (judged.policies / "a" / "back").symlink_to(judged.policies)
    judged.check()
    assert judged.verify("--tags", "@EXP-01").exit_code == 0
    judged.policies.joinpath("checkov").unlink()
    assert "checkov/deployments.yaml" in judged.verify("--tags", "@EXP-01").stderr


def test_what_python_compiled_beside_the_checks_is_bound_too(judged: Judged) -> None:
    """Python takes it instead of the check, so that it may say something else."""
    (judged.policies / "checkov" / "__pycache__").mkdir()
    (judged.policies / "checkov" / "__pycache__" / "check.cpython-311.pyc").write_bytes(b"x")
    assert "__pycache__/check.cpython-311.pyc" in judged.verify().stderr


@attack(
    "The plan was judged by another planspec of the same version, one of its files edited",
    promise=Promise.VERIFY,
    happens="Refused: the record holds a digest over the installed files of planspec",
)
def test_the_engine_is_bound_by_its_files(judged: Judged) -> None:
    forged(judged, lambda record: record["tool"].update(sha256="0" * 64))
    refused = judged.verify()
    assert refused.exit_code == 1
    assert "(0000000000000000...), and this is planspec" in refused.stderr


def test_the_digest_of_the_engine_is_that_of_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "planspec"
    shutil.copytree(ROOT / "planspec", package)
    monkeypatch.setattr(bundle, "__file__", str(package / "bundle.py"))
    engine = provenance.engine.__wrapped__
    assert engine() == provenance.engine()
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "more.pyc").write_bytes(b"x")
    assert engine() == provenance.engine()
    (package / "errors.py").write_text("# changed\n")
    assert engine() != provenance.engine()


SOURCE = 'resource "aws_db_instance" "main" {\n  engine = "postgres"\n}\n'


def with_source(folder: Path) -> tuple[Judged, Path]:
    """The corrected plan, judged with a source folder of a root and a module."""
    source = folder / "source"
    (source / "m").mkdir(parents=True)
    (source / "main.tf").write_text(SOURCE + 'module "m" {\n  source = "./m"\n}\n')
    (source / "m" / "m.tf").write_text("locals {\n  a = 1\n}\n")
    (source / "notes.txt").write_text("no source")
    judged = Judged(folder, CORRECTED, "--tags", "@EXP-01", "--source", source)
    result = judged.check()
    assert result.exit_code == 0, result.output
    return judged, source


@attack(
    "Plan JSON was judged beside one source folder, and what is deployed comes from another",
    promise=Promise.VERIFY,
    happens="Refused: the record holds every source file that was read, by its place and content",
)
def test_the_source_beside_plan_json_is_bound(tmp_path: Path) -> None:
    judged, source = with_source(tmp_path)
    record = json.loads(judged.record.read_text())
    assert record["inputs"]["source"]["files"].keys() == {"main.tf", "m/m.tf"}
    tags = ("--tags", "@EXP-01")
    assert judged.verify(*tags, "--source", source).exit_code == 0
    (source / "notes.txt").write_text("other words")
    assert judged.verify(*tags, "--source", source).exit_code == 0
    unnamed = judged.verify(*tags)
    assert unnamed.exit_code == 1
    assert "was judged with source files (m/m.tf, main.tf), and --source names none" in unnamed.stderr
    (source / "m" / "m.tf").write_text("locals {\n  a = 2\n}\n")
    other = judged.verify(*tags, "--source", source)
    assert other.exit_code == 1
    assert "the source files are not those that the plan was judged by: m/m.tf" in other.stderr


def test_source_that_was_not_given_cannot_be_claimed(judged: Judged, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(SOURCE)
    refused = judged.verify("--source", tmp_path)
    assert "the plan was judged without --source" in refused.stderr


UNKNOWN_TYPE = """Feature: Own

  Scenario: Notes are kept
    Given the Terraform plan
    When we examine every planned "aws_db_instance"
    Then every "engine" must be "postgres"

  @soft
  Scenario: No notes
    Given the Terraform plan
    When we examine every planned "aws_db_instance"
    Then every "engine" must be "mysql"
"""


def test_options_that_let_more_pass_have_to_be_named_again(judged: Judged, tmp_path: Path) -> None:
    assert judged.check("--allow-unknown-type").exit_code == 0
    refused = judged.verify()
    assert "judged with --allow-unknown-type, which is not asked for here" in refused.stderr
    assert judged.verify("--allow-unknown-type").exit_code == 0
    schema = tmp_path / "schema.json"
    schema.write_text('{"format_version": "1.0", "provider_schemas": {}}')
    judged.check()
    assert judged.verify("--schema", schema).exit_code == 1


def test_who_overrides_has_to_be_named_again(tmp_path: Path) -> None:
    own = tmp_path / "own.feature"
    own.write_text(UNKNOWN_TYPE)
    record = tmp_path / "evidence.json"
    name = "No notes"
    checked = run("check", "--no-checkov", CORRECTED, "--features", own, "-o", f"json={record}")
    assert checked.exit_code == 1
    number = next(
        each["scenario"] for each in json.loads(record.read_text())["scenarios"] if each["name"] == name
    )
    who = ("--override", f"{number}=Ada: moved")
    options = ("--features", own)
    checked = run("check", "--no-checkov", CORRECTED, *options, *who, "-o", f"json={record}")
    assert checked.exit_code == 0, checked.output
    refused = run("verify", record, CORRECTED, *options)
    assert refused.exit_code == 1
    assert 'Ada: moved", which is not named here' in refused.stderr
    assert run("verify", record, CORRECTED, *options, *who).exit_code == 0
    assert run("verify", record, CORRECTED, *options, *who, "--again", "--no-checkov").exit_code == 0


def downgrade(record: dict[str, Any]) -> None:
    """Write the record as planspec 0.1.0 wrote it."""
    record["format_version"] = "1.0"
    del record["tool"]["sha256"]
    for each in ("options", "source", "schemas"):
        del record["inputs"][each]


def test_a_record_of_an_earlier_format_is_refused_in_one_sentence(judged: Judged) -> None:
    forged(judged, downgrade)
    refused = judged.verify()
    assert refused.exit_code == 1
    assert refused.stderr.count("refused: ") == 1
    assert "the record is of format 1.0, which does not tell" in refused.stderr


@attack(
    "A record with a key twice: one reader sees that the plan passed, another that it is blocked",
    promise=Promise.VERIFY,
    happens="Refused, exit code 2",
)
@pytest.mark.parametrize(
    "twice",
    [
        lambda text: text.replace('"summary":', '"summary": {"verdict": "blocked"}, "summary":', 1),
        lambda text: text.replace('"verdict":', '"verdict": "violated", "verdict":', 1),
        lambda text: text.replace('"verdict":', '"verdic\\u0074": "violated", "verdict":', 1),
        lambda text: text.replace('"sha256":', '"sha256" : "", "sha256":', 1),
    ],
    ids=["summary", "verdict", "spelt otherwise", "spaced otherwise"],
)
def test_a_key_twice_in_a_record_is_refused(judged: Judged, twice: Callable[[str], str]) -> None:
    text = judged.record.read_text(encoding="utf-8")
    judged.record.write_text(twice(text), encoding="utf-8")
    assert judged.record.read_text(encoding="utf-8") != text
    assert seal_digest(text.encode(), "record")
    refused = judged.verify()
    assert refused.exit_code == 2, refused.output
    assert "an object in it has a duplicate key" in refused.stderr


@attack(
    "A record that was dated back, to a day on which nothing had ended yet, and sealed again",
    promise=Promise.VERIFY,
    happens="Refused where day and seal differ; with `--again` it is judged as of today as well",
)
def test_a_record_that_was_dated_back_does_not_pass(
    judged: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(lambda record: record.update(judged_on="2020-02-01"))(judged)
    refused = judged.verify()
    assert "contradicts itself: judged on 2020-02-01, sealed " in refused.stderr

    def date_back(record: dict[str, Any]) -> None:
        record["judged_on"] = "2020-02-01"
        record["seal"]["judged_at"] = "2020-02-01T00:00:00Z"

    forged(judged, date_back)
    before = decode(judged.record.read_bytes(), "record")
    plan = msgspec.structs.replace(before.plan, blocking=["ended"])
    since = msgspec.structs.replace(before, plan=plan)

    def judge(_: object, __: bytes, settings: Settings, *___: object) -> Evidence:
        return before if settings.today == before.judged_on else since

    monkeypatch.setattr(check, "check", judge)
    again = judged.verify("--again", "--no-checkov")
    assert again.exit_code == 1
    assert again.stderr.startswith("refused: judged again as of today, ")
    assert again.stderr.count("refused: ") == 1
