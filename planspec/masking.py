"""Secrets in text that leaves planspec: which places of a text are one, however it is written there?

A secret is looked for as it is and as a writer of text may have written it: with the escapes of JSON,
HCL, HTML, Markdown and URLs, in Base64 and hexadecimal digits, and broken over lines. What the commands
print passes through `guarded_streams`; a record is masked part by part with the same `Mask`. Sources:
RFC 8259 (JSON), RFC 3986 (percent-encoding), RFC 4648 (Base64), Terraform, "Strings and Templates".
"""

import base64
import html.entities
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from itertools import groupby
from typing import Any, Final, TextIO, cast

REDACTED: Final = "(sensitive)"
SHORTEST: Final = 4
# A shorter text counts only as a word of its own: it may be a part of many that are no secret.
SHORTEST_INSIDE: Final = 6
SHORTEST_LETTERS_INSIDE: Final = 8
SHORTEST_NUMBER: Final = 8
# The regular expression of a longer text costs more than it finds: its lines are looked for as well.
_LONGEST_ESCAPED: Final = 300
_FEW: Final = 40
_INDEXED: Final = 4
_SHORTEST_ENCODED: Final = 5
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_RUN: Final = re.compile(r"[A-Za-z0-9]+")
# What a possessive quantifier (*+) or group (?>) took is never given back: time grows with the text.
_BREAK: Final = r"(?:[^\S\n]{0,80}+(?:\n|\\++n)\s{0,200}+)?+"
_BREAKS: Final = re.compile(r"\s++|(?<!\\)\\++[nr]")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_NO_WORD_BEFORE: Final = r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
_SHORT_ESCAPES: Final = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}


def matters(text: str) -> bool:
    """Whether a text can be told from others that are no secret: long enough, and no plain number.

    `true`, a port, `prod` as a part of a longer word: hidden where they are marked, and nowhere else.
    """
    if len(text) < SHORTEST or text.startswith("arn:") or text.isspace():
        return False
    if _NUMBER.fullmatch(text):
        return len(text) >= (SHORTEST_INSIDE if "." in text else SHORTEST_NUMBER)
    return any(each.isalnum() for each in text) or len(text) >= SHORTEST_INSIDE


