"""Which parts of a plan did anybody look at?

An attribute counts if the source writes it, or if somebody read it. It was read by a requirement, or
its resource was only selected (examined, but not for this attribute), or nobody looked at it. What
Checkov judges is counted beside it, and never for it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from planspec.evidence import ScenarioRecord
from planspec.plan import Plan, ResourceChange
from planspec.reference import graph
from planspec.source import without_keys

Looked = Literal["read", "selected", "unseen"]
_FIRST = re.compile(r"[^.\[]+")


class AttributeCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute of a resource: whether somebody looked, and which scenarios read it."""

    name: str
    looked: Looked
    scenarios: list[str] = []


class ResourceCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """One resource instance: the scenarios that examined it, its attributes, Checkov's checks of it."""

    address: str
    type: str
    module: str
    scenarios: list[str]
    attributes: list[AttributeCoverage]
    checkov: int | None = None


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """Attributes of a type, of a module, of a control, or of everything."""

    name: str
    resources: int
    attributes: int
    read: int
    selected: int
    unseen: int

    @property
    def percent(self) -> float:
        """The share of attributes that a requirement read."""
        return round(100 * self.read / self.attributes, 1) if self.attributes else 100.0


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """The coverage of one plan. `controls` counts the attributes read for each control."""

    total: Total
    percent: float
    types: list[Total]
    modules: list[Total]
    controls: list[Total]
    resources: list[ResourceCoverage]

    def record(self) -> dict[str, Any]:
        """The section of the evidence."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found


def coverage(
    plan: Plan, scenarios: Sequence[ScenarioRecord], checks: Mapping[str, int] | None = None
) -> Coverage:
    """Work out who looked at what. The scenarios hold what they read, so reads had to be kept.

    `checks` is how many of Checkov's checks judged each address; None where Checkov did not run.
    """
    read = _read(scenarios)
    examined = _examined(scenarios)
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
    checks: Mapping[str, int] | None,
) -> ResourceCoverage:
    selected = examined.get(change.address, set())
    names = sorted({*_written(plan, change), *read})
    unread: Looked = "selected" if selected or read else "unseen"
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
        checkov=None if checks is None else checks.get(change.address, 0),
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
    return Total(
        name=name,
        resources=len(resources),
        attributes=len(looked),
        read=looked.count("read"),
        selected=looked.count("selected"),
        unseen=looked.count("unseen"),
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
