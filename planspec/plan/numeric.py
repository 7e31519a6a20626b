"""Which number is in a value that Terraform may hold as a text?"""

import math
from typing import Any


def number(value: Any) -> float | None:
    """Read a number that Terraform may hold as a text, such as `cpu = "512"`; None if it is none."""
    if isinstance(value, bool):
        return None
    try:
        read = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None
