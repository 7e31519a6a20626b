"""What does the plan change?"""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from planspec import NULL, UNKNOWN, Action, Known, Mode, decode, read
from planspec.errors import BrokenDocument, NotJudgeable, PlanError, UnknownFormat
from planspec.plan import Noting, admission
from planspec.source import NO_SOURCE, ModuleSource, Source
from tests.support.plans import Sensitive, change, document, encode, plan, resource

ROW = resource(size=1)
BUCKET = "aws_s3_bucket"


@pytest.mark.parametrize(
    ("actions", "will_exist", "destroyed", "replaced"),
    [
        (["no-op"], True, False, False),
        (["create"], True, False, False),
        (["update"], True, False, False),
        (["delete", "create"], True, True, True),
        (["create", "delete"], True, True, True),
        (["delete"], False, True, False),
        (["forget"], False, False, False),
        (["create", "forget"], True, False, True),
        (["forget", "create"], True, False, True),
        (["open"], False, False, False),
    ],
)
def test_actions_are_a_set_whose_order_does_not_matter(
    actions: list[str], *, will_exist: bool, destroyed: bool, replaced: bool
) -> None:
    before = {"size": 2 if actions == ["no-op"] else 1}
    given = change(actions=actions, before=None if actions == ["create"] else before, size=2)
    assert given.actions == {Action(action) for action in actions}
    assert (given.will_exist, given.destroyed, given.replaced) == (will_exist, destroyed, replaced)


def test_values_are_those_after_the_change_or_before_it_for_an_object_that_goes() -> None:
    assert change(actions=["update"], before={"size": 1}, size=2).values.get("size").reading == Known(2)
    gone = change(actions=["delete"], before={"size": 1})
    assert gone.values.get("size").reading == Known(1)
    assert gone.after.get("size").reading is NULL


def test_marks_of_the_two_sides_are_kept_apart() -> None:
    given = change(actions=["update"], before={"size": Sensitive("old-text")}, size="new-text")
    assert given.before.get("size").shown == "(sensitive)"
    assert given.after.get("size").shown == '"new-text"'


