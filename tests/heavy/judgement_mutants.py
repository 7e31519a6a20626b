"""Is there a test that fails for each small change of a judgement?

    python -m tests.heavy.judgement_mutants [MODULE ...] [--results FILE] [--survivors FILE] ...

mutmut changes the modules of `planspec/judgements` and `planspec/aws`, one place at a time. Each change
is tried on the tests that reach its function, in a fork of one process that has collected them:
mutmut's own runner lets pytest collect again for each change, which takes ten times as long.
`--survivors` keeps the changes that no test noticed, as diffs. `--results` keeps what became
of each change, as it comes; a change that stands there as noticed is not tried again as long as its
function stays as it is, so that after new tests only the others are tried. `--output` keeps the figures
as JSON, for docs/mutation.md.
"""

import argparse
import contextlib
import gc
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

from tests.heavy.mutants import ROOMS, ROOT, InFront, Mutant, all_made

BECAME = ("killed", "timed out", "survived", "not reached")
# Nobody reads why a test failed, and to tell it takes longer than the test.
QUICK = ("-qq", "-p", "no:cacheprovider", "--assert=plain", "--tb=native")
NOTICED = ("killed", "timed out")
TESTS = (
    "tests/golden",
    "tests/unit/judgements",
    "tests/unit/access",
    "tests/unit/policies/test_limits.py",
    "tests/laws/test_laws_of_access.py",
    "tests/conformance/test_conformance.py",
)
# Beside what the tests took without a change: seconds of processor time, and bytes.
PATIENCE = 20
MEMORY = 4 * 1024**3


@dataclass
class Trial:
    """Tries each mutant, once pytest has collected the tests."""

    mutants: Sequence[Mutant]
    became: Callable[[Mutant, str], None]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of pytest's own loop."""
        warm(session.items)
        reached, took = self._reached(session.items)
        takes = {
            function: sum(took[number] for number in numbers) for function, numbers in reached.items()
        }
        # What takes longest comes last: most of the survivors then come early.
        waiting = sorted(self.mutants, key=lambda each: takes.get(each.function, 0), reverse=True)
        running: dict[int, tuple[Mutant, int]] = {}
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                mutant = waiting.pop()
                numbers = reached.get(mutant.function, [])
                if not numbers:
                    self.became(mutant, "not reached")
                    continue
                tests = {number: session.items[number] for number in numbers}
                limit = PATIENCE + int(20 * takes[mutant.function])
                answer, told = os.pipe()
                running[forked(partial(survives, mutant, tests, limit, told))] = mutant, answer
                os.close(told)
            if running:
                child, status = os.wait()
                mutant, answer = running.pop(child)
                self.became(mutant, verdict(status))
                with os.fdopen(answer) as text:
                    noticed_by = text.read()
                if noticed_by:  # is likely to notice the next change of this function too
                    numbers = reached[mutant.function]
                    numbers.remove(int(noticed_by))
                    numbers.insert(0, int(noticed_by))
        return True

    def _reached(self, items: Sequence[pytest.Item]) -> tuple[dict[str, list[int]], list[float]]:
        """By function, the positions of the tests that call it, the quickest first; what each took.

        A fork runs them, so that nothing that they leave in memory can answer for a mutant.
        """
        with tempfile.NamedTemporaryFile("r", suffix=".json") as answer:
            child = forked(lambda: notes_reached(items, Path(answer.name)))
            if os.waitpid(child, 0)[1]:
                pytest.exit("a test fails without any change", 2)
            took, calls = json.load(answer)
        reached: dict[str, list[int]] = {}
        for number in sorted(range(len(items)), key=took.__getitem__):
            for function in calls[number]:
                reached.setdefault(function, []).append(number)
        return reached, took


class Results:
    """What became of each mutant, kept in files as it comes, and told now and then."""

    def __init__(self, mutants: Sequence[Mutant], kept: Path, survivors: Path) -> None:
        # mutmut makes some changes twice; each has a result of its own.
        self.of: dict[str, str] = {}
        before = dict(line.rsplit(" = ", 1) for line in read_lines(kept))
        for each in mutants:
            if before.get(each.key) in NOTICED:
                self.of[each.name] = before[each.key]
        self.waiting = [each for each in mutants if each.name not in self.of]
        self._kept = kept.open("a", encoding="utf-8", buffering=1)
        self._survivors = survivors.open("w", encoding="utf-8", buffering=1)
        self._console = os.fdopen(os.dup(2), "w", buffering=1)
        self._started, self._tried = time.monotonic(), 0

    def add(self, mutant: Mutant, became: str) -> None:
        """Keep one."""
        self.of[mutant.name] = became
        self._kept.write(f"{mutant.key} = {became}\n")
        if became not in NOTICED:
            self._survivors.write(f"# {became}\n{mutant.diff()}\n")
        self._tried += 1
        if self._tried % 250 == 0:
            rate = self._tried / (time.monotonic() - self._started)
            told = f"{self._tried} of {len(self.waiting)}, {rate:.0f} a second"
            self._console.write(f"{told}; in all {dict(Counter(self.of.values()))}\n")


