"""Is what verifies never what blocks? A law over records, also over those that nobody would write."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planspec.evidence import (
    BLOCKING,
    DigestRecord,
    Evidence,
    FoundRecord,
    InputsRecord,
    OverrideRecord,
    PlanRecord,
    ScannerRecord,
    ScenarioRecord,
    SealRecord,
    SkipRecord,
    ToolRecord,
    WaiverRecord,
    passing,
    summarise,
)
from planspec.finding import Verdict
from tests.support.attacks import Promise, attack

TODAY = date(2026, 6, 1)
NOTHING = DigestRecord(sha256="", files={})
DAYS = st.integers(-40, 40).map(lambda days: TODAY + timedelta(days))
# Rare things are drawn often enough that a record passes now and then.
RARELY = st.sampled_from([False, False, False, True])


def waivers() -> st.SearchStrategy[WaiverRecord]:
    """Waivers in force, lapsed, not begun, and some that say of themselves what is not so."""
    texts = dict.fromkeys(("requirement", "address", "reason", "owner", "approver"), st.just("x"))
    return st.builds(
        WaiverRecord,
        **texts,
        ticket=st.just(""),
        observed=st.just(""),
        created=DAYS,
        expires=DAYS,
        standing=st.sampled_from(["in force", "ends soon", "expired", "not begun", "reopened"]),
    )


def findings() -> st.SearchStrategy[FoundRecord]:
    """Findings of any verdict, accepted or not."""
    skips = st.builds(SkipRecord, where=st.just("main.tf:1"), reason=st.just("x"), refused=RARELY)
    return st.builds(
        FoundRecord,
        fingerprint=st.just("0" * 32),
        value=st.just("0" * 32),
        address=st.just("aws_db_instance.a"),
        verdict=st.sampled_from([Verdict.WAIVED, Verdict.WAIVED, *BLOCKING]),
        observed=st.just("o"),
        expected=st.just("e"),
        waiver=st.none() | waivers(),
        skip=st.none() | skips,
    )


def scenarios() -> st.SearchStrategy[ScenarioRecord]:
    """Scenarios of any verdict, enforcement and override, whether that fits the findings or not."""
    words = ("name", "requirement", "rule", "area", "feature", "file", "severity", "text")
    return st.builds(
        ScenarioRecord,
        **dict.fromkeys((*words, "rationale", "limits"), st.just("x")),
        scenario=st.sampled_from(["X-01.1", "X-01.2"]),
        line=st.just(1),
        enforcement=st.sampled_from(["advisory", "soft", "hard"]),
        controls=st.just([]),
        steps=st.just([]),
        verdict=st.sampled_from(list(Verdict)),
        override=st.none() | st.just(OverrideRecord(name="Ada", reason="moved")),
        findings=st.lists(findings(), max_size=2),
        examined=st.sampled_from([[], ["aws_db_instance.a"], ["aws_db_instance.a"]]),
        read=st.just([]),
    )


def record(
    judged: list[ScenarioRecord],
    checkov: ScannerRecord,
    blocking: list[str],
    *,
    applicable: bool = False,
) -> Evidence:
    """A record of these parts, with the summary that belongs to them."""
    plan = PlanRecord(
        name="x",
        kind="plan JSON",
        sha256="0" * 64,
        document_sha256="0" * 64,
        format_version="1.2",
        terraform_version="1.11.4",
        providers=[],
        changes={},
        changes_judged=1,
        changes_total=1,
        blocking=blocking,
        notes=[],
    )
    inputs = InputsRecord(
        features=NOTHING,
        steps=NOTHING,
        policies=NOTHING,
        waivers=NOTHING,
        tags="",
        accepted=[],
        require_applicable=applicable,
    )
    return Evidence(
        tool=ToolRecord(version="1"),
        judged_on=TODAY,
        summary=summarise(judged, checkov, blocking),
        plan=plan,
        inputs=inputs,
        frameworks=[],
        scenarios=judged,
        checkov=checkov,
        waivers=[],
        waivers_unused=[],
        seal=SealRecord(judged_at="2026-06-01T00:00:00Z"),
    )


SCANNERS = st.builds(ScannerRecord, version=st.just("3"), findings=st.lists(findings(), max_size=2))
RECORDS = st.builds(
    record,
    st.lists(scenarios(), max_size=3),
    SCANNERS,
    RARELY.map(lambda blocked: ["unused waiver: x"] if blocked else []),
    applicable=st.booleans(),
)


@settings(max_examples=300)
@given(RECORDS, st.booleans())
def test_what_verifies_would_end_with_0(found: Evidence, require_checkov: bool) -> None:
    if passing.problems(found, TODAY, require_checkov=require_checkov):
        return
    assert not found.blocks
    assert found.summary.verdict == "passed"
    assert found.judged
    for each in found.scenarios:
        assert each.examined or not found.inputs.require_applicable
        assert not each.override or each.enforcement == "soft"
    for scenario, finding in found.found:
        open_ = finding.verdict in BLOCKING
        assert not open_ or (scenario and (scenario.enforcement == "advisory" or scenario.override))
        if finding.verdict is Verdict.WAIVED and finding.skip is None:
            assert finding.waiver
            assert finding.waiver.created <= TODAY <= finding.waiver.expires


@attack(
    "A record that blocks in any way: violated, undetermined, a check of Checkov, the plan as a whole",
    promise=Promise.VERIFY,
    happens="Refused: for every generated record, verified implies not blocked",
)
@given(RECORDS)
def test_what_blocks_never_verifies_whatever_else_it_says(found: Evidence) -> None:
    if found.blocks:
        assert passing.problems(found, TODAY)


def one(**changes: Any) -> ScenarioRecord:
    """A scenario that holds, but for these changes."""
    words = ("name", "requirement", "rule", "area", "feature", "file", "severity", "text")
    plain = dict.fromkeys((*words, "rationale", "limits", "scenario"), "X-01.1")
    lists: dict[str, Any] = {"controls": [], "steps": [], "findings": [], "read": [], "line": 1}
    usual = {"enforcement": "hard", "verdict": Verdict.SATISFIED, "examined": ["a.b"]}
    return ScenarioRecord(**{**plain, **lists, **usual, **changes})


def finding(verdict: Verdict, **more: Any) -> FoundRecord:
    """A finding of Checkov, or of a scenario."""
    texts: dict[str, Any] = {"address": "a.b", "observed": "CKV_1", "expected": "e"}
    return FoundRecord(fingerprint="0" * 32, value="0" * 32, verdict=verdict, **texts, **more)


SOME = OverrideRecord(name="Ada", reason="moved")
NO_CHECKOV = ScannerRecord()


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (record([one()], NO_CHECKOV, []), ""),
        (record([one(verdict=Verdict.VIOLATED, enforcement="advisory")], NO_CHECKOV, []), ""),
        (record([one(verdict=Verdict.VIOLATED, enforcement="soft", override=SOME)], NO_CHECKOV, []), ""),
        (record([one(verdict=Verdict.VIOLATED, override=SOME)], NO_CHECKOV, []), "did not pass: X-01.1"),
        (record([one(override=SOME)], NO_CHECKOV, []), "against the verdict of X-01.1"),
        (record([one(verdict=Verdict.UNDETERMINED)], NO_CHECKOV, []), "did not pass: X-01.1"),
        (record([one(findings=[finding(Verdict.VIOLATED)])], NO_CHECKOV, []), "contradicts itself"),
        (
            record([one()], ScannerRecord(findings=[finding(Verdict.UNDETERMINED)]), []),
            "1 undetermined check of Checkov",
        ),
        (
            record([one()], ScannerRecord(findings=[finding(Verdict.VIOLATED)] * 2), []),
            "2 failed checks of Checkov",
        ),
        (
            record([one()], ScannerRecord(findings=[finding(Verdict.WAIVED)]), []),
            "no longer in force: a.b",
        ),
        (
            record(
                [one()],
                ScannerRecord(
                    findings=[
                        finding(
                            Verdict.WAIVED, skip=SkipRecord(where="a.tf:1", reason="r", refused=True)
                        )
                    ]
                ),
                [],
            ),
            "no longer in force",
        ),
        (record([one()], NO_CHECKOV, ["an action"]), "the plan as a whole is blocked: an action"),
        (record([one(), one(examined=[])], NO_CHECKOV, [], applicable=True), "examined nothing"),
        (record([one(examined=[])], NO_CHECKOV, []), "no scenario that examined anything"),
        (record([], NO_CHECKOV, []), "no scenario that examined anything"),
    ],
)
def test_every_reason_is_told(found: Evidence, says: str) -> None:
    told = passing.problems(found, TODAY)
    assert bool(told) == bool(says)
    assert says in "; ".join(told)


def test_a_summary_that_is_not_that_of_the_record_is_a_contradiction() -> None:
    found = record([one()], NO_CHECKOV, [])
    blocked = msgspec.structs.replace(found.summary, verdict="blocked")
    changed = msgspec.structs.replace(found, summary=blocked)
    assert "its summary is not that of its scenarios" in passing.problems(changed, TODAY)[0]
