"""Which numbers, lists, controls and waivers apply?

Reads the TOML files of `policies/`. A key that nobody reads is an error: a misspelt limit must not
pass for a limit.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, TypeVar

import msgspec

from planspec import toml
from planspec.errors import PolicyError
from planspec.policies.data_types import DataTypes, Name, Pattern, read_data_types
from planspec.policies.limits import Applicable, Cost, Need, Positive, Text, read_both
from planspec.policies.optional import is_stated
from planspec.policies.waivers import Waiver
from planspec.wildcards import fits

Prefix = Annotated[int, msgspec.Meta(ge=0, le=128)]
Contents = TypeVar("Contents")
NOT_WEIGHED: Final = "policies/controls.toml does not say what a plan leaves out"


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table in which every key is known and has its type."""


class Exposure(_Strict, frozen=True):
    """What counts as open to the internet, which ports may be, and which TLS policies are accepted."""

    public_ports: list[Annotated[int, msgspec.Meta(ge=1, le=65535)]]
    outgoing_ports: list[Annotated[int, msgspec.Meta(ge=1, le=65535)]]
    tls_policies: list[Text]
    widest_public_ipv4_prefix: Prefix
    widest_public_ipv6_prefix: Prefix


class Secrets(_Strict, frozen=True):
    """Words in the name of a variable that make it a secret, and words that make it harmless."""

    words: list[Text]
    harmless_words: list[Text]


class Identity(_Strict, frozen=True):
    """Policies managed by AWS that are accepted, and actions that cannot be bound to a resource."""

    managed_policies: list[Text]
    actions_without_resource: list[Text] = []
    escalating_actions: list[Text] = []


class Durability(_Strict, frozen=True):
    """What an organisation says of resource types, before `stores.toml`: which hold data, which none."""

    data_holding_types: list[Name]
    harmless_types: list[Pattern] = []


Attribute = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+\.\S+$")]


class Ranked(_Strict, frozen=True):
    """An attribute whose values have an order: the weakest first."""

    attribute: Attribute
    from_weak_to_strong: list[Text]


class Guards(_Strict, frozen=True):
    """Attributes that guard something, each written `type.path`, by how they could get weaker.

    `stay` names resources that are guards by themselves, with the attribute that names what they
    guard.
    """

    not_lower: list[Attribute] = []
    not_higher: list[Attribute] = []
    ranked: list[Ranked] = []
    stay: list[Attribute] = []


class Change(_Strict, frozen=True):
    """What a change must not weaken."""

    exposure: Guards
    encryption: Guards
    backup: Guards


class MemoryShare(_Strict, frozen=True):
    """Share of a class's memory that surely counts for connections, up to a memory in GiB."""

    up_to_gib: float
    share: Annotated[float, msgspec.Meta(gt=0, le=1)]


class Capacity(_Strict, frozen=True):
    """How the connection budget is reckoned; memory of database classes in GiB."""

    reserved_connections: Annotated[int, msgspec.Meta(ge=0)]
    operations_connections: Annotated[int, msgspec.Meta(ge=0)]
    pool_variables: list[Text]
    overflow_variables: list[Text]
    process_variables: list[Text]
    host_variables: list[Text]
    memory_shares: list[MemoryShare]
    memory_gib: dict[str, float]
    measured_connections: dict[str, Positive] = {}
    behind_proxy: list[Text] = []

    def is_behind_a_proxy(self, address: str) -> bool:
        """Whether this service connects through a proxy; `*` stands for any text."""
        return any(fits(pattern, address) for pattern in self.behind_proxy)

    def usable_memory(self, gib: float) -> float:
        """The share of the memory that surely counts for connections."""
        shares = (each.share for each in self.memory_shares if gib <= each.up_to_gib)
        return next(shares, 0.0)


class Observability(_Strict, frozen=True):
    """How long an alarm may take to ring, and how far from its limit it has to."""

    slowest_alarm_seconds: Positive
    alarm_headroom_percent: Annotated[int, msgspec.Meta(ge=1, le=99)]


class Withdrawn(_Strict, frozen=True):
    """Minor versions of an engine of which RDS makes no new database, since when, and who says so."""

    engine: Text
    versions: list[Annotated[str, msgspec.Meta(pattern=r"^\d+\.\d+$")]]
    no_new_since: date
    source: Text


class Minors(_Strict, frozen=True):
    """The first and the newest minor version of each major one of an engine, at a date."""

    engine: Text
    first: dict[Text, int]
    newest: dict[Text, int]
    as_of: date
    source: Text


class Ends(_Strict, frozen=True):
    """When the standard support of major versions of an engine ends or ended, and who says so."""

    engine: Text
    standard_support: dict[Text, date]
    as_of: date
    source: Text


class Upgrades(_Strict, frozen=True):
    """Major versions of database engines that are accepted, by engine, and minors that RDS withdrew.

    Editions are part of some names: what stands under "oracle" holds for "oracle-ee-cdb" too.
    """

    major_versions: dict[str, list[Text]]
    ends: list[Ends] = []
    withdrawn: list[Withdrawn] = []
    minor_versions: list[Minors] = []


