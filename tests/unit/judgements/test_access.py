"""Does a change give more access, by a policy or by a grant of a resource?"""

import json
from typing import Any

import pytest

from planspec import Verdict
from tests.support.access import (
    ACCOUNT,
    BOUND,
    DENIES,
    DOCUMENTS,
    INSIDE,
    NARROW,
    NOT_APPLICABLE,
    PERMISSION,
    ROLE,
    SATISFIED,
    UNDETERMINED,
    VIOLATED,
    WIDE,
    allow,
    goes,
    judged,
    says,
    there,
    turns,
)
from tests.support.plans import block, configuration, refers, resource


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.kind)
@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (NARROW, WIDE, VIOLATED),
        (WIDE, NARROW, SATISFIED),
        (BOUND, NARROW, VIOLATED),
        (DENIES, NARROW, VIOLATED),
        (NARROW, says(allow([ROLE, "222222222222"])), VIOLATED),
        (NARROW, says(*reversed(json.loads(NARROW)["Statement"])), SATISFIED),
        (NARROW, ..., UNDETERMINED),
    ],
)
def test_a_document_is_compared_statement_by_statement(
    document: Any, before: str, after: Any, verdict: Verdict
) -> None:
    about = {document.of: "thing"} if document.of else {}
    name = str(document.path[0])
    # What passes an endpoint is what its policy allows: a denial of something else held nobody back.
    verdict = SATISFIED if before == DENIES and document.sort == "limits" else verdict
    assert judged(turns(document.kind, {**about, name: before}, **{name: after})) is verdict


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.kind)
def test_a_document_beside_what_exists_is_asked_and_beside_what_is_new_it_is_not(document: Any) -> None:
    name = str(document.path[0])
    about = {document.of: "thing"} if document.of else {}
    values: dict[str, Any] = about | {name: WIDE}
    made = resource(document.kind, "x", **values)
    assert judged(made) is VIOLATED
    if document.of:
        assert judged(made, resource(document.owner, "o", name="thing", id=...)) is SATISFIED
        untold = resource(document.kind, "x", **(values | {document.of: ...}))
        by_reference: dict[str, Any] = {
            document.of: refers(f"{document.owner}.o.id", f"{document.owner}.o")
        }
        written = block(document.kind, "x", **by_reference)
        blocks = configuration(written, block(document.owner, "o"))
        new = resource(document.owner, "o", id=...)
        assert judged(untold, new, configuration=blocks) is SATISFIED
        assert judged(untold, there(document.owner, "o", id="o"), configuration=blocks) is VIOLATED


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.kind)
def test_a_document_that_goes_gives_nothing_unless_it_denied_or_aws_puts_another(document: Any) -> None:
    name = str(document.path[0])
    about = {document.of: "thing"} if document.of else {}
    assert judged(goes(document.kind, **about, **{name: DENIES})) is VIOLATED
    gone = judged(goes(document.kind, **about, **{name: NARROW}))
    otherwise = UNDETERMINED if document.resets else NOT_APPLICABLE
    assert gone is (VIOLATED if document.opens else otherwise)


@pytest.mark.parametrize("inside", INSIDE, ids=lambda each: each.kind)
def test_a_document_in_the_thing_itself_is_compared(inside: Any) -> None:
    name = str(inside.path[0])
    assert judged(turns(inside.kind, {name: NARROW, "id": "i"}, **{name: WIDE})) is VIOLATED
    denies_less = judged(turns(inside.kind, {name: DENIES, "id": "i"}, **{name: NARROW}))
    assert (denies_less is VIOLATED) == (inside.sort == "documents")
    assert judged(turns(inside.kind, {name: NARROW, "id": "i"}, **{name: ...})) is UNDETERMINED
    assert judged(turns(inside.kind, {name: WIDE, "id": "i"}, **{name: NARROW})) is not VIOLATED
    assert judged(resource(inside.kind, "x", **{name: WIDE})) is not VIOLATED


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        ({}, SATISFIED),
        ({"principal": "*"}, VIOLATED),
        ({"principal": "222222222222"}, VIOLATED),
        ({"action": "lambda:*"}, VIOLATED),
        ({"source_arn": None}, VIOLATED),
        ({"source_arn": "*"}, VIOLATED),
        ({"source_arn": "arn:aws:s3:::i*"}, VIOLATED),
        ({"source_account": None}, VIOLATED),
        ({"qualifier": "prod"}, VIOLATED),
        ({"event_source_token": "t"}, SATISFIED),
        ({"principal": ...}, UNDETERMINED),
    ],
)
def test_a_permission_of_lambda_is_a_statement(after: dict[str, Any], verdict: Verdict) -> None:
    function = there("aws_lambda_function", "f", id="f", function_name="f")
    if verdict is UNDETERMINED:
        # Whoever it will be, the source stays, and may be the one of before.
        assert judged(function, turns("aws_lambda_permission", PERMISSION, **after)) is verdict
        return
    assert judged(function, turns("aws_lambda_permission", PERMISSION, **after)) is verdict


