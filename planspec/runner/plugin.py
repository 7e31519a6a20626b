"""The pytest plugin: reads the plan, loads the steps, and keeps the verdict of every scenario.

Two doors lead here. `planspec check` hands over a prepared `RunContext` and collects verdicts; nothing
fails on the way, so that every requirement is judged. In anybody's own pytest run, `pytest --plan FILE`
with this plugin named, a scenario that is not upheld fails like any other test.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from pytest_bdd.parser import Feature
from pytest_bdd.parser import Scenario as BddScenario
from pytest_bdd.parser import Step as BddStep

from planspec import bundle, features, masking, plan
from planspec.errors import FeatureError, NotJudgeable, PlanspecError
from planspec.estimate import Estimate
from planspec.features import Scenario, load_steps, phrases
from planspec.features.own_steps import is_own
from planspec.finding import Judgement, Verdict, in_all, malformed
from planspec.judgements.generic.selections import Selection
from planspec.plan import notice
from planspec.policies import Framework, Parameters, read_controls, read_policies
from planspec.runner import load, pairing, registry
from planspec.runner.bdd_features import steps_of
from planspec.runner.context import RunContext
from planspec.runner.redaction import secrets

RUN: Final = pytest.StashKey[RunContext]()
# Feature files that were read in this session, as pytest-bdd has read them once too.
_READ: Final = pytest.StashKey[dict[str, tuple[Scenario, ...]]]()
_frameworks: dict[str, Framework] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the open door."""
    group = parser.getgroup("planspec", "policy over a Terraform plan")
    group.addoption("--plan", metavar="FILE", help="the plan JSON that the scenarios judge")
    group.addoption("--accept-plan", metavar="KIND", action="append", default=[])
    group.addoption("--policies", metavar="DIR", help="parameters, controls and waivers")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Load the steps; read the plan now, so that one that cannot be read is no violation."""
    for mark in ("requirement(id)", "severity(level)", "control(id)"):
        config.addinivalue_line("markers", f"{mark}: from a tag of a feature")
    for path in sorted(bundle.STEPS.glob("*.py")):
        module = load_steps(path)
        config.pluginmanager.register(module, name=module.__name__)
    if RUN in config.stash:
        config.pluginmanager.register(config.stash[RUN].own.plugin, name="planspec own steps")
    if config.getoption("--plan") and RUN not in config.stash:
        policies = Path(config.getoption("--policies") or bundle.POLICIES)
        try:
            with masking.remembering():
                read = _readable(config.getoption("--plan"), config.getoption("--accept-plan"))
            config.stash[RUN] = RunContext(
                plan=read,
                policies=read_policies(policies),
                today=datetime.now(UTC).date(),
                enforce=True,
                folder=policies,
            )
        except PlanspecError as error:
            raise pytest.UsageError(str(error)) from error
    _frameworks.clear()
    found = config.stash.get(RUN, None)
    _frameworks.update(found.frameworks if found else read_controls(bundle.POLICIES))


def _readable(name: str, accepted: Sequence[str]) -> plan.Plan:
    """Read the plan. Raises PlanspecError, without a secret of the plan, where it cannot be judged."""
    try:
        read = load.decoded_plan(plan.read_bytes(name), name)
        noticed = notice(read, accepted)
    except PlanspecError as error:
        raise NotJudgeable(masking.shown(str(error))) from error
    if noticed.blocking:
        raise NotJudgeable(masking.shown(f"{read.name}: {'; '.join(noticed.blocking)}"))
    return read


@pytest.hookimpl(tryfirst=True)  # pytest-bdd's own answer, a mark of any name, comes first otherwise
def pytest_bdd_apply_tag(tag: str, function: Callable[..., object]) -> bool:
    """Turn a tag into a mark with an argument, and refuse one that means nothing."""
    problem = features.tag_problem(tag, _frameworks)
    if problem:
        raise pytest.UsageError(f"@{tag}: {problem}")
    kind, _, value = tag.partition(":")
    if features.REQUIREMENT.fullmatch(tag):
        pytest.mark.requirement(id=tag)(function)
    elif kind == "severity":
        pytest.mark.severity(level=value)(function)
    elif kind in _frameworks:
        pytest.mark.control(id=tag)(function)
    return True


@pytest.fixture
def run(request: pytest.FixtureRequest) -> RunContext:
    """What this run judges, and by which policies."""
    found = request.config.stash.get(RUN, None)
    if found is None:
        raise pytest.UsageError("no plan to judge; name one with --plan FILE")
    return found


@pytest.fixture(name="plan")
def plan_under_judgement(run: RunContext) -> plan.Plan:
    """The plan under judgement."""
    return run.plan


@pytest.fixture
def parameters(run: RunContext) -> Parameters:
    """The numbers and lists of `policies/parameters.toml`."""
    return run.parameters


@pytest.fixture
def estimate(run: RunContext) -> Estimate:
    """What the plan costs a month, before and after."""
    return run.estimate


@pytest.fixture
def moment(run: RunContext) -> Callable[[], datetime]:
    """Tell the moment by which windows of time are judged, and note that a verdict rests on it."""
    return lambda: run.moment


@pytest.fixture
def uphold(run: RunContext) -> Callable[[Judgement], None]:
    """Note a judgement; in the open door, also fail the test by its verdict."""

    def note(judgement: Judgement) -> None:
        wrong = malformed(judgement)
        if wrong:
            raise FeatureError(f"uphold {wrong}")
        waived = run.note(judgement)
        if run.enforce and waived.verdict in (Verdict.VIOLATED, Verdict.UNDETERMINED):
            pytest.fail(secrets(run.plan).masked(str(waived)), pytrace=False)

    return note


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """In the open door, skip a test that has judged nothing; only once every outcome has been asked.

    A skip at the first outcome that does not apply would hide what the next one finds.
    """
    found = item.config.stash.get(RUN, None)
    if found is None or not found.enforce:
        return (yield)
    found.judgements = []
    yield
    whole = in_all(found.judgements)
    if found.judgements and whole.verdict is Verdict.NOT_APPLICABLE:
        pytest.skip(secrets(found.plan).masked(str(whole)))


def pytest_bdd_before_scenario(
    request: pytest.FixtureRequest, feature: Feature, scenario: BddScenario
) -> None:
    """Begin a scenario with nothing judged and nothing read, in the phrases of today."""
    found = request.config.stash.get(RUN, None)
    if found is None or found.enforce:
        # `planspec check` has read the feature before, and looked for what is wrong; here nobody has.
        _as_we_read_it(request, feature, scenario)
    if found is not None:
        found.begin(str(feature.filename), scenario.line_number, scenario.name)


def _as_we_read_it(request: pytest.FixtureRequest, feature: Feature, scenario: BddScenario) -> None:
    """Give a scenario the name and the steps that we read; fail one that cannot be judged."""
    row = ", ".join(request.getfixturevalue("_pytest_bdd_example").values())
    place = scenario.line_number, row
    known, file = request.config.stash.setdefault(_READ, {}), str(feature.filename)
    try:
        known[file] = known.get(file) or features.read(Path(file), _frameworks)
    except PlanspecError as error:
        pytest.fail(str(error), pytrace=False)
    own = next((each for each in known[file] if (each.line, each.row) == place), None)
    if own is None:
        pytest.fail(f"{feature.filename}:{scenario.line_number}: pytest-bdd reads another scenario here")
    scenario.name, scenario.steps[:] = own.name, steps_of(own)
    for step in own.steps:
        misread = phrases.misread(step.kind, step.text)
        if misread:
            pytest.fail(f"{feature.filename}:{step.line}: {step.quoted()}: {misread}", pytrace=False)
    meant = list(_meant_here(request, scenario, own))
    # pytest-bdd names a step that means nothing; what goes with it cannot be told.
    for wrong in pairing.mismatches(meant if len(meant) == len(scenario.steps) else []):
        pytest.fail(f"{feature.filename}:{wrong.line}: {wrong.text}", pytrace=False)


def _meant_here(
    request: pytest.FixtureRequest, scenario: BddScenario, own: Scenario
) -> Iterator[pairing.Meant]:
    """The steps of a scenario with what each means to pytest-bdd at this place.

    Steps that mean nothing are left out. Its function is internal to version 9, as the registry is.
    """
    from pytest_bdd.scenario import get_step_function

    for step, told in zip(scenario.steps, own.steps, strict=True):
        context = get_step_function(request=request, step=step)
        if context is not None:
            yield told, registry.phrase(context, step.name)


def pytest_bdd_before_step_call(
    request: pytest.FixtureRequest, step_func: Callable[..., object], step_func_args: dict[str, object]
) -> None:
    """Tell the run what a step of the user's own is asked about; of ours each knows that itself."""
    run = request.config.stash.get(RUN, None)
    if run is not None:
        asked = step_func_args.get(pairing.SELECTION) if is_own(step_func) else None
        run.asked_of = asked if isinstance(asked, Selection) else None
        run.judged_before = len(run.judgements)


