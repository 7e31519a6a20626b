"""How is the record laid out on the page: by area, by control, by resource?

Pure functions from the evidence record; the templates only write down what comes out of them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from planspec.evidence import ORDER, Evidence, FoundRecord, ResourceRecord, ScenarioRecord
from planspec.reports import control_matrix

AREAS: Final = ("security", "reliability", "cost")
SEVERITIES: Final = ("critical", "high", "medium", "low", "")
NOT_JUDGED: Final = "not judged"
REACHED: Final = (*ORDER[:3], "satisfied")
"""What a scenario says about a resource that it examined, the worst first."""


class Placed(NamedTuple):
    """A scenario with its position in the record, and the fragment under which the page has it."""

    fragment: str
    position: int
    scenario: ScenarioRecord

    @property
    def verdict(self) -> str:
        """The verdict of the scenario."""
        return self.scenario.verdict

    @property
    def number(self) -> str:
        """Its number, or nothing where it has none."""
        return self.scenario.scenario if self.name != self.scenario.name else ""

    @property
    def name(self) -> str:
        """Its name without the number that stands before it."""
        scenario = self.scenario
        return scenario.name.removeprefix(scenario.scenario).strip() or scenario.name


class Counted(NamedTuple):
    """One line of the summary: how many scenarios reached which verdict, in the order of `ORDER`."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many scenarios these are."""
        return sum(self.counts)


class Requirement(NamedTuple):
    """The scenarios of one requirement, with what they have in common.

    Its fragment is empty where an earlier part of the page has it: two features may share a requirement.
    """

    fragment: str
    number: str
    title: str
    rationale: str
    scenarios: tuple[Placed, ...]


class Feature(NamedTuple):
    """The requirements of one feature, why they are required and what a pass does not show."""

    name: str
    rationale: str
    limits: str
    requirements: tuple[Requirement, ...]


class Area(NamedTuple):
    """The features of one area."""

    name: str
    features: tuple[Feature, ...]
    counts: tuple[int, ...]


class ControlRow(NamedTuple):
    """One control of the matrix: what this run says about it, what is missing, by which scenarios."""

    tag: str
    number: str
    title: str
    state: str
    missing: tuple[str, ...]
    scenarios: tuple[Placed, ...]


class Matrix(NamedTuple):
    """One framework and its controls."""

    prefix: str
    title: str
    version: str
    rows: tuple[ControlRow, ...]

    @property
    def sums(self) -> dict[str, int]:
        """How many controls are in which state."""
        return dict(Counter(row.state for row in self.rows))


class Judged(NamedTuple):
    """What one scenario says about one resource."""

    placed: Placed
    verdict: str
    findings: tuple[FoundRecord, ...]


class Resource(NamedTuple):
    """One resource of the plan, and what the scenarios and Checkov say about it."""

    address: str
    type: str
    action: str
    where: str
    verdict: str
    judged: tuple[Judged, ...]
    checks: tuple[FoundRecord, ...]


def placed(evidence: Evidence, written: Iterable[str] = ()) -> tuple[Placed, ...]:
    """The scenarios, each with a fragment: its number or name, made unique where two are equal.

    `written` are those of the templates; those of frameworks, controls and resources are taken too.
    """
    taken = {*written, *(each.address for each in evidence.resources)}
    for framework in evidence.frameworks:
        tags = (f"{framework.prefix}:{each.control}" for each in framework.controls)
        taken.update((framework.prefix, f"{framework.prefix}-title", *tags))
    found = []
    for position, scenario in enumerate(evidence.scenarios):
        base = "-".join(scenario.scenario.split()) or "scenario"
        name, copy = base, 2
        while name in taken:
            name, copy = f"{base}-{copy}", copy + 1
        taken.add(name)
        found.append(Placed(name, position, scenario))
    return tuple(found)


def counts(verdicts: Iterable[str]) -> tuple[int, ...]:
    """How often each verdict was reached, in the order of `ORDER`."""
    found = Counter(map(str, verdicts))
    return tuple(found[verdict] for verdict in ORDER)


def by_severity(scenarios: Sequence[Placed]) -> tuple[Counted, ...]:
    """The verdicts by severity, the worst first."""
    found = (
        Counted(name, counts(each.verdict for each in scenarios if each.scenario.severity == name))
        for name in SEVERITIES
    )
    return tuple(each for each in found if each.total)


def severity_rank(placed: Placed) -> int:
    """Where its severity stands, from the worst; one that is not known comes last."""
    known = placed.scenario.severity in SEVERITIES
    return SEVERITIES.index(placed.scenario.severity) if known else len(SEVERITIES)


