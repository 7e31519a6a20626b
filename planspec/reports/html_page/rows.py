"""What is in one row of the page: an examined item, a resource, a line of Gherkin?"""

from collections.abc import Iterator
from typing import Final

from planspec.evidence import ReadRecord, ScenarioRecord
from planspec.reports.html_page.embedded import told
from planspec.reports.html_page.view import REACHED, Resource

ALSO_READ: Final = "also read"
_HEADS: Final = (
    "Scenario Outline:",
    "Scenario Template:",
    "Scenario:",
    "Examples:",
    "Example:",
    "Background:",
)
_KEYWORDS: Final = ("Given ", "When ", "Then ", "And ", "But ", "* ")
Place = tuple[str, str, str]


def answer(scenario: ScenarioRecord) -> str:
    """The verdict with its counts: of what was examined, how many were found."""
    examined, found = len(scenario.examined), len({each.address for each in scenario.findings})
    counts = f" {found} of {examined}" if found else f" {examined}" if examined else ""
    weak = f" ({scenario.enforcement})" if scenario.enforcement != "hard" else ""
    return f"{scenario.verdict}{counts}{weak}{', overridden' if scenario.override else ''}"


def items(scenario: ScenarioRecord) -> list[tuple[str, str, list[Place]]]:
    """What was examined, each with its verdict and the places read; then what else was read."""
    places: dict[str, list[ReadRecord]] = {}
    for read in scenario.read:
        places.setdefault(read.address, []).append(read)
    verdicts = {each.address: str(each.verdict) for each in reversed(scenario.findings)}
    examined = dict.fromkeys(scenario.examined)
    return [
        (
            verdicts.get(address, "satisfied") if address in examined else ALSO_READ,
            address,
            [(each.path, each.shown, told(each)) for each in places.get(address, ())],
        )
        for address in dict.fromkeys((*examined, *places))
    ]


def tally(resource: Resource) -> str:
    """How many scenarios a resource holds, and how many checks it fails."""
    held = sum(each.verdict == "satisfied" for each in resource.judged)
    text = f"{held} of {len(resource.judged)} hold" if resource.judged else "not judged"
    failed = sum(each.verdict == "violated" for each in resource.checks)
    return f"{text}, {failed} failed in Checkov" if failed else text


def said(resource: Resource) -> list[tuple[str, str, str, str]]:
    """What each scenario, and Checkov, says about a resource: fragment, verdict, name, remark."""
    own = [
        (
            each.placed.fragment,
            each.verdict,
            each.placed.scenario.name,
            "; ".join(finding.observed for finding in each.findings),
        )
        for each in sorted(resource.judged, key=lambda each: REACHED.index(each.verdict))
    ]
    checks = [("checkov", str(each.verdict), each.observed, each.expected) for each in resource.checks]
    return own + checks


def gherkin(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Each line as its indentation, what it is (head, tag, remark or nothing), its keyword, the rest."""
    for line in text.splitlines():
        bare = line.lstrip()
        indent = line[: len(line) - len(bare)]
        word = next((each for each in (*_HEADS, *_KEYWORDS) if bare.startswith(each)), "")
        kind = "head" if word else {"#": "remark", "@": "tag"}.get(bare[:1], "")
        yield indent, kind, word, bare.removeprefix(word)
