"""What rows are made of: steps, and resources in the shapes that matter."""

import json
from typing import Any

from tests.support.plans import block, refers, resource

BUCKETS = 'When we examine every planned "aws_s3_bucket"'
DATABASES = 'When we examine every planned "aws_db_instance"'
NETWORKS = "When we examine every planned security group ingress rule"
ONLY_BALANCERS = "Then internet ingress must be limited to load balancers on approved ports"
VERSIONED = (
    "When we examine every planned S3 bucket",
    "Then versioning must be enabled",
)
ENCRYPTED = (DATABASES, 'Then every "storage_encrypted" must be "true"')
SKIPPED = "skips, exit 0"
PASSES = "passes, exit 0"
ERROR = "errors, exit 1"


def group(*ingress: dict[str, Any], module: str = "", name: str = "g") -> dict[str, Any]:
    """A security group with blocks inside it."""
    return resource("aws_security_group", name, module=module, id=..., ingress=list(ingress), egress=[])


def way(*sources: Any, port: int = 22) -> dict[str, Any]:
    """One block of a security group; a source with a colon is IPv6."""
    six = [each for each in sources if isinstance(each, str) and ":" in each]
    return {
        "cidr_blocks": [each for each in sources if each not in six],
        "ipv6_cidr_blocks": six,
        "from_port": port,
        "to_port": port,
        "protocol": "tcp",
        "prefix_list_ids": [],
        "security_groups": [],
        "self": False,
        "description": "",
    }


def ssh(kind: str, **more: Any) -> dict[str, Any]:
    """SSH open to the world, as a resource of its own."""
    sides: dict[str, Any] = (
        {"cidr_ipv4": "0.0.0.0/0", "cidr_ipv6": None, "ip_protocol": "tcp"}
        if kind.startswith("aws_vpc")
        else {"cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": None, "protocol": "tcp"}
    )
    return resource(
        kind, "ssh", **(sides | {"from_port": 22, "to_port": 22, "security_group_id": ...} | more)
    )


def bucket(where: str = "", **more: Any) -> dict[str, Any]:
    """A bucket that the plan makes."""
    return resource("aws_s3_bucket", "b", module=where, **({"bucket": ..., "id": ...} | more))


def versioning(where: str = "", **more: Any) -> dict[str, Any]:
    """Versioning, switched on."""
    values: dict[str, Any] = {"bucket": ..., "versioning_configuration": [{"status": "Enabled"}]} | more
    return resource("aws_s3_bucket_versioning", "v", module=where, **values)


BUCKET_BLOCKS = (
    block("aws_s3_bucket", "b"),
    block(
        "aws_s3_bucket_versioning",
        "v",
        bucket=refers("aws_s3_bucket.b.id", "aws_s3_bucket.b"),
        count=refers("var.versioned"),
    ),
)


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """An IAM policy with these statements."""
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return resource("aws_iam_policy", "p", policy=text)


def allow(action: Any, on: Any = "arn:aws:s3:::b") -> dict[str, Any]:
    """A statement that allows an action on something."""
    return {"Effect": "Allow", "Action": action, "Resource": on}


POLICIES = 'When we examine every planned "aws_iam_policy"'
NO_WILD_ACTION = 'Then every "policy.Statement[*].Action[*]" must not contain "*"'
NO_WILD_RESOURCE = 'Then every "policy.Statement[*].Resource[*]" must not contain "*"'
DATABASE = resource(
    "aws_db_instance", "d", storage_encrypted=False, engine_version="13.10", kms_key_id=None
)
UNSET = resource("aws_db_instance", "d", storage_encrypted=None, backup_retention_period=None)


def thing(name: str = "x", /, **after: Any) -> dict[str, Any]:
    """A resource of no particular type."""
    return resource("aws_thing", name, **after)


THINGS = 'When we examine every planned "aws_thing"'
