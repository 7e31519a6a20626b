"""Do real plans of other people get read, and does everything else get a message of its own?

The corpus is not part of this repository; PLANSPEC_CORPUS names it, else `shared/corpus` beside the
checkout. Its values are other people's: nothing here prints them.
"""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from planspec import Action, Known, Plan, decode
from planspec.cli.app import main
from planspec.errors import PlanError, UnknownName
from planspec.judgements.change import wider_network, wider_permissions
from planspec.judgements.generic import no_weaker, relations, resources, selections
from planspec.judgements.generic.relations import Relation
from planspec.judgements.generic.selections import Selection
from planspec.plan import admission as kinds

PLANS_IN_CORPUS = 219
REQUIRED = os.environ.get("PLANSPEC_REQUIRE_CORPUS") == "1"
RELATIONS = (
    relations.is_set,
    relations.equals("true"),
    relations.one_of(["1", "a"]),
    relations.at_least(1),
    relations.at_most(1),
    relations.matches(".*"),
    relations.contains("a"),
)
# Plans that are refused, and by which words.
NOTHING_TO_JUDGE = "no resource change to judge"
# The sections of those that contradict themselves were edited by hand, as an example of a failure.
REFUSED = {
    "which is not a version": 3,
    "planned_values contradict after": 12,
    "before is not an object": 3,
    "in no resource change": 4,
    "two entries in resource_changes": 2,
    'action "invalid" is not known': 1,
    NOTHING_TO_JUDGE: 4,
    "blocks are written and not planned": 2,
}
# What each kind of wrong file is called. Kinds with equal words share them on purpose: the two
# formats of a raw state and the two of a Sentinel mock need the same command.
KINDS = {
    "cloud-plan-bookmark": ("a bookmark of a plan saved in HCP Terraform",),
    "format_version-other": ("the JSON of an empty state", "JSON of another kind"),
    "functions": ("a list of functions",),
    "invalid-json": ("more than one JSON document, or text after the first",),
    "noise-before-json": ("there is text before the JSON",),
    "other-named-plan": ("only the path of another file",),
    "plan-no-format_version": ('plan keys without "format_version"', "a redacted plan"),
    "provider-schema": ("a provider schema",),
    "raw-tfstate-v3": ("a state file (terraform.tfstate)",),
    "raw-tfstate-v4": ("a state file (terraform.tfstate)",),
    "sentinel-mock": ("a Sentinel mock or policy",),
    "sentinel-mock-v1": ("a Sentinel mock or policy",),
    "state": ("the JSON of a state, not of a plan",),
    "text-plan": ("the text that `terraform plan` prints for people",),
    "validate": ("the result of `terraform validate -json`",),
}
SHARED = {
    ("raw-tfstate-v3", "raw-tfstate-v4"),
    ("sentinel-mock", "sentinel-mock-v1"),
}
# A real plan, of which no feature that comes along selects a resource.
UNTOUCHED = "scenarios found a resource to examine"
MADE_WRONG = {
    "action_open": UNTOUCHED,
    "action_unknown": 'action "frobnicate" is not known',
    "bignum": UNTOUCHED,
    "concatenated_twice": "more than one JSON document",
    "deep": "nested too deeply",
    "duplicate_keys": 'the key "resource_changes" is a duplicate',
    "empty_object": "an empty JSON object",
    "format_version_1_99": UNTOUCHED,
    "format_version_number": "at `$.format_version`",
    "latin1_byte": "is not UTF-8",
    "leading_log_line": "there is text before the JSON",
    "mode_unknown": 'mode "list" is not known',
    "nan": "NaN or Infinity",
    "nul_bytes": UNTOUCHED,
    "null": "the JSON value null",
    "only_format_version": "the JSON of an empty state",
    "resource_changes_null": NOTHING_TO_JUDGE,
    "resource_changes_object": "at `$.resource_changes`",
    "string": "encoded twice",
    "utf16be_bom": UNTOUCHED,
    "utf16le_bom": UNTOUCHED,
    "utf16le_nobom": UNTOUCHED,
    "whitespace": "empty",
}
# Plans of rare shapes: why they are not judged, or None for those that are.
MADE = {
    "aws_destroy": None,
    "aws_drift": None,
    "aws_import_errored": "planning failed",
    "aws_modules_errored_partial": "planning failed",
    "aws_modules_references": None,
    "aws_no_refresh": None,
    "aws_refresh_only_drift": NOTHING_TO_JUDGE,
    "aws_values_sensitive_numbers": None,
    "errored_for_each_precondition": "planning failed",
    "expressions_errored": "planning failed",
    "expressions_ok": None,
    "import_generated_config": None,
    "lifecycle_destroy": None,
    "lifecycle_mix": None,
    "lifecycle_nochange": None,
    "lifecycle_ro_nochange": NOTHING_TO_JUDGE,
    "lifecycle_target_nochange": "the plan is incomplete",
    "refresh_only_moved": NOTHING_TO_JUDGE,
    "sensitive_keys_checks_ephemeral": None,
    "state_show": "the JSON of a state",
    "tf_json_syntax": None,
    "ui_log_errored": "the event log",
    "ui_log_mix": "the event log",
}
# What kinds of plan they are, by the names of docs/plan-kinds.md.
MADE_KINDS: dict[str, tuple[str, ...]] = {
    "aws_destroy": ("destroy",),
    "aws_drift": ("drifted",),
    "aws_import_errored": ("errored", "incomplete", "generated", "drifted"),
    "aws_modules_errored_partial": ("errored", "incomplete"),
    "aws_modules_references": (),
    "aws_no_refresh": ("unchanged",),
    "aws_refresh_only_drift": ("empty", "drifted"),
    "aws_values_sensitive_numbers": (),
    "errored_for_each_precondition": ("errored", "incomplete", "failed-checks"),
    "expressions_errored": ("errored", "incomplete", "undecided-checks"),
    "expressions_ok": ("undecided-checks",),
    "import_generated_config": ("imported", "generated"),
    "lifecycle_destroy": ("destroy",),
    "lifecycle_mix": ("forgotten", "moved", "imported"),
    "lifecycle_nochange": ("unchanged",),
    "lifecycle_ro_nochange": ("empty",),
    "lifecycle_target_nochange": ("incomplete", "unchanged"),
    "refresh_only_moved": ("empty", "drifted"),
    "sensitive_keys_checks_ephemeral": ("failed-checks", "undecided-checks"),
    "tf_json_syntax": (),
}
NO_PLANS = {"state_show", "ui_log_errored", "ui_log_mix"}


