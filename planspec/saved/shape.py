"""Has this zip the one shape in which Terraform writes it? The lines 1 to 12 of the rule.

Every byte of the file is accounted for: the members lie one behind the other from the first byte to
the directory, the directory ends at the end record, and that ends the file. Sources: PKWARE,
"APPNOTE", 4.3; the writer of Go's `archive/zip`, which Terraform and OpenTofu use; 84 saved plans of
Terraform 1.0 to 1.14 that were measured.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from planspec.errors import BrokenDocument

_ZIP_BEGINS = b"PK\x03\x04"

PLAN: Final = "terraform plan -out=tfplan"
PAGE: Final = "docs/saved-plans.md"
MOST_MEMBERS: Final = 65_534
LONGEST_NAME: Final = 1024
_PIECE: Final = 1024**2

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_DESCRIPTOR = struct.Struct("<4s3L")
_END_MARK: Final = b"PK\x05\x06"
_ENTRY_MARK: Final = b"PK\x01\x02"
_LOCAL_MARK: Final = b"PK\x03\x04"
_DESCRIPTOR_MARK: Final = b"PK\x07\x08"
_TIMES_MARK: Final = b"UT\x05\x00\x01"
_EXTRA_BYTES: Final = 9
_ZIP64: Final = 0xFFFFFFFF
_VERSION: Final = 20
_DEFLATE: Final = 8
_DESCRIPTOR_FOLLOWS: Final = 0x0008
_NAME_IS_UTF8: Final = 0x0800
# Go marks a name as UTF-8 where another program might read it in another code page.
_PLAIN: Final = frozenset(range(0x20, 0x7E)) - {0x5C}


class Member(NamedTuple):
    """One file of the zip: where its packed bytes lie, and what the directory says of it."""

    name: str
    start: int
    packed: int
    size: int
    crc: int


class _Entry(NamedTuple):
    """One entry of the directory."""

    name: bytes
    head: tuple[int, ...]
    extra: bytes
    crc: int
    packed: int
    size: int
    offset: int


def refused(name: str, line: int, what: str) -> BrokenDocument:
    """The error for a file that breaks a line of the rule."""
    return BrokenDocument(
        f"{name}: not a saved plan as Terraform writes it: {what} (rule {line} of {PAGE}), so two"
        f" programs may read it differently; it was edited, packed again or cut off. Make the plan"
        f" again: {PLAN}"
    )


def misnamed(name: str, line: int, shown: str) -> BrokenDocument:
    """The error for a member whose name no two systems read alike; a folder may have such a file."""
    return BrokenDocument(
        f"{name}: the name {shown} in it holds a backslash, a control character or bytes that are no"
        f" UTF-8 (rule {line} of {PAGE}), which programs read differently. Rename the file or the"
        f" module's folder, if it is yours, and make the plan again: {PLAN}"
    )


def members(data: bytes, name: str) -> list[Member]:
    """The members in the order of the directory. Raises BrokenDocument at the first line that fails."""
    start, end, count = _end_record(data, name)
    entries = list(_directory(data, start, end, name))
    if len(entries) != count:
        raise refused(name, 2, f"its end record counts {count} members, its directory {len(entries)}")
    found, place = [], 0
    for entry in entries:
        member = _member(data, entry, place, start, name)
        place = member.start + member.packed + _DESCRIPTOR.size
        found.append(member)
    if place != start:
        raise refused(name, 9, "there are bytes between its last member and its directory")
    return found


def _end_record(data: bytes, name: str) -> tuple[int, int, int]:
    """Where the directory starts and ends, and how many entries it has: the lines 1 to 3."""
    at = len(data) - _END.size
    if at < 0 or data[at : at + 4] != _END_MARK:
        raise refused(name, 1, "it does not end with the end record of a zip; bytes follow, or are lost")
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, at)
    if comment:
        raise refused(name, 1, "its end record announces a comment")
    if disk or first_disk or here != count or not 0 < count <= MOST_MEMBERS or _ZIP64 in (size, start):
        raise refused(name, 2, "its end record tells of several disks, of no member, or of a larger zip")
    if start + size != at:
        raise refused(name, 3, "its directory does not end where its end record begins")
    return start, at, count


def _directory(data: bytes, at: int, end: int, name: str) -> Iterator[_Entry]:
    while at < end:
        if at + _ENTRY.size > end or data[at : at + 4] != _ENTRY_MARK:
            raise refused(name, 3, "its directory holds something else than entries")
        _, by, needs, flags, method, time, day, *rest = _ENTRY.unpack_from(data, at)
        crc, packed, size, named, more, said, disk, inner, outer, offset = rest
        place = at + _ENTRY.size
        at = place + named + more + said
        if at > end:
            raise refused(name, 3, "an entry of its directory reaches beyond its end")
        raw = data[place : place + named]
        extra = data[place + named : place + named + more]
        _require_entry(raw, (by, needs, method), flags, extra, name)
        if said or disk or inner or outer:
            raise refused(name, 6, f"{_shown(raw)} in it has a comment or attributes")
        if _ZIP64 in (packed, size, offset):
            raise refused(name, 8, f"{_shown(raw)} in it is too large")
        yield _Entry(raw, (needs, flags, method, time, day), extra, crc, packed, size, offset)


def _require_entry(
    raw: bytes, versions: tuple[int, int, int], flags: int, extra: bytes, name: str
) -> None:
    """Hold an entry of the directory to the lines 4, 5 and 7."""
    if versions != (_VERSION, _VERSION, _DEFLATE):
        raise refused(name, 4, f"{_shown(raw)} in it is not packed by deflate as Go packs it")
    if not _is_utf8(raw):
        raise misnamed(name, 5, _shown(raw))
    utf8 = 0 if _PLAIN.issuperset(raw) else _NAME_IS_UTF8
    if flags != _DESCRIPTOR_FOLLOWS | utf8 or not raw or len(raw) > LONGEST_NAME:
        raise refused(name, 5, f"{_shown(raw)} in it has other flags, or a name that is not possible")
    if len(extra) != _EXTRA_BYTES or not extra.startswith(_TIMES_MARK):
        raise refused(name, 7, f"{_shown(raw)} in it has another extra field than its time")


def _member(data: bytes, entry: _Entry, place: int, directory: int, name: str) -> Member:
    """Hold the local header, the place and the end of one member to the lines 9, 10 and 12."""
    shown = _shown(entry.name)
    start = place + _LOCAL.size + len(entry.name) + len(entry.extra)
    end = start + entry.packed
    if entry.offset != place or end + _DESCRIPTOR.size > directory:
        raise refused(name, 9, f"{shown} in it does not begin where the member before it ends")
    head = _LOCAL.pack(_LOCAL_MARK, *entry.head, 0, 0, 0, len(entry.name), len(entry.extra))
    if data[place:start] != head + entry.name + entry.extra:
        raise refused(name, 10, f"{shown} in it has another header than the directory says")
    after = _DESCRIPTOR.pack(_DESCRIPTOR_MARK, entry.crc, entry.packed, entry.size)
    if data[end : end + _DESCRIPTOR.size] != after:
        raise refused(name, 12, f"behind {shown} in it its sizes and checksum are not repeated")
    return Member(entry.name.decode(), start, entry.packed, entry.size, entry.crc)


def content(data: bytes, member: Member, name: str) -> Iterator[bytes]:
    """Unpack one member in pieces, and not a byte more than it declares: line 11.

    The error comes with the piece that shows it, so nothing may be used before the last one.
    """
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    left = memoryview(data)[member.start : member.start + member.packed]
    size = crc = 0
    try:
        while not stream.eof:
            given = stream.unconsumed_tail or left[:_PIECE]
            if not stream.unconsumed_tail:
                left = left[_PIECE:]
            piece = stream.decompress(given, min(_PIECE, member.size - size + 1))
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            if size > member.size or not (piece or given or stream.eof):
                break
            yield piece
    except zlib.error as error:
        raise _unpacked_otherwise(name, member) from error
    rest = stream.unused_data or stream.unconsumed_tail or len(left)
    if rest or not stream.eof or (size, crc) != (member.size, member.crc):
        raise _unpacked_otherwise(name, member)


def _unpacked_otherwise(name: str, member: Member) -> BrokenDocument:
    return refused(name, 11, f"{member.name!r} in it does not unpack to what its directory declares")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _shown(raw: bytes) -> str:
    """A name as it may be shown; it is cut short."""
    return repr(raw[:80].decode("utf-8", "replace"))


def is_zip(data: bytes) -> bool:
    """Whether any program may take these bytes for a zip; JSON cannot hold what marks its end.

    How far from the end of the file a program looks for the mark differs, so it may stand nowhere.
    """
    return data.startswith(_ZIP_BEGINS) or _END_MARK in data
