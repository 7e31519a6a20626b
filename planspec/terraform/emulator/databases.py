"""What moto 5.2.5 lacks of RDS, and what replaces it. Like `gaps`, for Terraform only."""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random
from moto.rds.models import DBInstance, DBParameterGroup, RDSBackend
from moto.rds.responses import RDSResponse

from planspec.terraform.emulator.database_facts import GP3, GP3_BASELINE, family, major, newest_minors
from planspec.terraform.emulator.gaps import add_answers

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CERTIFICATE_AUTHORITY = "rds-ca-rsa2048-g1"
_LICENSES = {"postgres": "postgresql-license"}
_DATABASE_SETTINGS = {
    "backup_target": "region",
    "database_insights_mode": "standard",
    "engine_lifecycle_support": "open-source-rds-extended-support",
    "network_type": "IPV4",
    "enable_performance_insights": False,
    "performance_insights_kms_key_id": None,
    "performance_insights_retention_period": None,
}


def close_database_gaps() -> None:
    """Put every stand-in for RDS into place. Called once, before the server answers."""
    _keep_database_settings()
    _complete_engine_versions()
    _restore_with_the_usual_authority()
    _give_gp3_its_performance()
    _know_default_parameter_groups()
    _keep_subnet_groups()
    _tell_who_set_a_parameter()
    _answer_event_sources()
    _answer_maintenance()


def _keep_database_settings() -> None:
    """CreateDBInstance drops settings, and gives every database one license and one resource id.

    Performance Insights would be off, and the network's type empty, right after an apply. The
    provider finds a database by that id: without this it would mix up two of them.
    """
    original = DBInstance.__init__

    def create(self: Any, *arguments: Any, **settings: Any) -> None:
        license_model = _LICENSES.get(settings["engine"], "general-public-license")
        original(self, *arguments, **{"license_model": license_model, **settings})
        self.dbi_resource_id = "db-" + "".join(mock_random.choices(_LETTERS, k=26))
        for name, usual in _DATABASE_SETTINGS.items():
            setattr(self, name, settings.get(name, usual))
        if self.db_cluster_identifier is None:
            _take_default_options(self)

    DBInstance.__init__ = create  # type: ignore[method-assign]
    DBInstance.performance_insights_enabled = property(  # type: ignore[attr-defined]
        lambda self: self.enable_performance_insights
    )


def _take_default_options(database: Any) -> None:
    """The default option group is one for each major version, such as default:postgres-16."""
    known = family(database.engine, database.engine_version)
    if known and database.option_group_name.startswith("default:"):
        version = "-".join(map(str, major(database.engine, database.engine_version)))
        database.option_group_name = f"default:{database.engine}-{version}"


def _complete_engine_versions() -> None:
    """A version without a minor stays as it is: a database would run "16", which no plan reads back.

    RDS takes a major version for its default minor version, and tells which one runs (Amazon RDS API,
    CreateDBInstance and ModifyDBInstance, EngineVersion). A database of that major version, of
    whichever minor, stays what it is.
    """

    def running(self: Any) -> str:
        return str(self._engine_version)

    def become(self: Any, asked: str) -> None:
        newest = newest_minors(self.engine).get(asked, asked)
        before = getattr(self, "_engine_version", "")
        self._engine_version = before if before.startswith(f"{asked}.") else newest

    DBInstance.engine_version = property(running, become)  # type: ignore[method-assign,assignment]


def _restore_with_the_usual_authority() -> None:
    """A restored database keeps the certificate authority of the snapshot's: the next plan changes it.

    RDS gives it the default of the region, unless another one is asked for.
    """
    original = RDSBackend.restore_db_instance_from_db_snapshot

    def restore(self: Any, snapshot: str, overrides: dict[str, Any]) -> DBInstance:
        given = {key: value for key, value in overrides.items() if value}
        usual = {"ca_certificate_identifier": _CERTIFICATE_AUTHORITY}
        return original(self, snapshot, {**overrides, **usual, **given})

    RDSBackend.restore_db_instance_from_db_snapshot = restore  # type: ignore[method-assign,assignment]


def _give_gp3_its_performance() -> None:
    """A gp3 disk has no operations and no throughput, or keeps those of the disk before.

    RDS gives it those of its size where none are asked for (Amazon RDS User Guide, "gp3 storage"); a
    plan would show some that nobody would get.
    """
    update, restore = DBInstance.update, RDSBackend.restore_db_instance_from_db_snapshot
    create = RDSBackend.create_db_instance

    def created(self: Any, settings: dict[str, Any]) -> DBInstance:
        return _perform(create(self, settings), settings, becomes=True)

    def restored(self: Any, snapshot: str, settings: dict[str, Any]) -> DBInstance:
        return _perform(restore(self, snapshot, settings), settings, becomes=True)

    def updated(self: Any, **settings: Any) -> None:
        becomes = settings.get("storage_type") == "gp3" != self.storage_type
        update(self, **settings)
        _perform(self, settings, becomes=becomes)

    RDSBackend.create_db_instance = created  # type: ignore[method-assign,assignment]
    RDSBackend.restore_db_instance_from_db_snapshot = restored  # type: ignore[method-assign,assignment]
    DBInstance.update = updated  # type: ignore[method-assign,assignment]


