"""Which numbers, lists, controls and waivers apply?

Reads the TOML files of `policies/`. A key that nobody reads is an error: a misspelt limit must not
pass for a limit.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

import msgspec

from planspec.errors import PolicyError
from planspec.finding import Finding, Judgement, Verdict

Positive = Annotated[int, msgspec.Meta(ge=1)]
Prefix = Annotated[int, msgspec.Meta(ge=0, le=128)]
Text = Annotated[str, msgspec.Meta(min_length=1, pattern=r"\S")]
Contents = TypeVar("Contents")


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
    actions_without_resource: list[Text]


class Durability(_Strict, frozen=True):
    """Resource types that hold data which cannot be made again."""

    data_holding_types: list[Text]


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
    memory_shares: list[MemoryShare]
    memory_gib: dict[str, float]

    def usable_memory(self, gib: float) -> float:
        """The share of the memory that surely counts for connections."""
        shares = (each.share for each in self.memory_shares if gib <= each.up_to_gib)
        return next(shares, 0.0)


class Cost(_Strict, frozen=True):
    """The largest sizes that the service needs, and how much it may log."""

    largest_task_cpu_units: Positive
    largest_task_memory_mib: Positive
    database_classes: list[Text]
    log_level_variables: list[Text]
    chatty_log_levels: list[Text]


class Upgrades(_Strict, frozen=True):
    """Major versions of database engines that are accepted, by engine."""

    major_versions: dict[str, list[Text]]


class WaiverLimits(_Strict, frozen=True):
    """How long an accepted departure may last, in days."""

    longest_days: Positive


class Parameters(_Strict, frozen=True):
    """Everything in `policies/parameters.toml`."""

    exposure: Exposure
    secrets: Secrets
    identity: Identity
    durability: Durability
    capacity: Capacity
    cost: Cost
    upgrades: Upgrades
    waivers: WaiverLimits


class Framework(_Strict, frozen=True):
    """An outside framework: its title, its version, and the controls that requirements serve."""

    title: Text
    version: Text
    controls: dict[str, Text]


@lru_cache
def _address_pattern(address: str) -> re.Pattern[str]:
    """`*` for any text, everything else as it is."""
    return re.compile(".*".join(map(re.escape, address.split("*"))), re.DOTALL)


class Waiver(_Strict, frozen=True):
    """An accepted departure: a requirement or Checkov check, an address, and who answers for it.

    `*` in the address stands for any text; everything else is taken literally.
    """

    requirement: Text
    address: Text
    reason: Text
    owner: Text
    approver: Text
    created: date
    expires: date
    ticket: str = ""

    def concerns(self, requirement: str) -> bool:
        """Whether it is about this requirement, or about the one that this scenario belongs to."""
        return requirement == self.requirement or requirement.startswith(f"{self.requirement}.")

    def covers(self, requirement: str, address: str) -> bool:
        """Whether it is about this requirement (or one scenario of it) and this address."""
        return self.concerns(requirement) and bool(_address_pattern(self.address).fullmatch(address))

    def in_force(self, today: date) -> bool:
        """Whether its first day has come and its last day is not over."""
        return self.created <= today <= self.expires

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return today > self.expires


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
    """Read `parameters.toml`. Raises PolicyError, which names the file and the key."""
    return _read(policies / "parameters.toml", Parameters)


def read_controls(policies: Path) -> dict[str, Framework]:
    """Read `controls.toml`: frameworks by the prefix that tags use."""
    return _read(policies / "controls.toml", dict[str, Framework])


def read_waivers(policies: Path) -> tuple[Waiver, ...]:
    """Read `waivers.toml`; a folder without the file has no waivers.

    Raises PolicyError for a waiver that lasts longer than the parameters allow.
    """
    path = policies / "waivers.toml"
    if not path.is_file():
        return ()
    limit = timedelta(days=read_parameters(policies).waivers.longest_days)
    waivers = _read(path, _WaiverFile).waiver
    for waiver in waivers:
        if not waiver.created <= waiver.expires <= waiver.created + limit:
            raise PolicyError(
                f"{path}: waiver of {waiver.requirement} for {waiver.address} lasts from"
                f" {waiver.created} to {waiver.expires}; at most {limit.days} days are allowed"
            )
    return tuple(waivers)


def _read(path: Path, kind: type[Contents]) -> Contents:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: {error}; see the file in planspec's repository") from error
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror}; name a folder with --policies") from error


def waive(
    judgement: Judgement, requirement: str, waivers: Sequence[Waiver], today: date
) -> tuple[Judgement, tuple[Waiver, ...]]:
    """Return the judgement with covered findings marked as waived, and the waivers that were used.

    A waiver that is expired, or not yet begun, covers nothing. A finding keeps
    its text, so that it stays visible.
    """
    used: list[Waiver] = []
    findings: list[Finding] = []
    for finding in judgement.findings:
        waiver = next(
            (
                each
                for each in waivers
                if each.covers(requirement, finding.address) and each.in_force(today)
            ),
            None,
        )
        if waiver is not None:
            used.append(waiver)
        findings.append(finding._replace(verdict=Verdict.WAIVED) if waiver else finding)
    return judgement._replace(findings=tuple(findings)), tuple(dict.fromkeys(used))
