"""Does every kind of plan have the consequence that docs/plan-kinds.md states?"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from planspec import decode
from planspec.cli.app import main
from planspec.errors import BrokenDocument, NotJudgeable
from planspec.plan import admission
from planspec.saved import PlanMode, Way
from tests.support.plans import (
    block,
    call,
    configuration,
    constant,
    document,
    encode,
    module,
    refers,
    resource,
)

PAGE = Path(__file__).parents[3] / "docs" / "plan-kinds.md"
ROWS = re.findall(r"^\| `([\w-]+)` \| [^|]+ \| (\w+) \| ([^|]*)\|", PAGE.read_text("utf-8"), re.M)
FEATURE = """Feature: F
  Scenario: Databases are encrypted
    When we examine every planned "aws_db_instance"
    Then every "storage_encrypted" must be "true"

  Scenario: No database is destroyed
    When we examine every change of "aws_db_instance" with action "delete"
    Then there must be none
"""
GOOD = resource("aws_db_instance", "good", storage_encrypted=True)
WRITTEN = configuration(block("aws_db_instance", "good"))
LOST = configuration(block("aws_db_instance", "good"), block("aws_s3_bucket", "lost"))
COMPLETE = {"complete": True, "errored": False}


def full(*resources: Mapping[str, Any], **sections: Any) -> dict[str, Any]:
    """A plan with a configuration that holds the database."""
    return document(*(resources or (GOOD,)), **({"configuration": WRITTEN} | sections))


def going(**more: Any) -> dict[str, Any]:
    """The database, with other keys in its entry."""
    return GOOD | more


def changed(*actions: str) -> dict[str, Any]:
    """The database, which exists already."""
    before = {"storage_encrypted": True}
    return resource("aws_db_instance", "good", actions=actions, before=before, storage_encrypted=True)


def with_change(**more: Any) -> dict[str, Any]:
    """The database, with other keys in its change."""
    entry = changed("no-op")
    return entry | {"change": entry["change"] | more}


# A plan of each kind: what it is, its exit code unless accepted, and words that name what was seen.
PLANS: dict[str, tuple[dict[str, Any], int, str]] = {
    "errored": (full(errored=True, complete=False), 2, "planning failed"),
    "empty": (full() | {"resource_changes": None}, 2, "no resource change to judge"),
    "deferred": (
        full(
            complete=False,
            deferred_changes=[
                {"reason": "instance_count_unknown", "resource_change": {"address": "t.later[*]"}}
            ],
        ),
        2,
        "1 change is deferred to a later plan and not in this one: t.later[*]",
    ),
    "incomplete": (full(complete=False), 2, "the plan is incomplete"),
    "unmarked": (
        full(configuration=LOST, terraform_version="1.5.7"),
        2,
        "1 block is written and not planned: aws_s3_bucket.lost; planning failed",
    ),
    "unknown-action": (
        full(resource("t", "n", actions=["frobnicate"])),
        2,
        'action "frobnicate" is not known',
    ),
    "unknown-mode": (full(GOOD | {"mode": "list"}), 2, 'mode "list" is not known'),
    "unknown-format": (full(format_version="2.0"), 2, "plan format 2.0"),
    "failed-checks": (
        full(checks=[{"address": {"kind": "check", "to_display": "check.up"}, "status": "fail"}]),
        1,
        "blocks: 1 check is failing: check.up",
    ),
    "actions": (
        full(action_invocations=[{"address": "action.aws_lambda_invoke.go", "type": "x"}]),
        1,
        "they do: action.aws_lambda_invoke.go",
    ),
    "unplanned": (
        full(configuration=LOST, **COMPLETE),
        0,
        "note: 1 block is written and not planned: aws_s3_bucket.lost",
    ),
    "undecided-checks": (
        full(checks=[{"address": {"to_display": "check.up"}, "status": "unknown"}]),
        0,
        "note: 1 check is known after apply: check.up",
    ),
    "destroy": (full(changed("delete")), 1, "note: a destroy plan"),
    "unchanged": (full(changed("no-op")), 0, "note: nothing will change"),
    "forgotten": (
        full(GOOD, resource("t", "n", actions=["forget"], before={})),
        0,
        "note: 1 object is dropped from Terraform's management, not destroyed: t.n",
    ),
    "moved": (
        full(changed("no-op") | {"previous_address": "aws_db_instance.old"}),
        0,
        "note: 1 object is moved to another address: aws_db_instance.good",
    ),
    "imported": (
        full(with_change(importing={"id": "x"})),
        0,
        "note: 1 object is imported: aws_db_instance.good",
    ),
    "generated": (
        full(with_change(importing={"id": "x"}, generated_config="resource ...")),
        0,
        "note: 1 object is configured by generated text alone",
    ),
    "deposed": (
        full(GOOD, resource("t", "n", actions=["delete"], before={}, deposed="23af97a9")),
        0,
        "note: 1 object is left of a replacement that failed: t.n",
    ),
    "drifted": (
        full(resource_drift=[resource("t", "n", actions=["update"], before={"a": 1})]),
        0,
        "note: 1 object was changed outside Terraform",
    ),
    "ephemeral": (
        full(GOOD, resource("t", "n", actions=["open"], mode="ephemeral")),
        0,
        "note: 1 object is opened for one run only: ephemeral.t.n",
    ),
    "newer-format": (full(format_version="1.99"), 0, "note: plan format 1.99 is newer than 1.2"),
    "no-configuration": (document(GOOD), 0, "note: no configuration in it"),
}


def check(folder: Path, plan: dict[str, Any], *options: str) -> Result:
    """Judge a plan by the two requirements about databases."""
    (folder / "f.feature").write_text(FEATURE, encoding="utf-8")
    (folder / "plan.json").write_bytes(encode(plan))
    arguments = ["check", "--no-checkov", "--features", str(folder / "f.feature"), *options]
    return CliRunner().invoke(main, [*arguments, str(folder / "plan.json")])


def test_the_page_lists_every_kind_once_and_nothing_else() -> None:
    listed = [name for name, _, _ in ROWS]
    assert sorted(listed) == sorted(PLANS)
    by_decoder = {"unknown-action", "unknown-mode", "unknown-format"}
    assert {kind.name for kind in admission.KINDS} == set(PLANS) - by_decoder


@pytest.mark.parametrize(("name", "default", "accept"), ROWS, ids=[row[0] for row in ROWS])
def test_every_kind_has_the_consequence_that_the_page_states(
    name: str, default: str, accept: str, tmp_path: Path
) -> None:
    plan, exit_code, says = PLANS[name]
    result = check(tmp_path, plan)
    assert result.exit_code == exit_code, result.output
    said = result.stderr if default == "refuse" else result.stdout
    assert says in said
    assert (exit_code == 2) is (default == "refuse")
    assert ("blocks: " in result.stdout) is (default == "block")
    assert (f"accept it with --accept-plan {name}" in result.output) is bool(accept.strip())
    accepted = check(tmp_path, plan, "--accept-plan", name)
    if accept.strip():
        assert accept.strip() == f"`--accept-plan {name}`"
        assert accepted.exit_code == 0, accepted.output
        assert f"(accepted with --accept-plan {name})" in accepted.stdout
    else:
        assert accepted.exit_code == 2


def test_the_evidence_holds_what_was_noticed_and_how_much_was_judged(tmp_path: Path) -> None:
    plan = full(GOOD, resource("t", "n"), action_invocations=[{"address": "action.t.n", "type": "t"}])
    result = check(tmp_path, plan, "-o", "json", "--accept-plan", "actions")
    record = json.loads(result.stdout)["plan"]
    assert record["blocking"] == []
    assert any("action.t.n (accepted" in note for note in record["notes"])
    assert (record["changes_judged"], record["changes_total"]) == (1, 2)
    assert "judged 1 of 2 changes" in check(tmp_path, plan).stdout.splitlines()[-1]


def test_a_plan_without_anything_rare_is_told_nothing(tmp_path: Path) -> None:
    result = check(tmp_path, full(**COMPLETE))
    assert (result.exit_code, "note" in result.stdout) == (0, False)


@pytest.mark.parametrize(
    "written",
    [
        block("aws_s3_bucket", "x", count=refers("var.on")),
        block("aws_s3_bucket", "x", for_each=refers("local.names")),
        block("aws_s3_bucket", "x", count=constant(0)),
        block("aws_s3_bucket", "x", mode="data"),
    ],
)
def test_a_block_that_may_have_no_instance_is_not_missed(written: dict[str, Any]) -> None:
    found = admission.notice(decode(encode(full(configuration=configuration(written))), "plan.json"))
    assert not found.blocking


def test_a_block_in_a_module_is_missed_unless_the_module_is_repeated() -> None:
    inner = module(block("aws_s3_bucket", "x"), calls={"in": call(module(block("t", "y")))})
    calls = {"once": call(inner), "each": call(inner, for_each=refers("var.names"))}
    plan = full(configuration=configuration(block("aws_db_instance", "good"), calls=calls))
    with pytest.raises(NotJudgeable, match="2 blocks are written and not planned") as raised:
        admission.notice(decode(encode(plan), "plan.json"))
    assert "module.once.aws_s3_bucket.x, module.once.module.in.t.y;" in str(raised.value)


@pytest.mark.parametrize("section", ["checks", "deferred_changes", "action_invocations"])
@pytest.mark.parametrize("content", ["{}", "[1]", '"x"', '[{"address":{},"address":{}}]'])
def test_a_section_of_another_shape_is_refused(section: str, content: str) -> None:
    text = encode(full()).replace(
        b'"planned_values"', f'"{section}":{content},"x":1,"planned_values"'.encode()
    )
    with pytest.raises(BrokenDocument):
        admission.notice(decode(text, "plan.json"))


TOFU = {"terraform_version": "1.11.0", "errored": False}


@pytest.mark.parametrize(
    ("sections", "way", "accepted", "says"),
    [
        (TOFU, Way(excluded=("aws_s3_bucket.lost",)), (), "limited with -exclude aws_s3_bucket.lost"),
        (TOFU, Way(targets=("a.b", "c.d")), (), "limited with -target a.b, c.d, so"),
        (TOFU, Way(targets=("a.b",)), ("incomplete",), "limited with -target a.b"),
        (COMPLETE | {"complete": False}, Way(targets=("a.b",)), (), "limited with -target a.b"),
        (COMPLETE, Way(mode=PlanMode.REFRESH_ONLY), (), "a refresh-only plan"),
        (COMPLETE, Way(mode=PlanMode.DESTROY), (), "a destroy plan"),
        # Neither limited nor failed: the block has `enabled = false`, or is repeated for nothing.
        (TOFU, Way(), (), "1 block is written and not planned: aws_s3_bucket.lost"),
        (TOFU, None, ("unmarked",), "planning failed, or was limited with -target"),
        ({"terraform_version": "1.5.7"}, Way(), ("unmarked",), "planning failed, or was limited"),
    ],
)
def test_a_saved_plan_tells_how_it_was_made(
    sections: Mapping[str, Any], way: Way | None, accepted: tuple[str, ...], says: str
) -> None:
    plan = decode(encode(full(configuration=LOST, **sections)), "tfplan")
    plan.way = way
    refused = says.startswith(("limited", "a refresh")) and not accepted
    if refused:
        with pytest.raises(NotJudgeable, match=re.escape(says)):
            admission.notice(plan, accepted)
        return
    assert says in "; ".join(admission.notice(plan, accepted).notes)


def test_what_a_saved_plan_does_not_tell_is_asked_of_its_json() -> None:
    plan = decode(encode(full(configuration=LOST, **TOFU)), "tfplan")
    with pytest.raises(NotJudgeable, match="accept it with --accept-plan unmarked"):
        admission.notice(plan)
