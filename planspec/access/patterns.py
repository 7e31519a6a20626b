"""Texts with wildcards: what they match, and when one lies within another.

`*` is any run of characters and `?` exactly one; a policy variable, or a part that apply decides, is
open: nobody can say what it matches within its bounds. Sources: AWS IAM User Guide, "IAM JSON policy
elements: Resource", "IAM policy elements: Variables and tags".
"""

import functools
import re
from collections.abc import Iterable, Mapping
from typing import Final

from planspec.access.requests import Partly, Unknown

# A pattern is a tuple of tokens: a character, one of these, or an open part.
ANY_RUN: Final = "**"
RUN_IN_PART: Final = "*:"  # without a colon: within one part of an ARN
ANY_ONE: Final = "??"
ONE_IN_PART: Final = "?:"
EITHER_CASE: Final = "~"  # and the letter in both cases
VARIABLE: Final = "${"
DECIDED_LATER: Final = "!!"

Pattern = tuple[str, ...]
Text = str | Unknown | Partly
EVERYTHING: Final[Pattern] = (ANY_RUN,)

_RUNS: Final = frozenset({ANY_RUN, RUN_IN_PART})
_VARIABLE: Final = re.compile(r"\$\{([^${}]*)\}")
_CHARACTERS: Final = frozenset({"*", "?", "$"})
_IN_PART: Final = {ANY_RUN: RUN_IN_PART, ANY_ONE: ONE_IN_PART}
_ARN_COLONS: Final = 5


@functools.lru_cache(maxsize=50_000)
def pattern(text: Text, *, wildcards: bool, variables: bool) -> Pattern:
    """Read a text; Unknown parts become open, and so do variables where the version has them."""
    match text:
        case Unknown(name):
            return (DECIDED_LATER + name,)
        case Partly(parts):
            read = (pattern(each, wildcards=wildcards, variables=variables) for each in parts)
            return _collapsed(token for each in read for token in each)
        case _:
            return _of_text(text, wildcards=wildcards, variables=variables)


def _of_text(text: str, *, wildcards: bool, variables: bool) -> Pattern:
    tokens: list[str] = []
    position = 0
    for found in _VARIABLE.finditer(text) if variables else ():
        tokens += _plain(text[position : found.start()], wildcards)
        name = found.group(1)
        key, comma, default = name.partition(",")
        tokens.append(name if name in _CHARACTERS else VARIABLE + key.lower() + comma + default)
        position = found.end()
    return _collapsed([*tokens, *_plain(text[position:], wildcards)])


def _plain(text: str, wildcards: bool) -> list[str]:
    if not wildcards:
        return list(text)
    return [{"*": ANY_RUN, "?": ANY_ONE}.get(each, each) for each in text]


def _collapsed(tokens: Iterable[str]) -> Pattern:
    kept: list[str] = []
    for token in tokens:
        if not (token in _RUNS and kept and kept[-1] == token):
            kept.append(token)
    return tuple(kept)


def literal(text: str) -> Pattern:
    """Return the pattern of one text and no other."""
    return tuple(text)


def in_parts(arn: Pattern) -> Pattern | None:
    """Return the pattern of an ARN, whose wildcards stay inside the first five parts.

    None with fewer than six parts, of which AWS does not say what they match. Source: AWS IAM User
    Guide, "IAM JSON policy elements: Condition operators", ARN condition operators.
    """
    colons = [position for position, letter in enumerate(arn) if letter == ":"]
    if len(colons) < _ARN_COLONS:
        return None
    fifth = colons[_ARN_COLONS - 1]
    return tuple(_IN_PART.get(token, token) for token in arn[:fifth]) + arn[fifth:]


@functools.lru_cache(maxsize=50_000)
def is_open(tokens: Pattern) -> bool:
    """Whether a part of it is a variable, or decided by apply."""
    return any(token.startswith((VARIABLE, DECIDED_LATER)) and len(token) > 1 for token in tokens)


def surely_apart(one: Pattern, other: Pattern) -> bool:
    """Whether their first letters say that no text matches both; False says nothing."""
    for left, right in zip(one, other, strict=False):
        if len(left) > 1 or len(right) > 1:
            return False
        if left != right:
            return True
    return False


