"""How does a user's regular expression match, without ever running away?

RE2 matches in time that grows with the text alone. Where it lacks something that Python has, such as a
lookahead, or where the two would read a pattern or a text otherwise, Python matches within a limit.
Source: RE2, "Syntax"; Python, `re`.
"""

import re
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import FrameType
from typing import Any, Final, NamedTuple, NoReturn

LIMIT_SECONDS: Final = 1.0
RUNS_AWAY: Final = (
    f"a regular expression takes more than {LIMIT_SECONDS:g} s for one value; write it without"
    " repetition inside repetition, or without lookahead and backreference, which rule out linear time"
)
# A bound without its lower number, classes within classes, escapes of letters beyond these: what one
# engine takes for a construct, the other takes for text.
_READ_OTHERWISE: Final = re.compile(r"\{,|\[\^?\[|\[:|&&|--|~~|\|\|\]")


class TooLong(Exception):
    """A match took longer than any harmless pattern takes."""


class Matcher(NamedTuple):
    """A regular expression, matched by RE2 where that is the same, and else within a limit."""

    pattern: str
    linear: Any
    other: re.Pattern[str]

    def fullmatch(self, text: str) -> bool:
        """Whether the whole text matches. Raises TooLong."""
        if self._is_same_for(text):
            return self.linear.fullmatch(text) is not None
        return _limited(self.other.fullmatch, text)

    def search(self, text: str) -> bool:
        """Whether a part of the text matches. Raises TooLong."""
        if self._is_same_for(text):
            return self.linear.search(text) is not None
        return _limited(self.other.search, text)

    def _is_same_for(self, text: str) -> bool:
        """Short classes hold signs of all scripts in Python, and `$` may stand before a line end."""
        return self.linear is not None and text.isascii() and text.isprintable()


@lru_cache(maxsize=1024)
def matcher(pattern: str) -> Matcher:
    """Compile a regular expression. Raises re.error where it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of classes that may mean more one day
            other = re.compile(pattern)
    except (OverflowError, RecursionError) as error:
        raise re.error("too large") from error
    return Matcher(pattern, None if _READ_OTHERWISE.search(pattern) else _linear(pattern), other)


def _linear(pattern: str) -> Any:
    import re2  # not before a pattern needs it

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError):
        return None


def _limited(match: Callable[[str], re.Match[str] | None], text: str) -> bool:
    with _limit():
        return match(text) is not None


def _stop(_: int, __: FrameType | None) -> NoReturn:
    raise TooLong


@contextmanager
def _limit() -> Iterator[None]:
    """Stop what takes more than its share of processor time; only a main thread can be stopped."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
