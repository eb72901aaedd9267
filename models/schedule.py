"""What falls due next, of all rows that are the schedule: duties, questions, the days of seats (ADR 1)."""

from __future__ import annotations

from datetime import datetime

from bot.rules import calendar
from models import database, spans
from models.fields import utc

_FIRST = """
SELECT min(at) AS first FROM (
  SELECT min(next_notice_at) AS at FROM obligation WHERE next_notice_at IS NOT NULL
  UNION ALL SELECT min(next_at) AS at FROM prompt WHERE next_at IS NOT NULL) AS due"""


async def first_due_at() -> datetime | None:
    """The instant (business) at which the next notice or question falls due, or a seat begins or is over; None when
    nothing will."""
    first, day = (await database.rows(_FIRST))[0]["first"], await spans.next_day()
    found = [utc(first)] if first else []
    found += [calendar.instant(day)] if day else []
    return min(found, default=None)
