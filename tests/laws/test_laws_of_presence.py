"""Is what the source settles right, whatever an undecided condition will be?

Any expression with the condition in it stands in a source beside a plan that leaves its value open;
what is judged of that must hold of both plans in which the condition is decided.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planspec import Plan, Verdict
from planspec.judgements.generic import relations, resources
from planspec.judgements.generic.relations import Relation
from planspec.judgements.generic.selections import Selection
from planspec.judgements.observability.alarm_actions import alarms, somebody_is_told
from planspec.references.reference_graph import with_source
from planspec.source.module import ModuleSource
from planspec.source.source import Source
from tests.support.conditions import LISTS, MAPS, POSITIONS, REFERENCE, SEED, TEXTS, Written
from tests.support.plans import block, configuration, plan, refers, resource

RELATIONS: dict[str, Relation] = {
    "is set": relations.is_set,
    "is a": relations.equals("a"),
    "is one of b, c": relations.one_of(["b", "c"]),
    "contains a": relations.contains("a"),
    "matches": relations.matches("[ab]"),
}
DECIDED = (Verdict.SATISFIED, Verdict.VIOLATED)
Verdicts = dict[tuple[object, ...], Verdict]


def judged(found: Plan, paths: tuple[str, ...]) -> Verdicts:
    """Every outcome about the last resource of a plan."""
    return dict(_judged(found, paths))


def _judged(found: Plan, paths: tuple[str, ...]) -> Iterator[tuple[tuple[object, ...], Verdict]]:
    change = found.changes[-1]
    chosen = Selection(found, (change,), (change,), "it")
    for path in paths:
        for name, relation in RELATIONS.items():
            for quantifier in ("every", "some"):
                for negated in (False, True):
                    held = resources.hold(chosen, quantifier, path, relation, "", negated=negated)
                    yield (quantifier, path, name, negated), held.verdict


def planned(argument: str, value: Any, source: str = "") -> Plan:
    """A plan in which an argument of `t.r` has this value; with the source beside it, if any."""
    names = refers("t.seed.id", "t.seed") if SEED in source else {}
    # Blocks that are `dynamic` are not in plan JSON.
    written: dict[str, Any] = {} if "dynamic" in source else {argument: names}
    found = plan(
        resource("t", "seed", id=...),
        resource("t", "r", **{argument: value}),
        configuration=configuration(block("t", "seed"), block("t", "r", **written)),
    )
    if source:
        text = f'resource "t" "seed" {{}}\nresource "t" "r" {{\n{source}\n}}\n'
        found = with_source(found, Source(lambda _: ModuleSource("", {"main.tf": text.encode()})))
    return found


def hold_either_way(
    argument: str, source: str, comes_to: tuple[Any, Any], paths: tuple[str, ...]
) -> Verdicts:
    """Judge the undecided plan, and each of the two with the condition decided in the source only."""
    either = [judged(planned(argument, value), paths) for value in comes_to]
    told = judged(planned(argument, ..., source), paths)
    alone = judged(planned(argument, ...), paths)
    for question, verdict in told.items():
        if verdict in DECIDED:
            assert [each[question] for each in either] == [verdict, verdict], (source, question)
        if alone[question] in DECIDED:
            assert verdict is alone[question], (source, question)
    for text, right in zip(("true", "false"), either, strict=True):
        literal = judged(planned(argument, ..., source.replace(SEED, text)), paths)
        for question, verdict in literal.items():
            assert verdict not in DECIDED or verdict is right[question], (source, text, question)
    return told


@settings(deadline=None)
@given(LISTS)
def test_elements_of_any_list_are_there_as_surely_as_said(written: Written) -> None:
    paths = ("a", "a[*]", "a[0]", "a[1]")
    either = (written.come_to(True), written.come_to(False))
    hold_either_way("a", f"  a = {written.text}", either, paths)


@settings(deadline=None)
@given(MAPS)
def test_members_of_any_map_are_there_as_surely_as_said(written: Written) -> None:
    paths = ("a", "a.a", "a.b", "a.*")
    either = (written.come_to(True), written.come_to(False))
    hold_either_way("a", f"  a = {written.text}", either, paths)


@settings(deadline=None)
@given(TEXTS)
def test_a_text_is_what_it_surely_is(written: Written) -> None:
    either = (written.come_to(True), written.come_to(False))
    hold_either_way("a", f"  a = {written.text}", either, ("a",))


@settings(deadline=None)
@given(LISTS | MAPS, st.booleans())
def test_blocks_over_any_collection_are_there_as_surely_as_said(written: Written, beside: bool) -> None:
    static = '  a {\n    name = "b"\n    key  = "k"\n  }\n' if beside else ""
    source = (
        f'{static}  dynamic "a" {{\n    for_each = {written.text}\n'
        '    content {\n      name = a.value\n      key  = "k"\n    }\n  }'
    )
    paths = ("a", "a[*]", "a[*].name", "a[*].key", "a[0].name")
    first, second = (_blocks(written.come_to(decided), beside=beside) for decided in (True, False))
    hold_either_way("a", source, (first, second), paths)


def _blocks(collection: Any, *, beside: bool) -> list[dict[str, str]]:
    is_map = isinstance(collection, dict)
    values = [collection[key] for key in sorted(collection)] if is_map else collection
    made = [{"name": each, "key": "k"} for each in values]
    return [{"name": "b", "key": "k"}, *made] if beside else made


STOPPED = None
"""What a plan comes to at which Terraform stops with an error."""


# Each has the value {}.
VARIABLES = {
    "var.any": "any",
    "var.strict": "map(string)",
    "var.loose": "object({ a = optional(string) })",
}


def referring(kind: str, argument: str, written: Written) -> Plan:
    """A plan in which an argument holds `aws_sns_topic.t.arn` where the expression has the reference."""
    text = written.text.replace(f'"{REFERENCE}"', "aws_sns_topic.t.arn")
    names = (
        *(("t.seed.id", "t.seed") if SEED in text else ()),
        *(("aws_sns_topic.t.arn", "aws_sns_topic.t") if "aws_sns_topic" in text else ()),
        *(name for each in VARIABLES if each in text for name in (f"{each}.a", each)),
    )
    open_one: dict[str, Any] = {argument: ...}
    written_so: dict[str, Any] = {argument: refers(*names)}
    found = plan(
        resource("t", "seed", id=...),
        resource("aws_sns_topic", "t", arn=...),
        resource(kind, "r", **open_one),
        configuration=configuration(
            block("t", "seed"),
            block("aws_sns_topic", "t"),
            block(kind, "r", **written_so),
        ),
        variables={name.removeprefix("var."): {"value": {}} for name in VARIABLES},
    )
    source = f'resource "aws_sns_topic" "t" {{}}\nresource "{kind}" "r" {{\n  {argument} = {text}\n}}\n'
    source += 'resource "t" "seed" {}\n'
    for name, type_of in VARIABLES.items():
        source += f'variable "{name.removeprefix("var.")}" {{\n  type = {type_of}\n}}\n'
    return with_source(found, Source(lambda _: ModuleSource("", {"main.tf": source.encode()})))


def come_to(written: Written) -> list[Any]:
    """What the expression comes to either way, without the plans at which Terraform stops."""
    found = []
    for decided in (True, False):
        try:
            found.append(written.come_to(decided))
        except (IndexError, KeyError, ZeroDivisionError):
            found.append(STOPPED)
    return [each for each in found if each is not STOPPED]


def is_left_open(left: list[Any]) -> bool:
    """Whether a plan leaves it open: what is the same text either way can be known in it."""
    return any(REFERENCE in each or each != left[0] for each in left)


@settings(deadline=None, max_examples=300)
@given(POSITIONS)
def test_what_refers_does_so_whatever_apply_decides(written: Written) -> None:
    found = referring("t", "a", written)
    change = found.changes[-1]
    chosen = Selection(found, (change,), (change,), "it")
    verdict = resources.refer(chosen, "a", "aws_sns_topic").verdict
    left = come_to(written)
    assume(is_left_open(left))
    refers_to_it = [each == REFERENCE for each in left]
    if any(refers_to_it):
        assert verdict is not Verdict.VIOLATED, written.text
    if not all(refers_to_it):
        assert verdict is not Verdict.SATISFIED, written.text


@settings(deadline=None, max_examples=300)
@given(LISTS)
def test_an_alarm_tells_somebody_whatever_apply_decides(written: Written) -> None:
    made = referring("aws_cloudwatch_metric_alarm", "alarm_actions", written)
    verdict = somebody_is_told(made, alarms(made)).verdict
    assume(is_left_open(come_to(written)))
    # A text beside it is no ARN: where it is stated, nobody is told.
    if any(each and set(each) == {REFERENCE} for each in come_to(written)):
        assert verdict is not Verdict.VIOLATED, written.text
    if not all(REFERENCE in each for each in come_to(written)):
        assert verdict is not Verdict.SATISFIED, written.text


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        # An element that apply decides between texts is as open as the reference beside it.
        ('concat([REF, (t.seed.id == "x" ? "a" : "b")], compact([]))[1]', Verdict.UNDETERMINED),
        ('element(concat([REF, (t.seed.id == "x" ? "a" : "b")], compact([])), 1)', Verdict.UNDETERMINED),
        # What surely is an error gives the fallback, and a sure text reaches nothing behind it.
        ('coalesce(try(tomap({})["a"], "a"), REF)', Verdict.VIOLATED),
        ('coalesce(try(tomap({ b = "c" })["a"], "a"), REF)', Verdict.VIOLATED),
        ('coalesce(try({}.a, "a"), REF)', Verdict.VIOLATED),
        (
            f'coalesce(try({{ for k, v in {{ b = "c" }} : k => v if {SEED} }}["a"], "a"), REF)',
            "violated",
        ),
        ('coalesce(try(merge({}, { b = "c" }).a, "a"), REF)', Verdict.VIOLATED),
        ('coalesce(try(tomap({ a = "b" })["a"], REF), REF)', Verdict.VIOLATED),
        (f'coalesce(try(({SEED} ? tomap({{}}) : tomap({{}}))["a"], "a"), REF)', Verdict.UNDETERMINED),
        (f'coalesce(try({SEED} ? tomap({{}})["a"] : "b", "a"), REF)', Verdict.UNDETERMINED),
        ('coalesce(try(tomap({})["a"], ""), REF)', Verdict.SATISFIED),
        ('try(tomap({})["a"], REF)', Verdict.SATISFIED),
        ('try(coalesce(try(tomap({})["a"], ""), ""), REF)', Verdict.SATISFIED),
        # The type of a variable may give a member that nobody gave a default.
        ('coalesce(try(var.loose.a, ""), REF)', Verdict.SATISFIED),
        ('coalesce(try(var.strict["a"], "a"), REF)', Verdict.VIOLATED),
        ('coalesce(try(var.any.a, "a"), REF)', Verdict.VIOLATED),
        ("try(var.any.a, REF)", Verdict.SATISFIED),
    ],
)
def test_a_member_that_is_not_there_is_an_error(text: str, verdict: Verdict) -> None:
    written = Written(text.replace("REF", f'"{REFERENCE}"'), lambda _, __: None)
    found = referring("t", "a", written)
    change = found.changes[-1]
    chosen = Selection(found, (change,), (change,), "it")
    assert resources.refer(chosen, "a", "aws_sns_topic").verdict == verdict
