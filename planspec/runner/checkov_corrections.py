"""Where is a verdict of Checkov known to be wrong, and what does planspec say instead?

Off by default, because a corrected verdict is not Checkov's. Each correction is named in the report.
"""

import re
from collections.abc import Iterator, Sequence

from planspec import syntax
from planspec.plan import UNKNOWN, Action, Plan, ResourceChange, Value
from planspec.references import graph

POLICIES = "each IAM policy is judged for itself, where Checkov judges the first of a name for all"
SKIPS = "a skip comment counts for the check with its number, where Checkov takes any that begins alike"
# What Checkov leaves out when it looks for a reference that can stand for an unknown value.
_NOT_SEEN = ("var", "local")
_SHOWN = 10
_INDEX = re.compile(r"\[(\d+)\]")


def decided_at_apply(plan: Plan, address: str, keys: Sequence[str]) -> str:
    """Return the path that keeps a failed check open; empty where the check has failed for sure.

    Checkov takes a value that apply decides for one that is missing, unless the expression refers to a
    resource: then it judges by that reference. So a check is open only if all that it looked at is
    unknown and written with variables and locals alone. What nobody wrote is the provider's default.
    """
    change = plan.find(address)
    if change is None or not keys:
        return ""
    places = [place for key in keys for place in _places(change, key)]
    if places and all(_is_open(plan, change, place) for place in places):
        return places[0].path
    return ""


def deletions(plan: Plan) -> str:
    """Return the sentence about what will be deleted, on which Checkov says nothing; may be empty."""
    gone = sorted(
        change.address
        for change in plan.changes
        if Action.DELETE in change.actions and Action.CREATE not in change.actions
    )
    if not gone:
        return ""
    more = f" and {len(gone) - _SHOWN} more" if len(gone) > _SHOWN else ""
    return f"Checkov does not judge what will be deleted: {', '.join(gone[:_SHOWN])}{more}"


def _is_open(plan: Plan, change: ResourceChange, place: Value) -> bool:
    if place.peek() is not UNKNOWN or not place.steps:
        return False
    expression = graph(plan).unit(change).argument(str(place.steps[0]))
    words = list(syntax.first_words(expression)) if expression else []
    return bool(words) and all(each[0] in _NOT_SEEN for each in words)


def _places(change: ResourceChange, key: str) -> Iterator[Value]:
    """The places that a key of Checkov's means: `rule/[0]/status`, or `rule/status` for every rule."""
    found = [change.values]
    for step in key.strip("/").split("/"):
        index = _INDEX.fullmatch(step)
        if index:
            found = [value.get(int(index[1])) for value in found]
        else:
            found = [inner.get(step) for value in found for inner in (value.elements() or (value,))]
    yield from found
