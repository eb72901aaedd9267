"""Points that follow from a decision of the office: returned, excellent, fail (R54, R57, R58, A17, A59, A68)."""

from __future__ import annotations

from datetime import datetime

from bot.actions import setting
from bot.engine import moot, points
from bot.rules import scoring
from models.matter import Matter
from models.obligation import Obligation
from models.review import Review
from models.score import ScoreEvent, chains

REASON = 200
GRADED = ("excellent", "fail")


async def book(
    review: Review, rule: str, *, episode: int, due_at: datetime | None, at: datetime, reason: str = ""
) -> int:
    """One entry linked to the review's obligation and, by `seq`, to the review (R54, R57, R58); the tenths.

    It is booked to the unit that owes and the year of `due_at`, without one to that of `at` (A59).
    """
    owed = await Obligation.get(id=review.obligation_id).prefetch_related("matter")
    year, quarter = scoring.booked_to(due_at or at)
    tenths = scoring.TENTHS[rule]
    await ScoreEvent.create(
        matter_id=review.matter_id,
        obligation_id=owed.id,
        unit_id=owed.unit_id,
        year=year,
        quarter=quarter,
        rule=rule,
        episode=episode,
        seq=review.id,
        tenths=tenths,
        at=at,
        due_at=due_at,
        reason=(reason or review.reason)[:REASON],
        shared=_shared(owed.matter) if rule in GRADED else "",
    )
    return tenths


def _shared(matter: Matter) -> str:
    """The cooperating units that bear a grade too, when the matter's ruleset grades all (A34)."""
    helpers = [each for each in matter.cooperating if each != matter.unit_id]
    return f",{','.join(map(str, helpers))}," if helpers and setting.book(matter).rules.graded_units == "all" else ""


async def reverse(owed: Obligation, at: datetime) -> int:
    """A counter-entry for the point of a grade that still stands, for the obligation has one grade (A59, A68); nobody
    decides any more on an objection to it (A72). The tenths that come back."""
    mine = await ScoreEvent.filter(obligation_id=owed.id, rule__in=GRADED)
    back = sum([await points.counter(chain.last, at, "replaced") for chain in chains(mine) if chain.stands])
    await moot.close([owed.matter_id], at)
    return back
