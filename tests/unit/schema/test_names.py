"""Is a name that nothing knows an error with the nearest one, and every other name none?"""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from planspec import Plan
from planspec.cli.app import main
from planspec.errors import PlanspecError, UnknownName
from planspec.judgements.cost.tagging import carry_tags
from planspec.judgements.generic import relations, resources, selections
from planspec.plan import Noting
from planspec.schema import SHIPPED, Schemas, Shape, indexed, names, provider, read_index
from tests.support.plans import (
    block,
    call,
    configuration,
    document,
    encode,
    module,
    plan,
    refers,
    resource,
)

ROOT = Path(__file__).parents[3]
GROUP = resource("aws_security_group", "g", ingress=[{"cidr_blocks": ["::/0"]}], tags={"Owner": "me"})
INSTANCE = resource("aws_instance", "i", module='module.shop["eu"].module.api[0]', tags=None)
THING = resource("datadog_monitor", "m", query="x", priority=1) | {
    "provider_name": "registry.terraform.io/datadog/datadog"
}
PLAN = document(
    GROUP,
    INSTANCE,
    THING,
    configuration=configuration(
        block("aws_security_group", "g"),
        calls={"shop": call(module(calls={"api": call(module(block("aws_instance", "i")))})),
               "none": call(module(block("azurerm_key_vault", "v", count=refers("var.n"))))},
    ),
)  # fmt: skip


def check(folder: Path, when: str, then: str, *options: str, keep: str = "") -> Result:
    """Judge the plan by one scenario."""
    steps = [f"When {when}", *([f"And {keep}"] if keep else []), f"Then {then}"]
    lines = ["Feature: F", "  Scenario: s", *(f"    {step}" for step in steps), ""]
    (folder / "own.feature").write_text("\n".join(lines), encoding="utf-8")
    (folder / "plan.json").write_bytes(encode(PLAN))
    arguments = ["check", "--no-checkov", "--features", str(folder / "own.feature"), *options]
    return CliRunner().invoke(main, [*arguments, str(folder / "plan.json")])


GROUPS = 'we examine every planned "aws_security_group"'


@pytest.mark.parametrize(
    ("when", "then", "says"),
    [
        ('we examine every planned "aws_s3_bukcet"', "there must be none", '3: "aws_s3_bukcet": no'),
        ('we examine every planned "aws_s3_bukcet"', "there must be none", 'mean "aws_s3_bucket"?'),
        ('we examine every planned "AWS_S3_Bucket"', "there must be none", 'mean "aws_s3_bucket"?'),
        ('we examine every planned "google_sql"', "there must be none", "planspec schema DIR"),
        ("we examine every planned \"aws_caller_identity\"", "there must be none", "every data source"),
        ('we examine every data source "aws_instnce"', "there must be none", 'mean "aws_instance"?'),
        (
            'we examine every change of "aws_db_instnce" with action "delete"',
            "there must be none",
            'mean "aws_db_instance"?',
        ),
        (GROUPS, 'every "nme" must be "x"', '4: "nme": aws_security_group has no attribute "nme"'),
        (GROUPS, 'every "ingres[*].cidr_blocks" must not be "x"', 'mean "ingress"?'),
        (GROUPS, 'every "ingress[*].cidr_blcks[*]" must not be "x"', 'mean "cidr_blocks"?'),
        (GROUPS, 'every "ingress.cidr_blocks[*]" must not be "x"', 'write "ingress[*].cidr_blocks[*]"'),
        (GROUPS, 'every "name.x" must not be set', None),
        (GROUPS, 'every "revoke_rules_on_delete.x" must not be set', "is a bool, with nothing inside"),
        (GROUPS, 'every "$..cidr_blcks" must not be set', 'mean "cidr_blocks"?'),
        (GROUPS, 'its "vpc_idd" must refer to a "aws_vpc"', 'mean "vpc_id"?'),
        (GROUPS, 'its "vpc_id" must refer to a "aws_vcp"', 'mean "aws_vpc"?'),
        ("we examine every planned resource", 'every "tgas.Owner" must be set', 'mean "tags"?'),
        ('we examine every planned "datadog_monitor"', 'every "qurey" must be set', 'mean "query"?'),
    ],
)  # fmt: skip
def test_a_name_that_nothing_knows_is_an_error_with_the_nearest(
    tmp_path: Path, when: str, then: str, says: str | None
) -> None:
    result = check(tmp_path, when, then)
    if says is None:
        assert result.exit_code != 2, result.stderr
        return
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert "own.feature:" in result.stderr


