"""Do the figures in docs/references.md hold, and do they stay as good as they are?"""

import pytest

from tests.docs import references
from tests.docs.references import EACH, KEYED, LOCAL, NONE, ONE, OTHER, PAGE, Row, table, written
from tests.heavy.test_corpus import CORPUS, REQUIRED


@pytest.fixture(scope="module")
def own() -> list[Row]:
    """Our own plans, without and with the source, and the traps likewise."""
    return references.own_rows()


def test_the_page_has_the_figures_of_our_own_plans(own: list[Row]) -> None:
    assert written(PAGE.read_text(encoding="utf-8"), "own") == table(own), (
        "python tests/docs/references.py"
    )


def test_with_the_source_nearly_every_reference_leads_to_its_instance(own: list[Row]) -> None:
    _, ours, _, traps = own
    assert ours.total > 200
    assert ours.share(ONE, KEYED, EACH) >= 0.95
    assert ours.found[LOCAL] == ours.found[OTHER] == 0
    assert traps.share(ONE, EACH) >= 0.9
    assert traps.found[LOCAL] == traps.found[OTHER] == 0


def test_the_source_never_makes_a_reference_less_sure(own: list[Row]) -> None:
    for alone, beside in (own[:2], own[2:]):
        assert alone.total == beside.total
        assert alone.share(LOCAL, OTHER) >= beside.share(LOCAL, OTHER)
        assert alone.share(ONE, EACH) <= beside.share(ONE, EACH)


@pytest.mark.skipif(
    CORPUS is None and not REQUIRED, reason="corpus: not beside the checkout; set PLANSPEC_CORPUS"
)
def test_real_plans_of_other_people_are_followed_better_than_by_the_best_known_prototype() -> None:
    assert CORPUS is not None
    row = references.corpus_row(CORPUS)
    assert written(PAGE.read_text(encoding="utf-8"), "public") == table([row])
    assert row.share(ONE, KEYED, EACH) > 0.82
    assert row.share(LOCAL) < 0.04
    assert row.share(ONE, KEYED, EACH, NONE) > 0.95
