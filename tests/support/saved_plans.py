"""Saved plans for tests: a writer that writes zips as Terraform does, and edits of what it wrote.

The writer knows the rule of docs/saved-plans.md from the other side: it packs, where planspec unpacks.
An edited member says what in it differs, and the rest of the file still fits.
"""

import hashlib
import json
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

VERSION = "1.11.4"
TIMES = b"UT\x05\x00\x01" + struct.pack("<I", 1_760_000_000)
LOCK = b'# This file is maintained automatically by "terraform init".\n'


class Member(NamedTuple):
    """One file of a zip, and how its headers differ from those that Terraform writes."""

    name: str
    content: bytes
    entry: Mapping[str, Any] = {}
    local: Mapping[str, Any] = {}
    before: bytes = b""
    descriptor: Callable[[bytes], bytes] = bytes
    packed: bytes | None = None


def deflated(content: bytes) -> bytes:
    """A raw deflate stream."""
    stream = zlib.compressobj(-1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return stream.compress(content) + stream.flush()


def _flags(name: str) -> int:
    """What Go sets: a descriptor follows, and UTF-8 where the name is not plainly ASCII."""
    plain = all(0x20 <= ord(each) < 0x7E and each != "\\" for each in name)
    return 0x0008 if plain else 0x0808


def zipped(members: Sequence[Member], **end: Any) -> bytes:
    """The zip of these members; `end` replaces fields of its end record."""
    data, entries = b"", b""
    for member in members:
        name = member.name.encode()
        packed = deflated(member.content) if member.packed is None else member.packed
        fields: dict[str, Any] = {
            "by": 20,
            "needs": 20,
            "flags": _flags(member.name),
            "method": 8,
            "time": 0x6000,
            "day": 0x5B47,
            "crc": zlib.crc32(member.content),
            "packed": len(packed),
            "size": len(member.content),
            "name": name,
            "extra": TIMES,
            "comment": b"",
            "disk": 0,
            "inner": 0,
            "outer": 0,
            "offset": 0,
        }
        data += member.before
        fields = {**fields, "offset": len(data), **member.entry}
        local = {**fields, "crc": 0, "packed": 0, "size": 0, **member.local}
        data += _header("<4s5H3I2H", b"PK\x03\x04", local, _LOCAL) + local["name"] + local["extra"]
        sizes = struct.pack("<3I", fields["crc"], fields["packed"], fields["size"])
        data += packed + member.descriptor(b"PK\x07\x08" + sizes)
        lengths = {"comments": len(fields["comment"])}
        entries += _header("<4s6H3I5H2I", b"PK\x01\x02", fields | lengths, _ENTRY)
        entries += fields["name"] + fields["extra"] + fields["comment"]
    told = {"disk": 0, "first": 0, "here": len(members), "count": len(members)}
    told |= {"bytes": len(entries), "start": len(data), "comment": 0} | end
    return data + entries + struct.pack("<4s4H2IH", b"PK\x05\x06", *told.values())


_LOCAL = ("needs", "flags", "method", "time", "day", "crc", "packed", "size", "names", "extras")
_ENTRY = ("by", *_LOCAL, "comments", "disk", "inner", "outer", "offset")


def _header(form: str, mark: bytes, fields: Mapping[str, Any], order: Sequence[str]) -> bytes:
    lengths = {"names": len(fields["name"]), "extras": len(fields["extra"])}
    return struct.pack(form, mark, *({**fields, **lengths}[each] for each in order))


def field(number: int, value: int | str) -> bytes:
    """One field of a protobuf message: a small number, or a short text."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value.encode())) + value.encode()


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def tfplan(version: str = VERSION, *, marked: bool = True) -> bytes:
    """As much of the plan itself as planspec reads; `marked` as Terraform marks its plans."""
    marks = field(25, 1) + field(26, 1) if marked else b""
    return field(1, 3) + field(14, version) + marks


def manifest(*modules: Mapping[str, str]) -> bytes:
    """The list of modules, the root first."""
    text = json.dumps([{"Key": "", "Dir": "."}, *modules], indent=2, ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode()


def members(
    files: Mapping[str, bytes | str],
    *,
    version: str = VERSION,
    marked: bool = True,
    lock: bytes = LOCK,
) -> list[Member]:
    """The members of a saved plan with these source files: `main.tf` in the root, `m/main.tf` in `m`."""
    keys = sorted({name.rpartition("/")[0] for name in files} - {""})
    found = [Member("tfplan", tfplan(version, marked=marked))]
    found += [Member(each, b'{"version": 4}') for each in ("tfstate", "tfstate-prev")]
    for name, content in sorted(files.items(), key=lambda each: each[0].rpartition("/")):
        key, _, file = name.rpartition("/")
        text = content.encode() if isinstance(content, str) else content
        found.append(Member(f"tfconfig/m-{key}/{file}", text))
    listed = [{"Key": key, "Source": f"./{key}", "Dir": f"modules/{key}"} for key in keys]
    return [
        *found,
        Member("tfconfig/modules.json", manifest(*listed)),
        Member(".terraform.lock.hcl", lock),
    ]


def saved(files: Mapping[str, bytes | str], **options: Any) -> bytes:
    """A saved plan with these source files."""
    return zipped(members(files, **options))


def sha256(data: bytes) -> str:
    """The digest as records hold it."""
    return hashlib.sha256(data).hexdigest()
