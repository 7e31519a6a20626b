"""Which findings were there before planspec was, and are known: a ratchet, that only tightens?

A finding is known by requirement, address and value together. Another value of the same place, or the
same value at another address, is new; a resource that Terraform moves keeps what is known of it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from planspec.errors import PolicyError
from planspec.finding import fingerprint_of_value
from planspec.policies.waivers import Standing, Text, Waiver

OWNER: Final = "baseline"
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


class KnownFinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One finding that is known since a day; `value` is the fingerprint of what was observed then."""

    requirement: Text
    address: str
    value: Digest
    since: date
    observed: str = ""


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The findings that are known until a day, who accepted them and why."""

    planspec_baseline: Literal[1] = 1
    until: date
    approver: Text
    reason: Text
    findings: list[KnownFinding]


class Known(Waiver, frozen=True):
    """A finding of a baseline as a waiver of this one value; `moved` are addresses, new to old."""

    moved: tuple[tuple[str, str], ...] = ()

    def concerns(self, requirement: str) -> bool:
        """Whether it is about this very scenario or check."""
        return requirement == self.requirement

    def covers(self, requirement: str, address: str) -> bool:
        """Whether it is about this scenario and this address; a moved object has its new one."""
        now = {old: new for new, old in self.moved}.get(self.address, self.address)
        return self.concerns(requirement) and address == now

    def standing(self, today: date, observed: str | None = None) -> Standing:
        """How it stands on this day; a value that differs by moved addresses alone is the same."""
        before = observed
        for new, old in self.moved if before else ():
            before = before.replace(new, old) if before else before
        if before != observed and before is not None and fingerprint_of_value(before) == self.observed:
            return super().standing(today, None)
        return super().standing(today, observed)


_decoder: Final = msgspec.json.Decoder(Baseline)


def read_baseline(path: Path) -> Baseline:
    """Read what `planspec baseline` wrote. Raises PolicyError, which names the file and the key."""
    try:
        return _decoder.decode(path.read_bytes())
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror}; write one with: planspec baseline") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PolicyError(
            f"{path}: not a baseline: {error}; write one with: planspec baseline"
        ) from error


def known(baseline: Baseline, moved: Mapping[str, str] | None = None) -> tuple[Known, ...]:
    """Return the known findings as waivers. `moved`: the former address of what Terraform moves."""
    renamed = tuple(sorted((moved or {}).items(), key=lambda each: -len(each[0])))
    return tuple(
        Known(
            requirement=each.requirement,
            address=each.address,
            reason=baseline.reason,
            owner=OWNER,
            approver=baseline.approver,
            created=each.since,
            expires=baseline.until,
            observed=each.value,
            moved=renamed,
        )
        for each in baseline.findings
    )


def encode_baseline(baseline: Baseline) -> bytes:
    """Write a baseline: one finding a line, always in the same order, so that a diff can be read."""
    ordered = sorted(baseline.findings, key=lambda each: (each.requirement, each.address, each.value))
    head = msgspec.structs.replace(baseline, findings=[])
    lines = b",\n    ".join(map(msgspec.json.encode, _each_once(ordered)))
    text = msgspec.json.format(msgspec.json.encode(head), indent=2)
    return (
        text.replace(
            b'"findings": []', b'"findings": [\n    ' + lines + b"\n  ]" if lines else b'"findings": []'
        )
        + b"\n"
    )


def _each_once(findings: Iterable[KnownFinding]) -> list[KnownFinding]:
    found: dict[tuple[str, str, str], KnownFinding] = {}
    for each in findings:
        found.setdefault((each.requirement, each.address, each.value), each)
    return list(found.values())
