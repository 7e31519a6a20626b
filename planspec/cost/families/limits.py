"""Between which limits does Application Auto Scaling move something?

Source: Application Auto Scaling API, RegisterScalableTarget: ResourceId and ScalableDimension.
"""

from decimal import Decimal
from typing import NamedTuple

from planspec.cost.resource import PricedResource, Undecided, decimal
from planspec.plan import Known

TARGET = "aws_appautoscaling_target"


class Limits(NamedTuple):
    """How many there are, at the least and at the most."""

    least: Decimal
    most: Decimal


def limits(subject: PricedResource, resource_id: str, dimension: str) -> Limits | None:
    """The limits of one dimension of this resource; None if nothing scales it.

    A target is found by the resource that it names, or by a reference. Raises Undecided where its
    limits are decided at apply.
    """
    view = subject.view
    named = view.stating(TARGET, "resource_id", resource_id)
    for target in named or view.referring(TARGET, "resource_id", subject.change):
        values = view.values(target)
        if values.get("scalable_dimension").peek() != Known(dimension):
            continue
        places = [values.get(name) for name in ("min_capacity", "max_capacity")]
        subject.inputs += places
        readings = [place.peek() for place in places]
        if not all(isinstance(each, Known) for each in readings):
            raise Undecided(f"the limits of {target.address} are known after apply")
        least, most = (decimal(each.value, "capacity") for each in readings if isinstance(each, Known))
        return Limits(least, max(least, most))
    return None
