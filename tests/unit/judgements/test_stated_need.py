"""Does a policy allow no more than a document says is needed?"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from planspec import Plan, Verdict
from planspec.errors import PolicyError
from planspec.finding import Judgement
from planspec.judgements.identity.stated_need import Need, identities_need, resources_need
from planspec.policies import read_need
from planspec.references import with_source
from planspec.source import ModuleSource, Source
from tests.support.plans import block, configuration, plan, refers, resource

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
    return identities_need(of, chosen, Need("api", policy(*needed)))


def inline(*statements: Any, arn: Any = "arn:aws:s3:::images") -> Plan:
    """A role policy with these statements, beside a bucket."""
    return plan(
        resource(ROLE_POLICY, "api", policy=json.dumps(policy(*statements))),
        resource(BUCKET, "images", arn=arn),
    )


def read_at_apply(
    resources: str, *, action: str = "s3:GetObject", source: bool = True, dynamic: bool = False
) -> Plan:
    """A role policy whose document is read at apply, with such resources, in HCL; one is unknown."""
    statement: dict[str, Any] = dict.fromkeys(("not_actions", "not_resources"))
    statement |= {"effect": "Allow", "actions": [action], "resources": [...]}
    statement |= {"principals": [], "not_principals": [], "condition": []}
    mentioned = re.findall(r"(?:aws_s3_bucket|local)\.\w+(?:\.\w+)?", resources)
    references = refers(*(text for each in mentioned for text in (each, each.rpartition(".")[0])))
    name = f"data.{DOCUMENT}.api"
    made = plan(
        resource(ROLE_POLICY, "api", policy=...),
        resource(BUCKET, "images", arn=...),
        resource(BUCKET, "other", arn=...),
        resource(DOCUMENT, "api", mode="data", actions=("read",), statement=[statement], json=...),
        configuration=configuration(
            block(ROLE_POLICY, "api", policy=refers(f"{name}.json", name)),
            block(BUCKET, "images"),
            block(BUCKET, "other"),
            block(DOCUMENT, "api", mode="data", statement=[{"resources": references}])
            | {"address": name},
        ),
    )
    written = f'actions = ["{action}"]\n resources = {resources}'
    more = f'dynamic "statement" {{\n for_each = []\n content {{\n {written}\n }}\n }}\n' * dynamic
    text = (
        f'resource "{BUCKET}" "images" {{}}\nresource "{BUCKET}" "other" {{}}\n'
        f'resource "{ROLE_POLICY}" "api" {{\n policy = {name}.json\n}}\n'
        f'data "{DOCUMENT}" "api" {{\n {more} statement {{\n {written}\n }}\n}}\n'
    )
    module = ModuleSource("", {"main.tf": text.encode()})
    return with_source(made, Source(lambda _: module)) if source else made


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


OTHER = f"${{{BUCKET}.other.arn}}"


@pytest.mark.parametrize(
    ("needed", "verdict"),
    [
        (f"{ARN}/*", Verdict.SATISFIED),
        (f"{ARN}*", Verdict.SATISFIED),
        ("*", Verdict.SATISFIED),
        (ARN, Verdict.UNDETERMINED),
        (f"{OTHER}/*", Verdict.UNDETERMINED),
        ("arn:aws:s3:::images/*", Verdict.UNDETERMINED),
    ],
)
def test_an_arn_of_the_plan_is_known_by_whose_it_is(needed: str, verdict: Verdict) -> None:
    of = read_at_apply(f'["{ARN}/*"]')
    assert judged(of, allow("s3:GetObject", needed)).verdict is verdict


def test_the_plan_alone_does_not_tell_what_stands_around_an_arn() -> None:
    of = read_at_apply(f'["{ARN}/*"]', source=False)
    assert judged(of, allow("s3:GetObject", f"{ARN}*")).verdict is Verdict.UNDETERMINED


def test_another_action_is_not_needed_whatever_it_acts_on() -> None:
    of = read_at_apply(f'["{ARN}/*"]', action="s3:DeleteObject")
    assert judged(of, allow("s3:GetObject", f"{ARN}*")).verdict is Verdict.VIOLATED


@pytest.mark.parametrize(
    "resources",
    [
        f'["{ARN}/*", "{OTHER}/*"]',
        f'["{ARN}/${{local.folder}}"]',
        f'["*{ARN}"]',
        f'["{ARN}/&{{aws:username}}"]',
        f"[{IMAGES}.bucket]",
        f'[{IMAGES}.arn == "" ? "*" : {IMAGES}.arn]',
        f'[replace({IMAGES}.arn, {IMAGES}.arn, "*")]',
        f'compact([{IMAGES}.arn, "*"])',
        f'distinct(concat([{IMAGES}.arn], ["*"]))',
        "[local.images]",
        "local.images",
    ],
)
def test_what_is_made_of_something_else_too_stays_open(resources: str) -> None:
    of = read_at_apply(resources)
    assert judged(of, allow("s3:GetObject", [ARN, f"{ARN}/*"])).verdict is Verdict.UNDETERMINED


def test_a_statement_that_is_written_dynamically_shifts_the_others() -> None:
    needed = allow("s3:GetObject", ARN)
    assert judged(read_at_apply(f"[{IMAGES}.arn]"), needed).verdict is Verdict.SATISFIED
    shifted = read_at_apply(f"[{IMAGES}.arn]", dynamic=True)
    assert judged(shifted, needed).verdict is Verdict.UNDETERMINED


def test_two_arns_are_needed_both() -> None:
    of = read_at_apply(f'["{ARN}/*", {BUCKET}.other.arn]')
    assert judged(of, allow("s3:GetObject", [f"{ARN}/*", OTHER])).verdict is Verdict.SATISFIED
    assert judged(of, allow("s3:GetObject", OTHER)).verdict is Verdict.UNDETERMINED


def test_an_arn_that_is_known_is_filled_in() -> None:
    of = inline(allow("s3:GetObject", OBJECTS))
    assert judged(of, allow("s3:GetObject", f"{ARN}/*")).verdict is Verdict.SATISFIED
    assert judged(of, allow("s3:GetObject", ARN)).verdict is Verdict.VIOLATED


@pytest.mark.parametrize("reference", ["${aws_s3_bucket.imags.arn}", "${aws_s3_bucket.images.id}"])
def test_a_reference_that_leads_nowhere_is_an_error(reference: str) -> None:
    with pytest.raises(PolicyError, match=r"policies/needs/api\.json: \$\{aws_s3_bucket"):
        judged(inline(allow("s3:GetObject")), allow("s3:GetObject", reference))


@pytest.mark.parametrize(
    "text", ["${aws_s3_bucket.images}", "${ aws_s3_bucket.images.arn }", "${var.images}", "a/${}"]
)
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_misspelt_reference_is_no_policy_variable(text: str, effect: str) -> None:
    needed = {"Effect": effect, "Action": "s3:GetObject", "Resource": text}
    with pytest.raises(PolicyError, match=r"policies/needs/api\.json: \$\{.*: no \$\{ADDRESS\.arn\}"):
        judged(inline(allow("s3:GetObject")), needed)


def test_characters_written_as_variables_are_characters() -> None:
    of = inline(allow("s3:GetObject", "arn:aws:s3:::images/${*}"))
    assert judged(of, allow("s3:GetObject", "arn:aws:s3:::images/${*}")).verdict is Verdict.SATISFIED
    assert judged(of, allow("s3:GetObject", "arn:aws:s3:::images/${?}")).verdict is Verdict.VIOLATED


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


def on_resources(of: Plan, *needed: Any) -> Judgement:
    """The judgement of the policies on resources."""
    return resources_need(of, of.changes, Need("api", policy(*needed)))


def test_the_policy_of_a_resource_is_held_to_its_callers_too() -> None:
    role = {"AWS": "arn:aws:iam::123456789012:role/api"}
    open_ = json.dumps(policy(allow("sqs:SendMessage", Principal="*")))
    of = plan(resource("aws_sqs_queue_policy", "jobs", policy=open_))
    assert on_resources(of, allow("sqs:SendMessage", Principal=role)).verdict is Verdict.VIOLATED
    assert on_resources(of, allow("sqs:*", Principal="*")).verdict is Verdict.SATISFIED


def test_who_may_assume_a_role_is_the_policy_on_it_and_not_what_it_is_given() -> None:
    trusts = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}
    inside = [{"name": "a", "policy": json.dumps(policy(allow("s3:PutObject")))}]
    of = plan(
        resource(
            *("aws_iam_role", "api"),
            name="api",
            assume_role_policy=json.dumps(policy(trusts)),
            inline_policy=inside,
            managed_policy_arns=[],
        )
    )
    service = {"Service": "ecs-tasks.amazonaws.com"}
    (finding,) = on_resources(of, trusts | {"Principal": service}).findings
    assert (finding.verdict, finding.path) == (Verdict.VIOLATED, "assume_role_policy")
    assert on_resources(of, trusts).verdict is Verdict.SATISFIED
    assert judged(of, allow("s3:PutObject")).verdict is Verdict.SATISFIED
    assert judged(of, trusts).verdict is Verdict.VIOLATED


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
