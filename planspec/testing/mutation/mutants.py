"""Which small changes are tried on a plan?

First on what the scenarios read; with `blind` on every other attribute that somebody can write. The
same plan, seed and limit give the same mutants in the same order.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from planspec.evidence import ScenarioRecord
from planspec.plan import REDACTED, Plan, Value
from planspec.syntax import shorten, to_text
from planspec.testing.mutation import interface_mutants, resource_mutants, value_mutants
from planspec.testing.mutation.json_places import GONE, Steps, at
from planspec.testing.mutation.plan_edits import Document, Edit, Hide, Leave, Put, block_of
from planspec.testing.mutation.writable import is_required, is_writable

LATER_SHOWN: Final = "(known after apply)"
LONGEST_WALK: Final = 8
# What the provider computes or only names; nobody weakens a plan by it.
_IDENTITIES: Final = frozenset({"id", "arn", "tags_all", "timeouts"})
# Without these a policy, or a container definition, is refused by AWS.
_NEEDED: Final = frozenset(
    {"Action", "AWS", "Effect", "Principal", "Resource", "Service", "image", "name", "value"}
)


class Mutant(NamedTuple):
    """One small change: how, where, from what, to what, and who read the place."""

    operator: str
    address: str
    path: str
    old: str
    new: str
    edit: Edit | resource_mutants.Second
    readers: frozenset[str] = frozenset()

    def __str__(self) -> str:
        place = f"{self.address} {self.path}".rstrip()
        return f"{self.operator}: {place}: {self.old} -> {self.new}"


class Place(NamedTuple):
    """One place of a resource with the scenarios that read it."""

    address: str
    steps: Steps
    value: Value
    readers: frozenset[str]


def places_read(places: Mapping[str, Mapping[tuple[str, str], Value]]) -> list[Place]:
    """Gather what the scenarios read: by scenario number, the places by address and path."""
    found: dict[tuple[str, str], tuple[Value, set[str]]] = {}
    for number, read in places.items():
        for key, value in read.items():
            if "[]" not in value.steps and value.steps:
                found.setdefault(key, (value, set()))[1].add(number)
    return [
        Place(address, value.steps, value, frozenset(readers))
        for (address, _), (value, readers) in sorted(found.items())
    ]


def of_places(plan: Plan, document: Document, places: Iterable[Place]) -> Iterator[Mutant]:
    """Yield the mutants of single values."""
    for place in places:
        change = plan.find(place.address)
        if change is None or not change.managed:
            continue
        entry = _entry(document, place.address)
        if entry is not None:
            yield from _of_value(document, entry, place)


def _entry(document: Document, address: str) -> Document | None:
    return next(
        (
            each
            for each in document["resource_changes"]
            if each.get("address") == address and not each.get("deposed")
        ),
        None,
    )


def _of_value(document: Document, entry: Document, place: Place) -> Iterator[Mutant]:
    stated = at(entry["change"]["after"], place.steps)
    address, steps = place.address, place.steps
    if stated is GONE:
        yield from _detached(document, entry, place)
        return
    for made in value_mutants.values(stated, steps):
        yield _mutant(made.operator, place, made.value, Put(address, steps, made.value))
    for deeper, gone in value_mutants.elements(stated, steps):
        old = to_text(at(entry["change"]["after"], deeper))
        yield _mutant(gone.operator, place, "(gone)", Put(address, deeper, GONE), old)
    if stated in (None, [], ""):
        return
    needed = is_required(entry["type"], steps) or (None in steps and steps[-1] in _NEEDED)
    if isinstance(steps[-1], str) and not needed:
        yield _mutant("set null", place, None, Leave(address, steps))
    yield _mutant("set unknown", place, LATER_SHOWN, Hide(address, steps))
    if isinstance(stated, str) and None not in steps and _refers(document, address, steps):
        yield _mutant(
            "detach", place, value_mutants.ELSEWHERE, Put(address, steps, value_mutants.ELSEWHERE)
        )


def _detached(document: Document, entry: Document, place: Place) -> Iterator[Mutant]:
    """A value that apply decides because it refers to another resource: now it is a text."""
    unknown = at(entry["change"].get("after_unknown", {}), place.steps)
    if unknown is True and _refers(document, place.address, place.steps):
        text = value_mutants.detached(value_mutants.name_of(place.steps))
        yield _mutant("detach", place, text, Put(place.address, place.steps, text))
        if not is_required(entry["type"], place.steps):
            yield _mutant("set null", place, None, Leave(place.address, place.steps))


def _refers(document: Document, address: str, steps: Steps) -> bool:
    block = block_of(document, address)
    expression = at((block or {}).get("expressions", {}), steps)
    return isinstance(expression, dict) and bool(expression.get("references"))


def _mutant(operator: str, place: Place, new: Any, edit: Edit, old: str = "") -> Mutant:
    """A mutant with what was and what comes; of a secret neither is shown."""
    secret = place.value.sensitive
    shown = new if new == LATER_SHOWN else shorten(to_text(new))
    before = place.value.shown if secret or not old else shorten(old)
    after = REDACTED if secret and new is not None else shown
    return Mutant(operator, place.address, place.value.path, before, after, edit, place.readers)


def of_resources(
    plan: Plan, document: Document, examined: Mapping[str, frozenset[str]]
) -> Iterator[Mutant]:
    """Yield the mutants of whole resources; `examined` gives the scenarios that look at each one."""
    for change in plan.changes:
        if change.managed and change.will_exist:
            readers = examined.get(change.address, frozenset())
            for each in resource_mutants.whole(document, change.address):
                yield Mutant(each.operator, each.address, "", each.old, each.new, each.edit, readers)
    for each in (*resource_mutants.others(document), *interface_mutants.of_configuration(document)):
        yield Mutant(each.operator, each.address, "", each.old, each.new, each.edit)


def unread(plan: Plan, read: Sequence[Place]) -> list[Place]:
    """Every stated attribute that no scenario read: the places of a blind run."""
    seen = {(place.address, place.value.path) for place in read}
    found = []
    for change in plan.changes:
        if not (change.managed and change.will_exist):
            continue
        for value in _inside(change.after, LONGEST_WALK):
            key = (change.address, value.path)
            first = value.steps[0]
            fixed = first in _IDENTITIES or not is_writable(change.type, value.steps)
            if key not in seen and not fixed:
                found.append(Place(change.address, value.steps, value, frozenset()))
    return found


def _inside(value: Value, depth: int) -> Iterator[Value]:
    """The plain values below a place, and the texts that hold documents as they are."""
    for _, each in value.entries():
        yield from _with_parts(each, depth)


def _with_parts(place: Value, depth: int) -> Iterator[Value]:
    parts = place.elements()
    blocks = [each for each in parts if each.steps != place.steps and any(each.entries())]
    if blocks and depth:
        for block in blocks:
            yield from _inside(block, depth - 1)
    elif any(place.entries()) and depth:
        yield from _inside(place, depth - 1)
    else:
        yield place


def sampled(mutants: Sequence[Mutant], limit: int, seed: int) -> list[Mutant]:
    """Keep at most so many, drawn by the seed, in their order; 0 keeps all."""
    if not limit or len(mutants) <= limit:
        return list(mutants)
    kept = random.Random(seed).sample(range(len(mutants)), limit)  # noqa: S311 (no secret is drawn)
    return [mutants[position] for position in sorted(kept)]


def examined_by(scenarios: Iterable[ScenarioRecord]) -> dict[str, frozenset[str]]:
    """Which scenarios examined each address."""
    found: dict[str, set[str]] = {}
    for scenario in scenarios:
        for address in scenario.examined:
            found.setdefault(address, set()).add(scenario.scenario)
    return {address: frozenset(numbers) for address, numbers in found.items()}
