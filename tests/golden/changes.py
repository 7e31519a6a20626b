"""Golden plans about what a change does to what exists: what is let in, allowed and guarded."""

import copy
import json
from typing import Any

from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.making import added, another, becomes
from tests.support.recipe_edits import Edit, found, known, left_out, planned_resources, together, unknown
from tests.support.values_and_marks import Document, put

GROUP = "aws_security_group.api"
RULE = "aws_vpc_security_group_ingress_rule.api_alb"
NETWORK = only("corrected", GROUP, RULE)
DATABASE = "aws_db_instance.main"
BUCKET = "aws_s3_bucket.images"
BLOCK = "aws_s3_bucket_public_access_block.images"
OWNERSHIP = "aws_s3_bucket_ownership_controls.images"
VERSIONING = "aws_s3_bucket_versioning.images"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration.images"
RULE_OF_ENCRYPTION = "rule[0].apply_server_side_encryption_by_default[0].sse_algorithm"
ROLE = "aws_iam_role.task"
POLICY = "aws_iam_role_policy.task"


def there(address: str, **values: Any) -> Edit:
    """The object exists and stays as it is; what AWS chose has these values."""

    def edit(plan: Document) -> None:
        becomes(address, "no-op")(plan)
        for attribute, value in values.items():
            for place in _states(plan, address):
                put(place, attribute, copy.deepcopy(value))

    return edit


def _states(plan: Document, address: str) -> list[Document]:
    changes = [each["change"] for each in found(plan, address)]
    planned = [each["values"] for each in planned_resources(plan, address)]
    return [state for each in changes for state in (each["before"], each["after"])] + planned


def was(address: str, path: str, value: Any) -> Edit:
    """Before the change this stood here."""

    def edit(plan: Document) -> None:
        for each in found(plan, address):
            put(each["change"]["before"], path, copy.deepcopy(value))
            each["change"]["actions"] = ["update"]

    return edit


def turns(address: str, path: str, value: Any) -> Edit:
    """The change writes this instead of what stood there."""
    return together(known(address, path, value), _updated(address))


def turns_unknown(address: str, path: str) -> Edit:
    """Apply decides what stands there."""
    return together(unknown(address, path), _updated(address))


def _updated(address: str) -> Edit:
    def edit(plan: Document) -> None:
        for each in found(plan, address):
            each["change"]["actions"] = ["update"]

    return edit


def said(*statements: Document) -> str:
    """A policy with these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, on: str = "arn:aws:s3:::images/*", **more: Any) -> Document:
    """One statement that allows these actions."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


NEW_POLICY = "aws_iam_role_policy.extra"


def new_policy(*statements: Document) -> Edit:
    """Another policy is given to the role, which exists."""
    return added(
        NEW_POLICY,
        {"name": "extra", "name_prefix": None, "policy": said(*statements), "role": "task"},
    )


GROUP_THERE = there(GROUP, id="sg-1", ingress=[])
RULE_THERE = there(
    RULE,
    id="sgr-1",
    security_group_id="sg-1",
    referenced_security_group_id=None,
    cidr_ipv4="10.0.0.0/16",
    from_port=8000,
    to_port=8000,
)
NET = (GROUP_THERE, RULE_THERE)


def new_rule(source: str, first: int = 8000, last: int = 8000) -> Edit:
    """A further rule for the group, which exists."""
    return added(
        "aws_vpc_security_group_ingress_rule.extra",
        {
            "cidr_ipv4": source,
            "cidr_ipv6": None,
            "description": None,
            "from_port": first,
            "ip_protocol": "tcp",
            "prefix_list_id": None,
            "referenced_security_group_id": None,
            "to_port": last,
        },
        refers={"security_group_id": [f"{GROUP}.id", GROUP]},
    )


def older_rule(**values: Any) -> Edit:
    """A further rule as it was written before rules had resources of their own."""
    usual = {
        "cidr_blocks": ["192.0.2.0/24"],
        "from_port": 8000,
        "ipv6_cidr_blocks": None,
        "prefix_list_ids": None,
        "protocol": "tcp",
        "self": False,
        "to_port": 8000,
        "type": "ingress",
    }
    refers = {"security_group_id": [f"{GROUP}.id", GROUP]}
    return added("aws_security_group_rule.extra", usual | values, refers=refers)


def becomes_gone(address: str) -> Edit:
    """Destroy an object that exists already."""

    def edit(plan: Document) -> None:
        before = [copy.deepcopy(each["change"]["before"]) for each in found(plan, address)]
        becomes(address, "delete")(plan)
        for each, known_before in zip(found(plan, address), before, strict=True):
            each["change"]["before"] = known_before

    return edit


