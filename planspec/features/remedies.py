"""What should stand in a step, where one of its blanks cannot be read?"""

import re
from collections.abc import Sequence
from typing import Final

DOUBLE: Final = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02'
"""The signs that a keyboard, an editor or a web page makes of a double quote."""
SINGLE: Final = "'\u2018\u2019\u201a\u201b`\u00b4"
EDGE: Final = rf"(?<!\w)[{SINGLE}]|[{SINGLE}](?!\w)"
"""A single quote at the beginning or the end of a word; that in "don't" is none."""

_QUOTES: Final = re.compile(f"[{DOUBLE}]|{EDGE}")
_SPLIT: Final = re.compile(r"\s*[,;|\uff0c\u3001\uff1b]\s*|\s+(?:or|and|/)\s+|^(?:or|and)\s+")
_OF_PATTERNS: Final = re.compile(r"[.+*?^$(){}|\[\]]")
_LITERAL: Final = 'where signs belong to a value: match a pattern, with \\" for a quote'


def remedy(text: str, name: str, written: str) -> str:
    """Say what to write, in the words of the step where it is clear."""
    parts = _parts(written)
    listed = " and ".join(f'"{part}"' for part in parts)
    if name in {"kind", "action", "module"}:
        return (
            f"it takes one {name if name != 'kind' else 'type'}; write a scenario for each of {listed}"
        )
    if name == "path":
        return "it takes one path; write a line for each, and a key with other signs as ['key']"
    if not parts:
        return "name what is meant, or write `must be set` or `must not be set`"
    before, _, after = text.rpartition(f'"{written}"')
    lines = [f"{before}{each}{after}" for each in _blanks(name, before, parts)]
    if name == "value" and len(parts) > 1 and len(lines) == 1:
        lines = [_several(before, parts) + after]
    told = " and ".join(f"`{line}`" for line in lines)
    return f"write {told} ({_LITERAL})"


def _blanks(name: str, before: str, parts: Sequence[str]) -> list[str]:
    """What the blank should hold; several where the step must stand once for each."""
    if name in {"values", "names"}:
        return [f'"{", ".join(parts)}"']
    if name == "pattern":
        return [f'"{"|".join(parts)}"']
    if name == "part" or before.endswith("is not "):
        return [f'"{part}"' for part in parts]
    return [f'"{parts[0]}"']


def _several(before: str, parts: Sequence[str]) -> str:
    """The phrase that takes several values, in place of the one that takes one."""
    if before.endswith(" is "):
        plain = "|".join(_OF_PATTERNS.sub(r"[\g<0>]", part) for part in parts)
        return f'{before.removesuffix("is ")}matches "{plain}"'
    return f'{before}one of "{", ".join(parts)}"'


def _parts(written: str) -> list[str]:
    """The values that were probably meant."""
    visible = " ".join(re.sub(r"[^\S ]|[\u200b-\u200f\u2060\ufeff]", " ", written).split())
    bare = _QUOTES.sub(",", visible.replace('\\"', '"')).strip(" []()")
    found = (part.strip(" []()") for part in _SPLIT.split(bare))
    return list(dict.fromkeys(part for part in found if part not in ("", "or", "and")))
