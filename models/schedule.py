"""What falls due next, of all rows that are the schedule: duties and questions (ADR 1)."""

from __future__ import annotations

from datetime import datetime

from models import database
from models.fields import utc

_FIRST = """
SELECT min(at) AS first FROM (
  SELECT min(next_notice_at) AS at FROM obligation WHERE next_notice_at IS NOT NULL
  UNION ALL SELECT min(next_at) AS at FROM prompt WHERE next_at IS NOT NULL) AS due"""


async def first_due_at() -> datetime | None:
    """The instant (business) at which the next notice or question falls due; None when nothing will."""
    first = (await database.rows(_FIRST))[0]["first"]
    return utc(first) if first else None
