"""Does a policy allow no more than a document says is needed?"""

import json
from pathlib import Path
from typing import Any

import pytest

from planspec import Plan, Verdict
from planspec.errors import PolicyError
from planspec.finding import Judgement
from planspec.judgements.identity.stated_need import Need, allow_no_more_than
from planspec.policies import read_need
from tests.support.plans import block, configuration, constant, plan, refers, resource

ROLE_POLICY = "aws_iam_role_policy"
BUCKET = "aws_s3_bucket"
DOCUMENT = "aws_iam_policy_document"
IMAGES = f"{BUCKET}.images"
ARN = f"${{{IMAGES}.arn}}"


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def policy(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def judged(of: Plan, *needed: Any) -> Judgement:
    """The judgement of everything that gives permissions in the plan."""
    chosen = [each for each in of.changes if each.type != BUCKET and each.managed]
    return allow_no_more_than(of, chosen, Need("api", policy(*needed)))


def inline(*statements: Any, arn: Any = "arn:aws:s3:::images") -> Plan:
    """A role policy with these statements, beside a bucket."""
    return plan(
        resource(ROLE_POLICY, "api", policy=json.dumps(policy(*statements))),
        resource(BUCKET, "images", arn=arn),
    )


def read_at_apply(*references: str, actions: Any = ("s3:GetObject",)) -> Plan:
    """A role policy whose document is read at apply: one resource, which refers to these."""
    statement: dict[str, Any] = {
        "effect": "Allow",
        "actions": list(actions),
        "resources": [...],
        "condition": [],
    }
    statement |= {"not_actions": None, "not_resources": None, "principals": []}
    statement |= {"not_principals": [], "condition": []}
    written = [{"actions": constant(list(actions)), "resources": refers(*references)}]
    return plan(
        resource(ROLE_POLICY, "api", policy=...),
        resource(BUCKET, "images", arn=...),
        resource(BUCKET, "other", arn=...),
        resource(DOCUMENT, "api", mode="data", actions=("read",), statement=[statement], json=...),
        configuration=configuration(
            block(
                ROLE_POLICY,
                "api",
                policy=refers(f"data.{DOCUMENT}.api.json", f"data.{DOCUMENT}.api"),
            ),
            block(BUCKET, "images"),
            block(BUCKET, "other"),
            block(DOCUMENT, "api", mode="data", statement=written) | {"address": f"data.{DOCUMENT}.api"},
        ),
    )


OBJECTS = "arn:aws:s3:::images/*"
SECURE = {"Bool": {"aws:SecureTransport": "true"}}


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        (allow("s3:GetObject", OBJECTS), Verdict.SATISFIED),
        (allow("S3:getobject", "arn:aws:s3:::images/a/*"), Verdict.SATISFIED),
        (allow("s3:GetObject", OBJECTS, Condition=SECURE), Verdict.SATISFIED),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, Verdict.SATISFIED),
        (allow("s3:PutObject", OBJECTS), Verdict.VIOLATED),
        (allow("s3:Get*", OBJECTS), Verdict.VIOLATED),
        (allow("s3:GetObject", "arn:aws:s3:::images*"), Verdict.VIOLATED),
        (allow("s3:GetObject"), Verdict.VIOLATED),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": OBJECTS}, Verdict.VIOLATED),
    ],
)  # fmt: skip
def test_a_policy_is_within_what_is_needed_or_not(statement: Any, verdict: Verdict) -> None:
    assert judged(inline(statement), allow("s3:GetObject", OBJECTS)).verdict is verdict


def test_a_condition_of_the_need_binds() -> None:
    needed = allow("s3:GetObject", OBJECTS, Condition=SECURE)
    assert judged(inline(allow("s3:GetObject", OBJECTS)), needed).verdict is Verdict.VIOLATED


def test_a_finding_tells_a_request() -> None:
    (finding,) = judged(
        inline(allow(["s3:GetObject", "s3:PutObject"], OBJECTS)), allow("s3:GetObject")
    ).findings
    assert (
        finding.observed == "its holder may s3:PutObject on arn:aws:s3:::images/a, which is not needed"
    )
    assert finding.expected == "no more than policies/needs/api.json allows"
    assert (finding.address, finding.path) == (f"{ROLE_POLICY}.api", "policy")


