"""Do references that are easily followed wrongly lead where Terraform leads them?

`tests/conformance/traps/` is a real configuration, one block for each trap, and `plan.json` its plan, made by

    planspec plan tests/conformance/traps -o tests/conformance/traps/plan.json --emulator

Each row says where a reference leads by the plan alone, and where with the source beside it.
"""

import json
import os
from pathlib import Path
from typing import NamedTuple

import pytest

from planspec import UNKNOWN, Known, decode
from planspec.plan import Plan
from planspec.references import Grade, References, graph, origin, with_source
from planspec.source import of_folder

TRAPS = Path(__file__).parent / "traps"
EXACT, SAME_KEY, TYPE_ONLY, CANNOT_TELL = (
    Grade.EXACT,
    Grade.SAME_KEY,
    Grade.TYPE_ONLY,
    Grade.CANNOT_TELL,
)
SETTINGS = 'module.outer["one"].module.settings[1].'
KMS = ("rule", 0, "apply_server_side_encryption_by_default", 0, "kms_master_key_id")


class Trap(NamedTuple):
    """One attribute: what it leads to by the plan alone, and with the source; `-` is nothing."""

    number: str
    address: str
    path: tuple[str | int, ...]
    by_plan: str
    plan_grade: Grade
    by_source: str
    source_grade: Grade = EXACT
    lost: str = ""

    def __str__(self) -> str:
        return f"{self.number}: {self.address}"


BUCKET = ("bucket",)
TABLE = (
    Trap("1 local", "aws_s3_bucket_versioning.local", BUCKET, "-", CANNOT_TELL, "single", lost="local.only_bucket"),
    Trap("2 condition", "aws_s3_bucket_public_access_block.conditional", BUCKET, "single", CANNOT_TELL, "aws_s3_bucket_policy.attached[0]", lost="local.attach"),
    Trap("3 known name", "aws_s3_bucket_ownership_controls.known", BUCKET, "known", EXACT, "known"),
    Trap("4 two regions", "aws_sns_topic_policy.west", ("arn",), "aws_sns_topic.west", EXACT, "aws_sns_topic.west"),
    Trap("5 object variable", f"{SETTINGS}aws_s3_bucket_server_side_encryption_configuration.this", KMS, "aws_kms_key.one other", TYPE_ONLY, "aws_kms_key.one"),
    Trap("5 list in an object", f"{SETTINGS}aws_s3_bucket_versioning.this", BUCKET, "aws_kms_key.one other", TYPE_ONLY, "other"),
    Trap("6 whole resource", f"{SETTINGS}aws_s3_bucket_server_side_encryption_configuration.this", BUCKET, 'named["one"]', SAME_KEY, 'named["one"]'),
    Trap("7 text", "aws_ssm_parameter.text", ("value",), "single", EXACT, "single"),
    Trap("8 each.value of a local", 'aws_s3_bucket_versioning.each_local["two"]', BUCKET, "-", CANNOT_TELL, 'named["two"]', lost="local.pairs"),
    Trap("8 looked up by key", 'aws_s3_bucket_accelerate_configuration.looked_up["two"]', BUCKET, "-", CANNOT_TELL, 'named["two"]', lost="local.by_name"),
    Trap("9 over a resource", 'aws_s3_bucket_ownership_controls.over["two"]', BUCKET, 'named["two"]', SAME_KEY, 'named["two"]'),
    Trap("9 over a module", 'aws_s3_bucket_request_payment_configuration.over_module["one"]', BUCKET, 'module.outer["one"].aws_s3_bucket.log', SAME_KEY, 'module.outer["one"].aws_s3_bucket.log'),
    Trap("10 keys of every level", f"{SETTINGS}aws_s3_bucket_logging.this", ("target_bucket",), 'module.outer["one"].aws_s3_bucket.log', EXACT, 'module.outer["one"].aws_s3_bucket.log'),
    Trap("10 local in a module", f"{SETTINGS}aws_s3_bucket_logging.this", BUCKET, "-", CANNOT_TELL, 'named["one"]', lost="local.target"),
    Trap("11 not made", "aws_s3_bucket_public_access_block.not_made", BUCKET, "other", EXACT, "other"),
    Trap("11 tried", "aws_s3_bucket_public_access_block.tried", BUCKET, "single", EXACT, "single"),
    Trap("13 order only", "aws_s3_bucket_versioning.ordered", BUCKET, "other", EXACT, "other"),
    Trap("14 read at apply", "aws_s3_bucket_policy.data", ("policy",), "data.aws_iam_policy_document.late", EXACT, "data.aws_iam_policy_document.late"),
    Trap("14 read while planning", "aws_ssm_parameter.region", ("value",), "data.aws_region.current single", TYPE_ONLY, "data.aws_region.current single"),
    Trap("14 of a data source", "data.aws_iam_policy_document.late", ("statement", 0, "resources"), "single", EXACT, "single"),
    Trap("15 role", "aws_iam_role_policy_attachment.read", ("role",), "aws_iam_role.app", EXACT, "aws_iam_role.app"),
    Trap("15 policy", "aws_iam_role_policy_attachment.read", ("policy_arn",), "aws_iam_policy.read", EXACT, "aws_iam_policy.read"),
    Trap("count.index", "aws_s3_bucket_versioning.counted[1]", BUCKET, "counted[1]", SAME_KEY, "counted[1]"),
    Trap("each.key", 'aws_s3_bucket_versioning.named["one"]', BUCKET, 'named["one"]', SAME_KEY, 'named["one"]'),
    Trap("odd key", "aws_s3_bucket_versioning.odd", BUCKET, r'odd["a.b[0]\"c"]', EXACT, r'odd["a.b[0]\"c"]'),
    Trap("splats", "data.aws_iam_policy_document.splat", ("statement", 0, "resources"), 'counted[0] counted[1] named["one"] named["two"]', EXACT, 'counted[0] counted[1] named["one"] named["two"]'),
    Trap("key that is worked out", "aws_s3_bucket_request_payment_configuration.rotated[0]", BUCKET, "counted[0]", SAME_KEY, "counted[0] counted[1]", TYPE_ONLY),
    Trap("conditions in a row", "aws_s3_bucket_acl.nested_condition", BUCKET, "single other", CANNOT_TELL, "single", lost="local.attach"),
    Trap("reference beside a literal", 'aws_instance.each["b"]', ("vpc_security_group_ids",), "-", CANNOT_TELL, "aws_security_group.other", lost="local.rules"),
    Trap("dynamic blocks", "aws_security_group.blocks", ("ingress",), "aws_security_group.other", EXACT, "aws_security_group.other"),
)  # fmt: skip


