"""Which phrases are there, and what is behind a requirement?"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from planspec import features
from planspec.errors import FeatureError
from planspec.features import load
from planspec.policies import read_controls, read_waivers
from planspec.runner import pairing, registry
from planspec.runner.context import reason_of

GENERAL: Final = 'we examine every planned "<kind>"'
MOST_NAMED: Final = 3


class Phrase(NamedTuple):
    """One phrase: its keyword, its text with blanks, what it means, and which Whens it goes with."""

    keyword: str
    text: str
    meaning: str
    after: tuple[str, ...] = ()

    @property
    def goes_with(self) -> str:
        """The Whens that may stand before it, as a person says it; "" where it needs none."""
        if len(self.after) > MOST_NAMED:
            return f"`{GENERAL}` and the other Whens that choose by type, action, tags or part"
        return " or ".join(f"`{each}`" for each in self.after)


def known_phrases() -> Sequence[Phrase]:
    """Return every phrase of the step modules, by keyword and text."""
    load()
    every = registry.known()
    after = {each.text: _whens(each, every) for each in every}
    return [
        Phrase(keyword.capitalize(), text, meaning, after[text])
        for keyword, text, meaning in registry.phrases()
    ]


def _whens(phrase: pairing.Phrase, every: Sequence[pairing.Phrase]) -> tuple[str, ...]:
    """The Whens that an outcome or a filter goes with."""
    if phrase.keyword != "then" and not phrase.filters:
        return ()
    return tuple(sorted(each.text for each in pairing.whens(phrase, every)))


def explanation(requirement: str, paths: Sequence[Path], policies: Path) -> str:
    """Return what there is to know about a requirement or a scenario, as text.

    Raises FeatureError if no scenario belongs to it, with the nearest that there is.
    """
    frameworks = read_controls(policies)
    found = [each for path in features.files(paths) for each in features.read(path, frameworks)]
    mine = [each for each in found if requirement in (each.requirement, each.number)]
    if not mine:
        known = sorted({each.requirement for each in found})
        raise FeatureError(f'no requirement "{requirement}"; there are {", ".join(known)}')
    lines = [mine[0].rule or mine[0].name]
    # One requirement may stand in several features, each of which says why, and what a pass shows.
    told: dict[tuple[str, str, str], features.Scenario] = {}
    for each in mine:
        told.setdefault((each.file, each.about, each.why), each)
    for each in told.values():
        texts = filter(None, (each.about, each.why))
        lines += [f"{each.feature} · {source_of(each)}", "", *"\n\n".join(texts).splitlines(), ""]
    for control in dict.fromkeys(control for each in mine for control in each.controls):
        framework, _, number = control.partition(":")
        known_as = frameworks[framework]
        title = known_as.controls[number].title
        lines.append(f"  {control:<12} {known_as.title} {known_as.version}: {title}")
    for scenario in mine:
        lines += ["", f"  {scenario.name}", *(f"    {step.text}" for step in scenario.steps)]
    lines += _waivers(requirement, policies)
    return "\n".join(lines)


def source_of(scenario: features.Scenario) -> str:
    """Say where a scenario stands."""
    return f"{Path(scenario.file).name}:{scenario.line}"


def _waivers(requirement: str, policies: Path) -> Sequence[str]:
    today = datetime.now(UTC).date()
    found = [
        waiver
        for waiver in read_waivers(policies)
        if waiver.concerns(requirement) or waiver.requirement.startswith(f"{requirement}.")
    ]
    if not found:
        return ["", "  no waivers"]
    return [
        "",
        *(
            f"  {'expired' if each.expired(today) else 'waived'}: {each.address}: {reason_of(each)}"
            for each in found
        ),
    ]
