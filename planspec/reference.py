"""Which resources of one type belong to which of another?

Joins by reference, and by name where the plan states it. A join that could be to one of several
resources is undecided. Source: Terraform, "JSON Output Format", expression representation.
"""

import re
from typing import NamedTuple

from planspec.change import ResourceChange
from planspec.expression import References, Resolver, Target
from planspec.plan import Plan
from planspec.value import UNKNOWN, Known

__all__ = ["Incoming", "ReferenceGraph", "References", "Target", "graph"]

_DOCUMENT = "data.aws_iam_policy_document"
# Attributes by which other resources name a resource once it exists.
_IDENTITIES = ("id", "arn", "name", "bucket", "identifier", "family", "cluster_identifier")


class Incoming(NamedTuple):
    """Resources that refer to a target, by the target's address, and those that might."""

    known: dict[str, list[ResourceChange]]
    undecided: tuple[ResourceChange, ...]

    def to(self, target: ResourceChange) -> tuple[ResourceChange, ...]:
        """Return the resources that surely refer to this target."""
        return tuple(self.known.get(target.address, ()))


class ReferenceGraph(Resolver):
    """References between the resources of one plan; each attribute is resolved once."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._incoming: dict[tuple[str, tuple[str | int, ...], str], Incoming] = {}
        self._targets: dict[tuple[int, tuple[str | int, ...], str], tuple[str, ...] | None] = {}
        self._names: dict[str, dict[str, tuple[str, ...]]] = {}

    def incoming(self, kind: str, path: tuple[str | int, ...], target_type: str) -> Incoming:
        """Return which resources of type `kind` refer, at this path, to which of `target_type`.

        The path names one value, so that two possible targets mean that nothing is decided.
        """
        asked = (kind, path, target_type)
        if asked not in self._incoming:
            self._incoming[asked] = self._join(kind, path, target_type)
        return self._incoming[asked]

    def _join(self, kind: str, path: tuple[str | int, ...], target_type: str) -> Incoming:
        known: dict[str, list[ResourceChange]] = {}
        undecided: list[ResourceChange] = []
        for change in self._plan.remaining(kind):
            addresses = self.targets(change, path, target_type)
            if addresses is None or len(addresses) > 1:
                undecided.append(change)
            elif addresses:
                known.setdefault(addresses[0], []).append(change)
        return Incoming(known, tuple(undecided))

    def targets(
        self, change: ResourceChange, path: tuple[str | int, ...], target_type: str
    ) -> tuple[str, ...] | None:
        """Return the addresses of `target_type` that this attribute names; None if it cannot be told.

        A name that the plan states decides before the expression does. A name that several
        resources have, in two regions say, decides nothing.
        """
        asked = (id(change), path, target_type)
        if asked not in self._targets:
            self._targets[asked] = self._told(change, path, target_type)
        return self._targets[asked]

    def _told(
        self, change: ResourceChange, path: tuple[str | int, ...], target_type: str
    ) -> tuple[str, ...] | None:
        readings = [element.peek() for element in change.after.get(*path).elements()]
        by_name = self._by_identity(target_type)
        named = [by_name.get(str(each.value), ()) for each in readings if isinstance(each, Known)]
        if len(named) == len(readings) and all(len(each) == 1 for each in named) and named:
            return tuple(dict.fromkeys(each[0] for each in named))
        found = self.of(change, *path)
        addresses = tuple(
            dict.fromkeys(
                target.address
                for target in found.targets
                if target.change is not None and target.change.type == target_type
            )
        )
        if any(reading is UNKNOWN for reading in readings):
            # Another resource may pass the name on (`terraform_data.x.output`); data cannot.
            passed_on = any(target.change is not None for target in found.targets)
            decided = found.followed and found.targets and (addresses or not passed_on)
            return addresses if decided else None
        if any(len(each) > 1 for each in named) and not (addresses and found.followed):
            return None
        return addresses if found.followed else tuple(each[0] for each in named if len(each) == 1)

    def _by_identity(self, target_type: str) -> dict[str, tuple[str, ...]]:
        """Known names of the resources of one type, each to the addresses that have it."""
        if target_type not in self._names:
            found: dict[str, dict[str, None]] = {}
            for change in self._plan.remaining(target_type):
                for name in _IDENTITIES:
                    reading = change.after.get(name).peek()
                    if isinstance(reading, Known) and reading.value != "":
                        found.setdefault(str(reading.value), {})[change.address] = None
            self._names[target_type] = {name: tuple(each) for name, each in found.items()}
        return self._names[target_type]


def documents_of(plan: Plan, address: str, path: str) -> tuple[str, ...]:
    """Return the policy documents (data sources) that the attribute at this path is made of."""
    change = plan.find(address)
    attribute = re.split(r"[.\[]", path, maxsplit=1)[0]
    if change is None or not attribute:
        return ()
    targets = graph(plan).of(change, attribute).targets
    return tuple(each.address for each in targets if f".{_DOCUMENT}." in f".{each.address}")


def graph(plan: Plan) -> ReferenceGraph:
    """Return the reference graph of this plan, built once and kept with it."""
    built: ReferenceGraph = plan.attached(ReferenceGraph)
    return built
