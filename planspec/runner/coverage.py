"""Which parts of a plan did anybody look at?

An attribute counts if the source writes it, or if a requirement read it. It was read by a requirement,
or its resource was only selected (examined, but not for this attribute), or no requirement looked at it.
What Checkov looks at is counted beside it, and never for it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from planspec.checkov import Looked, Reads
from planspec.evidence import (
    AttributeCoverage,
    CheckovCoverage,
    Coverage,
    Looks,
    ResourceCoverage,
    ScenarioRecord,
    Total,
)
from planspec.plan import Plan, ResourceChange
from planspec.references import graph
from planspec.source import without_keys

_FIRST = re.compile(r"[^.\[]+")
NOT_ASKED: Final = CheckovCoverage()
_NOTHING = Reads((), {}, ())


def coverage(
    plan: Plan,
    scenarios: Sequence[ScenarioRecord],
    looked: Looked | None = None,
    checkov: CheckovCoverage = NOT_ASKED,
) -> Coverage:
    """Work out who looked at what. The scenarios hold what they read, so reads had to be kept.

    `looked` is what Checkov's checks looked at, None where it did not run; `checkov` tells its version,
    or why it did not run.
    """
    read = _read(scenarios)
    examined = _examined(scenarios)
    checks = None if looked is None else looked.by_address()
    resources = [
        _resource(plan, change, read.get(change.address, {}), examined, checks)
        for change in plan.changes
        if change.managed and change.will_exist
    ]
    total = _total("everything", resources)
    return Coverage(
        total=total,
        percent=total.percent,
        types=_totals((each.type, each) for each in resources),
        modules=_totals((each.module or "(root)", each) for each in resources),
        controls=_controls(scenarios, resources),
        resources=resources,
        checkov=CheckovCoverage(
            version=checkov.version,
            missing=checkov.missing,
            verdicts=sum(each.checkov or 0 for each in resources),
            silent=sum(each.checkov_silent for each in resources),
        ),
    )


def _read(scenarios: Iterable[ScenarioRecord]) -> dict[str, dict[str, set[str]]]:
    """By address and attribute: the scenarios that read it, or something inside it."""
    found: dict[str, dict[str, set[str]]] = {}
    for scenario in scenarios:
        for each in scenario.read:
            name = _FIRST.match(each.path)
            if name:
                by = found.setdefault(each.address, {}).setdefault(name[0], set())
                by.add(scenario.scenario)
    return found


def _examined(scenarios: Iterable[ScenarioRecord]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for scenario in scenarios:
        for address in scenario.examined:
            found.setdefault(address, set()).add(scenario.scenario)
    return found


def _resource(
    plan: Plan,
    change: ResourceChange,
    read: Mapping[str, set[str]],
    examined: Mapping[str, set[str]],
    checks: Mapping[str, Reads] | None,
) -> ResourceCoverage:
    selected = examined.get(change.address, set())
    names = sorted({*_written(plan, change), *read})
    unread: Looks = "selected" if selected or read else "unseen"
    beside = (checks or {}).get(change.address, _NOTHING)
    return ResourceCoverage(
        address=change.address,
        type=change.type,
        module=without_keys(change.module_address),
        scenarios=sorted(selected),
        attributes=[
            AttributeCoverage(
                name=name,
                looked="read" if name in read else unread,
                scenarios=sorted(read.get(name, ())),
            )
            for name in names
        ],
        checkov=None if checks is None else len(beside.checks),
        checkov_read={
            name: list(beside.attributes[name]) for name in names if name in beside.attributes
        },
        checkov_silent=len(beside.silent),
    )


def _written(plan: Plan, change: ResourceChange) -> list[str]:
    """The attributes that the source writes; without its block, those that have a value."""
    names = [name for name, _ in change.after.entries()]
    if graph(plan).has_block(change):
        return [
            name for name in names if graph(plan).is_written(change, name) or _holds_blocks(change, name)
        ]
    return [name for name in names if change.after.get(name).is_set]


def _holds_blocks(change: ResourceChange, name: str) -> bool:
    """A `dynamic` block stands in no configuration; what it made stands in the values."""
    return any(any(part.entries()) for part in change.after.get(name).elements())


def _totals(named: Iterable[tuple[str, ResourceCoverage]]) -> list[Total]:
    groups: dict[str, list[ResourceCoverage]] = {}
    for name, each in named:
        groups.setdefault(name, []).append(each)
    return [_total(name, found) for name, found in sorted(groups.items())]


def _total(name: str, resources: Sequence[ResourceCoverage]) -> Total:
    looked = [attribute.looked for each in resources for attribute in each.attributes]
    checkov = only = None
    if any(each.checkov is not None for each in resources):
        checkov = sum(len(each.checkov_read) for each in resources)
        only = sum(
            attribute.name in each.checkov_read and attribute.looked != "read"
            for each in resources
            for attribute in each.attributes
        )
    return Total(
        name=name,
        resources=len(resources),
        attributes=len(looked),
        read=looked.count("read"),
        selected=looked.count("selected"),
        unseen=looked.count("unseen"),
        checkov=checkov,
        checkov_only=only,
    )


def _controls(scenarios: Sequence[ScenarioRecord], resources: Sequence[ResourceCoverage]) -> list[Total]:
    """For each control: the resources that its scenarios examined, and what they read of them."""
    serving: dict[str, set[str]] = {}
    for scenario in scenarios:
        for control in scenario.controls:
            serving.setdefault(control, set()).add(scenario.scenario)
    found = []
    for control, numbers in sorted(serving.items()):
        mine = [each for each in resources if numbers & set(each.scenarios)]
        attributes = [one for each in mine for one in each.attributes]
        read = sum(bool(numbers & set(one.scenarios)) for one in attributes)
        found.append(
            Total(
                name=control,
                resources=len(mine),
                attributes=len(attributes),
                read=read,
                selected=len(attributes) - read,
                unseen=0,
            )
        )
    return found
