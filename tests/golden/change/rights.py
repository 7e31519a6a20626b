"""Golden plans about a change that lets somebody do more."""

from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.support.before_after import becomes_gone, there, turns, turns_unknown, was
from tests.support.cutting import only
from tests.support.iam_policies import may, said
from tests.support.making import added
from tests.support.other_policies import INVOKES, files, new, table
from tests.support.recipe_edits import Edit, known, together
from tests.support.values_and_marks import Document

ROLE = "aws_iam_role.task"
POLICY = "aws_iam_role_policy.task"
NEW_POLICY = "aws_iam_role_policy.extra"
ROLES = only("corrected", ROLE, POLICY)
ROLE_THERE = there(ROLE, id="task", name="task")
MANAGED = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
INLINE = {"name": "more", "policy": said(may("sqs:SendMessage", on="*"))}
HAD = said(may("s3:Get*", "s3:PutObject"))
DENY = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"}
ACCOUNT: Final = "123456789012"
READER: Final = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/reader"}
TABLE: Final = "aws_dynamodb_resource_policy.orders"
FILES: Final = "aws_efs_file_system_policy.files"
PERMISSION: Final = "aws_lambda_permission.resize"
SHARE: Final = "aws_ram_principal_association.partner"
TABLE_ARN: Final = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"
ON_TLS: Final = {"Bool": {"aws:SecureTransport": "true"}}
BUCKET: Final = "aws_s3_bucket.images"
GIVEN: Final = "aws_iam_role_policy.task"
BASE = only("corrected", ROLE, GIVEN, BUCKET)
SHARED: Final = {"principal": ACCOUNT, "resource_share_arn": "arn:aws:ram:eu-west-1:123456789012:share"}
ROLE_WITH_POLICY_THERE = together(
    there(ROLE, id="task", name="task"),
    there(GIVEN, id="task:task", role="task", policy=said(may("*", on="*"))),
)
BOUNDARY: Final = "aws_iam_policy.boundary"
BOUNDARY_ARN: Final = f"arn:aws:iam::{ACCOUNT}:policy/boundary"


def new_policy(*statements: Document) -> Edit:
    """Another policy is given to the role, which exists."""
    return added(
        NEW_POLICY,
        {"name": "extra", "name_prefix": None, "policy": said(*statements), "role": "task"},
    )


def policy_there(text: str) -> Edit:
    """The role has this policy."""
    return there(POLICY, id="task:task", role="task", policy=text)


RIGHTS = (ROLE_THERE, policy_there(HAD))


def has(address: str, **values: Any) -> Edit:
    """A resource that exists, and stays as it is."""
    return together(added(address, {"id": "x", **values}), there(address))


def table_policy(who: Any, **more: Any) -> Edit:
    """The table, which stands elsewhere, has this policy."""
    return has(TABLE, resource_arn=TABLE_ARN, policy=table(who, **more))


def file_policy(who: Any) -> Edit:
    """The file system, which stands elsewhere, has this policy."""
    return has(FILES, file_system_id="fs-1", policy=files(who))


PERMITTED = has(PERMISSION, **INVOKES)
LIMITED = together(
    ROLE_WITH_POLICY_THERE,
    there(ROLE, permissions_boundary=BOUNDARY_ARN),
    has(BOUNDARY, arn=BOUNDARY_ARN, name="boundary", policy=said(may("s3:*", on="*"))),
)

SCENARIOS = [
    Scenario("CHG-12.1", ROLES)
    .satisfied("everything is new")
    .satisfied("untouched", *RIGHTS)
    .satisfied(
        "a part of it",
        *RIGHTS,
        turns(POLICY, "policy", said(may("s3:getobject", on="arn:aws:s3:::images/a"))),
    )
    .satisfied(
        "moved to another policy",
        *RIGHTS,
        turns(POLICY, "policy", said(may("s3:PutObject"))),
        new_policy(may("s3:Get*")),
    )
    .satisfied(
        "only on a condition",
        *RIGHTS,
        turns(
            POLICY, "policy", said(may("s3:Get*", Condition={"Bool": {"aws:SecureTransport": "true"}}))
        ),
    )
    .satisfied("one denial more", *RIGHTS, turns(POLICY, "policy", said(may("s3:Get*"), DENY)))
    .violated("another action", *RIGHTS, turns(POLICY, "policy", said(may("s3:DeleteObject"))))
    .violated("every action", *RIGHTS, turns(POLICY, "policy", said(may("s3:*"))))
    .violated("on everything", *RIGHTS, turns(POLICY, "policy", said(may("s3:Get*", on="*"))))
    .violated("another policy", *RIGHTS, new_policy(may("sqs:SendMessage", on="*")))
    .violated(
        "no condition any more",
        ROLE_THERE,
        policy_there(said(may("s3:Get*", Condition={"Bool": {"aws:SecureTransport": "true"}}))),
        turns(POLICY, "policy", HAD),
    )
    .violated(
        "a denial less",
        ROLE_THERE,
        policy_there(said(may("s3:*"), DENY)),
        turns(POLICY, "policy", said(may("s3:*"))),
    )
    .violated(
        "all but something",
        *RIGHTS,
        turns(POLICY, "policy", said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})),
    )
    .violated(
        "trusts somebody else",
        *RIGHTS,
        turns(
            ROLE,
            "assume_role_policy",
            said(
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"AWS": "arn:aws:iam::999999999999:root"},
                }
            ),
        ),
    )
    .violated("a policy inside the role", *RIGHTS, turns(ROLE, "inline_policy", [INLINE]))
    .satisfied("inside the role as before", *RIGHTS, there(ROLE, name="task", inline_policy=[INLINE]))
    .violated("a managed policy in the role", *RIGHTS, turns(ROLE, "managed_policy_arns", [MANAGED]))
    .satisfied(
        "a managed policy as before", *RIGHTS, there(ROLE, name="task", managed_policy_arns=[MANAGED])
    )
    .violated(
        "a managed policy attached",
        *RIGHTS,
        added("aws_iam_role_policy_attachment.extra", {"policy_arn": MANAGED, "role": "task"}),
    )
    .violated(
        "a policy of ours attached",
        *RIGHTS,
        added("aws_iam_policy.extra", {"name": "extra", "policy": said(may("sqs:*", on="*"))}),
        added(
            "aws_iam_role_policy_attachment.extra",
            {"role": "task"},
            refers={"policy_arn": ["aws_iam_policy.extra.arn", "aws_iam_policy.extra"]},
        ),
    )
    .undetermined(
        "an attached policy known after apply",
        *RIGHTS,
        added(
            "aws_iam_role_policy_attachment.extra",
            {"role": "task"},
            refers={"policy_arn": ["var.policy"]},
        ),
    )
    .undetermined("known after apply", *RIGHTS, turns_unknown(POLICY, "policy")),
    Scenario("CHG-12.1", BASE, ROLE_WITH_POLICY_THERE)
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
        "a user gets rights", new("aws_iam_user_policy.all", user="deploy", policy=said(may("s3:*")))
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
]
