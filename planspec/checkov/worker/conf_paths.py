"""Which value is at a path of a resource's configuration?

Checkov's checks ask dpath, which walks the whole configuration and compares each place with the path as
a pattern. A path without patterns can simply be followed. Any other goes to dpath.
"""

import re
from collections.abc import Iterator
from typing import Any

import dpath

_MISSING = object()
# A name means itself. A digit means a list's index or a key; `[0]` is a pattern that means `0`.
_NAME = re.compile(r"[A-Za-z_][\w:.-]*", re.ASCII)
_INDEX = re.compile(r"\[?([0-9])\]?", re.ASCII)

Segment = tuple[str, int | None]
_segments: dict[str, list[Segment] | None] = {}


def search(obj: Any, glob: Any, yielded: bool = False, *rest: Any, **named: Any) -> Any:
    """Take the place of `dpath.search`."""
    if rest or named or not isinstance(glob, str):
        return dpath.search(obj, glob, yielded, *rest, **named)
    if yielded:
        start, _, name = glob.partition("/")
        if start == "**" and _NAME.fullmatch(name):
            return ((path, found) for path, last, found in _walk(obj, "") if last == name)
        return dpath.search(obj, glob, yielded)
    found = _follow(obj, glob)
    if found is _MISSING:
        return {}
    # Whoever asks compares with {}, and a hit is never that.
    return {glob: found} if found is not NotImplemented else dpath.search(obj, glob)


def get(obj: Any, glob: Any, *rest: Any, **named: Any) -> Any:
    """Take the place of `dpath.get`."""
    if rest or named or not isinstance(glob, str):
        return dpath.get(obj, glob, *rest, **named)
    found = _follow(obj, glob)
    if found is _MISSING:
        raise KeyError(glob)
    return found if found is not NotImplemented else dpath.get(obj, glob)


def _follow(obj: Any, glob: str) -> Any:
    """What the path leads to; `_MISSING`, or NotImplemented when dpath has to answer."""
    if glob not in _segments:
        _segments[glob] = _split(glob)
    segments = _segments[glob]
    if segments is None:
        return NotImplemented
    for name, index in segments:
        if isinstance(obj, dict):
            obj = obj.get(name, _MISSING)
        elif isinstance(obj, list):
            obj = obj[index] if index is not None and index < len(obj) else _MISSING
        elif isinstance(obj, str | int | float | bytes | None):
            return _MISSING
        else:
            return NotImplemented
        if obj is _MISSING:
            return _MISSING
    return obj


def _split(glob: str) -> list[Segment] | None:
    segments: list[Segment] = []
    for each in glob.lstrip("/").split("/"):
        index = _INDEX.fullmatch(each)
        if index and each in {index[1], f"[{index[1]}]"}:
            segments.append((index[1], int(index[1])))
        elif _NAME.fullmatch(each):
            segments.append((each, None))
        else:
            return None
    return segments


def _walk(obj: Any, before: str) -> Iterator[tuple[str, Any, Any]]:
    """Every place in dpath's order: those of one level first, then what is below each."""
    if isinstance(obj, dict):
        inside = list(obj.items())
    elif isinstance(obj, list):
        inside = [(str(index), found) for index, found in enumerate(obj)]
    else:
        return
    for key, found in inside:
        yield f"{before}{key}", key, found
    for key, found in inside:
        yield from _walk(found, f"{before}{key}/")
