"""Edits of a saved plan, each with the line of docs/saved-plans.md that it breaks.

Terraform 1.11.4 shows nearly all of them as if nothing had happened.
"""

import json
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence

from tests.support.saved_plans import TIMES, Member, deflated, field, saved, tfplan, zipped

Members = Sequence[Member]
Edit = tuple[int, bytes]
UNICODE_PATH = b"up\x09\x00\x01\0\0\0\0evil"
OTHER = b'resource "terraform_data" "a" {\n  input = "other"\n}\n'


def _change(members: Members, name: str, change: Callable[[Member], Member]) -> list[Member]:
    assert name in [each.name for each in members]
    return [change(each) if each.name == name else each for each in members]


def _first(members: Members, **fields: object) -> bytes:
    """The zip, the entry of its first member changed, in the directory and in front of it."""
    return zipped([members[0]._replace(entry=fields), *members[1:]])


def _without(members: Members, *names: str) -> list[Member]:
    return [each for each in members if each.name not in names]


def _before(members: Members, name: str, *more: Member) -> list[Member]:
    place = [each.name for each in members].index(name)
    return [*members[:place], *more, *members[place:]]


def two_directories(members: Members, source: str) -> bytes:
    """Two directories, the end record pointing at the first, the second right before it.

    Python takes the second, Go in Terraform 1.11.4 the first: one is judged, the other applied.
    """
    real = zipped(members)
    other = zipped(_change(members, source, lambda each: each._replace(content=OTHER)))
    size, start = struct.unpack_from("<2I", real, len(real) - 10)
    shift = len(real) - 22
    directory = bytearray(other[-22 - struct.unpack_from("<I", other, len(other) - 10)[0] : -22])
    place = 0
    while place < len(directory):
        offset, names, extras = (
            struct.unpack_from("<I", directory, place + 42)[0],
            *struct.unpack_from("<2H", directory, place + 28),
        )
        struct.pack_into("<I", directory, place + 42, offset + shift)
        place += 46 + names + extras
    body = other[: struct.unpack_from("<I", other, len(other) - 6)[0]]
    count = len(members)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, size, start, 0)
    return real[:-22] + body + bytes(directory) + end


