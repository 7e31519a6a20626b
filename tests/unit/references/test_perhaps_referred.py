"""Is a reference sure only where apply cannot decide otherwise, whatever stands in for it?"""

from typing import Any

import pytest

from planspec import Judgement, Plan, Verdict
from planspec.judgements.durability.bucket_settings import keep_versions
from planspec.judgements.encryption.buckets import demand_tls
from planspec.judgements.exposure.resource_policies import holders, name_who_may
from planspec.judgements.generic import resources
from planspec.judgements.generic.selections import Selection
from planspec.judgements.observability.alarm_actions import alarms, somebody_is_told
from planspec.references.reference_graph import graph, with_source
from planspec.source.module import ModuleSource
from planspec.source.source import Source
from tests.support.plans import block, configuration, plan, refers, resource

MAYBE = 'aws_sqs_queue.q.url == "x"'
KEYS = f"[for x in [aws_kms_key.k.arn] : x if {MAYBE}]"
BY_NAME = f"{{ for k, v in {{ a = aws_kms_key.k.arn }} : k => v if {MAYBE} }}"
MADE = ("aws_kms_key.k", "aws_sns_topic.t", "aws_sqs_queue.q")


def told(made: Plan) -> Verdict:
    """Whether the alarms of a plan tell somebody."""
    return somebody_is_told(made, alarms(made)).verdict


def let_in(made: Plan) -> Judgement:
    """Whom the policies of a plan let in."""
    return name_who_may(made, holders(made))


def written(kind: str, argument: str, expression: str, *, source: bool = True) -> Plan:
    """A plan in which apply decides an argument that is this expression."""
    names = [each for each in MADE if each in expression]
    attributes = {"aws_sqs_queue": "url"}
    mentioned = [
        text
        for each in names
        for text in (f"{each}.{attributes.get(each.partition('.')[0], 'arn')}", each)
    ]
    open_one: dict[str, Any] = {argument: ...}
    written_so: dict[str, Any] = {argument: refers(*mentioned)}
    found = plan(
        resource("aws_kms_key", "k", arn=...),
        resource("aws_sns_topic", "t", arn=...),
        resource("aws_sqs_queue", "q", url=...),
        resource(kind, "s", **open_one),
        configuration=configuration(
            *(block(*each.split(".")) for each in MADE),
            block(kind, "s", **written_so),
        ),
    )
    if source:
        made = "".join('resource "{}" "{}" {{}}\n'.format(*each.split(".")) for each in MADE)
        text = f'{made}resource "{kind}" "s" {{\n  {argument} = {expression}\n}}\n'
        found = with_source(found, Source(lambda _: ModuleSource("", {"main.tf": text.encode()})))
    return found


def refers_to_a_key(expression: str, *, source: bool = True) -> Verdict:
    """The verdict on "its kms_key_id must refer to a aws_kms_key"."""
    found = written("aws_secretsmanager_secret", "kms_key_id", expression, source=source)
    change = found.changes[-1]
    chosen = Selection(found, (change,), (change,), "it")
    return resources.refer(chosen, "kms_key_id", "aws_kms_key").verdict


