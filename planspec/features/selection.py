"""Which scenarios are asked for: of these features, by these tags?"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from planspec.errors import FeatureError
from planspec.features import reader
from planspec.features.reader import Scenario
from planspec.policies import Framework


def read(paths: Sequence[Path], frameworks: Mapping[str, Framework]) -> Sequence[Scenario]:
    """Read every scenario of these files and folders. Raises FeatureError, which names the place."""
    return [scenario for path in reader.files(paths) for scenario in reader.read(path, frameworks)]


def require_own_numbers(found: Sequence[Scenario]) -> None:
    """Raise FeatureError for two scenarios of one number: a report could not tell them apart."""
    first: dict[str, Scenario] = {}
    for scenario in found:
        other = first.setdefault(scenario.number, scenario)
        place = scenario.file, scenario.line
        if reader.NUMBER.match(scenario.name) and (other.file, other.line) != place:
            raise FeatureError(
                f"{scenario.file}:{scenario.line}: {scenario.number} is also the number of"
                f" {other.file}:{other.line}; number each scenario once"
            )


def selected(tags: str, found: Sequence[Scenario]) -> Sequence[Scenario]:
    """Keep the scenarios that the tag expression selects.

    Raises FeatureError where it selects none, or names a tag that none of them has: a slip.
    """
    chosen = [scenario for scenario in found if reader.selects(tags, scenario.tags)]
    carried = {f"@{tag}" for scenario in found for tag in scenario.tags}
    strange = [tag for tag in reader.tags_in(tags) if tag not in carried]
    if not chosen or strange:
        what = f"no scenario has {', '.join(strange)}" if strange else "selects none"
        raise FeatureError(
            f'--tags "{tags}": {what} of {len(found)} scenarios;'
            ' write tags with @, such as "@EXP-01 or @severity:critical"'
        )
    return chosen