def _perform(database: Any, asked: dict[str, Any], *, becomes: bool) -> DBInstance:
    """Give a disk that is or `becomes` gp3 what its size has, unless it was asked for."""
    if becomes and getattr(database, "storage_type", "") == "gp3":
        limits, size = GP3.get(database.engine), int(database.allocated_storage)
        large = limits is not None and size >= limits.from_gib
        usual = (limits.least_operations, limits.least_throughput) if limits and large else GP3_BASELINE
        database.iops = asked.get("iops") or usual[0]
        database.storage_throughput = asked.get("storage_throughput") or usual[1]
    return database  # type: ignore[no-any-return]


def _know_default_parameter_groups() -> None:
    """A database cannot be given the default group of its family, and keeps that of the version before.

    RDS has them for every family, and takes the new one with a new major version (Amazon RDS User
    Guide, "Overview of parameter groups").
    """
    original = RDSBackend.modify_db_instance

    def modify(self: Any, name: str, settings: dict[str, Any]) -> DBInstance:
        group, database = settings.get("db_parameter_group_name"), self.describe_db_instances(name)[0]
        if group and group.startswith("default.") and group not in self.db_parameter_groups:
            of = group.removeprefix("default.")
            self.create_db_parameter_group(
                {
                    "db_parameter_group_name": group,
                    "db_parameter_group_family": of,
                    "description": f"Default parameter group for {of}",
                }
            )
        before = database.engine_version
        original(self, name, settings)
        raised = major(database.engine, before) != major(database.engine, database.engine_version)
        _take_default_options(database)
        if raised and not group and (database.db_parameter_group_name or "").startswith("default."):
            database.db_parameter_group_name = None
        return database  # type: ignore[no-any-return]

    RDSBackend.modify_db_instance = modify  # type: ignore[method-assign,assignment]


def _keep_subnet_groups() -> None:
    """ModifyDBSubnetGroup loses the group that it changes."""
    original = RDSBackend.modify_db_subnet_group

    def modify(self: Any, name: str, description: str, subnets: list[Any]) -> Any:
        group = original(self, name, description, subnets)
        self.subnet_groups[name] = group
        return group

    RDSBackend.modify_db_subnet_group = modify  # type: ignore[method-assign,assignment]


def _tell_who_set_a_parameter() -> None:
    """Parameters of a database have no Source: the provider takes all of them for defaults."""
    original = DBParameterGroup.update_parameters

    def update(self: Any, parameters: Any) -> None:
        original(self, [{**each, "Source": "user"} for each in parameters])

    DBParameterGroup.update_parameters = update  # type: ignore[method-assign,assignment]


def _answer_event_sources() -> None:
    """AddSourceIdentifierToSubscription and its opposite are missing: a source cannot be changed."""

    def add(self: Any) -> ActionResult:
        return change(self, lambda sources, source: [*sources, source])

    def remove(self: Any) -> ActionResult:
        return change(self, lambda sources, source: [each for each in sources if each != source])

    def change(self: Any, how: Callable[[list[str], str], list[str]]) -> ActionResult:
        subscription = self.backend.event_subscriptions[self.params["SubscriptionName"]]
        subscription.source_ids = how(subscription.source_ids, self.params["SourceIdentifier"])
        return ActionResult({"EventSubscription": subscription})

    add_answers(RDSResponse, AddSourceIdentifierToSubscription=add)
    add_answers(RDSResponse, RemoveSourceIdentifierFromSubscription=remove)


def _answer_maintenance() -> None:
    """ApplyPendingMaintenanceAction is missing: what comes after RDS raised a minor version is not seen.

    RDS does so by itself in the maintenance window where `auto_minor_version_upgrade` is on; this is the
    same, asked for (Amazon RDS API, ApplyPendingMaintenanceAction, db-upgrade).
    """

    def apply(self: Any) -> ActionResult:
        name = self.params["ResourceIdentifier"].rpartition(":")[2]
        database = self.backend.describe_db_instances(name)[0]
        if self.params["ApplyAction"] == "db-upgrade":
            version, _, minor = database.engine_version.rpartition(".")
            database.engine_version = f"{version}.{int(minor) + 1}"
        return ActionResult({"ResourcePendingMaintenanceActions": {"ResourceIdentifier": database.arn}})

    add_answers(RDSResponse, ApplyPendingMaintenanceAction=apply)