def pytest_bdd_after_step(
    request: pytest.FixtureRequest, step: BddStep, step_func: Callable[..., object]
) -> None:
    """Refuse a step of the user's own that chose nothing of this plan, or judged nothing."""
    run = request.config.stash.get(RUN, None)
    if run is None or not is_own(step_func):
        return
    wrong = ""
    if step.type == "when":
        wrong = _wrong_choice(request.getfixturevalue(pairing.SELECTION), run)
    elif step.type == "then":
        wrong = _wrong_answer(run)
    run.asked_of = None
    if wrong:
        raise FeatureError(f"{place_of(step_func)}: {wrong}")


def place_of(function: Callable[..., Any]) -> str:
    """Where a step function stands, and its name."""
    code = function.__code__
    return f"{code.co_filename}:{code.co_firstlineno}: {function.__name__}"


def _wrong_choice(selection: object, run: RunContext) -> str:
    """What is wrong with what a When of the user's own has chosen."""
    if not isinstance(selection, Selection):
        return f"returns no Selection, but {type(selection).__name__}; choose with planspec.of_type"
    if selection.plan is not run.plan:
        return "returns a Selection of another plan; choose from the fixture `plan`"
    before = run.asked_of
    known = {each.address for each in before.resources} if before else set()
    more = [each.address for each in selection.resources if before and each.address not in known]
    if more:
        return f"is a filter, and adds {more[0]} to what was selected"
    return ""


def _wrong_answer(run: RunContext) -> str:
    """What is wrong with what a Then of the user's own has judged."""
    found, selection = run.judgements[run.judged_before :], run.asked_of
    if not found:
        return "upholds nothing, so it judges nothing; call `uphold` with a Judgement"
    examined = [address for each in found for address in each.examined]
    if selection is None:
        return "takes no Selection"
    left = [each.address for each in selection.resources if each.address not in {*examined}]
    if left and (examined or not any(each.reason for each in found)):
        return f"did not examine {left[0]}, which was selected; name each in the Judgement, or a reason"
    if examined and not (selection.resources or selection.considered):
        return f"examined {examined[0]}, and nothing was selected"
    known = {each.address for each in selection.considered}
    strange = [each for each in examined if each not in known and run.plan.find(each) is None]
    return f'examined "{strange[0]}", which the plan does not have' if strange else ""
