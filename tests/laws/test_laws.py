"""What holds for every plan, whoever wrote it."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from planspec import Judgement, Plan, ResourceChange, Value, Verdict
from planspec.errors import UnknownName
from planspec.judgements.generic import relations, resources, selections
from planspec.judgements.generic.expect import hold_each
from planspec.judgements.generic.relations import Relation
from planspec.judgements.generic.selections import Selection
from planspec.plan import select
from planspec.schema import names
from tests.support.plans import (
    ATTRIBUTES,
    Sensitive,
    change,
    known_values,
    plan,
    resource,
    several_resources,
    texts,
    value,
    values,
)

PLANS = Path(__file__).parents[2] / "plans"
TODAY = dt.date(2026, 1, 1)
KIND = "aws_thing"
PLANTED = "planted-secret-7f3a"

steps = st.lists(st.sampled_from(["a", "b", "size", "", 0, 1, -1, 7]) | texts, max_size=4)
paths = st.sampled_from(
    [*ATTRIBUTES, "size[*]", "rule[*].a", "rule[0].a[*]", "tags.Owner", "tags.*", "$..a", "policy.a[*]"]
)
everything: tuple[relations.Relation, ...] = (
    relations.is_set,
    relations.equals("1"),
    relations.one_of(["1", "true", "x"]),
    relations.at_least(1),
    relations.at_most(1),
    relations.matches("[a-z]*"),
    relations.contains("a"),
)
some_relation = st.sampled_from(everything)


def of_kind(found: Plan) -> Selection:
    """Every thing of a plan."""
    return selections.of_type(found, KIND)


@given(values, steps)
def test_looking_up_any_path_never_raises(described: Any, path: list[str | int]) -> None:
    place = value(described).get(*path)
    for one in (place, place.document(), *place.elements(), *(each for _, each in place.entries())):
        assert one.reading == one.peek()
        assert isinstance(one.shown, str)
        assert one.is_set in (True, False, None)
        assert one.sensitive in (True, False)


@given(known_values, known_values, known_values, steps)
def test_looking_up_in_marks_of_any_other_shape_never_raises(
    after: Any, after_unknown: Any, after_sensitive: Any, path: list[str | int]
) -> None:
    place = Value(after, after_unknown, after_sensitive).get(*path)
    for one in (place, place.document(), *place.elements(), *(each for _, each in place.entries())):
        assert one.reading == one.peek()
        assert one.shown.encode()


@given(values, paths, some_relation)
def test_selecting_by_any_path_never_raises(described: Any, path: str, relation: Relation) -> None:
    for place in select(value({"size": described, "rule": described}), path):
        assert relation(place) in (True, False, None)


def veiled(tree: Any) -> Iterator[Any]:
    """The tree with one of its parts, or all of it, decided at apply; every way to do that."""
    yield ...
    if isinstance(tree, Sensitive):
        yield from (Sensitive(inner) for inner in veiled(tree.value))
    elif isinstance(tree, dict):
        yield from ({**tree, name: inner} for name, part in tree.items() for inner in veiled(part))
    elif isinstance(tree, list):
        for place, part in enumerate(tree):
            yield from ([*tree[:place], inner, *tree[place + 1 :]] for inner in veiled(part))


# Empty ones too: what is left of a block or list whose members apply decides.
ACCEPTED: tuple[Any, ...] = (1, "x", {}, [], [None])
INSIDE = ("", "[*]", ".*", ".a", "[0].a", "[*].a[*]", "[*][*]")


@given(known_values, st.sampled_from(ATTRIBUTES), st.sampled_from(INSIDE) | st.just("$..a"))
def test_what_apply_decides_never_turns_a_violation_into_a_pass(
    described: Any, name: str, inside: str
) -> None:
    path = inside if inside.startswith("$") else name + inside
    before = verdicts(described, name, path)
    for hidden in veiled(described):
        for asked, verdict in verdicts(hidden, name, path).items():
            assert (before[asked], verdict) != (Verdict.VIOLATED, Verdict.SATISFIED)


def verdicts(after: Any, name: str, path: str) -> dict[str, Verdict]:
    """The verdict on each question about one resource with this attribute."""
    asked = judgements(plan(resource(KIND, "x", **{name: after})), path)
    return {question: judgement.verdict for question, judgement in asked.items()}


@given(known_values, some_relation, st.booleans(), st.integers(0, 1))
def test_what_apply_decides_never_turns_a_wrong_count_into_a_pass(
    described: Any,
    relation: Relation,
    negated: bool,
    limit: int,
) -> None:
    def counted(after: Any) -> list[Verdict]:
        selected = selections.keep(
            of_kind(plan(resource(KIND, "x", size=after))), "size", relation, negated=negated
        )
        return [
            resources.count(selected, minimum=limit).verdict,
            resources.count(selected, maximum=limit).verdict,
        ]

    before = counted(described)
    for hidden in veiled(described):
        for was, becomes in zip(before, counted(hidden), strict=True):
            assert (was, becomes) != (Verdict.VIOLATED, Verdict.SATISFIED)


@given(known_values, st.sampled_from([Verdict.VIOLATED, Verdict.UNDETERMINED]))
def test_what_apply_decides_never_turns_a_wrong_attribute_into_a_pass(
    described: Any, unset: Verdict
) -> None:
    def verdict(after: Any) -> Verdict:
        found = [change(KIND, "x", size=after)]
        return hold_each(found, ("size",), lambda given: given in ACCEPTED, "1", unset=unset).verdict

    before = verdict(described)
    for hidden in veiled(described):
        assert (before, verdict(hidden)) != (Verdict.VIOLATED, Verdict.SATISFIED)


def judgements(found: Plan, path: str) -> dict[str, Judgement]:
    """Every generic question about every thing of a plan; none where no thing has such a name."""
    try:
        selected = of_kind(found)
        names(found).require_path(selected.kinds, selected.resources, path)
        names(found).require_tag(selected.resources, path)
    except UnknownName:
        return {}
    asked = {
        f"{number} {quantifier} {negated}": resources.hold(
            selected, quantifier, path, relation, "", negated=negated
        )
        for number, relation in enumerate(everything)
        for quantifier in ("every", "some")
        for negated in (False, True)
    }
    kept = selections.keep(selected, path, relations.is_set)
    return asked | {
        "refer": resources.refer(selected, path, KIND),
        "at least": resources.count(kept, minimum=2),
        "at most": resources.count(kept, maximum=1),
    }


@given(several_resources, paths, st.randoms(use_true_random=False))
def test_the_order_of_resources_does_not_matter(
    described: list[dict[str, Any]], path: str, random: Any
) -> None:
    shuffled = random.sample(described, len(described))
    one, other = judgements(plan(*described), path), judgements(plan(*shuffled), path)
    for asked, judgement in one.items():
        assert judgement.verdict is other[asked].verdict
        assert sorted(judgement.findings) == sorted(other[asked].findings)
        assert sorted(judgement.examined) == sorted(other[asked].examined)


@given(several_resources, paths)
def test_an_unrelated_resource_changes_nothing(described: list[dict[str, Any]], path: str) -> None:
    unrelated = resource("unrelated_thing", "x", size=1, rule=[{"a": 1}], tags={"Owner": "x"})
    assert judgements(plan(*described), path) == judgements(plan(*described, unrelated), path)


@given(several_resources, paths)
def test_only_examined_resources_are_found(described: list[dict[str, Any]], path: str) -> None:
    for judgement in judgements(plan(*described), path).values():
        assert {finding.address for finding in judgement.findings} <= set(judgement.examined)


def planted(tree: Any) -> Iterator[Any]:
    """The tree with a marked secret in one place; every place."""
    yield Sensitive(PLANTED)
    yield Sensitive([PLANTED])
    yield Sensitive({"a": [{"b": PLANTED}]})
    yield Sensitive(json.dumps({"a": [PLANTED]}))
    if isinstance(tree, dict):
        yield from ({**tree, name: inner} for name, part in tree.items() for inner in planted(part))
    elif isinstance(tree, list):
        for place, part in enumerate(tree):
            yield from ([*tree[:place], inner, *tree[place + 1 :]] for inner in planted(part))


@settings(max_examples=20)
@given(known_values, st.sampled_from(ATTRIBUTES), paths)
def test_a_marked_value_stands_in_no_text(described: Any, name: str, path: str) -> None:
    for secret in planted(described):
        copied = {"tags_all": secret.value if isinstance(secret, Sensitive) else None}
        after = {name: secret} | (copied if name == "tags" else {})
        found = plan(resource(KIND, "x", actions=["update"], before=after, **after))
        said = [repr(judgement) for judgement in judgements(found, path).values()]
        said += [repr(judgement) for judgement in judgements(found, "tags_all.*").values()]
        said += [place.shown for place in found.noting.places.values()]
        said += [place.shown for place in everywhere(found.changes[0])]
        assert not [text for text in said if PLANTED in text]


def everywhere(found: ResourceChange) -> Iterator[Value]:
    """Every place of a resource."""
    open_places = [found.after, found.before]
    while open_places:
        place = open_places.pop()
        yield place
        inside = place.document() if place.holds_document else place
        open_places += [each for _, each in inside.entries()]
        open_places += [each for each in inside.elements() if each.path != inside.path]