@pytest.fixture(scope="module")
def by_plan() -> Plan:
    """The plan alone."""
    return decode((TRAPS / "plan.json").read_bytes(), "plan.json")


@pytest.fixture(scope="module")
def by_source() -> Plan:
    """The plan with its source beside it."""
    read = decode((TRAPS / "plan.json").read_bytes(), "plan.json")
    return with_source(read, of_folder(TRAPS))


def followed(plan: Plan, trap: Trap) -> References:
    """What the attribute of a trap refers to."""
    change = plan.find(trap.address)
    assert change is not None
    return graph(plan).of(change, *trap.path)


def led_to(found: References) -> str:
    """The addresses in one line, those of buckets by their names."""
    return " ".join(each.address.removeprefix("aws_s3_bucket.") for each in found.targets) or "-"


@pytest.mark.parametrize("trap", TABLE, ids=str)
def test_the_plan_alone_leads_there_or_says_what_is_lost(by_plan: Plan, trap: Trap) -> None:
    found = followed(by_plan, trap)
    assert (led_to(found), found.grade) == (trap.by_plan, trap.plan_grade)
    assert found.lost == ((trap.lost,) if trap.lost else ())


@pytest.mark.parametrize("trap", TABLE, ids=str)
def test_the_source_leads_to_the_instance(by_source: Plan, trap: Trap) -> None:
    found = followed(by_source, trap)
    assert (led_to(found), found.grade, found.lost) == (trap.by_source, trap.source_grade, ())


@pytest.mark.parametrize(
    ("block", "named"),
    [("behind", "aws_s3_bucket_versioning.local"), ("conditional", "aws_s3_bucket_policy.attached[0]")],
)
def test_what_only_passes_on_a_name_leads_to_the_object_behind_it(
    by_source: Plan, block: str, named: str
) -> None:
    change = by_source.find(f"aws_s3_bucket_public_access_block.{block}")
    assert change is not None
    found = graph(by_source).of(change, "bucket")
    assert [each.address for each in found.targets] == [named]
    assert [each.address for each in found.passed_on] == ["aws_s3_bucket.single"]
    told = graph(by_source).targets(change, ("bucket",), "aws_s3_bucket")
    assert told == ("aws_s3_bucket.single",)


