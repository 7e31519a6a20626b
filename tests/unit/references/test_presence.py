"""Does what apply decides to be there count as there for nobody, with the source as without it?

`presence/` beside it is a real configuration in which one condition stands before everything, and three
plans of it by Terraform: apply decides the condition, it is true, it is false. What is judged of the
first is right only if it is right of both others.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from click.testing import CliRunner

from planspec import ABSENT, NULL, Known, Plan, ResourceChange, Verdict, decode
from planspec.cli import main
from planspec.errors import UnknownName
from planspec.finding import Judgement
from planspec.judgements.durability.bucket_settings import keep_versions
from planspec.judgements.encryption.buckets import are_encrypted
from planspec.judgements.generic import relations, resources, selections
from planspec.judgements.generic.relations import Relation
from planspec.judgements.generic.selections import Selection
from planspec.references.reference_graph import with_source
from planspec.source.module import ModuleSource
from planspec.source.source import Source, of_folder
from tests.support.plans import block, call, configuration, constant, module, plan, refers, resource

FOLDER: Final = Path(__file__).parent / "presence"
_LIST: Final = ("{0}", "{0}[*]", "{0}[0]", "{0}[1]")
_BLOCK: Final = (*_LIST, "{0}[*].name", "{0}[*].value", "{0}[0].name", "{0}.name")
_MAP: Final = ("{0}", "{0}.*", "{0}.Owner", "{0}.Stage", "{0}.a")
PATHS: Final = {
    "input": (*_LIST, *_MAP[1:], "{0}[*][*]", "{0}.list[*]", "{0}.always", "{0}.at_least_one[*]"),
    "parameter": _BLOCK,
    "tags": (*_MAP, "{0}[0].name"),
    "rule": (
        *(*_LIST, "{0}[*].status", "{0}[0].status", "{0}[*].expiration[*].days", "{0}[*].transition"),
        *("{0}[*].transition[*].storage_class", "{0}[0].transition[0].storage_class"),
        "{0}[*].apply_server_side_encryption_by_default[*].sse_algorithm",
    ),
    "ingress": (*_LIST, "{0}[*].self", "{0}[*].cidr_blocks[*]", "{0}[*].from_port"),
    "access_logs": (*_LIST, "{0}[*].enabled", "{0}[0].enabled"),
    "policy": ("{0}", "{0}.Statement", "{0}.Statement[*].Action", "{0}.Statement[*].Condition"),
}
TEXTS: Final = ("a", "b", "Owner", "x", "Enabled", "GLACIER", "aws:kms", "*", "30")
NETS: Final = ("0.0.0.0/0", "10.0.0.0/8")
RELATIONS: Final[dict[str, Relation]] = {
    "is set": relations.is_set,
    "matches": relations.matches("[a-z]"),
    "at least 30": relations.at_least(30),
    **{f"is {text}": relations.equals(text) for text in (*TEXTS, *NETS, '["a"]')},
    **{f"contains {text}": relations.contains(text) for text in ("a", "Owner")},
    "is one of a, b": relations.one_of(["a", "b"]),
}


class Question(NamedTuple):
    """One outcome of the vocabulary about one resource."""

    quantifier: str
    path: str
    relation: str
    negated: bool

    def of(self, plan: Plan, address: str) -> Verdict:
        """The verdict on a plan."""
        change = plan.find(address)
        assert change is not None
        chosen = Selection(plan, (change,), (change,), "it")
        relation = RELATIONS[self.relation]
        words = (self.quantifier, self.path, relation, "it")
        try:
            return resources.hold(chosen, *words, negated=self.negated).verdict
        except UnknownName:
            return Verdict.NOT_APPLICABLE


class Plans(NamedTuple):
    """The plan in which apply decides, alone and with its source, and what it will be one of."""

    alone: Plan
    beside: Plan
    on: Plan
    off: Plan


def recorded(name: str, *, source: bool = False) -> Plan:
    """One of the recorded plans."""
    read = decode((FOLDER / f"{name}.json").read_bytes(), name)
    if source:
        read = with_source(read, of_folder(FOLDER))
    return read


@pytest.fixture(scope="module")
def plans() -> Plans:
    """All of them."""
    beside = recorded("undecided", source=True)
    return Plans(recorded("undecided"), beside, recorded("on"), recorded("off"))


def attributes() -> Iterator[tuple[str, str]]:
    """Each resource with each of the attributes that it has."""
    for change in recorded("undecided").changes:
        for name in PATHS:
            if change.planned.get(name).peek() not in (NULL, ABSENT):
                yield change.address, name


def questions(attribute: str) -> Iterator[Question]:
    """Every question about an attribute."""
    for path in PATHS[attribute]:
        for relation in RELATIONS:
            for quantifier in ("every", "some"):
                yield from (
                    Question(quantifier, path.format(attribute), relation, negated)
                    for negated in (False, True)
                )


DECIDED: Final = (Verdict.SATISFIED, Verdict.VIOLATED)


@pytest.mark.parametrize(("address", "attribute"), list(attributes()))
def test_a_verdict_holds_whatever_apply_decides(plans: Plans, address: str, attribute: str) -> None:
    wrong: list[tuple[object, ...]] = []
    for question in questions(attribute):
        told = question.of(plans.beside, address)
        on, off = question.of(plans.on, address), question.of(plans.off, address)
        if told in DECIDED and not (told is on is off):
            wrong.append((str(question), told, on, off))
        alone = question.of(plans.alone, address)
        # The source settles what was undetermined; it takes back only what was wrong, and what stood
        # at a position, of which it knows that nobody can tell it.
        placed = "[0]" in question.path or "[1]" in question.path
        if alone is not told and alone in DECIDED and alone is on is off and not placed:
            wrong.append((str(question), told, "without source", alone))
    assert wrong == []


REFERENCES: Final = (
    ("aws_sns_topic.tagged", "kms_master_key_id"),
    (
        "aws_s3_bucket_server_side_encryption_configuration.key",
        "rule[*].apply_server_side_encryption_by_default[*].kms_master_key_id",
    ),
)


@pytest.mark.parametrize(("address", "path"), REFERENCES)
def test_what_may_be_there_refers_to_nothing_for_sure(plans: Plans, address: str, path: str) -> None:
    verdicts = []
    for found in (plans.beside, plans.off):
        change = found.find(address)
        assert change is not None
        chosen = Selection(found, (change,), (change,), "it")
        verdicts.append(resources.refer(chosen, path, "aws_kms_key").verdict)
    assert verdicts[0] is Verdict.UNDETERMINED
    assert verdicts[1] is not Verdict.SATISFIED


@pytest.mark.parametrize("path", ["parameter", "parameter[*].name"])
def test_what_is_kept_for_what_may_be_there_does_not_count_for_sure(plans: Plans, path: str) -> None:
    address = "aws_db_parameter_group.choice"
    counted = {}
    for found in plans:
        change = found.find(address)
        assert change is not None
        kept = selections.keep(Selection(found, (change,), (change,), "it"), path, relations.is_set)
        counted[found] = (
            resources.count(kept, minimum=1).verdict,
            resources.count(kept, maximum=0).verdict,
        )
    undetermined = (Verdict.UNDETERMINED, Verdict.UNDETERMINED)
    assert counted[plans.alone] == counted[plans.beside] == undetermined
    assert counted[plans.on] == (Verdict.SATISFIED, Verdict.VIOLATED)
    assert counted[plans.off] == (Verdict.VIOLATED, Verdict.SATISFIED)


SETTLED: Final = (
    ("aws_db_parameter_group.beside", "some", "parameter[*].name", "is b", False),
    ("terraform_data.merged_over", "every", "input.Owner", "is set", False),
    ("terraform_data.concatenated", "some", "input[*]", "is b", False),
    ("terraform_data.stage", "some", "input[*]", "is b", False),
    ("aws_sns_topic.tagged_beside", "every", "tags.Stage", "is x", False),
    ("aws_security_group.inside_beside", "every", "ingress[*].cidr_blocks[*]", "is 0.0.0.0/0", True),
)


@pytest.mark.parametrize("row", SETTLED, ids=str)
def test_what_the_source_settles_either_way_is_satisfied(
    plans: Plans, row: tuple[str, str, str, str, bool]
) -> None:
    address, *words = row
    question = Question(*words)  # type: ignore[arg-type]
    assert question.of(plans.beside, address) is Verdict.SATISFIED


OPEN: Final = (
    ("aws_db_parameter_group.choice", "every", "parameter", "is set", False),
    ("aws_db_parameter_group.none_beside", "some", "parameter[*].name", "is b", False),
    ("aws_db_parameter_group.not_followed", "every", "parameter[*].name", "is b", False),
    ("module.inner.aws_lb.logs", "every", "access_logs[0].enabled", "is set", False),
    ("module.inner.aws_db_parameter_group.this", "some", "parameter[*].name", "is Owner", False),
    ("aws_security_group.open", "every", "ingress[*].cidr_blocks[*]", "is 0.0.0.0/0", True),
    ("aws_security_group.inside", "every", "ingress[*].cidr_blocks[*]", "is 0.0.0.0/0", True),
    ("aws_security_group.inside", "every", "ingress", "is set", False),
    ("aws_sns_topic.tagged", "every", "tags.Owner", "is set", False),
    ("terraform_data.in_a_set", "every", "input", "contains a", False),
)


@pytest.mark.parametrize("row", OPEN, ids=str)
def test_what_apply_decides_to_be_there_leaves_it_undetermined(
    plans: Plans, row: tuple[str, str, str, str, bool]
) -> None:
    address, *words = row
    question = Question(*words)  # type: ignore[arg-type]
    assert question.of(plans.beside, address) is Verdict.UNDETERMINED


WHETHER: Final = "(whether {} exists is known after apply, FILE)"
ENABLED: Final = ("access_logs", 0, "enabled")
BESIDE: Final = '[{"name": "b"}, (whether it exists is known after apply)]'
SHOWN: Final = (
    ("aws_db_parameter_group.choice", ("parameter",), WHETHER.format("parameter[0]")),
    ("aws_lb.logs", ENABLED, WHETHER.format("access_logs[0]")),
    ("aws_sns_topic.tagged", ("tags", "Owner"), WHETHER.format("tags.Owner")),
    ("aws_db_parameter_group.beside", ("parameter",), BESIDE),
    ("terraform_data.only", ("input",), "[(known after apply)]"),
)


@pytest.mark.parametrize(("address", "path", "says"), SHOWN)
def test_a_message_says_that_apply_decides_and_shows_no_null(
    plans: Plans, address: str, path: tuple[str | int, ...], says: str
) -> None:
    change = plans.beside.find(address)
    assert change is not None
    assert re.sub(r"[^ ]*/main\.tf:\d+", "FILE", change.after.get(*path).shown) == says


@pytest.mark.skipif(
    os.environ.get("PLANSPEC_REQUIRE_TERRAFORM") != "1", reason="plans with Terraform, which takes 30 s"
)
@pytest.mark.parametrize(("name", "known"), [("undecided", ""), ("on", "true"), ("off", "false")])
def test_the_recorded_plans_are_those_that_terraform_makes(
    tmp_path: Path, name: str, known: str
) -> None:
    made = tmp_path / "plan.json"
    options = ["--var", f"known={known}"] if known else []
    result = CliRunner().invoke(main, ["plan", str(FOLDER), "-o", str(made), *options])
    assert result.exit_code == 0, result.output
    again = json.loads(made.read_bytes())["resource_changes"]
    assert again == json.loads((FOLDER / f"{name}.json").read_bytes())["resource_changes"]


ENCRYPTED: Final = """
locals {
  kms = { for name, each in { key = aws_sqs_queue.q.url } : name => each if length(each) > 200 }
}
resource "aws_sqs_queue" "q" {}
resource "aws_s3_bucket" "b" {
  bucket = "b"
}
resource "aws_s3_bucket_versioning" "v" {
  bucket = "b"
  dynamic "versioning_configuration" {
    for_each = local.kms
    content {
      status = "Enabled"
    }
  }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "e" {
  bucket = "b"
  dynamic "rule" {
    for_each = local.kms
    content {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = "alias/ours"
      }
    }
  }
}
"""


def in_a_bucket(test: str) -> Plan:
    """A bucket of which the settings stand behind a condition, with the source beside the plan."""
    found = plan(
        resource("aws_sqs_queue", "q", url=...),
        resource("aws_s3_bucket", "b", bucket="b", versioning=...),
        resource("aws_s3_bucket_versioning", "v", bucket="b", versioning_configuration=...),
        resource("aws_s3_bucket_server_side_encryption_configuration", "e", bucket="b", rule=...),
        configuration=configuration(
            block("aws_sqs_queue", "q"),
            block("aws_s3_bucket", "b", bucket=constant("b")),
            block("aws_s3_bucket_versioning", "v", bucket=constant("b")),
            block("aws_s3_bucket_server_side_encryption_configuration", "e", bucket=constant("b")),
        ),
    )
    files = {"main.tf": ENCRYPTED.replace("length(each) > 200", test).encode()}
    return with_source(found, Source(lambda _: ModuleSource("", files)))


@pytest.mark.parametrize(
    ("test", "verdict"),
    [("length(each) > 200", Verdict.UNDETERMINED), ('name == "key" && 1 < 2', Verdict.SATISFIED)],
)
@pytest.mark.parametrize("judgement", [keep_versions, are_encrypted])
def test_a_setting_that_may_not_be_there_protects_no_bucket(
    judgement: Callable[[Plan, Sequence[ResourceChange]], Judgement], test: str, verdict: Verdict
) -> None:
    found = in_a_bucket(test)
    assert judgement(found, found.remaining("aws_s3_bucket")).verdict is verdict


@pytest.mark.parametrize(
    ("complete", "verdict"), [(True, Verdict.SATISFIED), (False, Verdict.UNDETERMINED)]
)
def test_instances_of_a_plan_that_leaves_some_out_are_not_all(complete: bool, verdict: Verdict) -> None:
    written = (
        'resource "t" "many" {\n  count = 1\n}\n'
        'resource "t" "r" {\n  a = [for each in t.many : "x"]\n}\n'
    )
    found = plan(
        resource("t", "many", index=0, id=...),
        resource("t", "r", a=...),
        configuration=configuration(block("t", "many"), block("t", "r", a=refers("t.many"))),
        complete=complete,
    )
    found = with_source(found, Source(lambda _: ModuleSource("", {"main.tf": written.encode()})))
    chosen = Selection(found, found.changes[-1:], found.changes[-1:], "it")
    relation = relations.equals("x")
    assert resources.hold(chosen, "every", "a[*]", relation, "").verdict is verdict


def test_null_for_a_variable_that_takes_none_is_its_default() -> None:
    inner = (
        'variable "on" {\n  default = ["x"]\n  nullable = false\n}\n'
        'resource "t" "r" {\n  a = concat(var.on, [t.s.id])\n}\nresource "t" "s" {}\n'
    )
    called = module(block("t", "r", a=refers("var.on", "t.s.id", "t.s")), block("t", "s"))
    called["variables"] = {"on": {"default": ["x"]}}
    found = plan(
        resource("t", "s", module="module.m", id=...),
        resource("t", "r", module="module.m", a=...),
        configuration=configuration(calls={"m": call(called, on=constant(None))}),
    )
    files = {(): 'module "m" {\n  source = "./m"\n  on = null\n}\n', ("m",): inner}
    found = with_source(
        found, Source(lambda calls: ModuleSource("", {"main.tf": files[calls].encode()}))
    )
    place = found.changes[-1].after.get("a")
    assert place.elements()[0].peek() == Known("x")
