"""What does a reader see first: the verdict in one sentence, and what not to miss?"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from planspec.evidence import ORDER, Evidence
from planspec.reports.html_page.view import Area, Counted, Placed, by_severity, severity_rank

STANDINGS: Final = {
    "expired": "Expired waiver",
    "ends soon": "Waiver ends soon",
    "reopened": "Reopened waiver",
}


class Section(NamedTuple):
    """One entry of the navigation."""

    fragment: str
    title: str
    number: int | None = None


class Alert(NamedTuple):
    """Something that a reader has to know before relying on the page."""

    kind: str
    text: str


class Slice(NamedTuple):
    """A part of the bar of verdicts, in thousandths."""

    verdict: str
    start: int
    width: int


def sections(evidence: Evidence, resources: int) -> list[Section]:
    """The navigation, with how many of each there are."""
    controls = sum(len(each.controls) for each in evidence.frameworks)
    checks = None if evidence.checkov.missing else failed(evidence)
    found = [
        Section("summary", "Summary"),
        Section("requirements", "Requirements", len(evidence.scenarios)),
        Section("controls", "Controls", controls),
        Section("resources", "Resources", resources),
        Section("waivers", "Waivers", len(evidence.waivers)),
        Section("checkov", "Checkov", checks),
        Section("record", "The record"),
    ]
    optional = [Section("cost", "Cost")] if evidence.cost else []
    optional += [Section("coverage", "Coverage")] if evidence.coverage else []
    return [*found[:-1], *optional, found[-1]]


def failed(evidence: Evidence) -> int:
    """How many checks of Checkov failed and are not waived."""
    return sum(each.verdict == "violated" for each in evidence.checkov.findings)


def sentence(evidence: Evidence, total: Sequence[int]) -> str:
    """The verdict in one sentence."""
    number, checks = len(evidence.scenarios), failed(evidence)
    parts = [f"{count} {name}" for name, count in zip(ORDER, total, strict=True) if count]
    said = f"Of {number} scenario{'' if number == 1 else 's'}: {', '.join(parts)}."
    if checks:
        said += f" {checks} check{'' if checks == 1 else 's'} of Checkov failed."
    follows = "must not be applied" if evidence.blocks else "may be applied"
    return f"{said} By these requirements, the plan {follows}."


def bar(total: Sequence[int]) -> list[Slice]:
    """The shares of the verdicts."""
    whole = sum(total) or 1
    ends = [round(1000 * sum(total[:position]) / whole) for position in range(len(total) + 1)]
    slices = zip(ORDER, pairwise(ends), strict=True)
    return [Slice(name, start, end - start) for name, (start, end) in slices if end > start]


def alerts(evidence: Evidence) -> list[Alert]:
    """What a reader must not miss: what the plan will do, waivers that ended, what was not judged."""
    found = [Alert("expired", each) for each in evidence.plan.blocking]
    found += [
        Alert(each.standing, f"{STANDINGS[each.standing]}: {each}")
        for each in evidence.waivers
        if each.standing in STANDINGS
    ]
    found += [Alert("unused", f"Unused waiver: {each}") for each in evidence.waivers_unused]
    found += [Alert("part", f"Accepted for this run: {each}") for each in evidence.inputs.accepted]
    if evidence.cost and evidence.cost.stale:
        found.append(Alert("part", evidence.cost.stale))
    if evidence.inputs.tags:
        found.append(Alert("part", f"Only a part of the requirements: {evidence.inputs.tags}"))
    if evidence.checkov.missing:
        found.append(Alert("part", f"Checkov did not run: {evidence.checkov.missing}"))
    return found


def tallies(scenarios: Sequence[Placed], areas: Sequence[Area]) -> list[tuple[str, list[Counted]]]:
    """The lines of the table of verdicts: by area, and by severity."""
    by_area = [Counted(each.name, each.counts) for each in areas]
    return [("area", by_area), ("severity", list(by_severity(scenarios)))]


def blocking(scenarios: Sequence[Placed]) -> list[Placed]:
    """What blocks, the most severe first."""
    found = [each for each in scenarios if each.scenario.blocks]
    return sorted(found, key=lambda each: (severity_rank(each), ORDER.index(each.scenario.verdict)))
