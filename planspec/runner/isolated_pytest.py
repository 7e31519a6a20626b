"""How are the features run, so that nothing of anybody else has a say?

`planspec check` runs a pytest of its own over one suite file. No settings, plugins or `conftest.py` of
the folder it is called in are loaded, and no scenario fails on the way: each leaves its verdict.
"""

import contextlib
import difflib
import importlib
import io
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from pytest_bdd import feature as bdd_feature
from pytest_bdd.parser import Feature
from pytest_bdd.parser import Step as BddStep

from planspec import bundle
from planspec.errors import FeatureError, PathError, PlanspecError, require_going_on
from planspec.evidence import ScenarioRecord
from planspec.features import Scenario, Step, phrases
from planspec.features.aliases import renamed_phrases
from planspec.features.own_steps import in_force, is_own
from planspec.runner import plugin, registry
from planspec.runner.bdd_features import features_of
from planspec.runner.context import RunContext, record, shown_file
from planspec.vocabulary import BY_WHEN, OUTCOMES, shown_of

SUITE: Final = Path(__file__).with_name("suite.py")
DOUBLE: Final = '"'
_QUOTED = re.compile(r'"[^"]*"')
_NAMED: Final = re.compile(r"<(?:subject|sort|setting|part|amount|place|grant)>(?!\")")
_files: list[str] = []


def selected_features() -> Sequence[str]:
    """Return the feature files of the run that is being prepared, for `suite.py`."""
    return tuple(_files)


def judge(
    run: RunContext,
    scenarios: Sequence[Scenario],
    detail: Callable[[int, int], None] = lambda _, __: None,
) -> list[ScenarioRecord]:
    """Judge the scenarios in a pytest of our own: no settings, plugins or conftest of anybody else.

    `detail` is told how many of how many are judged.
    Raises FeatureError for a scenario that cannot be judged, and whatever PlanspecError a step raised.
    """
    _files[:] = sorted({scenario.file for scenario in scenarios})
    collector = Collector(run, scenarios, detail)
    options = (
        f"--config-file={SUITE.with_suffix('.ini')}",
        f"--rootdir={SUITE.parent}",
        f"--confcutdir={SUITE.parent}",
        "--disable-plugin-autoload",
        "--noconftest",
        "--assert=plain",
        "--import-mode=importlib",
        *("-p", "pytest_bdd.plugin", "-p", "no:cacheprovider"),
        # Both collect garbage at the end, which costs a second on a large plan and finds nothing.
        *("-p", "no:unraisableexception", "-p", "no:threadexception"),
    )
    # pytest takes a module that was imported before, which in a second run within one process would be
    # that of the first. pytest-bdd takes a feature that it knows, and reads no file.
    sys.modules.pop("planspec.runner.suite", None)
    bdd_feature.features.clear()
    bdd_feature.features.update(features_of(scenarios))
    printed = io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        _without_pytest_options(),
        _steps_found_once(),
        in_force(run.own),
    ):
        code = pytest.main([str(SUITE), *options], plugins=[plugin, collector])
    if collector.problem:
        raise collector.problem
    if collector.stopped:
        raise collector.stopped
    require_going_on()
    if len(collector.records) != len(scenarios) or code not in {0, 5}:
        raise FeatureError(
            f"{len(collector.records)} of {len(scenarios)} scenarios reached a verdict"
            f" (pytest ended with {int(code)}); {_usage_errors(printed.getvalue())}"
        )
    return list(collector.records)


def _usage_errors(printed: str) -> str:
    """What pytest said about how it was called; anything else may quote the plan."""
    return " ".join(line for line in printed.splitlines() if line.startswith("ERROR: "))[-400:]


