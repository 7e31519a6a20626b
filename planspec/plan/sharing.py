"""Which parts of a plan are equal, and kept once?

All resources of a type have the same marks, and many have the same tags: of a plan with a hundred
thousand changes most would be the same again. What comes from here nobody may change.
"""

from functools import lru_cache
from typing import Any, Final

import msgspec

from planspec.syntax import document

NULL: Final = msgspec.Raw(b"null")
# What is longer is hardly the same for two resources.
LONGEST_SHARED: Final = 4000
LONGEST_VALUE_SHARED: Final = 200


def shared(raw: msgspec.Raw) -> msgspec.Raw:
    """The same JSON; equal ones are one object."""
    text = bytes(raw)
    return _kept(text) if len(text) <= LONGEST_SHARED else msgspec.Raw(text)


def own(raw: msgspec.Raw) -> msgspec.Raw:
    """The same JSON in bytes of its own: a view of the document would keep all of it in memory."""
    return NULL if raw == NULL else msgspec.Raw(bytes(raw))


def values(raw: msgspec.Raw) -> Any:
    """Decode the values of a resource; equal ones of short attributes, such as tags, are one object."""
    try:
        attributes = _attributes.decode(raw)
    except msgspec.DecodeError:
        return document.values(raw)
    if attributes is None:
        return None
    return {name: _value(bytes(part)) for name, part in attributes.items()}


def _value(text: bytes) -> Any:
    container = text[:1] in (b"{", b"[")
    shared = container and len(text) <= LONGEST_VALUE_SHARED
    return _decoded(text) if shared else document.values(text)


@lru_cache(maxsize=4096)
def _kept(text: bytes) -> msgspec.Raw:
    return msgspec.Raw(text)


def tree(raw: msgspec.Raw) -> Any:
    """Decode a tree of marks; equal ones are one tree, which nobody may change."""
    text = bytes(raw)
    return _decoded(text) if len(text) <= LONGEST_SHARED else document.values(text)


def marks(raw: msgspec.Raw) -> Any:
    """Decode the marks for secrets, those of copied tags too; equal ones are one tree."""
    text = bytes(raw)
    short = len(text) <= LONGEST_SHARED
    return _decoded_marks(text) if short else _with_copied_tags(document.values(text))


@lru_cache(maxsize=16384)
def _decoded(text: bytes) -> Any:
    return document.values(text)


@lru_cache(maxsize=4096)
def _decoded_marks(text: bytes) -> Any:
    return _with_copied_tags(document.values(text))


_attributes = msgspec.json.Decoder(dict[str, msgspec.Raw] | None)


def _with_copied_tags(marks: Any) -> Any:
    """The provider copies `tags` into `tags_all`, and Terraform does not copy the mark with them."""
    if not isinstance(marks, dict) or "tags" not in marks:
        return marks
    return marks | {"tags_all": _either(marks["tags"], marks.get("tags_all", False))}


def _either(one: Any, other: Any) -> Any:
    """Two trees of marks as one."""
    if isinstance(one, dict) and isinstance(other, dict):
        return other | {key: _either(mark, other.get(key, False)) for key, mark in one.items()}
    return True if True in (one, other) else one or other
