"""Which source files belong to a plan?

Reads them from a saved plan, which carries the files of all modules, or from the folder that was
planned. Both are read as if somebody hostile had made them: sizes and names are checked, and contents
appear in no message. Which files of a folder count depends on the program that made the plan.
Sources: Terraform, `internal/modsdir` (manifest), "Files and Directories"; OpenTofu, the same page.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from planspec.errors import BrokenDocument, SourceError
from planspec.saved import LARGEST_FILE_BYTES, LARGEST_SOURCE_BYTES, TOFU_SUFFIXES, Maker, SavedPlan
from planspec.saved.maker import OPENTOFU_REGISTRY, TERRAFORM_REGISTRY

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_GETTER: Final = re.compile(r"^\w+::")
_SCHEME: Final = re.compile(r"^\w+://")
_GIT_FOLDER: Final = re.compile(r"\.git(?=[/?]|$)")
_INSTALLED_IN: Final = ".terraform/modules/"
MANIFEST: Final = f"{_INSTALLED_IN}modules.json"
_SUFFIXES: Final = (".tf", ".tf.json", *TOFU_SUFFIXES)

Calls = tuple[str, ...]


class ModuleFiles(NamedTuple):
    """The files of one module by name, and its folder as a person would write it."""

    folder: str
    files: Mapping[str, bytes]


class _Module(msgspec.Struct, frozen=True, rename="pascal"):
    key: str
    source: str = ""
    dir: str = ""


_installed_decoder = msgspec.json.Decoder(dict[str, list[_Module]])


def is_source(name: str) -> bool:
    """Whether Terraform or OpenTofu reads a file of this name; editors leave others behind."""
    return name.endswith(_SUFFIXES) and not name.startswith(".") and not name.endswith("~")


def counting(names: Iterable[str], made_by: Maker) -> list[str]:
    """The files of a folder that the program which made the plan reads.

    Terraform reads no `.tofu`; OpenTofu reads `main.tofu` instead of `main.tf`. Raises ValueError,
    with the name of a `.tofu` file, where it cannot be told which of the two it was.
    """
    source = [each for each in names if is_source(each)]
    own = {each for each in source if each.endswith(TOFU_SUFFIXES)}
    if made_by is Maker.UNKNOWN and own:
        raise ValueError(min(own))
    if made_by is not Maker.OPENTOFU:
        return [each for each in source if each not in own]
    return [each for each in source if each in own or _as_tofu(each) not in own]


def _as_tofu(name: str) -> str:
    """The name of the file that OpenTofu reads instead of this one."""
    ending = ".tf.json" if name.endswith(".json") else ".tf"
    return name.removesuffix(ending) + ending.replace(".tf", ".tofu")


def of_saved_plan(found: SavedPlan, name: str) -> dict[Calls, ModuleFiles]:
    """Return the files of every module in a saved plan, by the names of the calls that lead there.

    Raises BrokenDocument for source that is no text.
    """
    files: dict[str, dict[str, bytes]] = {each.key: {} for each in found.modules}
    for (key, file), content in found.files.items():
        files[key][file] = _utf8(content, file, name)
    return {
        _calls(each.key): ModuleFiles(
            _shown_folder(each.dir or ""),
            {file: files[each.key][file] for file in counting(files[each.key], found.made_by)},
        )
        for each in found.modules
    }


def _utf8(content: bytes, where: str, name: str) -> bytes:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise BrokenDocument(
            f"{name}: {where!r} in it is not UTF-8; Terraform reads no such source, so the saved plan"
            " was edited. Make the plan again: terraform plan -out=tfplan"
        ) from error
    return content.removeprefix(b"\xef\xbb\xbf")


def _calls(key: str) -> Calls:
    return tuple(key.split(".")) if key else ()


def _shown_folder(folder: str) -> str:
    """The folder of a module as it is shown; one that has odd signs in its name is left out."""
    plain = folder.replace("\\", "/")
    return "" if plain in {"", "."} or _UNPRINTABLE.search(plain) else f"{plain}/"


class Folder:
    """The folder that was planned; its modules are read when somebody follows a call to them."""

    def __init__(self, root: Path, shown: str, made_by: Maker) -> None:
        self._root = root
        self._made_by = made_by
        self._shown = shown
        self.digests: dict[str, str] = {}
        """The SHA-256 of each file that was read, by its place as seen from the root."""
        self._manifest_digest = ""
        self._installed = self._manifest()
        # Where each module lies, as seen from the root.
        self._places: dict[Calls, str] = {(): ""}
        self._read = 0

    def root(self) -> ModuleFiles:
        """The files of the root module. Raises SourceError if there are none, or they are too large."""
        found = self._files("", self._shown)
        if not found.files:
            raise SourceError(
                f"{self._root}: no Terraform file is in this folder; expected the folder that was"
                " planned, after --source"
            )
        return found

    def module(self, calls: Calls, source: str) -> ModuleFiles | None:
        """The files of the module that these calls lead to, of which the last says this source.

        None if it is not there. The call says where a local module is. One from elsewhere is where
        `terraform init` put it, if the manifest tells of the source that the call names.
        """
        if source.startswith(("./", "../")):
            place: str | None = f"{self._places.get(calls[:-1], '')}/{source}".removeprefix("/")
        else:
            place = self._installed_at(".".join(calls), source)
        if place is None or _UNPRINTABLE.search(place) or not (self._root / place).is_dir():
            return None
        self._places[calls] = place
        shown = _cleaned(f"{self._shown}{place}")
        return self._files(place, f"{shown}/" if shown else "")

    def _installed_at(self, key: str, source: str) -> str | None:
        """Where `terraform init` put a module; the manifest is a file, and anybody can commit one."""
        found = self._installed.get(key)
        if found is None or not source or _plain_source(found.source) != _plain_source(source):
            return None
        place = _cleaned(found.dir.replace("\\", "/"))
        if not place.startswith(_INSTALLED_IN):
            return None
        self.digests[MANIFEST] = self._manifest_digest
        return place

    def _files(self, place: str, shown: str) -> ModuleFiles:
        return ModuleFiles(shown, dict(self._sources(place)))

    def _sources(self, place: str) -> Iterator[tuple[str, bytes]]:
        folder = self._root / place
        # is_file follows links; a device or a pipe is no file and is never opened.
        names = sorted(path.name for path in folder.iterdir() if path.is_file())
        try:
            counted = counting(names, self._made_by)
        except ValueError as error:
            raise SourceError(
                f"{folder / str(error)}: OpenTofu reads this file and Terraform does not, and the plan"
                " does not tell which of them made it; judge the saved plan, which brings its source,"
                " or leave --source out"
            ) from error
        for name in counted:
            content = self._content(folder / name)
            self.digests[_cleaned(f"{place}/{name}" if place else name)] = hashlib.sha256(
                content
            ).hexdigest()
            yield name, content.removeprefix(b"\xef\xbb\xbf")

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
        return content

    def _manifest(self) -> dict[str, _Module]:
        """What `terraform init` installed, by call names; nothing where it was not run.

        Terraform refuses a manifest with a key twice, so that one tells nothing.
        """
        path = self._root / MANIFEST
        try:
            with path.open("rb") as stream:
                content = stream.read(LARGEST_FILE_BYTES)
            listed = _installed_decoder.decode(content)
        except (OSError, msgspec.DecodeError, RecursionError):
            return {}
        self._manifest_digest = hashlib.sha256(content).hexdigest()
        modules = listed.get("Modules", [])
        found = {module.key: module for module in modules if module.key}
        return found if len({module.key for module in modules}) == len(modules) else {}


def _plain_source(source: str) -> str:
    """A source without what differs between the call and the manifest.

    Terraform writes `registry.terraform.io/` before a short name, `git::https://` before `github.com/`,
    and `git::ssh://git@` for `git@`. Source: Terraform, "Module Sources"; go-getter, its detectors.
    """
    plain = _GETTER.sub("", source)
    plain = _SCHEME.sub("", plain).removeprefix("git@").replace(":", "/")
    for registry in (TERRAFORM_REGISTRY, OPENTOFU_REGISTRY):
        plain = plain.removeprefix(f"{registry}/")
    return _GIT_FOLDER.sub("", plain)


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