def areas(scenarios: Sequence[Placed]) -> tuple[Area, ...]:
    """The scenarios by area, feature and requirement, as the features have them."""
    names = sorted({each.scenario.area for each in scenarios}, key=_rank)
    taken = {each.fragment for each in scenarios}
    return tuple(
        _area(name, [each for each in scenarios if each.scenario.area == name], taken) for name in names
    )


def _rank(area: str) -> tuple[int, str]:
    return (AREAS.index(area) if area in AREAS else len(AREAS), area)


def _area(name: str, scenarios: Sequence[Placed], taken: set[str]) -> Area:
    inside = groupby(scenarios, lambda each: (each.scenario.file, each.scenario.feature))
    features = tuple(_feature(tuple(group), taken) for _, group in inside)
    return Area(name, features, counts(each.verdict for each in scenarios))


def _feature(scenarios: Sequence[Placed], taken: set[str]) -> Feature:
    """What all scenarios say about why they are required is said once."""
    said = [each.scenario.rationale.split("\n\n") for each in scenarios]
    common = [part for part in said[0] if all(part in other for other in said)]
    inside = groupby(scenarios, lambda each: (each.scenario.rule, each.scenario.requirement))
    requirements = tuple(_requirement(tuple(group), common, taken) for _, group in inside)
    first = scenarios[0].scenario
    return Feature(first.feature, "\n\n".join(common), first.limits, requirements)


def _requirement(scenarios: tuple[Placed, ...], common: Sequence[str], taken: set[str]) -> Requirement:
    """`taken` are the fragments that stand already; that of this requirement is added."""
    first = scenarios[0].scenario
    title = first.rule.removeprefix(first.requirement).strip() if first.rule else ""
    own = [part for part in first.rationale.split("\n\n") if part not in common]
    fragment = first.requirement if first.requirement not in taken else ""
    taken.add(fragment)
    return Requirement(fragment, first.requirement, title, "\n\n".join(own), scenarios)


def matrices(evidence: Evidence, scenarios: Sequence[Placed]) -> tuple[Matrix, ...]:
    """The controls of every framework, each with the scenarios that serve it and what they say."""
    places = {id(each.scenario): each for each in scenarios}
    rows = sorted(control_matrix.matrix(evidence), key=lambda each: natural(each.control.control))
    return tuple(
        Matrix(
            framework.prefix,
            framework.title,
            framework.version,
            tuple(
                ControlRow(
                    row.tag,
                    row.control.control,
                    row.control.title,
                    str(row.state),
                    tuple(row.missing),
                    tuple(places[id(scenario)] for scenario in row.scenarios),
                )
                for row in rows
                if row.framework is framework
            ),
        )
        for framework in evidence.frameworks
    )


def natural(text: str) -> list[tuple[int, str]]:
    """Sort 2.10 after 2.9 and AU-12 after AU-2."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text)
    return [(int(part), "") if part[0] in "0123456789" else (-1, part) for part in parts]


def resources(evidence: Evidence, scenarios: Sequence[Placed]) -> tuple[Resource, ...]:
    """Every resource of the plan or of a finding, the worst first, then by address."""
    judged = _by_address(scenarios)
    checks: dict[str, list[FoundRecord]] = {}
    for finding in evidence.checkov.findings:
        checks.setdefault(finding.address, []).append(finding)
    known = {_shown(each): each for each in evidence.resources}
    found = []
    for address in dict.fromkeys((*known, *judged, *checks)):
        record, mine = known.get(address), tuple(judged.get(address, ()))
        kind = record.type if record else ""
        action = " and ".join(record.actions) if record else ""
        place = record.where if record else ""
        verdict = worst(each.verdict for each in mine)
        found.append(
            Resource(address, kind, action, place, verdict, mine, tuple(checks.get(address, ())))
        )
    order = (*REACHED, NOT_JUDGED)
    return tuple(sorted(found, key=lambda each: (order.index(each.verdict), natural(each.address))))


def _by_address(scenarios: Sequence[Placed]) -> dict[str, list[Judged]]:
    found: dict[str, list[Judged]] = {}
    for each in scenarios:
        findings: dict[str, list[FoundRecord]] = {}
        for finding in each.scenario.findings:
            findings.setdefault(finding.address, []).append(finding)
        for address in dict.fromkeys((*each.scenario.examined, *findings)):
            mine = tuple(findings.get(address, ()))
            verdict = worst(one.verdict for one in mine) if mine else "satisfied"
            found.setdefault(address, []).append(Judged(each, verdict, mine))
    return found


def _shown(resource: ResourceRecord) -> str:
    """The address; an object that was left behind under the same address is a row of its own."""
    return f"{resource.address} (deposed {resource.deposed})" if resource.deposed else resource.address


def worst(verdicts: Iterable[str]) -> str:
    """The verdict that these add up to; nothing is no verdict."""
    reached = set(verdicts)
    return next((str(each) for each in REACHED if each in reached), NOT_JUDGED)
