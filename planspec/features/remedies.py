"""What should be in a step, where one of its blanks cannot be read?"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

DOUBLE: Final = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02'
"""The signs that a keyboard, an editor or a web page makes of a double quote."""
SINGLE: Final = "'\u2018\u2019\u201a\u201b`\u00b4"
EDGE: Final = rf"(?<!\w)[{SINGLE}]|[{SINGLE}](?!\w)"
"""A single quote at the beginning or the end of a word; that in "don't" is none."""

_QUOTES: Final = re.compile(f"[{DOUBLE}]|{EDGE}")
_SPLIT: Final = re.compile(
    r"\s*[,;|\uff0c\u3001\uff1b]\s*(?:(?:or|and)\s+)?|\s+(?:or|and|/)\s+|^(?:or|and)\s+"
)
# The signs that part a list, and not those inside the brackets of a pattern.
_SPLIT_PATTERNS: Final = re.compile(r"\s*[,;](?![^{\[]*[}\]])\s*(?:or\s+)?|\s+(?:or|/)\s+")
_OF_PATTERNS: Final = re.compile(r"[.+*?^$(){}|\[\]]")
_TIMES: Final = re.compile(r"\{\s*(\d*)\s*,\s*(\d*)\s*\}")
_BRACKETS: Final = " []()<>{}"
# A name with a digit or a sign inside it, such as m5.24xlarge or eu-west-1: no word of a sentence.
_NAME: Final = re.compile(r"[\w.:/@*+-]*(?:\d|\w[.:/@_-]+\w)[\w.:/@*+-]*")
_LITERAL: Final = 'where signs belong to a value: match a pattern, with \\" for a quote'

_UNCLEAR: Final = (
    f"write one plain value, or a list with commas where the phrase takes several ({_LITERAL})"
)


def remedy(text: str, name: str, written: str, is_read: Callable[[str], bool]) -> str:
    """Say what to write, in the words of the step where it is clear.

    `is_read` tells of a step whether it would be understood: nothing else is proposed.
    """
    parts = _patterns(written) if name == "pattern" else _parts(written)
    listed = " and ".join(f'"{part}"' for part in parts)
    if name in {"kind", "action", "module"}:
        return (
            f"it takes one {name if name != 'kind' else 'type'}; write a scenario for each of {listed}"
        )
    if name == "path":
        return "it takes one path; write a line for each, and a key with other signs as ['key']"
    if not any(parts):
        return "name what is meant, or write `must be set` or `must not be set`"
    before, _, after = text.rpartition(f'"{written}"')
    lines = [f"{before}{each}{after}" for each in _blanks(name, before, parts)]
    if name == "values" and len(parts) == 1 and " " in parts[0]:
        one = f'{before.removesuffix("one of ")}"{parts[0]}"{after}'
        if not is_read(one):
            return _UNCLEAR
        return f"write `{one}` for one value, and commas between several ({_LITERAL})"
    if name == "value" and len(parts) > 1 and len(lines) == 1:
        lines = [_several(before, parts) + after]
    if not all(map(is_read, lines)):
        return _UNCLEAR
    told = " and ".join(f"`{line}`" for line in lines)
    plain = f'{before.replace(" contain ", " match ")}".*{_plain(written)}.*"{after}'
    if name == "part" and written[:1] in ("[", "<") and is_read(plain):
        return f"write {told}, or `{plain}` for a text with the brackets in it"
    return f"write {told} ({_LITERAL})"


def _blanks(name: str, before: str, parts: Sequence[str]) -> list[str]:
    """What the blank should hold; several where the step must stand once for each."""
    if name in {"values", "names", "types", "ports"}:
        return [f'"{", ".join(parts)}"']
    if name == "pattern":
        return [f'"{"|".join(parts)}"']
    if name == "part" or before.endswith("is not "):
        return [f'"{part}"' for part in parts]
    return [f'"{parts[0]}"']


def _several(before: str, parts: Sequence[str]) -> str:
    """The phrase that takes several values, in place of the one that takes one."""
    if before.endswith(" is "):
        plain = "|".join(map(_plain, parts))
        return f'{before.removesuffix("is ")}matches "{plain}"'
    return f'{before}one of "{", ".join(parts)}"'


def _plain(text: str) -> str:
    """The regular expression that a text alone matches."""
    return _OF_PATTERNS.sub(r"[\g<0>]", text)


def is_name(written: str) -> bool:
    """Whether a text without spaces holds a digit or a sign, as no word of a sentence does."""
    return bool(_NAME.fullmatch(written))


def are_names(written: str) -> bool:
    """Whether several names stand there with nothing but spaces between them, or "and"."""
    names = re.split(r"\s+and\s+|\s+", written)
    return len(names) > 1 and all(map(is_name, names))


def _visible(written: str) -> str:
    return " ".join(re.sub(r"[^\S ]|[\u200b-\u200f\u2060\ufeff]", " ", written).split())


def _parts(written: str) -> list[str]:
    """The values that were probably meant."""
    bare = _QUOTES.sub(",", _visible(written).replace('\\"', '"')).strip(_BRACKETS)
    return _distinct(part.strip(_BRACKETS) for part in _SPLIT.split(bare))


def _patterns(written: str) -> list[str]:
    """The regular expressions that were probably meant."""
    visible = _visible(written)
    plain = _TIMES.sub(r"{\1,\2}", visible)
    if plain != visible:
        return [plain]
    listed = re.fullmatch(r"\[([^\]]*,\s[^\]]*)\]", visible)
    bare = _QUOTES.sub(",", listed[1] if listed else visible)
    parts = _distinct(_SPLIT_PATTERNS.split(bare))
    # Of the signs around a quoted part nobody can make a pattern of its own.
    whole = all(re.search(r"\w", part) for part in parts)
    return parts if whole else [_QUOTES.sub("", visible)]


def _distinct(parts: Iterable[str]) -> list[str]:
    found = [name for part in parts for name in (part.split() if are_names(part) else [part])]
    return list(dict.fromkeys(part for part in found if part not in ("", "or", "and")))
