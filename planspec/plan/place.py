"""Where in a resource is this place, and is it there?

A place is reached by steps from the resource. It knows the one that it was reached from, and whether
apply decides that it is there. What stands in it, `planspec.plan.value` says.
"""

from collections.abc import Callable
from typing import Any, Self

from planspec.plan.marks import (
    MISSING,
    LooseMarks,
    Perhaps,
    any_true,
    extend,
    names_secret,
    or_no_mark,
    part_of,
    sensitive_part,
    unknown_part,
)
from planspec.syntax import near_key

# What is told of each read; it is given the place.
Note = Callable[[Any], None]
_new = object.__new__


class Place:
    """One place inside a resource, reached by its path; total: every step leads to a place.

    A place knows the one that it was reached from. Its path and its marks are worked out from there
    when somebody asks for them: a judgement of many resources walks many more places than it shows.
    """

    __slots__ = ("_doubt", "_free", "_from", "_known", "_note", "_root", "_step", "_unknown")

    def __init__(
        self,
        known: Any = MISSING,
        unknown: Any = False,
        sensitive: Any = False,
        path: str = "",
        note: Note | None = None,
    ) -> None:
        self._known = known
        self._unknown = unknown
        self._note = note
        # What says that apply decides whether this place is there; what it holds is what it is if so.
        self._doubt: Perhaps | None = None
        # Inside a JSON document every object may have any key.
        self._free = False
        # Where it was reached from, and by which step; None stands for the same place.
        self._from: Self | None = None
        self._step: str | int | None = None
        # Only a place that was reached from nowhere has a path and marks of its own.
        self._root = (path, sensitive)

    def get(self, *steps: str | int) -> Self:
        """Return the place that the steps (attribute names, list positions) lead to."""
        place = self
        for step in steps:
            place = place._child(step)
        return place

    def _child(self, step: str | int) -> Self:
        known, unknown = self._known, self._unknown
        if type(known) is dict and type(unknown) is dict and type(step) is str:
            # What the rest comes to in the usual case, in a third of the time.
            known, unknown = known.get(step, MISSING), unknown.get(step) or False
        elif unknown is True:
            known = MISSING
        elif known is not None or unknown:
            if isinstance(step, int) and self._out_of_step(step):
                return self._reach(step, MISSING, True)
            known = part_of(known, step)
            unknown = or_no_mark(unknown_part(unknown, step)) if unknown else False
        return self._reach(step, known, unknown)

    def _out_of_step(self, position: int) -> bool:
        """Whether nobody knows which element has this position.

        The plan orders sets, so that an element which may be missing can stand before any other. Where
        `after` leaves unknown elements out, as before Terraform 1.3, no position is sure either.
        """
        known, unknown = self._known, self._unknown
        if not isinstance(known, list) or not isinstance(unknown, list):
            return False
        if isinstance(unknown, LooseMarks):
            return len(unknown) > 1 or unknown[0].many or position != 0
        return len(unknown) > len(known) and any_true(unknown)

    def _reach(self, step: str | int | None, known: Any, unknown: Any, *, free: bool = False) -> Self:
        """The place that one step leads to; the step None stays at this one, with other contents."""
        place = _new(type(self))
        place._doubt = self._doubt
        if unknown is not False and isinstance(unknown, Perhaps):
            # A key that is asked for by its name leaves a gap where it is missing; an element does not.
            idle = isinstance(step, int) and (self._doubt is None or self._doubt.beside)
            place._doubt = unknown if idle else unknown._replace(beside=False)
            known, unknown = unknown.known, unknown.unknown
        place._known = known
        place._unknown = unknown
        place._note = self._note
        place._free = free or self._free
        place._from = self
        place._step = step
        return place

    def doubted(self, why: str) -> Self:
        """The same place, of which something else than apply leaves open whether it is meant."""
        place = self._reach(None, self._known, self._unknown)
        if place._doubt is None:
            place._doubt = Perhaps(self._known, self._unknown, beside=True, why=why)
        return place

    @property
    def perhaps(self) -> bool:
        """Whether apply decides if this place, or one around it, is there at all."""
        return self._doubt is not None

    def doubted_in(self, other: "Place") -> bool:
        """Whether apply decides if this place is there, even where the other around it is there."""
        return self._doubt is not None and self._doubt is not other._doubt

    @property
    def if_there(self) -> Self:
        """The same place as it is if it is there."""
        place = self._reach(self._step, self._known, self._unknown)
        place._from, place._doubt = self._from, None
        if self._from is None:
            place._root = self._root
        return place

    @property
    def beside_others(self) -> bool:
        """Whether apply decides if this element is there, and another of its list surely is.

        Where none is, the provider may make some of its own.
        """
        return self._doubt is not None and self._doubt.beside

    @property
    def sized(self) -> bool:
        """Whether apply decides nothing about how many elements are in this list."""
        loose = isinstance(self._unknown, LooseMarks)
        return not (loose or self._doubt or self._unknown is True or self._out_of_step(0))

    @property
    def note(self) -> Note | None:
        """What is told of each read of this place."""
        return self._note

    @property
    def path(self) -> str:
        """The steps from the resource to here, as a person writes them."""
        if self._from is None:
            return self._root[0]
        return self._from.path if self._step is None else extend(self._from.path, self._step)

    @property
    def steps(self) -> tuple[str | int | None, ...]:
        """The steps from the resource to here; None enters the JSON document in a text."""
        return () if self._from is None else (*self._from.steps, self._step)

    @property
    def stated(self) -> Any:
        """What the plan states here, as it was decoded; None for nothing. Only for what hides it."""
        return None if self._known is MISSING else self._known

    @property
    def marked(self) -> Any:
        """The marks for secrets at this place: a tree, or one boolean for all of it."""
        return self._sensitive

    @property
    def _sensitive(self) -> Any:
        """The marks at this place: a tree, or one boolean for all of it."""
        if self._from is None:
            return self._root[1]
        marks = self._from._sensitive
        return marks if self._step is None else sensitive_part(marks, self._from._known, self._step)

    @property
    def _secret(self) -> bool:
        """Whether a name on the way here says that a secret stands there."""
        if self._from is None:
            return False
        named = self._step is not None and names_secret(self._from.path, self._step)
        return named or self._from._secret

    @property
    def misnamed(self) -> bool:
        """Whether no block has an attribute of this name: the path is misspelt, or lacks a [*]."""
        if self._from is None:
            return False
        missing = self._known is MISSING and not self._unknown and self._step is not None
        return (missing and self._from._lacks(self._step)) or self._from.misnamed

    @property
    def near_miss(self) -> str | None:
        """The key that was probably meant, where one on the way here is not there but nearly is."""
        place = self
        while place._from is not None and place._from._known is MISSING and not place._from._unknown:
            place = place._from
        if place._from is None or place._known is not MISSING or place._unknown:
            return None
        stated = place._from._known
        return near_key(place._step, stated) if isinstance(stated, dict) else None

    def _lacks(self, step: str | int | None) -> bool:
        """Whether this is a block, which states each of its attributes, or something without any.

        Inside a document an object may have any key; a list or a text has none.
        """
        if not isinstance(step, str) or self._known in (MISSING, None, "", []):
            return False
        if self._free:
            return not isinstance(self._known, dict)
        if self._known == {} and not self._unknown:
            return False
        return not isinstance(self._known, dict) or not self.path or self.path.endswith("]")
