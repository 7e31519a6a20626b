"""Does the emulator refuse what AWS refuses, with its code and its words, and take the rest?

The real client of AWS asks. Each case is a request that AWS refuses and one beside it that it takes.
"""

from collections.abc import Iterator
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from planspec.terraform import DEFAULT_REGION, running

Client = Any
INVALID = "InvalidParameterCombination"
TOO_SMALL = (
    "You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400."
)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """One emulator for all tests here; each takes names of its own."""
    with running() as found:
        yield found


def client(service: str, endpoint: str) -> Client:
    """A client of one AWS service in the emulator."""
    session = boto3.Session("testing", "testing", region_name=DEFAULT_REGION)
    return session.client(service, endpoint_url=endpoint)


@pytest.fixture(scope="module")
def rds(endpoint: str) -> Client:
    """A client of RDS, with a parameter group of each family."""
    found = client("rds", endpoint)
    for family in ("postgres13", "postgres16"):
        found.create_db_parameter_group(
            DBParameterGroupName=f"own-{family}", DBParameterGroupFamily=family, Description="own"
        )
    return found


def refused(call: Any, **request: Any) -> tuple[str, str]:
    """The code and the words of a refusal."""
    with pytest.raises(ClientError) as told:
        call(**request)
    return told.value.response["Error"]["Code"], told.value.response["Error"]["Message"]


def make(rds: Client, name: str, version: str = "16", **more: Any) -> dict[str, Any]:
    """Create a PostgreSQL database of 20 GB."""
    request = {
        "DBInstanceIdentifier": name,
        "DBInstanceClass": "db.t4g.medium",
        "Engine": "postgres",
        "EngineVersion": version,
        "AllocatedStorage": 20,
        "MasterUsername": "owner",
        "MasterUserPassword": "emulated-password",
    }
    made: dict[str, Any] = rds.create_db_instance(**{**request, **more})["DBInstance"]
    return made


@pytest.mark.parametrize("version", ["16.8", "16.4", "16.0", "16.99", "17.4", "18.9"])
def test_a_version_that_rds_has_withdrawn_or_never_had_is_not_created(rds: Client, version: str) -> None:
    told = refused(lambda: make(rds, "withdrawn", version))
    assert told == (INVALID, f"Cannot find version {version} for postgres")


@pytest.mark.parametrize(
    ("version", "runs"), [("16", "16.13"), ("16.12", "16.12"), ("18.3", "18.3"), ("13.15", "13.15")]
)
def test_other_versions_are_created(rds: Client, version: str, runs: str) -> None:
    assert make(rds, f"of-{version.replace('.', '-')}", version)["EngineVersion"] == runs


def test_a_parameter_group_of_another_family_is_refused_wherever_it_is_asked_for(rds: Client) -> None:
    def words(of: str, wanted: str) -> tuple[str, str]:
        return INVALID, (
            f"The parameter group {of} can't be used for this instance. Use a parameter group with"
            f" DBParameterGroupFamily {wanted}."
        )

    sixteen = "own-postgres16 with DBParameterGroupFamily postgres16"
    thirteen = "own-postgres13 with DBParameterGroupFamily postgres13"
    group = {"DBParameterGroupName": "own-postgres16"}
    assert refused(lambda: make(rds, "family", "13.15", **group)) == words(sixteen, "postgres13")
    make(rds, "family", "13.15", DBParameterGroupName="own-postgres13")
    rds.create_db_snapshot(DBInstanceIdentifier="family", DBSnapshotIdentifier="family-copy")
    restore = {"DBSnapshotIdentifier": "family-copy", "DBInstanceIdentifier": "family-restored"}
    told = refused(rds.restore_db_instance_from_db_snapshot, **restore, **group)
    assert told == words(sixteen, "postgres13")
    change = {"DBInstanceIdentifier": "family", "ApplyImmediately": True}
    assert refused(rds.modify_db_instance, **change, **group) == words(sixteen, "postgres13")
    up = {**change, "EngineVersion": "16", "AllowMajorVersionUpgrade": True}
    told = refused(rds.modify_db_instance, **up, DBParameterGroupName="own-postgres13")
    assert told == words(thirteen, "postgres16")
    # With the group of its own version it is restored, and then raised together with its group.
    restored = rds.restore_db_instance_from_db_snapshot(**restore, DBParameterGroupName="own-postgres13")
    assert restored["DBInstance"]["EngineVersion"] == "13.15"
    raised = rds.modify_db_instance(**up, **group)["DBInstance"]
    assert raised["EngineVersion"] == "16.13"
    assert [each["DBParameterGroupName"] for each in raised["DBParameterGroups"]] == ["own-postgres16"]


