"""Which attributes of a resource did Checkov's checks look at, as far as Checkov tells?

A check names its keys itself (`evaluated_keys`), and some name none. What it names is what it asked
for, whether or not the attribute is there. A check over connected resources names the keys of all of
them with the resource that it judged, so a name counts only where that has an attribute of this name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

GRAPH_CHECKS: Final = "checkov.common.graph.checks_infra.base_check"
"""The class of every check that is written as data."""
# Checks that are written as data choose resources by this word, and those that are connected by the
# other. Source: checkov/common/checks_infra, version 3.3.30.
_NO_ATTRIBUTES: Final = {"resource_type", "networking"}
_NAME = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)

Kind = tuple[str, tuple[str, ...]]
"""A check, and the attributes that it names: the first part of each key, sorted."""


class Seen(NamedTuple):
    """One verdict of Checkov, with the keys that the check names: `rule/[0]/status`."""

    check: str
    address: str
    keys: tuple[str, ...]
    graph: bool


class Reads(NamedTuple):
    """What Checkov's checks looked at of one resource."""

    checks: tuple[str, ...]
    """The checks that judged it, sorted."""
    attributes: Mapping[str, tuple[str, ...]]
    """The attributes that they name, each with the checks that do."""
    silent: tuple[str, ...]
    """Those of the checks that name nothing."""


class Looked(NamedTuple):
    """What was looked at in one plan. Each kind is there once; an address names its own by position."""

    kinds: tuple[Kind, ...]
    addresses: Mapping[str, tuple[int, ...]]

    def by_address(self) -> dict[str, Reads]:
        """What was looked at of each address; resources that are judged alike share it."""
        known: dict[tuple[int, ...], Reads] = {}
        for positions in self.addresses.values():
            if positions not in known:
                known[positions] = _reads([self.kinds[each] for each in positions])
        return {address: known[positions] for address, positions in self.addresses.items()}


def unpacked(told: Mapping[str, Any]) -> Iterator[Seen]:
    """The verdicts as the fast runner writes them. Raises what a malformed answer raises."""
    kinds = [(str(check), tuple(keys), bool(graph)) for check, keys, graph in told["kinds"]]
    for address, positions in told["addresses"].items():
        for check, keys, graph in (kinds[each] for each in positions):
            yield Seen(check, address, keys, graph)


def gather(verdicts: Iterable[Seen]) -> Looked:
    """Put verdicts together, in an order that does not depend on theirs."""
    found: dict[str, set[Kind]] = {}
    for each in verdicts:
        found.setdefault(each.address, set()).add((each.check, _names(each.keys, graph=each.graph)))
    kinds = sorted(set().union(*found.values()))
    positions = {kind: position for position, kind in enumerate(kinds)}
    return Looked(
        tuple(kinds),
        {
            address: tuple(sorted(positions[each] for each in found[address]))
            for address in sorted(found)
        },
    )


@lru_cache(maxsize=4096)
def _names(keys: tuple[str, ...], *, graph: bool) -> tuple[str, ...]:
    """The attributes that keys begin with; what is no name, such as an index, names nothing."""
    names = {found[0] for key in keys if (found := _NAME.match(key))}
    return tuple(sorted(names - _NO_ATTRIBUTES if graph else names))


def _reads(kinds: Iterable[Kind]) -> Reads:
    attributes: dict[str, dict[str, None]] = {}
    checks: dict[str, bool] = {}
    for check, names in kinds:
        checks[check] = checks.get(check, False) or bool(names)
        for name in names:
            attributes.setdefault(name, {})[check] = None
    return Reads(
        tuple(sorted(checks)),
        {name: tuple(sorted(attributes[name])) for name in sorted(attributes)},
        tuple(sorted(check for check, told in checks.items() if not told)),
    )
