"""Does a record hold all that its features and waivers say, and what the pipeline demands?

The digests show that these features and waivers were there; that the record tells of each scenario and
of no other waiver is asked here. Whoever writes a record can leave a scenario out, call it advisory, or
invent a waiver.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from planspec.evidence import Evidence, FoundRecord, WaiverRecord
from planspec.features import selected
from planspec.features.selection import read
from planspec.finding import Verdict
from planspec.policies import COVERS, Known, Waiver, read_policies
from planspec.runner.context import written
from planspec.runner.judged_enough import require_named_addresses

MOST_NAMED: Final = 5
# What is compared; in other texts of a record a secret of the plan may be masked.
_WAIVER: Final = ("requirement", "address", "created", "expires")
_SCENARIO: Final = ("scenario", "name", "requirement", "area", "feature", "rule", "line", "severity")
_SCENARIO_FIELDS: Final = (*_SCENARIO, "enforcement", "controls")


class Demands(NamedTuple):
    """Options of `planspec check` that the record must have been made with."""

    corrected: bool = False
    refuse_skips: bool = False
    require_used_waivers: bool = False
    min_coverage: float | None = None


def differences(
    record: Evidence, features: Sequence[Path], policies: Path, tags: str, known: Sequence[Waiver] = ()
) -> Iterator[str]:
    """Tell where the record is not about the scenarios and waivers of these files."""
    read_in = read_policies(policies)
    every = read(features, read_in.frameworks)
    require_named_addresses(read_in, every, policies)
    scenarios = selected(tags, every)
    expected = Counter(_key(written(each)) for each in scenarios)
    held = Counter(_key(msgspec.structs.asdict(each)) for each in record.scenarios)
    for what, keys in (("lacks", expected - held), ("invents", held - expected)):
        names = sorted({json.loads(key)["scenario"] for key in keys})
        if names:
            yield f"the record {what} scenarios, against its features: {_named(names)}"
    yield from _waivers(record, (*read_in.waivers, *known))


def _key(fields: dict[str, Any]) -> str:
    return json.dumps({name: fields[name] for name in _SCENARIO_FIELDS})


def _waivers(record: Evidence, waivers: Sequence[Waiver]) -> Iterator[str]:
    listed, held = Counter(map(_told, waivers)), Counter(map(_told, record.waivers))
    if listed != held:
        odd = sorted({f"{each[0]} for {each[1]}" for each in (listed - held) + (held - listed)})
        yield f"the waivers of the record are not those of waivers.toml: {_named(odd)}"
    found = [
        f"{each.waiver.requirement} for {each.address}"
        for scenario, each in record.found
        if each.waiver and not _granted(each, scenario.scenario if scenario else "", waivers)
    ]
    if found:
        yield f"a waiver of the record is not about what it is said to waive: {_named(sorted(found))}"


def _granted(finding: FoundRecord, scenario: str, waivers: Iterable[Waiver]) -> bool:
    """Whether waivers.toml holds the waiver of a finding, and it is about this finding.

    Checkov's finding of an object that is only refreshed takes the waiver of another address.
    """
    for each in waivers:
        if finding.waiver is None or _told(each) != _told(finding.waiver):
            continue
        # A waiver that is bound to a value covers no other one.
        same = each.observed in {"", finding.value}
        if isinstance(each, Known):
            same = each.standing(each.created, finding.observed) in COVERS
        bound = finding.verdict is Verdict.WAIVED and not same
        if scenario and each.covers(scenario, finding.address) and not bound:
            return True
        if not scenario and each.concerns(finding.observed):
            return True
    return False


def _told(waiver: Waiver | WaiverRecord) -> tuple[str, ...]:
    return tuple(str(getattr(waiver, name)) for name in _WAIVER)


def unmet(record: Evidence, demands: Demands) -> Iterator[str]:
    """Tell which demands the record does not meet; a record does not say what it was asked for."""
    corrected = bool(record.checkov.corrections)
    if corrected and not demands.corrected:
        yield "the plan was judged with --checkov-corrected, which is not asked for here"
    if demands.corrected and record.checkov.version and not corrected:
        yield "the plan was judged without --checkov-corrected"
    skipped = sum(bool(each.skip and not each.skip.refused) for each in record.checkov.findings)
    if demands.refuse_skips and skipped:
        yield (
            f"{skipped} finding{'s' if skipped > 1 else ''} of Checkov skipped by a comment, which"
            " --refuse-skip-comments forbids"
        )
    if demands.require_used_waivers and record.waivers_unused:
        yield (f"{_named(record.waivers_unused)}: unused waivers, which --require-used-waivers forbids")
    yield from _too_little(record, demands.min_coverage)


def _too_little(record: Evidence, least: float | None) -> Iterator[str]:
    if least is None:
        return
    if record.coverage is None:
        yield "the record does not tell the coverage that --min-coverage asks for"
    elif min(record.coverage.percent, record.coverage.total.percent) < least:
        yield (
            f"the requirements read {record.coverage.percent:g} % of the attributes; at least"
            f" {least:g} % is asked"
        )


def _named(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
