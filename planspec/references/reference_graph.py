"""Which resources of one type belong to which of another?

Joins by reference, and by name where the plan states it. A join that could be to one of several
resources is undecided. Source: Terraform, "JSON Output Format", expression representation.
"""

import re
from typing import Final, NamedTuple

from planspec.plan import UNKNOWN, Known, Plan, Reading, ResourceChange
from planspec.references.edges import Grade, References, Target
from planspec.references.resolver import Path, Resolver
from planspec.references.source_values import completed
from planspec.source import Source
from planspec.syntax import path_steps

__all__ = [
    "Grade",
    "Incoming",
    "ReferenceGraph",
    "References",
    "Target",
    "documents_of",
    "graph",
    "with_source",
]

LONGEST_LIST: Final = 3
_DOCUMENT = "aws_iam_policy_document"
# Attributes by which other resources name a resource once it exists.
_IDENTITIES = ("id", "arn", "name", "bucket", "identifier", "family", "cluster_identifier")
# Types of which one name stands for one object in every account and region.
_NAMED_GLOBALLY: Final = frozenset({"aws_s3_bucket"})


class Incoming(NamedTuple):
    """Resources that refer to a target, by the target's address, and those that might."""

    known: dict[str, list[ResourceChange]]
    undecided: tuple[ResourceChange, ...]
    lost: tuple[str, ...] = ()

    def to(self, target: ResourceChange) -> tuple[ResourceChange, ...]:
        """Return the resources that surely refer to this target."""
        return tuple(self.known.get(target.address, ()))

    @property
    def doubt(self) -> str:
        """What to say after "no such resource refers to it": which might, and where that is lost."""
        if not self.undecided:
            return ""
        return f" for sure; {self.undecided[0].address} may{through(self.lost)}"


class Named(NamedTuple):
    """The addresses that an attribute names, and how sure that is."""

    addresses: tuple[str, ...]
    grade: Grade = Grade.EXACT
    # Only one of them is meant, and which is not known.
    choice: bool = False


