"""Is a value after the change weaker, wider or other than before?"""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from planspec import Judgement, Plan, Verdict
from planspec.cli.app import main
from planspec.errors import UnknownName
from planspec.judgements.change import wider_network, wider_permissions
from planspec.judgements.generic import before_after, no_weaker, selections
from planspec.judgements.generic.before_after import Comparison
from planspec.plan import ranges
from tests.support.plans import block, configuration, document, encode, plan, refers, resource, value

SATISFIED, VIOLATED = Verdict.SATISFIED, Verdict.VIOLATED
UNDETERMINED, NOT_APPLICABLE = Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
YES, NO, OPEN = True, False, None


def let_in_no_more(made: Plan) -> Judgement:
    """Compare what every security group of a plan lets in."""
    return wider_network.let_in_no_more(made, wider_network.openings(made))


def asked(compare: Comparison, before: Any, after: Any) -> bool | None:
    """Compare two values as they would stand at one path."""
    return compare([value(before)], [value(after)])


@pytest.mark.parametrize(
    ("before", "after", "lower", "higher"),
    [
        (7, 7, NO, NO),
        (7, 6, YES, NO),
        (7, 8, NO, YES),
        ("8", 6, YES, NO),
        (True, False, YES, NO),
        (False, True, NO, YES),
        (True, None, OPEN, NO),
        (7, None, OPEN, NO),
        (7, ..., OPEN, OPEN),
        (None, 7, NO, OPEN),
        (None, True, NO, OPEN),
        (None, False, NO, NO),
        (None, None, NO, NO),
        (None, ..., NO, OPEN),
        ("arn:key", "arn:other", NO, NO),
        ("arn:key", None, OPEN, NO),
        ("arn:key", "", OPEN, NO),
        ("arn:key", ..., OPEN, OPEN),
    ],
)
def test_lower_and_higher_are_exact_and_nothing_set_is_no_number(
    before: Any, after: Any, *, lower: bool | None, higher: bool | None
) -> None:
    assert asked(before_after.lowers, before, after) is lower
    assert asked(before_after.raises, before, after) is higher


@pytest.mark.parametrize(
    ("before", "after", "wider"),
    [
        (["10.0.0.0/8"], ["10.1.0.0/16"], NO),
        (["10.0.0.0/9", "10.128.0.0/9"], ["10.0.0.0/8"], NO),
        (["10.0.0.0/8"], ["10.0.0.0/7"], YES),
        (["10.0.0.0/8"], ["10.1.2.3"], NO),
        (["10.0.0.0/8"], ["::/0"], YES),
        (["::/0"], ["fd00::/8"], NO),
        (["0.0.0.0/0"], ["::/0"], YES),
        ([], ["10.0.0.0/8"], YES),
        (None, "x", YES),
        (["a", "b"], ["b"], NO),
        (["a"], ["a", "b"], YES),
        (["a"], [...], OPEN),
        (["a"], ["b", ...], YES),
        (["s3:*"], ["s3:GetObject"], NO),
        (["s3:Get*"], ["s3:*"], YES),
        (["*"], [...], NO),
        (["a"], ..., OPEN),
        (["a"], [], NO),
        (["a"], None, NO),
        ("a", "b", YES),
    ],
)
def test_wider_is_what_nothing_before_covers(before: Any, after: Any, *, wider: bool | None) -> None:
    assert asked(before_after.widens, before, after) is wider


@pytest.mark.parametrize(
    ("before", "after", "falls"),
    [
        ("weak", "strong", NO),
        ("strong", "weak", YES),
        ("strong", "strong", NO),
        ("strong", "else", OPEN),
        ("else", "weak", OPEN),
        ("else", "strong", NO),
        ("strong", None, OPEN),
        ("strong", ..., OPEN),
        (None, "weak", OPEN),
        (None, "strong", NO),
    ],
)
def test_an_order_of_texts_goes_from_weak_to_strong(
    before: Any, after: Any, *, falls: bool | None
) -> None:
    assert asked(before_after.falls_in(["weak", "middle", "strong"]), before, after) is falls


