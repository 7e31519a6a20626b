"""Which object does a rule, a policy or a setting belong to, before and after the change?

Before the change objects are named by what they are called; after it also by reference. Both lead to
one text: the address of an object of this plan, or the name of one from elsewhere.
"""

from collections.abc import Sequence
from functools import cached_property

from planspec.plan import UNKNOWN, Known, Plan, ResourceChange, Value
from planspec.references import graph

# Attributes by which other objects name one that exists.
_NAMES = ("id", "arn", "name", "bucket", "identifier", "url", "key_id")


def existed(change: ResourceChange) -> bool:
    """Whether the object was there before; one that is left over from a replacement does not count."""
    return not change.deposed and isinstance(change.before.peek(), Known)


class Owners:
    """The objects of a plan by the names that they have now; each index is built when it is needed."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    @cached_property
    def _gone(self) -> set[str]:
        return {each.address for each in self._plan.changes if not each.will_exist and existed(each)}

    @cached_property
    def _existing(self) -> dict[str, list[ResourceChange]]:
        return self._by_name(there=True)

    @cached_property
    def _made(self) -> dict[str, list[ResourceChange]]:
        return self._by_name(there=False)

    def _by_name(self, *, there: bool) -> dict[str, list[ResourceChange]]:
        """The objects that are there now, or those that the plan makes, by each of their names."""
        found: dict[str, list[ResourceChange]] = {}
        for change in self._plan.changes:
            if change.managed and not change.deposed and existed(change) is there:
                values = change.before if there else change.after
                for name in _texts([values.get(each) for each in _NAMES]):
                    found.setdefault(name, []).append(change)
        return found

    def existing(self, name: str) -> Sequence[ResourceChange]:
        """Return the objects that have this name or identifier now."""
        return self._existing.get(name, ())

    def made(self, place: Value) -> Sequence[ResourceChange]:
        """Return the objects that this plan makes and that have the name that stands here."""
        return [each for name in _texts(place.elements()) for each in self._made.get(name, ())]

    def before(self, change: ResourceChange, path: Sequence[str | int], kind: str) -> tuple[str, ...]:
        """Return what the attribute named before the change."""
        return tuple(self.same(name, kind) for name in _texts(change.before.get(*path).elements()))

    def after(
        self, change: ResourceChange, path: tuple[str | int, ...], kind: str
    ) -> tuple[str, ...] | None:
        """Return what the attribute will name; None if that cannot be told."""
        elements = change.after.get(*path).elements()
        if any(each.peek() is UNKNOWN for each in elements):
            return graph(self._plan).targets(change, path, kind)
        return tuple(self.same(name, kind) for name in _texts(elements))

    def is_new(self, owner: str) -> bool:
        """Whether the owner is an object that this plan makes, so that nothing stood there before."""
        found = self._plan.find(owner)
        return found is not None and not existed(found)

    def goes(self, owner: str) -> bool:
        """Whether the owner is an object of this plan that will not exist any more."""
        return owner in self._gone

    def same(self, name: str, kind: str) -> str:
        """Return the address of the object of that kind which has the name; else the name itself."""
        for index in (self._existing, self._made):
            owners = [each.address for each in index.get(name, ()) if each.type == kind]
            if owners:
                return owners[0] if len(owners) == 1 else name
        return name


def _texts(places: Sequence[Value]) -> dict[str, None]:
    """The known texts among the places, each once."""
    readings = [place.peek() for place in places]
    known = [each.value for each in readings if isinstance(each, Known)]
    return dict.fromkeys(each for each in known if isinstance(each, str) and each)
