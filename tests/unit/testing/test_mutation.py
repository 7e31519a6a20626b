"""Do small changes to a plan stay plans, and does `planspec mutate` see who notices them?"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from planspec import bundle, decode
from planspec.cli.app import main
from planspec.plan import UNKNOWN, Known
from planspec.runner.batch import Catalogue
from planspec.testing.mutation import judging, resource_mutants, value_mutants
from planspec.testing.mutation.accepted import Accepted, read_accepted
from planspec.testing.mutation.json_places import GONE, at, changed
from planspec.testing.mutation.mutants import Mutant
from planspec.testing.mutation.plan_edits import Destroy, Drop, Hide, Leave, Put
from planspec.testing.mutation.writable import is_required, is_writable

ROOT = Path(__file__).parents[3]
CORRECTED = ROOT / "plans" / "corrected.json"
DATABASE = "aws_db_instance.main"
CATALOGUE = Catalogue((bundle.FEATURES,), bundle.POLICIES, "@EXP-01 or @DUR-01", date(2026, 6, 1))

NETWORKED = """Feature: Databases

  @OWN-01
  Rule: OWN-01 No public databases

    Scenario: OWN-01.1 No database is public
      Given the Terraform plan
      When we examine every planned "aws_db_instance"
      Then every "publicly_accessible" must be "false"

    Scenario: OWN-01.2 A database has a name
      Given the Terraform plan
      When we examine every planned "aws_db_instance"
      Then every "identifier" must be set
