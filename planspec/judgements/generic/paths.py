"""Which values are at a path of a resource, and does it have such an attribute at all?"""

import difflib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from planspec.aws import document_at_apply
from planspec.finding import Finding, Verdict
from planspec.judgements.generic import ports
from planspec.judgements.generic.write_only import as_configured
from planspec.plan import ABSENT, UNKNOWN, Known, Plan, ResourceChange, Value, composed, select, steps

_FIRST: Final = re.compile(r"(?:\$\.?)?\W*([\w-]+)")


def values_at(plan: Plan, resource: ResourceChange, path: str) -> Sequence[Value]:
    """What stands at the path; in a policy that apply decides, what its document shows already.

    A list of ports that nobody wrote stands there too: it can mean each of them. Of what no plan states,
    the configuration tells whether it is set.
    """
    stated = (as_configured(plan, resource, each) for each in select(resource.values, path))
    places = (*stated, *_unstated_ports(resource, path))
    if not resource.will_exist or all(place.peek() is not UNKNOWN for place in places):
        return places
    first, *inside = steps(path) or (None,)
    if not isinstance(first, tuple) or len(first) != 1 or not inside:
        return places
    if resource.values.get(first[0]).peek() is not UNKNOWN:
        return places
    document = document_at_apply(plan, resource, first)
    if document is None:
        return places
    noted = composed({first[0]: document}).noted(lambda each: plan.noting.add(resource.address, each))
    return select(noted, path)


def _unstated_ports(resource: ResourceChange, path: str) -> Sequence[Value]:
    """The empty lists that a path to ports leads through."""
    whole = path.removesuffix("[*]")
    names = [step[0] for step in steps(path) if isinstance(step, tuple)]
    if whole == path or not ports.names_port(names):
        return ()
    found = select(resource.values, whole)
    return [each for each in found if each.is_left_out or each.peek() == Known([])]


def lacks(resource: ResourceChange, path: str) -> bool:
    """Whether a resource has no attribute of the first name in a path."""
    first = _FIRST.match(path)
    return first is not None and resource.values.get(first[1]).peek() is ABSENT


def no_such_attribute(resource: ResourceChange, path: str, places: Sequence[Value]) -> Finding | None:
    """A name that the resource does not have is no evidence, and is most likely misspelt."""
    first = _FIRST.match(path)
    if first is None or path.startswith(("$..", "*")):
        return None
    name = first[1]
    if resource.values.get(name).peek() is not ABSENT:
        inside = next((place.path for place in places if place.misnamed), None)
        if inside is None:
            return _slip(resource, path, places)
        observed = f"it has no {inside}; write [*] after the name of a list or block"
        return Finding(resource.address, Verdict.UNDETERMINED, observed, "", path)
    there = tuple(each for each, _ in resource.values.entries())
    near = _nearest(name, there)
    observed = f'it has no attribute "{name}"'
    if name in {"tags", "tags_all"} and {"tag", "labels"}.intersection(there):
        observed += ', and carries its tags otherwise; write: it must have the tags "..."'
    elif near:
        observed += f'; did you mean "{near}"?'
    return Finding(resource.address, Verdict.UNDETERMINED, observed, "", path)


def _slip(resource: ResourceChange, path: str, places: Sequence[Value]) -> Finding | None:
    """A key of a map or document may be missing, but not one that is there but for a letter or two."""
    for place in places:
        near = place.near_miss
        if near is not None:
            observed = f'it has no {place.path}; did you mean "{near}"?'
            return Finding(resource.address, Verdict.UNDETERMINED, observed, "", path)
    return None


@lru_cache
def _nearest(name: str, names: tuple[str, ...]) -> str | None:
    """Resources of one type have the same names, so the search is done once for each type."""
    return next(iter(difflib.get_close_matches(name, names, 1)), None)
