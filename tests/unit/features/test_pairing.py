"""Is every pair of a When and a Then judged on what was chosen, or refused with a sentence?"""

import json
import re
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planspec.cli.app import main
from planspec.errors import FeatureError
from planspec.features import Scenario, Step, read
from planspec.judgements.generic.selections import Selection
from planspec.judgements.generic.subjects import TYPES
from planspec.runner import pairing, registry
from planspec.runner.isolated_pytest import require_meaning
from planspec.runner.pairing import Phrase
from planspec.runner.vocabulary import known_phrases
from planspec.schema import Schemas

ROOT = Path(__file__).parents[3]
CORRECTED = ROOT / "plans" / "corrected.json"
GIVEN = "Given the planned change to our infrastructure"
SAMPLES = {"kind": "aws_s3_bucket", "path": "bucket", "names": "Owner", "how": "lower", "limit": "1"}

known_phrases()
EVERY = [each for each in registry.known() if each.ours]
CHOOSING = sorted((each for each in EVERY if each.provides and not each.filters), key=lambda e: e.text)
FILTERS = sorted((each for each in EVERY if each.filters), key=lambda each: each.text)
OUTCOMES = sorted((each for each in EVERY if each.keyword == "then"), key=lambda each: each.text)
NAMES = pairing.subjects(EVERY)
# In every plan of ours; each is chosen by a When that hands on another subject than the next one.
UNLIKE = [
    ('we examine every planned "aws_eks_cluster"', "none of them allows everything"),
    ("we examine every policy for users and roles", "nobody may do more than before"),
    ("we examine every change to what guards our data", "nothing becomes public that was not"),
    ("we examine every way into our networks", "traffic to the internet leaves on accepted ports only"),
    ("we examine every alarm", "somebody receives what is said there"),
    ("we examine every variable of the configuration", "no output hands out a secret"),
    ("we examine every planned resource", "a month costs no more than the budget"),
    ("we examine every bucket that will exist after the change", 'every "tags.Owner" must be set'),
    ('we examine every planned "aws_s3_bucket"', "each one blocks public access in all four ways"),
    ("we examine every bucket that will exist after the change", "there must be at least 1"),
]


def written(phrase: Phrase, quantifier: str = "every") -> str:
    """The phrase with its blanks filled in."""
    text = phrase.text.replace("every|some", quantifier)
    return re.sub(r"<(\w+)>", lambda found: SAMPLES.get(found[1], "1"), text)


def wrong(*phrases: Phrase) -> list[pairing.Mismatch]:
    """What is wrong with a scenario of these phrases."""
    kinds = {"given": "Context", "when": "Action", "then": "Outcome"}
    meant = [
        (Step(kinds[each.keyword], written(each), line), each) for line, each in enumerate(phrases, 1)
    ]
    return list(pairing.mismatches(meant, EVERY))


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


def test_each_phrase_says_what_it_hands_on_and_what_it_takes() -> None:
    whens = [each for each in EVERY if each.keyword == "when"]
    assert len(whens) > 35
    assert [each.text for each in whens if not each.provides] == []
    assert [each.text for each in OUTCOMES if len(pairing.taken(each, NAMES)) != 1] == []
    assert {each.provides for each in FILTERS} == {"selection"}
    own = [each for each in CHOOSING if each.provides != "selection"]
    assert len({each.provides for each in own}) > 20
    shared = {
        each.text
        for each in own
        for other in own
        if each is not other and each.provides == other.provides
    }
    assert shared == {GUARDS, "we examine every way into our networks"}


def test_each_outcome_has_a_when_and_each_when_an_outcome() -> None:
    assert [each.text for each in OUTCOMES if not pairing.whens(each, EVERY)] == []
    assert [each.text for each in CHOOSING if not pairing.outcomes(each, EVERY)] == []


def test_every_pair_judges_what_was_chosen_or_is_refused() -> None:
    fitting = 0
    for chosen, outcome in product(CHOOSING, OUTCOMES):
        found = wrong(chosen, outcome)
        (takes,) = pairing.taken(outcome, NAMES)
        if not found:
            fitting += 1
            assert takes == chosen.provides
            continue
        (told,) = found
        assert told.line == 2
        assert f"`{written(outcome)}` does not judge what `{written(chosen)}` (line 1)" in told.text
        assert "it goes with `we " in told.text
        assert "go `" in told.text
    assert fitting < len(CHOOSING) * len(OUTCOMES) / 5


def test_every_outcome_behind_a_filter_judges_what_is_kept_or_is_refused() -> None:
    general = [each for each in CHOOSING if each.provides == "selection"]
    for chosen, kept in product(CHOOSING, FILTERS):
        assert [each.line for each in wrong(chosen, kept)] == ([] if chosen in general else [2])
    for chosen, outcome in product(general, OUTCOMES):
        judges = outcome.function.__annotations__.get("selection") is Selection
        assert [each.line for each in wrong(chosen, FILTERS[0], outcome)] == ([] if judges else [3])


