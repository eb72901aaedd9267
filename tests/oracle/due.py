"""The questions of the scan: by the words of the rules, is something due at this very instant?"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from tests.oracle.days import HOUR
from tests.oracle.model import Obligation


def quiet(config: dict[str, Any]) -> tuple[time, time] | None:
    """The quiet hours in force as (from, to), None when notices go round the clock (A10)."""
    hours = config.get("quiet_hours")
    if not hours or config.get("quiet_mode", "defer") != "defer":
        return None
    begin, end = hours.replace("–", "-").split("-")
    return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())


def is_quiet(config: dict[str, Any], moment: datetime) -> bool:
    """Whether this instant lies in the quiet hours; their end does not."""
    hours = quiet(config)
    if hours is None:
        return False
    begin, end = hours
    now = moment.time()
    return begin <= now < end if begin < end else now >= begin or now < end


def quiet_end(config: dict[str, Any], moment: datetime) -> datetime:
    """When the quiet hours that hold this instant end; the instant itself outside them."""
    hours = quiet(config)
    if hours is None or not is_quiet(config, moment):
        return moment
    end = datetime.combine(moment.date(), hours[1], moment.tzinfo)
    return end if end > moment else end + timedelta(days=1)


def remind_due(config: dict[str, Any], one: Obligation, now: datetime) -> bool:
    """A reminder is due now: its instant has come, or it falls into the night about to begin (A10)."""
    if any(planned == now and not is_quiet(config, planned) for planned in one.reminders):
        return True
    hours = quiet(config)
    if hours is None:
        return False
    dusk = now + HOUR / 2
    return dusk.time() == hours[0] and any(dusk <= planned < quiet_end(config, dusk) for planned in one.reminders)


def urge_number(config: dict[str, Any], one: Obligation, now: datetime) -> int | None:
    """The number of the urge due now, None when none is (R22, R23, R27, A9, A21)."""
    if now < one.due or one.ladder == "off":
        return None
    if one.ladder == "month":
        return {(1, 8): 1, (1, 15): 2, (2, 8): 3, (2, 15): 4}.get(_month_clock(one, now))
    if one.ladder == "daily":
        return _daily(one, now)
    return _node(now - one.due, at_deadline=config.get("urge_first") == "at_deadline")


def supervise_due(config: dict[str, Any], one: Obligation, now: datetime) -> bool:
    """The supervise notice is due now: overdue exactly two days (R24), or the 3rd of the month (R28, A25)."""
    if one.ladder == "month":
        hour = 0 if config.get("monthly_supervise") == "third_0000" else 8
        return _month_clock(one, now) == (3, hour)
    return one.ladder == "node" and now - one.due == 48 * HOUR


def _node(overdue: timedelta, *, at_deadline: bool) -> int | None:
    if overdue % HOUR:
        return None
    hours = overdue // HOUR
    zeroth = 1 if at_deadline else 0
    if hours == 0:
        return zeroth or None
    if hours <= 24:
        return zeroth + hours // 3 if hours % 3 == 0 else None
    if hours < 48 and hours % 2 == 0:
        return zeroth + 8 + (hours - 24) // 2
    return None


def _month_clock(one: Obligation, now: datetime) -> tuple[int, int]:
    """(day, hour) of a whole hour in the first days after the month's end, (0, 0) at any other time."""
    if now < one.due or now - one.due > 72 * HOUR or now.minute or now.second:
        return 0, 0
    return now.day, now.hour


def _daily(one: Obligation, now: datetime) -> int | None:
    if now <= one.due or now.time() != time(9):
        return None
    first = datetime.combine(one.due.date(), time(9), one.due.tzinfo)
    if first <= one.due:
        first += timedelta(days=1)
    return (now - first).days + 1
