"""Is there a test that fails for each small change of a judgement?

    python -m tests.heavy.judgement_mutants [MODULE ...] [--survivors FILE] [--output FILE]

mutmut changes the modules of `planspec/judgements` and `planspec/aws`, one place at a time. Each change
is tried on the tests that reach its function, in a fork of one process that has collected them:
mutmut's own runner lets pytest collect again for each change, which takes ten times as long.
`--survivors` keeps the changes that no test noticed, as diffs; `--output` keeps the figures as JSON,
for docs/mutation.md.
"""

import argparse
import contextlib
import difflib
import json
import os
import re
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, TextIO

import pytest
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

ROOT = Path(__file__).parents[2]
# The rooms that decide, and that read what is decided on.
ROOMS = ("judgements", "aws")
BECAME = ("killed", "timed out", "survived", "not reached")
TESTS = (
    "access",
    "access_for_whom",
    "access_of_principals",
    "access_types",
    "capacity",
    "golden_plans",
    "magnitudes",
    "read_back",
    "relations",
    "resources",
    "tags",
    "versions",
    "weakening",
)
# What no test can notice: a guard against lists of different lengths, a type for mypy.
LENGTHS = (r",? *\bstrict=True,? *", r",? *\bstrict=\w+,? *|, (?=\))")
TYPE = r"\bcast\([^,()]*,"
# Beside what the tests took without a change: seconds of processor time, and bytes.
PATIENCE = 20
MEMORY = 4 * 1024**3


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


@dataclass
class Trial:
    """Tries each mutant, once pytest has collected the tests."""

    mutants: Sequence[Mutant]
    console: TextIO
    results: dict[str, str]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of pytest's own loop."""
        reached, took = self._reached(session.items)
        waiting = list(self.mutants)
        running: dict[int, Mutant] = {}
        started = time.monotonic()
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                mutant = waiting.pop()
                tests = [session.items[number] for number in reached.get(mutant.function, ())]
                if not tests:
                    self.results[mutant.name] = "not reached"
                    continue
                limit = PATIENCE + int(20 * sum(took[test.nodeid] for test in tests))
                running[forked(partial(survives, mutant, tests, limit))] = mutant
            if running:
                child, status = os.wait()
                self.results[running.pop(child).name] = verdict(status)
                self._tell(started)
        return True

    def _reached(self, items: Sequence[pytest.Item]) -> tuple[dict[str, list[int]], dict[str, float]]:
        """By function, the positions of the tests that call it, the quickest first; what each took.

        A fork runs them, so that nothing that they leave in memory can answer for a mutant.
        """
        with tempfile.NamedTemporaryFile("r", suffix=".json") as answer:
            child = forked(lambda: notes_reached(items, Path(answer.name)))
            if os.waitpid(child, 0)[1]:
                pytest.exit("a test fails without any change", 2)
            took, calls = json.load(answer)
        reached: dict[str, list[int]] = {}
        for number in sorted(range(len(items)), key=lambda each: took[items[each].nodeid]):
            for function in calls[items[number].nodeid]:
                reached.setdefault(function, []).append(number)
        return reached, took

    def _tell(self, started: float) -> None:
        done = len(self.results)
        if done % 250 == 0:
            counts = Counter(self.results.values())
            rate = done / (time.monotonic() - started)
            self.console.write(f"{done} of {len(self.mutants)}, {rate:.0f} a second: {dict(counts)}\n")
            self.console.flush()


def forked(action: Callable[[], bool]) -> int:
    """Run something in a fork, whose exit code is 0 for true; gives its number."""
    child = os.fork()
    if child:
        return child
    code = 1
    with contextlib.suppress(BaseException):
        code = 0 if action() else 1
    os._exit(code)


def notes_reached(items: Sequence[pytest.Item], answer: Path) -> bool:
    """Run every test without a change, and write down the functions it called and the time it took."""
    took, calls = {}, {}
    set_mutant_under_test("stats")
    for item in items:
        started = time.process_time()
        if not passes(item):
            return False
        took[item.nodeid] = time.process_time() - started
        calls[item.nodeid] = sorted(state()._stats)
        state()._stats.clear()
    answer.write_text(json.dumps([took, calls]), "utf-8")
    return True


def survives(mutant: Mutant, tests: Iterable[pytest.Item], seconds: int) -> bool:
    """Does every test pass although the mutant is at work?"""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    set_mutant_under_test(mutant.name)
    return all(passes(test) for test in tests)


def passes(test: pytest.Item) -> bool:
    """Run one test with all its fixtures, and nothing of them kept."""
    from _pytest.runner import runtestprotocol

    return all(report.passed for report in runtestprotocol(test, log=False, nextitem=None))


def verdict(status: int) -> str:
    """What the end of a fork says of its mutant."""
    if os.WIFSIGNALED(status):
        return "timed out" if os.WTERMSIG(status) == signal.SIGXCPU else "killed"
    return "killed" if os.WEXITSTATUS(status) else "survived"


def tried(modules: Sequence[str]) -> tuple[list[Mutant], dict[str, str]]:
    """Make and try the mutants of some modules, or of all; gives each one's result."""
    with tempfile.TemporaryDirectory(prefix="planspec-") as folder:
        mutants = all_made(Path(folder), modules)
        sys.meta_path.insert(0, InFront(Path(folder)))
        console = os.fdopen(os.dup(2), "w")
        trial = Trial(mutants, console, {})
        files = [str(next(ROOT.joinpath("tests").rglob(f"test_{name}.py"))) for name in TESTS]
        code = pytest.main(["-qq", "-p", "no:cacheprovider", *files], plugins=[trial])
    if len(trial.results) != len(mutants):
        raise SystemExit(f"the tests ended early, with code {code}: they have to pass without a change")
    return mutants, trial.results


def figures(mutants: Sequence[Mutant], results: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """How many mutants of each module became what."""
    counts: dict[str, Counter[str]] = {}
    for mutant in mutants:
        counts.setdefault(mutant.module, Counter())[results[mutant.name]] += 1
    return {module: dict(count) for module, count in sorted(counts.items())}


def table(found: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """The figures by module, as Markdown."""
    yield f"| module | mutants | {' | '.join(BECAME)} | score |"
    yield "| --- |" + " ---: |" * (len(BECAME) + 2)
    total: Counter[str] = sum(map(Counter, found.values()), Counter())
    for module, count in [*found.items(), ("**all**", total)]:
        every = sum(count.values())
        noticed = count.get("killed", 0) + count.get("timed out", 0)
        cells = " | ".join(f"{count.get(name, 0):,}" for name in BECAME)
        yield f"| {module} | {every:,} | {cells} | {100 * noticed / every:.1f} % |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants, print the figures, and keep what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help="of planspec/judgements or planspec/aws"
    )
    parser.add_argument("--survivors", type=Path, metavar="FILE", help="keep their diffs there")
    parser.add_argument("--output", type=Path, metavar="FILE", help="keep the figures there, as JSON")
    options = parser.parse_args(arguments)
    mutants, results = tried(options.modules)
    if options.survivors:
        left = [each for each in mutants if results[each.name] in ("survived", "not reached")]
        text = "\n".join(f"# {results[each.name]}\n{each.diff()}" for each in left)
        options.survivors.write_text(text, "utf-8")
    found = figures(mutants, results)
    if options.output:
        options.output.write_text(json.dumps(found), "utf-8")
    sys.stdout.write("\n".join(table(found)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