def test_a_policy_that_apply_decides_is_open() -> None:
    of = plan(resource(ROLE_POLICY, "api", policy=...))
    assert judged(of, allow("s3:GetObject")).verdict is Verdict.UNDETERMINED
    assert judged(of, allow("*")).verdict is Verdict.SATISFIED


@pytest.mark.parametrize(
    ("needed", "verdict"),
    [
        (f"{ARN}*", Verdict.SATISFIED),
        ("*", Verdict.SATISFIED),
        (f"{ARN}/*", Verdict.UNDETERMINED),
        (ARN, Verdict.UNDETERMINED),
        (f"${{{BUCKET}.other.arn}}*", Verdict.UNDETERMINED),
        ("arn:aws:s3:::images*", Verdict.UNDETERMINED),
    ],
)
def test_an_arn_of_the_plan_is_known_by_whose_it_is(needed: str, verdict: Verdict) -> None:
    of = read_at_apply(f"{IMAGES}.arn", IMAGES)
    assert judged(of, allow("s3:GetObject", needed)).verdict is verdict


def test_another_action_is_not_needed_whatever_it_acts_on() -> None:
    of = read_at_apply(f"{IMAGES}.arn", IMAGES, actions=("s3:DeleteObject",))
    assert judged(of, allow("s3:GetObject", f"{ARN}*")).verdict is Verdict.VIOLATED


@pytest.mark.parametrize(
    "references",
    [
        (f"{IMAGES}.arn", IMAGES, f"{BUCKET}.other.arn", f"{BUCKET}.other"),
        (f"{IMAGES}.arn", IMAGES, "local.folder"),
        (f"{IMAGES}.bucket", IMAGES),
        (f"{IMAGES}.arn", IMAGES, f"{BUCKET}.other.bucket", f"{BUCKET}.other"),
        ("local.images",),
    ],
)
def test_what_is_made_of_something_else_too_stays_open(references: tuple[str, ...]) -> None:
    of = read_at_apply(*references)
    assert judged(of, allow("s3:GetObject", f"{ARN}*")).verdict is Verdict.UNDETERMINED


def test_a_statement_that_is_written_dynamically_shifts_the_others() -> None:
    of = read_at_apply(f"{IMAGES}.arn", IMAGES)
    two = [{"actions": constant(["s3:GetObject"]), "resources": refers(f"{IMAGES}.arn", IMAGES)}] * 2
    name = f"data.{DOCUMENT}.api"
    shifted = plan(
        resource(ROLE_POLICY, "api", policy=...),
        resource(BUCKET, "images", arn=...),
        resource(
            *(DOCUMENT, "api"),
            mode="data",
            actions=("read",),
            json=...,
            statement=[{"effect": "Allow", "actions": ["s3:GetObject"], "resources": [...]}],
        ),
        configuration=configuration(
            block(ROLE_POLICY, "api", policy=refers(f"{name}.json", name)),
            block(BUCKET, "images"),
            block(DOCUMENT, "api", mode="data", statement=two) | {"address": name},
        ),
    )
    needed = allow("s3:GetObject", f"{ARN}*")
    assert judged(of, needed).verdict is Verdict.SATISFIED
    assert judged(shifted, needed).verdict is Verdict.UNDETERMINED


def test_two_arns_are_needed_both() -> None:
    of = read_at_apply(f"{IMAGES}.arn", IMAGES, f"{BUCKET}.other.arn", f"{BUCKET}.other")
    both = [f"{ARN}*", f"${{{BUCKET}.other.arn}}*"]
    assert judged(of, allow("s3:GetObject", both)).verdict is Verdict.SATISFIED


def test_an_arn_that_is_known_is_filled_in() -> None:
    of = inline(allow("s3:GetObject", OBJECTS))
    assert judged(of, allow("s3:GetObject", f"{ARN}/*")).verdict is Verdict.SATISFIED
    assert judged(of, allow("s3:GetObject", ARN)).verdict is Verdict.VIOLATED