def test_an_outcome_about_both_goes_with_the_whens_of_both() -> None:
    whens = {each.text: each for each in CHOOSING}
    outcomes = {each.text: each for each in OUTCOMES}
    more = outcomes["none of our security groups lets in more than before"]
    ways = whens["we examine every way into our networks"]
    assert wrong(whens[GUARDS], more) == wrong(ways, more) == []
    assert wrong(ways, outcomes["nothing becomes public that was not"])
    only = "only load balancers accept traffic from the internet, on their public ports"
    assert wrong(whens[GUARDS], outcomes[only])


def test_no_outcome_and_no_filter_comes_first() -> None:
    for each in (*OUTCOMES, *FILTERS):
        (told,) = wrong(each)
        assert "no When before it chooses anything; it goes with `we " in told.text


@pytest.mark.parametrize(("chosen", "outcome"), UNLIKE)
def test_what_does_not_go_together_ends_with_2_and_names_both(
    tmp_path: Path, chosen: str, outcome: str
) -> None:
    result = check(
        tmp_path,
        f"Feature: Own\n\n  Scenario: One\n    {GIVEN}\n    When {chosen}\n    Then {outcome}\n",
    )
    assert result.exit_code == 2, result.output
    assert f"own.feature:6: `{outcome}` does not judge what `{chosen}` (line 5)" in result.output
    assert "fault of planspec" not in result.output
    linted = CliRunner().invoke(main, ["lint", str(tmp_path / "own.feature")])
    assert linted.exit_code == 2
    assert "own.feature:6: wrong-subject: " in linted.output


@pytest.mark.parametrize("chosen", CHOOSING, ids=lambda each: each.function.__name__)
def test_what_goes_together_is_judged(tmp_path: Path, chosen: Phrase) -> None:
    outcome = pairing.outcomes(chosen, EVERY)[0]
    require_meaning(scenario(tmp_path, GIVEN, f"When {written(chosen)}", f"Then {written(outcome)}"))


GUARDS = "we examine every change to what guards our networks"
DELETED = 'we examine every change of "aws_instance" with action "delete"'
DESTROYED = "none of them is destroyed, replaced or dropped"
HELD = "we examine every change to a resource that holds data"
KEPT = 'And we keep those in module "module.a"'
AGAIN = [f"When {HELD}", f"Then {DESTROYED}", f"When {DELETED}"]
ROWS = ["Examples:", "  | what |", f"  | {HELD[17:]} |", f"  | {DELETED[17:]} |"]
OUTLINE = ["When we examine every <what>", f"Then {DESTROYED}", "", *ROWS]
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
    "filter": (["Scenario: One", GIVEN, f"When {DELETED}", KEPT, f"Then {DESTROYED}"], 6),
    "outline": (
        [
            "Scenario Outline: <what>",
            GIVEN,
            "When we examine every <what>",
            f"Then {DESTROYED}",
            *OUTLINE,
        ],
        5,
    ),
    "later": (
        ["Scenario: One", GIVEN, *AGAIN, f"Then {DESTROYED}"],
        7,
    ),
    "tail": (
        ["Scenario: One", GIVEN, f"When {HELD}", f"Then {DESTROYED}", "And there must be none"],
        6,
    ),
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


def deleting() -> dict[str, object]:
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
    found = scenario(
        tmp_path, GIVEN, "When we examine every alarm", "And we estimate what a month will cost",
        "Then a month costs no more than the budget",
    )  # fmt: skip
    with pytest.raises(FeatureError, match=r"own.feature:6: `we estimate .*replaces what line 5 chose"):
        require_meaning(found)


def test_a_filter_is_named_where_the_outcome_would_judge_all(tmp_path: Path) -> None:
    found = scenario(
        tmp_path, GIVEN, "When we examine every variable of the configuration",
        'And we keep those whose "value" is set', "Then none of them hands a secret to the plan",
    )  # fmt: skip
    with pytest.raises(
        FeatureError, match=r"own.feature:7: .* keeps, but all of .*take the filter away"
    ):
        require_meaning(found)


def test_the_types_that_are_proposed_exist_and_belong_to_a_subject() -> None:
    schemas = Schemas()
    assert TYPES.keys() <= NAMES
    assert all(schemas.find("managed", kind) for kind in TYPES.values())


def test_steps_of_somebody_else_may_take_what_ours_choose() -> None:
    def theirs(selection: Selection) -> None:
        """Judge something of their own."""

    def alone(plan: object) -> None:
        """Look at the plan."""

    def chooses() -> object:
        """Choose something of their own."""

    (planned,) = (each for each in CHOOSING if each.text == 'we examine every planned "<kind>"')
    (alarms,) = (each for each in CHOOSING if each.text == "we examine every alarm")
    ours = next(each for each in OUTCOMES if "examined_alarms" in pairing.taken(each, NAMES))
    foreign = Phrase("then", "theirs", theirs, "")
    assert wrong(planned, foreign) == []
    assert wrong(alarms, Phrase("then", "alone", alone, "")) == []
    assert wrong(Phrase("when", "they choose", chooses, "theirs"), alarms, ours) == []
    (told,) = wrong(alarms, foreign)
    assert "does not judge what `we examine every alarm`" in told.text
    (told,) = wrong(Phrase("when", "they choose", chooses, "selection"), ours)
    assert "does not judge what `they choose`" in told.text
