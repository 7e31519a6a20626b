"""Golden plans about a change that lets somebody do more."""

from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.support.before_after import becomes_gone, there, turns, turns_unknown, updated, was
from tests.support.cutting import only
from tests.support.iam_policies import may, read_at_apply, said, statement
from tests.support.making import added
from tests.support.other_policies import INVOKES, files, new, table
from tests.support.recipe_edits import Edit, known, together, without
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


ALL: Final = may("*", on="*")


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
HAS_MANAGED: Final = has(
    "aws_iam_role_policy_attachment.had",
    role="task",
    policy_arn="arn:aws:iam::aws:policy/job-function/Billing",
)
ROOT: Final = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
BY_NUMBER: Final = {"AWS": ACCOUNT}
PARTNER: Final = "210987654321"
RESTORED: Final = "aws_db_snapshot.yesterday"
SNAPSHOT: Final = has(
    RESTORED, db_instance_identifier="db", db_snapshot_identifier="s", shared_accounts=[ACCOUNT, PARTNER]
)
IMAGE: Final = "aws_ami_launch_permission.partner"
ORGANIZATION: Final = "arn:aws:organizations::111111111111:organization/o-abcdefghij"
KEY_GRANT: Final = "aws_kms_grant.partner"
ON_KEY: Final = {
    "key_id": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k",
    "grantee_principal": f"arn:aws:iam::{PARTNER}:role/reader",
}
CONTEXT: Final = {"encryption_context_equals": {"for": "partner"}, "encryption_context_subset": {}}
ENTRY: Final = "aws_eks_access_policy_association.admin"
ADMIN_ENTRY: Final = {
    "cluster_name": "main",
    "principal_arn": f"arn:aws:iam::{ACCOUNT}:role/reader",
    "policy_arn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
    "access_scope": [{"type": "cluster", "namespaces": []}],
}
URL: Final = "aws_lambda_function_url.resize"
METHOD: Final = "aws_api_gateway_method.get"
LIST: Final = "aws_s3_bucket_acl.logs"
ALL_USERS: Final = "http://acs.amazonaws.com/groups/global/AllUsers"
TO_ALL: Final = {
    "grant": [{"permission": "READ", "grantee": [{"type": "Group", "uri": ALL_USERS}]}],
    "owner": [{"id": "owner"}],
}
DELEGATED: Final = "aws_guardduty_organization_admin_account.security"
CEDAR: Final = "aws_verifiedpermissions_policy.read"
STACK: Final = "aws_cloudformation_stack.shared"
MEMBER: Final = "aws_identitystore_group_membership.new"
BOUND: Final = "permissions_boundary"


def asks(authorization: str) -> Edit:
    """A method that exists asks its caller who it is, in this way."""
    values = {"rest_api_id": "api", "resource_id": "r", "http_method": "GET"}
    return has(METHOD, **values, authorization=authorization)


def cedar(statement: str) -> Edit:
    """A policy of Verified Permissions."""
    return has(CEDAR, policy_store_id="s", definition=[{"static": [{"statement": statement}]}])


def becomes(statement: str) -> tuple[str, Any]:
    """Another policy of Verified Permissions."""
    return "definition", [{"static": [{"statement": statement}]}]


def left_out_of_denial(*accounts: str) -> str:
    """The table is everybody's, and denied to everybody but some accounts."""
    denied = {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": [f"arn:aws:iam::{each}:root" for each in accounts]},
        "Action": "dynamodb:*",
        "Resource": TABLE_ARN,
    }
    return said(may("dynamodb:GetItem", on=TABLE_ARN, Principal="*"), denied)


LIMITED = together(
    ROLE_WITH_POLICY_THERE,
    there(ROLE, permissions_boundary=BOUNDARY_ARN),
    has(BOUNDARY, arn=BOUNDARY_ARN, name="boundary", policy=said(may("s3:*", on="*"))),
)

NO_POLICY = without(GIVEN)
ELSEWHERE = together(ROLE_WITH_POLICY_THERE, there(ROLE, permissions_boundary=BOUNDARY_ARN))


