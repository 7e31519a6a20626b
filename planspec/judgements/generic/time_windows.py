"""Is the moment of this run in a window in which nothing may change?

A window is one of each week ("Friday 16:00" to "Monday 08:00"), of each day ("22:00" to "06:00"), or one
in the calendar ("2026-12-20 00:00" to "2027-01-02 08:00"). It is read on the clocks of its zone,
whatever the zone is that the moment was given in; its beginning belongs to it, and its end does not.
"""

import re
from datetime import date, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from planspec.errors import FeatureError
from planspec.finding import Judgement, judge
from planspec.judgements.generic.pseudo_resources import Part
from planspec.judgements.generic.resources import count
from planspec.judgements.generic.selections import Selection
from planspec.plan import Action, Entry, Plan, ResourceChange, Value
from planspec.syntax import did_you_mean

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TITLES: Final = tuple(each.title() for each in _DAYS)
_DAY: Final = 24 * 60
_WEEK: Final = 7 * _DAY
_END: Final = re.compile(
    r"(?:(?P<day>[A-Za-z]+) |(?P<date>\d{4}-\d{2}-\d{2}) )?(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)"
)
_RIGHT: Final = 'write both ends as "Friday 16:00", as "22:00", or as "2026-12-24 12:00"'
_STILL: Final = frozenset({Action.NO_OP, Action.READ})


def changes(plan: Plan) -> Selection:
    """Everything that the plan changes: resources and root outputs; and the actions that it runs."""
    managed = tuple(each for each in plan.changes if each.managed)
    others = [(f"output.{name}", actions <= _STILL) for name, actions in plan.output_actions.items()]
    others += [(each.address, False) for each in plan.action_invocations]
    moved = tuple(each for each in managed if not each.actions <= _STILL)
    still, moving = (
        [_part(plan, name) for name, is_still in others if is_still is asked] for asked in (True, False)
    )
    return Selection(plan, (*moved, *moving), (*managed, *still, *moving), "change")


def _part(plan: Plan, address: str) -> ResourceChange:
    kind, _, name = address.partition(".")
    return Part(plan, Entry(type=kind, name=name, address=address), Value({}))


def none_within(selection: Selection, begin: str, end: str, zone: str, moment: datetime) -> Judgement:
    """Judge whether nothing is selected, or the moment is outside of the window.

    Raises FeatureError for a window or a zone that is not understood.
    """
    clock = moment.astimezone(_zone(zone))
    if not _is_within(clock.replace(tzinfo=None), begin, end):
        return judge((each.address for each in selection.considered), ())
    found = count(selection, maximum=0)
    number = len(selection.resources)
    among = f"one of {number} that the plan has" if number > 1 else "the plan has it"
    now = f"{clock:%A %Y-%m-%d %H:%M} in {zone}"
    expected = f"none from {begin} to {end} in {zone}"
    told = (
        each._replace(observed=f"{among}, and it is {now}", expected=expected) for each in found.findings
    )
    return judge(found.examined, told)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = did_you_mean(name, available_timezones())
        raise FeatureError(
            f'"{name}" is not a time zone{near or "; write one such as Europe/Berlin or UTC"}'
            f"{'' if available_timezones() else ' (this machine has no time zones: install tzdata)'}"
        ) from error


def _is_within(clock: datetime, begin: str, end: str) -> bool:
    first, last = _read(begin), _read(end)
    wrong = first.every != last.every or (first.every is None and first.minute > last.minute)
    if wrong or first.minute == last.minute:
        raise FeatureError(f'"{begin}" to "{end}" is not a time window; {_RIGHT}')
    now = _place(clock, first.every)
    if first.minute < last.minute:
        return first.minute <= now < last.minute
    return now >= first.minute or now < last.minute


class _Point(NamedTuple):
    """One end of a window: its minute, and after how many minutes it comes again; None: never."""

    minute: int
    every: int | None


def _read(text: str) -> _Point:
    found = _END.fullmatch(text)
    day = (found["day"] or "").lower() if found else ""
    if found is None or (day and day not in _DAYS):
        raise FeatureError(
            f'"{text}" is not a point in time{did_you_mean(day.title(), _TITLES)}; {_RIGHT}'
        )
    minute = int(found["hour"]) * 60 + int(found["minute"])
    if day:
        return _Point(_DAYS.index(day) * _DAY + minute, _WEEK)
    if not found["date"]:
        return _Point(minute, _DAY)
    try:
        written = date.fromisoformat(found["date"])
    except ValueError as error:
        raise FeatureError(f'"{text}" is not a valid date; {_RIGHT}') from error
    return _Point(written.toordinal() * _DAY + minute, None)


def _place(clock: datetime, every: int | None) -> int:
    """The minute of a moment, in the week, the day or the calendar."""
    minute = clock.hour * 60 + clock.minute
    if every == _WEEK:
        return clock.weekday() * _DAY + minute
    return minute if every == _DAY else clock.toordinal() * _DAY + minute
