"""What RDS refuses and moto takes, with the codes and the words of RDS.

The words are those that people were answered: each refusal names a public issue that quotes them.
"""

from typing import Any

from moto.rds.exceptions import DBInstanceAlreadyExists, RDSClientError
from moto.rds.responses import RDSResponse

from planspec.terraform.emulator.database_facts import GP3, family, is_offered, major, numbers
from planspec.terraform.emulator.gaps import Answer, check_first

# Operations for each GiB of an io1 disk. Amazon RDS User Guide, "Provisioned IOPS SSD storage".
_LEAST_RATIO, _MOST_RATIO = 0.5, 50


def refuse_what_rds_refuses() -> None:
    """Put every refusal into place. Called once, before the server answers."""
    checks: dict[str, tuple[Answer, ...]] = {
        "create_db_instance": (_version_to_create, _group_to_create, _disk_to_create),
        "restore_db_instance_from_db_snapshot": (_group_to_restore, _disk_to_restore),
        "modify_db_instance": (
            _new_name,
            _version_to_run,
            _group_to_change,
            _subnets_to_move_to,
            _disk_to_change,
        ),
        "delete_db_parameter_group": (_parameter_group_in_use,),
        "modify_db_subnet_group": (_subnets_in_use,),
        "delete_db_subnet_group": (_subnet_group_in_use,),
    }
    for action, every in checks.items():
        check_first(RDSResponse, action, *every)


def _wrong_combination(words: str) -> RDSClientError:
    return RDSClientError("InvalidParameterCombination", words)


def _version_to_create(self: Any) -> None:
    """Quoted in anomalyco/sst issue 6195: 16.4, in the month in which RDS withdrew it."""
    engine, version = self.params.get("Engine"), self.params.get("EngineVersion")
    if version and not is_offered(engine, version):
        raise _wrong_combination(f"Cannot find version {version} for {engine}")


def _version_to_run(self: Any) -> None:
    """Quoted in ministryofjustice/cloud-platform-environments pull request 25855: 15.7 to 15.5.

    That a major version has to be allowed: hashicorp/terraform-provider-aws issue 13389.
    """
    database, asked = _database(self), self.params.get("EngineVersion")
    if not asked or asked == database.engine_version:
        return
    engine, running = database.engine, database.engine_version
    before, after = major(engine, running), major(engine, asked)
    back = after < before or (after == before and after != numbers(asked) < numbers(running))
    if back or not is_offered(engine, asked):
        raise _wrong_combination(f"Cannot upgrade {engine} from {running} to {asked}")
    if after > before and self.params.get("AllowMajorVersionUpgrade") is not True:
        raise _wrong_combination(
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."
        )


def _group_to_create(self: Any) -> None:
    _fits(self, self.params.get("Engine"), self.params.get("EngineVersion") or "")


def _group_to_restore(self: Any) -> None:
    """A restored database runs the version of its snapshot: its group has to be of that family."""
    name = self.params.get("DBSnapshotIdentifier")
    for snapshot in self.backend.describe_db_snapshots(None, name):
        _fits(self, snapshot.engine, snapshot.engine_version)


def _group_to_change(self: Any) -> None:
    """A new major version needs a group of its family (Amazon RDS API, ModifyDBInstance, EngineVersion).

    The words for a group of one's own are those for a cluster, quoted in aws/aws-cli issue 5939.
    """
    database, asked = _database(self), self.params.get("EngineVersion")
    engine, version = database.engine, asked or database.engine_version
    _fits(self, engine, version)
    own, current = self.params.get("DBParameterGroupName"), database.db_parameter_group_name
    stays = current and not own and not current.startswith("default.")
    if stays and major(engine, version) != major(engine, database.engine_version):
        raise _wrong_combination(
            f"The current DB instance parameter group {current} is custom. You must explicitly specify a"
            " new DB instance parameter group, either default or custom, for the engine version upgrade."
        )


def _fits(self: Any, engine: str, version: str) -> None:
    """Whether the parameter group that is asked for is of the version's family.

    Quoted in mattermost/mattermost-load-test-ng pull request 707.
    """
    name = self.params.get("DBParameterGroupName") or ""
    known = self.backend.db_parameter_groups.get(name)
    found = known.family if known else name.removeprefix("default.")
    wanted = family(engine, version)
    if wanted and name and found != wanted:
        raise _wrong_combination(
            f"The parameter group {name} with DBParameterGroupFamily {found} can't be used for this"
            f" instance. Use a parameter group with DBParameterGroupFamily {wanted}."
        )


def _disk_to_create(self: Any) -> None:
    _disk(self, self.params.get("Engine"), None)


def _disk_to_restore(self: Any) -> None:
    for snapshot in self.backend.describe_db_snapshots(None, self.params.get("DBSnapshotIdentifier")):
        _disk(self, snapshot.engine, snapshot.database)


def _disk_to_change(self: Any) -> None:
    """No disk becomes smaller. Quoted in the runbooks of Turbot Guardrails, "Invalid storage size"."""
    database, size = _database(self), self.params.get("AllocatedStorage")
    kind = self.params.get("StorageType") or database.storage_type
    if size and int(size) < int(database.allocated_storage):
        raise _wrong_combination(
            f"Invalid storage size for engine name {database.engine} and storage type {kind}: {size}"
        )
    _disk(self, database.engine, database)