class _Secret:
    """One secret, and how it is found in a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.start = max(_RUN.findall(text), key=len, default="")
        self.number = bool(_NUMBER.fullmatch(text))
        self.starts = frozenset({self.start, *_encoded(text)})

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The text as it is or escaped, and its encodings."""
        ways = [re.escape(self.text), *([_escaped(self.text)] if self._escapes else [])]
        written = f"(?:{'|'.join(ways)})"
        inside = SHORTEST_LETTERS_INSIDE if self.text.isalpha() else SHORTEST_INSIDE
        if self.number:
            written = rf"(?:(?<!\d)(?<!\d\.)|(?<=%[0-9A-Fa-f]{{2}})){written}(?!\d)"
        elif len(self.text) < inside:
            written = f"{_NO_WORD_BEFORE}{written}(?![A-Za-z0-9])"
        return re.compile("|".join([written, *map(re.escape, _encoded(self.text))]))

    @cached_property
    def broken(self) -> re.Pattern[str] | None:
        """The same, broken over lines; None for a text that is too short for that."""
        if self.number or len(self.text) < SHORTEST_INSIDE or not self._escapes:
            return None
        ways = [_escaped(self.text, _BREAK)]
        ways += [_BREAK.join(map(re.escape, each)) for each in _encoded(self.text)]
        return re.compile("|".join(ways))

    @property
    def _escapes(self) -> bool:
        return len(self.text) <= _LONGEST_ESCAPED

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where it stands in a text, whose letters may be broken over lines."""
        found = [match.span() for match in self.pattern.finditer(text)]
        if not found and self.broken is not None and "\n" in text.replace("\\n", "\n"):
            found = [match.span() for match in self.broken.finditer(text)]
        yield from (span for span in found if span[0] < span[1])


class Mask:
    """The secrets of one plan, found in any text; a name that the plan states openly stays whole.

    `names` are unmarked names such as `aws_db_instance.postgres`: no part of one is hidden inside it.
    """

    def __init__(self, texts: Iterable[str], names: Iterable[str] = ()) -> None:
        self.texts: tuple[str, ...] = tuple(sorted(set(texts), key=lambda text: (-len(text), text)))
        self._secrets = [_Secret(text) for text in self.texts]
        # Those that no secret is a part of need no protection.
        held = (name for name in names if any(each.text in name for each in self._perhaps_in(name)))
        self._names = tuple(held) if self.texts else ()

    def hidden_in(self, text: str) -> bool:
        """Whether a secret stands in a text."""
        return bool(self.texts) and any(True for _ in self._spans(text))

    def masked(self, text: str) -> str:
        """The text with each secret in it replaced."""
        if not self.texts:
            return text
        spans = sorted(self._spans(text))
        parts, done = [], 0
        for start, end in spans:
            if start >= done:
                parts += [text[done:start], REDACTED]
            done = max(done, end)
        return "".join([*parts, text[done:]]) if spans else text

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        yield from self._as_written(text)
        for run in _BASE64.finditer(text):
            packed = _decoded(run[0])
            if packed and self.hidden_in(packed):
                yield run.span()

    def _as_written(self, text: str) -> Iterator[tuple[int, int]]:
        for secret in self._perhaps_in(text):
            open_names = [each for each in self._names if secret.text in each]
            whole = [span for each in open_names for span in _places(each, text)]
            for start, end in secret.spans(text):
                if not any(first <= start and end <= last for first, last in whole):
                    yield start, end

    def _perhaps_in(self, text: str) -> Iterable[_Secret]:
        """The secrets of which the longest run of letters and digits, or an encoding, is in a text."""
        text = _BREAKS.sub("", text) + text if "\n" in text or "\\n" in text else text
        if len(self._secrets) <= _FEW:
            return (each for each in self._secrets if any(start in text for start in each.starts))
        found: dict[str, _Secret] = {each.text: each for each in self._unindexed}
        for place in range(len(text) - _INDEXED + 1):
            for start, secret in self._by_start.get(text[place : place + _INDEXED], ()):
                if secret.text not in found and text.startswith(start, place):
                    found[secret.text] = secret
        return found.values()

    @cached_property
    def _by_start(self) -> dict[str, list[tuple[str, _Secret]]]:
        starts: dict[str, list[tuple[str, _Secret]]] = {}
        for secret in self._secrets:
            for start in secret.starts:
                if len(start) >= _INDEXED:
                    starts.setdefault(start[:_INDEXED], []).append((start, secret))
        return starts

    @cached_property
    def _unindexed(self) -> list[_Secret]:
        return [each for each in self._secrets if len(each.start) < _INDEXED]


def _places(part: str, text: str) -> Iterator[tuple[int, int]]:
    place = text.find(part)
    while place >= 0:
        yield place, place + len(part)
        place = text.find(part, place + 1)


def _decoded(text: str) -> str:
    """What a text in Base64 says, such as a document with a secret in it; "" if it says no text."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4)).decode("utf-8")
    except ValueError:
        return ""


def _encoded(text: str) -> Sequence[str]:
    """The text in Base64, also inside a longer text, and in hexadecimal digits."""
    data = text.encode("utf-8", "surrogatepass")
    found = [data.hex(), data.hex().upper()]
    for shift in range(3):
        # Letters at both ends mix with what stands around the secret.
        first, last = (0, 2, 3)[shift], (len(data) + shift) * 8 // 6
        whole = base64.b64encode(b"\0" * shift + data).decode("ascii")[first:last]
        found += [whole, whole.replace("+", "-").replace("/", "_")]
    return tuple({each for each in found if len(each) >= _SHORTEST_ENCODED})