@pytest.mark.parametrize(
    ("keep", "says"),
    [
        ('we keep those in module "module.shp"', 'mean "module.shop"?'),
        ("""we keep those in module "module.shop["us"]\"""", 'mean "module.shop["eu"]"?'),
        ('we keep those in module "shop"', 'write it as Terraform does: "module.shop"'),
        ('we keep those in module "module.x.y"', "write it as Terraform does"),
        ('we keep those whose "tags.owner" is "me"', 'did you mean "Owner"? Capitals count'),
        ('we keep those whose "tags.Ownr" is set', 'did you mean "Owner"?'),
        ('we keep those whose "nme" is set', "has no attribute"),
    ],
)
def test_a_filter_by_a_misspelt_name_is_an_error(tmp_path: Path, keep: str, says: str) -> None:
    result = check(tmp_path, GROUPS, "there must be none", keep=keep)
    assert result.exit_code == 2, result.output
    assert says in result.stderr


@pytest.mark.parametrize(
    "keep",
    [
        'we keep those in module "module.shop"',
        'we keep those in module "module.shop.module.api"',
        'we keep those in module "module.none"',
        'we keep those whose "tags.CostCentre" is "x"',
        'we keep those whose "name" is not set',
    ],
)
def test_a_filter_by_a_name_that_is_there_is_none(tmp_path: Path, keep: str) -> None:
    assert names_are_fine(check(tmp_path, GROUPS, "there must be at most 9", keep=keep))


def names_are_fine(result: Result) -> bool:
    """Whether nothing was said about a name; a run that found nothing to examine is refused too."""
    return result.exit_code != 2 or "so nothing was judged" in result.stderr


@pytest.mark.parametrize(
    "when",
    [
        'we examine every planned "aws_glue_job"',
        'we examine every planned "azurerm_key_vault"',
        'we examine every data source "aws_iam_policy_document"',
    ],
)
def test_a_type_that_a_schema_or_the_configuration_knows_is_not_applicable(
    tmp_path: Path, when: str
) -> None:
    assert names_are_fine(check(tmp_path, when, "there must be none"))


def test_an_unknown_type_can_be_let_pass_and_that_is_said(tmp_path: Path) -> None:
    feature = tmp_path / "other.feature"
    feature.write_text(
        "Feature: F\n  Scenario: o\n    When we examine every planned \"google_sql\"\n"
        '    Then every "name" must be set\n', encoding="utf-8")  # fmt: skip
    result = check(tmp_path, GROUPS, "there must be at least 1", "--features", str(feature),
                   "--allow-unknown-type")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert 'nothing knows the type "google_sql"' in result.stdout


def test_names_of_a_provider_without_a_schema_are_checked_against_the_plan_and_that_is_said(
    tmp_path: Path,
) -> None:
    result = check(tmp_path, 'we examine every planned "datadog_monitor"', 'every "query" must be "x"')
    assert result.exit_code == 0, result.output
    assert 'names of provider "datadog/datadog" are checked against this plan alone' in " ".join(
        result.stdout.split()
    )


def given_schema(folder: Path) -> Path:
    """What `terraform providers schema -json` would say of a small provider."""
    string = {"type": "string", "optional": True}
    rule = {"nesting_mode": "set", "block": {"attributes": {"port": {"type": "number"}}}}
    inside = {"nesting_mode": "map", "attributes": {"deep": string | {"sensitive": True}}}
    block = {
        "attributes": {
            "query": string,
            "labels": {"type": ["map", "string"]},
            "sizes": {"type": ["set", ["object", {"min": "number"}]]},
            "nested": {"nested_type": inside},
            "free": {"type": "dynamic"},
        },
        "block_types": {"rule": rule, "timeouts": {"nesting_mode": "single", "block": {}}},
    }
    schema = {
        "format_version": "1.0",
        "provider_schemas": {
            "registry.terraform.io/datadog/datadog": {
                "resource_schemas": {
                    "datadog_monitor": {"block": block},
                    "datadog_slo": {"block": block},
                }
            }
        },
    }
    path = folder / "schema.json"
    path.write_text(json.dumps(schema), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("query", ""),
        ("query.inside.a.document", ""),
        ("labels.anything", ""),
        ("sizes[*].min", ""),
        ("sizes[*].mni", 'mean "min"?'),
        ("nested.key.deep", ""),
        ("nested.key.dep", 'mean "deep"?'),
        ("free.a.b[*].c", ""),
        ("rule[*].port", ""),
        ("rule[0].port", ""),
        ("rule[*].*", ""),
        ("rule.port", 'write "rule[*].port"'),
        ("rule[*].prt", 'mean "port"?'),
        ("timeouts.create", 'timeouts of datadog_slo has no attribute "create"'),
        ("$..port", ""),
        ("$..prot", 'mean "port"?'),
        ("$..elsewhere", ""),
    ],
)
def test_every_shape_of_a_schema_is_followed(tmp_path: Path, path: str, says: str) -> None:
    given = plan(GROUP).for_run(Noting(), Schemas([given_schema(tmp_path)]))
    known = names(given)
    selected = selections.of_type(given, "datadog_slo")
    if not says:
        known.require_path(selected.kinds, selected.resources, path)
        return
    with pytest.raises(UnknownName) as caught:
        known.require_path(selected.kinds, selected.resources, path)
    assert says in str(caught.value)