def test_one_name_in_two_regions_is_that_of_the_own_provider(by_plan: Plan) -> None:
    topics = {each.name: each for each in by_plan.remaining("aws_sns_topic")}
    resolver = graph(by_plan)
    assert resolver.provider_of(topics["here"]) == "aws"
    assert resolver.provider_of(topics["west"]) == "aws.west"
    (logging,) = {resolver.provider_of(each) for each in by_plan.remaining("aws_s3_bucket_logging")}
    assert logging == "aws.west"


def test_nothing_leads_from_every_instance_to_every_instance(by_source: Plan) -> None:
    joined = graph(by_source).incoming("aws_s3_bucket_versioning", ("bucket",), "aws_s3_bucket")
    named = [each for each in by_source.remaining("aws_s3_bucket") if each.name in ("named", "counted")]
    own = {
        each.address: [one.address for one in joined.to(each) if one.name == each.name] for each in named
    }
    assert own == {
        each.address: [each.address.replace("aws_s3_bucket.", "aws_s3_bucket_versioning.")]
        for each in named
    }
    assert joined.undecided == ()


HIDDEN = (
    ("aws_security_group_rule.set", ("cidr_blocks",), ["0.0.0.0/0", None]),
    ('aws_instance.each["a"]', ("vpc_security_group_ids",), ["sg-0123456789abcdef0", None]),
    ("aws_iam_role_policy.app", ("policy", "Statement", 0, "Action"), "*"),
    ("aws_iam_role_policy.app", ("policy", "Statement", 1, "Action"), ["s3:GetObject"]),
)


@pytest.mark.parametrize(("address", "path", "stated"), HIDDEN)
def test_what_a_reference_hides_is_stated_by_the_source(
    by_plan: Plan, by_source: Plan, address: str, path: tuple[str | int, ...], stated: object
) -> None:
    hidden, told = by_plan.find(address), by_source.find(address)
    assert hidden is not None
    assert told is not None
    assert hidden.after.get(*path).peek() is UNKNOWN
    open_part = isinstance(stated, list) and None in stated
    assert told.after.get(*path).peek() == Known(stated, open_part)
    assert told.planned.get(*path).peek() is UNKNOWN


def test_what_the_source_does_not_state_stays_undecided(by_source: Plan) -> None:
    rule = by_source.find("aws_security_group_rule.set")
    policy = by_source.find("aws_iam_role_policy.app")
    assert rule is not None
    assert policy is not None
    assert rule.after.get("cidr_blocks", 1).peek() is UNKNOWN
    assert policy.after.get("policy", "Statement", 1, "Resource").peek() is UNKNOWN
    assert rule.after.get("security_group_id").peek() is UNKNOWN


@pytest.mark.parametrize(
    ("address", "path", "says"),
    [
        (
            "aws_security_group_rule.set",
            "cidr_blocks[0]",
            "literal at traps/hidden.tf:",
        ),
        ("aws_security_group_rule.set", "cidr_blocks[1]", "reference aws_eip.office at"),
        (
            "aws_iam_role_policy.app",
            "policy.Statement[0].Action",
            "literal at traps/hidden.tf:",
        ),
        ("aws_s3_bucket.known", "bucket", "literal at traps/main.tf:"),
        ("aws_s3_bucket.known", "acl", "provider"),
        (
            f"{SETTINGS}aws_s3_bucket_logging.this",
            "target_prefix",
            "literal at traps/modules/settings",
        ),
    ],
)
def test_the_source_says_where_a_value_is_written(
    monkeypatch: pytest.MonkeyPatch, address: str, path: str, says: str
) -> None:
    monkeypatch.chdir(TRAPS.parent)
    read = decode((TRAPS / "plan.json").read_bytes(), "plan.json")
    read = with_source(read, of_folder(TRAPS))
    change = read.find(address)
    assert change is not None
    assert str(origin(read, change, path)).startswith(says)


@pytest.mark.skipif(
    os.environ.get("PLANSPEC_REQUIRE_TERRAFORM") != "1", reason="plans with Terraform, which takes 20 s"
)
@pytest.mark.usefixtures("terraform")
def test_the_recorded_plan_is_the_one_that_terraform_makes(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from planspec.cli.app import main

    made = tmp_path / "plan.json"
    result = CliRunner().invoke(main, ["plan", str(TRAPS), "-o", str(made), "--emulator"])
    assert result.exit_code == 0, result.output
    recorded = json.loads((TRAPS / "plan.json").read_bytes())
    again = json.loads(made.read_bytes())
    assert again["configuration"] == recorded["configuration"]
    assert [each["address"] for each in again["resource_changes"]] == [
        each["address"] for each in recorded["resource_changes"]
    ]
