"""How is a pattern with wildcards matched, in time that grows with the text and not with the stars?

Each part between two stars is taken where it stands first, and never given back: what fits at all fits
so too. Source: Python, `re`, atomic grouping; `fnmatch.translate` does the same.
"""

import re
from collections.abc import Callable
from functools import lru_cache


def expression(pattern: str, written: Callable[[str], str] = re.escape) -> str:
    """The regular expression, for `fullmatch` with DOTALL: `*` for any text, and else as `written`."""
    first, *rest = pattern.split("*")
    if not rest:
        return written(first)
    *middle, last = rest
    parts = "".join(f"(?>.*?{written(each)})" for each in middle if each)
    return f"{written(first)}{parts}.*{written(last)}"


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(expression(pattern), re.DOTALL)


def fits(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern in which `*` stands for any text, and all else for itself."""
    return _compiled(pattern).fullmatch(text) is not None