@pytest.mark.parametrize(
    "expression",
    [
        f'try({KEYS}[0], "other")',
        f"try({KEYS}[0], null)",
        f'try(element({KEYS}, 0), "other")',
        f'try(one({KEYS}).arn, "other")',
        f'try(tolist(toset({KEYS}))[0], "other")',
        f'try([for x in [aws_kms_key.k.arn, aws_kms_key.k.id] : x if {MAYBE}][0], "other")',
        f'try({BY_NAME}["a"], "other")',
        f'try({BY_NAME}.a, "other")',
        f'try(values({BY_NAME})[0], "other")',
        f'try(lookup({BY_NAME}, "a"), "other")',
        f'try(({MAYBE} ? [aws_kms_key.k.arn] : [])[0], "other")',
        f'try(coalesce({MAYBE} ? aws_kms_key.k.arn : null), "other")',
        'try(regex("x", aws_kms_key.k.arn), "other")',
        f'coalescelist({KEYS}, ["other"])[0]',
        f'coalesce({MAYBE} ? aws_kms_key.k.arn : null, "other")',
        f'lookup({BY_NAME}, "a", "other")',
        f'lookup({{ a = aws_kms_key.k.arn }}, {MAYBE} ? "a" : "b", "other")',
        f'[aws_kms_key.k.arn, "other"][{MAYBE} ? 0 : 1]',
        f"one({KEYS})",
        f'join("", {KEYS})',
        f"{MAYBE} ? aws_kms_key.k.arn : null",
        f"{MAYBE} ? aws_kms_key.k.arn : aws_sns_topic.t.arn",
        f'({MAYBE} ? "a" : "b") == "a" ? aws_kms_key.k.arn : null',
        f'"%{{ if {MAYBE} }}${{aws_kms_key.k.arn}}%{{ endif }}"',
    ],
)
def test_a_reference_that_may_be_something_else_is_undetermined(expression: str) -> None:
    assert refers_to_a_key(expression) is Verdict.UNDETERMINED


@pytest.mark.parametrize(
    "expression",
    [
        "aws_kms_key.k.arn",
        'try(aws_kms_key.k.arn, "other")',
        'try(tostring(aws_kms_key.k.arn), "other")',
        'coalesce("", aws_kms_key.k.arn)',
        'coalescelist([], [aws_kms_key.k.arn], ["other"])[0]',
        f"{MAYBE} ? aws_kms_key.k.arn : aws_kms_key.k.id",
        # Without it Terraform stops, so that it is the key or nothing is made.
        f"{KEYS}[0]",
        f"element({KEYS}, 0)",
        f'{BY_NAME}["a"]',
        f"[for x in [aws_kms_key.k.arn] : {{ key = [x] }} if {MAYBE}][0].key[0]",
        f"coalescelist({KEYS}, [aws_kms_key.k.id])[0]",
    ],
)
def test_a_reference_that_is_meant_either_way_is_one(expression: str) -> None:
    assert refers_to_a_key(expression) is Verdict.SATISFIED


def test_without_the_source_a_condition_may_be_what_another_object_is_named_for() -> None:
    assert refers_to_a_key(f"{MAYBE} ? aws_kms_key.k.arn : null", source=False) is Verdict.UNDETERMINED
    assert refers_to_a_key("aws_kms_key.k.arn", source=False) is Verdict.SATISFIED
    assert refers_to_a_key("aws_sns_topic.t.arn", source=False) is Verdict.VIOLATED


@pytest.mark.parametrize(
    ("actions", "verdict"),
    [
        ("[aws_sns_topic.t.arn]", Verdict.SATISFIED),
        (f"concat([aws_sns_topic.t.arn], {MAYBE} ? [aws_sns_topic.t.id] : [])", Verdict.SATISFIED),
        (f"[for x in [aws_sns_topic.t.arn] : x if {MAYBE}]", Verdict.UNDETERMINED),
        (f'compact([{MAYBE} ? aws_sns_topic.t.arn : ""])', Verdict.UNDETERMINED),
        (f"try([[for x in [aws_sns_topic.t.arn] : x if {MAYBE}][0]], [])", Verdict.UNDETERMINED),
        (f"{MAYBE} ? [aws_sns_topic.t.arn] : []", Verdict.UNDETERMINED),
        (f'[{MAYBE} ? aws_sns_topic.t.arn : ""]', Verdict.UNDETERMINED),
        (f'{MAYBE} ? ["arn:aws:sns:eu-west-1:1:t"] : []', Verdict.UNDETERMINED),
    ],
)
def test_an_alarm_with_actions_that_may_be_none_tells_nobody_for_sure(
    actions: str, verdict: Verdict
) -> None:
    kind, argument = "aws_cloudwatch_metric_alarm", "alarm_actions"
    assert told(written(kind, argument, actions)) is verdict
    alone = told(written(kind, argument, actions, source=False))
    assert alone is verdict or alone is Verdict.UNDETERMINED


