"""How does one plan get judged, from the file to the evidence?

Checkov is started first and works while the features are judged; its answer is collected last.
"""

import contextlib
import difflib
import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from planspec import bundle, catalogue, evidence, features, plugin, scanner, source
from planspec.errors import FeatureError, NotJudgeable, PlanspecError, ScannerError
from planspec.evidence import Evidence, FoundRecord, PlanRecord, ScannerRecord, ScenarioRecord
from planspec.features import Scenario
from planspec.finding import Finding, Judgement, Verdict
from planspec.plan import Action, Plan
from planspec.run import Key, Run, reason_of, record

SCANNER_SECONDS: Final = 900.0
SUITE: Final = Path(__file__).with_name("suite.py")
_files: list[str] = []


class Settings(NamedTuple):
    """What `planspec check` was asked to do."""

    features: Sequence[Path] = (bundle.FEATURES,)
    policies: Path = bundle.POLICIES
    tags: str = ""
    source: Path | None = None
    checkov: bool = True
    require_checkov: bool = False
    require_applicable: bool = False
    overrides: Mapping[str, str] = {}
    keep_reads: bool = False
    today: date | None = None


def selected_features() -> Sequence[str]:
    """Return the feature files of the run that is being prepared, for `suite.py`."""
    return tuple(_files)


def check(plan: Plan, text: bytes, settings: Settings, progress: Callable[[str], None]) -> Evidence:
    """Judge a plan; `text` is its JSON in UTF-8, which Checkov reads.

    Raises PlanspecError for whatever keeps the plan from being judged.
    """
    plan.require_judgeable()
    frameworks = catalogue.read_controls(settings.policies)
    scenarios = _selected(settings, frameworks)
    today = settings.today or datetime.now(UTC).date()
    waivers = catalogue.read_waivers(settings.policies)
    with ExitStack() as stack:
        scan, missing = _start_scan(stack, text, settings)
        positions = source.positions(settings.source) if settings.source else {}
        run = Run(
            plan=plan,
            parameters=catalogue.read_parameters(settings.policies),
            frameworks=frameworks,
            waivers=waivers,
            today=today,
            scenarios={(each.file, each.line, each.name): each for each in scenarios},
            positions=positions,
            keep_reads=settings.keep_reads,
        )
        progress(f"judging {len(scenarios)} scenarios")
        judged = _override(_judge(run, scenarios), settings.overrides)
        _require_judged(judged, settings, plan.name)
        progress("waiting for Checkov")
        scanned = _collect(scan, run) if scan else ScannerRecord(missing=missing)
    return Evidence(
        tool=f"planspec {version('planspec')}",
        judged_on=today,
        plan=_plan_record(plan),
        features_sha256=evidence.digest(features.files(settings.features)),
        policies_sha256=evidence.digest(settings.policies.glob("*.toml")),
        scenarios=list(evidence.in_order(judged)),
        checkov=scanned,
        waivers_expired=[_name(each) for each in waivers if each.expired(today)],
        waivers_unused=[
            _name(each) for each in waivers if each not in run.used and not each.expired(today)
        ],
    )


def _selected(settings: Settings, frameworks: Mapping[str, catalogue.Framework]) -> Sequence[Scenario]:
    """Read the features, and keep the scenarios that the tag expression selects."""
    found = [
        scenario
        for path in features.files(settings.features)
        for scenario in features.read(path, frameworks)
    ]
    chosen = [scenario for scenario in found if features.selects(settings.tags, scenario.tags)]
    if not chosen:
        raise FeatureError(
            f'--tags "{settings.tags}": selects none of {len(found)} scenarios;'
            ' write tags with @, such as "@EXP-01 or @severity:critical"'
        )
    return chosen


def _judge(run: Run, scenarios: Sequence[Scenario]) -> list[ScenarioRecord]:
    """Run the suite in a pytest of our own: no settings, plugins or conftest of anybody else."""
    _files[:] = sorted({scenario.file for scenario in scenarios})
    keys = frozenset((each.file, each.line, each.name) for each in scenarios)
    collector = Collector(run, keys)
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
    # pytest takes a module that was imported before, and with it the features of that run.
    sys.modules.pop("planspec.suite", None)
    printed = io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        _without_pytest_options(),
    ):
        code = pytest.main([str(SUITE), *options], plugins=[plugin, collector])
    if collector.problem:
        raise collector.problem
    if len(collector.records) != len(scenarios) or code not in {0, 5}:
        raise FeatureError(
            f"{len(collector.records)} of {len(scenarios)} scenarios reached a verdict"
            f" (pytest ended with {int(code)}); {printed.getvalue().strip()[-400:]}"
        )
    return list(collector.records)


