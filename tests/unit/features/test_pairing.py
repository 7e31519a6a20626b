"""Is every pair of a When and a Then judged on what was chosen, or refused with a sentence?"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from planspec import Judgement, bundle, vocabulary
from planspec.cli.app import main
from planspec.errors import FeatureError, UnknownName
from planspec.features import Scenario, Step, read
from planspec.judgements.cost import tagging
from planspec.judgements.generic import relations, resources, selections
from planspec.judgements.generic.selections import Selection
from planspec.policies import read_policies
from planspec.runner import pairing, registry
from planspec.runner.context import RunContext
from planspec.runner.isolated_pytest import require_meaning
from planspec.runner.pairing import Phrase
from planspec.runner.vocabulary import known_phrases
from planspec.schema import Schemas
from planspec.vocabulary import BY_NAME, OUTCOMES, SUBJECTS, Outcome, Subject, shown_of
from tests.support.plans import resource
from tests.support.twice import SECOND, twice

ROOT = Path(__file__).parents[3]
CORRECTED, INHERITED = ROOT / "plans" / "corrected.json", ROOT / "plans" / "inherited.json"
GIVEN = "Given the Terraform plan"
SAMPLES = {"kind": "aws_s3_bucket", "path": "bucket", "names": "Owner", "how": "lower", "number": "1"}

known_phrases()
EVERY = [each for each in registry.known() if each.ours]
FILTERS = sorted((each for each in EVERY if each.filters), key=lambda each: each.text)
GENERAL_WHENS = [each for each in EVERY if each.chooses and '"' in each.text]
GENERAL = [each for each in EVERY if each.keyword == "then" and each.text not in vocabulary.FORMS]
OF_SUBJECTS = [each for each in EVERY if each.keyword == "then" and each.text in vocabulary.FORMS]
TODAY = date(2026, 11, 30)
BELONGS = {
    "S3 bucket": ("aws_s3_bucket_",),
    "load balancer listener": ("aws_lb_listener_rule",),
    "ECS task definition": ("aws_iam_role",),
}
"""What a finding about a subject may name instead: it belongs to one that was chosen."""


def written(phrase: Phrase) -> str:
    """The phrase with its blanks filled in."""
    text = phrase.text.replace("every|some", "every").replace("least|most", "least")
    text = text.replace("be|not be|be at least|be at most|be above|be below the value", "be the value")
    text = text.replace("its type|provider must be|not be", "its type must be")
    text = text.replace("is|is not|is one of|is not one of", "is").replace(
        "widen|lower|raise|alter", "widen"
    )
    return re.sub(r"<(\w+)>", lambda found: SAMPLES.get(found[1], "1"), text)


def step_of(outcome: Outcome) -> str:
    """The step that asks for an outcome, with what its blanks take."""
    text = shown_of(outcome)
    for quoted in ("<value>", "<values>", "<metrics>", "<metric>", "<categories>"):
        text = text.replace(quoted, ", ".join(outcome.texts) or "/health")
    return re.sub(r"<\w+>", "3", text)


def meant(*texts: str) -> list[pairing.Meant]:
    """The steps with these texts, the Then last, each with its one meaning."""
    kinds = ["Action"] * (len(texts) - 1) + ["Outcome"]
    steps = [
        Step(kind, text, line) for line, (kind, text) in enumerate(zip(kinds, texts, strict=True), 1)
    ]
    found = [(step, registry.meanings(step.kind, step.text)) for step in steps]
    assert [step.text for step, phrases in found if len(phrases) != 1] == []
    return [(step, phrase) for step, (phrase,) in found]


def wrong(*texts: str) -> list[pairing.Mismatch]:
    """What is wrong with a scenario of these steps."""
    return list(pairing.mismatches(meant(*texts)))


def scenario(folder: Path, *steps: str) -> Scenario:
    """A feature with one scenario of these steps, read."""
    path = folder / "own.feature"
    path.write_text("\n".join(["Feature: Own", "", "  Scenario: One", *(f"    {s}" for s in steps), ""]))
    (found,) = read(path, {})
    return found


def check(folder: Path, text: str, plan: Path = CORRECTED) -> Result:
    """Judge a plan by a feature of this text."""
    path = folder / "own.feature"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["check", "--no-checkov", "--features", str(path), str(plan)])


def test_there_are_few_phrases_and_each_takes_what_was_selected() -> None:
    assert len(EVERY) <= 112
    assert {each.provides for each in EVERY if each.keyword == "when"} == {"selection"}
    assert [each.text for each in (*OF_SUBJECTS, *GENERAL) if not each.takes] == []
    assert {each.text for each in OF_SUBJECTS} == vocabulary.FORMS


def test_the_registry_has_one_entry_for_each_pair_and_says_what_it_means() -> None:
    keys = [(each.subject, each.form, each.name) for each in OUTCOMES]
    assert len(set(keys)) == len(keys)
    assert [each for each in OUTCOMES if each.subject not in BY_NAME] == []
    told = [each for each in OUTCOMES if each.argument and each.values and each.meaning.endswith(".")]
    assert len(told) == len(OUTCOMES)
    assert all(each.meaning.endswith(".") for each in SUBJECTS)
    schemas = Schemas()
    kinds = {kind for each in SUBJECTS for kind in each.kinds}
    assert {each for each in kinds if not schemas.find("managed", each)} == {
        "aws_timestreaminfluxdb_db_cluster"
    }


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda each: each.name)
def test_every_pair_is_judged_or_refused_with_a_sentence(subject: Subject) -> None:
    own = {step_of(each) for each in OUTCOMES if each.subject == subject.name}
    for outcome in {step_of(each) for each in OUTCOMES}:
        found = wrong(subject.when, outcome)
        if outcome in own:
            assert found == [], outcome
            continue
        (told,) = found
        assert told.line == 2
        assert f"`{outcome}` does not judge what `{subject.when}` (line 1) chooses: " in told.text
    for each in (*GENERAL, *FILTERS):
        last = ("there must be none",) if each.filters else ()
        assert [one.line for one in wrong(subject.when, written(each), *last)] == (
            [2] if subject.whole else []
        )


def test_whens_by_type_and_action_go_with_general_outcomes_alone() -> None:
    for chosen, outcome in product(GENERAL_WHENS, OUTCOMES):
        (told,) = wrong(written(chosen), step_of(outcome))
        named = BY_NAME[outcome.subject].when in told.text or " more (see" in told.text
        assert named, told.text
    for chosen, general in product(GENERAL_WHENS, GENERAL):
        assert wrong(written(chosen), written(general)) == []


class Run(RunContext):
    """A run in which nothing is needed, whatever a document is called."""

    def need(self, name: str) -> dict[str, Any]:
        """Allow nothing."""
        return {"Version": "2012-10-17", "Statement": []}


@cache
def run_twice(path: Path) -> RunContext:
    """A run over a plan that makes everything of a recorded one twice, and a table beside it."""
    table = resource("aws_dynamodb_table", name="orders")
    return Run(plan=twice(path, table), policies=read_policies(bundle.POLICIES), today=TODAY)


def asked(run: RunContext, selection: Selection, outcome: Outcome) -> Judgement:
    """Judge a selection by an outcome, as its step does."""
    _, phrase = meant(BY_NAME[outcome.subject].when, step_of(outcome))[1]
    return vocabulary.judged(selection, run, outcome.form, **phrase.blanks)


@pytest.mark.parametrize("path", [CORRECTED, INHERITED], ids=lambda each: each.stem)
@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda each: f"{each.subject}: {shown_of(each)}")
def test_an_outcome_behind_a_filter_judges_only_what_is_left(outcome: Outcome, path: Path) -> None:
    run = run_twice(path)
    whole = vocabulary.selected(BY_NAME[outcome.subject].when, run.plan, run)
    judged = asked(run, whole, outcome)
    chosen = {each.address for each in whole.resources}
    if not BY_NAME[outcome.subject].whole:
        others = [each for each in judged.examined if each not in chosen]
        names = BELONGS.get(outcome.subject, ())
        assert [each for each in others if not any(name in each for name in names)] == []
    if BY_NAME[outcome.subject].whole:
        return
    for kept in narrowed(whole):
        left = {each.address for each in kept.resources}
        found = asked(run, kept, outcome)
        assert chosen.intersection(found.examined) <= left
        expected = [each for each in judged.findings if each.address in left]
        about = [each for each in found.findings if each.address in chosen]
        assert sorted(about) == sorted(expected)
        assert set(found.findings) <= set(judged.findings)


def narrowed(whole: Selection) -> Iterator[Selection]:
    """Filters that leave a half, one, and none of it."""
    if whole.subject not in CONFIGURED:
        yield selections.in_module(whole, SECOND)
    yield whole._replace(resources=whole.resources[:1])
    yield whole._replace(resources=())


CONFIGURED = ("input variable", "output value", "provider")


def test_what_is_left_out_is_really_missing_from_what_was_judged() -> None:
    halved = 0
    for path, outcome in product((CORRECTED, INHERITED), OUTCOMES):
        run = run_twice(path)
        whole = vocabulary.selected(BY_NAME[outcome.subject].when, run.plan, run)
        if whole.subject in CONFIGURED or not whole.resources:
            continue
        inside = selections.in_module(whole, SECOND)
        assert len(inside.resources) * 2 == len(whole.resources), outcome
        before, after = asked(run, whole, outcome), asked(run, inside, outcome)
        halved += len(after.examined) * 2 == len(before.examined) > 0
        assert [each for each in after.examined if not each.startswith(SECOND)] == [], outcome
    assert halved > 200


def test_what_may_not_belong_to_the_selection_violates_nothing_for_sure() -> None:
    run = run_twice(INHERITED)
    (outcome,) = (each for each in OUTCOMES if each.name == "Container Insights")
    (public,) = (each for each in OUTCOMES if each.form == "its policy must not grant public access")
    whole = vocabulary.selected("we examine every planned ECS cluster", run.plan, run)
    unsure = whole._replace(unsure=frozenset(each.address for each in whole.resources))
    assert {each.verdict.value for each in asked(run, whole, outcome).findings} == {"violated"}
    assert {each.verdict.value for each in asked(run, unsure, outcome).findings} == {"undetermined"}
    buckets = vocabulary.selected("we examine every planned S3 bucket", run.plan, run)
    assert "violated" in {each.verdict.value for each in asked(run, buckets, public).findings}
    unsure = buckets._replace(unsure=frozenset(each.address for each in buckets.resources))
    assert {each.verdict.value for each in asked(run, unsure, public).findings} == {"undetermined"}


def test_general_phrases_and_subjects_mix() -> None:
    run = run_twice(CORRECTED)
    buckets = vocabulary.selected("we examine every planned S3 bucket", run.plan, run)
    assert resources.count(buckets, minimum=1).verdict.value == "satisfied"
    named = selections.keep(buckets, "bucket", lambda place: "log" in place.shown)
    assert 0 < len(named.resources) < len(buckets.resources)


@pytest.mark.parametrize("subject", [each for each in SUBJECTS if not each.whole], ids=lambda e: e.name)
def test_general_phrases_judge_the_resources_of_every_subject(subject: Subject) -> None:
    run = run_twice(CORRECTED)
    whole = vocabulary.selected(subject.when, run.plan, run)
    addresses = {each.address for each in whole.resources}
    counted = resources.count(whole, minimum=1)
    assert addresses <= set(counted.examined)
    for path in ("tags.Owner", "value", "policy"):
        with suppress(UnknownName):
            found = resources.hold(whole, "every", path, relations.is_set, "set")
            assert set(found.examined) == addresses
    tagged = tagging.carry_tags(run.plan, whole.resources, names=["Owner"])
    assert set(tagged.examined) == addresses


def test_no_outcome_and_no_filter_comes_first() -> None:
    for text in (*map(step_of, OUTCOMES), *map(written, GENERAL)):
        (told,) = wrong(text)
        assert "no When before it chooses anything" in told.text


WRONG = [
    ("every planned RDS DB instance", "Multi-AZZ must be enabled", "mean `Multi-AZ must be enabled`"),
    ("every planned S3 bucket", "Multi-AZ must be enabled", "every planned RDS DB"),
    ("every planned RDS DB instance", "Multi-AZ must be disabled", "says `Multi-AZ must be enabled`"),
    ("every planned RDS DB instance", "backup retention must be at least 35 hours", "stated in days"),
    ("every planned RDS DB instance", "backup retention must be at least 35", "stated in days"),
    ("every planned ECS service", "the minimum task count must be at least 2 tasks", "without a unit"),
    ("every planned RDS DB instance", 'CloudWatch alarms must watch "CPU"', "CPUUtilization"),
    ("every planned target group", 'the health check path must be ""', "nothing is between"),
    ("every planned RDS DB instance", 'a CloudWatch dashboard must show ""', "nothing is between"),
    ("every planned RDS DB instance", 'CloudWatch alarms must watch "CPUUtilization,"', "nothing"),
    ("every planned CloudWatch log group", "log retention must be between 400 and 30 days", "smaller"),
    ("every planned RDS DB instances", "Multi-AZ must be enabled", "did you mean `we examine"),
    ("every planned aws_db_instance", "there must be none", 'every planned "TYPE"'),
    ('every planned "aws_db_instance"', "Multi-AZ must be enabled", "it goes with `we examine"),
    ('every planned "aws_eks_cluster"', "it must not grant administrative privileges", "IAM policy`"),
    ("every planned SNS topic", "it must not be idle", "has no such outcome"),
]  # fmt: skip


@pytest.mark.parametrize(("chosen", "outcome", "told"), WRONG)
def test_a_subject_a_setting_and_a_unit_are_those_of_the_registry(
    tmp_path: Path, chosen: str, outcome: str, told: str
) -> None:
    text = f"Feature: Own\n\n  Scenario: One\n    {GIVEN}\n    When we examine {chosen}\n"
    result = check(tmp_path, f"{text}    Then {outcome}\n")
    assert result.exit_code == 2, result.output
    line = 5 if "unknown subject" in result.output else 6
    assert f"own.feature:{line}: " in result.output
    assert told in result.output
    assert "fault of planspec" not in result.output
    linted = CliRunner().invoke(main, ["lint", str(tmp_path / "own.feature")])
    assert linted.exit_code == 2
    assert f"own.feature:{line}: wrong-subject: " in linted.output
    assert told in linted.output


HELD = "we examine every change to a stateful resource"
DELETED = 'we examine every change of "aws_instance" with action "delete"'
DESTROYED = "it must not be destroyed, replaced or removed from state"
ROWS = ["Examples:", "  | what |", f"  | {HELD[17:]} |", f"  | {DELETED[17:]} |"]
AGAIN = [f"When {HELD}", f"Then {DESTROYED}", f"When {DELETED}"]
# The lines of a feature below its first, and the line that is wrong.
SHAPES: dict[str, tuple[list[str], int]] = {
    "and": (
        ["Scenario: One", GIVEN, f"When {DELETED}", "Then there must be at most 9", f"And {DESTROYED}"],
        6,
    ),
    "background": (
        ["Background:", GIVEN, f"When {DELETED}", "", "Scenario: One", f"Then {DESTROYED}"],
        7,
    ),
    "rule": (
        ["Rule: R", "Background:", GIVEN, f"When {DELETED}", "Scenario: One", f"Then {DESTROYED}"],
        7,
    ),
    "outline": (
        ["Scenario Outline: <what>", GIVEN, "When we examine every <what>", f"Then {DESTROYED}", *ROWS],
        5,
    ),
    "later": (["Scenario: One", GIVEN, *AGAIN, f"Then {DESTROYED}"], 7),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_outcome_is_refused_wherever_its_when_stands(tmp_path: Path, shape: str) -> None:
    lines, line = SHAPES[shape]
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(deleting()))
    result = check(tmp_path, "\n".join(["Feature: Own", *lines, ""]), plan)
    assert result.exit_code == 2, result.output
    assert f"own.feature:{line}: " in result.output
    assert "does not judge what" in result.output


def deleting() -> dict[str, Any]:
    """A plan that deletes an instance beside a new bucket."""
    provider = "registry.terraform.io/hashicorp/aws"

    def entry(kind: str, actions: list[str], before: object, after: object) -> dict[str, object]:
        change = {"actions": actions, "before": before, "after": after, "after_unknown": {}}
        return {"address": f"{kind}.one", "mode": "managed", "type": kind, "name": "one",
                "provider_name": provider, "change": change}  # fmt: skip

    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "resource_changes": [
            entry("aws_instance", ["delete"], {"ami": "ami-1"}, None),
            entry("aws_s3_bucket", ["create"], None, {"bucket": "one"}),
        ],
        "planned_values": {"root_module": {}},
        "configuration": {"root_module": {}},
    }


def test_a_subject_that_is_replaced_before_it_was_judged_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.feature"
    path.write_text(
        f"Feature: F\n\n  Scenario: One\n    {GIVEN}\n    When we examine every planned S3 bucket\n"
        "    And we estimate the monthly cost\n    Then it must not be idle\n"
    )
    with pytest.raises(FeatureError, match=r"own.feature:3: .we estimate .*replaces what"):
        read(path, {})


def test_a_filter_behind_the_estimate_is_refused(tmp_path: Path) -> None:
    found = scenario(
        tmp_path, GIVEN, "When we estimate the monthly cost", 'And we keep those whose "value" is set',
        "Then the monthly cost increase must not exceed the approved maximum",
    )  # fmt: skip
    with pytest.raises(FeatureError, match=r"own.feature:6: .* does not filter .* is one amount"):
        require_meaning(found)


def theirs(selection: Selection) -> None:
    """Judge something of their own."""


def chooses() -> object:
    """Choose something of their own."""


def test_steps_of_somebody_else_may_take_what_ours_choose() -> None:
    def steps(*phrases: tuple[str, Phrase]) -> Sequence[pairing.Meant]:
        return [(Step("Action", text, line), each) for line, (text, each) in enumerate(phrases, 1)]

    (ours,) = meant("we examine every planned S3 bucket", "there must be none")[:1]
    foreign = Phrase("then", "theirs", theirs, "")
    choice = Phrase("when", "they choose", chooses, "theirs")
    assert list(pairing.mismatches(steps((ours[0].text, ours[1]), ("theirs", foreign)))) == []
    assert list(pairing.mismatches(steps(("they choose", choice), (ours[0].text, ours[1])))) == []
