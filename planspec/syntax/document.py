"""Which bytes are the JSON document, and what does it state?

A plan is one JSON object in UTF-8. Shells and editors turn it into other encodings, which are undone;
what cannot be, and a key that stands twice, is an error. Source: Terraform, "JSON Output Format".
"""

import codecs
import io
import json
import re
import zlib
from collections import Counter
from decimal import Decimal
from typing import Any, NoReturn

import msgspec

from planspec.errors import BrokenDocument, NotAPlan, quoted

SHOW = "terraform show -json tfplan > plan.json"
PLAN_AND_SHOW = f"terraform plan -out=tfplan && {SHOW}"
ZIP_MAGIC = b"PK\x03\x04"
GZIP_MAGIC = b"\x1f\x8b"
ZIP_END = b"PK\x05\x06"
# Go looks for the end of a zip in the last 65 KiB of a file, and other programs in 65,557 bytes.
_ZIP_END_WITHIN = 128 * 1024
# gzip writes a name, or nothing; the other fields of a header can hold anything (RFC 1952, 2.3.1).
_FLAGS_AT = 3
_PLAIN_FLAGS = b"\x00\x08"
_GZIP_BITS = 16 + zlib.MAX_WBITS
LARGEST_PLAN_BYTES = 2 * 1024**3
# Of plans, also of thousands of like resources, gzip makes a fiftieth; of zeros a thousandth.
LARGEST_RATIO = 300
_SMALL_BYTES = 32 * 1024**2
_PIECE_BYTES = 1024**2
# Source: Terraform, `internal/cloud/cloudplan` (saved plan bookmark).
_BOOKMARK = "remote_plan_format"

# Spellings of a quote or a colon, and space between the two, that hide `":` or make it up.
_HIDDEN_KEY = re.compile(rb'"\s+:|\\u00(?:22|3[aA])')
_MEMBER = re.compile(rb'\s*,?\s*("(?:[^"\\]|\\.)*")\s*:\s*')
_value_decoder = msgspec.json.Decoder(float_hook=Decimal)


def utf8(data: bytes, name: str) -> bytes:
    """Return the document as UTF-8 without a byte order mark; gzip is unpacked.

    Raises NotAPlan for an empty file and for a saved (binary) plan, BrokenDocument for bytes
    that are no text.
    """
    data = unpacked(data, name)
    if data.startswith(ZIP_MAGIC):
        raise NotAPlan(f"{name}: a saved plan (binary); pass its JSON instead: {SHOW}")
    data = _from_utf16(data, name)
    # Space around JSON does no harm, and every cut would copy the whole document.
    if data.startswith((b"\xef\xbb\xbf", b"\0", b" ", b"\n", b"\r", b"\t")) or data.endswith(b"\0"):
        data = data.rstrip(b"\0 \t\r\n").removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not data or data.isspace():
        raise NotAPlan(
            f"{name}: empty; the command that should have written it failed. Run: {PLAN_AND_SHOW}"
        )
    if not data.startswith(b"{"):
        from planspec.syntax.not_a_plan import refuse_binary

        refuse_binary(data, name)
    _require_utf8(data, name)
    return data


def _require_utf8(data: bytes, name: str) -> None:
    """Raise BrokenDocument for bytes that are no text; in pieces, because a text is as large again."""
    if data.isascii():
        return
    decoder = codecs.getincrementaldecoder("utf-8")()
    read = 0
    try:
        for read in range(0, len(data), _PIECE_BYTES):
            decoder.decode(data[read : read + _PIECE_BYTES], final=read + _PIECE_BYTES >= len(data))
    except UnicodeDecodeError as error:
        place = read + error.start - len(error.object) + len(data[read : read + _PIECE_BYTES])
        raise BrokenDocument(
            f"{name}: byte {place} is not UTF-8; a console changed the encoding of the file."
            f" Write it with {SHOW} in PowerShell 7, or in cmd"
        ) from error


def is_gzip(data: bytes) -> bool:
    """Whether these bytes are gzip data, which are unpacked before anything is read."""
    return data.startswith(GZIP_MAGIC)


def unpacked(data: bytes, name: str) -> bytes:
    """Return what is in gzip data, or the data as they are.

    Raises BrokenDocument also for gzip data in which a program that does not unpack them, such as
    Terraform, may find a zip: it would read another plan.
    """
    if not is_gzip(data):
        return data
    if data[_FLAGS_AT : _FLAGS_AT + 1].strip(_PLAIN_FLAGS) or ZIP_END in data[-_ZIP_END_WITHIN:]:
        raise _two_files(name)
    return _gunzip(data, name)


