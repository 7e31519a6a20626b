"""Is the engine of access right on twenty thousand pairs, is a wrong engine found out, is it fast?"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pytest

from planspec.access import Outcome, compare, operators, patterns, policy
from planspec.judgements.change.wider_permissions import allow_no_more
from tests.heavy.access_growth import CASES, Case
from tests.support.access_trials import read, tally, trials
from tests.support.plans import plan, resource

SEED: Final = 20261201
PAIRS: Final = 20_000
"""All of them take less than two minutes of one processor."""
MUTANTS_TRIED: Final = 4_000
_COMPARE: Final = sys.modules["planspec.access.comparison"]


def test_no_random_pair_gets_a_wrong_answer() -> None:
    counted, wrong = tally(SEED, PAIRS)
    assert not wrong, wrong[:2]
    assert counted[Outcome.MORE.value] > PAIRS / 4
    assert counted[Outcome.NOT_MORE.value] > PAIRS / 4
    assert counted[Outcome.UNDETERMINED.value] < PAIRS / 20


Patch = Callable[[pytest.MonkeyPatch], None]


def _operators(change: Callable[[operators.Operator], operators.Operator]) -> Patch:
    original = operators.operator
    return lambda patch: patch.setattr(policy, "operator", lambda written: change(original(written)))


def _without(side: int, part: str) -> Patch:
    """Forget what one side denies."""
    original = _COMPARE._questions

    def forgetful(*sides: Any, sure: bool) -> Iterator[Any]:
        kept = [each._replace(**{part: ()}) if n == side else each for n, each in enumerate(sides)]
        yield from original(*kept, sure=sure)

    return lambda patch: patch.setattr(_COMPARE, "_questions", forgetful)


def _attribute(owner: Any, name: str, value: Any) -> Patch:
    return lambda patch: patch.setattr(owner, name, value)


def _swapped(asked: operators.Operator) -> operators.Operator:
    other = {"all": "any", "any": "all"}.get(asked.quantifier, asked.quantifier)
    return asked._replace(quantifier=other)


def _question_marks_as_stars(text: str, wildcards: bool) -> list[str]:
    signs = {"*": patterns.ANY_RUN, "?": patterns.ANY_RUN} if wildcards else {}
    return [signs.get(each, each) for each in text]


def _unfolded(asked: operators.Operator) -> operators.Operator:
    return asked._replace(test="equal") if asked.test == "folded" else asked


def _always_new(self: Any, *arguments: Any) -> None:
    _READER_INIT(self, *arguments)
    self.variables = True


_READER_INIT: Final = policy._Reader.__init__
MUTANTS: Final[Mapping[str, Patch]] = {
    "IfExists is dropped": _operators(lambda asked: asked._replace(if_exists=False)),
    "Not is dropped": _operators(lambda asked: asked._replace(negated=False)),
    "any and all are swapped": _operators(_swapped),
    "IgnoreCase is dropped": _operators(_unfolded),
    "an order includes its end": _operators(
        lambda asked: asked._replace(test={"<": "<="}.get(asked.test, asked.test))
    ),
    "the Deny of after is forgotten": _without(1, "denied"),
    "the Deny of before is forgotten": _without(0, "denied"),
    "? is any run": _attribute(patterns, "_plain", _question_marks_as_stars),
    "actions have case": _attribute(policy, "folded", lambda tokens: tokens),
    "every version has variables": _attribute(policy._Reader, "__init__", _always_new),
    "wildcards of an ARN cross its parts": _attribute(policy, "in_parts", lambda arn: arn),
    "an absent key fails every condition": _attribute(operators, "_without", lambda _: False),
    "a negated condition fails without the key": _attribute(
        operators, "_without", lambda asked: asked.if_exists or asked.quantifier == "all"
    ),
    "a Null condition is turned round": _attribute(
        policy,
        "_PARSERS",
        {**policy._PARSERS, operators.Family.PRESENCE: lambda text: text.lower() == "false"},
    ),
    "an account has no roles": _attribute(
        sys.modules["planspec.access.callers"], "account", lambda number: tuple(f"aws/{number}/root")
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_wrong_engine_is_found_out(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    patterns.pattern.cache_clear()
    MUTANTS[mutant](monkeypatch)
    try:
        assert any(_found_out())
    finally:
        monkeypatch.undo()
        patterns.pattern.cache_clear()


def _found_out() -> Iterator[bool]:
    """Yield whether an answer is wrong; the engine's own check of its witness counts as well."""
    tried = trials(SEED, MUTANTS_TRIED)
    try:
        yield from (bool(result.wrong) for _, result in tried)
    except AssertionError:
        yield True


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_large_and_hostile_policies_end_in_time(case: Case) -> None:
    sides = [[read(each)] for each in (case.before, case.after)]
    start = time.process_time()
    answer = compare(*sides)
    assert time.process_time() - start < case.seconds
    assert answer.outcome in case.outcomes


def test_many_permissions_on_one_function_take_linear_time() -> None:
    """None is asked what the others deny, of which none denies anything."""
    _seconds_of_permissions(80)
    few, many = _seconds_of_permissions(200), _seconds_of_permissions(800)
    assert many < 8 * few
    assert many < 2


def _seconds_of_permissions(count: int) -> float:
    given = {"function_name": "f", "action": "lambda:InvokeFunction", "principal": "s3.amazonaws.com"}
    made = plan(
        *(
            resource("aws_lambda_permission", f"p{each}", **given, source_arn=f"arn:aws:s3:::b{each}")
            for each in range(count)
        )
    )
    start = time.process_time()
    assert len(allow_no_more(made).findings) == count
    return time.process_time() - start
