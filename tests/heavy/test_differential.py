"""Do both runners of Checkov give the same multiset of outcomes for every plan?

An outcome is a check, an address, a result, and the keys that the check says it looked at.

CI takes a part that needs about a minute; `make differential` takes all of it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from planspec import bundle
from tests.golden import recipes
from tests.heavy.test_corpus import CORPUS, REQUIRED
from tests.support import plan_shapes
from tests.support.both_runners import Compared, Runners, summary
from tests.support.plan_modules import document

EVERYTHING = os.environ.get("PLANSPEC_DIFFERENTIAL") == "all"
NUMBERS = range(60 if EVERYTHING else 3)
GIANT = 6_000 if EVERYTHING else 1_500
# Stock cannot answer, or plans whose resources share an address: fast says so and leaves them alone.
LEFT_ALONE = "addresses in the plan are not unique"


@pytest.fixture(scope="module")
def runners(checkov: Path) -> Iterator[Runners]:
    """Both runners, warm."""
    with Runners(checkov) as both:
        yield both


def told(name: str, compared: list[Compared]) -> None:
    """Print what was compared: `pytest -s` and `make differential` show it."""
    print(f"\n{name}: {summary(compared)}", flush=True)  # noqa: T201


def hold(compared: list[Compared], *, leave_alone: int = 0) -> None:
    """No difference, and at most so many plans left to stock."""
    for each in compared:
        assert each.same, f"{each.name}: only stock {each.missing}, only fast {each.added}"
        assert each.unsupported in {"", LEFT_ALONE}, f"{each.name}: {each.unsupported}"
    assert sum(bool(each.unsupported) for each in compared) <= leave_alone


def test_our_own_plans_are_judged_alike(runners: Runners) -> None:
    files = sorted((bundle.ROOT / "plans").glob("*.json"))
    golden = recipes.every() if EVERYTHING else recipes.every()[::40]
    compared = [runners.compare(path.name, path.read_bytes()) for path in files]
    compared += [runners.compare(each.name, each.data) for each in golden]
    told("ours", compared)
    hold(compared)
    assert sum(each.outcomes for each in compared) > 1_000


@pytest.mark.skipif(
    CORPUS is None and not REQUIRED, reason="corpus: not beside the checkout; set PLANSPEC_CORPUS"
)
def test_the_plans_of_others_are_judged_alike(runners: Runners) -> None:
    assert CORPUS is not None, "corpus: PLANSPEC_REQUIRE_CORPUS=1 expects it"
    files = [path for path in sorted(Path(CORPUS, "plans").rglob("*.json")) if path.is_file()]
    files += sorted(Path(CORPUS, "made").glob("*.json"))
    compared = [runners.compare(path.name, path.read_bytes()) for path in files]
    told("corpus", compared)
    hold(compared, leave_alone=2)
    assert sum(each.outcomes for each in compared) > 1_000


@pytest.mark.parametrize("shape", plan_shapes.SHAPES)
def test_every_shape_is_judged_alike(runners: Runners, shape: str) -> None:
    make = plan_shapes.SHAPES[shape]
    compared = [runners.compare(f"{shape} {number}", document(make(number))) for number in NUMBERS]
    told(shape, compared)
    hold(compared)
    assert sum(each.outcomes for each in compared) > 50 * len(NUMBERS)


def test_a_giant_plan_is_judged_alike(runners: Runners) -> None:
    compared = [runners.compare("giant", document(plan_shapes.giant(GIANT)))]
    told("giant", compared)
    hold(compared)
    assert compared[0].outcomes > GIANT


@pytest.mark.parametrize(
    ("fault", "shape"),
    [
        ("first-instance", "pairs"),
        ("no-connections", "pairs"),
        ("no-configuration", "pairs"),
        ("no-lists", "flat"),
        ("no-views", "lookups"),
    ],
)
def test_a_broken_replacement_is_noticed(runners: Runners, fault: str, shape: str) -> None:
    plans = [document(plan_shapes.SHAPES[shape](number)) for number in range(2)]
    hold([runners.compare("healthy", plan) for plan in plans])
    broken = [runners.compare("broken", plan, fault) for plan in plans]
    assert not any(each.unsupported for each in broken)
    with pytest.raises(AssertionError, match="only stock"):
        hold(broken)


def test_a_generated_plan_is_always_the_same() -> None:
    for shape, make in plan_shapes.SHAPES.items():
        assert document(make(7)) == document(make(7)), shape
