"""What happens in the account between two plans, without Terraform.

Each happening is a block: what happened is there inside it, and undone afterwards where it can be.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import boto3  # type: ignore[import-untyped]

from planspec.terraform import DEFAULT_REGION, Emulator

SERVICE = "classifier-production"
DATABASE = f"{SERVICE}-db"
_TASKS = {"cluster": SERVICE, "service": f"{SERVICE}-api"}
_BUCKET = f"{SERVICE}-images"


def client(service: str, emulator: Emulator) -> Any:
    """A client of one AWS service in the emulator."""
    session = boto3.Session("testing", "testing", region_name=DEFAULT_REGION)
    return session.client(service, endpoint_url=emulator.endpoint())


@contextlib.contextmanager
def unchanged(_: Emulator) -> Iterator[None]:
    """Nothing happened."""
    yield


@contextlib.contextmanager
def scaled_out(emulator: Emulator) -> Iterator[None]:
    """The load rose, and autoscaling runs as many tasks as it may."""
    ecs, scaling = client("ecs", emulator), client("application-autoscaling", emulator)
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    ecs.update_service(**_TASKS, desiredCount=target["MaxCapacity"])
    yield
    ecs.update_service(**_TASKS, desiredCount=target["MinCapacity"])


@contextlib.contextmanager
def changed_by_hand(emulator: Emulator) -> Iterator[None]:
    """Somebody looked for a fault: opened SSH, unprotected the database, and shared the images."""
    rds, s3 = client("rds", emulator), client("s3", emulator)
    block = s3.get_public_access_block(Bucket=_BUCKET)["PublicAccessBlockConfiguration"]
    _let_https_rule_begin_at(22, emulator)
    rds.modify_db_instance(
        DBInstanceIdentifier=DATABASE, BackupRetentionPeriod=1, DeletionProtection=False
    )
    s3.delete_public_access_block(Bucket=_BUCKET)
    yield
    s3.put_public_access_block(Bucket=_BUCKET, PublicAccessBlockConfiguration=block)
    rds.modify_db_instance(
        DBInstanceIdentifier=DATABASE, BackupRetentionPeriod=35, DeletionProtection=True
    )
    _let_https_rule_begin_at(443, emulator)


def _let_https_rule_begin_at(port: int, emulator: Emulator) -> None:
    """Change the rule that lets the internet reach the load balancer by HTTPS."""
    ec2 = client("ec2", emulator)
    every = ec2.describe_security_group_rules(Filters=_of_group("load-balancer", ec2))
    (rule,) = (
        each for each in every["SecurityGroupRules"] if not each["IsEgress"] and each["ToPort"] == 443
    )
    changed = {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": 443,
        "CidrIpv4": rule["CidrIpv4"],
        "Description": rule["Description"],
    }
    ec2.modify_security_group_rules(
        GroupId=rule["GroupId"],
        SecurityGroupRules=[
            {"SecurityGroupRuleId": rule["SecurityGroupRuleId"], "SecurityGroupRule": changed}
        ],
    )


@contextlib.contextmanager
def opened_by_hand(emulator: Emulator) -> Iterator[None]:
    """Somebody added a rule of their own: the database is open to the internet."""
    ec2 = client("ec2", emulator)
    (group,) = _of_group("postgresql", ec2)[0]["Values"]
    rule = {
        "GroupId": group,
        "IpPermissions": [
            {
                "IpProtocol": "tcp",
                "FromPort": 5432,
                "ToPort": 5432,
                "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
            }
        ],
    }
    ec2.authorize_security_group_ingress(**rule)
    yield
    ec2.revoke_security_group_ingress(**rule)


@contextlib.contextmanager
def minor_raised(emulator: Emulator) -> Iterator[None]:
    """RDS raised the minor version in the maintenance window; nothing takes that back."""
    rds = client("rds", emulator)
    (database,) = rds.describe_db_instances(DBInstanceIdentifier=DATABASE)["DBInstances"]
    rds.apply_pending_maintenance_action(
        ResourceIdentifier=database["DBInstanceArn"], ApplyAction="db-upgrade", OptInType="immediate"
    )
    yield


def _of_group(part: str, ec2: Any) -> list[dict[str, Any]]:
    """A filter for what is in one security group of the service."""
    named = [{"Name": "group-name", "Values": [f"{SERVICE}-{part}"]}]
    (group,) = ec2.describe_security_groups(Filters=named)["SecurityGroups"]
    return [{"Name": "group-id", "Values": [group["GroupId"]]}]
