"""Which values does a path name?

A path is written in JSONPath and compiled once. It is followed over the plan's own places, so that
unknown, null and absent values stay what they are; a string that holds a JSON document (an IAM
policy, container definitions) is entered like any other value.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from jsonpath_ng import Child, Descendants, Fields, Index, JSONPath, Root, Slice, This
from jsonpath_ng.exceptions import JSONPathError
from jsonpath_ng.ext.filter import Expression, Filter
from jsonpath_ng.ext.parser import parse as parse_with_filters
from jsonpath_ng.jsonpath import Wildcard
from jsonpath_ng.parser import parse

from planspec.errors import PathError
from planspec.plan.path_filters import Comparison, chosen, refuse_comparison
from planspec.plan.value import UNKNOWN, Known, Value

DEEPEST_VALUE = 60
# One step of a path: names of which one is meant, a position, or one of these.
Step = tuple[str, ...] | int | str
EVERY: Final = "[*]"
ANY_CHILD: Final = ".*"
ANYWHERE: Final = ".."
# jsonpath-ng reads `[*]` like `.*`; here the first asks for elements, the second for map values.
_BRACKET_STAR = re.compile(r"""("[^"]*"|'[^']*')|\[\*\]""")
# In filters the library is about to give up the single `&`.
_AND = re.compile(r"""("[^"]*"|'[^']*')|&+""")
_FILTER = "[?"
# A key that can only be written in brackets: kubernetes.io/role/elb.
_ODD_KEY = re.compile(r"(?P<map>(?:\w+[.])*?\w*(?:tags|labels|annotations)\w*)[.](?P<key>[\w.:/@-]+)")


@lru_cache(maxsize=1024)
def compiled(path: str) -> JSONPath:
    """Compile a path, once. Raises PathError for text that is no path."""
    plain = _BRACKET_STAR.sub(lambda found: found[1] or "[:]", path)
    try:
        if _FILTER in path:
            found = parse_with_filters(_AND.sub(lambda found: found[1] or "&&", plain))
        else:
            found = parse(plain)
    except (JSONPathError, AttributeError, TypeError, ValueError) as error:
        raise PathError(f'path "{path}": not understood ({error}); {_remedy(path)}') from error
    _refuse(found, path)
    return found


def _refuse(path: JSONPath, text: str) -> None:
    """Raise PathError for a part of a path that is not followed, whatever stands at it."""
    match path:
        case Child(left=left, right=right) | Descendants(left=left, right=right):
            _refuse(left, text)
            _refuse(right, text)
        case Filter(expressions=expressions):
            for each in expressions:
                refuse_comparison(each.op, each.value)
                _refuse(each.target, text)
        case Root() | This() | Wildcard() | Fields() | Slice(start=None, end=None, step=None):
            pass
        case Index() if len(path.indices) == 1:
            pass
        case _:
            raise PathError(
                f'path "{text}": {type(path).__name__.lower()} is not supported;'
                " use names, [number], [*], .. and [?(@.name == 'value')]"
            )


def _remedy(path: str) -> str:
    """What to write in place of a path that is not understood."""
    odd = _ODD_KEY.fullmatch(path)
    if odd:
        return f"a key with other characters must be in brackets: \"{odd['map']}['{odd['key']}']\""
    if _FILTER in path:
        return "write a filter as [?(@.Effect == 'Allow')], and && between two comparisons"
    return (
        "write attribute names with dots, [*] for every element, such as"
        ' "ingress[*].cidr_blocks[*]", and a key with other signs as "tags[\'cost-center\']"'
    )


def steps(path: str) -> tuple[Step, ...]:
    """Return the steps of a path, one after the other, without a look at any value.

    Raises PathError for a path that is not understood.
    """
    return tuple(_steps(compiled(path)))


def _steps(path: JSONPath) -> list[Step]:
    match path:
        case Root() | This():
            return []
        case Filter():
            return [EVERY]
        case Child(left=left, right=right):
            return [*_steps(left), *_steps(right)]
        case Descendants(left=left, right=right):
            return [*_steps(left), ANYWHERE, *_steps(right)]
        case Fields(fields=fields) if "*" not in fields:
            return [tuple(fields)]
        case Index() if len(path.indices) == 1:
            return [int(path.indices[0])]
        case Slice(start=None, end=None, step=None):
            return [EVERY]
        case _:
            return [ANY_CHILD]


