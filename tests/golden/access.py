"""Golden plans about access in other places than the policies of our roles, queues and keys."""

from typing import Any, Final

from tests.golden.changes import allow, becomes_gone, said, there, turns, turns_unknown, was
from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.making import added
from tests.support.recipe_edits import Edit, known, together, unknown, without

ACCOUNT: Final = "123456789012"
READER: Final = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/reader"}
ROLE: Final = "aws_iam_role.task"
GIVEN: Final = "aws_iam_role_policy.task"
BUCKET: Final = "aws_s3_bucket.images"
BUCKET_POLICY: Final = "aws_s3_bucket_policy.images"
TABLE: Final = "aws_dynamodb_resource_policy.orders"
FILES: Final = "aws_efs_file_system_policy.files"
PERMISSION: Final = "aws_lambda_permission.resize"
SHARE: Final = "aws_ram_principal_association.partner"
BOUNDARY: Final = "aws_iam_policy.boundary"
TABLE_ARN: Final = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"
BOUNDARY_ARN: Final = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
ON_TLS: Final = {"Bool": {"aws:SecureTransport": "true"}}
BASE = only("corrected", ROLE, GIVEN, BUCKET)


def lets(who: Any, *actions: str, on: str = "*", **more: Any) -> str:
    """A policy that lets somebody do these actions."""
    return said(allow(*actions, on=on, Principal=who, **more))


def table(who: Any, **more: Any) -> str:
    """The policy of a table."""
    return lets(who, "dynamodb:GetItem", on=TABLE_ARN, **more)


def files(who: Any) -> str:
    """The policy of a file system."""
    return lets(who, "elasticfilesystem:ClientMount")


def has(address: str, **values: Any) -> Edit:
    """A resource that exists, and stays as it is."""
    return together(added(address, {"id": "x", **values}), there(address))


def table_policy(who: Any, **more: Any) -> Edit:
    """The table, which stands elsewhere, has this policy."""
    return has(TABLE, resource_arn=TABLE_ARN, policy=table(who, **more))


def file_policy(who: Any) -> Edit:
    """The file system, which stands elsewhere, has this policy."""
    return has(FILES, file_system_id="fs-1", policy=files(who))


INVOKES: Final = {
    "action": "lambda:InvokeFunction",
    "function_name": "resize",
    "principal": "s3.amazonaws.com",
    "source_account": ACCOUNT,
    "source_arn": "arn:aws:s3:::uploads",
}
PERMITTED = has(PERMISSION, **INVOKES)
SHARED: Final = {"principal": ACCOUNT, "resource_share_arn": "arn:aws:ram:eu-west-1:123456789012:share"}
ROLE_THERE = together(
    there(ROLE, id="task", name="task"),
    there(GIVEN, id="task:task", role="task", policy=said(allow("*", on="*"))),
)
LIMITED = together(
    ROLE_THERE,
    there(ROLE, permissions_boundary=BOUNDARY_ARN),
    has(BOUNDARY, arn=BOUNDARY_ARN, name="boundary", policy=said(allow("s3:*", on="*"))),
)


def new(address: str, **values: Any) -> Edit:
    """A resource that the plan makes."""
    return added(address, values)


SCENARIOS = [
    Scenario("CHG-12.1", BASE, ROLE_THERE)
    .satisfied("a table lets in whom it did", table_policy(READER))
    .satisfied("a table lets in fewer", table_policy("*"), turns(TABLE, "policy", table(READER)))
    .satisfied("a permission goes", PERMITTED, becomes_gone(PERMISSION))
    .satisfied(
        "a narrower source",
        PERMITTED,
        was(PERMISSION, "source_arn", "arn:aws:s3:::up*"),
        known(PERMISSION, "source_arn", "arn:aws:s3:::uploads"),
    )
    .satisfied("a boundary comes", LIMITED, was(ROLE, "permissions_boundary", None))
    .satisfied("shared with whom it was", has(SHARE, **SHARED))
    .violated("a table for everybody", table_policy(READER), turns(TABLE, "policy", table("*")))
    .violated("a table that was elsewhere", new(TABLE, resource_arn=TABLE_ARN, policy=table("*")))
    .violated(
        "a table without its condition",
        table_policy(READER, Condition=ON_TLS),
        turns(TABLE, "policy", table(READER)),
    )
    .violated("files for everybody", file_policy(READER), turns(FILES, "policy", files("*")))
    .violated("a function for everybody", PERMITTED, turns(PERMISSION, "principal", "*"))
    .violated("a function for any source", PERMITTED, turns(PERMISSION, "source_arn", None))
    .violated("a new permission of a function", new(PERMISSION, **INVOKES))
    .violated(
        "a user gets rights", new("aws_iam_user_policy.all", user="deploy", policy=said(allow("s3:*")))
    )
    .violated(
        "a user joins a group",
        new("aws_iam_user_group_membership.all", user="deploy", groups=["admins"]),
    )
    .violated("a boundary goes", LIMITED, turns(ROLE, "permissions_boundary", None))
    .undetermined("files lose their policy", file_policy(READER), becomes_gone(FILES))
    .undetermined(
        "shared with somebody else", has(SHARE, **SHARED), turns(SHARE, "principal", "210987654321")
    )
    .undetermined("shared with somebody", new(SHARE, **SHARED))
    .undetermined(
        "a type that nobody knows",
        has("aws_vault_guard.x", rules=table(READER)),
        turns("aws_vault_guard.x", "rules", table("*")),
    )
    .undetermined(
        "the policy of a table known after apply", table_policy(READER), turns_unknown(TABLE, "policy")
    ),
    Scenario("EXP-05.2", only("corrected", BUCKET, BUCKET_POLICY), without(BUCKET_POLICY))
    .satisfied("names who may come in the bucket", known(BUCKET, "policy", lets(READER, "s3:GetObject")))
    .violated("everybody by a policy in the bucket", known(BUCKET, "policy", lets("*", "s3:*")))
    .undetermined("in the bucket known after apply", unknown(BUCKET, "policy", "var.policy")),
    Scenario("IDN-05.1", BASE)
    .satisfied("a table names who may come", new(TABLE, resource_arn=TABLE_ARN, policy=table(READER)))
    .violated("a table for everybody", new(TABLE, resource_arn=TABLE_ARN, policy=table("*")))
    .violated("files for everybody", new(FILES, file_system_id="fs-1", policy=files("*")))
    .violated(
        "a function for everybody",
        new(PERMISSION, **INVOKES | {"principal": "*", "source_account": None}),
    )
    .undetermined(
        "a permission known after apply",
        added(
            PERMISSION,
            {"action": "lambda:InvokeFunction", "function_name": "resize"},
            refers={"principal": ["var.who"]},
        ),
    ),
    Scenario("IDN-05.2", BASE)
    .satisfied("a function for our account", new(PERMISSION, **INVOKES))
    .violated(
        "a function for a bucket of anybody", new(PERMISSION, **INVOKES | {"source_account": None})
    ),
]