def of_the_file(members: Members, source: str) -> Mapping[str, Edit]:
    """Edits around the members: before, between and behind them, and in the end record."""
    plain = zipped(members)
    count = len(members)
    return {
        "bytes before": (3, b"PK\x03\x04" + plain),
        "bytes before, offsets mended": (9, zipped([members[0]._replace(before=b"#!/b"), *members[1:]])),
        "bytes behind": (1, plain + b"\0"),
        "an end record in bytes behind": (3, plain + b"junk" + plain[-22:]),
        "archive comment": (1, zipped(members, comment=4) + b"note"),
        "a comment announced, and not there": (1, zipped(members, comment=4)),
        "cut off": (1, plain[:-1]),
        "half of it": (1, plain[: len(plain) // 2]),
        "another disk": (2, zipped(members, disk=1)),
        "counts that differ": (2, zipped(members, here=count - 1)),
        "a count too small": (2, zipped(members, here=count - 1, count=count - 1)),
        "zip64 marks": (2, zipped(members, start=0xFFFFFFFF)),
        "no member": (2, zipped([])),
        "a directory too short": (3, zipped(members, bytes=50)),
        "two directories": (3, two_directories(members, source)),
        "junk between members": (
            9,
            zipped([members[0], members[1]._replace(before=b"junk"), *members[2:]]),
        ),
        "junk before the directory": (
            9,
            zipped([*members[:-1], members[-1]._replace(descriptor=lambda each: each + b"junk")]),
        ),
        "one place for two members": (
            9,
            zipped([members[0], members[1]._replace(entry={"offset": 0}), *members[2:]]),
        ),
    }


def of_headers(members: Members, source: str) -> Mapping[str, Edit]:
    """Edits of what the zip says of its members."""

    def local(**fields: object) -> bytes:
        return zipped(_change(members, source, lambda each: each._replace(local=fields)))

    stored = [each._replace(entry={"method": 0}, packed=each.content) for each in members]
    return {
        "stored": (4, zipped(stored)),
        "Unix attributes": (4, _first(members, by=3 << 8 | 20, outer=0o100644 << 16)),
        "another version needed": (4, _first(members, needs=45)),
        "no descriptor": (5, _first(members, flags=0)),
        "encrypted": (5, _first(members, flags=9)),
        "UTF-8 where none is needed": (5, _first(members, flags=0x808)),
        "a name that is no UTF-8": (5, _first(members, name=b"tf\xffplan", flags=0x808)),
        "a comment of a member": (6, _first(members, comment=b"note")),
        "DOS attributes": (6, _first(members, outer=0x20)),
        "internal attributes": (6, _first(members, inner=1)),
        "extra field with a Unicode path": (7, _first(members, extra=TIMES + UNICODE_PATH)),
        "no extra field": (7, _first(members, extra=b"")),
        "another extra field": (7, _first(members, extra=b"UT\x05\x00\x03\0\0\0\0")),
        "too large": (8, _first(members, size=0xFFFFFFFF)),
        "name in the local header": (10, local(name=source.replace("main", "niam").encode())),
        "time in the local header": (10, local(time=1)),
        "sizes in the local header": (10, local(size=3)),
        "method in the local header": (10, local(method=0)),
        "extra field in the local header": (10, local(extra=b"UT\x05\x00\x01\1\1\1\1")),
    }


def of_contents(members: Members, source: str) -> Mapping[str, Edit]:
    """Edits of packed bytes, and of what stands behind them."""

    def packed(how: Callable[[bytes], bytes], **entry: object) -> bytes:
        def changed(each: Member) -> Member:
            return each._replace(packed=how(each.content), entry=entry)

        return zipped(_change(members, source, changed))

    def descriptor(how: Callable[[bytes], bytes]) -> bytes:
        return zipped(_change(members, source, lambda each: each._replace(descriptor=how)))

    bomb = b"\n" * 5_000_000
    return {
        "bytes behind the stream": (11, packed(lambda text: deflated(text) + b"junk")),
        "a second stream": (11, packed(lambda text: deflated(text) + deflated(OTHER))),
        "a stream without an end": (11, packed(lambda text: deflated(text)[:-1])),
        "a bomb": (11, packed(lambda _: deflated(bomb))),
        "another content": (11, packed(lambda _: deflated(OTHER))),
        "another checksum": (11, packed(deflated, crc=1)),
        "a smaller size": (11, packed(deflated, size=3)),
        "no deflate": (11, packed(lambda _: b"\xff\xff\xff")),
        "descriptor without signature": (12, descriptor(lambda each: each[4:] + b"\0\0\0\0")),
        "short descriptor": (12, descriptor(lambda each: each[4:])),
        "descriptor that differs": (12, descriptor(lambda each: each[:4] + b"\0\0\0\0" + each[8:])),
    }


def of_names(members: Members, source: str) -> Mapping[str, Edit]:
    """Edits of which members there are."""

    def more(name: str, before: str = "tfconfig/modules.json") -> bytes:
        return zipped(_before(members, before, Member(name, OTHER)))

    swapped = [members[1], members[0], *members[2:]]
    two = [each for each in members if each.name == source]
    manifest = next(each.content for each in members if each.name == "tfconfig/modules.json")

    def listed(content: bytes) -> bytes:
        return zipped(
            _change(members, "tfconfig/modules.json", lambda each: each._replace(content=content))
        )

    def planned(content: bytes) -> bytes:
        return zipped(_change(members, "tfplan", lambda each: each._replace(content=content)))

    def locked(more: bytes) -> bytes:
        def changed(each: Member) -> Member:
            return each._replace(content=each.content + more)

        return zipped(_change(members, ".terraform.lock.hcl", changed))

    def folder(name: bytes) -> bytes:
        return listed(manifest.replace(b'"Dir": "."', b'"Dir": "' + name + b'"', 1))

    def twin(key: str, place: str, more: bytes = b"") -> bytes:
        """A second module in the folder of the root module, with `more` behind each file."""
        entry = {"Key": key, "Source": "./x", "Dir": place}
        whole = [*json.loads(manifest), entry]
        text = json.dumps(sorted(whole, key=lambda each: each["Key"]), indent=2).encode()
        files = [each for each in members if each.name.startswith("tfconfig/m-/")]
        copies = [Member(each.name.replace("m-/", f"m-{key}/"), each.content + more) for each in files]
        return zipped(
            _before(
                [
                    each._replace(content=text) if each.name.endswith("modules.json") else each
                    for each in members
                ],
                "tfconfig/modules.json",
                *copies,
            )
        )

    whole_plan = next(each.content for each in members if each.name == "tfplan")
    return {
        "files that differ in one folder": (15, twin("zz", ".", b"\n")),
        "a folder in two spellings": (15, twin("zz", "./x/..", b"\n")),
        "a folder in a spelling of its own": (15, twin("zz", "./x")),
        "a folder that ends with a slash": (15, twin("zz", "x/")),
        "a folder without a name": (15, folder(b"")),
        "a file less in one folder": (
            15,
            zipped(
                [
                    each
                    for each in unzipped(twin("zz", "."))
                    if each.name != source.replace("m-/", "m-zz/")
                ]
            ),
        ),
        "a list without the root module": (14, listed(manifest.replace(b'"Key": ""', b'"Key": "!"', 1))),
        "a lock file that is none": (16, locked(b"x\n")),
        "a lock file with another block": (16, locked(b'resource "a" "b" {\n}\n')),
        "a version of the format twice": (13, planned(whole_plan + b"\x08\x03")),
        "a version of the program twice": (13, planned(whole_plan + field(14, "1.11.3"))),
        "an unknown member at the end": (13, zipped([*members, Member("x.txt", b"")])),
        "an unknown member at the beginning": (13, zipped([Member("x", b""), *members])),
        "x.txt in a module": (13, more("tfconfig/m-/x.txt")),
        "tfstate first": (13, zipped(swapped)),
        "a second tfplan": (13, zipped([*members, members[0]])),
        "a second source file of one name": (13, more(two[0].name)),
        "a folder": (13, more("tfconfig/m-/")),
        "a folder in a module": (13, more("tfconfig/m-/a/main.tf")),
        "a step up": (13, more("tfconfig/m-/../main.tf")),
        "a backslash": (13, more("tfconfig/m-/..\\main.tf")),
        "a control sign": (13, more("tfconfig/m-/\x1bmain.tf")),
        "a tab": (13, more("tfconfig/m-/a\tmain.tf")),
        "a line end": (13, more("tfconfig/m-/a\nmain.tf")),
        "a hidden file": (13, more("tfconfig/m-/.main.tf")),
        "variables": (13, more("tfconfig/m-/terraform.tfvars")),
        "tests": (13, more("tfconfig/m-/main.tftest.hcl")),
        "source behind the list of modules": (13, more("tfconfig/m-/z.tf", ".terraform.lock.hcl")),
        "modules in another order": (
            13,
            zipped(_before(members, source, Member("tfconfig/m-zz/a.tf", b""))),
        ),
        "no state": (13, zipped(_without(members, "tfstate"))),
        "no state before": (13, zipped(_without(members, "tfstate-prev"))),
        "no list of modules": (13, zipped(_without(members, "tfconfig/modules.json"))),
        "no lock member": (13, zipped(_without(members, ".terraform.lock.hcl"))),
        "tfschemas": (13, zipped([*members, Member("tfschemas", b"")])),
        "source of OpenTofu": (13, more("tfconfig/m-/main.tofu")),
        "a lock file of a version before 1.1": (13, planned(tfplan("1.0.11"))),
        "a plan without a version": (13, planned(field(1, 3))),
        "a plan that is no message": (13, planned(b"\xff" * 20)),
        "a module that is not listed": (14, more("tfconfig/m-zz/main.tf")),
        "a list in one line": (14, listed(manifest.replace(b"\n", b""))),
        "a list with a line end": (14, listed(manifest + b"\n")),
        "a list with another key": (14, listed(manifest.replace(b'"Dir"', b'"More": 1,\n    "Dir"', 1))),
        "a list with a key twice": (
            14,
            listed(manifest.replace(b'"Dir": "."', b'"Dir": ".",\n    "Dir": "x"', 1)),
        ),
        "a list that is none": (14, listed(b"{}")),
        "a list that is deep": (14, listed(b"[" * 100_000)),
        "an empty list": (14, listed(b"[]")),
    }


def every(members: Members, source: str = "tfconfig/m-/main.tf") -> dict[str, Edit]:
    """All edits of a saved plan of Terraform 1.1 or later; `source` is one of its source files."""
    kinds = (of_the_file, of_headers, of_contents, of_names)
    return {name: edit for kind in kinds for name, edit in kind(members, source).items()}


def unzipped(data: bytes) -> list[Member]:
    """The members of a saved plan, read without planspec; written again they follow the rule."""
    start, found = struct.unpack_from("<I", data, len(data) - 6)[0], []
    while data[start : start + 4] == b"PK\x01\x02":
        packed, _, names, extras = struct.unpack_from("<2I2H", data, start + 20)
        offset = struct.unpack_from("<I", data, start + 42)[0]
        name = data[start + 46 : start + 46 + names]
        body = data[offset + 30 + names + extras :][:packed]
        found.append(Member(name.decode(), zlib.decompress(body, -zlib.MAX_WBITS)))
        start += 46 + names + extras
    return found


SMALL = saved({"main.tf": 'resource "terraform_data" "a" {}\n', "m/main.tf": ""})
EDITS = every(unzipped(SMALL))
