"""What the system asks by itself when it is due (A50, A56, A58, A61, A65): each question in a transaction of its own.

The row is the schedule (ADR 1). A kind is one function here; what it is about, and when, is its module's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot import failpoint
from bot.actions import decision, dispatch, reminder
from bot.engine import trouble
from bot.rules import asking
from models import database
from models.matter import Matter
from models.obligation import Obligation
from models.prompt import Prompt

Ask = Callable[[Prompt, Matter, datetime], Awaitable[datetime | None]]
"""Does what is due, for the matter that is locked; the instant of the next time, None for never again."""

KINDS: dict[str, Ask] = {
    **dict.fromkeys(asking.KINDS, decision.ask),
    reminder.KIND: reminder.ask,
    dispatch.KIND: dispatch.serve,
}

_log = structlog.get_logger(__name__)


async def advance(now: datetime, limit: int) -> int:
    """Ask what is due at `now` (business), at most `limit` questions; how many were asked or set aside."""
    return sum([await _alone(each, now) for each in await Prompt.due(now, limit)])


async def _alone(prompt_id: int, now: datetime) -> bool:
    try:
        return await database.retrying(lambda: _one(prompt_id, now))
    except Exception as error:  # a question that can't be asked must not stop the rest (data.md)
        if trouble.passes(error):
            raise
        reason = f"{type(error).__name__}: {error}"[:500]
        _log.exception("prompt_quarantined", prompt=prompt_id, reason=reason)
        await Prompt.filter(id=prompt_id).update(fault=reason, next_at=None)
        return True


async def _one(prompt_id: int, now: datetime) -> bool:
    async with database.transaction():
        matter = await database.lock_matter((await Prompt.get(id=prompt_id)).matter_id)
        row = await Prompt.get(id=prompt_id)
        if row.next_at is None or row.next_at > now or await _has_notices(matter, now):
            return False
        next_at = await KINDS[row.kind](row, matter, now)
        await Prompt.filter(id=row.id).update(next_at=next_at)
        failpoint.hit("planning")
        return True


async def _has_notices(matter: Matter, now: datetime) -> bool:
    """A duty's notice of the same instant goes first: it may move the question. Or another replica was here."""
    return await Obligation.filter(matter_id=matter.id, cycle=matter.cycle, next_notice_at__lte=now).exists()
