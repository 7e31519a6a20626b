"""Which source files belong to a plan?

Reads them from a saved plan, which is a zip that carries the files of all modules, or from the folder
that was planned. Both are read as if somebody hostile had made them: nothing is unpacked to disk,
sizes and names are checked, and contents appear in no message.
Source: Terraform, `internal/plans/planfile` (layout of the zip) and `internal/modsdir` (manifest).
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from planspec import document
from planspec.errors import BrokenDocument, SourceError

LARGEST_FILE_BYTES: Final = 8 * 1024**2
LARGEST_SOURCE_BYTES: Final = 256 * 1024**2
MOST_ENTRIES: Final = 50_000
LONGEST_NAME: Final = 1024
_CONFIGURATION: Final = "tfconfig/"
_MANIFEST: Final = "tfconfig/modules.json"
_MODULE_FILE = re.compile(r"tfconfig/m-([^/]*)/([^/]+)")
# What a name in a saved plan may not hold: control signs, which would reach a terminal, and steps up.
_BAD_NAME = re.compile(r"[\x00-\x1f\x7f\\]|(?:^|/)\.\.(?:/|$)|^/")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_ENCRYPTED: Final = 0x1
# What Python's zipfile raises on files that are none, or were changed.
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
_PACKINGS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_SUFFIXES: Final = (".tf", ".tf.json", ".tofu", ".tofu.json")

Calls = tuple[str, ...]


class ModuleFiles(NamedTuple):
    """The files of one module by name, and its folder as a person would write it."""

    folder: str
    files: Mapping[str, bytes]


class _Module(msgspec.Struct, frozen=True, rename="pascal"):
    key: str
    dir: str = ""


_manifest_decoder = msgspec.json.Decoder(list[_Module])
_installed_decoder = msgspec.json.Decoder(dict[str, list[_Module]])


def is_source(name: str) -> bool:
    """Whether Terraform reads a file of this name; editors leave others behind."""
    return name.endswith(_SUFFIXES) and not name.startswith(".") and not name.endswith("~")


def of_saved_plan(data: bytes, name: str) -> dict[Calls, ModuleFiles]:
    """Return the files of every module in a saved plan, by the names of the calls that lead there.

    Raises BrokenDocument for a zip that Terraform would not write.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive, name)
            return _modules(archive, members, name)
    except _UNREADABLE as error:
        raise _edited(name, "it is no zip file that can be read") from error


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The entries under `tfconfig/`; each of them once, a plain file of an acceptable name and size."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise _edited(name, f"more than {MOST_ENTRIES} files are in it")
    found: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for entry in entries:
        where = entry.orig_filename
        if len(where) > LONGEST_NAME or _BAD_NAME.search(where) or where in found:
            raise _edited(name, "a file in it has a name that is not possible, or stands twice")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in {0, stat.S_IFREG} or entry.flag_bits & _ENCRYPTED:
            raise _edited(name, f"{where!r} in it is a link, or encrypted")
        if entry.compress_type not in _PACKINGS:
            raise _edited(name, f"{where!r} in it is packed in a way that Terraform does not use")
        found[where] = entry
        if where.startswith(_CONFIGURATION):
            total += entry.file_size
            if entry.file_size > LARGEST_FILE_BYTES or total > LARGEST_SOURCE_BYTES:
                raise _edited(name, f"{where!r} in it is too large to be source")
    return found


