"""Which mutants does the catalogue notice?

Each mutant is judged by the scenarios that read the changed place first, and by all the others only
if none of those falls. Mutants are independent, so they are judged in several processes.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec

from planspec import plan
from planspec.errors import PlanspecError
from planspec.plan import Plan, Value
from planspec.runner.batch import Catalogue, Judge
from planspec.syntax import values
from planspec.testing.mutation import resource_mutants
from planspec.testing.mutation.mutants import (
    Mutant,
    examined_by,
    of_places,
    of_resources,
    places_read,
    sampled,
    unread,
)
from planspec.testing.mutation.plan_edits import Document, Put
from planspec.testing.processes import pool

BATCH: Final = 20
_encoder = msgspec.json.Encoder(decimal_format="number")
_RANK: Final = {"satisfied": 0, "waived": 0, "not applicable": 1, "undetermined": 2, "violated": 3}


class Outcome(NamedTuple):
    """What became of a mutant: the scenarios that fell, or the reason why it is no plan any more."""

    mutant: Mutant
    fallen: tuple[str, ...]
    impossible: str = ""

    @property
    def killed(self) -> bool:
        """Whether somebody notices the change: a verdict falls."""
        return bool(self.fallen)


@dataclass
class Baseline:
    """The plan as it is: its document, the verdicts, what was read and what was examined."""

    text: bytes
    catalogue: Catalogue
    name: str
    sha256: str
    require_applicable: bool
    verdicts: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, Mapping[tuple[str, str], Value]] = field(default_factory=dict)
    examined: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def document(self) -> Document:
        """The plan, decoded afresh, to be changed."""
        decoded: Document = values(self.text)
        return decoded


def baseline(
    text: bytes, name: str, wanted: Catalogue, *, require_applicable: bool
) -> tuple[Baseline, Plan]:
    """Judge the plan as it is. Raises PlanspecError for what keeps it from being judged."""
    read = plan.decode(text, name)
    records, run = Judge(wanted).judge(read, keep=True)
    verdicts = {each.scenario: each.verdict for each in records}
    examined = examined_by(records)
    return Baseline(
        text, wanted, name, read.digest, require_applicable, verdicts, run.places, examined
    ), run.plan


def mutants_of(base: Baseline, read: Plan, *, blind: bool, limit: int, seed: int) -> list[Mutant]:
    """The mutants of a plan: of what was read and of whole resources, or (`blind`) of the rest."""
    decoded = base.document()
    places = places_read(base.readers)
    if blind:
        found = list(of_places(read, decoded, unread(read, places)))
    else:
        found = [*of_places(read, decoded, places), *of_resources(read, decoded, base.examined)]
    return sampled(found, limit, seed)


_judges: dict[Catalogue, Judge] = {}


def outcomes(base: Baseline, mutants: Sequence[Mutant], jobs: int) -> Iterator[Outcome]:
    """Judge the mutants, in their order, in so many processes; 1 stays in this one."""
    batches = [mutants[start : start + BATCH] for start in range(0, len(mutants), BATCH)]
    slim = Baseline(
        base.text, base.catalogue, base.name, base.sha256, base.require_applicable, base.verdicts
    )
    with _executor(jobs) as executor:
        if executor is None:
            for batch in batches:
                yield from judged(slim, batch)
            return
        waiting: list[Future[list[Outcome]]] = [
            executor.submit(judged, slim, batch) for batch in batches
        ]
        try:
            for each in waiting:
                yield from each.result()
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def _executor(jobs: int) -> contextlib.AbstractContextManager[Executor | None]:
    if jobs < 2:
        return contextlib.nullcontext()
    return pool(jobs)


def judged(base: Baseline, mutants: Sequence[Mutant]) -> list[Outcome]:
    """Judge some mutants in this process."""
    if base.catalogue not in _judges:
        _judges[base.catalogue] = Judge(base.catalogue)
    return [_outcome(_judges[base.catalogue], base, mutant) for mutant in mutants]


def _outcome(judge: Judge, base: Baseline, mutant: Mutant) -> Outcome:
    changed = base.document()
    try:
        resource_mutants.apply(changed, mutant.edit)
    except LookupError as error:
        return Outcome(mutant, (), f"no place for it: {error}")
    if changed == base.document():
        return Outcome(mutant, (), "the same plan")
    fallen = _fallen(judge, base, changed, mutant.readers)
    if not fallen:
        rest = base.verdicts.keys() - mutant.readers
        fallen = _fallen(judge, base, changed, rest)
    return Outcome(mutant, fallen)


def _fallen(judge: Judge, base: Baseline, changed: Document, numbers: Iterable[str]) -> tuple[str, ...]:
    """The scenarios whose verdict is worse than before; a plan that is refused lets nothing pass."""
    asked = frozenset(numbers)
    if not asked:
        return ()
    try:
        read = plan.decode(_encoder.encode(changed), "mutant")
        records, _ = judge.judge(read, asked)
    except PlanspecError:
        return ("(refused)",)
    must = judge.policies.parameters.applicable.scenarios

    def unnoticed(number: str) -> bool:
        return not base.require_applicable or (must is not None and number not in must)

    return tuple(
        sorted(
            each.scenario
            for each in records
            if not (each.verdict == "not applicable" and unnoticed(each.scenario))
            and _RANK[each.verdict] > _RANK[base.verdicts.get(each.scenario, "satisfied")]
        )
    )


def second_instances(found: Iterable[Outcome]) -> list[Mutant]:
    """Mutants that put a noticed value on a second resource, beside the first and in a module.

    One for each scenario, type and attribute. The first resource stays as it was, so a scenario
    that looks at only one of them, or takes one for the other, does not fall.
    """
    chosen: dict[tuple[str, str, str], tuple[Mutant, Put]] = {}
    for outcome in found:
        mutant = outcome.mutant
        if not isinstance(mutant.edit, Put) or mutant.address.startswith("module."):
            continue
        kind = mutant.address.partition(".")[0]
        for number in outcome.fallen:
            if number in mutant.readers:
                key = (number, kind, _without_positions(mutant.path))
                chosen.setdefault(key, (mutant._replace(readers=frozenset({number})), mutant.edit))
    made = []
    for mutant, put in chosen.values():
        for module in (False, True):
            how = "second instance in a module" if module else "second instance by for_each"
            made.append(mutant._replace(operator=how, edit=resource_mutants.Second(put, module)))
    return made


def _without_positions(path: str) -> str:
    return re.sub(r"\[\d+\]", "", path)
