"""To which instances does an attribute refer, and how sure is that?

An edge leads to one resource instance or data source. Its grade says what it rests on, so that a
judgement can ask for as much as it needs.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import Final, NamedTuple

from planspec.plan import ResourceChange


class Grade(IntEnum):
    """How sure an edge is; a greater one is surer."""

    # Something on the way is lost, so that this may be what is meant, or something else.
    CANNOT_TELL = 0
    # The block or the type is known, and which of several instances it is is not.
    TYPE_ONLY = 1
    # The instance that has the key of this one, or of its module; its meaning, but not said so.
    SAME_KEY = 2
    EXACT = 3


class Target(NamedTuple):
    """One object that is referred to: a resource change, or data that was read while planning."""

    address: str
    change: ResourceChange | None
    grade: Grade = Grade.EXACT


def at_most(target: Target, grade: Grade) -> Target:
    """The same target, no surer than this."""
    return target if target.grade <= grade else target._replace(grade=grade)


class References(NamedTuple):
    """What one attribute refers to.

    `lost` names what could not be followed, such as `local.name`. `passed_on` are the objects behind
    the targets, where a target only passes on what it was given: the bucket behind
    `aws_s3_bucket_policy.p.bucket`. `choice`: of some of the targets only one is meant.
    `perhaps`: apply decides whether some of them are meant at all.
    """

    targets: tuple[Target, ...] = ()
    lost: tuple[str, ...] = ()
    passed_on: tuple[Target, ...] = ()
    choice: bool = False
    perhaps: bool = False

    @property
    def followed(self) -> bool:
        """Whether every part of the expression could be followed, and each target is what is meant.

        Of a `choice` it is one of them.
        """
        return not (self.lost or self.perhaps)

    @property
    def each(self) -> tuple[Target, ...]:
        """The targets, if all of them are meant; none of a choice, and none that may not be meant."""
        return self.targets if self.followed and not self.choice else ()

    @property
    def grade(self) -> Grade:
        """How sure the whole is: as its least sure part, and exact where nothing is referred to."""
        if self.lost:
            return Grade.CANNOT_TELL
        return min((target.grade for target in self.targets), default=Grade.EXACT)

    @property
    def single(self) -> Target | None:
        """The one object that is referred to; None if there is none, several, or it cannot be told."""
        return self.targets[0] if len(self.targets) == 1 and self.grade > Grade.TYPE_ONLY else None


# What stands for the expression itself where none is to be had.
NOT_IN_PLAN: Final = "its expression is not in the plan"
LOST: Final = References(lost=(NOT_IN_PLAN,))


def surest(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Each object once, with the best of its grades."""
    found: dict[str, Target] = {}
    for target in targets:
        other = found.get(target.address)
        if other is None or target.grade > other.grade:
            found[target.address] = target
    return tuple(found.values())
