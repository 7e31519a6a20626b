"""Is a moment inside a window of time, on the clocks of the zone?"""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planspec import Judgement, Verdict
from planspec.errors import FeatureError
from planspec.judgements.generic import time_windows
from tests.support.plans import plan, resource

SATISFIED, VIOLATED = Verdict.SATISFIED, Verdict.VIOLATED
WEEKEND = ("Friday 16:00", "Monday 08:00")
HOLIDAYS = ("2026-12-20 00:00", "2027-01-02 08:00")
NIGHT = ("22:00", "06:00")
BERLIN = "Europe/Berlin"


def frozen(window: tuple[str, str], moment: str, zone: str = BERLIN) -> Judgement:
    """What is judged of a plan that changes something at this moment."""
    changes = time_windows.changes(plan(resource("aws_s3_bucket", "b", bucket="b")))
    return time_windows.none_within(changes, *window, zone, datetime.fromisoformat(moment))


@pytest.mark.parametrize(
    ("window", "moment", "expected"),
    [
        (WEEKEND, "2026-12-04T15:59:59+01:00", SATISFIED),
        (WEEKEND, "2026-12-04T16:00:00+01:00", VIOLATED),
        (WEEKEND, "2026-12-04T15:00:00+00:00", VIOLATED),
        (WEEKEND, "2026-12-04T14:59:00+00:00", SATISFIED),
        (WEEKEND, "2026-12-06T12:00:00+01:00", VIOLATED),
        (WEEKEND, "2026-12-07T07:59:59+01:00", VIOLATED),
        (WEEKEND, "2026-12-07T08:00:00+01:00", SATISFIED),
        (WEEKEND, "2026-07-03T14:00:00+00:00", VIOLATED),  # in summer
        (WEEKEND, "2026-07-03T13:59:00+00:00", SATISFIED),
        (("Monday 08:00", "Friday 16:00"), "2026-12-02T12:00:00+01:00", VIOLATED),
        (("Monday 08:00", "Friday 16:00"), "2026-12-05T12:00:00+01:00", SATISFIED),
        (NIGHT, "2026-12-02T23:00:00+01:00", VIOLATED),
        (NIGHT, "2026-12-02T05:59:00+01:00", VIOLATED),
        (NIGHT, "2026-12-02T06:00:00+01:00", SATISFIED),
        (("12:00", "13:00"), "2026-12-02T12:30:00+01:00", VIOLATED),
        (HOLIDAYS, "2026-12-19T23:59:00+01:00", SATISFIED),
        (HOLIDAYS, "2026-12-19T23:59:00+00:00", VIOLATED),
        (HOLIDAYS, "2027-01-02T07:59:00+01:00", VIOLATED),
        (HOLIDAYS, "2027-01-02T08:00:00+01:00", SATISFIED),
        (("friday 16:00", "MONDAY 08:00"), "2026-12-05T12:00:00+01:00", VIOLATED),
    ],
)
def test_a_window_is_read_on_the_clocks_of_its_zone(
    window: tuple[str, str], moment: str, expected: Verdict
) -> None:
    assert frozen(window, moment).verdict is expected


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)), st.integers(-14, 14))  # noqa: DTZ001
def test_the_zone_of_the_moment_does_not_matter(at: datetime, hours: int) -> None:
    moment = at.replace(tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    verdicts = {frozen(WEEKEND, each.isoformat()).verdict for each in (moment, elsewhere)}
    assert len(verdicts) == 1


def test_the_finding_tells_the_moment_and_the_window() -> None:
    (finding,) = frozen(WEEKEND, "2026-12-04T16:30:00+01:00").findings
    assert finding.observed == ("the plan has it, and it is Friday 2026-12-04 16:30 in Europe/Berlin")
    assert finding.expected == "none from Friday 16:00 to Monday 08:00 in Europe/Berlin"


@pytest.mark.parametrize(
    ("window", "zone", "told"),
    [
        (("Fri 16:00", "Monday 08:00"), BERLIN, '"Fri 16:00" is not a point in time'),
        (("Fryday 16:00", "Monday 08:00"), BERLIN, 'did you mean "Friday"'),
        (("Friday 4pm", "Monday 08:00"), BERLIN, "write both ends as"),
        (("Friday 24:00", "Monday 08:00"), BERLIN, "write both ends as"),
        (("Friday 16:00", "08:00"), BERLIN, "is not a time window"),
        (("Friday 16:00", "Friday 16:00"), BERLIN, "is not a time window"),
        (("2026-12-24 00:00", "2026-12-23 00:00"), BERLIN, "is not a time window"),
        (("2026-02-30 00:00", "2026-12-23 00:00"), BERLIN, "is not a valid date"),
        (WEEKEND, "Europe/Berln", 'not a time zone; did you mean "Europe/Berlin"'),
        (WEEKEND, "", "is not a time zone"),
        (WEEKEND, "../etc/passwd", "is not a time zone"),
    ],
)
def test_what_is_not_understood_is_an_error_also_outside_of_the_window(
    window: tuple[str, str], zone: str, told: str
) -> None:
    for moment in ("2026-12-05T12:00:00+01:00", "2026-12-02T12:00:00+01:00"):
        with pytest.raises(FeatureError, match=told):
            frozen(window, moment, zone)


def changing(*described: object, **sections: object) -> tuple[list[str], int]:
    """The addresses that change, and how many were looked through."""
    found = time_windows.changes(plan(*described, **sections))  # type: ignore[arg-type]
    return [each.address for each in found.resources], len(found.considered)


def test_whatever_is_done_is_a_change() -> None:
    for actions in (("create",), ("update",), ("delete",), ("delete", "create"), ("forget",)):
        described = resource("aws_s3_bucket", "b", actions=actions, bucket="b")
        assert changing(described) == (["aws_s3_bucket.b"], 1)
    assert changing(resource("aws_s3_bucket", "b", actions=("no-op",), bucket="b")) == ([], 1)
    assert changing(resource("aws_ami", "b", mode="data", actions=("read",), id=...)) == ([], 0)


def test_outputs_and_actions_are_changes_too() -> None:
    outputs = {
        "new": {"actions": ["create"], "before": None, "after": "x", "after_unknown": False},
        "old": {"actions": ["no-op"], "before": "x", "after": "x", "after_unknown": False},
        "gone": {"actions": ["delete"], "before": "x", "after": None, "after_unknown": False},
    }
    assert changing(output_changes=outputs) == (["output.new", "output.gone"], 3)
    invoked = [{"address": "action.aws_lambda_invoke.run", "type": "aws_lambda_invoke"}]
    assert changing(action_invocations=invoked) == (["action.aws_lambda_invoke.run"], 1)


def test_a_plan_without_changes_is_within_any_freeze() -> None:
    still = resource("aws_s3_bucket", "b", actions=("no-op",), bucket="b")
    moment = datetime(2026, 12, 5, 12, tzinfo=UTC)
    found = time_windows.none_within(time_windows.changes(plan(still)), *WEEKEND, BERLIN, moment)
    assert found.verdict is SATISFIED
    empty = time_windows.none_within(time_windows.changes(plan()), *WEEKEND, BERLIN, moment)
    assert empty.verdict is Verdict.NOT_APPLICABLE
