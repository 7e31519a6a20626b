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
RIGHT = 'write both ends as "Friday 16:00", as "22:00", or as "2026-12-24 12:00"'
SUCH = "write one such as Europe/Berlin or UTC"


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


def test_each_of_several_changes_is_told_and_how_many_there_are() -> None:
    two = [resource("aws_s3_bucket", name, bucket=name) for name in "ab"]
    still = resource("aws_s3_bucket", "c", actions=("no-op",), bucket="c")
    moment = datetime(2026, 12, 5, 12, tzinfo=UTC)
    changes = time_windows.changes(plan(*two, still))
    found = time_windows.none_within(changes, *WEEKEND, "UTC", moment)
    assert found.examined == ("aws_s3_bucket.a", "aws_s3_bucket.b", "aws_s3_bucket.c")
    told = "one of 2 that the plan has, and it is Saturday 2026-12-05 12:00 in UTC"
    assert [(each.address, each.observed) for each in found.findings] == [
        ("aws_s3_bucket.a", told),
        ("aws_s3_bucket.b", told),
    ]


@pytest.mark.parametrize(
    ("window", "zone", "told"),
    [
        (
            ("Fri 16:00", "Monday 08:00"),
            BERLIN,
            f'"Fri 16:00" is not a point in time; did you mean "Friday"?; {RIGHT}',
        ),
        (
            ("Fryday 16:00", "Monday 08:00"),
            BERLIN,
            f'"Fryday 16:00" is not a point in time; did you mean "Friday"?; {RIGHT}',
        ),
        (("Friday 4pm", "Monday 08:00"), BERLIN, f'"Friday 4pm" is not a point in time; {RIGHT}'),
        (("Friday 24:00", "Monday 08:00"), BERLIN, f'"Friday 24:00" is not a point in time; {RIGHT}'),
        (("Friday 16:00", "08:00"), BERLIN, f'"Friday 16:00" to "08:00" is not a time window; {RIGHT}'),
        (
            ("2026-12-24 00:00", "Friday 00:00"),
            BERLIN,
            f'"2026-12-24 00:00" to "Friday 00:00" is not a time window; {RIGHT}',
        ),
        (
            ("Friday 16:00", "Friday 16:00"),
            BERLIN,
            f'"Friday 16:00" to "Friday 16:00" is not a time window; {RIGHT}',
        ),
        (
            ("2026-12-24 00:00", "2026-12-23 00:00"),
            BERLIN,
            f'"2026-12-24 00:00" to "2026-12-23 00:00" is not a time window; {RIGHT}',
        ),
        (
            ("2026-02-30 00:00", "2026-12-23 00:00"),
            BERLIN,
            f'"2026-02-30 00:00" is not a valid date; {RIGHT}',
        ),
        (WEEKEND, "Europe/Berln", '"Europe/Berln" is not a time zone; did you mean "Europe/Berlin"?'),
        (WEEKEND, "", f'"" is not a time zone; {SUCH}'),
        (WEEKEND, "../etc/passwd", f'"../etc/passwd" is not a time zone; {SUCH}'),
    ],
)
def test_what_is_not_understood_is_an_error_also_outside_of_the_window(
    window: tuple[str, str], zone: str, told: str
) -> None:
    for moment in ("2026-12-05T12:00:00+01:00", "2026-12-02T12:00:00+01:00"):
        with pytest.raises(FeatureError) as error:
            frozen(window, moment, zone)
        assert str(error.value) == told


def test_a_machine_without_time_zones_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_windows, "available_timezones", set)
    with pytest.raises(FeatureError) as error:
        frozen(WEEKEND, "2026-12-05T12:00:00+01:00", "Europe/Berln")
    none = " (this machine has no time zones: install tzdata)"
    assert str(error.value) == f'"Europe/Berln" is not a time zone; {SUCH}{none}'


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
    (output,) = time_windows.changes(plan(output_changes={"new": outputs["new"]})).resources
    assert (output.type, output.name) == ("output", "new")


def test_a_plan_without_changes_is_within_any_freeze() -> None:
    still = resource("aws_s3_bucket", "b", actions=("no-op",), bucket="b")
    moment = datetime(2026, 12, 5, 12, tzinfo=UTC)
    found = time_windows.none_within(time_windows.changes(plan(still)), *WEEKEND, BERLIN, moment)
    assert found.verdict is SATISFIED
    empty = time_windows.none_within(time_windows.changes(plan()), *WEEKEND, BERLIN, moment)
    assert (empty.verdict, empty.examined) == (SATISFIED, ("(change)",))
