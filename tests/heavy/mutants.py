"""Makes the mutants of our judgements, and lets them be imported in place of the modules themselves."""

import difflib
import hashlib
import os
import re
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).parents[2]
# The rooms that decide, and that read what is decided on.
ROOMS = ("judgements", "aws")
# What no test can notice: a guard against lists of different lengths, a type for mypy.
LENGTHS = (r",? *\bstrict=True,? *", r",? *\bstrict=\w+,? *|, (?=\))")
TYPE = r"\bcast\([^,()]*,"


class Mutant(NamedTuple):
    """One change: its name, as mutmut calls it, and the function in which it is, before and after."""

    name: str
    before: str
    after: str

    @property
    def module(self) -> str:
        """The name of the module below planspec, such as `judgements.capacity.ceilings`."""
        return self.name.rpartition(".")[0].removeprefix("planspec.")

    @property
    def function(self) -> str:
        """The function as the tests that reach it are kept by."""
        return self.name.partition("__mutmut_")[0]

    @property
    def key(self) -> str:
        """The same for the same change of the same function, wherever its number has moved."""
        after = self.after.replace(self.name.rpartition(".")[2], "")
        return f"{self.function} {hashlib.sha256(after.encode()).hexdigest()[:16]}"

    def diff(self) -> str:
        """What was changed."""
        lines = difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), lineterm="", n=2)
        return "\n".join([f"# {self.name}", *list(lines)[2:]]) + "\n"


def made(source: Path) -> tuple[str, list[Mutant]]:
    """A module with all of its mutants, of which one is chosen while it runs."""
    os.chdir(ROOT)  # where mutmut looks for its settings
    module = dotted(source)
    found = mutate_file_contents(str(source.relative_to(ROOT)), source.read_text("utf-8"))
    lines = found.code.splitlines()

    def text(name: str) -> str:
        span = found.line_span_by_function_name[name]
        return "\n".join(lines[span.start - 1 : span.end])

    mutants = []
    for name in found.mutant_names:
        original = f"{name.partition('__mutmut_')[0]}__mutmut_orig"
        before = text(original).replace(original, name)
        after = text(name)
        if not harmless(before, after):
            mutants.append(Mutant(f"{module}.{name}", before, after))
    return found.code, mutants


def harmless(before: str, after: str) -> bool:
    """Is a change one that no test can notice? See `LENGTHS` and `TYPE`."""
    return any(
        re.sub(left, "", before) == re.sub(right, "", after) for left, right in (LENGTHS, (TYPE, TYPE))
    )


def all_made(folder: Path, modules: Sequence[str]) -> list[Mutant]:
    """Write the modules with their mutants into a folder; without names, all modules."""
    found = (path for room in ROOMS for path in sorted(ROOT.joinpath("planspec", room).rglob("*.py")))
    sources = [path for path in found if path.name != "__init__.py"]
    sources = [each for each in sources if not modules or each.stem in modules]
    mutants: list[Mutant] = []
    with ProcessPoolExecutor() as pool:
        for source, (code, mutated) in zip(sources, pool.map(made, sources), strict=True):
            path = folder / source.relative_to(ROOT / "planspec")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(code, "utf-8")
            mutants += mutated
    return mutants


def dotted(source: Path) -> str:
    """The name by which a module is imported."""
    return ".".join(source.relative_to(ROOT).with_suffix("").parts)


class InFront(MetaPathFinder):
    """Imports the mutants in place of the modules of the same name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module among the mutants."""
        file = self.folder.joinpath(*name.split(".")[1:]).with_suffix(".py")
        return spec_from_file_location(name, file) if file.is_file() else None