def filtered_by(path: str) -> tuple[tuple[Step, ...], ...]:
    """Return what the filters of a path ask about, as steps from the resource.

    Raises PathError for a path that is not understood.
    """
    return tuple(map(tuple, _filtered_by(compiled(path), [])))


def _filtered_by(path: JSONPath, above: list[Step]) -> list[list[Step]]:
    match path:
        case Child(left=left, right=right) | Descendants(left=left, right=right):
            between = [ANYWHERE] if isinstance(path, Descendants) else []
            here = [*above, *_steps(left), *between]
            return [*_filtered_by(left, above), *_filtered_by(right, here)]
        case Filter(expressions=expressions):
            return [[*above, EVERY, *_steps(each.target)] for each in expressions]
        case _:
            return []


def written(path: Sequence[Step]) -> str:
    """Write steps as a person does, to follow on what stands before them."""
    return "".join(
        f".{','.join(step)}"
        if isinstance(step, tuple)
        else f"[{step}]"
        if isinstance(step, int)
        else step
        for step in path
    ).replace("...", "..")


def select(root: Value, path: str) -> tuple[Value, ...]:
    """Return the places that the path names; a list on the way that is known empty names none.

    Raises PathError for a path that is not understood.
    """
    return tuple(_follow(compiled(path), root, path))


def _follow(path: JSONPath, place: Value, text: str) -> list[Value]:
    match path:
        case Root() | This():
            return [place]
        case Child(left=left, right=right):
            return [each for one in _follow(left, place, text) for each in _follow(right, one, text)]
        case Descendants(left=left, right=right):
            starts = _follow(left, place, text)
            return [each for one in starts for each in _descend(right, one, text, DEEPEST_VALUE)]
        case Wildcard():
            return _every(_inside(place))
        case Fields(fields=fields):
            return _fields(fields, _inside(place))
        case Index():
            return [_inside(place).get(int(path.indices[0]))]
        case Filter(expressions=expressions):
            return chosen(_elements(_inside(place)), [_comparison(each, text) for each in expressions])
        case _:
            # A slice of all elements: `compiled` has refused the others.
            return _elements(_inside(place))


def _comparison(written: Expression, text: str) -> Comparison:
    """One comparison of a filter, with the way to what it compares."""
    target = written.target
    return Comparison(lambda element: _follow(target, element, text), written.op, written.value)


def _fields(fields: tuple[str, ...], place: Value) -> list[Value]:
    if "*" in fields:
        return _every(place)
    return [place.get(field) for field in fields]


def _every(place: Value) -> list[Value]:
    """Every element of a list, or every value of a map."""
    match place.peek():
        case Known(dict(), _):
            return [value for _, value in place.entries()]
        case _:
            return _elements(place)


def _elements(place: Value) -> list[Value]:
    """Every element of a list; a single block or object, such as one `Statement`, is one element.

    A name that no block has stays in sight: that nothing is there must not count as empty.
    """
    return [place] if place.misnamed or place.near_miss else list(place.elements())


def _inside(place: Value) -> Value:
    """Enter a JSON document that stands in a string."""
    return place.document() if place.holds_document else place


def _descend(path: JSONPath, place: Value, text: str, depth: int) -> list[Value]:
    """Every place at any depth that the path names; what is unknown, or too deep, may hold more."""
    place = _inside(place)
    if place.peek() is UNKNOWN:
        return [place]
    match place.peek():
        case Known(dict() | list(), _) if not depth:
            return [place.undecided()]
        case Known(dict() | list(), _):
            children = _every(place)
        case _:
            return []
    here = [found for found in _follow(path, place, text) if _stated(found)]
    return here + [each for child in children for each in _descend(path, child, text, depth - 1)]


def _stated(place: Value) -> bool:
    return place.peek() is UNKNOWN or isinstance(place.peek(), Known)