def read_lines(path: Path) -> list[str]:
    """The lines of a file; none where there is none."""
    return path.read_text("utf-8").splitlines() if path.is_file() else []


def warm(items: Sequence[pytest.Item]) -> None:
    """Do once what every fork would do again: make the golden plans, read the features, find the steps.

    One test of each feature is run for that; what a judgement itself keeps in memory is forgotten.
    """
    from tests.golden import recipes  # after pytest and the mutants, which have to come in front

    find_steps_once()
    for golden in recipes.every():
        golden.data  # noqa: B018
    set_mutant_under_test("stats")
    of_feature = {feature_of(item): item for item in items}
    for item in of_feature.values():
        if not passes(item):
            pytest.exit(f"{item.nodeid} fails without any change", 2)
    state()._stats.clear()
    for name, module in list(sys.modules.items()):
        if name.startswith(tuple(f"planspec.{room}." for room in ROOMS)):
            for kept in vars(module).values():
                getattr(kept, "cache_clear", lambda: None)()
    gc.collect()
    gc.freeze()


def feature_of(item: pytest.Item) -> str:
    """The feature from which pytest-bdd made a test; nothing for any other test."""
    text = getattr(item, "function", item).__doc__ or ""
    return text.partition(": ")[0] if ".feature: " in text else ""


def find_steps_once() -> None:
    """Let pytest-bdd look once in each file of tests for the step that a text means."""
    scenario = import_module("pytest_bdd.scenario")  # the package has a function of this name
    from pytest_bdd.parser import Step

    find = scenario.find_fixturedefs_for_step
    known: dict[tuple[object, ...], list[object]] = {}

    def found(step: Step, fixturemanager: object, node: pytest.Item) -> list[object]:
        key = node.parent, step.type, step.name
        if key not in known:
            known[key] = list(find(step, fixturemanager, node))
        return known[key]

    vars(scenario)["find_fixturedefs_for_step"] = found


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
    took, calls = [], []
    set_mutant_under_test("stats")
    for item in items:
        started = time.process_time()
        if not passes(item):
            sys.stderr.write(f"{item.nodeid} fails without any change\n")
            return False
        took.append(time.process_time() - started)
        calls.append(sorted(state()._stats))
        state()._stats.clear()
    answer.write_text(json.dumps([took, calls]), "utf-8")
    return True


def survives(mutant: Mutant, tests: Mapping[int, pytest.Item], seconds: int, told: int) -> bool:
    """Does every test pass although the mutant is at work? Tells the number of the one that does not."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    set_mutant_under_test(mutant.name)
    failed = next((number for number, test in tests.items() if not passes(test)), None)
    if failed is not None:
        os.write(told, str(failed).encode())
    return failed is None


def passes(test: pytest.Item) -> bool:
    """Run one test with all its fixtures, and nothing of them kept."""
    from _pytest.runner import runtestprotocol

    return all(report.passed for report in runtestprotocol(test, log=False, nextitem=None))


def verdict(status: int) -> str:
    """What the end of a fork says of its mutant."""
    if os.WIFSIGNALED(status):
        return "timed out" if os.WTERMSIG(status) == signal.SIGXCPU else "killed"
    return "killed" if os.WEXITSTATUS(status) else "survived"


def tried(
    modules: Sequence[str], one_in: int, kept: Path, survivors: Path
) -> tuple[list[Mutant], dict[str, str]]:
    """Make and try the mutants of some modules, or of all; gives each one's result."""
    with tempfile.TemporaryDirectory(prefix="planspec-") as folder:
        mutants = [
            each for each in all_made(Path(folder), modules) if int(each.key[-16:], 16) % one_in == 0
        ]
        sys.meta_path.insert(0, InFront(Path(folder)))
        results = Results(mutants, kept, survivors)
        trial = Trial(results.waiting, results.add)
        files = [str(ROOT / each) for each in TESTS]
        code = pytest.main([*QUICK, *files], plugins=[trial])
    if len(results.of) != len(mutants):
        raise SystemExit(f"the tests ended early, with code {code}: they have to pass without a change")
    return mutants, results.of


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
    parser.add_argument(
        "--results", type=Path, metavar="FILE", help="keep them there, and go on from there"
    )
    parser.add_argument("--one-in", type=int, default=1, metavar="N", help="try a sample of that size")
    parser.add_argument("--survivors", type=Path, metavar="FILE", help="keep their diffs there")
    parser.add_argument("--output", type=Path, metavar="FILE", help="keep the figures there, as JSON")
    options = parser.parse_args(arguments)
    nowhere = Path(os.devnull)
    mutants, results = tried(
        options.modules, options.one_in, options.results or nowhere, options.survivors or nowhere
    )
    found = figures(mutants, results)
    if options.output:
        options.output.write_text(json.dumps(found), "utf-8")
    sys.stdout.write("\n".join(table(found)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