class WaiverLimits(_Strict, frozen=True):
    """How long an accepted departure may last, in days."""

    longest_days: Positive
    owner_may_approve: bool = False
    any_address_for_critical: bool = False


class _ParameterFile(_Strict, frozen=True):
    exposure: Exposure
    secrets: Secrets
    identity: Identity
    durability: Durability
    change: Change
    capacity: Capacity
    observability: Observability
    cost: Cost
    upgrades: Upgrades
    waivers: WaiverLimits
    need: Need = Need()
    applicable: Applicable = Applicable()


class Parameters(_ParameterFile, frozen=True, kw_only=True):
    """Everything in `parameters.toml` and `limits.toml`, and the types of `stores.toml` with it."""

    data_types: DataTypes


class Control(_Strict, frozen=True):
    """A control of an outside framework: its title in our words, and how much of it a plan shows.

    `missing` says what else an auditor has to see; it is there unless the plan shows the whole.
    """

    title: Text
    shown: Literal["whole", "part", "nothing"] = "part"
    missing: str = ""


class Framework(_Strict, frozen=True):
    """An outside framework: its title, its version, and the controls that requirements serve."""

    title: Text
    version: Text
    controls: dict[str, Control]


class _FrameworkTable(_Strict, frozen=True):
    """As it is written: a control of which only the title is given is one that nobody has weighed."""

    title: Text
    version: Text
    controls: dict[str, Text | Control]


class Policies(NamedTuple):
    """Everything that a folder of policies says."""

    parameters: Parameters
    frameworks: dict[str, Framework]
    waivers: tuple[Waiver, ...]


def read_policies(folder: Path) -> Policies:
    """Read the whole folder. Raises PolicyError, which names the file and the key."""
    return Policies(read_parameters(folder), read_controls(folder), read_waivers(folder))


class _WaiverFile(_Strict, frozen=True):
    waiver: list[Waiver] = []


def read_parameters(policies: Path) -> Parameters:
    """Read `parameters.toml` and `limits.toml`. Raises PolicyError, which names file and key."""
    file = read_both(policies, _ParameterFile)
    own = file.durability
    types = read_data_types(policies, own.data_holding_types, own.harmless_types)
    return Parameters(**{name: getattr(file, name) for name in file.__struct_fields__}, data_types=types)


def read_controls(policies: Path) -> dict[str, Framework]:
    """Read `controls.toml`: frameworks by the prefix that tags use.

    Raises PolicyError for a control that a plan does not show as a whole, and that does not say why.
    """
    path = policies / "controls.toml"
    found = {
        prefix: Framework(
            table.title,
            table.version,
            {number: _weighed(control) for number, control in table.controls.items()},
        )
        for prefix, table in _read(path, dict[str, _FrameworkTable]).items()
    }
    for prefix, framework in found.items():
        for number, control in framework.controls.items():
            if (control.shown == "whole") == bool(control.missing.strip()):
                raise PolicyError(
                    f'{path}: {prefix}:{number} is shown "{control.shown}" by a plan; say in `missing`'
                    " what else an auditor has to see, unless it is the whole"
                )
    return found


def _weighed(control: str | Control) -> Control:
    return Control(title=control, missing=NOT_WEIGHED) if isinstance(control, str) else control


def read_waivers(policies: Path, content: bytes | None = None) -> tuple[Waiver, ...]:
    """Read `waivers.toml`, or what it is going to hold; a folder without the file has no waivers.

    Raises PolicyError for a waiver that lasts longer than the parameters allow, or whose owner also
    approves it.
    """
    path = policies / "waivers.toml"
    if content is None and not is_stated(path):
        return ()
    rules = read_parameters(policies).waivers
    limit = timedelta(days=rules.longest_days)
    waivers = _read(path, _WaiverFile, content).waiver
    for waiver in waivers:
        if not waiver.created <= waiver.expires <= waiver.created + limit:
            raise PolicyError(
                f"{path}: waiver of {waiver.requirement} for {waiver.address} lasts from"
                f" {waiver.created} to {waiver.expires}; at most {limit.days} days are allowed"
            )
        if waiver.approved_by_owner and not rules.owner_may_approve:
            raise PolicyError(
                f'{path}: waiver of {waiver.requirement} for {waiver.address}: "{waiver.owner}" is owner'
                " and approver; another person has to approve it, or set owner_may_approve = true in"
                " [waivers] of parameters.toml"
            )
    return tuple(waivers)


def _read(path: Path, kind: type[Contents], content: bytes | None = None) -> Contents:
    try:
        return toml.decode(path.read_bytes() if content is None else content, kind)
    except msgspec.DecodeError as error:
        raise PolicyError(f"{path}: {error}; see the file in planspec's repository") from error
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror}; name a folder with --policies") from error
