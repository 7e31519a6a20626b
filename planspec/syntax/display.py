"""How is a value written for people?"""

import json
from decimal import Decimal
from typing import Any

LONGEST_SHOWN = 100
LONGEST_NUMBER = 1000


class Said(str):
    """Words about a value that stand in its place, and are shown without quotes."""

    __slots__ = ()


def to_text(value: Any) -> str:
    """Write a decoded JSON value for people: texts quoted, numbers as they stood in the plan."""
    match value:
        case Said():
            return str(value)
        case Decimal():
            return format(value, "f") if abs(value.adjusted()) < LONGEST_NUMBER else str(value)
        case dict():
            parts = (f"{to_text(name)}: {to_text(part)}" for name, part in value.items())
            return f"{{{', '.join(parts)}}}"
        case list():
            return f"[{', '.join(map(to_text, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def shorten(text: str) -> str:
    """Cut a long text, and say so with three dots."""
    one_line = " ".join(text.encode(errors="replace").decode().split())
    return one_line if len(one_line) <= LONGEST_SHOWN else f"{one_line[: LONGEST_SHOWN - 1]}…"
