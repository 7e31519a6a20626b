"""Which objects are in an expression, and how sure is it that each one is meant?

What is found in the parts of an expression, joined: of several objects it is not known which one is
meant, and an object that only passes on another one is no second object.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planspec.plan import UNKNOWN, Known, Value
from planspec.references.edges import Grade, Target, at_most, surest


class Found(NamedTuple):
    """The objects in one expression, what is lost, and the objects behind the first.

    `choice`: of some of the objects only one is meant. `perhaps`: some may not be meant at all.
    """

    targets: tuple[Target, ...] = ()
    lost: tuple[str, ...] = ()
    behind: tuple[Target, ...] = ()
    choice: bool = False
    perhaps: bool = False


def joined(parts: Iterable[Found]) -> Found:
    """What several parts have together: each object once, as sure as in the surest part."""
    held = list(parts)
    return Found(
        surest(target for each in held for target in each.targets),
        tuple(name for each in held for name in each.lost),
        tuple(target for each in held for target in each.behind),
        any(each.choice for each in held),
        any(each.perhaps for each in held),
    )


def one_of(parts: Iterable[Found]) -> Found:
    """What one of several parts has, each object as sure as in the least sure of them."""
    held = list(parts)
    whole = joined(held)
    return whole._replace(
        targets=_least(whole.targets, (each for part in held for each in part.targets)),
        behind=_least(whole.behind, (each for part in held for each in part.behind)),
    )


def _least(targets: Iterable[Target], held: Iterable[Target]) -> tuple[Target, ...]:
    grades: dict[str, Grade] = {}
    for each in held:
        grades[each.address] = min(each.grade, grades.get(each.address, each.grade))
    return tuple(at_most(each, grades[each.address]) for each in targets)


def apart(found: Sequence[Found]) -> Sequence[Found]:
    """Leave out what only passes on another one of them: that is no second object."""
    named = {target.address for each in found for target in each.targets}
    return [each for each in found if not _passes_on(each, named)] or found


def unsure(found: Found) -> Found:
    """Of several objects, which one is meant is not known; beside something lost, none is sure."""
    if found.lost:
        return lowered(found, Grade.CANNOT_TELL)
    return found if len(found.targets) < 2 else lowered(found, Grade.TYPE_ONLY)


def lowered(found: Found, grade: Grade) -> Found:
    """The same objects, and those behind them, none of them surer than this."""
    return found._replace(
        targets=tuple(at_most(each, grade) for each in found.targets),
        behind=tuple(at_most(each, grade) for each in found.behind),
        perhaps=found.perhaps or (grade is Grade.CANNOT_TELL and bool(found.targets)),
    )


def counted(found: Found, place: Value) -> tuple[Target, ...]:
    """A list of which as many elements are open as objects are named refers to each of them."""
    match place.peek():
        case Known(list(), True):
            elements = place.elements()
            opens = sum(each.peek() is UNKNOWN for each in elements)
            sure = not any(each.perhaps for each in elements)
            if sure and opens == len(found.targets) > 1 and not found.lost and not found.choice:
                grades = (
                    Grade.EXACT if each.grade is Grade.TYPE_ONLY else each.grade
                    for each in found.targets
                )
                return tuple(
                    each._replace(grade=grade) for each, grade in zip(found.targets, grades, strict=True)
                )
    return found.targets


def _passes_on(found: Found, named: set[str]) -> bool:
    behind = {target.address for target in found.behind}
    return len(found.targets) == 1 and len(behind) == 1 and behind <= named - {found.targets[0].address}
