"""Write IAM policies, and make those of a plan say something else."""

import copy
import json
from collections.abc import Sequence
from typing import Any

from tests.support.recipe_edits import Edit, rewritten, unknown
from tests.support.values_and_marks import Document

PLAIN_HTTP = {"Bool": {"aws:SecureTransport": "false"}}


def policy(address: str, *statements: Document) -> Edit:
    """The policy of this resource has these statements, and the plan states them."""

    def rewrite(document: Any) -> None:
        document["Statement"] = copy.deepcopy(list(statements))

    return rewritten(address, "policy", rewrite)


def allow(actions: str | Sequence[str], resources: str | Sequence[str], **more: Any) -> Document:
    """A statement that allows, as it stands in a policy."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny_plain_http(bucket: str = "classifier-production-images", **other: Any) -> Document:
    """A statement that denies everything over plain HTTP; None takes a part of it away."""
    arn = f"arn:aws:s3:::{bucket}"
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": PLAIN_HTTP,
        **other,
    }
    return {name: value for name, value in statement.items() if value is not None}


def statement(
    actions: Sequence[str],
    *,
    effect: str = "Allow",
    refers: Sequence[str] = (),
    resources: Sequence[str] = (),
    condition: Sequence[str] = (),
    everybody: bool = False,
    not_actions: Sequence[str] | None = None,
) -> Document:
    """A statement of `data "aws_iam_policy_document"`; `refers` are resources known after apply.

    `condition` is test, variable and value.
    """
    principal = {"type": "*", "identifiers": ["*"]}
    when = (
        [dict(zip(("test", "variable"), condition, strict=False)) | {"values": [condition[2]]}]
        if condition
        else []
    )
    return {
        "values": {
            "actions": list(actions) or None,
            "condition": when,
            "effect": effect,
            "not_actions": not_actions,
            "not_principals": [],
            "not_resources": None,
            "principals": [principal] if everybody else [],
            "resources": [None for _ in refers] or list(resources),
            "sid": None,
        },
        "refers": list(refers),
    }


def read_at_apply(address: str, *statements: Document, merges: str = "") -> Edit:
    """The policy is a document that is read at apply: it is unknown, its statements are planned.

    `merges` is JSON that the document takes in from elsewhere.
    """
    label = address.replace(".", "_")
    block = f"data.aws_iam_policy_document.{label}"

    def edit(plan: Document) -> None:
        unknown(address, "policy", f"{block}.json", block)(plan)
        identity = {"address": block, "mode": "data", "type": "aws_iam_policy_document", "name": label}
        values = {
            "override_json": None,
            "override_policy_documents": None,
            "policy_id": None,
            "source_json": None,
            "source_policy_documents": [merges] if merges else None,
            "statement": [copy.deepcopy(each["values"]) for each in statements],
            "version": None,
        }
        plan["resource_changes"].append(
            {
                **identity,
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "change": {
                    "actions": ["read"],
                    "before": None,
                    "after": values,
                    "after_unknown": {
                        "id": True,
                        "json": True,
                        "minified_json": True,
                        "statement": [_unknown(each) for each in statements],
                    },
                    "before_sensitive": False,
                    "after_sensitive": {},
                },
                "action_reason": "read_because_config_unknown",
            }
        )
        written = {"statement": [_written(each) for each in statements]}
        plan["configuration"]["root_module"]["resources"].append(
            {**identity, "provider_config_key": "aws", "expressions": written, "schema_version": 0}
        )

    return edit


def _unknown(made: Document) -> Document:
    return {"resources": [True for _ in made["refers"]]} if made["refers"] else {}


def _written(made: Document) -> Document:
    """The expressions of one statement block."""
    values = made["values"]
    simple = ("actions", "effect", "not_actions", "resources")
    found: Document = {
        name: {"constant_value": values[name]} for name in simple if values[name] is not None
    }
    if made["refers"]:
        found["resources"] = {"references": [*made["refers"]]}
    for name in ("condition", "principals"):
        inner = [{key: {"constant_value": each[key]} for key in each} for each in values[name]]
        if inner:
            found[name] = inner
    return found


def said(*statements: Document) -> str:
    """A policy with these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def may(*actions: str, on: str = "arn:aws:s3:::images/*", **more: Any) -> Document:
    """One statement that allows these actions."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}
