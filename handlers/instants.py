"""An instant that has gone by, in people's words: 3月5日 15:30, 昨天下午3点半, 15:30 (A49)."""

from __future__ import annotations

import datetime as dt
import re

from bot.rules import calendar
from handlers import dates, plain

_FIELD = re.compile(r"时间\s*:?\s*")
_DAY = r"(?:(?P<day>(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?|昨天|今天|前天|昨日|今日|\d{1,2}[日号])\s*)?"
_HALVES = {
    **{"凌晨": (0, 6), "早上": (4, 11), "早晨": (4, 11), "上午": (5, 12), "中午": (11, 14), "下午": (12, 19)},
    **{"傍晚": (16, 20), "晚上": (17, 24), "晚": (17, 24)},
}
"""Part of the day → its first and last hour: 中午1点 is 13:00, 凌晨12点 0:00, 晚上12点 24:00."""
_HALF = rf"(?P<half>{'|'.join(_HALVES)})?\s*"
_CLOCK = r"(?P<hour>[01]?\d|2[0-4])(?::|点|时)(?P<minute>[0-5]\d|半)?分?"
_SAID = re.compile(_DAY + _HALF + _CLOCK + r"[\s,;。，；]*")


def past(text: str, today: dt.date) -> tuple[dt.datetime | None, str]:
    """The instant at the head of `text` (after 时间: when it stands there) and what follows; (None, text) if none."""
    own = plain.clean(text)
    folded = plain.fold(own)
    start = found.end() if (found := _FIELD.match(folded)) else 0
    said = _SAID.match(folded, start)
    day = _day(said["day"], today) if said else None
    hour = _hour(int(said["hour"]), said["half"]) if said else None
    if said is None or day is None or hour is None:
        return None, own
    minute = 30 if said["minute"] == "半" else int(said["minute"] or 0)
    return calendar.instant(day, hour, minute), own[said.end() :].strip()


def _hour(said: int, half: str | None) -> int | None:
    """On the 24-hour clock; None when that part of the day has no such hour (晚上3点)."""
    if half is None or said > 12:
        return said
    first, last = _HALVES[half]
    return next((hour for hour in (said % 12, said % 12 + 12, said + 12) if first <= hour <= last), None)


def _day(said: str | None, today: dt.date) -> dt.date | None:
    if said is None:
        return today
    return today - dt.timedelta(days=2) if said == "前天" else dates.date(said, today, past=True)
