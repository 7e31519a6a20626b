"""What do policies say before a change, and after it, and whose are they?

Before the change everything is known, and named by what it is called; after it, what apply decides is
followed by reference.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from planspec.aws import Owners, existed
from planspec.judgements.change.policy_texts import Path, Written, named_policy, planned, stated
from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph
from planspec.schema import Inside, access_types

POLICY: Final = "aws_iam_policy"
# Stands for the owner of permissions where it cannot be told.
UNTOLD: Final = ""


class Before:
    """How things stand before the change."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._owners = plan.attached(Owners)

    def changes(self, kind: str) -> Iterator[ResourceChange]:
        """Yield the objects of a type that are there."""
        return filter(existed, self.plan.resources(kind))

    def values(self, change: ResourceChange) -> Value:
        """Return the values of an object."""
        return change.before

    def is_stated(self, change: ResourceChange, path: Path) -> bool:
        """Whether something is said there; before the change it always is what it is."""
        return change.before.get(*path).is_set is True

    def is_copy(self, change: ResourceChange, inside: Inside) -> bool:
        """Whether the policy is only a copy of one that a resource beside it sets: now they agree."""
        return False

    def is_asked(self, owner: str) -> bool:
        """Whether the rights of this owner are compared: those of a new one are not.

        A new copy, such as a snapshot, holds what is there already: its rights are.
        """
        return not self._owners.is_new(owner) or self._is_copied(owner)

    def is_new(self, owner: str) -> bool:
        """Whether the owner is an object that this plan makes."""
        return self._owners.is_new(owner)

    def called(self, owner: str) -> str:
        """The name of an owner, the same before the change and after it."""
        found = self.plan.find(owner)
        name = found.before.get("name").peek() if found is not None else owner
        return str(name.value) if isinstance(name, Known) else owner

    def is_old(self, change: ResourceChange) -> bool:
        """Whether what it holds is there before the change, so that more access to it can be new."""
        return existed(change) or self._is_copied(change.address)

    def _is_copied(self, owner: str) -> bool:
        change = self.plan.find(owner)
        return change is not None and change.type in access_types().copies

    def is_here(self, owner: str) -> bool:
        """Whether the owner is an object of this plan, and no name of one from elsewhere."""
        return self.plan.find(owner) is not None or self._owners.goes(owner)

    def owners(self, change: ResourceChange, path: Path, kind: str) -> tuple[str, ...]:
        """Return what the attribute names; "" stands for what cannot be told."""
        return self._owners.before(change, path, kind)

    def written(self, change: ResourceChange, path: Path) -> Written:
        """Return the policy that stands at the path."""
        return stated(change, path, change.before.get(*path))

    def attached(self, change: ResourceChange, path: Path, arn: Value) -> Iterator[Written]:
        """Yield the policies of this ARN: those of the plan, or one of which only the name is known."""
        reading = arn.peek()
        name = str(reading.value) if isinstance(reading, Known) else ""
        own = [each for each in self._owners.existing(name) if each.type == POLICY]
        yield from (self._of(policy, change, path) for policy in own)
        if not own:
            yield named_policy(change, path, name)

    def _of(self, policy: ResourceChange, change: ResourceChange, path: Path) -> Written:
        """The text of a policy of this plan, given by another resource."""
        return self.written(policy, ("policy",))._replace(change=change, text=policy)


class After(Before):
    """How things will stand."""

    def changes(self, kind: str) -> Iterator[ResourceChange]:
        """Yield the objects of a type that will exist."""
        return iter(self.plan.remaining(kind))

    def values(self, change: ResourceChange) -> Value:
        """Return the values of an object."""
        return change.after

    def is_stated(self, change: ResourceChange, path: Path) -> bool:
        """Whether it says something: an attribute that nobody wrote is unknown too."""
        state = change.after.get(*path).is_set
        return state is True or (state is None and graph(self.plan).is_written(change, str(path[0])))

    def is_copy(self, change: ResourceChange, inside: Inside) -> bool:
        """Whether the policy is only a copy of one that a resource beside it sets, or set until now."""
        return is_copy(self.plan, change, inside)

    def owners(self, change: ResourceChange, path: Path, kind: str) -> tuple[str, ...]:
        """Return what the attribute will name; "" stands for what cannot be told."""
        found: dict[str, None] = {}
        for element in change.after.get(*path).elements():
            reading = element.peek()
            if isinstance(reading, Known) and reading.value != "":
                found[self._named(change, path, kind, str(reading.value))] = None
            elif reading is UNKNOWN:
                found |= dict.fromkeys(graph(self.plan).targets(change, path, kind) or (UNTOLD,))
        return tuple(found)

    def _named(self, change: ResourceChange, path: Path, kind: str, name: str) -> str:
        """The owner of this name; by reference, where a new one has the name in another attribute."""
        owner = self._owners.same(name, kind)
        referred = graph(self.plan).targets(change, path, kind) if owner == name else ()
        for each in filter(None, map(self.plan.find, referred or ())):
            values = [place.peek() for _, place in each.after.entries()]
            if self._owners.is_new(each.address) and Known(name) in values:
                return each.address
        return owner

    def written(self, change: ResourceChange, path: Path) -> Written:
        """Return the policy that will stand at the path."""
        return planned(self.plan, change, path)

    def attached(self, change: ResourceChange, path: Path, arn: Value) -> Iterator[Written]:
        """Yield the policies that the ARN will name."""
        reading = arn.reading
        if isinstance(reading, Known):
            name = str(reading.value)
            own = [each.address for each in self._owners.existing(name) if each.type == POLICY]
        else:
            name, own = "", list(graph(self.plan).targets(change, path, POLICY) or ())
        policies = [each for each in map(self.plan.find, own) if each is not None]
        yield from (self._of(policy, change, path) for policy in policies)
        if not policies:
            yield named_policy(change, path, name)


def is_copy(plan: Plan, change: ResourceChange, inside: Inside) -> bool:
    """Whether the policy in a thing is what the provider read back of a resource beside it.

    It shows how that stood before the change, so the resource is asked and not the copy.
    """
    references = graph(plan)
    if not inside.beside or (
        references.has_block(change) and references.is_written(change, str(inside.path[0]))
    ):
        return False
    return change.address in plan.attached(_set_beside)


def _set_beside(plan: Plan) -> frozenset[str]:
    """The things that have their policy from a resource of its own, before the change or after it."""
    return frozenset(
        owner
        for document in access_types().document
        for side in (Before(plan), After(plan))
        for change in side.changes(document.kind)
        for owner in about(side, change, document.named, document.owners)
    )


def about(side: Before, change: ResourceChange, path: Path, kinds: Sequence[str]) -> tuple[str, ...]:
    """Return what a policy or a grant is about; its own type stands for the whole account."""
    if not path or side.values(change).get(*path).is_set is False:
        return (change.type,)
    named = [side.owners(change, path, kind) for kind in kinds]
    return next((each for each in named if all(map(side.is_here, each)) and each), named[0])