def _gunzip(data: bytes, name: str) -> bytes:
    stream, found, given = zlib.decompressobj(_GZIP_BITS), io.BytesIO(), memoryview(data)
    try:
        # In pieces: one large read would reserve all the memory that it allows.
        while not stream.eof and (given or stream.unconsumed_tail):
            if not stream.unconsumed_tail:
                piece, given = given[:_PIECE_BYTES], given[_PIECE_BYTES:]
            found.write(stream.decompress(stream.unconsumed_tail or piece, _PIECE_BYTES))
            read = len(data) - len(given) - len(stream.unconsumed_tail)
            most = min(LARGEST_PLAN_BYTES, max(_SMALL_BYTES, LARGEST_RATIO * read))
            if found.tell() > most:
                raise BrokenDocument(
                    f"{name}: unpacks to more than {most} bytes, as no plan does; not read."
                    f" Make it again: {SHOW}"
                )
    except zlib.error as error:
        raise BrokenDocument(f"{name}: gzip data that does not unpack; copy it again") from error
    if not stream.eof:
        raise BrokenDocument(f"{name}: gzip data that does not unpack; copy it again")
    if stream.unused_data or given:
        raise _two_files(name)
    return found.getvalue()


def _two_files(name: str) -> BrokenDocument:
    return BrokenDocument(
        f"{name}: gzip data that hold more than one packed file: another one, a zip, or fields that"
        " gzip does not write, so two programs may read them differently. Unpack it with gunzip, and"
        " name what comes out"
    )


def _from_utf16(data: bytes, name: str) -> bytes:
    codec = None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16"
    elif len(data) > 3 and data[1] == 0 and data[0]:
        codec = "utf-16-le"
    elif len(data) > 3 and data[0] == 0 and data[1]:
        codec = "utf-16-be"
    if codec is None:
        return data
    try:
        return data.decode(codec).encode("utf-8")
    except UnicodeError as error:
        raise BrokenDocument(
            f"{name}: UTF-16 text that does not decode; PowerShell 5 wrote it wrongly."
            f' Run: cmd /c "{SHOW}"'
        ) from error


def values(raw: bytes | msgspec.Raw) -> Any:
    """Decode one JSON value exactly: integers of any size, other numbers as Decimal.

    Raises ValueError for what is no JSON, RecursionError for what is nested too deeply.
    Source: Terraform writes numbers with arbitrary precision and without exponents.
    """
    try:
        return _value_decoder.decode(raw)
    except (msgspec.DecodeError, ValueError):
        text = bytes(raw)
        return json.loads(text, parse_int=integer, parse_float=Decimal, parse_constant=_no_number)


def integer(digits: str) -> int | Decimal:
    """Python refuses to read integers of more than 4300 digits; Decimal reads them exactly."""
    return int(digits) if len(digits) < 4300 else Decimal(digits)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def refuse_duplicate_keys(text: bytes, name: str) -> None:
    """Raise BrokenDocument if an object in `text` has one key twice.

    Readers disagree on which of the two counts, so such a plan could show one thing to us and
    another to Terraform; Terraform never writes one. Keys are counted in the text and in what
    was decoded: a decoder keeps one of two equal keys, so the counts differ exactly then. The
    spellings in which a key or a text could hide from the count take the slow way.
    """
    if not _may_hide(text) or not _HIDDEN_KEY.search(text):
        try:
            kept = msgspec.json.encode(msgspec.json.decode(text))
        except (msgspec.DecodeError, ValueError, RecursionError):
            kept = b""
        if kept and kept.count(b'":') == text.count(b'":'):
            return
    _refuse_any_duplicate(text, name)


def _may_hide(text: bytes) -> bool:
    """Whether a spelling that hides a key may be in a text.

    Looking for plain bytes first is many times faster than the pattern, and mostly enough; for a
    single byte it is fastest. Written out, because each of thousands of resources is asked.
    """
    return b'" ' in text or b"\\u00" in text or b"\n" in text or b"\t" in text or b"\r" in text


def refuse_duplicate_members(text: bytes, name: str) -> None:
    """Raise BrokenDocument if the outermost object has one key twice, or is another file as well.

    What was decoded is laid over the text again, member by member; it covers the whole text
    only if no member was dropped. The members themselves are compared, not decoded.
    """
    position = 1
    for key, raw in msgspec.json.decode(text, type=dict[str, msgspec.Raw]).items():
        # Go reads keys in any case: `terraform apply` takes such a file for a run of HCP Terraform.
        if key.casefold() == _BOOKMARK:
            raise BrokenDocument(
                f"{name}: plan JSON that is a bookmark of a plan in HCP Terraform as well, which apply"
                f" would run instead; Terraform writes one of the two. Make it again: {SHOW}"
            )
        found, member = _MEMBER.match(text, position), bytes(raw)
        if found is None or json.loads(found[1]) != key or not text.startswith(member, found.end()):
            break
        position = found.end() + len(member)
    if text[position:].strip() != b"}":
        _refuse_any_duplicate(text, name)
        raise BrokenDocument(f"{name}: duplicate key; make it again: {SHOW}")


def _refuse_any_duplicate(text: bytes, name: str) -> None:
    json.loads(
        text,
        object_pairs_hook=lambda pairs: _unique(pairs, name),
        parse_int=lambda digits: digits,
    )


def _unique(pairs: list[tuple[str, Any]], name: str) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = counts.most_common(1)[0][0]
        raise BrokenDocument(
            f"{name}: the key {quoted(twice)} is a duplicate in one object; Terraform never writes that,"
            f" so the file was edited. Make it again: {SHOW}"
        )
    return unique