def without_after(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry as somebody wrote it who left out the values."""
    return entry | {"change": {"actions": entry["change"]["actions"]}}


def test_a_created_object_without_values_is_unknown_and_not_gone() -> None:
    (given,) = plan(without_after(resource())).changes
    assert given.will_exist
    assert given.after.get("size").reading is UNKNOWN


def test_a_data_source_that_is_read_without_values_is_gone_or_never_there() -> None:
    (given,) = plan(without_after(resource(mode="data", actions=["read"]))).changes
    assert not given.will_exist


def test_a_deposed_object_does_not_remain_beside_the_new_one_of_its_address() -> None:
    both = plan(
        resource(size=2, actions=["update"], before={"size": 1}),
        resource(deposed="23af97a9", actions=["delete"], before={"size": 0}),
        resource(deposed="23af97aa", actions=["no-op"], before={"size": 0}, size=0),
    )
    assert len({each.address for each in both.changes}) == 1
    (remaining,) = both.remaining("aws_db_instance")
    assert remaining.values.get("size").reading == Known(2)
    assert len(both.resources("aws_db_instance")) == 3


@pytest.mark.parametrize(
    ("index", "key"),
    [
        pytest.param(None, None, id="none"),
        pytest.param(0, 0, id="number 0"),
        pytest.param("0", "0", id="text 0"),
        pytest.param("a.b[0]", "a.b[0]", id="dots and brackets"),
        pytest.param(1.0, 1, id="float"),
        pytest.param("", "", id="empty text"),
    ],
)
def test_index_0_is_neither_the_text_0_nor_no_index(index: Any, key: str | int | None) -> None:
    given = change(index=index)
    assert given.index_key == key
    assert type(given.index_key) is type(key)


def test_resource_and_data_source_of_one_name_are_different_objects() -> None:
    both = plan(resource(BUCKET, "b"), resource(BUCKET, "b", mode="data", actions=["read"]))
    assert [each.address for each in both.remaining(BUCKET)] == ["aws_s3_bucket.b"]
    assert [each.address for each in both.remaining(BUCKET, mode=Mode.DATA)] == ["data.aws_s3_bucket.b"]


def test_an_entry_says_what_it_is_where_it_was_and_why() -> None:
    entry = resource(BUCKET, "b", module='module.m["p"]', actions=["no-op"], index=0) | {
        "previous_address": "aws_s3_bucket.old",
        "action_reason": "replace_because_tainted",
    }
    (given,) = plan(entry).changes
    assert given.address == 'module.m["p"].aws_s3_bucket.b[0]'
    assert (given.type, given.name, given.module_address) == (BUCKET, "b", 'module.m["p"]')
    assert (given.previous_address, given.action_reason) == (
        "aws_s3_bucket.old",
        "replace_because_tainted",
    )
    assert given.provider.endswith("/aws")
    assert repr(given) == f"<{given.address}: no-op>"


def test_hand_made_entries_may_leave_out_what_can_be_told_without() -> None:
    entry = {"type": "t", "name": "n", "change": {"actions": ["create"], "after": {"a": 1}}}
    (given,) = plan(entry).changes
    assert (given.address, given.mode, given.will_exist) == ("t.n", Mode.MANAGED, True)
    assert given.after.get("a").reading == Known(1)


@pytest.mark.parametrize(
    ("entry", "phrase"),
    [
        pytest.param(resource(actions=["frobnicate"]), 'action "frobnicate" is not known', id="action"),
        pytest.param(resource(actions=["create", "x"]), 'action "x" is not known', id="one of two"),
        pytest.param(resource(mode="list"), 'mode "list" is not known', id="mode"),
    ],
)
def test_what_a_newer_terraform_may_mean_is_refused_by_address(
    entry: dict[str, Any], phrase: str
) -> None:
    with pytest.raises(UnknownFormat, match=phrase) as caught:
        plan(entry)
    assert str(caught.value).startswith(f"plan.json: {entry['address']}: ")


def test_an_entry_without_an_action_is_refused() -> None:
    with pytest.raises(BrokenDocument, match=r"aws_db_instance\.orders: no action"):
        plan(resource(actions=[]))
    with pytest.raises(BrokenDocument, match="no action"):
        plan({"type": "t", "name": "n"})


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0", "1.2", "1.99"])
def test_every_format_of_the_known_major_versions_is_read(version: str) -> None:
    assert plan(ROW, format_version=version).format_version == version


@pytest.mark.parametrize("version", ["2.0", "10.0"])
def test_another_major_version_is_refused(version: str) -> None:
    with pytest.raises(UnknownFormat, match=f"plan format {version};"):
        plan(ROW, format_version=version)


@pytest.mark.parametrize(
    "sections",
    [
        {"resource_changes": {}},
        {"resource_changes": [1]},
        {"resource_changes": [{"change": {"actions": "create"}, "type": "t"}]},
        {"resource_changes": [{"change": {"actions": [1]}, "type": "t"}]},
        {"resource_changes": [{"change": [], "type": "t"}]},
        {"resource_changes": [{"name": "no type"}]},
        {"format_version": 1.2},
        {"errored": "yes"},
    ],
)
def test_a_section_of_another_type_is_refused(sections: dict[str, Any]) -> None:
    with pytest.raises(BrokenDocument, match="so the plan was edited"):
        decode(encode(document(ROW) | sections), "plan.json")


@pytest.mark.parametrize(
    ("section", "content"),
    [
        ("configuration", '{"root_module":{"resources":5}}'),
        ("configuration", '{"root_module":{"resources":[5]}}'),
        ("configuration", '{"root_module":{"module_calls":5}}'),
        ("configuration", '{"root_module":{"a":1,"a":2}}'),
        ("configuration", "[]"),
    ],
)
def test_an_edited_configuration_is_refused_when_it_is_read(section: str, content: str) -> None:
    text = encode(document(ROW)).replace(b'"planned_values"', f'"{section}":{content},"x"'.encode())
    edited = decode(text, "plan.json")
    with pytest.raises(BrokenDocument, match=r"^plan\.json: "):
        _ = edited.configuration


@pytest.mark.parametrize("content", ['{"values":5}', '{"values":{"root_module":{"resources":{}}}}', "1"])
def test_an_edited_prior_state_is_refused_when_it_is_read(content: str) -> None:
    text = encode(document(ROW)).replace(b'"planned_values"', f'"prior_state":{content},"x"'.encode())
    with pytest.raises(BrokenDocument, match=r"^plan\.json: prior_state: "):
        _ = decode(text, "plan.json").data_sources


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b'{"format_version"', b'{"resource_changes":[],"format_version"', id="top"),
        pytest.param(b'"mode":"managed"', b'"mode":"managed","type":"x"', id="entry"),
        pytest.param(b'"actions":', b'"actions":["no-op"],"actions":', id="change"),
        pytest.param(b'"size":1', b'"size":2,"size":1', id="values"),
        pytest.param(b'"size":1', b'"tags":{"a":1,"a":2},"size":1', id="nested values"),
        pytest.param(b'"size":1', b'"size" : 2, "size" : 1', id="space before the colon"),
        pytest.param(b'"size":1', b'"size":2,"size":1,"x":"\\u0022:"', id="escaped quote"),
        pytest.param(b'"size":1', b'"size":2,"size":1,"x":"\\u003a"', id="escaped colon"),
        pytest.param(b'"variables":{', b'"variables":{"v":{"value":1},', id="variables"),
    ],
)
def test_a_key_that_stands_twice_is_refused_wherever_it_stands(old: bytes, new: bytes) -> None:
    text = encode(document(ROW, variables={"v": {"value": 2}}))
    assert old in text
    with pytest.raises(BrokenDocument, match="duplicate"):
        decode(text.replace(old, new), "plan.json")
    pretty = json.dumps(json.loads(text), indent=1).encode()
    decode(pretty, "plan.json")


def test_the_digest_is_that_of_the_file_as_it_was_given() -> None:
    text = encode(document(ROW))
    assert (
        decode(text, "a").digest == decode(text, "b").digest != decode(gzip.compress(text), "a").digest
    )


def test_a_plan_is_read_from_a_path_and_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    with pytest.raises(PlanError, match=r"plan\.json: No such file"):
        read(path)
    path.write_bytes(encode(document(ROW)))
    assert read(path).name == str(path)


def test_what_is_missing_from_a_plan_is_empty() -> None:
    bare = decode(b'{"format_version":"1.2","planned_values":{}}', "plan.json")
    assert bare.changes == ()
    assert bare.variables == {}
    assert bare.data_sources == {}
    assert bare.configuration.root_module.resources == []


def test_root_variables_are_as_they_were_given() -> None:
    given = plan(ROW, variables={"n": {"value": "2"}, "o": {"value": {"a": [True]}}}).variables
    assert given["n"].reading == Known("2")
    assert given["o"].get("a", 0).reading == Known(True)


def test_data_sources_read_while_planning_stand_in_prior_state() -> None:
    state = {
        "values": {
            "root_module": {
                "resources": [
                    {"address": "data.t.d", "mode": "data", "type": "t", "values": {"a": 1}},
                    {"address": "t.r", "mode": "managed", "type": "t", "values": {}},
                    {"address": "x.y", "mode": "a mode to come", "type": "x"},
                ],
                "child_modules": [
                    {
                        "address": "module.m",
                        "resources": [
                            {
                                "address": "module.m.data.t.d",
                                "mode": "data",
                                "type": "t",
                                "values": {"a": "text"},
                                "sensitive_values": {"a": True},
                            }
                        ],
                    }
                ],
            }
        }
    }
    found = plan(ROW, prior_state=state).data_sources
    assert list(found) == ["data.t.d", "module.m.data.t.d"]
    assert found["data.t.d"].values.get("a").reading == Known(1)
    assert found["module.m.data.t.d"].values.get("a").shown == "(sensitive)"


DRIFT = {"address": "t.n", "change": {"actions": ["update"]}}


@pytest.mark.parametrize(
    ("sections", "phrase"),
    [
        pytest.param({"errored": True}, "planning failed", id="errored"),
        pytest.param({"complete": False}, "-target", id="target"),
        pytest.param({"deferred_changes": [{}]}, "1 change is deferred", id="deferred"),
        pytest.param({"resource_changes": []}, "no resource change", id="empty"),
        pytest.param(
            {"resource_changes": None, "resource_drift": [DRIFT]}, "1 drifted", id="refresh-only"
        ),
    ],
)
def test_a_plan_that_shows_only_half_is_not_judged(sections: dict[str, Any], phrase: str) -> None:
    with pytest.raises(NotJudgeable, match=phrase):
        admission.notice(decode(encode(document(ROW) | sections), "plan.json"))


@pytest.mark.parametrize("sections", [{}, {"complete": True, "errored": False}, {"applyable": False}])
def test_a_complete_plan_is_judged(sections: dict[str, Any]) -> None:
    admission.notice(plan(ROW, **sections))


def test_reads_are_noted_by_address_and_path() -> None:
    given = plan(ROW, resource(BUCKET, "b", size=2))
    _ = given.changes[1].after.get("size").reading
    assert list(given.noting.places) == [("aws_s3_bucket.b", "size")]


def test_a_plan_that_two_hold_is_changed_by_neither() -> None:
    given = plan(ROW, resource(BUCKET, "b", size=2))
    noted, silent = given.for_run(Noting(), "schemas"), given.for_run(Noting(wanted=False))
    for held in (noted, silent):
        _ = held.changes[1].after.get("size").reading
    read = ("aws_s3_bucket.b", "size")
    assert [list(each.noting.places) for each in (given, noted, silent)] == [[], [read], []]
    assert [each.provided(str) for each in (given, noted, silent)] == [None, "schemas", None]
    stated = Source(lambda _: ModuleSource("", {}))
    sourced = given.with_source(stated, lambda _, change: change.planned.get("size"))
    assert (given.source, sourced.source) == (NO_SOURCE, stated)
    assert sourced.changes[1].after.peek() == Known(2)
    assert sourced.for_run(Noting()).changes[1].after.peek() == Known(2)
    assert given.changes[1].after.peek() == Known({"size": 2})
    assert sourced.find("aws_s3_bucket.b") is sourced.changes[1]


def test_a_plan_that_was_read_already_is_noted_by_the_next_run() -> None:
    given = plan(ROW)
    assert given.find("aws_db_instance.orders") is given.changes[0]
    assert given.changes[0].after.get("size").peek() == Known(1)
    run = given.for_run(Noting())
    assert run.find("aws_db_instance.orders") is run.changes[0]
    assert run.changes[0].after.get("size").reading == Known(1)
    assert run.noting.places
    assert not given.noting.places


def test_what_is_decoded_while_nothing_is_noted_is_noted_later() -> None:
    given = plan(ROW)
    with given.noting.paused():
        _ = given.changes[0].after.get("size").reading
    assert not given.noting.places
    _ = given.changes[0].after.get("size").reading
    assert given.noting.places


@pytest.mark.parametrize(("wanted", "times"), [(False, 1), (True, 2)])
def test_what_is_made_once_is_made_for_each_who_notes_reads(*, wanted: bool, times: int) -> None:
    held = plan(ROW).for_run(Noting(wanted=wanted))
    made: list[str] = []

    def build(_: object, word: str) -> str:
        made.append(word)
        return word

    assert [held.once(build, "a"), held.once(build, "a")] == ["a", "a"]
    assert made == ["a"] * times
    assert held.once(build, "b") == "b"
