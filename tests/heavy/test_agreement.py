"""Do our requirements and Checkov agree where they ask the same, or do we know why not?"""

import os
from pathlib import Path

import msgspec
import pytest

from planspec.errors import PolicyError
from planspec.evidence import ScenarioRecord
from tools.agreement import overlaps as agreement
from tools.agreement import page as program
from tools.agreement.overlaps import Compared, Difference, Overlap, Overlaps

OVERLAPS = agreement.read()
needs_checkov = pytest.mark.usefixtures("checkov")


@pytest.fixture(scope="module")
def ours() -> list[Compared]:
    """What both say about our recorded plans."""
    return program.compare(program.recorded(), OVERLAPS)


@needs_checkov
def test_every_difference_on_our_own_plans_is_explained(ours: list[Compared]) -> None:
    assert program.unexplained(ours) == []
    assert len(ours) >= 60
    compared = {each.scenario for each in ours}
    assert {each.scenario for each in OVERLAPS.overlap} - compared == set()


@needs_checkov
@pytest.mark.skipif("PLANSPEC_CORPUS" not in os.environ, reason="PLANSPEC_CORPUS names no corpus")
def test_every_difference_on_the_corpus_is_explained_and_the_page_is_up_to_date(
    ours: list[Compared],
) -> None:
    others = program.compare(program.corpus(), OVERLAPS)
    assert program.unexplained(others) == []
    page = program.PAGE.read_text(encoding="utf-8")
    assert page == program.written(program.page(ours, others, OVERLAPS)), "Next: make agreement"
    told = {(each.scenario, each.ours, each.checkov) for each in [*ours, *others] if each.kind}
    written = {(each.scenario, each.ours, each.checkov) for each in OVERLAPS.difference}
    assert written - told == set(), "no plan shows this difference any more"


def scenario(verdict: str) -> ScenarioRecord:
    """A scenario that examined one resource."""
    finding = {"address": "a.b", "verdict": verdict, "observed": "x", "expected": "y"}
    marks = {"fingerprint": "0" * 32, "value": "0" * 32}
    texts = dict.fromkeys(
        ("name", "requirement", "rule", "area", "feature", "file", "severity", "text"), ""
    )
    record = {
        **texts,
        "rationale": "",
        "limits": "",
        "scenario": "OWN-01.1",
        "line": 1,
        "enforcement": "hard",
        "controls": [],
        "steps": [],
        "verdict": verdict,
        "findings": [] if verdict == "satisfied" else [{**finding, **marks}],
        "examined": ["a.b", "a.c"],
        "read": [],
    }
    return msgspec.convert(record, ScenarioRecord)


@pytest.mark.parametrize(
    ("verdict", "result", "same", "kind"),
    [
        ("satisfied", "passed", True, ""),
        ("violated", "failed", True, ""),
        ("violated", "passed", False, "scope"),
        ("satisfied", "failed", False, ""),
        ("undetermined", "failed", False, "unknown"),
    ],
)
def test_answers_are_compared_and_explained(verdict: str, result: str, kind: str, *, same: bool) -> None:
    difference = Difference("OWN-01.1", "violated", "satisfied", "scope", "it asks less")
    overlaps = Overlaps([Overlap("OWN-01.1", ["CKV_1", "CKV_2"])], [difference])
    outcomes = [("CKV_1", "a.b", result), ("CKV_2", "a.b", "passed"), ("CKV_3", "a.c", "failed")]
    (found,) = agreement.compared("plan", [scenario(verdict)], outcomes, overlaps)
    assert (found.same, found.kind) == (same, kind)
    assert found.unexplained is (not same and not kind)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"overlaps\.toml"):
        agreement.read(tmp_path / "overlaps.toml")
    (tmp_path / "overlaps.toml").write_text("[[overlap]]", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"overlaps\.toml"):
        agreement.read(tmp_path / "overlaps.toml")
