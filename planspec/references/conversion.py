"""What does a value become in a variable of a declared type?

The plan has root variables as they were given: `-var port=443` is the text "443" for a number.
Source: Terraform, "Type Constraints", conversion of primitive types.
"""

from decimal import Decimal
from typing import Any, Final

from planspec import syntax
from planspec.references.symbolic import (
    NO_OBJECT,
    Keyed,
    Listed,
    OneOf,
    Perhaps,
    Stated,
    Traced,
    mapped,
    opened,
)
from planspec.syntax import Expression, values

_COLLECTIONS: Final = frozenset({"list", "set", "map"})


def converted(given: Traced, declared: Expression | None) -> Traced:
    """The value as the type makes it; what apply decides stays as it is.

    A value that does not fit its type is not followed; Terraform would have refused it.
    """
    if isinstance(given, OneOf | Perhaps):
        return mapped(given, lambda each: converted(each, declared))
    match declared:
        case syntax.Traversal((("string" | "number" | "bool") as name,)):
            return _scalar(given, str(name))
        case syntax.Call(kind, (inner,)) if kind in _COLLECTIONS:
            return _collection(given, kind, inner)
        case syntax.Call("object", (syntax.Mapping(entries),)):
            return _object(given, entries)
        case syntax.Call("optional", (inner, *_)):
            return converted(given, inner)
        case syntax.Call():
            return loosened(given)
        case _:
            return given


def loosened(given: Traced) -> Traced:
    """The value as a type that is not at hand may make it: with defaults for what is not in it."""
    match given:
        case Stated(list() | dict()):
            return given._replace(loose=True)
        case Keyed(members):
            loose = {name: loosened(each) for name, each in members.items()}
            return given._replace(members=loose, loose=True)
        case Listed() | OneOf() | Perhaps():
            return mapped(given, loosened)
        case _:
            return given


def _scalar(given: Traced, name: str) -> Traced:
    if not isinstance(given, Stated) or given.value is None:
        return given
    value = _as(given.value, name)
    return NO_OBJECT if value is None else given._replace(value=value)


def _as(value: Any, name: str) -> Any:
    match name, value:
        case "string", bool():
            return str(value).lower()
        case "string", str() | int():
            return str(value)
        case "bool", bool() | "true" | "false":
            return value in (True, "true")
        case "number", str():
            try:
                number = values(value.encode())
            except (ValueError, RecursionError):
                return None
            return number if not isinstance(number, bool | str | list | dict) else None
        case "number", int() | Decimal() if not isinstance(value, bool):
            return value
        case _:
            return None


def _collection(given: Traced, kind: str, inner: Expression) -> Traced:
    match opened(given):
        case Listed(items) as listed if kind != "map":
            kept = tuple(converted(each, inner) for each in items)
            return listed._replace(items=kept, ordered=listed.ordered and kind == "list")
        case Keyed(members) as keyed if kind == "map":
            return keyed._replace(members={key: converted(each, inner) for key, each in members.items()})
        case _:
            return given


def _object(given: Traced, entries: tuple[tuple[Expression, Expression], ...]) -> Traced:
    match opened(given):
        case Keyed(members) as keyed:
            types = {name.value: each for name, each in entries if isinstance(name, syntax.Literal)}
            found = {
                name: converted(each, types[name]) if name in types else each
                for name, each in members.items()
            }
            # A member of a type is optional where it was not given.
            return keyed._replace(members=found, loose=keyed.loose or not types.keys() <= found.keys())
        case _:
            return given
