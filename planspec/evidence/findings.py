"""How is a finding recorded: where, what is, what should be, and who accepted it?

The shapes are the format, written as JSON in the order of their fields.
"""

from datetime import date
from typing import Annotated

import msgspec

from planspec.finding import OriginKind, Verdict
from planspec.policies import Standing

Place = Annotated[str, msgspec.Meta(pattern=r"^([\s\S]+:[1-9][0-9]*)?$")]
"""`file:line`; empty where the source was not at hand."""
Fingerprint = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


class WaiverRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted departure, as it stands in `waivers.toml`, and how it stood on the day of the run.

    `known`: a finding of the baseline, since `created` until `expires`.
    """

    requirement: str
    address: str
    reason: str
    owner: str
    approver: str
    ticket: str
    created: date
    expires: date
    observed: str
    standing: Standing
    used: bool = False
    known: bool = False

    def __str__(self) -> str:
        return f"{self.requirement} for {self.address} (expires {self.expires})"


class RelatedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Another block that a reader of a finding may have to change."""

    address: str
    where: Place = ""


class SkipRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A comment in the source that skips a check of Checkov: nobody approves it, and it never ends."""

    where: Place
    reason: str
    refused: bool = False


class FoundRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One finding: where, what is, what should be, how to mend it, and who accepted it.

    The fingerprint stays the same while the requirement, the address and the path do; `value` is
    that of what was observed. A waiver that does not stand in force is named and covers nothing.
    """

    fingerprint: Fingerprint
    value: Fingerprint
    address: str
    verdict: Verdict
    observed: str
    expected: str
    path: str = ""
    remedy: str = ""
    where: Place = ""
    waiver: WaiverRecord | None = None
    related: list[RelatedRecord] = []
    skip: SkipRecord | None = None


class OriginRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a value came from: a literal at file:line, a variable, a reference, the provider.

    `names` are addresses of resources or names of variables.
    """

    kind: OriginKind
    names: list[str] = []
    where: Place = ""


class ReadRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One place that was read, with its value as it may be shown."""

    address: str
    path: str
    shown: str
    origin: OriginRecord | None = None


def skipped(finding: FoundRecord, skip: SkipRecord) -> FoundRecord:
    """Return the record with the comment in the source that is about it."""
    verdict = finding.verdict if skip.refused else Verdict.WAIVED
    return msgspec.structs.replace(finding, verdict=verdict, skip=skip)


def waived_like(finding: FoundRecord, other: FoundRecord) -> FoundRecord:
    """Return the record waived by what waives another finding, a waiver or a comment."""
    return msgspec.structs.replace(finding, verdict=Verdict.WAIVED, waiver=other.waiver, skip=other.skip)