def test_a_permission_is_asked_where_its_function_is_there() -> None:
    new = resource("aws_lambda_permission", "p", **PERMISSION)
    function = {"id": "f", "function_name": "f"}
    assert judged(new, there("aws_lambda_function", "f", **function)) is VIOLATED
    assert judged(new) is VIOLATED
    assert judged(new, resource("aws_lambda_function", "f", function_name="f", id=...)) is VIOLATED
    by_reference: dict[str, Any] = {
        "function_name": refers("aws_lambda_function.f.function_name", "aws_lambda_function.f")
    }
    blocks = configuration(
        block("aws_lambda_permission", "p", **by_reference), block("aws_lambda_function", "f")
    )
    made = resource("aws_lambda_function", "f", function_name="f", id=...)
    assert judged(new, made, configuration=blocks) is SATISFIED
    narrower = turns("aws_lambda_permission", PERMISSION | {"source_arn": "arn:aws:s3:::i*"})
    narrower["change"]["after"]["source_arn"] = "arn:aws:s3:::in"
    assert judged(narrower) is SATISFIED


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (
            "aws_kms_grant",
            {"key_id": "k", "grantee_principal": ROLE, "operations": ["Decrypt"]},
            {"operations": ["Decrypt", "Encrypt"]},
        ),
        (
            "aws_kms_grant",
            {
                "key_id": "k",
                "grantee_principal": ROLE,
                "operations": ["Decrypt"],
                "constraints": [{"encryption_context_equals": {"a": "b"}}],
            },
            {"constraints": []},
        ),
        (
            "aws_cloudwatch_event_permission",
            {"principal": "222222222222", "action": "events:PutEvents", "event_bus_name": "default"},
            {"principal": "*"},
        ),
        (
            "aws_lambda_layer_version_permission",
            {
                "layer_name": "l",
                "version_number": 1,
                "action": "lambda:GetLayerVersion",
                "principal": "*",
                "organization_id": "o-1",
            },
            {"organization_id": None},
        ),
        (
            "aws_vpc_endpoint_service_allowed_principal",
            {"vpc_endpoint_service_id": "v", "principal_arn": ROLE},
            {"principal_arn": "*"},
        ),
        (
            "aws_acmpca_permission",
            {
                "certificate_authority_arn": "c",
                "actions": ["GetCertificate"],
                "principal": "acm.amazonaws.com",
            },
            {"actions": ["GetCertificate", "IssueCertificate"]},
        ),
        (
            "aws_signer_signing_profile_permission",
            {"profile_name": "p", "action": "signer:GetSigningProfile", "principal": ACCOUNT},
            {"principal": "*"},
        ),
    ],
)
def test_every_grant_is_compared(kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert judged(there(kind, **before)) is SATISFIED
    assert judged(turns(kind, before, **after)) is VIOLATED
    assert judged(turns(kind, before | after, **before)) is SATISFIED
    assert judged(turns(kind, {}, **before)) is VIOLATED
    assert judged(resource(kind, "x", actions=["delete"], before=before)) is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("identity", "verdict"), [("__default_policy_ID", NOT_APPLICABLE), ("ours", UNDETERMINED)]
)
def test_a_thing_that_is_replaced_gets_the_policy_that_aws_puts_there(
    identity: str, verdict: Verdict
) -> None:
    policy = json.dumps(json.loads(NARROW) | {"Id": identity})
    topic = resource(
        "aws_sns_topic",
        "t",
        actions=["delete", "create"],
        before={"name": "a", "policy": policy},
        policy=...,
    )
    assert judged(topic, configuration=configuration(block("aws_sns_topic", "t"))) is verdict