@pytest.mark.parametrize(
    ("before", "after", "alters"),
    [
        ([1, 2], [2, 1], NO),
        ("a", "b", YES),
        (None, "", NO),
        (None, [], NO),
        ("a", ..., OPEN),
        ([1], [1, ...], OPEN),
        (True, "true", YES),
    ],
)
def test_altered_means_another_value_and_not_another_order(
    before: Any, after: Any, *, alters: bool | None
) -> None:
    assert asked(before_after.alters, before, after) is alters


patterns = st.text("ab*?", max_size=5)
words = st.text("ab", max_size=6)


@given(patterns, patterns, words)
def test_a_pattern_that_covers_another_covers_every_word_of_it(
    wide: str, narrow: str, word: str
) -> None:
    if ranges.matches(wide, narrow) and ranges.matches(narrow, word):
        assert ranges.matches(wide, word)


def hold(how: str, path: str, *described: dict[str, Any]) -> Judgement:
    """No change of a thing may do this."""
    return no_weaker.hold_change(selections.of_type(plan(*described), "t"), how, path)


def updated(before: Any, after: Any, name: str = "x") -> dict[str, Any]:
    """A thing whose size changes."""
    return resource("t", name, actions=["update"], before={"size": before}, size=after)


def test_what_is_created_has_nothing_before_it() -> None:
    assert hold("widen", "size[*]", resource("t", "x", size=["0.0.0.0/0"])).verdict is SATISFIED
    gone = resource("t", "x", actions=["delete"], before={"size": 7})
    assert hold("lower", "size", gone).verdict is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("how", "before", "after", "verdict"),
    [
        ("widen", ["10.0.0.0/8"], ["0.0.0.0/0"], VIOLATED),
        ("widen", ["0.0.0.0/0"], ["10.0.0.0/8"], SATISFIED),
        ("lower", 7, 1, VIOLATED),
        ("raise", 7, 1, SATISFIED),
        ("alter", 7, 1, VIOLATED),
        ("alter", 7, ..., UNDETERMINED),
    ],
)
def test_an_update_is_compared_with_how_it_was(
    how: str, before: Any, after: Any, verdict: Verdict
) -> None:
    assert hold(how, "size", updated(before, after)).verdict is verdict


def test_a_replacement_is_compared_too_and_a_misspelt_path_proves_nothing() -> None:
    entry = resource("t", "x", actions=["delete", "create"], before={"size": 7}, size=1)
    (finding,) = hold("lower", "size", entry).findings
    assert finding.observed == "size was 7 and becomes 1"
    with pytest.raises(UnknownName, match='did you mean "size"'):
        hold("lower", "sise", entry)


def group(**more: Any) -> dict[str, Any]:
    """A security group that exists."""
    return resource("aws_security_group", "g", actions=["no-op"], id="sg-1", **more)


def rule(
    name: str, cidr: Any, *, first: Any = 22, last: Any = 22, protocol: Any = "tcp", owner: Any = "sg-1"
) -> dict[str, Any]:
    """A rule of its own that the plan creates."""
    return resource(
        "aws_vpc_security_group_ingress_rule",
        name,
        security_group_id=owner,
        cidr_ipv4=cidr,
        cidr_ipv6=None,
        from_port=first,
        to_port=last,
        ip_protocol=protocol,
    )


def there(entry: dict[str, Any], *actions: str) -> dict[str, Any]:
    """The same, but it exists, and this happens to it."""
    entry["change"]["before"] = entry["change"]["after"]
    entry["change"]["actions"] = list(actions)
    if actions == ("delete",):
        entry["change"]["after"] = None
    return entry


RULE_BLOCK = block("aws_vpc_security_group_ingress_rule", "n", security_group_id=refers("local.group"))


