"""What holds for the comparison of any two policies, whoever wrote them."""

import copy
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from planspec.access import Outcome, compare
from tests.support import access_documents as documents
from tests.support.access_trials import read

picks = st.integers(0, 2**32).map(random.Random)


def _document(pick: random.Random) -> documents.Document:
    return documents.document(pick, documents.shape(pick))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _rewritten(pick: random.Random, document: documents.Document) -> documents.Document:
    """The same policy as somebody else would write it."""
    statements = []
    for each in copy.deepcopy(document["Statement"]):
        each["Sid"] = f"Sid{pick.randrange(1000)}"
        for element in ("Action", "NotAction"):
            if element in each:
                listed = [one.swapcase() for one in _listed(each[element])]
                pick.shuffle(listed)
                each[element] = [*listed, listed[0]]
        for element in ("Action", "Resource"):
            if element in each and pick.random() < 0.5:
                statements += [{**each, element: one} for one in _listed(each[element])]
                break
        else:
            statements.append(each)
    pick.shuffle(statements)
    return {**document, "Statement": statements}


def _is_more(before: list[documents.Document], after: list[documents.Document]) -> Outcome:
    return compare([read(each) for each in before], [read(each) for each in after]).outcome


@given(picks)
def test_a_policy_written_in_another_way_allows_the_same(pick: random.Random) -> None:
    document = _document(pick)
    other = _rewritten(pick, document)
    assert _is_more([document], [other]) is Outcome.NOT_MORE
    assert _is_more([other], [document]) is Outcome.NOT_MORE


@given(picks)
def test_statements_mean_the_same_in_one_document_or_several(pick: random.Random) -> None:
    document = _document(pick)
    apart = [{**document, "Statement": [each]} for each in document["Statement"]]
    assert _is_more([document], apart) is Outcome.NOT_MORE
    assert _is_more(apart, [document]) is Outcome.NOT_MORE


@given(picks)
def test_one_more_denial_never_allows_more(pick: random.Random) -> None:
    shape = documents.shape(pick)
    document = documents.document(pick, shape)
    denies = documents.statement(pick, shape, "Deny")
    after = {**document, "Statement": [*document["Statement"], denies]}
    assert _is_more([document], [after]) is Outcome.NOT_MORE


@given(picks)
def test_two_policies_that_allow_hold_each_of_them(pick: random.Random) -> None:
    shape = documents.shape(pick)
    both = [documents.document(pick, shape) for _ in range(2)]
    for each in both:
        each["Statement"] = [one for one in each["Statement"] if one["Effect"] == "Allow"]
    for each in both:
        assert _is_more(both, [each]) is Outcome.NOT_MORE


@given(picks)
def test_a_change_that_is_more_is_more_beside_any_limit_that_allows_all(pick: random.Random) -> None:
    shape = documents.shape(pick)
    before = documents.document(pick, shape)
    after = documents.changed(pick, before, shape)
    whole = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    sides = [[read(each)] for each in (before, after)]
    limits = [[read(whole)]]
    limited = compare(*sides, layers_before=limits, layers_after=limits)
    assert limited.outcome is compare(*sides).outcome