def test_a_major_version_is_allowed_first_and_leaves_no_group_of_ones_own_behind(rds: Client) -> None:
    make(rds, "major", "13.15", DBParameterGroupName="own-postgres13")
    up = {"DBInstanceIdentifier": "major", "EngineVersion": "16", "ApplyImmediately": True}
    assert refused(rds.modify_db_instance, **up, DBParameterGroupName="own-postgres16") == (
        INVALID,
        "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.",
    )
    code, words = refused(rds.modify_db_instance, **up, AllowMajorVersionUpgrade=True)
    assert code == INVALID
    assert words.startswith("The current DB instance parameter group own-postgres13 is custom. You must")


def test_a_default_group_exists_for_each_family_and_follows_a_new_major_version(rds: Client) -> None:
    make(rds, "default", "13.15", DBParameterGroupName="default.postgres13")
    up = {"EngineVersion": "16", "AllowMajorVersionUpgrade": True, "ApplyImmediately": True}
    raised = rds.modify_db_instance(DBInstanceIdentifier="default", **up)["DBInstance"]
    names = [each["DBParameterGroupName"] for each in raised["DBParameterGroups"]]
    assert names == ["default.postgres16"]
    make(rds, "to-default", "13.15", DBParameterGroupName="own-postgres13")
    given = rds.modify_db_instance(
        DBInstanceIdentifier="to-default", DBParameterGroupName="default.postgres16", **up
    )
    names = [each["DBParameterGroupName"] for each in given["DBInstance"]["DBParameterGroups"]]
    assert names == ["default.postgres16"]


@pytest.mark.parametrize("version", ["16.12", "15", "16.14", "17.4"])
def test_no_version_goes_back_or_to_one_that_rds_has_not(rds: Client, version: str) -> None:
    name = f"back-{version.replace('.', '-')}"
    make(rds, name)
    change = {"EngineVersion": version, "AllowMajorVersionUpgrade": True}
    told = refused(rds.modify_db_instance, DBInstanceIdentifier=name, **change)
    assert told == (INVALID, f"Cannot upgrade postgres from 16.13 to {version}")


def test_rds_raises_a_minor_version_and_the_major_one_still_names_it(rds: Client) -> None:
    arn = make(rds, "raised")["DBInstanceArn"]
    rds.apply_pending_maintenance_action(
        ResourceIdentifier=arn, ApplyAction="db-upgrade", OptInType="immediate"
    )
    change = {"DBInstanceIdentifier": "raised", "EngineVersion": "16"}
    assert rds.modify_db_instance(**change)["DBInstance"]["EngineVersion"] == "16.14"
    told = refused(rds.modify_db_instance, **{**change, "EngineVersion": "16.13"})
    assert told == (INVALID, "Cannot upgrade postgres from 16.14 to 16.13")


@pytest.mark.parametrize(
    ("disk", "words"),
    [
        (
            {"AllocatedStorage": 399, "Iops": 3000},
            TOO_SMALL,
        ),
        (
            {"AllocatedStorage": 20, "StorageThroughput": 125},
            TOO_SMALL,
        ),
        (
            {"AllocatedStorage": 400, "Iops": 3000},
            "Invalid iops value for engine name postgres and storage type gp3: 3000",
        ),
        (
            {"AllocatedStorage": 400, "StorageThroughput": 4001},
            "Invalid storage throughput value for engine name postgres and storage type gp3: 4001",
        ),
        ({"StorageType": "io1"}, "The storage type io1 requires iops to be specified."),
        (
            {"StorageType": "io1", "AllocatedStorage": 10000, "Iops": 3000},
            (
                "Invalid iops to max storage (GB) ratio for engine name postgres and storage type io1:"
                " 0.3000"
            ),
        ),
    ],
    ids=["small", "throughput", "large", "too fast", "io1", "ratio"],
)
def test_a_disk_gets_no_performance_that_its_size_does_not_have(
    rds: Client, disk: dict[str, Any], words: str
) -> None:
    assert refused(lambda: make(rds, "disk", **{"StorageType": "gp3", **disk})) == (INVALID, words)