def _modules(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], name: str
) -> dict[Calls, ModuleFiles]:
    if _MANIFEST not in members:
        raise _edited(name, f"{_MANIFEST} is missing")
    try:
        listed = _manifest_decoder.decode(_content(archive, members[_MANIFEST], name))
    except (msgspec.DecodeError, RecursionError) as error:
        raise _edited(name, f"{_MANIFEST} is no list of modules") from error
    folders = {module.key: module.dir for module in listed}
    files: dict[str, dict[str, bytes]] = {key: {} for key in folders}
    for where, entry in members.items():
        match = _MODULE_FILE.fullmatch(where)
        if match is not None and match[1] in files and is_source(match[2]):
            files[match[1]][match[2]] = _utf8(_content(archive, entry, name), where, name)
    return {_calls(key): ModuleFiles(_shown_folder(folders[key]), found) for key, found in files.items()}


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Read one entry, and not a byte more than it declares: a bomb declares less than it holds."""
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise _edited(name, f"{entry.filename!r} in it has another size than it declares")
    return content


def _utf8(content: bytes, where: str, name: str) -> bytes:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise _edited(name, f"{where!r} in it is not UTF-8") from error
    return content.removeprefix(b"\xef\xbb\xbf")


def _calls(key: str) -> Calls:
    return tuple(key.split(".")) if key else ()


def _shown_folder(folder: str) -> str:
    """The folder of a module as it is shown; one that has odd signs in its name is left out."""
    plain = folder.replace("\\", "/")
    return "" if plain in {"", "."} or _UNPRINTABLE.search(plain) else f"{plain}/"


def _edited(name: str, what: str) -> BrokenDocument:
    return BrokenDocument(
        f"{name}: {what}; Terraform does not write that, so the saved plan was edited or cut off."
        f" Make it again: {document.PLAN_AND_SHOW}"
    )


class Folder:
    """The folder that was planned; its modules are read when somebody follows a call to them."""

    def __init__(self, root: Path, shown: str) -> None:
        self._root = root
        self._shown = shown
        self._installed = self._manifest()
        # Where each module lies, as seen from the root.
        self._places: dict[Calls, str] = {(): ""}
        self._read = 0

    def root(self) -> ModuleFiles:
        """The files of the root module. Raises SourceError if there are none, or they are too large."""
        found = self._files(self._root, self._shown)
        if not found.files:
            raise SourceError(
                f"{self._root}: no Terraform file is in this folder; expected the folder that was"
                " planned, after --source"
            )
        return found

    def module(self, calls: Calls, source: str) -> ModuleFiles | None:
        """The files of the module that these calls lead to, of which the last says this source.

        None if it is not there. A module from elsewhere is where `terraform init` put it.
        """
        place = self._installed.get(".".join(calls))
        if place is None and source.startswith(("./", "../")):
            place = f"{self._places.get(calls[:-1], '')}/{source}".removeprefix("/")
        if place is None or _UNPRINTABLE.search(place) or not (self._root / place).is_dir():
            return None
        self._places[calls] = place
        shown = _cleaned(f"{self._shown}{place}")
        return self._files(self._root / place, f"{shown}/" if shown else "")

    def _files(self, folder: Path, shown: str) -> ModuleFiles:
        return ModuleFiles(shown, dict(self._sources(folder)))

    def _sources(self, folder: Path) -> Iterator[tuple[str, bytes]]:
        for path in sorted(folder.iterdir()):
            # is_file follows links; a device or a pipe is no file and is never opened.
            if is_source(path.name) and path.is_file():
                yield path.name, self._content(path)

    def _content(self, path: Path) -> bytes:
        try:
            with path.open("rb") as stream:
                content = stream.read(LARGEST_FILE_BYTES + 1)
        except OSError as error:
            raise SourceError(f"{path}: {error.strerror}; it is source, after --source") from error
        self._read += len(content)
        if len(content) > LARGEST_FILE_BYTES or self._read > LARGEST_SOURCE_BYTES:
            raise SourceError(f"{path}: too large to be Terraform source; name another folder")
        try:
            content.decode()
        except UnicodeDecodeError as error:
            raise SourceError(
                f"{path}: not UTF-8, which Terraform needs; convert it, or leave --source out"
            ) from error
        return content.removeprefix(b"\xef\xbb\xbf")

    def _manifest(self) -> dict[str, str]:
        """What `terraform init` installed, by call names; nothing where it was not run."""
        path = self._root / ".terraform" / "modules" / "modules.json"
        try:
            with path.open("rb") as stream:
                listed = _installed_decoder.decode(stream.read(LARGEST_FILE_BYTES))
        except (OSError, msgspec.DecodeError, RecursionError):
            return {}
        return {module.key: module.dir for module in listed.get("Modules", ()) if module.key}


def _cleaned(folder: str) -> str:
    """A path without `./` and without steps up that follow a step down."""
    found: list[str] = []
    for step in folder.split("/"):
        if step == ".." and found and found[-1] != "..":
            found.pop()
        elif step not in {"", "."}:
            found.append(step)
    absolute = "/" if folder.startswith("/") else ""
    return absolute + "/".join(found)