BUCKETS = only("corrected", BUCKET, BLOCK, OWNERSHIP, VERSIONING, ENCRYPTION)
BUCKET_THERE = (
    there(BUCKET, id="images"),
    *(there(each, id="images", bucket="images") for each in (BLOCK, OWNERSHIP, VERSIONING, ENCRYPTION)),
)
DATABASES = only("corrected", DATABASE)
DATABASE_THERE = there(DATABASE, id="db-1", identifier="main")
ROLES = only("corrected", ROLE, POLICY)
ROLE_THERE = there(ROLE, id="task", name="task")
MANAGED = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
INLINE = {"name": "more", "policy": said(allow("sqs:SendMessage", on="*"))}
HAD = said(allow("s3:Get*", "s3:PutObject"))


def policy_there(text: str) -> Edit:
    """The role has this policy."""
    return there(POLICY, id="task:task", role="task", policy=text)


RIGHTS = (ROLE_THERE, policy_there(HAD))
DENY = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"}

SCENARIOS = [
    Scenario("CHG-11.1", NETWORK)
    .satisfied("everything is new")
    .satisfied("untouched", *NET)
    .satisfied("a part of it", *NET, turns(RULE, "cidr_ipv4", "10.0.3.0/24"))
    .satisfied(
        "the same in two rules",
        *NET,
        *(
            turns(RULE, "cidr_ipv4", "10.0.0.0/17"),
            new_rule("10.0.128.0/17"),
            was(RULE, "cidr_ipv4", "10.0.0.0/16"),
        ),
    )
    .satisfied(
        "two halves become one",
        *NET,
        *(
            was(RULE, "cidr_ipv4", "10.0.0.0/17"),
            another(RULE, "half"),
            was("aws_vpc_security_group_ingress_rule.half", "cidr_ipv4", "10.0.128.0/17"),
        ),
    )
    .satisfied("fewer ports", *NET, was(RULE, "to_port", 9000))
    .satisfied("a rule goes", *NET, becomes_gone(RULE))
    .violated("a wider range", *NET, turns(RULE, "cidr_ipv4", "10.0.0.0/8"))
    .violated("the internet", *NET, turns(RULE, "cidr_ipv4", "0.0.0.0/0"))
    .violated("another port", *NET, turns(RULE, "to_port", 8001))
    .violated("every protocol", *NET, turns(RULE, "ip_protocol", "-1"))
    .violated("a rule more", *NET, new_rule("192.0.2.0/24"))
    .violated("an older rule", *NET, older_rule())
    .satisfied("an older rule that lets out", *NET, older_rule(type="egress"))
    .satisfied("the same as an older rule", *NET, older_rule(cidr_blocks=["10.0.7.0/24"], protocol="6"))
    .violated("itself", *NET, older_rule(cidr_blocks=[], self=True))
    .violated(
        "another protocol by its number", *NET, older_rule(cidr_blocks=["10.0.7.0/24"], protocol="17")
    )
    .violated(
        "every protocol by its name", *NET, older_rule(cidr_blocks=["10.0.7.0/24"], protocol="all")
    )
    .undetermined("a group's rules known after apply", *NET, turns_unknown(GROUP, "ingress"))
    .violated(
        "a block in the group",
        *NET,
        turns(
            GROUP,
            "ingress",
            [
                {
                    "cidr_blocks": [],
                    "description": "",
                    "from_port": 22,
                    "ipv6_cidr_blocks": ["::/0"],
                    "prefix_list_ids": [],
                    "protocol": "tcp",
                    "security_groups": [],
                    "self": False,
                    "to_port": 22,
                }
            ],
        ),
    )
    .violated("another group as source", *NET, turns(RULE, "referenced_security_group_id", "sg-2"))
    .undetermined("range known after apply", *NET, turns_unknown(RULE, "cidr_ipv4"))
    .undetermined("port known after apply", *NET, turns_unknown(RULE, "to_port")),
    Scenario("CHG-11.2", only("corrected", BUCKET, BLOCK, OWNERSHIP, DATABASE))
    .satisfied("everything is new")
    .satisfied("stays private", DATABASE_THERE)
    .satisfied("becomes private", DATABASE_THERE, was(DATABASE, "publicly_accessible", True))
    .satisfied(
        "owned more strictly",
        *BUCKET_THERE[:1],
        BUCKET_THERE[2],
        was(OWNERSHIP, "rule[0].object_ownership", "ObjectWriter"),
    )
    .satisfied(
        "another block takes over",
        BUCKET_THERE[0],
        BUCKET_THERE[1],
        another(BLOCK, "second"),
        becomes_gone(BLOCK),
    )
    .violated("a public database", DATABASE_THERE, turns(DATABASE, "publicly_accessible", True))
    .violated("an open bucket", *BUCKET_THERE[:2], turns(BLOCK, "restrict_public_buckets", False))
    .violated("the block goes", *BUCKET_THERE[:2], becomes_gone(BLOCK))
    .violated(
        "owned less strictly",
        *BUCKET_THERE[:1],
        BUCKET_THERE[2],
        turns(OWNERSHIP, "rule[0].object_ownership", "ObjectWriter"),
    )
    .undetermined("known after apply", DATABASE_THERE, turns_unknown(DATABASE, "publicly_accessible")),
    Scenario("CHG-12.1", ROLES)
    .satisfied("everything is new")
    .satisfied("untouched", *RIGHTS)
    .satisfied(
        "a part of it",
        *RIGHTS,
        turns(POLICY, "policy", said(allow("s3:getobject", on="arn:aws:s3:::images/a"))),
    )
    .satisfied(
        "moved to another policy",
        *RIGHTS,
        turns(POLICY, "policy", said(allow("s3:PutObject"))),
        new_policy(allow("s3:Get*")),
    )
    .satisfied(
        "only on a condition",
        *RIGHTS,
        turns(
            POLICY, "policy", said(allow("s3:Get*", Condition={"Bool": {"aws:SecureTransport": "true"}}))
        ),
    )
    .satisfied("one denial more", *RIGHTS, turns(POLICY, "policy", said(allow("s3:Get*"), DENY)))
    .violated("another action", *RIGHTS, turns(POLICY, "policy", said(allow("s3:DeleteObject"))))
    .violated("every action", *RIGHTS, turns(POLICY, "policy", said(allow("s3:*"))))
    .violated("on everything", *RIGHTS, turns(POLICY, "policy", said(allow("s3:Get*", on="*"))))
    .violated("another policy", *RIGHTS, new_policy(allow("sqs:SendMessage", on="*")))
    .violated(
        "no condition any more",
        ROLE_THERE,
        policy_there(said(allow("s3:Get*", Condition={"Bool": {"aws:SecureTransport": "true"}}))),
        turns(POLICY, "policy", HAD),
    )
    .violated(
        "a denial less",
        ROLE_THERE,
        policy_there(said(allow("s3:*"), DENY)),
        turns(POLICY, "policy", said(allow("s3:*"))),
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
        added("aws_iam_policy.extra", {"name": "extra", "policy": said(allow("sqs:*", on="*"))}),
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
    Scenario("CHG-13.1", only("corrected", BUCKET, ENCRYPTION, DATABASE))
    .satisfied("everything is new")
    .satisfied("stays encrypted", DATABASE_THERE)
    .satisfied("becomes encrypted", DATABASE_THERE, was(DATABASE, "storage_encrypted", False))
    .violated("a plain database", DATABASE_THERE, turns(DATABASE, "storage_encrypted", False))
    .violated(
        "a weaker key",
        *BUCKET_THERE[:1],
        BUCKET_THERE[4],
        was(ENCRYPTION, RULE_OF_ENCRYPTION, "aws:kms"),
        turns(ENCRYPTION, RULE_OF_ENCRYPTION, "AES256"),
    )
    .violated("the rule goes", *BUCKET_THERE[:1], BUCKET_THERE[4], becomes_gone(ENCRYPTION))
    .undetermined(
        "no longer set",
        DATABASE_THERE,
        together(left_out(DATABASE, "storage_encrypted"), was(DATABASE, "storage_encrypted", True)),
    )
    .undetermined("known after apply", DATABASE_THERE, turns_unknown(DATABASE, "storage_encrypted")),
    Scenario("CHG-13.2", only("corrected", BUCKET, VERSIONING, DATABASE))
    .satisfied("everything is new")
    .satisfied("more days", DATABASE_THERE, was(DATABASE, "backup_retention_period", 7))
    .violated("fewer days", DATABASE_THERE, turns(DATABASE, "backup_retention_period", 34))
    .violated("unprotected", DATABASE_THERE, turns(DATABASE, "deletion_protection", False))
    .violated("no final snapshot", DATABASE_THERE, turns(DATABASE, "skip_final_snapshot", True))
    .violated(
        "versions suspended",
        *BUCKET_THERE[:1],
        BUCKET_THERE[3],
        turns(VERSIONING, "versioning_configuration[0].status", "Suspended"),
    )
    .violated("versioning goes", *BUCKET_THERE[:1], BUCKET_THERE[3], becomes_gone(VERSIONING))
    .undetermined(
        "known after apply", DATABASE_THERE, turns_unknown(DATABASE, "backup_retention_period")
    ),
]
