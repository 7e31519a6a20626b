"""What did a judgement find?"""

import itertools

import pytest

from planspec.finding import Finding, Judgement, Verdict, best, judge, worst

SATISFIED, VIOLATED, UNDETERMINED = Verdict.SATISFIED, Verdict.VIOLATED, Verdict.UNDETERMINED


def finding(verdict: Verdict, address: str = "aws_x.y") -> Finding:
    """A finding with this verdict."""
    return Finding(address, verdict, "is off", "on")


@pytest.mark.parametrize(
    ("verdicts", "verdict"),
    [
        ([], SATISFIED),
        ([Verdict.WAIVED], Verdict.WAIVED),
        ([Verdict.WAIVED, UNDETERMINED], UNDETERMINED),
        ([Verdict.WAIVED, UNDETERMINED, VIOLATED], VIOLATED),
    ],
)
def test_the_verdict_is_the_worst_of_the_findings_in_any_order(
    verdicts: list[Verdict], verdict: Verdict
) -> None:
    for order in itertools.permutations(verdicts):
        assert Judgement(("aws_x.y",), tuple(map(finding, order))).verdict is verdict


def test_nothing_examined_is_not_applicable_and_never_satisfied() -> None:
    assert Judgement(()).verdict is Verdict.NOT_APPLICABLE
    assert str(Judgement(())) == "not applicable: nothing was selected"


def test_judging_drops_what_complies_and_examines_each_address_once() -> None:
    judgement = judge(["a", "b", "a"], [None, finding(VIOLATED, "b")])
    assert judgement.examined == ("a", "b")
    assert judgement.findings == (finding(VIOLATED, "b"),)


@pytest.mark.parametrize(
    ("verdicts", "every", "one"),
    [
        ([SATISFIED, SATISFIED], SATISFIED, SATISFIED),
        ([SATISFIED, VIOLATED], VIOLATED, SATISFIED),
        ([SATISFIED, UNDETERMINED], UNDETERMINED, SATISFIED),
        ([UNDETERMINED, VIOLATED], VIOLATED, UNDETERMINED),
        ([VIOLATED, VIOLATED], VIOLATED, VIOLATED),
        ([SATISFIED, UNDETERMINED, VIOLATED], VIOLATED, SATISFIED),
    ],
)
def test_every_one_must_hold_or_one_must_hold(
    verdicts: list[Verdict], every: Verdict, one: Verdict
) -> None:
    for order in itertools.permutations(verdicts):
        assert worst(order) is every
        assert best(order) is one


def test_texts_say_where_what_is_and_what_was_expected() -> None:
    assert str(finding(VIOLATED)) == "aws_x.y: is off; expected on"
    text = str(judge(["aws_x.y", "b"], [finding(VIOLATED)]))
    assert text == "violated: 1 of 2\n  aws_x.y: is off; expected on"
