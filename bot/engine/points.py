"""Points are booked from facts, each tenth once, linked to its obligation, episode and rule (R53–R58, A12, A59)."""

from __future__ import annotations

from datetime import datetime

from bot.rules import calendar, scoring
from models import database
from models.obligation import Obligation


async def book(matter_id: int, obligation_id: int, rule: str, episode: int, due_at: datetime, at: datetime) -> None:
    """One entry by (obligation, episode, rule), to the unit and year of the due day; a second one changes nothing.

    A leader's 限期 is urged but never scored (A57).
    """
    owed = await Obligation.get(id=obligation_id)
    if owed.origin == "leader":
        return
    await database.rows(
        "INSERT INTO score_event (matter_id, obligation_id, unit_id, year, rule, episode, seq, tenths, at, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, '') ON CONFLICT DO NOTHING RETURNING id",
        [
            matter_id,
            obligation_id,
            owed.unit_id,
            calendar.day_of(due_at).year,
            rule,
            episode,
            scoring.TENTHS[rule],
            at,
        ],
    )
