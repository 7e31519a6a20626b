"""Which scenarios are asked for: of these features, by these tags?"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from planspec.errors import FeatureError
from planspec.features import reader
from planspec.features.reader import Scenario
from planspec.policies import Framework


def read(paths: Sequence[Path], frameworks: Mapping[str, Framework]) -> Sequence[Scenario]:
    """Read every scenario of these files and folders. Raises FeatureError, which names the place."""
    return [scenario for path in reader.files(paths) for scenario in reader.read(path, frameworks)]


def require_own_numbers(found: Sequence[Scenario]) -> None:
    """Raise FeatureError for two scenarios or rules of one number: no report could tell them apart."""
    first: dict[str, Scenario] = {}
    for scenario in found:
        other = first.setdefault(scenario.number, scenario)
        place = scenario.file, scenario.line
        if reader.NUMBER.match(scenario.name) and (other.file, other.line) != place:
            raise FeatureError(
                f"{scenario.file}:{scenario.line}: {scenario.number} is also the number of"
                f" {other.file}:{other.line}; number each scenario once"
            )
    for scenario, other in other_rules(found):
        raise FeatureError(
            f'{scenario.file}:{scenario.line}: the rule "{scenario.rule}" has the number of'
            f' "{other.rule}" in {other.file}; give both the same title and tags, or another number'
        )


def other_rules(found: Sequence[Scenario]) -> Iterator[tuple[Scenario, Scenario]]:
    """Yield scenarios whose rule has the number of another one, each with a scenario of that one.

    A rule may stand in two files, as ours and as one of our own service: by the same title and tags.
    """
    first: dict[str, Scenario] = {}
    told: set[tuple[str, str]] = set()
    for scenario in found:
        for number in filter(reader.REQUIREMENT.fullmatch, scenario.rule_tags):
            other = first.setdefault(number, scenario)
            same = (other.rule, sorted(other.rule_tags)) == (scenario.rule, sorted(scenario.rule_tags))
            if not same and (number, scenario.file) not in told:
                told.add((number, scenario.file))
                yield scenario, other


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
