"""How often does one value appear among the selected resources?"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from planspec.finding import Finding, Judgement, Verdict, judge
from planspec.judgements.generic.paths import values_at
from planspec.judgements.generic.relations import canonical
from planspec.judgements.generic.selections import Selection
from planspec.plan import UNKNOWN, Known, Value, network
from planspec.schema import names


class Appearance(NamedTuple):
    """One place at which a value stands: of which resource, and whether that is surely selected."""

    address: str
    place: Value
    sure: bool = True


def at_most(selection: Selection, path: str, number: int) -> Judgement:
    """Judge whether each value at the path stands at most so often, in all resources together.

    What apply decides can be any of the values. Nothing set is no value. Networks are the same however
    they are written. Raises UnknownName for a path that nothing knows.
    """
    names(selection.plan).require_path(selection.kinds, selection.resources, path)
    known: dict[str, list[Appearance]] = defaultdict(list)
    unknown: list[Appearance] = []
    for each in _appearances(selection, path):
        match each.place.reading:
            case Known(value, False) if value not in ("", [], {}):
                known[_written(value)].append(each)
            case Known(_, True):
                unknown.append(each)
            case state if state is UNKNOWN or (each.place.misnamed and _is_alone(selection)):
                unknown.append(each)
            case _:
                continue
    return judge((each.address for each in selection.resources), _findings(known, unknown, path, number))


def _is_alone(selection: Selection) -> bool:
    """Whether all are of one type: then a name that one does not have is misspelt."""
    return len({each.type for each in selection.resources}) == 1


def _appearances(selection: Selection, path: str) -> Iterator[Appearance]:
    for resource in selection.resources:
        for place in values_at(selection.plan, resource, path):
            yield Appearance(resource.address, place, resource.address not in selection.unsure)


def _written(value: object) -> str:
    """The value so that equal ones are written alike; 22 and "22" are."""
    text = value if isinstance(value, str) else canonical(value)
    return str(network(text) or text)


def _findings(
    known: Mapping[str, Sequence[Appearance]], unknown: Sequence[Appearance], path: str, number: int
) -> Iterator[Finding]:
    expected = f"each value of {path} appears at most {number} time{'' if number == 1 else 's'}"
    most = max((len(each) for each in known.values()), default=0)
    for places in known.values():
        if len(places) + len(unknown) <= number:
            continue
        surely = sum(each.sure for each in places) > number
        if not surely and len(places) <= number:
            continue  # said of what is open
        verdict = Verdict.VIOLATED if surely else Verdict.UNDETERMINED
        others = tuple(dict.fromkeys(each.address for each in places))
        for each in places:
            observed = f"{each.place.path} is {each.place.shown}, which appears {len(places)} times"
            related = tuple(one for one in others if one != each.address)
            yield Finding(each.address, verdict, observed, expected, each.place.path, related=related)
    if unknown and most + len(unknown) > number:
        for each in unknown:
            observed = f"{each.place.path} is {each.place.shown}, and may be a value that is there"
            yield Finding(each.address, Verdict.UNDETERMINED, observed, expected, each.place.path)