@pytest.mark.parametrize(
    ("disk", "has"),
    [
        ({"AllocatedStorage": 399}, (3000, 125)),
        ({"AllocatedStorage": 400}, (12000, 500)),
        ({"AllocatedStorage": 400, "Iops": 16000, "StorageThroughput": 800}, (16000, 800)),
    ],
    ids=["small", "large", "chosen"],
)
def test_a_gp3_disk_has_what_its_size_has_or_what_was_chosen(
    rds: Client, disk: dict[str, Any], has: tuple[int, int]
) -> None:
    made = make(rds, f"gp3-{has[0]}", StorageType="gp3", **disk)
    assert (made["Iops"], made["StorageThroughput"]) == has


def test_the_instance_of_a_cluster_and_other_engines_are_made_and_changed(rds: Client) -> None:
    cluster = {"DBClusterIdentifier": "cluster", "Engine": "aurora-postgresql"}
    rds.create_db_cluster(**cluster, MasterUsername="owner", MasterUserPassword="emulated-password")
    member = {"DBInstanceIdentifier": "member", "DBInstanceClass": "db.t4g.medium"}
    rds.create_db_instance(**member, **cluster)
    rds.modify_db_instance(DBInstanceIdentifier="member", MonitoringInterval=0)
    for engine, version, group in (
        ("sqlserver-ex", "15.00", "default:sqlserver-ex-15-00"),
        ("mysql", "8.4.9", "default:mysql-8-4"),
    ):
        made = make(rds, engine, version, Engine=engine)
        assert [each["OptionGroupName"] for each in made["OptionGroupMemberships"]] == [group]


def test_a_disk_is_never_made_smaller(rds: Client) -> None:
    make(rds, "smaller", StorageType="gp3", AllocatedStorage=400)
    told = refused(rds.modify_db_instance, DBInstanceIdentifier="smaller", AllocatedStorage=50)
    words = "Invalid storage size for engine name postgres and storage type gp3: 50"
    assert told == (INVALID, words)


def test_a_restored_disk_that_becomes_gp3_has_what_its_size_has(rds: Client) -> None:
    make(rds, "fast", StorageType="io1", AllocatedStorage=400, Iops=3000)
    rds.create_db_snapshot(DBInstanceIdentifier="fast", DBSnapshotIdentifier="fast-copy")
    restored = rds.restore_db_instance_from_db_snapshot(
        DBSnapshotIdentifier="fast-copy", DBInstanceIdentifier="fast-restored", StorageType="gp3"
    )["DBInstance"]
    assert (restored["Iops"], restored["StorageThroughput"]) == (12000, 500)


def test_no_two_databases_have_one_name(rds: Client) -> None:
    make(rds, "first")
    make(rds, "second")
    rename = {"DBInstanceIdentifier": "second", "NewDBInstanceIdentifier": "first"}
    code = "DBInstanceAlreadyExists"
    assert refused(lambda: make(rds, "first"))[0] == code
    assert refused(rds.modify_db_instance, **rename)[0] == code
    rds.modify_db_instance(**{**rename, "NewDBInstanceIdentifier": "third"})
    assert refused(lambda: make(rds, "third"))[0] == code


def test_a_parameter_group_in_use_is_not_deleted(rds: Client) -> None:
    group = {"DBParameterGroupName": "used"}
    rds.create_db_parameter_group(**group, DBParameterGroupFamily="postgres16", Description="used")
    make(rds, "user", **group)
    assert refused(rds.delete_db_parameter_group, **group) == (
        "InvalidDBParameterGroupState",
        (
            "One or more database instances are still members of this parameter group used, so the group"
            " cannot be deleted"
        ),
    )
    rds.delete_db_instance(DBInstanceIdentifier="user", SkipFinalSnapshot=True)
    rds.delete_db_parameter_group(**group)


