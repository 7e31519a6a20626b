"""What moto 5.2.5 lacks of RDS, and what replaces it. Like `gaps`, for Terraform only."""

from collections.abc import Callable
from typing import Any, Final

from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random
from moto.rds.models import DBInstance, DBParameterGroup, RDSBackend
from moto.rds.responses import RDSResponse

from planspec.terraform.emulator.gaps import add_answers

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CERTIFICATE_AUTHORITY = "rds-ca-rsa2048-g1"
# The newest minor versions of PostgreSQL on RDS in 2026 (Amazon RDS, "What's new", 26 February 2026:
# 18.3, 17.9, 16.13, 15.17, 14.22). A newer one changes the recorded plans, and nothing else.
NEWEST_MINORS: Final = {
    "postgres": {"14": "14.22", "15": "15.17", "16": "16.13", "17": "17.9", "18": "18.3"}
}
_DATABASE_SETTINGS = {
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
    _give_gp3_its_operations()
    _tell_who_set_a_parameter()
    _answer_event_sources()


def _keep_database_settings() -> None:
    """CreateDBInstance drops settings, and gives every database the same resource id.

    Performance Insights would be off, and the network's type empty, right after an apply. The
    provider finds a database by that id: without this it would mix up two of them.
    """
    original = DBInstance.__init__

    def create(self: Any, *arguments: Any, **settings: Any) -> None:
        original(self, *arguments, **settings)
        self.dbi_resource_id = "db-" + "".join(mock_random.choices(_LETTERS, k=26))
        for name, usual in _DATABASE_SETTINGS.items():
            setattr(self, name, settings.get(name, usual))

    DBInstance.__init__ = create  # type: ignore[method-assign]
    DBInstance.performance_insights_enabled = property(  # type: ignore[attr-defined]
        lambda self: self.enable_performance_insights
    )


def _complete_engine_versions() -> None:
    """A version without a minor stays as it is: a database would run "16", which no plan reads back.

    RDS takes a major version for its default minor version, and tells which one runs (Amazon RDS API,
    CreateDBInstance and ModifyDBInstance, EngineVersion). A database of that major version, of
    whichever minor, stays what it is.
    """

    def running(self: Any) -> str:
        return str(self._engine_version)

    def become(self: Any, asked: str) -> None:
        newest = NEWEST_MINORS.get(self.engine, {}).get(asked, asked)
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


def _give_gp3_its_operations() -> None:
    """A disk that becomes gp3 keeps the operations of before: a plan shows some that nobody would get.

    RDS gives it those of its size: 12,000 a second from 400 GiB on, 3,000 below (Amazon RDS User
    Guide, "gp3 storage").
    """
    original = DBInstance.update

    def update(self: Any, **settings: Any) -> None:
        becomes = settings.get("storage_type") == "gp3" != self.storage_type
        original(self, **settings)
        if becomes and not settings.get("iops"):
            self.iops = 12000 if int(self.allocated_storage) >= 400 else 3000

    DBInstance.update = update  # type: ignore[method-assign,assignment]


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
