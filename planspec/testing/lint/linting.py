"""How is everything linted, and how are the problems told to another program?"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from planspec import bundle
from planspec.errors import FeatureError
from planspec.features import own_steps
from planspec.policies import read_controls, read_parameters
from planspec.runner.batch import Catalogue
from planspec.runner.vocabulary import known_phrases
from planspec.source import shown_path
from planspec.testing.lint import applicable, plans, requirements, steps, waivers
from planspec.testing.lint.problem import REFUSED, RULES, Problem
from planspec.testing.lint.rehearsal import Rehearsal


class Wanted(NamedTuple):
    """What to lint: features, policies, the user's own steps, and recorded plans (None: none)."""

    features: Sequence[Path]
    policies: Path
    steps: Sequence[Path]
    plans: Sequence[Path] | None
    whole: bool
    today: date


def lint(wanted: Wanted, progress: Callable[[str], None]) -> tuple[list[Problem], list[str]]:
    """Return every problem, in the order of file and line, and notes on what was left out.

    `whole`: the features are all there are, so that what none of them uses is a problem. Raises
    FeatureError for paths without features, PolicyError for policies that cannot be read.
    """
    known_phrases()
    own, found = _own(wanted.steps)
    with own_steps.in_force(own):
        return _linted(wanted, found, progress)


def _own(paths: Sequence[Path]) -> tuple[own_steps.Own, list[Problem]]:
    """The own steps that are named, as far as they can be used, and what is wrong with their files."""
    found = list(steps.problems(own_steps.files(paths)))
    try:
        return own_steps.load(paths), found
    except own_steps.BrokenSteps as error:
        told = any((each.file, each.rule) == (str(error.path), "step-not-python") for each in found)
        broken = Problem(str(error.path), error.line, "step-not-usable", error.why)
        return own_steps.NONE, found if told else [*found, broken]


def _linted(
    wanted: Wanted, found: list[Problem], progress: Callable[[str], None]
) -> tuple[list[Problem], list[str]]:
    frameworks = read_controls(wanted.policies)
    read = requirements.Read(wanted.features, frameworks)
    found = [*found, *read.problems, *requirements.problems(read, whole=wanted.whole)]
    found += requirements.contradictions(read.scenarios)
    found += Rehearsal(wanted.policies, frameworks, wanted.today).problems(read.scenarios)
    if wanted.whole:
        found += requirements.unused_phrases(read.scenarios)
        found += steps.problems(own_steps.files([bundle.STEPS]))
    asked = read_parameters(wanted.policies).applicable.scenarios
    # Our own list is about our own features; what others lint by our policies has other numbers.
    if wanted.whole or wanted.policies.resolve() != bundle.POLICIES.resolve():
        found += applicable.problems(wanted.policies, asked or (), read.scenarios)
    accepted = list(waivers.problems(wanted.policies, read.scenarios, None, wanted.today))
    notes: list[str] = []
    if wanted.plans is not None:
        if REFUSED & {each.rule for each in [*found, *accepted]}:
            notes.append("the recorded plans were not judged: fix the problems above first")
        else:
            progress(f"judging {len(wanted.plans)} recorded plans")
            more, addresses, notes = _of_plans(wanted, wanted.plans, asked)
            found += more
            accepted = list(waivers.problems(wanted.policies, read.scenarios, addresses, wanted.today))
    found += accepted
    shown = {each._replace(file=shown_path(Path(each.file))) for each in found}
    return sorted(shown), notes


def _of_plans(
    wanted: Wanted, recorded: Sequence[Path], asked: Sequence[str] | None
) -> tuple[list[Problem], Sequence[str], list[str]]:
    by = Catalogue(tuple(wanted.features), wanted.policies, "", wanted.today, tuple(wanted.steps))
    judged = plans.Judged(recorded, by)
    if not judged.records:
        names = ", ".join(map(str, recorded)) or "no plan"
        raise FeatureError(f"--plans: none could be judged ({names}); name recorded plans")
    return list(plans.problems(judged.records, asked)), judged.addresses, judged.problems


def sarif(problems: Sequence[Problem], version: str) -> dict[str, Any]:
    """Return the problems as SARIF. Source: OASIS, SARIF 2.1.0."""
    names = sorted({each.rule for each in problems})
    rules = [{"id": name, "shortDescription": {"text": RULES[name]}} for name in names]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "planspec lint", "version": version, "rules": rules}},
                "results": [_result(each, names.index(each.rule)) for each in problems],
                "columnKind": "utf16CodeUnits",
            }
        ],
    }


def _result(problem: Problem, position: int) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": problem.file, "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": problem.line},
    }
    return {
        "ruleId": problem.rule,
        "ruleIndex": position,
        "level": "error",
        "message": {"text": problem.text},
        "locations": [{"physicalLocation": place}],
    }
