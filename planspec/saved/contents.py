"""Are the members of a saved plan those that its program writes? The lines 13 and 14 of the rule.

Sources: Terraform, `internal/plans/planfile` (members and their order), `internal/configs/configload`
(snapshot), `internal/modsdir` (manifest), `internal/plans/planproto` (numbers of fields).
"""

import hashlib
import json
import ntpath
import posixpath
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import msgspec

from planspec.errors import BrokenDocument
from planspec.saved.maker import TOFU_SUFFIXES, Maker, maker, version_of
from planspec.saved.shape import Member, content, members, misnamed, refused
from planspec.saved.way import Said, Way, said_by
from planspec.syntax import LARGEST_PLAN_BYTES

LOCK_FILE: Final = ".terraform.lock.hcl"
LARGEST_FILE_BYTES: Final = 8 * 1024**2
LARGEST_SOURCE_BYTES: Final = 256 * 1024**2
_PLAN: Final = "tfplan"
_STATE: Final = "tfstate"
_STATE_BEFORE: Final = "tfstate-prev"
_MANIFEST: Final = "tfconfig/modules.json"
_SCHEMAS: Final = "tfschemas"
_CONFIGURATION: Final = "tfconfig/"
_FIRST_STATE_BEFORE: Final = (0, 15, 3)
_FIRST_LOCK_FILE: Final = (1, 1, 0)
_MODULE_FILE = re.compile(r"tfconfig/m-([^/\\\x00-\x1f\x7f]*)/([^/\\\x00-\x1f\x7f]+)")
_ODD = re.compile(r"[\\\x00-\x1f\x7f]")
_SUFFIXES: Final = (".tf", ".tf.json")
# Terraform writes the lock file itself, always in this form (Terraform, "Dependency Lock File").
_LOCK_LINE: Final = re.compile(
    r'|#.*|provider "[^"]+" \{|  \w+ *= (?:"[^"]*"|\[|\[\]|\[".*"\])|    "[^"]+",|  \]|\}'
)
_LOCKED: Final = re.compile(r'^provider "([^"]+)" \{', re.MULTILINE)


