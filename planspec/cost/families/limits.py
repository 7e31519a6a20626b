"""Between which limits does autoscaling move something?

A target has limits, and a schedule can set others for a time. Sources: Application Auto Scaling API,
RegisterScalableTarget, PutScheduledAction: ResourceId and ScalableDimension.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from planspec.cost.resource import PricedResource, Undecided, decimal
from planspec.estimate import HOURS, Bucket
from planspec.plan import ABSENT, NULL, Known, ResourceChange, Value

TARGET = "aws_appautoscaling_target"
SCHEDULE = "aws_appautoscaling_scheduled_action"
ACTION = ("scalable_target_action", 0)


class Limits(NamedTuple):
    """How many there are, at the least and at the most, as far as known; `open` says what is not."""

    least: Decimal
    most: Decimal
    open: str = ""

    @property
    def bucket(self) -> Bucket:
        """What decides how many there are."""
        return Bucket.FIXED if self.least == self.most else Bucket.RANGE

    def times(self, number: Decimal | int) -> "Limits":
        """So many times as many."""
        return self._replace(least=self.least * number, most=self.most * number)


def named(subject: PricedResource, prefix: str, attribute: str) -> str | None:
    """By which name a target names this resource; None if apply decides that."""
    try:
        return f"{prefix}{subject.quiet('', attribute)}"
    except Undecided:
        return None


def add_hours(subject: PricedResource, name: str, key: str, found: Limits) -> None:
    """Add hours of what autoscaling moves, or of what is fixed; and what is open about it."""
    subject.add(name, key, found.least * HOURS, most=found.most * HOURS, bucket=found.bucket)
    if found.open:
        subject.unknown(f"{name}, beyond what is known", found.open)


def fixed(number: Decimal | int) -> Limits:
    """So many, whatever happens."""
    return Limits(Decimal(number), Decimal(number))


def limits(subject: PricedResource, resource_id: str | None, dimension: str) -> Limits | None:
    """The limits of one dimension of this resource; None if nothing scales it.

    A target is found by the resource that it names (`resource_id`, None if apply decides that), or by a
    reference.
    """
    view, change = subject.view, subject.change

    def of_dimension(each: ResourceChange) -> bool:
        return view.values(each).get("scalable_dimension").peek() == Known(dimension)

    def found(kind: str, *owners: ResourceChange) -> list[ResourceChange]:
        named = [] if resource_id is None else view.stating(kind, "resource_id", resource_id)
        referring = (each for owner in owners for each in view.referring(kind, "resource_id", owner))
        return list({id(each): each for each in (*named, *referring)}.values())

    targets = [each for each in found(TARGET, change) if of_dimension(each)]
    schedules = [each for each in found(SCHEDULE, change, *targets) if of_dimension(each)]
    perhaps = view.all(TARGET) if resource_id is None else view.unresolved(TARGET, "resource_id")
    strange = [each for each in perhaps if of_dimension(each)]
    if not targets:
        if strange:
            raise Undecided(f"what {strange[0].address} scales is known after apply")
        return None
    ends = [
        [
            *(view.values(each).get(name) for each in targets),
            *(view.values(each).get(*ACTION, name) for each in schedules),
        ]
        for name in ("min_capacity", "max_capacity")
    ]
    return between(subject, *ends)


def between(subject: PricedResource, least: Sequence[Value], most: Sequence[Value]) -> Limits:
    """The limits that these places state; one that is not set changes nothing.

    Raises Undecided where all that could be the largest is decided at apply.
    """
    subject.inputs += [*least, *most]
    lows, highs = _known(least), _known(most)
    unknown = [each for each in (*lows, *highs) if isinstance(each, str)]
    floor = [each for each in lows if isinstance(each, Decimal)]
    ceiling = [*(each for each in highs if isinstance(each, Decimal)), *floor]
    if not ceiling:
        raise Undecided(unknown[0] if unknown else "how many there are is not in the plan")
    smallest = min(floor) if len(floor) == len(lows) and floor else Decimal(0)
    return Limits(smallest, max(ceiling), unknown[0] if unknown else "")


def _known(places: Iterable[Value]) -> list[Decimal | str]:
    """The numbers that stand at these places, and why one is not known."""
    found: list[Decimal | str] = []
    for place in places:
        match place.peek():
            case Known(value):
                found.append(decimal(value, place.path))
            case state if state not in (NULL, ABSENT):
                found.append(f"{place.path} is known after apply")
            case _:
                continue
    return found