def _escaped(text: str, between: str = "") -> str:
    """A regular expression for a text as JSON, HCL, HTML, Markdown or a URL may write it."""
    parts, before = [], ""
    for letter, run in groupby(text):
        parts.append(_run(letter, len(list(run)), before, between))
        before = letter
    return between.join(parts)


def _run(letter: str, count: int, before: str, between: str) -> str:
    """The same for one letter several times; HCL doubles some, and a writer a backslash many times."""
    if letter.isascii() and letter.isalnum():
        return between.join(letter * count)
    one = f"(?:{'|'.join(_ways(letter, before))})"
    more = f"(?:{between}{one})"
    if letter == "\\":
        start = "" if before else r"(?<!\\)"
        return rf"(?>{start}\\{{{count},}}|{one}{more}{{{count - 1}}})"
    if between and letter.isspace():
        return f"(?>(?:{one}{more}{{,{count - 1}}})?)"
    once = f"{one}{more}{{{count - 1}}}"
    twice = re.escape(letter) * 2
    return f"(?>{twice}(?:{between}{twice}){{{count - 1}}}|{once})" if letter in "$%" else f"(?>{once})"


def _ways(letter: str, before: str) -> Iterator[str]:
    """How one letter may be written: the ways of JSON, of HTML and of URLs, and as it is."""
    number = ord(letter)
    # From the first of its backslashes on; those after a letter that is one are taken with that.
    slashes = {"": r"(?<!\\)\\++", "\\": r"\\*+"}.get(before, r"\\++")
    units = letter.encode("utf-16-be", "surrogatepass")
    codes = [f"u(?i:{units[at : at + 2].hex()})" for at in range(0, len(units), 2)]
    yield slashes + r"\\++".join(codes)
    yield rf"{slashes}U(?i:{number:08x})"
    if number < 256:
        yield rf"{slashes}x(?i:{number:02x})"
    if letter in _SHORT_ESCAPES:
        yield f"{slashes}{_SHORT_ESCAPES[letter]}"
    yield "".join(f"%(?:25)*(?i:{octet:02x})" for octet in letter.encode("utf-8", "surrogatepass"))
    entity = "apos" if letter == "'" else html.entities.codepoint2name.get(number, f"#{number}")
    yield rf"&(?:amp;)*(?:{entity}|#0*{number}|#[xX]0*(?i:{number:x}));"
    if letter == " ":
        yield r"\+"
    if letter != "\\":
        yield f"{slashes}{re.escape(letter)}"
    yield from map(
        re.escape, {letter, *(unicodedata.normalize(form, letter) for form in ("NFC", "NFD"))}
    )


_remembered: ContextVar[dict[str, Callable[[], Mask]] | None] = ContextVar("masks", default=None)


def remember(name: str, mask: Callable[[], Mask]) -> None:
    """From now on hide the secrets of the plan of this name in what this command prints."""
    masks = _remembered.get()
    if masks is not None:
        masks[name] = mask


def shown(text: str) -> str:
    """The text without a secret of any plan that this command has read."""
    for mask in tuple((_remembered.get() or {}).values()):
        try:
            text = mask().masked(text)
        except Exception:  # noqa: BLE001 - what cannot be searched is not shown
            return f"{REDACTED}\n"
    return text


@contextmanager
def remembering() -> Iterator[None]:
    """While this lasts, `shown` knows the plans that are read."""
    before = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(before)


class _Guarded:
    """A text stream that hides secrets; bytes written to its buffer are records, masked before."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: Any) -> int:
        """Write the text as it may be shown."""
        # click writes bytes to learn from the error whether the stream is one of text.
        return self._stream.write(shown(text) if isinstance(text, str) else text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each line as it may be shown."""
        self.write("".join(lines))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def guarded_streams() -> Iterator[None]:
    """While this lasts, standard output and error hide the secrets of the plans that were read."""
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast("TextIO", _Guarded(each)) for each in streams)
    try:
        with remembering():
            yield
    finally:
        sys.stdout, sys.stderr = streams