def _disk(self: Any, engine: str, before: Any) -> None:
    """Whether the operations and the throughput asked for go with the kind and the size of the disk."""
    operations = int(self.params.get("Iops") or 0)
    throughput = int(self.params.get("StorageThroughput") or 0)
    old = getattr(before, "storage_type", "")
    kind = self.params.get("StorageType") or old
    size = int(self.params.get("AllocatedStorage") or getattr(before, "allocated_storage", 0) or 0)
    if kind == "gp3" and (operations or throughput):
        _general_purpose(engine, size, operations, throughput)
    if kind in ("io1", "io2") and kind != old and not operations:
        # Quoted in terraform-community-modules/tf_aws_rds issue 22.
        raise _wrong_combination(f"The storage type {kind} requires iops to be specified.")
    if kind == "io1" and operations and size and not _LEAST_RATIO <= operations / size <= _MOST_RATIO:
        # Quoted in ministryofjustice/cloud-platform-environments pull request 3972.
        raise _wrong_combination(
            f"Invalid iops to max storage (GB) ratio for engine name {engine} and storage type io1:"
            f" {operations / size:.4f}"
        )


def _general_purpose(engine: str, size: int, operations: int, throughput: int) -> None:
    """Quoted in cloudtools/troposphere issue 2141 for small disks.

    For others the words of RDS are known for the throughput; that the least is asked for too says
    braintrustdata/terraform-aws-braintrust-data-plane pull request 126.
    """
    limits = GP3.get(engine)
    if limits is None:
        return
    if size < limits.from_gib:
        raise _wrong_combination(
            f"You can't specify IOPS or storage throughput for engine {engine} and a storage size less"
            f" than {limits.from_gib}."
        )
    for name, value, least, most in (
        ("iops", operations, limits.least_operations, limits.most_operations),
        ("storage throughput", throughput, limits.least_throughput, limits.most_throughput),
    ):
        if value and not least <= value <= most:
            raise _wrong_combination(
                f"Invalid {name} value for engine name {engine} and storage type gp3: {value}"
            )


def _new_name(self: Any) -> None:
    """Amazon RDS API, ModifyDBInstance, Errors: moto forgets the database that has the name."""
    name = (self.params.get("NewDBInstanceIdentifier") or "").lower()
    if name in self.backend.databases and name != self.params.get("DBInstanceIdentifier"):
        raise DBInstanceAlreadyExists


def _subnets_to_move_to(self: Any) -> None:
    """Quoted in hashicorp/terraform-provider-aws issue 512."""
    database, name = _database(self), self.params.get("DBSubnetGroupName") or ""
    current, wanted = getattr(database, "db_subnet_group", None), self.backend.subnet_groups.get(name)
    if wanted and current and current.name != name and wanted.vpc_id == current.vpc_id:
        raise RDSClientError(
            "InvalidVPCNetworkStateFault",
            f"You cannot move DB instance {database.db_instance_identifier} to subnet group {name}. The"
            " specified DB subnet group and DB instance are in the same VPC. Choose a DB subnet group in"
            " different VPC than the specified DB instance and try again.",
        )


def _parameter_group_in_use(self: Any) -> None:
    """Quoted in terraform-aws-modules/terraform-aws-rds-aurora issue 466."""
    name = self.params.get("DBParameterGroupName")
    if any(each.db_parameter_group_name == name for each in self.backend.databases.values()):
        raise RDSClientError(
            "InvalidDBParameterGroupState",
            f"One or more database instances are still members of this parameter group {name}, so the"
            " group cannot be deleted",
        )


def _subnets_in_use(self: Any) -> None:
    """A database stands in the subnet of its zone. Amazon RDS API, ModifyDBSubnetGroup, Errors.

    The words are quoted in aws/aws-cdk issue 26135.
    """
    kept = set(self.params.get("SubnetIds") or ())
    for database in _standing_in(self, self.params.get("DBSubnetGroupName")):
        gone = [
            subnet["SubnetIdentifier"]
            for subnet in database.db_subnet_group.subnets
            if subnet["SubnetAvailabilityZone"]["Name"] == database.availability_zone
            and subnet["SubnetIdentifier"] not in kept
        ]
        if gone:
            raise RDSClientError(
                "SubnetAlreadyInUse",
                f"Some of the subnets to be deleted are currently in use: {', '.join(gone)}",
            )


def _subnet_group_in_use(self: Any) -> None:
    """Quoted in anomalyco/sst issue 4026."""
    name = self.params.get("DBSubnetGroupName")
    for database in _standing_in(self, name):
        raise RDSClientError(
            "InvalidDBSubnetGroupStateFault",
            f"Cannot delete the subnet group '{name}' because at least one database instance:"
            f" {database.db_instance_identifier} is still using it.",
        )


def _standing_in(self: Any, name: str) -> list[Any]:
    every = self.backend.databases.values()
    groups = ((each, getattr(each, "db_subnet_group", None)) for each in every)
    return [database for database, group in groups if group and group.name == name]


def _database(self: Any) -> Any:
    """The database that is changed. Raises the error of RDS where there is none."""
    return self.backend.describe_db_instances(self.params.get("DBInstanceIdentifier"))[0]
