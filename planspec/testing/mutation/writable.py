"""What can be written at a place, by the provider's schema?

A mutant is a plan that Terraform could make: it never leaves out what the provider requires, and
never changes what only AWS decides. A type that no schema describes may be changed everywhere.
"""

from functools import cache
from typing import Final

from planspec.schema import BLOCK, Schemas, Shape
from planspec.testing.mutation.json_places import Steps

_REQUIRED: Final = "r"
_WRITTEN: Final = frozenset({"r", "o", BLOCK})


@cache
def _schemas() -> Schemas:
    return Schemas()


def is_required(kind: str, steps: Steps) -> bool:
    """Whether the provider refuses a resource of this type without a value exactly there."""
    shape, deeper = _shape(kind, steps)
    return shape is not None and not deeper and _REQUIRED in shape.flags and isinstance(steps[-1], str)


def is_writable(kind: str, steps: Steps) -> bool:
    """Whether a configuration can say what stands there."""
    shape, _ = _shape(kind, steps)
    return shape is None or not shape.flags or bool(_WRITTEN & set(shape.flags))


@cache
def _shape(kind: str, steps: Steps) -> tuple[Shape | None, bool]:
    """What the schema says of a place, or of the map or text that it is inside of."""
    found = _schemas().find("managed", kind)
    if not found:
        return None, False
    index, number = found[0]
    names = index.block(number)
    shape: Shape | None = None
    for step in steps:
        if not isinstance(step, str):
            continue  # a position in a list, or the way into a JSON document
        if step not in names:
            return shape, True
        shape = names[step]
        names = index.block(shape.leaf) if isinstance(shape.leaf, int) else {}
    return shape, False
