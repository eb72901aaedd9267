"""Points are booked from facts, each tenth once, linked to its obligation, episode and rule (R53–R58, A12, A59)."""

from __future__ import annotations

from collections.abc import Sequence
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


_UNEARNED = """
SELECT e.matter_id, e.obligation_id, e.unit_id, e.year, e.rule, e.episode, e.tenths
FROM score_event e JOIN obligation o ON o.id = e.obligation_id
WHERE e.obligation_id IN ({marks}) AND e.seq = 0
  AND NOT EXISTS (SELECT 1 FROM score_event c WHERE c.obligation_id = e.obligation_id AND c.seq = -e.id) AND (
  e.rule = 'overdue' AND e.episode = o.episode AND o.met_at <= o.due_at
  OR e.rule IN ('urge_episode', 'supervise') AND NOT EXISTS (
    SELECT 1 FROM notice n JOIN delivery d ON d.notice_id = n.id
    WHERE n.obligation_id = e.obligation_id AND n.episode = e.episode AND n.at <= ?
      AND n.kind = CASE e.rule WHEN 'supervise' THEN 'supervise' ELSE 'urge' END
      AND d.lane <> 'update' AND d.state IN ('accepted', 'delivered', 'read')))"""


async def take_back(obligation_ids: Sequence[int], at: datetime) -> None:
    """A counter-entry for each tenth whose every notice was overtaken by the answer of the instant `at` (data.md)."""
    marks = ", ".join("?" * len(obligation_ids))
    for row in await database.rows(_UNEARNED.format(marks=marks), [*obligation_ids, at]):
        await database.rows(
            "INSERT INTO score_event (matter_id, obligation_id, unit_id, year, rule, episode, seq, tenths, at, reason) "
            "VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, 'overtaken') ON CONFLICT DO NOTHING RETURNING id",
            [*(row[name] for name in _KEY), -row["tenths"], at],
        )


_KEY = ("matter_id", "obligation_id", "unit_id", "year", "rule", "episode")
