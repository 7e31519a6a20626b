"""How is one place inside decoded JSON changed, and its marks?

A place is named by its steps from the top: attribute names and list positions; None enters the JSON
document that stands in a text, such as an IAM policy. Nothing is changed in place.
"""

import copy
import json
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Final

from planspec.syntax import document

Steps = Sequence[str | int | None]


class Gone(Enum):
    """Written in the place of a value: the key or the element goes. It travels between processes."""

    GONE = "gone"


GONE: Final = Gone.GONE


def changed(tree: Any, steps: Steps, change: Callable[[Any], Any]) -> Any:
    """Return the tree with another value at one place.

    `change` gets the present value, or GONE where there is none, and returns the new one or GONE.
    Raises LookupError for a place that the tree cannot have.
    """
    if not steps:
        return change(tree)
    step, rest = steps[0], steps[1:]
    match tree, step:
        case str(), None:
            return _text(changed(document.values(tree.encode()), rest, change))
        case _, None:
            return changed(tree, rest, change)
        case dict(), str():
            part = changed(tree.get(step, GONE), rest, change)
            others = {name: each for name, each in tree.items() if name != step}
            return others if part is GONE else tree | {step: part}
        case list(), int() if step < len(tree):
            part = changed(tree[step], rest, change)
            return [*tree[:step], *([] if part is GONE else [part]), *tree[step + 1 :]]
        case _:
            raise LookupError(f"no place {step!r} in a {type(tree).__name__}")


def _text(tree: Any) -> str:
    """Write a JSON document as Terraform's `jsonencode` does: without spaces."""
    return json.dumps(tree, separators=(",", ":"), default=str)


def at(tree: Any, steps: Steps) -> Any:
    """Return what stands at a place; GONE where nothing does."""
    for step in steps:
        if step is None:
            tree = document.values(tree.encode()) if isinstance(tree, str) else tree
        elif (isinstance(tree, dict) and step in tree) or (
            isinstance(tree, list) and isinstance(step, int) and step < len(tree)
        ):
            tree = tree[step]  # type: ignore[index]
        else:
            return GONE
    return tree


def marked(marks: Any, values: Any, steps: Steps, mark: Any) -> Any:
    """Return the tree of marks with `mark` at one place, shaped as Terraform shapes it.

    In an object only marks that say something are written; a list has a mark for each element.
    """
    if not steps:
        return mark
    step, rest = steps[0], steps[1:]
    if marks is True:
        raise LookupError("a part of something that is unknown as a whole")
    if isinstance(step, int):
        elements = values if isinstance(values, list) else []
        whole = marks if isinstance(marks, list) else [False] * len(elements)
        inner = elements[step] if step < len(elements) else None
        return [
            marked(each, inner, rest, mark) if position == step else each
            for position, each in enumerate(whole)
        ]
    object_ = marks if isinstance(marks, dict) else {}
    part = marked(
        object_.get(step, False), values.get(step) if isinstance(values, dict) else None, rest, mark
    )
    others = {name: each for name, each in object_.items() if name != step}
    return others if part is False else others | {step: part}


def no_marks(value: Any) -> Any:
    """The marks of a value that nothing is to be said about."""
    match value:
        case dict():
            inner = {name: no_marks(each) for name, each in value.items()}
            return {name: each for name, each in inner.items() if each is not False}
        case list():
            return [no_marks(each) for each in value]
        case _:
            return False


def write(tree: dict[str, Any], places: Sequence[tuple[Sequence[str], Any]]) -> None:
    """Put copies of values at paths of names, in place; GONE takes away what stands there."""
    for (*steps, last), value in places:
        inner = tree
        for step in steps:
            inner = inner.setdefault(step, {})
        if value is GONE:
            inner.pop(last, None)
        else:
            inner[last] = copy.deepcopy(value)