"""


def without_the_rest(folder: Path, *kept: str) -> Path:
    """The corrected plan with only these resources, as a file: every mutant of the rest costs time."""
    document = corrected()
    document["resource_changes"] = [
        each for each in document["resource_changes"] if each["address"] in kept
    ]
    for module in (
        document["configuration"]["root_module"],
        document["planned_values"]["root_module"],
    ):
        module["resources"] = [each for each in module["resources"] if each["address"] in kept]
    path = folder / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def corrected() -> dict[str, Any]:
    """The recorded plan of the corrected service, to be changed."""
    document: dict[str, Any] = json.loads(CORRECTED.read_bytes())
    return document


def after(document: dict[str, Any], address: str, *path: str | int) -> Any:
    """What planspec reads at one place of a changed plan."""
    change = decode(json.dumps(document).encode(), "changed").find(address)
    assert change is not None
    return change.after.get(*path).reading


def test_a_part_of_a_tree_is_changed_and_the_tree_is_not() -> None:
    tree = {"a": [{"b": '{"c":[1,2]}'}]}
    assert changed(tree, ("a", 0, "b", None, "c", 1), lambda old: old + 1) == {
        "a": [{"b": '{"c":[1,3]}'}]
    }
    assert changed(tree, ("a", 0), lambda _: GONE) == {"a": []}
    assert tree == {"a": [{"b": '{"c":[1,2]}'}]}
    assert at(tree, ("a", 0, "b", None, "c")) == [1, 2]
    assert at(tree, ("x",)) is GONE
    with pytest.raises(LookupError):
        changed(tree, ("a", 7), lambda _: 1)


def test_a_written_value_stands_in_every_section() -> None:
    document = corrected()
    resource_mutants.apply(document, Put(DATABASE, ("publicly_accessible",), True))
    assert after(document, DATABASE, "publicly_accessible") == Known(True)
    (planned,) = (
        each
        for each in document["planned_values"]["root_module"]["resources"]
        if each["address"] == DATABASE
    )
    assert planned["values"]["publicly_accessible"] is True
    (block,) = (
        each
        for each in document["configuration"]["root_module"]["resources"]
        if each["address"] == DATABASE
    )
    assert block["expressions"]["publicly_accessible"] == {"constant_value": True}


def test_a_hidden_value_is_unknown_and_its_source_is_a_reference() -> None:
    document = corrected()
    resource_mutants.apply(document, Hide(DATABASE, ("multi_az",)))
    assert after(document, DATABASE, "multi_az") is UNKNOWN


def test_a_hidden_part_of_a_policy_hides_the_whole_policy() -> None:
    document = corrected()
    policy = "aws_s3_bucket_policy.images"
    resource_mutants.apply(document, Hide(policy, ("policy", None, "Statement", 0, "Effect")))
    assert after(document, policy, "policy") is UNKNOWN


def test_what_is_left_out_is_null_and_not_written() -> None:
    document = corrected()
    resource_mutants.apply(document, Leave(DATABASE, ("backup_window",)))
    assert not isinstance(after(document, DATABASE, "backup_window"), Known)


def test_a_dropped_resource_is_in_no_section() -> None:
    document = corrected()
    resource_mutants.apply(document, Drop("aws_cloudwatch_dashboard.main"))
    assert "aws_cloudwatch_dashboard.main" not in json.dumps(document)


def test_a_replaced_object_exists_before_and_after() -> None:
    document = corrected()
    resource_mutants.apply(document, Destroy(DATABASE, again=True))
    change = decode(json.dumps(document).encode(), "changed").find(DATABASE)
    assert change is not None
    assert (change.replaced, change.destroyed, change.will_exist) == (True, True, True)


@pytest.mark.parametrize("module", [True, False])
def test_a_second_instance_has_the_value_and_the_first_keeps_its_own(*, module: bool) -> None:
    document = corrected()
    put = Put(DATABASE, ("multi_az",), False)
    resource_mutants.apply(document, resource_mutants.Second(put, module))
    assert after(document, DATABASE, "multi_az") == Known(True)
    second = (
        "module.second.aws_db_instance.main_second"
        if module
        else 'aws_db_instance.main_second["second"]'
    )
    assert after(document, second, "multi_az") == Known(False)


@pytest.mark.parametrize(
    ("value", "steps", "expected"),
    [
        (True, ("deletion_protection",), {False}),
        (35, ("backup_retention_period",), {0, 17}),
        ("10.0.0.0/8", ("cidr_ipv4",), {"0.0.0.0/0"}),
        ("fd00::/8", ("cidr_ipv6",), {"::/0"}),
        ("0.0.0.0/0", ("cidr_ipv4",), set()),
        ("s3:GetObject", ("policy", None, "Statement", 0, "Action"), {"*", "s3:*"}),
        ("gp3", ("storage_type",), {"gp2", "io1"}),
        (None, ("publicly_accessible",), {True}),
        ("anything", ("description",), set()),
    ],
)
def test_an_operator_weakens_a_value(value: Any, steps: tuple[Any, ...], expected: set[Any]) -> None:
    assert {each.value for each in value_mutants.values(value, steps)} == expected


def test_a_scenario_that_bites_is_told_from_one_that_does_not(tmp_path: Path) -> None:
    feature = tmp_path / "own.feature"
    feature.write_text(NETWORKED, encoding="utf-8")
    out, nothing = tmp_path / "score.json", tmp_path / "mutants.toml"
    nothing.write_text("", encoding="utf-8")
    plan = without_the_rest(tmp_path, "aws_db_instance.main")
    arguments = ["mutate", str(plan), "--features", str(feature), "--jobs", "1", "-o", str(out)]
    arguments += ["--accepted", str(nothing)]
    result = CliRunner().invoke(main, arguments)
    score = json.loads(out.read_bytes())
    became = {
        (each["operator"], each["path"]): (each["became"], each["fallen"]) for each in score["mutants"]
    }
    assert became["flip", "publicly_accessible"] == ("noticed", ["OWN-01.1"])
    assert became["set unknown", "publicly_accessible"] == ("noticed", ["OWN-01.1"])
    assert became["set null", "identifier"] == ("noticed", ["OWN-01.2"])
    assert became["replace", ""][0] == "unnoticed"
    assert became["second instance in a module", "publicly_accessible"] == ("noticed", ["OWN-01.1"])
    assert "would pass unnoticed:" in result.stdout
    assert result.exit_code == 1


def test_the_same_seed_gives_the_same_mutants_and_another_process_the_same_outcome() -> None:
    base, read = judging.baseline(
        CORRECTED.read_bytes(), "corrected", CATALOGUE, require_applicable=False
    )
    first = judging.mutants_of(base, read, blind=False, limit=25, seed=7)
    assert first == judging.mutants_of(base, read, blind=False, limit=25, seed=7)
    assert first != judging.mutants_of(base, read, blind=False, limit=25, seed=8)
    every = judging.mutants_of(base, read, blind=False, limit=0, seed=7)
    read_by_somebody = [each for each in every if each.readers][:30]
    alone = list(judging.outcomes(base, read_by_somebody, 1))
    assert alone == list(judging.outcomes(base, read_by_somebody, 2))
    assert {each.killed for each in alone} == {True, False}


def test_a_blind_run_changes_only_what_nobody_reads() -> None:
    base, read = judging.baseline(
        CORRECTED.read_bytes(), "corrected", CATALOGUE, require_applicable=False
    )
    seen = {place for read_places in base.readers.values() for place in read_places}
    blind = judging.mutants_of(base, read, blind=True, limit=0, seed=0)
    assert len(blind) > 100
    assert [each for each in blind if (each.address, each.path) in seen] == []


def test_an_accepted_mutant_is_covered_by_its_pattern_only(tmp_path: Path) -> None:
    mutant = Mutant("set null", "aws_lb.main", "internal", "false", "null", Drop("aws_lb.main"))
    assert Accepted("set null|drop", "aws_lb.*", "reason", path="internal").covers(mutant)
    assert not Accepted("set null", "aws_lb", "reason").covers(mutant)
    assert not Accepted("flip", "*", "reason").covers(mutant)
    file = tmp_path / "mutants.toml"
    file.write_text('[[accepted]]\noperator = "flip"\naddress = "*"\nreason = "r"\n', encoding="utf-8")
    (found,) = read_accepted(file).accepted
    assert found.reason == "r"


def test_what_nobody_reads_is_no_excuse_for_what_somebody_does(tmp_path: Path) -> None:
    file = tmp_path / "mutants.toml"
    entry = 'operator = "flip"\naddress = "*"\nreason = "nobody minds"\n'
    file.write_text(f"[[unread]]\n{entry}")
    reviewed = read_accepted(file)
    assert list(reviewed.covering(blind=False)) == []
    assert [each.operator for each in reviewed.covering(blind=True)] == ["flip"]


def test_no_mutant_leaves_out_what_the_provider_requires() -> None:
    assert is_required("aws_s3_bucket_policy", ("policy",))
    assert not is_required("aws_s3_bucket_policy", ("policy", None, "Statement", 0, "Condition"))
    assert not is_required("aws_db_instance", ("multi_az",))
    assert not is_required("acme_thing", ("name",))


def test_no_mutant_changes_what_only_aws_decides() -> None:
    assert not is_writable("aws_db_instance", ("endpoint",))
    assert is_writable("aws_db_instance", ("multi_az",))
    assert is_writable("aws_ecs_service", ("network_configuration", 0, "subnets"))
    assert is_writable("aws_ecs_task_definition", ("container_definitions", None, 0, "user"))
    assert is_writable("acme_thing", ("name",))


@pytest.mark.parametrize("text", ["[[accepted]]\n", '[[accept]]\nx = "y"\n', "="])
def test_a_reviewed_file_that_cannot_be_read_is_named(text: str, tmp_path: Path) -> None:
    file = tmp_path / "mutants.toml"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["mutate", str(CORRECTED), "--accepted", str(file)])
    assert result.exit_code == 2
    assert "mutants.toml" in result.stderr


def test_a_secret_stands_in_no_mutant() -> None:
    base, read = judging.baseline(
        CORRECTED.read_bytes(),
        "corrected",
        CATALOGUE._replace(tags="@SEC-01"),
        require_applicable=False,
    )
    told = [
        each
        for each in judging.mutants_of(base, read, blind=False, limit=0, seed=0)
        if each.path.endswith("].value")
    ]
    assert told
    assert {each.old for each in told} == {"(sensitive)"}
    assert {each.new for each in told} <= {"(sensitive)", "(known after apply)", "null"}


def test_what_surrounds_the_resources_is_made_worse_too(tmp_path: Path) -> None:
    out = tmp_path / "score.json"
    tags = "@CHG-06 or @CHG-07 or @SEC-03"
    plan = without_the_rest(tmp_path, "aws_db_instance.main")
    arguments = ["mutate", str(plan), "--tags", tags, "--limit", "80", "--jobs", "1", "-o", str(out)]
    CliRunner().invoke(main, arguments)
    score = json.loads(out.read_bytes())
    fell = {each["scenario"] for each in score["scenarios"] if each["fell"]}
    assert fell == {"CHG-06.1", "CHG-07.1", "SEC-03.1", "SEC-03.2"}