@pytest.mark.parametrize("reference", ["${aws_s3_bucket.imags.arn}", "${aws_s3_bucket.images.id}"])
def test_a_reference_that_leads_nowhere_is_an_error(reference: str) -> None:
    with pytest.raises(PolicyError, match=r"policies/needs/api\.json: \$\{aws_s3_bucket"):
        judged(inline(allow("s3:GetObject")), allow("s3:GetObject", reference))


def test_a_policy_variable_is_no_reference() -> None:
    home = "arn:aws:s3:::homes/${aws:username}/*"
    of = inline(allow("s3:GetObject", home))
    assert judged(of, allow("s3:GetObject", home)).verdict is Verdict.SATISFIED


ATTACHMENT = "aws_iam_role_policy_attachment"
OWN = "arn:aws:iam::123456789012:policy/own"


@pytest.mark.parametrize(
    ("arn", "verdict"),
    [
        (OWN, Verdict.VIOLATED),
        ("arn:aws:iam::123456789012:policy/elsewhere", Verdict.UNDETERMINED),
        ("arn:aws:iam::aws:policy/AdministratorAccess", Verdict.VIOLATED),
        ("arn:aws:iam::aws:policy/SomethingOfAws", Verdict.UNDETERMINED),
        (..., Verdict.UNDETERMINED),
    ],
)
@pytest.mark.parametrize("holder", ["attachment", "role"])
def test_an_attached_policy_counts(arn: Any, verdict: Verdict, holder: str) -> None:
    attached = (
        resource(ATTACHMENT, "api", role="api", policy_arn=arn)
        if holder == "attachment"
        else resource("aws_iam_role", "api", name="api", managed_policy_arns=[arn], inline_policy=[])
    )
    of = plan(
        attached,
        resource("aws_iam_policy", "own", arn=OWN, policy=json.dumps(policy(allow("s3:PutObject")))),
    )
    found = {each.address: each.verdict for each in judged(of, allow("s3:GetObject")).findings}
    assert found[attached["address"]] is verdict


def test_policies_inside_a_role_count() -> None:
    inside = [{"name": "a", "policy": json.dumps(policy(allow("s3:PutObject")))}]
    of = plan(resource("aws_iam_role", "api", name="api", inline_policy=inside, managed_policy_arns=[]))
    (finding,) = judged(of, allow("s3:GetObject")).findings
    assert finding.path == "inline_policy[0].policy"


def test_the_policy_of_a_resource_is_held_to_its_callers_too() -> None:
    role = {"AWS": "arn:aws:iam::123456789012:role/api"}
    of = plan(
        resource(
            "aws_sqs_queue_policy",
            "jobs",
            policy=json.dumps(policy(allow("sqs:SendMessage", Principal="*"))),
        )
    )
    needed = allow("sqs:SendMessage", Principal=role)
    assert judged(of, needed).verdict is Verdict.VIOLATED
    assert judged(of, allow("sqs:*", Principal="*")).verdict is Verdict.SATISFIED


def test_a_plan_that_gives_nothing_is_not_satisfied() -> None:
    assert judged(plan(), allow("s3:GetObject")).verdict is not Verdict.SATISFIED


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "no such file; .*: other"),
        ("{", "no JSON"),
        ("[]", "no Statement in it"),
        ('{"Statement": [], "Statement": []}', "is there twice"),
        ('{"Statement": [{"Effect": "Allow"}]}', "neither Action nor NotAction"),
    ],
)
def test_a_document_that_says_nothing_is_an_error(tmp_path: Path, text: str | None, says: str) -> None:
    folder = tmp_path / "needs"
    folder.mkdir()
    (folder / "other.json").write_text("{}")
    if text is not None:
        (folder / "api.json").write_text(text)
    with pytest.raises(PolicyError, match=f"api.json: .*{says}"):
        read_need(tmp_path, "api")


@pytest.mark.parametrize("name", ["../parameters", "a/b", "", "."])
def test_a_name_leads_out_of_no_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(PolicyError, match="no such file"):
        read_need(tmp_path, name)