@contextlib.contextmanager
def _without_pytest_options() -> Iterator[None]:
    """Options from the environment would reach our pytest too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_ADDOPTS", raising=False)
        patch.delenv("PYTEST_PLUGINS", raising=False)
        yield


class Collector:
    """A pytest plugin of one run: selects its scenarios and keeps what each of them found."""

    def __init__(self, run: Run, keys: frozenset[Key]) -> None:
        self.run = run
        self.keys = keys
        self.records: list[ScenarioRecord] = []
        self.problem: PlanspecError | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Hand the run to the plugin before it looks for one."""
        config.stash[plugin.RUN] = self.run

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Refuse steps that mean nothing, or two things, before anything is judged."""
        try:
            for key in sorted(self.keys):
                require_meaning(self.run.scenarios[key])
        except PlanspecError as error:
            self.problem = error
            raise pytest.UsageError(str(error)) from error

    @pytest.hookimpl(tryfirst=True)
    def pytest_bdd_before_scenario(self, feature: object, scenario: object) -> None:
        """Skip what the tag expression left out."""
        place = (str(feature.filename), scenario.line_number, scenario.name)  # type: ignore[attr-defined]
        if place not in self.keys:
            pytest.skip("not selected")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[None]:
        """Keep the verdict of a scenario, or the reason why it has none."""
        if call.when == "call" and call.excinfo is None:
            if self.run.judgements:
                self.records.append(record(self.run))
            else:
                self._stop(item, "reached no verdict: none of its steps judges anything")
        elif call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception):
            cause = call.excinfo.value
            if isinstance(cause, PlanspecError):
                self.problem = self.problem or cause
            self._stop(item, f"could not be judged: {type(cause).__name__}: {cause}")
        return (yield)

    def _stop(self, item: pytest.Item, why: str) -> None:
        scenario = self.run.current
        where = f"{scenario.file}:{scenario.line}: {scenario.name}" if scenario else item.name
        self.problem = self.problem or FeatureError(f"{where} {why}")
        item.session.shouldstop = why


def require_meaning(scenario: Scenario) -> None:
    """Raise FeatureError unless every step has exactly one meaning."""
    for step in scenario.steps:
        meanings = plugin.matching(step.kind, step.text)
        if len(meanings) == 1:
            continue
        where = f'{scenario.file}:{step.line}: "{step.text}"'
        if meanings:
            names = ", ".join(sorted(each.__name__ for each in meanings))
            raise FeatureError(f"{where}: has {len(meanings)} meanings: {names}; reword it")
        known = [text for _, text, _ in plugin.phrases()]
        near = difflib.get_close_matches(step.text, known, 1, 0.4)
        hint = f'the nearest phrase is "{near[0]}"; ' if near else ""
        raise FeatureError(f"{where}: means nothing to planspec; {hint}see: planspec steps")


def _require_judged(judged: Sequence[ScenarioRecord], settings: Settings, name: str) -> None:
    """Nothing examined is no pass."""
    empty = [each.scenario for each in judged if not each.examined]
    if len(empty) == len(judged):
        raise NotJudgeable(
            f"{name}: none of {len(judged)} scenarios found a resource to examine, so nothing was"
            " judged; name features that fit this plan with --features, or see: planspec steps"
        )
    if settings.require_applicable and empty:
        raise NotJudgeable(
            f"{name}: {', '.join(empty)} examined nothing, and --require-applicable forbids that;"
            " a resource is missing from the plan, or a name in the feature is misspelt"
        )


def _override(judged: Sequence[ScenarioRecord], overrides: Mapping[str, str]) -> list[ScenarioRecord]:
    """Note who overrides a soft requirement. Raises FeatureError for one that is not soft."""
    soft = {each.scenario for each in judged if each.enforcement == "soft"}
    for scenario in overrides:
        if scenario not in soft:
            raise FeatureError(f"--override {scenario}: not a scenario tagged @soft in this run")
    return [
        evidence.overridden(each, overrides[each.scenario]) if each.scenario in overrides else each
        for each in judged
    ]


def _start_scan(stack: ExitStack, text: bytes, settings: Settings) -> tuple[scanner.Scan | None, str]:
    if not settings.checkov:
        return None, "switched off with --no-checkov"
    program = scanner.find_checkov()
    if program is None:
        missing = "not found; install checkov==3.3.30 in an environment of its own, or name it with"
        missing += f" {scanner.ENVIRONMENT_VARIABLE}"
        if settings.require_checkov:
            raise ScannerError(f"Checkov: {missing}")
        return None, missing
    checks = settings.policies / "checkov"
    return stack.enter_context(scanner.start(text, program, checks if checks.is_dir() else None)), ""


def _collect(scan: scanner.Scan, run: Run) -> ScannerRecord:
    """Turn failed checks into findings, with the same waivers."""
    result = scan.collect(SCANNER_SECONDS)
    found: list[FoundRecord] = []
    for failed in result.failed:
        finding = Finding(failed.address, Verdict.VIOLATED, failed.check, failed.title)
        judgement = Judgement((failed.address,), (finding,))
        waived, used = catalogue.waive(judgement, failed.check, run.waivers, run.today)
        run.used |= dict.fromkeys(used)
        found.append(
            FoundRecord(
                failed.address,
                waived.findings[0].verdict.value,
                failed.check,
                failed.title,
                where=run.positions.get(source.without_keys(failed.address), ""),
                waiver=reason_of(used[0]) if used else "",
            )
        )
    return ScannerRecord(result.version, result.passed, found)


def _plan_record(plan: Plan) -> PlanRecord:
    changes = {
        str(action): sum(action in change.actions for change in plan.changes) for action in Action
    }
    notes = []
    if plan.drifted:
        notes.append(f"{plan.drifted} resources changed outside Terraform")
    if plan.action_invocations:
        notes.append(f"{plan.action_invocations} provider actions will run; they are not judged")
    counted = {action: number for action, number in changes.items() if number}
    return PlanRecord(
        plan.name, plan.digest, plan.format_version, plan.terraform_version, counted, notes
    )


def _name(waiver: catalogue.Waiver) -> str:
    return f"{waiver.requirement} for {waiver.address} (expires {waiver.expires})"
