"""Does a record say that the plan passed, today as well?

Every reason against it is told; `Evidence.blocks`, by which `planspec check` ends, has the last word. A
record that contradicts itself proves nothing: planspec never writes one.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from planspec.evidence.findings import FoundRecord
from planspec.evidence.record import BLOCKING, Evidence, ScenarioRecord, summarise
from planspec.finding import Verdict
from planspec.policies import COVERS

MOST_NAMED: Final = 5


def problems(record: Evidence, today: date, *, require_checkov: bool = False) -> list[str]:
    """Why the plan of this record did not pass, or does not pass any more; nothing: it does."""
    found = [
        *_blocking(record),
        *_not_asked(record, require_checkov=require_checkov),
        *_contradictions(record),
        *_lapsed(record, today),
    ]
    if not found and record.blocks:
        found.append("the plan did not pass: the record says that it is blocked")
    return found


def _blocking(record: Evidence) -> Iterator[str]:
    for reason in record.plan.blocking:
        yield f"the plan as a whole is blocked: {reason}"
    blocking = [each.scenario for each in record.scenarios if each.blocks]
    if blocking:
        yield f"the plan did not pass: {_named(blocking)}"
    for verdict, what in ((Verdict.VIOLATED, "failed"), (Verdict.UNDETERMINED, "undetermined")):
        count = sum(each.verdict is verdict for each in record.checkov.findings)
        if count:
            yield f"the plan did not pass: {count} {what} check{'s' if count > 1 else ''} of Checkov"


def _not_asked(record: Evidence, *, require_checkov: bool) -> Iterator[str]:
    """What `check` would not have judged at all, or what is asked for here and was not there."""
    if not record.judged:
        yield "the record holds no scenario that examined anything"
    inputs = record.inputs
    found = inapplicable(record.scenarios, inputs.have_to_apply) if inputs.require_applicable else []
    for what, some in found:
        yield f"{_named([each.scenario for each in some])} {what}, which --require-applicable forbids"
    if require_checkov and not record.checkov.version:
        yield f"Checkov did not run alongside the features: {record.checkov.missing or 'no version'}"


def inapplicable(
    scenarios: Iterable[ScenarioRecord], have_to_apply: Sequence[str]
) -> list[tuple[str, list[ScenarioRecord]]]:
    """Return what `--require-applicable` forbids, of the scenarios that have to apply; none named: all.

    That is one that examined nothing, and one that a waiver, an override or its enforcement lets pass
    while an unstated limit left another outcome unjudged.
    """
    asked = [each for each in scenarios if not have_to_apply or each.scenario in have_to_apply]
    empty = [each for each in asked if not each.examined]
    in_part = [each for each in asked if each.examined and each.reason and not each.blocks]
    found = (("examined nothing", empty), ("was judged only in part", in_part))
    return [(what, some) for what, some in found if some]


def _contradictions(record: Evidence) -> Iterator[str]:
    odd = [each.scenario for each in record.scenarios if _contradicts_itself(each)]
    if odd:
        yield f"the record contradicts itself: what it found is against the verdict of {_named(odd)}"
    if record.guard and not set(record.guard.blocking) <= set(record.plan.blocking):
        yield "the record contradicts itself: it does not block a policy change that no one accepted"
    if record.summary != summarise(record.scenarios, record.checkov, record.plan.blocking):
        yield "the record contradicts itself: its summary is not that of its scenarios and findings"


def _contradicts_itself(scenario: ScenarioRecord) -> bool:
    """Whether a verdict is better than a finding or an unstated limit, or overridden and not soft."""
    if scenario.reason and scenario.verdict is Verdict.SATISFIED:
        return True
    hard = scenario.override is not None and scenario.enforcement != "soft"
    found = {each.verdict for each in scenario.findings}
    return hard or (scenario.verdict not in BLOCKING and not found.isdisjoint(BLOCKING))


def _lapsed(record: Evidence, today: date) -> Iterator[str]:
    waived = [each for _, each in record.found if each.verdict is Verdict.WAIVED]
    names = {str(each.waiver or each.address) for each in waived if not _covered(each, today)}
    for name in sorted(names):
        yield f"a waiver that the verdict rests on is no longer in force: {name}"


def _covered(finding: FoundRecord, today: date) -> bool:
    """Whether a comment in the source, or a waiver that is in force today, accepts a finding."""
    if finding.skip is not None:
        return not finding.skip.refused
    waiver = finding.waiver
    if waiver is None or waiver.standing not in COVERS:
        return False
    return waiver.created <= today <= waiver.expires


def _named(names: list[str]) -> str:
    rest = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