def test_a_subnet_group_keeps_the_subnet_that_a_database_stands_in(rds: Client, endpoint: str) -> None:
    subnets = client("ec2", endpoint).describe_subnets()["Subnets"]
    tier: dict[str, list[str]] = {"public": [], "private": []}
    for each in sorted(subnets, key=lambda each: each["AvailabilityZone"]):
        for tag in each.get("Tags", []):
            if tag["Key"] == "Tier":
                tier[tag["Value"]].append(each["SubnetId"])
    group = {"DBSubnetGroupName": "public"}
    rds.create_db_subnet_group(**group, SubnetIds=tier["public"], DBSubnetGroupDescription="public")
    make(rds, "standing", **group)
    told = refused(rds.modify_db_subnet_group, **group, SubnetIds=tier["private"])
    words = f"Some of the subnets to be deleted are currently in use: {tier['public'][0]}"
    assert told == ("SubnetAlreadyInUse", words)
    rds.modify_db_subnet_group(**group, SubnetIds=[*tier["private"], tier["public"][0]])
    (kept,) = rds.describe_db_subnet_groups(**group)["DBSubnetGroups"]
    assert len(kept["Subnets"]) == len(tier["private"]) + 1
    assert refused(rds.delete_db_subnet_group, **group) == (
        "InvalidDBSubnetGroupStateFault",
        (
            "Cannot delete the subnet group 'public' because at least one database instance: standing is"
            " still using it."
        ),
    )
    rds.create_db_subnet_group(
        DBSubnetGroupName="other", SubnetIds=tier["private"], DBSubnetGroupDescription="other"
    )
    move = {"DBInstanceIdentifier": "standing", "DBSubnetGroupName": "other"}
    code, words = refused(rds.modify_db_instance, **move)
    assert code == "InvalidVPCNetworkStateFault"
    assert words.startswith("You cannot move DB instance standing to subnet group other.")


@pytest.fixture
def ecs(endpoint: str) -> Client:
    """A client of ECS with a cluster, and two revisions of a task: the first one deregistered."""
    found = client("ecs", endpoint)
    found.create_cluster(clusterName="main")
    arns = [
        found.register_task_definition(
            family="api", containerDefinitions=[{"name": "api", "image": "api", "memory": 128}]
        )["taskDefinition"]["taskDefinitionArn"]
        for _ in range(2)
    ]
    found.deregister_task_definition(taskDefinition=arns[0])
    found.gone, found.there = arns
    return found


def test_a_deregistered_task_definition_starts_nothing_and_goes_on_where_it_runs(ecs: Client) -> None:
    service = {"cluster": "main", "serviceName": "api", "desiredCount": 1}
    inactive = ("ClientException", "TaskDefinition is inactive")
    assert refused(ecs.create_service, **service, taskDefinition=ecs.gone) == inactive
    assert refused(ecs.run_task, cluster="main", taskDefinition=ecs.gone) == (
        "InvalidParameterException",
        "TaskDefinition is inactive",
    )
    ecs.create_service(**service, taskDefinition=ecs.there)
    update = {"cluster": "main", "service": "api"}
    assert refused(ecs.update_service, **update, taskDefinition=ecs.gone) == inactive
    ecs.deregister_task_definition(taskDefinition=ecs.there)
    scaled = ecs.update_service(**update, desiredCount=3)["service"]
    assert (scaled["desiredCount"], scaled["taskDefinition"]) == (3, ecs.there)
    assert refused(ecs.create_service, **service, taskDefinition=ecs.there) == (
        "InvalidParameterException",
        "Creation of service was not idempotent.",
    )


def test_load_balancers_and_target_groups_have_names_of_their_own(endpoint: str) -> None:
    balancers = client("elbv2", endpoint)
    subnets = client("ec2", endpoint).describe_subnets()["Subnets"]
    balancer = {"Name": "web", "Subnets": [each["SubnetId"] for each in subnets[:2]]}
    balancers.create_load_balancer(**balancer)
    assert refused(balancers.create_load_balancer, **balancer, Scheme="internal") == (
        "DuplicateLoadBalancerName",
        "A load balancer with the same name 'web' exists, but with different settings",
    )
    group = {"Name": "web", "Protocol": "HTTP", "Port": 80, "VpcId": subnets[0]["VpcId"]}
    balancers.create_target_group(**group)
    told = refused(balancers.create_target_group, **{**group, "Port": 81})
    assert told[0] == "DuplicateTargetGroupName"


def test_the_name_of_a_secret_comes_free_when_its_days_of_grace_are_over(endpoint: str) -> None:
    secrets = client("secretsmanager", endpoint)
    secret = {"Name": "database", "SecretString": "emulated"}
    secrets.create_secret(**secret)
    assert refused(secrets.create_secret, **secret)[0] == "ResourceExistsException"
    secrets.delete_secret(SecretId="database", RecoveryWindowInDays=7)
    assert refused(secrets.create_secret, **secret) == (
        "InvalidRequestException",
        (
            "You can't create this secret because a secret with this name is already scheduled for"
            " deletion."
        ),
    )
    secrets.delete_secret(SecretId="database", ForceDeleteWithoutRecovery=True)
    secrets.create_secret(**secret)
