"""Supervise notices that turn out not to count leave the count, a proposal that rested on them falls (A16, A49)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.actions import setting, tally
from bot.engine import withdraw
from bot.rules import accountability
from models import database
from models import life as lives
from models.matter import Matter


async def settle(matter: Matter, had: Collection[int], at: datetime) -> None:
    """What of `had`, as `tally.counted` told before, counts no more leaves the count of the locked matter."""
    if lost := len(frozenset(had) - await tally.counted(matter)):
        await _lowered(matter, lost, at)
        await others(matter, at)


async def others(matter: Matter, at: datetime) -> None:
    """A proposal may rest on the notices of another matter of the unit, where its year counts (A15)."""
    if await tally.of(matter, at):
        for each in sorted(await tally.proposals(matter.unit_id) - {matter.id}):
            await _lowered(await database.lock_matter(each), 0, at)


async def _lowered(matter: Matter, lost: int, at: datetime) -> None:
    before = await lives.load(matter)
    earned = accountability.earned_at(before, at, setting.book(matter).rules)
    after = accountability.recount(before, lost, await tally.of(matter, earned))
    await lives.store(matter, before, after)
    if before.proposal_open and not after.proposal_open:
        await withdraw.proposal(matter.id, at)
