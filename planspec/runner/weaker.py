"""What became weaker: the same plan, judged by the base's requirements and by those of the change.

Compared are verdicts for each requirement and address, scenarios and their enforcement, waivers, and the
limits and parameters that have another value. Checkov's custom checks are compared as files only.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from planspec.evidence import ScenarioRecord
from planspec.finding import Verdict
from planspec.policies import Waiver

LIMITS: Final = ("limits.toml", "parameters.toml")
_BADNESS: Final = {Verdict.VIOLATED: 3, Verdict.UNDETERMINED: 2, Verdict.WAIVED: 1}
_ENFORCED: Final = ("advisory", "soft", "hard")
_SEVERITIES: Final = ("", "low", "medium", "high", "critical")
_ABSENT: Final = object()


def verdicts(before: Sequence[ScenarioRecord], after: Sequence[ScenarioRecord]) -> Iterator[str]:
    """Tell each scenario that is gone or enforced less, and each address with a better verdict."""
    was, now = _by_number(before), _by_number(after)
    for number, old in was.items():
        new = now.get(number)
        if new is None:
            yield f"{number} is removed; the base says {', '.join({each.verdict for each in old})}"
            continue
        for what, order in (("enforcement", _ENFORCED), ("severity", _SEVERITIES)):
            had, has = _least(old, what, order), _least(new, what, order)
            if has < had:
                yield f"{number} has the {what} {order[has] or 'none'}, and had {order[had]}"
        yield from _asked(number, old, new)
        yield from _addresses(number, _by_address(old), _by_address(new))


def _by_number(scenarios: Sequence[ScenarioRecord]) -> dict[str, list[ScenarioRecord]]:
    """The scenarios by their number, which the rows of an outline share."""
    found: dict[str, list[ScenarioRecord]] = {}
    for each in scenarios:
        found.setdefault(each.scenario, []).append(each)
    return found


def _least(scenarios: Sequence[ScenarioRecord], what: str, order: Sequence[str]) -> int:
    return min(order.index(getattr(each, what)) for each in scenarios)


def _asked(number: str, old: Sequence[ScenarioRecord], new: Sequence[ScenarioRecord]) -> Iterator[str]:
    """Tell the steps that are not asked any more, with those that are instead."""
    was, now = ({step for each in some for step in each.steps} for some in (old, new))
    if was - now:
        gone, come = ("; ".join(sorted(some)) for some in (was - now, now - was))
        yield f"{number} no longer asks: {gone}" + (f"; it asks: {come}" if come else "")


def _addresses(number: str, was: Mapping[str, Verdict], found: Mapping[str, Verdict]) -> Iterator[str]:
    for address in sorted(was):
        before, after = was[address], found.get(address)
        if after is None:
            yield f"{number} {address}: no longer examined, was {before}"
        elif _BADNESS.get(after, 0) < _BADNESS.get(before, 0):
            yield f"{number} {address}: {after}, was {before}"


def _by_address(scenarios: Sequence[ScenarioRecord]) -> dict[str, Verdict]:
    """The worst verdict of each address that was examined."""
    examined = (address for scenario in scenarios for address in scenario.examined)
    found = dict.fromkeys(examined, Verdict.SATISFIED)
    for each in (finding for scenario in scenarios for finding in scenario.findings):
        known = found.get(each.address, Verdict.SATISFIED)
        found[each.address] = max(known, each.verdict, key=lambda verdict: _BADNESS.get(verdict, 0))
    return found


def waivers(before: Iterable[Waiver], after: Iterable[Waiver]) -> Iterator[str]:
    """Tell each waiver that is new, or accepts more than the base's did."""
    known = set(before)
    for each in after:
        if each not in known:
            yield f"new waiver: {each}, approved by {each.approver}"


def limits(before: Path, after: Path) -> Iterator[str]:
    """Tell each stated value that the base does not have so."""
    for name in LIMITS:
        old, new = _values(before / name), _values(after / name)
        for key in sorted(old.keys() | new.keys()):
            was, found = old.get(key, _ABSENT), new.get(key, _ABSENT)
            if was != found:
                yield f"{name} {key}: {_moved(was, found)}"


def _moved(was: Any, found: Any) -> str:
    if found is _ABSENT:
        return f"removed, was {was}"
    if was is _ABSENT:
        return f"added, is {found}"
    if all(isinstance(each, int | float) and not isinstance(each, bool) for each in (was, found)):
        return f"{'raised' if found > was else 'lowered'} from {was} to {found}"
    return f"{found}, was {was}"


def _values(path: Path) -> Mapping[str, Any]:
    """Every value of a file of policies by its key; none of a file that cannot be read."""
    try:
        tree = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    found: dict[str, Any] = {}
    open_parts: list[tuple[str, Any]] = [("", tree)]
    while open_parts:
        key, part = open_parts.pop()
        if isinstance(part, dict):
            open_parts += [(f"{key}.{name}" if key else name, inner) for name, inner in part.items()]
        else:
            found[key] = part
    return found
