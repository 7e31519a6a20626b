"""What could a careless change make of one value?

Each operator names a kind of change and gives the values that it leads to; the edits put them into
the plan. What is weaker than what stands in `weaker.toml`, as data.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from planspec.testing.mutation.json_places import GONE, Steps

WORLD: Final = "0.0.0.0/0"
WORLD_IPV6: Final = "::/0"
ELSEWHERE: Final = "elsewhere-0000"


class Changed(NamedTuple):
    """One value that an operator leads to."""

    operator: str
    value: Any


class Weaker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`weaker.toml`: names whose numbers weaken downwards or upwards, and weaker values by name."""

    lower: list[str]
    raise_: list[str] = msgspec.field(name="raise")
    set: dict[str, Any]
    values: dict[str, dict[str, list[str]]]


@cache
def weaker() -> Weaker:
    """Read `weaker.toml`, once."""
    return msgspec.toml.decode(Path(__file__).with_name("weaker.toml").read_bytes(), type=Weaker)


def name_of(steps: Steps) -> str:
    """Return the name of the attribute: the last step that is a name."""
    return next((step for step in reversed(steps) if isinstance(step, str)), "")


def values(value: Any, steps: Steps) -> Iterator[Changed]:
    """Yield what could become of a known value; null is what nobody set."""
    name = name_of(steps)
    match value:
        case None:
            if name in weaker().set:
                yield Changed("set", weaker().set[name])
        case bool():
            yield Changed("flip", not value)
        case int() | Decimal():
            yield from (Changed(how, number) for how, number in _numbers(value, name))
        case str():
            yield from _texts(value, steps)
        case list():
            yield from _lists(value, name)


def _numbers(value: int | Decimal, name: str) -> Iterator[tuple[str, int | Decimal]]:
    falls = any(re.fullmatch(pattern, name) for pattern in weaker().lower)
    grows = any(re.fullmatch(pattern, name) for pattern in weaker().raise_)
    if falls or not grows:
        yield from (("lower", each) for each in dict.fromkeys((0, value // 2)) if each != value)
    if grows or not falls:
        yield "raise", value * 100 if value else 100


def _texts(value: str, steps: Steps) -> Iterator[Changed]:
    name = name_of(steps)
    if value.isdecimal() and len(value) < 10:
        yield from (Changed(how, str(number)) for how, number in _numbers(int(value), name))
        return
    found = _weaker_text(name, value)
    yield from (Changed("weaker value", each) for each in found)
    if network := _network(value):
        world = WORLD if network == 4 else WORLD_IPV6
        if value != world:
            yield Changed("widen", world)
    elif None in steps and name in {"Action", "Resource", "Principal", "AWS", "Service"}:
        yield from _wider_statement(name, value)


def _weaker_text(name: str, value: str) -> tuple[str, ...]:
    rows = weaker().values.get(name, {})
    found = (each for now, weak in rows.items() if re.fullmatch(now, value) for each in weak)
    return tuple(dict.fromkeys(each for each in found if each != value))


def _wider_statement(name: str, value: str) -> Iterator[Changed]:
    if value != "*":
        yield Changed("widen", "*")
    service, colon, action = value.partition(":")
    if name == "Action" and colon and action != "*":
        yield Changed("widen", f"{service}:*")


def _lists(value: list[Any], name: str) -> Iterator[Changed]:
    if value:
        yield Changed("drop", [])
    if value and all(isinstance(each, str) for each in value):
        versions = {_network(each) for each in value}
        if versions & {4, 6}:
            worlds = [WORLD if 4 in versions else WORLD_IPV6]
            yield Changed("widen", [*value, *worlds])
        elif name == "Action":
            yield Changed("widen", [*value, "*"])
            yield Changed("widen", sorted({f"{each.partition(':')[0]}:*" for each in value}))
        elif name in {"Resource", "AWS", "Principal"}:
            yield Changed("widen", [*value, "*"])


def elements(value: Any, steps: Steps) -> Iterator[tuple[Steps, Changed]]:
    """Yield each element of a list, and each key of a statement's condition, as gone."""
    if isinstance(value, list) and len(value) > 1:
        for position in range(len(value)):
            yield (*steps, position), Changed("drop", GONE)
    if isinstance(value, dict) and name_of(steps) == "Condition":
        yield steps, Changed("drop", GONE)


def _network(text: str) -> int | None:
    """4 or 6 for a range of addresses, else None."""
    if "/" not in text:
        return None
    try:
        return ip_network(text, strict=False).version
    except ValueError:
        return None


def detached(name: str) -> Any:
    """What stands in the place of a reference that somebody replaced by a text."""
    many = re.search(r"(ids|arns|names|groups|subnets|actions|identifiers|security_groups)$", name)
    return [ELSEWHERE] if many else ELSEWHERE
