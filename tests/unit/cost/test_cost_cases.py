"""Do worked cases of other people come out to the cent?

The cases lie beside the corpus and are no part of this repository; PLANSPEC_CORPUS names the corpus.
Tiers: A, the plan decides the whole; P, a part; B, a date or a usage file too; C, use alone; D, an
engine that planspec has no prices for.
"""

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from planspec import bundle
from planspec.cost import estimate, read_prices
from planspec.estimate import Bucket, Component, Estimate, cents
from tests.support.cost_cases import plan_of, plan_of_example

REQUIRED = os.environ.get("PLANSPEC_REQUIRE_CORPUS") == "1"
BESIDE = Path(os.environ.get("PLANSPEC_CORPUS") or Path(__file__).parents[4] / "shared/corpus")
FOLDER = BESIDE.with_name("cases")
BOOK = read_prices(bundle.POLICIES, bundle.POLICIES)

# Where a case of tier B or C comes out otherwise than its file has it, and why.
DIFFERENT = {
    "elasticache_replication_group_test/aws_elasticache_replication_group.cluster-autoscale": (
        "nothing in the case says that something scales the group; its shards are billed as stated"
    ),
    "route53_health_check_test/": (
        "whether what is checked is in AWS is no fact of the plan; we take it to be, and say so"
    ),
    "instance_test/aws_instance.t2_unlimited": "processor credits are use, and nobody declared it",
    "instance_test/aws_instance.t3_unlimited": "processor credits are use, and nobody declared it",
    "instance_test/aws_instance.std_": "a reservation is no fact of the plan; on demand it is priced",
    "instance_test/aws_instance.cnvr_": "a reservation is no fact of the plan; on demand it is priced",
    "elasticache_cluster_test/aws_elasticache_cluster.redis_reserved": "so is this one",
    "elasticache_replication_group_test/aws_elasticache_replication_group.cluster_reserved": "and this",
    "wafv2_web_acl_test/": "the rules inside a group of one's own are paid too, and not in the plan",
    "dynamodb_table_test/": "replicated writes have no price in the catalogue, so they are unknown",
}


def _cases(name: str) -> list[dict[str, Any]]:
    path = FOLDER / name
    return json.loads(path.read_bytes()) if path.is_file() else []


def _of(name: str, tiers: str) -> list[Any]:
    found = [each for each in _cases(name) if each.get("tier", "A") in tiers]
    return [pytest.param(each, id=each["case"]) for each in found]


def _estimated(case: dict[str, Any]) -> Estimate:
    as_of = case.get("as_of")
    day = date.fromisoformat(as_of) if as_of else date(2026, 11, 24)
    return estimate(plan_of(case), BOOK, today=day)


def _fixed(found: Estimate) -> list[Component]:
    return [each for cost in found.resources for each in cost.after if each.bucket is not Bucket.USAGE]


def _known(found: Estimate) -> list[Decimal]:
    return sorted(cents(each.monthly_cost) for each in _fixed(found) if each.monthly_cost is not None)


def _stated(case: dict[str, Any]) -> list[Decimal]:
    """What the case determines, and the addresses that AWS bills in addition."""
    told = [each for each in case["components"] if each.get("determined_by_plan", True)]
    return sorted(
        cents(Decimal(each["monthly_cost"])) for each in (*told, *case.get("aws_bills_in_addition", []))
    )


def test_the_cases_are_there() -> None:
    if not FOLDER.is_dir():
        text = f"{FOLDER}: not there, so no worked case was run; PLANSPEC_CORPUS names the corpus"
        (pytest.fail if REQUIRED else pytest.skip)(text)
    tiers = {tier: len(_of("infracost.json", tier)) for tier in "APBCD"}
    assert all(tiers.values())
    assert _cases("external.json")


@pytest.mark.parametrize("case", _of("infracost.json", "A"))
def test_a_plan_that_decides_everything_is_equal_per_component(case: dict[str, Any]) -> None:
    found = _estimated(case)
    assert _known(found) == _stated(case)
    assert found.totals().complete


@pytest.mark.parametrize("case", _of("infracost.json", "P"))
def test_a_plan_that_decides_a_part_has_that_part_and_names_the_rest(case: dict[str, Any]) -> None:
    found = _estimated(case)
    assert _known(found) == _stated(case)
    open_ones = [each for each in case["components"] if not each["determined_by_plan"]]
    assert len(found.totals().unknown) == len(open_ones) > 0
    assert cents(found.totals().least) == cents(Decimal(case["honest"]["known_part"]))


@pytest.mark.parametrize("case", _of("infracost.json", "B"))
def test_a_plan_that_needs_more_than_itself_has_what_it_tells(case: dict[str, Any]) -> None:
    found = _estimated(case)
    missing = [each for each in _stated(case) if each not in _known(found)]
    assert not missing or _differs(case)
    assert found.totals().complete or any(each.unknown for each in _fixed(found))


@pytest.mark.parametrize("case", _of("infracost.json", "C"))
def test_a_plan_that_is_use_alone_lists_what_it_depends_on(case: dict[str, Any]) -> None:
    found = _estimated(case)
    assert found.totals().complete
    if not _differs(case):
        assert _fixed(found) == []
        assert found.totals().usage_open > 0


def _differs(case: dict[str, Any]) -> str:
    return next((why for name, why in DIFFERENT.items() if case["case"].startswith(name)), "")


@pytest.mark.parametrize("case", _of("infracost.json", "D"))
def test_an_engine_without_prices_is_unknown_and_never_nothing(case: dict[str, Any]) -> None:
    found = _estimated(case)
    assert _known(found) == []
    assert found.totals().unknown


@pytest.mark.parametrize(
    "case", [pytest.param(each, id=each["case"]) for each in _cases("external.json")]
)
def test_a_published_example_is_equal_by_price(case: dict[str, Any]) -> None:
    found = estimate(plan_of_example(case), BOOK, today=date(2026, 11, 24))
    for component in case["components"]:
        same = [
            each
            for each in _fixed(found)
            if each.price and each.price.usd == Decimal(component["unit_price"])
        ]
        assert sum(each.quantity or 0 for each in same) == Decimal(component["quantity"])
        cost = sum((each.monthly_cost or Decimal(0) for each in same), Decimal(0))
        assert cents(cost) == Decimal(component["monthly_cost"])


def test_an_update_is_priced_before_and_after() -> None:
    cases = [each for each in _cases("infracost.json") if "expected_before" in each]
    if not cases:
        pytest.skip("no worked case with both sides is at hand")
    for case in cases:
        found = _estimated(case)
        assert cents(found.totals(before=True).least) == Decimal(case["expected_before"])
        assert cents(found.difference) == Decimal(case["expected_delta"])
