"""Does each blank of a phrase hold what its phrase takes: one value, or a list with commas?

A phrase ends its blank at the last quote of the line, so that `"a", "b"` is one text to it. A text that
no value can be is in no relation to any: "must not be" then holds, and a filter keeps nothing. So what
is in a blank is looked at as text, before anything is judged. The name of a blank says what it takes.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from planspec.features.remedies import DOUBLE, SINGLE, are_names
from planspec.syntax import values

_LISTS: Final = frozenset({"values", "names", "types", "ports"})
_PATHS: Final = frozenset({"path", "module", "other"})
_NAMES: Final = frozenset({"kind", "action"})
_PLAIN: Final = frozenset({"value", "part", "pattern"})
# Blanks of which a space at the edge may be meant, where something must be so.
_WITH_EDGES: Final = frozenset({"part", "pattern"})

_WRAPPED: Final = re.compile(rf"[{SINGLE}].*[{SINGLE}]|.*[{SINGLE}]\s*(?:,|\bor\b)\s*[{SINGLE}].*")
# Quotes around an element or between two; the apostrophes in "rock 'n' roll" are neither.
_AROUND: Final = re.compile(rf"^[{SINGLE}]|[{SINGLE}]$|[{SINGLE}]\s+[{SINGLE}]")
_ESCAPED: Final = re.compile(r"\\.")
# The key of an instance, or of a map: module.shop["eu"], tags['cost-center'].
_KEY: Final = re.compile(r"""\[("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\]""")
# A filter in a path compares with a text in quotes: Statement[?(@.Effect == "Allow")].
_FILTER: Final = re.compile(r"\[\?[^\]]*\]")
_BRACKETS: Final = {"[": "]", "(": ")", "{": "}"}
# `<` and `>` stand alone in constraints on versions, and are brackets only around a whole text.
_AROUND_ALL: Final = {**_BRACKETS, "<": ">"}
_SIGNS: Final = r",;|\uff0c\u3001\uff1b"
# Words without spaces, one after the other: that is a list, not a sentence with a comma in it.
_LISTED: Final = re.compile(
    rf"[^\s{_SIGNS}]+(?:\s*[{_SIGNS}]\s*(?:or\s+)?[^\s{_SIGNS}]+|\s+(?:or|/)\s+[^\s{_SIGNS}]+)+"
)
# In a pattern `{1,3}` and `[a,b]` mean something; a comma with a space after it does not.
_LISTED_PATTERNS: Final = re.compile(
    r"[^\s,;]+(?:[,;]\s+(?:or\s+)?[^\s,;]+|\s+(?:or|/)\s+[^\s,;]+)+|\[[^\]]*,\s[^\]]*\]"
)
_SPACED_TIMES: Final = re.compile(r"\{\s*\d*\s*,\s*\d*\s*\}")
# Also the commas of other keyboards.
_OTHER_SEPARATOR: Final = re.compile(
    r"[;|\uff0c\u3001\uff1b]|(?<=\s)/(?=\s)|(?:^|(?<=\s))or(?=\s)|^and(?=\s)"
)
_AND: Final = re.compile(r"(?<=\s)and(?=\s)")
_SILENT: Final = re.compile(r"\bnot\b")


def problem(pattern: str, blanks: Mapping[str, object], *, selects: bool) -> tuple[str, str]:
    """Say of which blank of a step what is wrong: its name, and a few words; "" if nothing is.

    `pattern` is the phrase that the step was recognised by. What no value can be is seen where
    something must be so; where something must not be, or where the step `selects`, it is silent.
    """
    silent = selects or bool(_SILENT.search(pattern))
    for name, written in blanks.items():
        found = _problem(name, written, silent=silent) if isinstance(written, str) else ""
        if found:
            return name, found
    return "", ""


def _problem(name: str, written: str, *, silent: bool) -> str:
    """What is wrong with one blank, in a few words."""
    hidden = next((each for each in written if _is_hidden(each)), "")
    if hidden:
        sign = f"U+{ord(hidden):04X} {unicodedata.name(hidden, 'without a name')}"
        return f"`{written}` contains an invisible character ({sign})"
    edges = name in _WITH_EDGES and (not silent or written.isspace())
    if not edges and written != written.strip():
        return f"`{written}` begins or ends with a space, which would be a part of it"
    if name == "value" and _is_json(written):
        return ""
    quote = _quote(name, written)
    if quote:
        return f"the sign {quote} in `{written}` would be taken for a part of one text"
    if name in _LISTS:
        return _of_list(written, silent=silent)
    if name in _NAMES | {"module"} and re.search(r"[^\w.:/*<>\[\]-]", _KEY.sub("", written)):
        return f"`{written}` is not one name"
    return _of_text(name, written, silent=silent) if name in _PLAIN else ""


def _is_hidden(sign: str) -> bool:
    """Whether a sign is invisible, or looks like a space and is none."""
    return sign != " " and unicodedata.category(sign) in {"Cc", "Cf", "Zs", "Zl", "Zp"}


def _quote(name: str, written: str) -> str:
    """The quote that does not belong there; "" if there is none."""
    bare = _FILTER.sub("", _KEY.sub("", written)) if name in _PATHS else written
    # A regular expression has a way to say that a quote is meant; nothing else has, or needs it.
    bare = _ESCAPED.sub("", bare) if name == "pattern" else bare
    forbidden = DOUBLE + SINGLE if name in _PATHS else DOUBLE
    single = next((each for each in bare if each in SINGLE), "")
    return next((each for each in bare if each in forbidden), single if _WRAPPED.fullmatch(bare) else "")


def _of_list(written: str, *, silent: bool) -> str:
    elements = [each.strip() for each in written.split(",")]
    if not all(elements):
        return f"the list `{written}` has an empty element"
    if _bracket(written) or any(map(_is_open, elements)):
        return f"the brackets in `{written}` would be taken for a part of the values"
    if any(_AROUND.search(each) for each in elements):
        return f"the quotes in `{written}` would be taken for a part of the values"
    patterns = [_OTHER_SEPARATOR, _AND] if silent else [_OTHER_SEPARATOR]
    found = next((hit for one in patterns for each in elements if (hit := one.search(each))), None)
    if found:
        return f'"{found[0]}" in `{written}` does not part a list; a comma does'
    alone = len(elements) == 1 and " " in written
    if silent and (alone or any(map(are_names, elements))):
        return f"a space in `{written}` does not part a list; a comma does"
    return ""


def _of_text(name: str, written: str, *, silent: bool) -> str:
    if name == "part" and not written:
        return "every text contains the empty one"
    if name != "pattern" and _bracket(written) == "[":
        if name == "part":
            return f"the brackets in `{written}` would be taken for a part of the text"
        return f"`{written}` is neither one value nor a list in JSON"
    if name == "pattern" and any(" " in each for each in _SPACED_TIMES.findall(written)):
        return f"a space between braces makes them plain signs in `{written}`"
    listed = _LISTED_PATTERNS if name == "pattern" else _LISTED
    if silent and (listed.fullmatch(written) or are_names(written)):
        return f"`{written}` would be taken for one text, not for a list"
    return ""


def _bracket(written: str) -> str:
    """The bracket around the whole text, or ""."""
    closing = _AROUND_ALL.get(written[:1], "")
    return written[0] if closing and written.endswith(closing) else ""


def _is_open(element: str) -> bool:
    """Whether a bracket is opened or closed in it, and not the other way."""
    return any(element.count(one) != element.count(other) for one, other in _BRACKETS.items())


def _is_json(written: str) -> bool:
    """Whether it is a list or an object in JSON, which is compared as such."""
    if written[:1] not in ("[", "{"):
        return False
    try:
        return isinstance(values(written.encode()), list | dict)
    except (ValueError, RecursionError):
        return False