def found_corpus() -> Path | None:
    """The corpus: where PLANSPEC_CORPUS says, or beside a folder around this checkout."""
    named = os.environ.get("PLANSPEC_CORPUS")
    beside = [parent / "shared" / "corpus" for parent in Path(__file__).resolve().parents]
    places = [Path(named)] if named else beside
    return next((place for place in places if (place / "plans").is_dir()), None)


CORPUS = found_corpus()
pytestmark = pytest.mark.skipif(
    CORPUS is None and not REQUIRED, reason="corpus: not beside the checkout; set PLANSPEC_CORPUS"
)


def files(folder: str) -> Iterator[Path]:
    """Every file in a folder of the corpus but the index."""
    if CORPUS is not None:
        yield from (
            path
            for path in sorted((CORPUS / folder).rglob("*"))
            if path.is_file() and path.name != "index.csv"
        )


def made(folder: str, table: dict[str, str | None]) -> dict[Path, str | None]:
    """The files of a folder with what the table says of each; both name the same files."""
    found = {path.stem: path for path in files(folder)}
    assert found.keys() == table.keys()
    return {found[stem]: reason for stem, reason in table.items()}


def judge_generically(plan: Plan) -> int:
    """Ask the generic vocabulary about everything in a plan; how many judgements were reached."""
    types = {change.type for change in plan.changes if change.managed}
    chosen: list[Selection] = [
        *(selections.of_type(plan, kind) for kind in types),
        *(selections.with_action(plan, None, action) for action in (*Action, "replace")),
        selections.of_any_type(plan),
        selections.with_tags(plan),
    ]
    reached = 0
    for selection in chosen:
        for path in paths(selection):
            with suppress(UnknownName):  # not every resource has tags, and none has a nowhere
                for relation in RELATIONS[reached % 3 :: 3]:
                    judge_one(selection, path, "every" if reached % 2 else "some", relation)
                    reached += 1
                narrowed = selections.keep(selection, path, RELATIONS[0])
                resources.refer(narrowed, path, selection.resources[0].type)
                how = tuple(no_weaker.COMPARISONS)[reached % len(no_weaker.COMPARISONS)]
                no_weaker.hold_change(selection, how, path)
        assert resources.count(selection, minimum=1).verdict in {"satisfied", "violated"}
    for judged in (
        wider_network.let_in_no_more(plan, wider_network.openings(plan)),
        wider_permissions.allow_no_more(plan),
    ):
        assert {each.address for each in judged.findings} <= set(judged.examined)
    return reached


def judge_one(selection: Selection, path: str, quantifier: str, relation: Relation) -> None:
    """Judge a demand and the opposite prohibition."""
    for negated in (False, True):
        judged = resources.hold(selection, quantifier, path, relation, "", negated=negated)
        assert {each.address for each in judged.findings} <= set(judged.examined)


def paths(selection: Selection) -> list[str]:
    """Some paths into the first resource of a selection: an attribute, inside it, and a search."""
    if not selection.resources:
        return []
    entries = [name for name, _ in selection.resources[0].values.entries()]
    here = [f'"{name}"' for name in (*entries[:1], *entries[-1:]) if '"' not in name]
    return [*here, *(f"{name}[*]" for name in here), "tags.Name", "nowhere", "$..id"]


def test_the_corpus_is_there_where_it_is_required() -> None:
    assert CORPUS is not None
    assert len(list(files("plans"))) == PLANS_IN_CORPUS


