"""T where it waits: for the delivery of the initiation, or for the unit's acceptance (签收, A1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.actions import change, facts, rights
from bot.rules import life
from bot.rules.status import WAITING
from models import database
from models.delivery import Delivery
from models.matter import Matter
from models.obligation import Obligation
from models.roster import Seated


async def waiting(matters: Sequence[Matter], clock_start: str) -> list[Matter]:
    """Those whose clocks wait so: for `delivery` or for `acceptance`."""
    may = {each.id: each for each in matters if each.ruleset.get("clock_start") == clock_start}
    rows = Obligation.filter(matter_id__in=list(may), origin=WAITING) if may else None
    found = {row.matter_id for row in await rows if row.cycle == may[row.matter_id].cycle} if rows else set()
    return [each for each in matters if each.id in found]


async def accept(matter: Matter, by: Seated, at: datetime) -> bool:
    """The unit accepts the locked matter, in so many words or by whatever it does first; False when none waits."""
    if not await waiting([matter], "acceptance"):
        return False
    await change.apply(
        matter.id, lambda current, book: life.begin(current, at, book), name="accept_task", by=by.id, at=at
    )
    await matter.refresh_from_db()
    return True


async def take_up(matter_id: int, by: Seated, at: datetime) -> dict[str, Any] | None:
    """签收: T = `at`; the facts of the reply, None when the matter's clocks run already.

    Raises Refused: closed_matter, other_unit, not_lead.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        await rights.expect_filing(matter, by)
        return await facts.of(matter) if await accept(matter, by, at) else None


async def delivered(mine: Sequence[Delivery], at: datetime) -> None:
    """An initiation has reached a platform: the clocks that waited for that begin, before any other lock is taken."""
    ids = [each.notice_id for each in mine if each.kind == "initiate" and each.lane != "update" and each.notice_id]
    if not ids:
        return
    matters = await Matter.filter(notices__id__in=ids).distinct()
    for each in await waiting(matters, "delivery"):
        await change.apply(
            each.id, lambda current, book: life.begin(current, at, book), name="delivered", by=None, at=at
        )
