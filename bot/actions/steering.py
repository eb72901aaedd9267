"""转重大, 转月报 and 转跟进: the office changes a matter's course without an application (A50, A55)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.actions import change, facts, office, rights, tell
from bot.engine import withdraw
from bot.rules import steering
from bot.rules.obligation import Obligation
from bot.rules.status import is_period
from models import database
from models.roster import Seated

REASON = 200


async def convert(matter_id: int, by: Seated, at: datetime) -> dict[str, Any]:
    """A general matter becomes major (A55); the facts of the reply.

    Raises Refused: closed_matter, not_reviewer, already_major, not_general, under_review, extension_pending.
    """
    return await _steer(matter_id, steering.convert, "converted", by, at, "")


async def make_monthly(matter_id: int, by: Seated, at: datetime, reason: str) -> dict[str, Any]:
    """A general or major matter reports by months from here on (A55); the facts of the reply.

    Raises Refused: closed_matter, not_reviewer, already_monthly, weekly_until_done, under_review, extension_pending.
    """
    return await _steer(matter_id, steering.make_monthly, "made_monthly", by, at, reason)


async def follow_up(matter_id: int, by: Seated, at: datetime, reason: str) -> dict[str, Any]:
    """Into continuous follow-up by decision (A50); the facts of the reply.

    Raises Refused: closed_matter, not_reviewer, already_follow_up, not_for_monthly, under_review, extension_pending.
    """
    return await _steer(matter_id, steering.follow_up, "followed_up", by, at, reason)


async def _steer(matter_id: int, verb: Any, verdict: str, by: Seated, at: datetime, reason: str) -> dict[str, Any]:
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        rights.expect_open(matter)
        await office.expect(matter, by, at, None)
        done = await change.apply(
            matter.id,
            lambda current, book: verb(current, at, book),
            name=verdict,
            by=by.id,
            at=at,
            facts={"reason": reason[:REASON]},
        )
        await withdraw.turn_cards(done.ended(), matter.id, {"done": verdict}, at, but=None)
        said = {"verdict": verdict, "reason": reason[:REASON], **_ahead(done.after.obligations, at)}
        await tell.card(done.matter, "steered", await tell.unit(done.matter, at), said, by, at)
        return {**await facts.of(done.matter), **said}


def _ahead(owed: Sequence[Obligation], at: datetime) -> dict[str, Any]:
    """The month of a major matter, the first report of a monthly one, the first Thursday of the follow-up, though it
    has not begun; where the month is met already (A7), what is open besides."""
    first = next((each for each in owed if not each.ended and (each.name == "NM" or is_period(each.name))), None)
    if first is None:
        return facts.following(owed, at)
    return {"next_node": first.name, "next_due_at": first.due_at and first.due_at.isoformat()}