def lets_through(*actions: str) -> Edit:
    """The boundary becomes another one, of the same name."""
    return turns(BOUNDARY, "policy", said(may(*actions, on="*")))


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
    .undetermined("known after apply", *RIGHTS, turns_unknown(POLICY, "policy"))
    .undetermined(
        "a resource known after apply",
        *RIGHTS,
        read_at_apply(POLICY, statement(["s3:GetObject"], refers=["aws_s3_bucket.images.arn"])),
        updated(POLICY),
    )
    .satisfied(
        "a resource known after apply, of all that were allowed",
        ROLE_THERE,
        policy_there(said(may("s3:*", on="*"))),
        read_at_apply(POLICY, statement(["s3:GetObject"], refers=["aws_s3_bucket.images.arn"])),
        updated(POLICY),
    )
    .violated(
        "whatever a resource is that is known after apply",
        *RIGHTS,
        read_at_apply(
            POLICY,
            statement(["s3:GetObject"], refers=["aws_s3_bucket.images.arn"]),
            statement(["iam:*"], resources=["*"]),
        ),
        updated(POLICY),
    )
    .undetermined("what a policy of AWS may have allowed", *RIGHTS, HAS_MANAGED, new_policy(may("s3:*")))
    .violated("everything, whatever a policy of AWS allows", *RIGHTS, HAS_MANAGED, new_policy(ALL)),
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
    .satisfied("a boundary and policies outside the plan", ELSEWHERE, NO_POLICY)
    .satisfied("a boundary comes", LIMITED, was(ROLE, "permissions_boundary", None))
    .satisfied(
        "a policy allows what the boundary holds back",
        LIMITED,
        there(GIVEN, policy=said(may("s3:Get*", on="*"))),
        turns(GIVEN, "policy", said(may("s3:Get*", "iam:*", on="*"))),
    )
    .satisfied("shared with whom it was", has(SHARE, **SHARED))
    .satisfied("shared with one less", SNAPSHOT, turns(RESTORED, "shared_accounts", [ACCOUNT]))
    .satisfied(
        "one less is left out of a denial",
        has(TABLE, resource_arn=TABLE_ARN, policy=left_out_of_denial(ACCOUNT, PARTNER)),
        turns(TABLE, "policy", left_out_of_denial(ACCOUNT)),
    )
    .undetermined(
        "a denial of a table known after apply",
        has(TABLE, resource_arn=TABLE_ARN, policy=left_out_of_denial(ACCOUNT, PARTNER)),
        turns_unknown(TABLE, "resource_arn"),
    )
    .satisfied("an endpoint asks who it is", asks("NONE"), turns(METHOD, "authorization", "AWS_IAM"))
    .satisfied(
        "as the account had it, by its number",
        file_policy(ROOT),
        turns(FILES, "policy", files(BY_NUMBER)),
    )
    .satisfied("a private list", new(LIST, bucket="logs-1", acl="private"))
    .satisfied("a policy of a thing as it was", has(CEDAR, policy_store_id="s", definition=[{}]))
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
    .violated("a boundary goes", LIMITED, turns(ROLE, "permissions_boundary", None), deceit="companion")
    .violated(
        "a boundary goes from a role whose policies are elsewhere",
        LIMITED,
        NO_POLICY,
        turns(ROLE, BOUND, None),
        deceit="companion",
    )
    .violated("a boundary lets more through", LIMITED, lets_through("s3:*", "sqs:*"))
    .violated(
        "a boundary denies less",
        LIMITED,
        there(BOUNDARY, policy=said(may("*", on="*"), may("s3:*", on="*", Effect="Deny"))),
        lets_through("*"),
    )
    .violated("files lose their policy", file_policy(READER), becomes_gone(FILES), deceit="default")
    .violated(
        "shared with somebody else", has(SHARE, **SHARED), turns(SHARE, "principal", "210987654321")
    )
    .violated("shared with somebody", new(SHARE, **SHARED))
    .violated(
        "one more is left out of a denial",
        has(TABLE, resource_arn=TABLE_ARN, policy=left_out_of_denial(ACCOUNT)),
        turns(TABLE, "policy", left_out_of_denial(ACCOUNT, PARTNER)),
        deceit="overruled",
    )
    .violated("a snapshot for everybody", SNAPSHOT, turns(RESTORED, "shared_accounts", [ACCOUNT, "all"]))
    .violated(
        "an image for an organization", new(IMAGE, image_id="ami-1", organization_arn=ORGANIZATION)
    )
    .violated("a key by a grant", new(KEY_GRANT, **ON_KEY, operations=["Decrypt", "Encrypt"]))
    .violated(
        "a grant of a key without its context",
        has(KEY_GRANT, **ON_KEY, operations=["Decrypt"], constraints=[CONTEXT]),
        turns(KEY_GRANT, "constraints", []),
    )
    .violated("a cluster for a role", new(ENTRY, **ADMIN_ENTRY))
    .violated(
        "a function by its URL",
        new(URL, function_name="resize", authorization_type="NONE"),
        deceit="shape",
    )
    .violated("an endpoint asks nobody", asks("AWS_IAM"), turns(METHOD, "authorization", "NONE"))
    .violated("a public list", new(LIST, bucket="logs-1", acl="public-read"))
    .violated("a list by its grants", new(LIST, bucket="logs-1", access_control_policy=[TO_ALL]))
    .violated("a delegated administrator", new(DELEGATED, admin_account_id=ACCOUNT))
    .undetermined("a policy in another language", cedar("permit(a)"), turns(CEDAR, *becomes("permit")))
    .undetermined(
        "a template", has(STACK, name="s", template_body="a"), turns(STACK, "template_body", "b")
    )
    .undetermined("a new member of a group elsewhere", new(MEMBER, group_id="g", member_id="m"))
    .undetermined(
        "an endpoint asks in another way", asks("CUSTOM"), turns(METHOD, "authorization", "AWS_IAM")
    )
    .undetermined("a boundary outside the plan goes", ELSEWHERE, turns(ROLE, BOUND, None))
    .undetermined(
        "a boundary and policies outside the plan, and it goes",
        ELSEWHERE,
        NO_POLICY,
        turns(ROLE, BOUND, None),
    )
    .undetermined(
        "a type that nobody knows",
        has("aws_vault_guard.x", rules=table(READER)),
        turns("aws_vault_guard.x", "rules", table("*")),
    )
    .undetermined(
        "the policy of a table known after apply", table_policy(READER), turns_unknown(TABLE, "policy")
    ),
]
