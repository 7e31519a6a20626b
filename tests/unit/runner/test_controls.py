"""Which controls does a run show, and does anything claim more than a plan can show?"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
import pytest

from planspec import bundle
from planspec.errors import FeatureError, PolicyError
from planspec.evidence import (
    ControlRecord,
    Evidence,
    FoundRecord,
    FrameworkRecord,
    ScenarioRecord,
    WaiverRecord,
)
from planspec.features import files, read
from planspec.finding import Verdict
from planspec.policies import read_controls
from planspec.reports.control_matrix import State, matrix
from tests.unit.evidence.test_evidence import PLANS, judged

FRAMEWORKS = read_controls(bundle.POLICIES)


def scenario(record: Evidence, verdict: Verdict, finding: FoundRecord | None = None) -> ScenarioRecord:
    """A scenario of this verdict that serves one control."""
    return msgspec.structs.replace(
        record.scenarios[0],
        scenario=f"X-01.{verdict}",
        verdict=verdict,
        controls=["own:1"],
        findings=[finding] if finding else [],
    )


@pytest.fixture(scope="module")
def corrected() -> Evidence:
    """The record of the corrected service."""
    return judged((PLANS / "corrected.json").read_bytes())


def state(record: Evidence, scenarios: Sequence[ScenarioRecord], shown: str, missing: str) -> State:
    """The state of one control that these scenarios serve."""
    control = msgspec.convert(
        {"control": "1", "title": "t", "shown": shown, "missing": missing}, ControlRecord
    )
    framework = FrameworkRecord(prefix="own", title="Own", version="1", controls=[control])
    own = msgspec.structs.replace(record, frameworks=[framework], scenarios=list(scenarios))
    (row,) = matrix(own)
    assert (row.state is State.EVIDENCED) is (
        not row.missing and bool(scenarios) and not _bad(scenarios)
    )
    return row.state


def _bad(scenarios: Sequence[ScenarioRecord]) -> bool:
    verdicts = {each.verdict for each in scenarios}
    return Verdict.VIOLATED in verdicts or verdicts == {Verdict.NOT_APPLICABLE}


def test_a_control_is_evidenced_only_where_the_plan_shows_it_whole_and_everything_holds(
    corrected: Evidence,
) -> None:
    satisfied, violated, undetermined, nothing = (
        scenario(corrected, each)
        for each in (
            Verdict.SATISFIED,
            Verdict.VIOLATED,
            Verdict.UNDETERMINED,
            Verdict.NOT_APPLICABLE,
        )
    )
    assert state(corrected, [satisfied, nothing], "whole", "") is State.EVIDENCED
    assert state(corrected, [satisfied], "part", "a rehearsal") is State.PARTLY
    assert state(corrected, [satisfied, undetermined], "whole", "") is State.PARTLY
    assert state(corrected, [satisfied, violated, undetermined], "whole", "") is State.CONTRADICTED
    assert state(corrected, [nothing], "whole", "") is State.NOT_APPLICABLE
    assert state(corrected, [], "whole", "") is State.NOT_ASKED
    assert state(corrected, [], "nothing", "people") is State.NOT_FROM_A_PLAN


def test_a_waived_requirement_is_no_evidence_and_the_last_day_is_named(corrected: Evidence) -> None:
    waiver = WaiverRecord(
        requirement="X-01",
        address="a.b",
        reason="r",
        owner="o",
        approver="p",
        ticket="",
        created=date(2026, 1, 1),
        expires=date(2026, 12, 1),
        observed="",
        standing="in force",
    )
    finding = FoundRecord(
        fingerprint="a" * 32,
        value="b" * 32,
        address="a.b",
        verdict=Verdict.WAIVED,
        observed="x",
        expected="y",
        waiver=waiver,
    )
    waived = scenario(corrected, Verdict.WAIVED, finding)
    control = ControlRecord(control="1", title="t", shown="whole")
    framework = FrameworkRecord(prefix="own", title="Own", version="1", controls=[control])
    (row,) = matrix(msgspec.structs.replace(corrected, frameworks=[framework], scenarios=[waived]))
    assert row.state is State.PARTLY
    assert row.missing == ["X-01.waived is waived until 2026-12-01"]


def test_the_corrected_service_contradicts_no_control_and_shows_some_whole(
    corrected: Evidence,
) -> None:
    found = {row.tag: row.state for row in matrix(corrected)}
    assert State.CONTRADICTED not in found.values()
    assert {tag for tag, state in found.items() if state is State.EVIDENCED} == {
        "cis:2.1.1",
        "cis:2.3.1",
        "cis:2.3.2",
        "cis:5.2",
        "cis:5.3",
    }
    assert found["nist:AT-2"] is State.NOT_FROM_A_PLAN


def test_every_control_that_a_plan_can_show_is_served_by_a_scenario_or_is_there_for_others() -> None:
    served = {
        tag
        for path in files([bundle.FEATURES])
        for each in read(path, FRAMEWORKS)
        for tag in each.controls
    }
    known = {
        f"{prefix}:{number}"
        for prefix, framework in FRAMEWORKS.items()
        for number, control in framework.controls.items()
        if control.shown != "nothing"
    }
    assert served <= known
    assert known - served == set()


@pytest.mark.parametrize(
    ("tag", "says"),
    [
        ("@nist:AT-2", "a plan shows nothing of it: records of training"),
        ("@nist:XX-9", "nist has no control XX-9"),
        ("@iso:A.5", "no tag of the kinds"),
    ],
)
def test_a_tag_of_a_control_that_is_unknown_or_that_no_plan_shows_is_an_error(
    tmp_path: Path, tag: str, says: str
) -> None:
    path = tmp_path / "own.feature"
    text = f"Feature: F\n\n  {tag}\n  Scenario: one\n    When we examine every database\n    Then x\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FeatureError, match=says):
        read(path, FRAMEWORKS)


@pytest.mark.parametrize("shown", ['"part"', '"nothing"', '"whole", missing = "something"'])
def test_a_control_says_what_is_missing_unless_a_plan_shows_it_whole(tmp_path: Path, shown: str) -> None:
    path = tmp_path / "controls.toml"
    head = '[own]\ntitle = "Own"\nversion = "1"\n[own.controls]\n'
    path.write_text(f'{head}"1" = {{ title = "t", shown = {shown} }}\n', encoding="utf-8")
    with pytest.raises(PolicyError, match=r"own:1 is shown .* say in `missing`"):
        read_controls(tmp_path)


def test_a_control_of_which_only_the_title_is_given_is_shown_in_part(tmp_path: Path) -> None:
    text = '[own]\ntitle = "Own"\nversion = "1"\n[own.controls]\n"1" = "Tidy"\n'
    (tmp_path / "controls.toml").write_text(text, encoding="utf-8")
    control = read_controls(tmp_path)["own"].controls["1"]
    assert (control.title, control.shown) == ("Tidy", "part")
    assert control.missing
