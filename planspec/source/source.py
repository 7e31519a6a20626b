"""What does the source say that the plan does not?

A saved plan carries the source of all its modules; beside plan JSON a folder can be named. From it
come the line of every address, and the expressions of which plan JSON keeps only the names.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from planspec.errors import BrokenDocument, SourceError
from planspec.saved import Maker, SavedPlan
from planspec.saved import read as read_saved
from planspec.source.files import Calls, Folder, of_saved_plan
from planspec.source.module import ModuleSource, Placed
from planspec.syntax import InstanceKey, path_steps, tokens

__all__ = ["NO_SOURCE", "ModuleSource", "Placed", "Source"]

_KEYS = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')
DEEPEST_MODULE: Final = 50
Finder = Callable[[Calls], ModuleSource | None]


class Source:
    """The source of one plan: its modules by the names of the calls that lead to them."""

    def __init__(self, find: Finder, digests: Mapping[str, str] | None = None) -> None:
        self._find = find
        self.digests: Mapping[str, str] = digests or {}
        """The SHA-256 of each file that was read from a folder, by its place there."""
        self._modules: dict[Calls, ModuleSource | None] = {}

    def module(self, calls: Calls) -> ModuleSource | None:
        """The module that these calls lead to; None where its source is not at hand."""
        if calls not in self._modules:
            self._modules[calls] = self._find(calls)
        return self._modules[calls]

    def reached(self) -> Iterator[Calls]:
        """The modules that calls lead to from the root, each by the names of these calls."""
        waiting: list[Calls] = [()]
        while waiting:
            calls = waiting.pop()
            module = self.module(calls)
            if module is not None:
                yield calls
                waiting += [(*calls, name) for name in module.calls]

    def position(self, address: str, path: str = "") -> str:
        """`file:line` of what stands at a path in a resource, of any instance; empty if not known.

        The line is that of the argument where the source writes it, else of the block around it.
        """
        if self is NO_SOURCE:
            return ""
        calls, words = _split(address)
        module = self.module(calls)
        placed = module.placed(words) if module else None
        if placed is None:
            return module.setting(words) if module else ""
        return placed.line_of(path_steps(path))

    def comments(self, address: str) -> list[tuple[str, str]]:
        """The comments in the block of an address and in the calls that lead to it, with `file:line`."""
        calls, words = _split(address)
        blocks = [
            (calls, words),
            *((calls[:depth], ("module", call)) for depth, call in enumerate(calls)),
        ]
        found: list[tuple[str, str]] = []
        for above, name in blocks:
            module = self.module(above)
            placed = module.placed(name) if module else None
            found += placed.comments if placed else []
        return found


NO_SOURCE: Final = Source(lambda _: None)


def _split(address: str) -> tuple[Calls, tuple[str, ...]]:
    """The calls of an address, and the words that name its block: `("resource", type, name)`."""
    return _split_block(_KEYS.sub("", address))


@lru_cache(maxsize=4096)
def _split_block(address: str) -> tuple[Calls, tuple[str, ...]]:
    """The same of an address without keys: thousands of instances have one block."""
    words = [each for each in tokens(address) if not isinstance(each, InstanceKey)]
    calls: list[str] = []
    while words[:1] == ["module"] and len(words) > 1:
        calls.append(words[1])
        words = words[2:]
    match words:
        case []:
            return tuple(calls[:-1]), ("module", *calls[-1:])
        case [("data" | "ephemeral"), _, _]:
            return tuple(calls), tuple(words)
        case ["var", name]:
            return tuple(calls), ("variable", name)
        case [("variable" | "output" | "provider" | "local" | "terraform"), _]:
            return tuple(calls), tuple(words)
        case _:
            return tuple(calls), ("managed", *words)


def of_saved(saved: SavedPlan, name: str, shown: str = "") -> Source:
    """The source inside a saved plan; `shown` stands before file names, such as `terraform/`.

    Raises BrokenDocument for source that Terraform would not have planned.
    """
    modules = of_saved_plan(saved, name)

    def find(calls: Calls) -> ModuleSource | None:
        found = modules.get(calls)
        return ModuleSource(f"{shown}{found.folder}", found.files) if found else None

    source = Source(find)
    for calls in modules:
        if problem := _problem(source, calls):
            raise BrokenDocument(
                f"{name}: {problem}; Terraform does not plan such source, so the saved plan was edited."
                " Make the plan again: terraform plan -out=tfplan"
            )
    unreached = modules.keys() - set(source.reached())
    if unreached:
        raise BrokenDocument(
            f"{name}: no call leads to the module {'.'.join(min(unreached))!r} in it, and Terraform"
            " saves only modules that are called, so the saved plan was edited. Make the plan again:"
            " terraform plan -out=tfplan"
        )
    return source


def of_zip(data: bytes, name: str, shown: str = "") -> Source:
    """The same for the bytes of a saved plan. Raises BrokenDocument also for another file."""
    return of_saved(read_saved(data, name), name, shown)


def of_folder(root: Path, made_by: Maker = Maker.TERRAFORM) -> Source:
    """The source in the folder that was planned, by the program that made the plan.

    Raises SourceError for one without Terraform files, and for one that this program refuses: it
    cannot be what was planned, so that no verdict may rest on it.
    """
    folder = Folder(root, shown_prefix(root), made_by)
    files = folder.root()
    read: dict[Calls, ModuleSource | None] = {(): ModuleSource(files.folder, files.files)}

    def find(calls: Calls) -> ModuleSource | None:
        if calls not in read:
            parent = find(calls[:-1]) if len(calls) <= DEEPEST_MODULE else None
            found = folder.module(calls, parent.source_of(calls[-1])) if parent else None
            read[calls] = ModuleSource(found.folder, found.files) if found else None
        return read[calls]

    source = Source(find, folder.digests)
    for calls in source.reached():
        if problem := _problem(source, calls):
            raise SourceError(
                f"{root}: {problem}; Terraform refuses such a folder, so it is not what was planned."
                " Name the folder as it was planned, or leave --source out"
            )
    return source


def _problem(source: Source, calls: Calls) -> str:
    module = source.module(calls)
    return module.problem if module else ""


def without_keys(address: str) -> str:
    """Return the address of the block: the address without instance keys."""
    return _KEYS.sub("", address)


def shown_path(path: Path) -> str:
    """Return the path as a person in the current folder would write it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def shown_prefix(path: Path) -> str:
    """The path of a folder as a person in the current one would write it, before a file name."""
    relative = shown_path(path)
    return "" if relative == "." else f"{relative}/"


def of_guessed_folder(root: Path, made_by: Maker = Maker.TERRAFORM) -> Source:
    """The source in a folder that nobody named: it helps the reader, so what is wrong is left out."""
    try:
        return of_folder(root, made_by)
    except SourceError:
        return NO_SOURCE


def folder_of(plan: str) -> Path | None:
    """Return the source folder that belongs to a plan file: of its name, or the plan's own.

    `plans/service.json` belongs to `plans/service/`; a plan inside a Terraform folder to that.
    """
    path = Path(plan)
    if not path.is_file():
        return None
    for folder in (path.with_suffix(""), path.parent):
        if folder != path and folder.is_dir() and any(folder.glob("*.tf")):
            return folder
    return None