class Module(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """One module of the configuration, as the manifest lists it."""

    key: str
    source: str = ""
    version: str = ""
    dir: str | None = None


class SavedPlan(NamedTuple):
    """What a saved plan holds: the digest of every member by its name, and its configuration.

    `files` are the contents of the module files, by the key of the module and the name of the file.
    """

    digests: Mapping[str, str]
    made_by: Maker
    version: str
    modules: Sequence[Module]
    files: Mapping[tuple[str, str], bytes]
    lock_file: str
    way: Way = Way()


_manifest_decoder = msgspec.json.Decoder(list[Module])


def read(data: bytes, name: str) -> SavedPlan:
    """Read a saved plan. Raises BrokenDocument for one that Terraform or OpenTofu would not write."""
    found = members(data, name)
    files = _require_names([each.name for each in found], name)
    _require_sizes(found, name)
    digests, kept = _unpacked(data, found, name)
    lock = kept.get(LOCK_FILE, b"").decode("utf-8", "replace")
    said = _plan_says(kept[_PLAN], name)
    made_by = maker(said.version, _LOCKED.findall(lock), marked=said.marked)
    _require_by_version(digests, files, said.version, made_by, name)
    modules = _modules(kept[_MANIFEST], name)
    contents = {place: kept[where] for place, where in files.items()}
    _require_folders(modules, contents, name)
    _require_locks(lock, name)
    return SavedPlan(digests, made_by, said.version, modules, contents, lock, said.way)


def _require_names(names: Sequence[str], name: str) -> dict[tuple[str, str], str]:
    """Hold names and their order to line 13; return the files of modules, with their members."""
    if len(set(names)) != len(names):
        raise refused(name, 13, "it has a duplicate member")
    before = [each for each in names if each in {_PLAN, _STATE, _STATE_BEFORE}]
    after = [each for each in names if each in {_MANIFEST, LOCK_FILE, _SCHEMAS}]
    files = {_module_file(each, name): each for each in names if each not in {*before, *after}}
    if before not in ([_PLAN, _STATE], [_PLAN, _STATE, _STATE_BEFORE]):
        raise refused(
            name, 13, "the plan, the state and the state before it are not in it, in this order"
        )
    if after not in ([_MANIFEST, *each] for each in ([], [LOCK_FILE], [LOCK_FILE, _SCHEMAS])):
        raise refused(name, 13, "the list of modules and the lock file are not in it, in this order")
    if [*names] != [*before, *files.values(), *after]:
        raise refused(name, 13, "its members are in another order")
    keys = [key.encode() for key, _ in files]
    if any(first > second for first, second in pairwise(keys)):
        raise refused(name, 13, "its modules are in another order")
    return files


def _module_file(where: str, name: str) -> tuple[str, str]:
    if _ODD.search(where):
        raise misnamed(name, 13, repr(where))
    found = _MODULE_FILE.fullmatch(where)
    if found is None or found[2].startswith(".") or not found[2].endswith((*_SUFFIXES, *TOFU_SUFFIXES)):
        raise refused(name, 13, f"{where!r} is not a member of a saved plan")
    return found[1], found[2]


def _require_sizes(found: Sequence[Member], name: str) -> None:
    """Refuse what is too large before it is unpacked; line 11 holds a member to the size it declares."""
    source = [each for each in found if each.name.startswith(_CONFIGURATION)]
    if sum(each.size for each in found) > LARGEST_PLAN_BYTES:
        raise BrokenDocument(f"{name}: unpacks to more than {LARGEST_PLAN_BYTES} bytes; not read")
    total = sum(each.size for each in source)
    for each in source:
        if each.size > LARGEST_FILE_BYTES or total > LARGEST_SOURCE_BYTES:
            raise BrokenDocument(f"{name}: {each.name!r} in it is too large to be source; not read")


def _unpacked(
    data: bytes, found: Sequence[Member], name: str
) -> tuple[dict[str, str], dict[str, bytes]]:
    """The digest of every member, and the contents of all but the states and the schemas."""
    digests: dict[str, str] = {}
    kept: dict[str, bytes] = {}
    for member in found:
        number = hashlib.sha256()
        pieces = []
        for piece in content(data, member, name):
            number.update(piece)
            if member.name not in {_STATE, _STATE_BEFORE, _SCHEMAS}:
                pieces.append(piece)
        digests[member.name] = number.hexdigest()
        kept[member.name] = b"".join(pieces)
    return digests, kept


def _plan_says(plan: bytes, name: str) -> Said:
    try:
        return said_by(plan)
    except ValueError as error:
        raise refused(name, 13, f"'tfplan' in it {error}") from error


def _require_by_version(
    names: Collection[str],
    files: Collection[tuple[str, str]],
    version: str,
    made_by: Maker,
    name: str,
) -> None:
    """Hold the members to what this version of this program writes: the rest of line 13."""
    for member, first in ((_STATE_BEFORE, _FIRST_STATE_BEFORE), (LOCK_FILE, _FIRST_LOCK_FILE)):
        numbers = version_of(version) or first
        # A version before the first one, such as 1.1.0-beta1, may have it or not.
        open_ = numbers == first and "-" in version
        if not open_ and (member in names) != (numbers >= first):
            has = "has" if member in names else "lacks"
            raise refused(name, 13, f"it {has} {member!r}, unlike every plan of version {version}")
    if made_by is not Maker.OPENTOFU:
        own = [_SCHEMAS] if _SCHEMAS in names else []
        own += [file for _, file in files if file.endswith(TOFU_SUFFIXES)]
        if own:
            raise refused(name, 13, f"it has {own[0]!r}, which only OpenTofu writes")


def _require_folders(
    modules: Sequence[Module], files: Mapping[tuple[str, str], bytes], name: str
) -> None:
    """Hold the folders of the modules to line 15: Terraform finds a file by the folder of its module."""
    of_module: dict[str, dict[str, bytes]] = {each.key: {} for each in modules}
    for (key, file), text in files.items():
        if key not in of_module:
            raise refused(name, 14, f"its list of modules lacks {key!r}")
        of_module[key][file] = text
    if "" not in of_module:
        raise refused(name, 14, "its list of modules lacks the root module")
    of_folder: dict[str, Module] = {}
    for each in modules:
        folder = each.dir or ""
        cleaned = {how.normpath(folder) for how in (posixpath, ntpath)} if folder else set()
        if folder not in cleaned:
            raise refused(name, 15, f"the folder of {each.key!r} is {folder!r}")
        other = of_folder.setdefault(ntpath.normpath(folder), each)
        if of_module[other.key] != of_module[each.key]:
            raise refused(
                name, 15, f"{other.key!r} and {each.key!r} have one folder, and files that differ"
            )


def _require_locks(text: str, name: str) -> None:
    """Hold the lock file to line 16."""
    for line in text.splitlines():
        if not _LOCK_LINE.fullmatch(line):
            raise refused(name, 16, f"its lock file has the line {line[:80]!r}")


def _modules(manifest: bytes, name: str) -> list[Module]:
    """The modules of the manifest, which has to be written as Terraform writes it: line 14."""
    try:
        found = _manifest_decoder.decode(manifest)
    except (msgspec.DecodeError, RecursionError) as error:
        raise refused(name, 14, "its list of modules is none") from error
    keys = [each.key for each in found]
    if manifest != _written(found) or any(a >= b for a, b in pairwise(keys)):
        raise refused(name, 14, "its list of modules is not written as Terraform writes it")
    return found


def _written(found: Sequence[Module]) -> bytes:
    """The manifest as Go's encoder writes it, which escapes what is special in HTML."""
    listed = [_members_of(each) for each in found]
    text = json.dumps(listed, indent=2, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode()


def _members_of(module: Module) -> dict[str, str]:
    named = {"Key": module.key, "Source": module.source, "Version": module.version}
    return {key: text for key, text in named.items() if text or key == "Key"} | {"Dir": module.dir or ""}