@pytest.mark.parametrize(
    ("new", "verdict"),
    [
        (rule("n", "10.0.0.0/8"), SATISFIED),
        (rule("n", "10.0.0.0/8", first=22, last=23), VIOLATED),
        (rule("n", "10.0.0.0/7"), VIOLATED),
        (rule("n", "10.0.0.0/8", protocol="-1"), VIOLATED),
        (rule("n", "10.0.0.0/8", protocol="6"), SATISFIED),
        (rule("n", ...), UNDETERMINED),
        (rule("n", "0.0.0.0/0", owner="sg-elsewhere"), VIOLATED),
        (rule("n", "0.0.0.0/0", owner=...), UNDETERMINED),
    ],
)
def test_a_rule_that_comes_is_compared_with_all_rules_of_its_group(
    new: dict[str, Any], verdict: Verdict
) -> None:
    old = there(rule("old", "10.0.0.0/8"), "delete")
    found = plan(group(ingress=[]), old, new, configuration=configuration(RULE_BLOCK))
    assert let_in_no_more(found).verdict is verdict


def test_ports_and_ranges_are_covered_by_several_rules_together() -> None:
    halves = [
        there(rule("a", "10.0.0.0/9", first=1, last=50), "delete"),
        there(rule("b", "10.128.0.0/9", first=1, last=100), "delete"),
        there(rule("c", "10.0.0.0/8", first=51, last=100), "delete"),
    ]
    whole = rule("n", "10.0.0.0/8", first=1, last=100)
    assert let_in_no_more(plan(group(), *halves, whole)).verdict is SATISFIED
    assert let_in_no_more(plan(group(), *halves[:2], whole)).verdict is VIOLATED


def test_an_attachment_gives_a_role_that_exists_more_rights() -> None:
    role = resource(
        "aws_iam_role", "r", actions=["no-op"], before={"name": "r", "id": "r"}, name="r", id="r"
    )
    attached = resource(
        "aws_iam_role_policy_attachment", "a", role="r", policy_arn="arn:aws:iam::aws:policy/X"
    )
    assert wider_permissions.allow_no_more(plan(role, attached)).verdict is VIOLATED
    assert wider_permissions.allow_no_more(plan(role, there(attached, "no-op"))).verdict is SATISFIED
    fresh = resource("aws_iam_role", "r", name="r", id=...)
    assert wider_permissions.allow_no_more(plan(fresh, attached)).verdict is SATISFIED


@pytest.mark.parametrize(
    ("outcome", "exit_code", "says"),
    [
        ('no change may widen "cidr_blocks[*]"', 1, "does not become wider"),
        ('no change may lower "size"', 1, "size was 7 and becomes 1"),
        ('no change may raise "size"', 0, "satisfied 1"),
        ('no change may alter "name"', 0, "satisfied 1"),
        ('no change may shrink "size"', 2, "means nothing to planspec"),
    ],
)
def test_a_feature_of_anybody_compares_with_how_things_were(
    outcome: str, exit_code: int, says: str, tmp_path: Path
) -> None:
    entry = resource(
        "aws_thing",
        "x",
        actions=["update"],
        before={"size": 7, "name": "a", "cidr_blocks": ["10.0.0.0/8"]},
        size=1,
        name="a",
        cidr_blocks=["10.0.0.0/8", "192.0.2.0/24"],
    )
    (tmp_path / "plan.json").write_bytes(encode(document(entry)))
    steps = f'    When we examine every planned "aws_thing"\n    Then {outcome}\n'
    (tmp_path / "f.feature").write_text(f"Feature: F\n  Scenario: s\n{steps}", encoding="utf-8")
    arguments = ["check", "--no-checkov", "--features", str(tmp_path / "f.feature")]
    result = CliRunner().invoke(main, [*arguments, str(tmp_path / "plan.json")])
    assert result.exit_code == exit_code, result.output
    assert says in result.output
