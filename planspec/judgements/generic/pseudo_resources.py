"""Parts of a plan other than resources, in the shape of one, for the generic vocabulary.

Variables, outputs, providers, module calls and provisioners have a name, an address and what is written
for them. Data sources that were read while planning are as they were read.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from planspec.plan import NULL, Entry, Mode, Plan, ResourceChange, Step, Value, select, steps
from planspec.syntax import DID_YOU_MEAN, did_you_mean

LONGEST_LIST: Final = 8
ELSEWHERE: Final = "the environment or a file may set it"


class Keys(NamedTuple):
    """The keys that a part has: in itself, and in its blocks.

    `closed`: nothing else can be one. Of a provider that nobody knows, more may be.
    """

    known: frozenset[str]
    inside: Mapping[str, frozenset[str]] = {}
    closed: bool = True

    def problem(self, what: str, path: tuple[Step, ...]) -> str:
        """What is wrong with a path into such a part; "" if nothing is, or nobody can tell."""
        first = path[0] if path else ""
        if not isinstance(first, tuple):
            return ""
        name = next((each for each in first if each in self.known), "")
        if not name:
            near = did_you_mean(first[0], self.known)
            listed = f"; it has {', '.join(sorted(self.known)[:LONGEST_LIST])}"
            return f'no {what} has "{first[0]}"{near or listed}' if near or self.closed else ""
        below = next((each for each in path[1:] if isinstance(each, tuple)), ())
        within = self.inside.get(name, frozenset())
        if not within or not below or within.intersection(below):
            return ""
        return f'{name} of a {what} has no "{below[0]}"{did_you_mean(below[0], within)}'


class Part(ResourceChange):
    """Something with an address and values that no change is about.

    `elsewhere` names what may have a value that is not written, such as the region of a provider.
    """

    def __init__(
        self,
        plan: Plan,
        entry: Entry,
        values: Value,
        *,
        what: str = "",
        keys: Keys | None = None,
        elsewhere: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(entry, plan.noting)
        self._values = values.noted(lambda place: plan.noting.add(self.address, place))
        self._what = what
        self._keys = keys
        self._elsewhere = elsewhere

    def problem(self, path: str) -> str:
        """What is wrong with a path into it; "" if nothing is, or nobody can tell."""
        if self._keys is None:
            return ""
        found = self._keys.problem(self._what, steps(path))
        slips = (each for each in select(self._values, path) if each.near_miss)
        slip = next(slips, None) if not found else None
        if slip is None:
            return found
        return f'a {self._what} has no {slip.path}; {DID_YOU_MEAN} "{slip.near_miss}"?'

    def set_elsewhere(self, place: Value) -> bool:
        """Whether nobody wrote what stands at a place, and something else may set it."""
        return place.peek() is NULL and len(place.steps) == 1 and place.steps[0] in self._elsewhere

    @property
    def will_exist(self) -> bool:
        """It is there once the plan is applied."""
        return True

    @property
    def after(self) -> Value:
        """Its values."""
        return self._values

    before = after


def data_read(plan: Plan, kind: str) -> Iterator[ResourceChange]:
    """Yield the data sources of a type that were read while planning."""
    for each in plan.data_sources.values():
        if each.type == kind:
            entry = Entry(
                type=kind,
                name=each.name,
                address=each.address,
                mode=Mode.DATA.value,
                module_address=each.module_address or None,
            )
            yield Part(plan, entry, each.values)


def open_value() -> Value:
    """A value of which the plan tells nothing."""
    return Value(unknown=True)