class ReferenceGraph(Resolver):
    """References between the resources of one plan; each attribute is resolved once."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._incoming: dict[tuple[str, Path, str, Grade], Incoming] = {}
        self._targets: dict[tuple[int, Path, str], Named | None] = {}
        self._names: dict[str, dict[str, tuple[ResourceChange, ...]]] = {}

    def incoming(
        self, kind: str, path: Path, target_type: str, at_least: Grade = Grade.SAME_KEY
    ) -> Incoming:
        """Return which resources of type `kind` refer, at this path, to which of `target_type`.

        The path names one value, so that two possible targets mean that nothing is decided; and so
        does a reference that is less sure than `at_least`.
        """
        asked = (kind, path, target_type, at_least)
        if asked not in self._incoming:
            self._incoming[asked] = self._join(kind, path, target_type, at_least)
        return self._incoming[asked]

    def _join(self, kind: str, path: Path, target_type: str, at_least: Grade) -> Incoming:
        known: dict[str, list[ResourceChange]] = {}
        undecided: list[ResourceChange] = []
        lost: dict[str, None] = {}
        for change in self._plan.remaining(kind):
            named = self.named(change, path, target_type)
            if named is None or len(named.addresses) > 1 or named.grade < at_least:
                undecided.append(change)
                lost |= dict.fromkeys(self.of(change, *path).lost)
            elif named.addresses:
                known.setdefault(named.addresses[0], []).append(change)
        return Incoming(known, tuple(undecided), tuple(lost))

    def targets(
        self,
        change: ResourceChange,
        path: Path,
        target_type: str,
        at_least: Grade = Grade.TYPE_ONLY,
        *,
        one_of_them: bool = False,
    ) -> tuple[str, ...] | None:
        """Return the addresses of `target_type` that this attribute names; None if it cannot be told.

        A name that the plan states decides before the expression does. A name that several
        resources have, in two regions say, decides nothing. `one_of_them`: it is enough that one of
        several addresses is meant. Plan JSON alone does not tell a choice from a list: with
        `at_least` the default, its several addresses can also mean one of them.
        """
        named = self.named(change, path, target_type)
        if named is None or named.grade < at_least or (named.choice and not one_of_them):
            return None
        return named.addresses

    def named(self, change: ResourceChange, path: Path, target_type: str) -> Named | None:
        """The addresses of `target_type` that this attribute names, with the least sure grade."""
        asked = (id(change), path, target_type)
        if asked not in self._targets:
            self._targets[asked] = self._told(change, path, target_type)
        return self._targets[asked]

    def _told(self, change: ResourceChange, path: Path, target_type: str) -> Named | None:
        elements = change.after.get(*path).elements()
        if any(element.perhaps for element in elements):
            return None
        readings = [element.peek() for element in elements]
        by_name = [self._by_name(change, each, target_type) for each in readings]
        if readings and all(len(each) == 1 for each in by_name):
            return Named(tuple(dict.fromkeys(each[0] for each in by_name)))
        found = self.of(change, *path)
        addressed = _of_type(found.targets, target_type) or _of_type(found.passed_on, target_type)
        addresses = tuple(target.address for target in addressed)
        grade = min((each.grade for each in addressed), default=Grade.EXACT)
        if grade is Grade.TYPE_ONLY and len(addressed) < len(found.targets):
            # It can be one of another type, or that is what a condition asks.
            grade = Grade.CANNOT_TELL
        named = Named(addresses, grade, found.choice and grade is Grade.TYPE_ONLY)
        if any(reading is UNKNOWN for reading in readings):
            # Another resource may be what makes the name (in a way that is not followed); data cannot.
            passed_on = any(target.change is not None for target in found.targets)
            decided = found.followed and found.targets and (addresses or not passed_on)
            return named if decided else None
        if any(len(each) > 1 for each in by_name) and not (addresses and found.followed):
            return None
        if found.followed:
            return named
        return Named(tuple(each[0] for each in by_name if len(each) == 1))

    def _by_name(self, change: ResourceChange, reading: Reading, target_type: str) -> tuple[str, ...]:
        """The resources of a type that have the name that is stated here, under the same provider.

        Two providers can be two regions or accounts, in which a name is another object; an ARN and
        the name of a bucket are the same everywhere.
        """
        if not isinstance(reading, Known):
            return ()
        name = str(reading.value)
        held = self._by_identity(target_type).get(name, ())
        if not held or name.startswith("arn:") or target_type in _NAMED_GLOBALLY:
            return tuple(each.address for each in held)
        own = self.provider_of(change)
        same = [each for each in held if own is None or self.provider_of(each) in (own, None)]
        return tuple(each.address for each in same)

    def _by_identity(self, target_type: str) -> dict[str, tuple[ResourceChange, ...]]:
        """Known names of the resources of one type, each to the resources that have it."""
        if target_type not in self._names:
            found: dict[str, dict[str, ResourceChange]] = {}
            for change in self._plan.remaining(target_type):
                for name in _IDENTITIES:
                    reading = change.planned.get(name).peek()
                    if isinstance(reading, Known) and reading.value != "":
                        found.setdefault(str(reading.value), {})[change.address] = change
            self._names[target_type] = {name: tuple(each.values()) for name, each in found.items()}
        return self._names[target_type]


def through(lost: tuple[str, ...]) -> str:
    """Say in which names a reference is lost; nothing where it has none."""
    names = [name for name in lost if "." in name]
    return f" (lost in {', '.join(names[:LONGEST_LIST])})" if names else ""


def lost_in(plan: Plan, change: ResourceChange, path: str) -> str:
    """Say in which names the reference at a path is lost; nothing where it has none."""
    return through(graph(plan).of(change, *path_steps(path)).lost)


def _of_type(targets: tuple[Target, ...], target_type: str) -> tuple[Target, ...]:
    return tuple(each for each in targets if each.change is not None and each.change.type == target_type)


def documents_of(plan: Plan, address: str, path: str) -> tuple[str, ...]:
    """Return the policy documents (data sources) that the attribute at this path is made of."""
    if not plan.attached(_has_documents):
        return ()
    change = plan.find(address)
    attribute = re.split(r"[.\[]", path, maxsplit=1)[0]
    if change is None or not attribute:
        return ()
    targets = graph(plan).of(change, attribute).targets
    return tuple(each.address for each in targets if f".data.{_DOCUMENT}." in f".{each.address}")


def _has_documents(plan: Plan) -> bool:
    """Whether the plan holds any policy document, read while planning or at apply."""
    read = any(source.type == _DOCUMENT for source in plan.data_sources.values())
    return read or any(change.type == _DOCUMENT for change in plan.changes)


def graph(plan: Plan) -> ReferenceGraph:
    """Return the reference graph of this plan, built once and kept with it."""
    built: ReferenceGraph = plan.attached(ReferenceGraph)
    return built


def with_source(plan: Plan, source: Source) -> Plan:
    """Return the plan with references followed through this source.

    It states what the plan hides and the source says. The given plan stays as it is.
    """
    return plan.with_source(source, lambda held, change: completed(graph(held), change))
