"""An instant that has gone by, in people's words: 3月5日 15:30, 昨天下午3点半, 15:30 (A49)."""

from __future__ import annotations

import datetime as dt
import re

from bot.rules import calendar
from handlers import dates, plain

_FIELD = re.compile(r"时间\s*:?\s*")
_DAY = r"(?:(?P<day>(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?|昨天|今天|前天|昨日|今日|\d{1,2}[日号])\s*)?"
_HALF = r"(?P<half>上午|下午|晚上|早上|凌晨|中午)?\s*"
_CLOCK = r"(?P<hour>[01]?\d|2[0-4])(?::|点|时)(?P<minute>[0-5]\d|半)?分?"
_SAID = re.compile(_DAY + _HALF + _CLOCK + r"[\s,;。，；]*")


def past(text: str, today: dt.date) -> tuple[dt.datetime | None, str]:
    """The instant at the head of `text` (after 时间: when it stands there) and what follows; (None, text) if none."""
    own = plain.clean(text)
    folded = plain.fold(own)
    start = found.end() if (found := _FIELD.match(folded)) else 0
    said = _SAID.match(folded, start)
    day = _day(said["day"], today) if said else None
    if said is None or day is None:
        return None, own
    hour = int(said["hour"]) + (12 if said["half"] in ("下午", "晚上") and int(said["hour"]) < 12 else 0)
    minute = 30 if said["minute"] == "半" else int(said["minute"] or 0)
    return calendar.instant(day, hour, minute), own[said.end() :].strip()


def _day(said: str | None, today: dt.date) -> dt.date | None:
    if said is None:
        return today
    return today - dt.timedelta(days=2) if said == "前天" else dates.date(said, today, past=True)