def test_what_is_behind_an_object_is_as_sure_as_the_object() -> None:
    given = plan(
        resource("aws_sqs_queue", "q", url=...),
        resource("aws_s3_bucket", "b", bucket=..., id=..., versioning=[]),
        resource("aws_s3_bucket_policy", "p", bucket=...),
        resource(
            "aws_s3_bucket_versioning", "v", bucket=..., versioning_configuration=[{"status": "Enabled"}]
        ),
        configuration=configuration(
            block("aws_sqs_queue", "q"),
            block("aws_s3_bucket", "b"),
            block("aws_s3_bucket_policy", "p", bucket=refers("aws_s3_bucket.b.id", "aws_s3_bucket.b")),
            block(
                "aws_s3_bucket_versioning",
                "v",
                bucket=refers(
                    *("aws_sqs_queue.q.url", "aws_sqs_queue.q"),
                    *("aws_s3_bucket_policy.p.bucket", "aws_s3_bucket_policy.p"),
                ),
            ),
        ),
    )
    text = f"""
resource "aws_sqs_queue" "q" {{}}
resource "aws_s3_bucket" "b" {{}}
resource "aws_s3_bucket_policy" "p" {{
  bucket = aws_s3_bucket.b.id
}}
resource "aws_s3_bucket_versioning" "v" {{
  bucket = {MAYBE} ? aws_s3_bucket_policy.p.bucket : "other"
}}
"""
    given = with_source(given, Source(lambda _: ModuleSource("", {"main.tf": text.encode()})))
    assert not graph(given).of(given.changes[-1], "bucket").followed
    assert keep_versions(given, (given.changes[1],)).verdict is Verdict.UNDETERMINED


def denying(**statement: object) -> Plan:
    """A bucket with a policy document that apply reads, of one statement that denies plain HTTP."""
    condition = [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}]
    deny = {
        "effect": "Deny",
        "actions": ["s3:*"],
        "not_actions": None,
        "resources": [..., ...],
        "not_resources": None,
        "principals": [{"type": "*", "identifiers": ["*"]}],
        "not_principals": [],
        "condition": condition,
        **statement,
    }
    return _with_document([deny])


def _with_document(statements: object) -> Plan:
    parts = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")
    document: dict[str, Any] = dict.fromkeys(parts)
    bucket = ("aws_s3_bucket.b.arn", "aws_s3_bucket.b")
    return plan(
        resource("aws_s3_bucket", "b", bucket="b", arn=...),
        resource("aws_s3_bucket_policy", "p", bucket="b", policy=...),
        resource(
            "aws_iam_policy_document",
            "d",
            mode="data",
            actions=["read"],
            json=...,
            statement=statements,
            **document,
        ),
        configuration=configuration(
            block("aws_s3_bucket", "b"),
            block(
                "aws_s3_bucket_policy",
                "p",
                policy=refers("data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"),
            ),
            block(
                "aws_iam_policy_document", "d", mode="data", statement=[{"resources": refers(*bucket)}]
            ),
        ),
    )


PLAIN = {"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}
OTHER = {"test": "StringEquals", "variable": "aws:PrincipalTag/x", "values": ["y"]}


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        pytest.param(denying(), Verdict.SATISFIED, id="denied"),
        pytest.param(denying(condition=...), Verdict.UNDETERMINED, id="a dynamic condition"),
        pytest.param(
            denying(condition=[{**PLAIN, "test": ...}]), Verdict.UNDETERMINED, id="an open test"
        ),
        pytest.param(denying(condition=[PLAIN, OTHER]), Verdict.VIOLATED, id="a further condition"),
        pytest.param(denying(condition=[OTHER]), Verdict.VIOLATED, id="another condition"),
        pytest.param(denying(condition=[]), Verdict.VIOLATED, id="no condition"),
        pytest.param(_with_document(...), Verdict.UNDETERMINED, id="a dynamic statement"),
    ],
)
def test_what_a_dynamic_block_denies_is_undetermined(found: Plan, verdict: Verdict) -> None:
    assert demand_tls(found, (found.changes[0],)).verdict is verdict


