"""Days, working days, months, Thursdays in Asia/Shanghai (A3, A4, A23, A24)."""

from __future__ import annotations

import calendar as gregorian
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept UTC+8 without summer time since 1991; a fixed offset needs no time zone database."""

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: weekday `holidays`, weekend `makeup` days; nothing is known after `covered_until`."""

    holidays: frozenset[date] = frozenset()
    makeup: frozenset[date] = frozenset()
    covered_until: date | None = None

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked; past the coverage weekends alone are free."""
        return day in self.makeup or (day.weekday() < 5 and day not in self.holidays)

    def is_holiday(self, day: date) -> bool:
        """Whether `day` is free as part of a statutory holiday, weekends next to its weekdays included (A25)."""
        if self.is_workday(day):
            return False
        before, after = self.last_workday_before(day), self.first_workday_after(day)
        return any(before + n * DAY in self.holidays for n in range(1, (after - before).days))

    def covers(self, day: date) -> bool:
        """Whether the State Council's arrangement for `day` is known."""
        return self.covered_until is not None and day <= self.covered_until

    def add_workdays(self, at: datetime, count: int) -> datetime:
        """The same clock time `count` working days after `at` (A3)."""
        moment = local(at)
        while count > 0:
            moment += DAY
            count -= self.is_workday(moment.date())
        return moment

    def last_workday_before(self, day: date) -> date:
        """The nearest working day before `day` (A23)."""
        day -= DAY
        while not self.is_workday(day):
            day -= DAY
        return day

    def first_workday_after(self, day: date) -> date:
        """The nearest working day after `day` (A23)."""
        day += DAY
        while not self.is_workday(day):
            day += DAY
        return day


def local(at: datetime) -> datetime:
    """`at` in Asia/Shanghai; ValueError when it is naive."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return at.astimezone(SHANGHAI)


def instant(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The instant `day` hour:minute in Asia/Shanghai; hour 24 is the day's end."""
    start = datetime.combine(day, time(), SHANGHAI)
    return start + timedelta(hours=hour, minutes=minute)


def day_of(at: datetime) -> date:
    """The day an instant belongs to: 24:00 belongs to the day that ends (A59)."""
    return (local(at) - timedelta(microseconds=1)).date()


def end_of_day(at: datetime) -> datetime:
    """24:00 of the day `at` belongs to (A59)."""
    return instant(day_of(at), 24)


def add_month(at: datetime) -> datetime:
    """One calendar month later, same clock time, clamped to the month's last day (A4)."""
    moment = local(at)
    year, month = next_month(moment.year, moment.month)
    return moment.replace(year=year, month=month, day=min(moment.day, days_in(year, month)))


def next_month(year: int, month: int) -> tuple[int, int]:
    """The month after (year, month)."""
    return (year + 1, 1) if month == 12 else (year, month + 1)


def days_in(year: int, month: int) -> int:
    """How many days the month has."""
    return gregorian.monthrange(year, month)[1]


def quarter(day: date) -> tuple[int, int]:
    """The year and the quarter, 1 to 4, of a day (A36, A68)."""
    return day.year, (day.month + 2) // 3


def thursday_of(day: date) -> date:
    """The Thursday of the ISO week of `day`."""
    return day + timedelta(days=3 - day.weekday())