@contextlib.contextmanager
def _without_pytest_options() -> Iterator[None]:
    """Options from the environment would reach our pytest too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_ADDOPTS", raising=False)
        patch.delenv("PYTEST_PLUGINS", raising=False)
        yield


@contextlib.contextmanager
def _steps_found_once() -> Iterator[None]:
    """Let pytest-bdd look for the meaning of a step once for each text, not once for each scenario.

    It asks pytest for every phrase again, which is a fifth of a check of a small plan. In our own
    pytest every phrase is visible to every scenario, so that the answer is the same. Without this
    function of pytest-bdd 9 nothing changes.
    """
    module = importlib.import_module("pytest_bdd.scenario")
    find: Any = getattr(module, "find_fixturedefs_for_step", None)
    known: dict[tuple[str, str], list[Any]] = {}

    def found(step: BddStep, fixturemanager: Any, node: pytest.Item) -> list[Any]:
        asked = step.type, step.name
        if asked not in known:
            known[asked] = list(find(step=step, fixturemanager=fixturemanager, node=node))
        return known[asked]

    with pytest.MonkeyPatch.context() as patch:
        if find is not None:
            patch.setattr(module, "find_fixturedefs_for_step", found)
        yield


class Collector:
    """A pytest plugin of one run: keeps what each of its scenarios found."""

    def __init__(
        self, run: RunContext, scenarios: Sequence[Scenario], detail: Callable[[int, int], None]
    ) -> None:
        self.run = run
        self.detail = detail
        self.scenarios = scenarios
        self.records: list[ScenarioRecord] = []
        self.problem: PlanspecError | None = None
        self.stopped: KeyboardInterrupt | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Hand the run to the plugin before it looks for one."""
        config.stash[plugin.RUN] = self.run

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Refuse steps that mean nothing, or two things, before anything is judged."""
        try:
            for scenario in sorted(self.scenarios, key=lambda each: (each.file, each.line)):
                require_meaning(scenario)
        except PlanspecError as error:
            self.problem = error
            raise pytest.UsageError(str(error)) from error

    def pytest_bdd_step_error(
        self, feature: Feature, step: BddStep, step_func: Callable[..., object], exception: Exception
    ) -> None:
        """Say in which line of a feature stands what cannot be judged, or which own step failed."""
        where = f"{shown_file(str(feature.filename))}:{step.line_number}"
        if is_own(step_func):
            known = isinstance(exception, PlanspecError)
            what = str(exception) if known else f"ended with {type(exception).__name__}"
            place = plugin.place_of(step_func)
            self.problem = self.problem or FeatureError(
                f"{place}: {what}{_inside(step_func, exception)} ({where})"
            )
        elif isinstance(exception, FeatureError | PathError):
            asked = step.line_number, step.name
            steps = self.run.current.steps if self.run.current else ()
            old = [each for each in steps if each.written and (each.line, each.text) == asked]
            told = [where, *(each.quoted() for each in old[:1]), str(exception)]
            self.problem = self.problem or type(exception)(": ".join(told))

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep what stopped the run, which pytest would end with a code of its own."""
        if isinstance(excinfo.value, KeyboardInterrupt) and not self.problem:
            self.stopped = excinfo.value

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """The same where it came while pytest itself was at work."""
        self.pytest_keyboard_interrupt(excinfo)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[None]:
        """Keep the verdict of a scenario, or the reason why it has none."""
        if call.when == "call" and call.excinfo is None:
            if self.run.judgements:
                self.records.append(record(self.run))
                self.detail(len(self.records), len(self.scenarios))
            else:
                self._stop(item, "reached no verdict: none of its steps judges anything")
        elif call.excinfo is not None:
            cause = call.excinfo.value
            if isinstance(cause, PlanspecError):
                self.problem = self.problem or cause
            self._stop(item, f"could not be judged: {fault(cause)}")
        return (yield)

    def _stop(self, item: pytest.Item, why: str) -> None:
        scenario = self.run.current
        where = f"{scenario.file}:{scenario.line}: {scenario.name}" if scenario else item.name
        self.problem = self.problem or FeatureError(f"{where} {why}")
        item.session.shouldstop = why


def _inside(function: Callable[..., Any], error: BaseException) -> str:
    """The line in which an error of an own step happened; its text may quote the plan."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [each.lineno for each in frames if each.filename == function.__code__.co_filename]
    return f" in line {lines[-1]}" if lines and not isinstance(error, PlanspecError) else ""


def fault(error: BaseException) -> str:
    """Name an error without its text, which may quote the plan: what it is, and where it happened."""
    frames = traceback.extract_tb(error.__traceback__)
    homes = (Path(__file__).parents[1], bundle.STEPS)
    files = [(Path(each.filename), each.lineno) for each in frames]
    own = [f"{file.name}:{line}" for file, line in files if any(map(file.is_relative_to, homes))]
    return f"a fault of planspec ({type(error).__name__}{f' in {own[-1]}' if own else ''})"


def require_meaning(scenario: Scenario) -> None:
    """Raise FeatureError unless each step has one meaning, readable blanks and its own subject."""
    for step in scenario.steps:
        meanings = registry.matching(step.kind, step.text)
        where = f"{scenario.file}:{step.line}: {step.quoted(DOUBLE)}"
        if len(meanings) == 1:
            misread = phrases.misread(step.kind, step.text) or _also_own(step)
            if misread:
                raise FeatureError(f"{where}: {misread}")
            continue
        if meanings:
            names = ", ".join(sorted(each.__name__ for each in meanings))
            raise FeatureError(f"{where}: has {len(meanings)} meanings: {names}; reword it")
        told = "; ".join(filter(None, (hint(step.kind, step.text), "see: planspec steps")))
        raise FeatureError(f"{where}: means nothing to planspec; {told}")
    for wrong in registry.mismatches(scenario.steps):
        raise FeatureError(f"{scenario.file}:{wrong.line}: {wrong.text}")


def _also_own(step: Step) -> str:
    """Say that an old phrase of ours, read as its new one, is a phrase of the user's own too."""
    found = registry.matching(step.kind, step.written) if step.written else []
    if not any(map(is_own, found)):
        return ""
    return f'"{step.written}" is an old phrase of planspec, and one of your own; reword yours'


def hint(kind: str, text: str) -> str:
    """Say what was probably meant by a step that means nothing; "" where nothing is near."""
    near = nearest(text)
    return phrases.hint(kind, text) or (f'the nearest phrase is "{near}"' if near else "")


def nearest(text: str) -> str:
    """Return the phrase that was probably meant by a step; "" where none is near."""
    # A form is better told with a name in its blank.
    told = [known for known in registry.variants() if not _NAMED.search(known)]
    told += [*BY_WHEN, *(shown_of(each) for each in OUTCOMES)]
    bare = {_QUOTED.sub('""', each): each for each in told}
    bare |= {_QUOTED.sub('""', old): new for old, new in renamed_phrases().items()}
    closest = difflib.get_close_matches(_QUOTED.sub('""', text), bare, 1, 0.5)
    return bare[closest[0]] if closest else ""