def test_a_schema_from_a_file_or_the_cache_knows_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    when, then = 'we examine every planned "datadog_slo"', "there must be none"
    schema = given_schema(tmp_path)
    assert check(tmp_path, when, then).exit_code == 2
    assert names_are_fine(check(tmp_path, when, then, "--schema", str(schema)))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache = provider.cache_folder()
    cache.mkdir(parents=True)
    (cache / "datadog.json.gz").write_bytes(gzip.compress(indexed(schema.read_bytes())))
    assert names_are_fine(check(tmp_path, when, then))


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\x1f\x8bxx", b'{"provider_schemas": 1}', b"{" * 9]
)
def test_a_file_that_is_no_schema_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "schema.json"
    path.write_bytes(content)
    with pytest.raises(PlanspecError, match="no provider schema"):
        read_index(path)
    result = check(tmp_path, GROUPS, "there must be none", "--schema", str(path))
    assert result.exit_code == 2
    assert "no provider schema" in result.stderr


def test_an_attribute_of_a_newer_provider_is_known_from_the_plan() -> None:
    given = plan(resource("aws_sqs_queue", "q", a_new_attribute=True, newer=...))
    queues = selections.of_type(given, "aws_sqs_queue")
    for path in ("a_new_attribute", "newer[*].inside"):
        assert resources.hold(queues, "every", path, relations.equals("true"), "").examined


def unknown(given: Plan, path: str) -> bool:
    queues = selections.of_type(given, "aws_sqs_queue")
    try:
        selections.keep(queues, path, relations.is_set)
    except UnknownName:
        return True
    return False


def test_a_tag_that_simply_nobody_has_is_no_slip() -> None:
    tagged: Any = {"Owner": "x", "Name": "y"}
    assert not unknown(plan(resource("aws_sqs_queue", "q", tags=tagged)), "tags.Environment")
    assert not unknown(plan(resource("aws_sqs_queue", "q", tags=tagged)), "tags.Owner")
    assert not unknown(plan(resource("aws_sqs_queue", "q", tags=None)), "tags.owner")
    assert not unknown(plan(resource("aws_sqs_queue", "q", tags=...)), "tags.owner")
    assert unknown(plan(resource("aws_sqs_queue", "q", tags=tagged)), "tags.owner")
    both = plan(
        resource("aws_sqs_queue", "q", tags={"owner": "x"}),
        resource("aws_sqs_queue", "r", tags={"Owner": "x"}),
    )
    assert not unknown(both, "tags.owner")


def test_a_tag_that_differs_in_a_capital_is_missing_and_named() -> None:
    given = plan(resource("aws_sqs_queue", "q", tags={"owner": "x"}, tags_all={"owner": "x"}))
    (finding,) = carry_tags(given, given.changes, names=["Owner", "CostCentre"]).findings
    assert finding.observed == 'has no tag Owner, CostCentre ("owner" is another one)'


def test_the_shipped_index_is_small_and_says_its_version() -> None:
    assert SHIPPED.stat().st_size < 500_000
    schemas = Schemas()
    ((index, number),) = schemas.find("managed", "aws_security_group")
    assert schemas.version_for("aws_security_group").startswith("aws 5.")
    group = index.block(number)
    assert group["vpc_id"] == Shape((), "string", "oc")
    assert group["tags"].around == ("map",)
    assert group["ingress"].around == ("set",)
    ((index, number),) = schemas.find("managed", "aws_db_instance")
    assert "s" in index.block(number)["password"].flags
    assert schemas.find("data", "aws_iam_policy_document")
    assert not schemas.find("managed", "aws_iam_policy_document")


@pytest.mark.usefixtures("terraform")
def test_the_shipped_index_is_what_terraform_says_today(tmp_path: Path) -> None:
    written = tmp_path / "aws.json.gz"
    result = CliRunner().invoke(main, ["schema", str(ROOT / "terraform"), "-o", str(written)])
    assert result.exit_code == 0, result.output
    assert "hashicorp/aws" in result.output
    made, shipped = (gzip.decompress(path.read_bytes()) for path in (written, SHIPPED))
    assert made == shipped, "the provider has other names now; run: make schema"
