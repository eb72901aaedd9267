"""An instant that has gone by, in people's words: 3月5日 15:30, 昨天下午3点半, 15:30 (A49)."""

from __future__ import annotations

import datetime as dt
import re

from bot.rules import calendar
from handlers import dates, plain

_HALVES = {
    **{"": (0, 24), "凌晨": (0, 7), "上午": (0, 12), "中午": (11, 14), "下午": (12, 23), "傍晚": (16, 20)},
    **dict.fromkeys(("早上", "早晨", "清晨", "早", "晨"), (4, 11)),
    **dict.fromkeys(("晚上", "晚间", "夜里", "晚"), (17, 24)),
}
"""From which to which full hour a part of the day may be meant: 晚上12点 is its end, 凌晨12点 its beginning."""
NIGHT = 6
"""Up to this hour 3点 may as well be the afternoon's."""
_NEAR = {"前天": -2, "昨": -1, "今": 0}
_FIELD = re.compile(r"时间\s*:?\s*")
_DAY = (
    r"(?:(?P<day>(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?|\d{1,2}[日号]|昨天|今天|前天|昨日|今日"
    r"|[昨今](?=[早晨晚]))\s*)?"
)
_HALF = rf"(?P<half>{'|'.join(_HALVES)})\s*"
_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-4])(?P<mark>:|点|时)(?:(?P<minute>[0-5]?\d(?=分)|[0-5]\d)|(?P<part>半|[一1]刻|[三3]刻))?"
    r"[分钟整]?+(?!\d|[一二三四五]?[十刻]|半)"
    # 8点到9点, 8点左右: no one instant
    r"(?!\s*(?:[到至~-]\s*(?:[\d一二三四五六七八九十]|[上下中]午|晚|现在)|左右|前后|许|多))"
)
_PARTS = {"半": 30, "一": 15, "1": 15, "三": 45, "3": 45}
_SAID = re.compile(_DAY + _HALF + _CLOCK + r"[\s,;。，；]*")


def past(text: str, today: dt.date) -> tuple[dt.datetime | None, str]:
    """The instant at the head of `text` (after 时间: when it stands there) and what follows; (None, text) if none, or
    if it may be two: 晚上1点, 3点."""
    own = plain.clean(text)
    folded = plain.fold(own)
    start = found.end() if (found := _FIELD.match(folded)) else 0
    said = _SAID.match(folded, start)
    day = _day(said["day"], today) if said else None
    hour = _hour(said["half"], int(said["hour"]), said["mark"]) if said else None
    if said is None or day is None or hour is None:
        return None, own
    minute = _PARTS[said["part"][0]] if said["part"] else int(said["minute"] or 0)
    return calendar.instant(day, hour, minute), own[said.end() :].strip()


def _day(said: str | None, today: dt.date) -> dt.date | None:
    if said is None:
        return today
    near = _NEAR.get(said)
    return dates.date(said, today, past=True) if near is None else today + dt.timedelta(days=near)


def _hour(half: str, said: int, mark: str) -> int | None:
    """The hour of 0 to 24 that lies in that part of the day; None when none does, or 3点 is of no part of it."""
    if not half and mark != ":" and 1 <= said <= NIGHT:
        return None
    first, last = _HALVES[half]
    return next((hour for hour in (said, said + 12, 0 if said == 12 else said) if first <= hour <= last), None)
