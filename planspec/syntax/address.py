"""Which blocks and instances do an address or a reference name?

Keys may hold dots, brackets, quotes and templates, so an address is never split at its dots.
Source: Terraform, "References to Named Values" and "Strings and Templates" (escapes).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from planspec.errors import BrokenDocument

Key = str | int | None
ModulePath = tuple[tuple[str, Key], ...]


class InstanceKey(NamedTuple):
    """What stands in brackets: the number of an instance (`count`) or its text (`for_each`)."""

    key: str | int


Token = str | InstanceKey

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_TOKEN = re.compile(rf"\.?([^\W\d][\w-]*)|\[(\d{{1,18}})\]|\[{_QUOTED}\]|\.(\d{{1,18}})|\.\*|\[\*\]")
_MODULE = re.compile(rf"\.?module\.([\w-]+)(?:\[(?:(\d{{1,18}})|{_QUOTED})\])?")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|\$(\$\{)|%(%\{)")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}


def module_path(module_address: str) -> ModulePath:
    """Split `module.shop["eu"].module.api[0]` into call names with their instance keys."""
    path: list[tuple[str, Key]] = []
    position = 0
    while found := _MODULE.match(module_address, position):
        call, count, key = found.groups()
        path.append((call, int(count) if count else None if key is None else unescaped(key)))
        position = found.end()
    return tuple(path)


def tokens(reference: str) -> list[Token]:
    """Split a reference into its words and the instance keys between them."""
    found: list[Token] = []
    for match in _TOKEN.finditer(reference):
        word, count, key, old_count = match.groups()
        if word is not None:
            found.append(word)
        elif count is not None or old_count is not None:
            found.append(InstanceKey(int(count or old_count)))
        elif key is not None:
            found.append(InstanceKey(unescaped(key)))
    return found


def path_steps(path: str) -> tuple[str | int, ...]:
    """Split the path of a value, `rule[0].name`, into attribute names and positions."""
    return tuple(int(at) if at else name for name, at in _STEP.findall(path))


def maximal(references: Sequence[Any]) -> Iterator[list[Token]]:
    """Yield the references as they were written: each is followed by its own prefixes, left out.

    Raises BrokenDocument for one that is no text.
    """
    last: list[Token] = []
    for reference in references:
        if not isinstance(reference, str):
            raise BrokenDocument(
                'configuration: an expression has "references" that are not texts; Terraform does not'
                " write that, so the plan was edited"
            )
        split = tokens(reference)
        if last[: len(split)] != split:
            yield split
            last = split


def unescaped(key: str) -> str:
    """Return a quoted text as it is meant: escapes as their letters, and `$${` as `${`."""
    return _ESCAPE.sub(_plain, key)


def _plain(escape: re.Match[str]) -> str:
    short, long, letter, dollar, percent = escape.groups()
    if short or long:
        number = int(short or long, 16)
        # Half of a surrogate pair, or a number beyond Unicode, is no letter.
        return chr(number) if number < 0xD800 or 0xDFFF < number <= 0x10FFFF else "\ufffd"
    return dollar or percent or _CONTROL.get(letter, letter)
