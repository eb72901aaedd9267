"""Points that follow from a decision of the office: returned, excellent, fail (R54, R57, R58, A17, A59, A68)."""

from __future__ import annotations

from datetime import datetime

from bot.rules import calendar, scoring
from models.obligation import Obligation
from models.review import Review
from models.score import ScoreEvent

REASON = 200


async def book(
    review: Review, rule: str, *, episode: int, due_at: datetime | None, at: datetime, reason: str = ""
) -> int:
    """One entry linked to the review's obligation and, by `seq`, to the review; the tenths.

    It is booked to the unit that owes and the year of `due_at`, without one to that of `at` (A59).
    """
    owed = await Obligation.get(id=review.obligation_id)
    tenths = scoring.TENTHS[rule]
    await ScoreEvent.create(
        matter_id=review.matter_id,
        obligation_id=owed.id,
        unit_id=owed.unit_id,
        year=calendar.day_of(due_at or at).year,
        rule=rule,
        episode=episode,
        seq=review.id,
        tenths=tenths,
        at=at,
        reason=(reason or review.reason)[:REASON],
    )
    return tenths


async def reverse(earlier: Review, by: Review, at: datetime) -> int:
    """A counter-entry for each point of an earlier decision, dated now; the tenths that come back (A59, A68)."""
    total = 0
    for each in await ScoreEvent.filter(
        obligation_id=earlier.obligation_id, seq=earlier.id, rule__in=("excellent", "fail")
    ):
        await ScoreEvent.create(
            matter_id=each.matter_id,
            obligation_id=each.obligation_id,
            unit_id=each.unit_id,
            year=each.year,
            rule=each.rule,
            episode=each.episode,
            seq=by.id,
            tenths=-each.tenths,
            at=at,
            reason=by.reason[:REASON],
        )
        total -= each.tenths
    return total