def with_policy(statements: str) -> Plan:
    """A bucket whose policy has these statements, told by the source alone."""
    found = plan(
        resource("aws_sqs_queue", "q", url=...),
        resource("aws_s3_bucket", "b", bucket="b"),
        resource("aws_s3_bucket_policy", "p", bucket="b", policy=...),
        configuration=configuration(
            block("aws_sqs_queue", "q"),
            block("aws_s3_bucket", "b"),
            block("aws_s3_bucket_policy", "p", policy=refers("aws_sqs_queue.q.url", "aws_sqs_queue.q")),
        ),
    )
    text = f"""
resource "aws_sqs_queue" "q" {{}}
resource "aws_s3_bucket" "b" {{}}
resource "aws_s3_bucket_policy" "p" {{
  bucket = "b"
  policy = jsonencode({{ Id = aws_sqs_queue.q.url, Statement = {statements} }})
}}
"""
    return with_source(found, Source(lambda _: ModuleSource("", {"main.tf": text.encode()})))


ABOUT = 'Principal = "*", Action = "s3:*", Resource = ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]'
DENY = f'{{ Effect = "Deny", {ABOUT}, Condition = {{ Bool = {{ "aws:SecureTransport" = false }} }} }}'
ALLOW = f'{{ Effect = "Allow", {ABOUT} }}'
UNTOLD = "whether it grants public access cannot be determined"
FURTHER = f'{{ for k in ["StringEquals"] : k => {{ "aws:PrincipalTag/x" = "y" }} if {MAYBE} }}'


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        (f"[{DENY}]", Verdict.SATISFIED),
        (f"{MAYBE} ? [{DENY}] : []", Verdict.UNDETERMINED),
        (f"[merge({DENY}, {{ Condition = merge({DENY}.Condition, {FURTHER}) }})]", Verdict.UNDETERMINED),
        (f"[merge({DENY}, {{ Condition = {FURTHER} }})]", Verdict.VIOLATED),
        (f"{MAYBE} ? [{ALLOW}] : []", Verdict.VIOLATED),
        (f"[for s in [{DENY}, {MAYBE} ? {DENY} : null] : s if s != null]", Verdict.SATISFIED),
    ],
)
def test_a_condition_that_may_be_there_lets_some_requests_through(
    statements: str, verdict: Verdict
) -> None:
    found = with_policy(statements)
    assert demand_tls(found, (found.changes[1],)).verdict is verdict


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        (f"[{DENY}]", ""),
        # What apply decides may be anything, even where each way to write it is known.
        (f"{MAYBE} ? [{DENY}] : []", f"{UNTOLD}: Statement"),
        (f"{MAYBE} ? [{ALLOW}] : []", f"{UNTOLD}: Statement"),
        (
            f'[merge({ALLOW}, {{ Effect = {MAYBE} ? "Allow" : "Deny" }})]',
            f"{UNTOLD}: Statement[0].Effect",
        ),
        (f"[{ALLOW}]", "grants public access"),
    ],
)
def test_the_finding_names_the_part_that_decides_whom_a_policy_lets_in(
    statements: str, says: str
) -> None:
    found = let_in(with_policy(statements)).findings
    assert [each.observed for each in found] == ([says] if says else [])
    assert all((each.verdict is Verdict.UNDETERMINED) is (UNTOLD in says) for each in found)


def test_a_document_with_a_dynamic_statement_lets_nobody_in_for_sure() -> None:
    found = let_in(_with_document(...)).findings
    assert [(each.verdict, each.observed) for each in found] == [
        (Verdict.UNDETERMINED, f"{UNTOLD}: Statement[0]")
    ]
