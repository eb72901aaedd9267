"""Clock and calendar words the oracle is written in: instants, working days, months, Thursdays.

Everything is Asia/Shanghai, which has had no other offset than +08:00 since 1991.
"""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta, timezone
from functools import cache

import chinese_calendar

SHANGHAI = timezone(timedelta(hours=8))
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def instant(text: str) -> datetime:
    """The instant an ISO text names, in Shanghai time."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """That clock time on that day."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def end_of(day: date) -> datetime:
    """24:00 of the day, which is 00:00 of the next."""
    return at(day + DAY)


def day_that_ends(moment: datetime) -> date:
    """The day an instant belongs to; 24:00 belongs to the day that ends (A59)."""
    return (moment - timedelta(microseconds=1)).date()


@cache
def is_working(day: date) -> bool:
    """A working day by the State Council's calendar; Monday to Friday where it is not published yet."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


@cache
def working_day_before(day: date) -> date:
    """The last working day before this day."""
    day -= DAY
    while not is_working(day):
        day -= DAY
    return day


@cache
def working_day_after(day: date) -> date:
    """The first working day after this day."""
    day += DAY
    while not is_working(day):
        day += DAY
    return day


def plus_days(moment: datetime, days: int, *, working: bool) -> datetime:
    """So many days on, the clock time kept (A3); working days are counted one by one."""
    if not working:
        return moment + days * DAY
    day = moment.date()
    for _ in range(days):
        day = working_day_after(day)
    return datetime.combine(day, moment.timetz())


def month_end(day: date) -> date:
    """The last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def next_month(day: date) -> date:
    """The 1st of the month that follows."""
    return month_end(day) + DAY


def plus_month(moment: datetime) -> datetime:
    """The same day and clock time a month on, clamped to the month's last day (A4)."""
    first = next_month(moment.date())
    day = first.replace(day=min(moment.day, month_end(first).day))
    return datetime.combine(day, moment.timetz())


def thursday_of(day: date) -> date:
    """The Thursday of this day's ISO week."""
    return day + (3 - day.weekday()) * DAY
