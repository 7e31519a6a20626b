"""Do the requirements that come along say the same of the same plan, however it is written?"""

import datetime as dt
import functools
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planspec import Verdict, bundle, decode
from planspec.runner.check import Settings, check
from planspec.runner.checkov_findings import Alongside
from tests.support import rewriting
from tests.support.our_service import ours
from tests.support.plans import encode
from tests.support.recipe_edits import unknown
from tests.support.rewriting import Document, Rewriting

PLANS = Path(__file__).parents[2] / "plans"
TODAY = dt.date(2026, 1, 1)
Verdicts = dict[str, tuple[str, tuple[str, ...]]]


@functools.cache
def policies() -> Path:
    """The policies that come along, without anybody's waivers."""
    folder = Path(os.environ["XDG_CACHE_HOME"], "laws")  # goes with the test run
    for path in bundle.POLICIES.rglob("*"):
        if path.is_file() and path.name != "waivers.toml":
            target = folder / path.relative_to(bundle.POLICIES)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return folder


def catalogue(document: Document) -> Verdicts:
    """The verdict of every scenario, and the addresses that were found, without what was added."""
    # The rewritings say nothing of what is planned, which nothing here reads.
    text = encode(document | {"planned_values": {"root_module": {}}})
    chosen = Settings(checkov=Alongside("off"), policies=policies(), today=TODAY, accepted=["unmarked"])
    evidence = check(decode(text, "plan.json"), text, chosen, lambda _: None)
    return {
        each.name: (
            each.verdict,
            tuple(sorted({rewriting.plain(found.address) for found in each.findings})),
        )
        for each in evidence.scenarios
    }


@functools.cache
def recorded(name: str) -> Document:
    """A recorded plan."""
    document: Document = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))
    return document


@functools.cache
def before(name: str) -> Verdicts:
    """What the catalogue says of a recorded plan as it is."""
    return catalogue(recorded(name))


SAME = (
    rewriting.in_module,
    rewriting.in_repeated_module,
    rewriting.each_in_a_module,
    rewriting.with_unrelated,
    rewriting.with_no_op,
    rewriting.backwards,
    rewriting.keys_backwards,
    rewriting.with_less,
    rewriting.of_opentofu,
    rewriting.documents_rewritten,
    rewriting.empty_as_null,
    rewriting.renamed,
    rewriting.for_each_of_one,
    rewriting.count_of_one,
    rewriting.ways_in_split,
)


@pytest.mark.parametrize("name", ["corrected", "inherited", "upgrade"])
@pytest.mark.parametrize("rewritten", SAME, ids=[each.__name__ for each in SAME])
def test_another_writing_of_a_plan_changes_no_verdict(name: str, rewritten: Rewriting) -> None:
    was, becomes = before(name), catalogue(rewritten(recorded(name)))
    assert len(was) >= 90
    assert {each: (was[each], becomes[each]) for each in was if was[each] != becomes[each]} == {}


def test_rules_in_resources_of_their_own_let_in_what_blocks_let_in() -> None:
    was, becomes = before("inherited"), catalogue(rewriting.ways_in_as_resources(recorded("inherited")))
    assert {each: (was[each], becomes[each]) for each in was if was[each] != becomes[each]} == {}


def test_a_compliant_resource_more_changes_no_verdict() -> None:
    becomes = ours(catalogue(rewriting.with_a_compliant_one(recorded("corrected"))))
    assert {each: becomes[each] for each in becomes if becomes[each][0] != "satisfied"} == {}


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_no_order_of_the_resources_changes_a_verdict(chance: random.Random) -> None:
    document = recorded("inherited")
    entries = document["resource_changes"]
    shuffled = document | {"resource_changes": chance.sample(entries, len(entries))}
    assert catalogue(shuffled) == before("inherited")


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["inherited", "upgrade"]), st.randoms(use_true_random=False))
def test_what_apply_decides_makes_nothing_good_that_was_not(name: str, chance: random.Random) -> None:
    document: Document = json.loads(json.dumps(recorded(name)))
    veiled = [veil(document, chance) for _ in range(6)]
    was, becomes = before(name), catalogue(document)
    good = (Verdict.SATISFIED, Verdict.NOT_APPLICABLE)
    better = {
        each: (was[each][0], becomes[each][0])
        for each in was
        if was[each][0] not in good and becomes[each][0] in good
    }
    assert better == {}, f"known after apply: {veiled}"


def veil(document: Document, chance: random.Random) -> tuple[str, str]:
    """Let apply decide one attribute of a resource; which one, chance says."""
    entries = [
        each
        for each in document["resource_changes"]
        if each["mode"] == "managed" and each["change"]["after"] and "module_address" not in each
    ]
    entry: dict[str, Any] = chance.choice(sorted(entries, key=lambda each: str(each["address"])))
    attribute: str = chance.choice(sorted(entry["change"]["after"]))
    unknown(entry["address"], attribute)(document)
    return entry["address"], attribute
