"""How well do the requirements bite?

The score is the share of mutants that somebody notices, of all that weaken the plan: accepted ones
do not count, nor do those that are no plan any more.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from planspec.evidence import write_all
from planspec.testing.mutation.accepted import Accepted, Reviewed
from planspec.testing.mutation.judging import Baseline, Outcome

NEVER: Final = "never falls"
"""The operator of a reviewed entry about a scenario, whose number stands as its address."""


class MutantRecord(msgspec.Struct, frozen=True):
    """One mutant and what became of it: noticed, unnoticed, accepted or impossible."""

    operator: str
    address: str
    path: str
    old: str
    new: str
    became: str
    fallen: list[str] = []
    reason: str = ""


class ScenarioScore(msgspec.Struct, frozen=True):
    """One scenario: its verdict on the plan, mutants of what it read, and those it fell for."""

    scenario: str
    verdict: str
    read: int
    fell: int


class Score(msgspec.Struct, frozen=True):
    """The outcome of a run of mutation."""

    plan: str
    sha256: str
    blind: bool
    percent: float
    scenarios: list[ScenarioScore]
    mutants: list[MutantRecord]
    unused: list[str]
    excused: list[str] = []
    """Scenarios of which somebody said why they never fall on this plan."""

    def count(self, became: str) -> int:
        """How many mutants became this."""
        return sum(each.became == became for each in self.mutants)

    @property
    def never(self) -> list[str]:
        """Satisfied scenarios that read something and fell for no mutant at all."""
        return [
            each.scenario
            for each in self.scenarios
            if each.read and not each.fell and each.scenario not in self.excused
        ]


def scored(
    base: Baseline,
    found: Sequence[Outcome],
    reviewed: Reviewed,
    *,
    partial: bool,
    blind: bool,
) -> Score:
    """Reckon the score; a reviewed entry that covers nothing is named, unless the run is partial."""
    used: set[Accepted] = set()
    entries = reviewed.covering(blind=blind)
    records = [_record(outcome, entries, used) for outcome in found]
    noticed = sum(each.became == "noticed" for each in records)
    unnoticed = sum(each.became == "unnoticed" for each in records)
    weighed = noticed + unnoticed
    excuses = [each for each in reviewed.accepted if each.operator == NEVER]
    own = () if partial else reviewed.unread if blind else reviewed.accepted
    unused = [_name(each) for each in own if each not in {*used, *excuses}]
    return Score(
        base.name,
        base.sha256,
        blind,
        round(100 * noticed / weighed, 2) if weighed else 0.0,
        _scenarios(base, found),
        records,
        unused,
        sorted({number for number in base.verdicts for each in excuses if each.names(number)}),
    )


def _record(outcome: Outcome, reviewed: Sequence[Accepted], used: set[Accepted]) -> MutantRecord:
    mutant = outcome.mutant
    became, reason = "noticed" if outcome.killed else "unnoticed", ""
    if outcome.impossible:
        became, reason = "impossible", outcome.impossible
    elif not outcome.killed:
        cover = next((each for each in reviewed if each.covers(mutant)), None)
        if cover is not None:
            used.add(cover)
            became, reason = "accepted", cover.reason
    fallen = list(outcome.fallen)
    return MutantRecord(
        mutant.operator, mutant.address, mutant.path, mutant.old, mutant.new, became, fallen, reason
    )


def _scenarios(base: Baseline, found: Iterable[Outcome]) -> list[ScenarioScore]:
    read = dict.fromkeys(base.verdicts, 0)
    fell = dict.fromkeys(base.verdicts, 0)
    for outcome in found:
        for number in outcome.mutant.readers & read.keys():
            read[number] += 1
        for number in set(outcome.fallen) & fell.keys():
            fell[number] += 1
    return [
        ScenarioScore(number, verdict, read[number], fell[number])
        for number, verdict in sorted(base.verdicts.items())
    ]


def _name(accepted: Accepted) -> str:
    return f"{accepted.operator}: {accepted.address} {accepted.path}"


def write(score: Score, path: Path) -> None:
    """Write the outcome as JSON, whole or not at all."""
    write_all([(path, msgspec.json.format(msgspec.json.encode(score), indent=2) + b"\n")])