def upper_bound(tokens: Pattern) -> Pattern:
    """Return what it matches at most: anything in the place of each open part."""
    return _collapsed(ANY_RUN if is_open((token,)) else token for token in tokens)


def variables_of(tokens: Pattern) -> frozenset[str]:
    """Return the keys of its variables, as they are compared."""
    return frozenset(_key_of(each) for each in tokens if len(each) > 1 and each.startswith(VARIABLE))


def filled(tokens: Pattern, values: Mapping[str, str]) -> Pattern:
    """Return it with these values in the place of its variables, as far as there are any."""
    out: list[str] = []
    for token in tokens:
        key = _key_of(token) if len(token) > 1 and token.startswith(VARIABLE) else None
        out += values[key] if key is not None and key in values else (token,)
    return tuple(out)


def default_of(token: str) -> str | None:
    """Return the default of a variable that names one: `${aws:PrincipalTag/team, 'none'}`."""
    found = _NAMED.fullmatch(token)
    return found.group(2) if found else None


_NAMED: Final = re.compile(r"\$\{\s*([^\s,]+)\s*(?:,\s*'([^']*)'\s*)?")


def _key_of(token: str) -> str:
    found = _NAMED.fullmatch(token)
    return (found.group(1) if found else token[len(VARIABLE) :]).lower()


def folded(tokens: Pattern) -> Pattern:
    """Return it in lower case, for a comparison that knows no case."""
    return tuple(token.lower() if len(token) == 1 else token for token in tokens)


def either_case(tokens: Pattern) -> Pattern:
    """Return a pattern in lower case as one that takes letters of both."""
    return tuple(
        f"{EITHER_CASE}{each}{each.upper()}"
        if len(each) == 1 and len(each.upper()) == 1 and each.upper() != each
        else each
        for each in tokens
    )


def matches(tokens: Pattern, text: str) -> bool:
    """Whether this text is one of the pattern's, which has no open part."""
    return accepts(tokens, text) if RUN_IN_PART in tokens else _walk(tokens, tuple(text))


def accepts(tokens: Pattern, text: str) -> bool:
    """Say the same by the definition alone: keep every position that may have been reached."""
    reached = _past_runs(tokens, {0})
    for letter in text:
        following = set()
        for at in reached - {len(tokens)}:
            if tokens[at] == ANY_RUN or (tokens[at] == RUN_IN_PART and letter != ":"):
                following.add(at)
            elif tokens[at] in {letter, ANY_ONE} or (tokens[at] == ONE_IN_PART and letter != ":"):
                following.add(at + 1)
        reached = _past_runs(tokens, following)
    return len(tokens) in reached


def _past_runs(tokens: Pattern, positions: set[int]) -> set[int]:
    reached = set(positions)
    for start in positions:
        at = start
        while at < len(tokens) and tokens[at] in _RUNS:
            at += 1
            reached.add(at)
    return reached


@functools.lru_cache(maxsize=100_000)
def within(inner: Pattern, outer: Pattern) -> bool:
    """Whether every text of `inner` is surely one of `outer`, whatever their open parts are.

    It goes by their letters, an open part being one that is equal to itself: where it says no, a search
    may still find that there is nothing outside.
    """
    return outer in {inner, EVERYTHING} or _walk(outer, inner)


def _walk(tokens: Pattern, text: Pattern) -> bool:
    """Match by going back to the last run only: nothing else is ever needed."""
    at = position = 0
    back: tuple[int, int] | None = None
    while position < len(text):
        if at < len(tokens) and tokens[at] in _RUNS:
            back = (at, position)
            at += 1
        elif at < len(tokens) and _takes(tokens[at], text[position]):
            at += 1
            position += 1
        elif back is None or not _runs_over(tokens[back[0]], text[back[1]]):
            return False
        else:
            back = (back[0], back[1] + 1)
            at, position = back[0] + 1, back[1]
    return all(each in _RUNS for each in tokens[at:])


def _takes(token: str, letter: str) -> bool:
    if token == letter:
        return True
    if token == ANY_ONE:
        return letter not in _RUNS and not is_open((letter,))
    return token == ONE_IN_PART and letter not in {":", ANY_ONE, *_RUNS} and not is_open((letter,))


def _runs_over(run: str, letter: str) -> bool:
    return run == ANY_RUN or not (letter in {":", ANY_RUN, ANY_ONE} or is_open((letter,)))
