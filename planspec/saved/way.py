"""In which way was a saved plan made: which mode, limited to or without which addresses?

Plan JSON tells little of it, `tfplan` all: its fields at the top, by number. Sources: Terraform and
OpenTofu, `planproto/planfile.proto`. `-refresh=false` stands in no field.
"""

from collections import Counter
from enum import Enum
from typing import Final, NamedTuple

from planspec.saved import message
from planspec.saved.maker import version_of

_FORMAT: Final = 1
_TARGET: Final = 5
_EXCLUDE: Final = 6
_VERSION: Final = 14
_MODE: Final = 17
# What only Terraform writes: whether the plan is applyable, and whether it is complete.
_MARKS: Final = frozenset({25, 26})
_ONCE: Final = frozenset({_FORMAT, _VERSION, _MODE})


class PlanMode(Enum):
    """What the plan was made for, by its number in `tfplan`."""

    NORMAL = 0
    DESTROY = 1
    REFRESH_ONLY = 2


class Way(NamedTuple):
    """How a plan was made: its mode, and the addresses after `-target` and `-exclude`."""

    mode: PlanMode = PlanMode.NORMAL
    targets: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def limited(self) -> bool:
        """Whether something was left out on purpose."""
        return bool(self.targets or self.excluded)


class Said(NamedTuple):
    """What `tfplan` says: the version of its program, whether it has Terraform's marks, and the way."""

    version: str
    marked: bool
    way: Way


def said_by(plan: bytes) -> Said:
    """Read `tfplan`. Raises ValueError, which says what it does, for what no program writes."""
    try:
        fields = list(message.fields(plan))
    except ValueError as error:
        raise ValueError("is not a plan") from error
    count = Counter(number for number, _ in fields)
    if any(count[each] > 1 for each in _ONCE):
        raise ValueError("tells a version or its mode twice")
    held = dict(fields)
    version = _text(held.get(_VERSION, b""))
    if version_of(version) is None:
        raise ValueError("does not tell the version of its program")
    try:
        mode = PlanMode(held.get(_MODE, PlanMode.NORMAL.value))
    except ValueError as error:
        raise ValueError("is of a mode that is not known") from error
    targets = tuple(_text(each) for number, each in fields if number == _TARGET)
    excluded = tuple(_text(each) for number, each in fields if number == _EXCLUDE)
    return Said(version, not _MARKS.isdisjoint(count), Way(mode, targets, excluded))


def _text(value: int | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