def test_every_real_plan_is_judged_or_refused_for_a_listed_reason() -> None:
    refused: dict[str, int] = defaultdict(int)
    judged = 0
    for path in files("plans"):
        try:
            plan = decode(path.read_bytes(), "the plan")
            judged += not plan.changes or judge_generically(plan) > 0
            kinds.notice(plan)
        except PlanError as error:
            listed = [words for words in REFUSED if words in str(error)]
            assert len(listed) == 1, f"{path.name}: refused for a reason that is not listed"
            refused[listed[0]] += 1
    assert refused == REFUSED
    assert judged >= PLANS_IN_CORPUS - sum(REFUSED.values())


def test_every_value_of_every_real_plan_can_be_shown_and_none_that_is_marked() -> None:
    for path in (*files("plans"), *files("made")):
        try:
            plan = decode(path.read_bytes(), "the plan")
        except PlanError:
            continue
        for change in plan.changes:
            for place in (change.after, change.before):
                assert place.shown.encode()
                for _, value in place.entries():
                    hidden = value.sensitive and isinstance(value.peek(), Known)
                    assert (value.shown == "(sensitive)") >= hidden, path.name


def refusal(path: Path) -> str:
    """What the command line says about a file that it does not judge: one line, naming the file."""
    result = CliRunner().invoke(main, ["check", "--no-checkov", str(path)])
    assert result.exit_code == 2, path.name
    assert isinstance(result.exception, SystemExit), path.name
    message = result.stderr.strip()
    assert message.startswith(f"planspec: {path}: "), path.name
    assert "\n" not in message, path.name
    assert "Traceback" not in result.output, path.name
    assert not result.stdout, path.name
    return message.removeprefix(f"planspec: {path}: ")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_wrong_file_has_a_message_of_its_own(kind: str) -> None:
    spoken: set[str] = set()
    for path in files(f"not-plans/{kind}"):
        message = refusal(path)
        words = [each for each in KINDS[kind] if message.startswith(each)]
        assert words, f"{path.name}: not called what its kind is called"
        spoken.update(words)
    assert CORPUS is None or spoken == set(KINDS[kind])


def test_no_two_kinds_share_their_words_unless_they_are_listed() -> None:
    speakers: dict[str, list[str]] = defaultdict(list)
    for kind, phrases in KINDS.items():
        for words in phrases:
            speakers[words].append(kind)
    assert {tuple(kinds) for kinds in speakers.values() if len(kinds) > 1} == SHARED


def test_every_folder_of_wrong_files_is_a_kind() -> None:
    kinds = {path.parent.name for path in files("not-plans")}
    assert kinds == {*KINDS, "made"}


@pytest.mark.parametrize("name", MADE_WRONG)
def test_every_made_file_is_refused_for_what_was_done_to_it(name: str) -> None:
    paths_of = {path.stem: path for path in files("not-plans/made")}
    assert paths_of.keys() == MADE_WRONG.keys()
    if MADE_WRONG[name] is UNTOUCHED and is_blocked_by_its_configuration(paths_of[name]):
        return
    assert MADE_WRONG[name] in refusal(paths_of[name])


def is_blocked_by_its_configuration(path: Path) -> bool:
    """Whether a variable or a provider of a plan is violated, while no resource of it was examined."""
    result = CliRunner().invoke(main, ["check", "--no-checkov", str(path)])
    blocked: bool = result.exit_code == 1
    assert not blocked or "judged 0 of" in result.stdout, path.name
    return blocked


@pytest.mark.parametrize("name", [name for name, reason in MADE.items() if reason is None])
def test_a_rare_shape_that_is_complete_is_judged(name: str) -> None:
    (path,) = (path for path in files("made") if path.stem == name)
    plan = decode(path.read_bytes(), "the plan")
    kinds.notice(plan)
    assert judge_generically(plan)


@pytest.mark.parametrize("name", MADE_KINDS)
def test_a_rare_shape_is_of_the_kinds_that_are_documented(name: str) -> None:
    (path,) = (path for path in files("made") if path.stem == name)
    plan = decode(path.read_bytes(), "the plan")
    assert tuple(kind.name for kind in kinds.KINDS if kind.told(plan)) == MADE_KINDS[name]
    answers = {kind.name: kind.answer for kind in kinds.KINDS}
    refused = "refuse" in {answers[kind] for kind in MADE_KINDS[name]}
    assert refused is (MADE[name] is not None)


def test_every_rare_shape_is_a_kind_of_plan_or_no_plan() -> None:
    assert MADE_KINDS.keys() | NO_PLANS == MADE.keys()


def test_a_rare_shape_that_is_not_judged_is_refused_by_the_command_line() -> None:
    for path, reason in made("made", MADE).items():
        if reason is not None:
            assert reason in refusal(path), path.name


@pytest.mark.parametrize(
    "name",
    [
        "cloud-plan-bookmark/VictoriaParkes+learn-terraform-plan__tfplan@3b301b13",
        "made/duplicate_keys.json",
        "made/deep.json",
    ],
)
def test_the_installed_command_refuses_like_the_one_in_process(name: str) -> None:
    assert CORPUS is not None
    path = CORPUS / "not-plans" / name
    command = [sys.executable, "-m", "planspec", "check", "--no-checkov", str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.strip() == f"planspec: {path}: {refusal(path)}"
