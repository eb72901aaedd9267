"""Working hours of the house: 08:30–12:00 and 14:00–18:00 of a working day (A58, A65)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.rules.calendar import DAY, Calendar, instant, local

FORENOON, AFTERNOON = ((8, 30), (12, 0)), ((14, 0), (18, 0))
PENDING = timedelta(hours=4)
"""An approval that waits longer is reminded of (A65)."""
EVE = timedelta(hours=2)
"""Who initiates with less than this before a day off is asked when to dispatch (A58)."""


def _spans(at: datetime, days: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """What is left of the working time from `at` on, span by span, without end; nothing is left of one gone by."""
    at, day = local(at), local(at).date()
    while True:
        for begin, end in (FORENOON, AFTERNOON) if days.is_workday(day) else ():
            yield max(at, instant(day, *begin)), max(at, instant(day, *end))
        day += DAY


def after(at: datetime, worked: timedelta, days: Calendar) -> datetime:
    """The first instant of working time at which `worked` of it has passed since `at`."""
    spans = _spans(at, days)
    begin, end = next(spans)
    while worked >= end - begin:
        worked -= end - begin
        begin, end = next(spans)
    return begin + worked


def is_eve(at: datetime, days: Calendar) -> bool:
    """Whether at most two working hours are left before a day off, or it is one (A58)."""
    today = local(at).date()
    return not days.is_workday(today) or (not days.is_workday(today + DAY) and at >= _eve(today))


def _eve(day: date) -> datetime:
    return instant(day, *AFTERNOON[1]) - EVE


def next_eve(at: datetime, days: Calendar) -> datetime:
    """The first instant after `at` at which two working hours are left before a day off."""
    day = local(at).date()
    while not (days.is_workday(day) and not days.is_workday(day + DAY) and _eve(day) > at):
        day += DAY
    return _eve(day)


def morning_after(at: datetime, days: Calendar) -> datetime:
    """08:30 of the first working day after the day of `at` (A58)."""
    return instant(days.first_workday_after(local(at).date()), *FORENOON[0])


def next_reminder(since: datetime, now: datetime, days: Calendar) -> datetime:
    """When an approval that waits since `since` is shown again after `now`: after four working hours (A65), and as
    each eve begins, so that whoever approves then has been asked (A58)."""
    fourth = after(since, PENDING, days)
    eve = next_eve(now, days)
    return min(fourth, eve) if fourth > now else eve
